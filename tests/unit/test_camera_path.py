"""Where the virtual camera is at every moment: the prompt's brackets as motion, without a
picture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hailuo_nb.prompts.camera import moves, parse
from hailuo_nb.simulator.camera_path import CameraStyle, Pose, active_step, ease, pose_at, style_of

FIELDS = ("x", "y", "z", "yaw", "pitch", "roll", "zoom")
EXPECTED = {
    "truck_left": ("x", -1),
    "truck_right": ("x", 1),
    "pan_left": ("yaw", -1),
    "pan_right": ("yaw", 1),
    "push_in": ("z", 1),
    "pull_out": ("z", -1),
    "pedestal_up": ("y", -1),
    "pedestal_down": ("y", 1),
    "tilt_up": ("pitch", 1),
    "tilt_down": ("pitch", -1),
    "zoom_in": ("zoom", 1),
    "zoom_out": ("zoom", -1),
}


def at_rest(name: str) -> float:
    return float(getattr(Pose(), name))


@pytest.mark.parametrize(
    ("key", "field", "sign"), [(key, *value) for key, value in EXPECTED.items()]
)
def test_a_move_changes_one_thing(key: str, field: str, sign: int) -> None:
    english = next(move.english for move in moves() if move.key == key)
    end = pose_at(f"a cat [{english}]", 6, 6)
    for name in FIELDS:
        change = getattr(end, name) - at_rest(name)
        assert (math.copysign(1, change) == sign) if name == field else change == 0


def test_moves_of_one_bracket_add_up() -> None:
    both, left, up = (
        pose_at(p, 3.1, 6) for p in ("[Truck left,Tilt up]", "[Truck left]", "[Tilt up]")
    )
    assert (both.x, both.pitch, both.yaw) == (left.x, up.pitch, 0)


def test_brackets_follow_one_another_in_equal_shares() -> None:
    prompt = "[左移] then [上升,Zoom in], then [Static shot]"
    one, two, three = (pose_at(prompt, t, 6) for t in (2, 4, 6))
    assert (one.x, one.y, one.zoom) == (pytest.approx(pose_at("[左移]", 2, 2).x), 0, 1)
    assert two.x == pytest.approx(one.x)
    assert two.y < 0
    assert two.zoom > 1
    assert (three.x, three.y, three.zoom) == (two.x, two.y, two.zoom)


def test_start_and_stop_are_smooth() -> None:
    steps = [ease(number / 1000) for number in range(-10, 1011)]
    speeds = np.diff(steps) * 1000
    assert steps[0] == 0
    assert steps[-1] == 1
    assert speeds.min() >= 0
    assert speeds.max() < 1.4
    # No jump of speed anywhere, also not at the ends.
    assert np.abs(np.diff(speeds)).max() < 0.02


def test_stand_ins_differ_in_care() -> None:
    prompt = "[Truck left,Tilt up,Zoom in] [Pan right]"
    asked = pose_at(prompt, 3, 6)
    slow = pose_at(prompt, 3, 6, style_of("xcompute"))
    assert 0.4 * asked.x > slow.x > 0.7 * asked.x
    careless = pose_at(prompt, 3, 6, style_of("chanjing"))
    assert (careless.x, careless.pitch, careless.zoom) == (asked.x, asked.pitch, 1)
    assert (
        pose_at(prompt, 3, 6, style_of("modelverse"))
        == pose_at(prompt, 3, 6, style_of("nobody"))
        == asked
    )
    turns = [pose_at(prompt, t, 6, style_of("ppinfra")).x for t in (2, 2.25, 3)]
    assert turns[2] == pytest.approx(asked.x)
    assert turns[1] == min(turns) < 1.2 * asked.x


def test_a_camera_that_overshoots_has_no_jump_in_its_speed() -> None:
    ways = [pose_at("[Push in]", t / 1000, 1, CameraStyle(overshoot=0.25)).z for t in range(1001)]
    assert np.abs(np.diff(ways, 2)).max() < 2e-5


def test_tracking_holds_the_figure() -> None:
    for t in np.linspace(0, 6, 25):
        pose = pose_at("[Tracking shot]", float(t), 6)
        assert pose.figure - pose.x == pytest.approx(0)
    assert pose_at("[Tracking shot]", 6, 6).x > 2


def test_active_step() -> None:
    steps = parse("[左移] [右移] [上升]")
    assert [active_step(steps, t, 6) for t in (0, 1.9, 2, 4.5, 5.99, 6)] == [0, 0, 1, 2, 2, 2]
    assert active_step([], 1, 6) is None
