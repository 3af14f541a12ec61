"""The providers: one file each, pure translators between a VideoRequest and an API. See `base`.

An adapter is imported when it is asked for. Nothing here knows keys, the network or the ledger.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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
    return tuple(_CLASSES)


def get(name: str) -> Provider:
    """The adapter of that name (any case). Raises `UnknownNameError` that lists the known."""
    wanted = name.strip().lower()
    if wanted not in _CLASSES:
        from hailuo_nb.requests.arguments import unknown_name

        raise unknown_name("provider", name, names(), {known: known for known in names()})
    provider: Provider = getattr(
        import_module(f"hailuo_nb.providers.{wanted}.adapter"), _CLASSES[wanted]
    )()
    return provider
