"""Every clip that a call of compare, chain or dry_run asks for, with its price or its problem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.engine import session
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.loop import wait
from hailuo_nb.errors import ArgumentError
from hailuo_nb.ordering import accounts, budget, table
from hailuo_nb.ordering.accounts import Providers, targets
from hailuo_nb.ordering.key_check import check_no_key
from hailuo_nb.ordering.validation import (
    Skipped,
    job_spec,
    length_of,
    remarks,
    validate,
)
from hailuo_nb.requests import arguments
from hailuo_nb.requests.frame import frame_of
from hailuo_nb.requests.reference import references_of
from hailuo_nb.requests.video_request import VideoRequest

if TYPE_CHECKING:
    import pandas as pd

Prompts: TypeAlias = "str | Sequence[str] | pd.DataFrame"
_TABLE_FILE = re.compile(r".+\.(?:csv|tsv|parquet|feather|xlsx?|jsonl?)\s*", re.IGNORECASE)


def one_of(provider: Providers | None, providers: Providers | None) -> Providers | None:
    """The providers by whichever name they were given. Raises ArgumentError for both."""
    if provider is not None and providers is not None:
        raise ArgumentError("provider and providers are two words for the same: give one of them")
    return provider if providers is None else providers


def within_limits(
    rows: Sequence[table.Row], max_cost: float | None, max_clips: int | None
) -> list[JobSpec]:
    """The clips that can be made, each once. Raises BudgetError where those of them that are new
    break a limit."""
    good = list({(row.clip.identity, row.clip.take): row.clip for row in rows if row.clip}.values())
    check_new(good, max_cost, max_clips)
    return good


def check_new(
    clips: Sequence[JobSpec], max_cost: float | None, max_clips: int | None = None
) -> None:
    """Raises BudgetError where those of the clips that the ledger has not break a limit."""
    if max_cost is not None or max_clips is not None:
        fresh = [(item.cost, item.currency) for item in clips if known_job(item) is None]
        budget.check(fresh, max_cost=max_cost, max_clips=max_clips)


def skipped_of(rows: Sequence[table.Row]) -> list[Skipped]:
    """What cannot be made, each once."""
    return list({row.skipped.id: row.skipped for row in rows if row.skipped}.values())


def dry_run_records(rows: Sequence[table.Row]) -> list[dict[str, Any]]:
    """What would be done with each row. A clip that a row before asks for is not sent again."""
    seen: set[tuple[str, int | None]] = set()
    records = []
    for row in rows:
        record = _dry_run_record(row)
        if row.clip is not None:
            if (clip := (row.clip.identity, row.clip.take)) in seen and record["would"] == "send":
                record |= {"would": "reuse", "cost": 0.0}
            seen.add(clip)
        records.append({**record, **row.own_columns})
    return records


def _dry_run_record(row: table.Row) -> dict[str, Any]:
    request, item, skipped = row.request, row.clip, row.skipped
    known = None if item is None else known_job(item)
    price = prices.Price(None) if item is None else prices.estimate_at(request, item.account.ref)
    return {
        "provider": item.account.name if item else skipped.provider if skipped else "",
        "model": request.model,
        "prompt": request.prompt,
        "resolution": request.resolution,
        "duration": request.duration,
        "length": length_of(request, item.account.provider.name if item else None),
        "take": row.take,
        "would": "refuse" if item is None else "reuse" if known else "send",
        "cost": 0.0 if item is None or known else item.cost,
        "currency": item.currency if item else "",
        "source": price.origin(date.today()),
        "job": known.id if known else None,
        "problem": skipped.error if skipped else None,
        "warning": None if item is None else " ".join(remarks(item)) or None,
    }


def _texts_of(prompt: Any) -> list[str]:
    """One prompt or several. Raises ArgumentError, also for what should be a table."""
    if isinstance(prompt, PurePath):
        raise _file(str(prompt))
    try:
        texts = arguments.as_texts("prompt", prompt)
    except ArgumentError as error:
        several = isinstance(prompt, list | tuple)
        if any(isinstance(one, Mapping) for one in (prompt if several else [prompt])):
            raise ArgumentError(
                f"{error}; a table is one of pandas: hn.compare(pandas.DataFrame(...))"
            ) from None
        raise
    for text in texts:
        if _TABLE_FILE.fullmatch(text):
            raise _file(text)
    return texts


def _file(name: str) -> ArgumentError:
    return ArgumentError(
        f"prompt is {arguments.describe(name)}, the name of a file: read it first, as in "
        "hn.compare(pandas.read_csv(...))"
    )


def rows_of(
    prompt: Prompts,
    provider: Providers | None,
    takes: Sequence[int],
    *,
    model: Any,
    resolution: Any,
    duration: Any,
    first_frame: Any,
    last_frame: Any,
    references: Any,
    options: Mapping[str, Any],
) -> list[table.Row]:
    """Every clip that is asked for, with its list price or with what stands against it.

    The one entrance of `compare`, `chain`, `dry_run` and `tune`: what is no prompt, no number or no
    provider is refused here, before anything is looked up or sent. `prompt` may be a table.
    """
    model = None if model is None else arguments.as_text("model", model)
    common: dict[str, Any] = {
        "resolution": catalog.parse_resolution(resolution),
        "duration": catalog.parse_duration(duration),
        "first_frame": frame_of(first_frame, "first_frame"),
        "last_frame": frame_of(last_frame, "last_frame"),
        "references": references_of(references),
        **catalog.parse_options(options),
    }
    if table.is_table(prompt):
        given = [] if provider is None else accounts.chosen(provider)
        rows = table.read(table.to_pandas(prompt), given, takes, {"model": model, **common})
    else:
        rows = _rows_of_prompts(prompt, provider, takes, model, common)
    check_no_key(rows)
    return rows


def _rows_of_prompts(
    prompt: Any,
    provider: Providers | None,
    takes: Sequence[int],
    model: str | None,
    common: Mapping[str, Any],
) -> list[table.Row]:
    """Every prompt at every provider, in every take; `common` has the other fields of all."""
    prompts = _texts_of(prompt)
    template = VideoRequest(prompt="", model="").but(**common)
    chosen = targets(provider, model)
    count = len(prompts) * len(chosen) * len(takes)
    if count > arguments.MAX_VALUES:
        raise ArgumentError(
            f"prompt, provider and takes come to {count:,} clips; at most "
            f"{arguments.MAX_VALUES:,} are asked for in one call"
        )
    wanted = [
        job_spec(target.account, template.but(prompt=text, model=target.model), number)
        for text in prompts
        for target in chosen
        for number in takes
    ]
    skipped = {skip.id: skip for skip in validate(wanted)[1]}
    rows = []
    for item in wanted:
        skip = skipped.get(Skipped.id_of(item.account.name, item.request))
        rows.append(table.Row(None, None if skip else item, skip, item.take))
    return rows


def known_job(item: JobSpec) -> JobRow | None:
    """The job that would answer, if this clip was asked for now and would not be sent."""
    assert item.take is not None
    return wait(session.runner().ledger.find(item.identities, item.take))
