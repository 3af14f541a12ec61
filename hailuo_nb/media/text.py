"""Text for messages: what others wrote made safe to display, and the nearest known name."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Control characters (which start ANSI codes), direction marks and overrides, zero-width characters,
# line separators, invisible tags, lone surrogates. Not the joiners U+200C and U+200D, which emoji
# and several scripts need.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a pair, which no encoding of Unicode can hold."""
_MAX_MESSAGE = 2000  # characters; messages are shown in tables
_MAX_COMPARED = 100  # characters of a name that are compared with the known ones


def visible(text: str) -> str:
    """Escapes invisible characters (`\\x1b`, `\\u202e`), except line breaks and tabs."""
    return _INVISIBLE.sub(
        lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text
    )


def shortened(text: str) -> str:
    """Cuts a message to 2000 characters and an ellipsis."""
    return text if len(text) <= _MAX_MESSAGE else text[:_MAX_MESSAGE] + "…"


def one_line(text: str, limit: int) -> str:
    """A text as one line of at most `limit` characters, the last of which is "…" if it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def sentence(words: str) -> str:
    """Somebody else's words, with a full stop where they have none, so that more can follow."""
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "。", "！", "？", ")")) else f"{words}."


def closest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Returns the known name that is spelt most like this one, "" if none is near.

    cutoff  0..1, the least ratio of difflib
    """
    import difflib

    found = difflib.get_close_matches(name[:_MAX_COMPARED], list(known), n=1, cutoff=cutoff)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Returns "; did you mean 'ppinfra'?" for the end of a message, "" if no known name is near."""
    near = closest(name, known, cutoff=cutoff)
    return f"; did you mean {near!r}?" if near else ""
