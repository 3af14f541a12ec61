"""From a finished task to a verified file: which clip first, which link, when to get a fresh one.

The retries are our own: each is a step in the ledger, polls for another link in between, can be
woken by a person, and goes on for a day; stamina would replace only the pause.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from hailuo_nb.engine import evidence, provenance, schedule
from hailuo_nb.engine.charges import charge_of
from hailuo_nb.engine.dates import utc
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download
from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.ledger.jobs import Changes, JobRow
from hailuo_nb.engine.priority_semaphore import PrioritySemaphore
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import MediaError, ProviderError
from hailuo_nb.media import clips
from hailuo_nb.media.text import visible
from hailuo_nb.media.waveform import waveform
from hailuo_nb.providers.base import Progress, Receipt

_MAX_DOWNLOADS = 4  # at once
_SAME_LINK = 2  # transfers that break off before a fresh link is asked for
# With growing pauses, a quarter of an hour in all; then the waiters are released.
_PATIENT_TRIES = 20
_SLOW = 300.0  # seconds between the tries that follow
_TRIES = _PATIENT_TRIES + 288  # a day

PollOnce = Callable[[Receipt], Awaitable[Progress | None]]


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
        self._slots = PrioritySemaphore(_MAX_DOWNLOADS)

    def finished(self, job: TrackedJob, progress: Progress) -> Changes:
        """The changes of a job whose task has succeeded: the link, its expiry, how long the task
        took. Its links are kept in `job`."""
        expires = progress.link_expires_at
        # Halves of a surrogate pair cannot be stored; such a link is asked for anew.
        link = visible(progress.links[0])
        if expires is None and progress.link_ttl is not None:
            # The same link does not live longer for being sent again.
            same = link == job.row.link
            expires = job.row.link_expires_at if same else self._clock() + progress.link_ttl
        job.links = progress.links
        return {
            "link": link,
            "link_expires_at": expires,
            "generation_seconds": progress.seconds,
            **charge_of(job, progress),
        }

    async def fetch(self, job: TrackedJob, transport: Transport, poll_once: PollOnce) -> None:
        """The clip on disk, or `expired` by proof. Links that expire first come first.

        What cannot be fetched is tried again for a day. After a quarter of an hour the waiters
        are released: the job stays `ready`, and is still tried.
        """
        scale = job.spec.account.time_scale
        trail = evidence.Trail(self._clock(), self._clock(), scale)
        dead: set[str] = set()  # links that gave no clip when last tried
        for attempt in range(1, _TRIES + 1):
            try:
                done = await self._attempt(job, transport, attempt)
                await self._record(job, done)
            except (LinkGoneError, DownloadError) as error:
                link = _link(job, attempt)
                (dead.add if isinstance(error, LinkGoneError) else dead.discard)(visible(link))
                kept = f"{error}. The clip is paid and kept, and fetched again."
                await self._steps.take_until_written(job, "fetch_failed", error=kept)
                if isinstance(error, LinkGoneError) or attempt % _SAME_LINK == 0:
                    lost = await self._look_for_link(job, trail, poll_once, error, dead)
                    if lost:
                        await self._steps.take_until_written(job, "link_lost", error=lost)
                        return
                if attempt >= _PATIENT_TRIES:
                    job.release_waiters()
                await job.sleep(self._pause(attempt) * scale)
            else:
                return

    def _pause(self, attempt: int) -> float:
        return schedule.pause(attempt, random=self._rng) if attempt < _PATIENT_TRIES else _SLOW

    async def _attempt(self, job: TrackedJob, transport: Transport, attempt: int) -> Downloaded:
        """One transfer of one of the links, in a slot. Raises LinkGoneError, DownloadError."""
        target = self._home / "videos" / f"{job.row.id}-{_slug(job.row)}.mp4"
        async with self._slots.slot(job.row.link_expires_at or float("inf")):
            await self._steps.take_until_written(job, "fetching")
            link = _link(job, attempt)
            if not link:  # it held a key, or was too long to be kept
                raise LinkGoneError("the ledger has no link of this clip")
            try:
                first_request = transport.authenticated_request(link, self._steps.receipt(job))
            except ProviderError as error:  # the key may not go there, or the task id was not kept
                raise LinkGoneError(str(error)) from None
            mark = partial(provenance.stamp, job)
            return await download(
                transport.bare,
                link,
                target,
                root=self._home,
                first_request=first_request,
                stamp=mark,
            )

    async def _look_for_link(
        self,
        job: TrackedJob,
        trail: evidence.Trail,
        poll_once: PollOnce,
        error: Exception,
        dead: AbstractSet[str],
    ) -> str:
        """Ask the provider for a fresh link. Returns why the clip is lost for good; "" while
        nothing proves that."""
        now = self._clock()
        try:
            progress = await poll_once(self._steps.receipt(job))
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
        changes = self.finished(job, progress)
        expires = changes["link_expires_at"]
        # Another link is tried, whatever its expiry: our clock may be wrong.
        if {*map(visible, job.links)} <= dead and evidence.link_is_gone(expires, now):
            until = f"; it was good until {date}" if (date := utc(expires)) else ""
            return f"the link died and no fresh one works: {error}{until}"
        await self._steps.take_until_written(job, "succeeded", **changes)
        return ""

    async def _record(self, job: TrackedJob, done: Downloaded) -> None:
        """Outside the slot: the next transfer need not wait for this poster. Raises
        DownloadError."""
        fault_point("download.after_rename")
        try:
            poster = await asyncio.to_thread(self._poster, job.row, done.path)
            sound = await asyncio.to_thread(_waveform, done.path)
        except RuntimeError as error:  # no thread can be started
            raise DownloadError(f"its poster cannot be drawn: {error}") from None
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
            waveform=sound,
        )

    def _poster(self, row: JobRow, clip: Path) -> str | None:
        target = self._home / "posters" / f"{row.id}.jpg"
        try:
            clips.poster(clip, target, root=self._home)
        except (MediaError, OSError):  # a clip without a poster is still the clip
            return None
        return str(target.relative_to(self._home))


def _link(job: TrackedJob, attempt: int) -> str:
    """The one that is tried at this attempt, from 1; "" where none is known."""
    links = job.links or (job.row.link or "",)
    return links[(attempt - 1) % len(links)]


def _waveform(clip: Path) -> str | None:
    try:
        return waveform(clip)
    except (MediaError, OSError):
        return None


def _slug(row: JobRow) -> str:
    """A readable, safe part of a file name, ours alone: a server's names are never used."""
    words = re.findall(r"[a-z0-9]+", f"{row.provider} {row.prompt}".lower())
    return "-".join(words)[:60].strip("-") or "clip"
