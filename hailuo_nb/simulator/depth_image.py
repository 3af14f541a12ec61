"""A still image with an estimated depth, seen from a moving camera.

Depth is a guess: lower in the image, and different from the border, is nearer. Smooth depth gives
parallax without tears. With the camera at rest the frame is the image itself.
"""

from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.simulator.camera_path import Pose
from hailuo_nb.simulator.compositing import Image, Matrix
from hailuo_nb.simulator.projection import camera_matrix, rotation

_GRID = (97, 55)  # points at which the source is computed; interpolated between
_ITERATIONS = 10
_MIN_DEPTH = 4.0  # metres
_MOVE_SHARE = 0.4  # share of a move that is made: beyond the edges is only a mirror image
# Inverse depth: at the top, added by the row, added by saliency.
_TOP, _ROW, _SALIENT = 0.35, 0.4, 0.25


def load_cropped(data: bytes, size: tuple[int, int]) -> Image:
    """Decodes an image to RGB (height, width, 3), cropped to the ratio and scaled. Raises
    OSError."""
    from PIL import Image as PILImage
    from PIL import ImageOps

    with PILImage.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image) or image
        return np.asarray(ImageOps.fit(upright.convert("RGB"), size, PILImage.Resampling.LANCZOS))


class DepthImage:
    """An RGB image with depth; `draw(pose)` returns frames of the same size."""

    def __init__(self, image: Image, cv2: ModuleType | None = None) -> None:
        self._image, self._cv2 = np.ascontiguousarray(image), cv2
        self._size = (image.shape[1], image.shape[0])
        self._inverse = _inverse_depth(image)
        width, height = self._size
        # Pixel centres; the grid's outer points are the outer pixels.
        self._x, self._y = np.meshgrid(
            np.linspace(0, width - 1, _GRID[0]), np.linspace(0, height - 1, _GRID[1])
        )
        self._rows, self._columns = _positions(height, _GRID[1]), _positions(width, _GRID[0])

    def draw(self, pose: Pose) -> Image:
        x, y = self._source(_damped(pose))
        fine_x, fine_y = (
            _interpolate(x, self._rows, self._columns),
            _interpolate(y, self._rows, self._columns),
        )
        if self._cv2 is not None:
            cv2 = self._cv2
            warped: Image = cv2.remap(
                self._image, fine_x, fine_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
            )
            return warped
        return self._image[_mirrored(fine_y, self._size[1]), _mirrored(fine_x, self._size[0])]

    def _source(self, pose: Pose) -> tuple[Matrix, Matrix]:
        """Returns the image point of each grid point of the frame.

        A ray meets the surface where its depth is that of the image point: a fixed point, found by
        damped iteration.
        """
        home, moved = camera_matrix(Pose(), self._size), camera_matrix(pose, self._size)
        pixels = np.stack([self._x + 0.5, self._y + 0.5, np.ones_like(self._x)])
        rays = np.einsum("ij,jhw->ihw", rotation(pose).T @ np.linalg.inv(moved), pixels)
        forward = np.maximum(rays[2], 0.05)
        x, y = self._x, self._y
        for step in range(_ITERATIONS):
            depth = _MIN_DEPTH / self._sample(x, y)
            reach = np.maximum(depth - pose.z, 0.4)
            scale = home[0, 0] / (reach + pose.z)
            to_x = (pose.x + rays[0] / forward * reach) * scale + home[0, 2] - 0.5
            to_y = (pose.y + rays[1] / forward * reach) * scale + home[1, 2] - 0.5
            share = 1.0 if step == 0 else 0.7
            x, y = x + share * (to_x - x), y + share * (to_y - y)
        return x, y

    def _sample(self, x: Matrix, y: Matrix) -> Matrix:
        """Samples the inverse depth at image points, clamped at the edges."""
        columns, rows = _GRID
        u = np.clip(x / (self._size[0] - 1) * (columns - 1), 0, columns - 1.001)
        v = np.clip(y / (self._size[1] - 1) * (rows - 1), 0, rows - 1.001)
        iu, iv = u.astype(int), v.astype(int)
        fu, fv = u - iu, v - iv
        # Flat indices: twice as fast as pairs.
        near, index = self._inverse.reshape(-1), iv * columns + iu
        upper: Matrix = near.take(index)
        lower: Matrix = near.take(index + columns)
        upper += (near.take(index + 1) - upper) * fu
        lower += (near.take(index + columns + 1) - lower) * fu
        lower -= upper
        lower *= fv
        lower += upper
        return lower


def _damped(pose: Pose) -> Pose:
    return replace(
        pose,
        x=pose.x * _MOVE_SHARE,
        y=pose.y * _MOVE_SHARE,
        z=pose.z * _MOVE_SHARE,
        yaw=pose.yaw * _MOVE_SHARE,
        pitch=pose.pitch * _MOVE_SHARE,
        zoom=pose.zoom if pose.zoom > 1 else pose.zoom**_MOVE_SHARE,
    )


def _inverse_depth(image: Image) -> Matrix:
    """Estimates the inverse depth on the grid, 0 far to 1 at `_MIN_DEPTH` metres."""
    columns, rows = _GRID
    v = np.linspace(0, image.shape[0] - 1, rows).round().astype(int)
    u = np.linspace(0, image.shape[1] - 1, columns).round().astype(int)
    small = image[np.ix_(v, u)].astype(float)
    border = np.concatenate([small[0], small[:, 0], small[:, -1]])
    distance = np.linalg.norm(small - np.median(border, axis=0), axis=2)
    salient = _blurred(distance / max(float(np.percentile(distance, 95)), 1.0), 7).clip(0, 1)
    row = (np.arange(rows) / (rows - 1))[:, None] ** 1.4
    return _blurred(_TOP + _ROW * row + _SALIENT * salient, 5)


def _blurred(field: Matrix, radius: int) -> Matrix:
    kernel = np.hanning(2 * radius + 3)[1:-1]
    kernel /= kernel.sum()
    for axis in (0, 1):
        padding = [(radius, radius) if index == axis else (0, 0) for index in (0, 1)]
        padded = np.pad(field, padding, mode="edge")
        field = np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")
    return field


Positions = tuple[NDArray[np.intp], NDArray[np.float32]]
"""For each fine position the index of the coarse one before it, and the fraction to the next."""


def _positions(fine: int, coarse: int) -> Positions:
    place = np.linspace(0, coarse - 1, fine)
    left = np.minimum(place.astype(np.intp), coarse - 2)
    return left, (place - left).astype(np.float32)


def _interpolate(grid: Matrix, rows: Positions, columns: Positions) -> NDArray[np.float32]:
    """Interpolates to every pixel. Not a matrix product, whose threads cost more than they save."""
    (top, down), (left, along) = rows, columns
    values = grid.astype(np.float32)
    values = values[top] + (values[top + 1] - values[top]) * down[:, None]
    step = np.diff(values, axis=1)
    spread: NDArray[np.float32] = step[:, left]
    spread *= along
    spread += values[:, left]
    return spread


def _mirrored(place: NDArray[np.float32], size: int) -> NDArray[np.int32]:
    """Returns pixel indices, mirrored once at either edge."""
    inside = (size - 1) - np.abs((size - 1) - np.abs(place))
    inside += 0.5
    pixels: NDArray[np.int32] = np.clip(inside, 0, size - 1).astype(np.int32)
    return pixels
