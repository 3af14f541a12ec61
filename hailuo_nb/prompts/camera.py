"""Parses, writes and lints the fifteen camera moves in a prompt.

Grammar (MiniMax's Chinese and English text-to-video pages, and both pages that list the commands):
moves in one pair of brackets happen together, brackets in the order of the text. A bracket without
any of the fifteen is ordinary text and is sent unchanged.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]

MAX_MOVES = 3
"""Moves in one bracket; more are not recommended by the providers' pages."""

_BRACKET = re.compile(r"[\[［【]([^\[\]［］【】]*)[\]］】]")
_SEPARATOR = re.compile(r"[,，、]")
# What people write for a command; "Push out" is on MiniMax's own English page.
_ALIASES = {
    "push out": "pull_out",
    "pull in": "push_in",
    "dolly in": "push_in",
    "dolly out": "pull_out",
}
# Similarity below which a bracket is ordinary text ("Sony A7") and not a typo ("Pann left").
_MIN_SIMILARITY = 0.72


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


@dataclass(frozen=True, slots=True)
class Step:
    """One bracket, `prompt[start:end]`: its moves happen together."""

    moves: tuple[Move, ...]
    start: int
    end: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A lint message about `prompt[start:end]`. `replacement` for that span fixes it.

    rule: unknown_command, plain_bracket, too_many, opposites, static_with_move, duplicate,
    empty_bracket.
    """

    rule: str
    message: str
    start: int
    end: int
    replacement: str | None = None


@cache
def moves() -> tuple[Move, ...]:
    """Returns the fifteen moves in the order of the providers' pages."""
    rows = json.loads(Path(__file__).with_name("moves.json").read_text(encoding="utf-8"))
    return tuple(Move(**row) for row in rows)


@cache
def _by_name() -> dict[str, Move]:
    return {
        name: move for move in moves() for name in (move.key, _fold(move.english), move.chinese)
    }


def _fold(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())


def move(name: str | Move) -> Move:
    """Returns the move of a key, Chinese or English command. Raises ValueError."""
    if isinstance(name, Move):
        return name
    found = _find(name)
    if found is None:
        near = nearest(name)
        hint = f"; did you mean {near.english!r}?" if near else ""
        raise ValueError(f"{name!r} is none of the fifteen camera moves{hint}")
    return found


def _find(name: str) -> Move | None:
    return _by_name().get(_fold(name)) or _by_name().get(name.strip())


def nearest(name: str) -> Move | None:
    """Returns the move that `name` is a typo or alias of, or None."""
    folded = _fold(name)
    if folded in _ALIASES:
        return _by_name()[_ALIASES[folded]]
    close = difflib.get_close_matches(folded, list(_by_name()), n=1, cutoff=_MIN_SIMILARITY)
    return _by_name()[close[0]] if close else None


def _brackets(prompt: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    for match in _BRACKET.finditer(prompt):
        yield match, [item.strip() for item in _SEPARATOR.split(match[1])]


def parse(prompt: str) -> list[Step]:
    """Returns the steps of a prompt in order: both languages, half- and full-width punctuation."""
    steps = []
    for match, items in _brackets(prompt):
        known = tuple(found for item in items if (found := _find(item)))
        if known:
            unknown = tuple(item for item in items if item and not _find(item))
            steps.append(Step(known, match.start(), match.end(), unknown))
    return steps


def bracket(items: Iterable[str | Move], language: Language = "en") -> str:
    """Formats one step, e.g. `[Push in,Pan left]`."""
    return _format_bracket([move(item) for item in items], (), language)


def _format_bracket(moves_: Iterable[Move], words: Iterable[str], language: Language) -> str:
    """Formats a bracket of moves and other words."""
    return "[" + ",".join([*(found.command(language) for found in moves_), *words]) + "]"


def insert(
    prompt: str, items: Sequence[str | Move], at: int | None = None, language: Language = "en"
) -> tuple[str, int]:
    """Inserts a step at index `at` (code points; by default the end), never inside a bracket.

    Inside a step the moves are added to that step. Returns the new prompt and the caret position
    after the step.
    """
    at = len(prompt) if at is None else max(0, min(at, len(prompt)))
    for step in parse(prompt):
        if step.start < at < step.end:
            merged = [
                *step.moves,
                *(move(item) for item in items if move(item) not in step.moves),
            ]
            text = _format_bracket(merged, step.unknown, language)
            return prompt[: step.start] + text + prompt[step.end :], step.start + len(text)
    for match, _ in _brackets(prompt):
        if match.start() < at < match.end():
            at = match.end()
    text = bracket(items, language)
    before = "" if at == 0 or prompt[at - 1].isspace() or language == "zh" else " "
    return prompt[:at] + before + text + prompt[at:], at + len(before) + len(text)


def render(prompt: str, language: Language) -> str:
    """Translates the commands to one language in half-width brackets; keeps all other text."""

    def rewrite(match: re.Match[str]) -> str:
        items = [item.strip() for item in _SEPARATOR.split(match[1])]
        if not any(_find(item) for item in items):
            return match[0]
        written = [found.command(language) if (found := _find(item)) else item for item in items]
        return "[" + ",".join(item for item in written if item) + "]"

    return _BRACKET.sub(rewrite, prompt)


def lint(prompt: str) -> list[Finding]:
    """Checks the brackets of a prompt; returns findings in the order of the text."""
    findings: list[Finding] = []
    for match, items in _brackets(prompt):
        findings += _lint_bracket(match, items)
    return findings


def _lint_bracket(match: re.Match[str], items: list[str]) -> list[Finding]:
    start, end = match.span()
    words = [item for item in items if item]
    if not words:
        return [Finding("empty_bracket", "An empty bracket does nothing.", start, end, "")]
    known = [found for item in words if (found := _find(item))]
    unknown = [item for item in words if not _find(item)]
    if not known and not any(nearest(item) for item in unknown):
        message = f"{match[0]} is no camera command and is sent as ordinary text."
        return [Finding("plain_bracket", message, start, end)]
    findings = _lint_unknown(match, words)
    if not known:
        return findings

    def report(rule: str, message: str, replacement: Sequence[Move] | None) -> None:
        language: Language = "zh" if any(found.chinese in match[1] for found in known) else "en"
        text = None if replacement is None else _format_bracket(replacement, unknown, language)
        findings.append(Finding(rule, message, start, end, text))

    distinct = list(dict.fromkeys(known))
    if len(distinct) < len(known):
        report("duplicate", "The same move stands twice in one bracket.", distinct)
    if len(distinct) > MAX_MOVES:
        report(
            "too_many",
            f"{len(distinct)} moves in one bracket; at most {MAX_MOVES} work well together.",
            distinct[:MAX_MOVES],
        )
    keys = {found.key for found in distinct}
    for found in distinct:
        if found.opposite in keys and found.key < str(found.opposite):
            other = move(str(found.opposite))
            report(
                "opposites",
                f"{found.english} and {other.english} undo each other in one bracket.",
                None,
            )
    if "static" in keys and len(keys) > 1:
        report(
            "static_with_move",
            "Static shot together with a move is a contradiction.",
            [found for found in distinct if found.key != "static"],
        )
    return findings


def _lint_unknown(match: re.Match[str], words: list[str]) -> list[Finding]:
    findings = []
    cursor = match.start(1)
    for word in words:
        cursor = match.string.index(word, cursor)
        start, cursor = cursor, cursor + len(word)
        if _find(word):
            continue
        near = nearest(word)
        chinese = any("一" <= char <= "鿿" for char in word)
        replacement = near.command("zh" if chinese else "en") if near else None
        hint = f"; did you mean {replacement!r}?" if replacement else ""
        message = f"{word!r} is none of the fifteen camera commands{hint}"
        findings.append(Finding("unknown_command", message, start, cursor, replacement))
    return findings
