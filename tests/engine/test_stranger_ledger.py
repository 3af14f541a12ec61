"""Values that a stranger wrote into a ledger: shown as if they were not there, or left out with the
reason.
"""

from __future__ import annotations

import json
import math

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import HailuoError
from hailuo_nb.widgets import board_updates, history
from tests.engine.test_public_functions import Stand, stand  # noqa: F401 - a fixture
from tests.engine.test_stranger import Project, made, project  # noqa: F401 - fixtures

ODD = [
    "9e999",
    "-9e999",
    "1e308",
    "-1e308",
    "-1",
    "'text'",
    "x'00ff'",
    "9223372036854775807",
    "NULL",
]

SHOWN = [
    "cost", "created_at", "submitted_at", "finished_at", "generation_seconds", "bytes", "width",
    "height", "fps",
    "frames", "link_expires_at", "claimed_at", "ready_at",
]  # fmt: skip


def all_views(project: Project) -> None:
    """Everything that shows rows: none may raise, and what goes to a page is JSON that a browser
    reads."""
    board = project.board()
    folder = project.folder
    repr(board), board._repr_mimebundle_(), board.to_frame(), board.to_csv(folder / "a.csv")
    [job._repr_html_() for job in board]
    page = board.to_html(folder / "page.html").read_text()
    board.snapshot(folder=folder)
    hn.Comparison.load(board.export(folder / "again"))
    rows = [*board.rows(), *board_updates.board_rows(board, folder)]
    # A gap is NaN in pandas and null in its JSON.
    everything = hn.history().to_json(orient="records", date_format="iso")
    for text in (json.dumps(rows, default=str), everything, page):
        assert not {"Infinity", "NaN"} & set(
            text.replace('"', " ").replace(":", " ").replace(",", " ").split()
        )
    board.ranks("provider")
    hn.boards()
    history.LedgerHistory(session.runner(), len).entries()


@pytest.mark.parametrize("column", SHOWN)
def test_a_number_of_a_ledger_that_no_clip_has_is_not_there(project: Project, column: str) -> None:
    for odd in ODD:
        project.smuggle(f"UPDATE jobs SET {column} = {odd}")
        value = getattr(project.board()[0]._tracked.row, column)
        assert value is None or (math.isfinite(value) and value >= 0)
    project.smuggle(f"UPDATE jobs SET {column} = 9e999")
    all_views(project)


@pytest.mark.parametrize(
    "column", ["take", "attempt", "duration", "id", "state", "prompt", "request", "provider"]
)
def test_a_row_that_is_no_clip_is_told(project: Project, column: str) -> None:
    for odd in (
        ("9e999", "x'00ff'", "NULL")
        if column in {"take", "attempt", "duration"}
        else ("x'00ff'", "NULL")
    ):
        project.smuggle(f"UPDATE jobs SET {column} = {odd} WHERE rowid = 1")
        with pytest.raises(HailuoError, match=f"jobs.{column}"):
            hn.history()


@pytest.mark.parametrize("column", ["width", "error_code", "cost"])
def test_a_row_that_cannot_be_written_again_is_told(project: Project, column: str) -> None:
    """A row is checked whole when anything of it changes: a number that is a text was an
    IntegrityError."""
    project.smuggle(f"UPDATE jobs SET {column} = x'00ff'")
    job = project.board()[0]
    assert job.state == "saved"
    with pytest.raises(HailuoError, match="cannot be used: cannot store BLOB"):
        job.delete()


def test_a_board_of_clips_that_are_gone_shows_the_others(project: Project) -> None:
    project.change("INSERT INTO boards VALUES ('cats', 'nobody', -1), ('empty', 'nobody', 0)")
    assert len(project.board()) == 2
    with pytest.raises(HailuoError, match="no comparison is saved as 'empty'"):
        hn.Comparison.load("empty")


def test_names_of_boards_that_nobody_can_give(project: Project) -> None:
    project.change(
        "INSERT INTO boards SELECT replace(hex(zeroblob(300000)), '0', 'n'), id, 0 FROM jobs"
    )
    project.smuggle("INSERT INTO boards SELECT x'00ff', id, 0 FROM jobs")
    project.smuggle("INSERT INTO boards SELECT NULL, id, 0 FROM jobs")
    assert sorted(map(len, hn.boards()["name"])) == [len("cats"), 600_000]
    with pytest.raises(HailuoError, match="no comparison is saved as 'dogs'") as caught:
        hn.Comparison.load("dogs")
    assert len(str(caught.value)) < 3000


@pytest.mark.parametrize("value", ["../../evil", "a/b", "..", "", "a\0b", "x" * 200, "skipped-x"])
def test_an_id_is_no_way_out(project: Project, value: str) -> None:
    """The names of files are made of ids."""
    project.change("UPDATE jobs SET id = ? WHERE id = (SELECT min(id) FROM jobs)", value)
    with pytest.raises(HailuoError, match=r"jobs\.id"):
        hn.history()


@pytest.mark.parametrize(
    "written",
    ["", "{", "[" * 100_000, "[]", "3", '{"prompt": 3}', '{"prompt": "a", "evil": 1}', "null"],
)
def test_a_request_that_is_none_is_left_out(project: Project, written: str) -> None:
    project.change("UPDATE jobs SET request = ?", written)
    with pytest.warns(UserWarning, match="request"):
        assert len(project.board()) == 0
    assert history.LedgerHistory(session.runner(), len).entries() == []
    assert len(hn.history()) == 2


@pytest.mark.parametrize(
    "stars", ["30000000", "-1", "9e999", "2.5", "'five'", "NULL", "9223372036854775807"]
)
def test_marks_that_nobody_can_give(project: Project, stars: str) -> None:
    project.change("DELETE FROM labels")
    project.change("DELETE FROM opinions")
    project.smuggle(f"INSERT INTO opinions SELECT id, 'me', {stars}, x'00' FROM jobs")
    project.smuggle(f"INSERT INTO opinions SELECT id, x'00', {stars}, x'00' FROM jobs")
    project.smuggle(
        "INSERT INTO labels SELECT id, '[' || replace(hex(zeroblob(50000)), '0', '[') , 0 FROM jobs"
    )
    board = project.board()
    assert [(job.rating, job.note, job.tags) for job in board] == [(0, "", ())] * 2
    all_views(project)


def test_texts_without_end(project: Project) -> None:
    project.change(
        "UPDATE jobs SET prompt = replace(hex(zeroblob(4000000)), '0', 'p'), error = prompt || "
        "prompt"
    )
    board = project.board()
    assert {len(job.prompt) for job in board} == {50_000}
    all_views(project)
    project.change("UPDATE jobs SET prompt = replace(hex(zeroblob(20000000)), '0', 'p')")
    with pytest.raises(HailuoError):
        hn.history()


def test_votes_and_results_that_are_none(project: Project) -> None:
    board = project.board()
    for outcome in ("'won'", "7", "NULL", "x'00'"):
        project.smuggle(
            "INSERT INTO votes (at, first, second, outcome, blind) VALUES (9e999, ?, ?, "
            f"{outcome}, 2)",
            board[0].id,
            board[1].id,
        )
    for rater in ("x'00'", "'\u202e' || hex(zeroblob(5000000))"):
        project.smuggle(
            "INSERT INTO votes (at, first, second, outcome, blind, rater) VALUES (9e999, ?, ?, "
            f"'tie', 0, {rater})",
            board[0].id,
            board[1].id,
        )
    assert project.board().votes["rater"].str.len().max() == 60
    for result in (
        "{",
        "[" * 100_000,
        '{"windows": [1]}',
        '{"error": {"a": 1}}',
        '{"windows": 1e999}',
    ):
        project.change("DELETE FROM scores")
        project.change("INSERT OR REPLACE INTO scores SELECT sha256, '1', ? FROM jobs", result)
        all_views(project)
