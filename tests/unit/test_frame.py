"""Frames: every source of one, links, and thumbnails."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hailuo_nb.media import images as module
from hailuo_nb.requests.frame import Frame
from tests.unit.pictures import PLAIN, SECRET, encoded, exif, noise, opened, picture, refused

# Sources ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", PLAIN)
def test_bytes_without_metadata_stay_as_they_are(media_type: str) -> None:
    frame = Frame.of(PLAIN[media_type])
    assert frame.data == PLAIN[media_type]
    assert frame.identity == "sha256:" + hashlib.sha256(PLAIN[media_type]).hexdigest()
    assert (frame.media_type, frame.width, frame.height, frame.url) == (media_type, 320, 400, None)


@pytest.mark.parametrize("media_type", PLAIN)
def test_every_source_of_the_same_bytes_is_the_same_frame(media_type: str, tmp_path: Path) -> None:
    data = PLAIN[media_type]
    path = tmp_path / "cat"
    path.write_bytes(data)
    text = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    sources = [path, str(path), data, bytearray(data), memoryview(data), text, Frame.of(data)]
    assert {Frame.of(source) for source in sources} == {Frame.of(data)}
    assert Frame.of(path).to_url() == text


def test_the_content_decides_and_not_the_name_or_the_declared_type(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(PLAIN["image/jpeg"])
    assert Frame.of(path).media_type == "image/jpeg"
    text = "data:image/png;base64," + base64.b64encode(PLAIN["image/webp"]).decode()
    assert Frame.of(text).to_url().startswith("data:image/webp;base64,")


def test_a_frame_names_its_file_and_never_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "my cat.png"
    path.write_bytes(PLAIN["image/png"])
    frame = Frame.of(path)
    assert frame.name == "my cat.png"
    assert str(tmp_path) not in repr(frame) + frame.to_url() + frame.identity


def test_a_frame_stays_a_frame() -> None:
    frame = Frame.of(PLAIN["image/png"])
    assert Frame.of(frame) is frame


def test_bytes_stay_out_of_the_repr() -> None:
    assert len(repr(Frame.of(PLAIN["image/png"]))) < 300


def test_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "cat.png").write_bytes(PLAIN["image/png"])
    assert Frame.of("~/cat.png").width == 320
    assert Frame.of(Path("~/cat.png")).width == 320


def test_an_array_keeps_its_pixels_and_its_order_of_colours() -> None:
    array = noise(400, 350)
    frame = Frame.of(array)
    assert (frame.width, frame.height, frame.media_type) == (400, 350, "image/png")
    assert np.array_equal(np.asarray(opened(frame)), array)
    assert Frame.of(np.asfortranarray(array)) == frame
    assert np.array_equal(np.asarray(opened(Frame.of(array[:, ::-1]))), array[:, ::-1])


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((400, 400), np.uint8), "(400 x 400) of uint8"),
        (np.zeros((400, 400, 4), np.uint8), "(400 x 400 x 4) of uint8"),
        (np.zeros((3, 400, 400), np.uint8), "(3 x 400 x 400) of uint8"),
        (np.zeros((1, 400, 400, 3), np.uint8), "(1 x 400 x 400 x 3) of uint8"),
        (np.zeros((400, 400, 3), np.float32), "of float32"),
        (np.zeros((400, 400, 3), np.int64), "of int64"),
        (np.zeros((0, 0, 3), np.uint8), "short side is 0 px"),
        (np.array(None), "() of object"),
    ],
)
def test_other_arrays_are_refused_with_what_came(array: np.ndarray, said: str) -> None:
    assert said in refused(array)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "YCbCr"])
def test_a_pil_image_is_sent_as_png(mode: str) -> None:
    frame = Frame.of(picture(mode=mode))
    assert (frame.media_type, frame.width, frame.height) == ("image/png", 320, 400)
    assert opened(frame).mode in ("RGB", "RGBA")
    pixels = np.asarray(
        opened(frame).convert("RGB")
    )  # mode "1" is dithered, so look at whole quarters
    assert pixels[:190, :150].mean() > pixels[210:, 170:].mean() + 30


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_pil_image_of_numbers_is_refused_with_the_cure(mode: str) -> None:
    message = refused(Image.new(mode, (400, 400)))
    assert f"mode {mode}" in message
    assert "scale them to 0..255" in message


def test_a_pil_image_of_no_rgb_is_refused_with_the_cure() -> None:
    assert "ImageCms.profileToProfile" in refused(Image.new("LAB", (400, 400)))


def test_a_pil_image_is_not_changed_by_us() -> None:
    image = Image.open(io.BytesIO(encoded(picture(), "JPEG", exif=exif(6))))
    frame = Frame.of(image)
    assert (frame.width, frame.height) == (400, 320)
    assert SECRET not in (frame.data or b"")
    assert image.size == (320, 400)
    assert image.getexif()[0x0112] == 6


def test_a_png_over_the_limit_goes_as_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    array = noise(400, 400)
    monkeypatch.setattr(module, "MAX_PNG_BYTES", 450_000)
    frame = Frame.of(array)
    assert frame.media_type == "image/jpeg"
    assert len(frame.data or b"") <= 450_000


@pytest.mark.parametrize("source", [None, 3, 3.5, ["cat.png"], object()])
def test_other_things_are_refused_by_their_type(source: Any) -> None:
    assert type(source).__name__ in refused(source)


# Links --------------------------------------------------------------------------------------------


def test_a_link_is_passed_on_and_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: Any, **__: Any) -> None:
        raise AssertionError("a link was opened")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    link = "https://pictures.example/a/my%20cat.png?signature=x#f"
    frame = Frame.of(link)
    assert (frame.identity, frame.url, frame.to_url()) == (link, link, link)
    assert (frame.data, frame.width, frame.height, frame.media_type) == (None, None, None, "")
    assert frame.thumbnail() == ""
    assert frame.name == "my cat.png"
    assert Frame.of("HTTPS://pictures.example").name == "pictures.example"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://pictures.example/cat.png", "must be https, this one is http"),
        ("ftp://pictures.example/cat.png", "this one is ftp"),
        ("file:///etc/passwd", "this one is file"),
        ("https://", "no whole|not a whole"),
        ("https:cat.png", "not a whole"),
        ("https://pictures.example:port/cat.png", "not a whole"),
        ("https://pictures.example/cat .png", "not a whole"),
        ("https://pictures.example/cat\u202e.png", "not a whole"),
        ("https://[::1/cat.png", "not a whole"),
        ("https://me:hunter2@pictures.example/cat.png", "user name or password"),
        ("", "empty"),
        ("   ", "empty"),
    ],
)
def test_other_links_are_refused(link: str, said: str) -> None:
    message = refused(link)
    assert any(part in message for part in said.split("|"))
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data:image/png,rawtext", "no picture"),
        ("data:image/png;base64", "base64"),
        ("data:image/png;base64,@@@@", "not base64"),
        ("data:image/png;base64,abcde", "not base64"),
        ("data:image/png;base64,ab=cd", "not base64"),
        ("data:image/png;base64,%zz%zz", "not base64"),
        ("data:image/png;base64,ÿÿÿÿ", "not base64"),
        ("data:image/png;base64,", "empty"),
        ("data:text/html;base64," + base64.b64encode(b"<html>").decode(), "HTML"),
        ("data:image/svg+xml;base64," + base64.b64encode(b"<svg xmlns=''/>").decode(), "SVG"),
    ],
)
def test_bad_data_urls_are_refused(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_data_url_may_be_broken_over_lines() -> None:
    body = base64.encodebytes(PLAIN["image/png"]).decode()
    assert Frame.of("data:image/png;base64,\n" + body) == Frame.of(PLAIN["image/png"])


# Thumbnails ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", PLAIN)
def test_a_thumbnail_is_a_small_jpeg_in_the_same_shape(media_type: str) -> None:
    text = Frame.of(PLAIN[media_type]).thumbnail()
    assert text.startswith("data:image/jpeg;base64,")
    image = Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2])))
    assert image.size == (128, 160)
    assert len(text) < 12_000
    assert np.asarray(image)[5, 5, 0] > 200


def test_a_thumbnail_shows_transparency_as_white() -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    text = Frame.of(image).thumbnail(side=64)
    small = Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2])))
    assert small.size == (64, 64)
    assert small.getpixel((30, 30)) == (255, 255, 255)
