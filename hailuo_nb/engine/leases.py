"""Who drives a job: a lease is taken before, renewed meanwhile and given back after.

Where several kernels use one ledger, one of them drives a job and the others follow it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from hailuo_nb.engine import states
from hailuo_nb.engine.ledger import owner
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import LedgerError

LEASE = 60.0  # seconds for which a driver is believed to be alive without a sign
_FOLLOW = 1.0  # seconds between two looks at a job that another kernel drives, at most


class Leases:
    """The leases of this process in one ledger. Used on the background loop."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float]) -> None:
        self.owner = owner.name()
        self._ledger = ledger
        self._clock = clock

    async def take(self, job: TrackedJob) -> bool:
        """Whether the job is driven from here now; `job.row` is fresh either way."""
        now = self._clock()
        lease = self._ledger.lease([job.row.id], self.owner, now, now + LEASE)
        row = self._ledger.get(job.row.id)  # at once, so that both come out of one commit
        taken = await asyncio.wrap_future(lease)
        job.row = await asyncio.wrap_future(row)
        # A restarted kernel need not wait for its own old lease.
        if not taken and owner.is_gone(job.row.owner):
            await asyncio.wrap_future(self._ledger.release(job.row.id, str(job.row.owner)))
            return await self.take(job)
        return bool(taken)

    async def release(self, job: TrackedJob) -> None:
        """Gives the lease up, so that another kernel can drive the job at once."""
        if job.at(*states.FINAL) and job.row.owner is None:  # its last step has taken the lease off
            return
        with contextlib.suppress(LedgerError):
            await asyncio.wrap_future(self._ledger.release(job.row.id, self.owner))

    async def follow(self, job: TrackedJob) -> None:
        """Read along while another kernel drives the job, until it is over or the lease is ours."""
        ready_since: float | None = None
        while not job.at(*states.SETTLED):
            job.publish_note("driven by another kernel on this ledger")
            if job.at("ready") and ready_since is None:
                ready_since = self._clock()
            # The other kernel releases its waiters after as long, and still tries.
            if ready_since is not None and self._clock() - ready_since > _release_after(job):
                job.release_waiters()
            await asyncio.sleep(min(_FOLLOW, LEASE / 3))
            if await self.take(job):
                return

    async def renew(self, jobs: Callable[[], Sequence[TrackedJob]]) -> None:
        """Renew the leases of `jobs()` as long as there are any."""
        while jobs():
            await asyncio.sleep(LEASE / 3)
            ours = [job.row.id for job in jobs() if job.row.owner == self.owner]
            now = self._clock()
            with contextlib.suppress(LedgerError):
                await asyncio.wrap_future(self._ledger.lease(ours, self.owner, now, now + LEASE))


def _release_after(job: TrackedJob) -> float:
    """Seconds after which the waiters for a clip that another kernel cannot fetch are released."""
    return max(900.0 * job.spec.account.time_scale, 5.0)
