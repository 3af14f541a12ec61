"""A comparison as one PNG: a filmstrip of five pictures a clip, its prompt, stars and votes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from hailuo_nb.errors import HailuoError
from hailuo_nb.media import sampling
from hailuo_nb.pages import drawing, words
from hailuo_nb.pages.drawing import EMPTY, FAINT, INK, PAPER, SOFT
from hailuo_nb.pages.rows import shared_prompt
from hailuo_nb.pages.tiles import Tile, reason_of
from hailuo_nb.pages.words import Translate

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MAX_STRIPS = 60
"""Clips in one picture, some 12,000 pixels high."""
FRAMES = 5

_WIDTH, _PAD, _GAP = 1240, 20, 5  # pixels of the picture, its margin, and between two frames
_FRAME = ((_WIDTH - 2 * _PAD - (FRAMES - 1) * _GAP) // FRAMES, 300)  # the box of one
_STAR, _GREEN = "#c98a00", "#1a7f37"


def render(
    title: str,
    tiles: Sequence[Tile],
    *,
    without: int = 0,
    language: str = "",
    stop: Callable[[], bool] = lambda: False,
) -> bytes:
    """A PNG on white with a strip for each of at most `MAX_STRIPS` tiles; more are counted.

    without   how many clips have no file, said in the last line
    language  of the words: "en", "zh"
    stop      whether to give up

    A clip that cannot be read has its reason in place of the pictures. Raises HailuoError where
    that is so of all, OSError.
    """
    from PIL import Image, ImageDraw

    t = words.translator(language)
    shown = tiles[:MAX_STRIPS]
    shared = shared_prompt([tile.row for tile in tiles])
    strips = [_strip(tile, t, with_prompt=shared is None, stop=stop) for tile in shown]
    if not any(strip.good for strip in strips):
        raise HailuoError(strips[0].trouble if strips else t("export.none"))
    heading, below = shared or title or t("name"), _last_lines(tiles, without, t)
    head = 2 * _PAD + drawing.height(heading, _WIDTH - 2 * _PAD, size=21, max_lines=3)
    foot = 26 * len(below) + (_PAD if below else 0)
    height = head + sum(strip.image.height for strip in strips) + foot
    canvas = Image.new("RGB", (_WIDTH, height), PAPER)
    draw = ImageDraw.Draw(canvas)
    drawing.text(draw, heading, (_PAD, _PAD), _WIDTH - 2 * _PAD, size=21, max_lines=3)
    y = head
    for strip in strips:
        canvas.paste(strip.image, (0, y))
        y += strip.image.height
    for line in below:
        drawing.text(draw, line, (_PAD, y), _WIDTH - 2 * _PAD, size=14, max_lines=1, ink=SOFT)
        y += 26
    out = io.BytesIO()
    canvas.save(out, "PNG")  # in true colour: pictures are compared
    return out.getvalue()


def _last_lines(tiles: Sequence[Tile], without: int, t: Translate) -> list[str]:
    more = len(tiles) - MAX_STRIPS
    texts = [text for tile in tiles for text in (tile.row["prompt"], tile.name, tile.row["note"])]
    found = [
        t("export.more", count=more) if more > 0 else "",
        t("export.without", count=without) if without else "",
        # In English: this font has no Chinese.
        "No Chinese font on this machine: boxes stand for characters."
        if drawing.lacks_chinese(texts)
        else "",
    ]
    return [line for line in found if line]


@dataclass(frozen=True, slots=True)
class _Strip:
    image: Image
    good: bool
    trouble: str = ""


def _strip(tile: Tile, t: Translate, *, with_prompt: bool, stop: Callable[[], bool]) -> _Strip:
    from PIL import Image, ImageDraw

    trouble = ""
    try:
        frames = sampling.frames_at(tile.clip, FRAMES, _FRAME, stop)
    except (HailuoError, OSError) as error:
        frames, trouble = [], t("export.unreadable", clip=tile.name, error=reason_of(error))
    width = _WIDTH - 2 * _PAD
    facts = [*tile.facts(t), *(f"#{tag}" for tag in tile.row["tags"])]
    lines = [(" · ".join(facts), SOFT, 1)]
    if with_prompt:
        lines.append((tile.row["prompt"], INK, 2))
    if note := tile.row["note"]:
        lines.append((f"“{note}”", SOFT, 1))
    text_height = 34 + sum(
        drawing.height(line, width, size=14, max_lines=most) + 3 for line, _, most in lines
    )
    tall = max((picture.shape[0] for _, picture in frames), default=60)
    image = Image.new("RGB", (_WIDTH, text_height + tall + 46), PAPER)
    draw = ImageDraw.Draw(image)
    _head(draw, tile, t)
    y = 34
    for line, ink, most in lines:
        drawing.text(draw, line, (_PAD, y), width, size=14, max_lines=most, ink=ink)
        y += drawing.height(line, width, size=14, max_lines=most) + 3
    y = text_height + 4
    for place, (time, picture) in enumerate(frames):
        x = _PAD + place * (_FRAME[0] + _GAP)
        image.paste(Image.fromarray(picture), (x, y))
        moment = t("common.seconds", seconds=f"{time:.1f}")
        drawing.text(draw, moment, (x, y + tall + 4), _FRAME[0], size=12, max_lines=1, ink=SOFT)
    if trouble:
        draw.rectangle((_PAD, y, _WIDTH - _PAD, y + tall), EMPTY)
        at = (_PAD + 12, y + 12)
        drawing.text(draw, trouble, at, width - 24, size=14, max_lines=2, ink=FAINT)
    return _Strip(image, not trouble, trouble)


def _head(draw: ImageDraw, tile: Tile, t: Translate) -> None:
    """The name, the stars, and what the votes say."""
    size = 19
    x = _PAD + drawing.text(
        draw, tile.name, (_PAD, 4), _WIDTH - 2 * _PAD - 400, size=size, max_lines=1
    )
    for _ in range(tile.row["rating"]):
        x += 20
        _star(draw, (x, 16), 8)
    if not tile.votes:
        return
    said = t("export.won", wins=tile.wins, votes=tile.votes)
    if tile.mark:
        said = f"{t(f'export.{tile.mark}')} · {said}"
    ink = _GREEN if tile.mark == "winner" else INK if tile.mark else SOFT
    drawing.text(draw, said, (x + 28, 7), 380, size=16, max_lines=1, ink=ink)


def _star(draw: ImageDraw, centre: tuple[int, int], radius: int) -> None:
    """Drawn, as few fonts have one."""
    points = []
    for corner in range(10):
        length, angle = radius if corner % 2 == 0 else radius * 0.42, corner * pi / 5
        points.append((centre[0] + length * sin(angle), centre[1] - length * cos(angle)))
    draw.polygon(points, fill=_STAR)
