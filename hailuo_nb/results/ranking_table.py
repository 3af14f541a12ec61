"""`Comparison.ranking` as a table: strengths by votes, each pool by itself."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.measure.axes import AXES, axis_of, index_of, item_of
from hailuo_nb.pages.summary_rows import Pool, pool_text
from hailuo_nb.results import costs, pools
from hailuo_nb.results.job import Job
from hailuo_nb.results.pools import Ranked

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "pool", "strength", "low", "high", "n_votes", "n_wins", "n_losses", "n_ties", "n_clips", "cost",
    "currency",
)  # fmt: skip
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("strength", "low", "high", "cost"), float),
    **{name: "int64" for name in _COLUMNS if name.startswith("n_")},
}
"""Also of a ranking without a row."""
ACROSS = "votes_across_pools"
"""In `DataFrame.attrs`: how many votes between clips of two pools are not counted."""


class Ranking:
    """The votes on these clips by what an axis tells apart. Raises ArgumentError."""

    def __init__(self, jobs: Sequence[Job], votes: Sequence[Vote], by: str) -> None:
        self._axis = axis = axis_of(by, jobs, "id")
        self._item = {job.id: item for job in jobs if (item := item_of(job, axis)) is not None}
        self._jobs = [job for job in jobs if job.id in self._item]
        self._votes = [v for v in votes if v.first in self._item and v.second in self._item]
        self._pools = {job.id: pools.apart(pools.pool_of(job), axis) for job in self._jobs}

    @property
    def across(self) -> int:
        """Votes between two items in different pools."""
        return sum(
            self._item[vote.first] != self._item[vote.second]
            and self._pools[vote.first] != self._pools[vote.second]
            for vote in self._votes
        )

    def ranks(self, *, pooled: bool) -> list[Ranked]:
        if pooled:
            return [Ranked(None, one) for one in pools.by_item(self._votes, self._item)]
        return pools.ranked(self._votes, self._item, self._pools)

    def to_frame(self, by: str, *, pooled: bool) -> pd.DataFrame:
        import pandas as pd

        found = self.ranks(pooled=pooled)
        index = index_of([one.rank.item for one in found], self._jobs, self._axis, by)
        table = pd.DataFrame(map(self._record, found), columns=[*_COLUMNS])
        table = table.set_axis(index).astype(_KINDS)
        table.attrs[ACROSS] = 0 if pooled else self.across
        if table.attrs[ACROSS]:
            warnings.warn(_uncounted(table.attrs[ACROSS]), stacklevel=3)
        elif self._votes and not found:
            warnings.warn(
                f"no vote is between clips that differ in their {by!r}: nothing is ranked; "
                f'ranking("{self._better()}") ranks what they differ in',
                stacklevel=3,
            )
        return table

    def _better(self) -> str:
        """What the voters saw differ."""
        jobs = {job.id: job for job in self._jobs}
        pairs = [(jobs[vote.first], jobs[vote.second]) for vote in self._votes]
        for axis in AXES:
            if any(item_of(one, axis) != item_of(other, axis) for one, other in pairs):
                return axis
        return "id"

    def _record(self, one: Ranked) -> tuple[object, ...]:
        rank = one.rank
        counts = rank.wins, rank.losses, rank.ties
        jobs = self._jobs_of(one)
        saved = sum(job.state == "saved" for job in jobs)
        said = "" if one.pool is None else pool_text(one.pool)
        figures = rank.strength, rank.low, rank.high, sum(counts), *counts
        return (said, *figures, saved, *costs.of_one_saved(jobs))

    def _jobs_of(self, one: Ranked) -> list[Job]:
        """The clips of the item in its pool; of one that is not there nobody knows the sound."""
        jobs = [job for job in self._jobs if self._item[job.id] == one.rank.item]
        if (pool := one.pool) is None:
            return jobs
        return [job for job in jobs if self._pool_beside(job, pool) == pool]

    def _pool_beside(self, job: Job, pool: Pool) -> Pool:
        its = self._pools[job.id]
        return its if job.state == "saved" else replace(its, sound=pool.sound)


def _uncounted(count: int) -> str:
    votes = "1 vote" if count == 1 else f"{count} votes"
    return (
        f"{votes} between clips of different pools (resolution, duration, first frame, sound, "
        "simulated) not counted; ranking(..., pooled=True) counts them"
    )
