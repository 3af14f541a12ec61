"""Frames: the limits, and what is no picture or no regular file."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hailuo_nb.media import images as module
from hailuo_nb.requests.frame import Frame
from tests.unit.pictures import PLAIN, encoded, noise, picture, refused

# Limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "size", [(301, 301), (301, 700), (700, 301), (400, 1000), (1000, 400), (310, 775)]
)
def test_sizes_at_the_limit_pass(size: tuple[int, int]) -> None:
    for source in (encoded(picture(*size)), picture(*size), np.asarray(picture(*size))):
        frame = Frame.of(source)
        assert (frame.width, frame.height) == size


@pytest.mark.parametrize(
    ("size", "measured"),
    [
        ((300, 301), "short side is 300 px"),
        ((301, 300), "short side is 300 px"),
        ((1, 1), "short side is 1 px"),
        ((400, 1001), "ratio is 1:2.5"),
        ((1001, 400), "ratio is 1:2.5"),
        ((301, 3000), "ratio is 1:9.97"),
    ],
)
def test_sizes_beyond_the_limit_are_refused_with_both_numbers(
    size: tuple[int, int], measured: str
) -> None:
    for source in (encoded(picture(*size)), picture(*size), np.asarray(picture(*size))):
        message = refused(source)
        assert measured in message
        assert f"{size[0]} x {size[1]}" in message
        assert "over 300 px" in message or "2:5 to 5:2" in message


def test_64_mb_pass_and_one_byte_more_does_not(tmp_path: Path) -> None:
    limit = module.MAX_INPUT_BYTES
    path = tmp_path / "big.png"
    with path.open("wb") as stream:
        stream.truncate(limit + 1)
    message = refused(path)
    assert "67,108,865 bytes" in message
    assert "at most 64 MB" in message
    assert "67,108,865 bytes" in refused(bytes(limit + 1))
    assert "67,108,865 bytes" in refused(io.BytesIO(bytes(limit + 1)))
    data = PLAIN["image/jpeg"][:-2] + bytes(limit - len(PLAIN["image/jpeg"])) + b"\xff\xd9"
    assert len(data) == limit
    assert Frame.of(data).width == 320


def test_a_huge_data_url_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: Any, **__: Any) -> bytes:
        raise AssertionError("decoded")

    text = "data:image/png;base64," + "A" * (95 * 1024 * 1024)
    monkeypatch.setattr("base64.b64decode", decode)
    assert "at most 64 MB" in refused(text)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is this big; its rows are not there, so that decoding would fail
    otherwise."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_000, 12_000, 20_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    assert "64,000,000" in refused(bomb(side, side))


def test_a_huge_image_in_memory_is_refused_before_it_is_encoded() -> None:
    array = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (9_000, 9_000, 3))
    assert "64,000,000" in refused(array)


# What is no picture -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "no picture"),
        (encoded(picture(), "GIF"), "a GIF"),
        (encoded(picture(), "BMP"), "a BMP"),
        (encoded(picture(), "TIFF"), "a TIFF"),
        (encoded(picture(), "PDF"), "a PDF"),
        (encoded(picture(), "EPS"), "an EPS"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        (b"<!doctype html><p>404", "an HTML"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
        (b"root:x:0:0:root:/root:/bin/bash\n", "no picture"),
    ],
)
def test_other_files_are_refused_with_the_accepted_formats(data: bytes, said: str) -> None:
    message = refused(data)
    assert said in message
    assert "JPG, PNG or WebP" in message


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animated_pictures_are_refused(kind: str) -> None:
    data = encoded(
        picture(), kind, save_all=True, append_images=[picture().rotate(180)], duration=100
    )
    assert "animated" in refused(data)


def test_an_animated_pil_image_is_refused() -> None:
    data = encoded(picture(), "GIF", save_all=True, append_images=[picture().rotate(180)])
    assert "animated" in refused(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
def test_truncated_pictures_are_refused(kind: str, share: float) -> None:
    data = encoded(Image.fromarray(noise(400, 400)), kind)
    message = refused(data[: int(len(data) * share)])
    assert "cut short" in message or "no picture" in message


def test_a_png_without_its_end_is_refused() -> None:
    assert "cut short" in refused(PLAIN["image/png"][:-12])


def test_a_truncated_pil_image_is_refused() -> None:
    data = PLAIN["image/jpeg"]
    assert "decoded" in refused(Image.open(io.BytesIO(data[: len(data) // 2])))


# What is no regular file --------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "cat.png")
    assert "no such file" in refused("cat that is not there.png")


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in the file system")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert "a pipe; a regular file is needed" in refused(tmp_path / "pipe.png")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device() -> None:
    assert "a device or a pipe; a regular file is needed" in refused("/dev/zero")


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 5_000, "~nobody-of-that-name/cat.png"])
def test_names_that_no_file_can_have(name: str) -> None:
    message = refused(name)
    assert len(message) < 300


def test_a_link_in_the_file_system_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(PLAIN["image/png"])
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    assert Frame.of(tmp_path / "link.png").width == 320


def test_a_text_file_is_refused_without_its_content(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=sk-secret")
    assert "sk-secret" not in refused(tmp_path / ".env")
