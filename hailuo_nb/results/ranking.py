"""From pairwise votes to a ranking: Bradley-Terry strengths with intervals.

Model: Bradley and Terry (1952), a tie as half a win for each side; one virtual tie of each item
with an average one keeps items that won or lost everything finite. Intervals are 95 %, from the
curvature of the likelihood; of two items alone 97.5 %, so that equals whose intervals part are
rarer than one board in twenty (measured: 3 % after 80 votes, 0.4 % of three items).

Votes that share a clip are no votes by themselves: five raters of one pair saw the same two clips,
and a poor clip loses to all that it meets. `vote_weights` counts them for as much as they tell of
their items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.intervals import Z

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Indices = NDArray[np.intp]
    Numbers = NDArray[np.float64]

_Z_OF_TWO = 2.24
_MAX_STEPS = 100
_TOLERANCE = 1e-10
_POINTS = {"first": 1.0, "tie": 0.5, "second": 0.0}


@dataclass(frozen=True, slots=True)
class Rank:
    """One item. strength, low, high: log-odds of beating an average item; 0 is average."""

    item: str
    strength: float
    low: float
    high: float
    wins: int
    losses: int
    ties: int


def vote_weights(votes: Sequence[Vote], item: Mapping[str, str]) -> list[float]:
    """A weight for each of these votes between clips: one over how often it tells the same.

    item  by the clip's id

    Raters of one pair are one vote. Of equals, two votes that share a clip correlate by a third,
    whatever the luck of clips is like: it beats both others on one board in three, not in four. So
    many others stand beside a vote for the strength of one of its items: those of its own clip, and
    those of the other clip with this item.
    """
    raters = Counter(vote.key[1:] for vote in votes if item[vote.first] != item[vote.second])
    met = Counter[str]()
    met_item = Counter[tuple[str, str]]()
    for one, other in raters:
        met.update((one, other))
        met_item.update([(one, item[other]), (other, item[one])])

    def weight(vote: Vote) -> float:
        first, second = vote.first, vote.second
        if item[first] == item[second]:
            return 0.0
        beside = max(
            met[first] + met_item[second, item[first]], met[second] + met_item[first, item[second]]
        )
        return 1 / (raters[vote.key[1:]] * (1 + (beside - 2) / 3))

    return list(map(weight, votes))


def rank(votes: Sequence[Vote], weights: Sequence[float] | None = None) -> list[Rank]:
    """The items of the votes, by the lower end of their intervals, highest first. Votes of an item
    with itself are left out.

    weights  of each vote; 1 by default
    """
    import numpy as np

    weighed = [
        (vote, weight)
        for vote, weight in zip(votes, weights or [1.0] * len(votes), strict=True)
        if vote.first != vote.second
    ]
    votes = [vote for vote, _ in weighed]
    items = list(dict.fromkeys(name for vote in votes for name in (vote.first, vote.second)))
    if not items:
        return []
    strengths, covariance = fit(items, votes, [weight for _, weight in weighed])
    # Two errors relative to their average are one error with two signs: the intervals part sooner.
    errors = (_Z_OF_TWO if len(items) == 2 else Z) * np.sqrt(np.diag(covariance))
    counts = _counts(votes)
    ranks = [
        Rank(
            item,
            float(value),
            float(value - error),
            float(value + error),
            *(counts[item, kind] for kind in ("win", "loss", "tie")),
        )
        for item, value, error in zip(items, strengths, errors, strict=True)
    ]
    return sorted(ranks, key=lambda found: (-found.low, found.item))


def fit(
    items: Sequence[str], votes: Sequence[Vote], weights: Sequence[float]
) -> tuple[Numbers, Numbers]:
    """Log-strengths of items, relative to the average one, and their covariance.

    items    those of the votes, and any others
    weights  of each vote
    """
    import numpy as np

    place = {item: index for index, item in enumerate(items)}
    first = np.array([place[vote.first] for vote in votes], dtype=np.intp)
    second = np.array([place[vote.second] for vote in votes], dtype=np.intp)
    points = np.array([_POINTS[vote.outcome] for vote in votes], dtype=float)
    return _fit(len(items), first, second, points, np.array(weights, dtype=float))


def implied(shown: Sequence[str], best: str, worst: str) -> list[tuple[str, str]]:
    """(winner, loser) of the votes that the best and the worst of several say: five of four. Raises
    ArgumentError where these are not two of three or more."""
    others = [one for one in dict.fromkeys(shown) if one not in {best, worst}]
    if not others or best == worst or not {best, worst} <= set(shown):
        raise ArgumentError("the best and the worst are two different ones of three or more clips")
    return [(best, worst), *((best, one) for one in others), *((one, worst) for one in others)]


def _fit(
    number: int, first: Indices, second: Indices, points: Numbers, weights: Numbers
) -> tuple[Numbers, Numbers]:
    """Log-strengths and their covariance by Newton's steps on the likelihood, which has one
    maximum.

    first, second   indices of the items of each vote
    points          1 where the first won, 0 where the second did, 0.5 for a tie
    weights         of each vote
    """
    import numpy as np

    strengths = np.zeros(number)
    for _ in range(_MAX_STEPS):
        chance = 1 / (1 + np.exp(strengths[second] - strengths[first]))
        virtual = 1 / (1 + np.exp(-strengths))  # against the average item, half a win each
        slope = 0.5 - virtual
        np.add.at(slope, first, weights * (points - chance))
        np.add.at(slope, second, weights * (chance - points))
        weight = weights * chance * (1 - chance)
        curve = np.diag(virtual * (1 - virtual))
        for one, other, sign in (
            (first, first, 1),
            (second, second, 1),
            (first, second, -1),
            (second, first, -1),
        ):
            np.add.at(curve, (one, other), sign * weight)
        step = np.linalg.solve(curve, slope)
        strengths += np.clip(step, -1, 1)  # far from the top a full step may overshoot
        if np.abs(step).max() < _TOLERANCE:
            break
    # Votes only give differences: strengths and their errors are relative to the average item.
    centre = np.eye(number) - 1 / number
    return centre @ strengths, centre @ np.linalg.inv(curve) @ centre


def _counts(votes: Sequence[Vote]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for vote in votes:
        words = {"first": ("win", "loss"), "second": ("loss", "win"), "tie": ("tie", "tie")}[
            vote.outcome
        ]
        counts[vote.first, words[0]] += 1
        counts[vote.second, words[1]] += 1
    return counts
