"""Requests for the tests of the matrix."""

from __future__ import annotations

from hailuo_nb.catalog.compatibility import Problem, check
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest

FOUR = ("ppinfra", "modelverse", "chanjing", "xcompute")
"""The providers whose facts are typed once more in the tests; more may be there."""
H02, H23, FAST = "MiniMax-Hailuo-02", "MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast"
FIRST = Frame.of("https://pictures.example/first.png")
LAST = Frame.of("https://pictures.example/last.png")


def ask(model: str = H02, **changes: object) -> VideoRequest:
    return VideoRequest("a cat", model).but(**changes)


def errors(request: VideoRequest, provider: str) -> list[Problem]:
    return [problem for problem in check(request, provider) if problem.severity == "error"]


def warnings(request: VideoRequest, provider: str) -> list[Problem]:
    return [problem for problem in check(request, provider) if problem.severity == "warning"]


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]
