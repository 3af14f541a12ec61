"""What would be spent, and whether it may be: before anything is sent.

Pure: numbers in, BudgetError out. Must not know jobs or providers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hailuo_nb.errors import BudgetError
from hailuo_nb.requests import arguments

Costs = Sequence[tuple[float | None, str]]
"""(list price or None, currency) of each clip; what is free is (0.0, "")."""


_MAX_CLIPS = 10**9


def check(
    costs: Costs,
    *,
    max_cost: float | None = None,
    max_clips: int | None = None,
    spent: Costs = (),
) -> None:
    """Refuse what is over a limit.

    costs      of each clip that would be newly sent
    max_cost   at most so much in each currency; a clip without a known price is refused then
    max_clips  at most so many clips
    spent      what counts against the limits already

    Raises BudgetError, and ArgumentError for a limit that is none.
    """
    max_cost, max_clips = limits(max_cost, max_clips)
    if max_clips is not None and len(costs) + len(spent) > max_clips:
        before = f" after {len(spent)} before" if spent else ""
        clips = "1 clip" if len(costs) == 1 else f"{len(costs)} clips"
        raise BudgetError(
            f"{clips} would be sent{before}, and max_clips is {max_clips}. Nothing was sent."
        )
    if max_cost is None:
        return
    unknown = sum(1 for cost, _ in costs if not _is_price(cost))
    if unknown:
        raise BudgetError(
            f"{unknown} of {len(costs)} clips have no known price, so max_cost={max_cost:g} cannot "
            "be kept. "
            "Nothing was sent. Name your prices in a file (HAILUO_NB_PRICES), or leave max_cost "
            "away."
        )
    for currency, amount in totals([*costs, *spent]).items():
        if amount > max_cost + 1e-9:
            before = " with what was spent before" if spent else ""
            raise BudgetError(
                f"this would cost {amount:.2f} {currency}{before}, and max_cost is {max_cost:g}. "
                "Nothing was sent."
            )


def limits(max_cost: Any, max_clips: Any) -> tuple[float | None, int | None]:
    """The limits as they were given, None for none. Raises ArgumentError: NaN would allow
    everything."""
    return (
        None if max_cost is None else arguments.as_float("max_cost", max_cost),
        None if max_clips is None else arguments.as_int("max_clips", max_clips, 0, _MAX_CLIPS),
    )


def totals(costs: Costs) -> dict[str, float]:
    """Sums by currency; free clips and unknown prices are left out."""
    sums: defaultdict[str, float] = defaultdict(float)
    for cost, currency in costs:
        if cost and _is_price(cost):
            sums[currency] += cost
    return dict(sums)


def _is_price(cost: float | None) -> bool:
    """A ledger may be a stranger's: NaN would break no limit, and less than nothing would make room
    for more."""
    return cost is not None and 0 <= cost < math.inf
