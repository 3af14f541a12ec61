"""Bradley-Terry strengths: what must hold for any implementation of it."""

from __future__ import annotations

import math
import random

import pytest

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.results.ranking import rank


def votes(*results: str) -> list[Vote]:
    """ "a>b" is a win of a, "a=b" a tie."""
    made = []
    for result in results:
        if ">" in result:
            first, second = result.split(">")
            made.append(Vote(first, second, "first"))
        else:
            first, second = result.split("=")
            made.append(Vote(first, second, "tie"))
    return made


def strengths(given: list[Vote]) -> dict[str, float]:
    return {found.item: found.strength for found in rank(given)}


def test_no_votes_no_ranking() -> None:
    assert rank([]) == []
    assert rank([Vote("a", "a", "first")]) == []


def test_two_items_agree_with_the_closed_form() -> None:
    """Points 8.5 and 2.5 of 10 votes and a virtual tie each: the equations solved by hand-rolled
    bisection."""
    found = strengths(votes(*["a>b"] * 8, *["b>a"] * 2))

    def gap(strength: float) -> float:
        win = 1 / (1 + math.exp(-2 * strength))
        virtual = 1 / (1 + math.exp(-strength))
        return 10 * win + virtual - 8.5

    low, high = 0.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) < 0 else (low, middle)
    assert found["a"] == pytest.approx(low, abs=1e-6)
    assert found["b"] == pytest.approx(-low, abs=1e-6)


def test_only_ties_make_equals() -> None:
    assert strengths(votes(*["a=b"] * 5, *["b=c"] * 5)) == pytest.approx(
        {"a": 0, "b": 0, "c": 0}, abs=1e-9
    )


def test_the_side_of_a_vote_does_not_matter() -> None:
    one = strengths([Vote("a", "b", "first"), Vote("b", "c", "first"), Vote("a", "c", "tie")])
    other = strengths([Vote("b", "a", "second"), Vote("c", "b", "second"), Vote("c", "a", "tie")])
    assert one == pytest.approx(other)


def test_who_won_everything_is_finite_and_first() -> None:
    (first, *_) = rank(votes(*["a>b"] * 20, *["a>c"] * 20, "b>c"))
    assert first.item == "a"
    assert math.isfinite(first.high)
    assert (first.wins, first.losses, first.ties) == (40, 0, 0)


def test_more_votes_make_a_narrower_interval() -> None:
    few = {found.item: found.high - found.low for found in rank(votes("a>b", "b>a"))}
    many = {found.item: found.high - found.low for found in rank(votes(*["a>b", "b>a"] * 30))}
    assert many["a"] < few["a"] / 3


def test_known_strengths_are_found_again_within_their_intervals() -> None:
    chance = random.Random(5)
    truth = {"a": 1.0, "b": 0.3, "c": -0.2, "d": -1.1}
    given = []
    for _ in range(1200):
        one, other = chance.sample(sorted(truth), 2)
        wins = chance.random() < 1 / (1 + math.exp(truth[other] - truth[one]))
        given.append(Vote(one, other, "first" if wins else "second"))
    found = {item.item: item for item in rank(given)}
    assert [item.item for item in rank(given)] == ["a", "b", "c", "d"]
    for item, strength in truth.items():
        assert found[item].low - 0.1 <= strength <= found[item].high + 0.1
