"""Makes a provider's words fit to be stored and shown: no key, no invisible character, bounded.

Everything of a provider passes here before it is kept: task ids as they come out of its flows, the
rest with the step that stores it.
"""

from __future__ import annotations

import itertools
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace

from hailuo_nb.errors import ProviderError
from hailuo_nb.media.text import shortened, visible
from hailuo_nb.providers.base import Progress
from hailuo_nb.requests.redaction import holds_key, redact

_MAX_READ = 10_000  # characters that are looked at
_MAX_KEY = 2000
_MAX_WORD = 100  # characters of a code or a status word
_MAX_ID = 512
_MAX_LINK = 16_384
_MAX_TASK_LINK = 4000
_MAX_TASK_LINKS = 4

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ADDRESS = re.compile(r"(?:https?://|(?![\w.+-]*:))[!-~]+")  # no other scheme
_NOT_IN_ADDRESS = frozenset('"\\<>')

_ESCAPED = "json:"  # the prefix of an id with invisible characters, or ones no file can hold
_NOT_KEPT = "not kept: "  # the prefix in place of one that holds a key, or is too long


def text(value: str) -> str:
    """A provider's message."""
    return shortened(visible(_redacted(value)))


def _redacted(value: str) -> str:
    """The start of a text without a key, nor a part of one that the cut went through."""
    if len(value) <= _MAX_READ:
        return redact(value)
    return redact(value[:_MAX_READ])[:-_MAX_KEY] + "…"


def word(value: str) -> str:
    """A provider's code or name of a state."""
    return visible(_redacted(value))[:_MAX_WORD]


def link(value: str | None) -> str | None:
    """A link for the ledger; None where it cannot be kept as it is: a fresh one is asked for
    then."""
    kept = (
        value is not None
        and len(value) <= _MAX_LINK
        and _is_encodable(value)
        and not holds_key(value)
    )
    return value if kept else None


def task_links(found: object) -> dict[str, str]:
    """The addresses of a task, by their names, that are kept and used: paths and http(s) alone, a
    few, without a key in them.

    found  what an adapter has read from an answer, or what a ledger holds
    """
    if not isinstance(found, Mapping):
        return {}
    pairs = ((name, value) for name, value in found.items() if _is_task_link(name, value))
    return dict(itertools.islice(pairs, _MAX_TASK_LINKS))


def _is_task_link(name: object, value: object) -> bool:
    if not isinstance(name, str) or not isinstance(value, str) or not _NAME.fullmatch(name):
        return False
    if len(value) > _MAX_TASK_LINK or not _ADDRESS.fullmatch(value):
        return False
    return _NOT_IN_ADDRESS.isdisjoint(value) and not holds_key(value)


def written_task_links(links: Mapping[str, str]) -> str | None:
    """The same as text for the ledger; None where there are none."""
    kept = task_links(links)
    return json.dumps(kept, sort_keys=True) if kept else None


def read_task_links(text: str | None) -> dict[str, str]:
    """What `written_task_links` wrote; none from a text that it did not write."""
    try:
        return task_links(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        return {}


def clean_error(error: ProviderError) -> None:
    """Make an error's words fit, in place."""
    error.message, error.code, error.request_id = (
        text(error.message),
        word(error.code),
        word(error.request_id),
    )
    error.args = (error.message,)  # what repr() shows


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class TaskIds:
    """Maps a provider's task ids to those that are stored and shown, and back. One for each
    Transport.

    An ordinary id is stored as it is, and one with odd characters (half a surrogate, an escape
    code, a newline) as JSON text, from which it is read back. An id that holds a key, or a thousand
    characters, is not stored at all: a stand-in is, and this process alone can ask about the task.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._stand_ins: dict[str, str] = {}

    def stored(self, task_id: str) -> str:
        """The form in which an id leaves the transport."""
        if len(task_id) > _MAX_ID or holds_key(task_id):
            return self._stand_in(task_id)
        plain = visible(task_id) == task_id and not task_id.startswith((_ESCAPED, _NOT_KEPT))
        if plain and task_id.strip() == task_id and task_id.isprintable():
            return task_id
        return _ESCAPED + json.dumps(task_id)

    def real(self, stored: str) -> str:
        """The provider's own id. Raises ProviderError where it was not kept."""
        if stored in self._real:
            return self._real[stored]
        if stored.startswith(_NOT_KEPT):
            raise ProviderError(
                "protocol",
                "the provider's id of this task held a key or was too long, so that it was not "
                "kept, and the task cannot be asked about any more: look for the clip in the "
                "provider's console",
            )
        return (
            str(json.loads(stored.removeprefix(_ESCAPED)))
            if stored.startswith(_ESCAPED)
            else stored
        )

    def cleaned(self, progress: Progress) -> Progress:
        """A progress that can be shown and stored. Its links stay: they are used, not shown."""
        if progress.error is not None:
            clean_error(progress.error)
        return replace(
            progress,
            task_id=self.stored(progress.task_id),
            word=word(progress.word),
            note=text(progress.note),
        )

    def _stand_in(self, task_id: str) -> str:
        if task_id not in self._stand_ins:
            shown = word(task_id)[:40]
            stored = f"{_NOT_KEPT}{shown} {secrets.token_hex(4)}"
            self._stand_ins[task_id], self._real[stored] = stored, task_id
        return self._stand_ins[task_id]
