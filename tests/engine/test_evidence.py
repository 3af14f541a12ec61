"""What an answer about a paid task proves: a row a test."""

from __future__ import annotations

from typing import get_args

import pytest

from hailuo_nb.engine.evidence import DAY, GRACE, Finding, Trail, link_is_gone, of_poll
from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers.base import Progress

NOW = 1_000_000.0
MADE = ("https://clips.invalid/a.mp4",)


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (Progress("t", "queued"), "running"),
        (Progress("t", "running"), "running"),
        (Progress("t", "succeeded", links=MADE), "ended"),
        (Progress("t", "succeeded"), "no_link"),
        (Progress("t", "failed"), "ended"),
        (Progress("t", "cancelled"), "ended"),
        (None, "no_task"),
        (ProviderError("auth", "invalid key", status=401), "refused"),
        (ProviderError("permission", "forbidden", status=403), "refused"),
        (ProviderError("balance", "arrears", status=402), "refused"),
        (ProviderError("rate", "slow down", status=429), "weather"),
        (ProviderError("server", "no answer"), "weather"),
        (ProviderError("server", "bad gateway", status=502), "weather"),
        (ProviderError("protocol", "<html>not found", status=404), "weather"),
        (ProviderError("protocol", "<html>gone", status=410), "weather"),
        (ProviderError("protocol", "<html>log in", status=200), "weather"),
        (ProviderError("invalid", "bad parameter", status=400), "weather"),
        (ProviderError("invalid", "not found", status=404), "weather"),
        (ProviderError("moderation", "sensitive", status=422), "weather"),
    ],
    ids=str,
)
def test_what_a_look_proves(answer: Progress | ProviderError | None, finding: Finding) -> None:
    assert of_poll(answer) == finding


def test_every_kind_of_error_has_a_row() -> None:
    assert {of_poll(ProviderError(kind, "")) for kind in get_args(ErrorKind)} == {
        "refused",
        "weather",
    }


def look(trail: Trail, *looks: tuple[Finding, float]) -> list[str]:
    return [trail.add(finding, NOW + at) for finding, at in looks]


def every(seconds: float, number: int, finding: Finding) -> list[tuple[Finding, float]]:
    return [(finding, seconds * index) for index in range(number)]


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        (every(60, 11, "no_task"), "lost"),
        (every(60, 10, "no_task"), "go_on"),  # nine minutes
        (every(0.1, 500, "no_task"), "go_on"),  # many looks in no time
        (
            [("no_task", 0), ("no_task", 9 * 3600)],
            "go_on",
        ),  # a machine that slept between two looks
        (every(60, 11, "refused"), "overdue"),
        (every(60, 10, "refused"), "go_on"),
        (every(60, 31, "no_link"), "overdue"),
        (every(60, 30, "no_link"), "go_on"),
        (every(60, 2, "unsure"), "ended"),
        (every(30, 2, "unsure"), "go_on"),
        ([("unsure", 0)], "go_on"),
        (every(60, 1440, "running"), "go_on"),
        (every(60, 1441, "running"), "overdue"),
        (every(60, 1440, "weather"), "go_on"),
        (every(60, 1441, "weather"), "overdue"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} x {value[0][0]}",
)
def test_how_long_it_must_last(looks: list[tuple[Finding, float]], verdict: str) -> None:
    *before, last = look(Trail(NOW, NOW), *looks)
    assert last == verdict
    assert set(before) <= {"go_on"}


def test_another_answer_breaks_the_row_and_weather_does_not() -> None:
    trail = Trail(NOW, NOW)
    assert look(trail, *every(60, 10, "no_task"), ("running", 590), ("no_task", 600))[-1] == "go_on"
    trail = Trail(NOW, NOW)
    assert look(trail, *every(60, 10, "no_task"), ("weather", 590), ("no_task", 600))[-1] == "lost"


def test_somebody_who_looks_again_is_not_told_at_once_that_it_is_overdue() -> None:
    trail = Trail(NOW - 3 * DAY, NOW)
    assert look(trail, ("running", 0), ("running", GRACE - 1), ("running", GRACE)) == [
        "go_on",
        "go_on",
        "overdue",
    ]
    assert Trail(NOW - 3 * DAY, NOW - GRACE).add("ended", NOW) == "go_on"


def test_a_clock_that_runs_fast_is_scaled() -> None:
    assert look(Trail(NOW, NOW, scale=0.01), *every(0.6, 11, "no_task"))[-1] == "lost"
    assert look(Trail(NOW, NOW, scale=0.01), *every(0.6, 1441, "running"))[-1] == "overdue"


@pytest.mark.parametrize(
    ("expires_at", "gone"),
    [(None, False), (NOW + 1, False), (NOW, True), (NOW - 1, True), (0.0, True)],
)
def test_only_a_stated_expiry_ends_a_link(expires_at: float | None, gone: bool) -> None:
    assert link_is_gone(expires_at, NOW) is gone
