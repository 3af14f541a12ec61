"""What the command line writes: lines, tables and JSON, on pipes that may be closed."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from hailuo_nb.media.text import one_line, visible
from hailuo_nb.requests.arguments import is_missing

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 60  # characters of a cell


def say(text: str) -> None:
    """A line of the result, to standard output."""
    _write(text, err=False)


def note(text: str) -> None:
    """A line beside the result, to standard error."""
    _write(text, err=True)


def _write(text: str, *, err: bool) -> None:
    """Clips may be under way: nothing stops for a reader that is gone (`| head`), a full disk or a
    terminal without Chinese."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    shown = visible(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        click.echo(shown, file=stream)
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say_table(table: pd.DataFrame) -> None:
    """A table for people: one line a row, long cells cut, nothing in empty ones."""
    if not len(table):
        say("nothing")
        return
    header = [[str(name) for name in table.columns]]
    cells = header + [
        ["" if is_missing(value) else _cell(value) for value in row]
        for row in table.itertuples(index=False, name=None)
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(line).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return one_line(str(value), _WIDTH)


def say_json(value: Any) -> None:
    say(json.dumps(value, indent=2, allow_nan=False))  # ASCII: safe on every terminal


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table for JSON: null for what is missing."""
    text = table.to_json(orient="records", date_format="iso", force_ascii=False)
    found: list[dict[str, Any]] = json.loads(text)
    return found
