"""A row of the summary: what is known of a provider, a prompt, a model or a move, as plain data.

`.ci/js_types.py` writes the same types into `widgets/js/types.js`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SHOWN_BY = ("provider", "prompt", "model", "camera")
"""What a board and a page sum up by."""

MAX_ROWS = 100
"""Rows of one summary that a board and a page show; a table has them all."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % interval, where there is one, from n clips or votes. `best`: better
    than that of every other row, their intervals part."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    best: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """All that was spent in one currency, failed clips too: `clip` for each of n that were made,
    `kept` for each that was kept."""

    currency: str
    clip: float | None
    n: int
    kept: Figure


@dataclass(frozen=True, slots=True)
class Pool:
    """What clips have to share to be compared: format, first frame, sound, and who made them."""

    resolution: str
    duration: int
    frame: bool
    sound: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One provider, prompt, model or move of the summary.

    `pools` are those of its clips. `unpriced`: clips of which nobody knows the price. `judged`:
    clips with stars or the tag "keep"; `kept`: made ones with four stars or more, or that tag.
    """

    item: str
    label: str
    simulated: bool
    clips: int
    made: int
    failed: int
    unknown: int
    share: Figure
    seconds: Figure
    slow: float | None
    costs: tuple[Cost, ...]
    unpriced: int
    judged: int
    kept: int
    stars: Figure
    strength: Figure
    wins: int
    losses: int
    ties: int
    adherence: Figure
    pools: tuple[Pool, ...]


Summaries = Mapping[str, Sequence[SummaryRow]]
"""By what is summed up: the names of `SHOWN_BY`."""


def plain(summaries: Summaries) -> dict[str, Any]:
    """As JSON for the board in a page: by the same names `{rows, more}`, how many are left out."""
    return {
        by: {
            "rows": [asdict(row) for row in rows[:MAX_ROWS]],
            "more": max(0, len(rows) - MAX_ROWS),
        }
        for by, rows in summaries.items()
    }


def pool_text(pool: Pool) -> str:
    """ "768P · 6 s · first frame"."""
    said = (
        pool.resolution,
        f"{pool.duration} s",
        "first frame" if pool.frame else "",
        "sound" if pool.sound else "",
        "simulated" if pool.simulated else "",
    )
    return " · ".join(filter(None, said))


def notes_of(row: SummaryRow) -> list[str]:
    """What one has to know beside the figures."""
    notes = []
    if len(row.pools) > 1:
        notes.append("mixes what should not be compared: see pools")
    if len(row.costs) > 1:  # each by itself
        notes.append(
            ", ".join(f"{cost.clip:.2f} {cost.currency} a clip" for cost in row.costs if cost.clip)
        )
    if row.unpriced:
        notes.append(f"{row.unpriced} without a known price")
    if row.judged and row.judged < row.made:
        notes.append(f"{row.judged} of {row.made} judged")
    return notes
