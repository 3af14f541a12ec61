"""What a terminal shows while somebody waits for clips: a tqdm bar, or a plain line. In a kernel
nothing.

Knows streams and clocks; must not know jobs: how things stand is handed in. Nothing shows during
the first second.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TextIO

_PATIENCE = 1.0  # seconds without a word, and between two lines
_HEARTBEAT = 10.0  # seconds after which a line comes although nothing changed


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it is: `done` clips of `total` (a half-made clip counts a half), and the states in
    words."""

    done: float
    total: int
    words: str


def in_kernel() -> bool:
    """Whether this is a Jupyter kernel: there the board shows how things stand. Imports nothing."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython else None
    return getattr(shell, "kernel", None) is not None


@contextlib.contextmanager
def shown(look: Callable[[], Standing]) -> Iterator[Callable[[], None]]:
    """A function to call now and then during a wait; it shows what `look` says. It never raises for
    its own sake."""
    if in_kernel() or sys.stderr is None:
        yield lambda: None
        return
    teller = Teller(look, sys.stderr, _tqdm())
    try:
        yield teller.tick
    finally:
        teller.close()


def _tqdm() -> Callable[..., Any] | None:
    try:
        found: Callable[..., Any] = import_module("tqdm").tqdm
    except ImportError:
        return None
    return found


class Teller:
    """Tells a stream how things stand.

    bar  makes a tqdm bar, None writes plain lines: over each other on a terminal, one below the
         other in a file
    """

    def __init__(
        self,
        look: Callable[[], Standing],
        stream: TextIO,
        bar: Callable[..., Any] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._stream = stream
        self._make_bar = bar
        self._bar: Any = None
        self._clock = clock
        self._start = clock()
        self._told_at = self._start
        self._told = ""

    def tick(self) -> None:
        with contextlib.suppress(
            OSError, ValueError
        ):  # a stream that is closed or gone must not end the wait
            now = self._clock()
            if now - self._start < _PATIENCE:
                return
            if self._make_bar is not None:
                self._move_bar(self._look())
            elif now - self._told_at >= _PATIENCE:
                self._write_line(self._look(), now)

    def _move_bar(self, standing: Standing) -> None:
        if self._bar is None:
            assert self._make_bar is not None
            self._bar = self._make_bar(
                total=standing.total,
                unit="clip",
                file=self._stream,
                leave=False,
                bar_format="{l_bar}{bar}| {n:.1f}/{total} clips [{elapsed}{postfix}]",
            )
        self._bar.n = standing.done
        self._bar.set_postfix_str(standing.words)

    def _write_line(self, standing: Standing, now: float) -> None:
        if (
            standing.words == self._told
            and now - self._told_at < _HEARTBEAT
            and not self._stream.isatty()
        ):
            return
        self._told, self._told_at = standing.words, now
        line = f"hailuo_nb: {standing.words} ({now - self._start:.0f} s)"
        self._stream.write(f"\r{line:<78}" if self._stream.isatty() else f"{line}\n")
        self._stream.flush()

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._bar is not None:
                self._bar.close()
            elif self._told and self._stream.isatty():
                self._stream.write("\r" + " " * 78 + "\r")
                self._stream.flush()
