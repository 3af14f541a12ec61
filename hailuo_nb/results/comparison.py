"""Comparison: jobs side by side, as a table, a page, and (through a view that is handed in) a
widget.

Knows jobs; must not know widgets: `toolkit` passes in what shows it in a notebook.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.engine.loop import wait
from hailuo_nb.errors import HailuoError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.report import COLUMNS
from hailuo_nb.media import files
from hailuo_nb.media.text import visible
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import html_table
from hailuo_nb.pages.html_table import cost_text, poster_url
from hailuo_nb.pages.page import PAGE, Mode, beside, inside, page, place
from hailuo_nb.pages.snapshot import Snapshot, notebook_name
from hailuo_nb.prompts import camera
from hailuo_nb.requests import arguments
from hailuo_nb.results import bundle, parquet
from hailuo_nb.results.job import FIELDS, Job, advice_for, await_all, wait_for_all
from hailuo_nb.results.ranking import Rank, rank

if TYPE_CHECKING:
    import pandas as pd


RANKED_BY = ("provider", "model", "prompt", "id")
_FORMULA = tuple("=+-@\t\r\n")


def _skipped_dict(skip: Skipped) -> dict[str, Any]:
    request = skip.request
    known = {
        "id": skip.id,
        "provider": skip.provider,
        "model": request.model,
        "prompt": request.prompt,
        "resolution": request.resolution,
        "duration": request.duration,
        "state": "invalid",
        "error": skip.error,
        "tags": (),
    }
    return {name: known.get(name) for name in FIELDS}


class Comparison:
    """Clips side by side. Wait for it, await it, or look at it in a notebook while it fills."""

    def __init__(
        self,
        jobs: Iterable[Job] = (),
        skipped: Iterable[Skipped] = (),
        *,
        title: str = "",
    ) -> None:
        self.title = title
        self._jobs = list(jobs)
        self._skipped = list(skipped)
        self._lock = threading.Lock()

    @property
    def jobs(self) -> list[Job]:
        with self._lock:
            return list(self._jobs)

    @property
    def skipped(self) -> list[Skipped]:
        return list(self._skipped)

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(self.jobs)

    def __getitem__(self, index: int) -> Job:
        return self.jobs[index]

    def add(self, jobs: Iterable[Job], skipped: Iterable[Skipped] = ()) -> None:
        """More clips for the same table; what is in it stays once."""
        with self._lock:
            known = {job.id for job in self._jobs} | {skip.id for skip in self._skipped}
            self._jobs += [job for job in jobs if job.id not in known]
            self._skipped += [skip for skip in skipped if skip.id not in known]

    def wait(self, timeout: float | None = None) -> Comparison:
        """Wait until every job is done. Raises TimeoutError that names those that are not; they go
        on."""
        late = wait_for_all(self.jobs, timeout)
        if late:
            names = ", ".join(f"{job.provider} ({job.state})" for job in late)
            raise TimeoutError(f"not done after {timeout} s: {names}; they go on in the background")
        return self

    def __await__(self) -> Generator[Any, None, Comparison]:
        yield from await_all(self.jobs).__await__()
        return self

    def _table(self) -> list[dict[str, Any]]:
        return [job.to_dict() for job in self.jobs] + [
            _skipped_dict(skip) for skip in self._skipped
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row a clip, columns as in `job.FIELDS`, tags a tuple; skipped clips have the state
        "invalid".

        Where clips were measured (`hn.score`), the columns of `hailuo_nb.measure.report.COLUMNS`
        follow.
        """
        import pandas as pd

        score_store.recall(self.jobs)
        table = [{**row, **score_store.held(row["id"])} for row in self._table()]
        names = COLUMNS if any(score_store.held(row["id"]) for row in table) else ()
        return pd.DataFrame(table, columns=[*FIELDS, *names])

    def vote(self, first: Job, second: Job, outcome: Outcome, *, blind: bool = False) -> None:
        """Keep that somebody compared two clips: outcome "first", "second" or "tie". Raises
        ValueError."""
        pair = {getattr(first, "id", None), getattr(second, "id", None)}
        if len({job.id for job in self.jobs} & pair) < 2:
            raise ValueError("a vote is between two clips of this comparison")
        arguments.as_text("outcome", outcome)
        hidden = bool(arguments.as_bool("blind", blind))
        wait(first.runner.ledger.vote(first.id, second.id, outcome, time.time(), blind=hidden))

    def ranking(self, by: str = "provider") -> pd.DataFrame:
        """Bradley-Terry strengths from the votes between these clips, strongest first by the lower
        end.

        by   "provider", "model", "prompt" or "id"; votes between two clips with the same are left
             out
        Columns: the item, strength, low, high (log-odds, 95 %), wins, losses, ties.
        """
        import pandas as pd

        columns = [by, "strength", "low", "high", "wins", "losses", "ties"]
        return pd.DataFrame(
            [(*asdict(found).values(),) for found in self.ranks(by)], columns=columns
        )

    def ranks(self, by: str) -> list[Rank]:
        """The same as plain data. Raises ValueError for something that clips are not ranked by."""
        if arguments.as_text("by", by) not in RANKED_BY:
            raise ValueError(f"clips are ranked by {', '.join(RANKED_BY)}, not by {by!r}")
        jobs = {job.id: job for job in self.jobs}
        if not jobs:
            return []
        votes = wait(next(iter(jobs.values())).runner.ledger.votes(jobs))
        name = {job_id: str(getattr(job, by)) for job_id, job in jobs.items()}
        return rank([Vote(name[vote.first], name[vote.second], vote.outcome) for vote in votes])

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the table as CSV (UTF-8 with a mark, so that spreadsheets read Chinese). Returns
        its path.

        A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay
        as they are. Tags are one text: "keep, dawn".
        """
        target = arguments.as_path("path", path)
        table = self.to_frame()
        table["tags"] = table["tags"].map(lambda tags: ", ".join(_tags(tags)))
        text = table.map(_no_formula).to_csv(index=False)
        return parquet.write(target, text.encode("utf-8-sig", "backslashreplace"))

    def to_parquet(self, path: str | os.PathLike[str]) -> Path:
        """Write the table as Parquet, tags as lists. Returns its path; raises NoParquetError
        without a writer of it."""
        target = arguments.as_path("path", path)
        table = self.to_frame()
        table["tags"] = table["tags"].map(lambda tags: list(_tags(tags)))
        return parquet.write_parquet(table, target)

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything known of each clip as records, with a format version. Returns its path.

        `path` and `poster` of a clip are relative to the file, or null where the clip lies
        elsewhere; `Comparison.load` reads it again. `export` puts the clips beside it.
        """
        target, root = files.user_target(arguments.as_path("path", path))
        folder = target.parent
        clips = [
            bundle.record(job, _relative_to(job.path, folder), _relative_to(job.poster, folder))
            for job in self._on_board()
        ]
        bundle.write(target, self._document(clips), root)
        return Path(path).expanduser()

    def export(self, folder: str | os.PathLike[str]) -> Path:
        """Write a page, `comparison.json`, the clips and their posters, for another machine.
        Returns the folder.

        A browser shows `index.html` (see `to_html`), and `hn.Comparison.load(folder)` the
        comparison in a notebook, without a ledger and without keys. No key and no link of a
        provider's is in it. What an earlier export left in the folder is written over.
        """
        return self.to_html(arguments.as_path("folder", folder) / PAGE, mode="folder").parent

    def _on_board(self) -> list[Job]:
        return [job for job in self.jobs if not job.hidden]

    def _document(self, clips: list[dict[str, Any]]) -> dict[str, Any]:
        jobs = self._on_board()
        votes = wait(jobs[0].runner.ledger.votes([job.id for job in jobs])) if jobs else []
        skipped = [
            {
                "provider": skip.provider,
                "provider_title": skip.provider_title,
                "simulated": skip.simulated,
                "request": skip.request.to_json(),
                "error": skip.error,
                "label": skip.label,
            }
            for skip in self._skipped
        ]
        return bundle.document(self.title, clips, skipped, votes)

    def save(self, name: str = "") -> Comparison:
        """Keep in the ledger which clips stand here, under `name` (else the title). Returns this
        comparison.

        `hn.Comparison.load(name)` brings it back, and `hn.boards()` lists what is kept. The same
        name again replaces what it held. Clips that cannot be made are not kept. Raises HailuoError
        where there is no name or no clip.
        """
        name = (
            arguments.as_text("name", name).strip()
            or arguments.as_text("title", self.title).strip()
        )
        jobs = self._on_board()
        if not name or not jobs:
            raise HailuoError("a comparison is saved under a name, with at least one clip in it")
        wait(jobs[0].runner.ledger.save_board(name, [job.id for job in jobs]))
        self.title = name
        return self

    @classmethod
    def load(cls, name_or_path: str | os.PathLike[str]) -> Comparison:
        """A comparison of the ledger by the name under which it was saved, or an exported folder or
        JSON file.

        Clips of the ledger that are not over go on, as with `hn.resume`. Clips of an exported
        folder can be looked at, played, ranked and exported; nothing can be asked of their
        providers. A name goes before a folder of that name.

        Raises HailuoError where there is no such comparison, BundleError for a file that cannot be
        read.
        """
        from hailuo_nb.results import loading

        return loading.load(name_or_path)

    def to_html(self, path: str | os.PathLike[str], mode: Mode = "inline") -> Path:
        """Write a page with the board and its player, which plays from disk with the network off.
        Returns its path.

        path   gets the ending .html where it has neither that nor .htm
        mode   "inline": one page with every clip inside it, at most `export.MAX_INLINE` bytes of
               them. "folder": the files lie beside the page, as `export` writes them, and `path` is
               the folder or a page in it.

        Without JavaScript the page still shows posters, prompts, facts and clips with the browser's
        own controls. It holds no key and no link of a provider's. Raises TooLargeError for too much
        in one page, ValueError, OSError.
        """
        named = place(arguments.as_path("path", path), mode)
        target = files.user_target(named)[0]
        jobs = self._on_board()
        if mode == "folder":
            root = files.user_target(named.parent)[1]
            copies = bundle.copy_files(jobs, target.parent, root)
            clips = [bundle.record(job, *copies[job.id]) for job in jobs]
            bundle.write(target.parent / bundle.FILE, self._document(clips), root)
            links = beside(copies)
        else:
            root = files.user_target(named)[1]
            links = inside({job.id: (job.path, job.poster) for job in jobs}, target)
        bundle.write_whole(target, page(self.title, self.rows(), links, mode), root)
        return named

    def snapshot(self, files: str = "", *, folder: Path | None = None) -> Snapshot:
        """An output that still shows and plays when the saved notebook is opened without a kernel.

        Its players ask for files beside the notebook: clips that lie below its folder are taken as
        they are, others are copied into the folder `files` in it, by default `<notebook>_files`.
        folder is the notebook's own, by default the current one. A contact sheet stands before them
        for viewers that play nothing. Raises OSError.
        """
        home = (Path.cwd() if folder is None else arguments.as_path("folder", folder)).absolute()
        room, copies = (
            arguments.as_text("files", files) or f"{notebook_name()}_files",
            bundle.Copies(home, home),
        )
        jobs = self._on_board()
        clips = {job.id: _relative_to(job.path, home) or copies.add(job.path, room) for job in jobs}
        posters = {job.id: job.poster for job in jobs if job.poster is not None}
        found = {name: clip for name, clip in clips.items() if clip}
        return Snapshot(self.title, self.rows(folder=home), found, posters)

    def rows(
        self,
        *,
        folder: Path | None = None,
        poster: Callable[[Path], str] = poster_url,
        only: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        """What a view needs to know of each clip, as plain data (the traits of `CompareBoard`
        describe it).

        folder   where the notebook lies: clips below it get a relative path in `video`
        poster   what stands for the file of a poster: its bytes as a data URL, unless the view has
                 a lighter way
        only     the ids of these clips alone; those that are hidden or not here are left out
        """
        where = folder or Path.cwd()
        return [
            _job_row(job, where, poster)
            for job in self._on_board()
            if only is None or job.id in only
        ] + [_skipped_row(skip) for skip in self._skipped if only is None or skip.id in only]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        plain = {"text/plain": repr(self), "text/html": html_table.table(self.rows(), self.title)}
        # By name, as `widgets` stands above this room. None where no front end could show it.
        shown = resolve_name("hailuo_nb.widgets.board_updates:board_for")(self)
        bundled = (
            shown._repr_mimebundle_(include=include, exclude=exclude) if shown is not None else None
        )
        if not bundled:
            return plain
        data, metadata = bundled
        return {**data, "text/html": plain["text/html"]}, metadata

    def __repr__(self) -> str:
        head = f"Comparison of {len(self._jobs)} clips" + (f": {self.title}" if self.title else "")
        lines = [
            f"  {row['provider']:<22} {row['model']:<24} {row['resolution']:>5} "
            f"{row['duration']:>2} s  "
            f"take {row['take'] or '-'}  {row['state']:<11} {row['path'] or row['error'] or ''}"
            for row in self._table()
        ]
        lines += [
            f"  note: {note}"
            for note in dict.fromkeys(note for job in self.jobs for note in job.notes)
        ]
        return "\n".join(visible(line) for line in [head, *lines])


def _job_row(job: Job, folder: Path, poster: Callable[[Path], str]) -> dict[str, Any]:
    return {
        "id": job.id,
        "prompt": job.prompt,
        "provider": job.provider,
        "provider_title": job.provider_title,
        "simulated": job.simulated,
        "model": job.model,
        "resolution": job.resolution,
        "duration": job.duration,
        "take": job.take,
        "state": job.state,
        "progress": job.progress,
        "eta": job.eta,
        "queue_position": job.queue_position,
        "error": job.error or "",
        "advice": job.advice,
        "cost": cost_text(job.cost, job.currency, job.simulated),
        "bytes": job.bytes,
        "video": _relative_to(job.path, folder),
        "poster": poster(job.poster) if job.poster else "",
        "submitted_at": job.submitted_at,
        "finished_at": job.finished_at,
        "notes": list(job.notes),
        "rating": job.rating,
        "note": job.note,
        "tags": list(job.tags),
        "usual_seconds": job.usual_seconds,
        "task_id": job.task_id or "",
        "parked": job.parked,
        "camera": camera_of(job.prompt),
        "fps": job.fps,
        "frames": job.frames,
        "scores": _scores(job),
    }


def _skipped_row(skipped: Skipped) -> dict[str, Any]:
    request = skipped.request
    return {
        "id": skipped.id,
        "prompt": request.prompt,
        "provider": skipped.provider,
        "provider_title": skipped.provider_title,
        "simulated": skipped.simulated,
        "model": request.model,
        "resolution": request.resolution,
        "duration": request.duration,
        "take": None,
        "state": "invalid",
        "progress": None,
        "eta": None,
        "queue_position": None,
        "error": skipped.error,
        "advice": advice_for("rejected", "invalid_request"),
        "cost": "",
        "video": None,
        "bytes": None,
        "poster": "",
        "submitted_at": None,
        "finished_at": None,
        "notes": [],
        "rating": 0,
        "note": "",
        "tags": [],
        "usual_seconds": None,
        "task_id": "",
        "parked": False,
        "camera": camera_of(request.prompt),
        "fps": None,
        "frames": None,
        "scores": {},
    }


def _scores(job: Job) -> dict[str, Any]:
    """What was measured, short enough for a row: what is not known is left out, a number has four
    figures."""
    return {
        name: float(f"{value:.4g}") if isinstance(value, float) else value
        for name, value in score_store.held(job.id).items()
        if value is not None
        and value != ""
        and not (isinstance(value, float) and not math.isfinite(value))
    }


@lru_cache(maxsize=1024)
def camera_of(prompt: str) -> str:
    """The camera moves of a prompt, as a text to group by: "Truck left + Pan right, Push in"."""
    steps = [" + ".join(move.english for move in step.moves) for step in camera.parse(prompt)]
    return ", ".join(filter(None, steps))


def _tags(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


def _no_formula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value


def _relative(path: Path, folder: Path) -> str | None:
    try:
        return path.relative_to(folder.absolute()).as_posix()
    except ValueError:
        return None


def _relative_to(path: Path | None, folder: Path) -> str | None:
    return None if path is None else _relative(path, folder)
