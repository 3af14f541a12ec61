"""Versions of a prompt: their numbers, what each one came from, and the words that changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|(?:[^\W_]|['’])+|\S")
"""A word, a sign, or one character of Chinese or Japanese."""
_TOGETHER = 0.25
"""Seconds. Prompts sent with no longer pause between them are of one sweep, and no parents of each
other."""
_MAX_PAIRS = 500_000
"""Pairs of tokens that are compared; beyond that everything between the same beginning and the same
end is one change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a prompt that others took the place of; "" where there were none, or are none."""

    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"+ {self.after}"
        return f"{self.before} → {self.after}" if self.after else f"− {self.before}"


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A prompt that was sent.

    number  from 1, in the order in which the prompts were first sent
    parent  the number of the prompt sent before it; of a sweep that one which it shares most words
            with. None for the first
    """

    number: int
    prompt: str
    parent: int | None


class Versions:
    """Every prompt of a ledger, each once.

    sent  (prompt, Unix seconds) of each clip, in the order of time
    """

    def __init__(self, sent: Iterable[tuple[str, float]] = ()) -> None:
        self._versions: list[PromptVersion] = []
        self._by_prompt: dict[str, PromptVersion] = {}
        before: list[PromptVersion] = []
        self._last: list[PromptVersion] = []
        last_at = float("-inf")
        for prompt, at in sent:
            if at - last_at > _TOGETHER:
                before, self._last = self._last, []
            last_at = at
            version = self._by_prompt.get(prompt) or self._add(prompt, _nearest(prompt, before))
            if version not in self._last:
                self._last.append(version)

    def _add(self, prompt: str, parent: PromptVersion | None) -> PromptVersion:
        number = len(self._versions) + 1
        version = PromptVersion(number, prompt, parent.number if parent else None)
        self._versions.append(version)
        self._by_prompt[prompt] = version
        return version

    def __len__(self) -> int:
        return len(self._versions)

    def __iter__(self) -> Iterator[PromptVersion]:
        return iter(self._versions)

    def of(self, prompt: str) -> PromptVersion | None:
        """The version that this prompt is; None where it was not sent yet."""
        return self._by_prompt.get(prompt)

    def numbered(self, number: int | None) -> PromptVersion | None:
        return self._versions[number - 1] if number and 0 < number <= len(self) else None

    def parent_of(self, prompt: str) -> PromptVersion | None:
        """What a prompt came from, or would come from if it were sent now."""
        known = self.of(prompt)
        return self.numbered(known.parent) if known else _nearest(prompt, self._last)


def _nearest(prompt: str, among: Sequence[PromptVersion]) -> PromptVersion | None:
    """The version that differs in the fewest words; of several the last."""
    if len(among) < 2:
        return among[0] if among else None
    words = set(_TOKEN.findall(prompt))
    return min(reversed(among), key=lambda one: len(words ^ set(_TOKEN.findall(one.prompt))))


def changed_words(before: str, after: str) -> list[Change]:
    """What changed from one prompt to the other, in its order. Space does not count."""
    old, new = list(_TOKEN.finditer(before)), list(_TOKEN.finditer(after))
    return [
        _change(_between(before, old, start, end), _between(after, new, to, to_end))
        for start, end, to, to_end in _different([one[0] for one in old], [one[0] for one in new])
    ]


_COMMAS = " ,，、"


def _change(before: str, after: str) -> Change:
    """A word that came or went takes its comma along; that is no news."""
    if before and after:
        return Change(before, after)
    return Change(before.strip(_COMMAS) or before, after.strip(_COMMAS) or after)


def _between(text: str, tokens: Sequence[re.Match[str]], start: int, end: int) -> str:
    return text[tokens[start].start() : tokens[end - 1].end()] if start < end else ""


def _different(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where the tokens differ: old[start:end] became new[to:to_end]."""
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if not middle and not other:
        return []
    if len(middle) * len(other) > _MAX_PAIRS:
        return [(head, len(old) - tail, head, len(new) - tail)]
    matcher = difflib.SequenceMatcher(None, middle, other, autojunk=False)
    return [
        (head + start, head + end, head + to, head + to_end)
        for kind, start, end, to, to_end in matcher.get_opcodes()
        if kind != "equal"
    ]
