"""H3 through the engine: a finished clip made again at 2K, and a queued one cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.catalog.compatibility import check
from hailuo_nb.catalog.prices import estimate
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import regeneration
from hailuo_nb.results.job import Job
from hailuo_nb.widgets.allowance import Allowance
from hailuo_nb.widgets.board_actions import BoardActions, settings_of
from tests.engine.test_public_functions import END, Stand

H3 = "MiniMax-H3"
SMALL = VideoRequest("A cat", H3, "768P", 5)
AGAIN = SMALL.but(resolution="2K", regenerate="424010985738629")


@pytest.fixture
def stand(tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    found = Stand(tmp_path / "hailuo_runs", clip)
    monkeypatch.setattr(transport_pool, "simulator_transport", found.mount)
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 200.0)
    monkeypatch.chdir(tmp_path)
    yield found
    session._runners.clear()


def make(**changes: Any) -> Job:
    wanted: dict[str, Any] = {"model": H3, "duration": 5, "ratio": "9:16", **changes}
    return hn.generate("A cat [Push in]", provider="simulated:minimax", **wanted).wait(END)


def test_it_is_asked_for_by_its_task_and_paid_once(stand: Stand) -> None:
    job = make()
    again = job.regenerate()
    assert again.request == job.request.but(resolution="2K", regenerate=job.task_id)
    assert job.regenerate().id == again.id, "asked for twice, it is made once"
    assert job.regenerate(" 2k").id == again.id
    assert again.wait(END).state == "saved"
    made = stand.app.state.simulator.tasks[again.task_id]
    assert (made.extra["task_type"], made.width, made.height) == ("regeneration", 1440, 2560)
    assert stand.charged == {"minimax": 2}
    with pytest.raises(ValueError, match="makes no clip of MiniMax-H3 at 2K again"):
        again.regenerate()


def test_what_is_not_made_again(stand: Stand) -> None:
    with pytest.raises(hn.ArgumentError, match="at 2K only"):
        make().regenerate("4K")
    with pytest.raises(hn.ArgumentError, match="resolution is 2, which is no text"):
        make().regenerate(2)  # type: ignore[arg-type]
    for changes in ({"resolution": "2K"}, {"model": "MiniMax-H3-Max"}):
        with pytest.raises(ValueError, match="again"):
            make(**changes).regenerate()
    old = make(model="MiniMax-Hailuo-02", duration=6, ratio=None)
    with pytest.raises(ValueError, match="makes no clip of MiniMax-Hailuo-02"):
        old.regenerate()
    assert stand.charged == {"minimax": 4}


def test_only_a_finished_clip_of_the_last_days(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.faults = ("fail_task",)
    with pytest.raises(ValueError, match="this one is failed"):
        make().regenerate()
    stand.faults = ()
    session._runners.clear()
    job = make(ratio="16:9")
    monkeypatch.setattr("hailuo_nb.results.regeneration.time.time", lambda: 4e9)
    with pytest.raises(ValueError, match="for 7 days, and this is older"):
        job.regenerate()


def test_a_board_makes_it_within_its_limits(stand: Stand) -> None:
    board = hn.compare("A cat", provider="simulated:minimax", model=H3, duration=5)
    board.wait(END)
    row = board.rows()[0]
    assert row["regenerating"] == (
        "2K · free (simulated) (MiniMax opens it by a whitelist of accounts)"
    )
    refusing = BoardActions(board, lambda: None, allowance=Allowance(max_clips=0))
    with pytest.raises(hn.BudgetError):
        refusing.run("regenerate", {"job": board[0].id})
    assert len(board) == 1
    actions = BoardActions(board, lambda: None, allowance=Allowance(max_clips=2))
    answer = actions.run("regenerate", {"job": board[0].id})
    assert board[1].id == answer["job"]
    again = board[1].wait(END)
    assert board.rows()[1]["regenerating"] is None
    # Neither the studio nor a promotion takes the task over: both ask for a clip made anew.
    assert "regenerate" not in settings_of(again)["options"]
    promotions = actions.run("promotions", {"job": again.id})["options"]
    assert isinstance(promotions, list)
    larger = next(
        one
        for one in promotions
        if (one["model"], one["resolution"], one["duration"]) == (H3, "768P", 5)
    )
    promoted = actions.run("promote", {"job": again.id, **larger})
    assert promoted["job"] == board[0].id, "the clip that is there already"


# Catalogue ----------------------------------------------------------------------------------------


def test_what_it_costs() -> None:
    assert [str(estimate(AGAIN, name).amount) for name in ("minimax", "minimax-cn")] == [
        "0.25",
        "1.50",
    ]
    assert str(estimate(SMALL.but(resolution="2K"), "minimax").amount) == "0.65"


def test_prices_of_one_s_own_are_those_of_new_clips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(
        '{"lists": [{"provider": "minimax", "currency": "EUR", "date": "", "source": "", "prices":'
        ' [{"model": "MiniMax-H3", "resolution": "2K", "duration": 5, "amount": "9"}]}]}'
    )
    monkeypatch.setenv("HAILUO_NB_PRICES", str(file))
    assert estimate(AGAIN, "minimax").text == "$0.25"
    assert estimate(SMALL.but(resolution="2K"), "minimax").text == "€9.00"


@pytest.mark.parametrize("provider", ["minimax", "minimax-cn"])
def test_it_is_sold_at_2k(provider: str) -> None:
    assert check(AGAIN, provider) == []
    (problem,) = check(AGAIN.but(resolution="768P"), provider)
    assert (problem.code, problem.nearest) == ("regeneration_resolution", AGAIN)


@pytest.mark.parametrize(
    ("provider", "model"),
    [("ppinfra", "MiniMax-Hailuo-02"), ("openrouter", H3), ("minimax", "MiniMax-Hailuo-2.3")],
)
def test_elsewhere_it_would_be_another_clip(provider: str, model: str) -> None:
    """Never a warning: the clip would be made anew, and paid as such."""
    found = {problem.code: problem for problem in check(AGAIN.but(model=model), provider)}
    assert found["option_essential"].severity == "error"
    assert "option_none" not in found
    nearest = found["option_essential"].nearest
    assert nearest is not None
    assert nearest.get("regenerate") is None


def test_more_than_the_limit_is_not_asked_for(stand: Stand) -> None:
    job = make()
    assert job.regenerating is not None
    to, price, currency, note = job.regenerating
    assert (to, currency, note) == (
        "2K",
        "simulated USD",
        "MiniMax opens it by a whitelist of accounts",
    )
    assert price is not None and price > 0
    assert regeneration.spec_of(job).request.get("regenerate") == job.task_id

    with pytest.raises(hn.BudgetError, match=r"simulated USD"):
        job.regenerate(max_cost=price - 0.01)
    assert stand.charged == {"minimax": 1}
    assert job.regenerate(max_cost=price).wait(END).cost == 0, "nothing is paid"
    assert job.regenerate(max_cost=0).state == "saved", "what is there is not paid again"


# Cancelling ---------------------------------------------------------------------------------------


def test_a_queued_task_of_h3_is_cancelled_and_costs_nothing(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2.0)  # a queue of seconds
    job = hn.generate("A cat", provider="simulated:minimax", model=H3, duration=5)
    while job.state in {"planned", "submitting"}:
        time.sleep(0.01)
    assert job.cancellable
    assert job.cancel()
    assert job.wait(END).state == "cancelled"
    assert stand.charged == {}
    assert "does not charge for a task that is cancelled in the queue" in job.advice


def test_what_api_v1_makes_is_not_cancelled(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 20.0)
    job = hn.generate("A cat", provider="simulated:minimax", model="MiniMax-Hailuo-02")
    while job.state in {"planned", "submitting"}:
        time.sleep(0.01)
    assert not job.cancellable
    assert not job.cancel()
    assert job.wait(END).state == "saved"


# An answer that was lost --------------------------------------------------------------------------


def test_a_lost_task_of_h3_is_looked_for_and_one_of_v1_is_not(stand: Stand) -> None:
    """V2's list shows no prompts: a person chooses. Of V1 only the console can tell."""
    stand.faults = ("drop_after_charge",)
    new = make()
    old = make(model="MiniMax-Hailuo-02", duration=6, ratio=None)
    assert (new.state, old.state) == ("unknown", "unknown")
    (lost,) = [one.id for one in stand.app.state.simulator.tasks.values() if one.model == H3]
    assert f"one may be this clip: {lost}" in str(new.error)
    assert "API V1 has no list of tasks" in str(old.error)
    assert stand.charged == {"minimax": 2}
