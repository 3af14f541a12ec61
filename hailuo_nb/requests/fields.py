"""Values that somebody else wrote (a bundle, a row of a ledger): read within bounds, and each error
names its field.

Pure. Knows which fields a clip has and what they can hold; must not know files, rows or providers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hailuo_nb.errors import FieldError
from hailuo_nb.media.text import SURROGATE, visible

MAX_TEXT = 50_000
"""Characters of a prompt or a note."""
_MAX_LIST = 10_000
MAX_WORD = 100
"""Characters of a name, a code, a state."""
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FIRST_OPTIONS = ("prompt_optimizer", "fast_pretreatment", "watermark")
_MAX_OPTIONS = 50
_ID = re.compile(r"[\w.-]{1,100}", re.ASCII)

NUMBER_BOUNDS: Mapping[str, tuple[type, float, float]] = {
    "rating": (int, 0, 5), "take": (int, 0, 1_000_000), "attempt": (int, 1, 1_000_000),
    "duration": (int, 1, 3600),
    "cost": (float, 0, 1e9), "bytes": (int, 0, 2**53), "width": (int, 0, 100_000), "height": (int,
    0, 100_000),
    "fps": (float, 0, 10_000), "frames": (int, 0, 10_000_000), "generation_seconds": (float, 0,
    1e9),
    "created_at": (float, 0, 1e11), "submitted_at": (float, 0, 1e11), "finished_at": (float, 0,
    1e11),
    "claimed_at": (float, 0, 1e11), "ready_at": (float, 0, 1e11), "link_expires_at": (float, 0,
    1e11),
    "lease_until": (float, 0, 1e11),
}  # fmt: skip
"""What a number of a clip is, and its bounds. Times are Unix seconds."""
TEXT_LIMITS: Mapping[str, int] = {
    "prompt": MAX_TEXT, "note": MAX_TEXT, "error": MAX_TEXT, "title": MAX_TEXT,
    "request": 8 * MAX_TEXT,
    "identity": 4000, "base_url": 4000, "link": 20_000, "path": 4096, "poster": 4096,
    "task_id": 20_000, "owner": 1000,
    "first_frame": 20_000, "last_frame": 20_000, "first_frame_source": 20_000,
    "last_frame_source": 20_000, "provider_title": 1000, "label": 1000,
}  # fmt: skip
"""Characters of a text of a clip; any other has a hundred."""


class Fields:
    """An object of a file and where it stands there. Every method raises FieldError."""

    def __init__(self, data: Any, place: str = "") -> None:
        if not isinstance(data, dict):
            raise FieldError(f"{place or 'the whole'} must be an object, and is {_kind(data)}")
        self._data = data
        self._place = f"{place}." if place else ""

    def get(self, name: str) -> Any:
        if name not in self._data:
            raise FieldError(f"{self._place}{name} is missing")
        return self._data[name]

    def value(self, name: str) -> Any:
        """Whatever stands there, None where nothing does."""
        return self._data.get(name)

    def text(self, name: str) -> str:
        return parse_text(name, self.get(name), self._place)

    def text_or_none(self, name: str) -> str | None:
        return None if self.get(name) is None else self.text(name)

    def number(self, name: str, *, missing: bool = False) -> Any:
        """The number, or None where it is null, or is `missing` and may be."""
        value = None if missing and name not in self._data else self.get(name)
        return None if value is None else parse_number(name, value, self._place)

    def switch(self, name: str) -> bool | None:
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise FieldError(f"{self._place}{name} must be true, false or null, not {_kind(value)}")
        return value

    def word(self, name: str, known: tuple[str, ...]) -> Any:
        value = self.text(name)
        if value not in known:
            raise FieldError(
                f"{self._place}{name} must be one of {', '.join(known)}, not {visible(value)!r}"
            )
        return value

    def id(self, name: str) -> str:
        return parse_id(name, self.get(name), self._place)

    def object(self, name: str) -> Fields:
        return Fields(self.get(name), f"{self._place}{name}")

    def objects(self, name: str, most: int = _MAX_LIST) -> Iterator[Fields]:
        for index, value in enumerate(self._list(name, most)):
            yield Fields(value, f"{self._place}{name}[{index}]")

    def texts(self, name: str, most: int = _MAX_LIST) -> tuple[str, ...]:
        found = self._list(name, most)
        return tuple(
            parse_text(f"{name}[{index}]", value, self._place, MAX_TEXT)
            for index, value in enumerate(found)
        )

    def request(self) -> dict[str, Any]:
        """This object as `VideoRequest.to_json` gave it; frames stand as their identity."""
        return {
            **{name: self.text(name) for name in ("prompt", "model", "resolution")},
            "duration": parse_number("duration", self.get("duration"), self._place),
            **{name: self.text_or_none(name) for name in ("first_frame", "last_frame")},
            **{
                name: self.text(name)
                for name in ("first_frame_source", "last_frame_source")
                if self.value(name) is not None
            },
            **({"ratio": self.text("ratio")} if self.value("ratio") is not None else {}),
            **({"sound": self.switch("sound")} if self.value("sound") is not None else {}),
            "options": self._options(),
        }

    def _options(self) -> dict[str, Any]:
        """The options of a request. The first edition wrote its three as fields."""
        found: dict[str, Any] = {
            name: self.switch(name) for name in _FIRST_OPTIONS if name in self._data
        }
        if self.value("options") is None:
            return found
        given = self.object("options")
        if len(given._data) > _MAX_OPTIONS:
            raise FieldError(f"{given._place}… are more than {_MAX_OPTIONS} options")
        for name, value in given._data.items():
            if not _OPTION.fullmatch(name):
                raise FieldError(f"{given._place}{visible(name)!r} is no name of an option")
            if isinstance(value, str):
                found[name] = parse_text(name, value, given._place, 1000)
            elif not isinstance(value, int | float | None) or not abs(value or 0) <= 2**53:
                raise FieldError(f"{given._place}{name} is no value of an option")
            else:
                found[name] = value
        return found

    def error(self, name: str, said: str) -> FieldError:
        return FieldError(f"{self._place}{name} {said}")

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.get(name)
        if not isinstance(value, list):
            raise FieldError(f"{self._place}{name} must be a list, and is {_kind(value)}")
        if len(value) > most:
            raise FieldError(
                f"{self._place}{name} has {len(value):,} entries; at most {most:,} are read"
            )
        return value


def parse_text(name: str, value: Any, place: str = "", most: int | None = None) -> str:
    """A text that this field can hold."""
    most = TEXT_LIMITS.get(name, MAX_WORD) if most is None else most
    if not isinstance(value, str):
        raise FieldError(f"{place}{name} must be a text, and is {_kind(value)}")
    if len(value) > most:
        raise FieldError(f"{place}{name} has {len(value):,} characters; at most {most:,} are read")
    if SURROGATE.search(value):
        raise FieldError(f"{place}{name} holds half a character, and must be a text")
    return value


def parse_number(name: str, value: Any, place: str = "") -> Any:
    """A number that this field can hold: finite, in its bounds, whole where it has to be."""
    kind, least, most = NUMBER_BOUNDS[name]
    fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    if not fits or value != kind(value):
        said = str(value) if isinstance(value, float | bool) else _kind(value)
        whole = " and whole" if kind is int else ""
        raise FieldError(
            f"{place}{name} must be a number from {least:g} to {most:g}{whole}, and is {said}"
        )
    return kind(value)


def parse_id(name: str, value: Any, place: str = "") -> str:
    """A clip's id: names of files are made of it."""
    if (
        not isinstance(value, str)
        or not _ID.fullmatch(value)
        or value.startswith((".", "skipped-"))
    ):
        raise FieldError(f"{place}{name} must be 1 to 100 letters, digits, dots, - and _")
    return value


def parse_json(written: str, place: str) -> Any:
    """The value of a JSON text. An endless number is infinity, which no field can hold. Raises
    FieldError."""
    try:
        return json.loads(written, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise FieldError(
            f"{place} is no JSON that can be read: {type(error).__name__}: {error}"
        ) from None


def parse_request(written: str) -> dict[str, Any]:
    """What `VideoRequest.to_json` gave, from the JSON text in a row. Raises FieldError."""
    return Fields(parse_json(written, "request"), "request").request()


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= 20 else math.inf


def _kind(value: Any) -> str:
    """A value in a word or two: it may be a list of a million lists."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**20 else "a number of many digits"
    names = {dict: "an object", list: "a list", str: "a text", type(None): "null", bytes: "bytes"}
    return names.get(type(value), str(value)[:40])
