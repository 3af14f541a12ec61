"""Assigns the windows of a clip to the brackets of a prompt by dynamic programming.

Brackets keep their order and get at least one window each if there are enough. Equal shares are the
prior, as the providers' pages describe them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hailuo_nb.measure.estimate import (
    MIN_RATE,
    MIN_SHAKE,
    TWINS,
    CameraEstimate,
    apparent_rate,
    estimate_camera,
)
from hailuo_nb.measure.measurement import Window
from hailuo_nb.prompts.camera import Move

_PRIOR_WEIGHT = 0.35  # cost of a boundary one bracket away from its equal share

# Last part of a move's key -> sign.
_SIGNS = {"left": -1.0, "right": 1.0, "up": 1.0, "down": -1.0, "in": 1.0, "out": -1.0}


def align(steps: Sequence[Sequence[Move]], windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Returns the half-open range of windows of each bracket; an empty one for want of windows."""
    count, total = len(steps), len(windows)
    if count <= 1 or total <= count:
        return [
            (min(i, total), min(i + 1, total)) if count > 1 else (0, total) for i in range(count)
        ]
    estimate = [estimate_camera([window]) for window in windows]
    gains = [[_match(moves, one) for one in estimate] for moves in steps]
    sums = [[0.0] for _ in steps]
    for index, row in enumerate(gains):
        for gain in row:
            sums[index].append(sums[index][-1] + gain)
    ends = [window.end for window in windows]
    begin, duration = windows[0].start, ends[-1] - windows[0].start
    best: list[list[tuple[float, int]]] = [
        [(float("-inf"), 0)] * (total + 1) for _ in range(count + 1)
    ]
    best[0][0] = (0.0, 0)
    for step in range(1, count + 1):
        even_share = begin + duration * step / count
        for last in range(step, total - (count - step) + 1):
            off = abs(ends[last - 1] - even_share) * count / duration if step < count else 0.0
            for first in range(step - 1, last):
                value = best[step - 1][first][0] + sums[step - 1][last] - sums[step - 1][first]
                value -= _PRIOR_WEIGHT * off * off
                if value > best[step][last][0]:
                    best[step][last] = (value, first)
    spans, last = [], total
    for step in range(count, 0, -1):
        first = best[step][last][1]
        spans.append((first, last))
        last = first
    return spans[::-1]


def _match(moves: Sequence[Move], estimate: CameraEstimate | None) -> float:
    """Scores a window against a bracket: about 1 for a match, -1 for the opposite."""
    if estimate is None:
        return 0.0
    total = 0.0
    used = set()
    for move in moves:
        value, axis = _match_move(move, estimate)
        total += value
        used |= axis
    if not any(move.key in ("tracking", "shake") for move in moves):
        others = [
            min(1.0, apparent_rate(k, r) / 0.05) for k, r in estimate.parts.items() if k not in used
        ]
        total -= 0.5 * sum(others) + (0.7 if estimate.shake > MIN_SHAKE else 0.0)
    return total / len(moves)


def _match_move(move: Move, estimate: CameraEstimate) -> tuple[float, set[str]]:
    moving = sum(apparent_rate(kind, rate) for kind, rate in estimate.parts.items())
    if move.key == "shake":
        return (1.0 if estimate.shake > MIN_SHAKE else -0.3), set()
    if move.key == "static":
        return (0.7 if moving < MIN_RATE and estimate.shake <= MIN_SHAKE else -0.3), set()
    if move.key == "tracking":
        return (0.4 if estimate.parts.keys() & {"truck", "pan"} else 0.0), set()
    kind = _kind(move)
    sign = _SIGNS[move.key.rpartition("_")[2]]
    total = 0.0
    for name in (kind, TWINS[kind]):
        rate = estimate.parts.get(name, 0.0)
        directed = -rate if name == "pedestal" else rate
        # The kind has a small weight, to separate a truck from a following pan.
        total += (
            sign
            * (1.0 if directed > 0 else -1.0)
            * min(1.0, apparent_rate(name, rate) / 0.03)
            * (1.0 if name == kind else 0.7)
        )
    return max(-1.0, min(1.0, total)), {kind, TWINS[kind]}


def _kind(move: Move) -> str:
    return {"pull_out": "push"}.get(move.key, move.key.rpartition("_")[0])
