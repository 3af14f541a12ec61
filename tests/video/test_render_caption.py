"""What is burnt into drawn clips: that it is simulated, the moves in both languages, and never who
made it."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from hailuo_nb.prompts.camera import moves, parse
from hailuo_nb.simulator import caption
from hailuo_nb.simulator.camera_path import Pose
from hailuo_nb.simulator.looks import LOOKS
from hailuo_nb.simulator.projection import SceneRenderer
from hailuo_nb.simulator.render import render
from hailuo_nb.simulator.scene import build_scene

SIZE = (640, 360)


def burnt(
    steps: str, t: float = 0.1, size: tuple[int, int] = SIZE, **settings: object
) -> np.ndarray:
    """The luma of a caption over a grey picture, 0..255."""
    width, height = size
    frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 128, np.uint8), format="rgb24")
    frame = frame.reformat(format="yuv420p")
    caption.Caption(parse(steps), width, height, 6, **settings).draw(frame, t)  # type: ignore[arg-type]
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width].astype(int)


def test_the_word_is_in_the_clip(tmp_path: Path) -> None:
    """The plate is there: the same corner of the scene without it is another picture, dark with
    white letters."""
    path = tmp_path / "clip.mp4"
    render(
        path,
        prompt="grass [Static shot]",
        provider="modelverse",
        width=640,
        height=360,
        seconds=0.25,
    )
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    corner = frame[10:38, 10:160].mean(axis=2)
    assert np.percentile(corner, 20) < 120
    assert corner.max() > 225
    bare = (
        SceneRenderer(build_scene("grass", "modelverse", 0), (640, 360), cv2)
        .draw(Pose())[10:38, 10:160]
        .mean(axis=2)
    )
    assert np.abs(corner - bare).mean() > 40


def test_a_clip_does_not_say_who_made_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody could judge simulated clips blind. Every letter of a picture is drawn by
    `plate`."""
    written: dict[str, list[str]] = {}
    real = caption.plate
    for provider in LOOKS:
        texts = written.setdefault(provider, [])
        monkeypatch.setattr(
            caption,
            "plate",
            lambda text, *rest, into=texts: (into.append(text), real(text, *rest))[1],
        )
        path = tmp_path / f"{provider}.mp4"
        render(
            path, prompt="a cat [Push in]", provider=provider, width=320, height=180, seconds=0.25
        )
        assert provider.encode() not in path.read_bytes().lower()
    first = written["ppinfra"]
    assert all(texts == first for texts in written.values())
    assert set(first) == {"SIMULATED", "推进   Push in", "0.0 s", "0.1 s", "0.2 s"}


def test_every_move_is_written_in_both_languages() -> None:
    known = caption._glyphs()
    for move in moves():
        assert set(move.chinese) <= set(known), ".ci/glyphs draws the sheet again"
        both, english = (
            caption.plate(text, 22).size
            for text in (f"{move.chinese} {move.english}", move.english)
        )
        assert both[0] >= english[0] + 22 * len(move.chinese)
    # Each has a shape of its own, and none is an empty box.
    shapes = {name: np.asarray(glyph.resize((16, 16))).tobytes() for name, glyph in known.items()}
    assert len(set(shapes.values())) == len(known)
    assert all(0.1 < np.asarray(glyph).mean() / 255 < 0.5 for glyph in known.values())


def test_a_long_bracket_takes_two_lines_and_stays_inside() -> None:
    short, long = (
        burnt(f"[{words}]") for words in ("Push in", "Pedestal down,Truck right,Zoom out")
    )
    line = slice(SIZE[1] - 76, SIZE[1] - 52)
    assert np.ptp(short[line]) == 0
    assert long[line].max() > 200
    assert np.ptp(long[: SIZE[1] - 40, -8:]) == 0


def test_the_active_bracket_and_the_time_change() -> None:
    prompt = "[Push in] [Pan left]"
    begin, later, then = (burnt(prompt, t) for t in (0.1, 2.9, 3.1))
    left = (slice(320, 350), slice(0, 200))
    assert np.array_equal(begin[left], later[left])
    assert not np.array_equal(later[left], then[left])
    clock = (slice(320, 350), slice(560, 640))
    assert not np.array_equal(begin[clock], later[clock])
    assert np.array_equal(
        burnt(prompt, 0.1, clock=False)[clock], burnt(prompt, 2.9, clock=False)[clock]
    )


@pytest.mark.parametrize("size", [(64, 36), (36, 64), (270, 480), (1920, 1080)])
def test_any_size_has_its_caption(size: tuple[int, int]) -> None:
    assert burnt("[Pedestal down,Truck right,Zoom out]", size=size, note="a note").max() > 190
