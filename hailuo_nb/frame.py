"""Frame: a first or last frame that may be sent, from a path, link, data URL, bytes, PIL image or array.

Pure but for reading the one file it is given. Must not know providers, and never opens a link: a link goes
to the provider as it stands. What leaves the machine is a decoded picture without EXIF, XMP, comments or
anything else that is no picture. Limits: Modelverse's and MiniMax's pages (JPG, PNG, WebP; 20 MB; short side
over 300 px; ratio 2:5 to 5:2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from hailuo_nb.told import ToldError

if TYPE_CHECKING:
    from PIL import Image as PILImage

MAX_BYTES = 20 * 1024 * 1024
"""Bytes of one picture, both as it comes and as it is sent."""
MIN_SHORT_SIDE = 300
"""Pixels; the short side must be over this."""
MAX_RATIO = 2.5
"""The long side by the short side, at most."""
MAX_PIXELS = 64_000_000
"""Our own cap, held before anything is decoded: a small file can unfold to gigabytes."""
ACCEPTED = "JPG, PNG or WebP"

_MEDIA_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# What people try, so that the refusal can say what came.
_OTHERS = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (4, b"ftypavif", "an AVIF"),
    (4, b"ftyphei", "a HEIC"),
    (4, b"ftypmif1", "a HEIC"),
    (4, b"ftyp", "a video"),
    (0, b"%!PS", "an EPS"),
    (0, b"%PDF", "a PDF"),
    (0, b"<svg", "an SVG"),
    (0, b"<", "an HTML or XML text"),
)
# Parts of a file that make the picture. Whatever else is there is metadata and stays on this machine.
_JPEG_PICTURE = (("APP0", b"JFIF"), ("APP2", b"ICC_PROFILE"), ("APP14", b"Adobe"))
_PNG_PICTURE = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP pHYs sBIT bKGD hIST mDCV cLLI".split()
)
_WEBP_PICTURE = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))
_KEPT_INFO = ("icc_profile", "transparency")


class FrameError(ToldError, ValueError):
    """The source is no picture that may be sent; the message holds the measured value beside the limit.

    code, values   the same for a program that words it itself; "" where there is only the message
    """

    def __init__(self, message: str, code: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, ready to send.

    identity    "sha256:<hex>" of the bytes sent, or the link; two frames with the same identity are the same
    url         the https link, or None
    data        the bytes sent, or None for a link
    media_type  "image/jpeg", "image/png" or "image/webp"; "" for a link
    width       pixels, None for a link
    height      pixels, None for a link
    name        for people: the file's name, never its path
    """

    identity: str
    url: str | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    name: str = field(default="", compare=False)

    @classmethod
    def of(cls, source: Any) -> Frame:
        """A frame from a path, an https link, a data URL, bytes, a PIL image, an array or a Frame.

        An array is (height, width, 3) of uint8, in the order red, green, blue. A file whose bytes hold
        nothing but the picture is sent byte for byte; any other is written again without its metadata,
        turned the way its EXIF says. PIL images and arrays are sent as PNG, or as JPEG where the PNG would
        be over 20 MB.

        Raises FrameError.
        """
        if isinstance(source, Frame):
            return source
        if isinstance(source, str):
            return _from_text(source)
        if isinstance(source, os.PathLike):
            return _from_file(os.fspath(source))
        if isinstance(source, bytes | bytearray | memoryview):
            return _from_bytes(bytes(source), "bytes")
        if hasattr(source, "dtype") and hasattr(source, "__array_interface__"):
            return _from_array(source)
        from PIL import Image

        if isinstance(source, Image.Image):
            return _from_image(source, Path(getattr(source, "filename", "") or "").name or "PIL image")
        raise FrameError(
            f"a frame cannot be made from {type(source).__name__}: give a path, an https link, a data URL, "
            "bytes, a PIL image or a NumPy array (height, width, 3) of uint8"
        )

    def to_url(self) -> str:
        """The https link, or `data:image/...;base64,...`."""
        if self.data is None:
            return self.url or ""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"

    def thumbnail(self, side: int = 160) -> str:
        """A small JPEG as a data URL, `side` pixels at most each way; "" for a link: it is never opened."""
        if self.data is None:
            return ""
        from PIL import Image

        with Image.open(io.BytesIO(self.data), formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("RGB", (side * 2, side * 2))
            image.thumbnail((side, side))
            flat = _flatten(image)
        buffer = io.BytesIO()
        flat.save(buffer, "JPEG", quality=80, optimize=True)
        return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _from_text(text: str) -> Frame:
    text = text.strip()
    scheme, separator, _ = text.partition(":")
    scheme = scheme.lower()
    if not text:
        raise FrameError("an empty text names no frame")
    if scheme == "data" and separator:
        return _from_data_url(text)
    if scheme == "https" and separator:
        return _from_link(text)
    if "://" in text:
        raise FrameError(f"{_short(text)}: a frame's link must be https, this one is {scheme}", "link")
    return _from_file(text)


def _from_link(url: str) -> Frame:
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
    return Frame(identity=url, url=url, name=unquote(parts.path.rsplit("/", 1)[-1]) or host)


def _from_data_url(text: str) -> Frame:
    head, comma, body = text.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        raise FrameError(f"{_short(text)}: a data URL must be data:image/...;base64,...")
    if len(body) * 3 // 4 > MAX_BYTES * 1.05:
        raise _too_big("data URL", len(body) * 3 // 4)
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise FrameError("the data URL holds text that is not base64") from None
    return _from_bytes(data, "data URL")


def _from_file(path: str | bytes) -> Frame:
    path = os.fsdecode(path)
    shown = _short(path)
    try:
        # Without O_NONBLOCK a pipe that nobody writes to would hang here for ever.
        descriptor = os.open(Path(path).expanduser(), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise FrameError(f"{shown}: there is no such file", "missing", name=shown) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise FrameError(f"{shown}: cannot be read: {reason}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise FrameError(f"{shown} is {kind}; a frame is read from a regular file")
        if status.st_size > MAX_BYTES:
            raise _too_big(Path(path).name, status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise FrameError(f"{shown}: cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    return _from_bytes(data, Path(path).name)


def _from_array(array: Any) -> Frame:
    from PIL import Image

    shape = " x ".join(str(size) for size in array.shape)
    if array.ndim != 3 or array.shape[2] != 3 or str(array.dtype) != "uint8":
        raise FrameError(f"the array is ({shape}) of {array.dtype}; a frame is (height, width, 3) of uint8")
    height, width = int(array.shape[0]), int(array.shape[1])
    _check_size("array", width, height)
    return _from_image(Image.frombytes("RGB", (width, height), array.tobytes()), "array")


def _from_image(image: PILImage.Image, name: str) -> Frame:
    """A picture that somebody holds in memory: PNG, or JPEG where PNG is too big."""
    _check_size(name, *image.size)
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise FrameError(f"{name} is animated; a frame is one picture", "animated", name=name)
    if image.mode.startswith(("I", "F")):
        raise FrameError(f"{name} has pixels of mode {image.mode}; convert it to RGB first")
    try:
        picture = _plain(image)
        if picture.mode not in ("RGB", "RGBA"):
            picture.info.pop("icc_profile", None)  # it describes the old mode's colours
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        data, media_type = _encode(picture, "PNG"), "image/png"
        if len(data) > MAX_BYTES:
            data, media_type = _encode(_flatten(picture), "JPEG", quality=95, subsampling=0), "image/jpeg"
    except Exception as error:
        raise FrameError(f"{name} cannot be decoded: {error}") from None
    return _frame(data, media_type, *picture.size, name)


def _from_bytes(data: bytes, name: str) -> Frame:
    from PIL import Image

    if len(data) > MAX_BYTES:
        raise _too_big(name, len(data))
    if not data:
        raise FrameError(f"{name} is empty; a frame is {ACCEPTED}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own cap is lower
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except Image.DecompressionBombError:
        raise FrameError(f"{name} has more pixels than the {MAX_PIXELS:,} at most") from None
    except Exception:
        raise FrameError(f"{name} is {_guess(data)}; a frame is {ACCEPTED}", "format", name=name) from None
    with image:
        return _from_open_image(image, data, name)


def _from_open_image(image: PILImage.Image, data: bytes, name: str) -> Frame:
    kind = str(image.format)
    media_type = _MEDIA_TYPES[kind]
    _check_size(name, *image.size)
    if getattr(image, "is_animated", False) and kind != "MPO":
        raise FrameError(f"{name} is animated; a frame is one picture", "animated", name=name)
    try:
        image.load()
        clean, size = _without_metadata(image, data) if _has_extras(image, data) else (data, image.size)
    except Exception as error:
        raise FrameError(f"{name} is cut short or damaged: {error}", "damaged", name=name) from None
    return _frame(clean, media_type, *size, name)


def _has_extras(image: PILImage.Image, data: bytes) -> bool:
    """Whether the file holds anything besides the picture. Raises ValueError where its end is missing."""
    if image.format == "PNG":
        return not all(kind in _PNG_PICTURE for kind in _png_chunks(data))
    if image.format == "WEBP":
        return not all(kind in _WEBP_PICTURE for kind in _webp_chunks(data))
    segments: list[tuple[str, bytes]] = getattr(image, "applist", [])
    plain = all(any(name == n and body.startswith(b) for n, b in _JPEG_PICTURE) for name, body in segments)
    return image.format == "MPO" or not plain or not data.endswith(b"\xff\xd9")


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at, kind = 8, b""
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if len(kind) < 4 or at > len(data):
            raise ValueError("its end is missing")
        yield kind
    if at < len(data):
        yield b"more"


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    while at + 8 <= min(end, len(data)):
        yield data[at : at + 4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    if end < len(data):
        yield b"more"


def _plain(image: PILImage.Image) -> PILImage.Image:
    """A copy turned as its EXIF says, that carries nothing but pixels, colour profile and transparency."""
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(image)
    turned.info = {key: value for key, value in turned.info.items() if key in _KEPT_INFO}
    return turned


def _without_metadata(image: PILImage.Image, data: bytes) -> tuple[bytes, tuple[int, int]]:
    """The same picture in the same format, written again. A JPEG keeps its own quality."""
    from PIL import JpegImagePlugin

    options: dict[str, Any] = {}
    if image.format in ("JPEG", "MPO"):
        options = {
            "qtables": getattr(image, "quantization", None),
            "subsampling": JpegImagePlugin.get_sampling(image),
        }
    elif image.format == "WEBP":
        options = {"lossless": True} if b"VP8L" in _webp_chunks(data) else {"quality": 95}
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    picture = _plain(image)
    return _encode(picture, kind, **options), picture.size


def _encode(image: PILImage.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, icc_profile=image.info.get("icc_profile"), **options)
    return buffer.getvalue()


def _flatten(image: PILImage.Image) -> PILImage.Image:
    """RGB, with white behind what is transparent."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _frame(data: bytes, media_type: str, width: int, height: int, name: str) -> Frame:
    if len(data) > MAX_BYTES:
        raise _too_big(name, len(data))
    identity = "sha256:" + hashlib.sha256(data).hexdigest()
    return Frame(identity, None, data, media_type, width, height, name)


def _check_size(name: str, width: int, height: int) -> None:
    short, long = sorted((width, height))
    if width * height > MAX_PIXELS:
        raise FrameError(
            f"{name} is {width} x {height} = {width * height:,} pixels; at most {MAX_PIXELS:,} are read",
            "pixels", name=name, width=width, height=height,
        )  # fmt: skip
    if short <= MIN_SHORT_SIDE:
        raise FrameError(
            f"{name} is {width} x {height}: its short side is {short} px and must be over {MIN_SHORT_SIDE} px",
            "small", name=name, width=width, height=height,
        )  # fmt: skip
    if long * 2 > short * 5:  # MAX_RATIO in whole numbers, so that the limit itself passes
        raise FrameError(
            f"{name} is {width} x {height}: its ratio is 1:{long / short:.3g}; 2:5 to 5:2 (1:2.5) is accepted",
            "ratio", name=name, width=width, height=height, ratio=f"1:{long / short:.3g}",
        )  # fmt: skip


def _too_big(name: str, size: int) -> FrameError:
    told = f"{name} has {size:,} bytes ({size / 2**20:.1f} MB); at most 20 MB ({MAX_BYTES:,} bytes) are sent"
    return FrameError(told, "size", name=name, size=f"{size / 2**20:.1f}")


def _guess(data: bytes) -> str:
    start = data[:64].lstrip()
    return next(
        (what for at, magic, what in _OTHERS if start[at:].startswith(magic)),
        "no picture that can be decoded",
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:117] + "...")
