"""Option: a named setting of a request, as a row of the catalogue has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hailuo_nb.errors import ArgumentError
from hailuo_nb.requests import arguments
from hailuo_nb.requests.options import OptionValue

OptionState = Literal["works", "ignored", "undocumented", "none"]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "text": (str,),
}
_FAR = 2**53  # whole numbers up to here are the same in JSON everywhere


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a row.

    type     what its values are
    sent_as  the provider's name of it
    values   the values that are taken; empty for any
    minimum, maximum   bounds of a number
    default  what the provider does without it; None if unknown
    absent   the value that asks for what happens anyway where there is no such option
    essential  what is asked for is another thing with it: a row that has it not refuses the
               request, and no control of the studio sets it
    state    "ignored": the page says that it does nothing; "undocumented": no page names it
    label    for people, by language ("en", "zh"); its name where there is none
    """

    type: Literal["bool", "int", "float", "text"]
    sent_as: str
    values: tuple[bool | int | float | str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    default: bool | int | float | str | None = None
    absent: bool | int | float | str | None = None
    state: Literal["works", "ignored", "undocumented"] = "works"
    essential: bool = False
    label: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for value in (*self.values, self.default, self.absent):
            if value is not None and not self.holds(value):
                raise ValueError(f"{value!r} is no {self.type}")
        if self.type in {"bool", "text"} and (self.minimum, self.maximum) != (None, None):
            raise ValueError("minimum and maximum are for numbers")

    def holds(self, value: object) -> bool:
        """Whether a value has the type of this option."""
        is_bool = isinstance(value, bool)
        return isinstance(value, _KINDS[self.type]) and is_bool == (self.type == "bool")

    def takes(self, value: OptionValue) -> bool:
        """Whether the provider takes this value."""
        if not self.holds(value):
            return False
        if self.values:
            return value in self.values
        least = self.minimum is None or float(value) >= self.minimum
        return least and (self.maximum is None or float(value) <= self.maximum)

    @property
    def taken(self) -> str:
        """The values that are taken, in words."""
        if self.values:
            return " or ".join(map(str, self.values))
        bounds = {"at least": self.minimum, "at most": self.maximum}
        said = [f"{word} {bound:.17g}" for word, bound in bounds.items() if bound is not None]
        return " and ".join(said) or {"bool": "True or False", "text": "a text"}.get(
            self.type, "a number"
        )

    def joined(self, other: Option) -> Option:
        """What either of two rows takes."""
        values = dict.fromkeys([*self.values, *other.values])
        lows, highs = (self.minimum, other.minimum), (self.maximum, other.maximum)
        return replace(
            self,
            values=tuple(values) if self.values and other.values else (),
            minimum=None if None in lows else min(low for low in lows if low is not None),
            maximum=None if None in highs else max(high for high in highs if high is not None),
            label={**other.label, **self.label},
        )

    def nearest(self, value: OptionValue) -> OptionValue | None:
        """The value nearest to one that is not taken; None, which leaves it to the provider, for no
        number."""
        if self.type not in {"int", "float"} or isinstance(value, str | bool):
            return None
        if self.values:
            return min(self.values, key=lambda one: abs(float(one) - value))
        bounded = max(value, value if self.minimum is None else self.minimum)
        bounded = min(bounded, bounded if self.maximum is None else self.maximum)
        return int(bounded) if self.type == "int" else bounded

    def parse(self, name: str, value: Any) -> OptionValue | None:
        """A value as a person passes it; None for an empty cell. Raises ArgumentError."""
        if self.type == "bool":
            return arguments.as_bool(name, value)
        if arguments.is_missing(value):
            return None
        if self.type == "int":
            return arguments.as_int(name, value, -_FAR, _FAR)
        if self.type == "float":
            return arguments.as_float(name, value, -_FAR, _FAR)
        text = arguments.as_text(name, value, 1000)
        if self.values and text not in self.values:
            known = ", ".join(map(str, self.values))
            raise ArgumentError(f"{name} is {arguments.describe(text)}, and must be one of {known}")
        return text
