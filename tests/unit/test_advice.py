"""What is advised: by state, by kind of error, and by what a provider's page says of money."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from hailuo_nb.engine.states import STATES
from hailuo_nb.errors import ErrorKind
from hailuo_nb.pages.words import translator
from hailuo_nb.providers import registry
from hailuo_nb.results.advice import _advice, advice_for, advice_words

KINDS = get_args(ErrorKind)
NO_CHARGE = re.compile(
    r"not charged|nothing was charged|no charge|never charged|costs no|free of charge|不消耗", re.I
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("provider", registry.names())
def test_every_refusal_has_advice_that_promises_nothing_of_money(kind: str, provider: str) -> None:
    """None of the four pages says that a refused request is free; Chanjing's says it of a failed
    task."""
    said = advice_for("rejected", kind, provider)
    assert said
    assert not NO_CHARGE.search(said)


def test_a_failed_task_is_free_where_the_page_says_so() -> None:
    promised = {
        name for name in registry.names() if NO_CHARGE.search(advice_for("failed", "server", name))
    }
    # Chanjing of every one, fal of its own faults, Replicate of what never began.
    assert promised == {"chanjing", "fal", "replicate"}
    assert "(422) may be" in advice_for("failed", "invalid", "fal")
    assert "(aborted) is not charged" in advice_for("failed", "server", "replicate")


def test_only_what_was_never_sent_is_free_everywhere() -> None:
    free = {
        (state, taken)
        for state in STATES
        for taken in (True, False)
        if NO_CHARGE.search(advice_for(state, None, "ppinfra", taken=taken))
    }
    assert free == {("cancelled", False)}


def test_every_entry_is_reached() -> None:
    reached = {*STATES, *KINDS, "invalid_request", "task_cancelled"}
    assert {key.split()[-1] for key in _advice()} <= reached


def test_every_sentence_of_a_row_has_words_in_both_languages() -> None:
    english, chinese = translator("en"), translator("zh")
    for kind in (None, *KINDS):
        for state in STATES:
            for provider in registry.names():
                for one in advice_words(state, kind, provider):
                    assert english(one.code, **one.values) == one.text
                    said = chinese(one.code, **one.values)
                    assert said not in {one.code, one.text}
