"""Takes a job back: by a step of the ledger before it is sent, by asking its provider afterwards.

What the provider says to that is shown, and ends nothing: the polls do, by the provider's own word
for the task. A clip that is finished after all is saved as usual. No answer harms nothing, and a
person asks again. A clip that was cancelled is never sent anew by itself, as it has a task id.
"""

from __future__ import annotations

import asyncio

from hailuo_nb import catalog
from hailuo_nb.engine import states
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.task_waiter import TaskWaiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport_pool import TransportPool
from hailuo_nb.errors import UnknownNameError
from hailuo_nb.providers.base import CancelOutcome

_ANSWER_TIMEOUT = 30.0  # seconds

_NOTES: dict[CancelOutcome, str] = {
    "cancelled": "{title} says that it took the clip back; its next word on the task ends it",
    "requested": "{title} was asked to take the clip back, and will or will not: the polls go on",
    "too_late": "{title} says that it is too late to take the clip back: it goes on",
}


def takes_back(spec: JobSpec) -> bool:
    """Whether the provider sells taking back a task of this kind."""
    try:
        return catalog.row_for(spec.request, spec.account.provider.name).tasks.cancel
    except UnknownNameError:
        return False


class Canceller:
    """Takes the jobs of one home folder back. Runs on the background loop."""

    def __init__(self, steps: Steps, transports: TransportPool, waiter: TaskWaiter) -> None:
        self._steps = steps
        self._transports = transports
        self._waiter = waiter

    async def take_back_unsent(self, job: TrackedJob) -> bool:
        """Whether the job was not sent yet, and now never is. Raises LedgerError."""
        try:
            await self._steps.take(job, "cancelled")
        except states.ImpossibleEventError:
            await self._steps.refresh(job)
            return False
        return True

    async def ask(self, job: TrackedJob) -> bool:
        """Whether the provider took the task of a submitted job back, or may have; the job's note
        says which."""
        title = job.spec.account.provider.title
        job.publish_cancelling(f"{title} is being asked to take the clip back")
        transport = await self._transports.get(job.spec.account)
        outcome: CancelOutcome | None = None
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                outcome = await transport.cancel(self._steps.receipt(job))
            said = _NOTES[outcome].format(title=title)
        except Exception as error:  # a bad adapter's, too: the polls go on
            reason = str(error) or "no answer came"
            said = (
                f"{title} did not say that it took the clip back ({reason}): the polls tell what "
                "becomes of it, and job.cancel() asks again"
            )
        if job.at("submitted"):  # else the task has ended meanwhile
            job.taken_back = job.taken_back or outcome == "cancelled"
            job.publish_cancelling(said)
        self._waiter.hurry(job, transport)
        return outcome in {"cancelled", "requested"}
