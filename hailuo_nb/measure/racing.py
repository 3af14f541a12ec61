"""A race by paired differences, looked at after each round: who is surely worse. Pure.

A sequential test of symmetry. Where two items do not differ, the difference of a pair is as likely
to have the other sign, so that a bet on its sign, 2 / (1 + exp(-2 b x)), is a fair game. Whoever
plays it wins 1 / level times the stake with a chance of at most `level`, however often he looks and
whenever he stops (Ville 1939; Ramdas, Ruf, Larsson and Koolen 2020, arXiv:2009.03167). So a budget
may end, be raised, and a race go on another day.

The interval of a difference holds as often as one looks too (a confidence sequence): the centres
against which the same stakes have not won, in a game that is fair whatever the distribution. Where
an outcome has bounds, the centre is the mean and a bet is on the distance to it (Waudby-Smith and
Ramdas 2024, arXiv:2010.09686); of votes at 0 that is the test itself. Where it has none, no such
interval of a mean exists (Bahadur and Savage 1956): the centre is the median, a bet is on a sign.
The test with its centre moved would be no such interval: differences of votes and stars are
symmetric about 0 alone, and where all are the same it would have no width.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hailuo_nb.measure.paired import LEVEL

BETS = (0.5, 1.0, 2.0, 4.0)
"""Stakes by the size of a difference among those of its round and before; the last is nearly the
sign alone. What is won is the mean over them."""

_HALVES = 30  # of the room in which an end of an interval is looked for

Rounds = Sequence[Sequence[float]]
"""Differences by round: first the item, then the other."""


def wealth(rounds: Rounds) -> float:
    """What 1 has become after bets that the differences are above 0.

    rounds  the differences of each round, in order

    A bet is scaled by the sizes of the differences so far, which tell nothing of their signs.
    """
    logs = [0.0] * len(BETS)
    squares, count = 0.0, 0
    for differences in rounds:
        squares += sum(one**2 for one in differences)
        count += len(differences)
        if not squares:
            continue
        scale = math.sqrt(squares / count)
        for place, bet in enumerate(BETS):
            logs[place] += sum(_log_won(bet * one / scale) for one in differences)
    return sum(math.exp(min(log, 700.0)) for log in logs) / len(BETS)


def _log_won(bet: float) -> float:
    """log(2 / (1 + exp(-2 bet))), for any size."""
    least = min(0.0, 2 * bet)
    return math.log(2) + least - math.log1p(math.exp(-abs(2 * bet)))


def wanted(items: int, level: float = LEVEL) -> float:
    """The wealth at which one of two items is surely better: each item against each other one is a
    question, and of all together at most `level` may have a false answer."""
    return items * (items - 1) / level


def least_pairs(items: int) -> int:
    """Fewer pairs than these tell nothing, whatever they say: each at most doubles the wealth."""
    return math.ceil(math.log2(wanted(items) * len(BETS) / (len(BETS) - 1)))


def beaten(
    items: Sequence[str], total: int, rounds: Callable[[str, str], Rounds]
) -> Mapping[str, str]:
    """Which of the items are surely worse than another, and than which: item -> the other.

    items   that are still in the race
    total   how many began it
    rounds  the differences of two of them by round, more is better
    """
    found: dict[str, str] = {}
    for item in items:
        won = {other: wealth(rounds(other, item)) for other in items if other != item}
        best = max(won, key=won.__getitem__, default=item)
        if won and won[best] >= wanted(total):
            found[item] = best
    return found


# The interval ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the differences of two items lie, and the interval that holds at every look.

    centre     their mean; their median, where the outcome has no bounds
    low, high  -inf and inf where nothing is known
    """

    centre: float
    low: float
    high: float


def centre_of(differences: Sequence[float], most: float, items: int, sign: int = 0) -> Centre:
    """Of all pairs of all races of so many items, in 95 % all truths lie within at every look.

    differences  one at least
    most         no difference is larger; inf for an outcome without bounds
    sign         1 or -1 where `beaten` has found them to be above or below 0; else 0, which lies
                 within then
    """
    centre = statistics.fmean(differences) if most < math.inf else statistics.median(differences)
    low = _lowest(differences, most, items)
    high = -_lowest([-one for one in differences], most, items)
    return Centre(
        centre,
        max(low, 0.0) if sign == 1 else min(low, 0.0),
        min(high, 0.0) if sign == -1 else max(high, 0.0),
    )


def is_above(differences: Sequence[float], centre: float, most: float, items: int) -> bool:
    """Whether bets that differences lie above this centre have won.

    Twice what the test wants: of each pair an error of the interval on one side, on the other, and
    one of the verdict that it agrees with, are together as likely as those of the test's two sides.
    """
    if most < math.inf:
        room = most + centre
        distances = [(one - centre) / room for one in differences]
    else:
        distances = [1.0 if one > centre else -1.0 for one in differences]
    won = sum(math.prod(1 + stake * one for one in distances) for stake in map(math.tanh, BETS))
    return won / len(BETS) >= 2 * wanted(items)


def _lowest(differences: Sequence[float], most: float, items: int) -> float:
    """The least centre above which the differences do not surely lie."""
    if most == math.inf:
        if not is_above(differences, -math.inf, most, items):
            return -math.inf
        ordered = sorted(differences)
        return ordered[
            bisect_left(ordered, True, key=lambda one: not is_above(differences, one, most, items))
        ]
    low, high = -most, most
    for _ in range(_HALVES):
        middle = (low + high) / 2
        if is_above(differences, middle, most, items):
            low = middle
        else:
            high = middle
    return low
