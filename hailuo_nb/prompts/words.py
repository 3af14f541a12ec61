"""Reads what people write for a camera move: other names, adverbs, film words, both languages.

A phrase is a verb with a direction, among words that say nothing and adverbs; words.json has them.
Only a text that is read to its end is commands: "warm light" and 仙侠云海环绕 are ordinary text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from hailuo_nb.media.text import closest
from hailuo_nb.prompts.moves import CJK, Language, Move, by_name, find, fold, split
from hailuo_nb.prompts.spellings import spelt_plainly

# Similarity below which a word is ordinary text ("Sony A7") and not a typo ("Pann left").
_MIN_SIMILARITY = 0.72
# Longer texts are no command.
_MAX_LENGTH = 200
# The longest name of whom a tracking shot follows, in Chinese characters.
_MAX_FOLLOWED = 8

WORD = re.compile(r"[^\W\u3400-\u9fff]+|[\u3400-\u9fff]")
"""One word, or one Chinese character."""

# Adverbs that say nothing else where they stand alone, as "soft" and "light" do.
_PACES = frozenset(("slow", "fast", "quick", "rapid", "gentle", "smooth", "gradual", "very"))

_NEGATIONS = frozenset(("no", "not", "never", "without", "avoid", "don't", "do"))

Together = tuple[str, ...]
"""Keys of moves that happen together."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One command as it was read.

    options   what it can mean, the likeliest first
    adverbs   words that no command takes
    directed  it names a direction
    camera    it names the camera, or what only a camera does
    then      it follows the one before it, by its words
    """

    options: tuple[Together, ...]
    adverbs: tuple[str, ...] = ()
    directed: bool = False
    camera: bool = False
    then: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The commands in a text. `in_turn`: it says that they follow each other. `rest` is what stands
    behind the last, such as "on her face"."""

    phrases: tuple[Phrase, ...]
    in_turn: bool = False
    rest: str = ""

    @property
    def adverbs(self) -> tuple[str, ...]:
        return tuple(word for phrase in self.phrases for word in phrase.adverbs)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language. `kinds`: verb, side, camera, empty, adverb, target, and, then, or;
    `verbs`: what each means by direction; `sides`: the direction of each."""

    kinds: Mapping[str, str]
    verbs: Mapping[str, Mapping[str, tuple[Together, ...]]]
    sides: Mapping[str, str]
    only_cameras: frozenset[str]


@cache
def _words(language: Language) -> _Words:
    rows = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))[language]
    verbs = {
        word: {side: _options(meant) for side, meant in means.items()}
        for names, means in rows["verbs"]
        for word in names.split()
    }
    sides = {word: side for side, names in rows["sides"].items() for word in names.split()}
    kinds = {
        word: kind
        for kind in ("camera", "empty", "adverb", "target", "and", "then", "or")
        for word in rows[kind].split()
    }
    kinds |= dict.fromkeys(sides, "side") | dict.fromkeys(verbs, "verb")
    return _Words(kinds, verbs, sides, frozenset(rows["only_cameras"].split()))


def _options(meant: str) -> tuple[Together, ...]:
    return tuple(tuple(option.split("+")) for option in meant.split())


def read(text: str) -> Reading | None:
    """Returns the commands that a text consists of, or None for ordinary text."""
    if len(text) > _MAX_LENGTH:
        return None
    return _read(fold(html.unescape(text).replace("\\", " ")))


@lru_cache(maxsize=1024)
def _read(folded: str) -> Reading | None:
    if not folded:
        return None
    folded = spelt_plainly(folded)
    return _read_chinese(folded) if CJK.search(folded) else _read_english(folded)


class _Phrases:
    """Phrases as they are gathered, word by word. A method returns False where the words so far
    are no commands."""

    def __init__(self, words: _Words) -> None:
        self.words = words
        self.done: list[Phrase] = []
        self.in_turn = False
        self.then = False
        self._clear()

    def _clear(self) -> None:
        self.verb = ""
        self.sides: list[str] = []
        self.adverbs: list[str] = []
        self.camera = False

    @property
    def means(self) -> Mapping[str, tuple[Together, ...]]:
        return self.words.verbs[self.verb] if self.verb else {}

    def add(self, word: str, kind: str) -> bool:
        if kind == "verb":
            return self._add_verb(word)
        if kind in {"and", "then"}:
            self.in_turn = self.in_turn or kind == "then"
            closed = self.close()
            self.then = self.then or kind == "then"
            return closed
        if kind == "side":
            self.sides.append(self.words.sides[word])
        elif kind == "adverb":
            self.adverbs.append(word)
        elif kind == "camera":
            self.camera = True
        return kind not in {"target", "unknown"}

    def _add_verb(self, word: str) -> bool:
        if self.verb and self.means == self.words.verbs[word] and not self.sides:
            return True  # 手持晃动, "shaky handheld"
        if not self.close():
            return False
        self.verb = word
        self.camera = self.camera or word in self.words.only_cameras
        return True

    def close(self) -> bool:
        """Finishes the phrase whose verb is known."""
        if not self.verb:
            return True
        options: list[Together] = []
        for side in self.sides or [""]:
            if side not in self.means:
                return False
            options += self.means[side]
        distinct = tuple(dict.fromkeys(options))
        self.done.append(
            Phrase(distinct, tuple(self.adverbs), bool(self.sides), self.camera, self.then)
        )
        self.then = False
        self._clear()
        return True

    def has_target(self, kind: str) -> bool:
        """Whether what follows can be the target of the last move: "on her face", "the car"."""
        follows = self.means.get("") == (("tracking",),) and not self.sides
        return follows or (kind == "target" and bool(self.verb or self.done))

    def reading(self, rest: str = "") -> Reading | None:
        if not self.close() or not self.done or self.sides:
            return None
        last = self.done[-1]
        self.done[-1] = replace(
            last, adverbs=(*last.adverbs, *self.adverbs), camera=last.camera or self.camera
        )
        return Reading(tuple(self.done), self.in_turn, rest)

    def joined(self, beside: Reading) -> Reading | None:
        """With the commands of "with a pan left" behind those so far."""
        first = self.reading()
        return first and replace(beside, phrases=(*first.phrases, *beside.phrases))


def _read_english(folded: str) -> Reading | None:
    tokens = re.findall(r"[a-z0-9']+|/", folded)
    if len(re.sub(r"[/']", "", "".join(tokens))) < len(re.sub(r"[\W_]", "", folded)):
        return None  # letters of another script
    words = _words("en")
    found = _Phrases(words)
    for index, token in enumerate(tokens):
        word = _verb(token) or token
        kind = words.kinds.get(word, "unknown")
        if word == "wide" and {"shot", "angle"} & set(tokens[index + 1 : index + 2]):
            kind = "unknown"  # a framing
        if kind == "unknown" and word.endswith("ly") and len(word) > 4:
            kind = "adverb"
        before_side = "".join(tokens[index + 1 : index + 2]) in words.sides
        if kind in {"and", "then"} and before_side and found.sides:  # "pan left and right"
            continue
        if not found.add(word, kind):
            begin = index
            while begin and words.kinds.get(tokens[begin - 1]) == "empty":  # "the man"
                begin -= 1
            rest = " ".join(tokens[begin:])
            if kind == "target" and (beside := _read_english(" ".join(tokens[index + 1 :]))):
                return found.joined(beside)
            if "to" in tokens[begin:index]:
                kind = "target"
            is_name = not rest[:1].isdigit()  # "Track 5" is a song
            return found.reading(rest) if is_name and found.has_target(kind) else None
    return found.reading()


@cache
def _verb(token: str) -> str:
    """The verb of any of its forms, "" for another word: pans, panning, panned."""
    forms = [token]
    for ending, other in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"),
                          ("ed", ""), ("ed", "e")):  # fmt: skip
        if token.endswith(ending) and len(token) > len(ending) + 2:
            stem = token.removesuffix(ending)
            forms.append(stem + other)
            if not other and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return next((form for form in forms if form in _words("en").verbs), "")


def _read_chinese(folded: str) -> Reading | None:
    found = _Phrases(_words("zh"))
    text = re.sub(r"[\s\-:.。!·\"'“”‘’「」『』《》〈〉*()]", "", folded)
    for at, word, kind in _chinese_words(text):
        # A side belongs to the verb behind it, 推进左摇, unless that before it waits for one: 摇左.
        waits = found.words.sides[word] in found.means and not found.sides if kind == "side" else 0
        if kind == "side" and found.verb and not waits and not found.close():
            return None
        if not found.add(word, kind):
            rest = text[at:]
            followed = found.has_target(kind) and len(rest) <= _MAX_FOLLOWED
            return found.reading(rest) if followed else None
    return found.reading()


def _chinese_words(text: str) -> Iterator[tuple[int, str, str]]:
    """Yields the words with their places and kinds, the longest that there is at each place."""
    kinds = _words("zh").kinds
    longest = max(map(len, kinds))
    at = 0
    while at < len(text):
        sizes = range(min(longest, len(text) - at), 0, -1)
        word = next((text[at : at + size] for size in sizes if text[at : at + size] in kinds), "")
        word = word or text[at]
        yield at, word, kinds.get(word, "unknown")
        at += len(word) + int(word[-1] == "镜" and text.startswith("头", at + len(word)))


def are_adverbs(text: str) -> bool:
    """Whether a text says how something moves, and nothing else."""
    words, chinese = fold(text).split(), _words("zh").kinds
    return bool(words) and all(
        word in _PACES or word.endswith("ly") or chinese.get(word) == "adverb" for word in words
    )


def without_adverbs(text: str) -> str:
    """A text in one language's words without those that only say how: "push in slowly"."""
    return " ".join(word for word in fold(text).replace("-", " ").split() if not are_adverbs(word))


def commands(inner: str) -> list[Phrase] | None:
    """Reads all that stands in a bracket; None where anything in it is no command."""
    if len(inner) > _MAX_LENGTH:
        return None
    phrases: list[Phrase] = []
    for item in filter(None, split(inner)):
        reading = read(item)
        if reading is None or reading.rest:
            return None
        phrases += reading.phrases
    return phrases or None


def longest(texts: Iterable[str]) -> tuple[str, list[Phrase]] | None:
    """Returns of texts that get shorter the longest that is commands, without the words that add
    nothing to them, and the commands."""
    found: tuple[str, list[Phrase]] | None = None
    for text in texts:
        phrases = commands(text)
        if found and [one.options for one in phrases or ()] != [one.options for one in found[1]]:
            break
        if phrases:
            found = text, phrases
            if CJK.search(text) or all(map(find, split(text))):
                break
    return found


def nearest(name: str) -> Move | None:
    """Returns the one move that `name` is another name or a typo of, or None."""
    reading = read(name)
    if reading is None:
        return typo(name)
    together = reading.phrases[0].options[0]
    return by_name()[together[0]] if len(reading.phrases) == len(together) == 1 else None


@lru_cache(maxsize=1024)
def typo(name: str) -> Move | None:
    """Returns the move whose name is nearly this, adverbs left aside, or None."""
    kinds = _words("en").kinds
    words = [word for word in fold(name).split() if kinds.get(word) != "adverb"]
    written = " ".join(words)[:_MAX_LENGTH]
    if words[-1:] == ["focus"] or _NEGATIONS & set(words[:1]):  # "pull focus" moves no camera
        return None
    near = closest(written, by_name(), cutoff=_MIN_SIMILARITY)
    return by_name()[near] if near else find(name)
