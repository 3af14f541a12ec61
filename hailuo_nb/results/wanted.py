"""Which votes and which clips more would tell most, from what is known of the items so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.measure import intervals
from hailuo_nb.pages.effect_rows import Effect
from hailuo_nb.results import effects
from hailuo_nb.results.effects import ClipOutcomes
from hailuo_nb.results.ranking import fit, vote_weights


@dataclass(frozen=True, slots=True)
class VoteWanted:
    """A vote between two clips that agree in everything but the item.

    narrower  by which share of itself the 95 % interval between their items gets narrower
    """

    first: str
    second: str
    items: tuple[str, str]
    narrower: float


@dataclass(frozen=True, slots=True)
class TakeWanted:
    """One clip more of an item, where `same` is what it shares with those that it will meet.

    alone     the others of its pairs are there; else they are asked for beside it
    narrower  as of a vote; None where there is no interval yet
    """

    item: str
    same: Hashable
    alone: bool
    narrower: float | None


# Votes -------------------------------------------------------------------------------------------


def votes_wanted(
    clips: Sequence[ClipOutcomes], votes: Sequence[Vote], left: Sequence[str], made: set[str]
) -> Iterator[VoteWanted]:
    """Pairs without a vote, that first of which a vote tells most, each as if those before it were
    given: the determinant of the covariance of the strengths falls most (D-optimal design).

    left  items that are still asked about
    made  ids of the clips that can be seen
    """
    import numpy as np

    items = list(dict.fromkeys(clip.item for clip in clips))
    place = {item: index for index, item in enumerate(items)}
    item_of = {clip.id: clip.item for clip in clips}
    known = [
        vote
        for vote in votes
        if vote.first in item_of
        and vote.second in item_of
        and item_of[vote.first] != item_of[vote.second]
    ]
    between = [Vote(item_of[vote.first], item_of[vote.second], vote.outcome) for vote in known]
    strengths, covariance = fit(items, between, vote_weights(known, item_of))
    open_pairs = _open_pairs(clips, votes, left, made)
    seen = Counter(clip for vote in votes for clip in (vote.first, vote.second))
    while open_pairs:
        gains = {
            key: _gain(strengths, covariance, place[key[0]], place[key[1]]) for key in open_pairs
        }
        key = max(gains, key=gains.__getitem__)
        one, other = min(open_pairs[key], key=lambda pair: sum(seen[clip.id] for clip in pair))
        yield VoteWanted(one.id, other.id, key, 1 - 1 / math.sqrt(1 + gains[key]))
        seen.update((one.id, other.id))
        open_pairs[key].remove((one, other))
        if not open_pairs[key]:
            del open_pairs[key]
        apart = np.zeros(len(items))
        apart[place[key[0]]], apart[place[key[1]]] = 1, -1
        step = covariance @ apart
        variance = apart @ step
        covariance = covariance - np.outer(step, step) * gains[key] / variance / (1 + gains[key])


def _gain(strengths: Any, covariance: Any, one: int, other: int) -> float:
    """Information of a vote on the difference of two strengths, in units of what is known."""
    chance = 1 / (1 + math.exp(strengths[other] - strengths[one]))
    variance = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
    return float(chance * (1 - chance) * variance)


_Pairs = dict[tuple[str, str], list[tuple[ClipOutcomes, ClipOutcomes]]]


def _open_pairs(
    clips: Sequence[ClipOutcomes], votes: Sequence[Vote], left: Sequence[str], made: set[str]
) -> _Pairs:
    """Those that `board.effect` and a ballot ask about as well, without a vote."""
    asked = {clip.id: clip for clip in clips if clip.id in made and clip.item in left}
    found: _Pairs = {}
    for one, other in effects.unvoted(list(asked.values()), votes):
        pair = asked[one], asked[other]
        found.setdefault((pair[0].item, pair[1].item), []).append(pair)
    return found


# Takes -------------------------------------------------------------------------------------------


def takes_wanted(
    clips: Sequence[ClipOutcomes],
    found: Sequence[Effect],
    left: Sequence[str],
    coming: set[str],
) -> Iterator[TakeWanted]:
    """Clips that make pairs, without end: those first that lack in a block which another item has,
    as each is a pair by itself; then one more of each item, where there are fewest.

    coming  ids of the clips that are made or being made
    """
    pairs = {
        item: min(
            (one.pairs for one in found if item in {one.item, one.other} and
             {one.item, one.other} <= set(left)),
            default=0,
        )
        for item in left
    }  # fmt: skip
    counts: dict[Hashable, Counter[str]] = {}
    for clip in clips:
        if clip.item in left:
            counts.setdefault(clip.same, Counter())[clip.item] += clip.id in coming
    while counts:
        same = max(
            counts, key=lambda one: (_missing(counts[one], left), -max(counts[one].values()))
        )
        most, alone = max(counts[same].values()), _missing(counts[same], left) > 0
        wanted = [item for item in left if counts[same][item] < most] if alone else list(left)
        for item in wanted:
            counts[same][item] += 1
            yield TakeWanted(item, same, alone, narrower(pairs[item]))
        for item in wanted:
            pairs[item] += 1


def _missing(count: Mapping[str, int], left: Sequence[str]) -> int:
    most = max(count.values())
    return sum(most - count.get(item, 0) for item in left)


def narrower(pairs: int) -> float | None:
    """By which share of itself the interval of a mean difference gets narrower with a pair more;
    None where there is no interval yet."""
    if pairs < 2:
        return None
    return 1 - intervals.width_of_mean(pairs + 1) / intervals.width_of_mean(pairs)
