"""Frames: small files that claim or unfold to much. Memory is what Python hands out (zlib's output
is), time is kept by what is never called: a decoder.
"""

from __future__ import annotations

import functools
import struct
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from hailuo_nb.errors import FrameError
from hailuo_nb.media import image_parser, images
from hailuo_nb.requests.frame import Frame
from tests.unit import kinds
from tests.unit.pictures import encoded, refused

PNG, JPEG, WEBP = (encoded(kinds.scene(), kind) for kind in ("PNG", "JPEG", "WEBP"))


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(9)
    zeros = bytes(1 << 20)
    return b"".join([*(packer.compress(zeros) for _ in range(size >> 20)), packer.flush()])


@functools.cache
def much() -> bytes:
    return deflated(256 << 20)


def jpeg_of(width: int, height: int) -> bytes:
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def webp_of(width: int, height: int, *, animated: bool = False) -> bytes:
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    head = b"VP8X" + struct.pack("<I", 10) + bytes([2 if animated else 0, 0, 0, 0]) + size
    frames = (b"ANMF" + struct.pack("<I", 24) + bytes(24)) * (50_000 if animated else 0)
    return (
        b"RIFF"
        + struct.pack("<I", len(WEBP) - 8 + len(head + frames))
        + b"WEBP"
        + head
        + frames
        + WEBP[12:]
    )


def scans(count: int, side: int) -> bytes:
    small = encoded(Image.new("L", (side, side)), "JPEG", progressive=True)
    last = small[small.rindex(b"\xff\xda") : -2]
    return small[:-2] + last * count + b"\xff\xd9"


FINE: dict[str, Callable[[], bytes]] = {
    "profile": lambda: kinds.with_chunk(PNG, b"iCCP", b"x\0\0" + much()),
    "zTXt": lambda: kinds.with_chunk(PNG, b"zTXt", b"Comment\0\0" + much()),
    "iTXt": lambda: kinds.with_chunk(PNG, b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + much()),
    "raw exif": lambda: kinds.with_chunk(PNG, b"zTXt", b"Raw profile type exif\0\0" + much()),
    "many texts": lambda: (
        PNG[:33] + kinds.chunk(b"zTXt", b"a\0\0" + deflated(1 << 20)) * 9000 + PNG[33:]
    ),
    "exif that points at itself": lambda: kinds.FILES["jpeg exif of loops"],
}


@pytest.mark.parametrize("name", FINE)
def test_metadata_that_unfolds_is_left_out_and_never_unfolded(name: str) -> None:
    data = FINE[name]()
    tracemalloc.start()
    try:
        frame = Frame.of(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * image_parser.MAX_PROFILE + 2 * len(data) + 1_000_000
    assert len(frame.data or b"") < 200_000
    assert frame.width == kinds.WIDTH


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "png header": (lambda: PNG[:16] + b"\xff\xff\xff\xff" * 2 + PNG[24:], "64,000,000"),
    "jpeg header": (lambda: jpeg_of(65535, 65535), "64,000,000"),
    "webp canvas": (lambda: webp_of(1 << 24, 1 << 24), "32,000,000"),
    "webp canvas of what is taken of others": (lambda: webp_of(8000, 8000), "32,000,000"),
    "webp frames": (lambda: webp_of(320, 400, animated=True), "animated"),
    "png frames": (lambda: kinds.with_chunk(PNG, b"acTL", b"\x7f\xff\xff\xff\0\0\0\0"), "animated"),
    "png chunks": (
        lambda: PNG[:33] + kinds.chunk(b"tEXt", b"") * 100_001 + PNG[33:],
        "100,000 parts",
    ),
    "png pixels in crumbs": (
        lambda: PNG[:33] + kinds.chunk(b"IDAT", b"") * 100_001 + PNG[33:],
        "100,000 parts",
    ),
    "jpeg segments": (lambda: JPEG[:2] + b"\xff\xfe\0\2" * 100_001 + JPEG[2:], "100,000 parts"),
    "webp chunks": (
        lambda: (
            WEBP[:4]
            + struct.pack("<I", len(WEBP) - 8 + 800_008)
            + WEBP[8:]
            + b"junk\0\0\0\0" * 100_001
        ),
        "100,000 parts",
    ),
    "jpeg scans": (lambda: scans(20_000, 400), "scans"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_take_gigabytes_or_minutes_is_refused_before_it_is_opened(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoder(*_: object, **__: object) -> None:
        raise AssertionError("a decoder was asked")

    make, said = REFUSED[name]
    data = make()
    assert len(data) < images.MAX_INPUT_BYTES // 4
    monkeypatch.setattr("PIL.Image.open", decoder)
    assert said in refused(data)


def test_a_progressive_photo_is_no_bomb() -> None:
    assert Frame.of(scans(20, 400)).width == 400


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP], ids=["png", "jpeg", "webp"])
def test_no_cut_and_no_wrong_byte_brings_more_than_an_error_for_people(data: bytes) -> None:
    for at in range(0, len(data), max(1, len(data) // 150)):
        for broken in (
            data[:at],
            data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :],
            data[:at] + data[at + 7 :],
        ):
            try:
                frame = Frame.of(broken)
            except FrameError:
                continue
            assert frame.thumbnail()
