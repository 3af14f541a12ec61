"""What is wrong with a draft, and the one click that fixes it; whether it may be sent.

A problem is a code with values, which the page words in the reader's language. The English message
is for a page that has no words for the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.errors import UnknownNameError, VariantsError
from hailuo_nb.ordering.problem_values import values_of
from hailuo_nb.prompts import camera
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import Draft, option_names
from hailuo_nb.widgets.draft_plan import Limits, make_plan
from hailuo_nb.widgets.problem_list import ProblemInfo, TargetProblem, grouped, with_errors

# Fields of a request whose nearest accepted value the page can set with one click.
_FIXABLE = (
    "prompt", "model", "resolution", "duration", "first_frame", "last_frame", "references",
)  # fmt: skip


def find_problems(draft: Draft) -> list[ProblemInfo]:
    """The problems that `catalog.check` finds at each target, as the page shows them.

    Findings on camera commands are left out: `camera_notes` has them, with their places. Of the
    prompts of a sweep the longest and the shortest are checked: nothing but its length can make a
    provider refuse a prompt.
    """
    return list_problems(draft)[0]


def list_problems(draft: Draft) -> tuple[list[ProblemInfo], set[str]]:
    """`find_problems`, and the targets that cannot be sent; "" among them where the draft itself
    cannot."""
    try:
        prompts = draft.prompts()
    except VariantsError as error:
        code, values = f"variants_{error.code}", {"at": error.at + 1}
        slip = TargetProblem("", "prompt", "error", code, str(error), {**values})
        return grouped([slip], draft.targets, lambda _target, _repair: False), {""}
    checked = list(
        dict.fromkeys([max(prompts, key=len), min(prompts, key=lambda text: len(text.strip()))])
    )
    found: dict[tuple[str, str, str], TargetProblem] = {}
    for target in draft.targets:
        for prompt in checked:
            camera_rules = {finding.rule for finding in camera.lint(prompt)}
            for one in problems_at(draft, target, prompt, sweep=len(prompts) > 1):
                if one.code not in camera_rules:
                    key = (target, one.field, f"{one.code} {one.values.get('at', '')}")
                    found.setdefault(key, one)

    def fails(target: str, repair: Mapping[str, Any]) -> bool:
        requests = (draft.request(target, prompt) for prompt in checked)
        return any(has_error(name, request.but(**repair)) for name, request in requests)

    problems = list(found.values())
    return grouped(problems, draft.targets, fails), with_errors(problems)


def problems_at(
    draft: Draft, target: str, prompt: str, *, sweep: bool = False
) -> list[TargetProblem]:
    """What `catalog.check` says of one clip of a draft. sweep  it is one of several prompts"""
    name, request = draft.request(target, prompt)
    plain = ProviderRef.parse(name).provider
    return [
        TargetProblem(
            target,
            one.field,
            one.severity,
            one.code,
            one.message,
            values_of(one, request, plain),
            _repair(name, request, one, sweep=sweep),
        )
        for one in _check(name, request)
    ]


def has_error(name: str, request: VideoRequest) -> bool:
    """Whether this provider refuses the request."""
    return any(problem.severity == "error" for problem in _check(name, request))


def _check(name: str, request: VideoRequest) -> list[catalog.Problem]:
    plain = ProviderRef.parse(name).provider
    try:
        if plain not in catalog.providers():
            raise catalog.unknown_provider(name)
        return catalog.check(request, plain)
    except UnknownNameError as error:
        return [catalog.Problem("model", str(error), "error", "unknown_name", None)]


def _repair(
    name: str, request: VideoRequest, problem: catalog.Problem, *, sweep: bool
) -> dict[str, Any] | None:
    """The fields and options to change; None where one click cannot help.

    `nearest` repairs everything at once. One click repairs one thing: the first single change that
    removes this problem.
    """
    if problem.nearest is None:
        return None
    fixable = (*_FIXABLE, *option_names())
    new = {field_name: problem.nearest.get(field_name) for field_name in fixable}
    changes = {
        field_name: value for field_name, value in new.items() if value != request.get(field_name)
    }
    for field_name in sorted(changes, key=lambda one: one != problem.field):
        rest = _check(name, request.but(**{field_name: changes[field_name]}))
        if problem.code not in {other.code for other in rest}:
            changes = {field_name: changes[field_name]}
            break
    if sweep and "prompt" in changes:  # the text that makes all prompts cannot be one of them
        return None
    return changes or None


def reason_not_to_send(draft: Draft, limits: Limits) -> str:
    """Why this draft must not be sent: no target, a problem that is an error, a limit; "" if it may
    be sent."""
    if not draft.targets:
        return "Choose at least one provider."
    errors = [problem for problem in find_problems(draft) if problem["severity"] == "error"]
    if errors:
        return " ".join(map(_in_words, errors))
    limit = make_plan(draft, 0, limits=limits)["limit"]
    return limit["message"] if limit and limit["over"] else ""


def _in_words(problem: ProblemInfo) -> str:
    messages = " ".join(text["message"] for text in problem["texts"])
    return f"{', '.join(problem['targets'])}: {messages}" if problem["targets"] else messages


def fitted_frame(draft: Draft, name: str) -> Frame | None:
    """The frame of that name (first_frame, last_frame), made smaller where a target refuses its
    size."""
    frame: Frame | None = getattr(draft, name)
    for target in draft.targets:
        # Without a prompt nothing has a nearest accepted request.
        provider, request = draft.request(target, draft.prompt or "a")
        for problem in _check(provider, request.but(**{name: frame})):
            if problem.code.startswith("picture_") and problem.nearest is not None:
                frame = getattr(problem.nearest, name)
    return frame


def taken_references(draft: Draft) -> tuple[Reference, ...]:
    """The references of a draft that every target takes that takes any, pictures made smaller where
    that helps."""
    found = draft.references
    for target in draft.targets:
        provider, request = draft.request(target, draft.prompt or "a")
        problems = _check(provider, request.but(references=found))
        wrong = [one.nearest for one in problems if one.field == "references"]
        found = next((one.references for one in wrong if one and one.references), found)
    return found
