"""What a person may ask of a board wrongly: each is a clear error, and no column or clip is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import HailuoError
from hailuo_nb.results.chain import Chain
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture

AT = "simulated:ppinfra/MiniMax-Hailuo-02"
PROMPTS = ["A cat runs [Push in]", "A dog runs [Push in]"]
ODD = [
    None,
    True,
    -1,
    float("nan"),
    "",
    "\ud800",
    [],
    {},
    pd.NA,
    np.array([1, 2]),
    object(),
    [None],
]


@pytest.fixture
def board(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> hn.Comparison:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2000.0)
    return hn.compare(PROMPTS, provider=AT, takes=2).wait(END)


def test_odd_values_are_refused_by_name(board: hn.Comparison) -> None:
    one, other = board[0], board[1]
    calls: list[Any] = [
        lambda odd: board.vote(one, other, odd),
        lambda odd: board.vote(odd, other, "tie"),
        lambda odd: board.vote_best_worst(odd, one, other),
        board.effect,
        lambda odd: board.check("failed == 0", errors=odd),
        one.frame,
        hn.inspect,
        board.remove_vote,
        lambda odd: hn.score(board, scorers=[odd]),
    ]
    scored = hn.score(board, scorers={"merit": lambda _: 1.0})
    or_none: list[Any] = [
        lambda odd: board.suggest(2, outcome=odd),
        lambda odd: scored.wait(str(odd)),
        lambda odd: hn.score(board, odd, scorers=lambda _: 1.0),
    ]
    for call in (*calls, *or_none):
        for odd in ODD[call in or_none :]:
            with pytest.raises(HailuoError):
                call(odd)
    for odd in (None, 5, "a", [None], ["a"]):
        with pytest.raises(hn.ArgumentError, match="jobs"):
            board.add(odd)  # type: ignore[arg-type]
    with pytest.raises(hn.ArgumentError, match="a vote is between two clips, and both are"):
        board.vote(one, one, "tie")
    assert len(board.votes) == 0


def test_a_clip_given_twice_is_one_clip(board: hn.Comparison) -> None:
    twice = hn.Comparison([*board, *board])
    twice.add([board[0], board[0]])
    assert len(twice) == 4
    assert twice.effect("prompt", "seconds")["n_pairs"].tolist() == [2]


def test_what_simulated_clips_cost_is_no_outcome(board: hn.Comparison) -> None:
    """Each cost 0: a verdict about that would say how many pairs are missing."""
    assert set(board.effect("prompt")["outcome"]) == {"seconds"}


def test_a_race_that_nobody_can_judge_sends_nothing(stand: Stand) -> None:
    plan = hn.plan(PROMPTS, provider=AT)
    with pytest.raises(hn.ArgumentError, match="executor is 5"):
        hn.tune(plan, executor=5, scorers=lambda _: 1.0)  # type: ignore[arg-type]
    for empty in ([], {}):
        with pytest.raises(hn.ArgumentError, match="scorers is empty"):
            hn.tune(plan, scorers=empty)
    with pytest.raises(hn.ArgumentError, match="budget is NaN"):
        hn.tune(plan, budget=float("nan"))
    half = pd.DataFrame({"prompt": PROMPTS, "provider": AT, "idea": ["x", None]})
    with pytest.raises(hn.ArgumentError, match="there is one row"):
        hn.tune(half, by="idea", scorers=lambda _: 1.0)
    assert stand.app is None or not stand.charged


@pytest.mark.parametrize("name", ["votes", "stars", "seconds"])
def test_a_scorer_takes_the_name_of_no_outcome(board: hn.Comparison, name: str) -> None:
    with pytest.raises(hn.ArgumentError, match=f"'my_{name}'"):
        hn.score(board, scorers={name: lambda _: 1.0})


def test_own_columns_may_be_called_like_those_of_a_table(stand: Stand) -> None:
    """ "low" or "value" of one's own: the item's column is "item" then."""
    own = ["low", "than", "verdict", "check", "value", "passed", "reason", "of"]
    table = pd.DataFrame({"prompt": PROMPTS, **{name: ["x", "y"] for name in own}})
    board = hn.compare(table, provider=AT).wait(END)
    for name in own:
        effect = board.effect(name, "seconds")
        check = board.check("failed == 0", by=name)
        for found in (effect, check):
            assert found.columns.is_unique
        assert (
            effect[name if name in {"check", "value", "passed", "reason", "of"} else "item"][0]
            == "x"
        )
        assert check[name if name in {"low", "than", "verdict"} else "item"].tolist() == ["x", "y"]
        with pytest.raises(hn.CheckError, match="failed == 7 · x"):
            board.check("failed == 7", by=name)
    for name in ("kind", "first", "why", "item", "narrower"):
        with pytest.raises(hn.TableError, match=f"my_{name}"):
            hn.compare(table.assign(**{name: 1}), provider=AT)


def test_a_chain_that_breaks_says_so(board: hn.Comparison) -> None:
    def broken(number: int, frame: object) -> hn.Job:
        raise ZeroDivisionError("of somebody's provider")

    with pytest.raises(hn.ChainError, match="ZeroDivisionError: of somebody's provider"):
        Chain(broken, 2, "").wait(END)


def test_a_path_with_half_an_emoji(tmp_path: Path) -> None:
    with pytest.raises(hn.ArgumentError, match="which is no path"):
        hn.inspect(f"{tmp_path}/\ud83d.mp4")


def test_tables_keep_their_types_and_items_their_values(stand: Stand) -> None:
    table = pd.DataFrame({"prompt": PROMPTS, "batch": [1, 2]})
    board = hn.compare(table, provider=AT).wait(END)
    for found in (board.effect("batch", "seconds"), board.check("failed == 0", by="batch")):
        assert found.merge(board.to_frame(), on="batch")["prompt"].tolist()[0] == PROMPTS[0]
    assert board.effect("batch", "seconds")["than"].tolist() == [2]
    kinds = board.ranking("batch").dtypes
    assert kinds["n_votes"] == "int64" and kinds["strength"] == "float64", "without a vote too"
    assert hn.boards().dtypes["n_clips"] == "int64"
    votes = board.suggest(1)
    assert votes["kind"].tolist() == ["vote"]
    takes = votes.loc[votes["kind"] == "take", "prompt":]  # type: ignore[misc]
    assert [*takes.columns] == ["prompt", "provider", "model", "resolution", "duration", "take"]
    board.vote(*board.jobs, "first")
    times = (board.votes["time"].dtype, board.to_frame()["finished_at"].dtype)
    assert times[0] == times[1]
