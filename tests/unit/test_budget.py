"""Limits before anything is sent."""

from __future__ import annotations

import pytest

from hailuo_nb.errors import BudgetError
from hailuo_nb.ordering.budget import check, totals
from hailuo_nb.results.costs import Spent

TWO = [(2.0, "CNY"), (3.5, "CNY")]


@pytest.mark.parametrize(
    "limit", [{"max_cost": 5.5}, {"max_clips": 2}, {"max_cost": 9, "max_clips": 9}, {}]
)
def test_what_is_within_the_limits_passes(limit: dict[str, float]) -> None:
    check(TWO, **limit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("costs", "limit", "said"),
    [
        (TWO, {"max_cost": 5.49}, "5.50 CNY"),
        (TWO, {"max_clips": 1}, "2 clips"),
        ([*TWO, (None, "")], {"max_cost": 100}, "no known price"),
        ([*TWO, (float("nan"), "CNY")], {"max_cost": 100}, "1 of 3 clips have no known price"),
        ([*TWO, (-1.0, "CNY")], {"max_cost": 100}, "no known price"),
        ([*TWO, (float("inf"), "CNY")], {"max_cost": 100}, "no known price"),
        ([(1.0, "USD"), (9.0, "CNY")], {"max_cost": 8}, "9.00 CNY"),
    ],
)
def test_what_is_over_is_refused_with_the_figure(
    costs: list[tuple[float | None, str]], limit: dict[str, float], said: str
) -> None:
    with pytest.raises(BudgetError, match=said):
        check(costs, **limit)  # type: ignore[arg-type]


def test_a_limit_that_is_just_met_by_thousands_of_clips_holds() -> None:
    check([(2.1, "CNY")] * 5048, max_cost=10600.8)
    with pytest.raises(BudgetError, match="max_cost"):
        check([(2.1, "CNY")] * 5048, max_cost=10600.79)


def test_what_was_spent_counts() -> None:
    check(TWO, max_cost=8, spent=[(2.0, "CNY")])
    with pytest.raises(BudgetError, match="before"):
        check(TWO, max_cost=8, spent=[(3.0, "CNY")])
    with pytest.raises(BudgetError, match="after 3 before"):
        check(TWO, max_clips=4, spent=TWO + TWO[:1])


def test_a_stranger_ledgers_costs_make_no_room() -> None:
    for cost in (-100.0, float("nan"), -float("inf")):
        with pytest.raises(BudgetError, match="1 of 3 clips, with 2 before, have no known price"):
            check(TWO[1:], max_cost=5, spent=[(2.0, "CNY"), (cost, "CNY")])


def test_free_clips_fit_into_any_cost() -> None:
    check([(0.0, "")] * 100, max_cost=0)
    assert totals([(0.0, ""), (1.5, "CNY"), (None, "")]) == {"CNY": 1.5}


def test_an_unknown_cost_is_counted_and_never_nothing() -> None:
    found = Spent([(2.0, "CNY"), (None, ""), (0.0, ""), (0.5, "USD")])
    assert found == {"CNY": 2.0, "USD": 0.5}
    assert (found.unknown, found.text) == (1, "2.00 CNY, 0.50 USD, 1 of unknown cost")
    assert repr(found) == "{'CNY': 2.0, 'USD': 0.5} and 1 of unknown cost"
    assert (Spent([]).text, repr(Spent([(0.0, "")]))) == ("", "{}")
