"""How far raters agree on the same pairs of clips, so that one who votes at random is seen.

Krippendorff's alpha over all raters, ties half-way (interval metric). Each rater is held against
the mean of the others, pair by pair, and by the test that a verdict of an effect takes: of who
votes at random each vote may as well be the other way round. Pairs that share a clip tell partly
the same: who likes one clip prefers it in all of them, whatever others think.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from types import ModuleType
from typing import TYPE_CHECKING

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import MissingExtraError
from hailuo_nb.measure import paired
from hailuo_nb.pages import words
from hailuo_nb.pages.effect_rows import missing_text

if TYPE_CHECKING:
    import pandas as pd

_POINTS = {"first": 1, "tie": 0, "second": -1}
_PRIOR_SD = 1.0  # the standard deviation that products of two votes usually have
_SLIGHT = 0.1
"""A rater whose interval reaches further than this, and as far as the agreement of the others, is
not called random: good raters agree little too about clips that differ little."""

_SHARED = 1 / 9
"""How far what two raters say of two pairs that share a clip correlates, where each has a taste of
his own that has nothing to do with the other's: a third for each, see `ranking.vote_weights`."""

_Said = Mapping[str, int]  # rater -> 1 where the first of two clips won, by their ids; 0; -1


@dataclass(frozen=True, slots=True)
class Agreement:
    """One rater against the others.

    votes      that count
    pairs      of clips on which another voted too
    agreement  1 all the same, 0 as chance, -1 all the other way round; None without such a pair
    low, high  95 % interval; None for a single pair
    """

    rater: str
    votes: int
    pairs: int
    agreement: float | None
    low: float | None
    high: float | None
    verdict: str


def agreements(votes: Sequence[Vote]) -> list[Agreement]:
    """One for each rater, in the order in which they first voted. Raises MissingExtraError where
    there are several and scipy is missing."""
    raters = list(dict.fromkeys(vote.rater for vote in votes))
    said = _by_pair(votes)
    shared = {rater: _against_others(rater, said) for rater in raters}
    found = {rater: _compared(pairs) for rater, pairs in shared.items() if pairs}
    sure = dict(zip(found, paired.decided(list(found.values())), strict=True))
    rows = []
    for rater in raters:
        count = sum(vote.rater == rater for vote in votes)
        one = found.get(rater)
        if one is None:
            none = "no other rater" if len(raters) == 1 else "no pair in common"
            rows.append(Agreement(rater, count, 0, None, None, None, none))
            continue
        usual = max(_SLIGHT, _among_others(rater, said))
        verdict = _verdict(one, usual, [*shared[rater].values()], len(found), decided=sure[rater])
        rows.append(Agreement(rater, count, one.pairs, one.mean, one.low, one.high, verdict))
    return rows


def alpha(votes: Sequence[Vote]) -> float | None:
    """Krippendorff's alpha: 1 where all raters agree, 0 as chance. None where no pair has two
    votes, or all are ties. Raises MissingExtraError."""
    said = [list(one.values()) for one in _by_pair(votes).values() if len(one) > 1]
    if not any(any(values) for values in said):
        return None
    # Which of two clips stands first means nothing, so each pair counts both ways round: where all
    # prefer the first there is agreement, and not "no variation".
    counts = [
        [values.count(sign * point) for point in (-1, 0, 1)] for values in said for sign in (1, -1)
    ]
    import numpy as np

    found = _library().alpha(
        value_counts=np.array(counts),
        value_domain=np.array([-1, 0, 1]),
        level_of_measurement="interval",
    )
    return float(found) if math.isfinite(found) else None


def to_frame(votes: Sequence[Vote]) -> pd.DataFrame:
    """See `Voting.agreement`."""
    import pandas as pd

    rows = agreements(votes)
    overall = alpha(votes) if len(rows) > 1 else None
    columns = ["rater", "n_votes", "n_pairs", "agreement", "low", "high", "verdict"]
    records = [[getattr(row, name.removeprefix("n_")) for name in columns] for row in rows]
    table = pd.DataFrame(records, columns=columns).assign(alpha=overall).set_index("rater")
    return table.astype(dict.fromkeys(("agreement", "low", "high", "alpha"), float))


def _by_pair(votes: Sequence[Vote]) -> dict[tuple[str, str], dict[str, int]]:
    """What the raters said of each two clips."""
    said: dict[tuple[str, str], dict[str, int]] = {}
    for vote in votes:
        _, one, other = vote.key
        sign = 1 if vote.first == one else -1
        said.setdefault((one, other), {})[vote.rater] = sign * _POINTS[vote.outcome]
    return said


def _against_others(
    rater: str, said: Mapping[tuple[str, str], _Said]
) -> dict[tuple[str, str], float]:
    """Of each pair that others saw too: this vote times the mean of theirs."""
    found = {}
    for pair, one in said.items():
        others = [value for name, value in one.items() if name != rater]
        if rater in one and others:
            found[pair] = one[rater] * sum(others) / len(others)
    return found


def _compared(products: Mapping[tuple[str, str], float]) -> paired.Paired:
    """What the products of these pairs say, as many as they are once those that share a clip count
    for less (design effect)."""
    found = paired.compare([*products.values()], _PRIOR_SD)
    met = Counter(clip for pair in products for clip in pair)
    beside = sum(met[one] + met[other] - 2 for one, other in products) / len(products)
    wider = math.sqrt(1 + _SHARED * beside)
    normal = NormalDist()
    chance = 2 * normal.cdf(normal.inv_cdf(found.chance / 2) / wider)
    if found.low is None or found.high is None:
        return replace(found, chance=chance)
    half = (found.high - found.low) / 2 * wider
    return replace(found, low=found.mean - half, high=found.mean + half, chance=chance)


def _among_others(rater: str, said: Mapping[tuple[str, str], _Said]) -> float:
    """How far the others agree with each other; 0 where no two of them saw the same."""
    without = {
        pair: {name: value for name, value in one.items() if name != rater}
        for pair, one in said.items()
    }
    names = {name for one in without.values() for name in one}
    found = [value for name in names for value in _against_others(name, without).values()]
    return sum(found) / len(found) if found else 0.0


def _verdict(
    found: paired.Paired,
    usual: float,
    values: Sequence[float],
    questions: int,
    *,
    decided: bool,
) -> str:
    """usual  how far a rater agrees who does not guess"""
    if decided:
        return "agrees with the others" if found.mean > 0 else "against the others"
    if found.high is not None and found.high < usual:
        return "as chance"
    return missing_text(paired.more_pairs(values, _PRIOR_SD, questions), words.translator())


def _library() -> ModuleType:
    try:
        import krippendorff
    except ImportError as error:
        raise MissingExtraError(
            "The agreement of raters needs krippendorff: pip install 'hailuo-nb[raters]', then "
            "restart the kernel."
        ) from error
    return krippendorff
