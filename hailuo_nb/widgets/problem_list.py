"""The one list of problems that the page shows: the same fault at several targets is one of them,
with one cure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from hailuo_nb.ordering.problem_values import Values
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.wire import FITTED

Severity = Literal["error", "warning", "note"]
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

_FILES = {"first_frame", "last_frame", "references"}
LEAVE_OUT: Mapping[str, Any] = {"model": None}
"""The cure that takes its targets out of the draft."""


class ProblemText(TypedDict):
    """`values` are for the words of the problem's code, the titles of all it is about among them;
    `message` is English, for a page without words for it."""

    values: Values
    message: str


class ProblemInfo(TypedDict):
    """One problem as the page gets it, and its one cure.

    targets   those that have it; [] where the draft has it without any
    severity  "error": these targets are not sent; "warning": sent all the same; "note": to know
              only, and in the support grid only
    texts     one for each wording: most often one
    changes   the cure: page traits and options to set. A frame: None takes it away, "fitted"
              makes it smaller; references: None takes them away, "fitted" keeps those that are
              taken; `model` goes in the place of that of `targets`, None leaves these out. None
              where one click cannot help
    """

    targets: list[str]
    field: str
    severity: Severity
    code: str
    texts: list[ProblemText]
    changes: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TargetProblem:
    """One problem of one target.

    repair  fields and options of the request that cure it, with their new values; None where
            nothing does
    """

    target: str
    field: str
    severity: Severity
    code: str
    message: str
    values: Values
    repair: Mapping[str, Any] | None = None


Fails = Callable[[str, Mapping[str, Any]], bool]
"""Whether a target could not be sent with these fields changed."""


def grouped(
    found: Iterable[TargetProblem], targets: Sequence[str], fails: Fails
) -> list[ProblemInfo]:
    """Problems with the same code and cure as one, errors first.

    targets  all that are chosen
    A cure must not stop a target that can be sent, nor take a file away from it: leaving out is
    the cure then, and where there is no other, as long as anything remains.
    """
    found = list(found)
    wrong = with_errors(found)
    fine = [target for target in targets if target not in wrong]
    harm: dict[str, bool] = {}

    def harms(repair: Mapping[str, Any], key: str) -> bool:
        """Whether targets that can be sent lose by it."""
        shared = {name: value for name, value in repair.items() if name != "model"}
        if key not in harm:
            gone = {name for name, value in shared.items() if value is None or value == ()}
            failing = (fails(target, shared) for target in fine)
            harm[key] = bool(gone & _FILES) or (bool(shared) and any(failing))
        return harm[key]

    groups: dict[tuple[str, ...], tuple[list[TargetProblem], dict[str, Any] | None]] = {}
    for one in found:
        changes = _changes(one.repair)
        key = repr(changes)
        stops = one.severity == "error" and bool(one.target and fine)
        if stops and (one.repair is None or harms(one.repair, key)):
            changes, key = dict(LEAVE_OUT), ""
        groups.setdefault((one.severity, one.code, one.field, key), ([], changes))[0].append(one)
    shown = [_info(group, changes) for group, changes in groups.values()]
    return sorted(shown, key=lambda one: _SEVERITIES.index(one["severity"]))


def with_errors(found: Iterable[TargetProblem]) -> set[str]:
    """The targets that cannot be sent; "" among them where the draft itself cannot."""
    return {one.target for one in found if one.severity == "error"}


def _changes(repair: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if repair is None:
        return None
    return {name: _for_the_page(name, value) for name, value in repair.items()}


def _for_the_page(name: str, value: Any) -> Any:
    if name == "references":
        return FITTED if value else None
    return FITTED if isinstance(value, Frame) else value


def _info(group: list[TargetProblem], changes: dict[str, Any] | None) -> ProblemInfo:
    first = group[0]
    targets = dict.fromkeys(one.target for one in group if one.target)
    return {
        "targets": list(targets),
        "field": first.field,
        "severity": first.severity,
        "code": first.code,
        "texts": _texts(group),
        "changes": changes,
    }


def _texts(group: Iterable[TargetProblem]) -> list[ProblemText]:
    """One text for all that differ in their providers' titles only."""
    alike: dict[tuple[object, ...], list[TargetProblem]] = {}
    for one in group:
        rest = tuple((name, value) for name, value in one.values.items() if name != "title")
        alike.setdefault(rest or (one.message,) * (not one.values), []).append(one)
    return [_text(same) for same in alike.values()]


def _text(same: list[TargetProblem]) -> ProblemText:
    values = dict(same[0].values)
    if "title" in values:
        values["title"] = ", ".join(dict.fromkeys(str(one.values["title"]) for one in same))
    message = " ".join(dict.fromkeys(one.message for one in same))
    return {"values": values, "message": message}
