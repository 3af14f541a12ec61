"""A contact sheet: posters with captions as one small PNG, for viewers that play no video."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hailuo_nb.media import files
from hailuo_nb.media.text import visible
from hailuo_nb.pages import drawing
from hailuo_nb.pages.drawing import EMPTY, FAINT, PAPER, SOFT
from hailuo_nb.pages.posters import MAX_POSTER
from hailuo_nb.pages.rows import BoardRow, shared_prompt, specs

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MAX_CELLS = 24
"""It is saved with the notebook, and seen at the width of a column of text."""

_MAX_WIDTH = 1200  # pixels of the sheet
_PAD = 14
_HEAD, _FOOT = 70, 24  # pixels of the title, and of the line below
_WIDE_CELL, _NARROW_CELL = 380, 280  # pixels of a cell's width; more than six clips get narrow ones
_MAX_PIXELS = 4_000_000  # of a poster that is shown: ours are 320 pixels wide


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
    canvas = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(canvas)
    heading = shared or title or "Comparison"
    drawing.text(draw, heading, (_PAD, _PAD), size[0] - 2 * _PAD, size=19, max_lines=2)
    for index, row in enumerate(shown):
        corner = (
            _PAD + index % columns * (width + _PAD),
            _HEAD + index // columns * (height + _PAD),
        )
        poster = posters.get(row["id"])
        _cell(canvas, draw, row, poster, corner=corner, width=width, with_prompt=not shared)
    if more:
        draw.text((_PAD, size[1] - 28), f"and {more} more", SOFT, drawing.font(14))
    return drawing.to_png(canvas)


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
    draw.rectangle((x, y, x + width - 1, y + height - 1), EMPTY)
    image = None if poster is None else _read_poster(poster, width, height)
    if image is None:
        state, centre = visible(row["state"]), (x + width / 2, y + height / 2)
        draw.text(centre, state, FAINT, drawing.font(15), anchor="mm")
    else:
        canvas.paste(image, (x + (width - image.width) // 2, y + (height - image.height) // 2))
    below = y + height
    name = f"{row['provider_title']}{', simulated' if row['simulated'] else ''}"
    drawing.text(draw, name, (x, below + 7), width, size=16, max_lines=1)
    facts = " · ".join(specs(row))
    drawing.text(draw, facts, (x, below + 29), width, size=13, max_lines=1, ink=SOFT)
    if with_prompt:
        drawing.text(draw, row["prompt"], (x, below + 49), width, size=13, max_lines=2)


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
