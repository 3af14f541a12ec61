"""Agreement of raters, on simulated ones of whom the truth is known."""

from __future__ import annotations

import builtins
import random
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from hailuo_nb.engine.ledger.annotations import Outcome, Vote, last_of_each
from hailuo_nb.errors import MissingExtraError
from hailuo_nb.results.agreement import agreements, alpha, to_frame
from tests.benchmarks.verdicts import AT_RANDOM, GOOD, raters

OUTCOMES: tuple[Outcome, ...] = ("first", "second", "tie")


def board(seed: int, pairs: int = 40) -> list[Vote]:
    return raters(pairs, 0.9, random.Random(seed))


def test_a_rater_who_votes_at_random_is_seen() -> None:
    seen = [{one.rater: one.verdict for one in agreements(board(seed))} for seed in range(12)]
    at_random = [one[AT_RANDOM] for one in seen]
    assert at_random.count("as chance") >= 11, at_random
    others = [one[name] for one in seen for name in GOOD]
    assert others.count("agrees with the others") >= 47


def test_who_votes_the_other_way_round_is_seen() -> None:
    votes = [
        replace(vote, outcome="second" if vote.first < vote.second else "first")
        if vote.rater == AT_RANDOM
        else vote
        for vote in board(1, 30)
    ]
    last = agreements(votes)[-1]
    assert last.verdict == "against the others"
    assert last.high is not None and last.high < 0


def test_the_figures_of_a_known_table() -> None:
    same = [Vote(f"a{n}", f"b{n}", "first", name) for n in range(9) for name in GOOD]
    table = to_frame(same)
    assert table.index.tolist() == [*GOOD]
    assert set(table["agreement"]) == {1.0} and set(table["alpha"]) == {1.0}
    assert set(table["verdict"]) == {"agrees with the others"}
    assert table[["n_votes", "n_pairs"]].to_numpy().tolist() == [[9, 9]] * 4
    turned = [Vote(vote.second, vote.first, "second", vote.rater) for vote in same]
    assert to_frame(turned).equals(table), "who stood first means nothing"
    # Half of the pairs the same, half not: alpha by hand, mirrored, over 2·8·2 values.
    half = [Vote(f"a{n}", f"b{n}", "first", "Ann") for n in range(8)]
    half += [Vote(f"a{n}", f"b{n}", OUTCOMES[n % 2], "Bo") for n in range(8)]
    assert alpha(half) == pytest.approx(1 - 2.0 / (4 * 16 * 16 * 2 / (32 * 31)))


def test_pairs_that_share_clips_tell_less_than_pairs_that_share_none() -> None:
    """Tastes that have nothing to do with each other agreed, or went against each other, on one
    board in ten where each clip met each: every pair counted as one of its own."""
    apart = [(f"a{n}", f"b{n}") for n in range(15)]
    all_met = list(combinations("abcdef", 2))
    (one, _), (other, _) = (
        agreements([
            Vote(*pair, "first" if name == "Ann" or n % 8 else "second", name)
            for n, pair in enumerate(pairs)
            for name in ("Ann", "Bo")
        ])
        for pairs in (apart, all_met)
    )  # fmt: skip
    assert one.agreement == other.agreement == 11 / 15
    assert one.low is not None and other.low is not None
    assert (11 / 15 - other.low) / (11 / 15 - one.low) == pytest.approx((1 + 8 / 9) ** 0.5)
    assert (one.verdict, other.verdict[:3]) == ("agrees with the others", "not")


def test_few_votes_are_no_verdict() -> None:
    votes = [Vote(f"a{n}", f"b{n}", "first", name) for n in range(3) for name in ("Ann", "Bo")]
    assert [one.verdict for one in agreements(votes)] == [
        "not enough evidence: about 4 more pairs"
    ] * 2
    (apart, _) = agreements([Vote("a", "b", "first", "Ann"), Vote("a", "c", "first", "Bo")])
    assert (apart.pairs, apart.agreement, apart.verdict) == (0, None, "no pair in common")


def test_one_rater_and_none(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "scipy", "krippendorff")
    table = to_frame([Vote("a", "b", "first"), Vote("a", "c", "tie")])
    assert table["verdict"].tolist() == ["no other rater"]
    assert table["n_votes"].tolist() == [2]
    assert table[["agreement", "low", "high", "alpha"]].isna().all(axis=None)
    empty = to_frame([])
    assert empty.empty and list(empty.columns) == list(table.columns)


def test_ties_alone_have_no_alpha() -> None:
    ties = [Vote("a", f"b{n}", "tie", name) for n in range(3) for name in GOOD]
    table = to_frame(ties)
    assert table["alpha"].isna().all()
    assert set(table["agreement"]) == {0.0}


@pytest.mark.parametrize(("missing", "extra"), [("scipy", "stats"), ("krippendorff", "raters")])
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str, extra: str
) -> None:
    without(monkeypatch, missing)
    with pytest.raises(MissingExtraError, match=rf"{missing}: pip install 'hailuo-nb\[{extra}\]'"):
        to_frame(board(1, 8))


def test_the_last_vote_of_a_rater_counts_whatever_the_order_of_the_two() -> None:
    votes = [Vote("a", "b", "first", "Ann"), Vote("c", "b", "tie"), Vote("b", "a", "first", "Ann")]
    assert last_of_each(votes) == votes[1:]
    assert votes[0].id == votes[2].id != Vote("a", "b", "first").id


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    load = builtins.__import__

    def fail(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in missing:
            raise ImportError(name)
        return load(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", fail)
