"""A contact sheet: the posters of a comparison with captions, as one small PNG, for viewers that
play no video.

Rows (plain data, see `Comparison.rows`) and the files of posters in, bytes out. Must not know jobs
or notebooks.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailuo_nb.media import files
from hailuo_nb.media.text import visible
from hailuo_nb.pages.html_table import MAX_POSTER

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MAX = 24
"""Cells of one sheet: it is saved with the notebook, and seen at the width of a column of text."""

_WIDTH = 1200  # pixels of the sheet at most
_PAD = 14
_WIDE, _NARROW = 380, 280  # pixels of a cell; many clips get narrow ones
_COLOURS = (
    256  # of the palette: a third of the bytes of true colour, and hardly seen in a thumbnail
)
_MAX_PIXELS = 4_000_000  # of a poster that is shown: ours are 320 pixels wide
_INK, _SOFT, _PAPER, _EMPTY = "#1d2329", "#5c6670", "#ffffff", "#2b3138"
# Pillow's own face has no Chinese. The first of these that the machine has is taken; without one,
# boxes stand there, and the words can be read in the table beside the sheet.
_CHINESE = (
    "NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "PingFang.ttc", "Hiragino Sans "
                                                                   "GB.ttc", "STHeiti Light.ttc",
    "msyh.ttc", "simsun.ttc",
)  # fmt: skip


def sheet(title: str, rows: Sequence[Mapping[str, Any]], posters: Mapping[str, Path]) -> bytes:
    """A PNG on white. `posters` by the id of a row; rows beyond `MAX` are counted in its last
    line."""
    from PIL import Image, ImageDraw

    shown = rows[:MAX]
    prompts = list(dict.fromkeys(row["prompt"] for row in rows))
    shared = prompts[0] if len(prompts) == 1 else ""
    wide = _WIDE if len(shown) <= 6 else _NARROW
    lines = max(1, -(-len(shown) // ((_WIDTH - _PAD) // (wide + _PAD))))
    columns = max(1, -(-len(shown) // lines))  # four clips stand two by two
    high = wide * 9 // 16 + (54 if shared else 90)
    more = len(rows) - len(shown)
    size = (_PAD + columns * (wide + _PAD), 70 + lines * (high + _PAD) + (24 if more else 0))
    canvas = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(canvas)
    _lines(draw, shared or title or "Comparison", (_PAD, _PAD), size[0] - 2 * _PAD, size=19, most=2)
    for index, row in enumerate(shown):
        corner = (_PAD + index % columns * (wide + _PAD), 70 + index // columns * (high + _PAD))
        _cell(
            canvas,
            draw,
            row,
            posters.get(row["id"]),
            corner=corner,
            wide=wide,
            with_prompt=not shared,
        )
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
    row: Mapping[str, Any],
    poster: Path | None,
    *,
    corner: tuple[int, int],
    wide: int,
    with_prompt: bool,
) -> None:
    x, y = corner
    high = wide * 9 // 16
    draw.rectangle((x, y, x + wide - 1, y + high - 1), _EMPTY)
    picture = None if poster is None else _picture(poster, wide, high)
    if picture is None:
        said = visible(row["state"])
        draw.text((x + wide / 2, y + high / 2), said, "#c9d1d9", _font(15, False), anchor="mm")
    else:
        canvas.paste(picture, (x + (wide - picture.width) // 2, y + (high - picture.height) // 2))
    simulated = ", simulated" if row["simulated"] else ""
    _lines(draw, f"{row['provider_title']}{simulated}", (x, y + high + 7), wide, size=16, most=1)
    facts = [
        row["model"],
        row["resolution"],
        f"{row['duration']} s",
        f"take {row['take']}" if row["take"] else "",
    ]
    _lines(
        draw, " · ".join(filter(None, facts)), (x, y + high + 29), wide, size=13, most=1, ink=_SOFT
    )
    if with_prompt:
        _lines(draw, row["prompt"], (x, y + high + 49), wide, size=13, most=2)


def _picture(path: Path, wide: int, high: int) -> Image | None:
    """The poster at the size of its cell, or None where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(
            io.BytesIO(files.read_bounded(path, MAX_POSTER, follow=True)), formats=("JPEG",)
        ) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                return None
            found = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return ImageOps.contain(found, (wide, high), Image.Resampling.LANCZOS)


def _lines(
    draw: ImageDraw,
    text: str,
    at: tuple[int, int],
    width: int,
    *,
    size: int,
    most: int,
    ink: str = _INK,
) -> None:
    """At most so many lines of text, the last one with a mark where more was said."""
    font = _font(size, any(ord(one) > 0x2E7F for one in text))
    left = " ".join(visible(text).split())
    for number in range(most):
        line = _that_fits(left, width, font)
        left = left[len(line) :].lstrip()
        if left and number == most - 1:
            line = _that_fits(line, width - round(font.getlength("…")), font, whole=False) + "…"
        draw.text((at[0], at[1] + number * round(size * 1.35)), line.rstrip(), ink, font)
        if not left:
            return


def _that_fits(text: str, width: int, font: Any, *, whole: bool = True) -> str:
    """As much of the text as fits, up to a blank if there is one in its second half; at least one
    sign."""
    count = len(text)
    while count > 1 and font.getlength(text[:count].rstrip()) > width:
        count -= max(1, (count - 1) // 8 if font.getlength(text[:count]) > 2 * width else 1)
    blank = text.rfind(" ", count // 2, count)
    return text[: blank + 1] if whole and count < len(text) and blank > 0 else text[:count]


@cache
def _font(size: int, chinese: bool) -> Any:
    from PIL import ImageFont

    for name in _CHINESE if chinese else ():
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
