"""What a studio's editor offers: providers, models, formats, frames and options, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from hailuo_nb import catalog
from hailuo_nb.catalog.rows import DurationRange, Format
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.options import OptionValue
from hailuo_nb.requests.reference import KINDS


class OptionInfo(TypedDict):
    """An option of a model: `type` is "bool", "int", "float" or "text"; no `values` mean any.
    `label` is by language, for where messages.json has none."""

    name: str
    label: dict[str, str]
    type: str
    values: list[OptionValue]
    minimum: float | None
    maximum: float | None


class CellInfo(TypedDict):
    """A format that is sold; `sent_as` where the provider sells another resolution under that name,
    else "". `ranged` where any duration between two is sold; `length` (s) and `frames` where a clip
    has others than were asked for."""

    resolution: str
    duration: int
    assumed: bool
    sent_as: str
    ranged: bool
    length: float | None
    frames: int | None


class ModelInfo(TypedDict):
    """A model; its frames are "no", "optional" or "required", its sound "no", "optional" or
    "always", `prompt_limit` is in code points. `references` says how many are taken by their kind
    and in "total"; null for none."""

    name: str
    default: bool
    first_frame: str
    last_frame: str
    cells: list[CellInfo]
    prompt_limit: int
    sound: str
    references: dict[str, int] | None
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
    cells = {
        (cell.resolution, cell.duration): _cell(cell, one)
        for row in rows
        for one in row.formats
        for cell in one.cells()
    }
    return {
        "name": model,
        "default": any(row.default for row in rows),
        "first_frame": _union([row.first_frame for row in rows]),
        "last_frame": _union([row.last_frame for row in rows]),
        "cells": list(cells.values()),
        "prompt_limit": min(row.prompt.limit for row in rows),
        "sound": max((row.sound for row in rows), key=("no", "optional", "always").index),
        "references": _references(rows),
        "options": _options(rows),
    }


def _cell(cell: catalog.Cell, one: Format) -> CellInfo:
    span = one.durations if isinstance(one.durations, DurationRange) else None
    length = None if cell.length is None else round(cell.length, 2)
    grid = span.grid if span else None
    return {
        "resolution": cell.resolution,
        "duration": cell.duration,
        "assumed": cell.assumed,
        "sent_as": "" if _same_size(cell) else str(cell.sent_as),
        "ranged": span is not None,
        "length": length,
        "frames": None if grid is None or length is None else round(length * grid.fps),
    }


def _references(rows: Sequence[catalog.Row]) -> dict[str, int] | None:
    found = next((row.references for row in rows if row.references is not None), None)
    if found is None:
        return None
    return {**{kind: found.count_of(kind) for kind in KINDS}, "total": found.count}


def _options(rows: Sequence[catalog.Row]) -> list[OptionInfo]:
    """What the page needs of each option that does something at one of these rows; ratio and sound
    among them, where they can be chosen."""
    found = {
        name: option
        for row in rows
        for name, option in row.options.items()
        if option.state == "works" and not option.essential
    }
    if any(row.ratios for row in rows):
        found["ratio"] = catalog.settings()["ratio"]
    if any(row.sound == "optional" for row in rows):
        found["sound"] = catalog.settings()["sound"]
    return [
        {
            "name": name,
            "label": {"en": name.replace("_", " ").capitalize(), **option.label},
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
