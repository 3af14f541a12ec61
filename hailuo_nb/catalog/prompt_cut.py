"""A prompt cut to the length that a provider takes."""

from __future__ import annotations

import re

from hailuo_nb.prompts import camera

_ENDS = (re.compile(r"[.!?…](?=\s)|[。！？]|\n"), re.compile(r"[\s，；、]"))
"""Where a prompt is cut: behind a sentence, else behind a word."""


def cut(prompt: str, limit: int) -> str:
    """At most `limit` code points, cut behind a sentence, else behind a word, where that leaves
    half of it; never in a step."""
    steps = [(step.start, step.end) for step in camera.parse(prompt)]

    def is_free(end: int) -> bool:
        return not any(start < end < stop for start, stop in steps)

    for pattern in _ENDS:
        ends = (found.end() for found in pattern.finditer(prompt[: limit + 1]))
        free = [end for end in ends if limit // 2 <= end <= limit and is_free(end)]
        if free:
            return prompt[: free[-1]].rstrip()
    return prompt[: next((start for start, stop in steps if start < limit < stop), limit)]
