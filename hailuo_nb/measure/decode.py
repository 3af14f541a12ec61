"""Decodes a clip in one pass to small grey frames with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.errors import MeasureError, MediaError
from hailuo_nb.media.clips import Clip, ClipFacts, open_clip

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

WIDTH = 480
"""Pixels of the longer side of the frames that are measured."""
MAX_SECONDS = 120.0

Grey = NDArray[np.uint8]


@dataclass(slots=True)
class StreamInfo:
    """What the container declares and what was decoded.

    error  why decoding ended early, "" if it did not
    """

    width: int = 0
    height: int = 0
    fps: float = 0.0
    declared_frames: int = 0
    codec: str = ""
    audio: bool = False
    seconds: float = 0.0
    frames: int = 0
    error: str = ""
    times: list[float] = field(default_factory=list)


def require_opencv() -> ModuleType:
    """Returns the cv2 module. Raises MeasureError if it is not installed."""
    try:
        import cv2
    except ImportError:
        raise MeasureError(
            "measuring a clip needs OpenCV, which is not installed: pip install 'hailuo-nb[video]'"
        ) from None
    return cv2


def read_frames(path: str | Path, stream: StreamInfo) -> Iterator[tuple[float, Grey]]:
    """Yields (seconds from the first frame, grey frame) and fills in `stream`. Raises MeasureError.

    Of a truncated file the frames that are there are yielded; `stream.error` says why they end.
    """
    try:
        with open_clip(Path(path)) as clip:
            _set_declared(stream, clip.facts)
            yield from _decode(clip, stream)
    except MediaError as error:
        if not stream.frames:
            raise MeasureError(f"{Path(path).name} cannot be measured: {error}") from None
        stream.error = str(error)
    except OSError as error:
        if not stream.frames:
            raise MeasureError(
                f"{Path(path).name} cannot be read: {error.strerror or error}"
            ) from None
        stream.error = str(error)
    if not stream.frames:
        raise MeasureError(f"{Path(path).name} cannot be measured: no picture in it can be decoded")
    if not stream.error and stream.frames < stream.declared_frames and stream.seconds < MAX_SECONDS:
        stream.error = f"{stream.frames} of {stream.declared_frames} declared frames are there"


def _set_declared(stream: StreamInfo, facts: ClipFacts) -> None:
    stream.width, stream.height, stream.codec = facts.width, facts.height, facts.codec
    stream.fps, stream.declared_frames, stream.audio = facts.fps, facts.frames, facts.audio


def _decode(clip: Clip, stream: StreamInfo) -> Iterator[tuple[float, Grey]]:
    from av.video.reformatter import VideoReformatter

    # Created once: creating it costs more than using it.
    scaler = VideoReformatter()
    last = 0.0
    for _, t, frame in clip.timed_frames(threads=2):
        if t > MAX_SECONDS:
            return
        if stream.frames:
            stream.seconds = t + (t - last)
        stream.frames += 1
        last = t
        stream.times.append(t)
        yield t, np.ascontiguousarray(clip.upright(downscale(frame, scaler)))


def downscale(frame: VideoFrame, scaler: VideoReformatter) -> Grey:
    """Returns the frame in grey with even sides of at most `WIDTH` pixels."""
    from av.video.reformatter import Interpolation

    scale = min(1.0, WIDTH / max(frame.width, frame.height))
    width, height = (max(16, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    grey = scaler.reformat(frame, width, height, "gray", interpolation=Interpolation.AREA)
    plane = grey.planes[0]
    data = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
        : grey.height, : grey.width
    ]
    return np.array(data)
