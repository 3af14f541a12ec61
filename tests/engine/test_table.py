"""`hn.compare(table)`: every row of a DataFrame is a clip, and every bad row is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import TableError
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture

MODEL = "MiniMax-Hailuo-02"


def test_a_plan_is_looked_at_cut_and_made(stand: Stand) -> None:
    table = hn.plan(
        "A cat at {dawn|dusk}",
        provider=["simulated:ppinfra", "simulated:modelverse"],
        model=MODEL,
        resolution=["768P", "1080P"],
        duration=[6, 10],
    )
    assert len(table) == 16
    good = table[
        table["problem"].isna() & (table["duration"] == 6) & table["prompt"].str.contains("dusk")
    ]
    board = hn.compare(good).wait(END)
    assert [job.state for job in board] == ["saved"] * 4
    told = [[job.prompt, job.provider, job.resolution] for job in board]
    assert told == good[["prompt", "provider", "resolution"]].to_numpy().tolist()
    assert sum(stand.charged.values()) == 4


def test_empty_cells_take_the_default(stand: Stand) -> None:
    table = pd.DataFrame(
        {
            "prompt": ["A cat", "A dog"],
            "provider": ["simulated:ppinfra", None],
            "duration": [np.nan, 10],
            "resolution": ["1080P", pd.NA],
            "take": [2, np.nan],
            "model": [MODEL, ""],
            "watermark": [None, True],
        }
    )
    board = hn.compare(table, provider="simulated:modelverse/02").wait(END)
    assert [(j.provider, j.model, j.resolution, j.duration, j.take) for j in board] == [
        ("simulated:ppinfra", MODEL, "1080P", 6, 2),
        ("simulated:modelverse", MODEL, "768P", 10, 1),
    ]
    assert board[1].request.options["watermark"] is True


def test_a_table_survives_csv(stand: Stand, tmp_path: Path) -> None:
    table = hn.plan(["A cat", "猫"], provider="simulated:ppinfra", duration=[6, 10], takes=2)
    table.to_csv(tmp_path / "plan.csv", index=False)
    again = pd.read_csv(tmp_path / "plan.csv")
    first, second = (hn.dry_run(each) for each in (table, again))
    pd.testing.assert_frame_equal(first, second)
    assert first["would"].tolist() == ["send"] * 8


def test_every_bad_row_is_named_in_one_error(stand: Stand) -> None:
    table = pd.DataFrame(
        [
            {"prompt": "A cat", "provider": "simulated:ppinfra"},
            {"prompt": "A cat", "provider": "simulated:ppinfa"},
            {"prompt": "A cat", "provider": "simulated:ppinfra", "model": "Hailuo-9"},
            {
                "prompt": "A cat",
                "provider": "simulated:ppinfra",
                "resolution": "4K",
                "duration": 6.5,
            },
            {
                "prompt": "A cat",
                "provider": "simulated:ppinfra",
                "resolution": "1080P",
                "duration": 10,
            },
            {"prompt": "A cat", "provider": "simulated:ppinfra", "first_frame": "none.png"},
            {"prompt": "A cat", "provider": "simulated:ppinfra", "take": 0},
            {"prompt": "A cat", "provider": "simulated:ppinfra", "watermark": "perhaps"},
            {"prompt": None, "provider": "simulated:ppinfra"},
        ],
        index=list("abcdefghi"),
    )
    with pytest.raises(hn.InvalidRequestError) as caught:
        hn.compare(table)
    lines = str(caught.value).splitlines()
    named = [line.split("'")[1] for line in lines if line.startswith("- row ")]
    assert named == ["b", "c", "d", "d", "e", "f", "g", "h", "i"]
    told = str(caught.value)
    for words in (
        "did you mean 'simulated:ppinfra'",
        "Hailuo-9",
        "4K",
        "6.5",
        "Nearest:",
        "no such file",
        "take is 0",
        "perhaps",
    ):
        assert words in told
    assert len(hn.history()) == 0
    board = hn.compare(table, skip_invalid=True).wait(END)
    assert [job.state for job in board] == ["saved"]
    rows = [row for row in board.rows() if row["state"] == "invalid"]
    assert len(rows) == 8
    assert len({row["id"] for row in rows}) == 8
    assert rows[0]["error"].startswith("row 'b': ")


def test_labels_that_stand_twice_get_a_number(stand: Stand) -> None:
    table = pd.DataFrame({"prompt": ["A", "B"], "provider": ["simulated:nobody"] * 2}, index=[7, 7])
    with pytest.raises(hn.InvalidRequestError, match=r"row 7 \(number 1\)"):
        hn.compare(table)


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        (["prompt", "provider", "resolutoin"], "did you mean 'resolution'"),
        (["prompt", "provider", "task_id"], "'task_id', which is none of a request"),
        (["prompt", "provider", "provider"], "stands twice"),
        (["kind", "narrower", "prompt", "provider"], r"board\.suggest found.*'prompt':"),
        (["provider"], "needs a column 'prompt'"),
        (["prompt"], r"pass provider=\[\.\.\.\]"),
    ],
)
def test_columns_that_cannot_be_read_are_told(stand: Stand, columns: list[str], match: str) -> None:
    with pytest.raises(TableError, match=match):
        hn.compare(pd.DataFrame([["x"] * len(columns)], columns=columns))


def test_missing_keys_are_told_at_once(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PPINFRA_API_KEY", raising=False)
    table = hn.plan("A cat", provider=["ppinfra", "xcompute", "simulated:ppinfra"])
    with pytest.raises(hn.MissingKeyError) as caught:
        hn.compare(table, skip_invalid=True)
    assert "PPINFRA_API_KEY" in str(caught.value)
    assert "XCOMPUTE_API_KEY" in str(caught.value)


def test_what_provider_returned_serves_the_rows_of_its_name(stand: Stand) -> None:
    account = hn.provider("modelverse", api_key="sk-marked-key-1234567890")
    table = hn.plan("A cat", provider=["simulated:ppinfra", account])
    assert table["provider"].tolist() == ["simulated:ppinfra", "modelverse"]
    plan = hn.dry_run(table, provider=[account])
    assert plan["would"].tolist() == ["send", "send"]


def test_a_row_that_stands_twice_is_one_clip(stand: Stand) -> None:
    table = hn.plan(PROMPT, provider="simulated:ppinfra")
    board = hn.compare(pd.concat([table, table])).wait(END)
    assert len(board) == 1
    assert len(board.rows()) == 1
    assert len(hn.compare([PROMPT, PROMPT], provider="simulated:ppinfra")) == 1


def test_a_dry_run_counts_a_row_that_stands_twice_once(stand: Stand) -> None:
    table = hn.plan(["A cat", "A dog"], provider="simulated:modelverse")
    plan = hn.dry_run(pd.concat([table, table]))
    assert plan["would"].tolist() == ["send", "send", "reuse", "reuse"]
    assert plan["cost"].sum() == table["cost"].sum() > 0


def test_a_dry_run_of_a_table_keeps_its_index_and_looks_into_the_ledger(stand: Stand) -> None:
    hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    table = hn.plan(
        PROMPT,
        provider="simulated:ppinfra",
        duration=[6, 10],
        resolution=["768P", "1080P"],
        model=MODEL,
    )
    plan = hn.dry_run(table.iloc[::-1])
    assert plan.index.tolist() == [3, 2, 1, 0]
    assert plan["would"].tolist() == ["refuse", "send", "send", "reuse"]
    assert len(hn.history()) == 1


def test_limits_hold_for_a_table(stand: Stand) -> None:
    table = hn.plan(PROMPT, provider="simulated:ppinfra", takes=3)
    with pytest.raises(hn.BudgetError, match="3 clips"):
        hn.compare(table, max_clips=2)
    assert len(hn.history()) == 0


def test_takes_do_not_vanish_where_each_row_has_its_own(stand: Stand) -> None:
    table = hn.plan(PROMPT, provider="simulated:ppinfra")
    with pytest.raises(hn.TableError, match=r"hn\.plan"):
        hn.dry_run(table, takes=3)
    assert len(hn.dry_run(table.drop(columns="take"), takes=3)) == 3
    assert hn.dry_run(table, takes=1)["take"].tolist() == [1]


def test_an_array_in_a_cell_is_a_frame(stand: Stand) -> None:
    array: Any = np.full((400, 600, 3), 90, np.uint8)
    table = pd.DataFrame(
        {"prompt": ["A cat"], "provider": ["simulated:ppinfra"], "first_frame": [array]}
    )
    (job,) = hn.compare(table).wait(END)
    assert job.request.first_frame == hn.Frame.of(array)
    assert job.state == "saved"


def test_rows_tell_which_clips_were_made_from_the_same_picture(stand: Stand) -> None:
    one, other = (np.full((720, 1280, 3), shade, np.uint8) for shade in (10, 200))
    frames = [one, one, other]
    table = pd.DataFrame(
        {
            "prompt": ["A cat", "A dog", "A cat"],
            "provider": ["simulated:ppinfra"] * 3,
            "first_frame": frames,
        }
    )
    given = [row["given"] for row in hn.compare(table).wait(END).rows()]
    assert given[0] == given[1] != given[2] and all(given)
    plain = hn.compare("A cat", provider="simulated:ppinfra").wait(END)
    assert plain.rows()[0]["given"] == ""
