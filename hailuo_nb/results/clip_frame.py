"""A picture of a saved clip as a Frame: for the next clip, which starts where this one ended."""

from __future__ import annotations

from pathlib import Path

from hailuo_nb.errors import FrameError, MediaError
from hailuo_nb.measure.frame_pick import pick
from hailuo_nb.measure.task import FileChangedError, check_file
from hailuo_nb.media import clips, images
from hailuo_nb.requests.frame import Frame, from_image, picture_of


def frame_at(path: Path, sha256: str, at: int | float, name: str) -> Frame:
    """The picture at an index (int, negative from the end) or at a time (float, seconds).

    sha256  of the clip's file: with the index it names the picture for good, so that a chain that
            is asked for again finds its clips, whatever encodes the picture then
    name    for display

    A file that was changed since has other pictures, which would be sent and paid under the name of
    those: it is refused.

    Raises ArgumentError for a place outside of the clip, FrameError where the clip cannot be read.
    """
    try:
        check_file(path, sha256)
        with clips.open_clip(path) as clip:
            index, found = pick(clip, at)
            size = clip.displayed_size(found.width, found.height)
            pixels = clip.pixels(found, size)
    except (FileChangedError, MediaError, OSError) as error:
        hint = (
            "" if path.exists() else "; job.look_again() asks its provider for the clip once more"
        )
        raise FrameError(f"no picture of {name}: {error}{hint}", "unreadable") from error
    from PIL import Image

    image = images.encode(Image.fromarray(pixels), name)
    return from_image(image, name, picture_of(sha256, index))
