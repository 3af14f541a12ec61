"""The caption of every rendered clip: SIMULATED, the current moves in both languages, the time.

It does not name the provider, so that clips can be compared blind. It is drawn over the YUV frame
at full size, so that it stays sharp, and legible in a thumbnail of 300 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.prompts.camera import Step
from hailuo_nb.simulator.camera_path import active_step

if TYPE_CHECKING:
    import av

WORD = "SIMULATED"

_PLATE_OPACITY = 0.62
# Luma of letters and plates, and of the remaining part of the progress bar.
_LETTER_LUMA, _PLATE_LUMA, _REMAINING_LUMA = 235, 24, 86
# Pillow's built-in font has no Chinese; these characters are an image, equal on every machine.
_GLYPHS = Path(__file__).with_name("glyphs.png")

Layer = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A grey plate with text, of even size; blended as `plane * keep + ink`.

    keep, ink   for the luma plane (height, width) and for the chroma planes (half of both)
    """

    keep: tuple[Layer, Layer]
    ink: tuple[Layer, Layer]

    @property
    def size(self) -> tuple[int, int]:
        rows, columns = self.keep[0].shape
        return columns, rows


class Caption:
    """The caption of a clip of `width` x `height`.

    word   what the clip is, in large letters
    note   a smaller line below
    clock  whether the time is shown at the right
    """

    def __init__(
        self,
        steps: Sequence[Step],
        width: int,
        height: int,
        seconds: float,
        *,
        word: str = WORD,
        note: str = "",
        clock: bool = True,
    ) -> None:
        self._steps, self._seconds, self._clock = steps, seconds, clock
        self._size = (width, height)
        # Narrow frames limit the text size too.
        unit = min(height, width * 0.62)
        self._edge, self._small = _even(unit * 0.03), _even(unit * 0.062)
        self._thickness = max(2, _even(unit * 0.012))
        self._bottom = height - self._edge - _even(unit * 0.02)
        self._title = [plate(word, _even(unit * 0.078), True)]
        if note:
            self._title.append(_fitting(note, self._small, width - 2 * self._edge))
        max_width = (
            width - 2 * self._edge - (self._time(seconds).size[0] + self._edge if clock else 0)
        )
        self._labels = [self._labels_of(step, max_width) for step in steps]

    def draw(self, frame: av.VideoFrame, t: float) -> None:
        """Draws the caption over a yuv420p frame, in place."""
        planes = _planes(frame)
        below = self._edge
        for stamp in self._title:
            _blend(planes, stamp, self._edge, below)
            below += stamp.size[1]
        if self._clock:
            time = self._time(t)
            _blend(
                planes, time, self._size[0] - self._edge - time.size[0], self._bottom - time.size[1]
            )
        active = active_step(self._steps, t, self._seconds)
        above = self._bottom
        for stamp in self._labels[active] if active is not None else ():
            above -= stamp.size[1]
            _blend(planes, stamp, self._edge, above)
        self._draw_progress(planes[0], t)

    def _time(self, t: float) -> Stamp:
        return plate(f"{t:.1f} s", self._small)

    def _labels_of(self, step: Step, max_width: int) -> list[Stamp]:
        """Returns the bracket in both languages, bottom line first; on one line if it fits."""
        english, chinese = (
            " + ".join(getattr(move, language) for move in step.moves)
            for language in ("english", "chinese")
        )
        one = plate(f"{chinese}   {english}", self._small)
        if one.size[0] <= max_width:
            return [one]
        return [
            _fitting(english, self._small, max_width),
            _fitting(chinese, self._small, max_width),
        ]

    def _draw_progress(self, luma: NDArray[np.uint8], t: float) -> None:
        """Draws a progress bar along the lower edge, with marks between brackets."""
        left, top = self._edge, self._size[1] - self._edge
        width = _even(self._size[0] - 2 * left)
        line = luma[top : top + self._thickness, left : left + width]
        done = int(width * min(1.0, t / self._seconds))
        line[:, :done], line[:, done:] = _LETTER_LUMA, _REMAINING_LUMA
        for index in range(1, len(self._steps)):
            x = _even(width * index / len(self._steps))
            line[:, x - 2 : x + 2] = 16


def _even(value: float) -> int:
    return max(2, int(value) // 2 * 2)


def _fitting(label: str, size: int, max_width: int) -> Stamp:
    stamp = plate(label, size)
    while stamp.size[0] > max_width and size > 8:
        size -= 2
        stamp = plate(label, size)
    return stamp


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    # Built into Pillow: no font file, and equal frames on every machine.
    return ImageFont.load_default(size)


@cache
def _glyphs() -> dict[str, Any]:
    """Chinese character -> square grey image; made by `.ci/glyphs`."""
    from PIL import Image

    with Image.open(_GLYPHS) as strip:
        strip.load()
        characters, cell, grey = str(strip.info["characters"]), strip.height, strip.convert("L")
    return {
        character: grey.crop((cell * index, 0, cell * (index + 1), cell))
        for index, character in enumerate(characters)
    }


@lru_cache(maxsize=512)
def plate(text: str, size: int, bold: bool = False) -> Stamp:
    """Returns a plate with a line of Latin or Chinese text, `size` pixels high."""
    from PIL import Image, ImageDraw

    font, stroke = _font(size), max(1, round(size / 22)) if bold else 0
    parts = [
        (chinese, "".join(run))
        for chinese, run in groupby(text, lambda character: character in _glyphs())
    ]
    widths = [
        size * len(run) if chinese else font.getlength(run) + 2 * stroke for chinese, run in parts
    ]
    pad = size * 0.28
    width, height = _even(sum(widths) + 2 * pad + 1), _even(size * 1.42)
    letters = Image.new("L", (width, height), 0)
    # A common baseline for all texts.
    _, top, _, bottom = font.getbbox("H", stroke_width=stroke)
    x, y = pad, (height - (bottom - top)) / 2 - top
    for (chinese, run), run_width in zip(parts, widths, strict=True):
        if chinese:
            for index, character in enumerate(run):
                glyph = _glyphs()[character].resize((size, size), Image.Resampling.BOX)
                letters.paste(glyph, (round(x) + size * index, (height - size) // 2))
        else:
            ImageDraw.Draw(letters).text(
                (x + stroke, y), run, fill=255, font=font, stroke_width=stroke, stroke_fill=255
            )
        x += run_width
    ink: Layer = np.asarray(letters, np.float32) / np.float32(255)
    ground: Layer = np.float32(_PLATE_OPACITY) * (1 - ink)
    keep: Layer = np.float32(1 - _PLATE_OPACITY) * (1 - ink)
    # Grey is 128 in the chroma planes; the half is for rounding.
    half = np.float32(0.5)
    luma: Layer = np.float32(_LETTER_LUMA) * ink + np.float32(_PLATE_LUMA) * ground + half
    colour: Layer = np.float32(128) * (1 - keep) + half
    return Stamp((keep, keep[::2, ::2].copy()), (luma, colour[::2, ::2].copy()))


def _planes(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        for plane in frame.planes
    ]


def _blend(planes: list[NDArray[np.uint8]], stamp: Stamp, x: int, y: int) -> None:
    x, y = x // 2 * 2, y // 2 * 2
    for index, plane in enumerate(planes):
        half = min(index, 1)
        keep, ink = stamp.keep[half], stamp.ink[half]
        rows, columns = keep.shape
        part = plane[y >> half : (y >> half) + rows, x >> half : (x >> half) + columns]
        rows, columns = part.shape
        part[:] = part * keep[:rows, :columns] + ink[:rows, :columns]
