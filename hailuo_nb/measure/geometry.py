"""Fits camera motion to corresponding points: rotation, zoom and translation of one window.

Coordinates are frame widths from the centre, x right and y down. With the direction of translation
fixed every model is linear in its rates, because each point has a free inverse depth (never
negative): the residual is the distance of the point from its epipolar line. So all directions are
tried on a grid, and the lens needs no calibration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LENSES = (0.7, 1.0, 1.6, 6.0)
"""Focal lengths in frame widths: wide, normal, long, and so long that a rotation looks like a
shift."""

_MIN_TOLERANCE = 0.45 / 480  # frame widths: accuracy of tracking
_RELATIVE_TOLERANCE = 0.03  # of a point's displacement
_ITERATIONS = 3  # of reweighted least squares
# Widths per window (zoom: logarithm) that every hypothesis allows, for an unsteady hand.
_MAX_JITTER = 0.006
_NOISE_WIDTH = 2.35 * 1.48  # distance of the 12 % and 88 % quantiles by the median of |noise|
_RIDGE = 1e-12 * np.eye(4)
_RING = np.array(
    [(0.0, 0.0)] + [(math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)) for k in range(8)]
)


@dataclass(frozen=True, slots=True)
class Motion:
    """The fit of one hypothesis to one window.

    score   0..1: share of the image that it explains
    rates   per window: pan right, tilt up (widths), zoom in (log), then the translation on screen:
            right, down (widths), forward (log)
    roll    radians, camera clockwise
    spread  of the inverse depths: 0 for a plane, 1 for near and far
    """

    score: float
    rates: tuple[float, ...]
    roll: float
    spread: float


@dataclass(frozen=True, slots=True)
class Fit:
    """All sixteen hypotheses of one window, the lens, and its score less that of a shift.

    motions  by the hypothesis' number: bit 1 is pan, 2 tilt, 4 zoom, 8 translation
    """

    motions: tuple[Motion, ...]
    lens: float
    lens_gain: float


def fit_motions(start: Array, end: Array, weight: Array) -> Fit:
    """Fits every hypothesis to points that moved from `start` to `end` (n, 2); `weight` (n) sums to
    1."""
    middle, shift = (start + end) / 2, end - start
    tolerance = np.maximum(_MIN_TOLERANCE, _RELATIVE_TOLERANCE * np.hypot(shift[:, 0], shift[:, 1]))
    by_lens = [_fit_rotation(_Points(middle, shift, weight, tolerance, lens), 7) for lens in LENSES]
    # Ties go to the normal lens.
    scores = np.array([found[0] for found in by_lens]) + np.array([0, 0.004, 0, 0.002])
    lens = LENSES[int(scores.argmax())]
    points = _Points(middle, shift, weight, tolerance, lens)
    rotated = [_fit_rotation(points, mask) for mask in range(7)] + [by_lens[LENSES.index(lens)]]
    motions = [
        Motion(score, (*rates[:3], 0.0, 0.0, 0.0), rates[3], 0.0) for score, rates in rotated
    ]
    translated: dict[int, Motion] = {}
    likely = []
    # The two extremes try all directions, the others only those that fit an extreme well.
    for mask in (0, 7):
        translated[mask], good = _fit_translation(points, mask, _half_sphere())
        likely.append(good)
    few = np.concatenate([np.eye(3), *likely])
    for mask in range(1, 7):
        translated[mask], _ = _fit_translation(points, mask, few)
    finite = max(found[0] for found in by_lens[:3])
    return Fit(
        tuple(motions + [translated[mask] for mask in range(8)]), lens, finite - by_lens[3][0]
    )


class _Points:
    """Points of one window, their shifts, and their flow per unit of pan, tilt, zoom and roll
    (4, n, 2)."""

    def __init__(
        self, middle: Array, shift: Array, weight: Array, tolerance: Array, lens: float
    ) -> None:
        self.middle, self.shift, self.weight, self.tolerance = middle, shift, weight, tolerance
        self.flow = _basis(middle, lens)
        # Start at the median shift, so that a few moving objects do not lead.
        residual = np.sum((shift - np.median(shift, axis=0)) ** 2, axis=1) / (4 * tolerance) ** 2
        self.trust = weight / np.sqrt(1 + residual)


def _basis(points: Array, lens: float) -> Array:
    """Returns the flow per unit of pan right, tilt up, zoom in and roll clockwise: (4, n, 2)."""
    x, y = points[:, 0], points[:, 1]
    f2 = lens * lens
    flow = np.empty((4, len(points), 2))
    flow[0, :, 0], flow[0, :, 1] = -(1 + x * x / f2), -x * y / f2
    flow[1, :, 0], flow[1, :, 1] = x * y / f2, 1 + y * y / f2
    flow[2] = points
    flow[3, :, 0], flow[3, :, 1] = y, -x
    return flow


def _limited(mask: int) -> list[int]:
    """Returns the rotations that a hypothesis limits to `_MAX_JITTER`. Roll is always free."""
    return [bit for bit in range(3) if not mask >> bit & 1]


def _solve(left: Array, right: Array, mask: int) -> Array:
    """Solves normal equations (..., 4, 4), (..., 4) with the limited rates clipped."""
    rates = np.linalg.solve(left + _RIDGE, right[..., None])[..., 0].astype(np.float64)
    limited = _limited(mask)
    if not limited:
        return rates
    free = [index for index in range(4) if index not in limited]
    rates[..., limited] = rates[..., limited].clip(-_MAX_JITTER, _MAX_JITTER)
    rest = (
        right[..., free]
        - np.matmul(left[..., free, :][..., limited], rates[..., limited, None])[..., 0]
    )
    inner: Array = left[..., free, :][..., free] + _RIDGE[: len(free), : len(free)]
    rates[..., free] = np.linalg.solve(inner, rest[..., None])[..., 0]
    return rates


def _fit_rotation(points: _Points, mask: int) -> tuple[float, tuple[float, ...]]:
    """Fits rotation and zoom without translation; returns the score and four rates."""
    flow, shift, trust = points.flow, points.shift, points.trust
    flat = flow.transpose(1, 2, 0).reshape(-1, 4)
    target = shift.reshape(-1)
    for _ in range(_ITERATIONS + 2):
        weighed = flat * np.repeat(trust, 2)[:, None]
        rates = _solve(weighed.T @ flat, weighed.T @ target, mask)
        residual = np.sum((target - flat @ rates).reshape(-1, 2) ** 2, axis=1) / points.tolerance**2
        trust = points.weight / (1 + residual / 4) ** 2
    return float(points.weight @ np.exp(-residual / 2)), tuple(rates.tolist())


@cache
def _half_sphere() -> Array:
    """Returns directions on a half sphere, about 14 degrees apart: (n, 3)."""
    found = []
    for ring in range(8):
        height = np.pi / 2 * ring / 7
        count = max(1, round(26 * np.cos(height))) if ring else 13
        # The horizon ring needs only half a turn: the rest are opposites.
        for step in range(count):
            around = (np.pi if ring == 0 else 2 * np.pi) * step / count
            found.append(
                (np.cos(height) * np.cos(around), np.cos(height) * np.sin(around), np.sin(height))
            )
    return np.array(found)


def _fit_translation(points: _Points, mask: int, directions: Array) -> tuple[Motion, Array]:
    """Fits translation with the hypothesis' rotations; returns it and the eight best directions."""
    score, rates, signs = _score_directions(points, mask, directions)
    good = directions[np.argsort(-score)[:8]]
    best = int(score.argmax())
    for width in (0.12, 0.05):
        directions = _neighbours(directions[best], width)
        score, rates, signs = _score_directions(points, mask, directions)
        best = int(score.argmax())
    towards, turn = directions[best] * signs[best], rates[best]
    line = _lines(points.middle, towards[None])[0]
    rest = points.shift - np.einsum("a,anc->nc", turn, points.flow)
    length = np.hypot(line[:, 0], line[:, 1])
    along = np.einsum("nc,nc->n", rest, line) / length
    residual = (rest[:, 0] * line[:, 1] - rest[:, 1] * line[:, 0]) / length
    inside = ((residual**2 + np.minimum(along, 0) ** 2) / points.tolerance**2 < 6) & (length > 0.1)
    rates3 = turn[:3].tolist()
    if inside.sum() < 6:
        return Motion(float(score[best]), (*rates3, 0.0, 0.0, 0.0), float(turn[3]), 0.0), good
    inverse_depths = (along / length)[inside]
    low, typical, high = _quantiles(inverse_depths, points.weight[inside], (0.12, 0.6, 0.88))
    # Tracking noise spreads the inverse depths as much as it moves points off their lines.
    noise = _NOISE_WIDTH * float(np.median(np.abs(residual[inside]) / length[inside]))
    spread = float(max(0.0, (high - low) ** 2 - noise**2) ** 0.5 / max(high, high - low, 1e-9))
    return Motion(
        float(score[best]), (*rates3, *(typical * towards).tolist()), float(turn[3]), spread
    ), good


def _lines(points: Array, directions: Array) -> Array:
    """Returns each point's flow at inverse depth 1 for each direction: (directions, n, 2)."""
    return points[None] * directions[:, None, 2:] - directions[:, None, :2]


def _score_directions(points: _Points, mask: int, directions: Array) -> tuple[Array, Array, Array]:
    """Returns for each direction the score, the rotation rates, and 1 or -1 for its opposite."""
    lines = _lines(points.middle, directions)
    lines /= np.maximum(np.hypot(lines[..., 0], lines[..., 1]), 1e-6)[..., None]
    x, y = lines[..., 0], lines[..., 1]
    shift, flow, scale = points.shift, points.flow, 1 / points.tolerance**2
    across = y * shift[:, 0] - x * shift[:, 1]
    turn = (
        y[..., None] * flow[:, :, 0].T - x[..., None] * flow[:, :, 1].T
    )  # (directions, points, 4)
    trust = np.broadcast_to(
        points.weight / np.sqrt(1 + 0.02 * np.sum(shift**2, axis=1) * scale), across.shape
    )
    rotated = turn.transpose(0, 2, 1)
    for _ in range(_ITERATIONS):
        weighed = rotated * trust[:, None]
        rates = _solve(
            np.matmul(weighed, turn), np.matmul(weighed, across[..., None])[..., 0], mask
        )
        residual = (across - np.matmul(turn, rates[..., None])[..., 0]) ** 2 * scale
        trust = points.weight / (1 + residual / 4) ** 2
    along = x * (shift[:, 0] - rates @ flow[:, :, 0]) + y * (shift[:, 1] - rates @ flow[:, :, 1])
    forward = np.exp(-(residual + np.minimum(along, 0) ** 2 * scale) / 2) @ points.weight
    backward = np.exp(-(residual + np.maximum(along, 0) ** 2 * scale) / 2) @ points.weight
    return np.maximum(forward, backward), rates, np.where(forward >= backward, 1.0, -1.0)


def _neighbours(centre: Array, width: float) -> Array:
    """Returns the direction and eight around it."""
    x, y, z = centre.tolist()
    # Perpendicular to it; numpy.cross would take longer than all the rest here.
    ax, ay, az = (y, -x, 0.0) if abs(z) < 0.9 else (0.0, z, -y)
    length = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / length, ay / length, az / length
    aside = np.array([[ax, ay, az], [y * az - z * ay, z * ax - x * az, x * ay - y * ax]])
    found = centre + width * (_RING @ aside)
    nearby: Array = found / np.sqrt((found * found).sum(axis=1, keepdims=True))
    return nearby


def _quantiles(values: Array, weight: Array, shares: tuple[float, ...]) -> Array:
    order = np.argsort(values)
    sums = np.cumsum(weight[order])
    index = np.searchsorted(sums, np.array(shares) * sums[-1]).clip(0, len(values) - 1)
    quantiles: Array = values[order][index]
    return quantiles
