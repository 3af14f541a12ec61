"""Expands alternatives in a prompt: `A cat at {dawn|dusk}` is two prompts.

Grammar: braces with a bar are alternatives, which may be empty or nested; spaces count. Braces
without a bar, and a bar outside braces, are ordinary text. A backslash escapes `{ } | \\`; before
any other character it stays. An unmatched brace is an error, because a typo would be paid for. The
editor's JavaScript has the same rules; tests/vectors/variants.json tests both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from hailuo_nb.errors import VariantsError
from hailuo_nb.requests.arguments import MAX_CHARACTERS

MAX_PROMPTS = 256
"""Prompts that one prompt may expand to."""
MAX_DEPTH = 8
"""Levels of nested braces."""

_MAX_COUNT = 10**9
_SPECIAL = "{}|\\"


@dataclass(slots=True)
class _Group:
    """A pair of braces, or the whole prompt: alternatives of texts and groups."""

    start: int
    alternatives: list[list[str | _Group]] = field(default_factory=lambda: [[]])

    def add(self, piece: str | _Group) -> None:
        self.alternatives[-1].append(piece)


def expand(prompt: str) -> list[str]:
    """Returns the distinct prompts, the first alternatives first. Raises VariantsError."""
    if len(prompt) > MAX_CHARACTERS:
        message = f"the prompt has {len(prompt):,} characters; at most {MAX_CHARACTERS:,} are read"
        raise VariantsError("too_long", message, MAX_CHARACTERS)
    root = _parse(prompt)
    count = _count(root)
    if count > MAX_PROMPTS:
        # Python formats at most 4300 digits.
        number = f"{count:,}" if count < _MAX_COUNT else f"more than {_MAX_COUNT:,}"
        message = f"the braces stand for {number} prompts; at most {MAX_PROMPTS} are made of one"
        first = next(piece for piece in root.alternatives[0] if isinstance(piece, _Group))
        raise VariantsError("too_many", message, first.start)
    return list(dict.fromkeys(_texts(root)))


def _parse(prompt: str) -> _Group:
    open_groups = [_Group(-1)]
    at = 0
    while at < len(prompt):
        char = prompt[at]
        if char == "\\" and prompt[at + 1 : at + 2] and prompt[at + 1] in _SPECIAL:
            at += 1
            open_groups[-1].add(prompt[at])
        elif char == "{":
            if len(open_groups) > MAX_DEPTH:
                message = f"braces stand more than {MAX_DEPTH} deep at character {at + 1}"
                raise VariantsError("too_deep", message, at)
            open_groups.append(_Group(at))
        elif char == "}":
            if len(open_groups) == 1:
                message = (
                    f"the }} at character {at + 1} closes nothing; write \\}} for a brace in the "
                    "text"
                )
                raise VariantsError("unopened", message, at)
            closed = open_groups.pop()
            open_groups[-1].add(closed)
        elif char == "|" and len(open_groups) > 1:
            open_groups[-1].alternatives.append([])
        else:
            open_groups[-1].add(char)
        at += 1
    if len(open_groups) > 1:
        start = open_groups[-1].start
        message = (
            f"the {{ at character {start + 1} is never closed; write \\{{ for a brace in the text"
        )
        raise VariantsError("unclosed", message, start)
    return open_groups[0]


def _count(group: _Group) -> int:
    """Counts the texts of a group without building them."""
    return sum(prod(_count(p) for p in row if isinstance(p, _Group)) for row in group.alternatives)


def _texts(group: _Group) -> Iterator[str]:
    """Yields the texts of a group; with one alternative the braces are part of the text."""
    is_literal = len(group.alternatives) == 1 and group.start >= 0
    for row in group.alternatives:
        for text in _rows(row):
            yield f"{{{text}}}" if is_literal else text


def _rows(row: Sequence[str | _Group]) -> Iterator[str]:
    pieces = [[piece] if isinstance(piece, str) else list(_texts(piece)) for piece in row]
    return ("".join(combination) for combination in product(*pieces))
