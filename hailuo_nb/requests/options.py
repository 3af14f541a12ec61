"""Options: the named settings of a request beside its fields. The catalogue says which there
are."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

OptionValue = bool | int | float | str

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TAKEN = frozenset(
    {
        # arguments, and columns of a table
        *("prompt", "provider", "model", "resolution", "duration", "first_frame", "last_frame"),
        *("ratio", "sound", "references", "options", "take", "takes"),
        *("skip_invalid", "max_cost", "max_clips"),
        *("camera", "cost", "currency", "problem", "nearest", "warning", "label", "index"),
        # words of the page and of a magic's line
        *("target", "targets", "wait", "out", "help"),
        # columns of hn.history
        *("id", "state", "progress", "task_id", "path", "error", "submitted_at", "finished_at"),
        *("rating", "note", "tags"),
    }
)


def is_option_name(name: str) -> bool:
    """Whether an option can have this name: no argument, column or word of Python has it."""
    return bool(_NAME.fullmatch(name)) and name not in _TAKEN and not keyword.iskeyword(name)


class Options(Mapping[str, OptionValue]):
    """A frozen mapping, in the order of the names. An option with the value None is left out."""

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
