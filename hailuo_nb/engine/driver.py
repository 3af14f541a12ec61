"""Drives one job from the state that the ledger has to one where nothing more happens by itself."""

from __future__ import annotations

from hailuo_nb.engine import states
from hailuo_nb.engine.fetching import Fetcher
from hailuo_nb.engine.leases import Leases
from hailuo_nb.engine.reconcile import Reconciler
from hailuo_nb.engine.submitting import NotOursError, Submitter, unclear
from hailuo_nb.engine.task_waiter import TaskWaiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport_pool import TransportPool
from hailuo_nb.errors import LedgerClosedError, LedgerError


class Driver:
    """Calls submitter, waiter and fetcher in turn, under a lease. Runs on the background loop."""

    def __init__(
        self,
        steps: Steps,
        leases: Leases,
        transports: TransportPool,
        *,
        submitter: Submitter,
        waiter: TaskWaiter,
        fetcher: Fetcher,
        reconciler: Reconciler,
    ) -> None:
        self._steps = steps
        self._leases = leases
        self._transports = transports
        self._submitter = submitter
        self._waiter = waiter
        self._fetcher = fetcher
        self._reconciler = reconciler

    async def drive(self, job: TrackedJob) -> None:
        """Until the job is over, waits for a person, or cannot be driven here: its note says so."""
        try:
            await self._drive_in_turn(job)
        except LedgerError as error:
            job.note = str(error)
        except Exception as error:
            job.note = (
                "stopped by a fault of hailuo_nb, the clip is kept: "
                f"{type(error).__name__}: {error}"
            )
        finally:
            await self._leases.release(job)

    async def _drive_in_turn(self, job: TrackedJob) -> None:
        """Drive while the lease is ours, follow while another kernel has it. Raises LedgerError."""
        over = False
        while not over:
            try:
                # Each waits for its lease, in groups of the ledger's: hundreds never start in one
                # turn of the loop.
                if not await self._leases.take(job):
                    await self._leases.follow(job)
                over = await self._drive_while_ours(job)
            except LedgerError as error:
                if job.at("planned") or isinstance(error, LedgerClosedError):
                    raise  # nothing is paid, or nothing more can be written
                await self._steps.wait_for_ledger(job, error)

    async def _drive_while_ours(self, job: TrackedJob) -> bool:
        """Whether the job came as far as it can. False: this kernel slept, and another one has
        moved it."""
        try:
            await self._advance(job)
        except NotOursError:
            await self._steps.refresh(job)
            return False
        except states.ImpossibleEventError:
            expected = job.row.state
            await self._steps.refresh(job)
            if job.at(expected):
                raise
            return False
        return True

    async def _advance(self, job: TrackedJob) -> None:
        """The steps of a job's life in their order; each begins only from its own state."""
        transport = await self._transports.get(job.spec.account)
        await self._repair(job)
        if states.is_looked_for(job.row.state, job.row.task_id):
            known = job.row.task_id is not None
            search = self._waiter.look_again if known else self._reconciler.look_for
            await search(job, transport)
        if job.at("planned"):
            async with self._submitter.slot(job.spec):
                await self._submitter.submit(job, transport)
                if job.at("submitted"):
                    await self._waiter.wait(job, transport)
        if job.at("unknown"):
            await self._reconciler.look_for(job, transport)
        if job.at("submitted"):  # at the provider already: waiting for a slot would lose its link
            await self._waiter.wait(job, transport)
        if job.at("ready"):
            await self._fetcher.fetch(job, transport, self._waiter.poller(transport).poll_once)

    async def _repair(self, job: TrackedJob) -> None:
        """What a driver that died left half done, and what a stranger wrote."""
        if job.at("submitting"):  # it died in the middle of the charging call
            error = unclear("its process ended before the answer came")
            await self._steps.take_until_written(job, "unclear", error=error)
        if job.at("ready", "downloading") and not self._steps.ledger.is_ours(job.row):
            job.links = ()  # a stranger's: nothing is fetched from an address of his
            await self._steps.take_until_written(job, "doubted", link=None, link_expires_at=None)
        if job.at("downloading"):
            await self._steps.take_until_written(job, "fetch_failed")
