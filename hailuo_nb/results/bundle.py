"""`comparison.json`: a comparison as a file that travels, with the clips and posters beside it.

What is read may come from a stranger: a file that it names counts only where it lies in the same
folder, and every value is checked for its kind.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hailuo_nb.catalog.compatibility import Problem
from hailuo_nb.engine import states
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import MAX_RATER, ME, OUTCOMES, Annotation, Opinion, Vote
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import BundleError, FieldError
from hailuo_nb.media import files
from hailuo_nb.media.text import SURROGATE
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import fields, own_columns
from hailuo_nb.requests.fields import Fields
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.columns import FIELDS, FILE_FIELDS
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import annotation_of, row_of
from hailuo_nb.results.saved_race import SavedRace
from hailuo_nb.results.source import FolderSource

Paths = tuple[str | None, str | None]
"""Of a clip and its poster, relative to the file; None for what is not there."""

FILE = "comparison.json"
FORMAT = "hailuo_nb.results.comparison"
VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_MAX_SIGNS = 6_000_000  # , : [ and {, also those in texts: a bomb has them without end
_MAX_CLIPS, _MAX_VOTES = 20_000, 100_000
_ROW_FIELDS = {field.name for field in dataclasses.fields(JobRow)}
# Not in the files of earlier releases.
_LATER = {"fps", "frames", "waveform", "charged_cost", "charged_currency"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was read."""

    title: str
    jobs: list[Job]
    skipped: list[Skipped]
    race: SavedRace | None


# Writing


def record(job: Job, video: str | None, poster: str | None) -> dict[str, object]:
    """Everything of a job that may leave this machine: no key, no link, no path but the two
    given."""
    row = row_of(job)
    return {
        **job.to_dict(),
        "tags": list(job.tags),
        "opinions": [{"rater": rater, **asdict(one)} for rater, one in annotation_of(job).opinions],
        "notes": list(job.notes),
        "path": video,
        "poster": poster,
        "provider_title": job.provider_title,
        "simulated": job.simulated,
        "request": job.request.to_json(),
        "own_columns": dict(job.own_columns),
        **{name: getattr(row, name) for name in FILE_FIELDS},
    }


def _skipped_record(skipped: Skipped) -> dict[str, object]:
    return {
        "provider": skipped.provider,
        "provider_title": skipped.provider_title,
        "simulated": skipped.simulated,
        "request": skipped.request.to_json(),
        "error": skipped.error,
        "label": skipped.label,
        "own_columns": dict(skipped.own_columns),
    }


def document(
    title: str,
    clips: Sequence[Mapping[str, object]],
    skipped: Sequence[Skipped],
    votes: Sequence[Vote],
    race: SavedRace | None = None,
) -> dict[str, object]:
    """The content of the file; `clips` as `record` makes them."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": title,
        "written_at": time.time(),
        "clips": list(clips),
        "skipped": [_skipped_record(skip) for skip in skipped],
        "votes": [asdict(vote) for vote in votes],
        **({} if race is None else {"race": race.to_json()}),
    }


def write(target: Path, content: Mapping[str, object], root: Path | None = None) -> None:
    """The document as a file; `root` see `files.AtomicFile`. Raises FileError, OSError."""
    written = json.dumps(content, ensure_ascii=False, indent=1)
    # Half a character, from an old ledger, is written out: `read` takes no text with one.
    write_whole(target, SURROGATE.sub(lambda half: f"\\\\u{ord(half[0]):04x}", written), root)


def write_whole(target: Path, text: str, root: Path | None = None) -> None:
    """The file whole or not at all, with line ends as they are. Raises FileError, OSError."""
    files.write_atomic(target, text.encode("utf-8", "surrogatepass"), root=root, mode=files.PUBLIC)


# Reading


def read(place: Path) -> Bundle:
    """An exported folder, or the JSON file itself. Raises BundleError, which names the field that
    is wrong."""
    file = place / FILE if place.is_dir() else place
    try:
        content = _content(file)
        source = FolderSource(file.absolute().parent, _votes(content))
        jobs, ids = [], set[str]()
        for clip in content.objects("clips", _MAX_CLIPS):
            jobs.append(_job(clip, source))
            if jobs[-1].id in ids:
                raise clip.error("id", f"{jobs[-1].id!r} stands twice")
            ids.add(jobs[-1].id)
        race = None if content.get("race") is None else SavedRace.parse(content.object("race"))
        return Bundle(content.text("title"), jobs, _skipped(content), race)
    except OSError as error:
        raise BundleError(f"{file} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise BundleError(f"{file} is no comparison that can be read: {error}") from None


def _content(file: Path) -> Fields:
    """The file's JSON, if it has our format. Raises FieldError, OSError, ValueError."""
    data = files.read_bounded(file, _MAX_BYTES)
    if sum(data.count(sign) for sign in (b",", b":", b"[", b"{")) > _MAX_SIGNS:
        raise FieldError(f"it holds more than {_MAX_SIGNS:,} names and values")
    return fields.parse_document(data, "comparison", FORMAT, VERSION)


def _votes(content: Fields) -> list[Vote]:
    return [
        Vote(
            vote.text("first"),
            vote.text("second"),
            vote.choice("outcome", OUTCOMES),
            _rater(vote),
            vote.number("at") or 0.0 if vote.get("at") is not None else 0.0,
            bool(vote.get("blind") is not None and vote.boolean("blind")),
        )
        for vote in content.objects("votes", _MAX_VOTES)
    ]


def _rater(data: Fields) -> str:
    """Files of earlier releases name none."""
    return ME if data.get("rater") is None else data.text("rater")[:MAX_RATER]


def _opinions(clip: Fields) -> tuple[tuple[str, Opinion], ...]:
    """Of a file of an earlier release those of its user."""
    mine = Opinion(clip.number("rating") or None, clip.text("note") or None)
    if clip.get("opinions") is None:
        return () if mine == Opinion() else ((ME, mine),)
    return tuple(
        (_rater(one), Opinion(one.number("rating"), one.text_or_none("note")))
        for one in clip.objects("opinions")
    )


def _job(clip: Fields, source: FolderSource) -> Job:
    """A job of a bundle. It is over, whatever its state was: no kernel drives it."""
    request = _request(clip.object("request"))
    ref = ProviderRef.parse(clip.text("provider"))
    adapter = adapters.get(ref.provider)
    account = Account(adapter, adapter.base_url, Credentials(), ref.simulated)
    row = _row(clip, request, account, source.home)
    own = own_columns.parse(clip.get("own_columns"))
    spec = JobSpec(account, request, row.take, row.cost, row.currency, own_columns=own)
    tracked = TrackedJob(row, spec)
    tracked.annotation = Annotation(_opinions(clip), clip.texts("tags"))
    if row.state not in states.FINAL:
        tracked.note = f"it was {row.state} when this was written"
    elif row.state == "saved" and row.path is None:
        tracked.note = "its clip is not beside comparison.json"
    tracked.settled.set_result(None)
    return Job(tracked, source, clip.texts("notes"))


def _row(clip: Fields, request: VideoRequest, account: Account, folder: Path) -> JobRow:
    values: dict[str, Any] = {
        "id": clip.id("id"),
        "identity": "",
        "take": clip.number("take") or 1,
        "attempt": 1,
        "provider": account.name,
        "base_url": account.base_url,
        "model": request.model,
        "prompt": request.prompt,
        "resolution": request.resolution,
        "duration": request.duration,
        "request": json.dumps(request.to_json(), ensure_ascii=False),
        "state": clip.choice("state", states.STATES),
        "currency": clip.text("currency"),
        "created_at": clip.number("created_at") or 0.0,
        "path": _beside(folder, clip.text_or_none("path")),
        "poster": _beside(folder, clip.text_or_none("poster")),
    }
    for name in (*FIELDS, *FILE_FIELDS):
        absent = name in _LATER and clip.get(name) is None
        if absent or name in values or name not in _ROW_FIELDS:
            continue
        if name in fields.NUMBER_BOUNDS:
            values[name] = clip.number(name)
        else:
            values[name] = clip.text_or_none(name)
    return JobRow(**values)


def _beside(folder: Path, relative: str | None) -> str | None:
    """The path, if it names a file of this folder: what a stranger's file names elsewhere is not
    read."""
    found = files.resolve_below(folder, relative)
    return relative if found is not None and found.is_file() else None


def _request(data: Fields) -> VideoRequest:
    return VideoRequest.from_json(data.request(), _frame)


def _frame(identity: str | None) -> Frame | None:
    """A frame by its name alone: its bytes were not written."""
    return None if identity is None else Frame(identity=identity)


def _skipped(content: Fields) -> list[Skipped]:
    """Each once: rows of a board have ids of their own."""
    found: dict[str, Skipped] = {}
    for entry in content.objects("skipped"):
        # Files of earlier releases have no label.
        label = entry.text("label") if entry.get("label") else ""
        message = entry.text("error").removeprefix(f"{label}: ")
        skipped = Skipped(
            entry.text("provider"),
            entry.text("provider_title"),
            bool(entry.boolean("simulated")),
            _request(entry.object("request")),
            (Problem("", message, "error", "written"),),
            label,
            own_columns.parse(entry.get("own_columns")),
        )
        found.setdefault(skipped.id, skipped)
    return list(found.values())
