"""Polls one account's open tasks when each is due, in batches where the API has them.

`schedule` decides when, `evidence` decides what an answer proves. Runs on the background loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hailuo_nb.engine import evidence, schedule
from hailuo_nb.engine.logs import hidden
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Progress, Receipt
from hailuo_nb.providers.task_states import no_link_yet

_log = logging.getLogger(__name__)
_JUST_NOW = 5.0  # seconds after its acceptance within which a task is new
_HURRIED = 3.0  # provider's seconds between two polls of a task that is to be cancelled, at most
_HURRIED_FOR = 60.0  # provider's seconds for which it is polled so often
_SAME_BATCH = 1.0  # tasks due within so many of the provider's seconds share one batch


class TaskLostError(Exception):
    """The provider has said for minutes that it does not know the task."""


class TaskOverdueError(Exception):
    """The task is polled no more, and nothing proves that it ended. The message is the last thing
    known of it."""


@dataclass(eq=False)
class PolledTask:
    """One task. `report(progress, note)` is called after each poll; `note` says what went wrong.

    done     its last progress; TaskLostError, TaskOverdueError
    ran_at   when a poll last found it unfinished; None if that was in an earlier process, or never
    over_at  when it was probably over: half way between that poll and the one that found its end
    left     seconds that the provider says are left
    missed   polls in a row without news of it
    last     the newest answer, for people
    turn     the number of its newest place among the polls; an older one counts no more
    hurried_until   Unix seconds until which it is polled often
    cancelled       the provider has answered that it cancelled the task
    """

    receipt: Receipt
    accepted_at: float
    estimate: schedule.Estimate
    report: Callable[[Progress | None, str], None]
    done: asyncio.Future[Progress] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    ran_at: float | None = None
    over_at: float | None = None
    left: float | None = None
    missed: int = 0
    trail: evidence.Trail = field(default_factory=lambda: evidence.Trail(0.0, 0.0))
    last: str = ""
    turn: int = -1
    hurried_until: float = 0.0
    cancelled: bool = False

    @property
    def task_id(self) -> str:
        return self.receipt.task_id


class Poller:
    """The polls of one account."""

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._transport = transport
        self._provider = transport.account.provider
        self._scale = transport.account.time_scale
        self._clock = clock
        self._rng = rng
        self._due: list[tuple[float, int, PolledTask]] = []
        self._order = itertools.count()
        self._tasks: dict[str, PolledTask] = {}
        self._wake = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    async def wait(self, task: PolledTask) -> Progress:
        """Wait until the task is over at the provider. Cancelled, it is polled no more.

        Raises TaskLostError, TaskOverdueError.
        """
        task.trail = evidence.Trail(task.accepted_at, self._clock(), self._scale)
        # Taken up again after a restart it may be long over.
        if self._clock() - task.accepted_at > _JUST_NOW:
            self._put(task, 0)
        else:
            task.ran_at = task.accepted_at
            self._schedule(task)
        self._tasks[task.task_id] = task
        try:
            return await task.done
        finally:
            self._tasks.pop(task.task_id, None)

    def hurry(self, task_id: str, *, cancelled: bool) -> None:
        """Poll a task now, and often for a while: its provider was asked to cancel it.

        cancelled   the provider says that it has: a task that it then does not know is over at once
        """
        task = self._tasks.get(task_id)
        if task is not None:
            task.cancelled = task.cancelled or cancelled
            task.hurried_until = self._clock() + _HURRIED_FOR * self._scale
            self._put(task, 0)

    async def poll_once(self, task: Receipt) -> Progress | None:
        """Poll outside the schedule, for a fresh link. None if the provider does not know the
        task. Raises ProviderError."""
        try:
            found = await self._transport.poll([task])
        except Exception as error:
            raise _as_provider_error(error, "could not be read") from None
        return next((progress for progress in found if progress.task_id == task.task_id), None)

    def _schedule(self, task: PolledTask, retry_after: float | None = None) -> None:
        if task.done.done():  # the waiter was cancelled during a poll
            return
        age = (self._clock() - task.accepted_at) / self._scale
        wait = schedule.next_poll(
            age,
            task.estimate,
            random=self._rng,
            left=task.left,
            missed=task.missed,
            retry_after=retry_after,
        )
        if retry_after is None:
            hurried = self._clock() < task.hurried_until
            wait = (min(wait, _HURRIED) if hurried else wait) * self._scale
        self._put(task, wait)

    def _put(self, task: PolledTask, wait: float) -> None:
        task.turn = next(self._order)
        heapq.heappush(self._due, (time.monotonic() + wait, task.turn, task))
        self._wake.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._due:
            wait = self._due[0][0] - time.monotonic()
            if wait > 0:
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
                continue
            if not (batch := self._next_batch()):
                continue
            poll = asyncio.get_running_loop().create_task(self._poll(batch))
            self._polls.add(poll)
            poll.add_done_callback(self._polls.discard)

    def _next_batch(self) -> list[PolledTask]:
        """The tasks that are due now or soon, up to what one call can ask for."""
        soon = time.monotonic() + _SAME_BATCH * self._scale
        batch: list[PolledTask] = []
        while self._due and len(batch) < self._provider.batch_size and self._due[0][0] <= soon:
            _, turn, task = heapq.heappop(self._due)
            if turn == task.turn and not task.done.done():
                batch.append(task)
        return batch

    async def _poll(self, batch: list[PolledTask]) -> None:
        try:
            found = await self._transport.poll([task.receipt for task in batch])
        except Exception as error:
            for task in batch:
                self._on_no_news(task, _as_provider_error(error, "could not be read"))
            return
        by_id = {progress.task_id: progress for progress in found}
        for task in batch:
            try:
                self._on_answer(task, by_id.get(task.task_id))
            except Exception as error:  # an odd value must not end the polls of a paid clip
                self._on_no_news(task, _as_provider_error(error, "makes no sense"))

    def _on_answer(self, task: PolledTask, progress: Progress | None) -> None:
        """The provider answered; None: it left this task out."""
        if progress is None:
            self._on_no_news(task, None)
            return
        task.missed = 0
        # The time left is scaled like the wait that follows from it.
        eta = None if progress.eta is None else progress.eta / self._scale
        age = (self._clock() - task.accepted_at) / self._scale
        task.left = schedule.time_left(age, progress.percent, eta)
        finding = evidence.of_poll(progress)
        note = progress.note
        if finding == "no_link" and not note:
            note = no_link_yet(progress.word or progress.state)
        task.last = note or f"the provider's last word was {progress.word or progress.state!r}"
        task.report(progress, note)
        now = self._clock()
        if finding == "ended":
            if task.ran_at is not None:
                task.over_at = (task.ran_at + now) / 2
            if not task.done.done():
                task.done.set_result(progress)
            return
        if finding != "unsure":
            task.ran_at = now
        self._go_on(task, finding, end=progress)

    def _on_no_news(self, task: PolledTask, error: ProviderError | None) -> None:
        """No news of this task; error None: the provider does not know it."""
        task.missed += 1
        task.last = "the provider did not mention this task" if error is None else str(error)
        said = f"no news at poll {task.missed}, asking again: {task.last}"
        name = self._transport.account.name
        _log.info("%s", hidden(f"task {task.task_id} at {name}: {said}"))
        task.report(None, said)
        self._go_on(task, evidence.of_poll(error), None if error is None else error.retry_after)

    def _go_on(
        self,
        task: PolledTask,
        finding: evidence.Finding,
        retry_after: float | None = None,
        end: Progress | None = None,
    ) -> None:
        verdict = task.trail.add(finding, self._clock())
        if finding == "no_task" and task.cancelled:
            verdict = "lost"
        if verdict == "go_on":
            self._schedule(task, retry_after)
        elif task.done.done():
            return
        elif verdict == "ended" and end is not None:
            task.done.set_result(end)
        else:
            ended = TaskLostError if verdict == "lost" else TaskOverdueError
            task.done.set_exception(ended(task.last))


def _as_provider_error(error: Exception, what: str) -> ProviderError:
    if isinstance(error, ProviderError):
        return error
    return ProviderError("protocol", f"the answer {what}: {type(error).__name__}: {error}")
