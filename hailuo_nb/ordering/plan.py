"""hn.plan: a sweep as a table, before it is paid. Needs no key and no ledger, and sends nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.errors import ArgumentError, TableError, VariantsError
from hailuo_nb.ordering import accounts, table_columns
from hailuo_nb.ordering.table import is_empty, is_table, to_pandas
from hailuo_nb.ordering.validation import format_nearest, join_messages, length_of
from hailuo_nb.prompts import camera as moves
from hailuo_nb.prompts.variants import expand
from hailuo_nb.providers.account import Account
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import Frame, frame_of
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference, references_of
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 5000
_MAX_STEP_LENGTH = 200  # characters of the moves of one bracket
COLUMNS = (*table_columns.COLUMNS, *table_columns.INFORMATION)
_OPTIONS_AT = COLUMNS.index("take")  # options are columns before it


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
    references: Any = (),
    take: int = 1,
    takes: int = 1,
    **options: Any,
) -> pd.DataFrame:
    """Returns the cross product of the arguments, one row per clip, for `hn.compare(table)`.

    Each argument but `take` and `takes` is a value or a list of values. Nothing is sent.

    prompt       text; `{dawn|dusk}` are two prompts, may be nested; `\\{` is a brace. Or a table
                 with a column `prompt` and columns of your own (`idea`, `batch`), which travel with
                 the clips
    camera       moves appended to the prompt, "" for none; "Push in,Pan left" is one bracket
    provider     names as in `hn.compare`; no key is needed. An account is entered by its name: pass
                 it to `hn.compare(table, provider=[...])` too
    model        MiniMax's names; None for each provider's default. A provider with a model
                 ("ppinfra/02") keeps it
    resolution, duration, first_frame, last_frame   as in `hn.generate`
    references   as in `hn.generate`: a list is one value, and a list of lists several
    takes        number of samples of each request, numbered from `take`
    options      options of the catalogue such as prompt_optimizer, as in `hn.generate`

    Columns: prompt, provider, model, resolution, duration (s), first_frame, last_frame, references,
    the given options, take; and for information: length (the seconds that a clip really has; NaN
    where that is the duration), cost (list price; NaN if unknown, 0 if it cannot be made), currency
    ("simulated CNY" of a stand-in, whose price is copied to rehearse a budget with), problem (None
    if it can be made), nearest (what can be made instead) and warning (e.g. an option without
    effect); your own stand last. Edit the table with pandas; `hn.dry_run(table)` also reads the
    ledger.

    Raises ArgumentError, TableError, VariantsError, UnknownNameError, FrameError.
    """
    import pandas as pd

    catalog.check_options(options)
    prompts = _prompts(prompt, camera)
    axes: list[Sequence[Any]] = [
        prompts,
        arguments.as_list("provider", accounts.expanded(provider), _provider_and_model),
        arguments.as_list("model", model, _model),
        arguments.as_list(
            "resolution", resolution, lambda name, one: catalog.parse_resolution(one, name)
        ),
        arguments.as_list(
            "duration", duration, lambda name, one: catalog.parse_duration(one, name)
        ),
        _frames("first_frame", first_frame),
        _frames("last_frame", last_frame),
        _references(references),
        arguments.as_take_range(take, takes),
        *(_option(name, given) for name, given in options.items()),
    ]
    rows = _product(axes, list(options))
    names = [*COLUMNS[:_OPTIONS_AT], *options, *COLUMNS[_OPTIONS_AT:]]
    own_names = dict.fromkeys(name for _, own in prompts for name in own)
    return pd.DataFrame(rows, columns=[*names, *own_names])


def _product(axes: Sequence[Sequence[Any]], options: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of the cross product, each clip once.

    axes  the values of each argument of `plan` in its order, then those of each of `options`

    Raises ArgumentError for more than `MAX_ROWS`, UnknownNameError.
    """
    count = prod(len(axis) for axis in axes)
    if count > MAX_ROWS:
        raise ArgumentError(
            f"prompt, provider, takes and the others come to {count:,} rows; at most {MAX_ROWS:,} "
            "are made in one plan"
        )
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for said, at, chosen, resolution, duration, first, last, given, take, *values in product(*axes):
        (text, own), (name, named) = said, at
        provider = ProviderRef.parse(name).provider
        model = catalog.resolve_model(provider, named or chosen, elsewhere=True)
        settings = dict(zip(options, values, strict=True))
        request = VideoRequest(
            text, model, resolution, duration, first[1], last[1], references=given[1]
        ).but(**settings)
        row = {
            **_row(name, request),
            "first_frame": first[0],
            "last_frame": last[0],
            "references": given[0],
            **settings,
            "take": take,
            **own,
        }
        rows.setdefault((name, request.fingerprint, take), row)
    return list(rows.values())


def _row(name: str, request: VideoRequest) -> dict[str, Any]:
    """Returns the columns of one request at a provider."""
    ref = ProviderRef.parse(name)
    problems = catalog.check(request, ref.provider)
    errors = [problem for problem in problems if problem.severity == "error"]
    price = prices.estimate_at(request, ref)
    free = bool(errors)
    return {
        "prompt": request.prompt,
        "provider": name,
        "model": request.model,
        "resolution": request.resolution,
        "duration": request.duration,
        "length": length_of(request, ref.provider),
        "cost": 0.0 if free else price.value,
        "currency": "" if free else price.currency,
        "problem": join_messages(errors),
        "nearest": format_nearest(errors[0]) or None if errors else None,
        "warning": join_messages(problem for problem in problems if problem.severity == "warning"),
    }


def _prompts(prompt: Any, camera: Any) -> list[tuple[str, OwnColumns]]:
    """Returns every prompt with every camera step, each once, with its own columns. Raises
    TableError for two rows that give the same prompt with different own columns."""
    expanded: list[tuple[str, str, OwnColumns]] = []
    for name, text, own in _rows_of(prompt) if is_table(prompt) else _texts_of(prompt):
        expanded += [(name, one, own) for one in _expand_named(name, text)]
        if len(expanded) > MAX_ROWS:  # before memory is full
            raise ArgumentError(
                f"prompt comes to more than {MAX_ROWS:,} texts; at most so many rows are made in "
                "one plan"
            )
    steps = arguments.as_list("camera", camera, _step)
    made: dict[str, tuple[str, OwnColumns]] = {}
    for name, text, own in expanded:
        for step in steps:
            prompt = moves.insert(text, *step)[0] if step else text
            before, kept = made.setdefault(prompt, (name, own))
            table_columns.check_same(kept, own, f"{before} and {name}")
    return [(text, own) for text, (_, own) in made.items()]


def _texts_of(prompt: Any) -> Iterator[tuple[str, str, OwnColumns]]:
    """(name in a message, prompt, no columns)."""
    texts = arguments.as_texts("prompt", prompt)
    for (name, _), text in zip(arguments.named_items("prompt", prompt), texts, strict=True):
        yield name, text, {}


def _rows_of(given: Any) -> Iterator[tuple[str, str, OwnColumns]]:
    """(row in a message, prompt, the person's own columns). Raises TableError."""
    table = to_pandas(given)
    table_columns.require_prompt(table.columns)
    beside = [name for name in table.columns if name in table_columns.known() and name != "prompt"]
    if beside:
        raise TableError(
            f"prompt is a table with {', '.join(beside)}: hn.compare takes such a one as it is; "
            "hn.plan takes prompts and columns of your own, and the others as arguments"
        )
    own = table_columns.own_names(table.columns, ("prompt",))
    for label, cells in zip(table.index, table.to_dict("records"), strict=True):
        row = f"row {arguments.format_label(label)}"
        filled = {str(name): value for name, value in cells.items() if not is_empty(value)}
        text = arguments.as_text(f"the prompt of {row}", cells["prompt"])
        yield row, text, table_columns.own_cells(filled, own, row)


def _expand_named(name: str, text: str) -> list[str]:
    try:
        return expand(text)
    except VariantsError as error:
        raise VariantsError(error.code, f"{name}: {error}", error.at) from None


def _step(name: str, given: Any) -> tuple[list[moves.Move], None, moves.Language] | None:
    """Returns the arguments of `camera.insert` for one bracket at the end; None for no move."""
    if given is None:
        return None
    inner = re.sub(
        r"^\s*[\[［【]|[\]］】]\s*$", "", arguments.as_text(name, given, _MAX_STEP_LENGTH)
    )
    names = [word for word in moves.split(inner) if word]
    try:
        found = [moves.move(word) for word in names]
    except ValueError as error:
        raise ArgumentError(
            f"{name}: {error}; several moves are written as 'Push in,Pan left'"
        ) from None
    chinese = any(move.chinese == word for move, word in zip(found, names, strict=True))
    return (found, None, "zh" if chinese else "en") if found else None


def _provider_and_model(name: str, given: Any) -> tuple[str, str | None]:
    """Returns provider name and model. Raises UnknownNameError, ArgumentError."""
    wanted = accounts.name_or_account(name, given)
    if isinstance(wanted, Account):
        return wanted.name, None
    ref = ProviderRef.parse(wanted)
    return accounts.full_name(ref.name), ref.model or None


def _option(name: str, given: Any) -> list[Any]:
    return arguments.as_list(
        name, given, lambda item, value: catalog.parse_option(name, value, item)
    )


def _model(name: str, given: Any) -> str | None:
    return None if given is None else arguments.as_text(name, given)


def _frames(name: str, given: Any) -> list[tuple[Any, Frame | None]]:
    """Returns each frame as its table value (a text as given) and opened; lists and tuples only."""
    values = (
        arguments.named_items(name, given) if isinstance(given, list | tuple) else [(name, given)]
    )
    return [_open_frame(*named) for named in values]


def _open_frame(name: str, given: Any) -> tuple[Any, Frame | None]:
    frame = frame_of(given, name)
    return given if isinstance(given, str) else frame, frame


def _references(given: Any) -> list[tuple[Any, tuple[Reference, ...]]]:
    """Returns each list of references as its table value (texts as given) and opened."""
    lists = isinstance(given, list | tuple) and any(isinstance(one, list | tuple) for one in given)
    values = arguments.named_items("references", given) if lists else [("references", given)]
    found = []
    for name, value in values:
        opened = references_of(value, name)
        shown = list(value) if isinstance(value, list | tuple) else [value]
        texts = all(isinstance(one, str) for one in shown)
        found.append(((shown if texts else list(opened)) if opened else None, opened))
    return found
