"""What a draft comes to: clips, cost by list price, and the studio's limits."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypedDict

from hailuo_nb.catalog import prices as pricing
from hailuo_nb.errors import BudgetError, VariantsError
from hailuo_nb.ordering import budget
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.wire import MAX_SHOWN_VARIANTS


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one studio, `max_cost` in each currency, and what is `used` of them."""

    max_cost: float | None = None
    max_clips: int | None = None
    used: budget.Costs = ()


Over = Literal["", "clips", "cost", "unknown"]


class Sum(TypedDict):
    """`money`: "¥4.00 + $0.28", or ""; `unknown`: how many clips have no known price."""

    money: str
    unknown: int


class Spent(Sum):
    """What was paid for before."""

    clips: int


class CostInfo(TypedDict):
    """What the clips of one target cost: `each` and `sum` as text, "" where unknown or free."""

    target: str
    simulated: bool
    count: int
    each: str
    sum: str
    date: str
    source: str


class LimitInfo(TypedDict):
    """The studio's limits, what is used of them, and which of them would be broken."""

    max_cost: float | None
    max_clips: int | None
    used: int
    used_cost: str
    over: Over
    message: str


class RestInfo(TypedDict):
    """What remains of a draft where the targets that cannot be sent are left out.

    targets   those that remain: a draft with these may be sent, but for `limit`
    clips     of them, at the cost `total`
    left_out  clips of the others
    """

    targets: list[str]
    clips: int
    left_out: int
    total: Sum
    limit: LimitInfo | None


class PlanInfo(TypedDict):
    """What the page shows of a plan.

    variants  how many prompts the braces make
    prompts   the first of them where there are several
    existing  takes of these clips that there are already
    spent     what the ledger has paid for so far
    rest      where some of the targets cannot be sent, and some can
    """

    clips: int
    variants: int
    prompts: list[str]
    costs: list[CostInfo]
    total: Sum
    existing: int
    spent: Spent | None
    limit: LimitInfo | None
    rest: RestInfo | None


def make_plan(
    draft: Draft,
    existing: int,
    *,
    limits: Limits | None = None,
    spent: budget.Costs = (),
    wrong: Collection[str] = (),
) -> PlanInfo:
    """How many clips this draft asks for and what they cost by the list; a simulated clip costs
    nothing.

    existing  takes of these clips that there are already
    spent     what the ledger has paid for so far, for the reader to know
    wrong     targets that cannot be sent; "" among them where the draft itself cannot
    """
    limits = limits or Limits()
    try:
        prompts = draft.prompts()
    except VariantsError:
        prompts = []
    costs: list[CostInfo] = []
    prices: list[pricing.Price] = []
    count = draft.takes * len(prompts)
    for target in draft.targets:
        name, request = draft.request(target, prompts[0] if prompts else "")
        simulated = ProviderRef.parse(name).simulated
        price = pricing.Price(None) if simulated else _price(request, name)
        if not simulated:
            prices += [price] * count
        costs.append(_cost(target, price, count, simulated=simulated))
    return {
        "clips": len(draft.targets) * count,
        "variants": len(prompts),
        "prompts": prompts[:MAX_SHOWN_VARIANTS] if len(prompts) > 1 else [],
        "costs": costs,
        "total": _sums(prices),
        "existing": existing,
        "spent": {"clips": len(spent), **_sums(_as_prices(spent))} if spent else None,
        "limit": _limit(limits, clip_costs(draft) if prompts else []),
        "rest": _rest(draft, limits, wrong) if prompts else None,
    }


def _cost(target: str, price: pricing.Price, count: int, *, simulated: bool) -> CostInfo:
    if price.amount is None:
        each = total = ""
    else:
        each = price.text
        total = pricing.total([price] * count) if count else each
    return {
        "target": target,
        "simulated": simulated,
        "count": count,
        "each": each,
        "sum": total,
        "date": price.day(datetime.date.today()),
        "source": price.source,
    }


def _rest(draft: Draft, limits: Limits, wrong: Collection[str]) -> RestInfo | None:
    fine = tuple(target for target in draft.targets if target not in wrong)
    if not wrong or not fine or "" in wrong:
        return None
    plan = make_plan(replace(draft, targets=fine), 0, limits=limits)
    return {
        "targets": list(fine),
        "clips": plan["clips"],
        "left_out": draft.clips() - plan["clips"],
        "total": plan["total"],
        "limit": plan["limit"],
    }


def clip_costs(draft: Draft) -> list[tuple[float | None, str]]:
    """What each clip of a draft costs by the list, of a stand-in by its simulated price. Raises
    VariantsError where the prompts are too many."""
    costs: list[tuple[float | None, str]] = []
    prompts = draft.prompts()
    for target in draft.targets:
        name, request = draft.request(target, prompts[0])
        price = _price(request, name)
        costs += [(price.value, price.currency)] * len(prompts) * draft.takes
    return costs


def _limit(limits: Limits, costs: budget.Costs) -> LimitInfo | None:
    """The limits of this studio, what counts against them, and which of them would be broken:
    `over` is a code."""
    if limits.max_cost is None and limits.max_clips is None:
        return None
    over: Over = ""
    message = ""
    bounds: tuple[tuple[Over, dict[str, Any]], ...] = (
        ("clips", {"max_clips": limits.max_clips}),
        ("cost", {"max_cost": limits.max_cost}),
    )
    for code, given in bounds:
        try:
            budget.check(costs, spent=limits.used, **given)
        except BudgetError as error:
            unknown = code == "cost" and any(cost is None for cost, _ in costs)
            over, message = "unknown" if unknown else code, str(error)
            break
    return {
        "max_cost": limits.max_cost,
        "max_clips": limits.max_clips,
        "used": len(limits.used),
        "used_cost": _sums(_as_prices(limits.used))["money"],
        "over": over,
        "message": message,
    }


def _sums(prices: Sequence[pricing.Price]) -> Sum:
    known = [price for price in prices if price.amount is not None]
    return {"money": pricing.total(known) if known else "", "unknown": len(prices) - len(known)}


def _as_prices(costs: budget.Costs) -> list[pricing.Price]:
    """Paid clips as prices; free ones are left out."""
    return [
        pricing.Price(None if cost is None else Decimal(str(cost)), currency)
        for cost, currency in costs
        if cost is None or cost > 0
    ]


def _price(request: VideoRequest, name: str) -> pricing.Price:
    try:
        return pricing.estimate_at(request, ProviderRef.parse(name))
    except (
        ValueError
    ) as error:  # the user's own price file cannot be read; say so instead of another price
        return pricing.Price(None, source=str(error))
