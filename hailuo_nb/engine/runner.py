"""Drives jobs through their life: who drives a job, in what order its steps come, and what is found
after a crash.

Joins ledger, submitting, watch and fetching; must not know widgets, and never prints. Runs on the
background loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from hailuo_nb.engine import cleanup, frame_store, states, submitting
from hailuo_nb.engine.fetching import Fetcher
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger import owner
from hailuo_nb.engine.ledger.annotations import Annotation, Annotations
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import Ledger
from hailuo_nb.engine.reconcile import Reconciler
from hailuo_nb.engine.submitting import NotOursError, Submitter, unclear
from hailuo_nb.engine.task_waiter import TaskWaiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Mount, TransportPool
from hailuo_nb.errors import FrameError, IncompleteJobError, LedgerClosedError, LedgerError

T = TypeVar("T")
_UNWATCHED = "not watched any more: its provider goes on with it"
_AT_ONCE = 64  # jobs that begin in one turn of the loop
_FOLLOW = 1.0  # seconds between two looks at a job that another kernel drives, at most


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the ledger remembers of clips beside their rows."""

    marks: dict[str, Annotation]
    usual: dict[tuple[str, str, str, int], float | None]

    def tell(self, jobs: Sequence[TrackedJob]) -> None:
        for job in jobs:
            job.mark = self.marks.get(job.row.id, job.mark)
            job.usual = self.usual[_kind(job.row)]


class Runner:
    """Everything open in one home folder. Made and used on the background loop."""

    def __init__(
        self,
        home: Path,
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float] = random.random,
        mount: Mount | None = None,
        limits: submitting.Limits | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """Without a `ledger` the home's own is opened here, which may take as long as `open_ledger`
        says."""
        self.home = home
        self.ledger = ledger or open_ledger(home, clock)
        self.annotations = Annotations(self.ledger)
        self._clock = clock
        self._rng = rng
        self._owner = owner.name()
        self._steps = Steps(self.ledger)
        self._pool = TransportPool(home, clock, mount)
        self._submitter = Submitter(self._steps, self._owner, clock=clock, rng=rng, limits=limits)
        self._fetcher = Fetcher(self._steps, home, clock=clock, rng=rng)
        self._poller = TaskWaiter(self._steps, self._fetcher.told, clock=clock, rng=rng)
        self._reconciler = Reconciler(self._steps, clock=clock)
        # Whoever holds a job, or drives it, keeps it here: what is over and held by nobody is let
        # go.
        self._jobs: WeakValueDictionary[str, TrackedJob] = WeakValueDictionary()
        self._drivers: dict[str, asyncio.Task[None]] = {}
        self._renewal: asyncio.Task[None] | None = None

    async def ask(self, wanted: Sequence[JobSpec], replaces: str | None = None) -> list[TrackedJob]:
        """The jobs of these clips: those the ledger knows, or new ones that begin at once. Commits
        first.

        replaces   the id of the ended job that a person sends once more; without it, a clip that a
                   provider has taken answers with the job that is there, whatever became of it

        Raises IncompleteJobError for a clip that must not be sent as it stands here, LedgerError:
        nothing was sent.
        """
        for asked in wanted:
            if asked.lacks:
                raise IncompleteJobError(f"not sent: {asked.lacks}")
        for account in {asked.account for asked in wanted}:
            self._submitter.close_circuit(account)
        wanted = await asyncio.to_thread(self._with_frames, wanted)
        opened = [
            self.ledger.open_job(asked.new_job(replaces)) async for asked in _unhurried(wanted)
        ]
        rows = [(await asyncio.wrap_future(future))[0] for future in opened]
        # Before anything is driven: an error from here says that nothing was sent.
        memory = await self._memory(rows)
        await self._show_again(memory)
        pairs = zip(rows, wanted, strict=True)
        jobs = [self.adopt(row, asked) async for row, asked in _unhurried(pairs)]
        memory.tell(jobs)
        return jobs

    def _with_frames(self, wanted: Sequence[JobSpec]) -> list[JobSpec]:
        """The same clips with the bytes of all frames, which are kept. Raises IncompleteJobError,
        OSError."""
        self.ledger.check()  # no folder of a home that is gone is made anew
        try:
            found = [
                replace(asked, request=frame_store.whole(self.home, asked.request))
                for asked in wanted
            ]
        except FrameError as error:
            raise IncompleteJobError(f"not sent: {error}") from None
        for asked in found:
            frame_store.save(self.home, asked.request)
        return found

    async def recall(self, jobs: Sequence[TrackedJob]) -> None:
        """What the ledger remembers beside the job itself: marks, and how long such clips took."""
        (await self._memory([job.row for job in jobs])).tell(jobs)

    async def _memory(self, rows: Sequence[JobRow]) -> _Memory:
        marks = self.annotations.marks([row.id for row in rows])
        one_of_each = {_kind(row): row for row in rows}
        asked = {kind: self.ledger.usual_seconds(row) for kind, row in one_of_each.items()}
        usual = {kind: await asyncio.wrap_future(seconds) for kind, seconds in asked.items()}
        return _Memory(await asyncio.wrap_future(marks), usual)

    async def _show_again(self, memory: _Memory) -> None:
        """Whoever asks for a clip that was deleted wants it on the board."""
        for job_id, mark in memory.marks.items():
            if mark.hidden:
                memory.marks[job_id] = await asyncio.wrap_future(
                    self.annotations.mark(job_id, hidden=False)
                )

    def adopt(self, row: JobRow, asked: JobSpec, *, look: bool = False) -> TrackedJob:
        """Follow a job of the ledger, and drive it if it is open. Asking twice gives the same
        TrackedJob.

        look   look for it once more at the provider although it is over
        """
        job = self._jobs.get(row.id)
        if job is None:
            job = self._jobs[row.id] = TrackedJob(row, asked)
        driver = self._drivers.get(row.id)
        if driver is None or driver.done():
            job.row, job.spec = row, asked
            self._start(job, look)
        elif look:
            job.wake.set()
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew())
        return job

    def _start(self, job: TrackedJob, look: bool) -> None:
        if job.at(*states.FINAL) and not (look and job.at(*states.LOOKED_FOR)):
            if not job.settled.done():
                job.settled.set_result(None)
            return
        if job.settled.done():  # parked or unknown, and asked for again
            job.settled = Future()
        self._drivers[job.row.id] = asyncio.get_running_loop().create_task(self._drive(job))

    def show(self, row: JobRow, asked: JobSpec, note: str) -> TrackedJob:
        """A job of the ledger that cannot be driven here and now, with the reason. It stays as it
        is."""
        job = self._jobs.get(row.id) or TrackedJob(row, asked)
        if row.id not in self._drivers:
            job.note = note
            if not job.settled.done():
                job.settled.set_result(None)
        return job

    def orphan(self) -> None:
        """In a forked child: nothing is driven here, and whoever waits for a job waits no
        longer."""
        for job in self._jobs.values():
            if not job.settled.done():
                job.note = "driven by the process that this one was forked from: ask there"
                job.settled = Future()
                job.settled.set_result(None)

    def percent(self, job_id: str) -> float | None:
        """The provider's number (0..1) for a job that this process watches. Safe from any
        thread."""
        job = self._jobs.get(job_id)
        return None if job is None else job.progress

    async def cancel(self, job: TrackedJob) -> bool:
        """Take a job back before it is sent. False if it was sent already: no provider here cancels
        a task."""
        try:
            await self._steps.take(job, "cancelled")
        except states.ImpossibleEventError:
            await self._steps.refresh(job)
            return False
        return True

    async def stop_watching(self, job: TrackedJob) -> bool:
        """Ask no more about a clip that its provider is making. It stays `submitted`, and paid;
        `look_again` goes on.

        False if nobody here watches it: it is not sent yet, over already, or driven by another
        kernel.
        """
        driver = self._drivers.get(job.row.id)
        if driver is None or not job.at("submitted") or job.row.owner not in {None, self._owner}:
            return False
        driver.cancel()
        await asyncio.wait([driver])
        await self._steps.refresh(job)
        job.say(_UNWATCHED)
        return True

    async def delete(self, job: TrackedJob) -> None:
        """Throw a clip's files away and take it off the boards. The ledger keeps that it was made
        and paid."""
        await asyncio.to_thread(cleanup.discard, self.home, job.row)
        if job.at("saved"):
            await self._steps.take(
                job, "deleted", path=None, poster=None, error="its file was deleted by hand"
            )
        job.mark = await asyncio.wrap_future(self.annotations.mark(job.row.id, hidden=True))
        job.publish()

    async def look_again(self, job: TrackedJob) -> None:
        """Go on with a job from where the ledger has it; look once more for one that is over."""
        if not job.spec.account.credentials:
            raise IncompleteJobError(f"it cannot be looked for here: {job.spec.lacks}")
        await self._steps.refresh(job)
        self.adopt(job.row, job.spec, look=True)

    async def send_again(self, job: TrackedJob) -> TrackedJob:
        """A person decides to send a clip once more that may have been paid: unclear, or taken and
        ended."""
        if job.at("unknown"):
            await self._steps.take(job, "given_up", error=f"given up by hand: {job.row.error}")
        (anew,) = await self.ask([job.spec_again()], replaces=job.row.id)
        return anew

    def close_admission(self) -> None:
        """Send nothing more from here; what waits stays `planned`. Safe from any thread, as the
        next two are."""
        self._submitter.close()

    @property
    def under_way(self) -> int:
        """How many charging calls are about to leave, or wait for their answers."""
        return self._submitter.under_way

    @property
    def unsent(self) -> int:
        """How many jobs that were asked for here are still `planned` since."""
        waiting = [self._jobs.get(job_id) for job_id in list(self._drivers)]
        return sum(
            job.at("planned") for job in {*waiting, *self._submitter.turned_away} if job is not None
        )

    # -- one job
    # -------------------------------------------------------------------------------------------

    async def _drive(self, job: TrackedJob) -> None:
        try:
            over = False
            while not over:
                try:
                    # Each waits for its lease, in groups of the ledger's: hundreds never start in
                    # one turn of the loop.
                    if not await self._lease(job):
                        await self._follow(job)
                    over = await self._drive_while_ours(job)
                except LedgerError as error:
                    if job.at("planned") or isinstance(error, LedgerClosedError):
                        raise  # nothing is paid, or nothing more can be written
                    await self._steps.wait_for_ledger(job, error)
        except LedgerError as error:
            job.note = str(error)
        except Exception as error:
            job.note = (
                "stopped by a fault of hailuo_nb, the clip is kept: "
                f"{type(error).__name__}: {error}"
            )
        finally:
            await self._release(job)
            self._drivers.pop(job.row.id, None)
            if not job.settled.done():
                job.settled.set_result(None)
            job.publish()

    async def _drive_while_ours(self, job: TrackedJob) -> bool:
        """Whether the job came as far as it can. False: this kernel slept, and another one has
        moved it."""
        try:
            await self._live_out(job)
        except NotOursError:
            await self._steps.refresh(job)
            return False
        except states.ImpossibleEventError:
            believed = job.row.state
            await self._steps.refresh(job)
            if job.at(believed):
                raise
            return False
        return True

    async def _live_out(self, job: TrackedJob) -> None:
        """From the state that the ledger has to one where nothing more happens by itself."""
        transport = await self._pool.get(job.spec.account)
        if job.at("submitting"):  # a driver died in the middle of the charging call
            ended = unclear("its process ended before the answer came")
            await self._steps.take_surely(job, "unclear", error=ended)
        if job.at("ready", "downloading") and not self.ledger.is_ours(job.row):
            job.links = ()  # a stranger's: nothing is fetched from an address of his
            await self._steps.take_surely(job, "doubted", link=None, link_expires_at=None)
        if job.at("downloading"):
            await self._steps.take_surely(job, "fetch_failed")
        if job.at(*states.LOOKED_FOR):
            look = self._reconciler.look_for if job.row.task_id is None else self._poller.look_again
            await look(job, transport)
        if job.at("planned"):
            async with self._submitter.slot(job.spec.account):
                await self._submitter.submit(job, transport)
                if job.at("submitted"):
                    await self._poller.watch(job, transport)
        if job.at("unknown"):
            await self._reconciler.look_for(job, transport)
        if job.at("submitted"):  # at the provider already: waiting for a slot would lose its link
            await self._poller.watch(job, transport)
        if job.at("ready"):
            await self._fetcher.fetch(job, transport, self._poller.watcher(transport).look_once)

    # -- who drives
    # ----------------------------------------------------------------------------------------

    async def _lease(self, job: TrackedJob) -> bool:
        now = self._clock()
        lease = self.ledger.lease([job.row.id], self._owner, now, now + submitting.LEASE)
        row = self.ledger.get(job.row.id)  # asked for at once, so that both come out of one commit
        mine = await asyncio.wrap_future(lease)
        job.row = await asyncio.wrap_future(row)
        if not mine and owner.is_gone(
            job.row.owner
        ):  # a restarted kernel need not wait for its own old lease
            await asyncio.wrap_future(self.ledger.release(job.row.id, str(job.row.owner)))
            return await self._lease(job)
        return bool(mine)

    async def _release(self, job: TrackedJob) -> None:
        """Whoever asks next may drive a job that is parked, at once."""
        if job.at(*states.FINAL) and job.row.owner is None:  # its last step has taken the lease off
            return
        with contextlib.suppress(LedgerError):
            await asyncio.wrap_future(self.ledger.release(job.row.id, self._owner))

    async def _follow(self, job: TrackedJob) -> None:
        """Another kernel drives this job: read along until it is over or its driver is gone."""
        made_at: float | None = None
        while not job.at(*states.SETTLED):
            job.say("driven by another kernel on this ledger")
            if job.at("ready") and made_at is None:
                made_at = self._clock()
            # The other kernel lets those who wait go after as long, and still tries.
            if made_at is not None and self._clock() - made_at > _patience(job):
                job.park()
            await asyncio.sleep(min(_FOLLOW, submitting.LEASE / 3))
            if await self._lease(job):
                return

    async def _renew(self) -> None:
        while self._drivers:
            await asyncio.sleep(submitting.LEASE / 3)
            ours = [
                job_id for job_id in self._drivers if self._jobs[job_id].row.owner == self._owner
            ]
            now = self._clock()
            with contextlib.suppress(LedgerError):
                lease = self.ledger.lease(ours, self._owner, now, now + submitting.LEASE)
                await asyncio.wrap_future(lease)


def open_ledger(home: Path, clock: Callable[[], float] = time.time) -> Ledger:
    """The ledger of a home folder, in which half files that nobody writes to any more are swept
    away.

    Where another process locks it this blocks for up to half a minute: not for the loop. Raises
    LedgerError.
    """
    ledger = Ledger(home / "ledger.sqlite", clock)
    cleanup.sweep(home, clock())
    return ledger


async def _unhurried(many: Iterable[T]) -> AsyncIterator[T]:
    """One after the other, with a breath for whoever else has work on the loop: thousands take a
    third of a second."""
    for number, one in enumerate(many):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        yield one


def _patience(job: TrackedJob) -> float:
    """Seconds for which a clip that another kernel cannot fetch is waited for."""
    return max(900.0 * job.spec.account.time_scale, 5.0)


def _kind(row: JobRow) -> tuple[str, str, str, int]:
    return row.provider, row.model, row.resolution, row.duration
