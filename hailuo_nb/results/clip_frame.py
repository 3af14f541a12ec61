"""A picture of a saved clip as a Frame: for the next clip, which starts where this one ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.errors import FrameError, MediaError
from hailuo_nb.media import clips, images
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame, from_image, picture_of

if TYPE_CHECKING:
    from av import VideoFrame

    from hailuo_nb.media.clips import ClipFacts

_SLACK = 1e-6  # seconds by which 1/24 and the like are rounded


def frame_at(path: Path, sha256: str, at: int | float, name: str) -> Frame:
    """The picture at an index (int, negative from the end) or at a time (float, seconds).

    sha256  of the clip's file: with the index it names the picture for good, so that a chain that
            is asked for again finds its clips, whatever encodes the picture then
    name    for display

    Raises ArgumentError for a place outside of the clip, FrameError where the clip cannot be read.
    """
    try:
        with clips.open_clip(path) as clip:
            facts = clip.facts
            index, found = _pick(clip.frames(), facts, at)
            size = clip.displayed_size(found.width, found.height)
            pixels = clip.pixels(found, size)
    except (MediaError, OSError) as error:
        raise FrameError(f"no picture of {name}: {error}", "unreadable") from error
    from PIL import Image

    image = images.encode(Image.fromarray(pixels), name)
    return from_image(image, name, picture_of(sha256, index))


def _pick(frames: Iterator[VideoFrame], facts: ClipFacts, at: float) -> tuple[int, VideoFrame]:
    if isinstance(at, int):
        index = arguments.as_int("at", at, -facts.frames, facts.frames - 1) % facts.frames
        return _numbered(frames, index)
    return _shown_at(frames, arguments.as_float("at", at, 0, facts.duration))


def _numbered(frames: Iterator[VideoFrame], index: int) -> tuple[int, VideoFrame]:
    for number, frame in enumerate(frames):
        if number == index:
            return index, frame
    raise MediaError(f"it has no frame {index}")


def _shown_at(frames: Iterator[VideoFrame], seconds: float) -> tuple[int, VideoFrame]:
    """A frame is shown until the next begins."""
    shown: tuple[int, VideoFrame] | None = None
    began = 0.0
    for number, frame in enumerate(frames):
        time = frame.time or 0.0
        began = time if shown is None else began
        if shown is not None and time - began > seconds + _SLACK:
            break
        shown = (number, frame)
    if shown is None:
        raise MediaError("it has no frame")
    return shown
