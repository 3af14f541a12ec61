"""Projects a scene of textured quads to the frame of a pinhole camera.

Each quad gets one homography per frame, so that parallax follows from geometry: a moving camera has
it, a rotating or zooming one has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from hailuo_nb.simulator.camera_path import Pose
from hailuo_nb.simulator.compositing import Image, Matrix, alpha_blend, paste, warp

FOCAL = 0.9  # focal length in frame widths: a field of view of 58 degrees
EYE = 1.2  # camera height in metres (Y is down, so the ground is y = +EYE)
CENTRE = 0.5  # the horizon, as a share of the height
_NEAR_PLANE = 0.12  # metres
_SKY_FADE = 0.5  # elevation, in radians, of the upper sky colour


@dataclass(frozen=True, slots=True)
class Quad:
    """A texture in space, from its top left corner `origin` along the edges `right` and `down`.

    levels   mipmaps of the texture
    distant  infinitely far: it has no parallax
    opaque   has no transparent pixel, and no edge to blend
    walks    moves with the figure and is animated with `cycle`
    """

    levels: Sequence[Image]
    origin: tuple[float, float, float]
    right: tuple[float, float, float]
    down: tuple[float, float, float]
    distant: bool = False
    opaque: bool = False
    walks: bool = False
    cycle: Sequence[Sequence[Image]] = ()
    stride: float = 0.3  # metres per image of the cycle


@dataclass(frozen=True, slots=True)
class Scene:
    """Quads from back to front, and the colours of sky and ground behind them."""

    quads: Sequence[Quad]
    sky_low: tuple[int, int, int]
    sky_top: tuple[int, int, int]
    ground: tuple[int, int, int]


def rotation(pose: Pose) -> Matrix:
    """Returns the rotation from world to camera. Y is down, so pitch up turns forward to -y."""
    cy, sy, cp, sp = np.cos(pose.yaw), np.sin(pose.yaw), np.cos(pose.pitch), np.sin(pose.pitch)
    cr, sr = np.cos(pose.roll), np.sin(pose.roll)
    yaw = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    roll = np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]])
    matrix: Matrix = roll @ pitch @ yaw
    return matrix


def camera_matrix(pose: Pose, size: tuple[int, int]) -> Matrix:
    """Returns the intrinsic matrix: focal length with zoom, and the principal point."""
    focal = FOCAL * size[0] * pose.zoom
    return np.array([[focal, 0, size[0] / 2], [0, focal, size[1] * CENTRE], [0, 0, 1.0]])


class SceneRenderer:
    """Renders a scene at one size; `draw(pose)` returns an RGB frame (height, width, 3)."""

    def __init__(self, scene: Scene, size: tuple[int, int], cv2: ModuleType | None = None) -> None:
        self._scene, self._size, self._cv2 = scene, size, cv2
        quads = scene.quads
        origin, right, down = (
            np.array([getattr(q, name) for q in quads], float) for name in _SIDES
        )
        self._corners = np.stack(
            [origin, origin + right, origin + right + down, origin + down], axis=1
        )
        self._has_parallax = np.array([not quad.distant for quad in quads])
        self._walks = np.array([quad.walks for quad in quads])
        # With nearest sampling a texture without transparent pixels needs no blending.
        self._needs_no_blending = [
            cv2 is None and bool((quad.levels[0][..., 3] == 255).all()) for quad in quads
        ]
        # cv2 pastes opaque quads directly, without alpha.
        self._rgb_levels = {
            index: [np.ascontiguousarray(level[..., :3]) for level in quad.levels]
            for index, quad in enumerate(quads)
            if quad.opaque and cv2 is not None
        }

    def draw(self, pose: Pose) -> Image:
        turn, camera = rotation(pose), camera_matrix(pose, self._size)
        picture = self._backdrop(pose, camera)
        places = self._corners - self._has_parallax[:, None, None] * np.array(
            [pose.x, pose.y, pose.z]
        )
        places[self._walks] += (pose.figure, 0.0, 0.0)
        corners = places @ turn.T
        in_front = (corners[..., 2] > _NEAR_PLANE).all(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            projected = corners[..., :2] / corners[..., 2:] * camera[0, 0] + camera[:2, 2]
        low_edges, high_edges = projected.min(axis=1), projected.max(axis=1)
        outside = (high_edges < 0).any(axis=1) | (low_edges > self._size).any(axis=1)
        behind = (corners[..., 2] <= _NEAR_PLANE).all(axis=1)
        for index in np.flatnonzero(np.where(in_front, ~outside, ~behind)).tolist():
            outline = projected[index]
            low, high = low_edges[index], high_edges[index]
            if not in_front[index]:
                clipped = _clip(corners[index])
                outline = clipped[:, :2] / clipped[:, 2:] * camera[0, 0] + camera[:2, 2]
                low, high = outline.min(axis=0), outline.max(axis=0)
            box = self._visible_box(*low.tolist(), *high.tolist())
            if box is not None:
                self._draw_quad(
                    picture, index, corners[index], outline, box, camera=camera, pose=pose
                )
        return picture

    def _visible_box(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[int, int, int, int] | None:
        """Returns the pixels of the frame between these edges, or None."""
        box = (
            int(max(left, 0)),
            int(max(top, 0)),
            int(min(np.ceil(right), self._size[0])),
            int(min(np.ceil(bottom), self._size[1])),
        )
        return box if box[2] > box[0] and box[3] > box[1] else None

    def _backdrop(self, pose: Pose, camera: Matrix) -> Image:
        width, height = self._size
        scene = self._scene
        above = np.arctan((camera[1, 2] - np.arange(height)) / camera[0, 0]) + pose.pitch
        share = np.clip(above / _SKY_FADE, 0, 1)[:, None] ** 0.7
        low, top = np.array(scene.sky_low, float), np.array(scene.sky_top, float)
        colours = np.where(
            above[:, None] > 0, low + (top - low) * share, np.array(scene.ground, float)
        )
        picture = np.empty((height, width, 3), np.uint8)
        picture[:, 0] = colours.round()
        filled = 1
        # Doubling copies long runs: several times faster than broadcasting three bytes.
        while filled < width:
            run = min(filled, width - filled)
            picture[:, filled : filled + run] = picture[:, :run]
            filled += run
        return picture

    def _draw_quad(
        self,
        picture: Image,
        index: int,
        corners: Matrix,
        outline: Matrix,
        box: tuple[int, int, int, int],
        *,
        camera: Matrix,
        pose: Pose,
    ) -> None:
        left, top, right, bottom = box
        quad = self._scene.quads[index]
        levels = quad.levels
        if quad.cycle:
            levels = quad.cycle[int(pose.figure / quad.stride) % len(quad.cycle)]
        level = _mipmap_level(levels[0], len(levels), outline)
        rows, columns = levels[level].shape[:2]
        # Pixel centres are at a half, so that the texture's edges lie on the quad's edges.
        step_x, step_y = (corners[1] - corners[0]) / columns, (corners[3] - corners[0]) / rows
        plane = np.empty((3, 3))
        plane[:, 0], plane[:, 1], plane[:, 2] = step_x, step_y, corners[0] + (step_x + step_y) / 2
        homography = camera @ plane
        homography[0] -= (left + 0.5) * homography[2]
        homography[1] -= (top + 0.5) * homography[2]
        size = (right - left, bottom - top)
        if index in self._rgb_levels and self._cv2 is not None:
            paste(
                picture,
                self._rgb_levels[index][level],
                homography,
                (left, top),
                size,
                cv2=self._cv2,
            )
            return
        layer = warp(levels[level], homography, size, self._cv2)
        alpha_blend(
            picture, layer, (left, top), opaque=self._needs_no_blending[index], cv2=self._cv2
        )


_SIDES = ("origin", "right", "down")


def _clip(corners: Matrix) -> Matrix:
    """Clips the outline of a quad at the near plane."""
    kept = []
    for here, there in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if here[2] > _NEAR_PLANE:
            kept.append(here)
        if (here[2] > _NEAR_PLANE) != (there[2] > _NEAR_PLANE):
            share = (_NEAR_PLANE - here[2]) / (there[2] - here[2])
            kept.append(here + share * (there - here))
    return np.array(kept)


def _mipmap_level(texture: Image, count: int, outline: Matrix) -> int:
    """Returns the coarsest mipmap level with about one pixel per pixel of the outline."""
    (x0, y0), *rest = outline.tolist()
    area, x, y = 0.0, x0, y0
    for x1, y1 in [*rest, (x0, y0)]:
        area += x * y1 - x1 * y
        x, y = x1, y1
    oversampling = texture.shape[0] * texture.shape[1] / max(abs(area) / 2, 1.0)
    return min(count - 1, max(0, int(np.log2(max(oversampling, 1.0)) / 2 + 0.35)))
