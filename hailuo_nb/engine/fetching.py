"""From a finished task to a verified file: which clip first, which link, and when a fresh one is asked for.

Must not know how a clip is submitted. A paid clip is never given up because of this machine: it is parked.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hailuo_nb import media
from hailuo_nb.engine import schedule
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download
from hailuo_nb.engine.faultpoints import fault_point
from hailuo_nb.engine.ledger import JobRow
from hailuo_nb.engine.live import Live, Steps
from hailuo_nb.engine.transport import Transport
from hailuo_nb.providers.base import Progress, ProviderError

_STREAMS = 4  # downloads at once
_DOWNLOAD_TRIES = 4  # of one set of links, before the clip is parked
_FRESH_LINKS = 3  # times to ask for a new link before the clip counts as lost

LookOnce = Callable[[str], Awaitable[Progress | None]]


class Fetcher:
    """Downloads the clips of one home folder. Runs on the background loop."""

    def __init__(
        self, steps: Steps, home: Path, *, clock: Callable[[], float] = time.time, rng: Callable[[], float]
    ) -> None:
        self._steps = steps
        self._home = home
        self._clock = clock
        self._rng = rng
        self._queue = UrgencyGate(_STREAMS)

    def told(self, live: Live, progress: Progress) -> dict[str, Any]:
        """What a finished task tells, for the ledger: links, until when they live, how long it took."""
        live.links = progress.links
        expires = progress.link_expires_at
        if expires is None and progress.link_ttl is not None:
            expires = self._clock() + progress.link_ttl
        return {
            "link": progress.links[0],
            "link_expires_at": expires,
            "generation_seconds": progress.seconds,
        }

    async def fetch(self, live: Live, transport: Transport, look_once: LookOnce) -> None:
        """The clip on disk, or parked as `ready`, or `expired`. Those that die first come first."""
        lost, gone = False, LinkGoneError("")
        done: Downloaded | None = None
        async with self._queue.turn(live.row.link_expires_at or float("inf")):
            for _ in range(_FRESH_LINKS):
                await self._steps.take(live, "fetching")
                try:
                    done = await self._download(live, transport)
                except DownloadError as error:
                    await self._steps.take(live, "fetch_failed", error=_kept(error))
                    return
                except LinkGoneError as error:
                    gone = error
                    await self._steps.take(live, "fetch_failed", error=_kept(error))
                    lost = await self._is_lost(live, gone, look_once)
                else:
                    break
        if done is not None:  # the next transfer need not wait for the poster of this one
            await self._keep(live, done)
        elif lost:
            said = f"the link died and no fresh one works: {gone}{_until(live.row.link_expires_at)}"
            await self._steps.take(live, "link_lost", error=said)

    async def _is_lost(self, live: Live, gone: LinkGoneError, look_once: LookOnce) -> bool:
        """Ask for a fresh link; whether the clip is gone at the provider if that one works no better.

        A refusal may come from a firewall on our side, and then a paid clip is not given up: it stays `ready`.
        """
        until = live.row.link_expires_at
        try:
            progress = await look_once(str(live.row.task_id))
        except ProviderError as error:
            live.say(f"no fresh link yet: {error}")
            await asyncio.sleep(schedule.FASTEST * live.asked.access.time_scale)
            return False
        if progress is None or not progress.links:
            return gone.sure or progress is None or (until is not None and until <= self._clock())
        await self._steps.take(live, "succeeded", **self.told(live, progress))
        return gone.sure

    async def _download(self, live: Live, transport: Transport) -> Downloaded:
        """One link after the other, with growing pauses. Raises LinkGoneError, or DownloadError at the end."""
        target = self._home / "videos" / f"{live.row.id}-{_slug(live.row)}.mp4"
        links = live.links or (str(live.row.link),)
        attempt = 0
        while True:
            attempt += 1
            try:
                return await download(
                    transport.bare, links[(attempt - 1) % len(links)], target,
                    root=self._home, trust_loopback=transport.access.loopback, mounted=transport.mounted,
                )  # fmt: skip
            except DownloadError as error:
                if attempt == _DOWNLOAD_TRIES:
                    raise
                live.say(f"fetching again: {error}")
                pause = schedule.pause(attempt, random=self._rng)
                await asyncio.sleep(pause * transport.access.time_scale)

    async def _keep(self, live: Live, done: Downloaded) -> None:
        fault_point("download.after_rename")
        poster = await asyncio.to_thread(self._poster, live.row, done.path)
        await self._steps.take(
            live, "verified", path=str(done.path.relative_to(self._home)), poster=poster, bytes=done.bytes,
            sha256=done.sha256, width=done.facts.width, height=done.facts.height, fps=done.facts.fps,
            frames=done.facts.frames, error=None, error_kind=None, error_code=None,
        )  # fmt: skip

    def _poster(self, row: JobRow, clip: Path) -> str | None:
        target = self._home / "posters" / f"{row.id}.jpg"
        try:
            target.parent.mkdir(exist_ok=True)
            media.poster(clip, target)
        except (media.MediaError, OSError):  # a clip without a poster is still the clip
            return None
        return str(target.relative_to(self._home))


class UrgencyGate:
    """A semaphore whose next turn goes to the smallest number, not to the longest wait."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @asynccontextmanager
    async def turn(self, urgency: float) -> AsyncIterator[None]:
        """Wait for a place. Among those who wait, the smallest urgency (a Unix time of expiry) comes first."""
        if self._free:
            self._free -= 1
        else:
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (urgency, next(self._order), place))
            try:
                await place
            except asyncio.CancelledError:
                if not place.cancelled():  # the turn came in the moment of the cancelling
                    self._pass_on()
                raise
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            place = heapq.heappop(self._waiting)[2]
            if not place.done():  # whoever was cancelled while waiting wants no turn
                place.set_result(None)
                return
        self._free += 1


def _until(expires_at: float | None) -> str:
    if expires_at is None:
        return ""
    try:
        return f"; it was good until {datetime.fromtimestamp(expires_at, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):  # a provider's date that no calendar has
        return ""


def _kept(error: Exception) -> str:
    return f"{error}. The clip is paid and kept: ask for it again."


def _slug(row: JobRow) -> str:
    """A readable, safe part of a file name, ours alone: a server's names are never used."""
    words = re.findall(r"[a-z0-9]+", f"{row.provider} {row.prompt}".lower())
    return "-".join(words)[:60].strip("-") or "clip"
