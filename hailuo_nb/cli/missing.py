"""Which clips count as missing when a run ends: a check that counts some and holds excuses them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.states import SETTLED, State
from hailuo_nb.measure.axes import item_of
from hailuo_nb.results.summary import FAILED_STATES

if TYPE_CHECKING:
    from hailuo_nb.results.check_text import Check
    from hailuo_nb.results.job import Job

_COUNTED: dict[str, frozenset[State]] = {
    "n_failed": FAILED_STATES,
    "made_share": FAILED_STATES,
    "made_share_low": FAILED_STATES,
    "made_share_high": FAILED_STATES,
    "n_unknown": frozenset({"unknown"}),
    "n_made": SETTLED,
}
"""The states that a check of these columns counts."""


def missing_clips(
    jobs: Iterable[Job], passed: Sequence[Check] = (), by: str = "provider"
) -> list[Job]:
    """The jobs without a clip, but for those that a check excuses.

    passed  the checks of the run where all of them hold
    by      the axis that they are by
    """
    excused: frozenset[State] = frozenset()
    for check in passed:
        excused |= _COUNTED.get(check.column, frozenset())

    def is_excused(job: Job) -> bool:
        """A check counts no deleted clip, and none without an item."""
        return job.state in excused and not job.hidden and item_of(job, by) is not None

    return [job for job in jobs if job.state != "saved" and not is_excused(job)]
