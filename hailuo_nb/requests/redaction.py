"""Keys in an object that never shows, and text with the keys in it masked: not in a message, a
repr, a pickle or a log."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn
from urllib.parse import quote
from weakref import WeakValueDictionary

_SHORTEST = 4  # characters; masking anything shorter would spoil ordinary words
_SECRET = 8  # characters of a key for which an id or a link is not kept


class Credentials:
    """Keys that never show: not in a repr, a pickle, a copy, a traceback's locals or a trait.

    trimmed  something around a key was taken off: see `cleaned`
    """

    __slots__ = ("__weakref__", "_values", "trimmed")

    def __init__(self, *values: str, trimmed: bool = False) -> None:
        # What is no text is no key; it is refused later, where no frame holds it.
        self._values = tuple(value if isinstance(value, str) else "\0" for value in values)
        self.trimmed = trimmed
        if self._values:  # a board of clips from elsewhere has thousands without any
            _held[id(self)] = self

    def reveal(self) -> tuple[str, ...]:
        return self._values

    def redact(self, text: str) -> str:
        """The text with every key in it masked: a provider's error may echo what it was sent.

        In any case, as a host name is written in small letters; and percent-encoded.
        """
        for value in sorted(self._values, key=len, reverse=True):
            if len(value) >= _SHORTEST:
                for form in (value, quote(value, safe="", errors="replace")):
                    text = re.sub(re.escape(form), "•••", text, flags=re.IGNORECASE)
        return text

    def are_in(self, text: str) -> bool:
        """Whether one of the keys stands in the text. A short one is no secret: a number may hold
        it by chance."""
        forms = [
            form
            for value in self._values
            for form in (value, quote(value, safe="", errors="replace"))
        ]
        return any(len(form) >= _SECRET and form.casefold() in text.casefold() for form in forms)

    def cleaned(self) -> Credentials:
        """The same keys without what a paste brings along: blanks, quotes of any kind, characters
        that nobody sees, `Bearer `, `NAME=` or `export NAME=`."""
        values = tuple(map(_pasted, self._values))
        return Credentials(*values, trimmed=self.trimmed or values != self._values)

    def joined(self, other: Credentials) -> Credentials:
        """These keys and then those, for a provider that needs several."""
        return Credentials(*self._values, *other._values, trimmed=self.trimmed or other.trimmed)

    def malformed(self, variables: Sequence[str]) -> str | None:
        """The variable whose key holds white space, quotes or letters that no key has; None if all
        can be keys."""
        for value, variable in zip(self._values, variables, strict=False):
            plain = value.isascii() and value.isprintable() and len(value) <= _LONGEST
            if not plain or not _NOT_IN_A_KEY.isdisjoint(value):
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
# Nobody sees these, and a page or a mail brings them along: soft hyphen, zero width, direction
# marks, BOM.
_UNSEEN = (
    "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068"
    "\u2069\ufeff"
)
# A name with an underscore, and something follows: no key in base64 reads so, as its `=` are the
# last of it.
_ASSIGNED = re.compile(
    r"(?:(?:export\s+|set\s+|\$env:)[A-Za-z_]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*=\s*(?=[^\s=])",
    re.ASCII,
)
_SCHEME = re.compile(r"(?:authorization\s*:\s*)?bearer\s+", re.IGNORECASE)
_NOT_IN_A_KEY = frozenset(f" {_QUOTES}")
_LONGEST = 4096  # characters of a key


def _pasted(value: str) -> str:
    """The key in what was pasted; again and again, as one wrapping may hold another."""
    while len(value) <= _LONGEST:
        bare = value.strip(_BLANKS + _QUOTES + _UNSEEN).rstrip(";")
        for wrapping in (_ASSIGNED, _SCHEME):
            found = wrapping.match(bare)
            bare = bare[found.end() :] if found else bare
        if bare == value:
            break
        value = bare
    return value


_held: WeakValueDictionary[int, Credentials] = WeakValueDictionary()


def redact(text: str) -> str:
    """The text with every key masked that this process holds."""
    for credentials in list(_held.values()):
        text = credentials.redact(text)
    return text


def holds_key(text: str) -> bool:
    """Whether a key that this process holds stands in the text (see `Credentials.are_in`)."""
    return any(credentials.are_in(text) for credentials in list(_held.values()))


MASK = "•••"
_MAX_SHOWN = 40  # characters of a text that was no name
_TELLTALE = re.compile(
    r"(?<![a-z0-9])((sk|ak|pk|rk)[-_]|(api_?)?(key|secret|token)[-_ :=]|bearer |basic "
    r"|eyj[a-z0-9])",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9+/=]{20,}")
SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSW|APP_ID", re.IGNORECASE)


def masked(text: str) -> str:
    """A text that is no known name, as a message may repeat it: cut, and `•••` for what may be a
    key."""
    if may_be_key(text):
        return MASK
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def may_be_key(text: str) -> bool:
    """Whether this holds a key of this process or its environment, or looks like one, as no
    provider's name does."""
    text = text[:1000]
    secrets = (value for name, value in os.environ.items() if SECRET_NAME.search(name))
    held = (
        any(len(value) >= _SHORTEST and value in text for value in secrets) or redact(text) != text
    )
    return (
        held
        or bool(_TELLTALE.search(text))
        or any(map(_looks_random, re.split(r"[\s'\"/:,;]+", text)))
    )


def _looks_random(word: str) -> bool:
    """A long run of letters and figures, many figures, or many changes from one kind of character
    to another."""
    figures = sum(char.isdigit() for char in word)
    pairs = list(pairwise(word))
    mixed = sum(a.isalnum() and b.isalnum() and a.isdigit() != b.isdigit() for a, b in pairs)
    cased = sum(a.islower() and b.isupper() for a, b in pairs)
    return bool(_RUN.search(word)) or figures > 7 or mixed > 4 or cased > 4
