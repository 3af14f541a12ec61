"""Makes text of others safe to display."""

from __future__ import annotations

import re

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
