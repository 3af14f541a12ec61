"""What is worth knowing about the camera moves of a request before it is sent; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hailuo_nb.catalog.rows import Row
from hailuo_nb.prompts import camera
from hailuo_nb.requests.video_request import VideoRequest

ADVICE = frozenset(("optimizer_with_moves", "many_steps"))
"""Codes of what can be done better; nothing of the request is lost."""
SECONDS_A_STEP = 2
"""Less than this for each step, and moves run into each other."""

_OPTIMIZER = "prompt_optimizer"
# Where prose is wanted, a bracket of other words is the page's own ("[Shot 2]").
_NOT_OF_PROSE = frozenset(("bare_move", "plain_bracket"))


@dataclass(frozen=True, slots=True)
class Remark:
    """`field` of the request that it is about, a word for programs, one sentence, and the request
    without it, if that can be said."""

    field: str
    code: str
    message: str
    repaired: VideoRequest | None


def suits(finding: camera.Finding, dialect: camera.Dialect) -> bool:
    """Whether a finding is one for a model that takes moves in this dialect."""
    return dialect != "prose" or finding.rule not in _NOT_OF_PROSE


def remarks(request: VideoRequest, row: Row, prompt: str) -> Iterator[Remark]:
    """Yields what is odd about the moves of `prompt`, the part of the request's that can be
    sent."""
    for finding in camera.lint(prompt):
        if not suits(finding, row.camera.dialect):
            continue
        repaired = None
        if finding.replacement is not None:
            written = prompt[: finding.start] + finding.replacement + prompt[finding.end :]
            repaired = request.but(prompt=written)
        yield Remark("prompt", finding.rule, finding.message, repaired)
    steps = camera.parse(prompt)
    yield from _many(request, prompt, steps)
    if any(not step.prose for step in steps):
        yield from _rewritten(request, row)


def _many(request: VideoRequest, prompt: str, steps: list[camera.Step]) -> Iterator[Remark]:
    seconds = request.duration
    if type(seconds) is not int or len(steps) * SECONDS_A_STEP <= seconds:
        return
    most = max(1, seconds // SECONDS_A_STEP)
    if len(steps) <= most:
        return
    message = (
        f"{len(steps)} camera steps in {seconds} s leave {seconds / len(steps):.1f} s for each; "
        f"{most} have time to be seen."
    )
    shorter = None
    if not any(step.prose for step in steps):
        shorter = request.but(prompt=camera.first_steps(prompt, most))
    yield Remark("prompt", "many_steps", message, shorter)


def _rewritten(request: VideoRequest, row: Row) -> Iterator[Remark]:
    """Brackets, where the provider rewrites prompts unless it is asked not to."""
    option = row.options.get(_OPTIMIZER)
    if option is None or option.state != "works" or option.default is not True:
        return
    if request.options.get(_OPTIMIZER) is None:
        message = (
            f"{row.title} rewrites prompts unless {_OPTIMIZER} is off, and can lose camera moves "
            "then."
        )
        repaired = request.but(**{_OPTIMIZER: False})
        yield Remark(_OPTIMIZER, "optimizer_with_moves", message, repaired)
