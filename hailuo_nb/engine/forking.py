"""Keeps a fork from cutting through an import: the child has not the thread that imports, and
whoever needs that module there would wait for it for good."""

from __future__ import annotations

import sys
import threading
import time

_LONGEST = 5.0  # seconds that a fork is held up at most
_INTERVAL = 0.005  # seconds between two looks at the imports


def wait_for_imports() -> None:
    """Wait until no other thread imports a module. To be called before a fork."""
    end = time.monotonic() + _LONGEST
    while _is_importing_elsewhere() and time.monotonic() < end:
        time.sleep(_INTERVAL)


def _is_importing_elsewhere() -> bool:
    """By the locks of Python's import system, which no public name tells; False where they are not
    as they were in 3.11 to 3.14."""
    locks = getattr(sys.modules.get("_frozen_importlib"), "_module_locks", {})
    owners = {getattr(lock(), "owner", None) for lock in list(locks.values())}
    return bool(owners - {None, threading.get_ident()})
