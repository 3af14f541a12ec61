"""The built scripts, styles and messages of the widgets, which a page on disk needs too."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_WIDGETS = Path(__file__).parents[1] / "widgets"

STATIC = _WIDGETS / "static"

CODED_SECTIONS = ("advice", "said", "studio.problem")
"""The words for the codes of a row (`pages.rows.Wording`)."""

Messages = dict[str, dict[str, str]]
"""Language -> key -> text."""


@cache
def _all_messages() -> Messages:
    loaded: Messages = json.loads((_WIDGETS / "messages.json").read_text(encoding="utf-8"))
    return loaded


def script(name: str, words: Messages) -> str:
    """A joined script with its messages before it: they come with the code, once, and stand in a
    saved notebook too."""
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return f"const hnMessages = {text};\n{(STATIC / name).read_text(encoding='utf-8')}"


def board_script() -> str:
    """The board's script. Of the words for codes it has no English, which the rows bring, and none
    for braces of a prompt, which no row has any more."""
    words = messages("common", "board")
    for language, coded in messages(*CODED_SECTIONS).items():
        if language != "en":
            words[language] |= {key: text for key, text in coded.items() if "variants" not in key}
    return script("compare_board.js", words)


def messages(*sections: str) -> Messages:
    """The messages of these sections of messages.json: "board" holds "board.title"."""
    wanted = tuple(f"{section}." for section in sections)
    return {
        language: {key: text for key, text in texts.items() if key.startswith(wanted)}
        for language, texts in _all_messages().items()
    }
