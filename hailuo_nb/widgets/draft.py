"""Draft: what stands in the studio at one moment; what is wrong with it and what it costs.

Pure. Must not know the widget, the page or the engine. What is said is said as a code with values,
so that the page words it in the reader's language; an English sentence goes with it for a page that
has no words for a code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hailuo_nb import catalog
from hailuo_nb.catalog import prices as pricing
from hailuo_nb.errors import ArgumentError, BudgetError, UnknownNameError, VariantsError
from hailuo_nb.ordering import budget
from hailuo_nb.prompts import camera
from hailuo_nb.prompts.variants import expand
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.widgets.problem_values import Values, values_of

FITTED = "fitted"
"""What a change says in place of a smaller picture: the page asks for it with `frame_fit`, see
`Draft.fitted`."""
OPTIONS = ("prompt_optimizer", "fast_pretreatment", "watermark")
MAX_TAKES = 20
MAX_SHOWN_VARIANTS = 50
"""Prompts of a sweep that the page lists; there may be more."""
_FAR = 10**6  # whatever number the page sends is told what is wrong with it
# What one click can change: fields of a request whose nearest value the page can set by itself.
_MENDABLE = ("prompt", "model", "resolution", "duration", "first_frame", "last_frame", *OPTIONS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the studio at one moment.

    prompt   as it was written; `{dawn|dusk}` in it makes two prompts, see `prompts`
    targets  ("simulated:ppinfra/MiniMax-Hailuo-02", ...), provider and model
    options  prompt_optimizer, fast_pretreatment, watermark; None leaves the provider's default
    takes    clips of each target and prompt
    """

    prompt: str = ""
    targets: tuple[str, ...] = ()
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    options: Mapping[str, bool | None] = field(default_factory=dict)
    takes: int = 1

    def prompts(self) -> list[str]:
        """Every prompt that is sent. Raises VariantsError where they are too many."""
        return expand(self.prompt)

    def requests(self) -> list[tuple[str, VideoRequest]]:
        """One request for each prompt and target, with the name of its provider. Takes are not
        multiplied out.

        Raises VariantsError where the prompts are too many.
        """
        return [
            self.request(target, prompt) for prompt in self.prompts() for target in self.targets
        ]

    def request(self, target: str, prompt: str) -> tuple[str, VideoRequest]:
        """What is asked of one target, with the name of its provider."""
        ref = ProviderRef.parse(target)
        request = VideoRequest(
            prompt=prompt,
            model=ref.model,
            resolution=self.resolution,
            duration=self.duration,
            first_frame=self.first_frame,
            last_frame=self.last_frame,
            **{name: self.options.get(name) for name in OPTIONS},
        )
        return ref.name, request

    def fitted(self, name: str) -> Frame | None:
        """The frame of that name (first_frame, last_frame), smaller where a target does not take it
        as it is."""
        frame: Frame | None = getattr(self, name)
        for target in self.targets:
            provider, request = self.request(
                target, self.prompt or "a"
            )  # nothing is mended without a prompt
            for problem in _check(provider, request.but(**{name: frame})):
                if problem.code.startswith("picture_") and problem.nearest is not None:
                    frame = getattr(problem.nearest, name)
        return frame

    @classmethod
    def of(
        cls, given: Mapping[str, Any], first_frame: Frame | None, last_frame: Frame | None
    ) -> Draft:
        """A draft from what the page sent. Raises ArgumentError, KeyError or AttributeError for
        what is no draft.

        Half an emoji and a prompt that is too long are no error here: `find_problems` says so while
        it stands there.
        """
        if not isinstance(given["prompt"], str):
            raise ArgumentError(
                f"prompt is {arguments.describe(given['prompt'])}, which is no text"
            )
        return cls(
            prompt=given["prompt"],
            targets=tuple(
                dict.fromkeys(arguments.as_text("targets", target) for target in given["targets"])
            ),
            resolution=arguments.as_text("resolution", given["resolution"]),
            duration=arguments.as_int("duration", given["duration"], -_FAR, _FAR),
            first_frame=first_frame,
            last_frame=last_frame,
            options={name: arguments.as_bool(name, given["options"].get(name)) for name in OPTIONS},
            takes=max(1, min(MAX_TAKES, arguments.as_int("takes", given["takes"], -_FAR, _FAR))),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be asked for here in all: `max_cost` in each currency, `max_clips`; `used` counts
    already."""

    max_cost: float | None = None
    max_clips: int | None = None
    used: budget.Costs = ()


def escape_braces(prompt: str) -> str:
    """What has to stand in the editor so that exactly this prompt is sent."""
    try:
        if expand(prompt) == [prompt]:
            return prompt
    except VariantsError:
        pass
    return re.sub(r"([{}|\\])", r"\\\1", prompt)


# Problems -----------------------------------------------------------------------------------------


def find_problems(draft: Draft) -> list[dict[str, Any]]:
    """What `catalog.check` says about each target, with the change of the draft that would cure it,
    or None.

    Remarks on the camera commands are left out: the page makes them itself, at once and in the
    reader's language. Of the prompts of a sweep the longest and the shortest speak for all: nothing
    else in a prompt can be refused.
    """
    try:
        prompts = draft.prompts()
    except VariantsError as error:
        told = catalog.Problem("prompt", str(error), "error", f"variants_{error.code}")
        return [_plain("", told, {"at": error.at + 1}, None)]
    judged = list(
        dict.fromkeys([max(prompts, key=len), min(prompts, key=lambda text: len(text.strip()))])
    )
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for target in draft.targets:
        for prompt in judged:
            name, request = draft.request(target, prompt)
            camera_rules = {finding.rule for finding in camera.lint(prompt)}
            for problem in _check(name, request):
                if problem.code not in camera_rules:
                    cure = _cure(name, request, problem, sweep=len(prompts) > 1)
                    values = values_of(problem, request, ProviderRef.parse(name).provider)
                    key = (target, problem.field, problem.code)
                    found.setdefault(key, _plain(target, problem, values, cure))
    return list(found.values())


def _plain(target: str, problem: catalog.Problem, values: Values, changes: Any) -> dict[str, Any]:
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


def _cure(
    name: str, request: VideoRequest, problem: catalog.Problem, *, sweep: bool
) -> dict[str, Any] | None:
    """The traits to set in the page; None where the page cannot help.

    `nearest` mends everything at once. One click mends one thing: the first single change that
    makes this problem go.
    """
    if problem.nearest is None:
        return None
    new = {field_name: getattr(problem.nearest, field_name) for field_name in _MENDABLE}
    changes = {
        field_name: value
        for field_name, value in new.items()
        if value != getattr(request, field_name)
    }
    for field_name in sorted(changes, key=lambda one: one != problem.field):
        rest = _check(name, request.but(**{field_name: changes[field_name]}))
        if problem.code not in {other.code for other in rest}:
            changes = {field_name: changes[field_name]}
            break
    changes = {
        name: FITTED if isinstance(value, Frame) else value for name, value in changes.items()
    }
    if (
        sweep and "prompt" in changes
    ):  # one prompt of many cannot take the place of what makes them all
        return None
    if "model" in changes:
        changes["target"] = str(ProviderRef.parse(name).with_model(changes.pop("model")))
    return changes or None


# What it comes to ---------------------------------------------------------------------------------


def make_plan(
    draft: Draft, existing: int, *, limits: Limits | None = None, spent: budget.Costs = ()
) -> dict[str, Any]:
    """How many clips this draft asks for and what they cost by the list; a simulated clip costs
    nothing.

    existing  takes of these clips that there are already
    spent     what the ledger has paid for so far, for the reader to know
    """
    limits = limits or Limits()
    try:
        prompts = draft.prompts()
    except VariantsError:
        prompts = []
    costs, prices = [], []
    for target in draft.targets:
        name, request = draft.request(target, prompts[0] if prompts else "")
        simulated = ProviderRef.parse(name).simulated
        price = pricing.Price(None) if simulated else _price(request, name)
        count = draft.takes * len(prompts)
        if not simulated:
            prices += [price] * count
        costs.append(
            {
                "target": target,
                "simulated": simulated,
                "count": count,
                "each": "" if price.amount is None else price.text,
                "sum": ""
                if price.amount is None
                else pricing.total([price] * count)
                if count
                else price.text,
                "date": price.date,
                "source": price.source,
            }
        )
    clips = len(draft.targets) * len(prompts) * draft.takes
    return {
        "clips": clips,
        "variants": len(prompts),
        "prompts": prompts[:MAX_SHOWN_VARIANTS] if len(prompts) > 1 else [],
        "costs": costs,
        "total": _sums(prices),
        "existing": existing,
        "spent": {"clips": len(spent), **_sums(_as_prices(spent))} if spent else None,
        "limit": _limit(limits, clip_costs(draft) if prompts else []),
    }


def clip_costs(draft: Draft) -> list[tuple[float | None, str]]:
    """What each clip of a draft costs by the list. Raises VariantsError where the prompts are too
    many."""
    costs: list[tuple[float | None, str]] = []
    prompts = draft.prompts()
    for target in draft.targets:
        name, request = draft.request(target, prompts[0])
        price = (
            pricing.Price(Decimal(0))
            if ProviderRef.parse(name).simulated
            else _price(request, name)
        )
        one = (None if price.amount is None else float(price.amount), price.currency)
        costs += [one] * len(prompts) * draft.takes
    return costs


def _limit(limits: Limits, costs: budget.Costs) -> dict[str, Any] | None:
    """The limits of this studio, what counts against them, and which of them would be broken:
    `over` is a code."""
    if limits.max_cost is None and limits.max_clips is None:
        return None
    over, message = "", ""
    for code, given in (
        ("clips", {"max_clips": limits.max_clips}),
        ("cost", {"max_cost": limits.max_cost}),
    ):
        try:
            budget.check(costs, spent=limits.used, **given)
        except BudgetError as error:
            unknown = code == "cost" and any(cost is None for cost, _ in costs)
            over, message = "unknown" if unknown else code, str(error)
            break
    return {
        "max_cost": limits.max_cost,
        "max_clips": limits.max_clips,
        "used": len(limits.used),
        "used_cost": _sums(_as_prices(limits.used))["money"],
        "over": over,
        "message": message,
    }


def _sums(prices: Sequence[pricing.Price]) -> dict[str, Any]:
    """{money: "¥4.00 + $0.28" or "", unknown: how many prices nobody knows}."""
    known = [price for price in prices if price.amount is not None]
    return {"money": pricing.total(known) if known else "", "unknown": len(prices) - len(known)}


def _as_prices(costs: budget.Costs) -> list[pricing.Price]:
    """Paid clips as prices; free ones are left out."""
    return [
        pricing.Price(None if cost is None else Decimal(str(cost)), currency)
        for cost, currency in costs
        if cost is None or cost > 0
    ]


def _price(request: VideoRequest, provider: str) -> pricing.Price:
    try:
        return pricing.estimate(request, provider)
    except (
        ValueError
    ) as error:  # the user's own price file cannot be read; say so instead of another price
        return pricing.Price(None, source=str(error))
