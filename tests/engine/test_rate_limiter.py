"""Never more calls in any span than the provider allows, and no call later than that asks for."""

from __future__ import annotations

import asyncio
import selectors

import pytest

from hailuo_nb.engine.rate_limiter import RateLimiter


class _Clockless(selectors.DefaultSelector):
    """What is waited for has come at once; `now` says how long it would have taken."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


def times(calls: int, seconds: float, arrivals: list[float]) -> list[float]:
    """When each of the calls that come then may leave."""
    selector = _Clockless()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    left: list[float] = []

    async def call(limiter: RateLimiter, arrival: float) -> None:
        await asyncio.sleep(arrival)
        await limiter.turn()
        left.append(loop.time())

    async def main() -> None:
        limiter = RateLimiter(calls, seconds)
        await asyncio.gather(*(call(limiter, arrival) for arrival in arrivals))

    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
    return left


@pytest.mark.parametrize(
    "arrivals",
    [[0.0] * 25, [0.5 * number for number in range(25)], [0.0] * 4 + [55.0] * 20],
    ids=["at once", "one by one", "in two crowds"],
)
def test_no_span_has_more_calls_than_the_limit(arrivals: list[float]) -> None:
    """A leaky bucket lets twice its number through in the first span from rest."""
    found = times(5, 60.0, arrivals)
    assert len(found) == len(arrivals)
    for start in found:
        assert sum(start <= one < start + 59.99 for one in found) <= 5


def test_from_rest_the_whole_limit_leaves_at_once() -> None:
    assert times(3, 60.0, [0.0] * 7) == pytest.approx([0, 0, 0, 60, 60, 60, 120], abs=0.01)
