"""A picture as it is sent: decoded, turned, in eight bits, without what is no picture, in bounded
memory.

Pure. Must not know where a picture comes from (`frame_source`) or who takes it (`compat`). Formats,
short side and ratio: Modelverse's and MiniMax's pages.
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
"""Bytes of a picture that is read. What a provider takes is in the catalogue, see
`frame_limits`."""
MAX_PNG_BYTES = 20 * 1024 * 1024
"""A picture that we write ourselves is a PNG up to here, a JPEG beyond."""
MIN_SHORT_SIDE = 300
"""Pixels; the short side must be over this."""
MAX_RATIO = 2.5
"""The long side by the short side, at most."""
MAX_PIXELS = 64_000_000
"""Our own cap, held before anything is decoded: a small file can unfold to gigabytes. It keeps
memory below 800 MB."""
MAX_PIXELS_WEBP = 32_000_000
"""The decoder of WebP takes four times the memory of the others."""
MAX_SCANNED = 2_000_000_000
"""Pixels times scans of a JPEG: each scan goes over all of them. A progressive photo has about
ten."""
ACCEPTED = "JPG, PNG or WebP"

_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
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
_QUALITIES = (95, 90, 80, 65)
_SMALLER = 0.75  # the next side that is tried where the lowest quality is still too large


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Bytes that are sent. media_type is "image/jpeg", "image/png" or "image/webp"; width and
    height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


# Reading ------------------------------------------------------------------------------------------


def without_metadata(data: bytes, name: str) -> EncodedImage:
    """A file's picture: byte for byte where it holds nothing else, written again where it does.
    Raises FrameError.

    Written again is what has metadata, an EXIF turn, pixels of more than eight bits grey, CMYK or
    transparency (which no clip has: white comes behind it), or a colour profile that is damaged, of
    other colours, or over 64 kB.
    """
    file = _parsed(data, name)
    check_shape(name, file.width, file.height)
    image = _decoded(file, name)
    seen, profile = _seen(image, file.profile, name)
    if seen is image and profile == file.profile and file.turn == 1 and not file.extras:
        return EncodedImage(data, _MEDIA_TYPES[file.kind], file.width, file.height)
    seen = pixels.apply_orientation(seen, file.turn)
    if file.kind == "JPEG":
        return _as_jpeg(seen, profile, **_jpeg_options(image))
    if file.kind == "WEBP":
        quality: dict[str, Any] = {"lossless": True} if file.lossless else {"quality": 95}
        return _encoded(seen, "WEBP", profile, **quality)
    return _as_png(seen, profile)


def encode(image: PILImage.Image, name: str) -> EncodedImage:
    """A picture that somebody holds in memory: PNG, or JPEG where PNG is over 20 MB. Raises
    FrameError."""
    check_shape(name, *image.size)
    seen = normalize(image, name)
    profile = seen.info["icc_profile"]
    if seen.mode not in {"RGB", "RGBA"}:
        profile = b""  # it describes the old mode's colours
        seen = seen.convert("RGBA" if seen.has_transparency_data else "RGB")
    return _as_png(seen, profile)


def inspect(data: bytes, name: str) -> EncodedImage:
    """What bytes that were cleaned before are, by their header alone: nothing is decoded. Raises
    FrameError."""
    file = _parsed(data, name)
    check_shape(name, file.width, file.height)
    return EncodedImage(data, _MEDIA_TYPES[file.kind], file.width, file.height)


def decode(data: bytes, name: str) -> PILImage.Image:
    """The picture as people see it, whatever its shape, with its profile in `info`. Raises
    FrameError."""
    file = _parsed(data, name)
    image, profile = _seen(_decoded(file, name), file.profile, name)
    turned = pixels.apply_orientation(image, file.turn)
    turned.info["icc_profile"] = profile
    return turned


def normalize(image: PILImage.Image, name: str) -> PILImage.Image:
    """The same of a picture that somebody holds, which is left as it is. Raises FrameError."""
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
        turn = int(image.getexif().get(0x0112, 1))
    except Exception:  # its EXIF is damaged, the picture is not
        turn = 1
    copy.info = _without_metadata(copy.info)
    seen, profile = _seen(copy, image.info.get("icc_profile") or b"", name)
    turned = pixels.apply_orientation(seen, turn)
    turned.info["icc_profile"] = profile
    return turned


def thumbnail(data: bytes, side: int) -> bytes:
    """A small JPEG of bytes that are sent, `side` pixels at most each way, in the same colours.
    Raises FrameError."""
    file = _parsed(data, "the frame")
    image = _opened(file, "the frame")
    image.draft("RGB", (side * 2, side * 2))
    seen, profile = _seen(image, file.profile, "the frame")
    # Others are shrunk without smoothing, or their one transparent colour would come out of the
    # smoothing.
    smooth = seen.mode in {"L", "LA", "RGB", "RGBA"} and "transparency" not in seen.info
    small = seen if smooth else pixels.flatten(seen)
    small.thumbnail((side, side))
    small = pixels.flatten(small)
    kept = profile if small.mode == "RGB" else b""
    return _encoded(small.convert("RGB"), "JPEG", kept, quality=80, optimize=True).data


def fit(data: bytes, name: str, max_side: int | None, max_bytes: int) -> EncodedImage:
    """A smaller JPEG of a picture: at most `max_side` pixels and `max_bytes`. Raises FrameError
    where none fits."""
    file = _parsed(data, name)
    seen, profile = _seen(_decoded(file, name), file.profile, name)
    image = pixels.flatten(pixels.apply_orientation(seen, file.turn))
    short, long = sorted(image.size)
    for side in _sides(short, long, max_side):
        small = pixels.resize(image, side)
        for quality in _QUALITIES:
            made = _encoded(small, "JPEG", profile, quality=quality, subsampling=0)
            if len(made.data) <= max_bytes:
                return made
    limits = f"{max_bytes:,} bytes" + (f" and {max_side:,} px a side" if max_side else "")
    raise FrameError(
        f"{name} cannot be made to fit into {limits} with a short side over {MIN_SHORT_SIDE} px"
    )


def _sides(short: int, long: int, max_side: int | None) -> Iterator[int]:
    """Long sides to try, from the largest down to the one whose short side is just long enough."""
    least = MIN_SHORT_SIDE * long // short + 1
    side = min(long, max_side or long)
    while side > least:
        yield side
        side = int(side * _SMALLER)
    if least <= (max_side or long):
        yield least


# Decoding -----------------------------------------------------------------------------------------


def _parsed(data: bytes, name: str) -> image_parser.ParsedImage:
    """The parts of a file with at most `MAX_PIXELS`. Raises FrameError."""
    if not data:
        raise FrameError(f"{name} is empty; a frame is {ACCEPTED}")
    if len(data) > MAX_INPUT_BYTES:
        raise too_large(name, len(data))
    try:
        file = image_parser.parse(data)
    except image_parser.ImageParseError as error:
        if error.code == "animated":
            raise _animated(name) from None
        if error.code == "format":
            raise _not_taken(name, data) from None
        raise _damaged(name, error) from None
    _check_pixels(
        name, file.width, file.height, MAX_PIXELS_WEBP if file.kind == "WEBP" else MAX_PIXELS
    )
    if file.width * file.height * file.scans > MAX_SCANNED:
        raise _damaged(name, f"it has {file.scans:,} scans, which would take too long to decode")
    return file


def _opened(file: image_parser.ParsedImage, name: str) -> PILImage.Image:
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(file.picture), formats=(file.kind,))
    except Exception:
        raise _not_taken(name, file.picture) from None
    if image.size != (file.width, file.height):
        raise _damaged(name, "it says two sizes")
    image.info = _without_metadata(image.info)
    return image


def _decoded(file: image_parser.ParsedImage, name: str) -> PILImage.Image:
    image = _opened(file, name)
    try:
        image.load()
    except Exception as error:
        raise _damaged(name, error) from None
    if image.mode == "P" and image.palette is None:
        raise _damaged(name, "it has no palette")
    image.info = _without_metadata(image.info)
    return image


def _without_metadata(info: Mapping[Any, Any]) -> dict[str | tuple[int, int], Any]:
    """What belongs to the pixels; by `interlace` Pillow's decoder of PNG knows in which order they
    come."""
    return {key: value for key, value in info.items() if key in {"transparency", "interlace"}}


def _seen(image: PILImage.Image, profile: bytes, name: str) -> tuple[PILImage.Image, bytes]:
    try:
        return pixels.normalize(image, profile)
    except Exception as error:
        raise FrameError(f"{name} cannot be decoded: {error}") from None


# Writing ------------------------------------------------------------------------------------------


def _as_png(image: PILImage.Image, profile: bytes) -> EncodedImage:
    made = _encoded(image, "PNG", profile)
    return made if len(made.data) <= MAX_PNG_BYTES else _as_jpeg(pixels.flatten(image), profile)


def _as_jpeg(image: PILImage.Image, profile: bytes, **options: Any) -> EncodedImage:
    return _encoded(image, "JPEG", profile, **options or {"quality": 95, "subsampling": 0})


def _jpeg_options(image: PILImage.Image) -> dict[str, Any]:
    """What keeps a JPEG's own quality; {} for CMYK, which is sent as RGB."""
    from PIL import JpegImagePlugin

    if image.mode == "CMYK":
        return {}
    return {
        "qtables": getattr(image, "quantization", None),
        "subsampling": JpegImagePlugin.get_sampling(image),
    }


def _encoded(image: PILImage.Image, kind: str, profile: bytes, **options: Any) -> EncodedImage:
    buffer = io.BytesIO()
    image.save(buffer, kind, icc_profile=profile or None, **options)
    return EncodedImage(buffer.getvalue(), _MEDIA_TYPES[kind], *image.size)


# Refusing -----------------------------------------------------------------------------------------


def check_shape(name: str, width: int, height: int) -> None:
    """Raises FrameError for more pixels, a shorter side or a longer shape than is taken."""
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
    if long * 2 > short * 5:  # MAX_RATIO in whole numbers, so that the limit itself passes
        raise FrameError(
            f"{name} is {width} x {height}: its ratio is 1:{long / short:.3g}; 2:5 to 5:2 (1:2.5) "
            "is accepted",
            "ratio",
            name=name,
            width=width,
            height=height,
            ratio=f"1:{long / short:.3g}",
        )


def _check_pixels(name: str, width: int, height: int, most: int = MAX_PIXELS) -> None:
    if width * height > most:
        kind = "" if most == MAX_PIXELS else " of a WebP"
        raise FrameError(
            f"{name} is {width} x {height} = {width * height:,} pixels; at most {most:,}{kind} are "
            "read",
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


def _not_taken(name: str, data: bytes) -> FrameError:
    start = data[:64].lstrip()
    what = next(
        (what for at, magic, what in _OTHERS if start[at:].startswith(magic)),
        "no picture that can be decoded",
    )
    return FrameError(f"{name} is {what}; a frame is {ACCEPTED}", "format", name=name)
