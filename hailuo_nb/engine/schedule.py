"""When to ask a provider next. Pure: no clock, no sleep; random numbers are passed in.

All times are the provider's seconds; the caller scales them for a simulator whose clock runs fast.
A later issue makes this good (learnt durations); the shape of its two questions stays.
"""

from __future__ import annotations

from collections.abc import Callable

FASTEST = 2.0  # seconds between two looks at one task at least
SLOWEST = 15.0  # and at most, while looks succeed
GIVE_REST = 60.0  # at most after failed looks
JITTER = 0.15
# Typical seconds for 6 s at 768P (shared reference on providers, section 8: 30 to 180 s reported).
_TYPICAL = {"MiniMax-Hailuo-02": 100.0, "MiniMax-Hailuo-2.3": 90.0, "MiniMax-Hailuo-2.3-Fast": 80.0}


def expected_seconds(model: str, resolution: str, duration: int) -> float:
    """How long such a clip usually takes, before anything has been learnt."""
    return _TYPICAL.get(model, 100.0) * (1.6 if resolution == "1080P" else 1.0) * duration / 6


def next_look(
    age: float, expected: float, *, random: Callable[[], float], eta: float | None = None,
    missed: int = 0, retry_after: float | None = None,
) -> float:  # fmt: skip
    """Seconds until the next look at a task that was accepted `age` seconds ago.

    eta          what the provider said is left, at the last look
    missed       looks in a row that brought no answer (a missed look is no error: it backs off)
    retry_after  what the provider asked for; obeyed between 1 s and 15 min
    """
    if retry_after is not None:
        return min(max(retry_after, 1.0), 900.0)
    if missed:
        wait = min(FASTEST * 2.0**missed, GIVE_REST)
    elif eta is not None and eta > 0:
        wait = min(max(0.6 * eta, FASTEST), SLOWEST)
    elif age < 0.6 * expected:
        wait = max(0.6 * expected - age, FASTEST)
    else:
        wait = min(max(0.06 * age, FASTEST), SLOWEST)
    return wait * (1 + JITTER * (2 * random() - 1))


def pause(attempt: int, *, random: Callable[[], float], retry_after: float | None = None) -> float:
    """Seconds before something that failed is tried again: a submit that surely was not taken, a download."""
    if retry_after is not None:
        return min(max(retry_after, 1.0), 900.0)
    return min(2.0 * 2.0 ** (attempt - 1), GIVE_REST) * (1 - 0.5 * random())
