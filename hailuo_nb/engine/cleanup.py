"""Deletes the files of a clip, sees when they are gone, and drops the half ones of dead processes.

A clip's next download drops its own half file anyway; what stays is that of a clip which another
kernel fetched meanwhile.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from hailuo_nb.engine import download
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.media import files

_FOLDERS = ("videos", "posters", "frames")


def discard(home: Path, row: JobRow) -> None:
    """Delete the clip and the poster of a row. Raises OSError.

    A row may have been written by a stranger: only a regular file counts that lies in our folder
    under a name that we would have given it.
    """
    for room, relative in (("videos", row.path), ("posters", row.poster)):
        path = files.resolve_below(home, relative)
        named = path is not None and path.name.startswith((f"{row.id}-", f"{row.id}."))
        if path is None or not named or path.parent != home.absolute() / room:
            continue
        if files.is_real_folder(path.parent) and path.is_file() and not path.is_symlink():
            path.unlink()


def is_gone(home: Path, row: JobRow) -> bool:
    """Whether the clip of a row is no longer there, though its folder is: a drive that is not
    mounted comes back with both."""
    path = files.resolve_below(home, row.path, files.CLIP_SUFFIXES)
    return path is not None and not path.exists() and files.is_real_folder(path.parent)


def sweep(home: Path, now: float) -> None:
    """Delete every `.part` that nothing has written to for longer than a transfer may take. `now`
    in Unix seconds."""
    for folder in (home / name for name in _FOLDERS):
        if not files.is_real_folder(folder):  # behind a link lies somebody else's download
            continue
        for part in folder.glob("*.part"):
            with contextlib.suppress(OSError):  # gone already, or not ours to delete
                if now - part.lstat().st_mtime > download.MAX_SECONDS:
                    part.unlink()
