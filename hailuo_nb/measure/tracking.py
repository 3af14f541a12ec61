"""Tracks corners through a window of grey frames (Lucas-Kanade, OpenCV)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Array = NDArray[np.float64]

CELLS = (16, 9)
_PER_CELL = 2
_LK_OPTIONS = {"winSize": (15, 15), "maxLevel": 3, "minEigThreshold": 1e-4}
_MAX_BACK_ERROR = 0.7  # pixels, of a corner tracked forth and back

# Overlays (captions, logos) stand still while the image moves: displacement in pixels, and as a
# share of the median; the share of the image that must move.
_OVERLAY_MOTION, _MAX_OVERLAY_MOTION = 0.25, 0.5
_OVERLAY_SHARE = 0.15
_MIN_MOVING_AREA = 0.55


@dataclass(frozen=True, slots=True)
class Tracks:
    """Tracked corners.

    start, end  (n, 2) positions in frame widths from the centre
    weight      (n) sums to 1
    steps       (m, 2) median displacement from each frame to the next
    found       number of corners in the first frame
    """

    start: Array
    end: Array
    weight: Array
    steps: Array
    found: int


def track_corners(cv2: ModuleType, frames: list[Grey]) -> Tracks:
    """Tracks the corners of the first frame to the last, and back to check them."""
    height, width = frames[0].shape
    points = _corners(cv2, frames[0])
    found = len(points)
    first, steps = points, []
    for before, after in pairwise(frames):
        if not len(points):
            break
        moved, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, **_LK_OPTIONS)
        kept = status[:, 0] == 1
        steps.append(
            np.median((moved - points)[kept].reshape(-1, 2), axis=0) if kept.any() else np.zeros(2)
        )
        first, points = first[kept], moved[kept]
    if len(points) and len(frames) > 1:
        back, status, _ = cv2.calcOpticalFlowPyrLK(
            frames[-1],
            frames[0],
            points,
            first.copy(),
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
            **_LK_OPTIONS,
        )
        edge = np.array([width - 3, height - 3])
        inside = ((points > 2) & (points < edge)).all(axis=(1, 2))
        kept = (
            (status[:, 0] == 1)
            & (np.linalg.norm(back - first, axis=2)[:, 0] < _MAX_BACK_ERROR)
            & inside
        )
        first, points = first[kept], points[kept]
    start, end = _without_overlays(
        first.reshape(-1, 2).astype(float), points.reshape(-1, 2).astype(float), width, height
    )
    middle = np.array([width, height]) / 2
    return Tracks(
        (start + 0.5 - middle) / width,
        (end + 0.5 - middle) / width,
        _even(start, width, height),
        np.array(steps).reshape(-1, 2) / width,
        found,
    )


def _without_overlays(start: Array, end: Array, width: int, height: int) -> tuple[Array, Array]:
    """Drops corners of captions, logos and watermarks.

    They look infinitely far and would make a zoom look like a push.
    """
    if not len(start):
        return start, end
    distance = np.hypot(*(end - start).T)
    moves = distance > _OVERLAY_MOTION
    if _even(start, width, height)[moves].sum() < _MIN_MOVING_AREA:
        return start, end
    kept = distance > max(
        _OVERLAY_MOTION,
        min(_MAX_OVERLAY_MOTION, _OVERLAY_SHARE * float(np.median(distance[moves]))),
    )
    return start[kept], end[kept]


def _corners(cv2: ModuleType, grey: Grey) -> NDArray[np.float32]:
    """Returns the best corners of every grid cell, (n, 1, 2) float32."""
    height, width = grey.shape
    found = cv2.goodFeaturesToTrack(grey, 700, 0.002, 5, blockSize=5)
    if found is None:
        return np.empty((0, 1, 2), np.float32)
    cell = _cell(found[:, 0], width, height)
    order = np.argsort(cell, kind="stable")  # best first within each cell
    ranks = np.empty(len(cell), int)
    sorted_cells = cell[order]
    firsts = np.r_[0, np.flatnonzero(np.diff(sorted_cells)) + 1]
    ranks[order] = np.arange(len(cell)) - np.repeat(firsts, np.diff(np.r_[firsts, len(cell)]))
    return np.ascontiguousarray(found[ranks < _PER_CELL])


def _cell(points: NDArray[np.floating], width: int, height: int) -> NDArray[np.intp]:
    columns, rows = CELLS
    x = (points[:, 0] * columns / width).astype(np.intp).clip(0, columns - 1)
    y = (points[:, 1] * rows / height).astype(np.intp).clip(0, rows - 1)
    cell: NDArray[np.intp] = y * columns + x
    return cell


def _even(points: Array, width: int, height: int) -> Array:
    """Each cell of the picture weighs the same, however many corners it has."""
    if not len(points):
        return np.empty(0)
    cell = _cell(points, width, height)
    weight = 1 / np.bincount(cell)[cell]
    even: Array = weight / weight.sum()
    return even
