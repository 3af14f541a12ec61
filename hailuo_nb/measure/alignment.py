"""Which windows of a clip belong to which bracket: cuts between windows, chosen so that the
brackets fit best.

Pure; must not know verdicts. Brackets keep their order and every bracket gets at least one window
where there are enough; equal shares are the prior, for that is how the providers' pages describe
them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hailuo_nb.measure.weighing import MIN_RATE, SHAKES, TWIN, Found, size, weigh
from hailuo_nb.measure.windows import Window
from hailuo_nb.prompts.camera import Move

_PRIOR = 0.35  # cost of a cut that is a whole bracket away from its equal share

# Key of a move -> the kind, and its sign.
_SIGNS = {"left": -1.0, "right": 1.0, "up": 1.0, "down": -1.0, "in": 1.0, "out": -1.0}


def align(steps: Sequence[Sequence[Move]], windows: Sequence[Window]) -> list[tuple[int, int]]:
    """For each bracket its first window and the one behind its last; (n, n) where there are too few
    windows."""
    count, total = len(steps), len(windows)
    if count <= 1 or total <= count:
        return [
            (min(i, total), min(i + 1, total)) if count > 1 else (0, total) for i in range(count)
        ]
    found = [weigh([window]) for window in windows]
    gains = [[_match(moves, one) for one in found] for moves in steps]
    sums = [[0.0] for _ in steps]
    for index, row in enumerate(gains):
        for gain in row:
            sums[index].append(sums[index][-1] + gain)
    ends = [window.end for window in windows]
    begin, whole = windows[0].start, ends[-1] - windows[0].start
    best: list[list[tuple[float, int]]] = [
        [(float("-inf"), 0)] * (total + 1) for _ in range(count + 1)
    ]
    best[0][0] = (0.0, 0)
    for step in range(1, count + 1):
        fair = begin + whole * step / count
        for last in range(step, total - (count - step) + 1):
            off = abs(ends[last - 1] - fair) * count / whole if step < count else 0.0
            for first in range(step - 1, last):
                value = best[step - 1][first][0] + sums[step - 1][last] - sums[step - 1][first]
                value -= _PRIOR * off * off
                if value > best[step][last][0]:
                    best[step][last] = (value, first)
    spans, last = [], total
    for step in range(count, 0, -1):
        first = best[step][last][1]
        spans.append((first, last))
        last = first
    return spans[::-1]


def _match(moves: Sequence[Move], found: Found | None) -> float:
    """How well one window fits a bracket: about 1 for a match, -1 for the opposite."""
    if found is None:
        return 0.0
    total = 0.0
    used = set()
    for move in moves:
        value, axis = _one(move, found)
        total += value
        used |= axis
    if not any(move.key in ("tracking", "shake") for move in moves):
        others = [min(1.0, size(k, r) / 0.05) for k, r in found.parts.items() if k not in used]
        total -= 0.5 * sum(others) + (0.7 if found.shake > SHAKES else 0.0)
    return total / len(moves)


def _one(move: Move, found: Found) -> tuple[float, set[str]]:
    moving = sum(size(kind, rate) for kind, rate in found.parts.items())
    if move.key == "shake":
        return (1.0 if found.shake > SHAKES else -0.3), set()
    if move.key == "static":
        return (0.7 if moving < MIN_RATE and found.shake <= SHAKES else -0.3), set()
    if move.key == "tracking":
        return (0.4 if found.parts.keys() & {"truck", "pan"} else 0.0), set()
    kind = _kind(move)
    sign = _SIGNS[move.key.rpartition("_")[2]]
    total = 0.0
    for name in (kind, TWIN[kind]):
        rate = found.parts.get(name, 0.0)
        upward = -rate if name == "pedestal" else rate
        # The kind counts a little, so that a truck and a pan one after the other are told apart.
        total += (
            sign
            * (1.0 if upward > 0 else -1.0)
            * min(1.0, size(name, rate) / 0.03)
            * (1.0 if name == kind else 0.7)
        )
    return max(-1.0, min(1.0, total)), {kind, TWIN[kind]}


def _kind(move: Move) -> str:
    return {"pull_out": "push"}.get(move.key, move.key.rpartition("_")[0])
