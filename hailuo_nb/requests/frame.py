"""Frame: a first or last frame that may be sent, from a path, link, data URL, bytes, upload, PIL
image or array.

Pure but for reading the one file it is given. Must not know providers, and never opens a link: a
link goes to the provider as it stands. What leaves the machine is a decoded picture without EXIF,
XMP, comments or anything else that is no picture.
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
    data        the bytes sent; None for a link, and where they are `kept`
    media_type  "image/jpeg", "image/png" or "image/webp"; "" without bytes
    width       pixels, None without bytes
    height      pixels, None without bytes
    name        for people: the file's name, never its path
    kept        the file with the bytes of a clip of an earlier session, which `loaded` reads
    source      what a person gave: "sha256:<hex>" of those bytes before anything was taken off
                them, "pixels:<hex>" for a picture in memory, with ` fitted <side>/<bytes>` behind
                it where `fitted` made it smaller; "" where nobody knows
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
        """A frame from a path, an https link, a data URL, bytes, a picture of PIL, NumPy or a
        notebook, or a Frame.

        source  also a binary file that is open, an entry of ipywidgets.FileUpload or the tuple of
                one, and an IPython.display.Image. An array is (height, width, 3) of uint8, in the
                order red, green, blue.
        name    for people, in place of the file's own

        A file whose bytes hold nothing but the picture is sent byte for byte; any other is written
        again without its metadata, turned the way its EXIF says, in eight bits, with white behind
        what is transparent: what is sent is what `thumbnail` shows. PIL images and arrays are sent
        as PNG, or as JPEG where the PNG would be over 20 MB. Files of up to 64 MB and 64 million
        pixels are read; what a provider takes is checked before sending.

        Raises FrameError.
        """
        if isinstance(source, Frame):
            return source.loaded()
        found = frame_source.read_source(source)
        name = frame_source.display_name(name) or found.name
        if found.link:
            return cls(identity=found.link, url=found.link, name=name)
        if found.image is not None:
            drawn = images.encode(found.image, name)
            return _of_picture(drawn, name, frame_source.pixels_of(found.image))
        return _of_picture(images.without_metadata(found.data, name), name, _identity(found.data))

    def loaded(self) -> Frame:
        """The frame with its bytes, read if they are kept in a file. Raises FrameError where they
        are gone."""
        if self.data is not None or self.url is not None:
            return self
        data = b"" if self.kept is None else _read(self.kept)
        if _identity(data) != self.identity:
            raise FrameError(
                "the picture of this frame is not at hand, only its name: give the picture again",
                "gone",
            )
        made = images.inspect(data, self.name or "the frame")
        return _of_picture(made, self.name, self.source)

    def to_url(self) -> str:
        """The https link, or `data:image/...;base64,...`. Raises FrameError where the bytes are
        gone."""
        if self.url is not None:
            return self.url
        found = self.loaded()
        return (
            f"data:{found.media_type};base64,{base64.b64encode(found.data or b'').decode('ascii')}"
        )

    def thumbnail(self, side: int = 160) -> str:
        """A small JPEG as a data URL, `side` pixels at most each way; "" for a link, which is never
        opened.

        Raises FrameError where the bytes are gone.
        """
        data = self.loaded().data
        if data is None:
            return ""
        return "data:image/jpeg;base64," + base64.b64encode(images.thumbnail(data, side)).decode(
            "ascii"
        )

    def fitted(self, *, max_side: int | None = None, max_bytes: int = MAX_PNG_BYTES) -> Frame:
        """The frame itself if it is within these limits or is a link, else a smaller JPEG of it.

        max_side   pixels of the long side
        max_bytes  bytes of the picture; in a request it takes a third more

        Raises FrameError where nothing fits whose short side is over 300 px.
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
                made = images.fit(found.data, self.name or "the frame", max_side, max_bytes)
                _fitted[key] = _of_picture(made, self.name, source)
            return _fitted[key]


# A studio checks at every key stroke, and a large picture takes a second to fit.
_MAX_FITTED = 4
_lock = threading.Lock()
_fitted: dict[tuple[str, str], Frame] = {}


def _of_picture(made: EncodedImage, name: str, source: str) -> Frame:
    return Frame(
        identity=_identity(made.data),
        data=made.data,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        name=name,
        source=source,
    )


def _identity(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, images.MAX_INPUT_BYTES)
    except OSError:  # a link or a device among them
        return b""
