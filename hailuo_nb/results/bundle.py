"""A comparison as a file that travels: `comparison.json`, with the clips and posters beside it.

Knows jobs; must not know widgets or the ledger. What is read may come from a stranger: a file that
it names counts only where it lies in the same folder, and every value is checked for its kind.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, cast

from hailuo_nb.engine import states
from hailuo_nb.engine.download import MAX_BYTES
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.annotations import Annotation, Vote
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import BundleError, FieldError, ReadOnlyError
from hailuo_nb.media import files
from hailuo_nb.pages.html_table import MAX_POSTER
from hailuo_nb.providers import registry as adapters
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import fields
from hailuo_nb.requests.fields import Fields
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.job import Job

FILE = "comparison.json"
FORMAT = "hailuo_nb.results.comparison"
VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_MAX_VALUES = 6_000_000  # commas and brackets, also those in texts: a bomb has them without end
_MAX_CLIPS, _MAX_VOTES = 20_000, 100_000
_HALF = re.compile("[\ud800-\udfff]")
_OUR_NAME = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was read. `skipped` has provider, provider_title, simulated, request, label and error of
    each."""

    title: str
    jobs: list[Job]
    skipped: list[dict[str, Any]]


# Writing ------------------------------------------------------------------------------------------


def record(job: Job, video: str | None, poster: str | None) -> dict[str, Any]:
    """Everything of a job that may leave this machine: no key, no link, no path but the two
    given."""
    row = job._tracked.row
    return {
        **job.to_dict(),
        "tags": list(job.tags),
        "notes": list(job.notes),
        "path": video,
        "poster": poster,
        "provider_title": job.provider_title,
        "simulated": job.simulated,
        "request": job.request.to_json(),
        "bytes": row.bytes,
        "sha256": row.sha256,
        "error_kind": row.error_kind,
        "error_code": row.error_code,
        "created_at": row.created_at,
        "generation_seconds": row.generation_seconds,
        "fps": row.fps,
        "frames": row.frames,
    }


def copy_files(
    jobs: Sequence[Job], folder: Path, root: Path
) -> dict[str, tuple[str | None, str | None]]:
    """Put clips and posters into the folder; their relative paths by the job's id, None for what is
    not there.

    root  see `files.AtomicFile`
    """
    copies = Copies(folder, root)
    return {
        job.id: (copies.add(job.path, "videos"), copies.add(job.poster, "posters", MAX_POSTER))
        for job in jobs
    }


class Copies:
    """What was copied into a folder. A file that a thousand rows name is copied once."""

    def __init__(self, folder: Path, root: Path) -> None:
        """`root` see `files.AtomicFile`."""
        self._folder, self._root = folder, root
        self._names: dict[Path, str] = {}
        self._taken: set[str] = set()

    def add(self, source: Path | None, room: str, most: int = MAX_BYTES) -> str | None:
        """Copy a file of `most` bytes at most into a folder of the folder; its relative path, None
        where there is none.

        Under its own name, unless that is a stranger's idea of one or another clip has it. Raises
        FileError, OSError.
        """
        if source is None or not source.is_file() or source.stat().st_size > most:
            return None
        if source not in self._names:
            name = f"{room}/{source.name}"
            if name in self._taken or not _OUR_NAME.fullmatch(source.name):
                ending = source.suffix if _OUR_NAME.fullmatch(source.suffix) else ""
                name = f"{room}/clip-{len(self._taken) + 1}{ending}"
            self._taken.add(name)
            self._write(source, self._folder / name)
            self._names[source] = name
        return self._names[source]

    def _write(self, source: Path, target: Path) -> None:
        if target.exists() and target.samefile(source):
            return
        with files.open_regular(source, follow=True) as file:
            files.write_atomic(
                target,
                lambda copy: shutil.copyfileobj(file, copy, 1 << 20),
                root=self._root,
                mode=files.PUBLIC,
            )


def document(
    title: str,
    clips: Sequence[dict[str, Any]],
    skipped: Sequence[dict[str, Any]],
    votes: Sequence[Vote],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": title,
        "written_at": time.time(),
        "clips": list(clips),
        "skipped": list(skipped),
        "votes": [asdict(vote) for vote in votes],
    }


def write(target: Path, content: Mapping[str, Any], root: Path | None = None) -> None:
    """The document as a file; `root` see `files.AtomicFile`. Raises FileError, OSError."""
    written = json.dumps(content, ensure_ascii=False, indent=1)
    # Half a character, from an old ledger, is written out: `read` takes no text with one.
    write_whole(target, _HALF.sub(lambda half: f"\\\\u{ord(half[0]):04x}", written), root)


def write_whole(target: Path, text: str, root: Path | None = None) -> None:
    """The file whole or not at all, with line ends as they are. Raises FileError, OSError."""
    files.write_atomic(target, text.encode("utf-8", "surrogatepass"), root=root, mode=files.PUBLIC)


# Reading ------------------------------------------------------------------------------------------


def read(place: Path) -> Bundle:
    """An exported folder, or the JSON file itself. Raises BundleError, which names the field that
    is wrong."""
    file = place / FILE if place.is_dir() else place
    try:
        content = _content(file)
        home = _Home(file.absolute().parent, _votes(content))
        jobs, ids = [], set[str]()
        for clip in content.objects("clips", _MAX_CLIPS):
            jobs.append(_job(clip, home))
            if jobs[-1].id in ids:
                raise clip.error("id", f"{jobs[-1].id!r} stands twice")
            ids.add(jobs[-1].id)
        return Bundle(content.text("title"), jobs, _all_skipped(content))
    except OSError as error:
        raise BundleError(f"{file} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise BundleError(f"{file} is no comparison that can be read: {error}") from None


def _content(file: Path) -> Fields:
    """The file's JSON, if it has our format. Raises FieldError, OSError, ValueError."""
    data = files.read_bounded(file, _MAX_BYTES)
    if sum(data.count(sign) for sign in (b",", b"[", b"{")) > _MAX_VALUES:
        raise FieldError(f"it holds more than {_MAX_VALUES:,} values")
    content = Fields(fields.parse_json(data.decode("utf-8", "surrogatepass"), "it"))
    if content.value("format") != FORMAT:
        raise FieldError("it was not written by hailuo_nb")
    if content.value("version") != VERSION:
        raise FieldError(f"it has another format, and this hailuo_nb reads {VERSION}: update it")
    return content


def _votes(content: Fields) -> list[Vote]:
    known = ("first", "second", "tie")
    return [
        Vote(vote.text("first"), vote.text("second"), vote.word("outcome", known))
        for vote in content.objects("votes", _MAX_VOTES)
    ]


def _job(clip: Fields, home: _Home) -> Job:
    """A job that is over here, whatever it was: nobody drives it."""
    request = _request(clip.object("request"))
    ref = ProviderRef.parse(clip.text("provider"))
    adapter = adapters.get(ref.provider)
    account = Account(adapter, adapter.base_url, Credentials(), ref.simulated)
    row = _row(clip, request, account)
    row = replace(row, path=home.inside(row.path), poster=home.inside(row.poster))
    tracked = TrackedJob(row, JobSpec(account, request, row.take, row.cost, row.currency))
    tracked.annotation = Annotation(
        clip.number("rating") or 0, clip.text("note"), clip.texts("tags")
    )
    if row.state not in states.FINAL:
        tracked.note = f"it was {row.state} when this was written"
    elif row.state == "saved" and row.path is None:
        tracked.note = "its clip is not beside comparison.json"
    tracked.settled.set_result(None)
    return Job(tracked, cast(Runner, home), clip.texts("notes"))


def _row(clip: Fields, request: VideoRequest, account: Account) -> JobRow:
    named = ("task_id", "path", "poster", "sha256", "error", "error_kind", "error_code")
    numbered = ("cost", "submitted_at", "finished_at", "generation_seconds", "bytes")
    later = ("fps", "frames")  # not in the files of earlier releases
    values: dict[str, Any] = {
        **{name: clip.number(name) for name in numbered},
        **{name: clip.number(name, missing=True) for name in later},
        **{name: clip.text_or_none(name) for name in named},
    }
    return JobRow(
        id=clip.id("id"),
        identity="",
        take=clip.number("take") or 1,
        attempt=1,
        provider=account.name,
        base_url=account.base_url,
        model=request.model,
        prompt=request.prompt,
        resolution=request.resolution,
        duration=request.duration,
        request=json.dumps(request.to_json(), ensure_ascii=False),
        state=clip.word("state", states.STATES),
        currency=clip.text("currency"),
        created_at=clip.number("created_at") or 0.0,
        **values,
    )


def _request(data: Fields) -> VideoRequest:
    return VideoRequest.from_json(data.request(), _frame)


def _frame(identity: str | None) -> Frame | None:
    """A frame by its name alone: its bytes were not written."""
    return None if identity is None else Frame(identity=identity)


def _all_skipped(content: Fields) -> list[dict[str, Any]]:
    """Each once: rows of a board have ids of their own."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for entry in content.objects("skipped"):
        texts = {name: entry.text(name) for name in ("provider", "provider_title", "error")}
        label = (
            entry.text_or_none("label") if entry.value("label") else ""
        )  # not in the files of earlier releases
        request = _request(entry.object("request"))
        found.setdefault(
            (texts["provider"], request.fingerprint, str(label)),
            {
                **texts,
                "simulated": bool(entry.switch("simulated")),
                "request": request,
                "label": label,
            },
        )
    return list(found.values())


class _Home:
    """Stands where a job has its Runner: a folder that is looked at, and in which nothing runs."""

    def __init__(self, folder: Path, votes: Sequence[Vote]) -> None:
        self.home = folder
        self.ledger = _Votes(votes)

    def inside(self, relative: str | None) -> str | None:
        """The path, if it names a file of this folder: what a stranger's file names elsewhere is
        not read."""
        found = files.resolve_below(self.home, relative)
        return relative if found is not None and found.is_file() else None

    def __getattr__(self, name: str) -> NoReturn:
        _refuse(name)


class _Votes:
    """The votes that were written; no other is taken."""

    def __init__(self, votes: Sequence[Vote]) -> None:
        self._all = list(votes)

    def votes(self, job_ids: Sequence[str]) -> Future[list[Vote]]:
        held = set(job_ids)
        done: Future[list[Vote]] = Future()
        done.set_result([vote for vote in self._all if vote.first in held and vote.second in held])
        return done

    def __getattr__(self, name: str) -> NoReturn:
        _refuse(name)


def _refuse(name: str) -> NoReturn:
    if name.startswith("_"):
        raise AttributeError(name)
    raise ReadOnlyError(
        "this clip was read from an exported comparison: it can be looked at, and nothing is asked "
        "of its provider. "
        "Ask for it again with hn.generate"
    )
