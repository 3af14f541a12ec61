"""The adapters by name: our own, then those of other installed packages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.catalog.installed import installed
from hailuo_nb.catalog.rows import own

if TYPE_CHECKING:
    from hailuo_nb.providers.base import Provider


def names() -> tuple[str, ...]:
    """The plain names of all providers, in the order in which they are shown."""
    return (*own(), *installed().working)


def get(name: str) -> Provider:
    """The adapter of that name (any case). Raises `UnknownNameError` that lists the known."""
    wanted = name.strip().lower()
    if wanted in own():
        folder = wanted.replace("-", "_")
        module = import_module(f"hailuo_nb.providers.{folder}.adapter")
        classes = (one for one in vars(module).values() if isinstance(one, type))
        provider: Provider = next(one for one in classes if getattr(one, "name", "") == wanted)()
        return provider
    if wanted in installed().working:
        outside: Provider = installed().working[wanted].adapter()
        return outside
    raise catalog.unknown_provider(name)


def broken() -> tuple[str, ...]:
    """One sentence for each adapter of another package that is not used."""
    return tuple(installed().broken.values())
