"""Comparison: jobs side by side."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal

from hailuo_nb.errors import ArgumentError, HailuoError
from hailuo_nb.measure.axes import axis_of
from hailuo_nb.media.text import visible
from hailuo_nb.ordering.validation import Skipped
from hailuo_nb.pages import html_table
from hailuo_nb.pages.posters import poster_url
from hailuo_nb.pages.rows import BoardRow, text_line
from hailuo_nb.pages.saved_copy import SavedCopy
from hailuo_nb.pages.summary_rows import Summaries, SummaryRow
from hailuo_nb.requests import arguments
from hailuo_nb.results import checks as checking
from hailuo_nb.results import costs, effects, suggestions, summary, summary_table, tables
from hailuo_nb.results.callbacks import Callbacks
from hailuo_nb.results.clip_choice import job_of, only_jobs
from hailuo_nb.results.exportable import Exportable
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import source_of
from hailuo_nb.results.ranking import Rank
from hailuo_nb.results.ranking_table import ACROSS, Ranking
from hailuo_nb.results.rows import board_rows
from hailuo_nb.results.summary import facts_of
from hailuo_nb.results.voting import Voting, votes_if_read, votes_of
from hailuo_nb.results.waiting import await_all, wait_for_all

if TYPE_CHECKING:
    import pandas as pd
    from ipywidgets import DOMWidget


class Comparison(Exportable, Voting):
    """Clips side by side. Wait for it, await it, or look at it in a notebook while it fills."""

    def __init__(
        self,
        jobs: Iterable[Job] = (),
        skipped: Iterable[Skipped] = (),
        *,
        title: str = "",
    ) -> None:
        self.title = title
        self._jobs = only_jobs(jobs)
        self._skipped = list(skipped)
        self._lock = threading.Lock()
        self._widget: DOMWidget | None = None
        self._shown: list[Callable[[], None]] = []
        self.saved_copy = SavedCopy(self._for_saved_copy)
        self._watched: set[str] = set()
        self._arrived: set[str] = set()
        self._on_saved = Callbacks("on_saved")
        self._on_vote = Callbacks("on_vote")

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

    def __getitem__(self, clip: int | str) -> Job:
        """By its place or its id, as in `board[board.ranking("id").index[0]]`."""
        jobs = self.jobs
        try:
            return job_of(jobs, clip) if isinstance(clip, str) else jobs[clip]
        except (IndexError, TypeError):
            raise ArgumentError(
                f"{arguments.describe(clip)} is no place in this comparison of {len(jobs)} clips: "
                "a clip is asked for by a number from 0, or by its id"
            ) from None

    def add(self, jobs: Iterable[Job], skipped: Iterable[Skipped] = ()) -> None:
        """Add clips that are not here yet. Its widget shows them. Raises ArgumentError."""
        given = only_jobs(jobs)
        with self._lock:
            known = {job.id for job in self._jobs} | {skip.id for skip in self._skipped}
            self._jobs += [job for job in given if job.id not in known]
            self._skipped += [skip for skip in skipped if skip.id not in known]
        if self._on_saved:
            self._watch()
        for show in self._shown:
            show()

    def on_saved(self, callback: Callable[[Job], object], *, remove: bool = False) -> None:
        """Call `callback(job)` for each clip that arrives from now on, also of those added later.

        remove   stop calling it
        Callbacks run one after another in a thread of their own, so that they may take their time;
        what one prints, and the traceback of one that fails, is shown below the cell that
        registered it. Nothing else stops for it.
        """
        self._on_saved.register(callback, remove=remove)
        self._watch()

    def _watch(self) -> None:
        """Hear of every clip that is not over."""
        with self._lock:
            new = [job for job in self._jobs if job.id not in self._watched]
            self._watched |= {job.id for job in new}
            self._arrived |= {job.id for job in new if job.state == "saved"}
        for job in new:
            job.listen(self._on_change)
            self._on_change(job)  # it may have arrived in between

    def _on_change(self, job: Job) -> None:
        with self._lock:
            news = job.state == "saved" and job.id not in self._arrived
            if news:
                self._arrived.add(job.id)
        if news:
            self._on_saved.call(job)

    def listen(self, shown: Callable[[], None]) -> None:
        """Call `shown` after clips were added: for a view of this comparison."""
        self._shown.append(shown)

    def wait(self, timeout: float | None = None) -> Comparison:
        """Wait until every job is done. After `timeout` seconds raises TimeoutError, which names
        those that are not; they go on."""
        late = wait_for_all(self.jobs, timeout)
        if late:
            names = ", ".join(f"{job.provider} ({job.state})" for job in late)
            raise TimeoutError(f"not done after {timeout} s: {names}; they go on in the background")
        return self

    def __await__(self) -> Generator[Any, None, Comparison]:
        yield from await_all(self.jobs).__await__()
        return self

    def ranking(self, by: str = "provider", *, pooled: bool = False) -> pd.DataFrame:
        """Bradley-Terry strengths from the votes between these clips, the item as index; in each
        pool the strongest first, by the lower end.

        by      as for `summary`, or "id": each clip by itself, `board[id]` is the clip. Votes
                between two clips with the same are left out; a warning says if that leaves none
        pooled  also count votes between clips of different pools (resolution, duration, first
                frame, sound, simulated). Without it each pool is ranked by itself, and a warning
                says how many votes are not counted

        Columns: pool, strength, low, high (log-odds, 95 %), n_votes, n_wins, n_losses, n_ties,
        n_clips (saved ones); cost and currency of one saved clip of the item, as charged, else by
        the list, with what was spent on those that failed (NaN where nobody knows).
        """
        found = Ranking(self.jobs, votes_of(self.jobs), by)
        return found.to_frame(by, pooled=bool(arguments.as_bool("pooled", pooled)))

    @property
    def spent(self) -> costs.Spent:
        """What these clips cost, or will, by currency: as charged, else by the list. Of how many
        nobody knows the cost, says `spent.unknown`."""
        return costs.total(self.jobs)

    def ranks(self, by: str) -> list[Rank]:
        """The same as plain data. Raises ArgumentError for something that clips are not ranked
        by."""
        found = Ranking(self.jobs, votes_of(self.jobs), by)
        return [one.rank for one in found.ranks(pooled=False)]

    def summary(self, by: str = "provider") -> pd.DataFrame:
        """What the clips, stars and votes say of each provider, or prompt, model or move: one row
        each, the item as index.

        by   "provider", "prompt", "wording" (the prompt without its camera moves), "camera" (the
             moves), "model", "resolution", "duration", "ratio", an option, or a column of your own
             table

        Clips that cannot be made, those that were deleted, and those with nothing in that column
        are left out.

        Columns: see `results.summary_table.COLUMNS`. `made_share` is of clips made or failed;
        `seconds_p50` and `_p90` from submit to file; `cost` all that was spent for each clip made,
        `cost_kept` for each with four stars or more or the tag "keep", as charged else by the list:
        0 where all were free, NaN in several currencies (`note` has each), where a price is
        unknown, or for none;
        `strength` by votes within a pool (see `ranking`); `adherence` where clips were measured
        (`hn.score`). `_low` and `_high` are 95 % intervals; what a figure is of, count `n_ended`
        (made_share), `n_timed` (seconds), `n_kept`, `n_rated` (stars), `n_votes` (strength) and
        `n_measured`; `n_unpriced` are clips whose cost nobody knows. `best` names the figures in
        which the row's interval parts from every other's, all of the same resolution, duration,
        first frame and sound (`pools`); stars, adherence and `cost_kept` have one only where the
        rows' clips are of the same prompts in about the same shares. Raises ArgumentError.
        """
        jobs = self._on_board()
        table = summary_table.to_frame(self.summary_rows(by), by, jobs)
        table.attrs[ACROSS] = Ranking(jobs, votes_of(jobs), by).across
        return table

    def effect(self, by: str, outcome: str | None = None) -> pd.DataFrame:
        """Whether one thing makes a difference: clips that agree in everything else are compared
        pair by pair, and a verdict is given only where a coin could not have made it.

        by       "prompt", "wording" (without its camera), "camera", "provider", "model",
                 "resolution", "duration", "ratio", an option such as "optimizer", or a column of
                 your own table: it stands for whatever differs with it, see `results.matching`
        outcome  one alone: "votes", "failed" (where any clip has), "stars", "adherence", "seconds",
                 "cost CNY"; all by default

        One row for each outcome and two items. Columns: outcome, the item, `than` (the other item),
        difference (mean of item minus other; of votes from 1, all won, to -1), low and high (95 %),
        n_pairs, n_requests (how many different ones the pairs come from: takes of one request are
        pooled as pairs of their own), verdict: "better", "worse" (less is better of seconds, cost
        and failed), "not enough evidence: about N more pairs" or "no difference in any pair".

        Of all verdicts of one call together at most one in twenty calls has a false one where
        nothing differs (sign-flip test, Holm's correction). That is of one look, and of the
        requests that are here: looking after each vote until there is a winner finds one more
        often, and `suggest` and `hn.tune` count that in. Raises ArgumentError for something that
        clips do not differ in, MissingExtraError without scipy, which six pairs need.
        """
        jobs = self._on_board()
        found = effects.effects(effects.outcomes_of(jobs, by), votes_of(jobs), by, outcome)
        return effects.to_frame(found, by, jobs)

    def suggest(
        self, n: int = 5, by: str | None = None, outcome: str | None = None
    ) -> pd.DataFrame:
        """What would tell most about an open question: at most `n` votes between clips that are
        here, or takes to ask for with their price. Sends nothing.

        by       the question, as in `effect`; by default the first of prompt, provider and its
                 other axes in which clips differ that agree in everything else
        outcome  "votes" by default: takes are suggested where every pair has its vote. Of another
                 one there are takes alone

        One row each, the most telling first. Columns: kind ("vote"; "take"; "none" where nothing
        would help: the question is decided), first and second (ids of the clips to vote between),
        cost and currency (list price of the take, NaN where nobody knows; a vote is free), narrower
        (by which share of itself the 95 % interval of the difference gets narrower, NaN before
        there is one), why; then of a take the columns of a table of requests, so that
        `hn.compare(found.loc[found["kind"] == "take", "prompt":])` asks for it.

        Items that are surely worse, however often one looks, are left out. Raises ArgumentError for
        something that clips do not differ in or an outcome that none has, MissingExtraError without
        scipy.
        """
        count = arguments.as_int("n", n, 1, arguments.MAX_VALUES)
        return suggestions.suggest(self._on_board(), count, by, outcome)

    def check(
        self, *checks: str, by: str = "provider", errors: Literal["raise", "ignore"] = "raise"
    ) -> pd.DataFrame:
        """Whether each item holds what is asked of it: `board.check("adherence >= 0.8", "failed ==
        0")`. Raises CheckError with the rows that fall short; ArgumentError for what is no check.

        checks  a column, one of >= <= > < == !=, a number: also "80 %", "2 min", "0.5 CNY". Columns
                are those of `summary` (`seconds` is the median), `spent` (the sum), and what
                scorers found (the mean)
        by      as for `summary`
        errors  "ignore" gives the table and raises nothing

        One row for each check and item: check, the item, value, n (clips or votes that it is from),
        of (mean, median, count ...), passed, reason. What has no value, or clips that are not over,
        falls short.
        """
        table, jobs = self.summary(by), self._on_board()
        return checking.check(checks, axis_of(by, jobs), table, jobs, self._skipped, errors=errors)

    def summary_rows(self, by: str = "provider") -> list[SummaryRow]:
        """The same as plain data, as the board and the pages show it."""
        jobs = self._on_board()
        axis = axis_of(by, jobs)
        return summary.summarise(facts_of(jobs, axis), votes_of(jobs), axis)

    def summaries(self) -> Summaries:
        """The summaries that a board and a page show, without votes where the ledger cannot be
        read."""
        jobs = self._on_board()
        return summary.all_of(jobs, votes_if_read(jobs))

    def counted(self) -> object:
        """What the summaries count: while it is equal, so are they."""
        jobs = self._on_board()
        return facts_of(jobs, "provider"), votes_of(jobs)

    def save(self, name: str = "") -> Comparison:
        """Store in the ledger which clips this comparison has, under `name` (else the title).
        Returns this comparison.

        `hn.Comparison.load(name)` brings it back, and `hn.boards()` lists the names. The same name
        again replaces what was stored. Clips that cannot be made are left out. Raises HailuoError
        where there is no name or no clip.
        """
        name = (
            arguments.as_text_without_key("name", name).strip()
            or arguments.as_text_without_key("title", self.title).strip()
        )
        jobs = self._on_board()
        if not name or not jobs:
            raise HailuoError("a comparison is saved under a name, with at least one clip in it")
        race = self._saved_race()
        text = None if race is None else json.dumps(race.to_json(), ensure_ascii=False)
        source_of(jobs[0]).save_board(name, [job.id for job in jobs], text)
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

    def rows(
        self,
        *,
        folder: Path | None = None,
        poster: Callable[[Path], str] = poster_url,
        only: Collection[str] | None = None,
    ) -> list[BoardRow]:
        """One row of plain data for each clip, as a board or a page shows it.

        folder   where the notebook lies: clips below it get a relative path in `video`
        poster   what stands for the file of a poster: its bytes as a data URL, unless the view has
                 a lighter way
        only     the ids of these clips alone; those that are hidden or not here are left out
        """
        jobs = [job for job in self._on_board() if only is None or job.id in only]
        skipped = [skip for skip in self._skipped if only is None or skip.id in only]
        return board_rows(jobs, skipped, folder or Path.cwd(), poster)

    def _on_board(self) -> list[Job]:
        return [job for job in self.jobs if not job.hidden]

    @property
    def widget(self) -> DOMWidget:
        """The ipywidget that shows these clips, for an `HBox`, `VBox` or `Tab` of your own. It is
        made once; a cell that ends with the comparison shows the same."""
        if self._widget is None:
            # By name, as `widgets` stands above this room.
            make = resolve_name("hailuo_nb.widgets.board_updates:new_board")
            self._widget = make(self, Path.cwd())[0]
        return self._widget

    def _board(self) -> DOMWidget | None:
        """The widget; None where no front end could show it."""
        if (
            self._widget is None
            and not resolve_name("hailuo_nb.widgets.board_updates:has_front_end")()
        ):
            return None
        return self.widget

    def _ipython_display_(self) -> None:
        """Two outputs: the widget, and what a saved notebook shows without a kernel. Raises
        NotImplementedError where there is no front end: IPython then takes the mimebundle."""
        bundle = self._repr_mimebundle_()
        if not isinstance(bundle, tuple):
            raise NotImplementedError
        data, metadata = bundle
        words = f"Comparison of {len(self)} clips, below without its widget"
        self.saved_copy.show(data, metadata, words)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        plain = {"text/plain": repr(self), "text/html": html_table.render(self.rows(), self.title)}
        board = self._board()
        bundled = board and board._repr_mimebundle_(include=include, exclude=exclude)
        if not bundled:
            return plain
        data, metadata = bundled
        return {**data, "text/html": plain["text/html"]}, metadata

    def __repr__(self) -> str:
        head = f"Comparison of {len(self._jobs)} clips" + (f": {self.title}" if self.title else "")
        lines = [
            text_line(row, row["path"] or row["error"] or "")
            for row in tables.records(self.jobs, self._skipped)
        ]
        notes = dict.fromkeys(note for job in self.jobs for note in job.notes)
        lines += [f"  note: {note}" for note in notes]
        return "\n".join(visible(line) for line in [head, *lines])
