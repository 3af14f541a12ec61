"""What clips cost together, and what one saved clip came to: as charged, else by the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hailuo_nb.catalog import prices
from hailuo_nb.engine.states import FINAL, is_sent_anew
from hailuo_nb.errors import PriceFileError
from hailuo_nb.ordering import budget
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.results.job import Job
from hailuo_nb.results.job_attributes import row_of


def listed(job: Job) -> budget.Cost:
    """The list price of a clip; of a simulated one its simulated price."""
    if not job.simulated:
        return job.cost, job.currency
    try:
        price = prices.estimate_at(job.request, ProviderRef.parse(job.provider))
    except PriceFileError:
        return None, ""
    return price.value, price.currency


def counted(job: Job) -> budget.Cost:
    """What a clip counts for against a limit: what it cost, and of a simulated one what it would
    have."""
    row = row_of(job)
    return listed(job) if job.simulated and not is_sent_anew(row.state, row.task_id) else job.spent


class Spent(dict[str, float]):
    """Sums by currency, without free clips. `unknown` is how many clips there are beside whose cost
    nobody knows: it is not 0."""

    def __init__(self, given: budget.Costs) -> None:
        super().__init__(budget.totals(given))
        self.unknown = sum(amount is None for amount, _ in given)

    @property
    def text(self) -> str:
        """ "4.00 CNY, 2 of unknown cost"; "" for nothing."""
        said = [f"{amount:.2f} {currency}" for currency, amount in self.items()]
        return ", ".join([*said, *([f"{self.unknown} of unknown cost"] if self.unknown else [])])

    def __repr__(self) -> str:
        more = f" and {self.unknown} of unknown cost" if self.unknown else ""
        return f"{super().__repr__()}{more}"


def total(jobs: Iterable[Job]) -> Spent:
    return Spent([job.spent for job in jobs])


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
