"""Converts decoded images for display: eight bits per channel, opaque, oriented, known colours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image as PILImage
    from PIL.ImageCms import ImageCmsTransform

MAX_KEPT_PROFILE = 64 * 1024
"""Bytes of a colour profile that is kept. A larger one is applied to the pixels."""

_PROFILE_SPACES = {"CMYK": "CMYK", "L": "L", "LA": "L", "1": "L"}  # by mode; RGB by default
# Pillow's transposition by EXIF orientation.
_TRANSPOSITIONS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}  # fmt: skip


def normalize(image: PILImage.Image, profile: bytes) -> tuple[PILImage.Image, bytes]:
    """Returns the image, the same object if nothing changes, and its profile (b"" for none).

    Raises ValueError for pixels without a known range, and whatever Pillow raises.
    """
    if image.mode.startswith("I;16"):
        return _to_eight_bits(image), b""
    if image.mode.startswith(("I", "F")):
        raise ValueError(
            f"pixels of mode {image.mode} may have any range: scale them to 0..255 and make them "
            "uint8 (NumPy does)"
        )
    if image.mode == "LAB":
        raise ValueError("pixels of mode LAB are no RGB: ImageCms.profileToProfile makes them so")
    if image.mode == "CMYK":
        return _to_srgb(image, profile), b""
    kept = profile if profile and _srgb_transform(image.mode, profile) else b""
    if _is_translucent(image):
        image = flatten(image)
    return (_to_srgb(image, kept), b"") if len(kept) > MAX_KEPT_PROFILE else (image, kept)


def flatten(image: PILImage.Image) -> PILImage.Image:
    """Converts to RGB, or L for grey, on a white background; the same object if it is already."""
    from PIL import Image

    if not image.has_transparency_data:
        return (
            image
            if image.mode in {"L", "RGB"}
            else image.convert("L" if image.mode == "1" else "RGB")
        )
    layer = image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")
    background = Image.new(layer.mode[:-1], layer.size, "white")
    background.paste(layer, mask=layer)
    return background


def apply_orientation(image: PILImage.Image, orientation: int) -> PILImage.Image:
    """Transposes by an EXIF orientation, 1 to 8."""
    from PIL import Image

    return (
        image.transpose(Image.Transpose[_TRANSPOSITIONS[orientation]])
        if orientation in _TRANSPOSITIONS
        else image
    )


def resize(image: PILImage.Image, side: int) -> PILImage.Image:
    """Scales the long side to at most `side`; the short side is rounded up, so that a ratio at its
    limit stays valid."""
    from PIL import Image

    long = max(image.size)
    if side >= long:
        return image
    width, height = (-(-length * side // long) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _to_eight_bits(image: PILImage.Image) -> PILImage.Image:
    """Takes the high byte of 16-bit grey; the transparent grey becomes white."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image)
    grey = (values >> 8).astype(np.uint8)
    if isinstance(transparent := image.info.get("transparency"), int):
        grey[values == transparent] = 255
    return Image.fromarray(grey)


def _srgb_transform(mode: str, profile: bytes) -> ImageCmsTransform | None:
    """Returns the transform from a profile to sRGB; None if it is damaged or of another mode."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(
            source, ImageCms.createProfile("sRGB"), _PROFILE_SPACES.get(mode, "RGB"), "RGB"
        )
    except Exception:
        return None


def _to_srgb(image: PILImage.Image, profile: bytes) -> PILImage.Image:
    """Converts to sRGB by the profile, or by Pillow's formula without a valid one."""
    from PIL import ImageCms

    image = image if image.mode == "CMYK" else flatten(image)
    transform = _srgb_transform(image.mode, profile) if profile else None
    return (
        image.convert("RGB")
        if transform is None
        else ImageCms.applyTransform(image, transform) or image
    )


def _is_translucent(image: PILImage.Image) -> bool:
    if not image.has_transparency_data:
        return False
    alpha = (image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")).getchannel("A")
    lowest, _ = alpha.getextrema()
    return lowest != 255
