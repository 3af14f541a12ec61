"""Keeps the frames of asked-for clips beside the ledger, so that a job can be sent after a restart.

Knows files and frames; must not know jobs. A file's name is the hash of what is in it.
"""

from __future__ import annotations

import os
from pathlib import Path

from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.request import VideoRequest

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


def save(home: Path, request: VideoRequest) -> None:
    """Write the frames of a request that are bytes; what is there already stays. Raises OSError."""
    for frame in (request.first_frame, request.last_frame):
        if frame is None or frame.data is None:
            continue
        target = _path(home, frame.identity, _ENDINGS[frame.media_type])
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            file.write(frame.data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)


def load(home: Path, identity: str | None) -> Frame | None:
    """The frame of an identity (a link, or "sha256:<hex>"). Raises FrameError where its file is gone or changed."""
    if identity is None:
        return None
    if not identity.startswith("sha256:"):
        return Frame.of(identity)
    for ending in _ENDINGS.values():
        path = _path(home, identity, ending)
        if path.exists():
            frame = Frame.of(path)
            if frame.identity == identity:
                return frame
    raise FrameError(
        f"the frame of this clip is no longer in {home / 'frames'}: ask for the clip with its frame again"
    )


def _path(home: Path, identity: str, ending: str) -> Path:
    return home / "frames" / (identity.removeprefix("sha256:") + ending)
