"""Frames: what is sent is what the thumbnail shows and what the person gave, for every kind of
file."""

from __future__ import annotations

import base64
import io
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from hailuo_nb.media import images
from hailuo_nb.requests.frame import Frame
from tests.unit import kinds
from tests.unit.pictures import SECRET, encoded, exif, opened, refused


def in_srgb(image: Image.Image) -> np.ndarray:
    """As a browser shows it: by its profile, with nothing behind that could shine through."""
    assert not image.has_transparency_data or image.convert("RGBA").getextrema()[3] == (255, 255)
    image, profile = image.convert("RGB"), image.info.get("icc_profile")
    if profile:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB")) or image
    return np.asarray(image).astype(int)


def thumbnail_of(frame: Frame) -> Image.Image:
    return kinds.decoded(base64.b64decode(frame.thumbnail().partition(",")[2]))


def shrunk(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels.astype(np.uint8)).resize(size, reducing_gap=2)).astype(
        int
    )


@pytest.mark.parametrize("name", kinds.FILES)
def test_what_is_sent_is_what_the_thumbnail_shows(name: str) -> None:
    frame = Frame.of(kinds.FILES[name])
    assert frame.data is not None
    sent, small = opened(frame), thumbnail_of(frame)
    assert sent.size == (frame.width, frame.height)
    difference = np.abs(shrunk(in_srgb(sent), small.size) - in_srgb(small))
    assert difference.mean() < 5  # what JPEG does to a dithered one
    plain = np.abs(
        shrunk(np.asarray(sent.convert("RGB")), small.size) - np.asarray(small.convert("RGB"))
    )
    assert plain.mean() < 5  # and for a provider that knows of no profile


@pytest.mark.parametrize("name", kinds.FILES)
def test_what_is_sent_is_eight_bits_of_colour_and_nothing_else(name: str) -> None:
    frame = Frame.of(kinds.FILES[name])
    assert frame.data is not None
    assert opened(frame).mode in {"RGB", "RGBA", "L", "LA", "P", "1"}
    assert SECRET not in frame.data
    assert b"secret" not in frame.data
    assert not opened(frame).getexif()
    assert len(opened(frame).info.get("icc_profile") or b"") <= 65_536
    assert Frame.of(frame.data).data == frame.data


def as_given(name: str) -> np.ndarray:
    """The scene in the colours of a kind, white where it is clear."""
    image, clear = kinds.scene(), 0.0
    if "grey" in name:
        image = image.convert("L")
    pixels = np.asarray(image.convert("RGB")).astype(float)
    if "profile of other colours" in name:
        pixels = pixels[..., [1, 0, 2]]  # about, that is: the swap is one of light
    for word, opacity in (("grey and alpha", 99), ("16-bit grey and alpha", 90), ("rgba", 128)):
        if word in name and "opaque" not in name:
            clear = 1 - opacity / 255
    return pixels * (1 - clear) + 255 * clear


_LOOSE = {
    "png palette",
    "png palette, some clear",
    "png palette, one clear",
    "png one bit",
    "webp rgba",
}


@pytest.mark.parametrize("name", [n for n in kinds.FILES if "turn" not in n and n not in _LOOSE])
def test_what_is_sent_is_what_was_given(name: str) -> None:
    pixels = in_srgb(opened(Frame.of(kinds.FILES[name])))
    assert np.abs(pixels - as_given(name)).mean() < (12 if "other colours" in name else 4)


def test_16_bit_grey_is_scaled_and_not_cut() -> None:
    grey = np.asarray(kinds.scene().convert("L")).astype(int)
    for source in (kinds.FILES["png 16-bit grey"], kinds.decoded(kinds.FILES["png 16-bit grey"])):
        sent = np.asarray(opened(Frame.of(source)).convert("L")).astype(int)
        assert np.abs(sent - grey).max() <= 1


def test_a_picture_that_is_fine_is_sent_byte_for_byte() -> None:
    fine = [
        "png",
        "png palette",
        "png one bit",
        "png grey",
        "png rgba, opaque",
        "png 16-bit rgb",
        "jpeg",
        "webp",
    ]
    fine += [
        "png words for sRGB",
        "jpeg progressive",
        "jpeg grey",
        "webp lossless",
        "jpeg filled up",
    ]
    fine += ["png a profile of other colours, kept", "jpeg a profile of other colours, kept"]
    for name in fine:
        assert Frame.of(kinds.FILES[name]).data == kinds.FILES[name], name


def test_nothing_that_a_browser_alone_would_go_by_stays() -> None:
    for name in (
        "gamma of linear light",
        "primaries of another screen",
        "light of a cinema",
        "broken gamma",
    ):
        data = Frame.of(kinds.FILES[f"png {name}"]).data or b""
        assert not any(kind in data for kind in (b"gAMA", b"cHRM", b"cICP", b"mDCV"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_exif_goes_before_xmp(kind: str) -> None:
    xmp = b'<x:xmpmeta tiff:Orientation="3"/>'
    options = {} if kind == "PNG" else {"xmp": xmp}
    frame = Frame.of(encoded(kinds.scene(), kind, exif=exif(6), **options))
    assert (frame.width, frame.height) == (400, 320)


def test_an_exif_of_imagemagick_turns_too() -> None:
    body = b"\nexif\n" + str(len(exif(6))).encode().rjust(8) + b"\n" + exif(6).hex().encode()
    raw = b"Raw profile type exif\0\0" + zlib.compress(body)
    assert Frame.of(kinds.with_chunk(kinds.FILES["png"], b"zTXt", raw)).width == 400


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "CMYK"])
def test_a_pil_image_is_sent_as_the_thumbnail_shows_it(mode: str) -> None:
    names = {
        "RGBA": "png rgba",
        "LA": "png grey and alpha",
        "P": "png palette, some clear",
        "I;16": "png 16-bit grey",
    }
    image = kinds.decoded(kinds.FILES[names.get(mode, "jpeg cmyk")])
    assert image.mode == mode
    frame = Frame.of(image)
    small = thumbnail_of(frame)
    assert np.abs(shrunk(in_srgb(opened(frame)), small.size) - in_srgb(small)).mean() < 4
    assert (
        Frame.of(kinds.FILES[names.get(mode, "jpeg cmyk")]).thumbnail()[:40]
        == frame.thumbnail()[:40]
    )


@pytest.mark.parametrize(
    "damage", [b"\0" * 40, b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + b"\xff" * 99]
)
def test_a_pil_image_with_a_damaged_exif_is_sent_without_it(damage: bytes) -> None:
    image = kinds.scene()
    image.info["exif"] = damage
    assert opened(Frame.of(image)).size == image.size


def test_two_headers_of_two_sizes_are_refused() -> None:
    head = kinds.FILES["png"][8:33]
    other = kinds.chunk(b"IHDR", (9000).to_bytes(4, "big") * 2 + head[16:21])
    assert "header" in refused(kinds.FILES["png"][:33] + other + kinds.FILES["png"][33:])
    assert images.MAX_PIXELS == 64_000_000


def test_a_palette_that_is_missing_is_damage() -> None:
    """Pillow opens and decodes such a PNG, and raises an UnboundLocalError where it is written."""
    data = kinds.FILES["png palette, one clear"]
    at = data.index(b"PLTE") - 4
    end = at + 12 + int.from_bytes(data[at : at + 4], "big")
    assert "damaged: it has no palette" in refused(data[:at] + data[end:])
    assert "damaged: it has no palette" in refused(data[:at] + data[end:] + b"tail")
