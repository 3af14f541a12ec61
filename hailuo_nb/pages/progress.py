"""What a terminal shows during a wait for clips: a tqdm bar, or a plain line. Nothing in a kernel.

Nothing is shown during the first second.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, TextIO

_FIRST_AFTER = 1.0  # seconds without output, and between two lines
_HEARTBEAT = 10.0  # seconds after which a line comes although nothing changed
_LINE = 78  # characters


@dataclass(frozen=True, slots=True)
class Progress:
    """done: clips of `total`, a half-made clip counts a half. text: the states in words."""

    done: float
    total: int
    text: str


def in_kernel() -> bool:
    """Whether this is a Jupyter kernel, where the board shows the progress. Imports nothing."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython else None
    return getattr(shell, "kernel", None) is not None


class Bar(Protocol):
    """As far as a bar of tqdm is used."""

    n: float
    total: float

    def set_postfix_str(self, text: str, /) -> None: ...

    def close(self) -> None: ...


@contextlib.contextmanager
def reporting(
    progress: Callable[[], Progress], *, shown: bool = True
) -> Iterator[Callable[[], None]]:
    """A function to call now and then during a wait; it shows what `progress` returns, unless
    `shown` is off. It does not raise."""
    if not shown or in_kernel() or sys.stderr is None:
        yield lambda: None
        return
    reporter = Reporter(progress, sys.stderr, _tqdm())
    try:
        yield reporter.tick
    finally:
        reporter.close()


def _tqdm() -> Callable[..., Bar] | None:
    try:
        found: Callable[..., Bar] = import_module("tqdm").tqdm
    except ImportError:
        return None
    return found


class Reporter:
    """Writes the progress to a stream.

    make_bar  makes a tqdm bar. None writes plain lines: over each other on a terminal, one below
              the other in a file
    """

    def __init__(
        self,
        progress: Callable[[], Progress],
        stream: TextIO,
        make_bar: Callable[..., Bar] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress = progress
        self._stream = stream
        self._make_bar = make_bar
        self._bar: Bar | None = None
        self._clock = clock
        self._start = clock()
        self._written = ""
        self._written_at = self._start

    def tick(self) -> None:
        # A stream that is closed or gone must not end the wait.
        with contextlib.suppress(OSError, ValueError):
            now = self._clock()
            if now - self._start < _FIRST_AFTER:
                return
            if self._make_bar is not None:
                self._move_bar(self._make_bar, self._progress())
            elif now - self._written_at >= _FIRST_AFTER:
                self._write_line(self._progress(), now)

    def _move_bar(self, make_bar: Callable[..., Bar], progress: Progress) -> None:
        if self._bar is None:
            self._bar = make_bar(
                total=progress.total,
                unit="clip",
                file=self._stream,
                leave=False,
                bar_format="{l_bar}{bar}| {n:.1f}/{total} clips [{elapsed}{postfix}]",
            )
        self._bar.n, self._bar.total = progress.done, progress.total
        self._bar.set_postfix_str(progress.text)

    def _write_line(self, progress: Progress, now: float) -> None:
        terminal = self._stream.isatty()
        same = progress.text == self._written and now - self._written_at < _HEARTBEAT
        if same and not terminal:
            return
        self._written, self._written_at = progress.text, now
        line = f"hailuo_nb: {progress.text} ({now - self._start:.0f} s)"
        self._stream.write(f"\r{line:<{_LINE}}" if terminal else f"{line}\n")
        self._stream.flush()

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._bar is not None:
                self._bar.close()
            elif self._written and self._stream.isatty():
                self._stream.write("\r" + " " * _LINE + "\r")
                self._stream.flush()
