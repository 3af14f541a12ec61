"""The effect of one thing on the outcomes of clips that agree in everything else, with a verdict.

Clips are compared pair by pair: of each request that differs in this one thing alone, take by
take. A verdict needs more than a coin could do; otherwise it says how many pairs are missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import paired
from hailuo_nb.measure.axes import axis_of, columns_by, item_of, values_of
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.measure.scored import is_figure
from hailuo_nb.pages import words
from hailuo_nb.pages.effect_rows import FAILED, UNDECIDED, VOTES, Effect, Verdict, verdict_text
from hailuo_nb.requests import arguments
from hailuo_nb.results import matching
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import annotation_of, row_of

if TYPE_CHECKING:
    import pandas as pd

_LESS_IS_BETTER = frozenset({"seconds", "cost", FAILED})
_PRIOR_SD = {VOTES: 1.0, "stars": 1.0, "adherence": 0.25, FAILED: 0.5}
"""The standard deviation that differences of these outcomes usually have."""
_MAX_DIFFERENCE = {VOTES: 1.0, "stars": 4.0, "adherence": 1.0, FAILED: 1.0}
"""No difference is larger, so no interval goes beyond."""
_OF_ACCOUNT = frozenset({"auth", "token", "permission", "balance"})
"""Refusals that say nothing of whether the provider makes the clip."""


@dataclass(frozen=True, slots=True)
class ClipOutcomes:
    """What an effect needs of one clip.

    same      what it has to share with another to be compared with it
    item      what is asked about
    outcomes  name -> number, of those that there are
    """

    id: str
    item: str
    same: Hashable
    take: int
    outcomes: Mapping[str, float]
    model: str = ""


def outcomes_of(jobs: Sequence[Job], by: str) -> list[ClipOutcomes]:
    """The outcomes of each clip that has a value on the axis `by`. Waits for the ledger if
    measurements were not read yet. Raises ArgumentError."""
    axis = axis_of(by, jobs)
    STORE.load(jobs)
    failures = any(map(_has_failed, jobs))
    return [
        ClipOutcomes(
            job.id, item, same, job.take, _numbers(job, failures=failures), job.request.model
        )
        for job, same in zip(jobs, matching.keys(jobs, axis), strict=True)
        if (item := item_of(job, axis)) is not None
    ]


def effects(
    clips: Sequence[ClipOutcomes], votes: Sequence[Vote], by: str, outcome: str | None = None
) -> list[Effect]:
    """One for each outcome and pair of items, items in the order in which they first appear.

    outcome  this one alone

    Raises ArgumentError where all clips have the same, or none has the outcome.
    """
    items = list(dict.fromkeys(clip.item for clip in clips))
    if len(items) < 2:
        have = f"all {len(clips)} clips have {items[0]!r}" if items else "there are no clips"
        have = "there is one clip" if len(clips) == 1 else have
        raise ArgumentError(f"an effect of {by!r} needs clips that differ in it; {have}")
    names = dict.fromkeys(name for clip in clips for name in clip.outcomes)
    finders = {name: pairs_by(name, clips, votes) for name in names}
    if votes:
        finders = {VOTES: pairs_by(VOTES, clips, votes), **finders}
    if outcome is not None:
        if arguments.as_text("outcome", outcome) not in finders:
            raise ArgumentError(
                f"no clip has the outcome {outcome!r}; there are: {', '.join(finders) or 'none'}"
            )
        finders = {outcome: finders[outcome]}
    questions = [
        (name, item, other, find(item, other))
        for name, find in finders.items()
        for item, other in combinations(items, 2)
    ]
    found = _judge(questions, {name: prior_sd_of(name, clips) for name, *_ in questions})
    if by != "provider":
        return found
    return [one if one.pairs else replace(one, models=_apart(clips, one)) for one in found]


def _apart(clips: Sequence[ClipOutcomes], found: Effect) -> tuple[str, str] | None:
    """Each provider has a default model of its own, and they are easily overlooked."""
    ours, theirs = (
        {clip.model for clip in clips if clip.item == item} for item in (found.item, found.other)
    )
    if not ours.isdisjoint(theirs):
        return None
    return ", ".join(sorted(ours)), ", ".join(sorted(theirs))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clips that agree in everything else.

    difference  the item's outcome minus the other's
    take        the later one of both
    """

    difference: float
    same: Hashable
    take: int


Find = Callable[[str, str], list[Pair]]
"""The pairs of an item and another, each clip in one pair alone."""


def pairs_by(outcome: str, clips: Sequence[ClipOutcomes], votes: Sequence[Vote]) -> Find:
    """What finds the pairs that say something of this outcome."""
    return _voted(clips, votes) if outcome == VOTES else _matched(clips, outcome)


def less_is_better(outcome: str) -> bool:
    return outcome.split(maxsplit=1)[0] in _LESS_IS_BETTER


def _matched(clips: Sequence[ClipOutcomes], outcome: str) -> Find:
    """Pairs by their outcome: the first takes of a request with each other, the second, and so on.
    A take without a partner is left out: a mean of two against one would lean to one side."""

    def find(item: str, other: str) -> list[Pair]:
        found: list[Pair] = []
        for same, sides in _blocks(clips, item, other).items():
            ours, theirs = (
                [(clip.outcomes[outcome], clip.take) for clip in side if outcome in clip.outcomes]
                for side in sides
            )
            found += [
                Pair(one - two, same, max(first, second))
                for (one, first), (two, second) in zip(ours, theirs, strict=False)
            ]
        return found

    return find


def _voted(clips: Sequence[ClipOutcomes], votes: Sequence[Vote]) -> Find:
    """Pairs by their votes, each clip in one pair alone: two pairs with one bad clip in both would
    say the same twice. Of equally many votes those between the same takes go first."""
    points = {"first": 1.0, "tie": 0.0, "second": -1.0}

    def find(item: str, other: str) -> list[Pair]:
        found: list[Pair] = []
        for same, (ours, theirs) in _blocks(clips, item, other).items():
            sides = {clip.id: 1 for clip in ours} | {clip.id: -1 for clip in theirs}
            takes = {clip.id: clip.take for clip in (*ours, *theirs)}
            met: dict[tuple[str, str], list[float]] = {}
            for vote in votes:
                if sides.get(vote.first, 0) * sides.get(vote.second, 0) == -1:
                    ends = (vote.first, vote.second)
                    pair = ends if sides[vote.first] == 1 else ends[::-1]
                    met.setdefault(pair, []).append(points[vote.outcome] * sides[vote.first])
            used: set[str] = set()
            for pair in sorted(
                met, key=lambda ids: (-len(met[ids]), takes[ids[0]] != takes[ids[1]])
            ):
                if used.isdisjoint(pair):
                    said = met[pair]
                    used |= set(pair)
                    take = max(takes[one] for one in pair)
                    found.append(Pair(sum(said) / len(said), same, take))
        return found

    return find


def _blocks(
    clips: Sequence[ClipOutcomes], item: str, other: str
) -> dict[Hashable, tuple[list[ClipOutcomes], list[ClipOutcomes]]]:
    """Clips of both items that agree in everything else, by takes."""
    blocks: dict[Hashable, tuple[list[ClipOutcomes], list[ClipOutcomes]]] = {}
    for clip in sorted(clips, key=lambda clip: clip.take):
        if clip.item in {item, other}:
            blocks.setdefault(clip.same, ([], []))[clip.item == other].append(clip)
    return {same: sides for same, sides in blocks.items() if all(sides)}


def like_for_like(clips: Sequence[ClipOutcomes]) -> list[tuple[str, str]]:
    """The ids of every two clips that differ in what is asked about alone, take by take."""
    items = dict.fromkeys(clip.item for clip in clips)
    return [
        (one.id, other.id)
        for two in combinations(items, 2)
        for sides in _blocks(clips, *two).values()
        for one, other in zip(*sides, strict=False)
    ]


def unvoted(clips: Sequence[ClipOutcomes], votes: Sequence[Vote]) -> list[tuple[str, str]]:
    """The pairs of `like_for_like` that have no vote."""
    voted = {frozenset((vote.first, vote.second)) for vote in votes}
    return [pair for pair in like_for_like(clips) if frozenset(pair) not in voted]


def prior_sd_of(name: str, clips: Sequence[ClipOutcomes]) -> float:
    """The standard deviation that differences of this outcome usually have; of an outcome that is
    not known here, that of its values."""
    if name in _PRIOR_SD:
        return _PRIOR_SD[name]
    values = [clip.outcomes[name] for clip in clips if name in clip.outcomes]
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _judge(
    questions: Sequence[tuple[str, str, str, list[Pair]]], prior_sd: Mapping[str, float]
) -> list[Effect]:
    differences = [[pair.difference for pair in pairs] for *_, pairs in questions]
    found = {
        index: paired.compare(values, prior_sd[questions[index][0]])
        for index, values in enumerate(differences)
        if values
    }
    sure = dict(zip(found, paired.decided(list(found.values())), strict=True))
    return [
        effect_of(
            *question,
            _centre(question[0], differences[index], prior_sd[question[0]]),
            verdict=_verdict(question[0], found[index].mean) if sure.get(index) else None,
            more=paired.more_pairs(differences[index], prior_sd[question[0]], len(found) or 1),
        )
        for index, question in enumerate(questions)
    ]


Centre = tuple[float | None, float | None, float | None]
"""A difference and the ends of its interval."""


def _centre(outcome: str, differences: Sequence[float], prior_sd: float) -> Centre:
    if not differences:
        return None, None, None
    mean, low, high = paired.mean_of(differences, prior_sd)
    most = max_difference(outcome)
    return mean, None if low is None else max(low, -most), None if high is None else min(high, most)


def max_difference(outcome: str) -> float:
    """No difference is larger; inf where nobody knows a bound."""
    return _MAX_DIFFERENCE.get(outcome, math.inf)


def _verdict(outcome: str, mean: float) -> Verdict:
    return "better" if (mean > 0) != less_is_better(outcome) else "worse"


def effect_of(
    outcome: str,
    item: str,
    other: str,
    pairs: Sequence[Pair],
    centre: Centre,
    *,
    verdict: Verdict | None,
    more: int | None,
) -> Effect:
    """The figures of these pairs, with the verdict if there is one. `more` as in `Effect`."""
    requests = len({pair.same for pair in pairs})
    return Effect(
        outcome,
        item,
        other,
        *centre,
        len(pairs),
        requests,
        verdict or UNDECIDED,
        0 if verdict else more,
    )


# What there is of a clip -------------------------------------------------------------------------


def _has_failed(job: Job) -> bool:
    """Whether the provider refused it, or gave it up. A link that ran out is nobody's failure: this
    machine may have slept."""
    row = row_of(job)
    return row.state == "failed" or (row.state == "rejected" and row.error_kind not in _OF_ACCOUNT)


def _numbers(job: Job, *, failures: bool) -> dict[str, float]:
    """The outcomes of a clip that is made, or has failed.

    failures  whether any clip of the board has: that none has is no outcome
    """
    if job.state != "saved":
        return {FAILED: 1.0} if _has_failed(job) else {}
    amount, currency = job.spent
    began, ended = job.submitted_at, job.finished_at
    scores = STORE.get(job.id)
    found = {
        **({FAILED: 0.0} if failures else {}),
        "stars": annotation_of(job).stars,
        "adherence": scores.get("adherence"),
        "seconds": None if began is None or ended is None else ended - began,
        **({f"cost {currency}": amount} if currency else {}),  # a simulated clip costs nothing
    }
    found |= {
        name: value
        for name, value in scores.items()
        if is_figure(name, value) and name not in {VOTES, FAILED, *found}
    }
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


# The table ---------------------------------------------------------------------------------------


_COLUMNS = (
    "outcome", "item", "than", "difference", "low", "high", "n_pairs", "n_requests", "verdict",
)  # fmt: skip


def to_frame(found: Sequence[Effect], by: str, jobs: Sequence[Job] = ()) -> pd.DataFrame:
    """See `Comparison.effect`. Items have the values that these jobs have."""
    import pandas as pd

    of = values_of(jobs, axis_of(by, jobs))

    records = [
        (
            one.outcome,
            of.get(one.item, one.item),
            of.get(one.other, one.other),
            one.difference,
            one.low,
            one.high,
            one.pairs,
            one.requests,
            verdict_text(one, words.translator()),
        )
        for one in found
    ]
    table = pd.DataFrame(records, columns=columns_by(by, _COLUMNS))
    figures = dict.fromkeys(("difference", "low", "high"), 12)
    return table.astype(dict.fromkeys(figures, float)).round(figures)  # no 1e-17 for 0
