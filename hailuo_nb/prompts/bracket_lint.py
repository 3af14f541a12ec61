"""Lints one bracket: its moves among each other, and each of its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hailuo_nb.prompts.brackets import Bracket, language_of, write
from hailuo_nb.prompts.finding import Finding
from hailuo_nb.prompts.moves import Language, Move, apart, by_name, find
from hailuo_nb.prompts.words import Reading, Together, are_adverbs, read, typo

MAX_MOVES = 3
"""Moves in one bracket; more are not recommended by the providers' pages."""

_TOGETHER = "Moves in one bracket happen together; in brackets of their own, in turn."


def lint_bracket(bracket: Bracket) -> list[Finding]:
    words = [item for item in bracket.items if item]
    start, end = bracket.start, bracket.end
    if not words:
        return [Finding("empty_bracket", "An empty bracket does nothing.", start, end, "")]
    if not bracket.moves and not any(read(word) or typo(word) or _parts(word) for word in words):
        message = f"{bracket.text} is no camera command and is sent as ordinary text."
        return [Finding("plain_bracket", message, start, end, values={"bracket": bracket.text})]
    found = list(_escaped(bracket)) or list(_in_turn(bracket)) or list(_lint_words(bracket))
    return found + list(_lint_moves(bracket)) if bracket.moves else found


def _escaped(bracket: Bracket) -> Iterator[Finding]:
    if "\\" not in bracket.text or not bracket.moves:
        return
    message = "A backslash stands before a bracket, as on a Markdown page."
    inner = re.sub(r"\\(?=[\W_]|$)", "", bracket.inner).replace("\\", ",")
    text = f"[{inner}]"
    yield Finding("escaped_bracket", message, bracket.start, bracket.end, text)


def _in_turn(bracket: Bracket) -> Iterator[Finding]:
    """Commands with "then" behind a comma."""
    readings = [read(item) for item in bracket.items if item]
    if not all(one and not one.rest for one in readings):
        return
    if not any(one and one.in_turn and len(one.phrases) == 1 for one in readings[1:]):
        return
    language = language_of(bracket.inner)
    apart: list[list[str]] = []
    for reading in filter(None, readings):
        for phrase in reading.phrases:
            if not apart or reading.in_turn:
                apart.append([])
            apart[-1].append(spelt(phrase.options[0], language))
    text = ("" if language == "zh" else " ").join(f"[{','.join(one)}]" for one in apart)
    yield Finding("in_turn", _TOGETHER, bracket.start, bracket.end, text)


def _lint_moves(bracket: Bracket) -> Iterator[Finding]:
    known = bracket.moves
    language: Language = "zh" if any(one.chinese in bracket.inner for one in known) else "en"

    def finding(
        rule: str, message: str, kept: Sequence[Move] | None, **values: str | int
    ) -> Finding:
        text = None if kept is None else write(kept, bracket.words, language)
        return Finding(rule, message, bracket.start, bracket.end, text, values=values)

    distinct = list(dict.fromkeys(known))
    if len(distinct) < len(known):
        yield finding("duplicate", "The same move stands twice in one bracket.", distinct)
    if len(distinct) > MAX_MOVES:
        message = f"{len(distinct)} moves in one bracket; at most {MAX_MOVES} work well together."
        kept = distinct[:MAX_MOVES]
        yield finding("too_many", message, kept, count=len(distinct), most=MAX_MOVES)
    keys = {one.key for one in distinct}
    for one in distinct:
        if one.opposite in keys and one.key < str(one.opposite):
            other = by_name()[str(one.opposite)]
            message = f"{one.english} and {other.english} undo each other in one bracket."
            names = {"first": one.command(language), "second": other.command(language)}
            yield finding("opposites", message, None, **names)
    if "static" in keys and len(keys) > 1:
        message = "Static shot together with a move is a contradiction."
        kept = [one for one in distinct if one.key != "static"]
        yield finding("static_with_move", message, kept)


def _lint_words(bracket: Bracket) -> Iterator[Finding]:
    """Findings on the words that are no move, each in its place."""
    alone = sum(1 for item in bracket.items if item) == 1
    source = bracket.text
    cursor = bracket.inside - bracket.start
    for item in bracket.items:
        at = source.find(item, cursor)
        if not item or at < 0:
            continue
        cursor = at + len(item)
        start = bracket.start + at
        if bracket.moves and are_adverbs(item):
            kept = [other for other in bracket.items if other and other != item]
            message = f"No command takes {item!r}: write it beside the bracket."
            values = {"word": item, "how": item}
            text = f"[{','.join(kept)}]"
            yield Finding("adverb", message, bracket.start, bracket.end, text, values=values)
        elif not find(item):
            yield _lint_word(item, start, start + len(item), bracket if alone else None)


def _lint_word(word: str, start: int, end: int, alone: Bracket | None) -> Finding:
    """`alone`: the bracket in which nothing else stands; its cure can have other brackets."""
    language = language_of(word)
    reading = read(word)
    values: dict[str, str | int] = {"word": word}
    if reading is None and (parts := _parts(word)):
        message = f"{word!r} is several things: a comma stands between them."
        return Finding("no_separator", message, start, end, ",".join(parts), values=values)
    if reading is None:
        near = typo(word)
        cure = near.command(language) if near else None
        hint = f"; did you mean {cure!r}?" if cure else ""
        message = f"{word!r} is none of the fifteen camera commands{hint}"
        return Finding("unknown_command", message, start, end, cure, values=values)
    if len(reading.phrases) > 1:
        return _several(word, reading, start, end, alone)
    phrase = reading.phrases[0]
    cure, *others = (spelt(together, language) for together in phrase.options)
    if others:
        message = f"{word!r} can be {len(phrase.options)} moves: which one?"
        return Finding("which_move", message, start, end, cure, tuple(others), values)
    if reading.rest and alone is not None:
        start, end, cure = alone.start, alone.end, f"[{cure}] {_tail(word, reading.rest)}"
    if reading.adverbs and not reading.rest:
        how = ", ".join(reading.adverbs)
        message = f"No command takes {how!r}: write it beside the bracket; did you mean {cure!r}?"
        return Finding("adverb", message, start, end, cure, values={**values, "how": how})
    message = f"{word!r} is none of the fifteen camera commands; did you mean {cure!r}?"
    return Finding("unknown_command", message, start, end, cure, values=values)


def _parts(word: str) -> list[str]:
    """A word in its parts, where one of them is a move: "Push in; warm light"."""
    parts = apart(word)
    return parts if len(parts) > 1 and any(read(part) for part in parts) else []


def _several(word: str, reading: Reading, start: int, end: int, alone: Bracket | None) -> Finding:
    """A word that is several commands: which of them, or all of them and how."""
    language = language_of(word)
    distinct = dict.fromkeys(phrase.options[0] for phrase in reading.phrases)
    each = [spelt(together, language) for together in distinct]
    together, values = ",".join(each), {"word": word}
    if "/" in word or "或" in word or " or " in word.lower():
        message = f"{word!r} can be {len(each)} moves: which one?"
        return Finding("which_move", message, start, end, each[0], (*each[1:], together), values)
    if reading.in_turn and alone is not None:
        apart = ("" if language == "zh" else " ").join(f"[{one}]" for one in each)
        return Finding("in_turn", _TOGETHER, alone.start, alone.end, apart, values=values)
    message = f"{word!r} is {len(each)} moves: a comma stands between them."
    return Finding("no_separator", message, start, end, together, values=values)


def spelt(together: Together, language: Language) -> str:
    """The commands of moves that happen together, as they stand in a bracket."""
    return ",".join(by_name()[key].command(language) for key in together)


def _tail(word: str, rest: str) -> str:
    """What stands behind the command, as it was written."""
    written = re.search(r"[\s\-]+".join(map(re.escape, rest.split())) + "$", word, re.IGNORECASE)
    return written[0] if written else rest
