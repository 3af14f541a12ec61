"""What clips are called where nothing but the page tells them apart: as short as it can be, and no
name twice.

The same rule as `widgets/js/clip_names.js`; tests/vectors/clip_names.json holds both to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from hailuo_nb.pages.rows import BoardRow
from hailuo_nb.pages.words import Translate

PARTS = ("provider", "model", "prompt", "format", "take")
_FIRST = ("provider", "prompt", "model", "format", "take")
"""A name begins with the first of these that differs."""

_HAN = (
    "〻々〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3041-\u309f\u30a1-\u30ff\uff66-\uff9f"
)
_WORD = re.compile(rf"[{_HAN}]|[^\W_]+(?:['’.:-][^\W_]+)*")
_IS_HAN = re.compile(rf"[{_HAN}]")
_SMALL = frozenset({"a", "an", "the", "of", "in", "on", "at", "to", "by", "and", "with", "is"})
_FEW_WORDS, _FEW_CHARACTERS = 3, 6


def clip_names(rows: Sequence[BoardRow], t: Translate) -> dict[str, str]:
    """A name for the id of each row."""
    words = prompt_words(row["prompt"] for row in rows)
    kinds: dict[str, set[bool]] = {}
    for row in rows:
        kinds.setdefault(_title(row), set()).add(row["simulated"])

    def provider(row: BoardRow) -> str:
        title = _title(row)
        mixed = row["simulated"] and len(kinds[title]) > 1
        return f"{title} ({t('common.simulated')})" if mixed else title

    say: Mapping[str, Callable[[BoardRow], str]] = {
        "provider": provider,
        "model": lambda row: short_model(row["model"]),
        "prompt": lambda row: words[row["prompt"]],
        "format": lambda row: _format(row, t),
        "take": lambda row: "" if row["take"] is None else t("take", take=row["take"]),
    }
    names: dict[str, str] = {}
    taken: set[str] = set()

    def unique(name: str) -> str:
        number, one = 2, name
        while one in taken:
            one, number = f"{name} ({number})", number + 1
        taken.add(one)
        return one

    def split(same: Sequence[BoardRow], has: frozenset[str]) -> None:
        groups: dict[str, list[BoardRow]] = {}
        for row in same:
            texts = [say[part](row) for part in PARTS if part in has]
            groups.setdefault(" · ".join(filter(None, texts)), []).append(row)
        for name, group in groups.items():
            others = [part for part in PARTS if part not in has]
            counts = {part: len({say[part](row) for row in group}) for part in others}
            best = max(others, key=counts.__getitem__, default="")
            if len(group) > 1 and counts.get(best, 1) > 1:
                split(group, has | {best})
            else:
                names.update({row["id"]: unique(name or t("clip", number=1)) for row in group})

    differ = [part for part in _FIRST if len({say[part](row) for row in rows}) > 1]
    split(rows, frozenset({differ[0] if differ else "provider"}))
    return names


def prompt_words(given: Iterable[str]) -> dict[str, str]:
    """The words of each prompt that no other has, else those that not all have: of as few places
    as no other prompt has together."""
    prompts = list(dict.fromkeys(given))
    found: dict[str, set[str]] = {}  # in which prompts each word is
    for prompt in prompts:
        for word in _WORD.findall(prompt.lower()):
            found.setdefault(word, set()).add(prompt)
    texts: list[str] = []
    for prompt in prompts:
        if rare := _places(prompt, lambda word: len(found[word]) == 1):
            texts.append(_cut(rare[:1]))
            continue
        places = _places(prompt, lambda word: len(found[word]) != len(prompts))
        text, count = _cut(places[:1]), 1
        while count < len(places) and _elsewhere(text, found):
            count += 1
            text = _cut(places[:count])
        texts.append(_cut(places, whole=True) if _elsewhere(text, found) else text)
    same = Counter(texts)
    return {
        prompt: f"{text} {index}".strip() if same[text] > 1 else text
        for index, (prompt, text) in enumerate(zip(prompts, texts, strict=True), 1)
    }


def _elsewhere(text: str, found: Mapping[str, set[str]]) -> bool:
    """Whether another prompt has all these words too."""
    prompts = sorted((found[word] for word in _WORD.findall(text.lower())), key=len)
    return bool(prompts) and len(prompts[0].intersection(*prompts[1:])) > 1


def short_model(model: str) -> str:
    """ "MiniMax-Hailuo-02" is "Hailuo 02" where room is short."""
    return re.sub(r"^Hailuo-", "Hailuo ", re.sub(r"^MiniMax-", "", model))


def _title(row: BoardRow) -> str:
    return row["provider_title"] or row["provider"]


def _format(row: BoardRow, t: Translate) -> str:
    seconds = t("common.seconds", seconds=row["duration"])
    return " · ".join(filter(None, (row["resolution"], seconds, row["ratio"])))


def _places(prompt: str, wanted: Callable[[str], bool]) -> list[list[str]]:
    """Its words that are wanted, by place: what stands between two parts them."""
    places: list[list[str]] = []
    apart, end = True, 0
    for match in _WORD.finditer(prompt):
        kept = wanted(match[0].lower())
        if kept and (apart or prompt[end : match.start()].strip()):
            places.append([])
        if kept:
            places[-1].append(match[0])
        apart, end = not kept, match.end()
    return places


def _cut(places: Sequence[Sequence[str]], *, whole: bool = False) -> str:
    texts: list[str] = []
    for words in places:
        start = next((at for at, word in enumerate(words) if word.lower() not in _SMALL), 0)
        most = _FEW_CHARACTERS if _IS_HAN.match(words[start]) else _FEW_WORDS
        few = list(words[start:] if whole else words[start : start + most])
        while len(few) > 1 and few[-1].lower() in _SMALL:
            few.pop()
        text = few[0]
        for word in few[1:]:
            text += word if _IS_HAN.match(text) and _IS_HAN.match(word) else f" {word}"
        texts.append(text)
    return " … ".join(texts)
