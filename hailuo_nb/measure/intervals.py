"""95 % intervals of shares, means and medians, in closed form. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z = 1.96
"""Standard errors on each side of a 95 % interval."""

_PRIOR = 2
"""Degrees of freedom of the prior deviation of a mean: two equal marks are no proof that all marks
are equal."""


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's interval of a share of `count`; (0, 1) for none."""
    if count <= 0:
        return 0.0, 1.0
    z2 = Z**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(share * (1 - share) / count * z2 + (z2 / (2 * count)) ** 2) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def of_mean(values: Sequence[float], prior_sd: float) -> tuple[float, float] | None:
    """Student's interval of a mean; None for fewer than two values.

    prior_sd  the standard deviation that such values usually have. It counts as two values more:
              without them a few equal marks would have an interval of no width
    """
    count = len(values)
    if count < 2:
        return None
    mean = sum(values) / count
    squares = sum((value - mean) ** 2 for value in values)
    variance = (squares + _PRIOR * prior_sd**2) / (count - 1 + _PRIOR)
    half = width_of_mean(count) * math.sqrt(variance)
    return mean - half, mean + half


def width_of_mean(count: int) -> float:
    """Half of the width of the interval of a mean of `count` values of deviation 1; infinite for
    fewer than two."""
    return _student(count - 1) / math.sqrt(count) if count > 1 else math.inf


def of_median(values: Sequence[float]) -> tuple[float, float] | None:
    """The order statistics that hold the median whatever the distribution; None for fewer than six
    values, where no two of them do."""
    ordered = sorted(values)
    count = len(ordered)
    below, rank = 0.0, 0
    while rank < count:
        below += math.comb(count, rank) / 2**count
        if below > 0.025:
            break
        rank += 1
    return (ordered[rank - 1], ordered[count - rank]) if rank else None


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: exact for 1 and 2 degrees of freedom, within 0.04 of it
    for more (expansion: Abramowitz and Stegun 26.7.5)."""
    if freedom == 1:
        return math.tan(math.pi * 0.475)
    if freedom == 2:
        return 0.95 * math.sqrt(2 / (1 - 0.95**2))
    z, terms = Z, 0.0
    for power, term in enumerate(
        (
            (z**3 + z) / 4,
            (5 * z**5 + 16 * z**3 + 3 * z) / 96,
            (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
            (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
        ),
        1,
    ):
        terms += term / freedom**power
    return z + terms
