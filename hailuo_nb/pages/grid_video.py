"""A comparison as one video: all clips in a grid, in step, each with its name below it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from fractions import Fraction
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.errors import HailuoError, MediaError
from hailuo_nb.media import sampling
from hailuo_nb.media.clips import probe
from hailuo_nb.pages import drawing, words
from hailuo_nb.pages.rows import shared_prompt
from hailuo_nb.pages.tiles import Tile, reason_of
from hailuo_nb.pages.words import Translate

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

MAX_TILES = 16
"""Clips in one video: as many decoders are at work at a time."""
MAX_SECONDS = 120

_MIN_FPS, _MAX_FPS = 12, 30
_CELLS = {1: (960, 540), 4: (640, 360), 9: (480, 270), 16: (384, 216)}  # by the most tiles
_PAD, _NAME, _PROMPT = 8, 40, 20  # pixels; name and facts of a clip, its prompt below them
_INK, _SOFT, _GROUND = "#ffffff", "#b9c3cd", "#14181c"

Pixels = NDArray[np.uint8]


def write(
    path: Path,
    title: str,
    tiles: Sequence[Tile],
    *,
    language: str = "",
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Write an MP4 (H.264, silent) to `path`, which is overwritten.

    Each clip keeps its shape and its speed. The video is as long as the longest clip, at the frame
    rate of the fastest, at most 30; a clip that is over stands still, darkened. One picture of each
    clip is in memory at a time. A clip that cannot be read has its reason in its place. Raises
    HailuoError for no tile, more than `MAX_TILES`, or where no clip can be read; OSError.
    """
    import av

    t = words.translator(language)
    if not tiles:
        raise HailuoError(t("export.none"))
    if len(tiles) > MAX_TILES:
        raise HailuoError(t("export.many", count=len(tiles), most=MAX_TILES))
    fps = round(min(_MAX_FPS, max(_MIN_FPS, *(_rate(tile.clip) for tile in tiles))))
    grid = _Grid(title, tiles, t)
    players = [_Player(tile, grid.cell, fps, stop) for tile in tiles]
    try:
        if all(player.trouble for player in players):
            first = players[0]
            raise HailuoError(t("export.unreadable", clip=first.tile.name, error=first.trouble))
        # By its name: +faststart opens the file again.
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as file:
            stream = _add_stream(file, grid.size, fps)
            for number in range(MAX_SECONDS * fps):
                grid.show(players)
                if all(player.over for player in players):
                    break
                if stop():
                    raise HailuoError(t("export.stopped"))
                frame = av.VideoFrame.from_ndarray(grid.canvas, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, fps)
                file.mux(stream.encode(frame))
                for player in players:
                    player.advance()
            file.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise MediaError(f"the video could not be written: {reason_of(error)}") from None
    finally:
        for player in players:
            player.close()


def _rate(clip: Path) -> float:
    try:
        return probe(clip).fps
    except (HailuoError, OSError):
        return 0.0  # its tile says why


def _add_stream(file: OutputContainer, size: sampling.Size, fps: int) -> VideoStream:
    try:
        stream = file.add_stream("libx264", rate=fps)
    except ValueError as error:  # FFmpeg was built without it
        raise MediaError(f"this PyAV writes no H.264, so no video: {error}") from None
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    stream.options = {"preset": "veryfast", "crf": "20"}
    stream.codec_context.thread_count = 2
    return stream


class _Player:
    """One clip while it plays: the picture that it shows now, None where it has none."""

    def __init__(self, tile: Tile, box: sampling.Size, fps: int, stop: Callable[[], bool]) -> None:
        self.tile = tile
        self.picture: Pixels | None = None
        self.trouble = ""
        self.over = False
        self._pictures = self._read(box, fps, stop)
        self.advance()

    def _read(
        self, box: sampling.Size, fps: int, stop: Callable[[], bool]
    ) -> Generator[Pixels, None, None]:
        try:
            yield from sampling.frames_every(self.tile.clip, fps, box, stop)
        except (HailuoError, OSError) as error:
            self.trouble = reason_of(error)

    def advance(self) -> None:
        """Go to the next picture; the last one stays."""
        following = next(self._pictures, None)
        self.over = following is None
        self.picture = self.picture if following is None else following

    def close(self) -> None:
        self._pictures.close()


class _Grid:
    """The picture of the video, with its labels; the clips are put into it."""

    def __init__(self, title: str, tiles: Sequence[Tile], t: Translate) -> None:
        from PIL import Image, ImageDraw

        self.cell = next(size for most, size in _CELLS.items() if len(tiles) <= most)
        self._columns = ceil(sqrt(len(tiles)))
        shared = shared_prompt([tile.row for tile in tiles])
        heading = shared or title
        width = self._columns * (self.cell[0] + _PAD) + _PAD
        inner = width - 2 * _PAD
        title_height = drawing.height(heading, inner, size=18, max_lines=2)
        self._head = _PAD + (title_height + _PAD if heading else 0)
        self._step = self.cell[1] + _NAME + (_PROMPT if shared is None else 0) + _PAD
        height = self._head + ceil(len(tiles) / self._columns) * self._step
        self.size = (width + width % 2, height + height % 2)  # as the codec needs it
        image = Image.new("RGB", self.size, _GROUND)
        draw = ImageDraw.Draw(image)
        drawing.text(draw, heading, (_PAD, _PAD), inner, size=18, max_lines=2, ink=_INK)
        for index, tile in enumerate(tiles):
            x, y = self._corner(index)
            y += self.cell[1] + 4
            for line, size, ink in _labels(tile, t, with_prompt=shared is None):
                drawing.text(draw, line, (x, y), self.cell[0], size=size, max_lines=1, ink=ink)
                y += 20
        self.canvas: Pixels = np.array(image)
        self._ended: set[int] = set()

    def _corner(self, index: int) -> tuple[int, int]:
        row, column = divmod(index, self._columns)
        return _PAD + column * (self.cell[0] + _PAD), self._head + row * self._step

    def show(self, players: Sequence[_Player]) -> None:
        """Put what each clip shows now into its place, in the middle of its cell."""
        for index, player in enumerate(players):
            if index not in self._ended:
                self._show(index, player)

    def _show(self, index: int, player: _Player) -> None:
        x, y = self._corner(index)
        width, height = self.cell
        place = self.canvas[y : y + height, x : x + width]
        place[:] = 0
        if player.picture is not None:
            tall, wide = player.picture.shape[:2]
            top, left = (height - tall) // 2, (width - wide) // 2
            place[top : top + tall, left : left + wide] = player.picture
        if player.over:
            self._ended.add(index)
            place[:] = place // 2
            if player.trouble:
                place[:] = _with_words(place, player.trouble)


def _labels(tile: Tile, t: Translate, *, with_prompt: bool) -> list[tuple[str, int, str]]:
    """Lines with their size and colour."""
    stars = f"{tile.row['rating']}/5" if tile.row["rating"] else ""
    lines = [
        (" · ".join(filter(None, [tile.name, stars])), 16, _INK),
        (" · ".join(tile.facts(t)), 13, _SOFT),
    ]
    return [*lines, (tile.row["prompt"], 13, _SOFT)] if with_prompt else lines


def _with_words(place: Pixels, said: str) -> Pixels:
    from PIL import Image, ImageDraw

    image = Image.fromarray(place)
    width = place.shape[1] - 24
    drawing.text(ImageDraw.Draw(image), said, (12, 12), width, size=15, max_lines=4, ink=_INK)
    return np.array(image)
