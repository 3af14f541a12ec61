"""When to poll a task next. Pure: no clock, no sleep; random numbers are passed in.

All times are the provider's seconds; the caller scales them for a simulator whose clock runs fast.

The rule: while a task may end at any moment with hazard h(t), polls that are spaced by k /
sqrt(h(t)) cost the least requests for their mean lateness (the variation of N polls against the sum
of their delays gives it; it is the square root of the economic order quantity). So a poll is due
whenever the integral of sqrt(h) / k has grown by one: few before the task can be over, dense around
its usual length, fewer after. What the server says of the time left counts more than all that was
learnt. A capped back-off is later at the same number of polls (tests/benchmarks/SCHEDULE.md).
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MIN_INTERVAL = 1.0  # seconds between two polls of one task
MAX_INTERVAL = 30.0  # while polls succeed and nothing is known of the time left
MAX_RETRY_AFTER = 900.0  # at most, where the provider asks for a wait
MAX_BACK_OFF = 60.0  # at most after failed polls
JITTER = 0.1
POLLS = 15  # polls that a task of the learnt kind may cost on average
# Of the time that the server says is left: its estimate is seldom exact, and being late costs.
FROM_HINT = 0.6

# Typical seconds for 6 s at 768P (shared reference on providers, section 8: 30 to 180 s reported).
_TYPICAL = {"MiniMax-Hailuo-02": 100.0, "MiniMax-Hailuo-2.3": 90.0, "MiniMax-Hailuo-2.3-Fast": 80.0}
_PRIOR_SPREAD = 0.45  # of the logarithm, before anything is learnt: a factor of 1.6 either way
_PRIOR_WEIGHT = 2.0  # durations that the prior counts for
_PRIOR_DOUBT = 0.3
_MIN_DOUBT = 0.02
_OTHER_MEDIAN = 1.8  # the wider law, in medians of the first
_OTHER_SPREAD = 1.0
_MIN_SPREAD = 0.03  # a provider may be steady, yet never that steady for ever
_OVERDUE = 0.1  # of the time beyond what is usual: an overdue task is polled less and less
_STEP = 0.02  # of the age: how finely the hazard is summed up
_END = 20  # medians to which it is
FIRST = 3.0  # seconds to the first poll while hardly anything is known of such tasks
_AGE_FACTOR = 3.0  # and then no poll comes later than at so many times the age of the one before
_COLD = 0.15  # the doubt from which on that holds: fewer than two durations are known


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a task takes: log-normal, `median` in seconds and `spread` of the logarithm.

    doubt   the share of tasks that follow a far wider law: a queue at the provider, another speed.
            It keeps an overdue task from being polled as if it had to end at any moment.
    """

    median: float
    spread: float
    doubt: float = 0.0

    @property
    def latest(self) -> float:
        """The age at which nearly every task of the first law is over."""
        return self.median * math.exp(3 * self.spread)

    def hazard(self, age: float) -> float:
        """The rate a second at which a task of that age ends."""
        if age <= 0:
            return 0.0
        density = survival = 0.0
        for share, median, spread in self._laws():
            z = math.log(age / median) / spread
            density += share * math.exp(-0.5 * z * z) / (age * spread * math.sqrt(2 * math.pi))
            survival += share * 0.5 * math.erfc(z / math.sqrt(2))
        if survival > 1e-12:
            return density / survival
        return _tail(age, self.median, self.spread)

    def _laws(self) -> tuple[tuple[float, float, float], ...]:
        return (1 - self.doubt, self.median, self.spread), (
            self.doubt,
            _OTHER_MEDIAN * self.median,
            _OTHER_SPREAD,
        )


def _tail(age: float, median: float, spread: float) -> float:
    """The hazard where no number is left for the survivors: it goes to z / (spread x age)."""
    return math.log(age / median) / (spread * spread * age)


def prior(model: str, resolution: str, duration: int) -> Estimate:
    """What such a clip usually takes, before anything has been learnt."""
    typical = _TYPICAL.get(model, 100.0) * (1.6 if resolution == "1080P" else 1.0) * duration / 6
    return Estimate(typical, _PRIOR_SPREAD, _PRIOR_DOUBT)


def learn(before: Estimate, seconds: Sequence[float]) -> Estimate:
    """The estimate after durations of tasks of this kind, newest first. Few of them move the prior,
    many replace it.

    The newest count most (a provider's speed changes), and the median is taken, so that one stuck
    task spoils nothing.
    """
    logs = [math.log(value) for value in seconds[:20] if value > 0]
    if not logs:
        return before
    middle = statistics.median(logs)
    recent = statistics.median(logs[:5])
    if len(logs) >= 8 and abs(recent - middle) > 2 * max(_mad(logs), _MIN_SPREAD):
        logs = logs[:5]  # the last five agree on another speed than all: believe them
        middle = recent
    count = len(logs)
    share = count / (count + _PRIOR_WEIGHT)
    offset = math.log(before.median)
    # Of the prior's spread: from three durations on they are enough by themselves.
    weight = 1.0 if count < 3 else 0.05
    spread = math.sqrt(share * _mad(logs) ** 2 + weight * (1 - share) * before.spread**2)
    median = math.exp(share * middle + (1 - share) * offset) if count < 3 else math.exp(middle)
    doubt = max(_MIN_DOUBT, before.doubt * _PRIOR_WEIGHT / (count + _PRIOR_WEIGHT))
    return Estimate(median, max(spread, _MIN_SPREAD), doubt)


def _mad(logs: Sequence[float]) -> float:
    """A standard deviation that outliers do not move: 1.48 times the median distance from the
    median."""
    middle = statistics.median(logs)
    return 1.4826 * statistics.median(abs(value - middle) for value in logs)


def next_poll(
    age: float,
    estimate: Estimate,
    *,
    random: Callable[[], float],
    left: float | None = None,
    missed: int = 0,
    retry_after: float | None = None,
) -> float:
    """Seconds until the next poll of a task that was accepted `age` seconds ago.

    left         seconds left at the last poll, by the provider's numbers (see `time_left`)
    missed       polls in a row without an answer (no error: it backs off)
    retry_after  what the provider asked for; obeyed between 1 s and 15 min
    """
    age = max(age, 0.0)  # below it the clock was set back: it says nothing of the task
    if retry_after is not None:
        return min(max(retry_after, 1.0), MAX_RETRY_AFTER)
    if missed:
        wait = min(2 * MIN_INTERVAL * 2.0**missed, MAX_BACK_OFF)
    elif left is not None and left > 0:
        # A percentage that stands still promises ever more time: it is not believed for long.
        wait = min(max(FROM_HINT * left, MIN_INTERVAL), max(MAX_INTERVAL, 0.5 * estimate.median))
    else:
        shortest = max(MIN_INTERVAL, _OVERDUE * (age - estimate.latest))
        longest = max(MAX_INTERVAL, min(0.1 * age, MAX_BACK_OFF), 0.5 * estimate.median - age)
        # Three polls more, against a provider that is ten times as fast as expected.
        if estimate.doubt > _COLD:
            longest = min(longest, max(FIRST, (_AGE_FACTOR - 1) * age))
        wait = min(max(_by_hazard(age, estimate), shortest), longest)
    return wait * (1 + JITTER * (2 * random() - 1))


def _by_hazard(age: float, estimate: Estimate) -> float:
    """The wait in which sqrt(hazard) / k sums up to one poll."""
    ages, sums = _summed(estimate)
    return _at(_at(age, ages, sums) + 1, sums, ages) - age


@lru_cache(maxsize=256)
def _summed(estimate: Estimate) -> tuple[Sequence[float], Sequence[float]]:
    """Ages, and the number of polls before each. Once an estimate, as many tasks share one."""
    density = (1 - estimate.doubt) * POLLS / _integral(estimate.spread, estimate.median)
    ages, sums = [0.0], [0.0]
    while ages[-1] < _END * estimate.median:
        step = max(_STEP * ages[-1], 0.002 * estimate.median)
        sums.append(sums[-1] + step * density * math.sqrt(estimate.hazard(ages[-1] + step / 2)))
        ages.append(ages[-1] + step)
    return ages, sums


def _at(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Straight lines through the points, the last one going on; the leftmost y where x stands at
    many."""
    right = min(max(bisect_left(xs, x), 1), len(xs) - 1)
    width = xs[right] - xs[right - 1]
    if width <= 0:
        return ys[right]
    return ys[right - 1] + (x - xs[right - 1]) / width * (ys[right] - ys[right - 1])


def _integral(spread: float, median: float) -> float:
    """The integral of sqrt(density x survival) over all ages, so that POLLS polls are made on
    average.

    By substitution it is sqrt(median) times a function of the spread alone.
    """
    total, width = 0.0, 0.05
    for index in range(-120, 121):
        z = index * width
        survival = 0.5 * math.erfc(z / math.sqrt(2))
        density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        total += math.sqrt(density * survival * math.exp(spread * z)) * width
    return total * math.sqrt(median * spread)


def time_left(age: float, percent: float | None, eta: float | None) -> float | None:
    """The seconds left by the provider's own numbers; None where it gives none."""
    if eta is not None and eta > 0:
        return eta
    if percent is not None and 5 <= percent < 100 and age > 0:
        return age * (100 - percent) / percent
    return None


def pause(attempt: int, *, random: Callable[[], float], retry_after: float | None = None) -> float:
    """Seconds before something that failed is tried again: a submit that surely was not taken, a
    download."""
    if retry_after is not None:
        return min(max(retry_after, 1.0), MAX_RETRY_AFTER)
    return min(2.0 * 2.0 ** (attempt - 1), MAX_BACK_OFF) * (1 - 0.5 * random())
