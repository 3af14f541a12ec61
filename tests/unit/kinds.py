"""Files of pictures of every kind that people have: how colours are stored, and what else is in the
file."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from tests.unit.pictures import encoded, exif

WIDTH, HEIGHT = 320, 400


def scene() -> Image.Image:
    """Two ramps and a red quarter: turning, mirroring, inverting and clipping all show, in colour
    and in grey."""
    ramp = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    ramp[..., 1] = np.linspace(0, 200, WIDTH).astype(np.uint8)
    ramp[..., 2] = np.linspace(30, 220, HEIGHT).astype(np.uint8)[:, None]
    ramp[: HEIGHT // 2, : WIDTH // 2, 0] = 255
    return Image.fromarray(ramp)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(data: bytes, kind: bytes, body: bytes, *, damaged: bool = False) -> bytes:
    """A PNG with one more chunk, before its pixels."""
    made = chunk(kind, body)
    return data[:33] + (made[:-1] + bytes([made[-1] ^ 1]) if damaged else made) + data[33:]


def with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment, after its JFIF header."""
    at = 2 + 2 + int.from_bytes(data[4:6], "big") if data[3] == 0xE0 else 2
    return data[:at] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[at:]


def without_segment(data: bytes, marker: int) -> bytes:
    at = data.index(bytes([0xFF, marker]))
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def png(depth: int, colour: int, rows: bytes, interlaced: int = 0) -> bytes:
    """A PNG of WIDTH x HEIGHT from its rows, each with its filter byte."""
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, interlaced)
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def sixteen_bits(values: np.ndarray, colour: int) -> bytes:
    rows = (values.astype(np.uint16) * 257).astype(">u2").reshape(HEIGHT, -1)
    return png(16, colour, b"".join(b"\0" + row.tobytes() for row in rows))


# Adam7: the first column and row of each pass, and the steps to the next.
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def interlaced(pixels: np.ndarray, colour: int) -> bytes:
    """A PNG that comes in seven passes, from coarse to fine."""
    passes = [pixels[y::down, x::across] for x, y, across, down in _PASSES]
    return png(
        8, colour, b"".join(b"\0" + row.tobytes() for rows in passes for row in rows), interlaced=1
    )


def ycck(image: Image.Image) -> bytes:
    """As Photoshop writes CMYK: ink inverted, three of the four inks as brightness and colour."""
    cyan, magenta, yellow, black = image.convert("CMYK").split()
    y, cb, cr = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    inverted = [plane.point(lambda v: 255 - v) for plane in (y, cb, cr)]
    data = encoded(Image.merge("CMYK", (*inverted, black)), "JPEG", quality=98)
    at = data.index(b"Adobe") + 11  # the byte of the transform
    return data[:at] + b"\x02" + data[at + 1 :]


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# Red and green change places: who goes by the profile sees other colours.
SWAPPED = SRGB.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")


def padded(profile: bytes, size: int) -> bytes:
    return struct.pack(">I", size) + profile[4:] + bytes(size - len(profile))


def big_text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "words " * 200_000, zip=True)
    info.add_itxt("XML:com.adobe.xmp", "<x/>" * 300_000)
    info.add_text("Raw profile type iptc", "y" * 3_000_000)
    return info


def _pngs() -> dict[str, bytes]:
    image = scene()
    plain = encoded(image)
    rgb = np.asarray(image)
    grey = np.asarray(image.convert("L"))
    alpha = np.dstack([rgb, np.full(grey.shape, 128)])
    icc = zlib.compress(SRGB)
    return {
        "png": plain,
        "png 16-bit grey": sixteen_bits(grey, 0),
        "png 16-bit grey, one clear": with_chunk(
            sixteen_bits(grey, 0), b"tRNS", struct.pack(">H", 257 * 60)
        ),
        "png 16-bit rgb": sixteen_bits(rgb, 2),
        "png 16-bit grey and alpha": sixteen_bits(np.dstack([grey, np.full(grey.shape, 90)]), 4),
        "png 16-bit rgba": sixteen_bits(alpha, 6),
        "png interlaced": interlaced(rgb, 2),
        "png interlaced grey": interlaced(grey, 0),
        "png interlaced, with a tail": interlaced(rgb, 2) + b"secret",
        "png palette": encoded(image.convert("P")),
        "png palette, some clear": encoded(image.convert("P"), transparency=bytes(range(256))),
        "png palette, one clear": encoded(image.convert("P"), transparency=7),
        "png one bit": encoded(image.convert("1")),
        "png grey": encoded(image.convert("L")),
        "png grey and alpha": encoded(
            Image.merge("LA", (image.convert("L"), Image.new("L", image.size, 99)))
        ),
        "png rgba": encoded(Image.fromarray(alpha.astype(np.uint8))),
        "png rgba, opaque": encoded(image.convert("RGBA")),
        "png rgb, one clear": with_chunk(plain, b"tRNS", struct.pack(">HHH", 0, 100, 100)),
        "png a megabyte of text": encoded(image, pnginfo=big_text()),
        "png a megabyte of profile": with_chunk(
            plain, b"iCCP", b"x\0\0" + zlib.compress(padded(SRGB, 1_500_000), 0)
        ),
        "png ten megabytes of profile": with_chunk(
            plain, b"iCCP", b"x\0\0" + zlib.compress(bytes(10_000_000), 0)
        ),
        "png a profile of other colours, kept": with_chunk(
            plain, b"iCCP", b"x\0\0" + zlib.compress(SWAPPED)
        ),
        "png a profile of other colours, large": with_chunk(
            plain, b"iCCP", b"x\0\0" + zlib.compress(padded(SWAPPED, 100_000))
        ),
        "png a profile for rgb on grey": with_chunk(
            encoded(image.convert("L")), b"iCCP", b"x\0\0" + icc
        ),
        "png a profile that is none": with_chunk(
            plain, b"iCCP", b"x\0\0" + zlib.compress(b"no profile" * 99)
        ),
        "png a profile cut short": with_chunk(plain, b"iCCP", b"x\0\0" + zlib.compress(SRGB[:300])),
        "png a profile not deflated": with_chunk(plain, b"iCCP", b"x\0\0" + SRGB),
        "png a profile with a wrong sum": with_chunk(plain, b"iCCP", b"x\0\0" + icc, damaged=True),
        "png exif of zeros": with_chunk(plain, b"eXIf", bytes(40)),
        "png exif cut short": with_chunk(plain, b"eXIf", exif(6)[6:20]),
        "png exif with a wrong sum": with_chunk(plain, b"eXIf", exif(1)[6:], damaged=True),
        "png gamma of linear light": with_chunk(plain, b"gAMA", struct.pack(">I", 100_000)),
        "png primaries of another screen": with_chunk(
            plain, b"cHRM", struct.pack(">8I", *[20_000] * 8)
        ),
        "png light of a cinema": with_chunk(plain, b"cICP", bytes([9, 16, 0, 1])),
        "png light of a cinema, told twice": with_chunk(plain, b"mDCV", bytes(24)),
        "png words for sRGB": with_chunk(
            with_chunk(plain, b"gAMA", struct.pack(">I", 45454)), b"cICP", bytes([1, 13, 0, 1])
        ),
        "png broken gamma": with_chunk(plain, b"gAMA", b"\0"),
        "png text in its resolution": with_chunk(plain, b"pHYs", b"secret" * 99),
        "png tail": plain + b"secret" * 99,
    }


def _jpegs() -> dict[str, bytes]:
    image = scene()
    options: dict[str, Any] = {"quality": 95}
    plain = encoded(image, "JPEG", **options)
    cmyk = encoded(image.convert("CMYK"), "JPEG", quality=98)
    first = bytes([1, 1])
    return {
        "jpeg": plain,
        "jpeg progressive": encoded(image, "JPEG", progressive=True, **options),
        "jpeg grey": encoded(image.convert("L"), "JPEG", **options),
        "jpeg cmyk": cmyk,
        "jpeg cmyk without Adobe's word": without_segment(cmyk, 0xEE),
        "jpeg cmyk with a profile for rgb": encoded(
            image.convert("CMYK"), "JPEG", quality=98, icc_profile=SRGB
        ),
        "jpeg ycck": ycck(image),
        "jpeg several": encoded(
            image, "MPO", save_all=True, append_images=[image.rotate(180)], **options
        ),
        "jpeg another one behind it": plain + encoded(image.rotate(180), "JPEG"),
        "jpeg a profile for rgb on grey": encoded(
            image.convert("L"), "JPEG", icc_profile=SRGB, **options
        ),
        "jpeg a profile of other colours, kept": encoded(
            image, "JPEG", icc_profile=SWAPPED, **options
        ),
        "jpeg a profile of other colours, large": encoded(
            image, "JPEG", icc_profile=padded(SWAPPED, 200_000), **options
        ),
        "jpeg a profile cut short": with_segment(
            plain, 0xE2, b"ICC_PROFILE\0" + first + SRGB[:100]
        ),
        "jpeg a profile without its number": with_segment(plain, 0xE2, b"ICC_PROFILE\0"),
        "jpeg one of two parts of a profile": with_segment(
            plain, 0xE2, b"ICC_PROFILE\0" + bytes([1, 2]) + SRGB
        ),
        "jpeg exif of zeros": with_segment(plain, 0xE1, b"Exif\0\0" + bytes(40)),
        "jpeg exif cut short": with_segment(plain, 0xE1, exif(6)[:26]),
        "jpeg exif of loops": with_segment(
            plain, 0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 5000) * 9000
        ),
        "jpeg exif without end": with_segment(plain, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "jpeg a picture in its header": with_segment(
            without_segment(plain, 0xE0), 0xE0, b"JFIF\0\1\1\0\0\1\0\1\x14\x14" + bytes(1200)
        ),
        "jpeg a megabyte of comments": with_segment(plain, 0xFE, b"secret" * 9000),
        "jpeg filled up": plain[:2] + b"\xff\xff" + plain[2:],
        "jpeg tail": plain + b"secret" * 99,
    }


def _webps() -> dict[str, bytes]:
    image = scene()
    options: dict[str, Any] = {"quality": 95}
    clear = image.convert("RGBA")
    clear.putalpha(90)
    return {
        "webp": encoded(image, "WEBP", **options),
        "webp lossless": encoded(image, "WEBP", lossless=True),
        "webp rgba": encoded(clear, "WEBP", lossless=True),
        "webp a profile that is none": encoded(image, "WEBP", icc_profile=b"no profile", **options),
        "webp a profile of other colours, large": encoded(
            image, "WEBP", icc_profile=padded(SWAPPED, 99_999), **options
        ),
        "webp exif of zeros": encoded(image, "WEBP", exif=bytes(40), **options),
        "webp tail": encoded(image, "WEBP", **options) + b"secret" * 99,
    }


def _turned() -> dict[str, bytes]:
    made = {}
    for number in range(1, 9):
        xmp = f"<x tiff:Orientation={chr(34)}{number}{chr(34)}/>".encode()
        for kind in ("PNG", "JPEG", "WEBP"):
            made[f"{kind.lower()} exif turn {number}"] = encoded(
                scene(), kind, exif=exif(number), quality=95
            )
        made[f"jpeg xmp turn {number}"] = encoded(scene(), "JPEG", xmp=xmp, quality=95)
        made[f"jpeg cmyk turn {number}"] = encoded(
            scene().convert("CMYK"), "JPEG", exif=exif(number), quality=98
        )
    return made


FILES: dict[str, bytes] = {**_pngs(), **_jpegs(), **_webps(), **_turned()}


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
