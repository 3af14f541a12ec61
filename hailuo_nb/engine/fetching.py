"""From a finished task to a verified file: which clip first, which link, and when a fresh one is
asked for.

Must not know how a clip is submitted. A paid clip is never given up because of this machine: it is
parked.
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

from hailuo_nb.engine import evidence, schedule
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.ledger.jobs import Changes, JobRow
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import MediaError, ProviderError
from hailuo_nb.media import clips
from hailuo_nb.media.text import visible
from hailuo_nb.providers.base import Progress

_STREAMS = 4  # downloads at once
_SAME_LINK = 2  # transfers that break off before a fresh link is asked for
_PATIENT_TRIES = (
    20  # with growing pauses, a quarter of an hour in all; whoever waits is let go then
)
_SLOW = 300.0  # seconds between the tries that follow
_TRIES = _PATIENT_TRIES + 288  # a day

PollOnce = Callable[[str], Awaitable[Progress | None]]


class Fetcher:
    """Downloads the clips of one home folder. Runs on the background loop."""

    def __init__(
        self,
        steps: Steps,
        home: Path,
        *,
        clock: Callable[[], float] = time.time,
        rng: Callable[[], float],
    ) -> None:
        self._steps = steps
        self._home = home
        self._clock = clock
        self._rng = rng
        self._queue = UrgencyGate(_STREAMS)

    def told(self, job: TrackedJob, progress: Progress) -> Changes:
        """What a finished task tells, for the ledger: links, until when they live, how long it
        took."""
        expires = progress.link_expires_at
        link = visible(
            progress.links[0]
        )  # halves of a pair cannot be stored; such a link is asked for anew
        if expires is None and progress.link_ttl is not None:
            # The same link again does not live longer for being told again.
            same = link == job.row.link
            expires = job.row.link_expires_at if same else self._clock() + progress.link_ttl
        job.links = progress.links
        return {
            "link": link,
            "link_expires_at": expires,
            "generation_seconds": progress.seconds,
        }

    async def fetch(self, job: TrackedJob, transport: Transport, poll_once: PollOnce) -> None:
        """The clip on disk, or `expired` by proof. Those that die first come first.

        What cannot be fetched is tried again for a day. After a quarter of an hour nobody waits for
        it any more: the job is parked as `ready`, and still tried by itself.
        """
        scale = job.spec.account.time_scale
        trail = evidence.Trail(self._clock(), self._clock(), scale)
        for attempt in range(1, _TRIES + 1):
            try:
                done = await self._attempt(job, transport, attempt)
            except (LinkGoneError, DownloadError) as error:
                await self._steps.take_until_written(job, "fetch_failed", error=_kept(error))
                if isinstance(error, LinkGoneError) or attempt % _SAME_LINK == 0:
                    lost = await self._look_for_link(job, trail, poll_once, error)
                    if lost:
                        await self._steps.take_until_written(job, "link_lost", error=lost)
                        return
                if attempt >= _PATIENT_TRIES:
                    job.release_waiters()
                await job.sleep(self._pause(attempt) * scale)
            else:  # the next transfer need not wait for the poster of this one
                await self._keep(job, done)
                return

    def _pause(self, attempt: int) -> float:
        return schedule.pause(attempt, random=self._rng) if attempt < _PATIENT_TRIES else _SLOW

    async def _attempt(self, job: TrackedJob, transport: Transport, attempt: int) -> Downloaded:
        """One transfer of one of the links, when its turn comes. Raises LinkGoneError,
        DownloadError."""
        target = self._home / "videos" / f"{job.row.id}-{_slug(job.row)}.mp4"
        async with self._queue.turn(job.row.link_expires_at or float("inf")):
            await self._steps.take_until_written(job, "fetching")
            links = job.links or ((job.row.link,) if job.row.link else ())
            if not links:  # it held a key, or was too long to be kept
                raise LinkGoneError("the ledger has no link of this clip")
            link = links[(attempt - 1) % len(links)]
            return await download(transport.bare, link, target, root=self._home)

    async def _look_for_link(
        self, job: TrackedJob, trail: evidence.Trail, poll_once: PollOnce, error: Exception
    ) -> str:
        """Ask the provider for a fresh link. Returns why the clip is lost for good; "" while
        nothing proves that."""
        now = self._clock()
        try:
            progress = await poll_once(str(job.row.task_id))
        except ProviderError as reason:
            trail.add(evidence.of_poll(reason), now)
            job.publish_note(f"no fresh link yet: {reason}")
            return ""
        if progress is None or not progress.links:
            if trail.add(evidence.of_poll(progress), now) == "lost":
                return (
                    f"the link died, and the provider no longer knows task {job.row.task_id}: "
                    f"{error}"
                )
            job.publish_note(
                "the provider gives no fresh link: "
                f"{progress.word if progress else 'it does not know the task'}"
            )
            return ""
        trail.add("ended", now)
        told = self.told(job, progress)
        if isinstance(error, LinkGoneError) and evidence.link_is_gone(told["link_expires_at"], now):
            return f"the link died and no fresh one works: {error}{_until(told['link_expires_at'])}"
        await self._steps.take_until_written(job, "succeeded", **told)
        return ""

    async def _keep(self, job: TrackedJob, done: Downloaded) -> None:
        fault_point("download.after_rename")
        poster = await asyncio.to_thread(self._poster, job.row, done.path)
        await self._steps.take_until_written(
            job,
            "verified",
            path=str(done.path.relative_to(self._home)),
            poster=poster,
            bytes=done.bytes,
            sha256=done.sha256,
            width=done.facts.width,
            height=done.facts.height,
            fps=done.facts.fps,
            frames=done.facts.frames,
        )

    def _poster(self, row: JobRow, clip: Path) -> str | None:
        target = self._home / "posters" / f"{row.id}.jpg"
        try:
            clips.poster(clip, target, root=self._home)
        except (MediaError, OSError):  # a clip without a poster is still the clip
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
        """Wait for a place. Among those who wait, the smallest urgency (a Unix time of expiry)
        comes first."""
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
    return f"{error}. The clip is paid and kept, and fetched again."


def _slug(row: JobRow) -> str:
    """A readable, safe part of a file name, ours alone: a server's names are never used."""
    words = re.findall(r"[a-z0-9]+", f"{row.provider} {row.prompt}".lower())
    return "-".join(words)[:60].strip("-") or "clip"
