"""Where the joined scripts, the styles and the words of the widgets lie: a page on disk needs the
same ones.

Reads files of this package. Must not know widgets or clips.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_WIDGETS = Path(__file__).parents[1] / "widgets"

STATIC = _WIDGETS / "static"


@cache
def _all_messages() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(
        (_WIDGETS / "messages.json").read_text(encoding="utf-8")
    )
    return loaded


def messages(*sections: str) -> dict[str, dict[str, str]]:
    """The words of these sections of messages.json ("board" holds "board.title"), by language."""
    wanted = tuple(f"{section}." for section in sections)
    return {
        language: {key: text for key, text in words.items() if key.startswith(wanted)}
        for language, words in _all_messages().items()
    }
