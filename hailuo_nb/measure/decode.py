"""One pass through a clip: its frames small and grey, with their times.

Must not know what is measured on them. Files are opened as `media` opens them: within bounds, and
never by FFmpeg.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.errors import MeasureError, MediaError
from hailuo_nb.media.clips import Clip, ClipFacts, open_clip

WIDTH = 480
"""Pixels of the longer side at which everything is measured."""
MAX_SECONDS = 120.0

Grey = NDArray[np.uint8]


@dataclass(slots=True)
class Reel:
    """What the container says, and what came out of it. `broken` is why the pictures ended early,
    else empty."""

    width: int = 0
    height: int = 0
    fps: float = 0.0
    declared: int = 0
    codec: str = ""
    audio: bool = False
    seconds: float = 0.0
    frames: int = 0
    broken: str = ""
    times: list[float] = field(default_factory=list)


def opencv() -> Any:
    """The cv2 module. Raises MeasureError where the extra is missing."""
    try:
        import cv2
    except ImportError:
        raise MeasureError(
            "measuring a clip needs OpenCV, which is not installed: pip install 'hailuo-nb[video]'"
        ) from None
    return cv2


def frames(path: str | Path, reel: Reel) -> Iterator[tuple[float, Grey]]:
    """(seconds from the first picture, grey picture) one by one; fills `reel` meanwhile. Raises
    MeasureError.

    A file that breaks off gives the pictures that are there and says so in `reel.broken`.
    """
    try:
        with open_clip(Path(path)) as clip:
            _declare(reel, clip.facts)
            yield from _decoded(clip, reel)
    except MediaError as error:
        if not reel.frames:
            raise MeasureError(f"{Path(path).name} cannot be measured: {error}") from None
        reel.broken = str(error)
    except OSError as error:
        if not reel.frames:
            raise MeasureError(
                f"{Path(path).name} cannot be read: {error.strerror or error}"
            ) from None
        reel.broken = str(error)
    if not reel.frames:
        raise MeasureError(f"{Path(path).name} cannot be measured: no picture in it can be decoded")
    if not reel.broken and reel.frames < reel.declared and reel.seconds < MAX_SECONDS:
        reel.broken = f"{reel.frames} of {reel.declared} declared frames are there"


def _declare(reel: Reel, facts: ClipFacts) -> None:
    reel.width, reel.height, reel.codec = facts.width, facts.height, facts.codec
    reel.fps, reel.declared, reel.audio = facts.fps, facts.frames, facts.audio


def _decoded(clip: Clip, reel: Reel) -> Iterator[tuple[float, Grey]]:
    from av.video.reformatter import VideoReformatter

    # One for all pictures: making it costs more than using it.
    scaler = VideoReformatter()
    start, last = None, -1.0
    for frame in clip.frames(threads=2):
        t = frame.time if frame.time is not None else reel.frames / (reel.fps or 24)
        start = t if start is None else start
        t -= start
        if t <= last and reel.frames:
            continue  # a stamp that does not go on says nothing of motion
        if t > MAX_SECONDS:
            return
        if reel.frames:
            reel.seconds = t + (t - last)
        reel.frames += 1
        last = t
        reel.times.append(t)
        yield t, np.ascontiguousarray(clip.upright(small(frame, scaler)))


def small(frame: Any, scaler: Any) -> Grey:
    """The picture in grey, its longer side `WIDTH` pixels at most, sides even."""
    from av.video.reformatter import Interpolation

    scale = min(1.0, WIDTH / max(frame.width, frame.height))
    width, height = (max(16, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    grey = scaler.reformat(frame, width, height, "gray", interpolation=Interpolation.AREA)
    plane = grey.planes[0]
    data = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: grey.height, : grey.width]
    return np.array(data)
