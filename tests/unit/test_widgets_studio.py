"""PromptStudio on the Python side: what crosses the wire, without a kernel and without a page."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hailuo_nb import compat
from hailuo_nb.widgets.prompt_studio import Draft, PromptStudio
from hailuo_nb.widgets.uploads import MOST_BYTES, Uploads
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
        "key_hint": "",
        "models": models,
    }


CATALOGUE = [entry("ppinfra"), entry("modelverse")]


def make_studio(**given: Any) -> PromptStudio:
    return PromptStudio(CATALOGUE, **{"prompt": "A cat", "generate": lambda _draft: None, **given})


def png(width: int, height: int) -> bytes:
    from PIL import Image

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
        ({"options": {"watermark": "yes"}}, "option"),
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
    assert studio.first_frame == {"error": answer["error"]}
    assert studio.draft().first_frame is None


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
    with pytest.raises(ValueError, match="20 MB"):
        uploads.add({"id": 1, "seq": 0, "last": False, "size": MOST_BYTES + 1}, b"x")
    with pytest.raises(ValueError, match="More bytes"):
        uploads.add({"id": 2, "seq": 0, "last": False, "size": 3}, b"four")
    with pytest.raises(ValueError, match="2 of 3"):
        uploads.add({"id": 3, "seq": 0, "last": True, "size": 3}, b"ab")
    for number in range(10, 20):
        assert uploads.add({"id": number, "seq": 0, "last": False, "size": 9}, b"half") is None
    assert len(uploads._pieces) <= 4
    assert uploads.add({"id": 30, "seq": 0, "last": True, "size": 3}, b"abc") == b"abc"
