"""A pace for calls: at most so many in any span of time, the first of them at once."""

from __future__ import annotations

import asyncio


class RateLimiter:
    """A sliding window, on the background loop: a place is free again one span after it was taken.

    aiolimiter's leaky bucket lets up to twice its number through in the first span from rest.
    """

    def __init__(self, calls: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(calls)
        self._seconds = seconds

    async def turn(self) -> None:
        """Wait until one more call may leave; who came first goes first."""
        await self._places.acquire()
        asyncio.get_running_loop().call_later(self._seconds, self._places.release)
