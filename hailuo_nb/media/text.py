"""Words for people: what is shown of text that somebody else wrote, and errors whose message says
all.

Pure. Must not know anything of the house.
"""

from __future__ import annotations

import re

# What no reader sees, and what moves or hides the text around it: control characters (ANSI codes
# begin with one), direction marks and overrides, zero-width characters, line separators, invisible
# tags, halves of a pair. The joiners U+200C and U+200D stay: emoji and several scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_MAX_WORDS = 2000  # characters of one message: it stands in a table beside others


def visible(text: str) -> str:
    """The text with what nobody could see written out (`\\x1b`, `\\u202e`); line breaks and tabs
    stay."""
    return _UNSEEN.sub(
        lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text
    )


def shortened(text: str) -> str:
    """At most 2000 characters, with a mark where more was said."""
    return text if len(text) <= _MAX_WORDS else text[:_MAX_WORDS] + "…"
