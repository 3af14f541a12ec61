"""What one studio may ask for and has asked for: by list prices until clips' costs are known."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from hailuo_nb.ordering import budget
from hailuo_nb.results import costs
from hailuo_nb.results.job import Job
from hailuo_nb.widgets.draft_plan import Limits


class Allowance:
    """The limits of a studio and its board. Any thread may call it.

    max_cost   in each currency; None for no limit
    """

    def __init__(self, max_cost: float | None = None, max_clips: int | None = None) -> None:
        self._limits = max_cost, max_clips
        self._counted: list[budget.Cost] = []
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def count(self, wanted: budget.Costs) -> None:
        """Count the list prices of clips before they are sent, and for good: after a fault nobody
        knows how much of it was paid. Raises BudgetError, and then nothing may be sent.
        """
        max_cost, max_clips = self._limits
        with self._lock:
            budget.check(wanted, max_cost=max_cost, max_clips=max_clips, spent=self._used())
            self._counted += wanted

    def asked(self, jobs: Iterable[Job]) -> None:
        """These came of what was counted: from here on what they cost counts."""
        with self._lock:
            self._jobs |= {job.id: job for job in jobs}

    def limits(self) -> Limits:
        with self._lock:
            return Limits(*self._limits, tuple(self._used()))

    def _used(self) -> list[budget.Cost]:
        known = [(costs.listed(job), costs.counted(job)) for job in self._jobs.values()]
        return budget.settled(self._counted, known)
