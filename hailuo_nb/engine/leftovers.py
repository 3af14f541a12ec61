"""Sweeps away the half files of processes that died, when a new session begins.

Knows the folders of a home and how long a transfer may take; must not know jobs. A clip's next download drops its own
half file anyway; what stays is that of a clip which another kernel brought home meanwhile.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from hailuo_nb import files
from hailuo_nb.engine import download

_FOLDERS = ("videos", "posters", "frames")


def sweep(home: Path, now: float) -> None:
    """Delete every `.part` that nothing has written to for longer than a transfer may take. `now` in Unix seconds."""
    for folder in (home / name for name in _FOLDERS):
        if not files.is_plain_folder(folder):  # behind a link lies somebody else's download
            continue
        for part in folder.glob("*.part"):
            with contextlib.suppress(OSError):  # gone already, or not ours to delete
                if now - part.lstat().st_mtime > download.LONGEST:
                    part.unlink()
