"""Estimates the camera's motion over a time span by model selection among the hypotheses.

Translation has a free parameter per point and so fits noise better than rotation: under noise its
score is about the square root of rotation's. Therefore its square is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hailuo_nb.measure.measurement import Evidence, Window

KINDS = ("pan", "tilt", "zoom", "truck", "pedestal", "push")
"""The parts of a motion as in `Evidence.rates`. Positive: right, up, in, right, down, in."""
TWINS = {
    "pan": "truck",
    "truck": "pan",
    "tilt": "pedestal",
    "pedestal": "tilt",
    "zoom": "push",
    "push": "zoom",
}
TRANSLATION = 8
"""The bit of a hypothesis with translation; see `geometry.Fit`."""
_HYPOTHESES = range(16)

# Penalties on the score: of a rotation, a translation, and each rotation next to a translation.
_ROTATION_PENALTY, _TRANSLATION_PENALTY, _COMBINED_PENALTY = 0.03, 0.1, 0.07
MIN_SPREAD = 0.25
"""Spread of inverse depth below which translation is no better than rotation."""
_MIN_SHARE, _MIN_FAINT_SHARE = 0.35, 0.15  # of a component in the translation's length
_MIN_WINDOWS = 3
_MIN_REST_SCORE = 0.3  # of the hypothesis that the camera rests
MIN_RATE = 0.012
"""Frame widths per second; slower is rest."""
_ZOOM_RADIUS = 0.3  # frame widths from the centre at which a zoom is compared with rotation
_MIN_FAINT_RATE = MIN_RATE / 3
_MIN_STEADINESS = 1.0  # mean rate of a slow rotation by its standard deviation over the windows
MIN_SHAKE = 0.055
"""Widths per second, RMS; an unsteady hand has less."""


@dataclass(frozen=True, slots=True)
class CameraEstimate:
    """The camera's motion over a time span.

    parts   kind -> rate per second, signed like `KINDS`; widths, for zoom and push logarithms
    faint   the same for parts too small to be noticed, which count if they are requested: small
            components of a translation, and slow but steady rotations and zooms
    scores  of each hypothesis, less the penalties
    best    the number of the winning hypothesis
    depth   score of translation less that of rotation; positive only if near and far differ
    lens    score of rotation with a real lens less that with a flat shift
    """

    parts: dict[str, float]
    faint: dict[str, float]
    scores: tuple[float, ...]
    best: int
    depth: float
    spread: float
    lens: float
    fit: float
    motion: float
    shake: float


def apparent_rate(kind: str, rate: float) -> float:
    """Returns the speed on screen in frame widths per second; a zoom's away from the centre."""
    return abs(rate) * (_ZOOM_RADIUS if kind in ("zoom", "push") else 1.0)


def estimate_camera(windows: Sequence[Window]) -> CameraEstimate | None:
    """Estimates the motion over these windows; None if none of them has evidence."""
    usable = [window for window in windows if window.evidence]
    if not usable:
        return None
    shake = _mean([window.shake for window in usable], [window.seconds for window in usable])
    # Any hypothesis fits a window at rest, so its weight is small.
    weights = [window.seconds * min(1.0, 0.02 + window.motion / 0.05) for window in usable]
    spread = [_mean([w.evidence[mask].spread for w in usable], weights) for mask in _HYPOTHESES]
    scores = tuple(
        _mean([_penalized_score(window.evidence, mask) for window in usable], weights)
        - (1.0 if mask >= TRANSLATION and spread[mask] < MIN_SPREAD else 0.0)
        for mask in _HYPOTHESES
    )
    best = max(_HYPOTHESES, key=lambda mask: scores[mask])
    seconds = [window.seconds for window in usable]
    motion = _mean([window.motion for window in usable], seconds)
    if best == 0 and scores[0] < _MIN_REST_SCORE and motion > MIN_RATE / 2:
        # Something moves and rest does not fit: take the best of the others.
        best = max(_HYPOTHESES[1:], key=lambda mask: scores[mask])
    rates = [
        _mean([window.evidence[best].rates[part] for window in usable], seconds)
        for part in range(6)
    ]
    translated = best
    if best < TRANSLATION:
        translated = max(_HYPOTHESES[TRANSLATION:], key=lambda mask: scores[mask])
    return CameraEstimate(
        parts=_parts(best, rates, shake),
        faint=_steady(usable, seconds) | _parts(best, rates, shake, _MIN_FAINT_SHARE),
        scores=scores,
        best=best,
        depth=max(scores[TRANSLATION:]) - max(scores[:TRANSLATION]),
        spread=spread[translated],
        lens=_mean([window.lens_gain for window in usable], weights),
        fit=_mean([window.fit for window in usable], weights),
        motion=motion,
        shake=shake,
    )


def find_parallax(evidence: tuple[Evidence, ...]) -> Evidence | None:
    """Returns the translation of one window if its score beats rotation alone."""
    best = max(_HYPOTHESES, key=lambda mask: _penalized_score(evidence, mask))
    if best < TRANSLATION or evidence[best].spread < MIN_SPREAD:
        return None
    return evidence[best]


def _penalized_score(evidence: tuple[Evidence, ...], mask: int) -> float:
    score = evidence[mask].score
    turns = (mask & 7).bit_count()
    if mask < TRANSLATION:
        return score - _ROTATION_PENALTY * turns
    return score * score - _COMBINED_PENALTY * turns - _TRANSLATION_PENALTY


def _parts(
    mask: int, rates: Sequence[float], shake: float, share: float = _MIN_SHARE
) -> dict[str, float]:
    minimum = MIN_RATE + 0.25 * max(0.0, shake - 0.01)
    parts: dict[str, float] = {}
    for bit, kind in enumerate(KINDS[:3]):
        if mask >> bit & 1 and apparent_rate(kind, rates[bit]) >= minimum:
            parts[kind] = rates[bit]
    if mask >= TRANSLATION:
        length = sum(rate * rate for rate in rates[3:]) ** 0.5
        parts |= {
            kind: rate
            for kind, rate in zip(KINDS[3:], rates[3:], strict=True)
            if abs(rate) >= share * length and apparent_rate(kind, rate) >= minimum / 4
        }
    return parts


def _steady(windows: Sequence[Window], seconds: Sequence[float]) -> dict[str, float]:
    """Returns apparent rotations and zooms that are slow, but steady beyond noise."""
    steady: dict[str, float] = {}
    if len(windows) < _MIN_WINDOWS:
        return steady
    for bit, kind in enumerate(KINDS[:3]):
        rates = [window.evidence[7].rates[bit] for window in windows]
        mean = _mean(rates, seconds)
        deviation = _mean([(rate - mean) ** 2 for rate in rates], seconds) ** 0.5
        if apparent_rate(kind, mean) >= _MIN_FAINT_RATE and abs(mean) > _MIN_STEADINESS * deviation:
            steady[kind] = mean
    return steady


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0
