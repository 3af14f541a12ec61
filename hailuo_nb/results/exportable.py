"""What a comparison can be written as: tables, pages, pictures, a video, a folder that travels."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import ArgumentError
from hailuo_nb.media import files
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import html_table
from hailuo_nb.pages.effect_rows import Effects
from hailuo_nb.pages.page import PAGE, Mode, ViewState
from hailuo_nb.pages.row_filter import passes
from hailuo_nb.pages.snapshot import Snapshot
from hailuo_nb.requests import arguments
from hailuo_nb.results import tables
from hailuo_nb.results.ballot import write as write_ballot
from hailuo_nb.results.clip_choice import Clips, jobs_of
from hailuo_nb.results.export import (
    Content,
    Look,
    make_snapshot,
    write_filmstrips,
    write_grid_video,
    write_json,
    write_page,
)
from hailuo_nb.results.job import Job
from hailuo_nb.results.page_effects import effects_of
from hailuo_nb.results.rows import board_rows, of_job
from hailuo_nb.results.saved_race import SavedRace
from hailuo_nb.results.voting import votes_if_read, votes_of

if TYPE_CHECKING:
    import pandas as pd
    from ipywidgets import DOMWidget


class Exportable:
    """The writing half of `Comparison`."""

    title: str
    _skipped: list[Skipped]
    _widget: DOMWidget | None

    @property
    def jobs(self) -> list[Job]:
        raise NotImplementedError

    def _on_board(self) -> list[Job]:
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """One row a clip, columns as in `columns.FIELDS`; skipped clips have the state "invalid".

        Times are in UTC, `took` (from submit to the end) is a Timedelta, tags a tuple; unrated is
        NA, as is a cost that nobody knows. `wording` is the prompt without its camera moves,
        `camera` the moves. Where any clip has them, ratio and references (how many) follow, then
        the columns of your own table, and where clips were measured (`hn.score`) those of
        `hailuo_nb.measure.report.COLUMNS` and of scorers.
        """
        return tables.to_frame(self.jobs, self._skipped)

    def to_csv(
        self, path: str | os.PathLike[str], *, clips: Iterable[Job | Skipped | str] | None = None
    ) -> Path:
        """Write the table as CSV (UTF-8 with a mark, so that spreadsheets read Chinese). Returns
        its path.

        A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay
        as they are. Tags are one text: "keep, dawn"; times are to the second, with the zone.

        clips  these alone, or their ids, in this order, of `jobs` and `skipped`; by default all
        """
        target = arguments.as_path("path", path)
        if clips is None:
            with files.written_to(target):
                return tables.write_csv(self.to_frame(), target)
        left_out = {skip.id: skip for skip in self._skipped}
        given = [left_out.get(clip, clip) if isinstance(clip, str) else clip for clip in clips]
        jobs = jobs_of(self.jobs, [clip for clip in given if not isinstance(clip, Skipped)])
        skipped = [clip for clip in given if isinstance(clip, Skipped)]
        with files.written_to(target):
            return tables.write_csv(tables.to_frame(jobs, skipped), target)

    def to_parquet(self, path: str | os.PathLike[str]) -> Path:
        """Write the table as Parquet, tags as lists. Returns its path; raises NoParquetError
        without a writer of it."""
        target = arguments.as_path("path", path)
        with files.written_to(target):
            return tables.write_parquet(self.to_frame(), target)

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write all that is known of each clip, with a format version. Returns the path.

        `path` and `poster` of a clip are relative to the file, or null where the clip lies
        elsewhere; `Comparison.load` reads it again. `export` puts the clips beside it.
        """
        target = arguments.as_path("path", path)
        with files.written_to(target):
            return write_json(self._content(whole=True, read_votes=votes_of), target)

    def export(self, folder: str | os.PathLike[str]) -> Path:
        """Write a page, `comparison.json`, the clips and their posters for another machine. Returns
        the folder.

        A browser shows `index.html` (see `to_html`), and `hn.Comparison.load(folder)` the
        comparison in a notebook, without a ledger and without keys. No key and no link of a
        provider's is in it. Files of an earlier export are overwritten.
        """
        return self.to_html(arguments.as_path("folder", folder) / PAGE, mode="folder").parent

    def to_html(
        self,
        path: str | os.PathLike[str],
        mode: Mode = "inline",
        *,
        ballot: bool | str = False,
        effect: bool | str = True,
    ) -> Path:
        """Write a page with the verdict, the board and its player, which plays from disk with the
        network off. Returns its path.

        path   gets the ending .html where it has neither that nor .htm
        mode   "inline": one page with every clip inside it, at most `page.MAX_INLINE` bytes of
               them. "folder": the files lie beside the page, as `export` writes them, and `path` is
               the folder or a page in it.
        ballot True: one page that asks others which of two clips is better, blind and like for
               like, and gives back `votes.json` for `add_votes`. "provider", "prompt" or another
               thing (see `effect`): pairs that differ in this alone. It holds no name of a
               provider or model.
        effect the verdict of `effect` above the clips, on this question: "prompt", "provider" ...
               True: on that of `suggest`, and of a race its own. False: none. Where scipy is
               missing or nothing can be compared, the page says so.

        Without JavaScript the page still shows posters, prompts, facts and clips with the browser's
        own controls. It holds no key and no link of a provider's. The view, filters and selection
        are those of the widget, where there is one; all clips are in the page. Raises TooLargeError
        for too much in one page, ArgumentError, FileError.
        """
        target = arguments.as_path("path", path)
        if ballot is not False:
            if mode != "inline":
                raise ArgumentError("a ballot is one page: its mode is 'inline'")
            by = None if ballot is True else arguments.as_text("ballot", ballot)
            with files.written_to(target):
                return write_ballot(self.title, self._on_board(), target, by)
        # A folder is read again as a comparison: no vote may be missing in it.
        read_votes = votes_of if mode == "folder" else votes_if_read
        content = self._content(whole=True, read_votes=read_votes)
        with files.written_to(target):
            return write_page(
                content, target, mode, self._effects(effect, content), self._view_state()
            )

    def to_png(
        self,
        path: str | os.PathLike[str],
        *,
        clips: Clips | None = None,
        names: Mapping[str, str] | None = None,
        language: str = "",
        blind: bool = False,
    ) -> Path:
        """Write one picture of the comparison: a filmstrip of five frames a clip, with its prompt,
        stars and votes. Returns its path.

        clips     these, or their ids, in this order; by default those that the widget's filter lets
                  through
        names     of clips by their id, where those are to be called otherwise
        language  of the words: "en" or "zh"; by default the widget's
        blind     without providers, models and prices: "Clip 1", "Clip 2"

        At most 60 clips are drawn, more are counted. Raises HailuoError where no clip can be read,
        FileError.
        """
        target = arguments.as_path("path", path)
        look = Look(names or {}, self._language(language), bool(arguments.as_bool("blind", blind)))
        with files.written_to(target):
            return write_filmstrips(self._content(clips), target, look)

    def to_video(
        self,
        path: str | os.PathLike[str],
        *,
        clips: Clips | None = None,
        names: Mapping[str, str] | None = None,
        language: str = "",
        blind: bool = False,
    ) -> Path:
        """Write one MP4 with at most 16 clips in a grid, in step, each with its name below it;
        silent. Returns its path.

        clips, names, language, blind  as for `to_png`

        Takes about a second for each second of nine clips. Raises HailuoError for too many clips or
        where none can be read, FileError.
        """
        target = arguments.as_path("path", path)
        look = Look(names or {}, self._language(language), bool(arguments.as_bool("blind", blind)))
        with files.written_to(target):
            return write_grid_video(self._content(clips), target, look)

    def snapshot(self, files: str = "", *, folder: Path | None = None) -> Snapshot:
        """An output that still shows and plays when the saved notebook is opened without a kernel.

        Its players ask for files beside the notebook: clips that lie below its folder are taken as
        they are, others are copied into the folder `files` in it, by default `<notebook>_files`.
        folder is the notebook's own, by default the current one. A contact sheet stands before them
        for viewers that play nothing. Raises OSError.
        """
        home = (Path.cwd() if folder is None else arguments.as_path("folder", folder)).absolute()
        return make_snapshot(self._content(whole=True), arguments.as_text("files", files), home)

    def _for_saved_copy(self) -> tuple[str, str]:
        """The clips as a table with players and as text, for a notebook that is opened without a
        kernel. Clips that lie below the current folder play; of others there is the poster."""
        rows = board_rows(self._on_board(), self._skipped, Path.cwd())
        if not rows:
            none = "No clips yet. A running kernel shows this: run the cell."
            return f"<p>{none}</p>", none
        players = {row["id"]: quote(row["video"]) for row in rows if row["video"]}
        return html_table.render(rows, self.title, players), repr(self)

    def _content(
        self,
        clips: Clips | None = None,
        *,
        whole: bool = False,
        read_votes: Callable[[Sequence[Job]], list[Vote]] = votes_if_read,
    ) -> Content:
        """What is written: these clips; by default those that the widget's filter lets through;
        `whole`, all."""
        jobs = self._on_board()
        if clips is not None:
            jobs = jobs_of(self.jobs, clips)
        elif not whole:
            jobs = [job for job in jobs if self._is_shown(job)]
        return Content(self.title, jobs, self._skipped, read_votes(jobs), self._saved_race())

    def _saved_race(self) -> SavedRace | None:
        """The race that this board is of."""
        return None

    def _effects(self, effect: bool | str, content: Content) -> Effects | None:
        """The verdict that a page with this content carries."""
        if effect is False:
            return None
        by = None if effect is True else arguments.as_text("effect", effect)
        return effects_of(content.jobs, content.votes, by)

    def _is_shown(self, job: Job) -> bool:
        if self._widget is None:
            return True
        blind = bool(self._widget.arrangement.get("blind"))
        return passes(of_job(job, Path.cwd(), str), self._widget.filter, blind=blind)

    def _language(self, language: str) -> str:
        given = arguments.as_text("language", language)
        return given or (self._widget.language if self._widget is not None else "")

    def _view_state(self) -> ViewState | None:
        """What the widget shows, for a page that opens with the same."""
        if self._widget is None:
            return None
        return {
            "view": self._widget.view,
            "selected": list(self._widget.selected),
            "filter": dict(self._widget.filter),
            "arrangement": dict(self._widget.arrangement),
        }
