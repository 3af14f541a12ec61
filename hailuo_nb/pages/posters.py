"""Posters and clips as data URLs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hailuo_nb.media import files
from hailuo_nb.requests.frame import data_url

MAX_POSTER = 256_000
"""Bytes of a poster that is shown: ours have 20,000 at most."""


@lru_cache(maxsize=512)
def poster_url(path: Path) -> str:
    """A poster as a data URL, "" where it cannot be read.

    Cached, because a board asks several times a second; the file never changes.
    """
    return file_url(path, "image/jpeg", MAX_POSTER)


def file_url(path: Path, media_type: str, limit: int) -> str:
    """A file of at most `limit` bytes as a data URL, "" where it cannot be read."""
    try:
        return data_url(media_type, files.read_bounded(path, limit, follow=True))
    except OSError:
        return ""
