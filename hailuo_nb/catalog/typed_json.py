"""JSON becomes frozen dataclasses by their types; what does not fit is named with its place."""

from __future__ import annotations

import types
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from hailuo_nb.errors import CatalogError

T = TypeVar("T")

_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def read(kind: type[T], data: Any, place: str = "", **given: Any) -> T:
    """An object of a dataclass from a JSON object.

    place  where the object stands, for messages
    given  fields that the JSON does not hold

    Raises CatalogError that names the place: for a key that is unknown or missing, for a value of
    another type, and for whatever the dataclass refuses.
    """
    if not isinstance(data, dict):
        raise CatalogError(f"{place or 'the file'} must be an object")
    prefix = f"{place}." if place else ""
    described: Any = kind  # mypy: a class is not taken for hashable
    known = {name: one for name, one in _typed_fields(described).items() if name not in given}
    if stray := sorted(data.keys() - known.keys()):
        raise CatalogError(f"{prefix}{stray[0]} is no field of this; known: {', '.join(known)}")
    for name, (field, _) in known.items():
        required = field.default is MISSING and field.default_factory is MISSING
        if required and name not in data:
            raise CatalogError(f"{prefix}{name} is missing")
    values = {name: _value(known[name][1], value, prefix + name) for name, value in data.items()}
    try:
        return kind(**values, **given)
    except CatalogError:
        raise
    except ValueError as error:
        raise CatalogError(f"{place or 'the file'}: {error}") from None


@cache
def _typed_fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """The fields of a dataclass by their names, with their types."""
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _value(kind: Any, value: Any, place: str) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin in {types.UnionType, Union}:
        return _one_of(args, value, place)
    if origin is Literal:
        if value not in args or isinstance(value, bool):
            raise CatalogError(f"{place} must be one of {', '.join(map(str, args))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise CatalogError(f"{place} must be a list")
        return tuple(_value(args[0], one, f"{place}[{at}]") for at, one in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise CatalogError(f"{place} must be an object")
        return {name: _value(args[1], one, f"{place}.{name}") for name, one in value.items()}
    if is_dataclass(kind):
        return read(kind, value, place)  # type: ignore[arg-type] # narrowed to an instance
    allowed = (int, float) if kind is float else kind
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
        raise CatalogError(f"{place} must be {_WORDS.get(kind, 'null')}")
    return value


def _one_of(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    """The value by the first of several types that takes it. An object or a list goes to the type
    that is one, so that the place of a mistake in it is named."""
    if value is None and type(None) in kinds:
        return None
    rest = [kind for kind in kinds if kind is not type(None)]
    if isinstance(value, list | dict):
        is_list = isinstance(value, list)
        rest = [kind for kind in rest if (get_origin(kind) is tuple) == is_list] or rest
    for kind in rest[:-1]:
        with suppress(CatalogError):
            return _value(kind, value, place)
    return _value(rest[-1], value, place)
