"""What is burnt into every clip drawn here: SIMULATED, the moves that are performed in both
languages, the time.

Must not know scenes or providers: a clip that named its provider could not be judged blind. It is
laid over the finished YUV frame at full size, so that the letters stay sharp whatever size the
picture was drawn at, and large enough to be read in a thumbnail of 300 pixels.
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

_BOX = 0.62  # how dark the plates are
_INK, _PLATE, _REST = (
    235,
    24,
    86,
)  # luma of letters and plates, and of the part of the bar that is to come
# Pillow's own face has no Chinese; these few characters come along as a picture, the same on every
# machine.
_GLYPHS = Path(__file__).with_name("glyphs.png")

Layer = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A grey plate with letters, of even size: a plane of a frame becomes `plane * keep + ink`
    under it.

    keep, ink   for the luma (height, width) and for the two planes of colour (half of both)
    """

    keep: tuple[Layer, Layer]
    ink: tuple[Layer, Layer]

    @property
    def size(self) -> tuple[int, int]:
        rows, columns = self.keep[0].shape
        return columns, rows


class Caption:
    """The caption of one clip of `width` x `height`. `burn` lays it over one frame.

    word   what the clip is, in large letters
    note   a smaller line below it
    clock  whether the time is written at the right
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
        # A narrow frame limits the letters as a low one does.
        unit = min(height, width * 0.62)
        self._edge, self._small = _even(unit * 0.03), _even(unit * 0.062)
        self._thick = max(2, _even(unit * 0.012))
        self._bottom = height - self._edge - _even(unit * 0.02)
        self._head = [plate(word, _even(unit * 0.078), True)]
        if note:
            self._head.append(_fitting(note, self._small, width - 2 * self._edge))
        room = width - 2 * self._edge - (self._time(seconds).size[0] + self._edge if clock else 0)
        self._labels = [self._worded(step, room) for step in steps]

    def burn(self, frame: av.VideoFrame, t: float) -> None:
        """Lay the caption over a yuv420p frame, in place."""
        planes = _planes(frame)
        below = self._edge
        for stamp in self._head:
            _lay(planes, stamp, self._edge, below)
            below += stamp.size[1]
        if self._clock:
            time = self._time(t)
            _lay(
                planes, time, self._size[0] - self._edge - time.size[0], self._bottom - time.size[1]
            )
        active = active_step(self._steps, t, self._seconds)
        above = self._bottom
        for stamp in self._labels[active] if active is not None else ():
            above -= stamp.size[1]
            _lay(planes, stamp, self._edge, above)
        self._bar(planes[0], t)

    def _time(self, t: float) -> Stamp:
        return plate(f"{t:.1f} s", self._small)

    def _worded(self, step: Step, room: int) -> list[Stamp]:
        """The bracket in both languages, from the lower edge up: in one line where it has room,
        else in two."""
        english, chinese = (
            " + ".join(getattr(move, tongue) for move in step.moves)
            for tongue in ("english", "chinese")
        )
        one = plate(f"{chinese}   {english}", self._small)
        if one.size[0] <= room:
            return [one]
        return [_fitting(english, self._small, room), _fitting(chinese, self._small, room)]

    def _bar(self, luma: NDArray[np.uint8], t: float) -> None:
        """A thin line along the lower edge: how far the clip is, and where its brackets meet."""
        left, top = self._edge, self._size[1] - self._edge
        width = _even(self._size[0] - 2 * left)
        line = luma[top : top + self._thick, left : left + width]
        done = int(width * min(1.0, t / self._seconds))
        line[:, :done], line[:, done:] = _INK, _REST
        for index in range(1, len(self._steps)):
            x = _even(width * index / len(self._steps))
            line[:, x - 2 : x + 2] = 16


def _even(value: float) -> int:
    return max(2, int(value) // 2 * 2)


def _fitting(label: str, size: int, room: int) -> Stamp:
    stamp = plate(label, size)
    while stamp.size[0] > room and size > 8:
        size -= 2
        stamp = plate(label, size)
    return stamp


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    # Pillow's own face: no font file is needed, and the picture is the same on every machine.
    return ImageFont.load_default(size)


@cache
def _glyphs() -> dict[str, Any]:
    """Chinese character -> its picture, square and grey; made by `.ci/glyphs`."""
    from PIL import Image

    with Image.open(_GLYPHS) as sheet:
        sheet.load()
        characters, cell, grey = str(sheet.info["characters"]), sheet.height, sheet.convert("L")
    return {
        character: grey.crop((cell * index, 0, cell * (index + 1), cell))
        for index, character in enumerate(characters)
    }


@lru_cache(maxsize=512)
def plate(text: str, size: int, bold: bool = False) -> Stamp:
    """A plate with a line of text, Latin or the moves' Chinese; `size` is the height of the letters
    in pixels."""
    from PIL import Image, ImageDraw

    font, stroke = _font(size), max(1, round(size / 22)) if bold else 0
    parts = [
        (chinese, "".join(run)) for chinese, run in groupby(text, lambda one: one in _glyphs())
    ]
    widths = [
        size * len(run) if chinese else font.getlength(run) + 2 * stroke for chinese, run in parts
    ]
    pad = size * 0.28
    width, height = _even(sum(widths) + 2 * pad + 1), _even(size * 1.42)
    letters = Image.new("L", (width, height), 0)
    # On the line of capital letters, whatever letters this text has.
    _, top, _, bottom = font.getbbox("H", stroke_width=stroke)
    x, y = pad, (height - (bottom - top)) / 2 - top
    for (chinese, run), wide in zip(parts, widths, strict=True):
        if chinese:
            for index, character in enumerate(run):
                glyph = _glyphs()[character].resize((size, size), Image.Resampling.BOX)
                letters.paste(glyph, (round(x) + size * index, (height - size) // 2))
        else:
            ImageDraw.Draw(letters).text(
                (x + stroke, y), run, fill=255, font=font, stroke_width=stroke, stroke_fill=255
            )
        x += wide
    ink: Any = np.asarray(letters, np.float32) / np.float32(255)
    ground: Layer = np.float32(_BOX) * (1 - ink)
    keep: Layer = np.float32(1 - _BOX) * (1 - ink)
    # Grey is 128 in the planes of colour; the half rounds what is cut off.
    half = np.float32(0.5)
    luma: Layer = np.float32(_INK) * ink + np.float32(_PLATE) * ground + half
    colour: Layer = np.float32(128) * (1 - keep) + half
    return Stamp((keep, keep[::2, ::2].copy()), (luma, colour[::2, ::2].copy()))


def _planes(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        for plane in frame.planes
    ]


def _lay(planes: list[NDArray[np.uint8]], stamp: Stamp, x: int, y: int) -> None:
    x, y = x // 2 * 2, y // 2 * 2
    for index, plane in enumerate(planes):
        half = min(index, 1)
        keep, ink = stamp.keep[half], stamp.ink[half]
        rows, columns = keep.shape
        part = plane[y >> half : (y >> half) + rows, x >> half : (x >> half) + columns]
        rows, columns = part.shape
        part[:] = part * keep[:rows, :columns] + ink[:rows, :columns]
