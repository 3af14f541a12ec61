"""PromptStudio on the Python side: what crosses the wire, without a kernel and without a page."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hailuo_nb import camera, compat
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.picture import MAX_FILE
from hailuo_nb.widgets.crop import box, cropped
from hailuo_nb.widgets.draft import Limits
from hailuo_nb.widgets.prompt_studio import Draft, PromptStudio
from hailuo_nb.widgets.templates import TemplateFile, built_in
from hailuo_nb.widgets.uploads import Uploads
from tests.unit import kinds
from tests.unit.pictures import encoded, noise
from tests.unit.widget_wire import Wire


def target(provider: str, model: str | None = None) -> str:
    return f"simulated:{provider}/{model or compat.default_model(provider)}"


def entry(provider: str) -> dict[str, Any]:
    models = [
        {"name": model, "default": model == compat.default_model(provider), "cells": [], "switches": []}
        for model in compat.models(provider)
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


# PromptStudio: the wire ------------------------------------------------------------------------------------


def test_the_studio_starts_with_each_providers_default_and_no_error() -> None:
    studio = make_studio()
    assert studio.targets == [target("ppinfra"), target("modelverse")]
    assert studio.problems == []
    assert studio.plan["clips"] == 2
    assert len(studio.moves) == 15


def test_a_change_in_the_page_brings_problems_and_plan_up_to_date() -> None:
    seen: list[Draft] = []
    studio = make_studio(taken=lambda draft: _seen(seen, draft))
    wire = Wire(studio)
    studio.set_state({"resolution": "1080P", "duration": 10, "takes": 4})
    assert {problem["code"] for problem in studio.problems} == {"pair_not_sold"}
    assert (studio.plan["clips"], studio.plan["existing"]) == (8, 5)
    assert (seen[-1].resolution, seen[-1].duration, seen[-1].takes) == ("1080P", 10, 4)
    sent = [name for state in wire.states() for name in state]
    assert sorted(sent) == ["plan", "problems"], "the page's own traits are not sent back"
    studio.duration = 6
    assert studio.problems == []


def test_the_lock_is_not_held_while_others_are_called() -> None:
    """`taken` may wait for a thread that wants to write to the studio: with the lock held nobody would go on."""
    studio = make_studio()

    def taken(_draft: Draft) -> int:
        writer = threading.Thread(target=studio.say, args=("busy", "…"), daemon=True)
        writer.start()
        writer.join(5)
        assert not writer.is_alive(), "the studio's lock is held"
        return 1

    studio._taken = taken
    studio.set_state({"prompt": "A dog"})
    assert studio.plan["existing"] == 1


def test_a_count_that_fails_counts_nothing() -> None:
    def taken(_draft: Draft) -> int:
        raise RuntimeError("no ledger")

    assert make_studio(taken=taken).plan["existing"] == 0


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
    assert Wire(studio).ask({"id": 3, "kind": "generate", "draft": DRAFT}) == [{"id": 3, "kind": "ok"}]
    assert [(draft.prompt, draft.targets, draft.takes) for draft in got] == [
        ("A cat [Pan left]", (target("modelverse"),), 2)
    ]


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
def test_a_draft_with_an_error_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    got: list[Draft] = []
    [answer] = Wire(make_studio(generate=got.append)).ask(
        {"id": 1, "kind": "generate", "draft": {**DRAFT, **changes}}
    )
    assert answer["kind"] == "error"
    assert words in answer["error"]
    assert got == []


def test_what_goes_wrong_in_generate_is_shown_and_answered() -> None:
    def generate(_draft: Draft) -> None:
        raise RuntimeError("the ledger is locked")

    studio = make_studio(generate=generate)
    [answer] = Wire(studio).ask({"id": 1, "kind": "generate", "draft": DRAFT})
    assert answer == {"id": 1, "kind": "error", "error": "the ledger is locked"}
    assert studio.status["kind"] == "error"
    assert "the ledger is locked" in studio.status["text"]


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "generate"},
        {"kind": "dance"},
        {"kind": "frame", "slot": "middle"},
        {"kind": "frame", "slot": "first"},
    ],
)
def test_every_request_to_the_studio_is_answered(content: dict[str, Any]) -> None:
    [answer] = Wire(make_studio()).ask({"id": 9, **content})
    assert (answer["id"], answer["kind"]) == (9, "error")
    assert answer["error"]


# PromptStudio: frames --------------------------------------------------------------------------------------


def pieces(data: bytes, size: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    count = -(-len(data) // size)
    for seq in range(count):
        head = {
            "id": 4,
            "kind": "frame",
            "slot": "first",
            "name": "cat.png",
            "seq": seq,
            "last": seq == count - 1,
            "size": len(data),
        }
        yield head, data[seq * size : (seq + 1) * size]


def test_a_frame_comes_in_pieces_in_any_order_and_goes_into_the_requests() -> None:
    studio = make_studio()
    wire = Wire(studio)
    data = png(640, 400)
    parts = list(pieces(data, len(data) // 3))
    answers = [wire.ask(head, piece) for head, piece in reversed(parts)]
    assert [len(answer) for answer in answers] == [0] * (len(parts) - 1) + [1]
    assert answers[-1] == [{"id": 4, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"], facts["bytes"]) == (
        "cat.png",
        640,
        400,
        len(data),
    )
    assert facts["thumbnail"].startswith("data:image/jpeg;base64,")
    assert len(facts["thumbnail"]) < 20_000
    frame = studio.draft().requests()[0][1].first_frame
    assert frame is not None
    assert frame.data == data
    assert wire.ask({"id": 5, "kind": "frame_clear", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    assert studio.first_frame == {}
    assert studio.draft().first_frame is None


@pytest.mark.parametrize(
    ("data", "words"), [(png(200, 200), "200"), (b"GIF89a...", "cat.png"), (png(1000, 320), "cat.png")]
)
def test_a_frame_that_may_not_be_sent_is_refused_with_its_measures_and_its_name(
    data: bytes, words: str
) -> None:
    studio = make_studio()
    [(head, piece)] = pieces(data, len(data))
    [answer] = Wire(studio).ask(head, piece)
    assert answer["kind"] == "error"
    assert words in answer["error"]
    assert studio.first_frame["error"] == answer["error"]
    assert ("crop" in studio.first_frame) == (studio.first_frame["code"] == "ratio")
    assert studio.draft().first_frame is None


def test_a_refused_ratio_can_be_cropped_to_the_nearest_one() -> None:
    studio = make_studio()
    wire = Wire(studio)
    [(head, piece)] = pieces(png(1000, 320), 10**6)
    wire.ask(head, piece)
    assert (studio.first_frame["code"], studio.first_frame["values"]["ratio"]) == ("ratio", "1:3.12")
    offered = studio.first_frame["crop"]
    assert (offered["width"], offered["height"]) == (800, 320)
    assert offered["thumbnail"].startswith("data:image/jpeg")
    assert wire.ask({"id": 5, "kind": "frame_crop", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"]) == ("cat.png", 800, 320)
    [again] = wire.ask({"id": 6, "kind": "frame_crop", "slot": "first"})
    assert again["kind"] == "error"


def test_a_picture_that_a_provider_does_not_take_is_made_smaller_by_one_click() -> None:
    studio = make_studio(prompt="A cat")
    wire = Wire(studio)
    heavy = encoded(Image.fromarray(noise(3000, 2400)), compress_level=0)
    answers = [wire.ask(head, piece) for head, piece in pieces(heavy, 4 * 2**20)]
    assert answers[-1] == [{"id": 4, "kind": "ok"}]
    wrong = [(p["code"], p["changes"]) for p in studio.problems if p["severity"] == "error"]
    assert wrong == [("picture_bytes", {"first_frame": "fitted"})] * len(studio.targets)
    assert wire.ask({"id": 5, "kind": "frame_fit", "slot": "first"}) == [{"id": 5, "kind": "ok"}]
    facts = studio.first_frame
    assert (facts["name"], facts["width"], facts["height"]) == ("cat.png", 3000, 2400)
    assert facts["bytes"] < 20 * 2**20
    assert studio.problems == []


def test_what_the_slot_shows_is_what_is_sent() -> None:
    for name in ("png 16-bit grey", "jpeg cmyk", "png rgba", "jpeg exif turn 6"):
        studio = make_studio()
        [(head, piece)] = pieces(kinds.FILES[name], 10**6)
        Wire(studio).ask(head, piece)
        frame = studio.draft().first_frame
        assert frame is not None
        shown = studio.first_frame
        assert (shown["thumbnail"], shown["width"]) == (frame.thumbnail(), frame.width)
        assert frame == Frame.of(kinds.FILES[name])


@pytest.mark.parametrize(
    ("size", "part"),
    [
        ((1000, 320), (100, 0, 900, 320)),
        ((320, 1000), (0, 100, 320, 900)),
        ((800, 320), (0, 0, 800, 320)),
        ((901, 303), (72, 0, 829, 303)),
    ],
)
def test_the_largest_part_in_the_middle_whose_ratio_is_taken(
    size: tuple[int, int], part: tuple[int, int, int, int]
) -> None:
    assert box(*size) == part
    left, top, right, bottom = part
    short, long = sorted((right - left, bottom - top))
    assert long * 2 <= short * 5


def test_a_crop_keeps_the_middle_of_the_picture_and_turns_it_as_its_exif_says() -> None:

    picture = Image.new("RGB", (1000, 320), "black")
    picture.paste("white", (480, 0, 520, 320))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, quality=95)
    frame = cropped(file.getvalue(), "cat.jpg")
    assert (frame.width, frame.height, frame.name) == (320, 800, "cat.jpg")
    assert frame.data is not None
    with Image.open(io.BytesIO(frame.data)) as cut:
        grey = cut.convert("L").tobytes()
    assert grey[400 * 320 + 160] > 200
    assert grey[100 * 320 + 160] < 50


def test_first_and_last_change_places() -> None:
    studio = make_studio()
    studio.set_frame("first", "https://example.org/a.png")
    assert Wire(studio).ask({"id": 1, "kind": "frame_swap"}) == [{"id": 1, "kind": "ok"}]
    assert (studio.first_frame, studio.last_frame["name"]) == ({}, "a.png")
    draft = studio.draft()
    assert draft.first_frame is None
    assert draft.last_frame is not None


# PromptStudio: settings, history, templates, limits ---------------------------------------------------------

SETTINGS: dict[str, Any] = {
    "prompt": "A dog [Shake]", "targets": ["modelverse/MiniMax-Hailuo-2.3", "nowhere/x"], "resolution": "1080P",
    "duration": 6, "options": {"watermark": True}, "first_frame": Frame.of("https://example.org/a.png"),
    "last_frame": None,
}  # fmt: skip


def test_settings_are_put_back_and_a_target_becomes_its_twin() -> None:
    studio = make_studio()
    studio.set_frame("last", "https://example.org/z.png")
    studio.load(SETTINGS)
    assert (studio.prompt, studio.resolution, studio.duration) == ("A dog [Shake]", "1080P", 6)
    assert studio.targets == [target("modelverse", "MiniMax-Hailuo-2.3")]
    assert studio.options == {"prompt_optimizer": None, "fast_pretreatment": None, "watermark": True}
    assert (studio.first_frame["name"], studio.last_frame) == ("a.png", {})
    studio.load({"prompt": "only this"})
    assert (studio.prompt, studio.resolution) == ("only this", "1080P")
    studio.load({"targets": ["nowhere/x"]})
    assert studio.targets == [target("modelverse", "MiniMax-Hailuo-2.3")], "nothing offered: as it was"


def test_settings_with_a_frame_that_is_none_change_nothing() -> None:
    studio = make_studio()
    with pytest.raises(FrameError):
        studio.load({"prompt": "new", "first_frame": "http://example.org/a.png"})
    assert studio.prompt == "A cat"


def test_the_history_is_told_and_an_entry_is_put_back() -> None:
    entries = [{"key": "k1", "prompt": "A dog"}]
    asked: list[str] = []

    def recall(key: str) -> dict[str, Any]:
        asked.append(key)
        return SETTINGS

    studio = make_studio(history=lambda: entries, recall=recall)
    wire = Wire(studio)
    assert wire.ask({"id": 1, "kind": "history"}) == [{"id": 1, "kind": "history", "entries": entries}]
    assert wire.ask({"id": 2, "kind": "recall", "key": "k1"})[-1] == {"id": 2, "kind": "ok"}
    assert (asked, studio.prompt) == (["k1"], "A dog [Shake]")
    [answer] = Wire(make_studio()).ask({"id": 3, "kind": "recall", "key": "k1"})
    assert answer["kind"] == "error"


def test_templates_are_kept_in_a_file_and_replaced_by_name(tmp_path: Path) -> None:
    kept = TemplateFile(tmp_path / "runs" / "templates.json")
    wire = Wire(make_studio(templates=kept))
    [answer] = wire.ask({"id": 1, "kind": "templates"})
    assert len(answer["built_in"]) >= 12
    assert answer["own"] == []
    for prompt in ("first", "second"):
        [answer] = wire.ask({"id": 2, "kind": "template_save", "name": " my  fox ", "prompt": prompt})
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
                [[move.key for move in step.moves] for one in variants for step in camera.parse(one)]
            )
            assert steps[-1], "a template has a camera"
        assert steps[0] == steps[1], template["key"]
    assert len(names) == 2 * len(built_in())


def test_a_limit_stops_what_the_page_sends() -> None:
    got: list[Draft] = []
    studio = make_studio(generate=got.append, limits=lambda: Limits(max_clips=1))
    assert studio.plan["limit"]["over"] == "clips"
    [answer] = Wire(studio).ask({"id": 1, "kind": "generate", "draft": DRAFT})
    assert answer["kind"] == "error"
    assert "max_clips" in answer["error"]
    assert got == []


def test_a_status_is_a_code_with_values_beside_its_sentence() -> None:
    studio = make_studio()
    studio.say("done", "2 clips asked for", code="asked", count=2)
    assert studio.status == {
        "kind": "done", "text": "2 clips asked for", "code": "asked", "values": {"count": 2},
    }  # fmt: skip


def test_a_link_is_a_frame_and_what_is_none_is_refused() -> None:
    studio = make_studio()
    wire = Wire(studio)
    assert (
        wire.ask({"id": 1, "kind": "frame_url", "slot": "last", "url": "https://example.org/a/cat.png"})[0][
            "kind"
        ]
        == "ok"
    )
    assert studio.last_frame["url"] == "https://example.org/a/cat.png"
    assert (
        wire.ask({"id": 2, "kind": "frame_url", "slot": "last", "url": "http://example.org/cat.png"})[0][
            "kind"
        ]
        == "error"
    )
    assert "https" in studio.last_frame["error"]


def test_a_last_frame_where_none_is_taken_can_be_taken_away_by_one_click() -> None:
    studio = PromptStudio([entry("xcompute")], prompt="A cat", generate=lambda _draft: None)
    studio.set_frame("last", "https://example.org/cat.png")
    [problem] = [p for p in studio.problems if p["severity"] == "error"]
    assert (problem["field"], problem["changes"]) == ("last_frame", {"last_frame": None})


def test_uploads_refuse_too_much_and_forget_the_half_ones() -> None:
    uploads = Uploads()
    with pytest.raises(ValueError, match="64 MB"):
        uploads.add({"id": 1, "seq": 0, "last": False, "size": MAX_FILE + 1}, b"x")
    with pytest.raises(ValueError, match="More bytes"):
        uploads.add({"id": 2, "seq": 0, "last": False, "size": 3}, b"four")
    with pytest.raises(ValueError, match="2 of 3"):
        uploads.add({"id": 3, "seq": 0, "last": True, "size": 3}, b"ab")
    for number in range(10, 20):
        assert uploads.add({"id": number, "seq": 0, "last": False, "size": 9}, b"half") is None
    assert len(uploads._pieces) <= 4
    assert uploads.add({"id": 30, "seq": 0, "last": True, "size": 3}, b"abc") == b"abc"
