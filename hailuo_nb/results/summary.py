"""The summary of a comparison: one row a provider, prompt, model or move, and where one is best.

Intervals are 95 %: Wilson's for shares, Student's for means of stars and adherence, order
statistics for the median time, Bradley and Terry's for votes. A figure is best only where its
interval lies wholly on the good side of that of every other row with the same pools. Stars and
adherence depend on what was filmed: none is best where the rows' clips were of other prompts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from hailuo_nb.engine.ledger.annotations import MAX_STARS, Vote
from hailuo_nb.engine.states import FINAL, State
from hailuo_nb.measure import intervals
from hailuo_nb.measure.axes import item_of
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.ordering.budget import Cost as Spent
from hailuo_nb.ordering.budget import totals
from hailuo_nb.pages.summary_rows import (
    SHOWN_BY,
    Cost,
    Figure,
    Pool,
    Summaries,
    SummaryRow,
)
from hailuo_nb.results import costs, pools
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import annotation_of
from hailuo_nb.results.pools import pool_of
from hailuo_nb.results.ranking import Rank

if TYPE_CHECKING:
    pass

KEEP = "keep"
KEPT_STARS = 4
FAILED_STATES: frozenset[State] = frozenset({"rejected", "failed", "expired"})
"""What `n_failed` counts."""
_PRIOR_SD_STARS = 1.0  # the standard deviation of the stars of clips that are alike
_PRIOR_SD_ADHERENCE = 0.25
_LEAST_OVERLAP = 0.75  # of the prompts of two rows, in shares of their clips

Find = Callable[[SummaryRow], Figure | None]
Put = Callable[[SummaryRow, Figure], SummaryRow]
Subjects = Mapping[str, Counter[str]]
"""Of each item: what its clips show, and how many of them."""


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What the summary counts of one clip.

    seconds  from submit to file
    spent    see `Job.spent`
    rating   mean of the raters, 0 for none
    subject  what was to be filmed; "" where that is what the items are
    """

    id: str
    item: str
    label: str
    state: State
    seconds: float | None
    spent: Spent
    rating: float
    kept: bool
    adherence: float | None
    pool: Pool
    subject: str = ""


def facts_of(jobs: Sequence[Job], by: str) -> list[ClipFacts]:
    """Of the clips that have a value there. Waits for the ledger, where measurements were not read
    yet.

    by  an axis, see `measure.axes`
    """
    STORE.load(jobs)
    return [_facts_of(job, by, item) for job in jobs if (item := item_of(job, by)) is not None]


def all_of(jobs: Sequence[Job], votes: Sequence[Vote]) -> Summaries:
    """The summaries that a board and a page show."""
    return {by: summarise(facts_of(jobs, by), votes) for by in SHOWN_BY}


def _facts_of(job: Job, by: str, item: str) -> ClipFacts:
    began, ended = job.submitted_at, job.finished_at
    amount, currency = job.spent
    known = amount is not None and 0 <= amount < math.inf  # a ledger may come from a stranger
    adherence = STORE.get(job.id).get("adherence")
    stars = annotation_of(job).stars or 0
    return ClipFacts(
        id=job.id,
        item=item,
        label=job.provider_title if by == "provider" else item,
        state=job.state,
        seconds=None if began is None or ended is None else max(0.0, ended - began),
        spent=(amount if known else None, currency),
        rating=stars,
        kept=stars >= KEPT_STARS or KEEP in {tag.casefold() for tag in job.tags},
        adherence=adherence if isinstance(adherence, float) else None,
        pool=pool_of(job),
        subject=_subject(job, by),
    )


def _subject(job: Job, axis: str) -> str:
    if axis == "prompt" or axis in job.own_columns:  # which may stand for the prompt
        return ""
    beside = {"camera": "wording", "wording": "camera"}.get(axis, "prompt")
    return item_of(job, beside) or ""


def summarise(
    clips: Sequence[ClipFacts], votes: Iterable[Vote], axis: str = ""
) -> list[SummaryRow]:
    """The rows, in the order in which their items first appear; `votes` are between clips, and
    count where both are of one pool.

    axis  what they are summed up by; what clips differ in by it keeps no votes apart
    """
    item = {clip.id: clip.item for clip in clips}
    apart = {clip.id: pools.apart(clip.pool, axis) for clip in clips}
    known = [vote for vote in votes if vote.first in item and vote.second in item]
    found = {one.item: one for one in pools.by_item(pools.within(known, apart), item)}
    groups: dict[str, list[ClipFacts]] = {}
    for clip in clips:
        groups.setdefault(clip.item, []).append(clip)
    rows = [_row(group, found.get(name)) for name, group in groups.items()]
    for find, put, more, has in _FIGURES:
        rows = _mark(rows, find, put, has and _subjects(clips, has), more=more)
    return _mark_costs(rows, _subjects(clips, lambda _: True))


def _is_rated(clip: ClipFacts) -> bool:
    return clip.state == "saved" and clip.rating > 0


def _is_measured(clip: ClipFacts) -> bool:
    return clip.state == "saved" and clip.adherence is not None


def _row(clips: Sequence[ClipFacts], votes: Rank | None) -> SummaryRow:
    made = [clip for clip in clips if clip.state == "saved"]
    failed = sum(clip.state in FAILED_STATES for clip in clips)
    over = len(made) + failed
    share = len(made) / over if over else None
    low, high = intervals.wilson(share or 0.0, over) if over else (None, None)
    seconds = [clip.seconds for clip in made if clip.seconds is not None]
    spent = [clip for clip in clips if clip.state in FINAL]
    return SummaryRow(
        item=clips[0].item,
        label=clips[0].label,
        simulated=clips[0].pool.simulated,
        clips=len(clips),
        made=len(made),
        failed=failed,
        unknown=sum(clip.state == "unknown" for clip in clips),
        share=Figure(share, low, high, over),
        seconds=_figure(_quantile(seconds, 0.5), intervals.of_median(seconds), len(seconds)),
        slow=_quantile(seconds, 0.9),
        costs=_costs(spent),
        unpriced=sum(clip.spent[0] is None for clip in spent),
        judged=sum(clip.rating > 0 or clip.kept for clip in made),
        kept=sum(clip.kept for clip in made),
        stars=_mean(
            [clip.rating for clip in clips if _is_rated(clip)], _PRIOR_SD_STARS, (1, MAX_STARS)
        ),
        strength=_strength(votes),
        wins=votes.wins if votes else 0,
        losses=votes.losses if votes else 0,
        ties=votes.ties if votes else 0,
        adherence=_mean(
            [clip.adherence for clip in made if clip.adherence is not None],
            _PRIOR_SD_ADHERENCE,
            (0, 1),
        ),
        pools=tuple(dict.fromkeys(clip.pool for clip in made)),
    )


def _figure(value: float | None, interval: tuple[float, float] | None, n: int) -> Figure:
    low, high = interval or (None, None)
    return Figure(value, low, high, n)


def _strength(votes: Rank | None) -> Figure:
    if votes is None:
        return Figure()
    return Figure(votes.strength, votes.low, votes.high, votes.wins + votes.losses + votes.ties)


def _mean(values: Sequence[float], prior_sd: float, bounds: tuple[float, float]) -> Figure:
    """The mean of marks that lie within bounds."""
    if not values:
        return Figure()
    found = intervals.of_mean(values, prior_sd)
    least, most = bounds
    within = None if found is None else (max(least, found[0]), min(most, found[1]))
    return _figure(sum(values) / len(values), within, len(values))


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Between the two values next to it."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _costs(clips: Sequence[ClipFacts]) -> tuple[Cost, ...]:
    """Each currency for itself; a price that nobody knows leaves all unknown."""
    known = all(clip.spent[0] is not None for clip in clips)
    currencies = totals([clip.spent for clip in clips])
    return tuple(
        _cost(currency, [clip for clip in clips if clip.spent[1] == currency], known=known)
        for currency in currencies
    )


def _cost(currency: str, clips: Sequence[ClipFacts], *, known: bool) -> Cost:
    made = [clip for clip in clips if clip.state == "saved"]
    kept, count = sum(clip.kept for clip in made), len(clips)
    if not known:
        return Cost(currency, None, len(made), Figure(n=kept))
    spent = [clip.spent for clip in clips]
    one_made, one_kept = costs.share(spent, len(made))[0], costs.share(spent, kept)[0]
    if one_kept is None:
        return Cost(currency, one_made, len(made), Figure(n=kept))
    # What one costs is certain; by chance come those that are kept.
    low, high = intervals.wilson(kept / count, count)
    sent = one_kept * kept / count
    return Cost(currency, one_made, len(made), Figure(one_kept, sent / high, sent / low, kept))


# The best ----------------------------------------------------------------------------------------


def _subjects(clips: Iterable[ClipFacts], has: Callable[[ClipFacts], bool]) -> Subjects:
    """Those of the clips that have the figure."""
    found: dict[str, Counter[str]] = {}
    for clip in filter(has, clips):
        found.setdefault(clip.item, Counter())[clip.subject] += 1
    return found


def _are_alike(found: Sequence[Counter[str]]) -> bool:
    """Whether any two show the same in about the same shares, however many clips they have."""
    return all(
        sum(min(one[name] / one.total(), other[name] / other.total()) for name in one)
        >= _LEAST_OVERLAP
        for one, other in combinations(found, 2)
    )


def _mark(
    rows: Sequence[SummaryRow],
    find: Find,
    put: Put,
    subjects: Subjects | None = None,
    *,
    more: bool,
) -> list[SummaryRow]:
    """The rows, the best of each pool by this figure marked, if any is; `more` of it is better.

    subjects  of the clips that have the figure, if it depends on them
    """
    pools = {frozenset(row.pools) for row in rows if row.pools}
    best = [
        found
        for pool in pools
        if (
            found := _best(
                [row for row in rows if not row.pools or frozenset(row.pools) == pool],
                find,
                subjects,
                more=more,
            )
        )
    ]
    return [
        put(row, replace(figure, best=True)) if row in best and (figure := find(row)) else row
        for row in rows
    ]


def _best(
    rows: Sequence[SummaryRow], find: Find, subjects: Subjects | None, *, more: bool
) -> SummaryRow | None:
    """The row whose interval lies on the good side of all others', if any does. A row of which
    nothing was made has no pool and stands against all."""
    found = [(row, figure) for row in rows if (figure := find(row)) and figure.value is not None]
    if len(found) < 2:
        return None
    if subjects is not None and not _are_alike([subjects[row.item] for row, _ in found]):
        return None
    goodness = 1 if more else -1
    best, figure = max(found, key=lambda one: goodness * (one[1].value or 0.0))
    others = [other for row, other in found if row is not best]
    apart = all(_parts(other, figure) if more else _parts(figure, other) for other in others)
    return best if apart else None


def _parts(low: Figure, high: Figure) -> bool:
    """Whether the one interval lies wholly below the other; without intervals nobody can say."""
    return low.high is not None and high.low is not None and low.high < high.low


def _mark_costs(rows: Sequence[SummaryRow], subjects: Subjects) -> list[SummaryRow]:
    """The same for what a kept clip cost: where all is judged, and priced in one currency."""
    paid = [row for row in rows if row.costs or row.unpriced]
    currencies = {cost.currency for row in paid for cost in row.costs}
    sure = all(
        len(row.costs) == 1 and row.costs[0].kept.n and row.judged == row.made for row in paid
    )
    if not sure or len(currencies) > 1:
        return list(rows)
    return _mark(
        rows,
        lambda row: row.costs[0].kept if row.costs else None,
        lambda row, kept: replace(row, costs=(replace(row.costs[0], kept=kept),)),
        subjects,
        more=False,
    )


def _put(name: str) -> Put:
    return lambda row, figure: replace(row, **{name: figure})  # type: ignore[arg-type] # a name of a Figure


_FIGURES: tuple[tuple[Find, Put, bool, Callable[[ClipFacts], bool] | None], ...] = (
    (lambda row: row.share, _put("share"), True, None),
    (lambda row: row.seconds, _put("seconds"), False, None),
    (lambda row: row.stars, _put("stars"), True, _is_rated),
    (lambda row: row.strength, _put("strength"), True, None),
    (lambda row: row.adherence, _put("adherence"), True, _is_measured),
)
"""How a figure is read and marked, whether more is better, and which clips have it if it depends on
what they show."""
