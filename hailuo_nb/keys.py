"""Where a provider's keys come from, and the one object that holds them while they are used.

Looked for in this order: typed in (`hn.enter_key`), the environment, Colab's secrets, the system's keyring. Knows no
provider and no HTTP, and gives a key to nobody but `Credentials`: not to a message, a repr, a pickle or a log.
"""

from __future__ import annotations

import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any, NoReturn
from urllib.parse import quote
from weakref import WeakValueDictionary

from hailuo_nb.told import ToldError

SERVICE = "hailuo_nb"
"""The service under which the keyring has keys; the user's name there is the name of the variable."""
_SHORTEST = 4  # characters; masking anything shorter would spoil ordinary words
_SECRET = 8  # characters of a key for which an id or a link is not kept


class KeyFormatError(ToldError, ValueError):
    """A key holds something that no key has. The message names its variable and never the value."""


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
        """Whether one of the keys stands in the text. A short one is no secret: a number may hold it by chance."""
        forms = [form for value in self._values for form in (value, quote(value, safe="", errors="replace"))]
        return any(len(form) >= _SECRET and form.casefold() in text.casefold() for form in forms)

    def cleaned(self) -> Credentials:
        """The same keys without what a paste brings along: blanks, quotes of any kind, characters that nobody sees,
        `Bearer `, `NAME=` or `export NAME=`."""
        values = tuple(map(_pasted, self._values))
        return Credentials(*values, trimmed=self.trimmed or values != self._values)

    def joined(self, other: Credentials) -> Credentials:
        """These keys and then those, for a provider that needs several."""
        return Credentials(*self._values, *other._values, trimmed=self.trimmed or other.trimmed)

    def malformed(self, variables: Sequence[str]) -> str | None:
        """The variable whose key holds white space, quotes or letters that no key has; None if all can be keys."""
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
        raise TypeError("credentials are not pickled; set the environment variable where the work is done")


_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇′″"
_BLANKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Nobody sees these, and a page or a mail brings them along: soft hyphen, zero width, direction marks, BOM.
_UNSEEN = "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# A name with an underscore, and something follows: no key in base64 reads so, as its `=` are the last of it.
_ASSIGNED = re.compile(
    r"(?:(?:export\s+|set\s+|\$env:)[A-Za-z_]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*=\s*(?=[^\s=])", re.ASCII
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
_entered: dict[str, Credentials] = {}
# Asking these two may open a dialogue, so what they gave is kept; a new key is read after a restart.
_from_store: dict[str, tuple[str, Credentials]] = {}


def redact(text: str) -> str:
    """The text with every key masked that this process holds."""
    for credentials in list(_held.values()):
        text = credentials.redact(text)
    return text


def holds_key(text: str) -> bool:
    """Whether a key that this process holds stands in the text (see `Credentials.are_in`)."""
    return any(credentials.are_in(text) for credentials in list(_held.values()))


HIDDEN = "•••"
_MOST_SHOWN = 40  # characters of a text that was no name
_TELLTALE = re.compile(
    r"(?<![a-z0-9])((sk|ak|pk|rk)[-_]|(api_?)?(key|secret|token)[-_ :=]|bearer |basic |eyj[a-z0-9])",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9+/=]{20,}")
_SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSW|APP_ID", re.IGNORECASE)


def shown(text: str) -> str:
    """A text that is no known name, as a message may repeat it: cut, and `•••` for what may be a key."""
    if may_be_key(text):
        return HIDDEN
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"


def may_be_key(text: str) -> bool:
    """Whether this holds a key of this process or its environment, or looks like one, as no provider's name does."""
    text = text[:1000]
    secrets = (value for name, value in os.environ.items() if _SECRET_NAME.search(name))
    held = any(len(value) >= _SHORTEST and value in text for value in secrets) or redact(text) != text
    return held or bool(_TELLTALE.search(text)) or any(map(_looks_random, re.split(r"[\s'\"/:,;]+", text)))


def _looks_random(word: str) -> bool:
    """A long run of letters and figures, many figures, or many changes from one kind of character to another."""
    figures = sum(char.isdigit() for char in word)
    pairs = list(pairwise(word))
    mixed = sum(a.isalnum() and b.isalnum() and a.isdigit() != b.isdigit() for a, b in pairs)
    cased = sum(a.islower() and b.isupper() for a, b in pairs)
    return bool(_RUN.search(word)) or figures > 7 or mixed > 4 or cased > 4


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for some variables, in their order.

    sources  where each was found, "" where nowhere
    hints    what a person can do about one that is somewhere and cannot be read
    trimmed  the variables around whose key something was taken off: see `Credentials.cleaned`
    """

    credentials: Credentials
    sources: tuple[str, ...]
    hints: tuple[str, ...] = ()
    trimmed: tuple[str, ...] = ()


def find(variables: Sequence[str]) -> Found:
    """The keys of these variables from the first place that has each. Never raises; a missing one is empty."""
    found = Credentials()
    sources, hints, trimmed = [], [], []
    for variable in variables:
        source, held = "", Credentials("")
        for name, look in _PLACES:
            try:
                held = look(variable)
            except _UnreadableError as reason:
                hints.append(str(reason))
                continue
            if held:
                source = name
                break
        found = found.joined(held)
        sources.append(source)
        if held.trimmed:
            trimmed.append(variable)
    return Found(found, tuple(sources), tuple(hints), tuple(trimmed))


def enter(variables: Sequence[str]) -> None:
    """Ask for these keys without showing them, and keep them for this process only.

    Raises KeyFormatError, or ToldError where nobody can be asked (a notebook that runs by itself).
    """
    typed = {variable: _ask(variable) for variable in variables}
    for variable, held in typed.items():
        if not held:
            raise KeyFormatError(f"{variable} was left empty; nothing was changed")
        if held.malformed([variable]):
            raise KeyFormatError(malformed(variable))
    _entered.update(typed)


def _ask(variable: str) -> Credentials:
    from getpass import GetPassWarning, getpass

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # it would ask with the key shown
            return Credentials(getpass(f"{variable} (not shown, not stored): ")).cleaned()
    except Exception as error:  # ipykernel's StdinNotImplementedError is no public name
        reason = str(error) or type(error).__name__
        raise ToldError(
            f"nobody can be asked for {variable} here ({reason}); set it in the environment"
        ) from None


def malformed(variable: str) -> str:
    return f"{variable} has white space or letters in it that no key has; copy it again"


def shown_to_strangers() -> bool:
    """Whether Voilà serves this kernel to visitors: a key of the server would pay for whatever they click."""
    return os.environ.get("SERVER_SOFTWARE", "").lower().startswith("voila")


def forget() -> None:
    """Drop what was typed in and what the stores gave."""
    _entered.clear()
    _from_store.clear()


class _UnreadableError(Exception):
    """A place has the key, or may have it, and does not give it."""


def _typed(variable: str) -> Credentials:
    return _entered.get(variable, Credentials(""))


@contextmanager
def kept_from_children() -> Iterator[None]:
    """While this lasts the environment has no key in it, so that a process which is started has none either.

    Blanked and not taken out: whoever reads the environment meanwhile must not see it change its size.
    """
    with _one_at_a_time:
        secrets = {name: value for name, value in os.environ.items() if _is_secret(name, value)}
        _blanked.update(secrets)
        try:
            os.environ.update(dict.fromkeys(secrets, ""))
            yield
        finally:
            os.environ.update(secrets)
            _blanked.clear()


_one_at_a_time = threading.Lock()
_blanked: dict[str, str] = {}


def _is_secret(name: str, value: str) -> bool:
    return bool(value) and (bool(_SECRET_NAME.search(name)) or holds_key(value))


def _environment(variable: str) -> Credentials:
    # Once more at the end: it may have been blanked, or filled again, between the first two looks.
    found = os.environ.get(variable) or _blanked.get(variable) or os.environ.get(variable, "")
    return Credentials(found).cleaned()


def _stored(place: str, ask: Callable[[str], Any]) -> Callable[[str], Credentials]:
    def look(variable: str) -> Credentials:
        if (known := _from_store.get(variable)) is not None and known[0] == place:
            return known[1]
        value = ask(variable)
        held, value = Credentials(value if isinstance(value, str) else "").cleaned(), None
        if held:
            _from_store[variable] = (place, held)
        return held

    return look


def _colab(variable: str) -> str:
    """A secret of Google Colab. Its errors are told apart by name: the module is there in Colab alone."""
    try:
        from google.colab import userdata
    except ImportError:
        return ""
    try:
        return str(userdata.get(variable) or "")
    except Exception as error:
        kind = type(error).__name__
        if kind == "NotebookAccessError":
            raise _UnreadableError(
                f"Colab has a secret {variable}, but this notebook may not read it: switch on its notebook access"
            ) from None
        if "Timeout" in kind:
            raise _UnreadableError(f"Colab did not answer when asked for its secret {variable}") from None
        return ""


def _keyring(variable: str) -> str:
    try:
        keyring: Any = import_module("keyring")
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(SERVICE, variable) or "")
    except Exception as error:  # backends raise what their platform raises
        kind = type(error).__name__
        if kind in {"NoKeyringError", "InitError"}:  # a container, a hub, a machine without a desktop
            return ""
        raise _UnreadableError(
            f"the keyring could not be asked for {variable} ({kind}); is it locked?"
        ) from None


_PLACES: tuple[tuple[str, Callable[[str], Credentials]], ...] = (
    ("hn.enter_key", _typed),
    ("the environment", _environment),
    ("Colab's secrets", _stored("colab", _colab)),
    ("the keyring", _stored("keyring", _keyring)),
)
