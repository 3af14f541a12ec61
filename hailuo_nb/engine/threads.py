"""Threads that act for a cell: what they show finds its output."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable


def start_thread(work: Callable[[], object], name: str, *, daemon: bool = True) -> threading.Thread:
    """Run `work` in a thread of its own, in the context of who calls: ipykernel 7.0 shows nothing
    from another one, and refuses to change a widget."""
    run = contextvars.copy_context().run
    thread = threading.Thread(target=run, args=(work,), name=name, daemon=daemon)
    thread.start()
    return thread
