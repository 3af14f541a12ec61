"""Clips are called apart, by as little as that takes; the page has the same names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.pages.clip_names import clip_names, prompt_words
from hailuo_nb.pages.rows import DEFAULT_ROW
from hailuo_nb.pages.words import translator

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "clip_names.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS["names"])
def test_a_name_is_no_longer_than_it_must_be(vector: dict[str, Any]) -> None:
    rows: list[Any] = [
        {**DEFAULT_ROW, **VECTORS["clip"], **clip, "id": str(index)}
        for index, clip in enumerate(vector["clips"])
    ]
    names = clip_names(rows, translator())
    assert [names[row["id"]] for row in rows] == vector["names"]
    assert len(set(names.values())) == len(rows)


@pytest.mark.parametrize("vector", VECTORS["words"])
def test_the_words_of_a_prompt_are_those_that_the_others_have_not(vector: dict[str, Any]) -> None:
    assert list(prompt_words(vector["prompts"]).values()) == vector["words"]


def test_a_length_is_said_in_the_language_of_the_name() -> None:
    rows: list[Any] = [
        {**DEFAULT_ROW, **VECTORS["clip"], "id": str(seconds), "duration": seconds}
        for seconds in (6, 10)
    ]
    assert [*clip_names(rows, translator("zh")).values()] == ["768P · 6 秒", "768P · 10 秒"]
