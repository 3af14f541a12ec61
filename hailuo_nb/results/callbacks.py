"""Callbacks of the user: called one after another in a thread of their own; a fault is shown."""

from __future__ import annotations

import contextvars
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from hailuo_nb.errors import ArgumentError
from hailuo_nb.requests import arguments

Callback = Callable[..., object]


class Callbacks:
    """The callbacks of one event. Any thread may call it.

    They never run on the background loop, and an exception in one stops nothing: its traceback goes
    to stderr, which a notebook shows below the cell that registered the callback.

    name    of the event, for the message
    failed  called with that message in the thread of the callbacks
    """

    def __init__(self, name: str, failed: Callable[[str], object] | None = None) -> None:
        self._name, self._failed = name, failed
        self._registered: dict[Callback, contextvars.Context] = {}

    def __bool__(self) -> bool:
        return bool(self._registered)

    def register(self, callback: Callback, *, remove: bool = False) -> None:
        """Call it from now on, or no longer. Raises ArgumentError for what cannot be called."""
        if not callable(callback):
            raise ArgumentError(
                f"{self._name} takes a function, not {arguments.describe(callback)}"
            )
        if arguments.as_bool("remove", remove):
            self._registered.pop(callback, None)
        else:
            # In the cell's context a thread can print, and its output finds the cell.
            self._registered[callback] = contextvars.copy_context()

    def call(self, *values: Any) -> None:
        """Have them called with these values, soon. Returns at once."""
        for callback, context in list(self._registered.items()):
            _THREAD.post(partial(self._run, callback, context, values))

    def _run(
        self, callback: Callback, context: contextvars.Context, values: tuple[Any, ...]
    ) -> None:
        try:
            context.copy().run(callback, *values)
        except BaseException as error:  # SystemExit would end the thread of all
            words = f"A callback of {self._name} failed: {type(error).__name__}: {error}"
            context.copy().run(_print, words)
            if self._failed is not None:
                self._failed(words)


def _print(words: str) -> None:
    sys.stderr.write(f"{words}\n{traceback.format_exc()}")


class _Thread:
    """One thread for all callbacks, started with the first. It never keeps the process alive."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="hailuo_nb-callbacks", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._calls.get()()


_THREAD = _Thread()
