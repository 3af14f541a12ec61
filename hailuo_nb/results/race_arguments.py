"""What hn.tune is given: the rows of its plan, its limits and its outcome, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure.ready import Measured
from hailuo_nb.measure.scorer import scorers_of
from hailuo_nb.ordering import budget as limits
from hailuo_nb.ordering import requested, table
from hailuo_nb.ordering.accounts import Providers
from hailuo_nb.ordering.validation import refusal
from hailuo_nb.prompts.camera import moves_text
from hailuo_nb.requests import arguments
from hailuo_nb.results.race import BY_PEOPLE, Limits

ADHERENCE = "adherence"
MAX_ROUNDS = 100
"""More are not asked for by themselves, whatever is free."""


def rows_of(plan: Any, provider: Providers | None) -> list[JobSpec]:
    if not table.is_table(plan):
        raise ArgumentError(
            f"plan is {arguments.describe(plan)}, which is no table: hn.plan(...) makes one"
        )
    rows = requested.rows_of(
        plan,
        provider,
        range(1, 2),
        model=None,
        resolution="768P",
        duration=6,
        first_frame=None,
        last_frame=None,
        references=(),
        options={},
    )
    skipped = requested.skipped_of(rows)
    if skipped:
        raise refusal(skipped)
    return requested.within_limits(rows, None, None)


def limits_of(
    budget: float | None, max_clips: int | None, until: str | int, rows: Sequence[JobSpec]
) -> Limits:
    cost, clips = limits.parse_limits(budget, max_clips, "budget")
    if (
        cost is None
        and clips is None
        and any(row.cost != 0 for row in rows if not row.account.simulated)
    ):
        raise ArgumentError(
            "a race asks for clips by itself: name a budget= (of each currency), or max_clips="
        )
    if isinstance(until, str):
        if until != "decided":
            raise ArgumentError(f'until is "decided" or a number of rounds, not {until!r}')
        return Limits(cost, clips, MAX_ROUNDS)
    return Limits(cost, clips, arguments.as_int("until", until, 1, MAX_ROUNDS))


def outcome_of(outcome: str | None, scorers: object) -> str:
    """What the race is on. Raises ArgumentError."""
    found = [] if scorers is None else scorers_of(scorers)
    own = [one.name for one in found if not isinstance(one.function, Measured)]
    measured = scorers is None or len(own) < len(found)
    if outcome is None:
        if len(own) > 1 or (own and measured):
            raise ArgumentError(
                f"there are several scorers: outcome= names the column to go by, {', '.join(own)}"
            )
        return own[0] if own else ADHERENCE
    known = [*BY_PEOPLE, "seconds", *([ADHERENCE] if measured else []), *own]
    name = arguments.as_text("outcome", outcome)
    if name not in known and not any(name.startswith(f"{one}_") for one in own):
        raise ArgumentError(f"outcome is one of {', '.join(known)}, not {name!r}")
    return name


def measures(scorers: object) -> bool:
    return scorers is None or any(isinstance(one.function, Measured) for one in scorers_of(scorers))


def check_moves(rows: Sequence[JobSpec]) -> None:
    still = next((row for row in rows if not moves_text(row.request.prompt)), None)
    if still is not None:
        raise ArgumentError(
            "adherence is how far camera moves were made, and a prompt asks for none: "
            f"{still.request.prompt[:80]!r}. Name another outcome= or scorers="
        )
