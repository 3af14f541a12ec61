"""What people see of a decoded picture: eight bits a colour, no transparency, turned, in colours
that are told.

Pure; knows Pillow. Must not know files or frames.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image as PILImage

MAX_KEPT_PROFILE = 64 * 1024
"""Bytes of a colour profile that goes along with its picture. A larger one is applied to the pixels
instead."""

_SPACES = {
    "CMYK": "CMYK",
    "L": "L",
    "LA": "L",
    "1": "L",
}  # what a profile has to be of; RGB for any other mode
# By EXIF orientation: what has to be done to the pixels.
_TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}  # fmt: skip


def normalize(image: PILImage.Image, profile: bytes) -> tuple[PILImage.Image, bytes]:
    """The picture, itself where it is fit already, and the profile that fits it; b"" for none.

    Raises ValueError for pixels whose numbers are no colours, and whatever Pillow raises.
    """
    if image.mode.startswith("I;16"):
        return _eight_bits(image), b""
    if image.mode.startswith(("I", "F")):
        raise ValueError(
            f"pixels of mode {image.mode} may have any range: scale them to 0..255 and make them "
            "uint8 (NumPy does)"
        )
    if image.mode == "LAB":
        raise ValueError("pixels of mode LAB are no RGB: ImageCms.profileToProfile makes them so")
    if image.mode == "CMYK":
        return _in_srgb(image, profile), b""
    kept = profile if profile and _way_to_srgb(image.mode, profile) else b""
    if _is_translucent(image):
        image = flatten(image)
    return (_in_srgb(image, kept), b"") if len(kept) > MAX_KEPT_PROFILE else (image, kept)


def flatten(image: PILImage.Image) -> PILImage.Image:
    """RGB, or L for greys, with white behind what is transparent; the image itself where it is so
    already."""
    from PIL import Image

    if not image.has_transparency_data:
        return (
            image
            if image.mode in {"L", "RGB"}
            else image.convert("L" if image.mode == "1" else "RGB")
        )
    layer = image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")
    ground = Image.new(layer.mode[:-1], layer.size, "white")
    ground.paste(layer, mask=layer)
    return ground


def apply_orientation(image: PILImage.Image, turn: int) -> PILImage.Image:
    """By an EXIF orientation, 1 to 8."""
    from PIL import Image

    return image.transpose(Image.Transpose[_TURNS[turn]]) if turn in _TURNS else image


def resize(image: PILImage.Image, side: int) -> PILImage.Image:
    """The long side at `side` at most; the short one is rounded up, so that a ratio at its limit
    stays within."""
    from PIL import Image

    long = max(image.size)
    if side >= long:
        return image
    width, height = (-(-length * side // long) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _eight_bits(image: PILImage.Image) -> PILImage.Image:
    """16-bit grey by its high byte, as 16-bit colours are read; the one grey that is transparent
    becomes white."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image)
    grey = (values >> 8).astype(np.uint8)
    if isinstance(clear := image.info.get("transparency"), int):
        grey[values == clear] = 255
    return Image.fromarray(grey)


def _way_to_srgb(mode: str, profile: bytes) -> Any:
    """From a mode's colours to sRGB by a profile; None where that is damaged or of other
    colours."""
    from PIL import ImageCms

    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(
            found, ImageCms.createProfile("sRGB"), _SPACES.get(mode, "RGB"), "RGB"
        )
    except Exception:
        return None


def _in_srgb(image: PILImage.Image, profile: bytes) -> PILImage.Image:
    """The colours that a profile means; without one that fits, by the plain formula."""
    from PIL import ImageCms

    image = image if image.mode == "CMYK" else flatten(image)
    way = _way_to_srgb(image.mode, profile) if profile else None
    return image.convert("RGB") if way is None else ImageCms.applyTransform(image, way) or image


def _is_translucent(image: PILImage.Image) -> bool:
    if not image.has_transparency_data:
        return False
    alpha = (image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")).getchannel("A")
    lowest, _ = alpha.getextrema()
    return lowest != 255
