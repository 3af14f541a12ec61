"""What is burnt into every simulated clip: SIMULATED, the provider, the moves that are performed, the time.

Must not know scenes. It is laid over the finished YUV frame at full size, so that the letters stay sharp whatever
size the picture was drawn at, and large enough to be read in a thumbnail of 300 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.camera import Step
from hailuo_nb.simulator.camera_path import active_step

if TYPE_CHECKING:
    import av

TITLES = {"ppinfra": "PPInfra", "modelverse": "Modelverse", "chanjing": "Chanjing", "xcompute": "xCompute"}
WORD = "SIMULATED"

_BOX = 0.62  # how dark the plates are
_INK, _PLATE = 235.0, 24.0  # luma of letters and plates


@dataclass(frozen=True, slots=True)
class Stamp:
    """A grey plate with letters: alpha 0..1 and luma times alpha, both (height, width), of even size."""

    alpha: NDArray[np.float32]
    luma: NDArray[np.float32]

    @property
    def size(self) -> tuple[int, int]:
        return self.alpha.shape[1], self.alpha.shape[0]


class Caption:
    """The caption of one clip of `width` x `height`. `burn` lays it over one frame."""

    def __init__(self, provider: str, steps: Sequence[Step], width: int, height: int, seconds: float) -> None:
        self._title = TITLES.get(provider, provider)
        self._steps, self._seconds = steps, seconds
        self._size = (width, height)
        # A narrow frame limits the letters as a low one does.
        self._unit = min(height, width * 0.62)
        self._labels = [" + ".join(move.english for move in step.moves) for step in steps]

    def burn(self, frame: av.VideoFrame, t: float) -> None:
        """Lay the caption over a yuv420p frame, in place."""
        width, height = self._size
        edge = _even(self._unit * 0.03)
        word = _text(WORD, _even(self._unit * 0.078), True)
        _lay(frame, word, edge, edge)
        _lay(frame, _text(self._title, _even(self._unit * 0.062), False), edge, edge + word.size[1])
        clock = _text(f"{t:.1f} s", _even(self._unit * 0.062), False)
        bottom = height - edge - _even(self._unit * 0.02)
        _lay(frame, clock, width - edge - clock.size[0], bottom - clock.size[1])
        active = active_step(self._steps, t, self._seconds)
        if active is not None:
            room = width - 3 * edge - clock.size[0]
            label = _fitting(self._labels[active], _even(self._unit * 0.062), room)
            _lay(frame, label, edge, bottom - label.size[1])
        _lay(frame, self._bar(t), edge, height - edge)

    def _bar(self, t: float) -> Stamp:
        """A thin line along the lower edge: how far the clip is, and where its brackets meet."""
        width = _even(self._size[0] - 2 * _even(self._unit * 0.03))
        height = max(2, _even(self._unit * 0.012))
        done = int(width * min(1.0, t / self._seconds))
        alpha = np.full((height, width), 0.45, np.float32)
        luma = np.full((height, width), 30.0, np.float32)
        alpha[:, :done], luma[:, :done] = 0.95, _INK
        for index in range(1, len(self._steps)):
            x = _even(width * index / len(self._steps))
            luma[:, x - 2 : x + 2] = 16.0
        return Stamp(alpha, luma * alpha)


def _even(value: float) -> int:
    return max(2, int(value) // 2 * 2)


def _fitting(label: str, size: int, room: int) -> Stamp:
    stamp = _text(label, size, False)
    while stamp.size[0] > room and size > 8:
        size -= 2
        stamp = _text(label, size, False)
    return stamp


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    # Pillow's own face: no font file is needed, and the picture is the same on every machine.
    return ImageFont.load_default(size)


@cache
def _text(text: str, size: int, bold: bool) -> Stamp:
    """A plate with a line of text; `size` is the height of the letters in pixels."""
    from PIL import Image, ImageDraw

    font = _font(size)
    stroke = max(1, round(size / 22)) if bold else 0
    left, _, right, _ = font.getbbox(text, stroke_width=stroke)
    pad = size * 0.28
    width = _even(right - left + 2 * pad + 1)
    height = _even(size * 1.42)
    plate = Image.new("L", (width, height), 255)
    letters = Image.new("L", (width, height), 0)
    # On the line of capital letters, whatever letters this text has.
    _, cap_top, _, cap_bottom = font.getbbox("H", stroke_width=stroke)
    y = (height - (cap_bottom - cap_top)) / 2 - cap_top
    ImageDraw.Draw(letters).text(
        (pad - left, y), text, fill=255, font=font, stroke_width=stroke, stroke_fill=255
    )
    ink = np.asarray(letters, np.float32) / 255
    ground = np.asarray(plate, np.float32) / 255 * _BOX
    alpha = 1 - (1 - ground) * (1 - ink)
    luma = _INK * ink + _PLATE * ground * (1 - ink)
    return Stamp(alpha.astype(np.float32), luma.astype(np.float32))


def _lay(frame: av.VideoFrame, stamp: Stamp, x: int, y: int) -> None:
    x, y = x // 2 * 2, y // 2 * 2
    for index, plane in enumerate(frame.planes):
        half = 1 if index == 0 else 2
        data = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        alpha = stamp.alpha[::half, ::half]
        colour = stamp.luma if index == 0 else 128.0 * alpha
        rows, columns = alpha.shape
        part = data[y // half : y // half + rows, x // half : x // half + columns]
        rows, columns = part.shape
        part[:] = part * (1 - alpha[:rows, :columns]) + colour[:rows, :columns] + 0.5
