"""Converts arguments of public functions to text, numbers, booleans, paths and lists.

Values of another kind are refused, never coerced: `str(None)` would be sent, and paid, as a prompt.
Scalars of NumPy, pandas and Arrow count as the Python values that they hold.
"""

from __future__ import annotations

import math
import os
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    MappingView,
    Sequence,
    Sized,
)
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from hailuo_nb.errors import ArgumentError, UnknownNameError
from hailuo_nb.media.files import MAX_PATH_LENGTH
from hailuo_nb.media.text import SURROGATE, closest, visible
from hailuo_nb.requests.redaction import holds_long_key, masked, may_be_key

MAX_CHARACTERS = 50_000
"""Of a text. Providers accept 2,000 in a prompt, which may be longer before it is expanded."""
MAX_VALUES = 10_000
"""In a list, and clips per call. More is a mistake that would be paid for."""
MAX_TAKE = 1_000_000
_MAX_FLOAT = 10**12
_MAX_ERRORS = 5  # invalid values of a list that are named
_MAX_NUMBER_LENGTH = 40  # characters of a number in a message
_DATETIME_KINDS = frozenset("mM")  # of NumPy; their Python value may be an int


def unknown_name(
    kind: str, name: str, known: Sequence[str], spellings: Mapping[str, str], *, near: str = ""
) -> UnknownNameError:
    """Returns the error for an unknown name; `spellings` maps spellings to known names.

    near  what of the name is compared with them; all of it by default

    A key that was given as a name is not repeated.
    """
    close = closest((near or name).lower(), spellings, cutoff=0.5)
    hint = f"; did you mean {spellings[close]!r}?" if close else "."
    if may_be_key(name):
        hint = (
            " (it may be a key, so it is not shown; a key goes into hn.enter_key or the "
            "environment)."
        )
    return UnknownNameError(f"{describe(name)} is no {kind}{hint} Known: {', '.join(known)}.")


# Values -------------------------------------------------------------------------------------------


def unwrap_scalar(value: Any) -> Any:
    """Returns the Python value of a NumPy, pandas or Arrow scalar; any other value as it is."""
    kind = type(value)  # the value itself may have any attribute
    if hasattr(kind, "as_py"):
        return value.as_py()
    if kind.__name__ == "MaskedConstant":  # whose item() would be 0.0
        return None
    if not hasattr(kind, "item") or not hasattr(kind, "ndim") or value.ndim != 0:
        return value
    return (
        value
        if getattr(getattr(value, "dtype", None), "kind", "") in _DATETIME_KINDS
        else value.item()
    )


def is_missing(value: Any) -> bool:
    """Whether this is None, NaN, or pandas' NA or NaT."""
    value = unwrap_scalar(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or type(value).__name__ in {"NAType", "NaTType"}


def describe(value: Any) -> str:
    """Describes a value for a message; repeats only scalars, cut and with keys masked."""
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
        digits = str(value)
        return digits if len(digits) <= _MAX_NUMBER_LENGTH else digits[:_MAX_NUMBER_LENGTH] + "…"
    name = type(value).__name__
    return (
        name
        if name in {"bytes", "bytearray"}
        else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
    )


# Single values ------------------------------------------------------------------------------------


def as_text(name: str, value: Any, maximum: int = MAX_CHARACTERS) -> str:
    """Returns a `str` of at most `maximum` characters without lone surrogates."""
    given = unwrap_scalar(value)
    if not isinstance(given, str):
        once = isinstance(given, Iterator | MappingView)
        hint = ": list(...) makes a list of it" if once else ""
        raise ArgumentError(f"{name} is {describe(given)}, which is no text{hint}")
    found = "".join([given])  # exactly a str; str() of an enum differs
    if len(found) > maximum:
        raise ArgumentError(f"{name} has {len(found):,} characters; at most {maximum:,} are read")
    half = SURROGATE.search(found)
    if half is not None:
        raise ArgumentError(
            f"{name} holds half an emoji (the lone surrogate {visible(half[0])} at character "
            f"{half.start() + 1}), "
            "which is no text: write it again"
        )
    return found


def as_text_without_key(name: str, value: Any, maximum: int = MAX_CHARACTERS) -> str:
    """The same, of a text that is stored and shown to others: without a key of this process."""
    found = as_text(name, value, maximum)
    if holds_long_key(found):
        raise ArgumentError(f"{name} holds one of your keys, which would be stored and shown")
    return found


def as_int(name: str, value: Any, minimum: int, maximum: int) -> int:
    """Returns an int within bounds, from 6, 6.0, Decimal(6) or a scalar; not from text or bool."""
    number = _number(name, value, "a whole number", minimum, maximum)
    if not isinstance(number, Integral) and number != int(number):
        raise ArgumentError(f"{name} is {describe(number)}, and must be a whole number")
    return int(number)


def as_timeout(value: Any) -> float | None:
    """Returns seconds to wait, None for no limit. NaN, which would be one too, is refused."""
    return None if value is None else as_float("timeout", value, -_MAX_FLOAT)


def as_float(name: str, value: Any, minimum: float = 0, maximum: float = _MAX_FLOAT) -> float:
    """Returns a finite float within bounds."""
    return float(_number(name, value, "a number", minimum, maximum))


def _number(name: str, value: Any, kind: str, minimum: float, maximum: float) -> Any:
    number = unwrap_scalar(value)
    is_number = isinstance(number, Real | Decimal) and not isinstance(number, bool)
    if not is_number or getattr(getattr(number, "dtype", None), "kind", "") in _DATETIME_KINDS:
        raise ArgumentError(f"{name} is {describe(number)}, and must be {kind}")
    # Checked before conversion: int(Decimal("1e999999999")) does not return.
    if is_missing(number) or not minimum <= number <= maximum:
        raise ArgumentError(
            f"{name} is {describe(number)}, and must be {kind} from {minimum:,} to {maximum:,}"
        )
    return number


def as_bool(name: str, value: Any) -> bool | None:
    """Returns a bool from a bool, NumPy's bool, 1 or 0; None for a missing value."""
    value = unwrap_scalar(value)
    if is_missing(value):
        return None
    if not isinstance(value, int | float) or value not in (0, 1):
        raise ArgumentError(f"{name} is {describe(value)}, and must be True or False")
    return bool(value)


def as_take(value: Any) -> int:
    """Returns the number of a sample, from 1."""
    return as_int("take", value, 1, MAX_TAKE)


def as_take_range(first: Any, takes: Any) -> range:
    """Returns the numbers of samples for the arguments `take` and `takes`."""
    start = as_take(first)
    return range(start, start + as_int("takes", takes, 1, MAX_VALUES))


def as_path(name: str, value: Any) -> Path:
    """Returns a path with `~` expanded."""
    found = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if (
        not isinstance(found, str)
        or not found
        or "\0" in found
        or len(found) > MAX_PATH_LENGTH
        or not _has_bytes(found)
    ):
        raise ArgumentError(f"{name} is {describe(value)}, which is no path")
    try:
        return Path(found).expanduser()
    except RuntimeError:
        raise ArgumentError(f"{name} {describe(found)}: there is no such user") from None


def _has_bytes(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:  # half an emoji
        return False
    return True


# Lists --------------------------------------------------------------------------------------------


def named_items(name: str, value: Any, *, minimum: int = 1) -> list[tuple[str, Any]]:
    """Returns the values of a list, tuple, range, set or column with their names.

    Names are like `prompt[2]`, or have the label of a pandas Series. Any other value is a list of
    one. A list with fewer than `minimum` values is refused.
    """
    if not _is_list(value):
        return [(name, value)]
    count = _count(value)
    if count < minimum:
        raise ArgumentError(f"{name} is an empty list: give at least one")
    if count > MAX_VALUES:
        raise ArgumentError(f"{name} is a list of more than {MAX_VALUES:,} values")
    labels = getattr(value, "index", None)
    keys = range(count) if labels is None or callable(labels) else labels
    items = value.to_pylist() if hasattr(value, "to_pylist") else value
    if isinstance(items, set | frozenset) and all(isinstance(item, str) for item in items):
        items = sorted(items)  # the order of a set changes from one process to the next
    return [
        (f"{name}[{format_label(label)}]", item) for label, item in zip(keys, items, strict=True)
    ]


def as_list(
    name: str, value: Any, parse: Callable[[str, Any], Any], *, minimum: int = 1
) -> list[Any]:
    """Parses a value or each of a list by `parse(name, value)`; one error names all that fail."""
    found, errors = [], []
    for item_name, item in named_items(name, value, minimum=minimum):
        try:
            found.append(parse(item_name, item))
        except ArgumentError as error:
            errors.append(str(error))
    if len(errors) > _MAX_ERRORS:
        errors[_MAX_ERRORS:] = [f"and {len(errors) - _MAX_ERRORS:,} more"]
    if errors:
        raise ArgumentError("; ".join(errors))
    return found


def as_texts(name: str, value: Any) -> list[str]:
    """Returns a list of texts from one or several."""
    return as_list(name, value, as_text)


def format_label(label: Any) -> str:
    """Formats the index label of a row."""
    if isinstance(label, tuple):
        return f"({', '.join(map(format_label, label))})"
    return describe(label)


def _is_list(value: Any) -> bool:
    """Whether this is a sequence, a set or a column; iterating a table gives its column names."""
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
