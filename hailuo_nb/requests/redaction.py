"""Holds keys in an object that never shows them, and masks keys in text."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn
from urllib.parse import quote
from weakref import WeakValueDictionary

_MIN_MASKED = 4  # characters; masking shorter keys would damage ordinary words
_MIN_SECRET = 8  # characters of a key that an id or a link must not contain
_MIN_LONG = 16  # characters of a key that a person's text must not contain


class Credentials:
    """Keys that never show: not in a repr, a pickle, a copy, a traceback's locals or a trait.

    trimmed  `stripped` has removed something
    """

    __slots__ = ("__weakref__", "_forms", "_values", "trimmed")

    def __init__(self, *values: str, trimmed: bool = False) -> None:
        # A value that is no str is refused later, where no frame holds it.
        self._values = tuple(value if isinstance(value, str) else "\0" for value in values)
        self.trimmed = trimmed
        # What is looked for in every prompt and answer, written as it is compared.
        self._forms = tuple(
            form.casefold()
            for value in self._values
            for form in (value, quote(value, safe="", errors="replace"))
        )
        if self._values:  # boards of other ledgers have thousands of empty ones
            _held[id(self)] = self

    def reveal(self) -> tuple[str, ...]:
        return self._values

    def redact(self, text: str) -> str:
        """Masks every key in a text, in any letter case (as in host names) and percent-encoded."""
        for value in sorted(self._values, key=len, reverse=True):
            if len(value) >= _MIN_MASKED:
                for form in (value, quote(value, safe="", errors="replace")):
                    text = re.sub(re.escape(form), "•••", text, flags=re.IGNORECASE)
        return text

    def appear_in(self, folded: str, minimum: int) -> bool:
        """Whether a case-folded text contains a key of so many characters; shorter ones occur by
        chance."""
        return any(len(form) >= minimum and form in folded for form in self._forms)

    def stripped(self) -> Credentials:
        """Returns the keys without blanks, quotes, invisible characters, `Bearer ` and `NAME=`."""
        values = tuple(map(_strip_paste, self._values))
        return Credentials(*values, trimmed=self.trimmed or values != self._values)

    def combine(self, other: Credentials) -> Credentials:
        """Returns these keys and the others, for a provider that needs several."""
        return Credentials(*self._values, *other._values, trimmed=self.trimmed or other.trimmed)

    def begin_with(self, prefix: str) -> bool:
        """Whether a key begins so: a prefix names a kind of key and is no secret."""
        return any(value.startswith(prefix) for value in self._values if value)

    def find_malformed(self, variables: Sequence[str]) -> str | None:
        """Returns the variable of the first key with invalid characters, or None."""
        for value, variable in zip(self._values, variables, strict=False):
            is_ascii = value.isascii() and value.isprintable() and len(value) <= _MAX_KEY_LENGTH
            if not is_ascii or not _NOT_IN_A_KEY.isdisjoint(value):
                return variable
        return None

    def find_placeholder(self, variables: Sequence[str]) -> str | None:
        """Returns the variable of the first key that only stands for one, or None."""
        for value, variable in zip(self._values, variables, strict=False):
            if _PLACEHOLDER.fullmatch(value):
                return variable
        return None

    def __bool__(self) -> bool:
        """Whether there is a key, and none of several is missing."""
        return bool(self._values) and all(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credentials) and other._values == self._values

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"Credentials({len(self._values)} hidden)"

    def __copy__(self) -> Credentials:
        return self

    def __deepcopy__(self, memo: Any) -> Credentials:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "credentials are not pickled; set the environment variable where the work is done"
        )


_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇′″"
_BLANKS = (
    " "
    "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Pasted from pages and mails: soft hyphen, zero width, direction marks, BOM.
_INVISIBLE = (
    "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068"
    "\u2069\ufeff"
)
# A name with an underscore, `=` and more: not a base64 key, which ends with its `=`.
_ASSIGNED = re.compile(
    r"(?:(?:export\s+|set\s+|%env\s+|\$env:)[A-Za-z_]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
    r"|(?i:(?:[a-z0-9]+_)*(?:api[_-]?)?(?:key|token)))\s*[=:]\s*(?=[^\s=])",
    re.ASCII,
)
# fal writes "Key", Replicate has written "Token".
_SCHEME = re.compile(r"(?:authorization\s*:\s*)?(?:bearer|key|token)\s*:?\s+", re.IGNORECASE)
# What stands in examples in place of a key.
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{?\w+\}?|%\w+%|\w{0,3}[-_]?(?:x{3,}|\*{3,}|\.{3,})"
    r"|(?:\w+[-_ ])?your[-_ ]?(?:\w+[-_ ]?)*(?:key|token|secret)(?:[-_ ]?here)?"
    r"|none|null|nan|undefined|true|false|changeme|todo",
    re.IGNORECASE,
)
_NOT_IN_A_KEY = frozenset(f" {_QUOTES}")
_MAX_KEY_LENGTH = 4096  # characters of a key


def _strip_paste(value: str) -> str:
    """Strips a pasted key repeatedly, as wrappings may be nested."""
    while len(value) <= _MAX_KEY_LENGTH:
        stripped = value.strip(_BLANKS + _QUOTES + _INVISIBLE).rstrip(";,")
        for wrapping in (_ASSIGNED, _SCHEME):
            found = wrapping.match(stripped)
            stripped = stripped[found.end() :] if found else stripped
        if stripped == value:
            break
        value = stripped
    return value


_held: WeakValueDictionary[int, Credentials] = WeakValueDictionary()


def redact(text: str) -> str:
    """Masks every key that this process holds."""
    for credentials in list(_held.values()):
        text = credentials.redact(text)
    return text


def holds_key(text: str) -> bool:
    """Whether the text contains a key of this process, in any letter case and percent-encoded."""
    return _holds(text, _MIN_SECRET)


def holds_long_key(text: str) -> bool:
    """The same of a key that is too long to be a word by chance: for what a person wrote."""
    return _holds(text, _MIN_LONG)


def _holds(text: str, minimum: int) -> bool:
    folded = text.casefold()
    return any(credentials.appear_in(folded, minimum) for credentials in list(_held.values()))


MASK = "•••"
_MAX_SHOWN = 40  # characters of an unknown name
_TELLTALE = re.compile(
    r"(?<![a-z0-9])((sk|ak|pk|rk)[-_]|(api_?)?(key|secret|token)[-_ :=]|bearer |basic "
    r"|eyj[a-z0-9])",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\d{2,5}[x×*]\d{2,5}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9+/=]{20,}")
SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSW|APP_ID", re.IGNORECASE)


def masked(text: str) -> str:
    """Returns an unknown name for a message: cut, and `•••` if it may be a key."""
    if may_be_key(text):
        return MASK
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def may_be_key(text: str) -> bool:
    """Whether this contains a key of this process or environment, or looks like a key."""
    text = text[:1000]
    secrets = (value for name, value in os.environ.items() if SECRET_NAME.search(name))
    held = (
        any(len(value) >= _MIN_MASKED and value in text for value in secrets)
        or redact(text) != text
    )
    return (
        held
        or bool(_TELLTALE.search(text))
        or any(map(_looks_random, re.split(r"[\s'\"/:,;]+", text)))
    )


def looks_like_key(text: str) -> bool:
    """Whether a part of it begins as keys do."""
    return bool(_TELLTALE.search(text))


def _looks_random(word: str) -> bool:
    """Whether a word has a long run of letters and digits, many digits, or many changes of kind."""
    if _SIZE.fullmatch(word):  # 1920x1080
        return False
    digits = sum(char.isdigit() for char in word)
    pairs = list(pairwise(word))
    mixed = sum(a.isalnum() and b.isalnum() and a.isdigit() != b.isdigit() for a, b in pairs)
    cased = sum(a.islower() and b.isupper() for a, b in pairs)
    return bool(_RUN.search(word)) or digits > 7 or mixed > 4 or cased > 4
