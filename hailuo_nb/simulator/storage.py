"""The files of simulated clips and frames: folders with a size limit, and data URLs."""

from __future__ import annotations

import base64
import re
import threading
from pathlib import Path

FRAME_SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/webp": ".webp",
}
"""By media types of frames that the providers' pages name."""
# Names that the simulator gives; no other file is deleted.
_OWN_NAMES = re.compile(r"[0-9a-f]{32}\.(?:mp4|png|jpg|webp)")


class FileCache:
    """The files of a folder; the oldest are deleted beyond `max_bytes`. Thread-safe."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        entries = (
            (path, path.lstat()) for path in folder.iterdir() if _OWN_NAMES.fullmatch(path.name)
        )
        by_age = sorted((stat.st_mtime, path.name, stat.st_size) for path, stat in entries)
        self._sizes = {name: size for _, name, size in by_age}
        self._total = sum(self._sizes.values())

    def add(self, name: str) -> None:
        """Adds a file that was written under this name; deletes the oldest beyond the limit."""
        with self._lock:
            self._forget(name)
            try:
                size = (self.folder / name).stat().st_size
            except OSError:
                return
            self._sizes[name] = size
            self._total += size
            while self._total > self._max_bytes and len(self._sizes) > 1:
                self._delete(next(iter(self._sizes)))

    def delete(self, name: str) -> None:
        """Deletes a file if it exists."""
        with self._lock:
            self._delete(name)

    def _delete(self, name: str) -> None:
        self._forget(name)
        (self.folder / name).unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        self._total -= self._sizes.pop(name, 0)


def parse_data_url(url: str) -> tuple[bytes, str] | None:
    """Returns bytes and media type of a `data:image/...;base64,` URL; None if it is invalid."""
    head, comma, body = url.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64").lower()
    if not comma or not head.endswith(";base64") or media_type not in FRAME_SUFFIXES:
        return None
    try:
        return base64.b64decode(body, validate=True), media_type
    except ValueError:
        return None
