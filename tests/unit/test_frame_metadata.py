"""Frames: what must not leave the machine, and what must stay in the picture."""

from __future__ import annotations

import hashlib
import io
import struct

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from hailuo_nb.requests.frame import Frame
from tests.unit.pictures import PLAIN, SECRET, encoded, exif, noise, opened, picture, refused

# Metadata -----------------------------------------------------------------------------------------


def with_metadata() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    jpeg, webp = PLAIN["image/jpeg"], PLAIN["image/webp"]
    return {
        "jpeg exif": encoded(picture(), "JPEG", exif=exif()),
        "jpeg comment": encoded(picture(), "JPEG", comment=SECRET),
        "jpeg xmp": encoded(picture(), "JPEG", xmp=xmp),
        "jpeg iptc": jpeg[:2]
        + b"\xff\xed"
        + struct.pack(">H", len(SECRET) + 2)
        + SECRET
        + jpeg[2:],
        "jpeg tail": jpeg + SECRET,
        "png exif": encoded(picture(), "PNG", exif=exif()),
        "png text": encoded(picture(), "PNG", pnginfo=text),
        "png tail": PLAIN["image/png"] + SECRET,
        "webp exif": encoded(picture(), "WEBP", exif=exif()),
        "webp xmp": encoded(picture(), "WEBP", xmp=xmp),
        "webp lossless exif": encoded(picture(), "WEBP", exif=exif(), lossless=True),
        "webp tail": webp + SECRET,
    }


@pytest.mark.parametrize("name", with_metadata())
def test_metadata_stays_on_the_machine(name: str) -> None:
    data = with_metadata()[name]
    assert SECRET in data
    frame = Frame.of(data)
    assert frame.data is not None
    assert SECRET not in frame.data
    assert not opened(frame).getexif()
    assert frame.media_type == "image/" + name.split(maxsplit=1)[0]
    before = np.asarray(picture()).astype(int)
    after = np.asarray(opened(frame).convert("RGB")).astype(int)
    assert np.abs(before - after).mean() < 3
    assert frame.identity == "sha256:" + hashlib.sha256(frame.data).hexdigest()
    assert Frame.of(frame.data).data == frame.data


def turned(orientation: int) -> np.ndarray:
    """What a viewer shows for this EXIF orientation, by the table of the EXIF standard."""
    pixels = np.asarray(picture())
    rows_first = {1: pixels, 2: pixels[:, ::-1], 3: pixels[::-1, ::-1], 4: pixels[::-1]}
    flipped = pixels.transpose(1, 0, 2)
    columns_first = {5: flipped, 6: flipped[:, ::-1], 7: flipped[::-1, ::-1], 8: flipped[::-1]}
    return {**rows_first, **columns_first}[orientation]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_is_turned_before_its_exif_goes(kind: str, orientation: int) -> None:
    frame = Frame.of(encoded(picture(), kind, exif=exif(orientation)))
    expected = turned(orientation).astype(int)
    assert (frame.height, frame.width) == expected.shape[:2]
    pixels = np.asarray(opened(frame).convert("RGB")).astype(int)
    assert np.abs(pixels - expected).mean() < 3
    assert SECRET not in (frame.data or b"")


def test_the_size_is_checked_as_it_will_be_seen() -> None:
    assert "750 x 320" not in refused(encoded(picture(320, 1000), "JPEG", exif=exif(6)))
    frame = Frame.of(encoded(picture(320, 750), "JPEG", exif=exif(6)))
    assert (frame.width, frame.height) == (750, 320)


def test_a_jpeg_keeps_its_quality_when_its_exif_goes() -> None:
    data = encoded(Image.fromarray(noise(400, 400)), "JPEG", quality=60, subsampling=2, exif=exif())
    frame = Frame.of(data)
    assert opened(frame).quantization == Image.open(io.BytesIO(data)).quantization  # type: ignore[attr-defined]
    assert abs(len(frame.data or b"") - len(data)) < len(data) * 0.1


def test_a_phones_picture_of_several_is_sent_as_its_first() -> None:
    data = encoded(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])
    assert Image.open(io.BytesIO(data)).format == "MPO"
    frame = Frame.of(data)
    assert frame.media_type == "image/jpeg"
    assert opened(frame).format == "JPEG"
    assert (
        np.abs(np.asarray(opened(frame)).astype(int) - np.asarray(picture()).astype(int)).mean() < 3
    )


def test_the_colour_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("PNG", "JPEG", "WEBP"):
        plain = encoded(picture(), kind, icc_profile=profile)
        assert Frame.of(plain).data == plain
        cleaned = Frame.of(encoded(picture(), kind, icc_profile=profile, exif=exif()))
        assert opened(cleaned).info["icc_profile"] == profile


def test_white_comes_behind_what_is_transparent() -> None:
    """A clip has no transparency: providers put black behind it, or show colours that nobody
    saw."""
    image = picture(mode="RGBA")
    image.putalpha(Image.new("L", image.size, 77))
    expected = np.asarray(picture()) * (77 / 255) + 255 * (1 - 77 / 255)
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True})):
        frame = Frame.of(encoded(image, kind, **options))
        assert not opened(frame).has_transparency_data
        assert np.abs(np.asarray(opened(frame).convert("RGB")) - expected).max() < 2
    palette = picture(mode="P")
    frame = Frame.of(encoded(palette, "PNG", transparency=palette.getpixel((300, 300))))
    assert opened(frame).convert("RGB").getpixel((300, 300)) == (255, 255, 255)


def test_a_picture_whose_transparency_is_nowhere_used_stays_as_it_is() -> None:
    for image in (picture(mode="RGBA"), picture(mode="LA")):
        data = encoded(image, "PNG")
        assert Frame.of(data).data == data
