"""Prints what a plan would do and cost, or refuses it, before anything is sent."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from hailuo_nb import api
from hailuo_nb.catalog.prices import MADE_UP
from hailuo_nb.cli.terminal import records, say, say_json, say_table
from hailuo_nb.errors import BudgetError, InvalidRequestError
from hailuo_nb.ordering.budget import totals
from hailuo_nb.requests.provider_ref import ProviderRef

_MAX_PROBLEMS = 20  # lines
_SHOWN = (
    "provider", "model", "prompt", "resolution", "duration", "take", "would", "cost", "currency",
    "problem", "warning",
)  # fmt: skip


def without_limits(table: pd.DataFrame, arguments: dict[str, Any]) -> pd.DataFrame:
    """Returns the table of `hn.dry_run`, whatever the plan costs."""
    return api.dry_run(table, **{**arguments, "max_cost": None, "max_clips": None})


def require_makeable(planned: pd.DataFrame, *, skip_invalid: bool) -> None:
    """Raises InvalidRequestError if no clip can be made, or one cannot and is not to be skipped."""
    refused = planned[planned["would"] == "refuse"]
    if not len(refused) or (skip_invalid and len(refused) < len(planned)):
        return
    lines = [f"- {row['problem']} ({row['provider']})" for row in refused.to_dict("records")]
    more = len(lines) - _MAX_PROBLEMS
    lines = lines[:_MAX_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
    hint = "" if len(refused) == len(planned) else " --skip-invalid leaves them out."
    head = f"{len(refused)} of {clips(len(planned))} cannot be made. Nothing was sent.{hint}"
    raise InvalidRequestError("\n".join([head, *lines]), [])


def has_limit(arguments: dict[str, Any]) -> bool:
    return arguments["max_cost"] is not None or arguments["max_clips"] is not None


def require_limits(planned: pd.DataFrame, table: pd.DataFrame, arguments: dict[str, Any]) -> None:
    """Raises BudgetError where the plan breaks a limit, and where clips would be paid and none was
    given."""
    if not has_limit(arguments):
        _require_consent(planned)
        return
    try:
        api.dry_run(table, **arguments)
    except BudgetError as error:
        if error.code != "unpriced":
            raise
        sent = planned[planned["would"] == "send"]
        raise BudgetError(
            f"of {error.values['unknown']} of {len(sent)} clips no price is known, so --max-cost "
            f"cannot be kept. Nothing was sent. Name your prices in a file (HAILUO_NB_PRICES), or "
            f"limit the number in its place: --max-clips {len(sent)}"
        ) from None


def _require_consent(planned: pd.DataFrame) -> None:
    sent = planned[planned["would"] == "send"]
    paid = sent[[not ProviderRef.parse(name).simulated for name in sent["provider"]]]
    if not len(paid):
        return
    unknown = bool(paid["cost"].isna().any())
    sums = totals(_costs(paid))
    limit = f"--max-cost {math.ceil(max(sums.values(), default=0.0) * 100 - 1e-6) / 100:.2f}"
    raise BudgetError(
        f"{clips(len(paid))} of this plan would be paid: {price_of(paid)}. Say what it may cost"
        f"{' in each currency' if len(sums) > 1 else ''}: "
        f"{f'--max-clips {len(paid)}' if unknown else limit}. Nothing was sent."
    )


def clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"


def _costs(rows: pd.DataFrame) -> list[tuple[float | None, str]]:
    return [
        (None if pd.isna(cost) else float(cost), str(currency))
        for cost, currency in zip(rows["cost"], rows["currency"], strict=True)
    ]


def price_of(rows: pd.DataFrame) -> str:
    """ "2.10 CNY, 0.50 USD, 1 of unknown price"."""
    said = [f"{amount:.2f} {currency}" for currency, amount in totals(_costs(rows)).items()]
    unknown = int(rows["cost"].isna().sum())
    return ", ".join([*said, *([f"{unknown} of unknown price"] if unknown else [])]) or "free"


def print_plan(planned: pd.DataFrame, *, as_json: bool) -> None:
    """Prints what would be sent, as a table or as JSON."""
    sent = planned[planned["would"] == "send"]
    if as_json:
        cost = totals(_costs(sent))
        say_json({"plan": records(planned), "would_send": len(sent), "cost": cost})
        return
    shown = planned[[name for name in _SHOWN if name in planned.columns]]
    say_table(shown.loc[:, [bool(shown[name].notna().any()) for name in shown]])
    say(f"{clips(len(planned))}: {len(sent)} would be sent ({price_of(sent)}).")
    made_up = dict.fromkeys(sent[sent["source"] == MADE_UP]["provider"])
    if made_up:
        say(f"The price of {', '.join(made_up)} is made up: no page states one.")
