"""A comparison as a file that travels: `comparison.json`, with the clips and posters beside it.

Knows jobs; must not know widgets or the ledger. What is read may come from a stranger: a file that it names counts
only where it lies in the same folder, and every value is checked for its kind.
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

from hailuo_nb import files
from hailuo_nb import providers as adapters
from hailuo_nb.engine import states
from hailuo_nb.engine.download import MAX_BYTES
from hailuo_nb.engine.judging import Mark
from hailuo_nb.engine.ledger import JobRow
from hailuo_nb.engine.live import Asked, Live
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.transport import SIMULATED, Access
from hailuo_nb.frame import Frame
from hailuo_nb.glance import MOST_POSTER
from hailuo_nb.job import Job
from hailuo_nb.keys import Credentials
from hailuo_nb.ranking import Vote
from hailuo_nb.request import VideoRequest
from hailuo_nb.told import ToldError

FILE = "comparison.json"
FORMAT = "hailuo_nb.comparison"
VERSION = 1
_MOST_BYTES = 64 * 1024 * 1024
_OUR_NAME = re.compile(r"[\w.-]+", re.ASCII)


class BundleError(ToldError, ValueError):
    """The file is no comparison that can be read; the message says why."""


class ReadOnlyError(ToldError, ValueError):
    """Something was asked of a clip whose ledger is elsewhere."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was read. `skipped` has provider, provider_title, simulated, request and error of each."""

    title: str
    jobs: list[Job]
    skipped: list[dict[str, Any]]


# Writing ---------------------------------------------------------------------------------------------------


def record(job: Job, video: str | None, poster: str | None) -> dict[str, Any]:
    """Everything of a job that may leave this machine: no key, no link, no path but the two given."""
    row = job._live.row
    return {
        **job.to_dict(), "tags": list(job.tags), "notes": list(job.notes), "path": video, "poster": poster,
        "provider_title": job.provider_title, "simulated": job.simulated, "request": job.request.to_json(),
        "bytes": row.bytes, "sha256": row.sha256, "error_kind": row.error_kind, "error_code": row.error_code,
        "created_at": row.created_at, "generation_seconds": row.generation_seconds, "fps": row.fps,
        "frames": row.frames,
    }  # fmt: skip


def copy_files(jobs: Sequence[Job], folder: Path, root: Path) -> dict[str, tuple[str | None, str | None]]:
    """Put clips and posters into the folder; their relative paths by the job's id, None for what is not there."""
    used: set[str] = set()
    return {
        job.id: (
            copy_in(job.path, folder, "videos", used, root=root),
            copy_in(job.poster, folder, "posters", used, root=root, most=MOST_POSTER),
        )
        for job in jobs
    }


def copy_in(
    source: Path | None, folder: Path, room: str, used: set[str], *, root: Path, most: int = MAX_BYTES
) -> str | None:
    """Copy a file of `most` bytes at most into a folder of the folder; its relative path, which `used` then holds,
    None where there is none. Under its own name, unless that is a stranger's idea of one or another clip has it.

    root  see `files.NewFile`
    Raises FileError, OSError.
    """  # fmt: skip
    if source is None or not source.is_file() or source.stat().st_size > most:
        return None
    name = f"{room}/{source.name}"
    if name in used or not _OUR_NAME.fullmatch(source.name):
        name = f"{room}/clip-{len(used) + 1}{source.suffix if _OUR_NAME.fullmatch(source.suffix) else ''}"
    used.add(name)
    target = folder / name
    if target.exists() and target.samefile(source):
        return name
    with files.open_regular(source, follow=True) as file:
        files.write_atomic(
            target, lambda copy: shutil.copyfileobj(file, copy, 1 << 20), root=root, mode=files.PUBLIC
        )
    return name


def document(
    title: str, clips: Sequence[dict[str, Any]], skipped: Sequence[dict[str, Any]], votes: Sequence[Vote]
) -> dict[str, Any]:
    return {
        "format": FORMAT, "version": VERSION, "title": title, "written_at": time.time(), "clips": list(clips),
        "skipped": list(skipped), "votes": [asdict(vote) for vote in votes],
    }  # fmt: skip


def write(target: Path, content: Mapping[str, Any], root: Path) -> None:
    """The document as a file; `root` see `files.NewFile`. Raises FileError, OSError."""
    write_whole(target, json.dumps(content, ensure_ascii=False, indent=1), root)


def write_whole(target: Path, text: str, root: Path) -> None:
    """The file whole or not at all, with line ends as they are. Raises FileError, OSError."""
    files.write_atomic(target, text.encode("utf-8", "surrogatepass"), root=root, mode=files.PUBLIC)


# Reading ---------------------------------------------------------------------------------------------------


def read(place: Path) -> Bundle:
    """An exported folder, or the JSON file itself. Raises BundleError."""
    file = place / FILE if place.is_dir() else place
    try:
        content = _content(file)
        home = _Home(file.absolute().parent, _votes(content))
        jobs = [_job(clip, home) for clip in content["clips"]]
        skipped = [_skipped(entry) for entry in content["skipped"]]
        return Bundle(str(content["title"]), jobs, skipped)
    except OSError as error:
        raise BundleError(f"{file} cannot be read: {error.strerror}") from None
    except BundleError:
        raise
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise BundleError(
            f"{file} is no comparison that can be read: {type(error).__name__}: {error}"
        ) from None


def _content(file: Path) -> Any:
    """The file's JSON, if it has our format. Raises BundleError, OSError, ValueError."""
    if file.stat().st_size > _MOST_BYTES:
        raise BundleError(f"{file} is too large for a comparison")
    content = json.loads(file.read_text(encoding="utf-8", errors="surrogatepass"))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BundleError(f"{file} was not written by hailuo_nb")
    if content.get("version") != VERSION:
        raise BundleError(
            f"{file} has format {content.get('version')!r}, and this hailuo_nb reads {VERSION}: update it"
        )
    return content


def _votes(content: Mapping[str, Any]) -> list[Vote]:
    known = ("first", "second", "tie")
    votes = [Vote(str(vote["first"]), str(vote["second"]), vote["outcome"]) for vote in content["votes"]]
    return [vote for vote in votes if vote.outcome in known]


def _job(clip: Mapping[str, Any], home: _Home) -> Job:
    """A job that is over here, whatever it was: nobody drives it."""
    request = _request(clip["request"])
    name = _text(clip, "provider")
    adapter = adapters.get(name.removeprefix(SIMULATED))
    access = Access(adapter, adapter.base_url, Credentials(), name.startswith(SIMULATED))
    row = _row(clip, request, access)
    row = replace(row, path=home.inside(row.path), poster=home.inside(row.poster))
    live = Live(row, Asked(access, request, row.take, row.cost, row.currency))
    tags = tuple(str(tag) for tag in clip["tags"])
    live.mark = Mark(_number(clip, "rating", int) or 0, _text(clip, "note"), tags)
    if row.state not in states.FINAL:
        live.note = f"it was {row.state} when this was written"
    elif row.state == "saved" and row.path is None:
        live.note = "its clip is not beside comparison.json"
    live.settled.set_result(None)
    return Job(live, cast(Runner, home), tuple(str(note) for note in clip["notes"]))


def _row(clip: Mapping[str, Any], request: VideoRequest, access: Access) -> JobRow:
    state = clip["state"]
    if state not in states.STATES:
        raise ValueError(f"there is no state {state!r}")
    clip = {"fps": None, "frames": None, **clip}  # not in the files of earlier releases
    numbers = {
        name: _number(clip, name, float)
        for name in ("cost", "submitted_at", "finished_at", "generation_seconds", "fps")
    }
    named = ("task_id", "path", "poster", "sha256", "error", "error_kind", "error_code")
    texts: dict[str, Any] = {name: None if clip[name] is None else _text(clip, name) for name in named}
    return JobRow(
        id=_text(clip, "id"), identity="", take=_number(clip, "take", int) or 1, attempt=1, provider=access.name,
        base_url=access.base_url, model=request.model, prompt=request.prompt, resolution=request.resolution,
        duration=request.duration, request=json.dumps(request.to_json(), ensure_ascii=False), state=state,
        currency=_text(clip, "currency"), created_at=_number(clip, "created_at", float) or 0.0,
        bytes=_number(clip, "bytes", int), frames=_number(clip, "frames", int), **numbers, **texts,
    )  # fmt: skip


def _request(data: Mapping[str, Any]) -> VideoRequest:
    plain = {name: _text(data, name) for name in ("prompt", "model", "resolution")}
    switches = {name: data[name] for name in ("prompt_optimizer", "fast_pretreatment", "watermark")}
    if any(value not in (True, False, None) for value in switches.values()):
        raise ValueError("a switch is true, false or null")
    frames = {name: data[name] for name in ("first_frame", "last_frame")}
    duration = _number(data, "duration", int)
    return VideoRequest.from_json({**plain, "duration": duration, **frames, **switches}, _frame)


def _frame(identity: Any) -> Frame | None:
    """A frame by its name alone: its bytes were not written."""
    return None if identity is None else Frame(identity=str(identity))


def _skipped(entry: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _text(entry, name) for name in ("provider", "provider_title", "error")}
    return {**texts, "simulated": bool(entry["simulated"]), "request": _request(entry["request"])}


def _text(data: Mapping[str, Any], name: str) -> str:
    if not isinstance(data[name], str):
        raise TypeError(f"{name} must be a text")
    return str(data[name])


def _number(data: Mapping[str, Any], name: str, kind: type) -> Any:
    value = data[name]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number")
    return kind(value)


class _Home:
    """Stands where a job has its Runner: a folder that is looked at, and in which nothing runs."""

    def __init__(self, folder: Path, votes: Sequence[Vote]) -> None:
        self.home = folder
        self.judging = _Votes(votes)

    def inside(self, relative: str | None) -> str | None:
        """The path, if it names a file of this folder: what a stranger's file names elsewhere is not read."""
        found = files.inside(self.home, relative)
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
        "this clip was read from an exported comparison: it can be looked at, and nothing is asked of its provider. "
        "Ask for it again with hn.generate"
    )
