"""Text and pictures of a PNG: lines that fit, in a font with Chinese where the machine has one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from hailuo_nb.media.text import visible

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

INK, SOFT, PAPER, EMPTY, FAINT = "#1d2329", "#5c6670", "#ffffff", "#2b3138", "#c9d1d9"
"""Words, lesser words, the ground, a place without a picture, and words on that."""

_COLOURS = 256  # of the palette: a third of the bytes of true colour
# Pillow's own font has no Chinese. The first of these that the machine has is taken; without one,
# boxes are drawn (see `lacks_chinese`).
_CHINESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "uming.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "msyh.ttc",
    "simsun.ttc",
)


def to_png(canvas: Image) -> bytes:
    """With a palette in which the paper, the first pixel, is white: else it comes out a little
    yellow."""
    from PIL.Image import Dither

    small = canvas.quantize(palette=canvas.quantize(_COLOURS), dither=Dither.FLOYDSTEINBERG)
    colours, paper = small.getpalette() or [], small.tobytes()[0]
    colours[3 * paper : 3 * paper + 3] = [255, 255, 255]
    small.putpalette(colours)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def text(
    draw: ImageDraw,
    content: str,
    at: tuple[int, int],
    width: int,
    *,
    size: int,
    max_lines: int,
    ink: str = INK,
) -> int:
    """Text in lines of at most `width` pixels; "…" ends the last one where text is left. Returns
    how wide the longest is."""
    face = font(size, chinese=is_chinese(content))
    lines = _lines(content, width, face, max_lines)
    for number, line in enumerate(lines):
        draw.text((at[0], at[1] + number * _line_height(size)), line, ink, face)
    return max((round(face.getlength(line)) for line in lines), default=0)


def height(content: str, width: int, *, size: int, max_lines: int) -> int:
    """How high `text` draws it, in pixels."""
    face = font(size, chinese=is_chinese(content))
    return len(_lines(content, width, face, max_lines)) * _line_height(size)


def _line_height(size: int) -> int:
    return round(size * 1.35)


def _lines(content: str, width: int, face: Font, max_lines: int) -> list[str]:
    left = " ".join(visible(content).split())
    found: list[str] = []
    while left and len(found) < max_lines:
        line = _fit_line(left, width, face)
        left = left[len(line) :].lstrip()
        if left and len(found) == max_lines - 1:
            ellipsis = round(face.getlength("…"))
            line = _fit_line(line, width - ellipsis, face, at_blank=False) + "…"
        found.append(line.rstrip())
    return found


def _fit_line(content: str, width: int, face: Font, *, at_blank: bool = True) -> str:
    """As much as fits, up to a blank if there is one in its second half; at least one character."""
    count = len(content)
    while count > 1 and face.getlength(content[:count].rstrip()) > width:
        count -= max(1, (count - 1) // 8 if face.getlength(content[:count]) > 2 * width else 1)
    blank = content.rfind(" ", count // 2, count)
    return (
        content[: blank + 1] if at_blank and count < len(content) and blank > 0 else content[:count]
    )


def is_chinese(content: str) -> bool:
    """Whether a text has characters that Pillow's own font has not."""
    return any(ord(one) > 0x2E7F for one in content)


def lacks_chinese(contents: Iterable[str]) -> bool:
    """Whether boxes would stand for characters of these texts: then a table beside the picture, or
    a note in it, has to say so."""
    return _chinese_font() is None and any(map(is_chinese, contents))


@cache
def font(size: int, *, chinese: bool = False) -> Font:
    """A font of `size` pixels."""
    from PIL import ImageFont

    name = _chinese_font() if chinese else None
    return ImageFont.load_default(size) if name is None else ImageFont.truetype(name, size)


@cache
def _chinese_font() -> str | None:
    from PIL import ImageFont

    for name in _CHINESE:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        return name
    return None
