"""JobAttributes: what a job says of its clip, read from the ledger's row and from its provider."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from hailuo_nb.engine import states
from hailuo_nb.engine.cancelling import can_cancel
from hailuo_nb.engine.charges import spent
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.measure.clip import Clip
from hailuo_nb.media import clips, files
from hailuo_nb.media.text import visible
from hailuo_nb.pages.words import Wording
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.advice import advice_words
from hailuo_nb.results.columns import FIELDS, progress_of
from hailuo_nb.results.source import JobSource, publish


class JobAttributes:
    """The reading half of `Job`."""

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
        return self._tracked.spec.account.provider.title

    @property
    def simulated(self) -> bool:
        return self._tracked.spec.account.simulated

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
        note, error = self._tracked.note, self._tracked.row.error or ""
        return "; ".join(filter(None, (note, "" if error in note else error))) or None

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
        provider = self._tracked.spec.account.provider.name
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
        """Not sent yet, or at a provider that can cancel such tasks: see `cancel`."""
        return self.state == "planned" or (
            self.state == "submitted" and can_cancel(self._tracked.spec)
        )

    @property
    def done(self) -> bool:
        """Nothing more happens by itself: saved, refused, failed, expired, cancelled, unknown, or
        parked."""
        return self._tracked.settled.done()

    @property
    def parked(self) -> bool:
        """Sent and not over, but not driven any more: see `look_again`."""
        return self.done and self.state in {"submitted", "ready"}

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

    def _clip(self) -> Clip | None:
        row = self._tracked.row
        if row.sha256 is None:
            return None
        frame = self.request.first_frame
        return Clip(
            row.id, row.provider, row.prompt, self.path, row.sha256, frame, self._source.ledger
        )


# What stands behind a job, for the other rooms; no part of its public face.


def settled_of(job: JobAttributes) -> Future[None]:
    """Done once the job is over, whatever became of it."""
    return job._tracked.settled


def source_of(job: JobAttributes) -> JobSource:
    return job._source


def notify(job: JobAttributes) -> None:
    """Call its listeners: something about the job changed in the ledger, such as a vote."""
    publish(job._tracked)


def annotation_of(job: JobAttributes) -> Annotation:
    return job._tracked.annotation


def account_of(job: JobAttributes) -> Account:
    return job._tracked.spec.account


def row_of(job: JobAttributes) -> JobRow:
    """Its row in the ledger as of now; a new object after each step."""
    return job._tracked.row
