"""The effect of one thing: like for like pairs, verdicts, and how often chance alone makes one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import paired
from hailuo_nb.results.effects import ClipOutcomes, effects, to_frame


def clip(item: str, request: str, take: int = 1, **outcomes: float) -> ClipOutcomes:
    return ClipOutcomes(f"{item}-{request}-{take}", item, request, take, outcomes)


def board(
    items: Sequence[str],
    requests: int,
    takes: int,
    stars: Callable[[str, str], float],
) -> list[ClipOutcomes]:
    return [
        clip(item, str(number), take, stars=stars(item, str(number)))
        for number in range(requests)
        for item in items
        for take in range(1, takes + 1)
    ]


def test_only_clips_that_agree_in_everything_else_meet() -> None:
    clips = [clip("a", "cat", stars=5), clip("b", "dog", stars=1), clip("b", "cat", stars=4)]
    (found,) = effects(clips, [], "provider")
    assert (found.difference, found.pairs, found.requests) == (1, 1, 1)
    assert found.verdict == "not enough evidence"


def test_takes_are_pairs_of_their_own_and_one_without_a_partner_is_left_out() -> None:
    clips = [clip("a", "cat", take, stars=take) for take in (1, 2, 3)]
    clips += [clip("b", "cat", take, stars=1) for take in (2, 1)]
    (found,) = effects(clips, [], "provider")
    assert (found.pairs, found.requests, found.difference) == (2, 1, 0.5)


def test_a_clear_difference_is_told_and_which_way_it_goes() -> None:
    rng = random.Random(1)
    clips = board("ab", 5, 2, lambda item, _: (4 if item == "a" else 2) + rng.choice((-0.5, 0.5)))
    clips = [
        ClipOutcomes(
            one.id,
            one.item,
            one.same,
            one.take,
            {**one.outcomes, "seconds": 9 * one.outcomes["stars"]},
        )
        for one in clips
    ]
    stars, seconds = effects(clips, [], "provider")
    assert (stars.verdict, seconds.verdict) == ("better", "worse")
    assert stars.low is not None and stars.low > 0 and stars.more == 0


def test_failures_are_pairs_of_one_request_and_less_is_better() -> None:
    """The exact test of McNemar: only pairs of which one failed count."""

    def verdict(failed: int, ends: int = 12) -> str:
        clips = [clip("a", str(n), failed=float(n < failed)) for n in range(ends)]
        clips += [clip("b", str(n), failed=float(n == ends - 1)) for n in range(ends)]
        (found,) = effects(clips, [], "provider")
        assert found.pairs == ends and found.difference == pytest.approx((failed - 1) / ends)
        return found.verdict

    assert verdict(11) == "worse"  # 11 of 12 pairs against 1: 2 * 13 / 2**12
    assert verdict(5) == "not enough evidence"  # 5 against 1: 2 * 7 / 2**6


def test_votes_count_once_for_each_clip() -> None:
    clips = board("ab", 1, 8, lambda *_: 3)
    bad = "b-0-1"
    votes = [Vote(f"a-0-{take}", bad, "first") for take in range(1, 9)]
    found = effects(clips, votes, "provider")[0]
    assert (found.outcome, found.pairs, found.difference) == ("votes", 1, 1)
    assert found.verdict == "not enough evidence"


def test_a_vote_across_takes_keeps_no_like_for_like_pair_out() -> None:
    clips = board("ab", 1, 2, lambda *_: 3)
    ends = [("a-0-1", "b-0-2"), ("a-0-1", "b-0-1"), ("a-0-2", "b-0-2")]
    found = effects(clips, [Vote(*pair, "first") for pair in ends], "provider", "votes")
    assert found[0].pairs == 2


def test_votes_of_each_pair_decide() -> None:
    clips = board("ab", 4, 2, lambda *_: 3)
    votes = [
        Vote(f"b-{number}-{take}", f"a-{number}-{take}", "first")
        for number in range(4)
        for take in (1, 2)
    ]
    found = effects(clips, votes, "provider", "votes")[0]
    assert (found.pairs, found.difference, found.verdict) == (8, -1, "worse")


def test_no_interval_goes_beyond_what_is_possible() -> None:
    clips = [clip(item, request) for request in ("cat", "dog") for item in "ab"]
    votes = [Vote(f"a-{request}-1", f"b-{request}-1", "first", at=0) for request in ("cat", "dog")]
    (found,) = effects(clips, votes, "provider")
    assert (found.difference, found.low, found.high) == (1, -1, 1)


def test_bad_questions_are_told() -> None:
    with pytest.raises(ArgumentError, match="there are no clips"):
        effects([], [], "prompt")
    with pytest.raises(ArgumentError, match="differ in it; there is one clip"):
        effects([clip("a", "cat")], [], "prompt")
    with pytest.raises(ArgumentError, match="needs clips that differ in it; all 2 clips have 'a'"):
        effects([clip("a", "cat"), clip("a", "dog")], [], "prompt")
    with pytest.raises(ArgumentError, match="no clip has the outcome 'beauty'; there are: stars"):
        effects(board("ab", 1, 1, lambda *_: 1), [], "provider", "beauty")


def test_no_pair_says_that_pairs_are_missing() -> None:
    found = effects([clip("a", "cat", stars=5), clip("b", "dog", stars=1)], [], "provider")
    assert found[0].difference is None and found[0].pairs == 0
    (verdict,) = to_frame(found, "provider")["verdict"]
    assert verdict == "not enough evidence: no two clips with it agree in everything else"


def test_no_pair_as_the_models_differ_is_told() -> None:
    clips = [
        ClipOutcomes(item, item, f"cat {model}", 1, {"stars": 3}, model)
        for item, model in (("a", "02"), ("b", "2.3"), ("c", "2.3"))
    ]
    first, _, last = to_frame(effects(clips, [], "provider"), "provider")["verdict"]
    assert "(their models differ, 02 and 2.3: name one, model=...)" in first
    assert "models" not in last
    assert "differ" not in to_frame(effects(clips, [], "model"), "model")["verdict"].iloc[0]


def test_what_hardly_differs_would_need_too_many() -> None:
    assert paired.more_pairs([0.01, -0.01, 0.02, -0.02], 1.0) is None
    assert paired.more_pairs([1.0, 1.2, 0.9], 0.3) == 3


@pytest.mark.parametrize("items", ["ab", "abc"])
def test_chance_alone_makes_a_verdict_on_one_board_of_twenty_at_most(items: str) -> None:
    """300 boards each (2,000 in tests/benchmarks/VERDICTS.md), without a difference: what a request is like, what a rater likes of it and
    the luck of a take are drawn anew for each; votes go by the same tastes."""
    rng = random.Random(20)
    boards = 300
    wrong = sum(_verdict_by_chance(items, rng) for _ in range(boards))
    assert wrong <= boards * 0.05


def _verdict_by_chance(items: str, rng: random.Random) -> bool:
    requests, takes = rng.choice([(1, 8), (4, 2), (8, 1), (10, 1), (3, 4)])
    liked = [rng.gauss(3, 1) for _ in range(requests)]
    clips = board(items, requests, takes, lambda _, one: round(liked[int(one)] + rng.gauss(0, 1)))
    found = effects(clips, _votes(clips, rng), "model")
    return any(one.verdict != "not enough evidence" for one in found)


def _votes(clips: Sequence[ClipOutcomes], rng: random.Random) -> list[Vote]:
    found = []
    for _ in range(20):
        one, two = rng.sample(clips, 2)
        if one.same == two.same and one.item != two.item:
            apart = one.outcomes["stars"] - two.outcomes["stars"] + rng.gauss(0, 1)
            outcome: Outcome = "first" if apart > 0.5 else "second" if apart < -0.5 else "tie"
            found.append(Vote(one.id, two.id, outcome))
    return found


def test_the_smallest_and_largest_numbers_of_a_scorer_are_judged() -> None:
    for size in (5e-324, 1e100):
        clips = [
            ClipOutcomes(f"{item}{take}", item, "request", take, {"sharp": size * (item == "a")})
            for take in range(1, 9)
            for item in "ab"
        ]
        (found,) = effects(clips, [], "prompt")
        assert found.pairs == 8
