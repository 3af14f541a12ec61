"""Alternatives in a prompt: `A cat at {dawn|dusk}` is two prompts.

Pure: text in, texts out. Must not know requests or providers. The editor's JavaScript keeps the
same rules; both are tested with tests/vectors/variants.json.

Grammar: braces with a bar in them are alternatives, which may be empty and may hold alternatives
themselves; spaces count. Braces without a bar, and a bar outside braces, are ordinary text. A
backslash before one of `{ } | \\` makes it ordinary text and goes away; before anything else it
stays. A brace without its partner is an error, because a slip there would be paid for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from hailuo_nb.errors import VariantsError
from hailuo_nb.requests.arguments import MAX_CHARACTERS

MAX_PROMPTS = 256
"""Prompts that one prompt may stand for."""
MAX_DEPTH = 8
"""Braces inside braces, at most."""

_COUNTED = 10**9
_SPECIAL = "{}|\\"


@dataclass(slots=True)
class _Group:
    """What stands between two braces, or the whole prompt: alternatives, each a row of texts and
    groups."""

    start: int
    alternatives: list[list[str | _Group]] = field(default_factory=lambda: [[]])

    def add(self, piece: str | _Group) -> None:
        self.alternatives[-1].append(piece)


def expand(prompt: str) -> list[str]:
    """Every prompt that this one stands for, each once, the first alternatives first.

    A prompt without braces gives itself. Raises VariantsError.
    """
    if len(prompt) > MAX_CHARACTERS:
        message = f"the prompt has {len(prompt):,} characters; at most {MAX_CHARACTERS:,} are read"
        raise VariantsError("too_long", message, MAX_CHARACTERS)
    whole = _parse(prompt)
    count = _count(whole)
    if count > MAX_PROMPTS:
        many = (
            f"{count:,}" if count < _COUNTED else f"more than {_COUNTED:,}"
        )  # of digits Python writes 4300 at most
        message = f"the braces stand for {many} prompts; at most {MAX_PROMPTS} are made of one"
        first = next(piece for piece in whole.alternatives[0] if isinstance(piece, _Group))
        raise VariantsError("too_many", message, first.start)
    return list(dict.fromkeys(_texts(whole)))


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
                    f"the }} at character {at + 1} closes nothing; write \\}} for a brace "
                    "in "
                    "the text"
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
    """How many texts a group stands for, without making them. A row without groups counts as
    one."""
    return sum(prod(_count(p) for p in row if isinstance(p, _Group)) for row in group.alternatives)


def _texts(group: _Group) -> Iterator[str]:
    """The texts of a group. One alternative alone is no choice: its braces are part of the text."""
    plain = len(group.alternatives) == 1 and group.start >= 0
    for row in group.alternatives:
        for text in _rows(row):
            yield f"{{{text}}}" if plain else text


def _rows(row: Sequence[str | _Group]) -> Iterator[str]:
    pieces = [[piece] if isinstance(piece, str) else list(_texts(piece)) for piece in row]
    return ("".join(chosen) for chosen in product(*pieces))
