"""The providers of other installed packages: adapter class and catalogue, checked when asked for.

A package declares `[project.entry-points."hailuo_nb.providers"]` with `NAME = "MODULE:CLASS"`; its
`catalog.json` stands in the folder of that module.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hailuo_nb.catalog.rows import Row, option_types, own, parse
from hailuo_nb.errors import CatalogError
from hailuo_nb.requests.entry_points import PROVIDERS, Plugins, load

# What is read of an adapter beside its methods: `providers.base.Provider` says what each is.
_FIELDS: Mapping[str, type] = {
    "name": str,
    "title": str,
    "base_url": str,
    "hosts": frozenset,
    "key_variables": tuple,
    "batch_size": int,
}
_METHODS = ("auth", "submit", "poll")


@dataclass(frozen=True, slots=True)
class Installed:
    """One provider of another package.

    adapter  its class, called without arguments
    rows     what it sells
    folder   where its adapter and its catalogue are
    """

    adapter: Any
    rows: tuple[Row, ...]
    folder: Path


@cache
def installed() -> Plugins[Installed]:
    """Every provider of another package that is installed here."""
    return load(PROVIDERS, list(own()), _read)


def _read(entry: EntryPoint, adapter: Any) -> Installed:
    _check(entry.name, adapter())
    file = sys.modules[entry.module].__file__
    if file is None:
        raise ValueError(f"{entry.module} is no file, so there is no catalog.json beside it")
    folder = Path(file).parent
    try:
        content = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogError(f"its catalog.json is no JSON: {error}") from None
    rows = parse(content)
    if rows[0].provider != entry.name:
        raise CatalogError(f"its catalog.json is about {rows[0].provider!r}")
    ours = tuple(row for of_one in own().values() for row in of_one)
    _check_models(ours, rows)
    for name, kinds in option_types((*ours, *rows)).items():
        if len(kinds) > 1:
            raise CatalogError(f"its option {name} has another type than that of other providers")
    return Installed(adapter, rows, folder)


def _check_models(ours: Iterable[Row], rows: Iterable[Row]) -> None:
    """Raises CatalogError for another spelling of a model that we have: it would be another one."""
    from hailuo_nb.catalog.names import fold

    known = {fold(row.model): row.model for row in ours}
    for at, row in enumerate(rows):
        if (name := known.get(fold(row.model), row.model)) != row.model:
            raise CatalogError(
                f"rows[{at}].model: write {name} for {row.model}; endpoint has the provider's name"
            )


def _check(name: str, adapter: Any) -> None:
    """Raises what is wrong with an adapter: a key must not go to a host that it does not name."""
    for field, kind in _FIELDS.items():
        if not isinstance(getattr(adapter, field, None), kind):
            raise TypeError(f"its adapter has no {field} ({kind.__name__})")
    missing = [method for method in _METHODS if not callable(getattr(adapter, method, None))]
    if missing:
        raise TypeError(f"its adapter has no {' and no '.join(missing)}")
    address = urlsplit(adapter.base_url)
    if address.scheme != "https" or address.hostname not in adapter.hosts:
        raise ValueError("the base_url of its adapter is not https at one of its hosts")
    if adapter.name != name:
        raise ValueError(f"its adapter calls itself {adapter.name!r}")
    if not 1 <= len(adapter.key_variables) <= 2:
        raise ValueError("its adapter has neither one nor two key_variables")
