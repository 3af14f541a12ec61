"""How two items differ in one outcome, as plain data, and the verdict in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hailuo_nb.pages.words import Translate

VOTES = "votes"
"""The outcome that is of two clips, and not of one."""
FAILED = "failed"
"""The outcome of clips that were not made too: 1 where the provider refused or gave up."""
MAX_MORE = 1000
"""The largest number of further pairs that is shown; more would not be made."""

Verdict = Literal["better", "worse", "not enough evidence"]
UNDECIDED: Verdict = "not enough evidence"
Missing = Literal["", "scipy", "pairs", "same", "many"]


@dataclass(frozen=True, slots=True)
class Effect:
    """How `item` and `other` differ in one outcome.

    difference  mean of item minus other over the pairs; None without a pair. Of votes: from 1 (the
                item won each pair) to -1. In a race the median, of an outcome without bounds
    low, high   95 % interval; of a race it holds at every look. inf for an unknown end
    pairs       of clips that agree in everything else; takes of one request are pairs of their own
    requests    from how many different requests they are
    more        about how many pairs more would tell a difference of this size; None for more than
                `MAX_MORE`, 0 with a verdict
    models      of item and other, where there is no pair as these differ
    """

    outcome: str
    item: str
    other: str
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    requests: int
    verdict: Verdict
    more: int | None
    models: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What a page says of one question.

    by         the question, see `measure.axes`
    rows       of `board.effect`; of more than two items those that have a pair
    labels     what people call an item, where that is another text
    simulated  the items of which all clips are simulated
    apart      the items that have no pair
    rounds     after which a race looked; 0 where this is one look
    winner     of a race
    missing    why there are no rows
    """

    by: str
    rows: Sequence[Effect] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    simulated: frozenset[str] = frozenset()
    apart: Sequence[str] = ()
    rounds: int = 0
    winner: str | None = None
    missing: Missing = ""


def verdict_text(one: Effect, t: Translate) -> str:
    """ "better", "worse", or that evidence is missing, and how much."""
    if one.verdict != UNDECIDED:
        return t(f"verdict.{one.verdict}")
    if one.low == one.high == 0:
        return t("verdict.equal")  # as of prices that are the same
    if one.pairs:
        return missing_text(one.more, t)
    found = t("verdict.no_vote" if one.outcome == VOTES else "verdict.no_pair")
    if one.models:
        ours, theirs = one.models
        found += t("verdict.models", ours=ours, theirs=theirs)
    return found


def missing_text(more: int | None, t: Translate) -> str:
    """That evidence is missing; `more` as in `Effect`."""
    return t("verdict.far", most=MAX_MORE) if more is None else t("verdict.missing", count=more)
