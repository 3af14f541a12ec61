"""The one step that costs money: at most one charging call for a job, every outcome written down.

`states.outcome_of_submit` decides what an outcome means; this module claims the job right before
the call, makes the call, and waits where the provider asks for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import NamedTuple

from hailuo_nb.catalog.request_limits import RequestLimits
from hailuo_nb.engine import leases, sanitize, schedule, states
from hailuo_nb.engine.admission import Admission, AdmissionClosedError
from hailuo_nb.engine.dates import utc
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.jobs import Changes
from hailuo_nb.engine.ledger.protocol import DuplicateTaskError
from hailuo_nb.engine.limits import Limits, known_limits
from hailuo_nb.engine.rate_limiter import RateLimiter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Charge, Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Receipt

# Submits that surely were not taken, by kind of error; `_TRIES_ELSE` for the others.
_TRIES = {"rate": 40, "token": 20}
_TRIES_ELSE = 6
# Every other clip would be refused for the same reason.
_OPENS_CIRCUIT = frozenset({"auth", "balance"})


class _Scope(NamedTuple):
    """Over what limits are counted: the models of one account that share them."""

    account: Account
    limits: RequestLimits


class NotOursError(Exception):
    """The job was cancelled, or another driver has it: nothing was sent, or what was sent is
    written down."""


class Submitter:
    """Sends the jobs of one home folder. Runs on the background loop."""

    def __init__(
        self,
        steps: Steps,
        owner: str,
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float],
        limits: Limits | None = None,
        admission: Admission | None = None,
    ) -> None:
        self._steps = steps
        self._owner = owner
        self._limits = limits or known_limits
        self._clock = clock
        self._rng = rng
        self._slots: dict[_Scope, asyncio.Semaphore] = {}
        self._pace: dict[_Scope, RateLimiter] = {}
        self._circuits: dict[Account, ProviderError] = {}
        self._admission = admission or Admission()

    def slot(self, spec: JobSpec) -> asyncio.Semaphore:
        """A place among the provider's unfinished tasks; held from the submit to the end of the
        task."""
        scope = self._scope(spec)
        if scope not in self._slots:
            self._slots[scope] = asyncio.Semaphore(scope.limits.in_flight)
        return self._slots[scope]

    def close_circuit(self, account: Account) -> None:
        """Somebody asks anew: the key or the balance may be good now."""
        self._circuits.pop(account, None)

    async def submit(self, job: TrackedJob, transport: Transport) -> None:
        """One charging call, repeated only where the one before surely was not taken."""
        if lacks := _unsendable(job):
            job.publish_note(f"not sent: {lacks}")
            return
        attempt = 0
        while job.at("planned"):
            attempt += 1
            pause = 0.0
            await self._limiter(job.spec).turn()
            if (refusal := self._circuits.get(job.spec.account)) is not None:
                await self._refuse(job, refusal)
                return
            try:
                await self._call(job, transport)
            except AdmissionClosedError as error:
                self._admission.turn_away(job)
                job.publish_note(str(error))
                return
            except ProviderError as error:
                pause = schedule.pause(attempt, random=self._rng, retry_after=error.retry_after)
                if error.retry_after is None:
                    pause *= transport.account.time_scale
                if job.at("planned"):
                    await self._give_up_if_due(job, error, attempt)
            if job.at("planned"):
                await asyncio.sleep(pause)

    async def _call(self, job: TrackedJob, transport: Transport) -> None:
        """The flow with the charging call in it. Raises ProviderError after the outcome is on
        disk."""
        charge = Charge(before=lambda: self._claim(job))
        try:
            receipt = await transport.submit(job.spec.request, charge)
            fault_point("submit.after_send")
            await self._store_receipt(job, receipt)
            fault_point("submit.after_commit")
        except ProviderError as error:
            await self._record_outcome(job, error, charge)
            raise
        except (NotOursError, states.ImpossibleEventError):
            raise
        except AdmissionClosedError as error:
            await self._record_interruption(job, str(error), charge)
            raise
        except asyncio.CancelledError:
            # The step that was cancelled may be on disk.
            with contextlib.suppress(states.ImpossibleEventError):
                await self._record_interruption(job, "the call was cancelled", charge)
            raise
        except Exception as error:
            await self._record_interruption(job, f"{type(error).__name__}: {error}", charge)
            raise
        finally:
            self._admission.leave(job)

    async def _record_interruption(self, job: TrackedJob, reason: str, charge: Charge) -> None:
        """The flow ended without an outcome. After the call left the money is unclear, and nothing
        sends it again."""
        if job.at("submitting"):
            event: states.Event = "unclear" if charge.sent else "not_sent"
            await self._steps.take_until_written(
                job, event, error=unclear(reason) if charge.sent else reason
            )

    async def _claim(self, job: TrackedJob) -> None:
        """Commit `submitting` right before the money is spent.

        Raises NotOursError, AdmissionClosedError, ProviderError.
        """
        self._admission.enter(job)
        fault_point("submit.before_claim")
        until = self._clock() + leases.LEASE
        row = await asyncio.wrap_future(
            self._steps.ledger.claim(job.row.id, self._owner, until, job.spec.new_job())
        )
        if row is None:
            raise NotOursError
        self._steps.show(job, row)
        fault_point("submit.before_send")
        self._admission.check()
        # Another kernel may have looked for the clip meanwhile, and not found it.
        if self._clock() >= until:
            raise ProviderError("server", "this machine slept right before the clip was sent")

    async def _store_receipt(self, job: TrackedJob, receipt: Receipt) -> None:
        """The clip is paid: its id and links must reach the disk, however long the disk is full or
        locked.

        Raises NotOursError if another driver knows its task id by now.
        """
        now = self._clock()
        task_id = receipt.task_id
        changes: Changes = {
            "task_id": task_id,
            "task_links": sanitize.written_task_links(receipt.links),
            "submitted_at": now,
        }
        try:
            await self._steps.take_until_written(job, "accepted", **changes)
        except states.ImpossibleEventError:
            # This process was away for longer than its lease, and another one has set the clip down
            # as unknown, or as not taken.
            await self._steps.retry_until_written(job, lambda: self._steps.refresh(job), task_id)
            if job.row.task_id is not None:
                raise NotOursError from None
            changes |= {"owner": self._owner, "lease_until": now + leases.LEASE}
            try:
                await self._steps.take_until_written(job, "found", **changes)
            except (states.ImpossibleEventError, DuplicateTaskError):
                raise NotOursError from None
        except DuplicateTaskError:
            raise ProviderError("protocol", f"task {task_id} is that of another clip") from None

    async def _record_outcome(self, job: TrackedJob, error: ProviderError, charge: Charge) -> None:
        event = states.outcome_of_submit(error, sent=charge.sent, followed=charge.followed)
        if event == "refused" and error.kind in _OPENS_CIRCUIT:
            self._circuits[job.spec.account] = error
        changes: Changes = {
            "error": unclear(str(error)) if event == "unclear" else str(error),
            "error_kind": error.kind,
            "error_code": error.code,
        }
        if event != "not_sent":
            await self._steps.take_until_written(job, event, **changes)
            return
        if job.at("submitting"):
            await self._steps.take_until_written(job, "not_sent", **changes)
        job.publish_note(f"not sent yet, trying again: {error}")

    async def _give_up_if_due(self, job: TrackedJob, error: ProviderError, attempt: int) -> None:
        """Turn a clip down that would be tried too often, or that the provider wants to wait for
        hours."""
        wait = error.retry_after or 0.0
        if wait > schedule.MAX_RETRY_AFTER:
            date = utc(self._clock() + wait) or "a date that no calendar has"
            until = f"takes none before {date}"
            reason = f"not sent: the provider {until}, ask again then"
            # Every other clip would wait as long.
            self._circuits[job.spec.account] = ProviderError(
                error.kind, f"it {until}: {error.message}", code=error.code
            )
        elif attempt >= _TRIES.get(error.kind, _TRIES_ELSE):
            reason = f"given up after {attempt} tries, none was taken"
        else:
            return
        await self._steps.take(
            job,
            "refused",
            error=f"{reason}: {error}",
            error_kind=error.kind,
            error_code=error.code,
        )

    async def _refuse(self, job: TrackedJob, refusal: ProviderError) -> None:
        await self._steps.take(
            job,
            "refused",
            error=f"not sent, as the provider refused the clip before it: {refusal}",
            error_kind=refusal.kind,
            error_code=refusal.code,
        )

    def _limiter(self, spec: JobSpec) -> RateLimiter:
        scope = self._scope(spec)
        if scope not in self._pace:
            seconds = scope.limits.seconds * spec.account.time_scale
            self._pace[scope] = RateLimiter(scope.limits.submits, seconds)
        return self._pace[scope]

    def _scope(self, spec: JobSpec) -> _Scope:
        account = spec.account
        return _Scope(account, self._limits(account.provider.name, spec.request.model))


def _unsendable(job: TrackedJob) -> str:
    """Why this job must not be sent as this process knows it; "" if it may."""
    if not job.spec.lacks and job.row.identity not in job.spec.identities:
        return "what would be sent is not what the ledger has planned; ask for the clip again"
    return job.spec.lacks


def unclear(reason: str) -> str:
    """The error of a clip that may have been paid."""
    return (
        f"nobody can say whether the provider took this clip ({reason}). It was not sent again. "
        "Look for it at the provider; job.send_again() sends it once more, which may be paid "
        "twice."
    )
