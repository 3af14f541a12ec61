"""When to ask next: pure arithmetic."""

from __future__ import annotations

import pytest

from hailuo_nb.engine.schedule import FASTEST, GIVE_REST, SLOWEST, expected_seconds, next_look, pause


def middle() -> float:
    return 0.5  # no jitter


def looks(total: float, expected: float) -> list[float]:
    """The times of the looks at a task that takes `total` seconds; the last one sees its end."""
    at = [next_look(0, expected, random=middle)]
    while at[-1] < total:
        at.append(at[-1] + next_look(at[-1], expected, random=middle))
    return at


def test_the_first_look_waits_for_most_of_what_is_expected() -> None:
    assert next_look(0, 100, random=middle) == 60


def test_a_long_task_costs_few_looks() -> None:
    times = looks(300, 100)
    assert len(times) <= 40
    assert times[-1] - 300 <= SLOWEST


def test_the_providers_hint_leads() -> None:
    assert next_look(0, 100, random=middle, eta=10) == 6
    assert next_look(0, 100, random=middle, eta=0.5) == FASTEST
    assert next_look(0, 100, random=middle, eta=600) == SLOWEST


def test_missed_looks_back_off_to_a_limit() -> None:
    waits = [next_look(50, 100, random=middle, missed=count) for count in range(1, 10)]
    assert waits == sorted(waits)
    assert waits[-1] == GIVE_REST


@pytest.mark.parametrize(("told", "obeyed"), [(0, 1), (-5, 1), (30, 30), (1e9, 900)])
def test_retry_after_is_obeyed_within_reason(told: float, obeyed: float) -> None:
    assert next_look(5, 100, random=middle, retry_after=told) == obeyed
    assert pause(1, random=middle, retry_after=told) == obeyed


def test_pauses_grow_with_jitter() -> None:
    assert pause(1, random=lambda: 0.0) == 2
    assert pause(1, random=lambda: 1.0) == 1
    assert pause(9, random=lambda: 0.0) == GIVE_REST


def test_more_to_make_takes_longer() -> None:
    short, long = (
        expected_seconds("MiniMax-Hailuo-02", "768P", 6),
        expected_seconds("MiniMax-Hailuo-02", "768P", 10),
    )
    assert short < long
    assert expected_seconds("MiniMax-Hailuo-02", "1080P", 6) > short
