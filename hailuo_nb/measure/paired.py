"""Paired differences: how large, how sure, and how many pairs more would tell. Pure, with scipy.

Whether a difference could be chance is asked of the differences alone (sign-flip permutation test,
exact for few pairs): where nothing differs, each is as likely to have the other sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from operator import mul
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from hailuo_nb.errors import MissingExtraError
from hailuo_nb.measure import intervals
from hailuo_nb.pages.effect_rows import MAX_MORE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVEL = 0.05
"""Chance of a verdict where there is no difference, in all comparisons of one question together."""
POWER = 0.8

_RESAMPLES = 9_999  # exact up to 13 pairs
_FEW = 6  # fewer pairs have no verdict, whatever they say, and need no scipy
_SEED = 1  # the same differences give the same verdict


@dataclass(frozen=True, slots=True)
class Paired:
    """The mean of paired differences.

    low, high  95 % interval; None for a single pair
    chance     of a mean as far from 0 where nothing differs
    """

    mean: float
    low: float | None
    high: float | None
    pairs: int
    chance: float


def compare(differences: Sequence[float], prior_sd: float) -> Paired:
    """What paired differences say.

    prior_sd  the standard deviation that such differences usually have: see `intervals.of_mean`

    Raises ValueError for none, MissingExtraError without scipy.
    """
    if not differences:
        raise ValueError("no pairs")
    return Paired(*mean_of(differences, prior_sd), len(differences), _chance(differences))


def mean_of(
    differences: Sequence[float], prior_sd: float
) -> tuple[float, float | None, float | None]:
    """The mean of paired differences, of which there is one at least, and its 95 % interval, None
    and None for a single pair. `prior_sd` as in `compare`."""
    low, high = intervals.of_mean(differences, prior_sd) or (None, None)
    return sum(differences) / len(differences), low, high


def decided(found: Sequence[Paired], level: float = LEVEL) -> list[bool]:
    """Which means are apart from 0, so that at most `level` of such questions has one that is apart
    by chance: Holm's step-down procedure, and the interval shown must agree."""
    wanted = [False] * len(found)
    order = sorted(range(len(found)), key=lambda index: found[index].chance)
    for rank, index in enumerate(order):
        one = found[index]
        if one.chance > level / (len(found) - rank):
            break
        wanted[index] = one.low is not None and one.high is not None and one.low * one.high > 0
    return wanted


def more_pairs(differences: Sequence[float], prior_sd: float, questions: int = 1) -> int | None:
    """About how many pairs more tell a difference of the size that was found, four times of five;
    None for more than `MAX_MORE`.

    questions  how many are asked at once
    """
    level = LEVEL / questions
    least = math.ceil(
        1 + math.log2(1 / level)
    )  # fewer pairs have no such chance, whatever they say
    count = len(differences)
    if count < 2:
        return max(1, least - count)
    mean = sum(differences) / count
    squares = sum((one - mean) ** 2 for one in differences) + 2 * prior_sd**2
    needed = math.inf
    if mean**2:  # of the smallest numbers it is 0
        z = NormalDist().inv_cdf(1 - level / 2) + NormalDist().inv_cdf(POWER)
        needed = z**2 * squares / (count + 1) / mean**2
    more = max(least, needed) - count
    return None if more > MAX_MORE else max(1, math.ceil(more))


def _chance(differences: Sequence[float]) -> float:
    if len(differences) < 2 or not any(differences):
        return 1.0
    if len(differences) < _FEW:
        found = abs(sum(differences)) * (1 - 1e-9)  # sums of the same numbers differ by rounding
        signs = [*product((1, -1), repeat=len(differences))]
        flipped = [sum(map(mul, differences, one), 0.0) for one in signs]
        return sum(1.0 for one in flipped if abs(one) >= found) / len(signs)
    stats = _stats()
    import numpy as np

    def mean(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        return np.asarray(values.mean(axis=axis))

    found = stats.permutation_test(
        (np.asarray(differences, dtype=float),),
        mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=_SEED,
    )
    return float(found.pvalue)


def _stats() -> Any:
    try:
        from scipy import stats
    except ImportError as error:
        raise MissingExtraError(
            "Verdicts need scipy: pip install 'hailuo-nb[stats]', then restart the kernel."
        ) from error
    return stats
