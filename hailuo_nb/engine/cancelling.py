"""Cancels a job: by a step of the ledger before it is sent, by asking its provider afterwards.

The answer of the provider is shown and does not end the job: a poll does, by the provider's own
word for the task. A clip that is finished after all is saved as usual. Without an answer the job
goes on, and the user can ask again. A cancelled clip is never sent anew by itself, as it has a task
id.
"""

from __future__ import annotations

import asyncio

from hailuo_nb import catalog
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.task_waiter import TaskWaiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport_pool import TransportPool
from hailuo_nb.errors import UnknownNameError
from hailuo_nb.providers.base import CancelOutcome

_ANSWER_TIMEOUT = 30.0  # seconds

_NOTES: dict[CancelOutcome, str] = {
    "cancelled": "{title} says that it cancelled the clip; its next word on the task ends it",
    "requested": "{title} was asked to cancel the clip, and may or may not do so: the polls go on",
    "too_late": "{title} says that it is too late to cancel the clip: it goes on",
}


def can_cancel(spec: JobSpec) -> bool:
    """Whether the provider can cancel a task of this kind."""
    try:
        return catalog.row_for(spec.request, spec.account.provider.name).tasks.cancel
    except UnknownNameError:
        return False


class Canceller:
    """Cancels jobs of one home folder. Runs on the background loop."""

    def __init__(self, steps: Steps, transports: TransportPool, waiter: TaskWaiter) -> None:
        self._steps = steps
        self._transports = transports
        self._waiter = waiter

    async def cancel_unsent(self, job: TrackedJob) -> bool:
        """Whether the job was not sent yet, and now never is. Raises LedgerError."""
        return await self._steps.take_if_possible(job, "cancelled")

    async def ask(self, job: TrackedJob) -> bool:
        """Whether the provider cancelled the task of a submitted job, or may have: see the job's
        note."""
        title = job.spec.account.provider.title
        job.publish_cancelling(f"{title} is being asked to cancel the clip")
        transport = await self._transports.get(job.spec.account)
        outcome: CancelOutcome | None = None
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                outcome = await transport.cancel(self._steps.receipt(job))
            said = _NOTES[outcome].format(title=title)
        except Exception as error:  # a bad adapter's, too: the polls go on
            reason = str(error) or "no answer came"
            said = (
                f"{title} did not say that it cancelled the clip ({reason}): the polls show what "
                "becomes of it, and job.cancel() asks again"
            )
        if job.at("submitted"):  # else the task has ended meanwhile
            job.cancelled_by_provider = job.cancelled_by_provider or outcome == "cancelled"
            job.publish_cancelling(said)
        self._waiter.hurry(job, transport)
        return outcome in {"cancelled", "requested"}
