"""The items of a board by what was measured and scored, best first: `Scoring.ranking`."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import intervals
from hailuo_nb.measure.axes import Grouped, axis_of, index_of, item_of
from hailuo_nb.measure.clip_score import Score
from hailuo_nb.measure.report import direction_share
from hailuo_nb.measure.scored import is_figure
from hailuo_nb.media.text import did_you_mean
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    import pandas as pd

DIRECTIONS = "directions_right"
_LESS = frozenset({"flicker", "freeze", "black_frames", "sharpness_drop"})
"""Measured columns of which less is better."""

_Row = tuple[float | None, float | None, float | None, *tuple[int, ...]]


def ranking(
    scores: Mapping[str, Score],
    clips: Mapping[str, Grouped],
    by: str,
    score: str | None,
    less_is_better: bool | None,
) -> pd.DataFrame:
    """See `Scoring.ranking`. `clips` by their ids. Raises ArgumentError."""
    import pandas as pd

    axis = axis_of(by, clips.values())
    groups: dict[str, list[Score]] = {}
    for job_id, one in scores.items():
        if (item := item_of(clips[job_id], axis)) is not None:
            groups.setdefault(item, []).append(one)
    column = _column(list(scores.values()), score)
    less = column in _LESS if less_is_better is None else less_is_better
    if column == DIRECTIONS:
        measured = {item: [one for one in of if one.measured] for item, of in groups.items()}
        rows = {item: _directions(of) for item, of in measured.items() if of}
        counts = ["n_moves_judged", "n_moves_requested", "n_clips", "n_errors"]
    else:
        whole = [value for one in scores.values() if (value := _value(one, column)) is not None]
        prior_sd = statistics.pstdev(whole) if whole else 0.0
        rows = {
            item: _mean([_value(one, column) for one in of], prior_sd)
            for item, of in groups.items()
        }
        counts = ["n_clips", "n_gaps"]
    ordered = sorted(rows, key=lambda item: (_sure_end(rows[item], less=less), item))
    table = pd.DataFrame([rows[item] for item in ordered], columns=[column, "low", "high", *counts])
    index = index_of(ordered, clips.values(), axis, by)
    return table.set_axis(index).astype(dict.fromkeys((column, "low", "high"), float))


def _column(scores: Sequence[Score], asked: str | None) -> str:
    own = dict.fromkeys(n for one in scores for n, v in one.values.items() if is_figure(n, v))
    measured = any(one.measured for one in scores)
    if asked is None:
        if measured or len(own) != 1:
            if own and not measured:
                raise ArgumentError(f"score= names the column to rank by: {', '.join(own)}")
            return DIRECTIONS
        return next(iter(own))
    name = arguments.as_text("score", asked)
    known = [*own, *(_measured_figures(scores) if measured else ())]
    if name not in known:
        hint = did_you_mean(name, known) or "."
        raise ArgumentError(
            f"no clip has a figure {arguments.describe(name)} to rank by{hint} There are: "
            f"{', '.join(known) or 'none'}"
        )
    return name


def _measured_figures(scores: Sequence[Score]) -> list[str]:
    columns = [one.measured_columns() for one in scores if one.measured]
    found = dict.fromkeys(
        name for one in columns for name, value in one.items() if isinstance(value, int | float)
    )
    return [DIRECTIONS, *(name for name in found if name != DIRECTIONS)]


def _value(score: Score, column: str) -> float | None:
    value = score.values.get(column)
    if value is None and score.measured:
        value = score.measured_columns().get(column)
    return float(value) if isinstance(value, int | float) else None


def _directions(scores: Sequence[Score]) -> _Row:
    verdicts = [score.adherence for score in scores if score.adherence is not None]
    share, judged, low, high = direction_share(verdicts)
    requested = sum(verdict.requested for verdict in verdicts)
    return share, low, high, judged, requested, len(verdicts), len(scores) - len(verdicts)


def _mean(values: Sequence[float | None], prior_sd: float) -> _Row:
    known = [value for value in values if value is not None]
    low, high = intervals.of_mean(known, prior_sd) or (None, None)
    mean = sum(known) / len(known) if known else None
    return mean, low, high, len(known), len(values) - len(known)


def _sure_end(row: _Row, *, less: bool) -> tuple[bool, bool, float]:
    """What rows are ordered by: the end of the interval that is sure, then those without one."""
    mean, low, high = row[:3]
    end = high if less else low
    found = mean if end is None else end
    return mean is None, end is None, (found or 0.0) * (1 if less else -1)
