"""Values that providers write in several ways: ids as numbers, numbers as text, one link or a list.

Nothing here raises: what cannot be read is None or empty. An odd field must not lose a paid clip.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

JsonObject: TypeAlias = Mapping[str, object]
"""A JSON object from outside: each value is read by a function of this module."""

_DAY = 86_400.0


def number(value: object) -> float | None:
    """`3600`, `"3600"`, `42.5` -> float; everything else, NaN and infinity -> None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def percent(value: object) -> float | None:
    """A number from 0 to 100; what lies outside is pulled to the nearer end."""
    found = number(value)
    return None if found is None else min(100.0, max(0.0, found))


def seconds(value: object) -> float | None:
    """A length of time in seconds; a negative one is no length."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def unix_time(value: object) -> float | None:
    """A moment as Unix seconds, also from milliseconds (the year 5138 in seconds is 1973 in
    milliseconds)."""
    found = number(value)
    if found is None or found <= 0:
        return None
    return found / 1000 if found > 1e11 else found


def seconds_between(start: object, end: object) -> float | None:
    """Seconds from one Unix time to another; None if one is missing or they are more than a day
    apart."""
    first, last = unix_time(start), unix_time(end)
    if first is None or last is None or not 0 <= last - first <= _DAY:
        return None
    return last - first


def text(value: object) -> str:
    """Text or a whole number as text; everything else -> "".

    An id may come as `359690885259366.0`: the last place where a number is exact is 2^53.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        value = int(value)
    return (
        str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )


def links(value: object, *keys: str) -> tuple[str, ...]:
    """Links in a value that is one text, a list of texts, or objects that hold either under one of
    `keys`."""
    if isinstance(value, Mapping):
        return tuple(link for key in keys for link in links(value.get(key), *keys))
    if isinstance(value, list):
        return tuple(dict.fromkeys(link for item in value for link in links(item, *keys)))
    return (value.strip(),) if isinstance(value, str) and value.strip() else ()


def mapping(value: object) -> JsonObject:
    """The value if it is an object, the first item if that is one, else an empty object."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, Mapping) else {}
