"""Keeps `os.fork` out of the moments in which SQLite holds a lock.

SQLite notes in the process's memory which locks the process has. A child that is forked then
inherits the note without the lock: each connection that it makes waits for a holder that does not
exist.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from functools import cache

_PATIENCE = 5.0  # seconds a fork waits; a commit takes milliseconds unless the disk is stuck
_idle = threading.Condition()
_in_use = 0


@contextlib.contextmanager
def held_off() -> Iterator[None]:
    """No thread of this process forks in this block, unless it lasts over `_PATIENCE`."""
    global _in_use  # noqa: PLW0603 - one for the process, as its fork is
    _register()
    with _idle:
        _in_use += 1
    try:
        yield
    finally:
        with _idle:
            _in_use -= 1
            _idle.notify_all()


@cache
def _register() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child
        )


def _before() -> None:
    """The lock stays taken until the fork is over, so that nobody enters meanwhile."""
    _idle.acquire()
    _idle.wait_for(lambda: not _in_use, _PATIENCE)


def _after_in_parent() -> None:
    _idle.release()


def _after_in_child() -> None:
    """The threads that were in such a block are not in this process."""
    global _idle, _in_use
    _idle, _in_use = threading.Condition(), 0
