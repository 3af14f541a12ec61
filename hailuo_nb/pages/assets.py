"""The built scripts, styles and messages of the widgets, which a page on disk needs too."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_WIDGETS = Path(__file__).parents[1] / "widgets"

STATIC = _WIDGETS / "static"

Messages = dict[str, dict[str, str]]
"""Language -> key -> text."""


@cache
def _all_messages() -> Messages:
    loaded: Messages = json.loads((_WIDGETS / "messages.json").read_text(encoding="utf-8"))
    return loaded


def script(name: str, section: str, *others: str) -> str:
    """A joined script with the messages of these sections before it: they come with the code, once,
    and stand in a saved notebook too.

    `hnMessages` has key -> its text in each language, in the order of messages.json, null where a
    language has none; a key of the first section is without that section's name.
    """
    by_language = messages(section, *others).values()
    keys = dict.fromkeys(key for texts in by_language for key in texts)
    rows = {
        key.removeprefix(f"{section}."): [texts.get(key) for texts in by_language] for key in keys
    }
    words = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return f"const hnMessages = {words};\n{(STATIC / name).read_text(encoding='utf-8')}"


def messages(*sections: str) -> Messages:
    """The messages of these sections of messages.json: "board" holds "board.title"."""
    wanted = tuple(f"{section}." for section in sections)
    return {
        language: {key: text for key, text in texts.items() if key.startswith(wanted)}
        for language, texts in _all_messages().items()
    }
