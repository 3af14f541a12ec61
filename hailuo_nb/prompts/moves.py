"""The fifteen camera moves, and which spellings name one without any doubt."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]

# Traditional characters that occur in words for the camera, and the simplified ones.
_SIMPLIFIED = str.maketrans(
    "進遠搖變動隨鏡頭緩運攝機畫穩輕漸環繞轉鎖後開離縮顫靜態勻橫與並輯從滾時對給準點體續樣邊順暫拋蹤躍圍視實際擺昇無別臉",
    "进远摇变动随镜头缓运摄机画稳轻渐环绕转锁后开离缩颤静态匀横与并辑从滚时对给准点体续样边顺暂抛踪跃围视实际摆升无别脸",
)
# Signs that join moves as a comma does, where they stand between moves and nothing else.
_JOINERS = re.compile(r"[;；+＋&＆|｜]|(?<!\w)and(?!\w)|[和与與并並]", re.IGNORECASE)
_COMMA = re.compile(r"[,，、]")
CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Move:
    """One of the fifteen commands. `opposite` is the key of the inverse move, if there is one."""

    key: str
    chinese: str
    english: str
    group: str
    opposite: str | None

    def command(self, language: Language) -> str:
        return self.chinese if language == "zh" else self.english


@cache
def moves() -> tuple[Move, ...]:
    """Returns the fifteen moves in the order of the providers' pages."""
    rows = json.loads(Path(__file__).with_name("moves.json").read_text(encoding="utf-8"))
    return tuple(Move(**row) for row in rows)


@cache
def by_name() -> dict[str, Move]:
    """Returns the moves by key, folded English and Chinese command."""
    return {name: move for move in moves() for name in (move.key, fold(move.english), move.chinese)}


def fold(text: str) -> str:
    """Returns a spelling without what does not count.

    Case, width, traditional characters, invisible characters, the backslash of a Markdown page,
    and how much space there is.
    """
    seen = "".join(
        char
        for char in unicodedata.normalize("NFKC", text)
        if unicodedata.category(char) != "Cf" and char != "\\"
    )
    return " ".join(seen.replace("_", " ").lower().translate(_SIMPLIFIED).split())


def find(name: str) -> Move | None:
    """Returns the move of a key, Chinese or English command, or None."""
    return by_name().get(fold(name))


def split(inner: str) -> list[str]:
    """Splits what stands in a bracket at commas, and at other joiners where they join moves."""
    items: list[str] = []
    for item in _COMMA.split(inner):
        parts = apart(item)
        joined = len(parts) > 1 and not find(item) and all(find(part) for part in parts)
        items += parts if joined else [item.strip()]
    return items


def apart(item: str) -> list[str]:
    """Splits an item at signs that may join moves."""
    return [part.strip() for part in _JOINERS.split(item)]


def is_chinese(text: str) -> bool:
    """Whether a text is more Chinese than Latin: by characters and words."""
    return len(CJK.findall(text)) > len(re.findall(r"[A-Za-z]+", text))
