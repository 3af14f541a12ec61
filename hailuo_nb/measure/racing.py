"""A race by paired differences, looked at after each round: who is surely worse. Pure.

A sequential test of symmetry. Where two items do not differ, the difference of a pair is as likely
to have the other sign, so that a bet on its sign, 2 / (1 + exp(-2 b x)), is a fair game. Whoever
plays it wins 1 / level times the stake with a chance of at most `level`, however often he looks and
whenever he stops (Ville 1939; Ramdas, Ruf, Larsson and Koolen 2020, arXiv:2009.03167). So a budget
may end, be raised, and a race go on another day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from hailuo_nb.measure.paired import LEVEL

BETS = (0.5, 1.0, 2.0, 4.0)
"""Stakes by the size of a difference among those of its round and before; the last is nearly the
sign alone. What is won is the mean over them."""

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
