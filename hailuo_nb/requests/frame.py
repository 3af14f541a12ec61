"""Frame: a first or last frame of a request.

A link is sent as it is and never opened. Of a file only the image is sent, without EXIF, XMP or
comments.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hailuo_nb.errors import FrameError
from hailuo_nb.media import images
from hailuo_nb.media.files import read_bounded
from hailuo_nb.media.images import MAX_PNG_BYTES, EncodedImage
from hailuo_nb.requests import frame_source

__all__ = ["Frame", "FrameError"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, ready to send.

    identity    "sha256:<hex>" of the bytes sent, or the link; two frames with the same identity are
                the same
    url         the https link, or None
    data        the bytes sent; None for a link, and while they are in `kept`
    media_type  "image/jpeg", "image/png" or "image/webp"; "" without bytes
    width       pixels, None without bytes
    height      pixels, None without bytes
    name        the file's name for display, never its path
    kept        the file with the bytes, for a clip of an earlier session; see `loaded`
    source      what a person gave: "sha256:<hex>" of those bytes before anything was taken off
                them, "pixels:<hex>" for a picture in memory, "clip:<hex>#<index>" for a picture of
                a saved clip, with ` fitted <side>/<bytes>` behind it where `fitted` made it
                smaller; "" if unknown
    """

    identity: str
    url: str | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)
    media_type: str = field(default="", compare=False)
    width: int | None = field(default=None, compare=False)
    height: int | None = field(default=None, compare=False)
    name: str = field(default="", compare=False)
    kept: Path | None = field(default=None, repr=False, compare=False)
    source: str = field(default="", repr=False, compare=False)

    @classmethod
    def of(cls, source: Any, name: str = "") -> Frame:
        """Makes a frame of a path, an https link, a data URL, bytes, an image or a Frame.

        source  also an open binary file, an entry of ipywidgets.FileUpload or the tuple of one, an
                IPython.display.Image, a PIL image, or an RGB array (height, width, 3) of uint8
        name    for display, instead of the file's name

        A file without metadata is sent unchanged; any other is encoded again without metadata,
        oriented, with eight bits and a white background, as `thumbnail` shows it. PIL images and
        arrays are sent as PNG, or as JPEG if the PNG is over 20 MB. Files of up to 64 MB and 64
        million pixels are accepted; the limits of providers are checked before sending.

        Raises FrameError.
        """
        if isinstance(source, Frame):
            return source.loaded()
        found = frame_source.read_source(source)
        name = frame_source.display_name(name) or found.name
        if found.link:
            return cls(identity=found.link, url=found.link, name=name)
        if found.image is not None:
            image = images.encode(found.image, name)
            return from_image(image, name, frame_source.pixels_of(found.image))
        return from_image(images.without_metadata(found.data, name), name, identity_of(found.data))

    def loaded(self) -> Frame:
        """Returns the frame with its bytes, read from `kept` if needed. Raises FrameError if they
        are missing."""
        if self.data is not None or self.url is not None:
            return self
        data = read_kept(self.kept)
        if identity_of(data) != self.identity:
            raise FrameError(
                "the picture of this frame is missing, only its name was kept: give the picture "
                "again",
                "gone",
            )
        image = images.inspect(data, self.name or "the frame")
        return from_image(image, self.name, self.source)

    def to_url(self) -> str:
        """Returns the https link or a data URL. Raises FrameError if the bytes are missing."""
        if self.url is not None:
            return self.url
        found = self.loaded()
        return data_url(found.media_type, found.data or b"")

    def thumbnail(self, side: int = 160) -> str:
        """Returns a JPEG of at most `side` pixels as a data URL; "" for a link, never opened.

        Raises FrameError if the bytes are missing.
        """
        data = self.loaded().data
        if data is None:
            return ""
        return data_url("image/jpeg", images.thumbnail(data, side))

    def fitted(self, *, max_side: int | None = None, max_bytes: int = MAX_PNG_BYTES) -> Frame:
        """Returns the frame if it is a link or within the limits, else a smaller JPEG of it.

        max_side   pixels of the long side
        max_bytes  bytes of the image; base64 in a request adds a third

        Raises FrameError if it cannot fit with a short side over 300 px.
        """
        found = self.loaded()
        if found.data is None:
            return self
        longest = max(found.width or 0, found.height or 0)
        if len(found.data) <= max_bytes and (max_side is None or longest <= max_side):
            return found
        source = f"{self.source or self.identity} fitted {max_side}/{max_bytes}"
        key = (self.identity, source)
        with _lock:
            if key not in _fitted:
                while len(_fitted) >= _MAX_FITTED:
                    _fitted.pop(next(iter(_fitted)))
                image = images.fit(found.data, self.name or "the frame", max_side, max_bytes)
                _fitted[key] = from_image(image, self.name, source)
            return _fitted[key]


# Cached: a studio checks at every key stroke, and to fit a large image takes a second.
_MAX_FITTED = 4
_lock = threading.Lock()
_fitted: dict[tuple[str, str], Frame] = {}


def frame_of(value: Any, name: str) -> Frame | None:
    """The frame of an argument; None for None. Raises FrameError that begins with its `name`."""
    try:
        return None if value is None else Frame.of(value)
    except FrameError as error:
        raise FrameError(f"{name}: {error}", error.code, **error.values) from None


def from_image(made: EncodedImage, name: str, source: str) -> Frame:
    """A frame of a picture that is encoded as it is sent; `source` as in `Frame`."""
    return Frame(
        identity=identity_of(made.data),
        data=made.data,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        name=name,
        source=source,
    )


def picture_of(sha256: str, index: int) -> str:
    """The source of a picture of a saved clip, whatever encodes it: see `Frame`."""
    return f"clip:{sha256}#{index}"


def identity_of(data: bytes) -> str:
    """The name of bytes in a request: "sha256:<hex>"."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def read_kept(path: Path | None) -> bytes:
    """The bytes of a kept file; none where it is gone, or no regular file."""
    try:
        return b"" if path is None else read_bounded(path, images.MAX_INPUT_BYTES)
    except OSError:  # also for a symlink or a device
        return b""
