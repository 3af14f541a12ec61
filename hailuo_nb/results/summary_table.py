"""The summary of a comparison as a table of pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hailuo_nb.measure.axes import axis_of, index_of
from hailuo_nb.pages.summary_rows import Figure, SummaryRow, notes_of, pool_text
from hailuo_nb.results.job import Job

if TYPE_CHECKING:
    import pandas as pd


def to_frame(rows: Sequence[SummaryRow], by: str, jobs: Sequence[Job] = ()) -> pd.DataFrame:
    """See `Comparison.summary`. The index has the values that these jobs have."""
    import pandas as pd

    records = [_record(row) for row in rows]
    index = index_of([row.item for row in rows], jobs, axis_of(by, jobs), by)
    table = pd.DataFrame(records, index=index, columns=COLUMNS)
    return table.astype(dict.fromkeys(_NUMBERS, float))


COUNTS = {
    "made_share": "n_ended",
    "seconds_p50": "n_timed",
    "cost": "n_made",
    "cost_kept": "n_kept",
    "stars": "n_rated",
    "strength": "n_votes",
    "adherence": "n_measured",
}
"""Of how many clips or votes a figure is."""


def _record(row: SummaryRow) -> dict[str, object]:
    cost = row.costs[0] if len(row.costs) == 1 else None
    free = None if row.costs or row.unpriced else 0.0  # what a clip cost where all were free
    figures = {
        "made_share": row.share,
        "seconds_p50": row.seconds,
        "cost_kept": cost.kept if cost else Figure(free if row.kept else None, n=row.kept),
        "stars": row.stars,
        "strength": row.strength,
        "adherence": row.adherence,
    }
    record: dict[str, object] = {
        "n_clips": row.clips,
        "n_failed": row.failed,
        "n_unknown": row.unknown,
        "n_unpriced": row.unpriced,
        "seconds_p90": row.slow,
        "currency": cost.currency if cost else "",
        "cost": cost.clip if cost else free if row.made else None,
        "best": tuple(name for name, figure in figures.items() if figure.best),
        "pools": "; ".join(map(pool_text, row.pools)),
        "note": "; ".join(notes_of(row)),
    }
    for name, figure in figures.items():
        record |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
        record[COUNTS[name]] = figure.n
    return {**record, "n_made": row.made}


def _with_interval(name: str) -> tuple[str, ...]:
    return (name, f"{name}_low", f"{name}_high", COUNTS[name])


COLUMNS = (
    "n_clips", "n_made", "n_failed", "n_unknown", *_with_interval("made_share"),
    *_with_interval("seconds_p50"), "seconds_p90", "currency", "cost", "n_unpriced",
    *_with_interval("cost_kept"), *_with_interval("stars"), *_with_interval("strength"),
    *_with_interval("adherence"), "best", "pools", "note",
)  # fmt: skip
"""The columns of `Comparison.summary`."""

_NUMBERS = [
    "seconds_p90",
    "cost",
    *(
        f"{name}{part}"
        for name in ("made_share", "seconds_p50", "cost_kept", "stars", "strength", "adherence")
        for part in ("", "_low", "_high")
    ),
]
