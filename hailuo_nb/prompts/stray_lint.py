"""Lints commands that no proper bracket holds: unclosed, nested, in other brackets, in none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hailuo_nb.prompts.bracket_lint import spelt
from hailuo_nb.prompts.brackets import CLOSING, OPENING, brackets, language_of
from hailuo_nb.prompts.finding import Finding
from hailuo_nb.prompts.moves import find
from hailuo_nb.prompts.words import WORD, Phrase, commands, longest, without_adverbs

Span = tuple[int, int]

_NESTED = "A bracket inside a bracket is sent as ordinary text."

_OTHERS = (
    "{} () <> （） ｛｝ 〈〉 《》 「」 『』 〔〕 〖〗 ＜＞ ⟨⟩ ⟦⟧ ‹› «» ｢｣ 〘〙 〚〛 ⟪⟫ ⟬⟭ ⁅⁆ ❨❩ ❪❫ "
    "❬❭ ❮❯ ❰❱ ❲❳ ❴❵ ⦃⦄ ⦅⦆ ⦋⦌ ⦗⦘ ⧼⧽ ⸢⸣ ⸤⸥ ﹙﹚ ﹛﹜ ﹝﹞ ﹁﹂ ﹃﹄ ⌈⌉ ⌊⌋"
)
_PAIRS = [(pair[0], pair[1]) for pair in _OTHERS.split()]
_MARKUP = [("*", "*"), ("`", "`")]
# Braces with a bar are variants of a prompt; doubled ones are one pair; a page's source has names.
_OTHER_BRACKETS = re.compile(
    r"&(?:#91|#[xX]5[bB]|lsqb|lbrack|lt);([^&\[\]]*)&(?:#93|#[xX]5[dD]|rsqb|rbrack|gt);|"
    r"<(?:camera|move|shot)[\w -]*>([^<>|\[\]]*)</(?:camera|move|shot)[\w -]*>|"
    + "|".join(
        rf"{re.escape(one)}{{1,3}}([^{re.escape(one + other)}|\[\]]*){re.escape(other)}{{1,3}}"
        for one, other in [*_PAIRS, *_MARKUP]
    )
)
_OTHER_OPENING = re.escape("".join(one for one, _ in _PAIRS))
_OTHER_CLOSING = re.escape("".join(other for _, other in _PAIRS))
_ENDS = r"(?:(?! - )[^.,;!?。，；！？、…—–\n\[\]［］【】"
# What stands between signs; "Camera: static" is one.
_CLAUSE = re.compile(
    rf"\s*(?:(?i:camera)(?: \w+)?|[镜鏡][头頭]|[运運][镜鏡])(?:\s*[:：]| - ){_ENDS}])+"
    rf"|(?: - )?{_ENDS}:：])+"
)
# What is quoted is said by somebody; what is in brackets or variants has been looked at.
_OTHER_WORDS = re.compile(rf'["“”„|{_OTHER_OPENING}{_OTHER_CLOSING}]')
_THING = re.compile(r"the (?!camera|shot|drone|view)", re.IGNORECASE)  # "the truck left"
_CAMERA = re.compile(r"\b(?:camera|shot)\b|[镜鏡]|[机機]位", re.IGNORECASE)
# How far a command that is not closed, or not opened, is looked for.
_REACH = 60
# One word that people and things do as well.
_NOT_ONLY_CAMERAS = frozenset(
    ("shake", "static", "tracking", "晃动", "跟随", "固定", "上升", "下降")
)


def nested(prompt: str) -> Iterator[Finding]:
    """Brackets in brackets, all of whose words are commands."""
    depth, start, deepest = 0, 0, 0
    for at, char in enumerate(prompt):
        if char in OPENING:
            start = at if depth == 0 else start
            depth += 1
            deepest = max(deepest, depth)
        elif char in CLOSING and depth:
            depth -= 1
            if depth == 0:
                if deepest > 1:
                    yield from _nested(prompt, start, at + 1)
                deepest = 0
    for one in brackets(prompt):
        if (
            one.moves
            and (prompt[one.start - 1 : one.start], prompt[one.end : one.end + 1]) in _PAIRS
        ):
            start, end = one.start - 1, one.end + 1
            yield Finding("nested_bracket", _NESTED, start, end, f"[{one.inner}]")


def _nested(prompt: str, start: int, end: int) -> Iterator[Finding]:
    inside = re.sub(r"[\[\]［］【】\\]+", ",", prompt[start:end])
    phrases = commands(inside)
    if phrases:
        yield Finding("nested_bracket", _NESTED, start, end, _bracket(phrases, inside))


def _bracket(phrases: Sequence[Phrase], source: str) -> str:
    """One bracket, or one for each command that follows by its words."""
    language = language_of(source)
    steps: list[list[str]] = [[]]
    for phrase in phrases:
        if phrase.then and steps[-1]:
            steps.append([])
        steps[-1].append(spelt(phrase.options[0], language))
    return ("" if language == "zh" else " ").join(f"[{','.join(one)}]" for one in steps)


def _others(phrases: Sequence[Phrase], source: str) -> tuple[str, ...]:
    """What else one command can mean: "zooms in and out"."""
    options = phrases[0].options[1:] if len(phrases) == 1 else ()
    return tuple(f"[{spelt(one, language_of(source))}]" for one in options)


def stray(prompt: str, taken: Sequence[Span]) -> list[Finding]:
    """Commands outside the spans of brackets."""
    found: list[Finding] = []
    marks = bytearray(len(prompt))  # 1 where something stands that is judged already
    spans = list(taken)
    for search in (_unclosed, _other_brackets, _bare):
        for start, end in spans:
            marks[start:end] = b"\x01" * (end - start)
        findings = list(search(prompt, marks))
        spans = [(one.start, one.end) for one in findings]
        found += findings
    return found


def _unclosed(prompt: str, marks: bytearray) -> Iterator[Finding]:
    message = "This bracket is open on one side and is sent as ordinary text."
    commanding = [one for one in brackets(prompt) if one.moves]
    starts, ends = ({one.start: one for one in commanding}, {one.end: one for one in commanding})
    reached = 0
    for match in re.finditer(r"\\?[\[［【]|[\]］】]", prompt):
        start, end = match.span()
        if start < reached or any(marks[start:end]):
            continue
        opens = match[0][-1] in OPENING
        if opens and (doubled := starts.get(end + _blank(prompt[end : end + _REACH]))):
            found: tuple[int, int, str] | None = (start, doubled.end, f"[{doubled.inner}]")
        elif not opens and (doubled := ends.get(start - _blank(prompt[:start][:-_REACH:-1]))):
            found = doubled.start, end, f"[{doubled.inner}]"
        else:
            found = _opened(prompt, start, end) if opens else _closed(prompt, start, reached)
        if found is not None:
            start, reached, text = found
            while start and prompt[start - 1] in OPENING and not marks[start - 1]:
                start -= 1
            while (
                prompt[reached : reached + 1] and prompt[reached] in CLOSING and not marks[reached]
            ):
                reached += 1
            yield Finding("unclosed_bracket", message, start, reached, text)


def _blank(text: str) -> int:
    """How much space a text begins with."""
    return len(text) - len(text.lstrip())


def _opened(prompt: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The command behind the opening bracket `prompt[start:end]`: its span and its cure."""
    text = re.split(rf"[\n.!?。！？\[\]［］【】{_OTHER_CLOSING}]", prompt[end : end + _REACH])[0]
    stop = prompt[end + len(text) : end + len(text) + 1]
    if stop and re.match(f"[{_OTHER_CLOSING}]", stop) and (phrases := commands(text)):
        return start, end + len(text) + 1, _bracket(phrases, text)
    found = longest(text[: match.end()] for match in reversed(list(WORD.finditer(text))))
    return (start, end + len(found[0]), _bracket(found[1], found[0])) if found else None


def _closed(prompt: str, start: int, reached: int) -> tuple[int, int, str] | None:
    """The command before the closing bracket at `start`."""
    before = prompt[max(reached, start - _REACH) : start]
    text = re.split(rf"[\n.!?。！？\[\]［］【】{_OTHER_OPENING}]", before)[-1]
    found = longest(text[match.start() :] for match in WORD.finditer(text))
    if found is None:
        return None
    begin = start - len(found[0])
    opener = re.search(rf"[{_OTHER_OPENING}]\s*$", prompt[max(0, begin - _REACH) : begin])
    return (begin - len(opener[0]) if opener else begin), start + 1, _bracket(found[1], found[0])


def _other_brackets(prompt: str, marks: bytearray) -> Iterator[Finding]:
    for match in _OTHER_BRACKETS.finditer(prompt):
        inner = next(group for group in match.groups() if group is not None)
        if any(marks[match.start() : match.end()]):
            continue
        phrases = commands(inner)
        if phrases and (_is_command(inner) or any(one.directed or one.camera for one in phrases)):
            message = f"{match[0]} is sent as ordinary text: commands stand in square brackets."
            text = _bracket(phrases, inner)
            values = {"word": match[0]}
            others = _others(phrases, inner)
            yield Finding("other_bracket", message, *match.span(), text, others, values)


def _is_command(text: str) -> bool:
    found = find(text)
    return found is not None and text.strip() in {found.chinese, found.english}


def _bare(prompt: str, marks: bytearray) -> Iterator[Finding]:
    """Clauses that are a command and nothing else, which no bracket gives anyway."""
    given = {move.key for one in brackets(prompt) for move in one.moves}
    for match in _CLAUSE.finditer(prompt):
        text = match[0].strip()
        start = match.start() + match[0].find(text)
        end = start + len(text)
        said = text.removeprefix("- ")
        start, text = start + len(text) - len(said), said
        if any(marks[start:end]) or _OTHER_WORDS.search(text) or _THING.match(text):
            continue
        command = without_adverbs(text)
        if command.lower() in _NOT_ONLY_CAMERAS:
            continue
        phrases = commands(text)
        if not phrases or given >= {key for one in phrases for key in one.options[0]}:
            continue
        named = any(one.directed for one in phrases) or _CAMERA.search(text)
        if find(command) or (named and all(one.camera for one in phrases)):
            message = f"{text!r} stands in plain words: brackets steer better."
            cure = _bracket(phrases, text)
            others = _others(phrases, text)
            yield Finding("bare_move", message, start, end, cure, others, {"word": text})
