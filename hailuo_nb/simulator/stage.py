"""Quads in space and the lens that sees them: from a pose to the pixels of one frame.

Must not know what the quads show. A quad is a flat texture anywhere in space; each frame it gets one homography,
so that parallax comes from geometry alone: a camera that moves has it, one that turns or zooms has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hailuo_nb.simulator.camera_path import Pose
from hailuo_nb.simulator.warp import Image, Matrix, over, warp

FOCAL = 0.9  # focal length in picture widths: a field of view of 58 degrees
EYE = 1.5  # metres above the ground (Y is down, so the ground is y = +EYE)
_NEAR = 0.12


@dataclass(frozen=True, slots=True)
class Quad:
    """A texture at origin (its top left corner), `right` and `down` spanning its whole width and height.

    levels   the texture and its halves
    distant  turns with the camera but is too far away to come nearer
    walks    goes with the figure; then `levels` of the step are taken from `cycle`
    """

    levels: Sequence[Image]
    origin: tuple[float, float, float]
    right: tuple[float, float, float]
    down: tuple[float, float, float]
    distant: bool = False
    walks: bool = False
    cycle: Sequence[Sequence[Image]] = ()
    stride: float = 0.3  # metres a picture of the cycle


@dataclass(frozen=True, slots=True)
class Scene:
    """Quads from back to front, and the colours behind them: sky from the horizon up, ground below."""

    quads: Sequence[Quad]
    sky_low: tuple[int, int, int]
    sky_top: tuple[int, int, int]
    ground: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Lens:
    """A pose as matrices for a picture of `size`."""

    size: tuple[int, int]
    turn: Matrix
    place: Matrix
    camera: Matrix
    pitch: float
    focal: float

    @classmethod
    def of(cls, pose: Pose, size: tuple[int, int]) -> Lens:
        width, height = size
        focal = FOCAL * width * pose.zoom
        camera = np.array([[focal, 0, width / 2], [0, focal, height * 0.52], [0, 0, 1.0]])
        # Y is down: looking up turns forward to -y.
        cy, sy, cp, sp = np.cos(pose.yaw), np.sin(pose.yaw), np.cos(pose.pitch), np.sin(pose.pitch)
        cr, sr = np.cos(pose.roll), np.sin(pose.roll)
        yaw = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        roll = np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]])
        place = np.array([pose.x, pose.y, pose.z])
        return cls(size, roll @ pitch @ yaw, place, camera, pose.pitch, focal)

    def corners(self, quad: Quad, shift: float) -> Matrix:
        """(4, 3) corners of a quad as the camera sees them, in the order of a walk around it."""
        origin = np.array(quad.origin) + (shift, 0.0, 0.0)
        right, down = np.array(quad.right), np.array(quad.down)
        points = np.stack([origin, origin + right, origin + right + down, origin + down])
        seen: Matrix = (points if quad.distant else points - self.place) @ self.turn.T
        return seen


def draw(scene: Scene, pose: Pose, size: tuple[int, int], cv2: Any = None) -> Image:
    """One frame, RGB (height, width, 3)."""
    lens = Lens.of(pose, size)
    picture = _backdrop(scene, lens)
    for quad in scene.quads:
        _draw_quad(picture, quad, pose, lens, cv2)
    return picture


def _backdrop(scene: Scene, lens: Lens) -> Image:
    width, height = lens.size
    rows = np.arange(height)
    above = np.arctan((lens.camera[1, 2] - rows) / lens.focal) + lens.pitch
    share = np.clip(above / 0.75, 0, 1)[:, None] ** 0.8
    low, top = np.array(scene.sky_low, float), np.array(scene.sky_top, float)
    colours = np.where(above[:, None] > 0, low + (top - low) * share, np.array(scene.ground, float))
    column = colours.round().astype(np.uint8)[:, None, :]
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)))


def _draw_quad(picture: Image, quad: Quad, pose: Pose, lens: Lens, cv2: Any) -> None:
    shift = pose.figure if quad.walks else 0.0
    corners = lens.corners(quad, shift)
    outline = _clip(corners)
    if len(outline) < 3:
        return
    seen = outline[:, :2] / outline[:, 2:] * lens.focal + lens.camera[:2, 2]
    left, top = np.floor(np.maximum(seen.min(axis=0), 0)).astype(int)
    right, bottom = np.ceil(np.minimum(seen.max(axis=0), lens.size)).astype(int)
    if right - left < 1 or bottom - top < 1:
        return
    levels = quad.levels
    if quad.cycle:
        levels = quad.cycle[int(pose.figure / quad.stride) % len(quad.cycle)]
    texture = levels[_level(levels, seen)]
    rows, columns = texture.shape[:2]
    plane = np.stack([(corners[1] - corners[0]) / columns, (corners[3] - corners[0]) / rows, corners[0]], axis=1)
    to_roi = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]])
    layer = warp(texture, to_roi @ lens.camera @ plane, (int(right - left), int(bottom - top)), cv2)
    over(picture, layer, int(left), int(top), cv2)


def _clip(corners: Matrix) -> Matrix:
    """The outline of a quad in front of the near plane."""
    if (corners[:, 2] > _NEAR).all():
        return corners
    kept = []
    for here, there in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if here[2] > _NEAR:
            kept.append(here)
        if (here[2] > _NEAR) != (there[2] > _NEAR):
            share = (_NEAR - here[2]) / (there[2] - here[2])
            kept.append(here + share * (there - here))
    return np.array(kept).reshape(-1, 3)


def _level(levels: Sequence[Image], seen: Matrix) -> int:
    """The coarsest texture that still has a pixel for every pixel of the outline."""
    x, y = seen[:, 0], seen[:, 1]
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    rows, columns = levels[0].shape[:2]
    spare = np.sqrt(rows * columns / max(area, 1.0))
    return int(np.clip(np.floor(np.log2(max(spare, 1.0)) + 0.35), 0, len(levels) - 1))
