"""One file a provider, `NAME.py` (with `_` for `-`), each written from that provider's page alone.

Another package brings one through the entry point group `hailuo_nb.simulators`, by the provider's
name: a class that has the shape of `common.Dialect`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint
from pkgutil import iter_modules
from typing import Any

from hailuo_nb.requests.entry_points import SIMULATORS, load
from hailuo_nb.simulator.dialects.common import Dialect


def all_dialects() -> tuple[Dialect, ...]:
    """Fresh dialects: those of this folder, then those of other packages. What cannot be loaded of
    another package is left out."""
    names = [module.name for module in iter_modules(__path__) if module.name[0] != "_"]
    names.remove("common")
    own = {name: _own(name) for name in names}
    return (*own.values(), *load(SIMULATORS, own, _read).working.values())


def _own(name: str) -> Dialect:
    module = import_module(f"{__name__}.{name}")
    classes = (one for one in vars(module).values() if isinstance(one, type))
    provider = name.replace("_", "-")
    dialect: Dialect = next(one for one in classes if getattr(one, "name", None) == provider)()
    return dialect


def _read(entry: EntryPoint, dialect: Any) -> Dialect:
    found: Dialect = dialect()
    if found.name != entry.name:
        raise ValueError(f"its dialect calls itself {found.name!r}")
    found.endpoints()
    return found
