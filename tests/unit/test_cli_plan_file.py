"""The plan as CSV: what a spreadsheet and pandas write is read, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.cli import plan_file
from hailuo_nb.errors import TableError


def written(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "plan.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return str(path)


def rows(tmp_path: Path, text: str | bytes) -> list[dict[str, Any]]:
    found = plan_file.read(written(tmp_path, text))
    return [
        {key: value for key, value in row.items() if value is not None}
        for row in found.to_dict("records")
    ]


def test_cells_become_what_they_are(tmp_path: Path) -> None:
    text = 'prompt,provider,duration,take,prompt_optimizer\n2001,ppinfra,6,,FALSE\n"a, b",x,10,2,\n'
    assert rows(tmp_path, text) == [
        {"prompt": "2001", "provider": "ppinfra", "duration": 6, "prompt_optimizer": False},
        {"prompt": "a, b", "provider": "x", "duration": 10, "take": 2},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffprompt;duration\r\nA cat, running;6\r\n;\r\n",
        "prompt\tduration\nA cat, running\t6\n\n",
        "prompt|duration\nA cat, running|6\n",
        ',prompt,duration,\n0,"A cat, running",6,\n',
    ],
)
def test_what_spreadsheets_and_pandas_write(tmp_path: Path, text: str) -> None:
    assert rows(tmp_path, text) == [{"prompt": "A cat, running", "duration": 6}]


def test_a_plan_comes_back(tmp_path: Path) -> None:
    plan = hn.plan(['A cat, "running"\n[Push in]', "NA"], provider="simulated:ppinfra", takes=2)
    path = tmp_path / "plan.csv"
    plan.to_csv(path)
    found = plan_file.read(str(path))
    shared = ["prompt", "provider", "model", "resolution", "duration", "take"]
    pd.testing.assert_frame_equal(
        found[shared].reset_index(drop=True), plan[shared].astype(object), check_dtype=False
    )


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = 'prompt\n"one\nin two lines"\n\ntwo\n'
    assert list(plan_file.read(written(tmp_path, text)).index) == [2, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prompt,provider\nA cat, running,ppinfra\n", "row 2 of .* has 3 cells"),
        ("", "is empty"),
        ("prompt,provider\n", "no row below"),
        ("prompt,prompt\na,b\n", "'prompt' twice"),
        ("prompt,\na,b\n", "column 2 of .* has no name"),
        ('prompt\n"a', "no CSV"),
        (b"prompt\n\xff\xfe", "UTF-8"),
    ],
)
def test_what_is_no_plan_is_told(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        plan_file.read(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="No such file"):
        plan_file.read(str(tmp_path / "nope.csv"))
    with pytest.raises(TableError, match="folder"):
        plan_file.read(str(tmp_path))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\x14\0", "a file of Excel, or another archive: save it as CSV UTF-8"),
        (b'[{"prompt": "A cat"}]', "is JSON"),
        (b"idea,provider\nx,ppinfra\n", "needs a column 'prompt', and has 'idea', 'provider'"),
    ],
)
def test_what_is_no_plan_says_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        rows(tmp_path, data)
