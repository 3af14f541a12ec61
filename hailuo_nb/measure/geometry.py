"""From the ways of points to the camera: which turn, zoom and translation explains one window of a
clip.

Pure NumPy on corresponding points; must not know files, prompts or verdicts. Coordinates are in
picture widths from the middle of the picture, x right and y down. Every model is linear in its
rates once the direction of translation is fixed, because each point keeps a free nearness (1 /
depth, never negative): what is left is how far the point lies off the line on which it must travel.
So all directions are tried on a grid, and no lens needs to be calibrated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TURNS = ("pan", "tilt", "zoom")
"""The bits 1, 2, 4 of a hypothesis' number; 8 is translation."""
MOVES = 8
HYPOTHESES = 16

LENSES = (0.7, 1.0, 1.6, 6.0)
"""Focal lengths in picture widths that are tried: wide, normal, long, and so long that a turn looks
like a shift."""

_FLOOR = 0.45 / 480  # picture widths: how exactly a corner can be followed
_SHARE = 0.03  # of a point's way: what a model need not explain
_ROUNDS = 3
# widths a window, or its logarithm for the zoom: what a hypothesis lets pass as a hand's unrest
_UNREST = 0.006
_NOISE = 2.35 * 1.48  # from the median of |noise| to the width between its 12 % and 88 % quantiles
_SMALL = 1e-12 * np.eye(4)
_RING = np.array(
    [(0.0, 0.0)] + [(math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)) for k in range(8)]
)


@dataclass(frozen=True, slots=True)
class Motion:
    """What one hypothesis says of one window: the share of the picture that it explains, and by
    what rates.

    score  0..1, each part of the picture weighing the same
    rates  per window: pan right, tilt up (widths), zoom in (log), then the translation as it shows:
           right, down (widths), forward (log)
    roll   radians, clockwise camera
    spread how unlike the nearness of points is under the translation: 0 one flat surface, 1 near
    and far
    """

    score: float
    rates: tuple[float, ...]
    roll: float
    spread: float


@dataclass(frozen=True, slots=True)
class Fit:
    """All hypotheses of one window, by number; and how much better a real lens explains the turn
    than a shift does."""

    motions: tuple[Motion, ...]
    lens: float
    lens_gain: float


def fit(start: Array, end: Array, weight: Array) -> Fit:
    """Try every hypothesis on points that went from `start` to `end` (n, 2); `weight` (n) sums to
    1."""
    middle, way = (start + end) / 2, end - start
    tolerance = np.maximum(_FLOOR, _SHARE * np.hypot(way[:, 0], way[:, 1]))
    whole = [_turned(_Points(middle, way, weight, tolerance, lens), 7) for lens in LENSES]
    # Ties go to the normal lens.
    scores = np.array([found[0] for found in whole]) + np.array([0, 0.004, 0, 0.002])
    lens = LENSES[int(scores.argmax())]
    points = _Points(middle, way, weight, tolerance, lens)
    turned = [_turned(points, mask) for mask in range(7)] + [whole[LENSES.index(lens)]]
    motions = [Motion(score, (*rates[:3], 0.0, 0.0, 0.0), rates[3], 0.0) for score, rates in turned]
    moved: dict[int, Motion] = {}
    likely = []
    # The two extremes see all directions, those in between only what either of them found good.
    for mask in (0, 7):
        moved[mask], good = _moved(points, mask, _sphere())
        likely.append(good)
    few = np.concatenate([np.eye(3), *likely])
    for mask in range(1, 7):
        moved[mask], _ = _moved(points, mask, few)
    finite = max(found[0] for found in whole[:3])
    return Fit(tuple(motions + [moved[mask] for mask in range(8)]), lens, finite - whole[3][0])


class _Points:
    """Points of one window, their ways, and how each goes for one unit of pan, tilt, zoom and roll
    (4, n, 2)."""

    def __init__(
        self, middle: Array, way: Array, weight: Array, tolerance: Array, lens: float
    ) -> None:
        self.middle, self.way, self.weight, self.tolerance = middle, way, weight, tolerance
        self.flow = _basis(middle, lens)
        # Begin at the median way: a few that walk must not lead.
        off = np.sum((way - np.median(way, axis=0)) ** 2, axis=1) / (4 * tolerance) ** 2
        self.trust = weight / np.sqrt(1 + off)


def _basis(points: Array, lens: float) -> Array:
    """How each point goes for one unit of pan right, tilt up, zoom in and roll clockwise: (4, n,
    2)."""
    x, y = points[:, 0], points[:, 1]
    f2 = lens * lens
    flow = np.empty((4, len(points), 2))
    flow[0, :, 0], flow[0, :, 1] = -(1 + x * x / f2), -x * y / f2
    flow[1, :, 0], flow[1, :, 1] = x * y / f2, 1 + y * y / f2
    flow[2] = points
    flow[3, :, 0], flow[3, :, 1] = y, -x
    return flow


def _held(mask: int) -> list[int]:
    """The turns that a hypothesis does without: they may be no more than a hand's unrest. Roll
    always is free."""
    return [bit for bit in range(3) if not mask >> bit & 1]


def _solved(left: Array, right: Array, mask: int) -> Array:
    """Least squares from normal equations (..., 4, 4), (..., 4), with what is held within
    `_UNREST`."""
    rates: Any = np.linalg.solve(left + _SMALL, right[..., None])[..., 0]
    solved: Array = rates
    held = _held(mask)
    if not held:
        return solved
    free = [index for index in range(4) if index not in held]
    rates[..., held] = rates[..., held].clip(-_UNREST, _UNREST)
    rest = (
        right[..., free] - np.matmul(left[..., free, :][..., held], rates[..., held, None])[..., 0]
    )
    inner: Any = left[..., free, :][..., free] + _SMALL[: len(free), : len(free)]
    rates[..., free] = np.linalg.solve(inner, rest[..., None])[..., 0]
    return solved


def _turned(points: _Points, mask: int) -> tuple[float, tuple[float, ...]]:
    """The best turn and zoom without translation: (score, four rates)."""
    flow, way, trust = points.flow, points.way, points.trust
    flat = flow.transpose(1, 2, 0).reshape(-1, 4)
    target = way.reshape(-1)
    for _ in range(_ROUNDS + 2):
        weighed = flat * np.repeat(trust, 2)[:, None]
        rates = _solved(weighed.T @ flat, weighed.T @ target, mask)
        off = np.sum((target - flat @ rates).reshape(-1, 2) ** 2, axis=1) / points.tolerance**2
        trust = points.weight / (1 + off / 4) ** 2
    return float(points.weight @ np.exp(-off / 2)), tuple(rates.tolist())


@cache
def _sphere() -> Array:
    """Directions of translation, one of each opposite pair, about 14 degrees apart: (n, 3)."""
    found = []
    for ring in range(8):
        height = np.pi / 2 * ring / 7
        count = max(1, round(26 * np.cos(height))) if ring else 13
        # On the horizon ring half a turn is enough: the other half are the opposites.
        for step in range(count):
            around = (np.pi if ring == 0 else 2 * np.pi) * step / count
            found.append(
                (np.cos(height) * np.cos(around), np.cos(height) * np.sin(around), np.sin(height))
            )
    return np.array(found)


def _moved(points: _Points, mask: int, directions: Array) -> tuple[Motion, Array]:
    """The best translation with the turns that the hypothesis allows, and the eight best
    directions."""
    score, rates, signs = _along(points, mask, directions)
    good = directions[np.argsort(-score)[:8]]
    best = int(score.argmax())
    for width in (0.12, 0.05):
        directions = _around(directions[best], width)
        score, rates, signs = _along(points, mask, directions)
        best = int(score.argmax())
    towards, turn = directions[best] * signs[best], rates[best]
    line = _lines(points.middle, towards[None])[0]
    rest = points.way - np.einsum("a,anc->nc", turn, points.flow)
    length = np.hypot(line[:, 0], line[:, 1])
    along = np.einsum("nc,nc->n", rest, line) / length
    off = (rest[:, 0] * line[:, 1] - rest[:, 1] * line[:, 0]) / length
    inside = ((off**2 + np.minimum(along, 0) ** 2) / points.tolerance**2 < 6) & (length > 0.1)
    rates3 = turn[:3].tolist()
    if inside.sum() < 6:
        return Motion(float(score[best]), (*rates3, 0.0, 0.0, 0.0), float(turn[3]), 0.0), good
    near = (along / length)[inside]
    low, typical, high = _quantiles(near, points.weight[inside], (0.12, 0.6, 0.88))
    # The noise of following makes nearness unlike too, as much as it throws points off their line.
    noise = _NOISE * float(np.median(np.abs(off[inside]) / length[inside]))
    spread = float(max(0.0, (high - low) ** 2 - noise**2) ** 0.5 / max(high, high - low, 1e-9))
    return Motion(
        float(score[best]), (*rates3, *(typical * towards).tolist()), float(turn[3]), spread
    ), good


def _lines(points: Array, directions: Array) -> Array:
    """The way that each point goes at nearness 1 for each direction: (directions, n, 2)."""
    return points[None] * directions[:, None, 2:] - directions[:, None, :2]


def _along(points: _Points, mask: int, directions: Array) -> tuple[Array, Array, Array]:
    """For each direction: score, rates of the turns, and whether it is that direction (1) or its
    opposite (-1)."""
    lines = _lines(points.middle, directions)
    lines /= np.maximum(np.hypot(lines[..., 0], lines[..., 1]), 1e-6)[..., None]
    x, y = lines[..., 0], lines[..., 1]
    way, flow, scale = points.way, points.flow, 1 / points.tolerance**2
    across = y * way[:, 0] - x * way[:, 1]
    turn = (
        y[..., None] * flow[:, :, 0].T - x[..., None] * flow[:, :, 1].T
    )  # (directions, points, 4)
    trust = np.broadcast_to(
        points.weight / np.sqrt(1 + 0.02 * np.sum(way**2, axis=1) * scale), across.shape
    )
    turned = turn.transpose(0, 2, 1)
    for _ in range(_ROUNDS):
        weighed = turned * trust[:, None]
        rates = _solved(
            np.matmul(weighed, turn), np.matmul(weighed, across[..., None])[..., 0], mask
        )
        off = (across - np.matmul(turn, rates[..., None])[..., 0]) ** 2 * scale
        trust = points.weight / (1 + off / 4) ** 2
    along = x * (way[:, 0] - rates @ flow[:, :, 0]) + y * (way[:, 1] - rates @ flow[:, :, 1])
    forward = np.exp(-(off + np.minimum(along, 0) ** 2 * scale) / 2) @ points.weight
    backward = np.exp(-(off + np.maximum(along, 0) ** 2 * scale) / 2) @ points.weight
    return np.maximum(forward, backward), rates, np.where(forward >= backward, 1.0, -1.0)


def _around(centre: Array, width: float) -> Array:
    """The direction and eight near it."""
    x, y, z = centre.tolist()
    # At right angles to it; written out, as numpy.cross takes longer than all the rest here.
    ax, ay, az = (y, -x, 0.0) if abs(z) < 0.9 else (0.0, z, -y)
    length = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / length, ay / length, az / length
    aside = np.array([[ax, ay, az], [y * az - z * ay, z * ax - x * az, x * ay - y * ax]])
    found = centre + width * (_RING @ aside)
    nearby: Array = found / np.sqrt((found * found).sum(axis=1, keepdims=True))
    return nearby


def _quantiles(values: Array, weight: Array, shares: tuple[float, ...]) -> Any:
    order = np.argsort(values)
    sums = np.cumsum(weight[order])
    return values[order][
        np.searchsorted(sums, np.array(shares) * sums[-1]).clip(0, len(values) - 1)
    ]
