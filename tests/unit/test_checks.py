"""Checks: a small grammar, and nothing passes of which there is no value."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import ArgumentError, CheckError
from hailuo_nb.results import checks
from hailuo_nb.results.check_text import read
from hailuo_nb.results.checks import CheckedClip, judge
from hailuo_nb.results.summary import ClipFacts, summarise
from hailuo_nb.results.summary_table import to_frame
from tests.unit.test_summary import clip as facts


def table_of(made: list[ClipFacts]) -> pd.DataFrame:
    return to_frame(summarise(made, []), "provider")


def judged(text: str, made: list[ClipFacts], **figures: float) -> dict[str, dict[str, Any]]:
    """The rows of one check by item; `figures` are those of every saved clip."""
    clips = [
        CheckedClip(one.item, one.state, one.spent, "", figures if one.state == "saved" else {})
        for one in made
    ]
    rows = judge(read([text]), "provider", table_of(made), clips, {})
    return {row["provider"]: row for row in rows.to_dict("records")}


# The text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "sign", "limit", "currency"),
    [
        ("adherence >= 0.8", "adherence", ">=", 0.8, ""),
        ("  failed==0 ", "n_failed", "==", 0, ""),
        ("made_share ≥ 95 %", "made_share", ">=", 0.95, ""),
        ("seconds < 2 min", "seconds_p50", "<", 120, ""),
        ("cost <= .5 CNY", "cost", "<=", 0.5, "CNY"),
        ("清晰 != -1e3", "清晰", "!=", -1000, ""),
        ("seconds <= 60 sec", "seconds_p50", "<=", 60, ""),
        ("seconds < 1 minute", "seconds_p50", "<", 60, ""),
        ("seconds < 2分钟", "seconds_p50", "<", 120, ""),
        ("cost < 1 usd", "cost", "<", 1, "USD"),
        ("failed ＜＝ ０", "n_failed", "<=", 0, ""),
        ("\ufefffailed == 0", "n_failed", "==", 0, ""),
    ],
)
def test_what_a_check_says(text: str, column: str, sign: str, limit: float, currency: str) -> None:
    (one,) = read([text])
    assert (one.column, one.sign, one.currency) == (column, sign, currency)
    assert one.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("failed = 0", "write == for equal"),
        ("0.5 <= stars <= 4", "one check is one comparison"),
        ("stars > 3 and failed == 0", "one check is one comparison"),
        ("stars", "a column, a sign"),
        ("__import__('os').system('x') == 0", "cannot be read"),
        ("stars >= four", "cannot be read"),
        ("stars >= nan", "cannot be read"),
        ("stars >= 1e999", "without an end"),
        ("stars >= 4 CNY", "the unit 'CNY'"),
        ("seconds <= 3 days", "the unit 'days'"),
        ("failed < 50%", "n_failed is no share"),
        ("cost < 50 %", "cost is no share"),
        ("seconds < 10%", "seconds_p50 is no share"),
        ("stars > 80%", "stars is no share"),
        ("x" * 1000, "at most 300"),
        (0.8, "no text"),
    ],
)
def test_nonsense_is_refused(text: Any, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        read([text])


def test_checks_may_be_a_list() -> None:
    assert [one.column for one in read([["failed == 0", "stars > 3"]])] == ["n_failed", "stars"]


def test_no_check_is_no_pass() -> None:
    with pytest.raises(ArgumentError, match="at least one"):
        read([])


# What is judged ----------------------------------------------------------------------------------


def test_each_item_is_judged_by_the_summary() -> None:
    made = [facts("a", n, adherence=0.9, seconds=60.0 + n) for n in range(3)]
    made += [facts("b", 0, adherence=0.5), facts("b", 1, state="failed")]
    found = judged("adherence >= 0.8", made)
    assert found["a"]["passed"] and found["a"]["n"] == 3 and found["a"]["of"] == "mean"
    assert not found["b"]["passed"]
    assert found["b"]["reason"] == "0.5 is not >= 0.8"
    assert {item: row["passed"] for item, row in judged("failed == 0", made).items()} == {
        "a": True,
        "b": False,
    }
    assert (
        judged("seconds <= 61 s", made)["a"] | {"of": "median", "passed": True}
        == judged("seconds <= 61 s", made)["a"]
    )


def test_a_sum_of_decimals_is_exact_enough() -> None:
    made = [facts("a", n, adherence=value) for n, value in enumerate((0.1, 0.2, 0.3))]
    assert judged("adherence == 0.2", made)["a"]["passed"]
    assert not judged("adherence > 0.2", made)["a"]["passed"]


@pytest.mark.parametrize(
    ("text", "made", "reason"),
    [
        ("adherence >= 0", [facts()], "not measured"),
        ("stars >= 0", [facts()], "no clip has stars"),
        ("strength > -9", [facts()], "no votes"),
        ("cost_kept < 9", [facts()], "no clip was kept"),
        ("seconds < 99", [facts(state="failed")], "no clip was made"),
        ("failed == 0", [facts(), facts("a", 1, state="submitted")], "1 of 2 clips is not over"),
        ("spent < 99", [facts(spent=(None, "USD"))], "1 without a known price"),
    ],
)
def test_what_has_no_value_falls_short_with_the_reason(
    text: str, made: list[ClipFacts], reason: str
) -> None:
    row = judged(text, made)["a"]
    assert not row["passed"]
    assert reason in row["reason"]


def test_a_clip_that_could_not_be_measured_says_why() -> None:
    clips = [CheckedClip("a", "saved", note="it holds no picture"), CheckedClip("a", "saved")]
    (row,) = judge(read(["adherence >= 0"]), "provider", table_of([facts()]), clips, {}).to_dict(
        "records"
    )
    assert row["reason"] == "not measured: it holds no picture"


def test_a_clip_that_was_measured_without_a_verdict_says_so() -> None:
    row = judged("adherence >= 0", [facts()], sharpness=12.0)["a"]
    assert "nothing could be judged" in row["reason"]


def test_a_scorer_s_column_is_the_mean_of_the_clips_that_have_it() -> None:
    made = [facts(), facts("a", 1), facts("a", 2, state="failed")]
    row = judged("beauty_face >= 3", made, beauty_face=4.0)["a"]
    assert (row["value"], row["n"], row["passed"]) == (4.0, 2, True)


def test_an_unknown_column_is_told_with_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'adherence'"):
        judged("adherance >= 0.8", [facts()])


def test_money_is_held_against_the_same_money_alone() -> None:
    made = [facts("a", spent=(3.0, "CNY")), facts("b", spent=(0.5, "USD"))]
    assert all("name one" in row["reason"] for row in judged("cost <= 9", made).values())
    cny = judged("cost <= 3.5 CNY", made)
    assert list(cny) == ["a"] and cny["a"]["passed"]
    euros = judged("spent <= 9 EUR", made)
    assert [row["passed"] for row in euros.values()] == [False, False]
    assert "it is in CNY" in euros["a"]["reason"]


def test_what_cannot_be_made_is_no_pass() -> None:
    rows = judge(read(["failed == 0"]), "provider", table_of([]), [], {"fal": "no 1080P"})
    assert rows["passed"].tolist() == [False]
    assert rows["reason"].tolist() == ["cannot be made: no 1080P"]


# The comparison ----------------------------------------------------------------------------------


def test_an_empty_comparison_has_nothing_to_check() -> None:
    with pytest.raises(ArgumentError, match="no clip"):
        hn.Comparison().check("failed == 0")
    with pytest.raises(ArgumentError, match="'raise' or 'ignore'"):
        hn.Comparison().check("failed == 0", errors="coerce")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="not by 'colour'"):
        hn.Comparison().check("failed == 0", by="colour")


def test_the_error_holds_the_rows_that_fall_short(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [facts("a"), facts("b", state="failed")]
    clips = [CheckedClip(one.item, one.state) for one in made]
    monkeypatch.setattr(checks, "_clip", lambda job, by: job)
    call: dict[str, Any] = {"by": "provider", "table": table_of(made), "skipped": []}
    with pytest.raises(CheckError, match=r"1 of 2 checks falls short\n  failed == 0 · b: 1 is not"):
        checks.check(["failed == 0"], jobs=clips, errors="raise", **call)  # type: ignore[arg-type]
    found = checks.check(["failed == 0"], jobs=clips, errors="ignore", **call)  # type: ignore[arg-type]
    assert found["passed"].tolist() == [True, False]
    assert issubclass(CheckError, hn.HailuoError) and issubclass(CheckError, AssertionError)
