"""A picture whose ratio is refused, cut to the nearest ratio that is taken.

Pure but for reading the one file it is given. Must not know the page, providers or requests.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from hailuo_nb.frame import Frame, FrameError


def box(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) in pixels of the largest centred part whose ratio is 2:5 to 5:2."""
    short = min(width, height)
    longest = short * 5 // 2
    cut_width, cut_height = min(width, longest), min(height, longest)
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return left, top, left + cut_width, top + cut_height


def cropped(source: bytes | Path, name: str) -> Frame:
    """The frame of that part of a picture (bytes or a file), turned as its EXIF says. Raises FrameError."""
    from PIL import Image, ImageOps

    try:
        data = source if isinstance(source, bytes) else source.expanduser().read_bytes()
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            part = ImageOps.exif_transpose(image.crop(box(*image.size)))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise FrameError(f"{name} cannot be cropped: {error}") from None
    return replace(Frame.of(part), name=name)
