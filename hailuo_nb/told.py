"""Words for people: what is shown of text that somebody else wrote, and errors whose message says all.

Pure. Must not know anything of the house.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType

# What no reader sees, and what moves or hides the text around it: control characters (ANSI codes begin with one),
# direction marks and overrides, zero-width characters, line separators, invisible tags, halves of a pair.
# The joiners U+200C and U+200D stay: emoji and several scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_MOST_WORDS = 2000  # characters of one message: it stands in a table beside others


def visible(text: str) -> str:
    """The text with what nobody could see written out (`\\x1b`, `\\u202e`); line breaks and tabs stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def shortened(text: str) -> str:
    """At most 2000 characters, with a mark where more was said."""
    return text if len(text) <= _MOST_WORDS else text[:_MOST_WORDS] + "…"


class ToldError(Exception):
    """An error for people. IPython shows its message and the line of the cell, no frames.

    A foreseeable fault needs no traceback; and `%xmode Verbose` would print the variables of every frame, the
    user's own among them, which may hold a key.
    """

    def _render_traceback_(self) -> list[str]:
        line = _line_outside(self.__traceback__)
        return [f"{type(self).__name__}{f' (line {line})' if line else ''}: {self}"]


_HOUSE = str(Path(__file__).parent)


def _line_outside(trace: TracebackType | None) -> int | None:
    """The line of the user's own code that called us."""
    line = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(_HOUSE):
            break
        if f"{Path('IPython', 'core')}" not in name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
