"""hn.plan: a sweep as a table, to be looked at, cut and edited before a cent is spent.

Pure but for pandas and for opening the frames: matrix and prices alone, no key, no ledger, nothing is sent. (Not named
`plan.py`: a module of that name would take the place of the function `hailuo_nb.plan`.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from hailuo_nb import camera as moves
from hailuo_nb import compat, pricing
from hailuo_nb.asking import nearest_in_words
from hailuo_nb.engine.transport import SIMULATED, Access
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.request import VideoRequest, parse_resolution
from hailuo_nb.sheet import resolved, seconds
from hailuo_nb.told import ToldError
from hailuo_nb.variants import VariantsError, expand

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 5000
COLUMNS = (
    "prompt", "provider", "model", "resolution", "duration", "first_frame", "last_frame", "take",
    "cost", "currency", "problem", "nearest",
)  # fmt: skip


class PlanError(ToldError, ValueError):
    """The plan cannot be made as it was asked for; the message names the argument."""


def plan(
    prompt: Any, *, provider: Any, camera: Any = "", model: Any = None, resolution: Any = "768P", duration: Any = 6,
    first_frame: Any = None, last_frame: Any = None, take: int = 1, takes: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """The cross product of everything given, one row a clip, for `hn.compare(table)`. Sends nothing.

    Each argument but `take` and `takes` is one value or a list of them.

    prompt       text; `{dawn|dusk}` in it stands for two prompts, nested if need be, `\\{` for a brace
    camera       moves put at the end of the prompt, "" for none: "Push in"; "Push in,Pan left" are one bracket
    provider     names as in `hn.compare`, a key is not needed; what `hn.provider(...)` returned stands by its name:
                 pass it to `hn.compare(table, provider=[...])` too
    model        MiniMax's names; None for each provider's default. A name with a model ("ppinfra/02") keeps that one
    resolution, duration, first_frame, last_frame   as in `hn.generate`
    takes        how many samples of each, numbered from `take`

    Columns: prompt, provider, model, resolution, duration (s), first_frame, last_frame, take; and for people: cost
    (list price; NaN where nobody knows it, 0 for what cannot be made), currency, problem (None where it can be made)
    and nearest (what can be made instead). Cut or edit the table with pandas; `hn.dry_run(table)` looks into the
    ledger too.

    Raises PlanError, VariantsError, UnknownName, FrameError, and ValueError for a resolution or duration that is none.
    """
    import pandas as pd

    if take < 1 or takes < 1:
        raise PlanError("take and takes count from 1")
    axes: list[Sequence[Any]] = [
        _prompts(prompt, camera),
        [_named(one) for one in _many("provider", provider)],
        _many("model", model),
        [parse_resolution(one) for one in _many("resolution", resolution)],
        [seconds(one) for one in _many("duration", duration)],
        _frames("first_frame", first_frame),
        _frames("last_frame", last_frame),
        range(take, take + takes),
    ]
    count = prod(len(axis) for axis in axes)
    if count > MOST_ROWS:
        raise PlanError(f"this would be {count:,} rows; at most {MOST_ROWS:,} are made. Plan it in parts.")
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for text, at, chosen, size, length, first, last, number in product(*axes):
        name, named = at
        request = VideoRequest(
            text, resolved(name.removeprefix(SIMULATED), named or chosen), size, length, first[1], last[1]
        )
        row = {**_row(name, request), "first_frame": first[0], "last_frame": last[0], "take": number}
        rows.setdefault((name, request.fingerprint, number), row)
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS))


def _row(name: str, request: VideoRequest) -> dict[str, Any]:
    """What a request is, what it costs at this provider, and what stands against it."""
    provider = name.removeprefix(SIMULATED)
    errors = [problem for problem in compat.check(request, provider) if problem.severity == "error"]
    price = pricing.estimate(request, provider)
    cost = None if price.amount is None else float(price.amount)
    free = name.startswith(SIMULATED) or bool(errors)
    return {
        "prompt": request.prompt, "provider": name, "model": request.model, "resolution": request.resolution,
        "duration": request.duration, "cost": 0.0 if free else cost, "currency": "" if free else price.currency,
        "problem": " ".join(problem.message for problem in errors) or None,
        "nearest": nearest_in_words(errors[0]) or None if errors else None,
    }  # fmt: skip


def _many(name: str, given: Any) -> list[Any]:
    """One value as a list of one; lists, tuples, ranges, sets and columns as their values. Raises PlanError."""
    single = given is None or isinstance(given, str | bytes | Access) or not isinstance(given, Iterable)
    values = [given] if single else list(given)
    if not values:
        raise PlanError(f"{name} is an empty list, so there is nothing to plan")
    return values


def _prompts(prompt: Any, camera: Any) -> list[str]:
    """Every prompt with every step of the camera."""
    written = []
    for number, text in enumerate(_many("prompt", prompt), 1):
        if not isinstance(text, str):
            raise PlanError(f"prompt {text!r} is no text")
        try:
            written += expand(text)
        except VariantsError as error:
            raise VariantsError(error.code, f"prompt {number}: {error}", error.at) from None
    steps = [_step(one) for one in _many("camera", camera)]
    made = [moves.insert(text, *step)[0] if step else text for text in written for step in steps]
    return list(dict.fromkeys(made))


def _step(given: Any) -> tuple[list[moves.Move], None, moves.Language] | None:
    """What `camera.insert` needs for one bracket at the end; None for no camera move."""
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise PlanError(f"camera {given!r} is no text; write several moves as 'Push in,Pan left'")
    inner = re.sub(r"^\s*[\[［【]|[\]］】]\s*$", "", given)
    names = [name.strip() for name in re.split("[,，、]", inner) if name.strip()]
    try:
        found = [moves.move(name) for name in names]
    except ValueError as error:
        raise PlanError(f"camera: {error}") from None
    chinese = any(move.chinese == name for move, name in zip(found, names, strict=True))
    return (found, None, "zh" if chinese else "en") if found else None


def _named(given: Any) -> tuple[str, str | None]:
    """A provider's name and the model behind it. Raises UnknownName, PlanError."""
    if isinstance(given, Access):
        return given.name, None
    if not isinstance(given, str):
        raise PlanError(f"provider {given!r} is no name")
    name, _, model = given.strip().partition("/")
    compat.models(name.removeprefix(SIMULATED))
    return name, model or None


def _frames(name: str, given: Any) -> list[tuple[Any, Frame | None]]:
    """Each frame as it stands in the table, a text as it was given, and opened. Only a list or tuple is several."""
    values = list(given) if isinstance(given, list | tuple) else [given]
    if not values:
        raise PlanError(f"{name} is an empty list, so there is nothing to plan")
    try:
        opened = [None if value is None else Frame.of(value) for value in values]
    except FrameError as error:
        raise FrameError(f"{name}: {error}") from None
    return [
        (value if isinstance(value, str) else frame, frame)
        for value, frame in zip(values, opened, strict=True)
    ]
