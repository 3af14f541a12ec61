"""The sequential test of a race: what is won by chance, how soon a difference is told, the limits."""

from __future__ import annotations

import math
import random

import pytest

import hailuo_nb as hn
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.measure import racing
from hailuo_nb.ordering.accounts import target
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results import race
from hailuo_nb.results.race import Limits


def test_each_pair_at_most_doubles_the_wealth_and_least_pairs_follows_from_that() -> None:
    for items in (2, 3, 6):
        enough = racing.least_pairs(items)
        assert racing.wealth([[1e9]] * (enough + 2)) >= racing.wanted(items)
        assert racing.wealth([[1e9]] * (enough - 1)) < racing.wanted(items)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_scale_of_an_outcome_tells_nothing(scale: float) -> None:
    rounds = [[0.5 * scale, -0.1 * scale], [0.4 * scale]]
    assert racing.wealth(rounds) == pytest.approx(racing.wealth([[0.5, -0.1], [0.4]]))


def test_no_difference_and_no_pair_win_nothing() -> None:
    assert racing.wealth([]) == racing.wealth([[], [0.0, 0.0]]) == 1.0
    assert racing.wealth([[-1.0] * 5]) < 0.1
    assert racing.beaten(["a"], 2, lambda *_: []) == {}


def test_the_bet_is_fair_whatever_the_sizes() -> None:
    """Over all signs of the same sizes the mean wealth is what was staked, round by round."""
    sizes = [[0.1, 3.0], [1.0], [20.0]]
    total = 0.0
    for number in range(16):
        signs = iter([1 if number >> place & 1 else -1 for place in range(4)])
        total += racing.wealth([[next(signs) * size for size in one] for one in sizes])
    assert total / 16 == pytest.approx(1.0)


def test_who_is_worse_is_told_with_who_beat_it() -> None:
    quality = {"a": 2.0, "b": 1.9, "c": 0.0}
    rng = random.Random(1)
    luck = {item: [rng.uniform(-0.2, 0.2) for _ in range(12)] for item in quality}

    def rounds(one: str, other: str) -> racing.Rounds:
        pairs = zip(luck[one], luck[other], strict=True)
        return [[quality[one] - quality[other] + x - y] for x, y in pairs]

    assert set(racing.beaten(list(quality), 3, rounds)) == {"c"}
    assert racing.beaten(["a", "c"], 3, rounds) == {"c": "a"}


def test_looking_after_each_round_names_seldom_a_worse_one_by_chance() -> None:
    rng, false = random.Random(7), 0
    for _ in range(200):
        rounds: list[list[float]] = []
        for _ in range(20):
            rounds.append([rng.gauss(0, 1)])
            back = [[-one for one in each] for each in rounds]
            if max(racing.wealth(rounds), racing.wealth(back)) >= racing.wanted(2):
                false += 1
                break
    assert false <= 10


# The interval ------------------------------------------------------------------------------------


def test_the_ends_are_where_the_bets_have_won() -> None:
    stars = [1.0, 2.0, 0.0, 1.0, 3.0, -1.0, 1.0, 2.0] * 3
    found = racing.centre_of(stars, 4, 2, 1)
    assert found.centre == pytest.approx(9 / 8)
    assert 0 < found.low < found.centre < found.high < 4
    assert racing.is_above(stars, found.low, 4, 2)
    assert not racing.is_above(stars, found.low + 1e-6, 4, 2)
    back = racing.centre_of([-one for one in stars], 4, 2, -1)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))


def test_of_votes_without_a_tie_it_is_the_test_itself_twice_as_strict() -> None:
    for wins in range(5, 30):
        votes = [1.0] * wins + [-1.0] * 4
        assert racing.is_above(votes, 0, 1, 2) == (racing.wealth([votes]) >= 2 * racing.wanted(2))


def test_an_outcome_without_bounds_has_the_median_by_its_order() -> None:
    seconds = [3.0, 8.0, 1.0, 1e9, 5.0, 2.0, 9.0, 4.0, 7.0, 6.0, 11.0, 10.0]
    found = racing.centre_of(seconds, math.inf, 2, 1)
    assert found.centre == 6.5
    assert found.low in seconds and 1.0 <= found.low < 6.5 < found.high in seconds
    few = racing.centre_of(seconds[:4], math.inf, 2)
    assert (few.low, few.high) == (-math.inf, math.inf)
    assert racing.centre_of([1e300] * 20, math.inf, 2, 1).low == 1e300


def test_the_interval_agrees_with_the_verdict() -> None:
    """The test needs fewer pairs than an interval that no distribution cheats."""
    few = [1.0, 1.5] * 4
    assert racing.wealth([few]) >= racing.wanted(2)
    assert not racing.is_above(few, 0, 4, 2)
    assert racing.centre_of(few, 4, 2, 1).low == 0
    assert racing.centre_of(few, 4, 2).low < 0
    sure = [1.0] * 60
    assert racing.centre_of(sure, 4, 2, 1).low > 0 == racing.centre_of(sure, 4, 2).low


def test_equal_differences_do_not_make_it_narrow_at_once() -> None:
    found = racing.centre_of([1.0] * 8, 1, 2, 1)
    assert (found.centre, found.high) == (1, 1)
    assert found.low < 0.5


@pytest.mark.parametrize(("share", "most"), [(0.5, 1), (0.8, 1), (0.97, 4), (0.8, math.inf)])
def test_the_truth_lies_within_at_every_look(share: float, most: float) -> None:
    """Of 150 races; 2,000 of more kinds are in benchmarks/RACING.md."""
    rng, missed = random.Random(3), 0
    truth = 2 * share - 1 if most < math.inf else 0.0
    for _ in range(150):
        found: list[float] = []
        for _ in range(15):
            found += [rng.gauss(0, 1) if most == math.inf else -1.0 for _ in range(4)]
            if most < math.inf:
                found[-4:] = [1.0 if rng.random() < share else -1.0 for _ in range(4)]
            back = [-one for one in found]
            if racing.is_above(found, truth, most, 2) or racing.is_above(back, -truth, most, 2):
                missed += 1
                break
    assert missed <= 7


# The limits --------------------------------------------------------------------------------------


def spec(cost: float | None, currency: str = "CNY") -> JobSpec:
    account = target("simulated:ppinfra", None).account
    return JobSpec(account, VideoRequest("A cat", "MiniMax-Hailuo-02"), 1, cost, currency)


@pytest.fixture(autouse=True)
def empty_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "known_job", lambda _: None)


def test_a_round_counts_with_all_that_was_spent_before() -> None:
    bounds = Limits(30.0, None, 9)
    bounds.check([spec(10.0)] * 2, [(10.0, "CNY"), (29.0, "USD")])
    with pytest.raises(
        hn.BudgetError, match=r"40.00 CNY with what was spent before, and budget is"
    ):
        bounds.check([spec(10.0)] * 3, [(10.0, "CNY")])


def test_a_price_that_nobody_knows_needs_a_number_of_clips_in_place_of_a_budget() -> None:
    with pytest.raises(hn.BudgetError, match="no known price"):
        Limits(30.0, None, 9).check([spec(None)], [])
    with pytest.raises(hn.BudgetError, match="no known price"):
        Limits(30.0, None, 9).check([spec(1.0)], [(None, "")])
    Limits(None, 3, 9).check([spec(None)], [(None, ""), (1.0, "CNY")])
    with pytest.raises(hn.BudgetError, match="max_clips"):
        Limits(None, 2, 9).check([spec(None)], [(None, ""), (1.0, "CNY")])


def test_what_the_ledger_has_is_sent_never_and_needs_no_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(race, "known_job", lambda _: object())
    Limits(1.0, 1, 9).check([spec(10.0)] * 3, [(99.0, "CNY")])
