"""A comparison as files: JSON, page, picture, video, folder, and a snapshot for the notebook."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hailuo_nb.engine.download import MAX_BYTES
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.media import files
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import filmstrip, grid_video, page, words
from hailuo_nb.pages.clip_names import clip_names
from hailuo_nb.pages.effect_rows import Effects
from hailuo_nb.pages.page import Mode
from hailuo_nb.pages.posters import MAX_POSTER
from hailuo_nb.pages.rows import BoardRow
from hailuo_nb.pages.snapshot import Snapshot, notebook_name
from hailuo_nb.pages.summary_rows import Summaries
from hailuo_nb.pages.tiles import Mark, Tile
from hailuo_nb.results import bundle, summary, tables
from hailuo_nb.results.job import Job
from hailuo_nb.results.pools import Ranked, pool_of, ranked
from hailuo_nb.results.ranking import Rank
from hailuo_nb.results.rows import board_rows, relative_path
from hailuo_nb.results.saved_race import SavedRace

_PLAIN_NAME = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Look:
    """How clips are called in a picture or video: by these names of their ids, else by what tells
    them apart; blind, without what tells who made them."""

    names: Mapping[str, str]
    language: str
    blind: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What is written of a comparison: its clips without those that were deleted by hand, and the
    votes between them."""

    title: str
    jobs: Sequence[Job]
    skipped: Sequence[Skipped]
    votes: Sequence[Vote]
    race: SavedRace | None = None

    def summaries(self) -> Summaries:
        return summary.all_of(self.jobs, self.votes)

    def rows(self, folder: Path) -> list[BoardRow]:
        return board_rows(self.jobs, self.skipped, folder)

    def tiles(self, look: Look) -> list[Tile]:
        """The clips that have a file."""
        arrived = [(job, job.path) for job in self.jobs if job.path is not None]
        rows = board_rows([job for job, _ in arrived], (), Path.cwd(), str)
        t = words.translator(look.language)
        numbers = [t("clip", number=index + 1) for index in range(len(rows))]
        called = clip_names(rows, t)
        own = numbers if look.blind else [called[row["id"]] for row in rows]
        ranks = _ranks([job for job, _ in arrived], self.votes)
        found = {one.rank.item: one for one in ranks}
        tiles = []
        for (job, path), row, name in zip(arrived, rows, own, strict=True):
            tile = Tile(row, look.names.get(job.id) or name, path, blind=look.blind)
            if (its := found.get(job.id)) is not None:
                beside = [other.rank for other in ranks if other.pool == its.pool]
                rank, mark = its.rank, _mark(its.rank, beside)
                votes = rank.wins + rank.losses + rank.ties
                tile = replace(tile, mark=mark, wins=rank.wins, votes=votes)
            tiles.append(tile)
        return tiles

    def document(self, paths: Mapping[str, bundle.Paths]) -> dict[str, object]:
        """The content of comparison.json; `paths` by the job's id."""
        records = [bundle.record(job, *paths[job.id]) for job in self.jobs]
        return bundle.document(self.title, records, self.skipped, self.votes, self.race)


def _ranks(jobs: Sequence[Job], votes: Sequence[Vote]) -> list[Ranked]:
    """Each of these clips by itself, in its pool."""
    pools = {job.id: pool_of(job) for job in jobs}
    between = [vote for vote in votes if vote.first in pools and vote.second in pools]
    return ranked(between, {job_id: job_id for job_id in pools}, pools)


def _mark(one: Rank, ranks: Sequence[Rank]) -> Mark:
    others = [other for other in ranks if other.item != one.item]
    if one.low > max((other.high for other in others), default=one.low):
        return "winner"
    ahead = one.wins > one.losses and one.low > max((other.low for other in others), default=0.0)
    return "ahead" if ahead else ""


def write_json(content: Content, path: Path) -> Path:
    """See `Comparison.to_json`."""
    target, root = files.user_target(path)
    folder = target.parent
    paths = {
        job.id: (relative_path(job.path, folder), relative_path(job.poster, folder))
        for job in content.jobs
    }
    bundle.write(target, content.document(paths), root)
    return path.expanduser()


def write_page(
    content: Content,
    path: Path,
    mode: Mode,
    effects: Effects | None = None,
    state: page.ViewState | None = None,
) -> Path:
    """See `Comparison.to_html`."""
    named = page.page_path(path, mode)
    target = files.user_target(named)[0]
    if mode == "folder":
        root = files.user_target(named.parent)[1]
        paths = _copy_files(content.jobs, target.parent, root)
        bundle.write(target.parent / bundle.FILE, content.document(paths), root)
        links = page.relative_links(paths)
    else:
        root = files.user_target(named)[1]
        links = page.inline_links({job.id: (job.path, job.poster) for job in content.jobs}, target)
    rows = content.rows(Path.cwd())
    text = page.render(
        content.title,
        rows,
        links,
        mode,
        summaries=content.summaries(),
        effects=effects,
        state=state,
    )
    bundle.write_whole(target, text, root)
    return named


def write_filmstrips(content: Content, path: Path, look: Look) -> Path:
    """See `Comparison.to_png`."""
    tiles = content.tiles(look)
    without = len(content.jobs) - len(tiles)
    data = filmstrip.render(
        content.title, tiles, without=without, language=look.language, stop=_is_ending
    )
    return tables.write(path, data)


def write_grid_video(content: Content, path: Path, look: Look) -> Path:
    """See `Comparison.to_video`."""

    def fill(new: files.AtomicFile) -> None:
        new.file.close()  # the encoder opens it by its name
        tiles = content.tiles(look)
        grid_video.write(new.path, content.title, tiles, language=look.language, stop=_is_ending)

    return tables.write(path, fill)


def _is_ending() -> bool:
    """Whether the process ends: a thread that writes a file must not hold it up."""
    return not threading.main_thread().is_alive()


def make_snapshot(content: Content, subfolder: str, folder: Path) -> Snapshot:
    """See `Comparison.snapshot`. `folder` is the notebook's, absolute; clips that lie elsewhere are
    copied into its `subfolder`, by default `<notebook>_files`."""
    subfolder = subfolder or f"{notebook_name()}_files"
    copies = _Copies(folder, folder)
    clips = {
        job.id: relative_path(job.path, folder) or copies.add(job.path, subfolder)
        for job in content.jobs
    }
    posters = {job.id: job.poster for job in content.jobs if job.poster is not None}
    found = {job_id: clip for job_id, clip in clips.items() if clip}
    return Snapshot(content.title, content.rows(folder), found, posters, content.summaries())


def _copy_files(jobs: Sequence[Job], folder: Path, root: Path) -> dict[str, bundle.Paths]:
    """Copy clips and posters into the folder. Returns their relative paths by the job's id.

    root  see `files.AtomicFile`
    """
    copies = _Copies(folder, root)
    return {
        job.id: (copies.add(job.path, "videos"), copies.add(job.poster, "posters", MAX_POSTER))
        for job in jobs
    }


class _Copies:
    """What was copied into a folder. A file that a thousand rows name is copied once."""

    def __init__(self, folder: Path, root: Path) -> None:
        """`root` see `files.AtomicFile`."""
        self._folder, self._root = folder, root
        self._names: dict[Path, str] = {}
        self._taken: set[str] = set()

    def add(self, source: Path | None, subfolder: str, limit: int = MAX_BYTES) -> str | None:
        """Copy a file of at most `limit` bytes into a subfolder; its relative path, None where
        there is none.

        Under its own name, unless that has unusual characters or another clip has it. Raises
        FileError, OSError.
        """
        if source is None or not source.is_file() or source.stat().st_size > limit:
            return None
        if source not in self._names:
            name = f"{subfolder}/{source.name}"
            if name in self._taken or not _PLAIN_NAME.fullmatch(source.name):
                ending = source.suffix if _PLAIN_NAME.fullmatch(source.suffix) else ""
                name = f"{subfolder}/clip-{len(self._taken) + 1}{ending}"
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
