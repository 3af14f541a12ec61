"""CompareBoard on the Python side: what crosses the wire, without a kernel and without a page."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.pages.rows import DEFAULT_ROW
from hailuo_nb.widgets.compare_board import MAX_WHOLE_ROWS, CompareBoard
from hailuo_nb.widgets.wire import CHUNK_SIZE
from tests.unit.widget_wire import Wire

LIMIT = 10 * 1024 * 1024  # of one websocket message, jupyter_server's default


def test_rows_are_completed_and_equal_rows_are_not_sent() -> None:
    board = CompareBoard([{"id": "a", "state": "submitted"}])
    wire = Wire(board)
    assert board.rows[0] == DEFAULT_ROW | {"at": 0, "id": "a", "state": "submitted"}
    assert board.set_rows([{"id": "a", "state": "submitted"}]) is False
    assert wire.sent == []
    assert board.set_rows([{"id": "a", "state": "saved"}]) is True
    assert [list(state) for state in wire.states()] == [["rows"]]


def many(count: int = MAX_WHOLE_ROWS + 1, **changed: Any) -> list[dict[str, Any]]:
    """Rows of which the last has something else than a submitted clip."""
    rows: list[dict[str, Any]] = [{"id": f"job-{n}", "state": "submitted"} for n in range(count)]
    return [*rows[:-1], {**rows[-1], **changed}]


def changes(wire: Wire) -> list[list[str]]:
    """Ids of the rows that went out alone, message by message."""
    contents = [message["content"] for message, _ in wire.sent if message["method"] == "custom"]
    return [[row["id"] for row in one["rows"]] for one in contents if one.get("kind") == "changed"]


@pytest.mark.parametrize("count", [2, MAX_WHOLE_ROWS + 1])
def test_whoever_observes_the_rows_hears_of_every_change(count: int) -> None:
    board = CompareBoard(many(count))
    heard: list[tuple[float, float]] = []
    board.observe(
        lambda change: heard.append((change["old"][0]["progress"], change["new"][0]["progress"])),
        "rows",
    )
    board.update_rows([{**many(1)[0], "progress": 0.5}])
    board.update_rows([{**many(1)[0], "progress": 0.5}])
    assert heard == [(None, 0.5)]


def test_of_many_rows_only_those_that_changed_are_sent() -> None:
    board = CompareBoard(many())
    wire = Wire(board)
    assert board.set_rows(many(progress=0.5)) is True
    assert (
        board.update_rows(
            [{"id": "job-0", "state": "saved"}, {"id": "job-1", "state": "submitted"}]
        )
        is True
    )
    assert board.update_rows([{"id": "job-1", "state": "submitted"}]) is False
    assert (wire.states(), changes(wire)) == ([], [[f"job-{MAX_WHOLE_ROWS}"], ["job-0"]])
    assert max(len(json.dumps(message)) for message, _ in wire.sent) < 1500
    kept = board.get_state()["rows"]  # what a page gets that opens now
    assert (kept[0]["state"], kept[1]["state"], kept[-1]["progress"]) == ("saved", "submitted", 0.5)
    assert kept[-1]["at"] < kept[0]["at"], "which of two is newer can be told"
    assert board.set_rows([*many(progress=0.5), {"id": "new"}]) is True
    assert [len(state["rows"]) for state in wire.states()] == [MAX_WHOLE_ROWS + 2]


def test_all_rows_follow_when_the_page_or_the_feed_asks_and_some_went_alone() -> None:
    board = CompareBoard(many())
    wire = Wire(board)
    assert wire.ask({"id": 1, "kind": "rows"}) == [{"id": 1, "kind": "ok"}]
    assert wire.states() == []
    board.set_rows(many(progress=0.5))
    wire.ask({"id": 2, "kind": "rows"})
    board.send_rows()
    assert [state["rows"] for state in wire.states()] == [board.rows]


def test_few_rows_cross_the_wire_whole() -> None:
    board = CompareBoard(many(MAX_WHOLE_ROWS))
    wire = Wire(board)
    board.set_rows(many(MAX_WHOLE_ROWS, progress=0.5))
    assert (len(wire.states()), changes(wire)) == (1, [])
    with pytest.raises(ValueError, match="ghost"):
        board.update_rows([{"id": "ghost"}])


POSTER = "data:image/jpeg;base64,AAAA"


def test_posters_are_no_state_and_come_on_request(tmp_path: Path) -> None:
    file = tmp_path / "b.jpg"
    file.write_bytes(b"\xff\xd8poster")
    rows = [{"id": "a", "poster": POSTER}, {"id": "b", "poster": "posters/b.jpg"}, {"id": "c"}]
    board = CompareBoard(rows, read_poster=lambda job: file if job == "b" else None)
    wire = Wire(board)
    assert [row["poster"] for row in board.rows] == ["held", "posters/b.jpg", ""]
    assert "AAAA" not in json.dumps(board.get_state(), default=str)
    assert board.set_rows([{**rows[0], "progress": 0.5}, *rows[1:]]) is True
    assert "AAAA" not in json.dumps(wire.states())
    answers = {
        job: wire.ask({"id": 1, "kind": "poster", "job": job})[0]["poster"] for job in "abcz"
    }
    assert answers == {"a": POSTER, "b": "data:image/jpeg;base64,/9hwb3N0ZXI=", "c": "", "z": ""}


def test_an_action_is_run_and_answered() -> None:
    done: list[Any] = []

    def act(name: str, content: Any) -> dict[str, Any]:
        done.append((name, dict(content)))
        return {"job": "b", "kind": "never mind"}

    board = CompareBoard([{"id": "a"}], run_action=act, actions=["retake", "annotate"])
    wire = Wire(board)
    assert board.actions == ["retake", "annotate"]
    assert wire.ask({"id": 4, "kind": "action", "action": "retake", "job": "a"}) == [
        {"id": 4, "kind": "ok", "job": "b"}
    ]
    assert done == [("retake", {"job": "a"})]
    [answer] = wire.ask({"id": 5, "kind": "action", "action": "explode", "job": "a"})
    assert (answer["kind"], "explode" in answer["error"], len(done)) == ("error", True, 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("Only an unknown clip is sent again."), "Only an unknown clip is sent again."),
        (RuntimeError("disk on fire"), "That could not be done: disk on fire"),
    ],
)
def test_an_action_that_fails_is_answered_in_words(error: Exception, words: str) -> None:
    def act(_name: str, _content: Any) -> dict[str, Any]:
        raise error

    wire = Wire(CompareBoard([{"id": "a"}], run_action=act, actions=["retake"]))
    assert wire.ask({"id": 4, "kind": "action", "action": "retake"}) == [
        {"id": 4, "kind": "error", "error": words}
    ]


def test_a_board_without_a_callback_has_no_actions() -> None:
    board = CompareBoard([{"id": "a"}], actions=["retake"])
    assert board.actions == []
    assert Wire(board).ask({"id": 4, "kind": "action", "action": "retake"})[0]["kind"] == "error"


def test_the_page_chooses_the_language_and_nothing_else_changes() -> None:
    board = CompareBoard([{"id": "a"}])
    rows = board.rows
    board.set_state({"language": "zh", "rows": [], "title": "Mine"})
    assert (board.language, board.rows, board.title) == ("zh", rows, "")


def test_the_state_of_twenty_clips_stays_under_215_kb() -> None:
    row = {
        "prompt": "A red fox trots across a snowy meadow at dawn, " * 8,
        "poster": "data:image/jpeg;base64," + "A" * 27_000,
        "provider": "simulated:modelverse",
        "video": "hailuo_runs/videos/modelverse-0123456789.mp4",
        "state": "saved",
        "notes": ["The provider has no watermark switch."] * 2,
        "note": "word " * 20,
    }
    board = CompareBoard(
        [{**row, "id": f"job-{number}"} for number in range(20)],
        run_action=lambda _n, _c: {},
        actions=["annotate"],
    )
    size = len(json.dumps(board.get_state(), ensure_ascii=False, default=str).encode())
    assert 40_000 < size < 215_000  # the script, 120 kB, and its messages, 23 kB, are most of it


@pytest.mark.parametrize(
    "rows", [[{"state": "saved"}], [{"id": "a"}, {"id": "a"}], [{"id": "a", "colour": "red"}]]
)
def test_rows_without_an_id_of_their_own_or_have_unknown_fields_are_refused(
    rows: list[dict[str, Any]],
) -> None:
    board = CompareBoard([{"id": "kept"}])
    with pytest.raises(ValueError, match="row"):
        board.set_rows(rows)
    assert [row["id"] for row in board.rows] == ["kept"]


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 7])
def test_a_clip_comes_in_pieces_that_fit_a_message(tmp_path: Path, size: int) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_bytes(bytes(index % 251 for index in range(size)))
    board = CompareBoard([{"id": "a"}], read_clip=lambda job: clip if job == "a" else None)
    wire = Wire(board)
    answers = wire.ask({"id": 7, "kind": "clip", "job": "a"})
    buffers = [buffers for _, buffers in wire.sent]
    assert all(len(one) == 1 and len(one[0]) <= CHUNK_SIZE < LIMIT for one in buffers)
    assert b"".join(one[0] for one in buffers) == clip.read_bytes()
    assert [answer["seq"] for answer in answers] == list(range(len(answers)))
    assert [answer["last"] for answer in answers] == [False] * (len(answers) - 1) + [True]
    assert {(answer["id"], answer["kind"], answer["size"]) for answer in answers} == {
        (7, "chunk", size)
    }
    assert wire.states() == [], "bytes are no state"


def explode(_job: str) -> Path | None:
    raise RuntimeError("disk on fire")


@pytest.mark.parametrize(
    ("content", "read_clip", "words"),
    [
        ({"kind": "clip", "job": "a"}, lambda _job: None, "not there"),
        ({"kind": "clip", "job": "a"}, lambda _job: Path("gone.mp4"), "not there"),
        ({"kind": "clip", "job": "a"}, explode, "disk on fire"),
        ({"kind": "clip"}, lambda _job: Path(__file__), "not there"),
        ({"kind": "clip", "job": "../../etc/passwd"}, lambda _job: Path(__file__), "not there"),
        ({"kind": "dance"}, lambda _job: None, "dance"),
        ({}, lambda _job: None, "request"),
    ],
)
def test_every_request_is_answered(content: dict[str, Any], read_clip: Any, words: str) -> None:
    wire = Wire(CompareBoard([{"id": "a"}], read_clip=read_clip))
    [answer] = wire.ask({"id": 1, **content})
    assert (answer["id"], answer["kind"]) == (1, "error")
    assert words in answer["error"]


@pytest.mark.parametrize(
    "content", [None, [], "text", {"kind": "clip"}, {"id": "x", "kind": "clip"}]
)
def test_messages_that_are_none_of_ours_are_left_alone(content: Any) -> None:
    assert Wire(CompareBoard([{"id": "a"}])).ask(content) == []


def test_other_listeners_of_the_widget_still_hear() -> None:
    board = CompareBoard([{"id": "a"}])
    heard: list[Any] = []
    board.on_msg(lambda _widget, content, _buffers: heard.append(content))
    Wire(board).ask({"id": 1, "kind": "clip", "job": "a"})
    assert len(heard) == 1


def test_many_threads_lose_no_row() -> None:
    board = CompareBoard()
    wire = Wire(board)
    start = threading.Barrier(4)

    def write(thread: int) -> None:
        start.wait()
        for number in range(60):
            board.set_rows([{"id": "a", "bytes": thread * 1000 + number}])

    threads = [threading.Thread(target=write, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wire.states()) == 240
    assert wire.states()[-1]["rows"] == board.rows


def test_a_plain_text_stands_beside_the_widget() -> None:
    texts = iter(["first", "second"])
    board = CompareBoard([{"id": "a"}], fallback=lambda: next(texts))
    data, _ = board._repr_mimebundle_()
    assert data["text/plain"] == "first"
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "rows" not in repr(board)
