"""hn.tune on the embedded simulator: rounds, drops, the budget, and a race that goes on in another
session without paying twice."""

from __future__ import annotations

import asyncio
import contextvars
import json
import threading
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.measure.score_store import STORE
from hailuo_nb.results import job_attributes, waiting
from hailuo_nb.results import tune as tune_module
from hailuo_nb.results.race_board import RaceBoard
from hailuo_nb.results.tune import Tune
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture

AT = "simulated:ppinfra/MiniMax-Hailuo-02"
GOOD, OTHER, POOR = (f"A cat {verb} [Push in]" for verb in ("runs", "jumps", "walks"))


@pytest.fixture(autouse=True)
def place(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Stand:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2000.0)
    return stand


def merit(clip: hn.scorers.Clip) -> float:
    """Two prompts are equally good, the third is worse. All clips here are one file."""
    return float(clip.prompt != POOR)


def race(*prompts: str, takes: int = 4, **changes: Any) -> Tune:
    """Rounds of four clips of each prompt: two of them tell which of two prompts is better."""
    plan = hn.plan(list(prompts or (GOOD, POOR)), provider=AT, takes=takes)
    return hn.tune(plan, **{"scorers": merit, **changes})


def new_session() -> None:
    """As after a kernel restart: nothing is known but what the ledger has."""
    session._runners.clear()
    STORE.__init__()  # type: ignore[misc]


def test_a_clear_race_ends_with_a_winner_and_the_same_call_pays_nothing(place: Stand) -> None:
    found = race().wait(END)
    assert (found.state, found.winner, found.verdict) == ("decided", GOOD, f"better: {GOOD}")
    rounds = found.rounds
    assert rounds["n_clips"].tolist() == [8, 8]
    assert rounds["n_pairs"].tolist() == [4, 8]
    assert rounds["n_left"].tolist() == [2, 1]
    assert rounds["dropped"].tolist() == [(), (POOR,)]
    assert place.charged == {"ppinfra": 16}
    assert [job.take for job in found.board if job.prompt == GOOD] == list(range(1, 9))
    assert "better" in repr(found) and "merit" in repr(found)
    (effect,) = found.effects.to_dict("records")
    assert (effect["prompt"], effect["than"], effect["verdict"]) == (GOOD, POOR, "better")
    assert (effect["difference"], effect["low"], effect["high"]) == (1, 1, 1), "of the median"
    page = found.board.to_html(place.home / "page.html").read_text("utf-8")
    assert f"<bdi>{POOR}</bdi></b> by merit." in page
    assert "from 1 request" in page and "each of its 2 rounds" in page
    new_session()
    again = race().wait(END)
    assert [job.id for job in again.board] == [job.id for job in found.board]
    assert again.winner == GOOD
    assert place.charged == {"ppinfra": 16}


def test_a_saved_race_is_a_race_again(place: Stand) -> None:
    """Its verdict counts the looks in, from the ledger and from a folder."""
    found = race(until=1).wait(END)
    found.board.save("boats")
    new_session()
    again = hn.Comparison.load("boats")
    assert isinstance(again, RaceBoard)
    assert (again.title, again.verdict, len(again)) == ("boats", found.verdict, 8)
    assert again.effects.equals(found.effects)
    page = again.to_html(place.home / "page" / "page.html", mode="folder")
    assert "A race that looked after each of its 1 rounds" in page.read_text("utf-8")
    folder = hn.Comparison.load(page.parent)
    assert isinstance(folder, RaceBoard) and folder.title == "boats"
    hn.Comparison(again.jobs).save("boats")
    assert not isinstance(hn.Comparison.load("boats"), RaceBoard)


@pytest.mark.parametrize(
    "change",
    [{"items": ["a"]}, {"first_take": "1"}, {"takes_a_round": 0}, {"clips": 3}, {"by": None}],
)
def test_a_race_that_nobody_can_read_is_a_board(place: Stand, change: dict[str, object]) -> None:
    board = hn.Comparison([hn.generate(GOOD, provider=AT).wait(END)]).save("boats")
    good = {"by": "prompt", "outcome": "merit", "items": ["a", "b"], "first_take": 1,
            "takes_a_round": 1, "clips": []}  # fmt: skip
    session.runner().ledger.save_board("boats", [board[0].id], json.dumps(good | change)).result()
    with pytest.warns(UserWarning, match="verdict is of one look"):
        assert len(hn.Comparison.load("boats")) == 1


def test_a_race_that_was_left_between_rounds_goes_on(place: Stand) -> None:
    first = race(until=1).wait(END)
    assert (first.state, len(first.board)) == ("rounds", 8)
    assert first.verdict.startswith("not enough evidence: about ")
    assert first.verdict.endswith(f"2 are left, ahead is {GOOD}")
    page = first.board.to_html(place.home / "page.html").read_text("utf-8")
    verdict = page.partition("<main>")[2].partition('<div id="hn-still">')[0]
    assert first.verdict.partition(";")[0] in verdict and "is better" not in verdict
    new_session()
    again = race().wait(END)
    assert [job.id for job in again.board][:8] == [job.id for job in first.board]
    assert again.winner == GOOD
    assert place.charged == {"ppinfra": len(again.board)}


def test_a_kernel_that_died_while_it_judged_pays_nothing_twice(place: Stand) -> None:
    begun, buried = threading.Event(), threading.Event()

    def endless(clip: hn.scorers.Clip) -> float:
        begun.set()
        buried.wait(END)
        return merit(clip)

    dead = race(scorers={"merit": endless}, until=1)
    assert begun.wait(END)
    new_session()
    again = race().wait(END)
    assert (again.winner, len(again.board)) == (GOOD, 16)
    assert place.charged == {"ppinfra": 16}
    assert not dead.done
    buried.set()
    dead.wait(END)


def test_cancel_asks_for_nothing_more_and_next_goes_on(place: Stand) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(clip: hn.scorers.Clip) -> float:
        begun.set()
        go.wait(END)
        return merit(clip)

    found = race(scorers={"merit": slow})
    assert begun.wait(END)
    found.cancel()
    go.set()
    assert found.wait(END).state == "cancelled"
    assert len(found.board) == 8
    assert found.next().wait(END).state == "decided"
    assert place.charged == {"ppinfra": len(found.board)}


def test_an_interrupt_of_the_wait_asks_for_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    found = race(GOOD, OTHER, takes=1)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(waiting, "reporting", interrupted)
        found.wait()
    assert found.wait(END).state == "cancelled"
    assert len(found.board) <= 2, "no second round"
    found.board.wait(END)


def test_what_is_surely_worse_is_asked_for_no_more(place: Stand) -> None:
    found = race(GOOD, OTHER, POOR, takes=10, until=2).wait(END)
    assert found.rounds["n_left"].tolist()[0] == 2
    assert found.left == (GOOD, OTHER)
    assert [sum(job.prompt == one for job in found.board) for one in (GOOD, OTHER, POOR)] == [
        20, 20, 10,
    ]  # fmt: skip


def test_clips_limit_the_race_and_the_first_round_must_fit(place: Stand) -> None:
    with pytest.raises(hn.BudgetError, match="8 clips"):
        race(max_clips=7)
    assert place.app is None or place.charged == {}
    found = race(max_clips=15).wait(END)
    assert (found.state, len(found.board)) == ("budget", 8)
    assert "round 2" in found.error and "max_clips is 15" in found.error
    assert race(max_clips=8).wait(END).state == "budget"
    assert place.charged == {"ppinfra": 8}


def test_a_race_that_nobody_wins_ends_with_its_budget_in_any_session(place: Stand) -> None:
    """Rehearsed in the money of the stand-ins."""
    price = float(hn.plan([GOOD], provider=AT)["cost"].iloc[0])
    assert price > 0
    found = race(GOOD, OTHER, budget=20 * price).wait(END)
    assert (found.state, found.winner) == ("budget", None)
    assert found.verdict.endswith("more than 1000 more pairs; 2 are left, level so far")
    assert "with what was spent before, and budget is" in found.error
    assert place.charged == {"ppinfra": 16}
    new_session()
    assert race(GOOD, OTHER, budget=20 * price).wait(END).state == "budget"
    assert place.charged == {"ppinfra": 16}
    assert race(GOOD, OTHER, budget=24 * price).wait(END).state == "budget"
    assert place.charged == {"ppinfra": 24}


@pytest.mark.usefixtures("place")
def test_what_was_spent_is_told_round_by_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_attributes, "spent", lambda _: (1.0, "CNY"))
    found = race(GOOD, OTHER, until=2, takes=1).wait(END)
    assert found.spent == {"CNY": 4.0}
    assert found.rounds["spent"].tolist() == [2.0, 4.0]
    assert found.rounds["currency"].tolist() == ["CNY", "CNY"]


def test_votes_are_waited_for_round_by_round(place: Stand) -> None:
    found = race(outcome="votes", scorers=None).wait(END)
    while found.state == "waiting for votes":
        assert len(found.unjudged()) == 4
        assert "vote between 4 pairs on its .board, then call .next()" in repr(found)
        for first, second in found.unjudged():
            found.board.vote(first, second, "first" if first.prompt == GOOD else "second")
        found.next().wait(END)
    assert (found.state, found.winner) == ("decided", GOOD)
    assert found.unjudged() == []
    assert place.charged == {"ppinfra": len(found.board)}


def test_stars_are_waited_for(place: Stand) -> None:
    found = race(outcome="stars", scorers=None, takes=1).wait(END)
    assert found.state == "waiting for stars"
    assert found.next().wait(END).state == "waiting for stars"
    assert len(found.unjudged()) == 2
    assert "give stars to 2 clips on its .board, then call .next()" in repr(found)
    assert place.charged == {"ppinfra": 2}


def test_a_round_without_a_clip_stops_the_race(place: Stand) -> None:
    place.faults = ("fail_task",)
    found = race(takes=1)
    with pytest.raises(
        hn.TuneError, match=r"round 1 made no clip of .* ended as failed, .*\. Nothing"
    ):
        found.wait(END)
    assert len(found.board) == 2 and found.state == "stopped"


def test_it_acts_in_the_context_of_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = contextvars.ContextVar("cell", default="none")
    cell.set("the cell")
    seen: list[str] = []

    def ask(*_: object) -> list[hn.Job]:
        seen.append(cell.get())
        raise hn.HailuoError("enough")

    monkeypatch.setattr(tune_module, "ask", ask)
    with pytest.raises(hn.TuneError, match="enough"):
        race(takes=1).wait(END)
    assert seen == ["the cell"]


def test_no_round_follows_one_that_was_not_sent(place: Stand) -> None:
    """As at the end of a process: what `hn.resume()` would send is what somebody asked for."""
    session.runner().close_admission()
    with pytest.raises(hn.TuneError, match=r"^2 of 2 clips of round 1 were not sent: .*\. next"):
        race(takes=1).wait(END)
    new_session()
    found = race(takes=1, until=2).wait(END)
    assert (found.state, place.charged) == ("rounds", {"ppinfra": 4})


def test_a_scorer_that_tells_nothing_stops_the_race(place: Stand) -> None:
    def broken(clip: hn.scorers.Clip) -> float:
        raise ZeroDivisionError(clip.prompt)

    with pytest.raises(hn.TuneError, match="no two clips with the outcome 'broken'"):
        race(scorers=broken, takes=1).wait(END)
    assert place.charged == {"ppinfra": 2}
    parts = {"look": lambda clip: {"sharp": merit(clip)}}
    with pytest.raises(hn.TuneError, match=r"'look'; there are: .*look_sharp"):
        race(scorers=parts, takes=1).wait(END)


def test_it_is_awaited() -> None:
    async def cell() -> Tune:
        return await race(until=1, takes=1)

    assert asyncio.run(cell()).state == "rounds"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"by": "resolution"}, "differ"),
        ({"by": "beauty"}, "beauty"),
        ({"until": "bedtime"}, "until"),
        ({"until": 0}, "until"),
        ({"budget": -1}, "budget"),
        ({"outcome": "beauty"}, "outcome is one of"),
        ({"scorers": [merit, {"x": 1}]}, "scorer"),
        ({"scorers": {"one": merit, "two": merit}}, "outcome="),
    ],
)
def test_bad_arguments_are_told_before_anything_is_sent(
    place: Stand, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(hn.HailuoError, match=words):
        race(**changes)
    assert place.app is None


def test_other_plans_that_are_no_race(place: Stand) -> None:
    with pytest.raises(hn.ArgumentError, match="no table"):
        hn.tune("A cat")  # type: ignore[arg-type]
    with pytest.raises(hn.ArgumentError, match="asks for none"):
        hn.tune(hn.plan(["A cat", "A dog"], provider=AT))
    apart = hn.plan([GOOD, POOR], provider=AT)
    apart["duration"] = [6, 10]
    with pytest.raises(hn.ArgumentError, match="agrees with"):
        hn.tune(apart, outcome="seconds")
    assert place.app is None


def test_money_needs_a_limit_and_a_price(monkeypatch: pytest.MonkeyPatch, place: Stand) -> None:
    for name in ("PPINFRA_API_KEY", "MODELVERSE_API_KEY"):
        monkeypatch.setenv(name, "sk-marked-key-1234567890")
    plan = hn.plan([GOOD, POOR], provider="modelverse")
    with pytest.raises(hn.ArgumentError, match="budget="):
        hn.tune(plan, outcome="seconds")
    with pytest.raises(hn.BudgetError, match=r"budget is 0\.01"):
        hn.tune(plan, outcome="seconds", budget=0.01)
    unknown = hn.plan([GOOD, POOR], provider="ppinfra/MiniMax-Hailuo-02")
    with pytest.raises(hn.BudgetError, match="no known price, so budget=30"):
        hn.tune(unknown, outcome="seconds", budget=30)
    assert place.app is None
