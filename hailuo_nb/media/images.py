"""Prepares images for sending in bounded memory: oriented, eight bits, without metadata.

Formats, short side and ratio are from Modelverse's and MiniMax's pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import FrameError
from hailuo_nb.media import image_parser, pixels

if TYPE_CHECKING:
    from PIL import Image as PILImage

MAX_INPUT_BYTES = 64 * 1024 * 1024
"""Bytes of an image that is read. The limits of providers are in the catalogue."""
MAX_PNG_BYTES = 20 * 1024 * 1024
"""Bytes of a PNG that is written here; a larger image becomes a JPEG."""
MIN_SHORT_SIDE = 300
"""Pixels; the short side must be longer."""
MAX_RATIO = 2.5
"""The long side by the short side, at most."""
MAX_PIXELS = 64_000_000
"""Checked before decoding, as a small file can expand to gigabytes. Memory stays below 800 MB."""
MAX_PIXELS_WEBP = 32_000_000
"""WebP's decoder needs four times the memory."""
MAX_SCANNED_PIXELS = 2_000_000_000
"""Pixels times scans of a JPEG. A progressive photo has about ten scans."""
ACCEPTED = "JPG, PNG or WebP"

_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# Offset, magic and name of formats that people try, for the error message.
_OTHER_FORMATS = (
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
_QUALITIES = (95, 90, 80, 65)
_SHRINK_FACTOR = 0.75  # of the side, if the lowest quality is still too large


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Bytes to send. `media_type` is "image/jpeg", "image/png" or "image/webp"."""

    data: bytes
    media_type: str
    width: int
    height: int


# Reading ------------------------------------------------------------------------------------------


def without_metadata(data: bytes, name: str, *, any_shape: bool = False) -> EncodedImage:
    """Returns the file's bytes if it holds nothing but an image, else encodes it again.

    any_shape  of any sides and ratio, as a picture that is no frame may have

    It is encoded again if it has metadata, an orientation, 16-bit grey, CMYK, transparency (on
    white, as clips have none), or a colour profile that is damaged, of another mode, or over 64 kB.
    Raises FrameError.
    """
    file = _parse(data, name)
    if not any_shape:
        check_shape(name, file.width, file.height)
    image = _decode_parsed(file, name)
    normal, profile = _normalize(image, file.profile, name)
    if (
        normal is image
        and profile == file.profile
        and file.orientation == 1
        and not file.has_metadata
    ):
        return EncodedImage(data, _MEDIA_TYPES[file.format], file.width, file.height)
    normal = pixels.apply_orientation(normal, file.orientation)
    if file.format == "JPEG":
        return _as_jpeg(normal, profile, **_jpeg_options(image))
    if file.format == "WEBP":
        quality: dict[str, Any] = {"lossless": True} if file.lossless else {"quality": 95}
        return _encode(normal, "WEBP", profile, **quality)
    return _as_png(normal, profile)


def encode(image: PILImage.Image, name: str, *, any_shape: bool = False) -> EncodedImage:
    """Encodes an image in memory as PNG, or as JPEG if the PNG is over 20 MB. Raises FrameError."""
    if not any_shape:
        check_shape(name, *image.size)
    normal = normalize(image, name)
    profile = normal.info["icc_profile"]
    if normal.mode not in {"RGB", "RGBA"}:
        profile = b""  # it describes the old mode's colours
        normal = normal.convert("RGBA" if normal.has_transparency_data else "RGB")
    return _as_png(normal, profile)


def inspect(data: bytes, name: str, *, any_shape: bool = False) -> EncodedImage:
    """Reads only the header of bytes from `without_metadata`. Raises FrameError."""
    file = _parse(data, name)
    if not any_shape:
        check_shape(name, file.width, file.height)
    return EncodedImage(data, _MEDIA_TYPES[file.format], file.width, file.height)


def decode(data: bytes, name: str) -> PILImage.Image:
    """Decodes a file as it is displayed, with its profile in `info`. Raises FrameError."""
    file = _parse(data, name)
    image, profile = _normalize(_decode_parsed(file, name), file.profile, name)
    oriented = pixels.apply_orientation(image, file.orientation)
    oriented.info["icc_profile"] = profile
    return oriented


def normalize(image: PILImage.Image, name: str) -> PILImage.Image:
    """Returns a copy of an image as it is displayed, with its profile in `info`. Raises
    FrameError."""
    _check_pixels(name, *image.size)
    if getattr(image, "is_animated", False) and image.format != "MPO":
        raise FrameError(
            f"{name} is animated; a frame is one picture: image.copy() is the one that "
            "image.seek(number) chose",
            "animated",
            name=name,
        )
    try:
        copy = image.copy()
    except Exception as error:
        raise FrameError(f"{name} cannot be decoded: {error}") from None
    try:
        orientation = int(image.getexif().get(0x0112, 1))
    except Exception:  # damaged EXIF
        orientation = 1
    copy.info = _pixel_info(copy.info)
    normal, profile = _normalize(copy, image.info.get("icc_profile") or b"", name)
    oriented = pixels.apply_orientation(normal, orientation)
    oriented.info["icc_profile"] = profile
    return oriented


def thumbnail(data: bytes, side: int) -> bytes:
    """Returns a JPEG of at most `side` pixels each way, in the same colours. Raises FrameError."""
    file = _parse(data, "the frame")
    image = _open(file, "the frame")
    image.draft("RGB", (side * 2, side * 2))
    normal, profile = _normalize(image, file.profile, "the frame")
    # Pillow shrinks other modes without smoothing; smoothing mixes a transparent colour in.
    smooth = normal.mode in {"L", "LA", "RGB", "RGBA"} and "transparency" not in normal.info
    small = normal if smooth else pixels.flatten(normal)
    small.thumbnail((side, side))
    small = pixels.flatten(small)
    kept_profile = profile if small.mode == "RGB" else b""
    return _encode(small.convert("RGB"), "JPEG", kept_profile, quality=80, optimize=True).data


def fit(data: bytes, name: str, max_side: int | None, max_bytes: int) -> EncodedImage:
    """Returns a JPEG of at most `max_side` pixels and `max_bytes`. Raises FrameError."""
    file = _parse(data, name)
    normal, profile = _normalize(_decode_parsed(file, name), file.profile, name)
    image = pixels.flatten(pixels.apply_orientation(normal, file.orientation))
    short, long = sorted(image.size)
    for side in _candidate_sides(short, long, max_side):
        small = pixels.resize(image, side)
        for quality in _QUALITIES:
            encoded = _encode(small, "JPEG", profile, quality=quality, subsampling=0)
            if len(encoded.data) <= max_bytes:
                return encoded
    limits = f"{max_bytes:,} bytes" + (f" and {max_side:,} px a side" if max_side else "")
    raise FrameError(
        f"{name} cannot be made to fit into {limits} with a short side over {MIN_SHORT_SIDE} px"
    )


def _candidate_sides(short: int, long: int, max_side: int | None) -> Iterator[int]:
    """Yields long sides, from the largest to that with the shortest allowed short side."""
    minimum = MIN_SHORT_SIDE * long // short + 1
    side = min(long, max_side or long)
    while side > minimum:
        yield side
        side = int(side * _SHRINK_FACTOR)
    if minimum <= (max_side or long):
        yield minimum


# Decoding -----------------------------------------------------------------------------------------


def _parse(data: bytes, name: str) -> image_parser.ParsedImage:
    """Parses a file of at most `MAX_PIXELS`. Raises FrameError."""
    if not data:
        raise FrameError(f"{name} is empty; a picture is {ACCEPTED}")
    if len(data) > MAX_INPUT_BYTES:
        raise too_large(name, len(data))
    try:
        file = image_parser.parse(data)
    except image_parser.ImageParseError as error:
        if error.code == "animated":
            raise _animated(name) from None
        if error.code == "format":
            raise _unsupported(name, data) from None
        raise _damaged(name, error) from None
    _check_pixels(
        name, file.width, file.height, MAX_PIXELS_WEBP if file.format == "WEBP" else MAX_PIXELS
    )
    if file.width * file.height * file.scans > MAX_SCANNED_PIXELS:
        raise _damaged(name, f"it has {file.scans:,} scans, which would take too long to decode")
    return file


def _open(file: image_parser.ParsedImage, name: str) -> PILImage.Image:
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(file.image), formats=(file.format,))
    except Exception:
        raise _unsupported(name, file.image) from None
    if image.size != (file.width, file.height):
        raise _damaged(name, "it says two sizes")
    image.info = _pixel_info(image.info)
    return image


def _decode_parsed(file: image_parser.ParsedImage, name: str) -> PILImage.Image:
    image = _open(file, name)
    try:
        image.load()
    except Exception as error:
        raise _damaged(name, error) from None
    if image.mode == "P" and image.palette is None:
        raise _damaged(name, "it has no palette")
    image.info = _pixel_info(image.info)
    return image


def _pixel_info(info: Mapping[Any, Any]) -> dict[str | tuple[int, int], Any]:
    """Keeps what belongs to the pixels; Pillow's PNG decoder needs `interlace`."""
    return {key: value for key, value in info.items() if key in {"transparency", "interlace"}}


def _normalize(image: PILImage.Image, profile: bytes, name: str) -> tuple[PILImage.Image, bytes]:
    try:
        return pixels.normalize(image, profile)
    except Exception as error:
        raise FrameError(f"{name} cannot be decoded: {error}") from None


# Writing ------------------------------------------------------------------------------------------


def _as_png(image: PILImage.Image, profile: bytes) -> EncodedImage:
    encoded = _encode(image, "PNG", profile)
    return (
        encoded if len(encoded.data) <= MAX_PNG_BYTES else _as_jpeg(pixels.flatten(image), profile)
    )


def _as_jpeg(image: PILImage.Image, profile: bytes, **options: Any) -> EncodedImage:
    return _encode(image, "JPEG", profile, **options or {"quality": 95, "subsampling": 0})


def _jpeg_options(image: PILImage.Image) -> dict[str, Any]:
    """Returns options that keep a JPEG's quality; {} for CMYK, which is sent as RGB."""
    from PIL import JpegImagePlugin

    if image.mode == "CMYK":
        return {}
    return {
        "qtables": getattr(image, "quantization", None),
        "subsampling": JpegImagePlugin.get_sampling(image),
    }


def _encode(image: PILImage.Image, kind: str, profile: bytes, **options: Any) -> EncodedImage:
    buffer = io.BytesIO()
    image.save(buffer, kind, icc_profile=profile or None, **options)
    return EncodedImage(buffer.getvalue(), _MEDIA_TYPES[kind], *image.size)


# Errors -------------------------------------------------------------------------------------------


def check_shape(name: str, width: int, height: int) -> None:
    """Raises FrameError for too many pixels, a short side or an extreme ratio."""
    _check_pixels(name, width, height)
    short, long = sorted((width, height))
    if short <= MIN_SHORT_SIDE:
        raise FrameError(
            f"{name} is {width} x {height}: its short side is {short} px and must be over "
            f"{MIN_SHORT_SIDE} px",
            "small",
            name=name,
            width=width,
            height=height,
        )
    if long * 2 > short * 5:  # MAX_RATIO, exactly
        raise FrameError(
            f"{name} is {width} x {height}: its ratio is 1:{long / short:.3g}; 2:5 to 5:2 (1:2.5) "
            "is accepted",
            "ratio",
            name=name,
            width=width,
            height=height,
            ratio=f"1:{long / short:.3g}",
        )


def _check_pixels(name: str, width: int, height: int, limit: int = MAX_PIXELS) -> None:
    if width * height > limit:
        kind = "" if limit == MAX_PIXELS else " of a WebP"
        raise FrameError(
            f"{name} is {width} x {height} = {width * height:,} pixels; at most {limit:,}{kind} "
            "are read",
            "pixels",
            name=name,
            width=width,
            height=height,
        )


def too_large(name: str, size: int) -> FrameError:
    limit = MAX_INPUT_BYTES // 2**20
    message = (
        f"{name} has {size:,} bytes ({size / 2**20:.1f} MB); at most {limit} MB "
        f"({MAX_INPUT_BYTES:,} bytes) are read"
    )
    return FrameError(message, "size", name=name, size=f"{size / 2**20:.1f}", limit=limit)


def _animated(name: str) -> FrameError:
    return FrameError(f"{name} is animated; a frame is one picture", "animated", name=name)


def _damaged(name: str, error: object) -> FrameError:
    return FrameError(f"{name} is cut short or damaged: {error}", "damaged", name=name)


def _unsupported(name: str, data: bytes) -> FrameError:
    start = data[:64].lstrip()
    description = next(
        (format_name for at, magic, format_name in _OTHER_FORMATS if start[at:].startswith(magic)),
        "no picture that can be decoded",
    )
    return FrameError(f"{name} is {description}; a picture is {ACCEPTED}", "format", name=name)
