"""From the evidence of windows to the camera's parts: which hypothesis is worth its parts, over a
stretch of time.

Pure Python; must not know prompts or files. A translation leaves each point one free number, so it
explains noise better than a turn does: under noise its score is about the root of the turn's. So
the square of it is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hailuo_nb.measure.windows import Evidence, Window

KINDS = ("pan", "tilt", "zoom", "truck", "pedestal", "push")
"""The parts of a motion, in the order of `Evidence.rates`. Positive: right, up, in, right, down,
in."""
TWIN = {
    "pan": "truck",
    "truck": "pan",
    "tilt": "pedestal",
    "pedestal": "tilt",
    "zoom": "push",
    "push": "zoom",
}
TRANSLATION = 8

_PER_TURN, _PER_MOVE, _PER_BOTH = 0.03, 0.1, 0.07
# Of the score: what a turn, a translation, and each turn beside a translation must explain.
MIN_SPREAD = 0.25
"""Of the nearness: below it a translation is no better than a turn, whatever it explains."""
_MIN_SHARE, _FAINT_SHARE = 0.35, 0.15  # of a translation's length that one of its parts must have
_MIN_WINDOWS = 3
_REST = 0.3  # of the picture, that a camera at rest must explain
MIN_RATE = 0.012
"""Picture widths a second: slower than this is rest."""
_ZOOM_WIDTH = 0.3  # picture widths from the middle at which a zoom is compared with a turn
_FAINT_RATE = MIN_RATE / 3
_STEADY = (
    1.0  # times its own deviation from window to window: what a slow turn must have on average
)
SHAKES = 0.055
"""Widths a second, RMS: more than an unsteady hand."""


@dataclass(frozen=True, slots=True)
class Found:
    """The camera over a stretch of time.

    parts     kind -> rate a second, signed like `KINDS`; widths, for zoom and push logarithms
    faint     the same for what is too small to be seen by itself, but counts where asked for: small
              parts of a translation, and slow turns and zooms that go one way in all windows
    worth     hypothesis -> what it explains less what its parts cost
    best      the number of the winning hypothesis
    depth     how much better translation explains it than turns alone; above 0 only where near and
              far differ
    lens      how much better a real lens explains a turn than a flat shift does
    """

    parts: dict[str, float]
    faint: dict[str, float]
    worth: tuple[float, ...]
    best: int
    depth: float
    spread: float
    lens: float
    fit: float
    motion: float
    shake: float


def size(kind: str, rate: float) -> float:
    """How large a part looks, in picture widths a second: zooms as they show away from the
    middle."""
    return abs(rate) * (_ZOOM_WIDTH if kind in ("zoom", "push") else 1.0)


def weigh(windows: Sequence[Window]) -> Found | None:
    """The camera over these windows, or None where none of them tells anything."""
    told = [window for window in windows if window.evidence]
    if not told:
        return None
    shake = _mean([window.shake for window in told], [window.seconds for window in told])
    # A window at rest explains itself by anything: it has no voice in what moved.
    voice = [window.seconds * min(1.0, 0.02 + window.motion / 0.05) for window in told]
    spread = [_mean([w.evidence[mask].spread for w in told], voice) for mask in range(16)]
    worth = tuple(
        _mean([_worth(window.evidence, mask) for window in told], voice)
        - (1.0 if mask >= TRANSLATION and spread[mask] < MIN_SPREAD else 0.0)
        for mask in range(16)
    )
    best = max(range(16), key=lambda mask: worth[mask])
    time = [window.seconds for window in told]
    motion = _mean([window.motion for window in told], time)
    if best == 0 and worth[0] < _REST and motion > MIN_RATE / 2:
        # Something moves, and rest does not explain it either: the best of the others, however
        # poor.
        best = max(range(1, 16), key=lambda mask: worth[mask])
    rates = [
        _mean([window.evidence[best].rates[part] for window in told], time) for part in range(6)
    ]
    moved = best if best >= TRANSLATION else max(range(8, 16), key=lambda mask: worth[mask])
    return Found(
        parts=_parts(best, rates, shake),
        faint=_steady(told, time) | _parts(best, rates, shake, _FAINT_SHARE),
        worth=worth,
        best=best,
        depth=max(worth[TRANSLATION:]) - max(worth[:TRANSLATION]),
        spread=spread[moved],
        lens=_mean([window.lens_gain for window in told], voice),
        fit=_mean([window.fit for window in told], voice),
        motion=motion,
        shake=shake,
    )


def parallax(evidence: tuple[Evidence, ...]) -> Evidence | None:
    """The translation of one window, if it is worth more than turns alone."""
    best = max(range(16), key=lambda mask: _worth(evidence, mask))
    if best < TRANSLATION or evidence[best].spread < MIN_SPREAD:
        return None
    return evidence[best]


def _worth(evidence: tuple[Evidence, ...], mask: int) -> float:
    score = evidence[mask].score
    turns = (mask & 7).bit_count()
    if mask < TRANSLATION:
        return score - _PER_TURN * turns
    return score * score - _PER_BOTH * turns - _PER_MOVE


def _parts(
    mask: int, rates: Sequence[float], shake: float, share: float = _MIN_SHARE
) -> dict[str, float]:
    least = MIN_RATE + 0.25 * max(0.0, shake - 0.01)
    parts: dict[str, float] = {}
    for bit, kind in enumerate(KINDS[:3]):
        if mask >> bit & 1 and size(kind, rates[bit]) >= least:
            parts[kind] = rates[bit]
    if mask >= TRANSLATION:
        length = sum(rate * rate for rate in rates[3:]) ** 0.5
        parts |= {
            kind: rate
            for kind, rate in zip(KINDS[3:], rates[3:], strict=True)
            if abs(rate) >= share * length and size(kind, rate) >= least / 4
        }
    return parts


def _steady(windows: Sequence[Window], time: Sequence[float]) -> dict[str, float]:
    """Slow turns and zooms, as the picture shows them whatever their cause, that are more than
    unrest and noise."""
    found: dict[str, float] = {}
    if len(windows) < _MIN_WINDOWS:
        return found
    for bit, kind in enumerate(KINDS[:3]):
        rates = [window.evidence[7].rates[bit] for window in windows]
        mean = _mean(rates, time)
        deviation = _mean([(rate - mean) ** 2 for rate in rates], time) ** 0.5
        if size(kind, mean) >= _FAINT_RATE and abs(mean) > _STEADY * deviation:
            found[kind] = mean
    return found


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0
