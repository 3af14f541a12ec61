"""Drives jobs through their life: submit once, watch, fetch, and tell whoever listens.

The only module that joins ledger, transport, watch and download. Runs on the background loop; must not know
widgets, and never prints. What a step means for the money is decided in `states`, not here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aiolimiter import AsyncLimiter

from hailuo_nb import media
from hailuo_nb.engine import schedule, states
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download
from hailuo_nb.engine.ledger import JobRow, Ledger, LedgerError, NewJob
from hailuo_nb.engine.transport import Access, Charge, Mount, Transport, TransportPool
from hailuo_nb.engine.watch import TaskLostError, Watched, Watcher
from hailuo_nb.providers.base import Progress, ProviderError
from hailuo_nb.request import VideoRequest

LEASE = 60.0  # seconds for which a driver is believed to be alive without a sign
_RENEW = 20.0
_LEDGER_PAUSE = 2.0  # seconds before a commit that must not be lost is tried again
_DOWNLOADS = 4  # streams at once
_DOWNLOAD_TRIES = 4  # of one set of links, before the clip is parked
_FRESH_LINKS = 3  # times to ask for a new link before the clip counts as lost
_TRIES = {"rate": 40}  # submits that surely were not taken, by kind of error; `_TRIES_ELSE` for the others
_TRIES_ELSE = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """One clip that somebody asks for. take None: the next free number. cost None: unknown."""

    access: Access
    request: VideoRequest
    take: int | None = 1
    cost: float | None = None
    currency: str = ""

    @property
    def identity(self) -> str:
        """(provider, request): with the take it is what makes a clip the same clip.

        Another address of the provider's API (a brand of it, a server of one's own) is another provider.
        """
        access = self.access
        elsewhere = "" if access.base_url == access.provider.base_url else f"@{access.base_url}"
        return f"{access.name}{elsewhere}:{self.request.fingerprint}"


class Live:
    """One clip as this process knows it. `row` is swapped whole, so that any thread may read it."""

    def __init__(self, row: JobRow, asked: Asked) -> None:
        self.row = row
        self.asked = asked
        self.progress: float | None = None
        self.eta: float | None = None
        self.queue_position: int | None = None
        self.note = ""
        self.settled: Future[None] = Future()
        self.links: tuple[str, ...] = (row.link,) if row.link else ()
        self._listeners: list[Callable[[Live], None]] = []

    def at(self, *wanted: states.State) -> bool:
        """Whether the job is in one of these states now."""
        return self.row.state in wanted

    def listen(self, listener: Callable[[Live], None]) -> None:
        """`listener(live)` is called on the background loop after every change; it must be quick."""
        self._listeners.append(listener)

    def publish(self) -> None:
        for listener in tuple(self._listeners):
            with contextlib.suppress(Exception):  # a broken view must not stop a paid clip
                listener(self)


class _NotOursError(Exception):
    """The job was cancelled, or another driver claimed it, before the charging call."""


class Runner:
    """Everything open in one home folder. Made and used on the background loop."""

    def __init__(
        self, home: Path, *, clock: Callable[[], float] = time.time, rng: Callable[[], float] = random.random,
        mount: Mount | None = None,
    ) -> None:  # fmt: skip
        self.home = home
        self.ledger = Ledger(home / "ledger.sqlite", clock)
        self._clock = clock
        self._rng = rng
        self._owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._pool = TransportPool(home, clock, mount)
        self._live: dict[str, Live] = {}
        self._drivers: dict[str, asyncio.Task[None]] = {}
        self._watchers: dict[Access, Watcher] = {}
        self._slots: dict[Access, asyncio.Semaphore] = {}
        self._pace: dict[Access, AsyncLimiter] = {}
        self._downloads = asyncio.Semaphore(_DOWNLOADS)
        self._charging: set[str] = set()
        self._renewal: asyncio.Task[None] | None = None

    async def ask(self, wanted: Sequence[Asked]) -> list[Live]:
        """The jobs of these clips: those the ledger knows, or new ones that begin at once. Commits first."""
        opened = [
            self.ledger.open_job(
                NewJob(
                    identity=asked.identity, provider=asked.access.name, base_url=asked.access.base_url,
                    model=asked.request.model, prompt=asked.request.prompt,
                    resolution=asked.request.resolution, duration=asked.request.duration,
                    request=json.dumps(asked.request.to_json(), ensure_ascii=False),
                    cost=asked.cost, currency=asked.currency, take=asked.take,
                )
            )
            for asked in wanted
        ]  # fmt: skip
        return [
            self._adopt((await asyncio.wrap_future(future))[0], asked)
            for future, asked in zip(opened, wanted, strict=True)
        ]

    def _adopt(self, row: JobRow, asked: Asked) -> Live:
        live = self._live.get(row.id)
        if live is None:
            live = self._live[row.id] = Live(row, asked)
        driver = self._drivers.get(row.id)
        if driver is None or driver.done():
            if row.state in states.SETTLED:
                if not live.settled.done():
                    live.settled.set_result(None)
            else:
                if live.settled.done():  # parked, and asked for again
                    live.settled = Future()
                self._drivers[row.id] = asyncio.get_running_loop().create_task(self._drive(live))
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew())
        return live

    def percent(self, job_id: str) -> float | None:
        """The provider's number (0..1) for a job that this process watches. Safe from any thread."""
        live = self._live.get(job_id)
        return None if live is None else live.progress

    async def cancel(self, live: Live) -> bool:
        """Take a job back before it is sent. False if it was sent already: no provider here cancels a task."""
        try:
            await self._move(live, "cancelled")
        except states.ImpossibleEventError:
            return False
        return True

    async def drained(self) -> None:
        """Wait until no charging call is under way, so that no answer is lost at the end of the process."""
        while self._charging:  # noqa: ASYNC110 - asked once, when the process ends
            await asyncio.sleep(0.05)

    # -- one job -------------------------------------------------------------------------------------------

    async def _drive(self, live: Live) -> None:
        try:
            if not await self._lease(live):
                await self._follow(live)
            await self._live_out(live)
        except LedgerError as error:
            live.note = str(error)
        except Exception as error:
            live.note = f"stopped by a fault of hailuo_nb, the clip is kept: {type(error).__name__}: {error}"
        finally:
            await self._release(live)
            self._drivers.pop(live.row.id, None)
            if not live.settled.done():
                live.settled.set_result(None)
            live.publish()

    async def _live_out(self, live: Live) -> None:
        """From the state that the ledger has to one where nothing more happens by itself."""
        access = live.asked.access
        transport = await self._pool.get(access)
        if live.at("submitting"):  # a driver died in the middle of the charging call
            await self._move(live, "unclear", error=_unclear("its process ended before the answer came"))
        if live.at("downloading"):
            await self._move(live, "fetch_failed")
        if live.at("planned"):
            async with self._slot(access):
                await self._submit(live, transport)
                if live.at("submitted"):
                    await self._watch(live, transport)
        elif live.at("submitted"):  # at the provider already: waiting for a slot would lose its link
            await self._watch(live, transport)
        if live.at("ready"):
            async with self._downloads:
                await self._fetch(live, transport)

    async def _submit(self, live: Live, transport: Transport) -> None:
        """One charging call, repeated only where the one before surely was not taken."""
        attempt = 0
        while live.at("planned"):
            attempt += 1
            async with self._limiter(live.asked.access):
                charge = Charge(before=lambda: self._claim(live))
                self._charging.add(live.row.id)
                try:
                    flow = transport.access.provider.submit(live.asked.request)
                    task_id = await transport.drive(flow, charge)
                    await self._store_task_id(live, task_id)
                    return  # noqa: TRY300 - the faults below are of the two lines above
                except _NotOursError:
                    return
                except ProviderError as error:
                    event = _event_of(error, charge)
                    await self._submit_failed(live, event, error, attempt)
                    pause = schedule.pause(attempt, random=self._rng, retry_after=error.retry_after)
                    if error.retry_after is None:
                        pause *= transport.access.time_scale
                except Exception as error:
                    # A fault of ours after the call left: the money is unclear, and nothing may send it again.
                    if live.at("submitting"):
                        event = "unclear" if charge.sent else "not_sent"
                        await self._move(live, event, error=_unclear(f"{type(error).__name__}: {error}"))
                    raise
                finally:
                    self._charging.discard(live.row.id)
            if live.at("planned"):
                await asyncio.sleep(pause)

    async def _store_task_id(self, live: Live, task_id: str) -> None:
        """The clip is paid: its id must reach the disk, however long the disk is full or locked."""
        told = {"task_id": task_id, "submitted_at": self._clock()}
        while True:
            try:
                await self._move(live, "accepted", error=None, error_kind=None, error_code=None, **told)
            except LedgerError as error:
                live.note = f"paid, task id {task_id}, but {error}"
                live.publish()
                await asyncio.sleep(_LEDGER_PAUSE)
            else:
                return

    async def _claim(self, live: Live) -> None:
        """Commit `submitting` right before the money is spent. Raises _NotOursError."""
        until = self._clock() + LEASE
        row = await asyncio.wrap_future(self.ledger.claim(live.row.id, self._owner, until))
        if row is None:
            live.row = await asyncio.wrap_future(self.ledger.get(live.row.id))
            raise _NotOursError
        self._set(live, row)

    async def _submit_failed(
        self, live: Live, event: states.Event, error: ProviderError, attempt: int
    ) -> None:
        told = {"error": str(error), "error_kind": error.kind, "error_code": error.code}
        claimed = live.at("submitting")
        if event == "unclear":
            told["error"] = _unclear(str(error))
        if event == "not_sent":
            if claimed:
                await self._move(live, "not_sent", **told)
            live.note = f"not sent yet, trying again: {error}"
            live.publish()
            if attempt >= _TRIES.get(error.kind, _TRIES_ELSE):
                told["error"] = f"given up after {attempt} tries, none was taken or charged: {error}"
                await self._move(live, "refused", **told)
            return
        await self._move(live, event, **told)

    async def _watch(self, live: Live, transport: Transport) -> None:
        row = live.row
        assert row.task_id is not None
        watched = Watched(
            task_id=row.task_id, accepted_at=row.submitted_at or self._clock(),
            expected=schedule.expected_seconds(row.model, row.resolution, row.duration),
            report=lambda progress, note: self._report(live, progress, note),
        )  # fmt: skip
        try:
            progress = await self._watcher(transport).watch(watched)
        except TaskLostError as lost:
            await self._move(
                live, "link_lost", error=f"the provider no longer knows task {row.task_id}: {lost}"
            )
            return
        if progress.state == "succeeded":
            await self._move(live, "succeeded", **self._link(live, progress))
            return
        reason = progress.error or ProviderError(
            "server", f"the task ended as {progress.word!r} without a reason"
        )
        await self._move(
            live, "task_failed", error=str(reason), error_kind=reason.kind, error_code=reason.code,
            generation_seconds=progress.seconds,
        )  # fmt: skip

    def _report(self, live: Live, progress: Progress | None, note: str) -> None:
        live.note = note
        if progress is not None:
            live.progress = None if progress.percent is None else min(max(progress.percent / 100, 0.0), 1.0)
            live.eta = progress.eta
            live.queue_position = progress.queue_position
        live.publish()

    def _link(self, live: Live, progress: Progress) -> dict[str, Any]:
        """What a finished task tells: links, until when they live, how long it took."""
        live.links = progress.links
        expires = progress.link_expires_at
        if expires is None and progress.link_ttl is not None:
            expires = self._clock() + progress.link_ttl
        seconds = progress.seconds
        return {"link": progress.links[0], "link_expires_at": expires, "generation_seconds": seconds}

    async def _fetch(self, live: Live, transport: Transport) -> None:
        for _ in range(_FRESH_LINKS):
            await self._move(live, "fetching")
            try:
                done = await self._download(live, transport)
            except DownloadError as error:
                await self._move(
                    live, "fetch_failed", error=f"{error}. The clip is paid and kept: ask for it again."
                )
                return
            except LinkGoneError as gone:
                await self._move(live, "fetch_failed", error=str(gone))
                try:
                    progress = await self._watcher(transport).look_once(str(live.row.task_id))
                except ProviderError as error:
                    live.note = f"no fresh link yet: {error}"
                    await asyncio.sleep(schedule.FASTEST)
                    continue
                if progress is not None and progress.links:
                    await self._move(live, "succeeded", **self._link(live, progress))
                continue
            poster = await asyncio.to_thread(self._poster, live.row, done.path)
            await self._move(
                live, "verified", path=str(done.path.relative_to(self.home)), poster=poster,
                bytes=done.bytes, sha256=done.sha256, error=None, error_kind=None, error_code=None,
            )  # fmt: skip
            return
        await self._move(live, "link_lost", error=f"the link died and no fresh one works: {live.row.error}")

    async def _download(self, live: Live, transport: Transport) -> Downloaded:
        """One link after the other, with growing pauses. Raises LinkGoneError, or DownloadError at the end."""
        target = self.home / "videos" / f"{live.row.id}-{_slug(live.row)}.mp4"
        links = live.links or (str(live.row.link),)
        attempt = 0
        while True:
            attempt += 1
            try:
                return await download(
                    transport.bare, links[(attempt - 1) % len(links)], target,
                    trust_loopback=transport.access.loopback, mounted=transport.mounted,
                )  # fmt: skip
            except DownloadError as error:
                if attempt == _DOWNLOAD_TRIES:
                    raise
                live.note = f"fetching again: {error}"
                live.publish()
                await asyncio.sleep(schedule.pause(attempt, random=self._rng) * transport.access.time_scale)

    def _poster(self, row: JobRow, clip: Path) -> str | None:
        target = self.home / "posters" / f"{row.id}.jpg"
        try:
            target.parent.mkdir(exist_ok=True)
            media.poster(clip, target)
        except (media.MediaError, OSError):  # a clip without a poster is still the clip
            return None
        return str(target.relative_to(self.home))

    # -- shared --------------------------------------------------------------------------------------------

    async def _move(self, live: Live, event: states.Event, **changes: Any) -> None:
        row = await asyncio.wrap_future(self.ledger.move(live.row.id, event, **changes))
        live.note = ""
        self._set(live, row)

    def _set(self, live: Live, row: JobRow) -> None:
        live.row = row
        live.publish()

    async def _lease(self, live: Live) -> bool:
        now = self._clock()
        mine = await asyncio.wrap_future(self.ledger.lease([live.row.id], self._owner, now, now + LEASE))
        live.row = await asyncio.wrap_future(self.ledger.get(live.row.id))
        return bool(mine)

    async def _release(self, live: Live) -> None:
        """Whoever asks next may drive a job that is parked, at once."""
        with contextlib.suppress(LedgerError):
            await asyncio.wrap_future(self.ledger.release(live.row.id, self._owner))

    async def _follow(self, live: Live) -> None:
        """Another kernel drives this job: read along until it is over or its driver is gone."""
        while not live.at(*states.SETTLED):
            live.note = "driven by another kernel on this ledger"
            live.publish()
            await asyncio.sleep(1.0)
            if await self._lease(live):
                return

    async def _renew(self) -> None:
        while self._drivers:
            await asyncio.sleep(_RENEW)
            ours = [job_id for job_id in self._drivers if self._live[job_id].row.owner == self._owner]
            now = self._clock()
            with contextlib.suppress(LedgerError):
                await asyncio.wrap_future(self.ledger.lease(ours, self._owner, now, now + LEASE))

    def _watcher(self, transport: Transport) -> Watcher:
        if transport.access not in self._watchers:
            self._watchers[transport.access] = Watcher(transport, clock=self._clock, rng=self._rng)
        return self._watchers[transport.access]

    def _slot(self, access: Access) -> asyncio.Semaphore:
        return self._slots.setdefault(access, asyncio.Semaphore(_limits(access.provider.name)["in_flight"]))

    def _limiter(self, access: Access) -> AsyncLimiter:
        if access not in self._pace:
            limits = _limits(access.provider.name)
            period = limits["seconds"] * access.time_scale
            self._pace[access] = AsyncLimiter(limits["submits"], period)
        return self._pace[access]


def _event_of(error: ProviderError, charge: Charge) -> states.Event:
    """What a failed submit flow means. Before the charging call nothing can be unclear."""
    event = states.outcome_of_submit(error)
    return "not_sent" if event == "unclear" and not charge.sent else event


def _unclear(reason: str) -> str:
    return (
        f"nobody can say whether the provider took this clip ({reason}). It was not sent again. Look for it at the "
        "provider; job.retake() asks for another, which may be paid as well."
    )


def _slug(row: JobRow) -> str:
    """A readable, safe part of a file name, ours alone: a server's names are never used."""
    words = re.findall(r"[a-z0-9]+", f"{row.provider} {row.prompt}".lower())
    return "-".join(words)[:60].strip("-") or "clip"


@cache
def _limits(provider: str) -> dict[str, Any]:
    table = json.loads(Path(__file__).with_name("limits.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = table.get(provider, {"submits": 20, "seconds": 60, "in_flight": 20})
    return found
