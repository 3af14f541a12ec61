"""Searches the provider's list of tasks for a clip whose submit never got an answer.

Never sends anything that costs money, and never sends a clip again. Only a list that was read
whole, long enough after, and that holds no task of that time but those of known jobs, proves that a
clip was not taken: a provider may trim a prompt, leave fields out, or write its times in another
zone. Without such a list only a person can tell.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from hailuo_nb.engine.dates import utc
from hailuo_nb.engine.ledger.protocol import DuplicateTaskError
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.task_list import CanFind, Found, Listed

SETTLE = 600.0  # seconds after which a task that was taken is surely listed
_PAUSES = (0.0, 5.0, 30.0)  # provider's seconds before each search
_SKEW = 120.0  # seconds that the provider's clock may differ from ours
_MAX_SHOWN = 10  # tasks that are named to a person
_LISTED = " The provider's list"  # how the sentence begins that a search adds to the error


class Reconciler:
    """Settles the unclear submits of one home folder. Runs on the background loop."""

    def __init__(self, steps: Steps, *, clock: Callable[[], float] = time.time) -> None:
        self._steps = steps
        self._clock = clock
        self._locks: dict[Account, asyncio.Lock] = {}

    async def look_for(self, job: TrackedJob, transport: Transport) -> None:
        """`unknown` -> `submitted` if the provider's list has it, -> `rejected` if it surely has
        not."""
        provider = transport.account.provider
        if not isinstance(provider, CanFind):
            if not job.at("unknown"):
                job.publish_note(
                    f"{provider.title} has no list of tasks: only its console can tell"
                )
            return
        scale = transport.account.time_scale
        for number, pause in enumerate(_PAUSES, 1):
            job.publish_note("looking for it in the provider's list of tasks")
            await asyncio.sleep(pause * scale)
            # Two clips with the same prompt must not take one task: one search at a time.
            async with self._locks.setdefault(job.spec.account, asyncio.Lock()):
                try:
                    if await self._search(job, transport, last=number == len(_PAUSES)):
                        return
                except ProviderError as error:
                    job.publish_note(f"the provider's list cannot be read now: {error}")

    async def _search(self, job: TrackedJob, transport: Transport, *, last: bool) -> bool:
        """Whether the search settled the clip; after the last one the reason why not is
        recorded."""
        provider = transport.account.provider
        assert isinstance(provider, CanFind)
        sent_at = job.row.claimed_at or job.row.created_at
        flow = provider.find(job.spec.request, sent_at - _SKEW, sent_at + SETTLE + _SKEW)
        found = await transport.find(flow)
        for task in found.certain:
            if await self._take_over(job, task.task_id, sent_at):
                return True
        candidates = await self._without_owner(job, found)
        if not candidates and not found.doubt:
            if (
                job.at("unknown")
                and self._clock() > sent_at + SETTLE * transport.account.time_scale
            ):
                error = (
                    "the provider's list holds neither this clip nor another task of that time: "
                    "it was not taken"
                )
                await self._steps.take(job, "not_found", error=error)
                return True
        elif last:
            await self._record_doubt(job, _why_unclear(candidates, found.doubt))
        return False

    async def _without_owner(self, job: TrackedJob, found: Found) -> list[Listed]:
        """The tasks of that time that belong to no job of this ledger."""
        owned = await asyncio.wrap_future(
            self._steps.ledger.task_ids(job.row.provider, without=job.row.id)
        )
        return [task for task in (*found.certain, *found.possible) if task.task_id not in owned]

    async def _record_doubt(self, job: TrackedJob, reason: str) -> None:
        if job.at("unknown"):
            before = str(job.row.error or "").partition(_LISTED)[0]
            await self._steps.take(job, "unclear", error=f"{before}{reason}")
        else:
            job.publish_note(reason.strip())

    async def _take_over(self, job: TrackedJob, task_id: str, sent_at: float) -> bool:
        """Whether this task is the clip's now. The ledger refuses a task that belongs to another
        job."""
        try:
            await self._steps.take(job, "found", task_id=task_id, submitted_at=sent_at)
        except DuplicateTaskError:
            return False
        return True


def _why_unclear(candidates: Sequence[Listed], doubt: str) -> str:
    """Why the list proves nothing, with the tasks that may be the clip."""
    if not candidates:
        return f"{_LISTED} proves nothing: {doubt}."
    dated = [(task.task_id, utc(task.created_at, seconds=True)) for task in candidates]
    shown = ", ".join(f"{task_id} ({date or 'no time'})" for task_id, date in dated[:_MAX_SHOWN])
    more = f" and {len(candidates) - _MAX_SHOWN} more" if len(candidates) > _MAX_SHOWN else ""
    return (
        f"{_LISTED} has tasks of that time that no job here knows, and one may be this clip: "
        f"{shown}{more}."
    )
