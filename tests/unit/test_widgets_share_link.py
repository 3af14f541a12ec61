"""A studio's settings as a link and as Python: there and back, and whatever a stranger may put into
one."""

from __future__ import annotations

import base64
import json
import types
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import LinkError
from hailuo_nb.widgets.draft import Draft, option_names
from hailuo_nb.widgets.python_code import compare_call
from hailuo_nb.widgets.share_link import PREFIX, from_link, to_link
from tests.unit.pictures import PLAIN

TARGETS = ("simulated:ppinfra/MiniMax-Hailuo-02", "xcompute/MiniMax-Hailuo-2.3")
LINK = "https://pictures.example/a.png"
DRAFT = Draft(
    prompt="A cat at {dawn|dusk} [推进]",
    targets=TARGETS,
    resolution="1080P",
    duration=10,
    takes=3,
    options={"prompt_optimizer": False, "watermark": None},
    first_frame=hn.Frame.of(LINK),
)


def packed(content: Any) -> str:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return PREFIX + base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


WHOLE = {
    "prompt": "A",
    "targets": [TARGETS[0]],
    "resolution": "768P",
    "duration": 6,
    "options": {},
    "takes": 1,
}


def test_there_and_back() -> None:
    assert from_link(to_link(DRAFT)) == {
        "prompt": DRAFT.prompt,
        "targets": list(TARGETS),
        "resolution": "1080P",
        "duration": 10,
        "takes": 3,
        "options": dict.fromkeys(option_names()) | {"prompt_optimizer": False},
        "first_frame": hn.Frame.of(LINK),
        "last_frame": None,
        "references": [],
    }


def test_ratio_sound_and_references_go_along_but_no_bytes() -> None:
    links = [hn.Reference.of(LINK), hn.Reference.of("https://x.example/7", "sound")]
    draft = replace(
        DRAFT,
        references=(*links, hn.Reference.of(PLAIN["image/png"])),
        options={"ratio": "16:9", "sound": True},
    )
    found = from_link(to_link(draft))
    assert found["references"] == links
    assert (found["options"]["ratio"], found["options"]["sound"]) == ("16:9", True)
    code = compare_call(draft)
    assert 'references=["https://pictures.example/a.png", "https://x.example/7", "bytes"]' in code
    assert 'ratio="16:9"' in code


@pytest.mark.parametrize(
    "references",
    [
        "https://x.example/a.png", [["picture", "/etc/passwd"]], [["film", LINK]], [[LINK]], [7],
        [["picture", "http://x.example/a.png"]], [["picture", LINK]] * 51,
    ],
)  # fmt: skip
def test_references_of_a_stranger(references: Any) -> None:
    with pytest.raises(LinkError):
        from_link(packed({**WHOLE, "references": references}))


def test_a_link_is_short_and_goes_through_anything() -> None:
    link = to_link(DRAFT)
    assert len(link) < 320
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    broken_by_mail = "\n ".join([link[:50], link[50:120], link[120:]])
    assert from_link(f"  {broken_by_mail}\n") == from_link(link)


@given(some.text(max_size=2000))
def test_any_prompt_survives(prompt: str) -> None:
    assert from_link(to_link(Draft(prompt=prompt, targets=TARGETS)))["prompt"] == prompt


def test_the_bytes_of_a_frame_stay_here() -> None:
    draft = Draft(prompt="A", targets=TARGETS, first_frame=hn.Frame.of(PLAIN["image/png"]))
    assert from_link(to_link(draft))["first_frame"] is None
    assert len(to_link(draft)) < 200


def test_a_prompt_that_could_not_be_read_again_is_refused() -> None:
    with pytest.raises(LinkError, match="shorten"):
        to_link(Draft(prompt="猫" * 20_000, targets=TARGETS))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "begins with 'hailuo1.'"),
        ("A cat", "begins with"),
        ("hailuo2.abc", "another version"),
        (PREFIX, "damaged"),
        (PREFIX + "!!!", "damaged"),
        (to_link(DRAFT)[:-9], "damaged"),
        (packed([1]), "damaged"),
        (packed(b"[" * 50_000), "damaged"),
        (packed(b"9" * 5_000), "damaged"),
        (packed(b'"' + b" " * 300_000), "damaged"),
        (PREFIX + "A" * 20_001, "20,001 characters"),
        (packed({}), "prompt is None, which is no text"),
        (packed({**WHOLE, "api_key": "x"}), "api_key, which no studio has"),
        (packed({**WHOLE, "prompt": 3}), "no text"),
        (packed({**WHOLE, "targets": "ppinfra"}), "no list"),
        (packed({**WHOLE, "targets": ["nobody/x"]}), "nobody"),
        (packed({**WHOLE, "targets": ["ppinfra/Hailuo-9"]}), "Hailuo-9"),
        (packed({**WHOLE, "resolution": "4K"}), "4K"),
        (packed({**WHOLE, "duration": True}), "duration is True"),
        (packed({**WHOLE, "takes": 1e9}), "takes is 1000000000.0"),
        (packed({**WHOLE, "takes": 21}), "from 1 to 20"),
        (packed({**WHOLE, "options": {"prompt_optimizer": "yes"}}), "neither true nor false"),
        (packed({**WHOLE, "options": {"no_such_option": True}}), "options that no studio has"),
        (packed({**WHOLE, "options": {"regenerate": "task"}}), "options that no studio has"),
        (packed({**WHOLE, "first_frame": "/etc/hostname"}), "no https link"),
        (
            packed({**WHOLE, "last_frame": "https://name:secret@x.example/a"}),
            "user name or password",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_junk_is_one_clear_error(text: str, match: str) -> None:
    with pytest.raises(LinkError, match=match):
        from_link(text)


@given(some.text())
def test_no_text_breaks_it(text: str) -> None:
    for candidate in (text, PREFIX + text):
        with pytest.raises(LinkError):
            from_link(candidate)


# As Python ----------------------------------------------------------------------------------------


def called(source: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, dict[str, Any]]:
    """What the text calls hn.compare with."""
    calls: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(hn, "compare", lambda prompt, **given: calls.append((prompt, given)))
    exec(compile(source, "pasted", "exec"), types.SimpleNamespace().__dict__)
    (call,) = calls
    return call


def test_the_call_asks_for_the_same_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(compare_call(DRAFT), monkeypatch) == (
        ["A cat at dawn [推进]", "A cat at dusk [推进]"],
        {
            "provider": list(TARGETS),
            "resolution": "1080P",
            "duration": 10,
            "first_frame": LINK,
            "prompt_optimizer": False,
            "takes": 3,
        },
    )
    assert called(compare_call(Draft(prompt="A cat", targets=TARGETS)), monkeypatch) == (
        "A cat",
        {"provider": list(TARGETS)},
    )


@pytest.mark.parametrize(
    "prompt",
    ['"; import os #', "a\nb\t\\n", "\u202eevil\x1b[31m\u2028", "\ud800", "'''", "猫😀\x00"],
)
def test_hostile_text_stays_text(prompt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = compare_call(Draft(prompt=prompt, targets=TARGETS))
    assert called(source, monkeypatch)[0] == prompt
    assert "\u202e" not in source
    assert "\x1b" not in source


# In the studio ------------------------------------------------------------------------------------


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    session._runners.clear()


def test_a_studio_is_rebuilt_from_its_link(home: Path) -> None:
    studio = hn.Studio("A cat [Push in]", provider=["simulated:ppinfra", "simulated:xcompute/2.3"])
    studio.editor.resolution = "1080P"
    studio.editor.takes = 2
    studio.editor.options = {**studio.editor.options, "prompt_optimizer": True}
    studio.editor.set_frame("first", LINK)
    again = hn.Studio.from_link(studio.to_link(), max_cost=0)
    assert again.editor.draft() == studio.editor.draft()
    assert again.as_python() == studio.as_python()
    assert again.editor.targets == [
        "simulated:ppinfra/MiniMax-Hailuo-02",
        "simulated:xcompute/MiniMax-Hailuo-2.3",
    ]


def test_without_a_key_a_real_provider_becomes_its_stand_in_and_never_the_other_way(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, simulated = (
        to_link(Draft(prompt="A", targets=(f"{kind}modelverse/MiniMax-Hailuo-02",)))
        for kind in ("", "simulated:")
    )
    monkeypatch.delenv("MODELVERSE_API_KEY", raising=False)
    assert hn.Studio.from_link(real).editor.targets == ["simulated:modelverse/MiniMax-Hailuo-02"]
    monkeypatch.setenv("MODELVERSE_API_KEY", "sk-marked-key-1234567890")
    studio = hn.Studio.from_link(real)
    assert studio.editor.targets == ["modelverse/MiniMax-Hailuo-02"]
    assert hn.Studio.from_link(simulated).editor.targets == [
        "simulated:modelverse/MiniMax-Hailuo-02"
    ]
    plain = zlib.decompress(base64.urlsafe_b64decode(studio.to_link().removeprefix(PREFIX) + "=="))
    assert b"marked" not in plain
