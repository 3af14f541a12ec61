"""The sentences of messages.json for what Python writes itself; js/i18n.js has them on a page."""

from __future__ import annotations

import re
from collections.abc import Callable

from hailuo_nb.pages.assets import messages
from hailuo_nb.pages.rows import BoardRow, costs_nothing

Translate = Callable[..., str]
"""`t("take", take=2)`: the text of "board.take" with its values filled in."""

LANGUAGES = ("en", "zh")


def translator(language: str = "", section: str = "board") -> Translate:
    """The sentences in a language, English for one that is not known. A `count` chooses between
    "key.one" and "key.other", where those exist."""
    known = messages("common", "export", section)
    short = re.split("[-_]", language.lower())[0]
    texts = {**known["en"], **known.get(short, {})}
    one = "one" if short != "zh" else "other"

    def translate(key: str, **values: str | float) -> str:
        form = one if values.get("count") == 1 else "other"
        tries = (f"{section}.{key}.{form}", f"{section}.{key}", f"{key}.{form}", key)
        text = next((texts[name] for name in tries if name in texts), key)
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), text)

    return translate


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
