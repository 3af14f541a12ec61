"""Finds the brackets of a prompt, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hailuo_nb.prompts.moves import CJK, Language, Move, find, split

OPENING = "[［【"
CLOSING = "]］】"

# A Markdown page puts a backslash before each bracket; the second is then among the words.
_BRACKET = re.compile(r"\\?[\[［【]([^\[\]［］【】]*)[\]］】]")


@dataclass(frozen=True, slots=True)
class Bracket:
    """`prompt[start:end]`; its words begin at `inside`. `items` are moves, other words and ""."""

    text: str
    inner: str
    start: int
    end: int
    inside: int
    items: tuple[str, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(found for item in self.items if (found := find(item)))

    @property
    def words(self) -> tuple[str, ...]:
        """The items that are no move."""
        return tuple(item for item in self.items if item and not find(item))


def brackets(prompt: str) -> Iterator[Bracket]:
    """Yields the brackets in the order of the text, of two that are nested the inner one."""
    for match in _BRACKET.finditer(prompt):
        items = tuple(split(match[1]))
        found = Bracket(match[0], match[1], match.start(), match.end(), match.start(1), items)
        # A backslash before ordinary text is part of the text.
        skip = int(match[0].startswith("\\") and not found.moves)
        yield Bracket(match[0][skip:], match[1], found.start + skip, found.end, found.inside, items)


def write(moves: Iterable[Move], words: Iterable[str], language: Language) -> str:
    """Writes a bracket of moves and other words."""
    return "[" + ",".join([*(found.command(language) for found in moves), *words]) + "]"


def language_of(text: str) -> Language:
    """The language of a command that somebody wrote."""
    return "zh" if CJK.search(text) else "en"
