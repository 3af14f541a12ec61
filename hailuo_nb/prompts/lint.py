"""Lints the camera commands of a prompt: what is odd about them, and the text that cures it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hailuo_nb.prompts.bracket_lint import lint_bracket, spelt
from hailuo_nb.prompts.brackets import Bracket, brackets, language_of, write
from hailuo_nb.prompts.finding import Finding
from hailuo_nb.prompts.moves import fold
from hailuo_nb.prompts.prose import shots
from hailuo_nb.prompts.stray_lint import nested, stray
from hailuo_nb.prompts.words import read

# Two resellers (vtrix, cloudsway) print these for commands of MiniMax's; there "pan left" is 左移.
_OTHER_NAMES = re.compile(r"rise|ascend|descend|lower|fixed|tilt (?:left|right)")
_OTHER_PAN = re.compile(r"(?:pan|tilt) (?:left|right)")
_VARIANTS = re.compile(r"\{[^{}]*\|")
_ORBIT = {("truck_left", "pan_right"), ("truck_right", "pan_left")}


def lint(prompt: str) -> list[Finding]:
    """Checks the brackets of a prompt, and what looks like one; returns findings in the order of
    the text."""
    return list(_findings(prompt))


# A check asks it of the same prompt for each provider, model, resolution and duration.
@lru_cache(maxsize=64)
def _findings(prompt: str) -> tuple[Finding, ...]:
    # What variants of a prompt make of a bracket is known once they are made.
    found = [one for one in brackets(prompt) if not _VARIANTS.search(one.inner)]
    around = list(nested(prompt))
    renamed = list(_other_names(prompt, found))
    sentences = list(_sentences(prompt))
    whole = [*around, *renamed, *_split_orbit(prompt, found), *sentences]
    placed = [(one.start, one) for one in whole]
    for one in found:
        judged = any(cover.start <= one.start and one.end <= cover.end for cover in around)
        if not judged and not (renamed and _has_other_name(one)):
            placed += [(one.start, finding) for finding in lint_bracket(one)]
    taken = [(one.start, one.end) for one in (*around, *sentences)]
    taken += [(one.start, one.end) for one in brackets(prompt)]
    placed += [(finding.start, finding) for finding in stray(prompt, taken)]
    return tuple(finding for _, finding in sorted(placed, key=lambda place: place[0]))


def _sentences(prompt: str) -> Iterator[Finding]:
    """Sentences that were written from brackets."""
    for shot in shots(prompt):
        word = prompt[shot.start : shot.end].strip(" —,.，。")
        message = f"{word!r} stands in plain words: brackets steer better."
        values = {"word": word}
        yield Finding("bare_move", message, shot.start, shot.end, shot.brackets, values=values)


def _other_names(prompt: str, found: Sequence[Bracket]) -> Iterator[Finding]:
    """Another provider's names, where "pan left" can mean another move: one finding cures all."""
    words = [fold(item) for one in found for item in one.items]
    if not any(_OTHER_NAMES.fullmatch(word) for word in words):
        return
    if not any(_OTHER_PAN.fullmatch(word) for word in words):
        return
    meant = [one for one in found if _has_other_name(one)]
    start, end = meant[0].start, meant[-1].end
    message = (
        "These are another provider's names: where 'tilt left' is MiniMax's Pan left, 'pan left' "
        "is MiniMax's Truck left."
    )
    cures = [_rewritten(prompt, meant, truck=truck) for truck in (True, False)]
    others = tuple(dict.fromkeys(cures[1:])) if cures[1] != cures[0] else ()
    yield Finding("other_names", message, start, end, cures[0], others)


def _has_other_name(bracket: Bracket) -> bool:
    return any(_is_other_name(item) for item in bracket.items)


def _is_other_name(item: str) -> bool:
    word = fold(item)
    return bool(_OTHER_NAMES.fullmatch(word) or _OTHER_PAN.fullmatch(word))


def _rewritten(prompt: str, meant: Sequence[Bracket], *, truck: bool) -> str:
    """The text from the first to the last of the brackets in MiniMax's names."""
    written, at = "", meant[0].start
    for one in meant:
        items = [_own_name(item, truck=truck) for item in one.items if item]
        written += prompt[at : one.start] + "[" + ",".join(items) + "]"
        at = one.end
    return written


def _own_name(item: str, *, truck: bool) -> str:
    word = fold(item)
    if truck and word in {"pan left", "pan right"}:
        return word.replace("pan", "Truck")
    reading = read(item)
    if reading is None or len(reading.phrases) > 1 or not _is_other_name(item):
        return item
    return spelt(reading.phrases[0].options[0], language_of(item))


def _split_orbit(prompt: str, found: Sequence[Bracket]) -> Iterator[Finding]:
    """A truck and the pan against it in brackets of their own, of which one makes an orbit."""
    for one, other in itertools.pairwise(found):
        pair = [move for bracket in (one, other) for move in bracket.moves]
        keys = {move.key for move in pair}
        alone = not one.words and not other.words and len(one.moves) == len(other.moves) == 1
        if alone and any(keys == set(orbit) for orbit in _ORBIT):
            if prompt[one.end : other.start].strip():
                continue
            language = language_of(one.text)
            message = "In one bracket these two are an orbit; in two they follow each other."
            text = write(pair, (), language)
            yield Finding("split_orbit", message, one.start, other.end, text)
