"""Pools of clips that must not be compared with each other, and rankings within each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.pages.summary_rows import Pool
from hailuo_nb.results.job import Job
from hailuo_nb.results.ranking import Rank, rank, vote_weights


@dataclass(frozen=True, slots=True)
class Ranked:
    """One item in one pool; None where all are pooled."""

    pool: Pool | None
    rank: Rank


def pool_of(job: Job) -> Pool:
    return Pool(
        job.resolution,
        job.duration,
        job.request.first_frame is not None,
        bool(job.sound),
        job.simulated,
    )


def apart(pool: Pool, axis: str) -> Pool:
    """The pool without the field of that axis: by resolution, clips of all resolutions compare."""
    if axis == "resolution":
        return replace(pool, resolution="")
    return replace(pool, duration=0) if axis == "duration" else pool


def within(votes: Iterable[Vote], pools: Mapping[str, Pool]) -> list[Vote]:
    """The votes between two clips of one pool. `pools` by the clip's id."""
    return [vote for vote in votes if pools[vote.first] == pools[vote.second]]


def by_item(votes: Iterable[Vote], item: Mapping[str, str]) -> list[Rank]:
    """Strengths of items by votes between clips; `item` by the clip's id. Votes that share a clip
    count less, see `ranking.vote_weights`, unless the clips themselves are the items."""
    given = list(votes)
    between = [Vote(item[vote.first], item[vote.second], vote.outcome) for vote in given]
    clips = all(item[vote.first] == vote.first for vote in given)
    return rank(between, None if clips else vote_weights(given, item))


def ranked(
    votes: Sequence[Vote], item: Mapping[str, str], pools: Mapping[str, Pool]
) -> list[Ranked]:
    """Each pool by itself, the one with the most votes first, its strongest item first."""
    of_pool: dict[Pool, list[Vote]] = {}
    for vote in within(votes, pools):
        of_pool.setdefault(pools[vote.first], []).append(vote)
    most_first = sorted(of_pool.items(), key=lambda one: -len(one[1]))
    return [Ranked(pool, one) for pool, given in most_first for one in by_item(given, item)]
