"""Parses PNG, JPEG and WebP files without a decoder: size, colour profile, orientation, metadata.

Memory and time are bounded whatever the bytes claim. Formats: PNG third edition (W3C, 2025), JPEG
ITU-T T.81 and ICC.1 annex B.4, WebP container (RFC 9649), EXIF 3.0 (IFD0 of a TIFF).
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_PROFILE = 4 * 1024 * 1024
"""Decompressed bytes of a colour profile; a larger one is ignored."""
MAX_PARTS = 100_000
"""Chunks or segments of a file."""


@dataclass(frozen=True, slots=True)
class ParsedImage:
    """The content of an image file.

    format        "JPEG", "PNG" or "WEBP"
    width         stored pixels, before orientation
    height        the same
    image         the file without metadata, for a decoder; PNG and JPEG without profile
    has_metadata  whether the file holds anything but image and profile
    profile       the ICC profile, b"" if there is none or it is damaged
    orientation   of EXIF, 1 to 8
    lossless      whether a WebP is lossless
    scans         of a JPEG
    """

    format: str
    width: int
    height: int
    image: bytes
    has_metadata: bool
    profile: bytes = b""
    orientation: int = 1
    lossless: bool = False
    scans: int = 1


class ImageParseError(ValueError):
    """The bytes are no accepted image; `code` is "format", "animated" or "damaged"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse(data: bytes) -> ParsedImage:
    """Reads the bytes of an image file. Raises ImageParseError."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    raise ImageParseError("format", "neither JPEG, PNG nor WebP")


def _check_count(count: int) -> None:
    if count > MAX_PARTS:
        raise ImageParseError("damaged", f"it has more than {MAX_PARTS:,} parts")


def _end_missing() -> ImageParseError:
    return ImageParseError("damaged", "its end is missing")


# PNG ----------------------------------------------------------------------------------------------

_PNG_DECODED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
# Chunks that may stay, with the lengths that the format allows: they do not change the colours.
_PNG_KEPT = {
    b"gAMA": (4,), b"cHRM": (32,), b"sRGB": (1,), b"cICP": (4,), b"pHYs": (9,), b"sBIT": (1, 2, 3,
    4),
    b"bKGD": (1, 2, 6), b"hIST": range(2, 513, 2),
}  # fmt: skip
_SRGB = {b"gAMA": (45455,), b"cHRM": (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)}


def _is_kept(kind: bytes, body: memoryview) -> bool:
    """Whether the chunk may stay. Other gammas and primaries than sRGB's are dropped, because
    browsers apply them and other decoders do not."""
    if len(body) not in _PNG_KEPT.get(kind, ()):
        return False
    values = [int.from_bytes(body[at : at + 4], "big") for at in range(0, len(body), 4)]
    if kind == b"cICP":  # codes; the other values may be rounded
        return values == [0x010D0001]
    return kind not in _SRGB or all(
        abs(a - b) <= a // 100 for a, b in zip(_SRGB[kind], values, strict=True)
    )


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields kind, start and end of each complete chunk up to IEND."""
    at, count, kind = 8, 0, b""
    while kind != b"IEND":
        _check_count(count := count + 1)
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(kind) < 4 or end > len(data):
            raise _end_missing()
        yield kind, at, end
        at = end


def _png(data: bytes) -> ParsedImage:
    view = memoryview(data)
    parts = [view[:8]]
    has_metadata, profile, orientation, end = False, b"", _Orientation(), 0
    size: tuple[int, int] | None = None
    for kind, start, end in _png_chunks(data):  # up to the end of the image
        body = view[start + 8 : end - 4]
        if (kind == b"IHDR") != (size is None):
            raise ImageParseError("damaged", "its header is missing or comes twice")
        size = size or _read_pair(bytes(body[:8]), 4, "big")
        if kind in _PNG_DECODED:
            parts.append(view[start:end])
            continue
        is_intact = zlib.crc32(body, zlib.crc32(kind)) == int.from_bytes(view[end - 4 : end], "big")
        if kind == b"acTL" and int.from_bytes(body[:4], "big") > 1:
            raise ImageParseError("animated", "it has more than one frame")
        if (
            kind == b"iCCP"
            and is_intact
            and not profile
            and (profile_data := _decompress(bytes(body)))
        ):
            profile = profile_data
            continue
        if is_intact:
            _read_png_orientation(kind, body, orientation)
        has_metadata = has_metadata or not (is_intact and _is_kept(kind, body))
    image = data if sum(map(len, parts)) == len(data) else b"".join(parts)
    return ParsedImage(
        "PNG", *(size or (0, 0)), image, has_metadata or end < len(data), profile, orientation.value
    )


def _read_png_orientation(kind: bytes, body: memoryview, orientation: _Orientation) -> None:
    """Reads EXIF, XMP, and EXIF of older ImageMagick: a hex text after three lines."""
    if kind == b"eXIf":
        orientation.read_exif(bytes(body))
    elif kind == b"iTXt" and bytes(body[:18]) == b"XML:com.adobe.xmp\0":
        orientation.read_xmp(bytes(body))
    elif kind == b"zTXt" and bytes(body[:22]) in {
        b"Raw profile type exif\0",
        b"Raw profile type APP1\0",
    }:
        with contextlib.suppress(ValueError):
            text = _decompress(bytes(body)).decode("ascii")
            orientation.read_exif(bytes.fromhex("".join(text.split("\n")[3:])))


def _decompress(body: bytes) -> bytes:
    """Decompresses a chunk of name, method and data; b"" if it is damaged or too large."""
    name, _, compressed = body.partition(b"\0")
    decompressor = zlib.decompressobj()
    try:
        found = decompressor.decompress(compressed[1:], MAX_PROFILE)
    except zlib.error:
        return b""
    return found if name and decompressor.eof else b""


# JPEG ---------------------------------------------------------------------------------------------

# In a scan FF00 is a byte of data, and FFD0 to FFD7 are restart markers.
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
_IMAGE_MARKERS = _SOF | {0xC4, 0xCC, *range(0xDB, 0xE0), _SOS, _EOI}  # with tables and scans


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yields marker, start and end of each segment (a scan with its data) up to EOI, if there is
    one."""
    at, count = 2, 0
    while found := _MARKER.search(data, at):
        _check_count(count := count + 1)
        marker, start, at = data[found.end() - 1], found.start(), found.end()
        if marker not in {_SOI, _EOI}:  # these have no length
            at += int.from_bytes(data[at : at + 2], "big")
            if at > len(data):
                raise _end_missing()
        if marker == _SOS:
            following = _MARKER.search(data, at)
            at = following.start() if following else len(data)
        yield marker, start, at
        if marker == _EOI:
            return


def _jpeg(data: bytes) -> ParsedImage:
    view = memoryview(data)
    parts = [view[:2]]
    profiles: list[bytes] = []
    has_metadata, orientation, end, scans, marker = False, _Orientation(), 2, 0, 0
    size: tuple[int, int] | None = None
    for marker, start, stop in _jpeg_segments(data):  # up to the end of the image
        body = view[start + 4 : stop]
        has_metadata = has_metadata or bool(
            data[end:start].strip(b"\xff")
        )  # FF is padding before a marker
        end = stop
        if marker in _SOF:
            size = size or _read_pair(bytes(body[1:5]), 2, "big")
        if marker == _APP2 and bytes(body[:12]) == b"ICC_PROFILE\0":
            profiles.append(bytes(body[12:]))
        elif marker in _IMAGE_MARKERS or _is_header(marker, body):
            parts.append(view[start:stop])
            scans += marker == _SOS
        else:
            has_metadata = True
        if marker == _APP1 and bytes(body[:6]) == b"Exif\0\0":
            orientation.read_exif(bytes(body))
        elif marker == _APP1 and bytes(body[:29]) == b"http://ns.adobe.com/xap/1.0/\0":
            orientation.read_xmp(bytes(body))
    height, width = size or (0, 0)
    profile = _join_profile(profiles)
    has_metadata = (
        has_metadata or marker != _EOI or end < len(data) or (bool(profiles) and not profile)
    )
    image = data if sum(map(len, parts)) == len(data) else b"".join(parts)
    return ParsedImage(
        "JPEG", width, height, image, has_metadata, profile, orientation.value, scans=scans
    )


def _is_header(marker: int, body: memoryview) -> bool:
    """Whether it is JFIF without a thumbnail, or Adobe's colour transform."""
    if marker == _APP0:
        return len(body) == 14 and bytes(body[:5]) == b"JFIF\0"
    return marker == _APP14 and len(body) == 12 and bytes(body[:5]) == b"Adobe"


def _join_profile(profiles: list[bytes]) -> bytes:
    """Joins the numbered segments of a profile; b"" if one is missing or it is too large."""
    profiles = sorted(profiles, key=lambda piece: piece[:1])
    numbers = [tuple(piece[:2]) for piece in profiles]
    is_complete = numbers == [(index + 1, len(numbers)) for index in range(len(numbers))]
    return (
        b"".join(piece[2:] for piece in profiles)
        if is_complete and sum(map(len, profiles)) <= MAX_PROFILE
        else b""
    )


# WebP ---------------------------------------------------------------------------------------------

_WEBP_IMAGE_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))


def _webp_chunks(data: bytes, end: int) -> Iterator[tuple[bytes, memoryview]]:
    at, count = 12, 0
    while at + 8 <= end:
        _check_count(count := count + 1)
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], memoryview(data)[at + 8 : min(at + 8 + size, end)]
        at += 8 + size + size % 2


def _webp(data: bytes) -> ParsedImage:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise _end_missing()
    size: tuple[int, int] | None = None
    profile, orientation, frames = b"", _Orientation(), 0
    kinds: set[bytes] = set()
    for kind, body in _webp_chunks(data, end):
        kinds.add(kind)
        frames += kind == b"ANMF"
        size = size or _webp_size(kind, bytes(body[:10]))
        if kind == b"ICCP":
            profile = profile or bytes(body[:MAX_PROFILE])
        elif kind == b"EXIF":
            orientation.read_exif(bytes(body))
        elif kind == b"XMP ":
            orientation.read_xmp(bytes(body))
    if frames > 1:
        raise ImageParseError("animated", "it has more than one frame")
    has_metadata = not kinds <= _WEBP_IMAGE_CHUNKS or end < len(data)
    width, height = size or (0, 0)
    return ParsedImage(
        "WEBP",
        width,
        height,
        data[:end],
        has_metadata,
        profile,
        orientation.value,
        b"VP8L" in kinds,
    )


def _webp_size(kind: bytes, head: bytes) -> tuple[int, int] | None:
    """Returns the size of the canvas, or of the image if there is no canvas."""
    if kind == b"VP8X":
        width, height = _read_pair(head[4:10], 3, "little")
        return width + 1, height + 1
    if kind == b"VP8 ":
        width, height = _read_pair(head[6:10], 2, "little")
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


# Orientation -------------------------------------------------------------------------------------

_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([1-8])["<]')


class _Orientation:
    """The orientation in a file's metadata; EXIF before XMP, the first before others."""

    def __init__(self) -> None:
        self._exif = self._xmp = 0

    @property
    def value(self) -> int:
        return self._exif or self._xmp or 1

    def read_exif(self, exif: bytes) -> None:
        self._exif = self._exif or _exif_orientation(exif)

    def read_xmp(self, xmp: bytes) -> None:
        found = _XMP_ORIENTATION.search(xmp)
        self._xmp = self._xmp or (int(found[1]) if found else 0)


def _exif_orientation(exif: bytes) -> int:
    """Returns 1 to 8, or 0 if it is missing or damaged."""
    tiff = exif.removeprefix(b"Exif\0\0")
    if tiff[:4] not in {b"II*\0", b"MM\0*"}:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if tiff[:1] == b"I" else "big")

    first = number(4, 4) + 2
    for entry in range(first, min(first + 12 * number(first - 2, 2), len(tiff) - 11), 12):
        if number(entry, 2) == 0x0112:
            value = number(entry + 8, 4 if number(entry + 2, 2) == 4 else 2)
            return value if 1 <= value <= 8 else 0
    return 0


def _read_pair(data: bytes, size: int, order: Literal["little", "big"]) -> tuple[int, int]:
    return int.from_bytes(data[:size], order), int.from_bytes(data[size : 2 * size], order)
