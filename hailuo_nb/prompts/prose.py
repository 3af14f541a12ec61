"""Camera moves as prose, for models that take no brackets, and read back from it.

MiniMax's guide to H3 (VIDEO_PROMPT_WRITING_GUIDE_base_en.md of MiniMaxAI/MiniMax-H3, section 4.3)
names the fifteen moves and asks for a natural action within the shot: "The camera pushes in",
"The camera holds a static shot", with an amplitude and a speed where they matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from hailuo_nb.prompts.brackets import Bracket, brackets, write
from hailuo_nb.prompts.moves import CJK, Language, Move, by_name, is_chinese
from hailuo_nb.prompts.words import WORD, longest, read

# Of each move: what the camera does, beside what else it does, and both in Chinese.
_PHRASES = {
    "truck_left": ("trucks left", "trucking left", "向左平移"),
    "truck_right": ("trucks right", "trucking right", "向右平移"),
    "pan_left": ("pans left", "panning left", "向左摇"),
    "pan_right": ("pans right", "panning right", "向右摇"),
    "push_in": ("pushes in", "pushing in", "推进"),
    "pull_out": ("pulls out", "pulling out", "拉远"),
    "pedestal_up": ("pedestals up", "pedestaling up", "上升"),
    "pedestal_down": ("pedestals down", "pedestaling down", "下降"),
    "tilt_up": ("tilts up", "tilting up", "向上摇"),
    "tilt_down": ("tilts down", "tilting down", "向下摇"),
    "zoom_in": ("zooms in", "zooming in", "变焦推近"),
    "zoom_out": ("zooms out", "zooming out", "变焦拉远"),
    "shake": ("shakes slightly", "shaking slightly", "轻微晃动"),
    "tracking": ("tracks the subject", "tracking the subject", "跟随主体"),
    "static": ("holds a static shot", "holding a static shot", "保持固定"),
}
# Words before and behind which a clause goes on: nothing joins it there.
_GOES_ON = r"then|and|while|as|when|until|before|after|but|so|where|with"
_ENDS = ".!?。！？…:：\n"
_STOPS = ",;.!?)，。；！？、）:：…—–-\"'”’"

# What the camera does next, behind a comma: ", tilts up, and pans left".
_NEXT = (
    r"(?:then |and |and then |finally )?(?:\w+ly )?"
    r"(?:push|pull|pan|tilt|truck|zoom|doll|track|ped|crane|ris|lift|descend|lower|orbit|circl|arc)"
    r"\w*s\b"
)
# Somebody's clause about the camera, with what follows in turn.
_CLAUSE = re.compile(
    r"(?i:\bthe camera )"
    rf"(?P<does>[^.,;:!?\n]+(?:, (?:then|{_NEXT}) ?[^.,;:!?\n]+)*)"
    r"|[镜鏡][头頭](?P<does_zh>[^。，；：！？.,;\n]+(?:，(?:然后|然後|再|接着)[^。，；：！？.,;\n]+)*)"
)
_IN_TURN = re.compile(rf"((?:,|，)? ?(?:then |然后|然後|(?<=，)再|接着)|, (?={_NEXT}))")
_HOW = re.compile(r" with (?:small|large) amplitude| at (?:slow|fast) speed")

# How far the moves of a clause are looked for.
_REACH = 120

Part = tuple[tuple[Move, ...], int, int]
"""The moves of a step, and where its words begin and end."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One clause about the camera, `prompt[start:end]`, with what joins it to the text. `steps` are
    its steps with the places of their words."""

    start: int
    end: int
    steps: tuple[Part, ...]
    language: Language

    @property
    def brackets(self) -> str:
        """The same in brackets."""
        steps = [write(moves, (), self.language) for moves, _, _ in self.steps]
        return ("" if self.language == "zh" else " ").join(steps)


def write_prose(prompt: str) -> str:
    """Returns the prompt with each bracket of moves as prose in its place.

    The prose is in the language of the text. Brackets that only space parts are one sentence: the
    camera pushes in, then pans left.
    """
    found = [one for one in brackets(prompt) if one.moves]
    if not found:
        return prompt
    language = _language(prompt, found)
    groups: list[list[Bracket]] = []
    for one in found:
        gap = prompt[groups[-1][-1].end : one.start] if groups else "\n"
        if gap.strip() or "\n" in gap:
            groups.append([one])
        else:
            groups[-1].append(one)
    write_clause = _chinese if language == "zh" else _english
    text, at = "", 0
    for group in groups:
        before, after = text + prompt[at : group[0].start], prompt[group[-1].end :]
        text = before + write_clause(before, group, after)
        at = group[-1].end
    return text + prompt[at:]


def _language(prompt: str, found: Sequence[Bracket]) -> Language:
    """The language of the text around the brackets; theirs where there is none."""
    around, at = "", 0
    for one in found:
        around, at = around + " " + prompt[at : one.start], one.end
    around += " " + prompt[at:]
    if not re.search(r"[^\W\d_]", around):
        around = " ".join(one.inner for one in found)
    return "zh" if is_chinese(around) else "en"


def _distinct(bracket: Bracket) -> list[Move]:
    return list(dict.fromkeys(bracket.moves))


def _english(before: str, group: Sequence[Bracket], after: str) -> str:
    clause = "the camera " + ", then ".join(_english_step(one) for one in group)
    last = before.rstrip(" \t")[-1:]
    following = after.lstrip(" \t")[:1]
    goes_on = re.match(rf"\s*(?:{_GOES_ON})\b", after)
    lower = following.islower() and not CJK.match(following)
    space = "" if not after[:1] or after[:1].isspace() or after[:1] in _STOPS else " "
    if not last or last in _ENDS:
        if lower and not goes_on:
            return f"As {clause}," + space
        ends = following in {"", "\n"} or not (following in _STOPS or goes_on)
        return clause[0].upper() + clause[1:] + ("." if ends else "") + space
    lead = "" if before[-1].isspace() or before[-1] in "([{\"'“‘—–-" else " "
    continues = re.search(rf"(?:\b(?:{_GOES_ON})|[—–(])\s*$", before)
    clause = lead + ("" if continues else "as ") + clause
    if following in {"", "\n"}:
        return clause + "."
    if following in _STOPS:
        return clause
    if goes_on:
        return clause + "," + space
    if lower and not continues:
        return f"{lead}— {clause[len(lead) :]} —" + (space or "")
    return clause + ("," if lower else ".") + space


def _english_step(bracket: Bracket) -> str:
    first, *rest = (_PHRASES[move.key] for move in _distinct(bracket))
    written = first[0]
    if rest:
        beside = [phrase[1] for phrase in rest]
        last = beside.pop()
        written += " while " + (", ".join(beside) + " and " if beside else "") + last
    return written + "".join(f", {word}" for word in bracket.words)


def _chinese(before: str, group: Sequence[Bracket], after: str) -> str:
    clause = "镜头" + "，然后".join(_chinese_step(one) for one in group)
    last, following = before.rstrip()[-1:], after.lstrip()[:1]
    goes_on = re.search(r"(?:然后|接着|随后|再|同时|最后|之后)\s*$", before)
    joined = before[-1:].isspace() or last in _ENDS + _STOPS or goes_on
    lead = "" if not last or joined else "，"
    if not following:
        return lead + clause + "。"
    return lead + clause + ("" if following in _STOPS + "\n" else "，")


def _chinese_step(bracket: Bracket) -> str:
    first, *rest = (_PHRASES[move.key][2] for move in _distinct(bracket))
    written = first + ("，同时" + "并".join(rest) if rest else "")
    return written + "".join(f"，{word}" for word in bracket.words)


# Reading back -------------------------------------------------------------------------------------


@cache
def _patterns() -> dict[Language, re.Pattern[str]]:
    """How a clause is written here, step by step, and what may stand behind it."""
    does, doing, chinese = ("|".join(names) for names in zip(*_PHRASES.values(), strict=True))
    step = rf"(?:{does})(?: while (?:{doing})(?:(?:, | and )(?:{doing}))*)?"
    step_zh = rf"(?:{chinese})(?:，同时(?:{chinese})(?:并(?:{chinese}))*)?"
    stops = re.escape(_STOPS)
    return {
        "en": re.compile(
            rf"(?i:\bthe camera )(?P<steps>{step}(?:, then {step})*)"
            rf"(?! and (?:in|out|left|right|up|down)\b)(?=$|\s*[{stops}\n]| (?:{_GOES_ON})\b)"
        ),
        "zh": re.compile(rf"镜头(?P<steps>{step_zh}(?:，然后{step_zh})*)(?=$|\s*[{stops}\n])"),
    }


@cache
def _names() -> tuple[re.Pattern[str], dict[str, Move]]:
    names = {name: by_name()[key] for key, row in _PHRASES.items() for name in row}
    return re.compile("|".join(sorted(names, key=len, reverse=True))), names


def shots(prompt: str) -> list[Shot]:
    """Returns the clauses that are written as `write_prose` writes them, in the order of the
    text."""
    found: list[Shot] = []
    pattern, names = _names()
    for language in ("en", "zh"):
        for match in _patterns()[language].finditer(prompt):
            steps: list[Part] = []
            at = match.start("steps")
            for part in re.split(r"(, then |，然后)", match["steps"]):
                moves = tuple(names[name] for name in pattern.findall(part))
                if moves:
                    steps.append((moves, at if steps else match.start(), at + len(part)))
                at += len(part)
            found.append(Shot(*_with_joints(prompt, *match.span()), tuple(steps), language))
    return sorted(found, key=lambda shot: shot.start)


def described(prompt: str) -> Iterator[Part]:
    """Yields the steps in clauses of anybody about the camera: "The camera slowly dollies in
    toward her"."""
    for match in _CLAUSE.finditer(prompt):
        kind = match.lastgroup or "does"
        at = match.start(kind)
        for part in re.split(_IN_TURN, match[kind]):
            clear = _HOW.sub(lambda how: " " * len(how[0]), part[:_REACH])
            ends = (clear[: word.end()] for word in reversed(list(WORD.finditer(clear))))
            said, phrases = longest(ends) or ("", [])
            if any(len(phrase.options) > 1 for phrase in phrases):  # "zooms to her face"
                whole = read(clear)
                said, phrases = clear.rstrip(), list(whole.phrases) if whole else []
            focus = clear[len(said) :].lstrip().startswith("focus")
            if phrases and not focus and all(len(phrase.options) == 1 for phrase in phrases):
                keys = dict.fromkeys(key for phrase in phrases for key in phrase.options[0])
                yield tuple(by_name()[key] for key in keys), at, at + len(said)
            at += len(part)


def _with_joints(prompt: str, start: int, end: int) -> tuple[int, int]:
    """The span of a clause with the words and signs that only join it to its text."""
    before, after = prompt[:start], prompt[end:]
    if match := re.search(r"— as $", before):
        behind = re.match(" —", after)
        return (match.start(), end + 2) if behind else (match.start() + 2, end)
    if re.search(r"\bas $", before):
        return start - 3, end
    if re.search(r"(?:^|[.!?…:\n]\s*)As $", before):
        return start - 3, end + int(after.startswith(","))
    if prompt[start] == "镜":
        lead = int(before.endswith("，"))
        closes = after.startswith("，") or (after == "。")
        return start - lead, end + int(closes)
    opens = not before.rstrip(" \t") or before.rstrip(" \t")[-1] in _ENDS
    return start, end + int(opens and after.startswith("."))


def write_brackets(prompt: str) -> str:
    """Returns the prompt with each clause that `write_prose` wrote as brackets in its place, in the
    language of the clause."""
    text, at = "", 0
    for shot in shots(prompt):
        text, at = text + prompt[at : shot.start] + shot.brackets, shot.end
    return text + prompt[at:]
