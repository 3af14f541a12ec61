"""A still image as a shallow relief that the virtual camera can move before.

Must not know prompts or files. Depth is a guess (lower is nearer, what stands out from the border
is nearer): it gives parallax without tearing anything. With the camera at rest the picture is the
image itself.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hailuo_nb.simulator.camera_path import Pose
from hailuo_nb.simulator.compositing import Image, Matrix
from hailuo_nb.simulator.projection import camera_matrix, rotation

_GRID = (97, 55)  # points at which the way through the relief is found; in between it is smooth
_STEPS = 10
_FRONT = 4.0  # metres to what is nearest
_WAY, _TURN, _OUT = (
    0.4,
    0.4,
    0.4,
)  # share of a move that is made: beyond the edges there is only a mirror image
_FAR, _ROW, _SALIENT = (
    0.35,
    0.4,
    0.25,
)  # inverse depth: of the top, added by the row, added by standing out


def load_cropped(data: bytes, size: tuple[int, int]) -> Image:
    """An image file as RGB (height, width, 3), cropped in the middle to the ratio and scaled.
    Raises OSError."""
    from PIL import Image as PILImage
    from PIL import ImageOps

    with PILImage.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened) or opened
        return np.asarray(ImageOps.fit(upright.convert("RGB"), size, PILImage.Resampling.LANCZOS))


class DepthImage:
    """An RGB image ready to be seen from other places. `draw(pose)` gives frames of the same
    size."""

    def __init__(self, image: Image, cv2: Any = None) -> None:
        self._image, self._cv2 = np.ascontiguousarray(image), cv2
        self._size = (image.shape[1], image.shape[0])
        self._near = _inverse_depth(image)
        width, height = self._size
        # Pixel middles; the grid's outer points are the outer pixels.
        self._x, self._y = np.meshgrid(
            np.linspace(0, width - 1, _GRID[0]), np.linspace(0, height - 1, _GRID[1])
        )
        self._rows, self._columns = _between(height, _GRID[1]), _between(width, _GRID[0])

    def draw(self, pose: Pose) -> Image:
        x, y = self._source(_softened(pose))
        fine_x, fine_y = (
            _spread(x, self._rows, self._columns),
            _spread(y, self._rows, self._columns),
        )
        if self._cv2 is not None:
            cv2 = self._cv2
            seen: Image = cv2.remap(
                self._image, fine_x, fine_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
            )
            return seen
        return self._image[_mirrored(fine_y, self._size[1]), _mirrored(fine_x, self._size[0])]

    def _source(self, pose: Pose) -> tuple[Matrix, Matrix]:
        """Where in the image each grid point of the frame comes from.

        A ray of the moved camera meets the relief where its depth is that of the image point below:
        a fixed point, found by going back and forth a few times, with a little damping against
        overshoot.
        """
        home, moved = camera_matrix(Pose(), self._size), camera_matrix(pose, self._size)
        pixels = np.stack([self._x + 0.5, self._y + 0.5, np.ones_like(self._x)])
        rays = np.einsum("ij,jhw->ihw", rotation(pose).T @ np.linalg.inv(moved), pixels)
        forward = np.maximum(rays[2], 0.05)
        x, y = self._x, self._y
        for step in range(_STEPS):
            depth = _FRONT / self._sample(x, y)
            reach = np.maximum(depth - pose.z, 0.4)
            scale = home[0, 0] / (reach + pose.z)
            to_x = (pose.x + rays[0] / forward * reach) * scale + home[0, 2] - 0.5
            to_y = (pose.y + rays[1] / forward * reach) * scale + home[1, 2] - 0.5
            share = 1.0 if step == 0 else 0.7
            x, y = x + share * (to_x - x), y + share * (to_y - y)
        return x, y

    def _sample(self, x: Matrix, y: Matrix) -> Matrix:
        """Inverse depth at image points; beyond the edges that of the edge."""
        columns, rows = _GRID
        u = np.clip(x / (self._size[0] - 1) * (columns - 1), 0, columns - 1.001)
        v = np.clip(y / (self._size[1] - 1) * (rows - 1), 0, rows - 1.001)
        iu, iv = u.astype(int), v.astype(int)
        fu, fv = u - iu, v - iv
        # Numbers of grid points in one row after the other: twice as quick as pairs of them.
        near, index = self._near.reshape(-1), iv * columns + iu
        upper: Matrix = near.take(index)
        lower: Matrix = near.take(index + columns)
        upper += (near.take(index + 1) - upper) * fu
        lower += (near.take(index + columns + 1) - lower) * fu
        lower -= upper
        lower *= fv
        lower += upper
        return lower


def _softened(pose: Pose) -> Pose:
    return replace(
        pose,
        x=pose.x * _WAY,
        y=pose.y * _WAY,
        z=pose.z * _WAY,
        yaw=pose.yaw * _TURN,
        pitch=pose.pitch * _TURN,
        zoom=pose.zoom if pose.zoom > 1 else pose.zoom**_OUT,
    )


def _inverse_depth(image: Image) -> Matrix:
    """Nearness on the grid, 0 far to 1 at `_FRONT` metres."""
    columns, rows = _GRID
    v = np.linspace(0, image.shape[0] - 1, rows).round().astype(int)
    u = np.linspace(0, image.shape[1] - 1, columns).round().astype(int)
    small = image[np.ix_(v, u)].astype(float)
    border = np.concatenate([small[0], small[:, 0], small[:, -1]])
    distance = np.linalg.norm(small - np.median(border, axis=0), axis=2)
    salient = _blurred(distance / max(float(np.percentile(distance, 95)), 1.0), 7).clip(0, 1)
    row = (np.arange(rows) / (rows - 1))[:, None] ** 1.4
    return _blurred(_FAR + _ROW * row + _SALIENT * salient, 5)


def _blurred(field: Matrix, radius: int) -> Matrix:
    kernel = np.hanning(2 * radius + 3)[1:-1]
    kernel /= kernel.sum()
    for axis in (0, 1):
        padding = [(radius, radius) if index == axis else (0, 0) for index in (0, 1)]
        padded = np.pad(field, padding, mode="edge")
        field = np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")
    return field


Places = tuple[NDArray[np.intp], NDArray[np.float32]]
"""For each fine position the coarse one before it, and how far it is to the next."""


def _between(fine: int, coarse: int) -> Places:
    place = np.linspace(0, coarse - 1, fine)
    left = np.minimum(place.astype(np.intp), coarse - 2)
    return left, (place - left).astype(np.float32)


def _spread(grid: Matrix, rows: Places, columns: Places) -> NDArray[np.float32]:
    """The grid's values at every pixel. Not a matrix product, whose threads would cost more than
    they save."""
    (top, down), (left, along) = rows, columns
    values = grid.astype(np.float32)
    values = values[top] + (values[top + 1] - values[top]) * down[:, None]
    step = np.diff(values, axis=1)
    spread: NDArray[np.float32] = step[:, left]
    spread *= along
    spread += values[:, left]
    return spread


def _mirrored(place: NDArray[np.float32], size: int) -> NDArray[np.int32]:
    """Pixel numbers, mirrored once at either edge."""
    inside = (size - 1) - np.abs((size - 1) - np.abs(place))
    inside += 0.5
    pixels: NDArray[np.int32] = np.clip(inside, 0, size - 1).astype(np.int32)
    return pixels
