"""Reads what a frame or reference is made of: path, link, bytes, open file, upload, image, array.

Files are read within bounds; links are never opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from hailuo_nb.errors import FileError, FrameError
from hailuo_nb.media.files import open_regular
from hailuo_nb.media.images import MAX_INPUT_BYTES, check_shape, too_large
from hailuo_nb.media.text import visible

if TYPE_CHECKING:
    from PIL import Image as PILImage

_ACCEPTED = (
    "a path, an https link, a data URL, bytes, an open file, an upload, a PIL image or a NumPy "
    "array "
    "(height, width, 3) of uint8"
)
_MAX_NAME_LENGTH = 255  # characters; the limit of file systems
_MAX_NAMED_UPLOADS = 16  # in a message
_TURN = 0x0112  # the EXIF tag of the orientation


@dataclass(frozen=True, slots=True)
class Source:
    """A source with one of link, image and data; `name` is for display, never a path."""

    name: str
    data: bytes = b""
    link: str = ""
    image: PILImage.Image | None = None


def read_source(source: Any) -> Source:
    """Reads any supported source. Raises FrameError."""
    if isinstance(source, str):
        return _from_text(source)
    if isinstance(source, os.PathLike):
        return _from_path(os.fspath(source))
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_buffer(source, "bytes")
    if hasattr(source, "dtype") and hasattr(source, "__array_interface__"):
        return _from_array(source)
    if _is_upload(source):
        return _from_upload(source)
    if isinstance(source, tuple | list) and all(map(_is_upload, source)) and source != []:
        return _from_uploads(source)
    from PIL import Image

    if isinstance(source, Image.Image):
        return Source(_name_of(getattr(source, "filename", ""), "PIL image"), image=source)
    if callable(getattr(source, "read", None)):
        return _from_open_file(source)
    if callable(getattr(source, "read_bytes", None)):  # a file in an archive or a package
        with source.open("rb") as file:
            return _from_open_file(file)
    return _from_notebook(source)


# Text ---------------------------------------------------------------------------------------------


def _from_text(text: str) -> Source:
    text = text.strip()
    scheme, separator, _ = text.partition(":")
    scheme = scheme.lower()
    if not text:
        raise FrameError("an empty text names no file")
    if scheme == "data" and separator:
        return _from_data_url(text)
    if scheme == "https" and separator:
        return _from_link(text)
    if "://" in text:
        hint = "; a file is given by its path" if scheme == "file" else ""
        raise FrameError(
            f"{_short(text)}: a link must be https, this one is {scheme}{hint}", "link"
        )
    return _from_path(text)


def _from_link(url: str) -> Source:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or any(char.isspace() or not char.isprintable() for char in url):
        raise FrameError(f"{_short(url)} is not a whole https link")
    if parts.username is not None or parts.password is not None:
        raise FrameError(
            f"the link to {host} holds a user name or password; it would be stored and passed on"
        )
    return Source(_name_of(unquote(parts.path.rsplit("/", 1)[-1]), host), link=url)


_IN_BASE64 = re.compile(r";\s*base64\s*(;|$)", re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")


def _from_data_url(text: str) -> Source:
    """Parses RFC 2397 leniently: blanks, parameters, percent encoding, base64url, no padding."""
    head, comma, body = text.partition(",")
    if not comma:
        raise FrameError(f"{_short(text)}: a data URL must be data:TYPE;base64,...")
    in_base64 = _IN_BASE64.search(head) is not None
    is_plain_base64 = in_base64 and "%" not in body
    # A percent-encoded byte takes three characters.
    min_size = len(body) * 3 // 4 if is_plain_base64 else len(body) // 3
    if min_size > MAX_INPUT_BYTES * 1.05:
        raise too_large("the data URL", min_size)
    data = _decode_base64("".join(unquote(body).split())) if in_base64 else unquote_to_bytes(body)
    return Source("data URL", data=data)


def _decode_base64(text: str) -> bytes:
    text = text.rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise FrameError("the data URL holds text that is not base64") from None


# Files --------------------------------------------------------------------------------------------


def _from_path(path: str | bytes) -> Source:
    path = os.fsdecode(path)
    display = _short(path)
    try:
        with open_regular(Path(path).expanduser(), follow=True) as file:
            data, size = file.read(MAX_INPUT_BYTES + 1), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise FrameError(
            f"{display}: there is no such file{_base64_hint(path)}", "missing", name=display
        ) from None
    except FileError as error:
        raise FrameError(str(error)) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise FrameError(f"{display}: cannot be read: {reason}{_base64_hint(path)}") from None
    if len(data) > MAX_INPUT_BYTES:
        raise too_large(_name_of(path, "the file"), max(size, len(data)))
    return Source(_name_of(path, "the file"), data=data)


def _base64_hint(path: str) -> str:
    if path.startswith(("iVBORw0KGgo", "/9j/", "UklGR")) and len(path) > 100:
        return '; a picture in base64 needs "data:image/png;base64," before it'
    return ""


def _from_buffer(source: bytes | bytearray | memoryview, name: str) -> Source:
    try:
        size = memoryview(source).nbytes
        if size <= MAX_INPUT_BYTES:
            return Source(name, data=bytes(source))
    except ValueError as error:  # it was released
        raise FrameError(f"{name} cannot be read: {error}") from None
    raise too_large(name, size)


def _from_open_file(file: Any) -> Source:
    """Reads a file from its start and restores its position; from there if it cannot seek."""
    name = _name_of(getattr(file, "name", ""), "the open file")
    if isinstance(file, io.TextIOBase):
        raise FrameError(f'{name} is open as text: open it with open(path, "rb")')
    try:
        seekable = callable(getattr(file, "seekable", None)) and file.seekable()
        at = file.tell() if seekable else 0
        if seekable:
            file.seek(0)
        try:
            data = _read(file, name)
        finally:
            if seekable:
                file.seek(at)
    except FrameError:
        raise
    except Exception as error:  # closed, or not readable; archives have their own exceptions
        raise FrameError(
            f"{name} cannot be read: {error}; open it again, or give its path"
        ) from None
    return Source(name, data=data)


def _read(file: Any, name: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    # Unbuffered files may return less than requested.
    while piece := file.read(MAX_INPUT_BYTES + 1 - size):
        if not isinstance(piece, bytes):
            raise FrameError(
                f'{name} gives {type(piece).__name__}, not bytes: open it with open(path, "rb")'
            )
        pieces.append(piece)
        size += len(piece)
        if size > MAX_INPUT_BYTES:
            raise too_large(name, size)
    return b"".join(pieces)


# Notebooks ----------------------------------------------------------------------------------------


def _is_upload(source: Any) -> bool:
    return isinstance(source, Mapping) and "content" in source


def _from_upload(entry: Mapping[Any, Any]) -> Source:
    """Reads an entry of `ipywidgets.FileUpload.value`: name, type, size, content."""
    name = _name_of(entry.get("name"), "the upload")
    content = entry["content"]
    if not isinstance(content, bytes | bytearray | memoryview):
        raise FrameError(
            f"{name} holds {type(content).__name__} as its content; an upload's content is bytes"
        )
    return _from_buffer(content, name)


def _from_uploads(entries: Any) -> Source:
    if not entries:
        raise FrameError("the upload is empty: choose a file first")
    if len(entries) > 1:
        names = ", ".join(
            _name_of(entry.get("name"), "?") for entry in entries[:_MAX_NAMED_UPLOADS]
        )
        raise FrameError(
            f"the upload holds {len(entries)} files ({_short(names)}): give one of them, value[0] "
            "say"
        )
    return _from_upload(entries[0])


def _from_notebook(source: Any) -> Source:
    """Reads an IPython.display.Image, or an ipywidget with an image or uploads in `value`."""
    package = type(source).__module__.split(".")[0]
    if package == "IPython" and hasattr(source, "data") and hasattr(source, "url"):
        path = getattr(source, "filename", None)
        content = next((item for item in (source.data, source.url, path) if item is not None), None)
        if isinstance(content, bytes | bytearray | memoryview):
            return _from_buffer(content, _name_of(path, "Image"))
        if isinstance(content, str):
            return _from_text(content)
    if package == "ipywidgets" and isinstance(
        getattr(source, "value", None), bytes | memoryview | tuple
    ):
        return read_source(source.value)
    raise FrameError(f"nothing to send can be made from {type(source).__name__}: give {_ACCEPTED}")


# Arrays -------------------------------------------------------------------------------------------


def _from_array(array: Any) -> Source:
    from PIL import Image

    shape = " x ".join(str(size) for size in array.shape)
    if array.ndim != 3 or array.shape[2] != 3 or str(array.dtype) != "uint8":
        raise FrameError(
            f"the array is ({shape}) of {array.dtype}; a frame is (height, width, 3) of "
            f"uint8{_array_hint(array)}"
        )
    height, width = int(array.shape[0]), int(array.shape[1])
    check_shape("array", width, height)
    return Source("array", image=Image.frombytes("RGB", (width, height), array.tobytes()))


def _array_hint(array: Any) -> str:
    """Returns how to fix an unsupported array: the shape first, then the dtype."""
    steps = {
        array.ndim == 4: "array[0] is one of several pictures",
        array.ndim == 2: "np.stack([array] * 3, axis=-1) makes colours of grey",
        array.ndim == 3
        and array.shape[2:] == (1,): "array.repeat(3, axis=2) makes colours of grey",
        array.ndim == 3 and array.shape[2:] == (4,): "array[..., :3] leaves the transparency out",
        array.ndim == 3
        and array.shape[:1] == (3,)
        and array.shape[2:] != (3,): "array.transpose(1, 2, 0) orders it",
        array.dtype.kind
        == "f": '(array * 255).clip(0, 255).round().astype("uint8") for values of 0 to 1',
        array.dtype.kind == "b": 'array.astype("uint8") * 255',
        str(array.dtype) == "uint16": '(array >> 8).astype("uint8")',
        array.dtype.kind in "iu" and array.dtype.itemsize != 1 and str(array.dtype) != "uint16": (
            'array.clip(0, 255).astype("uint8") for values of 0 to 255'
        ),
    }
    found = [step for holds, step in steps.items() if holds]
    return f": {found[0]}" if found else ""


def pixels_of(image: PILImage.Image) -> str:
    """Returns "pixels:<hex>", the SHA-256 of an image's pixels and of what affects its display."""
    info = image.info
    display_info = (
        image.mode,
        image.size,
        image.getpalette() if image.mode in {"P", "PA"} else None,
        info.get("transparency"),
        info.get("icc_profile"),
        image.getexif().get(_TURN),
    )
    digest = hashlib.sha256(repr(display_info).encode())
    digest.update(image.tobytes())
    return "pixels:" + digest.hexdigest()


# Names --------------------------------------------------------------------------------------------


def _name_of(path: Any, default: str) -> str:
    """Returns the last part of a path of any system, or `default` without one."""
    name = (
        str(path).replace("\\", "/").rsplit("/", 1)[-1]
        if isinstance(path, str | os.PathLike)
        else ""
    )
    return display_name(name) or default


def display_name(name: str) -> str:
    """Returns a name on one line, with invisible characters escaped, of limited length."""
    return " ".join(visible(name[:_MAX_NAME_LENGTH]).split())[:_MAX_NAME_LENGTH]


def _short(text: str) -> str:
    return visible(repr(text if len(text) <= 120 else text[:117] + "..."))
