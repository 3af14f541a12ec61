"""The summary: known numbers come out, money is never guessed, and nobody wins by chance."""

from __future__ import annotations

import random
from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from hailuo_nb.engine.ledger.annotations import Outcome, Vote
from hailuo_nb.measure import intervals
from hailuo_nb.pages.summary_rows import Figure, Pool, SummaryRow
from hailuo_nb.results.summary import ClipFacts, summarise
from hailuo_nb.results.summary_table import COLUMNS, COUNTS, to_frame

POOL = Pool("768P", 6, frame=False, sound=False, simulated=False)


def clip(item: str = "a", number: int = 0, **changes: Any) -> ClipFacts:
    made = ClipFacts(
        id=f"{item}{number}",
        item=item,
        label=item.upper(),
        state="saved",
        seconds=60.0,
        spent=(0.5, "USD"),
        rating=0,
        kept=False,
        adherence=None,
        pool=POOL,
    )
    return replace(made, **changes)


def clips(item: str, ratings: list[int], **changes: Any) -> list[ClipFacts]:
    return [
        clip(item, number, rating=stars, kept=stars >= 4, **changes)
        for number, stars in enumerate(ratings)
    ]


def only(found: list[ClipFacts], votes: list[Vote] | None = None) -> SummaryRow:
    (row,) = summarise(found, votes or [])
    return row


def figures(row: SummaryRow) -> list[Figure]:
    kept = [cost.kept for cost in row.costs]
    return [row.share, row.seconds, row.stars, row.strength, row.adherence, *kept]


def winners(rows: list[SummaryRow]) -> int:
    return sum(figure.best for row in rows for figure in figures(row))


# Numbers -----------------------------------------------------------------------------------------


def test_counts_times_and_stars() -> None:
    made = [clip("a", n, seconds=float(n + 1), rating=3 + n % 2) for n in range(9)]
    others = [
        clip("a", 10, state="failed", seconds=None),
        clip("a", 11, state="unknown", seconds=None),
        clip("a", 12, state="cancelled", seconds=None),
        clip("a", 13, state="submitted", seconds=None),
    ]
    row = only(made + others)
    assert (row.clips, row.made, row.failed, row.unknown) == (13, 9, 1, 1)
    assert (row.share.value, row.share.n) == (0.9, 10)
    assert (row.seconds.value, row.seconds.n, row.slow) == (5.0, 9, pytest.approx(8.2))
    assert row.seconds.low == 2.0
    assert row.seconds.high == 8.0  # 0.961 of the probability lies between the 2nd and the 8th of 9
    assert row.stars.value == pytest.approx(31 / 9)
    assert row.stars.n == 9


def test_the_clips_that_are_no_failure_of_a_provider_are_no_failures() -> None:
    row = only([clip(state="cancelled", spent=(0.0, "")), clip(number=1, state="planned")])
    assert (row.clips, row.made, row.failed, row.share) == (2, 0, 0, Figure())
    assert row.costs == ()


def test_what_a_kept_clip_cost_counts_all_that_was_spent() -> None:
    """Four made at 0.50, one charged though it failed, one refused that cost nothing; two kept."""
    made = clips("a", [5, 4, 2, 1])
    failed = [clip("a", 8, state="failed"), clip("a", 9, state="rejected", spent=(0.0, ""))]
    (cost,) = only(made + failed).costs
    assert (cost.currency, cost.clip, cost.n) == ("USD", 0.625, 4)
    assert (cost.kept.value, cost.kept.n) == (1.25, 2)
    assert cost.kept.low is not None
    assert cost.kept.high is not None
    assert cost.kept.low < 1.25 < cost.kept.high


def test_currencies_are_never_mixed() -> None:
    row = only([clip(number=1), clip(number=2, spent=(2.0, "CNY"), kept=True)])
    assert {cost.currency: cost.clip for cost in row.costs} == {"USD": 0.5, "CNY": 2.0}
    table = to_frame([row], "provider")
    assert table["cost"].isna().all()
    assert (table.loc["a", "n_made"], table.loc["a", "n_kept"]) == (2, 1)
    assert "0.50 USD" in table.loc["a", "note"]
    assert "2.00 CNY" in table.loc["a", "note"]


def test_an_unknown_price_is_never_nothing() -> None:
    row = only([clip(number=1, kept=True), clip(number=2, spent=(None, "USD"))])
    (cost,) = row.costs
    assert (cost.clip, cost.kept.value, row.unpriced) == (None, None, 1)
    assert only([clip(spent=(None, "USD"))]).costs == ()


def test_a_clip_without_a_charge_has_no_price() -> None:
    assert only([clip(spent=(0.0, ""), pool=replace(POOL, simulated=True))]).costs == ()


def test_a_known_cost_of_nothing_is_0_and_an_unknown_one_na() -> None:
    def table(*found: ClipFacts) -> list[Any]:
        (line,) = to_frame([only([*found])], "provider")[["cost", "cost_kept", "n_kept"]].to_numpy()
        return [None if isnan(value) else value for value in line]

    free = clip(spent=(0.0, ""))
    assert table(free, replace(free, id="a1", kept=True)) == [0, 0, 1]
    assert table(free) == [0, None, 0]
    assert table(replace(free, state="failed")) == [None, None, 0]
    assert table(free, clip(number=1, spent=(None, "USD"), kept=True)) == [None, None, 1]


def test_adherence_of_those_that_were_measured() -> None:
    row = only([clip(number=1, adherence=1.0), clip(number=2, adherence=0.5), clip(number=3)])
    assert (row.adherence.value, row.adherence.n) == (0.75, 2)
    assert row.adherence.high == 1.0


def test_votes_between_clips_of_one_item_say_nothing() -> None:
    both = [clip("a", 1), clip("a", 2), clip("b", 1)]
    rows = summarise(both, [Vote("a1", "a2", "first"), Vote("a1", "b1", "first")])
    assert [(row.item, row.strength.n, row.wins, row.losses) for row in rows] == [
        ("a", 1, 1, 0),
        ("b", 1, 0, 1),
    ]


def test_the_table_has_the_item_as_index_and_a_count_beside_every_figure() -> None:
    table = to_frame(summarise(clips("a", [5, 4]) + clips("b", [1, 2]), []), "provider")
    assert list(table.index) == ["a", "b"]
    assert table.index.name == "provider"
    assert tuple(table.columns) == COLUMNS
    for name in ("made_share", "seconds_p50", "cost", "cost_kept", "stars", "strength"):
        assert COUNTS[name] in table.columns
    assert table.loc["a", "pools"] == "768P · 6 s"


def test_an_empty_summary_is_an_empty_table() -> None:
    table = to_frame(summarise([], []), "prompt")
    assert table.empty
    assert tuple(table.columns) == COLUMNS
    assert table["cost"].dtype == float


# The best ----------------------------------------------------------------------------------------


def test_a_clear_difference_is_marked() -> None:
    rows = summarise(clips("good", [5, 4, 5, 5, 4, 5]) + clips("bad", [1, 2, 1, 1, 2, 1]), [])
    assert [row.stars.best for row in rows] == [True, False]
    assert "stars" in to_frame(rows, "provider").loc["good", "best"]


def test_a_clear_vote_is_marked() -> None:
    made = [clip(item, number) for item in "ab" for number in range(15)]
    votes = [Vote(f"a{number}", f"b{number}", "first") for number in range(15)]
    assert [row.strength.best for row in summarise(made, votes)] == [True, False]
    assert winners(summarise(made, votes[:3])) == 0


def test_a_failing_provider_is_told_from_one_that_delivers() -> None:
    broken = [clip("b", n, state="failed", seconds=None) for n in range(10)]
    rows = summarise([clip("a", n) for n in range(10)] + broken, [])
    assert [row.share.best for row in rows] == [True, False]


def test_what_a_kept_clip_costs_is_marked_where_all_is_judged() -> None:
    cheap, dear = clips("a", [5] * 12), clips("b", [5, *[1] * 11])
    rows = summarise(cheap + dear, [])
    assert rows[0].costs[0].kept.best
    unjudged = summarise([*cheap, clip("a", 99), *dear], [])
    assert not unjudged[0].costs[0].kept.best
    yuan = [replace(one, spent=(2.0, "CNY")) for one in dear]
    assert not summarise(cheap + yuan, [])[0].costs[0].kept.best


@pytest.mark.parametrize(
    "change",
    [{"resolution": "1080P"}, {"duration": 10}, {"frame": True}, {"sound": True}],
    ids=str,
)
def test_pools_that_do_not_mix_have_no_best(change: dict[str, Any]) -> None:
    good = clips("good", [5] * 8)
    bad = clips("bad", [1] * 8, pool=replace(POOL, **change))
    assert winners(summarise(good + bad, [])) == 0
    assert winners(summarise(good + clips("bad", [1] * 8), [])) > 0


def test_each_pool_has_a_best_of_its_own() -> None:
    both = clips("good", [5] * 8) + clips("bad", [1] * 8)
    stand_in = clips("other", [3] * 8, pool=replace(POOL, simulated=True))
    rows = summarise(both + stand_in, [])
    assert [row.stars.best for row in rows] == [True, False, False]


def test_a_row_with_one_value_keeps_all_others_from_being_best() -> None:
    rows = summarise(
        clips("good", [5] * 9) + clips("bad", [1] * 9) + clips("new", [5], spent=(None, "USD")), []
    )
    assert not any(row.stars.best for row in rows)


@pytest.mark.parametrize(
    ("subjects", "best"),
    [
        (("cat dog", "cat dog"), True),
        (("cat dog", "cat cat cat dog dog dog"), True),  # takes do not matter
        (("cat dog bird", "cat dog bird cat dog"), True),  # one failed
        (("cat dog", "cat cat cat cat cat cat cat dog"), False),
        (("cat", "dog"), False),
    ],
)
def test_stars_of_other_prompts_have_no_best(subjects: tuple[str, str], best: bool) -> None:
    """What is easy to film has more stars, whoever films it."""
    good, poor = (
        [replace(clip, subject=name) for clip, name in zip(made, names.split() * 12, strict=True)]
        for made, names in (
            (clips("a", [5, 4, 5, 5, 4, 5] * 2 * len(subjects[0].split())), subjects[0]),
            (clips("b", [1, 2, 1, 1, 2, 1] * 2 * len(subjects[1].split())), subjects[1]),
        )
    )
    rows = summarise([*good, *poor], [])
    assert [row.stars.best for row in rows] == [best, False]


def test_equal_marks_are_no_proof() -> None:
    """Two fours and two threes happen by chance one time in eight."""
    assert winners(summarise(clips("a", [4, 4]) + clips("b", [3, 3]), [])) == 0


def test_where_nothing_differs_nobody_is_best() -> None:
    """2,000 boards of equals: in at most one of twenty is anything marked at all."""
    chance = random.Random(14)
    marked = sum(winners(_board_of_equals(chance, "abcde")) > 0 for _ in range(1000))
    marked += sum(winners(_board_of_equals(chance, "ab")) > 0 for _ in range(1000))
    assert marked <= 100, marked


def _board_of_equals(chance: random.Random, items: str) -> list[SummaryRow]:
    stars = [chance.random() for _ in range(5)]
    failing = chance.choice([0.0, 0.05, 0.3])
    spread = chance.choice([0.05, 0.4])
    found = []
    for item in items[: chance.randint(2, 5)]:
        for number in range(chance.randint(1, 12)):
            if chance.random() < failing:
                found.append(clip(item, number, state="failed", seconds=None))
                continue
            (rating,) = chance.choices(range(1, 6), stars)
            found.append(
                clip(
                    item,
                    number,
                    seconds=chance.lognormvariate(4, spread),
                    rating=rating,
                    kept=rating >= 4,
                    adherence=chance.choice([0.0, 0.5, 1.0, 1.0]),
                )
            )
    return summarise(found, _votes(found, chance))


def _votes(found: list[ClipFacts], chance: random.Random) -> list[Vote]:
    outcomes: list[Outcome] = ["first", "second", "first", "second", "tie"]
    if len(found) < 2:
        return []
    pairs = [chance.sample([one.id for one in found], 2) for _ in range(chance.randint(0, 40))]
    return [Vote(first, second, chance.choice(outcomes)) for first, second in pairs]


# Intervals ---------------------------------------------------------------------------------------


def test_wilson_agrees_with_a_published_table() -> None:
    """Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for count, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert intervals.wilson(count / total, total) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("count", [2, 3, 4, 6, 20])
def test_the_interval_of_a_mean_holds_it(count: int) -> None:
    chance, held = random.Random(count), 0
    for _ in range(2000):
        found = intervals.of_mean([chance.gauss(3, 1) for _ in range(count)], 1.0)
        assert found is not None
        held += found[0] <= 3 <= found[1]
    assert held >= 1880


@pytest.mark.parametrize("count", [6, 9, 25])
def test_the_interval_of_a_median_holds_it(count: int) -> None:
    chance, held = random.Random(count), 0
    for _ in range(2000):
        found = intervals.of_median([chance.lognormvariate(0, 1) for _ in range(count)])
        assert found is not None
        held += found[0] <= 1 <= found[1]
    assert held >= 1880


def test_too_few_values_have_no_interval() -> None:
    assert intervals.of_mean([4.0], 1.0) is None
    assert intervals.of_median([1.0] * 5) is None
