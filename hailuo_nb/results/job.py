"""Job: one clip at one provider, to wait for and to act on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import MAX_STARS
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import ArgumentError, FrameError
from hailuo_nb.ordering import requested
from hailuo_nb.ordering.validation import losses
from hailuo_nb.pages import html_table
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.results import raters, regeneration, rows
from hailuo_nb.results.clip_frame import frame_at
from hailuo_nb.results.job_attributes import JobAttributes
from hailuo_nb.results.source import JobSource
from hailuo_nb.results.waiting import await_all, wait_for_all

_MAX_TAG = 200  # characters


class Job(JobAttributes):
    """One clip at one provider.

    Attributes are those of `columns.FIELDS`: times are Unix seconds, `duration` seconds,
    `progress` 0..1 or None where the provider gives no number, `path` the MP4 once it is saved and
    verified, `cost` the list price or None if unknown, `charged_cost` what the provider says that
    it charged, None where it has not said so.
    """

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
        return regeneration.offer_of(self)

    def regenerate(self, resolution: str = "2K", *, max_cost: float | None = None) -> Job:
        """Make the finished clip again at a higher resolution, **which is paid as well**: by its
        task, not by its prompt. Asked for twice, it is made and paid once.

        max_cost  send nothing if it would be newly paid and costs more, by list price in its
                  currency

        Raises ArgumentError that says why the provider does not make this clip again; BudgetError.
        """
        item = regeneration.spec_of(self, arguments.as_text("resolution", resolution))
        requested.check_new([item], max_cost)
        (job,) = ask(self._source, [item])
        return job

    def look_again(self) -> Job:
        """Go on with a job that stopped, from where it is. Never sends the clip again. Returns at
        once.

        A clip that is `submitted` is polled, one that is `ready` is fetched, an `unknown` one
        is looked for in the provider's list of tasks where it has one. One that is over (failed,
        expired, refused, cancelled at its provider), or whose file is gone, is looked for at the
        provider once more, and comes back if the provider has it. Raises IncompleteJobError where
        its key is not at hand.
        """
        self._source.look_again(self._tracked)
        return self

    def send_again(self) -> Job:
        """Send a clip once more that the provider took, or may have taken, **which may be paid
        twice**.

        For a clip that is `unknown` (look at the provider first), and for one that a provider took
        and that failed, expired or was cancelled. Raises ArgumentError for a job in any other
        state, IncompleteJobError where its frame or key is not at hand.
        """
        was_cancelled = self.state == "cancelled" and self.task_id is not None
        if self.state not in {"unknown", "failed", "expired"} and not was_cancelled:
            raise ArgumentError(
                f"a clip that is {self.state} is not sent again by hand: see again() and retake()"
            )
        return Job(self._source.send_again(self._tracked), self._source, self._losses)

    def cancel(self, *, wait: bool = True) -> bool:
        """Cancel the job: before it is sent, or at a provider that can cancel tasks, **which may be
        charged all the same** (`advice` of a cancelled job quotes the provider's page).

        wait   for the provider's answer, half a minute at most; without it True says that the
               provider is being asked

        True if the clip is not sent, or its provider cancelled it or was asked to; `error` says
        which, until the provider's own word ends the job: as cancelled, or as saved where it
        finished the clip after all. False where it is over, or too late, or not sold there, or no
        answer came. It is never sent again by itself. Raises ValueError where its key is not at
        hand.
        """
        waits = bool(arguments.as_bool("wait", wait))
        return self._source.cancel(self._tracked, wait=waits)

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
            note = arguments.as_text_without_key("note", note)
        if tags is not None:
            tags = arguments.as_list(
                "tags",
                tags,
                lambda name, tag: arguments.as_text_without_key(name, tag, _MAX_TAG),
                minimum=0,
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
        quick, must not print and waits for no job; what it raises is dropped."""
        self._tracked.listen(lambda _: listener(self))

    def _repr_html_(self) -> str:
        return html_table.render([rows.of_job(self, Path.cwd())])


def ask(source: JobSource, specs: Sequence[JobSpec]) -> list[Job]:
    """Jobs for these specs, committed to the ledger before this returns."""
    return jobs_from(source, source.ask(specs), specs)


def jobs_from(
    source: JobSource, tracked: Sequence[TrackedJob], specs: Sequence[JobSpec]
) -> list[Job]:
    """The jobs for people, each with what its provider cannot express of the request."""
    return [Job(one, source, losses(spec)) for one, spec in zip(tracked, specs, strict=True)]
