"""A picture of a clip as a frame: which one it is, and that it is the same one for good."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from hailuo_nb.errors import ArgumentError, FrameError
from hailuo_nb.media import images
from hailuo_nb.requests.identity import fingerprints
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.clip_frame import frame_at
from tests.unit import clips

FRAMES = 12


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each frame is as bright as its number says."""
    shades = np.arange(FRAMES, dtype=np.uint8) * 20
    pixels = np.broadcast_to(shades[:, None, None, None], (FRAMES, 320, 400, 3)).copy()
    return clips.write(
        tmp_path_factory.mktemp("clip") / "a.mp4", frames=FRAMES, size=(400, 320), pixels=pixels
    )


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def number(path: Path, at: int | float) -> int:
    frame = frame_at(path, digest(path), at, "a frame")
    assert (frame.width, frame.height) == (400, 320)
    assert frame.data is not None
    image = images.decode(frame.data, frame.name)
    return round(np.asarray(image.convert("L"), dtype=float).mean() / 20)


@pytest.mark.parametrize(
    ("at", "wanted"),
    [(0, 0), (5, 5), (-1, 11), (-12, 0), (0.0, 0), (0.2, 4), (4 / 24, 4), (0.5, 11)],
)
def test_a_frame_by_its_index_or_its_time(clip: Path, at: int | float, wanted: int) -> None:
    assert number(clip, at) == wanted


def test_the_same_frame_of_a_clip_has_one_identity(clip: Path) -> None:
    last, same = (frame_at(clip, digest(clip), at, "a frame") for at in (-1, 11))
    assert last.source == same.source == f"clip:{digest(clip)}#11"
    one, other = (
        VideoRequest(prompt="a cat", model="MiniMax-Hailuo-02", first_frame=frame)
        for frame in (last, same)
    )
    assert fingerprints(one)[0] == fingerprints(other)[0]


@pytest.mark.parametrize("at", [12, -13, 0.6, -0.1, float("nan"), "1", None, True])
def test_a_place_outside_of_the_clip_is_told(clip: Path, at: int) -> None:
    with pytest.raises(ArgumentError, match="at"):
        frame_at(clip, digest(clip), at, "a frame")


def test_a_clip_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    for path in (tmp_path / "a.mp4", tmp_path / "gone.mp4"):
        with pytest.raises(FrameError, match="no picture of a frame"):
            frame_at(path, sha256(b"no clip").hexdigest(), 0, "a frame")


def test_a_file_that_is_another_clip_now_has_no_picture_of_this_one(clip: Path) -> None:
    with pytest.raises(FrameError, match=r"no picture of a frame: a\.mp4 is no longer the file"):
        frame_at(clip, "ab12", -1, "a frame")
