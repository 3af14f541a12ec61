"""Where a provider's keys are found, in this order: typed in (`hn.enter_key`), the environment,
Colab's secrets, the keyring. A key goes into a `Credentials` and nowhere else.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from hailuo_nb.errors import HailuoError, KeyFormatError
from hailuo_nb.requests.redaction import SECRET_NAME, Credentials, holds_key

SERVICE = "hailuo_nb"
"""The service under which the keyring has keys; the user's name there is the name of the
variable."""
_entered: dict[str, Credentials] = {}
# Colab and the keyring may open a dialogue, so their answers are kept; a new key is read after a
# restart.
_from_store: dict[str, tuple[str, Credentials]] = {}


@dataclass(frozen=True, slots=True)
class FoundKeys:
    """The keys of some variables, in their order.

    sources  where each was found, "" where nowhere
    hints    what a person can do about one that is somewhere and cannot be read
    trimmed  the variables around whose key something was taken off: see `Credentials.stripped`
    """

    credentials: Credentials
    sources: tuple[str, ...]
    hints: tuple[str, ...] = ()
    trimmed: tuple[str, ...] = ()


def find(variables: Sequence[str]) -> FoundKeys:
    """The keys of these variables from the first place that has each. Never raises; a missing one
    is empty."""
    found = Credentials()
    sources, hints, trimmed = [], [], []
    for variable in variables:
        source, held = "", Credentials("")
        for name, read in _PLACES:
            try:
                held = read(variable)
            except _UnreadableError as reason:
                hints.append(str(reason))
                continue
            if held:
                source = name
                break
        found = found.combine(held)
        sources.append(source)
        if held.trimmed:
            trimmed.append(variable)
    return FoundKeys(found, tuple(sources), tuple(hints), tuple(trimmed))


def enter(variables: Sequence[str]) -> None:
    """Ask for these keys without showing them, and keep them for this process only.

    Raises KeyFormatError, or HailuoError where nobody can be asked (a notebook that runs by
    itself).
    """
    typed = {variable: _ask(variable) for variable in variables}
    for variable, held in typed.items():
        if not held:
            raise KeyFormatError(f"{variable} was left empty; nothing was changed")
        if held.find_malformed([variable]):
            raise KeyFormatError(malformed(variable))
        if held.find_placeholder([variable]):
            raise KeyFormatError(placeholder(variable))
    _entered.update(typed)


def _ask(variable: str) -> Credentials:
    from getpass import GetPassWarning, getpass

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # it would ask with the key shown
            return Credentials(getpass(f"{variable} (not shown, not stored): ")).stripped()
    except Exception as error:  # ipykernel's StdinNotImplementedError is no public name
        reason = str(error) or type(error).__name__
        raise HailuoError(
            f"nobody can be asked for {variable} here ({reason}); set it in the environment"
        ) from None


def malformed(variable: str) -> str:
    return f"{variable} has white space or letters in it that no key has; copy it again"


def placeholder(variable: str) -> str:
    return f"{variable} stands for a key and is none, as in an example: put the key itself there"


def served_to_visitors() -> bool:
    """Whether Voilà serves this kernel to visitors: a key of the server would pay for whatever they
    click."""
    return os.environ.get("SERVER_SOFTWARE", "").lower().startswith("voila")


def forget() -> None:
    """Drop what was typed in and what the stores gave."""
    _entered.clear()
    _from_store.clear()


class _UnreadableError(Exception):
    """A place may have the key and does not give it."""


def _typed(variable: str) -> Credentials:
    return _entered.get(variable, Credentials(""))


@contextmanager
def kept_from_children() -> Iterator[None]:
    """Blank every key in the environment, so that a process that is started meanwhile has none.

    Blanked and not deleted: another thread that iterates over the environment must not see its size
    change.
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
    return bool(value) and (bool(SECRET_NAME.search(name)) or holds_key(value))


def _environment(variable: str) -> Credentials:
    # Read twice: another thread may blank or restore it between the first two reads.
    found = os.environ.get(variable) or _blanked.get(variable) or os.environ.get(variable, "")
    return Credentials(found).stripped()


def _cached(place: str, ask: Callable[[str], object]) -> Callable[[str], Credentials]:
    def read(variable: str) -> Credentials:
        if (known := _from_store.get(variable)) is not None and known[0] == place:
            return known[1]
        value = ask(variable)
        held, value = Credentials(value if isinstance(value, str) else "").stripped(), None
        if held:
            _from_store[variable] = (place, held)
        return held

    return read


def _colab(variable: str) -> str:
    """A secret of Google Colab. Its errors are matched by name: the module exists in Colab only."""
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
                f"Colab has a secret {variable}, but this notebook may not read it: switch on its "
                "notebook access"
            ) from None
        if "Timeout" in kind:
            raise _UnreadableError(
                f"Colab did not answer when asked for its secret {variable}"
            ) from None
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
        if kind in {
            "NoKeyringError",
            "InitError",
        }:  # a container, a hub, a machine without a desktop
            return ""
        raise _UnreadableError(
            f"the keyring could not be asked for {variable} ({kind}); is it locked?"
        ) from None


_PLACES: tuple[tuple[str, Callable[[str], Credentials]], ...] = (
    ("hn.enter_key", _typed),
    ("the environment", _environment),
    ("Colab's secrets", _cached("colab", _colab)),
    ("the keyring", _cached("keyring", _keyring)),
)
