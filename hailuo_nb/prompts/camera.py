"""The fifteen camera moves: read them from a prompt, write them, check them.

Pure: text in, text and findings out. Must not know providers, models or limits of length (see
`compat`).

Grammar (MiniMax's Chinese and English text-to-video pages, and both seed pages that list the
commands): moves inside one pair of brackets happen together, brackets follow one another in the
order of the text. A bracket that holds none of the fifteen is ordinary text for us and is sent as
it stands.
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

MAX_TOGETHER = 3
"""Moves in one bracket that the providers' pages advise at most."""

_BRACKET = re.compile(r"[\[［【]([^\[\]［］【】]*)[\]］】]")
_SEPARATOR = re.compile(r"[,，、]")
# Words that people write for a command; the spelling on MiniMax's own English page ("Push out") is
# one of them.
_NEAR = {
    "push out": "pull_out",
    "pull in": "push_in",
    "dolly in": "push_in",
    "dolly out": "pull_out",
}
# Below this likeness a bracket is ordinary text ("Sony A7"), above it a slip of the pen ("Pann
# left").
_SLIP = 0.72


@dataclass(frozen=True, slots=True)
class Move:
    """One of the fifteen commands. `opposite` is the key of the move that undoes it, where there is
    one."""

    key: str
    chinese: str
    english: str
    group: str
    opposite: str | None

    def command(self, language: Language) -> str:
        return self.chinese if language == "zh" else self.english


@dataclass(frozen=True, slots=True)
class Step:
    """One bracket: its moves happen together. `prompt[start:end]` is the bracket with its
    brackets."""

    moves: tuple[Move, ...]
    start: int
    end: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about `prompt[start:end]`. `replacement` is a text for that span that cures
    it.

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
    """The fifteen moves in the order of the providers' pages."""
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
    """The move of that key, Chinese or English command. Raises ValueError that suggests the
    nearest."""
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
    """The move that somebody who wrote `name` most likely meant, or None if it looks like no
    command."""
    folded = _fold(name)
    if folded in _NEAR:
        return _by_name()[_NEAR[folded]]
    close = difflib.get_close_matches(folded, list(_by_name()), n=1, cutoff=_SLIP)
    return _by_name()[close[0]] if close else None


def _brackets(prompt: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    for match in _BRACKET.finditer(prompt):
        yield match, [item.strip() for item in _SEPARATOR.split(match[1])]


def parse(prompt: str) -> list[Step]:
    """The steps of a prompt in order. Both languages, half- and full-width brackets and commas."""
    steps = []
    for match, items in _brackets(prompt):
        known = tuple(found for item in items if (found := _find(item)))
        if known:
            unknown = tuple(item for item in items if item and not _find(item))
            steps.append(Step(known, match.start(), match.end(), unknown))
    return steps


def bracket(together: Iterable[str | Move], language: Language = "en") -> str:
    """`[Push in,Pan left]`: one step, written for a prompt."""
    return _written([move(item) for item in together], (), language)


def _written(together: Iterable[Move], words: Iterable[str], language: Language) -> str:
    """A bracket of moves that keeps the words which are none of the fifteen."""
    return "[" + ",".join([*(found.command(language) for found in together), *words]) + "]"


def insert(
    prompt: str, together: Sequence[str | Move], at: int | None = None, language: Language = "en"
) -> tuple[str, int]:
    """Put a step at index `at` (code points; the end if None), never inside another bracket.

    Returns the new prompt and the caret behind the step. A caret inside a step adds the moves to
    that step, which keeps its other words.
    """
    at = len(prompt) if at is None else max(0, min(at, len(prompt)))
    for step in parse(prompt):
        if step.start < at < step.end:
            merged = [
                *step.moves,
                *(move(item) for item in together if move(item) not in step.moves),
            ]
            text = _written(merged, step.unknown, language)
            return prompt[: step.start] + text + prompt[step.end :], step.start + len(text)
    for match, _ in _brackets(prompt):
        if match.start() < at < match.end():
            at = match.end()
    text = bracket(together, language)
    before = "" if at == 0 or prompt[at - 1].isspace() or language == "zh" else " "
    return prompt[:at] + before + text + prompt[at:], at + len(before) + len(text)


def render(prompt: str, language: Language) -> str:
    """The prompt with its commands in one language and plain half-width brackets; all other text
    untouched.

    A bracket that mixes commands with other words keeps the words.
    """

    def rewrite(match: re.Match[str]) -> str:
        items = [item.strip() for item in _SEPARATOR.split(match[1])]
        if not any(_find(item) for item in items):
            return match[0]
        written = [found.command(language) if (found := _find(item)) else item for item in items]
        return "[" + ",".join(item for item in written if item) + "]"

    return _BRACKET.sub(rewrite, prompt)


def lint(prompt: str) -> list[Finding]:
    """Everything worth saying about the brackets of a prompt, in the order of the text."""
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

    def say(rule: str, message: str, replacement: Sequence[Move] | None) -> None:
        language: Language = "zh" if any(found.chinese in match[1] for found in known) else "en"
        text = None if replacement is None else _written(replacement, unknown, language)
        findings.append(Finding(rule, message, start, end, text))

    distinct = list(dict.fromkeys(known))
    if len(distinct) < len(known):
        say("duplicate", "The same move stands twice in one bracket.", distinct)
    if len(distinct) > MAX_TOGETHER:
        say(
            "too_many",
            f"{len(distinct)} moves in one bracket; at most {MAX_TOGETHER} work well together.",
            distinct[:MAX_TOGETHER],
        )
    keys = {found.key for found in distinct}
    for found in distinct:
        if found.opposite in keys and found.key < str(found.opposite):
            other = move(str(found.opposite))
            say(
                "opposites",
                f"{found.english} and {other.english} undo each other in one bracket.",
                None,
            )
    if "static" in keys and len(keys) > 1:
        say(
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
