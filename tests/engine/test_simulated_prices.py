"""Stand-ins have prices to rehearse a budget with, which no sum of real money ever has."""

from __future__ import annotations

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.loop import wait
from hailuo_nb.results import costs
from hailuo_nb.widgets import history
from hailuo_nb.widgets.allowance import Allowance
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture

REAL = "modelverse/MiniMax-Hailuo-02"
FREE = f"simulated:{REAL}"


def test_a_budget_is_rehearsed_and_nothing_is_real(stand: Stand) -> None:
    plan = hn.plan(PROMPT, provider=[FREE, REAL], takes=2)
    simulated, real = plan[plan["provider"].str.startswith("simulated")], plan[2:]
    assert simulated["cost"].tolist() == real["cost"].tolist()
    assert set(simulated["currency"]) == {"simulated CNY"} and set(real["currency"]) == {"CNY"}
    told = hn.dry_run(simulated)
    assert told["cost"].sum() == simulated["cost"].sum() > 0
    assert told["source"].str.startswith("simulated, copied from the list: ").all()
    one = float(simulated["cost"].iloc[0])
    with pytest.raises(hn.BudgetError, match=rf"cost {2 * one:.2f} simulated CNY, and max_cost"):
        hn.compare(simulated, max_cost=one)
    assert len(hn.history()) == 0
    board = hn.compare(simulated, max_cost=2 * one).wait(END)
    assert hn.compare(simulated, max_cost=0)[0].id == board[0].id, "what is there is not counted"
    # No real money anywhere.
    assert board.spent == {} and board.to_frame()["spent"].tolist() == [0, 0]
    for table in (hn.history(), board.to_frame()):
        assert table["cost"].tolist() == [0, 0] and set(table["currency"]) == {""}
    assert {(row.cost, row.currency) for row in wait(session.runner().ledger.history())} == {
        (0.0, "")
    }
    assert history.paid(session.runner()) == []
    assert board.summary()["cost"].tolist() == [0.0]
    # Against limits it counts.
    assert costs.counted(board[0]) == costs.listed(board[0]) == (one, "simulated CNY")
    allowance = Allowance(max_cost=2.5 * one)
    allowance.count([(one, "simulated CNY")] * 2)
    allowance.asked(board.jobs)
    with pytest.raises(hn.BudgetError, match="simulated CNY with what was spent before"):
        allowance.count([costs.listed(board[0])])


def test_where_nobody_knows_a_price_one_is_made_up(stand: Stand) -> None:
    plan = hn.plan(PROMPT, provider=["ppinfra", "simulated:ppinfra"])
    assert plan["cost"].isna().tolist() == [True, False]
    assert plan["currency"].tolist() == ["", "simulated USD"]
    told = hn.dry_run(plan[1:])
    assert told["source"].tolist() == ["made up: the provider names no price"]
    with pytest.raises(hn.BudgetError, match=r"0\.30 simulated USD"):
        hn.compare(plan[1:], max_cost=0.2)


def test_a_race_stays_within_a_rehearsed_budget(stand: Stand) -> None:
    plan = hn.plan([PROMPT, "A dog [Push in]"], provider=FREE)
    one = float(plan["cost"].iloc[0])
    with pytest.raises(hn.BudgetError, match="simulated CNY"):
        hn.tune(plan, by="prompt", budget=one, outcome="seconds")
    assert len(hn.history()) == 0
