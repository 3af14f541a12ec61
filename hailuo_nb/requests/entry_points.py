"""What other installed packages bring under an entry point group: loaded, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from hailuo_nb.media.text import visible

PROVIDERS = "hailuo_nb.providers"
"""The group of adapter classes."""
SIMULATORS = "hailuo_nb.simulators"
"""The group of dialect classes, by the names of their providers."""

T = TypeVar("T")

_MAX_REASON = 300  # characters
_NAME = re.compile(r"[a-z][a-z0-9_-]{1,31}")


@dataclass(frozen=True, slots=True)
class Plugins(Generic[T]):
    """The entry points of one group by their names, in alphabetical order.

    broken  name -> one sentence that names the package and says why it is not used
    """

    working: Mapping[str, T] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def load(group: str, taken: Collection[str], read: Callable[[EntryPoint, Any], T]) -> Plugins[T]:
    """Import every entry point of a group. What is wrong with one is no error of the others.

    taken  names that no package may have
    read   makes of an entry point and the object it names what is used of it; whatever it raises
           says why the object is not used
    """
    by_name: dict[str, list[EntryPoint]] = {}
    for entry in sorted(entry_points(group=group), key=lambda one: (one.name, one.value)):
        by_name.setdefault(entry.name, []).append(entry)
    working: dict[str, T] = {}
    broken: dict[str, str] = {}
    for name, entries in by_name.items():
        try:
            working[name] = read(entries[0], _only(name, entries, taken).load())
        except Exception as error:  # code of others: it may raise anything
            packages = sorted({entry.dist.name if entry.dist else "?" for entry in entries})
            broken[name] = (
                f"{name!r} of the package {' and '.join(packages)} is not used: "
                f"{visible(f'{type(error).__name__}: {error}')[:_MAX_REASON]}"
            )
    return Plugins(working, broken)


def _only(name: str, entries: Sequence[EntryPoint], taken: Collection[str]) -> EntryPoint:
    """The one entry point of a name. Raises ValueError where the name cannot be used."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name has lower-case letters, digits, - and _")
    if name in taken:
        raise ValueError("hailuo_nb has one of that name itself")
    if len({entry.value for entry in entries}) > 1:
        raise ValueError("more than one package has that name")
    return entries[0]
