"""What the property test plays with: kernels of the engine's real parts, and providers with books
of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from hailuo_nb.engine import leases, states
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.reconcile import Reconciler
from hailuo_nb.engine.submitting import NotOursError, Submitter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.providers.account import Account
from tests.engine import fake


class Clock:
    """Unix seconds that pass when somebody says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class PlainProvider(fake.FakeProvider):
    """No list: of an unclear clip only a person can tell."""

    name = "ppinfra"


class ListingProvider(fake.ListingProvider):
    """A provider with a list of its tasks, newest first, as Chanjing has one."""

    name = "chanjing"


class Shop:
    """A provider's server and its books.

    charged    task id -> the job whose call made it charge
    sending    the job that is being sent now
    meanwhile  is called while the provider answers a submit
    """

    def __init__(self, provider: Any, clock: Clock, unlisted: float) -> None:
        self.account: Account = fake.QuickAccess(
            provider, provider.base_url, fake.account().credentials, simulated=True
        )
        self.charged: dict[str, str] = {}
        self.sending = ""
        self.meanwhile: Callable[[], Any] = lambda: None
        self._clock = clock
        self._unlisted = unlisted
        self._charged_at: dict[str, float] = {}
        self._server = fake.Server(b"")

    def next_fault(self, fault: Any, *, lost: bool) -> None:
        """What becomes of the next submit: see `fake.Server`. `lost`: it never arrives, and nobody
        answers."""
        self._server.submit_faults.clear()
        if fault is not None:
            self._server.submit_faults.append(fault)
        self._server.lost_faults = int(lost)

    def transport(self) -> Transport:
        mount = httpx2.MockTransport(self._answer)
        return Transport(self.account, max_requests=1, http_transport=mount, clock=self._clock)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/list":
            return self._list(request)
        before = len(self._server.charged)
        try:
            return self._server.handle(request)
        finally:
            if len(self._server.charged) > before:
                task = f"task-{len(self._server.charged)}"
                self.charged[task], self._charged_at[task] = self.sending, self._clock.now
            self.meanwhile()

    def _list(self, request: httpx2.Request) -> httpx2.Response:
        """What is new is listed after a while."""
        listed = self._server.handle(request).json()
        for name in ("ids", "others"):
            tasks = reversed(listed[name])
            listed[name] = [
                task for task in tasks if self._charged_at[task] + self._unlisted < self._clock.now
            ]
        return httpx2.Response(200, json=listed)


class Kernel:
    """One process on the ledger: what it holds in memory, and the engine's parts that spend
    money."""

    def __init__(self, name: str, path: Path, clock: Clock, shops: dict[str, Shop]) -> None:
        self.name = name
        self.lives: dict[str, TrackedJob] = {}
        self.ledger = SqliteLedger(path, clock)
        self._clock = clock
        self._shops = shops
        self._steps = Steps(self.ledger)
        self._submitter = Submitter(self._steps, name, clock=clock, rng=lambda: 0.5)
        self._reconciler = Reconciler(self._steps, clock=clock)

    async def ask(self, asked: JobSpec) -> TrackedJob:
        row, _ = await asyncio.wrap_future(self.ledger.get_or_create(asked.new_job()))
        return self.lives.setdefault(row.id, TrackedJob(row, asked))

    def recall(self) -> None:
        """`hn.resume()`: what is open in the ledger, and not known here."""
        for row in self.ledger.open_jobs().result():
            asked = fake.spec(self._shops[row.provider].account, row.prompt, row.take)
            self.lives.setdefault(row.id, TrackedJob(row, asked))

    async def lease(self, tracked: TrackedJob) -> bool:
        now = self._clock.now
        mine = self.ledger.lease([tracked.row.id], self.name, now, now + leases.LEASE)
        found = await asyncio.wrap_future(mine)
        await self._steps.refresh(tracked)
        return bool(found)

    async def submit(self, tracked: TrackedJob, *, leased: bool) -> None:
        """What the runner does around `Submitter.submit`. Not leased: its lease ended just now, and
        it has not seen."""
        if leased and not await self.lease(tracked):
            return
        self._submitter.close_circuit(tracked.spec.account)
        try:
            await self._submitter.submit(tracked, self._shops[tracked.row.provider].transport())
        except (NotOursError, states.ImpossibleEventError):
            await self._steps.refresh(tracked)

    async def take_over(self, tracked: TrackedJob) -> None:
        """What a kernel does first with a job that somebody else has begun."""
        if not await self.lease(tracked):
            return
        if tracked.at("submitting"):
            await self._steps.take(tracked, "unclear")
        if tracked.at("downloading"):
            await self._steps.take(tracked, "fetch_failed")
        if tracked.at("unknown") and isinstance(tracked.spec.account.provider, ListingProvider):
            await self._reconciler._search(
                tracked, self._shops[tracked.row.provider].transport(), last=True
            )

    async def step(self, tracked: TrackedJob, event: states.Event) -> None:
        """A step that costs nothing. If another kernel was there first, this one reads what it
        did."""
        try:
            await self._steps.take(tracked, event)
        except states.ImpossibleEventError:
            await self._steps.refresh(tracked)
