"""Validates untrusted values of a bundle or a ledger row; errors name the field."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from hailuo_nb.errors import FieldError
from hailuo_nb.media.text import SURROGATE, visible
from hailuo_nb.requests.options import is_option_name
from hailuo_nb.requests.reference import KINDS, MAX_REFERENCES

MAX_TEXT = 50_000
"""Characters of a prompt or a note."""
_MAX_LIST = 10_000
MAX_WORD = 100
"""Characters of a name, a code, a state."""
MAX_LINK = 20_000
"""Characters of a link, or of another name of a frame or reference."""
_FIRST_OPTIONS = ("prompt_optimizer", "fast_pretreatment", "watermark")
_MAX_OPTIONS = 50
_ID = re.compile(r"[\w.-]{1,100}", re.ASCII)

NUMBER_BOUNDS: Mapping[str, tuple[type, float, float]] = {
    "rating": (int, 0, 5), "take": (int, 0, 1_000_000), "attempt": (int, 1, 1_000_000),
    "first_take": (int, 1, 1_000_000), "takes_a_round": (int, 1, 1_000_000),
    "duration": (int, 1, 3600),
    "cost": (float, 0, 1e9), "charged_cost": (float, 0, 1e9),
    "bytes": (int, 0, 2**53), "width": (int, 0, 100_000), "height": (int, 0, 100_000),
    "fps": (float, 0, 10_000), "frames": (int, 0, 10_000_000), "generation_seconds": (float, 0,
    1e9),
    "created_at": (float, 0, 1e11), "submitted_at": (float, 0, 1e11), "finished_at": (float, 0,
    1e11),
    "claimed_at": (float, 0, 1e11), "ready_at": (float, 0, 1e11), "link_expires_at": (float, 0,
    1e11),
    "lease_until": (float, 0, 1e11), "at": (float, 0, 1e11),
}  # fmt: skip
"""Type and bounds of a clip's numbers. Times are Unix seconds."""
TEXT_LIMITS: Mapping[str, int] = {
    "prompt": MAX_TEXT, "note": MAX_TEXT, "error": MAX_TEXT, "title": MAX_TEXT,
    "request": 8 * MAX_TEXT,
    "identity": 4000, "base_url": 4000, "link": MAX_LINK, "path": 4096, "poster": 4096,
    "task_id": 20_000, "task_links": 20_000, "owner": 1000,
    "first_frame": MAX_LINK, "last_frame": MAX_LINK, "first_frame_source": MAX_LINK,
    "last_frame_source": MAX_LINK, "provider_title": 1000, "label": 1000,
    "waveform": 1000,
}  # fmt: skip
"""Characters of a text of a clip; any other has a hundred."""


class Fields:
    """A JSON object and its path in the file. Every method raises FieldError."""

    def __init__(self, data: Any, path: str = "") -> None:
        if not isinstance(data, dict):
            raise FieldError(f"{path or 'the whole'} must be an object, and is {_kind(data)}")
        self._data = data
        self._prefix = f"{path}." if path else ""

    def required(self, name: str) -> Any:
        """Returns any value. Raises FieldError if it is missing."""
        if name not in self._data:
            raise FieldError(f"{self._prefix}{name} is missing")
        return self._data[name]

    def get(self, name: str) -> Any:
        """Returns any value, None if it is missing."""
        return self._data.get(name)

    def text(self, name: str) -> str:
        return parse_text(name, self.required(name), self._prefix)

    def text_or_none(self, name: str) -> str | None:
        return None if self.required(name) is None else self.text(name)

    def number(self, name: str) -> Any:
        """Returns the number; None for null."""
        value = self.required(name)
        return None if value is None else parse_number(name, value, self._prefix)

    def boolean(self, name: str) -> bool | None:
        value = self.required(name)
        if value is not None and not isinstance(value, bool):
            raise FieldError(
                f"{self._prefix}{name} must be true, false or null, not {_kind(value)}"
            )
        return value

    def choice(self, name: str, known: tuple[str, ...]) -> Any:
        value = self.text(name)
        if value not in known:
            raise FieldError(
                f"{self._prefix}{name} must be one of {', '.join(known)}, not {visible(value)!r}"
            )
        return value

    def id(self, name: str) -> str:
        return parse_id(name, self.required(name), self._prefix)

    def object(self, name: str) -> Fields:
        return Fields(self.required(name), f"{self._prefix}{name}")

    def objects(self, name: str, maximum: int = _MAX_LIST) -> Iterator[Fields]:
        for index, value in enumerate(self._list(name, maximum)):
            yield Fields(value, f"{self._prefix}{name}[{index}]")

    def texts(self, name: str, maximum: int = _MAX_LIST) -> tuple[str, ...]:
        found = self._list(name, maximum)
        return tuple(
            parse_text(f"{name}[{index}]", value, self._prefix, MAX_TEXT)
            for index, value in enumerate(found)
        )

    def request(self) -> dict[str, Any]:
        """Parses `VideoRequest.to_json`; frames are identities."""
        return {
            **{name: self.text(name) for name in ("prompt", "model", "resolution")},
            "duration": parse_number("duration", self.required("duration"), self._prefix),
            **{name: self.text_or_none(name) for name in ("first_frame", "last_frame")},
            **{
                name: self.text(name)
                for name in ("first_frame_source", "last_frame_source")
                if self.get(name) is not None
            },
            **({"ratio": self.text("ratio")} if self.get("ratio") is not None else {}),
            **({"sound": self.boolean("sound")} if self.get("sound") is not None else {}),
            **self._references(),
            "options": self._options(),
        }

    def _references(self) -> dict[str, Any]:
        if self.get("references") is None:
            return {}
        given = self.objects("references", MAX_REFERENCES)
        return {"references": [one._reference() for one in given]}

    def _reference(self) -> dict[str, Any]:
        """Parses `Reference.to_json`."""
        return {
            "kind": self.choice("kind", KINDS),
            "identity": parse_text("identity", self.required("identity"), self._prefix, MAX_LINK),
            **(
                {"source": parse_text("source", self.required("source"), self._prefix, MAX_LINK)}
                if self.get("source") is not None
                else {}
            ),
        }

    def _options(self) -> dict[str, Any]:
        """Parses the options of a request. The first edition wrote three of them as fields."""
        found: dict[str, Any] = {
            name: self.boolean(name) for name in _FIRST_OPTIONS if name in self._data
        }
        if self.get("options") is None:
            return found
        given = self.object("options")
        if len(given._data) > _MAX_OPTIONS:
            raise FieldError(f"{given._prefix}… are more than {_MAX_OPTIONS} options")
        for name, value in given._data.items():
            if not is_option_name(name):
                raise FieldError(f"{given._prefix}{visible(name)!r} is no name of an option")
            if isinstance(value, str):
                found[name] = parse_text(name, value, given._prefix, 1000)
            elif not isinstance(value, int | float | None) or not abs(value or 0) <= 2**53:
                raise FieldError(f"{given._prefix}{name} is no value of an option")
            else:
                found[name] = value
        return found

    def error(self, name: str, reason: str) -> FieldError:
        return FieldError(f"{self._prefix}{name} {reason}")

    def _list(self, name: str, maximum: int) -> list[Any]:
        value = self.required(name)
        if not isinstance(value, list):
            raise FieldError(f"{self._prefix}{name} must be a list, and is {_kind(value)}")
        if len(value) > maximum:
            raise FieldError(
                f"{self._prefix}{name} has {len(value):,} entries; at most {maximum:,} are read"
            )
        return value


def parse_text(name: str, value: Any, path: str = "", maximum: int | None = None) -> str:
    """Returns a text that this field can hold."""
    maximum = TEXT_LIMITS.get(name, MAX_WORD) if maximum is None else maximum
    if not isinstance(value, str):
        raise FieldError(f"{path}{name} must be a text, and is {_kind(value)}")
    if len(value) > maximum:
        raise FieldError(
            f"{path}{name} has {len(value):,} characters; at most {maximum:,} are read"
        )
    if SURROGATE.search(value):
        raise FieldError(f"{path}{name} holds half a character, and must be a text")
    return value


def parse_number(name: str, value: Any, path: str = "") -> Any:
    """Returns a number that this field can hold."""
    kind, minimum, maximum = NUMBER_BOUNDS[name]
    fits = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and minimum <= value <= maximum
    )
    if not fits or value != kind(value):
        given = str(value) if isinstance(value, float | bool) else _kind(value)
        suffix = " and whole" if kind is int else ""
        raise FieldError(
            f"{path}{name} must be a number from {minimum:g} to {maximum:g}{suffix}, and is {given}"
        )
    return kind(value)


def parse_id(name: str, value: Any, path: str = "") -> str:
    """Returns a clip's id, which is used in file names."""
    if (
        not isinstance(value, str)
        or not _ID.fullmatch(value)
        or value.startswith((".", "skipped-"))
    ):
        raise FieldError(f"{path}{name} must be 1 to 100 letters, digits, dots, - and _")
    return value


def parse_document(data: str | bytes, kind: str, form: str, version: int) -> Fields:
    """Parses a JSON file of ours, which says its format and version. Raises FieldError.

    kind  what people call it
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError as error:
        raise FieldError(f"it is no text in UTF-8 (byte {error.start})") from None
    content = Fields(parse_json(text, "it"))
    if content.get("format") != form:
        raise FieldError(f"it is no {kind} that hailuo_nb wrote")
    if content.get("version") != version:
        raise FieldError(f"it has another version, and this hailuo_nb reads {version}: update it")
    return content


def parse_json(text: str, path: str) -> Any:
    """Parses JSON; an int of over 20 digits becomes infinity, which no field can hold. Raises
    FieldError, also for a name that stands twice in one object."""
    try:
        return json.loads(text, parse_int=_parse_int, object_pairs_hook=_unambiguous)
    except FieldError as error:
        raise FieldError(f"{path} is ambiguous: {error}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if text.strip() else "it is empty"
        raise FieldError(f"{path} is no JSON that can be read ({place})") from None
    except (ValueError, RecursionError) as error:
        raise FieldError(
            f"{path} is no JSON that can be read: {type(error).__name__}: {error}"
        ) from None


def parse_request(text: str) -> dict[str, Any]:
    """Parses the JSON text of a request in a row. Raises FieldError."""
    return Fields(parse_json(text, "request"), "request").request()


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise FieldError(f"{visible(name)[:MAX_WORD]!r} stands twice in one object")
    return found


def _parse_int(digits: str) -> float:
    return int(digits) if len(digits) <= 20 else math.inf


def _kind(value: Any) -> str:
    """Describes a value, which may be a list of a million lists, in a word or two."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**20 else "a number of many digits"
    names = {dict: "an object", list: "a list", str: "a text", type(None): "null", bytes: "bytes"}
    return names.get(type(value), str(value)[:40])
