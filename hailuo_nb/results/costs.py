"""What clips cost together, and what one saved clip came to: as charged, else by the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.states import FINAL
from hailuo_nb.ordering import budget

if TYPE_CHECKING:
    from hailuo_nb.results.job import Job


def total(jobs: Iterable[Job]) -> dict[str, float]:
    """Sums by currency, without free clips and those whose cost nobody knows."""
    return budget.totals([job.spent for job in jobs])


def of_one_saved(jobs: Sequence[Job]) -> budget.Cost:
    """All that was spent on these clips, failed ones too, for each that is saved; clips that are
    not over are left out. (None, "") where none is saved, a cost is unknown, or the currencies are
    several; (0.0, "") where all are free."""
    over = [job for job in jobs if job.state in FINAL]
    return share([job.spent for job in over], sum(job.state == "saved" for job in over))


def share(costs: Sequence[budget.Cost], count: int) -> budget.Cost:
    """All of these costs, for each of `count`; (None, "") as above."""
    sums = budget.totals(costs)
    if not count or len(sums) > 1 or any(amount is None for amount, _ in costs):
        return None, ""
    currency, amount = next(iter(sums.items()), ("", 0.0))
    return amount / count, currency
