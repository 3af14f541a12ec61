"""Job: what the user holds. Await it, wait for it, read it.

A thin, read-only face over the engine's `TrackedJob`; must not know widgets, and never touches the
network itself.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hailuo_nb.engine import states
from hailuo_nb.engine.ledger.annotations import MAX_STARS
from hailuo_nb.engine.loop import LOOP, wait, wait_async
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.media import clips, files
from hailuo_nb.media.text import visible
from hailuo_nb.pages.html_table import cost_text, poster_url, table
from hailuo_nb.pages.progress import Standing, shown
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.video_request import VideoRequest

FIELDS = (
    "id", "provider", "model", "prompt", "resolution", "duration", "take", "state", "progress",
    "task_id",
    "path", "error", "cost", "currency", "submitted_at", "finished_at",
    "rating", "note", "tags",
)  # fmt: skip
"""The columns of a clip, in every table and as attributes of a job. `tags` is a tuple of text, here
and there."""
_LONGEST_TAG = 200  # characters


class Job:
    """One clip at one provider.

    Attributes are those of `FIELDS`: times are Unix seconds, `duration` seconds, `progress` 0..1 or
    None where the provider gives no number, `path` the MP4 once it is saved and verified, `cost`
    the list price or None if unknown.
    """

    def __init__(self, tracked: TrackedJob, runner: Runner, notes: tuple[str, ...] = ()) -> None:
        self._tracked = tracked
        self._runner = runner
        self._losses = notes

    @property
    def notes(self) -> tuple[str, ...]:
        """What the provider cannot express of this request, which was sent without it; and a codec
        of the clip that many browsers do not play."""
        path = self.path if self.state == "saved" else None
        found = "" if path is None else clips.playback_warning(path)
        return self._losses if not found or found in self._losses else (*self._losses, found)

    @property
    def runner(self) -> Runner:
        """What drives this job, and the others of its home folder."""
        return self._runner

    @property
    def account(self) -> Account:
        """The configured provider that makes it."""
        return self._tracked.spec.account

    @property
    def request(self) -> VideoRequest:
        """What was asked for. The frames of a clip that was over before this session are read by
        `loaded()`."""
        return self._tracked.spec.request

    @property
    def id(self) -> str:
        return self._tracked.row.id

    @property
    def provider(self) -> str:
        return self._tracked.row.provider

    @property
    def provider_title(self) -> str:
        return self.account.provider.title

    @property
    def simulated(self) -> bool:
        return self.account.simulated

    @property
    def model(self) -> str:
        return self._tracked.row.model

    @property
    def prompt(self) -> str:
        return self._tracked.row.prompt

    @property
    def resolution(self) -> str:
        return self._tracked.row.resolution

    @property
    def duration(self) -> int:
        return self._tracked.row.duration

    @property
    def take(self) -> int:
        return self._tracked.row.take

    @property
    def state(self) -> states.State:
        return self._tracked.row.state

    @property
    def progress(self) -> float | None:
        return progress_of(self._tracked.row.state, self._tracked.progress)

    @property
    def eta(self) -> float | None:
        """Seconds that the provider thinks are left, while it runs."""
        return self._tracked.eta if self.state == "submitted" else None

    @property
    def queue_position(self) -> int | None:
        return self._tracked.queue_position if self.state == "submitted" else None

    @property
    def task_id(self) -> str | None:
        return self._tracked.row.task_id

    @property
    def path(self) -> Path | None:
        return files.resolve_below(self._runner.home, self._tracked.row.path, files.CLIP_SUFFIXES)

    @property
    def poster(self) -> Path | None:
        return files.resolve_below(
            self._runner.home, self._tracked.row.poster, files.POSTER_SUFFIXES
        )

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the clip in pixels, as measured in the file; None before it is
        saved."""
        row = self._tracked.row
        return None if row.width is None or row.height is None else (row.width, row.height)

    @property
    def fps(self) -> float | None:
        return self._tracked.row.fps

    @property
    def frames(self) -> int | None:
        return self._tracked.row.frames

    @property
    def bytes(self) -> int | None:
        return self._tracked.row.bytes

    @property
    def error(self) -> str | None:
        """What went wrong, in the provider's words; or what is being waited for."""
        said = dict.fromkeys((self._tracked.note, self._tracked.row.error))
        return "; ".join(filter(None, said)) or None

    @property
    def advice(self) -> str:
        """What to do next, when something went wrong."""
        provider = self.account.provider.name
        return advice_for(self.state, self._tracked.row.error_kind, provider) if self.done else ""

    @property
    def cost(self) -> float | None:
        return self._tracked.row.cost

    @property
    def currency(self) -> str:
        return self._tracked.row.currency

    @property
    def submitted_at(self) -> float | None:
        return self._tracked.row.submitted_at

    @property
    def finished_at(self) -> float | None:
        return self._tracked.row.finished_at

    @property
    def rating(self) -> int:
        """1 to 5 stars, 0 for none."""
        return self._tracked.annotation.rating

    @property
    def note(self) -> str:
        return self._tracked.annotation.note

    @property
    def tags(self) -> tuple[str, ...]:
        return self._tracked.annotation.tags

    @property
    def hidden(self) -> bool:
        """Deleted by hand: no board shows it."""
        return self._tracked.annotation.hidden

    @property
    def usual_seconds(self) -> float | None:
        """How long such a clip usually took here from submit to file; None before the first."""
        return self._tracked.usual_seconds

    @property
    def done(self) -> bool:
        """Nothing more happens by itself: saved, refused, failed, expired, cancelled, unknown, or
        parked."""
        return self._tracked.settled.done()

    @property
    def parked(self) -> bool:
        """Sent and not over, but nobody here goes on with it by itself: see `look_again`."""
        return self.done and self.state in {"submitted", "ready"}

    def wait(self, timeout: float | None = None) -> Job:
        """Wait until the job is done; returns the job whatever became of it.

        Interrupting the cell, or the TimeoutError after `timeout` seconds, stops the waiting and
        not the job.
        """
        timeout = arguments.as_timeout(timeout)
        try:
            with shown(lambda: _standing([self])) as tick:
                wait(self._tracked.settled, timeout, tick)
        except TimeoutError:
            raise TimeoutError(
                f"{self!r} is not done after {timeout} s; it goes on in the background"
            ) from None
        return self

    def __await__(self) -> Generator[Any, None, Job]:
        yield from await_all([self]).__await__()
        return self

    def again(self) -> Job:
        """Ask for the same take again: sent anew if it ended and no provider ever took it, else
        this job."""
        (tracked,) = LOOP.run(self._runner.ask([self._tracked.spec_again()]))
        return Job(tracked, self._runner, self._losses)

    def retake(self) -> Job:
        """Another sample of the same request: a new take, paid like the first."""
        asked = replace(self._tracked.spec, take=None)
        (tracked,) = LOOP.run(self._runner.ask([asked]))
        return Job(tracked, self._runner, self._losses)

    def look_again(self) -> Job:
        """Go on with a job that stopped, from where it is. Never sends the clip again. Returns at
        once.

        A clip that is `submitted` is asked about, one that is `ready` is fetched, an `unknown` one
        is looked for in the provider's list of tasks where it has one. One that is over (failed,
        expired, refused) is looked for at the provider once more, and comes back if the provider
        has it. Raises ValueError where its key is not at hand.
        """
        LOOP.run(self._runner.look_again(self._tracked))
        return self

    def send_again(self) -> Job:
        """Send a clip once more that the provider took, or may have taken, **which may be paid
        twice**.

        For a clip that is `unknown` (look at the provider first), and for one that a provider took
        and that failed or expired. Raises ValueError for a job in any other state, and where its
        frame or key is not at hand.
        """
        if self.state not in {"unknown", "failed", "expired"}:
            raise ValueError(
                f"a clip that is {self.state} is not sent again by hand: see again() and retake()"
            )
        return Job(LOOP.run(self._runner.send_again(self._tracked)), self._runner, self._losses)

    def cancel(self) -> bool:
        """Take the job back before it is sent. False if it was sent already: no provider here
        cancels a task."""
        return LOOP.run(self._runner.cancel(self._tracked))

    def stop_watching(self) -> bool:
        """Ask no more about a clip that its provider is making; True if it was watched here.

        No provider here cancels a task: the clip is made and paid, and its link dies in hours.
        `look_again`, `hn.resume()` or the same request goes on with it.
        """
        return LOOP.run(self._runner.stop_watching(self._tracked))

    def judge(
        self,
        *,
        rating: int | None = None,
        note: str | None = None,
        tags: str | Iterable[str] | None = None,
    ) -> Job:
        """Keep what you think of the clip, in the ledger; what is None stays as it is.

        rating   0 (none) to 5 stars, a whole number
        tags     one text, or a list, tuple, set or column of them; an empty list takes them away
        Raises ArgumentError.
        """
        changes: dict[str, Any] = {}
        if rating is not None:
            changes["rating"] = arguments.as_int("rating", rating, 0, MAX_STARS)
        if note is not None:
            changes["note"] = arguments.as_text("note", note)
        if tags is not None:
            changes["tags"] = arguments.as_list(
                "tags", tags, lambda name, tag: arguments.as_text(name, tag, _LONGEST_TAG), least=0
            )
        self._tracked.annotation = wait(self._runner.ledger.annotate(self.id, **changes))
        LOOP.run(_publish(self._tracked))
        return self

    def delete(self) -> None:
        """Throw the clip's file away and take it off the boards. The ledger keeps that it was made
        and paid."""
        LOOP.run(self._runner.delete(self._tracked))

    def listen(self, listener: Callable[[TrackedJob], None]) -> None:
        """Call `listener` on the background thread after every change. It must be quick and must
        not print."""
        self._tracked.listen(listener)

    def to_dict(self) -> dict[str, Any]:
        """The fields of `FIELDS`, the path as text."""
        values = {name: getattr(self, name) for name in FIELDS}
        values["path"] = None if self.path is None else str(self.path)
        return values

    def __repr__(self) -> str:
        said = f", {self.error}" if self.error else f", {self.path}" if self.path else ""
        progress = (
            f" {self.progress:.0%}"
            if self.state == "submitted" and self.progress is not None
            else ""
        )
        return visible(
            f"<Job {self.id} {self.provider}/{self.model} take {self.take}: "
            f"{self.state}{progress}{said}>"
        )

    def _repr_html_(self) -> str:
        return table(
            [
                {
                    "prompt": self.prompt,
                    "provider_title": self.provider_title,
                    "simulated": self.simulated,
                    "model": self.model,
                    "resolution": self.resolution,
                    "duration": self.duration,
                    "take": self.take,
                    "state": self.state,
                    "error": self.error or "",
                    "advice": self.advice,
                    "notes": self.notes,
                    "cost": cost_text(self.cost, self.currency, self.simulated),
                    "poster": poster_url(self.poster) if self.poster else "",
                }
            ]
        )


async def _publish(tracked: TrackedJob) -> None:
    tracked.publish()


def progress_of(state: states.State, percent: float | None) -> float | None:
    """0..1 for a progress bar: the provider's number while it runs, 1 once it has the clip."""
    if state in {"ready", "downloading", "saved"}:
        return 1.0
    return percent if state == "submitted" else 0.0


def advice_for(state: states.State, error_kind: str | None, provider: str = "") -> str:
    """What a person can do about a clip that did not arrive; empty if there is nothing to do.

    By state, else by kind of error; then what that provider's own page says of it, such as what it
    costs. A charge is ruled out only where a page does so.
    """
    if state == "saved":
        return ""
    table = _advice()
    of_kind, of_state = table.get(error_kind or "", ""), table.get(state, "")
    said = [of_state or of_kind, table.get(f"{provider} {state}", "")]
    if state == "failed" and error_kind == "moderation":
        said.insert(0, of_kind)
    return " ".join(filter(None, said))


@cache
def _advice() -> dict[str, str]:
    found: dict[str, str] = json.loads(
        Path(__file__).with_name("advice.json").read_text(encoding="utf-8")
    )
    return found


def wait_for_all(jobs: list[Job], timeout: float | None) -> list[Job]:
    """Wait for many; returns those that are not done when the time is up."""
    timeout = arguments.as_timeout(timeout)
    end = None if timeout is None else time.monotonic() + timeout
    with shown(lambda: _standing(jobs)) as tick:
        for job in jobs:
            try:
                wait(
                    job._tracked.settled,
                    None if end is None else max(0.0, end - time.monotonic()),
                    tick,
                )
            except TimeoutError:
                return [late for late in jobs if not late.done]
    return []


async def await_all(jobs: list[Job]) -> None:
    with shown(lambda: _standing(jobs)) as tick:
        for job in jobs:
            await wait_async(job._tracked.settled, tick)


def _standing(jobs: list[Job]) -> Standing:
    """How far these jobs are, for whoever waits in a terminal."""
    states_now = Counter(job.state for job in jobs)
    done = sum(1.0 if job.done else job.progress or 0.0 for job in jobs)
    words = ", ".join(f"{count} {state}" for state, count in states_now.items())
    return Standing(done, len(jobs), f"{words}, {done / max(len(jobs), 1):.0%} done")
