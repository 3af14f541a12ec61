"""What a studio's editor offers: providers, models and their options, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict

from hailuo_nb import catalog
from hailuo_nb.catalog.rows import Need, Sound
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.options import OptionValue


class OptionInfo(TypedDict):
    """An option of a model; no `values` mean any. `label` is by language, for where messages.json
    has none."""

    name: str
    label: dict[str, str]
    type: Literal["bool", "int", "float", "text"]
    values: list[OptionValue]
    minimum: float | None
    maximum: float | None


class ReferenceCounts(TypedDict):
    """How many references a model takes."""

    picture: int
    clip: int
    sound: int
    total: int


class ModelInfo(TypedDict):
    """A model; `prompt_limit` is in code points. Its formats are in the studio's `support`."""

    name: str
    default: bool
    first_frame: Need
    prompt_limit: int
    sound: Sound
    references: ReferenceCounts | None
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
    return {
        "name": model,
        "default": any(row.default for row in rows),
        "first_frame": _union([row.first_frame for row in rows]),
        "prompt_limit": min(row.prompt.limit for row in rows),
        "sound": max((row.sound for row in rows), key=("no", "optional", "always").index),
        "references": _references(rows),
        "options": _options(rows),
    }


def _references(rows: Sequence[catalog.Row]) -> ReferenceCounts | None:
    found = next((row.references for row in rows if row.references is not None), None)
    if found is None:
        return None
    return {
        "picture": found.count_of("picture"),
        "clip": found.count_of("clip"),
        "sound": found.count_of("sound"),
        "total": found.count,
    }


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


def _union(rules: Sequence[Need]) -> Need:
    return rules[0] if len(set(rules)) == 1 else "optional"
