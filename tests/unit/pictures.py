"""Pictures for the tests of frames."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hailuo_nb.errors import FrameError
from hailuo_nb.requests.frame import Frame

SECRET = b"GPS-SECRET-48.8584N"


def picture(width: int = 320, height: int = 400, mode: str = "RGB") -> Image.Image:
    """Black but for a red top left quarter, so that turning and mirroring show."""
    image = Image.new("RGB", (width, height))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    quick = {"method": 0} if kind == "WEBP" else {}
    image.save(buffer, kind, **quick, **options)
    return buffer.getvalue()


def exif(orientation: int | None = None) -> bytes:
    tags = Image.Exif()
    tags[0x010E] = SECRET.decode()  # ImageDescription
    if orientation:
        tags[0x0112] = orientation
    return tags.tobytes()


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def opened(frame: Frame) -> Image.Image:
    assert frame.data is not None
    image = Image.open(io.BytesIO(frame.data))
    image.load()
    return image


def refused(source: Any) -> str:
    with pytest.raises(FrameError) as caught:
        Frame.of(source)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


PLAIN = {
    "image/png": encoded(picture(), "PNG"),
    "image/jpeg": encoded(picture(), "JPEG"),
    "image/webp": encoded(picture(), "WEBP"),
}
