"""Which votes and takes are suggested first, and what they are said to be worth."""

from __future__ import annotations

import random
from itertools import islice, pairwise

import pytest

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.pages.effect_rows import VOTES
from hailuo_nb.results.effects import ClipOutcomes
from hailuo_nb.results.suggestions import questions, undecided
from hailuo_nb.results.wanted import narrower, takes_wanted, votes_wanted


def clip(item: str, same: str = "cat", take: int = 1, **outcomes: float) -> ClipOutcomes:
    return ClipOutcomes(f"{item}-{same}-{take}", item, same, take, outcomes)


def pairs(clips: list[ClipOutcomes], votes: list[Vote], count: int) -> list[tuple[str, ...]]:
    left = list(dict.fromkeys(one.item for one in clips))
    made = {one.id for one in clips}
    return [
        (one.first, one.second) for one in islice(votes_wanted(clips, votes, left, made), count)
    ]


def test_only_clips_that_agree_in_everything_else_are_shown_together() -> None:
    clips = [clip("a", "cat"), clip("b", "dog"), clip("b", "cat"), clip("a", "cat", 2)]
    assert pairs(clips, [], 9) == [("a-cat-1", "b-cat-1")]


def test_a_pair_that_nobody_knows_goes_before_one_that_is_known() -> None:
    clips = [clip(item, take=take) for take in (1, 2) for item in "abc"]
    votes = [Vote("a-cat-1", "b-cat-1", "first")] * 8
    first = pairs(clips, votes, 1)[0]
    assert "c" in {name[0] for name in first}
    assert ("a-cat-1", "b-cat-1") not in pairs(clips, votes, 99)


def test_several_suggestions_ask_about_several_pairs() -> None:
    clips = [clip(item, take=take) for take in (1, 2, 3) for item in "abc"]
    asked = pairs(clips, [], 3)
    assert {frozenset(name[0] for name in one) for one in asked} == {
        frozenset("ab"),
        frozenset("ac"),
        frozenset("bc"),
    }
    # Clips that were seen least come first, takes with their like.
    assert all(one[-1] == other[-1] for one, other in asked)


def test_a_vote_says_how_much_narrower_and_less_with_each() -> None:
    clips = [clip(item, take=take) for take in range(1, 6) for item in "ab"]
    made = {one.id for one in clips}
    gains = [one.narrower for one in votes_wanted(clips, [], ["a", "b"], made)]
    assert len(gains) == 5
    assert all(0 < after < before < 1 for before, after in pairwise(gains))


def test_a_missing_half_of_a_pair_goes_before_whole_pairs() -> None:
    clips = [clip("a", "cat"), clip("b", "cat"), clip("a", "dog"), clip("a", "dog", 2)]
    clips += [clip("b", "dog")]
    coming = {one.id for one in clips}
    found = list(islice(takes_wanted(clips, [], ["a", "b"], coming), 5))
    assert [(one.item, one.same, one.alone) for one in found] == [
        ("b", "dog", True),
        ("a", "cat", False),
        ("b", "cat", False),
        ("a", "cat", False),
        ("b", "cat", False),
    ]


def test_a_clip_that_failed_is_no_half_of_a_pair() -> None:
    clips = [clip("a"), clip("b")]
    (found,) = islice(takes_wanted(clips, [], ["a", "b"], {"a-cat-1"}), 1)
    assert (found.item, found.alone) == ("b", True)


def test_the_interval_gets_narrower_by_less_and_less() -> None:
    assert narrower(0) is None and narrower(1) is None
    shares = [narrower(count) or 0 for count in range(2, 40)]
    assert shares == sorted(shares, reverse=True)
    assert narrower(100) == pytest.approx(0.005, rel=0.1)


def test_what_is_surely_worse_is_no_longer_asked_about() -> None:
    clips = [
        clip(item, str(number), stars=stars + number % 2)
        for number in range(20)
        for item, stars in (("a", 4), ("b", 4), ("c", 1))
    ]
    assert undecided(clips, [], "stars") == ["a", "b"]
    assert questions(clips, [], "prompt", VOTES) == []


def test_who_looks_after_each_vote_is_told_of_no_winner_among_equals() -> None:
    """The verdict of one look would name one on one board in eight."""
    rng = random.Random(2)
    decided = 0
    for _ in range(60):
        votes: list[Vote] = []
        for number in range(24):
            votes.append(Vote(f"a-{number}-1", f"b-{number}-1", rng.choice(["first", "second"])))
            clips = [clip(item, str(n)) for n in range(len(votes)) for item in "ab"]
            if len(undecided(clips, votes, VOTES)) < 2:
                decided += 1
                break
    assert decided <= 3
