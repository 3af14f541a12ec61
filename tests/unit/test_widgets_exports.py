"""The request `export` of a board: a file in chunks, made in a thread, or why there is none."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.pages.rows import DEFAULT_ROW
from hailuo_nb.pages.tiles import Tile
from hailuo_nb.pages.words import translator
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.widgets import exports
from tests.browser.saved_comparison import saved_comparison
from tests.unit.widget_wire import Wire

KINDS = {"page": b"<!doctype html>", "png": b"\x89PNG", "csv": b"\xef\xbb\xbfid,provider"}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return saved_comparison(tmp_path_factory.mktemp("clips"), 3)


def ask(comparison: Comparison, **fields: Any) -> tuple[list[dict[str, Any]], bytes]:
    """All answers to one request, and the file."""
    board: Any = comparison.widget
    page = Wire(board)
    clips = [{"id": job.id, "name": f"Clip {job.id}"} for job in comparison.jobs]
    page.ask({"id": 7, "kind": "export", "clips": clips, **fields})
    for thread in threading.enumerate():
        if thread.name == "hailuo-export":
            thread.join(60)
    answers = [message["content"] for message, _ in page.sent]
    return answers, b"".join(bytes(one) for _, buffers in page.sent for one in buffers)


def test_a_picture_says_of_a_clip_what_its_name_does_not() -> None:
    row: Any = DEFAULT_ROW | {"model": "H3", "resolution": "768P", "duration": 6, "take": 2}
    said = Tile(row | {"simulated": True}, "Kling · take 2", Path()).facts(translator("en"))
    assert said == ["Simulated", "H3", "768P", "6 s"]


@pytest.mark.parametrize("what", [*KINDS, "video"])
def test_each_kind_of_file_comes_in_chunks(
    comparison: Comparison, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.widgets.wire.CHUNK_SIZE", 10_000)
    answers, data = ask(comparison, what=what)
    assert [(one["id"], one["kind"]) for one in answers] == [(7, "chunk")] * len(answers)
    assert answers[-1]["last"] and answers[-1]["size"] == len(data)
    assert [one["seq"] for one in answers] == list(range(len(answers)))
    assert data.startswith(KINDS.get(what, b"")) and (what != "video" or data[4:8] == b"ftyp")


def test_the_table_has_the_clips_that_are_shown_in_their_order(comparison: Comparison) -> None:
    shown = [{"id": "job-2", "name": ""}, {"id": "job-0", "name": ""}, {"id": "gone", "name": ""}]
    _, data = ask(comparison, what="csv", clips=shown)
    lines = data.decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["job-2", "job-0"]


def test_what_cannot_be_made_is_said(comparison: Comparison) -> None:
    for fields, said in (
        ({"what": "zip"}, "the board makes no file 'zip'"),
        ({"what": "png", "clips": 3}, "the request has no list of clips"),
        ({"what": "png", "clips": []}, "No clip here has arrived yet"),
        ({"what": "video", "clips": [], "language": "zh"}, "还没有视频完成"),
    ):
        answers, data = ask(comparison, **fields)
        assert [one["kind"] for one in answers] == ["error"] and data == b""
        assert said in answers[0]["error"]


def test_a_fault_is_answered_and_leaves_no_file(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(Comparison, "to_png", fail)
    answers, _ = ask(comparison, what="png")
    assert answers[0]["error"] == "The file could not be made: no room"
    assert list(tmp_path.iterdir()) == []


def test_the_request_returns_before_the_file_is_made(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    made = threading.Event()

    def make(*_: object, **__: object) -> None:
        go.wait(30)
        made.set()

    monkeypatch.setattr(Comparison, "to_png", make)
    page = Wire(comparison.widget)
    page.ask({"id": 1, "kind": "export", "what": "png", "clips": []})
    assert not made.is_set() and page.sent == []
    assert exports._one_at_a_time.locked()
    go.set()
    for thread in threading.enumerate():
        if thread.name == "hailuo-export":
            thread.join(60)
    assert not exports._one_at_a_time.locked()
