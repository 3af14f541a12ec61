"""When to ask next: pure arithmetic, and the figures of a simulated provider (counts and means,
never a clock)."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from hailuo_nb.engine.schedule import (
    FIRST,
    MAX_BACK_OFF,
    MIN_INTERVAL,
    Estimate,
    learn,
    next_poll,
    pause,
    prior,
    time_left,
)

STEADY = Estimate(300, 0.05, 0.02)


def middle() -> float:
    return 0.5  # no jitter


def watch(
    estimate: Estimate, total: float, rng: random.Random, percent: bool = False
) -> tuple[int, float]:
    """Looks at a task of `total` seconds, and how late its end was seen. percent: the provider
    tells whole percents."""
    at, looks, left = 0.0, 0, None
    while at < total:
        at += next_poll(at, estimate, random=rng.random, left=left)
        looks += 1
        if percent:
            left = time_left(at, math.floor(100 * at / total), None)
    return looks, at - total


def figures(
    estimate: Estimate, draw: object, percent: bool = False, times: int = 400
) -> tuple[float, float]:
    """Mean looks and median lateness over many tasks."""
    rng = random.Random(3)
    seen = [watch(estimate, draw(rng), rng, percent) for _ in range(times)]  # type: ignore[operator]
    return statistics.mean(looks for looks, _ in seen), statistics.median(late for _, late in seen)


def durations(median: float, spread: float, count: int = 20) -> list[float]:
    rng = random.Random(11)
    return [rng.lognormvariate(math.log(median), spread) for _ in range(count)]


def test_few_looks_before_it_can_be_over_and_many_around_its_usual_length() -> None:
    early = next_poll(0, STEADY, random=middle)
    near = next_poll(300, STEADY, random=middle)
    overdue = next_poll(600, STEADY, random=middle)
    assert 100 < early < 290
    assert MIN_INTERVAL <= near < 3
    assert overdue > 5 * near


def test_a_steady_provider_costs_few_looks_and_is_noticed_soon() -> None:
    learnt = learn(prior("MiniMax-Hailuo-02", "768P", 6), durations(300, 0.03))
    looks, late = figures(learnt, lambda rng: rng.lognormvariate(math.log(300), 0.03))
    assert looks <= 20
    assert late <= 1.1


def test_the_providers_percentage_is_worth_more_than_anything_learnt() -> None:
    cold = prior("MiniMax-Hailuo-02", "768P", 6)
    looks, late = figures(cold, lambda _: 300.0, percent=True)
    assert looks <= 12
    assert late <= 1.5


def test_fewer_looks_than_a_fixed_pace_of_the_same_lateness() -> None:
    spread = 0.2
    learnt = learn(prior("MiniMax-Hailuo-02", "768P", 6), durations(300, spread))
    looks, late = figures(learnt, lambda rng: rng.lognormvariate(math.log(300), spread))
    fixed = 300 / (2 * late)  # looks of a fixed pace whose median lateness is the same
    assert looks < 0.6 * fixed


def test_the_prior_gives_way_to_what_is_learnt() -> None:
    before = prior("MiniMax-Hailuo-02", "768P", 6)
    assert learn(before, []) == before
    one, three, twenty = (learn(before, durations(300, 0.05, count)) for count in (1, 3, 20))
    assert before.median < one.median < three.median
    assert three.median == pytest.approx(300, rel=0.1)
    assert before.spread > one.spread > three.spread
    assert before.doubt > one.doubt > three.doubt > twenty.doubt > 0


def test_hardly_anything_known_looks_early_and_ever_more_seldom() -> None:
    """A provider that is ten times as fast as thought is noticed, and one that tells its pace is
    heard soon."""
    cold = prior("MiniMax-Hailuo-02", "1080P", 10)
    ages = [0.0]
    for _ in range(4):
        ages.append(ages[-1] + next_poll(ages[-1], cold, random=middle))
    assert ages[:4] == [0, FIRST, 3 * FIRST, 9 * FIRST]
    known = learn(cold, durations(260, 0.1, 3))
    assert next_poll(0, known, random=middle) > 10 * FIRST


def test_a_task_far_beyond_the_usual_is_asked_about_ever_more_seldom() -> None:
    estimate = Estimate(60, 0.08, 0.02)
    assert estimate.latest < 80
    assert next_poll(400, estimate, random=middle) >= 30
    looks, _ = watch(estimate, 400, random.Random(1))
    assert looks < 80


def test_one_stuck_task_spoils_nothing() -> None:
    seconds = [*durations(100, 0.05, 10), 4000.0]
    assert learn(prior("MiniMax-Hailuo-02", "768P", 6), seconds).median == pytest.approx(
        100, rel=0.1
    )


def test_a_new_speed_of_the_provider_is_believed_after_five_tasks() -> None:
    seconds = [*durations(60, 0.05, 5), *durations(200, 0.05, 15)]  # newest first
    assert learn(prior("MiniMax-Hailuo-02", "768P", 6), seconds).median == pytest.approx(
        60, rel=0.1
    )


@pytest.mark.parametrize("age", [0.0, 1.0, 99.0, 100.0, 500.0, 1e5])
@pytest.mark.parametrize("spread", [0.03, 0.45, 1.5])
def test_waits_are_finite_and_bounded_at_every_age(age: float, spread: float) -> None:
    wait = next_poll(age, Estimate(100, spread, 0.02), random=middle)
    assert MIN_INTERVAL <= wait <= MAX_BACK_OFF * 1.1


@pytest.mark.parametrize("age", [-1.0, -3600.0, -1e9])
def test_a_clock_that_was_set_back_puts_no_poll_off(age: float) -> None:
    """It makes a task seem younger than new: it is polled as a new one, and not an hour later."""
    assert next_poll(age, STEADY, random=middle) == next_poll(0, STEADY, random=middle)


def test_the_hazard_is_the_rate_of_endings() -> None:
    """Compared with endings counted among drawn tasks."""
    law = Estimate(100, 0.4)
    rng = random.Random(2)
    drawn = [rng.lognormvariate(math.log(100), 0.4) for _ in range(60_000)]
    for age in (70.0, 100.0, 150.0):
        running = [value for value in drawn if value > age]
        ended = sum(value <= age + 2 for value in running)
        assert law.hazard(age + 1) == pytest.approx(ended / len(running) / 2, rel=0.1)


@pytest.mark.parametrize(
    ("percent", "eta", "left"),
    [
        (None, None, None),
        (50, None, 60.0),
        (50, 10, 10.0),
        (None, 7, 7.0),
        (0, 0, None),
        (3, None, None),
        (100, None, None),
    ],
)
def test_what_the_providers_numbers_say(
    percent: float | None, eta: float | None, left: float | None
) -> None:
    assert time_left(60, percent, eta) == left


def test_a_percentage_that_stands_still_is_not_believed_for_long() -> None:
    assert next_poll(1e6, STEADY, random=middle, left=time_left(1e6, 40, None)) <= 150


def test_missed_looks_back_off_to_a_limit() -> None:
    waits = [next_poll(50, STEADY, random=middle, missed=count) for count in range(1, 10)]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_BACK_OFF


@pytest.mark.parametrize(("told", "obeyed"), [(0, 1), (-5, 1), (30, 30), (1e9, 900)])
def test_retry_after_is_obeyed_within_reason(told: float, obeyed: float) -> None:
    assert next_poll(5, STEADY, random=middle, retry_after=told) == obeyed
    assert pause(1, random=middle, retry_after=told) == obeyed


def test_pauses_grow_with_jitter() -> None:
    assert pause(1, random=lambda: 0.0) == 2
    assert pause(1, random=lambda: 1.0) == 1
    assert pause(9, random=lambda: 0.0) == MAX_BACK_OFF


def test_more_to_make_takes_longer() -> None:
    short, long = prior("MiniMax-Hailuo-02", "768P", 6), prior("MiniMax-Hailuo-02", "768P", 10)
    assert short.median < long.median
    assert prior("MiniMax-Hailuo-02", "1080P", 6).median > short.median
