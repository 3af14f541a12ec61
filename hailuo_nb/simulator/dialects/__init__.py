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
    own = {name: _own(name) for name in _own_names()}
    return (*own.values(), *load(SIMULATORS, own, _read).working.values())


def broken() -> tuple[str, ...]:
    """One sentence for each dialect of another package that is not used."""
    return tuple(load(SIMULATORS, _own_names(), _read).broken.values())


def _own_names() -> list[str]:
    modules = {module.name for module in iter_modules(__path__) if module.name[0] != "_"}
    return sorted(name.replace("_", "-") for name in modules - {"common"})


def _own(provider: str) -> Dialect:
    module = import_module(f"{__name__}.{provider.replace('-', '_')}")
    classes = (one for one in vars(module).values() if isinstance(one, type))
    dialect: Dialect = next(one for one in classes if getattr(one, "name", None) == provider)()
    return dialect


def _read(entry: EntryPoint, dialect: Any) -> Dialect:
    found: Dialect = dialect()
    for method in ("endpoints", "refuse"):
        if not callable(getattr(found, method, None)):
            raise TypeError(f"its dialect has no {method}")
    if found.name != entry.name:
        raise ValueError(f"its dialect calls itself {found.name!r}")
    found.endpoints()
    return found
