"""What the command line writes never stops it: closed pipes, full disks, terminals without Chinese."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from hailuo_nb.cli import terminal


def written(write: Callable[..., None], value: Any) -> str:
    """What comes out on a standard output in ASCII."""
    data = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(data, encoding="ascii", write_through=True)):
        write(value)
        return data.getvalue().decode("ascii")


def test_what_a_terminal_cannot_show_is_escaped() -> None:
    assert written(terminal.say, "猫 \x1b[31m") == "\\u732b \\x1b[31m\n"


def test_json_stays_json_whatever_is_in_it() -> None:
    value = {"prompt": "猫 \x9b \u202e \ud800", "cost": None}
    assert json.loads(written(terminal.say_json, value)) == value


@pytest.mark.parametrize("fault", [BrokenPipeError(32, "Broken pipe"), OSError(28, "full")])
def test_a_reader_that_is_gone_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, fault: OSError
) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise fault

    monkeypatch.setattr(sys, "stdout", Gone())
    terminal.say("a line")
    monkeypatch.setattr(sys, "stdout", None)
    terminal.say("a line")


def test_a_table_is_one_line_a_row() -> None:
    table = pd.DataFrame(
        {"prompt": ["a\nb", "c" * 99], "n": [1.5, float("nan")], "t": [("x",), ()]}
    )
    first, *lines = written(terminal.say_table, table).splitlines()
    assert first.split() == ["prompt", "n", "t"]
    assert lines[0].split() == ["a", "b", "1.5", "x"]
    assert lines[1].startswith("c" * 59) and len(lines) == 2


def test_records_have_null_for_what_is_missing() -> None:
    table: Any = pd.DataFrame({"a": [float("nan")], "b": [pd.NA], "c": [("x", "y")]})
    assert terminal.records(table) == [{"a": None, "b": None, "c": ["x", "y"]}]
