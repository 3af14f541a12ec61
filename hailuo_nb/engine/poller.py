"""Asks one provider about all its open tasks: who is due, in batches where the API has them, what
came back.

Knows the schedule and a provider's `poll`; must not know the ledger, money or files. What a look
proves is decided in `evidence`. Runs on the background loop only.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hailuo_nb.engine import evidence, schedule
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Progress

_JUST_NOW = 5.0  # seconds after its acceptance within which a task is new
_SAME_LOOK = 1.0  # tasks due within so many of the provider's seconds share one batch


class TaskLostError(Exception):
    """The provider has said for minutes that it does not know the task."""


class TaskOverdueError(Exception):
    """The task is asked about no more, and nothing proves that it ended. The message is the last
    thing known of it."""


@dataclass(eq=False)
class PolledTask:
    """One task under watch. `report(progress, note)` is called on each look; `note` says what went
    wrong.

    last     what the newest look said, for people
    ran_at   when a look last saw it unfinished; None if that was in an earlier process, or never in
             this one
    over_at  when it was probably over: half way between that look and the one that saw its end
    """

    task_id: str
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


class Poller:
    """The watch over one Account."""

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
        self._wake = asyncio.Event()
        self._looks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    async def wait(self, task: PolledTask) -> Progress:
        """Wait until the task is over at the provider. Cancelled, it is asked about no more.

        Raises TaskLostError, TaskOverdueError.
        """
        task.trail = evidence.Trail(task.accepted_at, self._clock(), self._scale)
        if (
            self._clock() - task.accepted_at > _JUST_NOW
        ):  # taken up again after a restart: it may be long over
            self._put(task, 0)
        else:
            task.ran_at = task.accepted_at
            self._plan(task)
        return await task.done

    async def poll_once(self, task_id: str) -> Progress | None:
        """One look outside the schedule, for a fresh link. None if the provider does not know the
        task."""
        found = await self._transport.poll([task_id])
        return next((progress for progress in found if progress.task_id == task_id), None)

    def _plan(self, task: PolledTask, retry_after: float | None = None) -> None:
        if task.done.done():  # whoever waited was cancelled while a look was under way
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
        scaled = wait if retry_after is not None else wait * self._scale
        self._put(task, scaled)

    def _put(self, task: PolledTask, wait: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + wait, next(self._order), task))
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
            batch = [task for task in self._take() if not task.done.done()]
            if not batch:
                continue
            look = asyncio.get_running_loop().create_task(self._look(batch))
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)

    def _take(self) -> list[PolledTask]:
        """Who is due now, and who soon would be, up to what one call can ask for."""
        soon = time.monotonic() + _SAME_LOOK * self._scale
        batch = [heapq.heappop(self._due)[2]]
        while self._due and len(batch) < self._provider.batch_size and self._due[0][0] <= soon:
            batch.append(heapq.heappop(self._due)[2])
        return batch

    async def _look(self, batch: list[PolledTask]) -> None:
        try:
            found = await self._transport.poll([task.task_id for task in batch])
        except Exception as error:
            for task in batch:
                self._missed(task, _as_provider_error(error, "could not be read"))
            return
        by_id = {progress.task_id: progress for progress in found}
        for task in batch:
            try:
                self._seen(task, by_id.get(task.task_id))
            except Exception as error:  # an odd value must not end the watch over a paid clip
                self._missed(task, _as_provider_error(error, "makes no sense"))

    def _seen(self, task: PolledTask, progress: Progress | None) -> None:
        """The provider answered; None: it left this task out."""
        if progress is None:
            self._missed(task, None)
            return
        task.missed = 0
        # What a simulator says is left is lived here: it is scaled like the wait that follows from
        # it.
        eta = None if progress.eta is None else progress.eta / self._scale
        age = (self._clock() - task.accepted_at) / self._scale
        task.left = schedule.time_left(age, progress.percent, eta)
        finding = evidence.of_poll(progress)
        no_link = (
            "the provider says that the clip is made, and gives no link yet"
            if finding == "no_link"
            else ""
        )
        note = progress.note or no_link
        task.last = note or f"the provider's last word was {progress.word or progress.state!r}"
        task.report(progress, note)
        now = self._clock()
        if finding == "ended":
            if task.ran_at is not None:
                task.over_at = (task.ran_at + now) / 2
            if not task.done.done():
                task.done.set_result(progress)
            return
        task.ran_at = now
        self._go_on(task, finding)

    def _missed(self, task: PolledTask, error: ProviderError | None) -> None:
        """No news of this task; error None: the provider does not know it."""
        task.missed += 1
        task.last = "the provider did not mention this task" if error is None else str(error)
        task.report(None, f"no news at look {task.missed}, asking again: {task.last}")
        self._go_on(task, evidence.of_poll(error), None if error is None else error.retry_after)

    def _go_on(
        self, task: PolledTask, finding: evidence.Finding, retry_after: float | None = None
    ) -> None:
        verdict = task.trail.add(finding, self._clock())
        if verdict == "go_on":
            self._plan(task, retry_after)
        elif not task.done.done():
            ended = TaskLostError if verdict == "lost" else TaskOverdueError
            task.done.set_exception(ended(task.last))


def _as_provider_error(error: Exception, what: str) -> ProviderError:
    if isinstance(error, ProviderError):
        return error
    return ProviderError("protocol", f"the answer {what}: {type(error).__name__}: {error}")
