"""Looks for a clip whose submit never got an answer: in the provider's own list, where it has one.

Never sends anything that costs money, and never sends a clip again: what the list does not hold after a while is
set down as not taken, and whoever asks for it again decides. Without a list only a person can tell.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable

from hailuo_nb.engine.live import Live, Steps
from hailuo_nb.engine.transport import Access, Transport
from hailuo_nb.providers.base import ProviderError
from hailuo_nb.providers.finding import CanFind

SETTLE = 600.0  # seconds after which a task that was taken is surely listed
_LOOKS = (0.0, 5.0, 30.0)  # provider's seconds before each look; later ones come when somebody asks again
_SKEW = 120.0  # seconds that the provider's clock may differ from ours


class Reconciler:
    """Settles the unclear submits of one home folder. Runs on the background loop."""

    def __init__(self, steps: Steps, *, clock: Callable[[], float] = time.time) -> None:
        self._steps = steps
        self._clock = clock
        self._turns: dict[Access, asyncio.Lock] = {}

    async def look_for(self, live: Live, transport: Transport) -> None:
        """`unknown` -> `submitted` if the provider's list has it, -> `rejected` if it surely has not."""
        if not isinstance(transport.access.provider, CanFind):
            if not live.at("unknown"):
                live.say(f"{transport.access.provider.title} has no list of tasks: only its console can tell")
            return
        scale = transport.access.time_scale
        for pause in _LOOKS:
            live.say("looking for it in the provider's list of tasks")
            await asyncio.sleep(pause * scale)
            # Two clips with the same words must not take one task: one look at a time.
            async with self._turns.setdefault(live.asked.access, asyncio.Lock()):
                try:
                    if await self._look(live, transport):
                        return
                except ProviderError as error:
                    live.say(f"the provider's list cannot be read now: {error}")

    async def _look(self, live: Live, transport: Transport) -> bool:
        provider = transport.access.provider
        assert isinstance(provider, CanFind)
        sent_at = live.row.claimed_at or live.row.created_at
        flow = provider.find(live.asked.request, sent_at - _SKEW, sent_at + SETTLE + _SKEW)
        found = await transport.drive(flow)
        for task_id in found:
            if await self._take_over(live, task_id, sent_at):
                return True
        if live.at("unknown") and self._clock() > sent_at + SETTLE * transport.access.time_scale:
            await self._steps.take(
                live, "not_found",
                error="the provider's list of tasks does not hold this clip: it was not taken and not charged",
            )  # fmt: skip
            return True
        return False

    async def _take_over(self, live: Live, task_id: str, sent_at: float) -> bool:
        """Whether this task is the clip's now. The ledger refuses a task that belongs to another job."""
        try:
            await self._steps.take(
                live, "found", task_id=task_id, submitted_at=sent_at, error=None, error_kind=None,
                error_code=None,
            )  # fmt: skip
        except sqlite3.IntegrityError:
            return False
        return True
