"""What a scorer said of a clip, as columns: checked, bounded, and as the text that is kept."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hailuo_nb.measure.report import COLUMNS, Value
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.requests import arguments

NOTES = "scorer_notes"
"""The column that says why a scorer has no value."""
_KEY = re.compile(r"\w[\w .%-]{0,59}")
_MAX_KEYS = 50
_LARGEST = 1e100
"""Of a value: squares of larger ones are no numbers any more."""


@dataclass(frozen=True, slots=True)
class Scored:
    """values  by column: the scorer's name, or name_key for each key of a dict
    note    why a value is missing; "" where none is
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""

    def to_json(self) -> str:
        return json.dumps({"values": dict(self.values), "note": self.note}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Scored:
        """Raises ValueError: a ledger may come from a stranger."""
        try:
            data = json.loads(text)
            values = {_name(name): _kept(value) for name, value in data["values"].items()}
            note = data["note"]
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"this is no score of a clip: {error}") from None
        if not isinstance(note, str) or len(values) > _MAX_KEYS:
            raise ValueError("this is no score of a clip")
        return cls(values, shortened(visible(note)))


def read(name: str, returned: object, taken: Iterable[str] = ()) -> Scored:
    """What the scorer `name` returned for a clip: a number, a dict or a row of pandas.

    taken  names of columns that there are already

    What is neither number nor text is left out, and the note says so. Never raises.
    """
    row = _as_row(returned)
    if row is None:
        number, fault = _number(returned)
        return Scored({} if number is None else {name: number}, fault and f"it returned {fault}")
    values: dict[str, Value] = {}
    faults: list[str] = []
    taken = set(taken)
    for key, given in row.items():
        column, fault = _column(name, key, taken)
        if not fault:
            room = len(values) < _MAX_KEYS
            value, fault = _value(given) if room else (None, f"one of over {_MAX_KEYS}")
            fault = fault and f"{key} is {fault}"
            if value is not None:
                values[column] = value
        if fault:
            faults.append(fault)
    if not row:
        faults.append("it returned an empty dict")
    return Scored(values, shortened("; ".join(faults)))


def is_figure(column: str, value: Value) -> bool:
    """Whether a column is a scorer's own figure, to compare clips by: not a text, and neither
    `_n` nor `_sd`, which tell how a figure was found."""
    measured = column in COLUMNS or column.endswith(("_n", "_sd"))
    return not measured and isinstance(value, int | float)


def _as_row(returned: object) -> dict[Any, Any] | None:
    """A dict, a Series or the one row of a table as a dict; None for anything else."""
    if isinstance(returned, Mapping):
        return dict(returned)
    kind = type(returned).__name__
    if kind == "DataFrame" and len(returned) == 1:  # type: ignore[arg-type]  # pandas is not imported
        return dict(returned.iloc[0].items())  # type: ignore[attr-defined]
    return dict(returned.items()) if kind == "Series" else None  # type: ignore[attr-defined]


def _column(name: str, key: object, taken: set[str]) -> tuple[str, str]:
    """The column of a key, and what is wrong with the key."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        what = arguments.describe(key)
        return "", f"the key {what} is no name of a column (text of up to 60 letters and digits)"
    column = f"{name}_{re.sub(r'[ .%-]+', '_', key)}"
    return column, f"there is a column {column} already" if column in taken else ""


def _value(given: object) -> tuple[Value, str]:
    if isinstance(given, str):
        return shortened(visible(given)), ""
    return _number(given)


def _number(given: object) -> tuple[float | None, str]:
    """A finite number, or what it is instead."""
    value = arguments.unwrap_scalar(given)
    if isinstance(value, bool):
        return int(value), ""
    try:
        number = float(value) if not isinstance(value, str) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= _LARGEST:
        return None, f"{arguments.describe(given)}, where a finite number is expected"
    return (value if isinstance(value, int) else number), ""


def _name(name: object) -> str:
    if not isinstance(name, str) or not re.fullmatch(r"\w{1,160}", name):
        raise ValueError("this is no name of a column")
    return name


def _kept(value: object) -> Value:
    if isinstance(value, str):
        return shortened(visible(value))
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return value
    raise ValueError("this is no score")
