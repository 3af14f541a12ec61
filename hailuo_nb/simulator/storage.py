"""A folder of files with an end: when it holds too much, the oldest files go. Must not know
tasks."""

from __future__ import annotations

import re
import threading
from pathlib import Path

_OURS = re.compile(
    r"[0-9a-f]{32}\.(?:mp4|png|jpg|webp)"
)  # names that the simulator gives; nothing else is deleted


class FileCache:
    """The files of one folder, at most `most` bytes together. Threads may use it at once."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self._most = most
        self._lock = threading.Lock()
        there = ((path, path.lstat()) for path in folder.iterdir() if _OURS.fullmatch(path.name))
        found = sorted((stat.st_mtime, path.name, stat.st_size) for path, stat in there)
        self._sizes = {name: size for _, name, size in found}
        self._total = sum(self._sizes.values())

    def put(self, name: str) -> None:
        """Note a file that was written under this name, and let the oldest go where there are too
        many bytes."""
        with self._lock:
            self._forget(name)
            try:
                size = (self.folder / name).stat().st_size
            except OSError:
                return
            self._sizes[name] = size
            self._total += size
            while self._total > self._most and len(self._sizes) > 1:
                self._drop(next(iter(self._sizes)))

    def drop(self, name: str) -> None:
        """Delete a file, if it is there."""
        with self._lock:
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._forget(name)
        (self.folder / name).unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        self._total -= self._sizes.pop(name, 0)
