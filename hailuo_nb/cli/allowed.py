"""Clips that a run may lack: those that one of its checks counts, and holds all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.states import SETTLED, State
from hailuo_nb.measure.axes import item_of
from hailuo_nb.results.summary import FAILED

if TYPE_CHECKING:
    from hailuo_nb.results.check_text import Check
    from hailuo_nb.results.job import Job

_COUNTED: dict[str, frozenset[State]] = {
    "n_failed": FAILED,
    "made_share": FAILED,
    "made_share_low": FAILED,
    "made_share_high": FAILED,
    "n_unknown": frozenset({"unknown"}),
    "n_made": SETTLED,
}
"""Columns that say how many clips failed, were lost or arrived, with the states that they judge."""


def lacking(jobs: Iterable[Job], checks: Sequence[Check] = (), by: str = "provider") -> list[Job]:
    """The jobs without a clip that no check judges. The checks are those that hold."""
    judged: frozenset[State] = frozenset()
    for check in checks:
        judged |= _COUNTED.get(check.column, frozenset())
    return [
        job
        for job in jobs
        if job.state != "saved"
        and (job.state not in judged or job.hidden or item_of(job, by) is None)
    ]
