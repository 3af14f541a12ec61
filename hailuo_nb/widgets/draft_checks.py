"""What is wrong with a draft, and the one click that fixes it; whether it may be sent.

A problem is a code with values, which the page words in the reader's language. The English message
is for a page that has no words for the code.
"""

from __future__ import annotations

from typing import Any, TypedDict

from hailuo_nb import catalog
from hailuo_nb.errors import UnknownNameError, VariantsError
from hailuo_nb.prompts import camera
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.draft import Draft, option_names
from hailuo_nb.widgets.draft_plan import Limits, make_plan
from hailuo_nb.widgets.problem_values import Values, values_of
from hailuo_nb.widgets.wire import FITTED

# Fields of a request whose nearest accepted value the page can set with one click.
_FIXABLE = (
    "prompt", "model", "resolution", "duration", "first_frame", "last_frame", "references",
)  # fmt: skip


class ProblemInfo(TypedDict):
    """A problem as the page gets it.

    target   "simulated:ppinfra/MiniMax-Hailuo-02"; "" for all
    values   for the words of `code`
    changes  the page's traits to set: a frame None to take it away, "fitted" to make it smaller;
             references None to take them away, "fitted" for those that are taken; `target` stands
             for another model; None where one click cannot help
    """

    target: str
    field: str
    message: str
    severity: str
    code: str
    values: Values
    changes: dict[str, Any] | None


def find_problems(draft: Draft) -> list[ProblemInfo]:
    """The problems that `catalog.check` finds at each target.

    Findings on camera commands are left out: `camera_notes` has them, with their places. Of the
    prompts of a sweep the longest and the shortest are checked: nothing but its length can make a
    provider refuse a prompt.
    """
    try:
        prompts = draft.prompts()
    except VariantsError as error:
        problem = catalog.Problem("prompt", str(error), "error", f"variants_{error.code}")
        return [_info("", problem, {"at": error.at + 1}, None)]
    checked = list(
        dict.fromkeys([max(prompts, key=len), min(prompts, key=lambda text: len(text.strip()))])
    )
    found: dict[tuple[str, str, str], ProblemInfo] = {}
    for target in draft.targets:
        for prompt in checked:
            name, request = draft.request(target, prompt)
            camera_rules = {finding.rule for finding in camera.lint(prompt)}
            for problem in _check(name, request):
                if problem.code not in camera_rules:
                    fix = _fix(name, request, problem, sweep=len(prompts) > 1)
                    values = values_of(problem, request, ProviderRef.parse(name).provider)
                    at = values.get("at", "")
                    key = (target, problem.field, f"{problem.code} {at}")
                    found.setdefault(key, _info(target, problem, values, fix))
    return list(found.values())


def _info(
    target: str, problem: catalog.Problem, values: Values, changes: dict[str, Any] | None
) -> ProblemInfo:
    return {
        "target": target,
        "field": problem.field,
        "message": problem.message,
        "severity": problem.severity,
        "code": problem.code,
        "values": values,
        "changes": changes,
    }


def _check(name: str, request: VideoRequest) -> list[catalog.Problem]:
    plain = ProviderRef.parse(name).provider
    try:
        if plain not in catalog.providers():
            raise catalog.unknown_provider(name)
        return catalog.check(request, plain)
    except UnknownNameError as error:
        return [catalog.Problem("model", str(error), "error", "unknown_name", None)]


def _fix(
    name: str, request: VideoRequest, problem: catalog.Problem, *, sweep: bool
) -> dict[str, Any] | None:
    """The traits to set in the page; None where one click cannot help.

    `nearest` fixes everything at once. One click fixes one thing: the first single change that
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
    changes = {name: _for_the_page(name, value) for name, value in changes.items()}
    if sweep and "prompt" in changes:  # the text that makes all prompts cannot be one of them
        return None
    if "model" in changes:
        changes["target"] = str(ProviderRef.parse(name).with_model(changes.pop("model")))
    return changes or None


def _for_the_page(name: str, value: Any) -> Any:
    if name == "references":
        return FITTED if value else None
    return FITTED if isinstance(value, Frame) else value


def reason_not_to_send(draft: Draft, limits: Limits) -> str:
    """Why this draft must not be sent: no target, a problem that is an error, a limit; "" if it may
    be sent."""
    if not draft.targets:
        return "Choose at least one provider."
    errors = [problem for problem in find_problems(draft) if problem["severity"] == "error"]
    if errors:
        return " ".join(f"{problem['target']}: {problem['message']}" for problem in errors)
    limit = make_plan(draft, 0, limits=limits)["limit"]
    return limit["message"] if limit and limit["over"] else ""


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
