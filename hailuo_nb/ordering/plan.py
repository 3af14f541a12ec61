"""hn.plan: a sweep as a table, to be looked at, cut and edited before a cent is spent.

Pure but for pandas and for opening the frames: matrix and prices alone, no key, no ledger, nothing
is sent. (Not named `plan.py`: a module of that name would take the place of the function
`hailuo_nb.plan`.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.errors import ArgumentError, FrameError, VariantsError
from hailuo_nb.ordering import accounts
from hailuo_nb.ordering.table import is_table
from hailuo_nb.ordering.validation import in_one_line, nearest_in_words
from hailuo_nb.prompts import camera as moves
from hailuo_nb.prompts.variants import expand
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 5000
_LONGEST_STEP = 200  # characters of the moves of one bracket
COLUMNS = (
    "prompt", "provider", "model", "resolution", "duration", "first_frame", "last_frame", "take",
    "cost", "currency", "problem", "nearest", "warning",
)  # fmt: skip
_BESIDE = COLUMNS.index("take")  # where the columns of options stand


def plan(
    prompt: Any,
    *,
    provider: Any,
    camera: Any = "",
    model: Any = None,
    resolution: Any = "768P",
    duration: Any = 6,
    first_frame: Any = None,
    last_frame: Any = None,
    take: int = 1,
    takes: int = 1,
    **options: Any,
) -> pd.DataFrame:
    """The cross product of everything given, one row a clip, for `hn.compare(table)`. Sends
    nothing.

    Each argument but `take` and `takes` is one value or a list of them.

    prompt       text; `{dawn|dusk}` in it stands for two prompts, nested if need be, `\\{` for a
                 brace
    camera       moves put at the end of the prompt, "" for none: "Push in"; "Push in,Pan left" are
                 one bracket
    provider     names as in `hn.compare`, a key is not needed; what `hn.provider(...)` returned
                 stands by its name: pass it to `hn.compare(table, provider=[...])` too
    model        MiniMax's names; None for each provider's default. A name with a model
                 ("ppinfra/02") keeps that one
    resolution, duration, first_frame, last_frame   as in `hn.generate`
    takes        how many samples of each, numbered from `take`
    options      prompt_optimizer and whatever other option the catalogue has, as in `hn.generate`

    Columns: prompt, provider, model, resolution, duration (s), first_frame, last_frame, the options
    that were given, take; and
    for people: cost (list price; NaN where nobody knows it, 0 for what cannot be made), currency,
    problem (None where it can be made), nearest (what can be made instead) and warning (what is
    sent all the same: a bracket that is no camera move, a switch that has no effect; None for
    nothing). Cut or edit the table with pandas; `hn.dry_run(table)` looks into the ledger too.

    Raises ArgumentError, VariantsError, UnknownNameError, FrameError.
    """
    import pandas as pd

    catalog.check_options(options)
    axes: list[Sequence[Any]] = [
        _prompts(prompt, camera),
        arguments.as_list("provider", provider, _named),
        arguments.as_list("model", model, _model),
        arguments.as_list(
            "resolution", resolution, lambda name, one: catalog.parse_resolution(one, name)
        ),
        arguments.as_list(
            "duration", duration, lambda name, one: catalog.parse_duration(one, name)
        ),
        _frames("first_frame", first_frame),
        _frames("last_frame", last_frame),
        arguments.as_take_range(take, takes),
        *(_option(name, given) for name, given in options.items()),
    ]
    count = prod(len(axis) for axis in axes)
    if count > MAX_ROWS:
        raise ArgumentError(
            f"prompt, provider, takes and the others come to {count:,} rows; at most {MAX_ROWS:,} "
            "are made in one plan"
        )
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for text, at, chosen, size, length, first, last, number, *values in product(*axes):
        name, named = at
        model = catalog.resolve_model(
            ProviderRef.parse(name).provider, named or chosen, elsewhere=True
        )
        settings = dict(zip(options, values, strict=True))
        request = VideoRequest(text, model, size, length, first[1], last[1]).but(**settings)
        row = {
            **_row(name, request),
            "first_frame": first[0],
            "last_frame": last[0],
            **settings,
            "take": number,
        }
        rows.setdefault((name, request.fingerprint, number), row)
    return pd.DataFrame(
        list(rows.values()), columns=[*COLUMNS[:_BESIDE], *options, *COLUMNS[_BESIDE:]]
    )


def _row(name: str, request: VideoRequest) -> dict[str, Any]:
    """What a request is, what it costs at this provider, and what is to be said about it."""
    ref = ProviderRef.parse(name)
    problems = catalog.check(request, ref.provider)
    errors = [problem for problem in problems if problem.severity == "error"]
    price = prices.estimate(request, ref.provider)
    cost = None if price.amount is None else float(price.amount)
    free = ref.simulated or bool(errors)
    return {
        "prompt": request.prompt,
        "provider": name,
        "model": request.model,
        "resolution": request.resolution,
        "duration": request.duration,
        "cost": 0.0 if free else cost,
        "currency": "" if free else price.currency,
        "problem": in_one_line(errors),
        "nearest": nearest_in_words(errors[0]) or None if errors else None,
        "warning": in_one_line(problem for problem in problems if problem.severity == "warning"),
    }


def _prompts(prompt: Any, camera: Any) -> list[str]:
    """Every prompt with every step of the camera."""
    if is_table(prompt):
        raise ArgumentError(
            "prompt is a table: hn.compare takes it as it is, and hn.plan makes one of prompts"
        )
    texts = arguments.as_texts("prompt", prompt)
    written: list[str] = []
    for (name, _), text in zip(arguments.named_items("prompt", prompt), texts, strict=True):
        written += _expanded(name, text)
        if len(written) > MAX_ROWS:  # before they fill the memory
            raise ArgumentError(
                f"prompt comes to more than {MAX_ROWS:,} texts; at most so many rows are made in "
                "one plan"
            )
    steps = arguments.as_list("camera", camera, _step)
    made = [moves.insert(text, *step)[0] if step else text for text in written for step in steps]
    return list(dict.fromkeys(made))


def _expanded(name: str, text: str) -> list[str]:
    try:
        return expand(text)
    except VariantsError as error:
        raise VariantsError(error.code, f"{name}: {error}", error.at) from None


def _step(name: str, given: Any) -> tuple[list[moves.Move], None, moves.Language] | None:
    """What `camera.insert` needs for one bracket at the end; None for no camera move."""
    if given is None:
        return None
    inner = re.sub(r"^\s*[\[［【]|[\]］】]\s*$", "", arguments.as_text(name, given, _LONGEST_STEP))
    names = [word.strip() for word in re.split("[,，、]", inner) if word.strip()]
    try:
        found = [moves.move(word) for word in names]
    except ValueError as error:
        raise ArgumentError(
            f"{name}: {error}; several moves are written as 'Push in,Pan left'"
        ) from None
    chinese = any(move.chinese == word for move, word in zip(found, names, strict=True))
    return (found, None, "zh" if chinese else "en") if found else None


def _named(name: str, given: Any) -> tuple[str, str | None]:
    """A provider's name and the model behind it. Raises UnknownNameError, ArgumentError."""
    wanted = accounts.name_or_account(name, given)
    if isinstance(wanted, Account):
        return wanted.name, None
    ref = ProviderRef.parse(wanted)
    return accounts.full_name(ref.name), ref.model or None


def _option(name: str, given: Any) -> list[Any]:
    return arguments.as_list(name, given, lambda shown, one: catalog.parse_option(name, one, shown))


def _model(name: str, given: Any) -> str | None:
    return None if given is None else arguments.as_text(name, given)


def _frames(name: str, given: Any) -> list[tuple[Any, Frame | None]]:
    """Each frame as it stands in the table, a text as it was given, and opened. Only a list or
    tuple is several."""
    values = (
        arguments.named_items(name, given) if isinstance(given, list | tuple) else [(name, given)]
    )
    return [_opened(*named) for named in values]


def _opened(name: str, given: Any) -> tuple[Any, Frame | None]:
    try:
        frame = None if given is None else Frame.of(given)
    except FrameError as error:
        raise FrameError(f"{name}: {error}") from None
    return given if isinstance(given, str) else frame, frame
