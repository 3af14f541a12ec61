"""Every job of one home folder that this process knows, and what a person can do with one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from hailuo_nb.engine import cleanup, frame_store, states
from hailuo_nb.engine.admission import Admission
from hailuo_nb.engine.cancelling import Canceller, can_cancel
from hailuo_nb.engine.driver import Driver
from hailuo_nb.engine.fetching import Fetcher
from hailuo_nb.engine.job_details import JobDetails
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.leases import Leases
from hailuo_nb.engine.ledger import FILE_NAME
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.limits import Limits
from hailuo_nb.engine.reconcile import Reconciler
from hailuo_nb.engine.submitting import Submitter
from hailuo_nb.engine.task_waiter import TaskWaiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport_pool import SimulatorFactory, TransportPool
from hailuo_nb.errors import FrameError, IncompleteJobError

T = TypeVar("T")
_NOT_POLLED = "not watched any more: its provider goes on with it"
_AT_ONCE = 64  # jobs that begin in one turn of the loop


class Runner:
    """Everything open in one home folder. Made and used on the background loop."""

    def __init__(
        self,
        home: Path,
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float] = random.random,
        simulator: SimulatorFactory | None = None,
        limits: Limits | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """Without a `ledger` the home's own is opened here, which may take as long as `open_ledger`
        says."""
        self.home = home
        self.ledger = ledger or open_ledger(home, clock)
        self._steps = steps = Steps(self.ledger)
        self._leases = Leases(self.ledger, clock)
        self._admission = Admission()
        self._submitter = Submitter(
            steps,
            self._leases.owner,
            clock=clock,
            rng=rng,
            limits=limits,
            admission=self._admission,
        )
        fetcher = Fetcher(steps, home, clock=clock, rng=rng)
        waiter = TaskWaiter(steps, fetcher.finished, clock=clock, rng=rng)
        transports = TransportPool(home, clock, simulator)
        self._canceller = Canceller(steps, transports, waiter)
        self._driver = Driver(
            steps,
            self._leases,
            transports,
            submitter=self._submitter,
            waiter=waiter,
            fetcher=fetcher,
            reconciler=Reconciler(steps, clock=clock),
        )
        # A job stays here as long as a driver or a caller holds it.
        self._jobs: WeakValueDictionary[str, TrackedJob] = WeakValueDictionary()
        self._drivers: dict[str, asyncio.Task[None]] = {}
        self._requests: set[asyncio.Task[bool]] = set()  # to cancel, under way
        self._renewal: asyncio.Task[None] | None = None

    # Asking for clips ----------------------------------------------------------------------------

    async def ask(self, specs: Sequence[JobSpec], replaces: str | None = None) -> list[TrackedJob]:
        """The jobs of these clips: those the ledger knows, or new ones that begin at once. Commits
        first.

        replaces   the id of the ended job that a person sends once more; without it, a clip that a
                   provider has taken answers with the job that is there, whatever became of it

        Raises IncompleteJobError for a clip that must not be sent as it stands here, LedgerError:
        nothing was sent.
        """
        for spec in specs:
            if spec.lacks:
                raise IncompleteJobError(f"not sent: {spec.lacks}")
        for account in {spec.account for spec in specs}:
            self._submitter.close_circuit(account)
        specs = await asyncio.to_thread(self._with_frames, specs)
        opened = [
            self.ledger.get_or_create(spec.new_job(replaces)) async for spec in _with_pauses(specs)
        ]
        rows = [(await asyncio.wrap_future(future))[0] for future in opened]
        # Before anything is driven: an error from here says that nothing was sent.
        own = {row.id: spec.own_columns for row, spec in zip(rows, specs, strict=True)}
        if any(own.values()):
            await asyncio.wrap_future(self.ledger.keep_own_columns(own))
        details = await JobDetails.read(self.ledger, rows)
        await details.unhide(self.ledger)
        pairs = zip(rows, specs, strict=True)
        jobs = [self.adopt(row, spec) async for row, spec in _with_pauses(pairs)]
        details.apply(jobs)
        return jobs

    def _with_frames(self, specs: Sequence[JobSpec]) -> list[JobSpec]:
        """The same clips with the bytes of all frames, which are kept. Raises IncompleteJobError,
        OSError."""
        self.ledger.check()  # no folder of a home that is gone is made anew
        try:
            found = [
                replace(spec, request=frame_store.whole(self.home, spec.request)) for spec in specs
            ]
        except FrameError as error:
            raise IncompleteJobError(f"not sent: {error}") from None
        for spec in found:
            frame_store.save(self.home, spec.request)
        return found

    async def recall(self, jobs: Sequence[TrackedJob]) -> None:
        """Read what the ledger has beside the rows of these jobs. Raises LedgerError."""
        rows = [job.row for job in jobs]
        (await JobDetails.read(self.ledger, rows)).apply(jobs)

    # Driving -------------------------------------------------------------------------------------

    def adopt(self, row: JobRow, spec: JobSpec, *, look: bool = False) -> TrackedJob:
        """Follow a job of the ledger, and drive it if it is open. Asking twice gives the same
        TrackedJob.

        look   look for it once more at the provider although it is over
        """
        job = self._jobs.get(row.id)
        if job is None:
            job = self._jobs[row.id] = TrackedJob(row, spec)
        task = self._drivers.get(row.id)
        if task is None or task.done():
            job.row, job.spec = row, spec
            self._start(job, look)
        elif look:
            job.wake.set()
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(
                self._leases.renew(lambda: [self._jobs[job_id] for job_id in self._drivers])
            )
        return job

    def _start(self, job: TrackedJob, look: bool) -> None:
        looked_for = look and states.is_looked_for(job.row.state, job.row.task_id)
        if job.at(*states.FINAL) and not looked_for:
            job.settle()
            return
        if job.settled.done():  # its waiters were released, and it is asked for again
            job.settled = Future()
        self._drivers[job.row.id] = asyncio.get_running_loop().create_task(self._drive(job))

    async def _drive(self, job: TrackedJob) -> None:
        try:
            await self._driver.drive(job)
        finally:
            self._drivers.pop(job.row.id, None)
            job.release_waiters()

    def show(self, row: JobRow, spec: JobSpec, note: str) -> TrackedJob:
        """A job of the ledger that cannot be driven here and now, with the reason. It stays as it
        is."""
        job = self._jobs.get(row.id) or TrackedJob(row, spec)
        if row.id not in self._drivers:
            job.note = note
            job.settle()
        return job

    def orphan(self) -> None:
        """Ends every wait in a forked child, which drives no job."""
        for job in self._jobs.values():
            if not job.at(*states.FINAL):
                job.note = "driven by the process that this one was forked from: ask there"
            # A new one for each: the lock in the old one may be held by a thread that is not here.
            job.settled = Future()
            job.settled.set_result(None)

    def percent(self, job_id: str) -> float | None:
        """The provider's number (0..1) for a job that this process polls. Safe from any thread."""
        job = self._jobs.get(job_id)
        return None if job is None else job.progress

    # What a person does with a job ---------------------------------------------------------------

    async def cancel(self, job: TrackedJob, *, wait: bool = True) -> bool:
        """Cancel a job: before it is sent, or at a provider that can.

        wait   for the provider's answer; without it True says that it is being asked

        Returns whether the clip is not sent, or its provider cancelled it or was asked to. Raises
        IncompleteJobError where its key is not at hand, LedgerError.
        """
        if await self._canceller.cancel_unsent(job):
            return True
        if not job.at("submitted"):
            return False
        if not can_cancel(job.spec):
            title = job.spec.account.provider.title
            job.publish_note(f"{title} cannot cancel a task: the clip is made, and paid")
            return False
        _check_key(job, "cancelled")
        request = asyncio.get_running_loop().create_task(self._canceller.ask(job))
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)
        self.adopt(job.row, job.spec)  # without a poller its end would not be seen
        return await asyncio.shield(request) if wait else True

    async def stop_watching(self, job: TrackedJob) -> bool:
        """Ask no more about a clip that its provider is making. It stays `submitted`, and paid;
        `look_again` goes on.

        False if nobody here polls it: it is not sent yet, over already, or driven by another
        kernel.
        """
        task = self._drivers.get(job.row.id)
        elsewhere = job.row.owner not in {None, self._leases.owner}
        if task is None or not job.at("submitted") or elsewhere:
            return False
        task.cancel()
        await asyncio.wait([task])
        await self._steps.refresh(job)
        job.publish_note(_NOT_POLLED)
        return True

    async def delete(self, job: TrackedJob) -> None:
        """Throw a clip's files away and take it off the boards. The ledger keeps that it was made
        and paid."""
        await asyncio.to_thread(cleanup.discard, self.home, job.row)
        if job.at("saved"):
            await self._steps.take_if_possible(
                job, "deleted", path=None, poster=None, error="its file was deleted by hand"
            )
        job.annotation = await asyncio.wrap_future(self.ledger.annotate(job.row.id, hidden=True))
        job.publish()

    async def look_again(self, job: TrackedJob) -> None:
        """Go on with a job from where the ledger has it; look once more for one that is over, or
        whose file is gone."""
        _check_key(job, "looked for")
        await self._steps.refresh(job)
        if job.at("saved") and await asyncio.to_thread(cleanup.is_gone, self.home, job.row):
            await self._steps.take_if_possible(job, "deleted", path=None, error="its file is gone")
        self.adopt(job.row, job.spec, look=True)

    async def send_again(self, job: TrackedJob) -> TrackedJob:
        """A person decides to send a clip once more that may have been paid: unclear, or taken and
        ended. Nothing is sent where another kernel has found it since: its job is returned."""
        if job.at("unknown"):
            error = f"given up by hand: {job.row.error}"
            await self._steps.take_if_possible(job, "given_up", error=error)
        (anew,) = await self.ask([job.spec_again()], replaces=job.row.id)
        return anew

    # The end of the process ----------------------------------------------------------------------

    def close_admission(self) -> None:
        """Send nothing more from here; what waits stays `planned`. Safe from any thread, as the
        next two are."""
        self._admission.close()

    @property
    def under_way(self) -> int:
        """How many charging calls are about to leave, or wait for their answers."""
        return self._admission.under_way

    @property
    def unsent(self) -> int:
        """How many jobs that were asked for here are still `planned` since."""
        waiting = [self._jobs.get(job_id) for job_id in list(self._drivers)]
        return sum(
            job.at("planned") for job in {*waiting, *self._admission.turned_away} if job is not None
        )


def _check_key(job: TrackedJob, what: str) -> None:
    """Raises IncompleteJobError where the key of its provider is not at hand."""
    if not job.spec.account.credentials:
        raise IncompleteJobError(f"it cannot be {what} here: {job.spec.lacks}")


def open_ledger(home: Path, clock: Callable[[], float] = time.time) -> Ledger:
    """The ledger of a home folder, in which half files that nobody writes to any more are swept
    away.

    Where another process locks it this blocks for up to half a minute: not for the loop. Raises
    LedgerError.
    """
    opened = SqliteLedger(home / FILE_NAME, clock)
    cleanup.sweep(home, clock())
    return opened


async def _with_pauses(many: Iterable[T]) -> AsyncIterator[T]:
    """Yields the items, with pauses in which other tasks run: thousands take a third of a
    second."""
    for number, one in enumerate(many):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        yield one
