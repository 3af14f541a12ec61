"""Where a fact of a catalogue comes from, and how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every block of a `catalog.json` carries.

    source   the page, or why there is none
    sure     A the provider's own page, B somebody else's (a client that ran, a sister with the same
             API), C a guess; words may follow
    date     the day of the page, or on which it was read: "2026-04-15"
    undated  why there is no date
    """

    source: str
    sure: str
    date: str | None = None
    undated: str = ""

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("source is empty")
        if self.sure[:1] not in {"A", "B", "C"}:
            raise ValueError(f"sure begins with A, B or C, and is {self.sure!r}")
        if self.date is None and not self.undated:
            raise ValueError("without a date, undated says why")
        if self.date is not None and not _DAY.fullmatch(self.date):
            raise ValueError(f"date is a day like 2026-04-15, and is {self.date!r}")
