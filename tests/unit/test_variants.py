"""Alternatives in a prompt, by the vectors that the editor's JavaScript shares, and by what must
hold for any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hailuo_nb.errors import VariantsError
from hailuo_nb.prompts.variants import MAX_DEPTH, MAX_PROMPTS, expand

VECTORS = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "variants.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["expand"], ids=lambda vector: vector["prompt"])
def test_a_prompt_stands_for_these(vector: dict[str, Any]) -> None:
    assert expand(vector["prompt"]) == vector["prompts"]


@pytest.mark.parametrize("vector", VECTORS["errors"], ids=lambda vector: vector["prompt"])
def test_braces_that_cannot_be_read_are_told_with_their_place(vector: dict[str, Any]) -> None:
    with pytest.raises(VariantsError) as caught:
        expand(vector["prompt"])
    assert (caught.value.code, caught.value.at) == (vector["code"], vector["at"])


def test_the_vectors_name_the_limits() -> None:
    assert (VECTORS["most_prompts"], VECTORS["most_depth"]) == (MAX_PROMPTS, MAX_DEPTH)


def test_the_message_says_how_to_write_a_brace() -> None:
    with pytest.raises(VariantsError, match=r"character 4 is never closed; write \\\{"):
        expand("at {dawn|dusk")
    with pytest.raises(VariantsError, match=r"1,024 prompts; at most 256"):
        expand("{1|2}" * 10)


def test_a_huge_number_is_counted_and_not_made() -> None:
    with pytest.raises(VariantsError, match="prompts; at most"):
        expand("{1|2}" * 400)


def test_braces_without_end_are_told() -> None:
    for prompt, code in (
        ("{a|" * 1000, "too_deep"),
        ("{1|2}" * 9_000, "too_many"),
        ("{1|2}" * 90_000, "too_long"),
        ("}" * 1000, "unopened"),
        ("x" * 50_000_000, "too_long"),
    ):
        with pytest.raises(VariantsError) as caught:
            expand(prompt)
        assert caught.value.code == code
        assert len(str(caught.value)) < 200


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "{}|\\" else char for char in text)


@given(some.text())
def test_every_text_can_be_written_so_that_it_stands_for_itself(text: str) -> None:
    assert expand(_escaped(text)) == [text]


@given(some.lists(some.text(), min_size=2, max_size=9), some.text(), some.text())
def test_every_list_of_texts_can_be_written_as_alternatives(
    texts: list[str], before: str, after: str
) -> None:
    written = (
        _escaped(before) + "{" + "|".join(_escaped(text) for text in texts) + "}" + _escaped(after)
    )
    assert expand(written) == [f"{before}{text}{after}" for text in dict.fromkeys(texts)]


@given(some.text(alphabet="{}|\\a", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = expand(text)
    except VariantsError as error:
        assert 0 <= error.at < len(text)
    else:
        assert 1 <= len(found) <= MAX_PROMPTS
        assert len(set(found)) == len(found)
