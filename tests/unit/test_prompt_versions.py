"""Versions of a prompt: numbers in the order of sending, the parent, the words that changed."""

from __future__ import annotations

from time import process_time

import pytest

from hailuo_nb.prompts.versions import Versions, changed_words


def said(before: str, after: str) -> list[str]:
    return [str(change) for change in changed_words(before, after)]


def test_each_prompt_has_one_number_in_the_order_of_first_sending() -> None:
    versions = Versions([("A cat", 0), ("A dog", 10), ("A cat", 20), ("A bird", 30)])
    numbers = [(versions.of(text) or pytest.fail(text)).number for text in ("A cat", "A dog")]
    assert numbers == [1, 2]
    assert len(versions) == 3
    assert versions.of("A fish") is None


def test_the_parent_is_what_was_sent_before_and_not_the_number_before() -> None:
    versions = Versions([("A cat", 0), ("A dog", 10), ("A cat", 20), ("A bird", 30)])
    assert [versions.numbered(number).parent for number in (1, 2, 3)] == [None, 1, 1]  # type: ignore[union-attr] - they are there
    assert versions.parent_of("A fish") == versions.of("A bird"), "not sent yet"
    assert versions.parent_of("A bird") == versions.of("A cat")
    assert versions.numbered(None) is versions.numbered(0) is versions.numbered(9) is None


def test_prompts_of_one_sweep_are_siblings_and_the_nearest_is_the_parent() -> None:
    sweep = [("A cat at dusk", 10.0), ("A cat at dawn", 10.1), ("A cat at dusk", 10.2)]
    versions = Versions([("A cat", 0.0), *sweep, ("A red cat at dawn", 60.0)])
    assert versions.of("A cat at dusk").parent == versions.of("A cat at dawn").parent == 1  # type: ignore[union-attr] - they are there
    assert versions.of("A red cat at dawn").parent == 3  # type: ignore[union-attr] - it is there


def test_nothing_sent_has_no_parent() -> None:
    assert Versions().parent_of("A cat") is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A cat at dusk", "A cat at dawn", ["dusk → dawn"]),
        ("A cat", "A red cat", ["+ red"]),
        ("A slow cat runs", "A cat runs", ["− slow"]),
        ("A cat", "A cat [Push in]", ["+ [Push in]"]),
        ("A cat [Push in] runs", "A dog [Pan left] runs", ["cat → dog", "Push in → Pan left"]),
        ("A cat [Push in]", "A cat [Push in,Tilt up]", ["+ Tilt up"]),
        ("A cat runs", "A cat, runs", ["+ ,"]),
        ("一只猫在黄昏", "一只狗在黄昏", ["猫 → 狗"]),
        ("A cat,  running", "A cat, running\n", []),
        ("", "A cat", ["+ A cat"]),
        ("A cat", "", ["− A cat"]),
        ("The cat's tail", "The dog's tail", ["cat's → dog's"]),
    ],
)
def test_the_words_that_changed(before: str, after: str, expected: list[str]) -> None:
    assert said(before, after) == expected


def test_a_strangers_endless_prompt_is_one_change_and_no_endless_comparison() -> None:
    first = " ".join(f"a{number % 7}" for number in range(20_000))
    second = " ".join(f"a{number % 5}" for number in range(20_000))
    begun = process_time()
    assert len(said(f"x {first}", f"y {second}")) == 1
    assert process_time() - begun < 20, "minutes without a limit"
