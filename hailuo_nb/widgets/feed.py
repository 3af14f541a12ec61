"""Keeps a CompareBoard in step with a Comparison: at most four writes a second, from the background loop.

Knows comparison, loop and board; must not know providers or how a job came about.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailuo_nb.comparison import Comparison
from hailuo_nb.engine.loop import LOOP

if TYPE_CHECKING:
    from hailuo_nb.widgets.compare_board import CompareBoard

_PAUSE = 0.25  # seconds between two writes of rows


class Feed:
    """One board and the comparison that it shows. Make it in a cell: ipykernel 7.0 needs the cell's context."""

    def __init__(self, comparison: Comparison, board: CompareBoard, folder: Path) -> None:
        self._comparison = comparison
        self._board = board
        self._folder = folder
        self._heard: set[str] = set()
        self._changed = asyncio.Event()
        self._running = False
        self.follow()

    def follow(self) -> None:
        """Listen to the jobs that are new in the comparison, and show them at once."""
        for job in self._comparison.jobs:
            if job.id not in self._heard:
                self._heard.add(job.id)
                job.listen(lambda _: self._changed.set())
        self._board.set_rows(self._comparison.rows(folder=self._folder))
        LOOP.start(self._run())

    async def _run(self) -> None:
        self._changed.set()
        if self._running:
            return
        self._running = True
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                over = all(job.done for job in self._comparison.jobs)
                self._board.set_rows(self._comparison.rows(folder=self._folder))
                if over:
                    return
                await asyncio.sleep(_PAUSE)
        finally:
            self._running = False


def has_front_end() -> bool:
    """Whether this process is a kernel, which has comms; a plain terminal has none."""
    from IPython.core.getipython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def board_for(comparison: Comparison) -> Any:
    """The widget of a comparison, kept with it so that showing it twice makes one; None outside a kernel."""
    if not has_front_end():
        return None
    shown = getattr(comparison, "_shown", None)
    if shown is None:
        shown = new_board(comparison, Path.cwd())
        comparison._shown = shown  # type: ignore[attr-defined]
    return shown[0]


def new_board(comparison: Comparison, folder: Path) -> tuple[CompareBoard, Feed]:
    from hailuo_nb.widgets.compare_board import CompareBoard

    def read_clip(job_id: str) -> Path | None:
        return next((job.path for job in comparison.jobs if job.id == job_id), None)

    board = CompareBoard(
        rows=comparison.rows(folder=folder), title=comparison.title, read_clip=read_clip,
        fallback=lambda: repr(comparison),
    )  # fmt: skip
    return board, Feed(comparison, board, folder)
