"""PNG, JPEG and WebP files as bytes: size, colour profile, EXIF turn, and what else is in them,
without a decoder.

Pure, in bounded memory and time whatever the bytes claim. Must not know frames or Pillow. Formats:
PNG third edition (W3C, 2025), JPEG ITU-T T.81 and ICC.1 annex B.4, WebP container (RFC 9649), EXIF
3.0 (IFD0 of a TIFF).
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_PROFILE = 4 * 1024 * 1024
"""Bytes of a colour profile that are unpacked; a larger one is none."""
MAX_PARTS = 100_000
"""Chunks or segments of one file: each costs time, however small it is."""


@dataclass(frozen=True, slots=True)
class ParsedImage:
    """What a file holds.

    kind      "JPEG", "PNG" or "WEBP"
    width     pixels as they are stored, before the turn
    height    the same
    picture   the file with nothing but the picture, for a decoder; PNG and JPEG without their
              profile
    extras    whether the file holds anything but picture and profile
    profile   its ICC profile, b"" where there is none that can be unpacked
    turn      EXIF orientation, 1 to 8
    lossless  WebP without loss
    scans     of a JPEG
    """

    kind: str
    width: int
    height: int
    picture: bytes
    extras: bool
    profile: bytes = b""
    turn: int = 1
    lossless: bool = False
    scans: int = 1


class ImageParseError(ValueError):
    """The bytes are no picture that is taken; `code` is "format", "animated" or "damaged"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse(data: bytes) -> ParsedImage:
    """Raises ImageFileError."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    raise ImageParseError("format", "neither JPEG, PNG nor WebP")


def _counted(number: int) -> None:
    if number > MAX_PARTS:
        raise ImageParseError("damaged", f"it has more than {MAX_PARTS:,} parts")


def _end_missing() -> ImageParseError:
    return ImageParseError("damaged", "its end is missing")


# PNG ----------------------------------------------------------------------------------------------

_PNG_DECODED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
# What says that the colours are those of sRGB, or nothing of them; with the lengths that the format
# allows.
_PNG_KEPT = {
    b"gAMA": (4,), b"cHRM": (32,), b"sRGB": (1,), b"cICP": (4,), b"pHYs": (9,), b"sBIT": (1, 2, 3,
    4),
    b"bKGD": (1, 2, 6), b"hIST": range(2, 513, 2),
}  # fmt: skip
_SRGB = {b"gAMA": (45455,), b"cHRM": (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)}


def _is_kept(kind: bytes, body: memoryview) -> bool:
    """Whether the chunk may stay. Other gammas and primaries go: a browser goes by them, and hardly
    anybody else."""
    if len(body) not in _PNG_KEPT.get(kind, ()):
        return False
    told = [int.from_bytes(body[at : at + 4], "big") for at in range(0, len(body), 4)]
    if kind == b"cICP":  # codes; the others are rounded by whoever writes them
        return told == [0x010D0001]
    return kind not in _SRGB or all(
        abs(a - b) <= a // 100 for a, b in zip(_SRGB[kind], told, strict=True)
    )


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of each chunk up to IEND; length, kind and checksum are within."""
    at, number, kind = 8, 0, b""
    while kind != b"IEND":
        _counted(number := number + 1)
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(kind) < 4 or end > len(data):
            raise _end_missing()
        yield kind, at, end
        at = end


def _png(data: bytes) -> ParsedImage:
    view = memoryview(data)
    pieces = [view[:8]]
    extras, profile, turns, end = False, b"", _Turns(), 0
    size: tuple[int, int] | None = None
    for kind, start, end in _png_chunks(data):  # the last one is the end
        body = view[start + 8 : end - 4]
        if (kind == b"IHDR") != (size is None):
            raise ImageParseError("damaged", "its header is missing or comes twice")
        size = size or _two(bytes(body[:8]), 4, "big")
        if kind in _PNG_DECODED:
            pieces.append(view[start:end])
            continue
        whole = zlib.crc32(body, zlib.crc32(kind)) == int.from_bytes(view[end - 4 : end], "big")
        if kind == b"acTL" and int.from_bytes(body[:4], "big") > 1:
            raise ImageParseError("animated", "it has more than one frame")
        if kind == b"iCCP" and whole and not profile and (unpacked := _unpacked(bytes(body))):
            profile = unpacked
            continue
        if whole:
            _read_png_turn(kind, body, turns)
        extras = extras or not (whole and _is_kept(kind, body))
    picture = data if sum(map(len, pieces)) == len(data) else b"".join(pieces)
    return ParsedImage(
        "PNG", *(size or (0, 0)), picture, extras or end < len(data), profile, turns.turn
    )


def _read_png_turn(kind: bytes, body: memoryview, turns: _Turns) -> None:
    """EXIF, XMP, and EXIF as older ImageMagick writes it: a text in hex after three lines."""
    if kind == b"eXIf":
        turns.read_exif(bytes(body))
    elif kind == b"iTXt" and bytes(body[:18]) == b"XML:com.adobe.xmp\0":
        turns.read_xmp(bytes(body))
    elif kind == b"zTXt" and bytes(body[:22]) in {
        b"Raw profile type exif\0",
        b"Raw profile type APP1\0",
    }:
        with contextlib.suppress(ValueError):
            text = _unpacked(bytes(body)).decode("ascii")
            turns.read_exif(bytes.fromhex("".join(text.split("\n")[3:])))


def _unpacked(body: bytes) -> bytes:
    """What a chunk of name, method and deflated data holds; b"" where it is damaged or beyond
    `MAX_PROFILE`."""
    name, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        return b""
    return found if name and unpacker.eof else b""


# JPEG ---------------------------------------------------------------------------------------------

# Within a scan FF00 is a byte of data, and FFD0 to FFD7 are restarts.
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
_PICTURE = _SIZES | {
    0xC4,
    0xCC,
    0xDB,
    0xDC,
    0xDD,
    0xDE,
    0xDF,
    _SOS,
    _EOI,
}  # with tables, restarts and scans


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of each segment up to EOI, a scan with its data. Of a file without an
    EOI all there is."""
    at, number = 2, 0
    while found := _MARKER.search(data, at):
        _counted(number := number + 1)
        marker, start, at = data[found.end() - 1], found.start(), found.end()
        if marker not in {_SOI, _EOI}:  # these stand alone
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
    pieces = [view[:2]]
    profiles: list[bytes] = []
    extras, turns, end, scans, marker = False, _Turns(), 2, 0, 0
    size: tuple[int, int] | None = None
    for marker, start, stop in _jpeg_segments(data):  # the last one is the end
        body = view[start + 4 : stop]
        extras = extras or bool(
            data[end:start].strip(b"\xff")
        )  # FF before a marker fills up, anything else is none
        end = stop
        if marker in _SIZES:
            size = size or _two(bytes(body[1:5]), 2, "big")
        if marker == _APP2 and bytes(body[:12]) == b"ICC_PROFILE\0":
            profiles.append(bytes(body[12:]))
        elif marker in _PICTURE or _is_header(marker, body):
            pieces.append(view[start:stop])
            scans += marker == _SOS
        else:
            extras = True
        if marker == _APP1 and bytes(body[:6]) == b"Exif\0\0":
            turns.read_exif(bytes(body))
        elif marker == _APP1 and bytes(body[:29]) == b"http://ns.adobe.com/xap/1.0/\0":
            turns.read_xmp(bytes(body))
    height, width = size or (0, 0)
    profile = _joined(profiles)
    extras = extras or marker != _EOI or end < len(data) or (bool(profiles) and not profile)
    picture = data if sum(map(len, pieces)) == len(data) else b"".join(pieces)
    return ParsedImage("JPEG", width, height, picture, extras, profile, turns.turn, scans=scans)


def _is_header(marker: int, body: memoryview) -> bool:
    """JFIF without a thumbnail (of what may have been cut away), and the colour transform of
    Adobe."""
    if marker == _APP0:
        return len(body) == 14 and bytes(body[:5]) == b"JFIF\0"
    return marker == _APP14 and len(body) == 12 and bytes(body[:5]) == b"Adobe"


def _joined(profiles: list[bytes]) -> bytes:
    """The profile of its numbered segments; b"" where one is missing or it is too large."""
    profiles = sorted(profiles, key=lambda piece: piece[:1])
    told = [tuple(piece[:2]) for piece in profiles]
    whole = told == [(number + 1, len(told)) for number in range(len(told))]
    return (
        b"".join(piece[2:] for piece in profiles)
        if whole and sum(map(len, profiles)) <= MAX_PROFILE
        else b""
    )


# WebP ---------------------------------------------------------------------------------------------

_WEBP_PICTURE = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))


def _webp_chunks(data: bytes, end: int) -> Iterator[tuple[bytes, memoryview]]:
    at, number = 12, 0
    while at + 8 <= end:
        _counted(number := number + 1)
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], memoryview(data)[at + 8 : min(at + 8 + size, end)]
        at += 8 + size + size % 2


def _webp(data: bytes) -> ParsedImage:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise _end_missing()
    size: tuple[int, int] | None = None
    profile, turns, frames = b"", _Turns(), 0
    kinds: set[bytes] = set()
    for kind, body in _webp_chunks(data, end):
        kinds.add(kind)
        frames += kind == b"ANMF"
        size = size or _webp_size(kind, bytes(body[:10]))
        if kind == b"ICCP":
            profile = profile or bytes(body[:MAX_PROFILE])
        elif kind == b"EXIF":
            turns.read_exif(bytes(body))
        elif kind == b"XMP ":
            turns.read_xmp(bytes(body))
    if frames > 1:
        raise ImageParseError("animated", "it has more than one frame")
    extras = not kinds <= _WEBP_PICTURE or end < len(data)
    width, height = size or (0, 0)
    return ParsedImage(
        "WEBP", width, height, data[:end], extras, profile, turns.turn, b"VP8L" in kinds
    )


def _webp_size(kind: bytes, head: bytes) -> tuple[int, int] | None:
    """The canvas, or the picture where there is no canvas."""
    if kind == b"VP8X":
        width, height = _two(head[4:10], 3, "little")
        return width + 1, height + 1
    if kind == b"VP8 ":
        width, height = _two(head[6:10], 2, "little")
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


# The turn -----------------------------------------------------------------------------------------

_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([1-8])["<]')


class _Turns:
    """The orientation that the metadata of a file tells of; EXIF before XMP, the first before
    others."""

    def __init__(self) -> None:
        self._exif = self._xmp = 0

    @property
    def turn(self) -> int:
        return self._exif or self._xmp or 1

    def read_exif(self, exif: bytes) -> None:
        self._exif = self._exif or _exif_orientation(exif)

    def read_xmp(self, xmp: bytes) -> None:
        found = _XMP_ORIENTATION.search(xmp)
        self._xmp = self._xmp or (int(found[1]) if found else 0)


def _exif_orientation(exif: bytes) -> int:
    """1 to 8; 0 where it is not told, or damaged before it."""
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


def _two(data: bytes, size: int, order: Literal["little", "big"]) -> tuple[int, int]:
    return int.from_bytes(data[:size], order), int.from_bytes(data[size : 2 * size], order)
