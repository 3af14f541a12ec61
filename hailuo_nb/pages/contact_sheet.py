"""A contact sheet: posters with captions as one small PNG, for viewers that play no video."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.media import files
from hailuo_nb.media.text import visible
from hailuo_nb.pages.html_table import MAX_POSTER
from hailuo_nb.pages.rows import BoardRow, shared_prompt, specs

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

MAX_CELLS = 24
"""It is saved with the notebook, and seen at the width of a column of text."""

_MAX_WIDTH = 1200  # pixels of the sheet
_PAD = 14
_HEAD, _FOOT = 70, 24  # pixels of the title, and of the line below
_WIDE_CELL, _NARROW_CELL = 380, 280  # pixels of a cell's width; more than six clips get narrow ones
_COLOURS = 256  # of the palette: a third of the bytes of true colour
_MAX_PIXELS = 4_000_000  # of a poster that is shown: ours are 320 pixels wide
_INK, _SOFT, _PAPER, _EMPTY = "#1d2329", "#5c6670", "#ffffff", "#2b3138"
# Pillow's own font has no Chinese. The first of these that the machine has is taken; without one,
# boxes are drawn, and the words can be read in the table beside the sheet.
_CHINESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "msyh.ttc",
    "simsun.ttc",
)


def render(title: str, rows: Sequence[BoardRow], posters: Mapping[str, Path]) -> bytes:
    """A PNG on white. `posters` by the id of a row; rows beyond `MAX_CELLS` are counted in the last
    line."""
    from PIL import Image, ImageDraw

    shown = rows[:MAX_CELLS]
    shared = shared_prompt(rows)
    width = _WIDE_CELL if len(shown) <= 6 else _NARROW_CELL
    lines = max(1, -(-len(shown) // ((_MAX_WIDTH - _PAD) // (width + _PAD))))
    columns = max(1, -(-len(shown) // lines))  # four clips stand two by two
    height = width * 9 // 16 + (54 if shared else 90)
    more = len(rows) - len(shown)
    size = (
        _PAD + columns * (width + _PAD),
        _HEAD + lines * (height + _PAD) + (_FOOT if more else 0),
    )
    canvas = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(canvas)
    heading = shared or title or "Comparison"
    _text(draw, heading, (_PAD, _PAD), size[0] - 2 * _PAD, size=19, max_lines=2)
    for index, row in enumerate(shown):
        corner = (
            _PAD + index % columns * (width + _PAD),
            _HEAD + index // columns * (height + _PAD),
        )
        poster = posters.get(row["id"])
        _cell(canvas, draw, row, poster, corner=corner, width=width, with_prompt=not shared)
    if more:
        draw.text((_PAD, size[1] - 28), f"and {more} more", _SOFT, _font(14, False))
    return _png(canvas)


def _png(canvas: Image) -> bytes:
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


def _cell(
    canvas: Image,
    draw: ImageDraw,
    row: BoardRow,
    poster: Path | None,
    *,
    corner: tuple[int, int],
    width: int,
    with_prompt: bool,
) -> None:
    x, y = corner
    height = width * 9 // 16
    draw.rectangle((x, y, x + width - 1, y + height - 1), _EMPTY)
    image = None if poster is None else _read_poster(poster, width, height)
    if image is None:
        state, centre = visible(row["state"]), (x + width / 2, y + height / 2)
        draw.text(centre, state, "#c9d1d9", _font(15, False), anchor="mm")
    else:
        canvas.paste(image, (x + (width - image.width) // 2, y + (height - image.height) // 2))
    below = y + height
    name = f"{row['provider_title']}{', simulated' if row['simulated'] else ''}"
    _text(draw, name, (x, below + 7), width, size=16, max_lines=1)
    facts = " · ".join(specs(row))
    _text(draw, facts, (x, below + 29), width, size=13, max_lines=1, ink=_SOFT)
    if with_prompt:
        _text(draw, row["prompt"], (x, below + 49), width, size=13, max_lines=2)


def _read_poster(path: Path, width: int, height: int) -> Image | None:
    """The poster at the size of its cell, None where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        data = files.read_bounded(path, MAX_POSTER, follow=True)
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                return None
            image = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return ImageOps.contain(image, (width, height), Image.Resampling.LANCZOS)


def _text(
    draw: ImageDraw,
    text: str,
    at: tuple[int, int],
    width: int,
    *,
    size: int,
    max_lines: int,
    ink: str = _INK,
) -> None:
    """Text in lines of at most `width` pixels; "…" ends the last one where text is left."""
    font = _font(size, any(ord(one) > 0x2E7F for one in text))
    left = " ".join(visible(text).split())
    for number in range(max_lines):
        line = _fit_line(left, width, font)
        left = left[len(line) :].lstrip()
        if left and number == max_lines - 1:
            ellipsis = round(font.getlength("…"))
            line = _fit_line(line, width - ellipsis, font, at_blank=False) + "…"
        draw.text((at[0], at[1] + number * round(size * 1.35)), line.rstrip(), ink, font)
        if not left:
            return


def _fit_line(text: str, width: int, font: Font, *, at_blank: bool = True) -> str:
    """As much of the text as fits, up to a blank if there is one in its second half; at least one
    character."""
    count = len(text)
    while count > 1 and font.getlength(text[:count].rstrip()) > width:
        count -= max(1, (count - 1) // 8 if font.getlength(text[:count]) > 2 * width else 1)
    blank = text.rfind(" ", count // 2, count)
    return text[: blank + 1] if at_blank and count < len(text) and blank > 0 else text[:count]


@cache
def _font(size: int, chinese: bool) -> Font:
    from PIL import ImageFont

    for name in _CHINESE if chinese else ():
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
