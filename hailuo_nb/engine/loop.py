"""One daemon thread that owns one asyncio loop: everything that waits for a network happens there.

A task on the kernel's loop would stall while a cell runs, and ipykernel may deliver widget
callbacks on any thread (shared reference on JupyterLab, section 4).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import os
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_LAST = 2.0  # seconds that the end of the process waits for the loop's last turn
# Seconds between looks at a future while waiting in a cell, so that Interrupt is noticed.
_SLICE = 0.25


def _nothing() -> None:
    pass


class LoopThread:
    """A loop that starts when it is first needed, and again in a forked child."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._stopped = False

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._stopped:
                raise RuntimeError("the process is ending, and its background loop has stopped")
            if self._loop is None or self._pid != os.getpid():
                self._start()
            assert self._loop is not None
            return self._loop

    def _start(self) -> None:
        started: concurrent.futures.Future[asyncio.AbstractEventLoop] = concurrent.futures.Future()

        def main() -> None:
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            loop.call_soon(started.set_result, loop)
            while not self._stopped:
                # asyncio lets these two out; the future of what raised them has them all the same.
                with contextlib.suppress(SystemExit, KeyboardInterrupt):
                    loop.run_forever()

        # ipykernel 7.0 refuses trait updates from a thread without the cell's context (ipykernel
        # #1450).
        context = contextvars.copy_context()
        self._thread = threading.Thread(
            target=context.run, args=(main,), name="hailuo_nb-loop", daemon=True
        )
        self._thread.start()
        self._loop = started.result()
        self._pid = os.getpid()

    def forked(self) -> None:
        """In a forked child the thread is not there, and the lock may be held by nobody."""
        self._lock = threading.Lock()
        self._loop = self._thread = None

    def stop(self) -> None:
        """End the thread, for good: the interpreter is about to go. What is under way stays as it
        is."""
        with self._lock:
            self._stopped = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and self._pid == os.getpid():
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_LAST)

    def start(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Hand a coroutine over and return at once. Works from every thread, a callback or a
        cell."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Hand a coroutine over and wait for it (see `wait`). Refused on the loop itself: it would
        never end."""
        try:
            self.check_elsewhere()
        except RuntimeError:
            coroutine.close()
            raise
        return wait(self.start(coroutine), timeout)

    def check_elsewhere(self) -> None:
        """Raises RuntimeError on the loop's own thread, where to wait for its work is to wait for
        ever."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("this is the background loop; use await")


def wait(
    future: concurrent.futures.Future[T],
    timeout: float | None = None,
    tick: Callable[[], None] = _nothing,
) -> T:
    """The future's result, looked at every quarter second so that the notebook's Interrupt works.

    `tick` is called after each look. Interrupting or running out of time leaves the work going on.
    Raises TimeoutError.
    """
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        left = _SLICE if end is None else min(_SLICE, end - time.monotonic())
        try:
            return future.result(max(left, 0))
        except concurrent.futures.TimeoutError:
            if future.done():  # the work itself raised a TimeoutError
                raise
            if end is not None and time.monotonic() >= end:
                raise TimeoutError from None
            tick()


async def wait_async(
    future: concurrent.futures.Future[T], tick: Callable[[], None] = _nothing
) -> T:
    """The same for `await`. `asyncio.wait` leaves the future alone when the waiting cell is
    cancelled, whereas a plain `await wrap_future(...)` would cancel the work; the slices let
    Interrupt through while nothing happens.
    """
    wrapped = asyncio.wrap_future(future)
    while not wrapped.done():
        await asyncio.wait({wrapped}, timeout=_SLICE)
        tick()
    return wrapped.result()


def nesting_patch() -> str:
    """The package that has patched asyncio so that loops nest: "nest_asyncio2", "nest_asyncio" (the
    old one), or "" for none."""
    if hasattr(asyncio, "_nest_asyncio2"):
        return "nest_asyncio2"
    return "nest_asyncio" if hasattr(asyncio, "_nest_patched") else ""


def allow_nested() -> None:
    """Let a user's own `asyncio.run(...)` run unchanged inside a cell (nest-asyncio2). Nothing of
    ours needs it.

    Patches the whole process, so it is called by a person and never on import.
    """
    import nest_asyncio2

    nest_asyncio2.apply()


LOOP = LoopThread()
"""The one loop of the process. Importing it starts nothing."""
