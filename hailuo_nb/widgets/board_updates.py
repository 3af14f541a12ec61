"""Writes what changes in a Comparison to its CompareBoard: at most four times a second, from the
background loop.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.engine.loop import LOOP
from hailuo_nb.errors import LedgerError
from hailuo_nb.measure import score_store
from hailuo_nb.pages.rows import BoardRow
from hailuo_nb.pages.summary_rows import plain
from hailuo_nb.providers.account import Account
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job

if TYPE_CHECKING:
    from hailuo_nb.widgets.allowance import Allowance
    from hailuo_nb.widgets.compare_board import CompareBoard
    from hailuo_nb.widgets.draft import Settings

_MIN_INTERVAL = 0.25  # seconds between two writes of rows
_IDLE_FACTOR = 9.0  # a write is followed by so many times its own length of rest
_SUMMARY_FACTOR = 50.0  # a summary is followed by so many times its own length without one
_FULL_INTERVAL = 60.0  # seconds between two writes of all rows, which the page keeps in its file


class BoardUpdater:
    """One board and the comparison that it shows. Make it in a cell: ipykernel 7.0 needs the cell's
    context."""

    def __init__(
        self,
        comparison: Comparison,
        board: CompareBoard,
        folder: Path,
        *,
        newest_first: bool = False,
    ) -> None:
        self._comparison = comparison
        self._board = board
        self._folder = folder
        self._newest_first = newest_first
        self._batches: dict[str, int] = {}  # of each row: which it came with, from 1
        self._jobs: dict[str, Job] = {}
        self._changed: set[str] = set()
        self._counted: object = None
        self._summary_due = 0.0
        self._wake = asyncio.Event()
        self._running = False
        self._context = contextvars.copy_context()
        score_store.STORE.listen(self._on_score)
        comparison.listen(self.follow)
        self.follow()

    def follow(self) -> None:
        """Listen to the jobs that are new in the comparison, and show them at once."""
        for job in self._comparison.jobs:
            if job.id not in self._jobs:
                self._jobs[job.id] = job
                job.listen(lambda job: self._on_change(job.id))
        self._show_all()
        LOOP.start(self._run())

    def _on_change(self, job_id: str) -> None:
        """A job changed, or a note or a score of one that is over. Runs on the loop."""
        self._changed.add(job_id)
        self._wake.set()
        if not self._running:
            # In the cell's context: whoever made the change may have none.
            self._context.copy().run(LOOP.start, self._run())

    def _on_score(self, job_id: str) -> None:
        if job_id in self._jobs:
            LOOP.loop.call_soon_threadsafe(self._on_change, job_id)

    def _show_all(self) -> None:
        score_store.STORE.load(self._comparison.jobs)
        self._board.set_rows(self._ordered(board_rows(self._comparison, self._folder)))
        self._show_summary()

    def _ordered(self, rows: list[BoardRow]) -> list[BoardRow]:
        """In their order, or what came last first: clips that came together stay together."""
        if not self._newest_first:
            return rows
        batch = max(self._batches.values(), default=0) + 1
        for row in rows:
            self._batches.setdefault(row["id"], batch)
        return sorted(rows, key=lambda row: -self._batches[row["id"]])

    def _show_summary(self) -> None:
        """The summaries anew, where anything that they count has changed; of many clips that still
        come less often than the rows."""
        if time.monotonic() < self._summary_due and not _all_over(self._comparison):
            return
        with suppress(LedgerError):  # of a closed ledger: the board shows what it has
            took = _timed(self._count)
            self._summary_due = time.monotonic() + _SUMMARY_FACTOR * took

    def _count(self) -> None:
        counted = self._comparison.counted()
        if counted != self._counted:
            self._counted = counted
            self._board.set_summary(plain(self._comparison.summaries()))

    def _show(self, job_ids: set[str]) -> None:
        score_store.STORE.load(self._jobs[job_id] for job_id in job_ids)
        rows = board_rows(self._comparison, self._folder, job_ids)
        shown = {row["id"] for row in rows}
        if shown == job_ids and shown <= {row["id"] for row in self._board.rows}:
            self._board.update_rows(rows)
            self._show_summary()
        else:  # a row was added or hidden
            self._show_all()

    async def _run(self) -> None:
        self._wake.set()
        if self._running:
            return
        self._running = True
        written, last_full = False, time.monotonic()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                changed, self._changed = self._changed, set()
                over = _all_over(self._comparison)
                # In a worker, as thousands of rows take a while; it has the cell's context.
                took = await asyncio.to_thread(_timed, partial(self._show, changed))
                if (over and written) or time.monotonic() > last_full + _FULL_INTERVAL:
                    took += await asyncio.to_thread(_timed, self._board.send_rows)
                    last_full = time.monotonic()
                if over:
                    await asyncio.to_thread(self._comparison.saved_copy.update)
                    if not self._changed:
                        return
                written = True
                await asyncio.sleep(max(_MIN_INTERVAL, _IDLE_FACTOR * took))
        finally:
            self._running = False


def _all_over(comparison: Comparison) -> bool:
    return all(job.done for job in comparison.jobs)


def _timed(call: Callable[[], object]) -> float:
    """Call it. Returns the seconds of CPU that it took."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


def has_front_end() -> bool:
    """Whether this process is a kernel, which has comms; a plain terminal has none."""
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def new_board(
    comparison: Comparison,
    folder: Path,
    *,
    copy_to: Callable[[Settings], None] | None = None,
    accounts: Mapping[str, Account] | None = None,
    allowance: Allowance | None = None,
    newest_first: bool = False,
) -> tuple[CompareBoard, BoardUpdater]:
    """A board of this comparison, and what keeps it in step. See `BoardActions` for copy_to,
    accounts and allowance, `CompareBoard` for newest_first."""
    from hailuo_nb.widgets.board_actions import COSTLY, SLOW, BoardActions
    from hailuo_nb.widgets.compare_board import CompareBoard
    from hailuo_nb.widgets.exports import Exports

    def job(job_id: str) -> Job | None:
        return next((job for job in comparison.jobs if job.id == job_id), None)

    def read_clip(job_id: str) -> Path | None:
        found = job(job_id)
        return None if found is None else found.path

    def read_poster(job_id: str) -> Path | None:
        found = job(job_id)
        return None if found is None else found.poster

    def plot(job_id: str, words: Mapping[str, str]) -> str:
        found = job(job_id)
        return "" if found is None else score_store.plot(found, words)

    def changed() -> None:
        updater.follow()

    actions = BoardActions(
        comparison, changed, copy_to=copy_to, accounts=accounts, allowance=allowance
    )
    board = CompareBoard(
        rows=board_rows(comparison, folder),
        title=comparison.title,
        read_clip=read_clip,
        read_poster=read_poster,
        run_action=actions.run,
        actions=actions.names,
        costly=COSTLY,
        slow=SLOW,
        export=Exports(comparison).answer,
        fallback=lambda: repr(comparison),
        plot=plot,
        comparison=comparison,
        newest_first=newest_first,
    )
    updater = BoardUpdater(comparison, board, folder, newest_first=newest_first)
    return board, updater


def board_rows(
    comparison: Comparison, folder: Path, only: Collection[str] | None = None
) -> list[BoardRow]:
    """The rows of a comparison with what only a board needs: a light link to the poster, or none,
    as it asks for it."""
    from hailuo_nb.widgets.wire import HELD

    def link(poster: Path) -> str:
        where = folder.absolute()
        return poster.relative_to(where).as_posix() if poster.is_relative_to(where) else HELD

    return comparison.rows(folder=folder, poster=link, only=only)
