"""What a clip cost: as its provider says that it charged, else by the list."""

from __future__ import annotations

from hailuo_nb.engine.ledger.jobs import Changes, JobRow
from hailuo_nb.engine.sanitize import word
from hailuo_nb.engine.states import is_sent_anew
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.providers.base import Progress
from hailuo_nb.requests.fields import NUMBER_BOUNDS
from hailuo_nb.requests.provider_ref import ProviderRef


def charge_of(job: TrackedJob, progress: Progress) -> Changes:
    """The fields of a row that say what was charged; none where the provider does not tell, or a
    stand-in does, which is free."""
    cost, currency = progress.charged_cost, progress.charged_currency
    _, minimum, maximum = NUMBER_BOUNDS["charged_cost"]
    # Whatever an adapter of another package reads, it must not stop a paid clip.
    is_cost = isinstance(cost, int | float) and minimum <= cost <= maximum
    if job.spec.account.simulated or cost is None or not is_cost:
        return {}
    named = word(currency) if isinstance(currency, str) else ""
    return {"charged_cost": float(cost), "charged_currency": named or job.row.currency}


def spent(row: JobRow) -> tuple[float | None, str]:
    """(amount, currency) that a clip cost, or will if it is still to be made: as charged, nothing
    where no provider took it, else the list price; None if unknown."""
    if ProviderRef.parse(row.provider).simulated or is_sent_anew(row.state, row.task_id):
        return 0.0, ""
    if row.charged_cost is not None:
        return row.charged_cost, row.charged_currency or row.currency
    return row.cost, row.currency
