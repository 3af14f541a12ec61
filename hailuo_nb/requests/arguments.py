"""Arguments as people pass them become text, whole numbers, amounts, switches, paths and lists, or
are refused by name.

Pure. What is no value of its kind is never turned into one: `str(None)` would be sent, and paid, as
a prompt. Scalars of NumPy, pandas and Arrow count as the plain values that they hold. Must not know
what an argument is for.
"""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from hailuo_nb.errors import ArgumentError, UnknownNameError
from hailuo_nb.media.files import MAX_PATH_LENGTH
from hailuo_nb.media.text import SURROGATE, visible
from hailuo_nb.requests.redaction import masked, may_be_key

MAX_CHARACTERS = 50_000
"""Of one text. Providers take 2,000 in a prompt; before its braces are written out it may be
longer."""
MAX_VALUES = 10_000
"""In one list, and clips in one call: more is a slip, and would be paid for."""
MAX_TAKE = 1_000_000
_MAX_AMOUNT = 10**12
_MAX_TOLD = 5  # bad values of one list that are named
_LONGEST_SHOWN = 40
_LONGEST_NAME = 100  # characters of a name that are compared with the known ones
_BOXED_TIMES = frozenset(
    "mM"
)  # NumPy's kinds of dates and times, whose plain value may be a whole number


def unknown_name(
    kind: str, name: str, known: Sequence[str], spellings: Mapping[str, str]
) -> UnknownNameError:
    """The error for a name outside `known`; `spellings` leads from what people write to a known
    name.

    A key that was given as a name is not repeated.
    """
    close = difflib.get_close_matches(
        name[:_LONGEST_NAME].lower(), list(spellings), n=1, cutoff=0.5
    )
    hint = f"; did you mean {spellings[close[0]]!r}?" if close else "."
    if may_be_key(name):
        hint = (
            " (it may be a key, so it is not shown; a key goes into hn.enter_key or the "
            "environment)."
        )
    return UnknownNameError(f"{describe(name)} is no {kind}{hint} Known: {', '.join(known)}.")


# What was given -----------------------------------------------------------------------------------


def unwrap_scalar(value: Any) -> Any:
    """The Python value that a scalar of NumPy, pandas or Arrow holds; anything else as it is."""
    kind = type(value)  # asked instead of the value, which may answer to any name
    if hasattr(kind, "as_py"):
        return value.as_py()
    if kind.__name__ == "MaskedConstant":  # NumPy's gap, whose plain value would be 0.0
        return None
    if not hasattr(kind, "item") or not hasattr(kind, "ndim") or value.ndim != 0:
        return value
    return (
        value
        if getattr(getattr(value, "dtype", None), "kind", "") in _BOXED_TIMES
        else value.item()
    )


def is_missing(value: Any) -> bool:
    """None, NaN, pandas' NA and NaT: what stands in an empty cell."""
    value = unwrap_scalar(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or type(value).__name__ in {"NAType", "NaTType"}


def describe(value: Any) -> str:
    """A value in a few words for a message. Only scalars are repeated, shortened and without what
    may be a key."""
    value = unwrap_scalar(value)
    if is_missing(value):
        return {"NAType": "NA", "NaTType": "NaT", "NoneType": "None"}.get(
            type(value).__name__, "NaN"
        )
    if isinstance(value, str):
        return visible(repr(masked(str.__str__(value))))
    if isinstance(value, int) and value.bit_length() > 128:
        return f"a number of some {int(value.bit_length() * 0.30103) + 1:,} digits"
    if isinstance(value, int | float | Decimal):
        words = str(value)
        return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"
    name = type(value).__name__
    return (
        name
        if name in {"bytes", "bytearray"}
        else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
    )


# One value ----------------------------------------------------------------------------------------


def as_text(name: str, value: Any, most: int = MAX_CHARACTERS) -> str:
    """A text as a plain `str`, of at most so many characters, none of them half a pair."""
    given = unwrap_scalar(value)
    if not isinstance(given, str):
        raise ArgumentError(f"{name} is {describe(given)}, which is no text")
    found = "".join([given])  # a plain `str`: an enum's own `str()` is another text
    if len(found) > most:
        raise ArgumentError(f"{name} has {len(found):,} characters; at most {most:,} are read")
    half = SURROGATE.search(found)
    if half is not None:
        raise ArgumentError(
            f"{name} holds half an emoji (the lone surrogate {visible(half[0])} at character "
            f"{half.start() + 1}), "
            "which is no text: write it again"
        )
    return found


def as_int(name: str, value: Any, least: int, most: int) -> int:
    """A whole number within bounds: 6, 6.0, Decimal(6), a NumPy or pandas scalar. Never a text or a
    truth value."""
    number = _number(name, value, "a whole number", least, most)
    if not isinstance(number, Integral) and number != int(number):
        raise ArgumentError(f"{name} is {describe(number)}, and must be a whole number")
    return int(number)


def as_timeout(value: Any) -> float | None:
    """Seconds that somebody waits, None for as long as it takes. NaN would be that too."""
    return None if value is None else as_float("timeout", value, -_MAX_AMOUNT)


def as_float(name: str, value: Any, least: float = 0, most: float = _MAX_AMOUNT) -> float:
    """A finite number within bounds."""
    return float(_number(name, value, "a number", least, most))


def _number(name: str, value: Any, kind: str, least: float, most: float) -> Any:
    number = unwrap_scalar(value)
    is_number = isinstance(number, Real | Decimal) and not isinstance(number, bool)
    if not is_number or getattr(getattr(number, "dtype", None), "kind", "") in _BOXED_TIMES:
        raise ArgumentError(f"{name} is {describe(number)}, and must be {kind}")
    # Bounds before anything is made of it: int(Decimal("1e999999999")) does not come back.
    if is_missing(number) or not least <= number <= most:
        raise ArgumentError(
            f"{name} is {describe(number)}, and must be {kind} from {least:,} to {most:,}"
        )
    return number


def as_bool(name: str, value: Any) -> bool | None:
    """True or False, also NumPy's, 1 and 0; None for what stands in an empty cell."""
    value = unwrap_scalar(value)
    if is_missing(value):
        return None
    if not isinstance(value, int | float) or value not in (0, 1):
        raise ArgumentError(f"{name} is {describe(value)}, and must be True or False")
    return bool(value)


def as_take(value: Any) -> int:
    """The number of a sample, from 1."""
    return as_int("take", value, 1, MAX_TAKE)


def as_take_range(first: Any, takes: Any) -> range:
    """The numbers of so many samples: the arguments `take` and `takes`."""
    start = as_take(first)
    return range(start, start + as_int("takes", takes, 1, MAX_VALUES))


def as_path(name: str, value: Any) -> Path:
    """A path of the file system, `~` and all."""
    found = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(found, str) or not found or "\0" in found or len(found) > MAX_PATH_LENGTH:
        raise ArgumentError(f"{name} is {describe(value)}, which is no path")
    try:
        return Path(found).expanduser()
    except RuntimeError:
        raise ArgumentError(f"{name} {describe(found)}: there is no such user") from None


# Many values --------------------------------------------------------------------------------------


def named_items(name: str, value: Any, *, least: int = 1) -> list[tuple[str, Any]]:
    """The values of a list, tuple, range, set or column, each with its name for messages
    (`prompt[2]`, by the label of a pandas Series); of anything else itself alone. An empty list is
    refused, unless `least` is 0.
    """
    if not _is_list(value):
        return [(name, value)]
    count = _count(value)
    if count < least:
        raise ArgumentError(f"{name} is an empty list: give at least one")
    if count > MAX_VALUES:
        raise ArgumentError(f"{name} is a list of more than {MAX_VALUES:,} values")
    labels = getattr(value, "index", None)
    named = range(count) if labels is None or callable(labels) else labels
    items = value.to_pylist() if hasattr(value, "to_pylist") else value
    if isinstance(items, set | frozenset) and all(isinstance(item, str) for item in items):
        items = sorted(items)  # the order of a set changes from one process to the next
    return [
        (f"{name}[{format_label(label)}]", item) for label, item in zip(named, items, strict=True)
    ]


def as_list(name: str, value: Any, read: Callable[[str, Any], Any], *, least: int = 1) -> list[Any]:
    """Every value of one or a list, read by `read(name, value)`; one error names those that cannot
    be."""
    found, wrong = [], []
    for shown_name, item in named_items(name, value, least=least):
        try:
            found.append(read(shown_name, item))
        except ArgumentError as error:
            wrong.append(str(error))
    if len(wrong) > _MAX_TOLD:
        wrong[_MAX_TOLD:] = [f"and {len(wrong) - _MAX_TOLD:,} more"]
    if wrong:
        raise ArgumentError("; ".join(wrong))
    return found


def as_texts(name: str, value: Any) -> list[str]:
    """One text or a list of them."""
    return as_list(name, value, as_text)


def format_label(label: Any) -> str:
    """The label of a row as a person knows it."""
    if isinstance(label, tuple):
        return f"({', '.join(map(format_label, label))})"
    return describe(label)


def _is_list(value: Any) -> bool:
    """A sequence, a set or one column. A table is none, which would be read as the names of its
    columns."""
    if isinstance(value, str | bytes | bytearray | memoryview):
        return False
    if isinstance(value, Sequence | set | frozenset):
        return True
    if not isinstance(value, Sized) or not isinstance(value, Iterable) or hasattr(value, "columns"):
        return False
    return (
        getattr(value, "ndim", None) == 1
        or hasattr(value, "to_pylist")
        or hasattr(value, "to_list")
    )


def _count(value: Sized) -> int:
    try:
        return len(value)
    except OverflowError:  # range(10**30)
        return MAX_VALUES + 1
