"""Checks of a comparison, judged for each item: one passes where there is a value and it holds.

What has no value falls short, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hailuo_nb.engine.states import SETTLED, State
from hailuo_nb.errors import ArgumentError, CheckError
from hailuo_nb.measure.axes import columns_by, item_of, values_of
from hailuo_nb.measure.report import COLUMNS as MEASURED
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.media.text import one_line, shortened
from hailuo_nb.ordering.budget import Cost, totals
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.requests import arguments
from hailuo_nb.results import summary_table
from hailuo_nb.results.check_text import SPENT, Check, is_money, read, require_known
from hailuo_nb.results.job import Job

if TYPE_CHECKING:
    import pandas as pd

_MAX_ITEM = 60  # characters of a prompt in a message
_MAX_LINES = 20  # rows that a message has
_TEXTS = frozenset(
    {
        "currency", "best", "pools", "note",
        "extra_moves", "measured_size", "codec", "audio", "measure_notes",
    }
)  # fmt: skip
"""Columns that are no numbers."""
_COLUMNS = ("check", "item", "value", "n", "of", "passed", "reason")
_ENDS = {"_low": "low end, 95 %", "_high": "high end, 95 %"}
_AGGREGATES = {
    "made_share": "share",
    "seconds_p50": "median",
    "seconds_p90": "90th percentile",
    "cost": "for each clip made",
    "cost_kept": "for each clip kept",
    SPENT: "sum",
    "strength": "log-odds of votes",
}
"""What a column says of the clips of an item; of others it is the mean."""


@dataclass(frozen=True, slots=True)
class CheckedClip:
    """What a check needs of one clip beside the summary.

    spent    see `Job.spent`
    figures  what was measured and scored, by column
    note     why it could not be measured
    """

    item: str
    state: State
    spent: Cost = (0.0, "")
    error: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    """value None with its reason; n clips or votes that it is from; of: how it is made of them."""

    value: float | None
    n: int
    of: str
    reason: str = ""
    currency: str = ""


def known_columns(
    columns: Iterable[str] = summary_table.COLUMNS, figures: Iterable[str] = ()
) -> list[str]:
    """What a check can ask for: numbers of the summary, of a measurement, and of scorers."""
    return [name for name in (*columns, *MEASURED, *figures) if name not in _TEXTS]


def needs_measuring(check: Check) -> bool:
    """Whether `hn.score` has to run for its column."""
    return _base(check.column) in MEASURED


# Judging -----------------------------------------------------------------------------------------


def check(
    expressions: Sequence[object],
    by: str,
    table: pd.DataFrame,
    jobs: Sequence[Job],
    skipped: Sequence[Skipped],
    *,
    errors: str,
    also: Iterable[str] = (),
) -> pd.DataFrame:
    """See `Comparison.check`.

    table    the summary of the jobs
    skipped  clips that cannot be made
    also     columns that may be asked for although no clip has them
    """
    if not isinstance(errors, str) or errors not in {"raise", "ignore"}:
        raise ArgumentError(f"errors is {arguments.describe(errors)}: it is 'raise' or 'ignore'")
    found = read(expressions)
    clips = [clip for job in jobs if (clip := _clip(job, by)) is not None]
    if not clips and not skipped:
        raise ArgumentError("there is nothing to check: the comparison has no clip")
    refused = {item_of(skip, by) or "": skip.error or "" for skip in skipped}
    result = judge(found, by, table, clips, refused, also=also)
    item = result.columns[1]
    of = {str(one): one for one in table.index.tolist()} | values_of(skipped, by)
    result[item] = [of.get(one, one) for one in result[item]]
    short = result[~result["passed"]]
    if errors == "raise" and len(short):
        raise CheckError(_message(short, len(result)), short)
    return result


def judge(
    checks: Sequence[Check],
    by: str,
    table: pd.DataFrame,
    clips: Sequence[CheckedClip],
    refused: Mapping[str, str],
    *,
    also: Iterable[str] = (),
) -> pd.DataFrame:
    """One row for each check and item.

    table    the summary: one row an item, the item as index
    refused  items of clips that cannot be made, with why; those that have clips all the same are
             judged by them
    """
    import pandas as pd

    figures = {name for clip in clips for name in clip.figures}
    require_known(checks, known_columns(map(str, table.columns), {*figures, *also}))
    rows = dict(zip(map(str, table.index), table.to_dict("records"), strict=True))
    of_item: dict[str, list[CheckedClip]] = {item: [] for item in rows}
    for clip in clips:
        of_item.setdefault(clip.item, []).append(clip)
    records = []
    for one in checks:
        values = {
            item: _value(one.column, rows.get(item, {}), own) for item, own in of_item.items()
        }
        for item, value in _of_currency(one, values).items():
            reason = _open(of_item[item]) or value.reason or _shortfall(one, value)
            records.append((one.text, item, value.value, value.n, value.of, not reason, reason))
        records += [
            (one.text, item, None, 0, _aggregate(one.column), False, f"cannot be made: {why}")
            for item, why in refused.items()
            if item not in of_item
        ]
    return pd.DataFrame(records, columns=columns_by(by, _COLUMNS)).astype(
        {"value": float, "passed": bool}
    )


def _value(column: str, row: Mapping[Any, Any], clips: Sequence[CheckedClip]) -> _Value:
    """`row` is that of the summary."""
    of = _aggregate(column)
    if column == SPENT:
        return _spent([clip.spent for clip in clips], of)
    if column in row:
        given = row[column]
        counted = row.get(summary_table.COUNTS.get(_base(column), ""), len(clips))
        value = None if arguments.is_missing(given) else float(given)
        n = 0 if arguments.is_missing(counted) else int(counted)
        reason = "" if value is not None else _missing(column, clips, str(row.get("note", "")))
        return _Value(value, n, of, reason, str(row.get("currency", "")))
    values = [clip.figures[column] for clip in clips if column in clip.figures]
    if not values:
        return _Value(None, 0, of, _missing(column, clips, ""))
    return _Value(sum(values) / len(values), len(values), of)


def _spent(costs: Sequence[Cost], of: str) -> _Value:
    sums = totals(costs)
    unknown = sum(amount is None for amount, _ in costs)
    if unknown or len(sums) > 1:
        why = f"{unknown} without a known price" if unknown else "spent in several currencies"
        return _Value(None, len(costs), of, why)
    currency, amount = next(iter(sums.items()), ("", 0.0))
    return _Value(amount, len(costs), of, "", currency)


def _of_currency(check: Check, values: Mapping[str, _Value]) -> dict[str, _Value]:
    """The values that the check is about: with a currency, those of items that were paid in it.
    Without one, sums of different money are not held against one number."""
    if not is_money(check.column):
        return dict(values)
    currencies = {value.currency for value in values.values() if value.currency}
    named = check.currency
    if named:
        foreign = currencies - {named}
        return {
            item: replace(value, reason=f"it is in {value.currency}")
            if value.currency in foreign
            else value
            for item, value in values.items()
            if value.currency not in foreign or named not in currencies
        }
    if len(currencies) < 2:
        return dict(values)
    several = f"prices are in {' and '.join(sorted(currencies))}: name one, as in 'cost <= 2 CNY'"
    return {item: replace(value, reason=value.reason or several) for item, value in values.items()}


def _open(clips: Sequence[CheckedClip]) -> str:
    left = sum(clip.state not in SETTLED for clip in clips)
    if not left:
        return ""
    verb = "is" if left == 1 else "are"
    return f"{left} of {len(clips)} clips {verb} not over" if len(clips) > 1 else "it is not over"


def _missing(column: str, clips: Sequence[CheckedClip], note: str) -> str:
    """Why there is no value."""
    base = _base(column)
    if not any(clip.state == "saved" for clip in clips):
        error = next((clip.error for clip in clips if clip.error), "")
        return shortened(f"no clip was made{f': {error}' if error else ''}")
    if base in MEASURED:
        measured = any(MEASURED.keys() & clip.figures.keys() for clip in clips)
        if measured:
            return "measured, and nothing could be judged"
        return f"not measured: {next((clip.note for clip in clips if clip.note), 'hn.score')}"
    reasons = {
        "stars": "no clip has stars",
        "strength": "no votes",
        "cost_kept": note or "no clip was kept",
        "cost": note or "nothing is known of its price",
    }
    return reasons.get(base, "no clip has a value")


def _shortfall(check: Check, value: _Value) -> str:
    if value.value is None:
        return "no value"
    if check.holds(value.value):
        return ""
    return f"{value.value:.6g} is not {check.sign} {check.limit:.6g}"


def _message(short: pd.DataFrame, count: int) -> str:
    by = short.columns[1]
    lines = [
        f"  {row['check']} · {one_line(str(row[by]), _MAX_ITEM)}: {row['reason']} (n = {row['n']})"
        for row in short.to_dict("records")
    ]
    more = [f"  and {len(lines) - _MAX_LINES} more"] if len(lines) > _MAX_LINES else []
    verb = "falls" if len(short) == 1 else "fall"
    head = f"{len(short)} of {count} checks {verb} short"
    return "\n".join([head, *lines[:_MAX_LINES], *more])


# Names and clips ---------------------------------------------------------------------------------


def _base(column: str) -> str:
    """The column without the ending of an interval or count."""
    end = next((end for end in _ENDS if column.endswith(end)), "")
    base = column.removesuffix(end) if end else column
    return "seconds_p50" if base == "seconds_p90" else base


def _aggregate(column: str) -> str:
    for end, words in _ENDS.items():
        if column.endswith(end):
            return words
    if column.startswith("n_"):
        return "count"
    return _AGGREGATES.get(column, "mean")


def _clip(job: Job, by: str) -> CheckedClip | None:
    """None for one that has no value there."""
    item = item_of(job, by)
    if item is None:
        return None
    found = STORE.get(job.id)
    figures = {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }
    note = str(found.get("measure_notes") or "")
    return CheckedClip(item, job.state, job.spent, job.error or "", figures, note)
