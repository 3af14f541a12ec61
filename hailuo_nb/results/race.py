"""The rounds of a race: the clips of each, the pairs still to be judged, the items left."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import ClassVar

from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import paired, racing
from hailuo_nb.measure.axes import axis_of, item_of
from hailuo_nb.ordering import budget
from hailuo_nb.ordering.requested import known_job
from hailuo_nb.pages.effect_rows import VOTES, Effect
from hailuo_nb.results import costs, effects, matching
from hailuo_nb.results.job import Job

STARS = "stars"
BY_PEOPLE = (VOTES, STARS)
"""Outcomes that people give: a race waits for them between its rounds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What all clips of a race may come to, those that the ledger had before among them.

    cost    list price of each currency by itself; None for no limit
    clips   how many; None for no limit
    rounds  how many
    """

    cost: float | None
    clips: int | None
    rounds: int

    def check(self, wanted: Sequence[JobSpec], before: Sequence[budget.Cost]) -> None:
        """Raises BudgetError where sending those of the wanted clips that are new would go beyond.

        before  what the clips of earlier rounds cost
        """
        known = [(item, known_job(item)) for item in wanted]
        fresh = [(item.cost, item.currency) for item, row in known if row is None]
        if not fresh:
            return
        paid = [*before, *(_cost(item, row) for item, row in known if row is not None)]
        budget.check(fresh, max_cost=self.cost, max_clips=self.clips, spent=paid, name="budget")


def _cost(item: JobSpec, row: JobRow) -> budget.Cost:
    """What a clip of the ledger counts for: see `costs.counted`."""
    return (item.cost, item.currency) if item.account.simulated else spent(row)


@dataclass(frozen=True, slots=True)
class Look:
    """What the rounds so far say.

    left    items that are still in the race
    beaten  items that left it now: item -> the one that is surely better
    pairs   how many pairs of clips were compared in all
    leader  the best of those left by its mean difference; None before the first pair
    lead    that difference, added up over the others; 0 where all are level
    more    about how many pairs more would tell it from each other one: see `paired.more_pairs`
    """

    left: tuple[str, ...]
    beaten: Mapping[str, str] = field(default_factory=dict)
    pairs: int = 0
    leader: str | None = None
    lead: float = 0.0
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A round that is over.

    items  that were in the race when it began
    clips  asked for in it; made: of them
    spent  on all clips of the race so far, by currency
    """

    number: int
    items: tuple[str, ...]
    clips: int
    made: int
    look: Look
    spent: costs.Spent

    COLUMNS: ClassVar = [
        "items", "n_clips", "n_made", "n_pairs", "dropped", "n_left", "spent", "currency",
    ]  # fmt: skip

    def record(self) -> tuple[object, ...]:
        """See `Tune.rounds`."""
        (currency, amount), *others = [*self.spent.items()] or [("", 0.0)]
        return (
            self.items,
            self.clips,
            self.made,
            self.look.pairs,
            tuple(self.look.beaten),
            len(self.look.left),
            math.nan if others or self.spent.unknown else amount,
            "" if others else currency,
        )


class Race:
    """What is raced, and what the clips of its rounds say."""

    def __init__(
        self, axis: str, outcome: str, items: tuple[str, ...], first: int, span: int
    ) -> None:
        """
        axis   what the items are of, see `measure.axes`
        first  the first take of round 1
        span   how many takes a round has
        """
        self.axis, self.outcome, self.items = axis, outcome, items
        self.first, self.span = first, span

    def round_of(self, take: int) -> int:
        """From 0."""
        return (take - self.first) // self.span

    def look(self, jobs: Sequence[Job], votes: Sequence[Vote], left: Sequence[str]) -> Look:
        """What is known after a round, of the clips of this round and those before."""
        clips = effects.outcomes_of(jobs, self.axis)
        find = effects.pairs_by(self.outcome, clips, votes)
        sign = -1 if effects.less_is_better(self.outcome) else 1
        found = {
            (item, other): [
                replace(pair, difference=sign * pair.difference) for pair in find(item, other)
            ]
            for item in left
            for other in left
            if item != other
        }
        total = len(self.items)
        beaten = racing.beaten(left, total, lambda one, two: self._by_round(found[one, two]))
        still = tuple(item for item in left if item not in beaten)
        pairs = sum(len(pairs) for pairs in found.values()) // 2
        if not pairs:
            return Look(still)
        differences = {key: [pair.difference for pair in pairs] for key, pairs in found.items()}
        leads = {item: _mean_lead(item, still, differences) for item in still}
        leader = max(leads, key=leads.__getitem__)
        prior_sd = effects.prior_sd_of(self.outcome, clips)
        more = [
            self._more(differences[leader, other], prior_sd) for other in still if other != leader
        ]
        known = [one for one in more if one is not None]
        missing = max(known, default=0) if len(known) == len(more) else None
        return Look(still, beaten, pairs, leader, leads[leader], missing)

    def _more(self, differences: Sequence[float], prior_sd: float) -> int | None:
        """About how many pairs more would tell the two apart."""
        total = len(self.items)
        more = paired.more_pairs(differences, prior_sd, total * (total - 1) // 2)
        return None if more is None else max(more, racing.least_pairs(total) - len(differences))

    def compared(
        self, jobs: Sequence[Job], votes: Sequence[Vote], looks: Sequence[Look]
    ) -> list[Effect]:
        """What a page says after these looks: what was dropped against what it was dropped for, and
        each two that are left, the leader first."""
        clips = effects.outcomes_of(jobs, self.axis)
        find = effects.pairs_by(self.outcome, clips, votes)
        left = sorted(looks[-1].left, key=lambda item: item != looks[-1].leader)
        dropped = [(by, item) for look in looks for item, by in look.beaten.items()]
        found = [(*two, find(*two)) for two in [*dropped, *combinations(left, 2)]]
        prior_sd = (
            effects.prior_sd_of(self.outcome, clips) if any(pairs for *_, pairs in found) else 0.0
        )
        return [
            effects.effect_of(
                self.outcome,
                item,
                other,
                pairs,
                self._centre(pairs, is_better=(item, other) in dropped),
                verdict="better" if (item, other) in dropped else None,
                more=self._more([pair.difference for pair in pairs], prior_sd),
            )
            for item, other, pairs in found
            if pairs
        ]

    def _centre(self, pairs: Sequence[effects.Pair], *, is_better: bool) -> effects.Centre:
        """Of an outcome without bounds there is no interval before some pairs."""
        better = -1 if effects.less_is_better(self.outcome) else 1
        found = racing.centre_of(
            [pair.difference for pair in pairs],
            effects.max_difference(self.outcome),
            len(self.items),
            better if is_better else 0,
        )
        known = found.low > -math.inf or found.high < math.inf
        return (found.centre, found.low, found.high) if known else (found.centre, None, None)

    def _by_round(self, pairs: Sequence[effects.Pair]) -> racing.Rounds:
        rounds: dict[int, list[float]] = {}
        for pair in pairs:
            rounds.setdefault(self.round_of(pair.take), []).append(pair.difference)
        return [rounds[number] for number in sorted(rounds)]

    def unjudged(
        self, jobs: Sequence[Job], votes: Sequence[Vote], left: Sequence[str]
    ) -> list[tuple[Job, ...]]:
        """What people are still to judge: pairs of clips without a vote between them, or clips
        without stars. [] where the outcome is not given by people."""
        if self.outcome not in BY_PEOPLE:
            return []
        saved = {job.id: job for job in jobs if job.state == "saved"}
        known = effects.outcomes_of(list(saved.values()), self.axis)
        clips = [clip for clip in known if clip.item in left]
        if self.outcome == STARS:
            return [(saved[clip.id],) for clip in clips if STARS not in clip.outcomes]
        return [(saved[one], saved[other]) for one, other in effects.unvoted(clips, votes)]

    def outcomes(self, jobs: Sequence[Job]) -> list[str]:
        """The names of what these clips have."""
        known = effects.outcomes_of(jobs, self.axis)
        return list(dict.fromkeys(name for clip in known for name in clip.outcomes))

    def without_clip(self, jobs: Sequence[Job], left: Sequence[str]) -> list[str]:
        """The items of which none of these jobs is saved."""
        made = {item_of(job, self.axis) for job in jobs if job.state == "saved"}
        return [item for item in left if item not in made]


class PlannedRace(Race):
    """The rows of a plan, each with the item that it is of. Round 1 asks for their own takes, each
    next round for as many takes more."""

    def __init__(self, specs: Sequence[JobSpec], by: str, outcome: str) -> None:
        """Raises ArgumentError where all have the same, or none meets another."""
        axis = axis_of(by, specs)
        placed = [
            (spec, item, same)
            for spec, same in zip(specs, matching.keys(specs, axis), strict=True)
            if (item := item_of(spec, axis)) is not None
        ]
        self._rows = [(spec, item) for spec, item, _ in placed]
        items = tuple(dict.fromkeys(item for _, item in self._rows))
        if len(items) < 2:
            count = len(self._rows)
            have = "there is one row" if count == 1 else f"all {count} have {items[0]!r}"
            raise ArgumentError(f"a race by {by!r} needs rows that differ in it; {have}")
        takes = [spec.take or 1 for spec in specs]
        super().__init__(axis, outcome, items, min(takes), max(takes) - min(takes) + 1)
        self._check_meetings(placed, by)

    def _check_meetings(self, placed: Sequence[tuple[JobSpec, str, Hashable]], by: str) -> None:
        """Raises ArgumentError where some items never have clips alike in everything else."""
        rest: dict[str, set[Hashable]] = {}
        for spec, item, same in placed:
            rest.setdefault(item, set()).add((same, spec.take))
        for one, other in combinations(self.items, 2):
            if rest[one].isdisjoint(rest[other]):
                raise ArgumentError(
                    f"no row with {one!r} agrees with one with {other!r} in everything but "
                    f"{by!r}, so that they cannot be compared"
                )

    def wanted(self, number: int, left: Sequence[str]) -> list[JobSpec]:
        """The clips of a round, from 1."""
        shift = (number - 1) * self.span
        return [
            replace(spec, take=(spec.take or 1) + shift)
            for spec, item in self._rows
            if item in left
        ]


def _mean_lead(
    item: str, still: Sequence[str], differences: Mapping[tuple[str, str], Sequence[float]]
) -> float:
    leads = [differences[item, other] for other in still if other != item]
    return sum(sum(one) / len(one) for one in leads if one)
