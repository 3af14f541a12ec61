"""Bradley-Terry strengths: what must hold for any implementation of it."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.results.pools import by_item
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


@pytest.mark.parametrize(("number", "requests"), [(2, 20), (5, 20), (10, 12)])
def test_intervals_hold_where_each_clip_met_one_of_each_other_item(
    number: int, requests: int
) -> None:
    """A clip of luck wins all its votes: counted as so many votes, of ten equals every fourth
    interval missed the truth."""
    chance, missed, boards = random.Random(1), 0, 15
    items = "abcdefghij"[:number]
    for _ in range(boards):
        luck = {f"{one}-{place}": chance.random() for one in items for place in range(requests)}
        given = [
            Vote(one, other, "first" if luck[one] > luck[other] else "second")
            for one, other in combinations(luck, 2)
            if one[0] != other[0] and one[1:] == other[1:]
        ]
        found = by_item(given, {clip: clip[0] for clip in luck})
        missed += sum(not rank.low <= 0 <= rank.high for rank in found)
    assert missed <= 0.08 * number * boards


def test_a_vote_between_clips_of_one_item_says_nothing_of_the_others() -> None:
    between = [Vote("a1", "b1", "first"), Vote("a2", "b2", "second")]
    item = {name: name[0] for name in ("a1", "a2", "b1", "b2")}
    assert by_item([*between, Vote("a1", "a2", "first")], item) == by_item(between, item)
