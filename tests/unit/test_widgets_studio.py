"""PromptStudio on the Python side: what crosses the wire, without a kernel and without a page."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hailuo_nb import catalog
from hailuo_nb.errors import FrameError
from hailuo_nb.prompts import camera
from hailuo_nb.providers import registry
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets import studio
from hailuo_nb.widgets.draft import Draft, option_names
from hailuo_nb.widgets.draft_plan import Limits
from hailuo_nb.widgets.prompt_studio import PromptStudio
from hailuo_nb.widgets.prompt_templates import TemplateFile, built_in
from tests.unit.widget_wire import Wire


def target(provider: str, model: str | None = None) -> str:
    return f"simulated:{provider}/{model or catalog.default_model(provider)}"


def entry(provider: str) -> dict[str, Any]:
    models = [
        {
            "name": model,
            "default": model == catalog.default_model(provider),
        }
        for model in catalog.models(provider)
    ]
    return {
        "name": f"simulated:{provider}",
        "title": provider,
        "simulated": True,
        "key_variables": [],
        "models": models,
    }


CATALOGUE = [entry("ppinfra"), entry("modelverse")]


def make_studio(**given: Any) -> PromptStudio:
    return PromptStudio(CATALOGUE, **{"prompt": "A cat", "generate": lambda _draft: None, **given})


def png(width: int, height: int) -> bytes:

    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def _seen(seen: list[Draft], draft: Draft) -> int:
    seen.append(draft)
    return 5


# PromptStudio: the wire ---------------------------------------------------------------------------


def test_the_studio_starts_with_each_providers_default_and_no_error() -> None:
    studio = make_studio()
    assert studio.targets == [target("ppinfra"), target("modelverse")]
    assert studio.problems == []
    assert studio.plan["clips"] == 2
    assert len(studio.moves) == 15


def test_a_change_in_the_page_brings_problems_and_plan_up_to_date() -> None:
    seen: list[Draft] = []
    studio = make_studio(count_existing=lambda draft: _seen(seen, draft))
    wire = Wire(studio)
    studio.set_state({"resolution": "1080P", "duration": 10, "takes": 4})
    assert {problem["code"] for problem in studio.problems} == {"pair_not_sold"}
    assert (studio.plan["clips"], studio.plan["existing"]) == (8, 5)
    assert (seen[-1].resolution, seen[-1].duration, seen[-1].takes) == ("1080P", 10, 4)
    sent = [name for state in wire.states() for name in state]
    assert sorted(sent) == ["plan", "problems"], "the page's own traits are not sent back"
    studio.duration = 6
    assert studio.problems == []


def test_the_page_is_told_up_to_which_of_its_changes_the_plan_is() -> None:
    made: list[PromptStudio] = []
    during: list[tuple[int, int]] = []

    def count(_draft: Draft) -> int:
        during.extend((studio.edits, studio.checked) for studio in made)
        return 0

    studio = make_studio(count_existing=count)
    made.append(studio)
    studio.set_state({"takes": 3, "edits": 7})
    assert during == [(7, 0)], "the old plan is of the past meanwhile"
    assert (studio.checked, studio.plan["clips"]) == (7, 6)
    studio.takes = 1  # in Python: the page gets the trait and its plan
    assert (studio.checked, studio.plan["clips"]) == (7, 2)


def test_the_lock_is_not_held_while_others_are_called() -> None:
    """`taken` may wait for a thread that wants to write to the studio: with the lock held nobody
    would go on."""
    studio = make_studio()

    def taken(_draft: Draft) -> int:
        writer = threading.Thread(target=studio.set_status, args=("busy", "…"), daemon=True)
        writer.start()
        writer.join(60)
        assert not writer.is_alive(), "the studio's lock is held"
        return 1

    studio._count_existing = taken
    studio.set_state({"prompt": "A dog"})
    assert studio.plan["existing"] == 1


def test_a_count_that_fails_counts_nothing() -> None:
    def taken(_draft: Draft) -> int:
        raise RuntimeError("no ledger")

    assert make_studio(count_existing=taken).plan["existing"] == 0


def test_nonsense_from_the_page_is_said_and_changes_nothing() -> None:
    studio = make_studio()
    studio.set_state({"takes": "many"})
    assert studio.status["kind"] == "error"
    assert studio.takes == 1


DRAFT = {
    "prompt": "A cat [Pan left]",
    "targets": [target("modelverse")],
    "resolution": "768P",
    "duration": 6,
    "options": {},
    "takes": 2,
}


def test_generate_hands_over_the_draft_of_the_message() -> None:
    got: list[Draft] = []
    studio = make_studio(generate=got.append)
    assert Wire(studio).order({"id": 3, "kind": "generate", "draft": DRAFT}) == [
        {"id": 3, "kind": "ok"}
    ]
    assert [(draft.prompt, draft.targets, draft.takes) for draft in got] == [
        ("A cat [Pan left]", (target("modelverse"),), 2)
    ]


def test_the_rest_of_a_plan_is_a_draft_that_is_taken() -> None:
    got: list[Draft] = []
    fast = target("ppinfra", "MiniMax-Hailuo-2.3-Fast")  # needs a first frame
    studio = make_studio(generate=got.append, targets=[fast, target("modelverse")])
    rest = studio.plan["rest"]
    assert (rest["targets"], rest["clips"], rest["left_out"]) == ([target("modelverse")], 1, 1)
    draft = {**DRAFT, "takes": 1, "targets": studio.targets}
    [refused] = Wire(studio).order({"id": 3, "kind": "generate", "draft": draft})
    assert refused["kind"] == "error"
    draft["targets"] = rest["targets"]
    assert Wire(studio).order({"id": 4, "kind": "generate", "draft": draft}) == [
        {"id": 4, "kind": "ok"}
    ]
    assert [one.targets for one in got] == [(target("modelverse"),)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"targets": []}, "provider"),
        ({"resolution": "1080P", "duration": 10}, "1080P"),
        ({"prompt": "x" * 2001}, "2,001"),
        ({"options": {"watermark": "yes"}}, "watermark is 'yes'"),
        ({"takes": "many"}, "many"),
    ],
)
def test_a_draft_with_an_error_is_refused_with_the_reason(
    changes: dict[str, Any], words: str
) -> None:
    got: list[Draft] = []
    [answer] = Wire(make_studio(generate=got.append)).order(
        {"id": 1, "kind": "generate", "draft": {**DRAFT, **changes}}
    )
    assert answer["kind"] == "error"
    assert words in answer["error"]
    assert got == []


def test_what_goes_wrong_in_generate_is_shown_and_answered() -> None:
    def generate(_draft: Draft) -> None:
        raise RuntimeError("the ledger is locked")

    studio = make_studio(generate=generate)
    [answer] = Wire(studio).order({"id": 1, "kind": "generate", "draft": DRAFT})
    assert answer == {"id": 1, "kind": "error", "error": "the ledger is locked"}
    assert studio.status["kind"] == "error"
    assert "the ledger is locked" in studio.status["text"]


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "share"},
        {"kind": "dance"},
        {"kind": "frame", "slot": "middle"},
        {"kind": "frame", "slot": "first"},
    ],
)
def test_every_request_to_the_studio_is_answered(content: dict[str, Any]) -> None:
    [answer] = Wire(make_studio()).ask({"id": 9, **content})
    assert (answer["id"], answer["kind"]) == (9, "error")
    assert answer["error"]


# PromptStudio: frames -----------------------------------------------------------------------------


SETTINGS: dict[str, Any] = {
    "prompt": "A dog [Shake]",
    "targets": ["modelverse/MiniMax-Hailuo-2.3", "nowhere/x"],
    "resolution": "1080P",
    "duration": 6,
    "options": {"watermark": True},
    "first_frame": Frame.of("https://example.org/a.png"),
    "last_frame": None,
}


def test_settings_are_put_back_and_a_target_becomes_its_twin() -> None:
    studio = make_studio()
    studio.set_frame("last", "https://example.org/z.png")
    studio.load(SETTINGS)
    assert (studio.prompt, studio.resolution, studio.duration) == ("A dog [Shake]", "1080P", 6)
    assert studio.targets == [target("modelverse", "MiniMax-Hailuo-2.3")]
    assert studio.options == dict.fromkeys(option_names()) | {"watermark": True}
    assert (studio.first_frame["name"], studio.last_frame) == ("a.png", {})
    studio.load({"prompt": "only this"})
    assert (studio.prompt, studio.resolution) == ("only this", "1080P")
    studio.load({"targets": ["nowhere/x"]})
    assert studio.targets == [target("modelverse", "MiniMax-Hailuo-2.3")], (
        "nothing offered: as it was"
    )


def test_settings_with_a_frame_that_is_none_change_nothing() -> None:
    studio = make_studio()
    with pytest.raises(FrameError):
        studio.load({"prompt": "new", "first_frame": "http://example.org/a.png"})
    assert studio.prompt == "A cat"


def test_the_history_is_answered_and_an_entry_is_put_back() -> None:
    entries = [{"key": "k1", "prompt": "A dog"}]
    asked: list[tuple[str, object]] = []

    class Known:
        def entries(self, baseline: int = 0) -> list[Any]:
            asked.append(("entries", baseline))
            return entries

        def recalled(self, key: str) -> Any:
            asked.append(("recalled", key))
            return SETTINGS

        def poster(self, key: str) -> str:
            return f"data:{key}"

        def show(self, key: str) -> int:
            return len(key)

        def note(self, prompt: str, baseline: int = 0) -> Any:
            return {"number": len(prompt), "parent": None, "baseline": None}

    studio = make_studio(history=Known())
    assert studio.version == {"prompt": "A cat", "number": 5, "parent": None, "baseline": None}
    studio.baseline = 3
    wire = Wire(studio)
    assert wire.ask({"id": 1, "kind": "history"})[0] == {
        "id": 1,
        "kind": "history",
        "entries": entries,
    }
    assert wire.ask({"id": 2, "kind": "recall", "key": "k1"})[-1] == {"id": 2, "kind": "ok"}
    assert (asked, studio.prompt) == ([("entries", 3), ("recalled", "k1")], "A dog [Shake]")
    assert wire.ask({"id": 3, "kind": "history_poster", "key": "k1"})[-1]["poster"] == "data:k1"
    assert wire.ask({"id": 4, "kind": "show_clips", "key": "k1"})[-1]["added"] == 2


def test_a_studio_without_history_says_so() -> None:
    studio = make_studio()
    wire = Wire(studio)
    assert studio.version == {}
    assert wire.ask({"id": 1, "kind": "history"})[0]["entries"] == []
    for kind in ("recall", "history_poster", "show_clips"):
        [answer] = wire.ask({"id": 3, "kind": kind, "key": "k1"})
        assert answer["error"] == "there is no history here"


def test_templates_are_kept_in_a_file_and_replaced_by_name(tmp_path: Path) -> None:
    kept = TemplateFile(tmp_path / "runs" / "templates.json")
    wire = Wire(make_studio(templates=kept))
    [answer] = wire.ask({"id": 1, "kind": "templates"})
    assert len(answer["built_in"]) >= 12
    assert answer["own"] == []
    for prompt in ("first", "second"):
        [answer] = wire.ask(
            {"id": 2, "kind": "template_save", "name": " my  fox ", "prompt": prompt}
        )
    assert answer["own"] == [{"name": "my fox", "prompt": "second"}]
    assert TemplateFile(tmp_path / "runs" / "templates.json").all() == answer["own"]
    [answer] = wire.ask({"id": 3, "kind": "template_save", "name": " ", "prompt": "x"})
    assert answer["kind"] == "error"
    [answer] = wire.ask({"id": 4, "kind": "template_delete", "name": "my fox"})
    assert answer["own"] == []


def test_a_templates_file_that_cannot_be_read_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "templates.json"
    path.write_text("{not json", encoding="utf-8")
    kept = TemplateFile(path)
    with pytest.raises(ValueError, match=r"templates\.json"):
        kept.save("a", "b")
    assert path.read_text(encoding="utf-8") == "{not json"


def test_the_built_in_templates_are_good_prompts_in_both_languages() -> None:
    names: set[str] = set()
    for template in built_in():
        steps = []
        for language in ("en", "zh"):
            prompt = template["prompt"][language]
            names.add(template["name"][language])
            variants = Draft(prompt).prompts()
            assert [finding for one in variants for finding in camera.lint(one)] == [], prompt
            steps.append(
                [
                    [move.key for move in step.moves]
                    for one in variants
                    for step in camera.parse(one)
                ]
            )
            assert steps[-1], "a template has a camera"
        assert steps[0] == steps[1], template["key"]
    assert len(names) == 2 * len(built_in())


def test_a_limit_stops_what_the_page_sends() -> None:
    got: list[Draft] = []
    studio = make_studio(generate=got.append, limits=lambda: Limits(max_clips=1))
    assert studio.plan["limit"]["over"] == "clips"
    [answer] = Wire(studio).order({"id": 1, "kind": "generate", "draft": DRAFT})
    assert answer["kind"] == "error"
    assert "max_clips" in answer["error"]
    assert got == []


def test_a_status_is_a_code_with_values_beside_its_sentence() -> None:
    studio = make_studio()
    studio.set_status("done", "2 clips asked for", code="queued", count=2)
    assert studio.status == {
        "kind": "done",
        "text": "2 clips asked for",
        "code": "queued",
        "values": {"count": 2},
    }


def test_what_is_ticked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key the four stand-ins of the quickstart; with one, whose key it is."""
    found = studio._accounts([])
    assert [one.name for one in studio._ticked(found.values())] == [
        f"simulated:{name}" for name in studio.WITHOUT_A_KEY
    ]
    monkeypatch.setenv("XCOMPUTE_API_KEY", "sk-marked-key-1234567890")
    found = studio._accounts([])
    assert [one.name for one in studio._ticked(found.values())] == ["xcompute"]
    assert len(found) == len(registry.names())
