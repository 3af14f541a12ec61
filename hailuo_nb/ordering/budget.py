"""Checks the limits `max_cost` and `max_clips` before anything is sent."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from hailuo_nb.errors import BudgetError
from hailuo_nb.requests import arguments

Cost = tuple[float | None, str]
"""(price or None, currency) of a clip; (0.0, "") if it is free."""
Costs = Sequence[Cost]


_MAX_CLIPS = 10**9


def check(
    costs: Costs,
    *,
    max_cost: float | None = None,
    max_clips: int | None = None,
    spent: Costs = (),
    name: str = "max_cost",
) -> None:
    """Checks the costs against the limits.

    costs      of each clip that would be sent
    max_cost   per currency; refuses clips without a known price, also among those before: an
               unknown price is never nothing
    max_clips  number of clips
    spent      costs that count against the limits already
    name       what the argument `max_cost` is called where the person gave it

    Raises BudgetError; ArgumentError for an invalid limit.
    """
    max_cost, max_clips = parse_limits(max_cost, max_clips)
    if max_clips is not None and len(costs) + len(spent) > max_clips:
        before = f" after {len(spent)} before" if spent else ""
        clips = "1 clip" if len(costs) == 1 else f"{len(costs)} clips"
        raise BudgetError(
            f"{clips} would be sent{before}, and max_clips is {max_clips}. Nothing was sent.",
            "max_clips",
            sent=len(costs),
            used=len(spent),
            limit=max_clips,
        )
    if max_cost is None:
        return
    unknown = sum(1 for cost, _ in (*costs, *spent) if not _is_price(cost))
    if unknown:
        before = f", with {len(spent)} before," if spent else ""
        raise BudgetError(
            f"{unknown} of {len(costs) + len(spent)} clips{before} have no known price, so "
            f"{name}={max_cost:g} cannot be kept. Nothing was sent. Name your prices in a file "
            f"(HAILUO_NB_PRICES), or leave {name} out.",
            "unpriced",
            unknown=unknown,
            limit=f"{max_cost:g}",
        )
    for currency, amount in totals([*costs, *spent]).items():
        if amount > max_cost + 1e-9:
            before = " with what was spent before" if spent else ""
            raise BudgetError(
                f"this would cost {amount:.2f} {currency}{before}, and {name} is {max_cost:g}. "
                "Nothing was sent.",
                "max_cost",
                cost=f"{amount:.2f} {currency}",
                limit=f"{max_cost:g}",
            )


def settled(counted: Costs, known: Iterable[tuple[Cost, Cost]]) -> list[Cost]:
    """Replaces list prices by what clips cost.

    counted  list price of each clip that was sent
    known    (list price, cost) of those of them whose cost may be known
    """
    left, found = list(counted), []
    for listed, cost in known:
        if listed in left:
            left.remove(listed)
            found.append(cost)
    return left + found


def parse_limits(
    max_cost: Any, max_clips: Any, name: str = "max_cost"
) -> tuple[float | None, int | None]:
    """Parses the limits, None for none; `name` as for `check`. Raises ArgumentError, as NaN would
    allow everything."""
    return (
        None if max_cost is None else arguments.as_float(name, max_cost),
        None if max_clips is None else arguments.as_int("max_clips", max_clips, 0, _MAX_CLIPS),
    )


def totals(costs: Costs) -> dict[str, float]:
    """Sums by currency, without free clips and unknown prices."""
    known: defaultdict[str, list[float]] = defaultdict(list)
    for cost, currency in costs:
        if cost and _is_price(cost):
            known[currency].append(cost)
    return {currency: math.fsum(amounts) for currency, amounts in known.items()}


def _is_price(cost: float | None) -> bool:
    """Whether it counts. A ledger is untrusted: NaN exceeds no limit, a negative cost raises it."""
    return cost is not None and 0 <= cost < math.inf
