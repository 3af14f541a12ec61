"""Columns of a person's own table: they travel with the clips, and change nothing that is paid."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import TableError
from hailuo_nb.ordering import table_columns
from hailuo_nb.pages.row_filter import passes
from hailuo_nb.results.columns import FIELDS
from hailuo_nb.widgets.compare_board import CompareBoard
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture

OWN = ["idea", "batch", "wording"]


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "prompt": ["A cat [Push in]", "A very fine cat [Push in]", "A dog", "A very fine dog"],
            "provider": "simulated:ppinfra",
            "idea": ["cat", "cat", "dog", "dog"],
            "batch": [1, 2, 1, np.nan],
            "wording": ["plain", "rich", "plain", "rich"],
        }
    )


def told(frame: pd.DataFrame) -> list[list[Any]]:
    return frame[OWN].astype(object).where(frame[OWN].notna(), None).to_numpy().tolist()


def test_they_travel_everywhere(stand: Stand, table: pd.DataFrame) -> None:
    board = hn.compare(table).wait(END)
    wanted = [["cat", 1, "plain"], ["cat", 2, "rich"], ["dog", 1, "plain"], ["dog", None, "rich"]]
    assert told(board.to_frame()) == wanted
    assert board.to_frame()["camera"].tolist() == ["Push in", "Push in", "", ""]
    assert board[0].own_columns == {"idea": "cat", "batch": 1, "wording": "plain"}
    rows = board.rows()
    assert rows[1]["own"] == {"idea": "cat", "batch": "2", "wording": "rich"}
    shown = CompareBoard(rows)
    shown.filter = {"own": {"batch": 2.0, "idea": ""}}
    narrowed = shown.filter
    assert [passes(row, narrowed) for row in rows] == [False, True, False, False]
    board.save("ideas")
    folder = board.export("ideas")
    session._runners.clear()  # as after a restart
    assert told(hn.Comparison.load("ideas").to_frame()) == wanted
    assert told(hn.Comparison.load(folder).to_frame()) == wanted
    assert told(hn.history()) == wanted
    assert told(pd.read_csv(board.to_csv("ideas.csv"))) == wanted
    assert board[0].retake().own_columns == board[0].own_columns


def test_they_change_neither_clip_nor_price(stand: Stand, table: pd.DataFrame) -> None:
    first = hn.compare(table.drop(columns=OWN)).wait(END)
    paid = dict(stand.charged)
    plan = hn.dry_run(table)
    assert plan["would"].tolist() == ["reuse"] * 4
    assert told(plan)[0] == ["cat", 1, "plain"]
    again = hn.compare(table.assign(batch=7)).wait(END)
    assert [job.id for job in again] == [job.id for job in first]
    assert [job.own_columns["batch"] for job in again] == [7] * 4
    hn.compare(table[["prompt", "provider"]].assign(batch=8))
    assert hn.history()["batch"].tolist() == [8] * 4
    assert hn.history()["idea"].tolist() == ["cat", "cat", "dog", "dog"], "others stay"
    assert stand.charged == paid


def test_clips_are_compared_by_them(stand: Stand, table: pd.DataFrame) -> None:
    board = hn.compare(table).wait(END)
    board.vote(board[1], board[0], "first")
    board.vote(board[3], board[2], "first")
    assert board.ranking("wording").index.tolist() == ["rich", "plain"]
    assert board.summary("batch").index.tolist() == [1, 2], "as they were given"
    with pytest.raises(
        hn.ArgumentError, match=r"your own \(idea, batch, wording\).*'ideas'.*'idea'"
    ):
        board.summary("ideas")
    found = board.effect("wording", "votes")
    assert found[["wording", "than", "n_pairs"]].to_numpy().tolist() == [["plain", "rich", 2]]
    assert found["difference"].tolist() == [-1]
    times = board.effect("idea", "seconds")
    assert times["n_pairs"].tolist() == [1], "the pair of one wording and one batch"


def test_a_plan_of_a_table_has_them(stand: Stand) -> None:
    ideas = pd.DataFrame({"prompt": ["A {cat|dog}", "A bird"], "idea": ["pets", "birds"]})
    plan = hn.plan(ideas, provider=["simulated:ppinfra", "simulated:modelverse"], takes=2)
    assert plan["idea"].value_counts().to_dict() == {"pets": 8, "birds": 4}
    assert hn.dry_run(plan)["idea"].tolist() == plan["idea"].tolist()
    with pytest.raises(TableError, match=r"resolution: hn\.compare takes"):
        hn.plan(ideas.assign(resolution="768P"), provider="simulated:ppinfra")


@pytest.mark.parametrize("second", [{"idea": "dog"}, {"idea": np.nan}])
def test_two_rows_of_one_clip_must_not_differ(stand: Stand, second: dict[str, Any]) -> None:
    """The clip would be paid once, and lose the idea of one of them."""
    row = {"prompt": "A cat", "provider": "simulated:ppinfra", "idea": "cat"}
    table = pd.DataFrame([row, row | second], index=["a", "b"])
    for ask in (
        hn.compare,
        hn.dry_run,
        lambda given: hn.plan(given[["prompt", "idea"]], provider="all"),
    ):
        with pytest.raises(
            TableError, match=r"row 'a' and row 'b' ask for the same.*'idea'.*`take`"
        ):
            ask(table)
    assert stand.app is None, "nothing was asked"
    assert len(hn.dry_run(table.assign(take=[1, 2]))) == 2
    assert len(hn.compare(pd.DataFrame([row, row]))) == 1


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("Resolution ", "did you mean 'resolution'"),
        ("modle", "did you mean 'model'"),
        ("firstframe", "did you mean 'first_frame'"),
        ("takes", "did you mean 'take'"),
        ("image", "did you mean 'first_frame'"),
        ("size", "did you mean 'resolution'"),
        ("seconds", "did you mean 'duration'"),
        ("camera", "read from the brackets"),
        ("rating", "every clip has one by itself"),
        (3, "is no name for a column of your own"),
        ("\x1b[2J", "is no name for a column of your own"),
        ("x" * 61, "is no name for a column of your own"),
    ],
)
def test_what_may_be_a_clips_own_is_refused(stand: Stand, name: Any, match: str) -> None:
    table = pd.DataFrame({"prompt": ["A cat"], "provider": ["simulated:ppinfra"], name: ["x"]})
    with pytest.raises(TableError, match=match):
        hn.compare(table)
    assert stand.app is None, "nothing was asked"


@pytest.mark.parametrize("name", [*OWN, "batch no", "round", "speed", "想法", "weather", "price"])
def test_other_names_are_ones_own(name: str) -> None:
    assert table_columns.own_names(pd.Index(["prompt", name]), table_columns.known()) == (name,)


def test_every_column_of_a_clip_is_kept_for_it() -> None:
    taken = {*table_columns.known(), *table_columns.OF_A_CLIP}
    assert set(FIELDS) <= taken


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.True_, True),
        (Decimal("1.5"), 1.5),
        (datetime.date(2026, 11, 28), "2026-11-28"),
        (pd.Timestamp("2026-11-28 10:00"), "2026-11-28T10:00:00"),
        ([1], "is a list"),
        ({"a": 1}, "is a dict"),
        ("x" * 2001, "texts of up to 2,000"),
        (float("inf"), "is inf"),
        (10**30, "100000"),
    ],
)
def test_values_are_texts_numbers_and_booleans(value: Any, kept: Any) -> None:
    given = {"idea": value}
    if isinstance(kept, str) and not hasattr(value, "isoformat"):
        with pytest.raises(TableError, match=f"row 'a': its column 'idea' .*{kept}"):
            table_columns.own_cells(given, ["idea"], "row 'a'")
    else:
        assert table_columns.own_cells(given, ["idea"], "row 'a'") == {"idea": kept}


def test_what_a_stranger_wrote_is_read_or_left_out(stand: Stand, table: pd.DataFrame) -> None:
    folder = Path(hn.compare(table[:1]).wait(END).export("ideas"))
    file = folder / "comparison.json"
    odd = (
        '"own_columns": {"=cmd()": "=1+1", "a\\u0000": 1, "big": 1e999, "list": [1], "state": "x"}'
    )
    text = file.read_text()
    start = text.index('"own_columns": {')
    file.write_text(text[:start] + odd + text[text.index("}", start) + 1 :])
    board = hn.Comparison.load(folder)
    assert board[0].own_columns == {"=cmd()": "=1+1", "state": "x"}
    frame = board.to_frame()
    assert frame["state"].tolist() == ["saved"], "no column of a clip is replaced"
    assert "'=cmd()" in board.to_csv("a.csv").read_text().partition("\n")[0]
