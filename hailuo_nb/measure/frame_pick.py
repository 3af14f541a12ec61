"""One picture of an open clip, by its index or by the time at which it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hailuo_nb.errors import MediaError
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    from av import VideoFrame

    from hailuo_nb.media.clips import Clip

_SLACK = 1e-6  # seconds by which 1/24 and the like are rounded


def pick(clip: Clip, at: int | float) -> tuple[int, VideoFrame]:
    """Index and picture, by index (int, negative from the end) or time shown (float, seconds).

    Raises ArgumentError for a place outside of the clip, MediaError.
    """
    facts = clip.facts
    if isinstance(at, int):
        index = arguments.as_int("at", at, -facts.frames, facts.frames - 1) % facts.frames
        return _numbered(clip.frames(), index)
    return _shown_at(clip, arguments.as_float("at", at, 0, facts.duration))


def _numbered(frames: Iterator[VideoFrame], index: int) -> tuple[int, VideoFrame]:
    for number, frame in enumerate(frames):
        if number == index:
            return index, frame
    raise MediaError(f"it has no frame {index}")


def _shown_at(clip: Clip, seconds: float) -> tuple[int, VideoFrame]:
    """A frame is shown until the next begins."""
    shown: tuple[int, VideoFrame] | None = None
    for number, began, frame in clip.timed_frames():
        if shown is not None and began > seconds + _SLACK:
            break
        shown = (number, frame)
    if shown is None:
        raise MediaError("it has no frame")
    return shown
