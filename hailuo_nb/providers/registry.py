"""The adapters by name: our own, then those of other installed packages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.catalog.installed import installed
from hailuo_nb.requests.entry_points import SIMULATORS, load

if TYPE_CHECKING:
    from hailuo_nb.providers.base import Provider

_CLASSES = {
    "ppinfra": "PPInfra",
    "modelverse": "Modelverse",
    "chanjing": "Chanjing",
    "xcompute": "XCompute",
}


def names() -> tuple[str, ...]:
    """The plain names of all providers, in the order in which they are shown."""
    return (*_CLASSES, *installed().working)


def get(name: str) -> Provider:
    """The adapter of that name (any case). Raises `UnknownNameError` that lists the known."""
    wanted = name.strip().lower()
    if wanted in _CLASSES:
        module = import_module(f"hailuo_nb.providers.{wanted}.adapter")
        provider: Provider = getattr(module, _CLASSES[wanted])()
        return provider
    if wanted in installed().working:
        outside: Provider = installed().working[wanted].adapter()
        return outside
    raise catalog.unknown_provider(name)


def broken() -> tuple[str, ...]:
    """One sentence for each adapter or dialect of another package that is not used."""
    dialects = load(SIMULATORS, _CLASSES, lambda _, dialect: dialect)
    return (*installed().broken.values(), *dialects.broken.values())
