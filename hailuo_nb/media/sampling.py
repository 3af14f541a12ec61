"""Pictures of a clip at chosen times, small and upright, one decoded frame in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.errors import MediaError
from hailuo_nb.media.clips import USUAL_FPS, Clip, open_clip

if TYPE_CHECKING:
    import numpy as np
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_THREADS = 2

Size = tuple[int, int]
"""Width and height in pixels."""


def contained(size: Size, box: Size) -> Size:
    """The largest size of the same shape in a box, at least one pixel a side."""
    scale = min(box[0] / max(size[0], 1), box[1] / max(size[1], 1))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def frames_at(
    path: Path, count: int, box: Size, stop: Callable[[], bool] = lambda: False
) -> list[tuple[float, Pixels]]:
    """Returns `count` (2 or more) pictures (height, width, RGB) with their seconds, evenly from the
    first frame to the last, each as large as fits into `box`.

    A clip with fewer frames gives some of them twice. Gives up where `stop` is true. Raises
    MediaError, OSError.
    """
    with open_clip(path) as clip:
        end = max(clip.facts.duration - 1 / (clip.facts.fps or USUAL_FPS), 0)
        wanted = [end * place / (count - 1) for place in range(count)]
        found: list[tuple[float, Pixels]] = []
        pictures = _Pictures(clip, box)
        time, last = 0.0, None
        for _, time, frame in clip.timed_frames(_THREADS):
            if stop():
                break
            last = frame
            while len(found) < count - 1 and time >= wanted[len(found)] - 1e-3:
                found.append((time, pictures.of(frame)))
        if last is None:
            raise MediaError("no picture of the clip can be decoded")
        picture = time, pictures.of(last)
        return found + [picture] * (count - len(found))


def frames_every(
    path: Path, fps: float, box: Size, stop: Callable[[], bool] = lambda: False
) -> Iterator[Pixels]:
    """Yields the picture that the clip shows at 0, 1/fps, 2/fps ... seconds, up to its end, each as
    large as fits into `box`. Raises MediaError, OSError."""
    with open_clip(path) as clip:
        pictures = _Pictures(clip, box)
        shown: VideoFrame | None = None
        picture: Pixels | None = None
        given = 0
        for _, time, frame in clip.timed_frames(_THREADS):
            if stop():
                break
            # What is shown until this frame begins.
            while shown is not None and given / fps < time - 1e-3:
                picture = pictures.of(shown) if picture is None else picture
                yield picture
                given += 1
            shown, picture = frame, None
        if shown is None:
            raise MediaError("no picture of the clip can be decoded")
        picture = pictures.of(shown)
        for _ in range(given, max(1, round(clip.facts.duration * fps))):
            yield picture


class _Pictures:
    """Scales the frames of one clip into a box."""

    def __init__(self, clip: Clip, box: Size) -> None:
        from av.video.reformatter import VideoReformatter

        self._clip, self._box = clip, box
        self._scaler = VideoReformatter()  # made once: to make it costs more than to use it

    def of(self, frame: VideoFrame) -> Pixels:
        shape = self._clip.displayed_size(frame.width, frame.height)
        return self._clip.pixels(frame, contained(shape, self._box), self._scaler)
