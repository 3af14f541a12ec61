"""Job: one clip at one provider, to await, wait for and read."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.engine import states
from hailuo_nb.engine.cancelling import takes_back
from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.evidence import DAY
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import MAX_STARS, Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import FrameError
from hailuo_nb.measure.clip import Clip
from hailuo_nb.media import clips, files
from hailuo_nb.media.text import visible
from hailuo_nb.ordering import budget
from hailuo_nb.ordering.validation import job_spec, losses
from hailuo_nb.pages import html_table
from hailuo_nb.pages.words import Wording
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import raters, rows
from hailuo_nb.results.advice import advice_words
from hailuo_nb.results.clip_frame import frame_at
from hailuo_nb.results.columns import FIELDS, progress_of
from hailuo_nb.results.source import JobSource, publish
from hailuo_nb.results.waiting import await_all, wait_for_all

_MAX_TAG = 200  # characters


class Job:
    """One clip at one provider.

    Attributes are those of `columns.FIELDS`: times are Unix seconds, `duration` seconds,
    `progress` 0..1 or None where the provider gives no number, `path` the MP4 once it is saved and
    verified, `cost` the list price or None if unknown, `charged_cost` what the provider says that
    it charged, None where it has not said so.
    """

    def __init__(
        self, tracked: TrackedJob, source: JobSource, losses: tuple[str, ...] = ()
    ) -> None:
        """losses  what the provider cannot express of the request"""
        self._tracked = tracked
        self._source = source
        self._losses = losses

    @property
    def notes(self) -> tuple[str, ...]:
        """What the provider cannot express of this request, which was sent without it; and a codec
        of the clip that many browsers do not play."""
        path = self.path if self.state == "saved" else None
        found = "" if path is None else clips.playback_warning(path)
        return self._losses if not found or found in self._losses else (*self._losses, found)

    @property
    def request(self) -> VideoRequest:
        """What was asked for. The frames of a clip that was over before this session are read by
        `loaded()`."""
        return self._tracked.spec.request

    @property
    def own_columns(self) -> OwnColumns:
        """Those of the table that asked for the clip, which are none of a clip: `idea`, `batch`."""
        return self._tracked.spec.own_columns

    @property
    def id(self) -> str:
        return self._tracked.row.id

    @property
    def provider(self) -> str:
        return self._tracked.row.provider

    @property
    def provider_title(self) -> str:
        return account_of(self).provider.title

    @property
    def simulated(self) -> bool:
        return account_of(self).simulated

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
        return files.resolve_below(self._source.home, self._tracked.row.path, files.CLIP_SUFFIXES)

    @property
    def poster(self) -> Path | None:
        return files.resolve_below(
            self._source.home, self._tracked.row.poster, files.POSTER_SUFFIXES
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
    def waveform(self) -> str:
        """How loud the clip is over its length, see `media.waveform`; "" without sound."""
        return self._tracked.row.waveform or ""

    @property
    def sound(self) -> bool | None:
        """Whether the clip has a sound track; None before it is saved."""
        found = self._tracked.row.waveform
        return None if found is None else found != ""

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
        return " ".join(one.text for one in self.advice_words)

    @property
    def advice_words(self) -> list[Wording]:
        """The same by codes, for other languages."""
        if not self.done:
            return []
        row = self._tracked.row
        provider = account_of(self).provider.name
        return advice_words(row.state, row.error_kind, provider, taken=row.task_id is not None)

    @property
    def is_refused(self) -> bool:
        """Whether `error` is what a provider answered."""
        row = self._tracked.row
        return row.error_kind is not None and self.error == row.error

    @property
    def cost(self) -> float | None:
        return self._tracked.row.cost

    @property
    def currency(self) -> str:
        return self._tracked.row.currency

    @property
    def charged_cost(self) -> float | None:
        return self._tracked.row.charged_cost

    @property
    def charged_currency(self) -> str | None:
        return self._tracked.row.charged_currency

    @property
    def spent(self) -> tuple[float | None, str]:
        """(amount, currency) that the clip cost, or will: as charged, nothing where no provider
        took it, else the list price; None where nobody knows."""
        return spent(self._tracked.row)

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
    def cancellable(self) -> bool:
        """Not sent yet, or at a provider that takes such tasks back: see `cancel`."""
        return self.state == "planned" or (
            self.state == "submitted" and takes_back(self._tracked.spec)
        )

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
        if wait_for_all([self], timeout):
            raise TimeoutError(
                f"{self!r} is not done after {timeout} s; it goes on in the background"
            )
        return self

    def __await__(self) -> Generator[Any, None, Job]:
        yield from await_all([self]).__await__()
        return self

    def again(self) -> Job:
        """Ask for the same take again: sent anew if it ended and no provider ever took it, else
        this job."""
        (job,) = ask(self._source, [self._tracked.spec_again()])
        return job

    def retake(self) -> Job:
        """Another sample of the same request: a new take, paid like the first."""
        (job,) = ask(self._source, [replace(self._tracked.spec, take=None)])
        return job

    @property
    def regenerating(self) -> tuple[str, float | None, str, str] | None:
        """(resolution, list price or None, currency, what the provider asks of the account) of what
        `regenerate` makes; None where the provider does not make this clip again."""
        try:
            request = regeneration(self)
        except ValueError:
            return None
        item = job_spec(account_of(self), request, 1)
        sold = catalog.row_for(request, account_of(self).provider.name).regeneration
        return request.resolution, item.cost, item.currency, sold.note if sold else ""

    def regenerate(self, resolution: str = "2K", *, max_cost: float | None = None) -> Job:
        """Make the finished clip again at a higher resolution, **which is paid as well**: by its
        task, not by its prompt. Asked for twice, it is made and paid once.

        max_cost  send nothing if it costs more, by list price in its currency

        Raises ValueError that says why the provider does not make this clip again; BudgetError.
        """
        item = job_spec(account_of(self), regeneration(self, resolution), 1, self.own_columns)
        budget.check([(item.cost, item.currency)], max_cost=max_cost)
        (job,) = ask(self._source, [item])
        return job

    def look_again(self) -> Job:
        """Go on with a job that stopped, from where it is. Never sends the clip again. Returns at
        once.

        A clip that is `submitted` is polled, one that is `ready` is fetched, an `unknown` one
        is looked for in the provider's list of tasks where it has one. One that is over (failed,
        expired, refused, cancelled at its provider) is looked for at the provider once more, and
        comes back if the provider has it. Raises ValueError where its key is not at hand.
        """
        self._source.look_again(self._tracked)
        return self

    def send_again(self) -> Job:
        """Send a clip once more that the provider took, or may have taken, **which may be paid
        twice**.

        For a clip that is `unknown` (look at the provider first), and for one that a provider took
        and that failed, expired or was cancelled. Raises ValueError for a job in any other state,
        and where its frame or key is not at hand.
        """
        taken_back = self.state == "cancelled" and self.task_id is not None
        if self.state not in {"unknown", "failed", "expired"} and not taken_back:
            raise ValueError(
                f"a clip that is {self.state} is not sent again by hand: see again() and retake()"
            )
        return Job(self._source.send_again(self._tracked), self._source, self._losses)

    def cancel(self, *, wait: bool = True) -> bool:
        """Take the job back: before it is sent, or at a provider that takes tasks back, **which
        may be charged all the same** (`advice` of a cancelled job quotes the provider's page).

        wait   for the provider's answer, half a minute at most; without it True says that the
               provider is being asked

        True if the clip is not sent, or its provider took it back or was asked to; `error` says
        which, until the provider's own word ends the job: as cancelled, or as saved where it
        finished the clip after all. False where it is over, or too late, or not sold there, or no
        answer came. It is never sent again by itself. Raises ValueError where its key is not at
        hand.
        """
        return self._source.cancel(self._tracked, wait=wait)

    def stop_watching(self) -> bool:
        """Stop polling a clip that its provider is making; True if it was polled here.

        This is no cancelling: the clip is made and paid, and its link dies in hours.
        `look_again`, `hn.resume()` or the same request goes on with it.
        """
        return self._source.stop_watching(self._tracked)

    def annotate(
        self,
        *,
        rating: int | None = None,
        note: str | None = None,
        tags: str | Iterable[str] | None = None,
        rater: str | None = None,
    ) -> Job:
        """Store what you think of the clip in the ledger; what is None stays as it is.

        rating   0 (none) to 5 stars, a whole number
        tags     one text, or a list, tuple, set or column of them; an empty list takes them away
        rater    whose stars and note these are; by default yours, see `raters.own_rater`
        Raises ArgumentError.
        """
        if rating is not None:
            rating = arguments.as_int("rating", rating, 0, MAX_STARS)
        if note is not None:
            note = arguments.as_text("note", note)
        if tags is not None:
            tags = arguments.as_list(
                "tags", tags, lambda name, tag: arguments.as_text(name, tag, _MAX_TAG), minimum=0
            )
        who = raters.given_or_own(rater)
        self._source.annotate(self._tracked, rater=who, rating=rating, note=note, tags=tags)
        return self

    def delete(self) -> None:
        """Delete the clip's file and take it off the boards. The ledger keeps that it was made
        and paid."""
        self._source.delete(self._tracked)

    def frame(self, at: int | float = -1) -> Frame:
        """A picture of the saved clip, as the `first_frame` or `last_frame` of another.

        at  an int is the frame's index, negative from the end; a float the time in seconds

        The same picture of the same clip is the same frame for good. Raises ArgumentError for a
        place outside of the clip, FrameError where there is no saved clip or it cannot be read.
        """
        row, path = self._tracked.row, self.path
        if self.state != "saved" or path is None or row.sha256 is None:
            raise FrameError(
                f"no picture of the clip {self.id} at {self.provider_title}: it is {self.state}",
                "not_saved",
            )
        at = arguments.unwrap_scalar(at)
        which = "last frame" if isinstance(at, int) and at == -1 else f"frame {at}"
        return frame_at(path, row.sha256, at, f"{which} of {self.id[:8]}")

    def listen(self, listener: Callable[[Job], None]) -> None:
        """Call `listener` with this job on the background thread after every change. It must be
        quick and must not print."""
        self._tracked.listen(lambda _: listener(self))

    def _clip(self) -> Clip | None:
        row = self._tracked.row
        if row.sha256 is None:
            return None
        frame = self.request.first_frame
        return Clip(
            row.id, row.provider, row.prompt, self.path, row.sha256, frame, self._source.ledger
        )

    def to_dict(self) -> dict[str, Any]:
        """The columns of `columns.FIELDS`, the path as text."""
        values = {name: getattr(self, name) for name in FIELDS}
        values["path"] = None if self.path is None else str(self.path)
        values["spent"], _ = self.spent
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
        return html_table.render([rows.of_job(self, Path.cwd())])


# What stands behind a job, for the other rooms; no part of its public face.


def ask(source: JobSource, specs: Sequence[JobSpec]) -> list[Job]:
    """Jobs for these specs, committed to the ledger before this returns."""
    return jobs_from(source, source.ask(specs), specs)


def jobs_from(
    source: JobSource, tracked: Sequence[TrackedJob], specs: Sequence[JobSpec]
) -> list[Job]:
    """The jobs for people, each with what its provider cannot express of the request."""
    return [Job(one, source, losses(spec)) for one, spec in zip(tracked, specs, strict=True)]


def regeneration(job: Job, resolution: str = "") -> VideoRequest:
    """The request that makes a finished clip again at a higher resolution.

    resolution  "" for whatever the provider sells

    Raises ValueError that says why it cannot be made.
    """
    request, title = job.request, job.provider_title
    sold = catalog.row_for(request, account_of(job).provider.name).regeneration
    if sold is None or sold.of != job.resolution or REGENERATE in request.options:
        raise ValueError(f"{title} makes no clip of {job.model} at {job.resolution} again")
    if resolution and resolution.strip().upper() != sold.to.upper():
        raise ValueError(f"{title} makes a clip of {sold.of} again at {sold.to} only")
    if job.state not in {"ready", "saved"} or job.task_id is None:
        raise ValueError(f"a clip is made again once it is finished, and this one is {job.state}")
    if job.submitted_at is not None and time.time() - job.submitted_at > sold.days * DAY:
        raise ValueError(f"{title} makes a clip again for {sold.days:g} days, and this is older")
    return request.but(resolution=sold.to, **{REGENERATE: job.task_id})


def settled_of(job: Job) -> Future[None]:
    """Done once the job is over, whatever became of it."""
    return job._tracked.settled


def source_of(job: Job) -> JobSource:
    return job._source


def tell(job: Job) -> None:
    """Call its listeners: something beside the job itself changed, as a vote does."""
    publish(job._tracked)


def annotation_of(job: Job) -> Annotation:
    return job._tracked.annotation


def account_of(job: Job) -> Account:
    return job._tracked.spec.account


def row_of(job: Job) -> JobRow:
    """Its row in the ledger as of now; a new object after each step."""
    return job._tracked.row
