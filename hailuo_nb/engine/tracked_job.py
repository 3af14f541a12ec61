"""One job as this process knows it, and the one way in which it takes a step: commit, then publish.

`TrackedJob` is read from any thread, changed on the background loop alone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar, Unpack

from hailuo_nb.engine import sanitize
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import Changes, JobRow
from hailuo_nb.engine.ledger.protocol import Ledger
from hailuo_nb.engine.states import Event, ImpossibleEventError, State
from hailuo_nb.errors import LedgerClosedError, LedgerError
from hailuo_nb.providers.base import Receipt

T = TypeVar("T")
LEDGER_PAUSE = 2.0  # seconds before a step that must not be lost is tried again


class TrackedJob:
    """One clip. `row` is swapped whole, so that any thread may read it."""

    def __init__(self, row: JobRow, spec: JobSpec) -> None:
        self.row = row
        self.spec = spec
        self.progress: float | None = None
        self.eta: float | None = None
        self.queue_position: int | None = None
        self._note = ""
        self._cancelling = ""
        self.annotation = Annotation()
        self.usual_seconds: float | None = None
        """Seconds from submit to file that such a clip usually took here; None before the first."""
        self.settled: Future[None] = Future()
        self.wake = asyncio.Event()
        """Set where a person wants the next try now."""
        self.cancelled_by_provider = False
        """Its provider has answered that it cancelled the task."""
        self.links: tuple[str, ...] = (row.link,) if row.link else ()
        self._listeners: list[Callable[[TrackedJob], None]] = []

    @property
    def note(self) -> str:
        """What is being waited for, or what went wrong here; fit to be shown."""
        return "; ".join(filter(None, (self._cancelling, self._note)))

    @note.setter
    def note(self, note: str) -> None:
        self._note = sanitize.text(note)

    def forget_notes(self) -> None:
        """A step was taken: what was being waited for is over."""
        self._note = self._cancelling = ""

    def at(self, *states: State) -> bool:
        """Whether the job is in one of these states now."""
        return self.row.state in states

    def spec_again(self) -> JobSpec:
        """The same take of the same clip, as somebody would ask for it now."""
        return replace(self.spec, take=self.row.take)

    def listen(self, listener: Callable[[TrackedJob], None]) -> None:
        """`listener(job)` is called on the background loop after every change; it must be
        quick."""
        self._listeners.append(listener)

    def publish(self) -> None:
        for listener in tuple(self._listeners):
            # A broken view must not stop a paid clip: SystemExit would end the loop, a
            # CancelledError this clip's task.
            with contextlib.suppress(BaseException):
                listener(self)

    async def sleep(self, seconds: float) -> None:
        """Wait before the next try, unless a person wants it now."""
        self.wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), seconds)

    def release_waiters(self) -> None:
        """Ends every wait for this job; the job itself may go on."""
        self.settle()
        self.publish()

    def settle(self) -> None:
        if not self.settled.done():
            self.settled.set_result(None)

    def publish_cancelling(self, note: str) -> None:
        """Show what became of a request to cancel, whatever the polls say, until the next step."""
        self._cancelling = sanitize.text(note)
        self.publish()

    def publish_note(self, note: str) -> None:
        """Show what is being waited for, until the next step."""
        self.note = note
        self.publish()


class Steps:
    """Takes a job along the table of states."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def take(self, job: TrackedJob, event: Event, **changes: Unpack[Changes]) -> None:
        """One step, on disk before it is published. Raises ImpossibleEventError,
        DuplicateTaskError, LedgerError."""
        _clean(changes)
        row = await asyncio.wrap_future(self.ledger.move(job.row.id, event, **changes))
        job.forget_notes()
        self.show(job, row)

    async def take_if_possible(
        self, job: TrackedJob, event: Event, **changes: Unpack[Changes]
    ) -> bool:
        """The same, and False where the ledger has the job in another state, as another kernel left
        it: `job.row` is that then. Raises DuplicateTaskError, LedgerError."""
        try:
            await self.take(job, event, **changes)
        except ImpossibleEventError:
            await self.refresh(job)
            return False
        return True

    async def take_until_written(
        self, job: TrackedJob, event: Event, **changes: Unpack[Changes]
    ) -> None:
        """One step of a clip that is or may be paid: tried until the ledger can be written.

        Raises ImpossibleEventError, DuplicateTaskError, LedgerClosedError.
        """
        task_id = changes.get("task_id") or job.row.task_id
        await self.retry_until_written(job, lambda: self.take(job, event, **changes), task_id)

    async def retry_until_written(
        self, job: TrackedJob, step: Callable[[], Awaitable[T]], task_id: str | None = None
    ) -> T:
        """`step()`, repeated with pauses as long as the ledger cannot be used; the job says so
        meanwhile."""
        while True:
            try:
                return await step()
            except LedgerClosedError:
                raise
            except LedgerError as error:
                await self.wait_for_ledger(job, error, task_id)

    async def wait_for_ledger(
        self, job: TrackedJob, error: LedgerError, task_id: str | None = None
    ) -> None:
        """Say what is wrong with the ledger, and pause before it is tried again."""
        task_id = task_id or job.row.task_id
        job.publish_note(
            f"{f'paid, task id {task_id}' if task_id else 'it may be paid'}, but {error} Trying "
            "again."
        )
        await asyncio.sleep(LEDGER_PAUSE)

    def receipt(self, job: TrackedJob) -> Receipt:
        """By which its provider knows its task. Links that somebody else wrote into the ledger are
        left out: calls to them carry the key."""
        row = job.row
        links = sanitize.read_task_links(row.task_links) if self.ledger.is_ours(row) else {}
        return Receipt(str(row.task_id), links)

    async def refresh(self, job: TrackedJob) -> None:
        """What the ledger says now: another kernel may have taken a step."""
        job.row = await asyncio.wrap_future(self.ledger.get(job.row.id))

    def show(self, job: TrackedJob, row: JobRow) -> None:
        job.row = row
        job.publish()


def _clean(changes: Changes) -> None:
    """Make a provider's own words fit to be stored."""
    if (error := changes.get("error")) is not None:
        changes["error"] = sanitize.text(error)
    if (code := changes.get("error_code")) is not None:
        changes["error_code"] = sanitize.word(code)
    if (link := changes.get("link")) is not None:
        changes["link"] = sanitize.link(link)
