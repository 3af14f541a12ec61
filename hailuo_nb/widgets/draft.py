"""Draft: what stands in the studio at one moment; what is wrong with it and what it costs.

Pure. Must not know the widget, the page or the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hailuo_nb import camera, compat, pricing
from hailuo_nb.frame import Frame
from hailuo_nb.request import VideoRequest

SIMULATED = "simulated:"
OPTIONS = ("prompt_optimizer", "fast_pretreatment", "watermark")
MOST_TAKES = 20
# What one click can change: fields of a request whose nearest value the page can set by itself.
_MENDABLE = ("prompt", "model", "resolution", "duration", "first_frame", "last_frame", *OPTIONS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the studio at one moment.

    targets  ("simulated:ppinfra/MiniMax-Hailuo-02", ...), provider and model
    options  prompt_optimizer, fast_pretreatment, watermark; None leaves the provider's default
    takes    clips of each target
    """

    prompt: str = ""
    targets: tuple[str, ...] = ()
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    options: Mapping[str, bool | None] = field(default_factory=dict)
    takes: int = 1

    def requests(self) -> list[tuple[str, VideoRequest]]:
        """One request a target, in their order, with the name of its provider. Takes are not multiplied out."""
        return [(name, request) for name, request in map(self._request, self.targets)]

    def _request(self, target: str) -> tuple[str, VideoRequest]:
        name, _, model = target.partition("/")
        request = VideoRequest(
            prompt=self.prompt,
            model=model,
            resolution=self.resolution,
            duration=self.duration,
            first_frame=self.first_frame,
            last_frame=self.last_frame,
            **{name: self.options.get(name) for name in OPTIONS},
        )
        return name, request

    @classmethod
    def of(cls, given: Mapping[str, Any], first_frame: Frame | None, last_frame: Frame | None) -> Draft:
        """A draft from what the page sent. Raises ValueError or TypeError for what is no draft."""
        options = {name: given["options"].get(name) for name in OPTIONS}
        if any(value not in (True, False, None) for value in options.values()):
            raise ValueError(f"an option is true, false or null: {options}")
        return cls(
            prompt=str(given["prompt"]),
            targets=tuple(dict.fromkeys(str(target) for target in given["targets"])),
            resolution=str(given["resolution"]),
            duration=int(given["duration"]),
            first_frame=first_frame,
            last_frame=last_frame,
            options=options,
            takes=max(1, min(MOST_TAKES, int(given["takes"]))),
        )


def problems_of(draft: Draft) -> list[dict[str, Any]]:
    """What `compat.check` says about each target, with the change of the draft that would cure it, or None.

    Remarks on the camera commands are left out: the page makes them itself, at once and in the reader's language.
    """
    found = []
    camera_rules = {finding.rule for finding in camera.lint(draft.prompt)}
    for target, (name, request) in zip(draft.targets, draft.requests(), strict=True):
        for problem in _check(name, request):
            if problem.code in camera_rules:
                continue
            found.append(
                {
                    "target": target,
                    "field": problem.field,
                    "message": problem.message,
                    "severity": problem.severity,
                    "code": problem.code,
                    "changes": _cure(name, request, problem),
                }
            )
    return found


def _check(name: str, request: VideoRequest) -> list[compat.Problem]:
    try:
        return compat.check(request, name.removeprefix(SIMULATED))
    except compat.UnknownName as error:
        return [compat.Problem("model", str(error), "error", "unknown_name", None)]


def _cure(name: str, request: VideoRequest, problem: compat.Problem) -> dict[str, Any] | None:
    """The traits to set in the page; None where the page cannot help.

    `nearest` mends everything at once. One click mends one thing: the first single change that makes this problem go.
    """
    if problem.nearest is None:
        return None
    new = {field_name: getattr(problem.nearest, field_name) for field_name in _MENDABLE}
    changes = {
        field_name: value for field_name, value in new.items() if value != getattr(request, field_name)
    }
    for field_name in sorted(changes, key=lambda one: one != problem.field):
        rest = _check(name, request.but(**{field_name: changes[field_name]}))
        if problem.code not in {other.code for other in rest}:
            changes = {field_name: changes[field_name]}
            break
    if any(isinstance(value, Frame) for value in changes.values()):
        return None
    if "model" in changes:
        changes["target"] = f"{name}/{changes.pop('model')}"
    return changes or None


def plan_of(draft: Draft, existing: int) -> dict[str, Any]:
    """How many clips this draft asks for and what they cost by the list; a simulated clip costs nothing."""
    costs = []
    prices: list[pricing.Price] = []
    for target, (name, request) in zip(draft.targets, draft.requests(), strict=True):
        simulated = name.startswith(SIMULATED)
        text, detail = "free (simulated)", ""
        if not simulated:
            price = _price(request, name)
            prices += [price] * draft.takes
            text = price.text if draft.takes == 1 else f"{draft.takes} × {price.text}"
            detail = ", ".join(part for part in (price.date, price.source) if part)
        costs.append({"target": target, "text": text, "detail": detail, "simulated": simulated})
    known = any(price.amount is not None for price in prices)
    total = (
        pricing.total(prices) if known else "cost unknown" if prices else "free (simulated)" if costs else ""
    )
    return {"clips": len(draft.targets) * draft.takes, "costs": costs, "total": total, "existing": existing}


def _price(request: VideoRequest, provider: str) -> pricing.Price:
    try:
        return pricing.estimate(request, provider)
    except ValueError as error:  # the user's own price file cannot be read; say so instead of another price
        return pricing.Price(None, source=str(error))
