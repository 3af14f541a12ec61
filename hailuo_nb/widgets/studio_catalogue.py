"""What a studio's editor offers: providers, models, formats, frames and options, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from hailuo_nb import catalog
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.options import OptionValue


class OptionInfo(TypedDict):
    """An option of a model: `type` is "bool", "int", "float" or "text"; no `values` mean any."""

    name: str
    type: str
    values: list[OptionValue]
    minimum: float | None
    maximum: float | None


class CellInfo(TypedDict):
    """A format that is sold; `sent_as` where the provider sells another resolution under that name,
    else ""."""

    resolution: str
    duration: int
    assumed: bool
    sent_as: str


class ModelInfo(TypedDict):
    """A model; its frames are "no", "optional" or "required", `prompt_limit` is in code points."""

    name: str
    default: bool
    first_frame: str
    last_frame: str
    cells: list[CellInfo]
    prompt_limit: int
    options: list[OptionInfo]


class ProviderInfo(TypedDict):
    """A provider, "simulated:ppinfra" or "ppinfra"; `key_variables` are what a stand-in needs to
    become the real one."""

    name: str
    title: str
    simulated: bool
    key_variables: list[str]
    models: list[ModelInfo]


def entries(accounts: Iterable[Account]) -> list[ProviderInfo]:
    """What the catalogue has for these accounts."""
    return [
        {
            "name": account.name,
            "title": account.provider.title,
            "simulated": account.simulated,
            "key_variables": list(account.provider.key_variables) if account.simulated else [],
            "models": [
                _model(account.provider.name, model)
                for model in catalog.models(account.provider.name)
            ],
        }
        for account in accounts
    ]


def _model(provider: str, model: str) -> ModelInfo:
    """One model: the union of its endpoints (PPInfra sells 2.3 with and without a first frame as
    two)."""
    rows = [row for row in catalog.rows() if row.provider == provider and row.model == model]
    cells = {(cell.resolution, cell.duration): cell for row in rows for cell in row.cells}
    return {
        "name": model,
        "default": any(row.default for row in rows),
        "first_frame": _union([row.first_frame for row in rows]),
        "last_frame": _union([row.last_frame for row in rows]),
        "cells": [
            {
                "resolution": cell.resolution,
                "duration": cell.duration,
                "assumed": cell.assumed,
                "sent_as": "" if _same_size(cell) else str(cell.sent_as),
            }
            for cell in cells.values()
        ],
        "prompt_limit": min(row.prompt.limit for row in rows),
        "options": _options(rows),
    }


def _options(rows: Sequence[catalog.Row]) -> list[OptionInfo]:
    """What the page needs of each option that does something at one of these rows."""
    found = {
        name: option
        for row in rows
        for name, option in row.options.items()
        if option.state == "works"
    }
    return [
        {
            "name": name,
            "type": option.type,
            "values": list(option.values),
            "minimum": option.minimum,
            "maximum": option.maximum,
        }
        for name, option in sorted(found.items())
    ]


def _same_size(cell: catalog.Cell) -> bool:
    """Whether the provider's word means the same picture: "768p" does, 720 does not."""
    return str(cell.sent_as).upper().removesuffix("P") == cell.resolution.removesuffix("P")


def _union(rules: Sequence[str]) -> str:
    return rules[0] if len(set(rules)) == 1 else "optional"
