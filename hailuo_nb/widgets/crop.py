"""A picture whose ratio is refused, cut to the nearest ratio that is taken.

Pure but for reading the one file it is given. Must not know the page, providers or requests.
"""

from __future__ import annotations

from typing import Any

from hailuo_nb.media import images
from hailuo_nb.requests import frame_source
from hailuo_nb.requests.frame import Frame


def box(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) in pixels of the largest centred part whose ratio is 2:5 to
    5:2."""
    short = min(width, height)
    longest = short * 5 // 2
    cut_width, cut_height = min(width, longest), min(height, longest)
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return left, top, left + cut_width, top + cut_height


def cropped(source: Any, name: str = "") -> Frame:
    """The frame of that part of a picture (what `Frame.of` takes), as people see it. Raises
    FrameError."""
    found = frame_source.read_source(source)
    name = name or found.name
    if found.image is not None:
        image = images.normalize(found.image, name)
    else:
        image = images.decode(found.data, name)
    return Frame.of(image.crop(box(*image.size)), name)
