"""The virtual camera: clips as asked, and every one of the fifteen moves to be seen as that move.

The moves are judged from the decoded clip alone, by following corners from frame to frame: which
way the picture goes, and whether what is near goes faster than what is far (a camera that moves) or
not (one that turns or zooms).
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from hailuo_nb.simulator.camera_path import Pose, pose_at
from hailuo_nb.simulator.depth_image import DepthImage, load_cropped
from hailuo_nb.simulator.projection import SceneRenderer, camera_matrix, rotation
from hailuo_nb.simulator.render import RenderStoppedError, render
from hailuo_nb.simulator.scene import build_scene, choose_place

WIDTH, HEIGHT, SECONDS, FPS = 320, 180, 2, 24
PLACES = {
    "meadow": "a cat in the grass",
    "street": "a cat in a city street",
    "coast": "a cat and a boat at sea",
}


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def clip(path: Path, prompt: str, **options: Any) -> list[np.ndarray]:
    wanted: dict[str, Any] = {
        "provider": "modelverse",
        "width": WIDTH,
        "height": HEIGHT,
        "seconds": SECONDS,
        **options,
    }
    render(path, prompt=prompt, **wanted)
    return frames_of(path)


# What was asked for


@pytest.mark.parametrize("use_opencv", [True, False])
def test_size_length_and_rate(tmp_path: Path, use_opencv: bool) -> None:
    path = tmp_path / "clip.mp4"
    render(
        path,
        prompt="a cat",
        provider="ppinfra",
        width=1366,
        height=768,
        seconds=1,
        use_opencv=use_opencv,
    )
    with av.open(str(path)) as container:
        (stream,) = container.streams
        assert isinstance(stream, av.VideoStream)
        frames = list(container.decode(stream))
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, stream.average_rate) == (1366, 768, 24)
        assert float(stream.duration * stream.time_base) == pytest.approx(1.0)
    assert len(frames) == 24
    assert [frame.pts * frame.time_base * 24 for frame in frames] == list(range(24))
    data = path.read_bytes()
    # +faststart: a player can begin before the file has arrived.
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    assert [item.name for item in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_stopped_clip_leaves_nothing(tmp_path: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(RenderStoppedError):
        clip(tmp_path / "clip.mp4", "a cat", stop=lambda: next(asked))
    assert not list(tmp_path.iterdir())


def test_the_same_seed_gives_the_same_frames(tmp_path: Path) -> None:
    one, same, other = (
        np.stack(clip(tmp_path / f"{name}.mp4", "a cat [Push in]", seconds=0.5, seed=seed)).astype(
            int
        )
        for name, seed in (("one", 3), ("same", 3), ("other", 4))
    )
    assert np.abs(one - same).max() <= 2
    assert np.abs(one - other).mean() > 5


def test_prompts_and_providers_look_different(tmp_path: Path) -> None:
    pictures = {}
    for prompt in ("a cat in the grass", "a dog in the grass"):
        for provider in ("ppinfra", "modelverse", "chanjing", "xcompute"):
            stage = SceneRenderer(build_scene(prompt, provider, 0), (160, 90), cv2)
            pictures[prompt, provider] = stage.draw(Pose()).astype(int)
    keys = list(pictures)
    for index, one in enumerate(keys):
        for other in keys[index + 1 :]:
            assert np.abs(pictures[one] - pictures[other]).mean() > 3, (one, other)


def test_the_bracket_is_no_part_of_the_scene() -> None:
    one = build_scene("a cat [Push in] in the grass", "ppinfra", 0)
    assert one is build_scene("a cat [拉远,左移] in the grass", "ppinfra", 0)


def test_places() -> None:
    for place, prompt in PLACES.items():
        assert choose_place(prompt) == place
    assert choose_place("城市夜景，霓虹灯闪烁") == "street"
    assert {choose_place(f"word {number}") for number in range(30)} == set(PLACES)


# The moves in the picture


@dataclass(frozen=True)
class Motion:
    """Flow of corners between two frames: where they were (from the middle of the picture), how
    they went."""

    place: np.ndarray
    flow: np.ndarray

    @property
    def shift(self) -> np.ndarray:
        """The median flow (dx, dy) in pixels."""
        return np.median(self.flow, axis=0)

    @property
    def growth(self) -> np.ndarray:
        """How much the picture grows around its middle at each corner: 0.1 is a tenth."""
        radius = (self.place**2).sum(axis=1)
        chosen = radius > (0.1 * WIDTH) ** 2
        return (self.place * self.flow).sum(axis=1)[chosen] / radius[chosen]

    @property
    def in_one_scale(self) -> float:
        """The share of corners that go as if the whole picture were scaled by its median growth."""
        reach = np.linalg.norm(self.place, axis=1)
        chosen = reach > 0.1 * WIDTH
        scale = float(np.median(self.growth))
        off = np.linalg.norm(self.flow - scale * self.place, axis=1)[chosen]
        return float((off < 0.3 * abs(scale) * reach[chosen]).mean())


def parallax(values: np.ndarray) -> float:
    """How much faster the fast corners go than the slow ones: 1 for a camera that only turns or
    zooms.

    The outer tenths are left out: here and there a corner is lost on the way.
    """
    slow, fast = sorted(abs(float(np.quantile(values, share))) for share in (0.1, 0.9))
    return fast / max(slow, 1e-6)


def figure_box(place: str, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """Where the walking figure is seen: upper left and lower right from the middle of the
    picture."""
    (quad,) = (quad for quad in build_scene(PLACES[place], "modelverse", 0).quads if quad.walks)
    ends = np.array([quad.origin, np.add(np.add(quad.origin, quad.right), quad.down)])
    away = np.array([pose.figure - pose.x, -pose.y, -pose.z])
    ends = (ends + away) @ rotation(pose).T
    seen = ends[:, :2] / ends[:, 2:] * camera_matrix(pose, (WIDTH, HEIGHT))[0, 0]
    return seen.min(axis=0), seen.max(axis=0)


def motion(frames: list[np.ndarray], first: int, last: int) -> Motion:
    """Follow corners over the frames from `first` to `last`, without the caption."""
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames[first : last + 1]]
    mask = np.zeros_like(grey[0])
    mask[:, 8:-8] = 255
    mask[:42, :112] = 0
    mask[-32:] = 0
    corners = cv2.goodFeaturesToTrack(grey[0], 500, 0.004, 4, mask=mask)
    here, kept = corners, np.ones(len(corners), bool)
    for one, other in itertools.pairwise(grey):
        there, found, _ = cv2.calcOpticalFlowPyrLK(
            one, other, here, None, winSize=(13, 13), maxLevel=2
        )
        back, returned, _ = cv2.calcOpticalFlowPyrLK(
            other, one, there, None, winSize=(13, 13), maxLevel=2
        )
        agree = np.linalg.norm(here - back, axis=2).reshape(-1) < 0.5
        kept &= agree & (found.reshape(-1) == 1) & (returned.reshape(-1) == 1)
        here = there
        # A corner that slides under the caption is held there.
        x, y = here.reshape(-1, 2).round().astype(int).T
        kept &= mask[np.clip(y, 0, HEIGHT - 1), np.clip(x, 0, WIDTH - 1)] > 0
    start = corners.reshape(-1, 2)[kept]
    return Motion(start - (WIDTH / 2, HEIGHT / 2), here.reshape(-1, 2)[kept] - start)


@cache
def moving(
    place: str, english: str, use_opencv: bool = True, fps: int = 12
) -> tuple[np.ndarray, ...]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        prompt = f"{PLACES[place]} [{english}]"
        return tuple(clip(Path(folder) / "clip.mp4", prompt, use_opencv=use_opencv, fps=fps))


def cruise(place: str, english: str, use_opencv: bool = True) -> Motion:
    """Two thirds of a second in the middle of the clip; without the figure, that goes its own
    way."""
    seen = motion(list(moving(place, english, use_opencv)), 7, 15)
    low, high = figure_box(place, pose_at(f"[{english}]", 7 / 12, SECONDS))
    free = ((seen.place < low - 3) | (seen.place > high + 3)).any(axis=1)
    return Motion(seen.place[free], seen.flow[free])


BACKENDS = [("meadow", True), ("street", True), ("coast", True), ("meadow", False)]
MOVING, TURNING = 2.5, 1.6
"""Parallax of a camera that moves is above the one, of a camera that turns or zooms below the
other."""


@pytest.mark.parametrize(("place", "use_opencv"), BACKENDS)
@pytest.mark.parametrize(("side", "sign"), [("left", 1), ("right", -1)])
def test_truck_has_parallax_and_pan_has_none(
    place: str, use_opencv: bool, side: str, sign: int
) -> None:
    truck, pan = (cruise(place, f"{move} {side}", use_opencv) for move in ("Truck", "Pan"))
    for seen in (truck, pan):
        assert seen.shift[0] * sign > 4
        assert abs(seen.shift[1]) < 0.1 * abs(seen.shift[0])
    assert parallax(truck.flow[:, 0]) > MOVING
    assert parallax(pan.flow[:, 0]) < TURNING


@pytest.mark.parametrize(("place", "use_opencv"), BACKENDS)
@pytest.mark.parametrize(("way", "sign"), [("up", 1), ("down", -1)])
def test_pedestal_has_parallax_and_tilt_has_none(
    place: str, use_opencv: bool, way: str, sign: int
) -> None:
    pedestal, tilt = (cruise(place, f"{move} {way}", use_opencv) for move in ("Pedestal", "Tilt"))
    for seen in (pedestal, tilt):
        assert seen.shift[1] * sign > 1
        assert abs(seen.shift[0]) < 0.1 * abs(seen.shift[1])
    assert parallax(pedestal.flow[:, 1]) > MOVING
    assert parallax(tilt.flow[:, 1]) < TURNING


@pytest.mark.parametrize(("place", "use_opencv"), BACKENDS)
@pytest.mark.parametrize(
    ("push", "zoom", "sign"), [("Push in", "Zoom in", 1), ("Pull out", "Zoom out", -1)]
)
def test_push_has_parallax_and_zoom_has_none(
    place: str, use_opencv: bool, push: str, zoom: str, sign: int
) -> None:
    pushed, zoomed = cruise(place, push, use_opencv), cruise(place, zoom, use_opencv)
    assert np.median(pushed.growth) * sign > 0.01
    assert np.median(zoomed.growth) * sign > 0.05
    # Waves and windows look alike along their rows, so that some corners of a zoom are followed
    # wrongly.
    assert pushed.in_one_scale < 0.45
    assert zoomed.in_one_scale > 0.65


@pytest.mark.parametrize("place", list(PLACES))
def test_static_rests_and_shake_goes_to_and_fro(place: str) -> None:
    assert np.abs(cruise(place, "Static shot").shift).max() < 0.15
    frames = list(moving(place, "Shake", fps=FPS))
    steps = np.array([motion(frames, index, index + 1).shift for index in range(8, 40)])
    assert np.abs(steps).mean() > 0.1
    for axis in (0, 1):
        turns = np.count_nonzero(np.diff(np.sign(steps[:, axis])))
        assert turns >= 4
        # It comes back: all steps together are small beside the way that was gone.
        assert abs(steps[:, axis].sum()) < 0.5 * np.abs(steps[:, axis]).sum()


@pytest.mark.parametrize("place", list(PLACES))
def test_tracking_keeps_the_figure_while_the_world_goes_by(place: str) -> None:
    low, high = figure_box(place, Pose())
    tracked = motion(list(moving(place, "Tracking shot")), 7, 15)
    body = low + (high - low) * (0.2, 0.2), low + (high - low) * (0.85, 0.55)
    inside = ((tracked.place > body[0]) & (tracked.place < body[1])).all(axis=1)
    assert inside.sum() >= 5
    # Between the legs the world is seen.
    assert abs(np.median(tracked.flow[inside, 0])) < 1.2
    world = cruise(place, "Tracking shot")
    assert world.shift[0] < -6
    assert parallax(world.flow[:, 0]) > MOVING


def test_the_figure_walks_when_nobody_follows_it() -> None:
    one, other = pose_at("a cat", 1, 6), pose_at("a cat", 2, 6)
    assert other.figure > one.figure > 0
    assert (other.x, other.yaw) == (0, 0)


# Frames that the user gives


def photo(size: tuple[int, int] = (800, 500), seed: int = 1) -> bytes:
    """Something with structure, soft enough to survive scaling."""
    noise = np.random.default_rng(seed).integers(0, 255, (10, 16, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("module", [cv2, None])
def test_a_relief_at_rest_is_the_image(module: Any) -> None:
    image = load_cropped(photo(), (WIDTH, HEIGHT))
    relief = DepthImage(image, module)
    assert np.abs(relief.draw(Pose()).astype(int) - image).max() <= 1
    moved = relief.draw(pose_at("[Truck right]", 2, 2)).astype(int)
    assert np.abs(moved - image).mean() > 5


def test_a_relief_has_parallax() -> None:
    image = load_cropped(photo(), (WIDTH, HEIGHT))
    relief = DepthImage(image, cv2)

    def rows(prompt: str) -> tuple[float, float]:
        """How far what was in the upper and in the lower part goes to the left."""
        frames = [relief.draw(pose_at(prompt, t, 2)) for t in np.linspace(0.6, 1.2, 8)]
        seen = motion(frames, 0, 7)
        upper, lower = seen.place[:, 1] < -0.15 * HEIGHT, seen.place[:, 1] > 0.15 * HEIGHT
        return -float(np.median(seen.flow[upper, 0])), -float(np.median(seen.flow[lower, 0]))

    upper, lower = rows("[Truck right]")
    assert lower > 1.3 * upper > 0
    upper, lower = rows("[Pan right]")
    assert lower == pytest.approx(upper, rel=0.1)


def test_first_and_last_frame(tmp_path: Path) -> None:
    first, last = photo(seed=1), photo(seed=2)
    frames = clip(tmp_path / "clip.mp4", "a cat [Push in]", first_frame=first, last_frame=last)
    body = (slice(45, 145), slice(10, 310))
    for frame, image in ((frames[0], first), (frames[-1], last)):
        wanted = load_cropped(image, (WIDTH, HEIGHT))
        assert np.abs(frame[body].astype(int) - wanted[body]).mean() < 6
    between = np.abs(
        frames[30][body].astype(int) - load_cropped(last, (WIDTH, HEIGHT))[body]
    ).mean()
    assert between > 20
