"""Options: the named settings of a request beside its fields. The catalogue says which there
are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OptionValue = bool | int | float | str


class Options(Mapping[str, OptionValue]):
    """A frozen mapping, in the order of the names. None is what nobody set, and is left out."""

    __slots__ = ("_values",)

    def __init__(self, given: Mapping[str, OptionValue | None] | None = None) -> None:
        chosen = {name: value for name, value in (given or {}).items() if value is not None}
        self._values = dict(sorted(chosen.items()))

    def __getitem__(self, name: str) -> OptionValue:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Options({self._values})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Options, (self._values,)
