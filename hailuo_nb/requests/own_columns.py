"""Own columns: columns of a person's table that are none of a clip and travel with it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hailuo_nb.media.text import SURROGATE
from hailuo_nb.requests import arguments

OwnValue = str | int | float | bool
OwnColumns = Mapping[str, OwnValue]
"""Value by the column's name; an empty cell is left out."""

MAX_COLUMNS = 50
_MAX_NAME = 60  # characters
_MAX_TEXT = 2000
_MAX_NUMBER = 2**53  # whole numbers up to here are the same in JSON everywhere


def parse_name(name: object) -> str:
    """A name of an own column. Raises ValueError that says what is wrong with it."""
    given = name if isinstance(name, str) else ""
    if not given.strip() or len(given) > _MAX_NAME or not given.isprintable():
        raise ValueError(
            f"is no name for a column of your own: 1 to {_MAX_NAME} characters of text"
        )
    return given


def parse_value(value: Any) -> OwnValue:
    """The value of a cell: a text, number or boolean; a date is its ISO text. Raises ValueError."""
    found = arguments.unwrap_scalar(value)
    if hasattr(type(found), "isoformat"):
        found = found.isoformat()
    if isinstance(found, Decimal):  # as of a database's table
        found = float(found)
    if not _is_value(found):
        raise ValueError(
            f"is {arguments.describe(value)}; a column of your own holds texts of up to "
            f"{_MAX_TEXT:,} characters, numbers and booleans"
        )
    known: OwnValue = str(found) if isinstance(found, str) else found
    return known


def as_text(value: object) -> str:
    """As a board shows it: 2 for the 2.0 that a pandas column with an empty cell makes of it."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def to_json(value: OwnValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def from_json(name: object, text: Any) -> dict[str, OwnValue]:
    """One column as the ledger keeps it; empty for what no table could have had: it may come from
    a stranger."""
    try:
        short = isinstance(text, str) and len(text) <= 8 * _MAX_TEXT
        return parse({name: json.loads(text) if short else None})
    except (ValueError, RecursionError):
        return {}


def parse(given: object) -> dict[str, OwnValue]:
    """The columns of a clip in a file, without what no table could have had."""
    found: dict[str, OwnValue] = {}
    for name, value in list(given.items())[:MAX_COLUMNS] if isinstance(given, dict) else ():
        try:
            if _is_value(value):
                found[parse_name(name)] = value
        except ValueError:
            continue
    return found


def _is_value(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _MAX_TEXT and not SURROGATE.search(value)
    if isinstance(value, bool | int):
        return abs(value) <= _MAX_NUMBER
    return isinstance(value, float) and math.isfinite(value)
