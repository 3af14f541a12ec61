"""The sentences of messages.json for what Python writes itself; js/i18n.js has them on a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.rows import BoardRow, Worded, costs_nothing

Translate = Callable[..., str]
"""`t("take", take=2)`: the text of "board.take" with its values filled in."""

_SECTIONS = ("common", "export", "advice", "said", "verdict", "studio.problem", "refused", "board")
_OTHERS = ("zh",)  # languages that a row has words of


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence by its code in messages.json; `text` is the same in English."""

    code: str
    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def quoted(code: str, text: str) -> Wording:
    """Somebody else's own words, which are never translated, with what says whose they are."""
    return Wording(code, text, {"text": text})


@cache
def translator(language: str = "") -> Translate:
    """The sentences in a language, English for one that is not known. A `count` chooses between
    "key.one" and "key.other", where those exist."""
    known = messages(*_SECTIONS)
    short = re.split("[-_]", language.lower())[0]
    texts = {**known["en"], **known.get(short, {})}
    one = "one" if short != "zh" else "other"

    def translate(key: str, **values: str | float) -> str:
        form = one if values.get("count") == 1 else "other"
        tries = (f"board.{key}.{form}", f"board.{key}", f"{key}.{form}", key)
        text = next((texts[name] for name in tries if name in texts), key)
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), text)

    return translate


def in_words(said: Mapping[str, Sequence[Wording]]) -> dict[str, Worded]:
    """The sentences of a row, by field, in the languages beside English."""
    found: dict[str, Worded] = {}
    for language in _OTHERS if any(said.values()) else ():
        t = translator(language)
        texts: dict[str, Any] = {}
        for name, words in said.items():
            known = [(t(one.code, **one.values), one) for one in words]
            lines = [one.text if line == one.code else line for line, one in known]
            if lines:
                texts[name] = lines if name == "notes" else " ".join(lines)
        found[language] = cast("Worded", texts)
    return found


def refusal_words(code: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What is refused, in the languages beside English; none for a code without words."""
    key = f"refused.{code}"
    found = {language: translator(language)(key, **values) for language in _OTHERS}
    return {language: text for language, text in found.items() if text != key}


def price(row: BoardRow, t: Translate) -> str:
    """As `priceText` of js/format.js: the list price, and what was charged; nothing for a clip that
    no provider took."""
    if row["simulated"]:
        return t("cost.free")
    if costs_nothing(row):
        return t("cost.nothing")
    listed = t("cost.unknown") if row["cost"] == "unknown" else row["cost"]
    return t("charged", cost=listed, charged=row["charged"]) if row["charged"] else listed


def specs(row: BoardRow, t: Translate) -> list[str]:
    """What the clip is: model, resolution, seconds, ratio, references, a later take."""
    take, references = row["take"], row["references"]
    found = [
        row["model"],
        row["resolution"],
        t("common.seconds", seconds=row["duration"]),
        row["ratio"],
        t("references", count=references) if references else "",
        t("take", take=take) if take is not None and take > 1 else "",
    ]
    return [text for text in found if text]
