"""From a task id to the end of the task: a submitted job becomes `ready`, `failed` or `expired`.

Writes into the ledger what the poller finds. Never sends anything that costs.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import datetime

from hailuo_nb.engine import evidence, schedule
from hailuo_nb.engine.charges import charge_of
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.ledger.jobs import Changes
from hailuo_nb.engine.poller import PolledTask, Poller, TaskLostError, TaskOverdueError
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Progress


class TaskWaiter:
    """Waits for the tasks of one home folder. Runs on the background loop.

    finished  the changes of a job whose task has succeeded
    """

    def __init__(
        self,
        steps: Steps,
        finished: Callable[[TrackedJob, Progress], Changes],
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._steps = steps
        self._finished = finished
        self._clock = clock
        self._rng = rng
        self._pollers: dict[Account, Poller] = {}

    async def wait(self, job: TrackedJob, transport: Transport) -> None:
        """From `submitted` to the end of the task, or until it is overdue."""
        row = job.row
        task = PolledTask(
            receipt=self._steps.receipt(job),
            accepted_at=row.submitted_at or self._clock(),
            estimate=await self._estimate(job),
            report=lambda progress, note: _report(job, progress, note),
            cancelled=job.cancelled_by_provider,
        )
        try:
            progress = await self.poller(transport).wait(task)
        except TaskLostError as lost:
            if task.cancelled:
                await self._record_end(job, Progress(task.task_id, "cancelled"))
                return
            await self._steps.take_until_written(
                job, "link_lost", error=f"the provider no longer knows task {row.task_id}: {lost}"
            )
            return
        except TaskOverdueError as last:
            job.publish_note(_overdue(job, str(last), self._clock()))
            return
        if progress.state == "succeeded":
            fault_point("poll.after_success")
            changes = self._finished(job, progress)
            changes["ready_at"] = task.over_at
            await self._steps.take_until_written(job, "succeeded", **changes)
        else:
            await self._record_end(job, progress)

    async def _record_end(self, job: TrackedJob, progress: Progress) -> None:
        """The task failed or was cancelled."""
        changes = charge_of(job, progress)
        if progress.state == "cancelled":
            title, reason = job.spec.account.provider.title, progress.error
            changes["error"] = f"{title} cancelled the clip{f': {reason}' if reason else ''}"
            await self._steps.take_until_written(job, "task_cancelled", **changes)
            return
        failure = progress.error or ProviderError(
            "server", f"the task ended as {progress.word!r} without a reason"
        )
        changes |= {
            "error": str(failure),
            "error_kind": failure.kind,
            "error_code": failure.code,
            "generation_seconds": progress.seconds,
        }
        await self._steps.take_until_written(job, "task_failed", **changes)

    async def look_again(self, job: TrackedJob, transport: Transport) -> None:
        """Poll once for a job that is over: it comes back if the provider has the clip."""
        job.publish_note("looking for it at the provider")
        try:
            progress = await self.poller(transport).poll_once(self._steps.receipt(job))
        except ProviderError as error:
            job.publish_note(f"looked, and had no answer: {error}")
            return
        finding = evidence.of_poll(progress)
        if progress is not None and finding in {"running", "no_link"}:
            await self._steps.take_until_written(job, "found")
        elif progress is not None and progress.state == "succeeded":
            await self._steps.take_until_written(job, "succeeded", **self._finished(job, progress))
        elif progress is not None and _tells_more(job, progress):
            await self._record_end(job, progress)
        else:
            state = (
                "it does not know the task"
                if progress is None
                else f"the task is {progress.word or progress.state}"
            )
            job.publish_note(f"looked at {datetime.fromtimestamp(self._clock()):%H:%M}: {state}")

    async def _estimate(self, job: TrackedJob) -> schedule.Estimate:
        """How long the task takes, by what such tasks took here, in the provider's seconds."""
        row = job.row
        before = schedule.prior(row.model, row.resolution, row.duration)
        took = await asyncio.wrap_future(self._steps.ledger.task_seconds(row))
        return schedule.learn(before, [seconds / job.spec.account.time_scale for seconds in took])

    def hurry(self, job: TrackedJob, transport: Transport) -> None:
        """See `Poller.hurry`."""
        self.poller(transport).hurry(str(job.row.task_id), cancelled=job.cancelled_by_provider)

    def poller(self, transport: Transport) -> Poller:
        """The one poller of this account."""
        if transport.account not in self._pollers:
            self._pollers[transport.account] = Poller(transport, clock=self._clock, rng=self._rng)
        return self._pollers[transport.account]


def _tells_more(job: TrackedJob, progress: Progress) -> bool:
    """Whether the provider says by now what a task cost that ended as the ledger has it."""
    charge = charge_of(job, progress)
    news = any(getattr(job.row, name) != value for name, value in charge.items())
    return news and job.row.state == progress.state


def _overdue(job: TrackedJob, last: str, now: float) -> str:
    hours = (now - (job.row.submitted_at or now)) / job.spec.account.time_scale / 3600
    return (
        f"overdue: {job.spec.account.provider.title} has had task {job.row.task_id} for "
        f"{hours:.1f} h, and {last}. The clip is paid and is asked about no more: look for the "
        "task at the provider, or call job.look_again()"
    )


def _report(job: TrackedJob, progress: Progress | None, note: str) -> None:
    if progress is not None:
        job.progress = (
            None if progress.percent is None else min(max(progress.percent / 100, 0.0), 1.0)
        )
        job.eta = progress.eta
        job.queue_position = progress.queue_position
    job.publish_note(note)
