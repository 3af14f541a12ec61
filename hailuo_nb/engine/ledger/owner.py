"""Who drives a job: a name for this process, and whether the process behind a name is surely gone.

Where nobody can say, a driver counts as alive and its lease has to run out.
"""

from __future__ import annotations

import os
import uuid
from functools import cache
from pathlib import Path


@cache
def _place() -> str:
    """This boot of this machine and this space of process numbers (containers have their own); ""
    if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return ""
    return f"{boot}/{space}"


def name() -> str:
    """A name that no other driver has: place, process, and something of its own."""
    return f"{_place()}|{os.getpid()}|{uuid.uuid4().hex[:8]}"


def is_gone(owner: str | None) -> bool:
    """Whether the process of that name ran here and runs no more. A number that was given again
    counts as alive."""
    place, _, rest = (owner or "").partition("|")
    process = rest.partition("|")[0]
    if not place or place != _place() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _is_zombie(int(process))


def _is_zombie(process: int) -> bool:
    """Dead, and only not yet collected by its parent."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
