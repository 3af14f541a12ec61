"""The one step that costs money: at most one charging call for a job, and every outcome written
down.

What an outcome means is decided in `states.outcome_of_submit`; this module makes the call, claims
the job right before it, and waits where the provider asks for patience. Must not know polling,
downloads or widgets.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from aiolimiter import AsyncLimiter

from hailuo_nb.engine import schedule, shutdown, states
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.tracked_job import NO_ERROR, Steps, TrackedJob
from hailuo_nb.engine.transport import Charge, Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account

Limits = Callable[[str], Mapping[str, Any]]
"""provider -> {submits, seconds, in_flight}, as in `limits.json`."""

LEASE = 60.0  # seconds for which a driver is believed to be alive without a sign
# Submits that surely were not taken, by kind of error; `_TRIES_ELSE` for the others.
_TRIES = {"rate": 40, "token": 20}
_TRIES_ELSE = 6
_OPENS_CIRCUIT = frozenset(
    {"auth", "balance"}
)  # every other clip would be refused for the same reason


class NotOursError(Exception):
    """The job was cancelled, or another driver has it: nothing was sent, or what was sent is
    written down."""


class AdmissionClosedError(Exception):
    """This process is about to end and sends nothing more: the job stays planned."""


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
    ) -> None:
        self._steps = steps
        self._owner = owner
        self._limits = limits or known_limits
        self._clock = clock
        self._rng = rng
        self._slots: dict[Account, asyncio.Semaphore] = {}
        self._pace: dict[Account, AsyncLimiter] = {}
        self._circuits: dict[Account, ProviderError] = {}
        self._under_way: set[str] = set()
        self._closed = False
        self._turned_away: list[TrackedJob] = []

    def slot(self, account: Account) -> asyncio.Semaphore:
        """A place among the provider's unfinished tasks; held from the submit to the end of the
        task."""
        if account not in self._slots:
            self._slots[account] = asyncio.Semaphore(
                self._limits(account.provider.name)["in_flight"]
            )
        return self._slots[account]

    def close_circuit(self, account: Account) -> None:
        """Somebody asks anew: the key or the balance may be good now."""
        self._circuits.pop(account, None)

    def close(self) -> None:
        """Send nothing more; charging calls that left go on to their answers. Safe from any
        thread."""
        self._closed = True

    @property
    def under_way(self) -> int:
        """How many charging calls are about to leave, or wait for their answers. Safe from any
        thread."""
        return len(self._under_way)

    @property
    def turned_away(self) -> list[TrackedJob]:
        """The jobs whose turn came after `close`. Safe from any thread."""
        return list(self._turned_away)

    async def submit(self, job: TrackedJob, transport: Transport) -> None:
        """One charging call, repeated only where the one before surely was not taken."""
        if lacks := _lacks(job):
            job.say(f"not sent: {lacks}")
            return
        attempt = 0
        while job.at("planned"):
            attempt += 1
            pause = 0.0
            async with self._limiter(job.spec.account):
                if (refusal := self._circuits.get(job.spec.account)) is not None:
                    await self._refuse(job, refusal)
                    return
                try:
                    await self._call(job, transport)
                except AdmissionClosedError as error:
                    self._turned_away.append(job)
                    job.say(str(error))
                    return
                except ProviderError as error:
                    pause = schedule.pause(attempt, random=self._rng, retry_after=error.retry_after)
                    if error.retry_after is None:
                        pause *= transport.account.time_scale
                    if job.at("planned"):
                        await self._give_up_in_time(job, error, attempt)
            if job.at("planned"):
                await asyncio.sleep(pause)

    async def _call(self, job: TrackedJob, transport: Transport) -> None:
        """The flow with the charging call in it. Raises ProviderError after the outcome is on
        disk."""
        charge = Charge(before=lambda: self._claim(job))
        try:
            task_id = await transport.drive(
                transport.account.provider.submit(job.spec.request), charge
            )
            fault_point("submit.after_send")
            await self._store_task_id(job, task_id)
            fault_point("submit.after_commit")
        except ProviderError as error:
            await self._write_down(job, error, charge)
            raise
        except (NotOursError, states.ImpossibleEventError):
            raise
        except AdmissionClosedError as error:
            await self._broke_off(job, str(error), charge)
            raise
        except asyncio.CancelledError:
            with contextlib.suppress(
                states.ImpossibleEventError
            ):  # the step that was cancelled is on disk
                await self._broke_off(job, "the call was cancelled", charge)
            raise
        except Exception as error:
            await self._broke_off(job, f"{type(error).__name__}: {error}", charge)
            raise
        finally:
            self._under_way.discard(job.row.id)

    async def _broke_off(self, job: TrackedJob, reason: str, charge: Charge) -> None:
        """The flow ended without an outcome. After the call left the money is unclear, and nothing
        sends it again."""
        if job.at("submitting"):
            event: states.Event = "unclear" if charge.sent else "not_sent"
            await self._steps.take_surely(
                job, event, error=unclear(reason) if charge.sent else reason
            )

    async def _claim(self, job: TrackedJob) -> None:
        """Commit `submitting` right before the money is spent.

        Raises NotOursError, AdmissionClosedError, ProviderError.
        """
        self._under_way.add(
            job.row.id
        )  # before the look at `_closed`, so that who closes sees the one or the other
        self._check_admission()
        fault_point("submit.before_claim")
        until = self._clock() + LEASE
        row = await asyncio.wrap_future(
            self._steps.ledger.claim(job.row.id, self._owner, until, job.spec.new_job())
        )
        if row is None:
            raise NotOursError
        self._steps.show(job, row)
        fault_point("submit.before_send")
        self._check_admission()
        if (
            self._clock() >= until
        ):  # another kernel may have looked for the clip meanwhile, and not found it
            raise ProviderError("server", "this machine slept right before the clip was sent")

    def _check_admission(self) -> None:
        if self._closed or shutdown.has_begun():
            raise AdmissionClosedError("not sent: its process is ending. hn.resume() sends it.")

    async def _store_task_id(self, job: TrackedJob, task_id: str) -> None:
        """The clip is paid: its id must reach the disk, however long the disk is full or locked.

        Raises NotOursError if another driver has moved the job, and knows its task id or no longer
        wants it.
        """
        now = self._clock()
        told = {"task_id": task_id, "submitted_at": now, **NO_ERROR}
        try:
            await self._steps.take_surely(job, "accepted", **told)
        except states.ImpossibleEventError:
            # This process was away for longer than its lease, and another one has set the clip down
            # as unknown.
            await self._steps.surely(job, lambda: self._steps.refresh(job), task_id)
            if not job.at("unknown"):
                raise NotOursError from None
            await self._steps.take_surely(
                job, "found", owner=self._owner, lease_until=now + LEASE, **told
            )
        except sqlite3.IntegrityError:
            raise ProviderError("protocol", f"task {task_id} is that of another clip") from None

    async def _write_down(self, job: TrackedJob, error: ProviderError, charge: Charge) -> None:
        event = states.outcome_of_submit(error, sent=charge.sent, followed=charge.followed)
        if event == "refused" and error.kind in _OPENS_CIRCUIT:
            self._circuits[job.spec.account] = error
        told = {"error": str(error), "error_kind": error.kind, "error_code": error.code}
        if event == "unclear":
            told["error"] = unclear(str(error))
        if event != "not_sent":
            await self._steps.take_surely(job, event, **told)
            return
        if job.at("submitting"):
            await self._steps.take_surely(job, "not_sent", **told)
        job.say(f"not sent yet, trying again: {error}")

    async def _give_up_in_time(self, job: TrackedJob, error: ProviderError, attempt: int) -> None:
        """Turn a clip down that would be tried too often, or that the provider wants to wait for
        hours."""
        asked = error.retry_after or 0.0
        if asked > schedule.LONGEST_ASKED:
            until = f"takes none before {self._then(asked)}"
            why = f"not sent: the provider {until}, ask again then"
            # Every other clip would wait as long.
            said = f"it {until}: {error.message}"
            self._circuits[job.spec.account] = ProviderError(error.kind, said, code=error.code)
        elif attempt >= _TRIES.get(error.kind, _TRIES_ELSE):
            why = f"given up after {attempt} tries, none was taken"
        else:
            return
        told = {"error": f"{why}: {error}", "error_kind": error.kind, "error_code": error.code}
        await self._steps.take(job, "refused", **told)

    def _then(self, seconds: float) -> str:
        try:
            return f"{datetime.fromtimestamp(self._clock() + seconds, UTC):%Y-%m-%d %H:%M} UTC"
        except (OverflowError, ValueError, OSError):
            return "a date that no calendar has"

    async def _refuse(self, job: TrackedJob, refusal: ProviderError) -> None:
        await self._steps.take(
            job,
            "refused",
            error=f"not sent, as the provider refused the clip before it: {refusal}",
            error_kind=refusal.kind,
            error_code=refusal.code,
        )

    def _limiter(self, account: Account) -> AsyncLimiter:
        if account not in self._pace:
            known = self._limits(account.provider.name)
            self._pace[account] = AsyncLimiter(
                known["submits"], known["seconds"] * account.time_scale
            )
        return self._pace[account]


def _lacks(job: TrackedJob) -> str:
    """Why this job must not be sent as this process knows it; "" if it may."""
    if not job.spec.lacks and job.row.identity not in job.spec.identities:
        return "what would be sent is not what the ledger has planned; ask for the clip again"
    return job.spec.lacks


def unclear(reason: str) -> str:
    """What is said of a clip that may have been paid."""
    return (
        f"nobody can say whether the provider took this clip ({reason}). It was not sent again. "
        "Look for it at the "
        "provider; job.send_again() sends it once more, which may be paid twice."
    )


@cache
def known_limits(provider: str) -> Mapping[str, Any]:
    """The row of `limits.json` for a provider, or a cautious one."""
    table = json.loads(Path(__file__).with_name("limits.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = table.get(provider, {"submits": 20, "seconds": 60, "in_flight": 20})
    return found
