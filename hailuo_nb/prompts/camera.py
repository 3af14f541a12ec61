"""Parses, writes and lints the fifteen camera moves in a prompt.

Grammar (MiniMax's Chinese and English text-to-video pages, and both pages that list the commands):
moves in one pair of brackets happen together, brackets in the order of the text. A bracket without
any of the fifteen is ordinary text and is sent unchanged. Models that take no brackets get prose,
and the camera's prose is read as steps too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hailuo_nb.prompts.bracket_lint import MAX_MOVES
from hailuo_nb.prompts.brackets import brackets, write
from hailuo_nb.prompts.finding import Finding
from hailuo_nb.prompts.lint import lint
from hailuo_nb.prompts.moves import Language, Move, find, moves, split
from hailuo_nb.prompts.prose import described, shots, write_brackets, write_prose
from hailuo_nb.prompts.words import nearest

__all__ = [
    "MAX_MOVES",
    "Dialect",
    "Finding",
    "Language",
    "Move",
    "Step",
    "bracket",
    "first_steps",
    "insert",
    "lint",
    "move",
    "moves",
    "moves_text",
    "nearest",
    "parse",
    "render",
    "split",
    "without_steps",
    "wording",
    "write_brackets",
]

_KEPT = 4096  # prompts of a ledger whose parts are asked for again and again

Dialect = Literal["en", "zh", "prose"]
"""How a model takes moves: brackets in one of two languages, or sentences about the camera."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bracket, or one clause of prose, `prompt[start:end]`: its moves happen together."""

    moves: tuple[Move, ...]
    start: int
    end: int
    unknown: tuple[str, ...] = ()
    prose: bool = False


def move(name: str | Move) -> Move:
    """Returns the move of a key, Chinese or English command. Raises ValueError."""
    if isinstance(name, Move):
        return name
    found = find(name)
    if found is None:
        near = nearest(name)
        hint = f"; did you mean {near.english!r}?" if near else ""
        raise ValueError(f"{name!r} is none of the fifteen camera moves{hint}")
    return found


def parse(prompt: str) -> list[Step]:
    """Returns the steps of a prompt in order: both languages, half- and full-width punctuation.

    Prose as `render` writes it is steps too; where there are neither, so is what anybody says of
    the camera ("The camera slowly dollies in toward her"). Beside them it describes what they ask.
    """
    return list(_steps(prompt))


@lru_cache(maxsize=64)  # asked as often as `lint` is
def _steps(prompt: str) -> tuple[Step, ...]:
    found = list(brackets(prompt))
    steps = [Step(one.moves, one.start, one.end, one.words) for one in found if one.moves]
    parts = [part for shot in shots(prompt) for part in shot.steps]
    if not steps and not parts:
        parts = list(described(prompt))
    steps += [
        Step(together, start, end, prose=True)
        for together, start, end in parts
        if not any(one.start < start < one.end for one in found)
    ]
    return tuple(sorted(steps, key=lambda step: step.start))


def bracket(items: Iterable[str | Move], language: Language = "en") -> str:
    """Formats one step, e.g. `[Push in,Pan left]`."""
    return write([move(item) for item in items], (), language)


def insert(
    prompt: str, items: Sequence[str | Move], at: int | None = None, language: Language = "en"
) -> tuple[str, int]:
    """Inserts a step at index `at` (code points; by default the end), never inside a bracket.

    Inside a step the moves are added to that step. Returns the new prompt and the caret position
    after the step.
    """
    at = len(prompt) if at is None else max(0, min(at, len(prompt)))
    for one in brackets(prompt):
        if one.moves and one.start < at < one.end:
            merged = dict.fromkeys((*one.moves, *(move(item) for item in items)))
            text = write(merged, one.words, language)
            return prompt[: one.start] + text + prompt[one.end :], one.start + len(text)
    for one in brackets(prompt):
        if one.start < at < one.end:
            at = one.end
    text = bracket(items, language)
    before = "" if at == 0 or prompt[at - 1].isspace() or language == "zh" else " "
    return prompt[:at] + before + text + prompt[at:], at + len(before) + len(text)


def render(prompt: str, dialect: Dialect) -> str:
    """Translates the commands to half-width brackets of one language, or to prose; keeps all other
    text."""
    if dialect == "prose":
        return write_prose(prompt)
    written, at = "", 0
    for one in brackets(prompt):
        if one.moves:
            items = [
                found.command(dialect) if (found := find(item)) else item for item in one.items
            ]
            written += prompt[at : one.start] + "[" + ",".join(filter(None, items)) + "]"
            at = one.end
    return written + prompt[at:]


def first_steps(prompt: str, count: int) -> str:
    """Returns the prompt with the first brackets of moves only, each other gone with its space."""
    words, at = "", 0
    for one in [one for one in brackets(prompt) if one.moves][count:]:
        words, at = words + prompt[at : one.start].removesuffix(" "), one.end
    return words + prompt[at:]


def without_steps(prompt: str) -> str:
    """Returns the words of a prompt that are not about the camera: the same for brackets and for
    the prose that `render` makes of them, but for space and signs."""
    words, at = "", 0
    spans = [(one.start, one.end) for one in brackets(prompt) if one.moves]
    spans += [(shot.start, shot.end) for shot in shots(prompt)]
    for start, end in sorted(spans):
        words, at = words + prompt[at:start], end
    return words + prompt[at:]


@lru_cache(maxsize=_KEPT)
def moves_text(prompt: str) -> str:
    """The camera moves of a prompt, as a text to group by: "Truck left + Pan right, Push in"."""
    steps = [" + ".join(move.english for move in step.moves) for step in parse(prompt)]
    return ", ".join(filter(None, steps))


@lru_cache(maxsize=_KEPT)
def wording(prompt: str) -> str:
    """The prompt without its camera moves, each space once."""
    return " ".join(without_steps(prompt).split())
