"""Reads rows of jobs that may come from a stranger: each value within the bounds of its field.

Quick: a ledger has ten thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any

from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.states import STATES
from hailuo_nb.errors import FieldError
from hailuo_nb.requests.fields import (
    MAX_WORD,
    NUMBER_BOUNDS,
    TEXT_LIMITS,
    parse_id,
    parse_number,
    parse_text,
)

COLUMNS = tuple(field.name for field in fields(JobRow))
"""The names of the values of a row, in the order of `JobRow`."""

_ID, _STATE = COLUMNS.index("id"), COLUMNS.index("state")
_NUMBERS: list[tuple[int, type, float, float]] = [
    (at, *NUMBER_BOUNDS[name]) for at, name in enumerate(COLUMNS) if name in NUMBER_BOUNDS
]
_TEXTS = [
    (at, TEXT_LIMITS.get(name, MAX_WORD))
    for at, name in enumerate(COLUMNS)
    if name not in NUMBER_BOUNDS
]
_REQUIRED = [
    at
    for at, field in enumerate(fields(JobRow))
    if field.default is MISSING and field.name != "cost"
]


def read_row(values: Sequence[Any]) -> JobRow:
    """A job from the values of its `COLUMNS`. Raises FieldError for what is no job.

    What a field cannot hold becomes None; a prompt or a message that is too long is cut. A field
    without which there is no job must hold a value.
    """
    parse_id("id", values[_ID], "jobs.")
    wrong = [
        at
        for at, kind, minimum, maximum in _NUMBERS
        if not _is_number(values[at], kind, minimum, maximum)
    ]
    wrong += [at for at, limit in _TEXTS if not _is_text(values[at], limit)]
    wrong += [at for at in _REQUIRED if values[at] is None]
    if wrong:
        values = list(values)
        for at in wrong:
            values[at] = _nearest(COLUMNS[at], values[at])
    for at in _REQUIRED:
        if values[at] is None:
            raise FieldError(
                f"jobs.{COLUMNS[at]} of the clip {values[_ID]} is nothing that a clip can have"
            )
    if values[_STATE] not in STATES:
        raise FieldError(
            f"jobs.state of the clip {values[_ID]} is no state that this hailuo_nb knows: update it"
        )
    return JobRow(*values)


def _nearest(name: str, value: Any) -> Any:
    """The nearest that this field can hold, None where there is none."""
    if name in {"prompt", "error"} and isinstance(value, str):
        return value[: TEXT_LIMITS[name]]
    try:
        return parse_number(name, value) if name in NUMBER_BOUNDS else parse_text(name, value)
    except FieldError:
        return 0.0 if name == "created_at" else None


def _is_number(value: Any, kind: Any, minimum: float, maximum: float) -> bool:
    return value is None or (type(value) is kind and minimum <= value <= maximum)


def _is_text(value: Any, limit: int) -> bool:
    return value is None or (type(value) is str and len(value) <= limit)
