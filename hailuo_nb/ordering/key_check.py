"""Refuses rows that hold a key of this process: what is asked for is stored, and shown."""

from __future__ import annotations

from collections.abc import Sequence

from hailuo_nb.errors import TableError
from hailuo_nb.ordering.table import Row
from hailuo_nb.ordering.validation import refusal
from hailuo_nb.requests.redaction import holds_long_key, masked


def check_no_key(rows: Sequence[Row]) -> None:
    """Raises TableError for an own column with a key, InvalidRequestError for a prompt with one,
    also where it would only be shown as skipped.

    The keys are known once all rows are read, as their providers look for theirs.
    """
    _check_own_columns(rows)
    held = [row.skipped for row in rows if row.skipped and row.skipped.holds_key]
    if held:
        raise refusal(held)


def _check_own_columns(rows: Sequence[Row]) -> None:
    cells = dict.fromkeys(
        f"{name}\n{value}" for row in rows for name, value in row.own_columns.items()
    )
    if not holds_long_key("\n".join(cells)):
        return
    name = next(cell for cell in cells if holds_long_key(cell)).partition("\n")[0]
    raise TableError(
        f"the table's column {masked(name)!r} holds one of your keys, which would be stored and "
        "shown. Nothing was sent"
    )
