"""The verdict on a page: the words of `board.effect` in both languages, and never another winner."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.errors import MissingExtraError
from hailuo_nb.measure import paired
from hailuo_nb.pages import effect_table
from hailuo_nb.pages.effect_rows import Effect, Effects
from hailuo_nb.results import bundle, page_effects
from hailuo_nb.results.comparison import Comparison
from tests.browser.board_clips import row
from tests.browser.saved_comparison import _record

TAKES = 8
LONG = "A lighthouse on a cliff at {}, waves below, gulls above [Push in]"


def board(folder: Path, takes: int = TAKES, **of: dict[str, Any]) -> Comparison:
    """Takes of two requests: `of` names what differs by job, "a" and "b". Those of "a" win their
    votes."""
    clips = []
    for name, changes in of.items():
        record = _record(row(0)) | {"path": None, "poster": None}
        request = record["request"] | changes
        clips += [
            {**record, **changes, "request": request, "id": f"{name}{take}", "take": take}
            for take in range(1, takes + 1)
        ]
    first, second = of
    votes = [Vote(f"{first}{take}", f"{second}{take}", "first") for take in range(1, takes + 1)]
    bundle.write(folder / bundle.FILE, bundle.document("Foxes", clips, [], votes))
    return hn.Comparison.load(folder)


PROVIDERS: dict[str, dict[str, Any]] = {
    "a": {"provider": "simulated:fal", "provider_title": "fal"},
    "b": {"provider": "simulated:ppinfra", "provider_title": "PPInfra"},
}
PROMPTS = {"a": {"prompt": LONG.format("dawn")}, "b": {"prompt": LONG.format("dusk")}}


def sections(page: Path) -> dict[str, str]:
    """The verdict by language."""
    found = re.findall(
        r'<section class="verdict" lang="(\w+)">(.*?)</section>', page.read_text("utf-8"), re.S
    )
    return dict(found)


def words(section: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", section).split())


def test_it_is_that_of_effect_in_both_languages(tmp_path: Path) -> None:
    found = board(tmp_path, **PROVIDERS)
    (effect,) = found.effect("provider", "votes").to_dict("records")
    assert (effect["verdict"], effect["n_pairs"]) == ("better", TAKES)
    shown = sections(found.to_html(tmp_path / "p.html"))
    assert "fal is better than PPInfra by votes" in words(shown["en"])
    assert "fal 优于 PPInfra ：投票" in words(shown["zh"])
    low, high = f"{effect['low']:.2f}", f"{effect['high']:.2f}"
    assert f"+1.00 (+{low} … +{high}) {TAKES} from 1 request better" in words(shown["en"])
    assert words(shown["en"]).startswith("Verdict by provider Simulated")
    assert "Stars fal PPInfra 0 (" in words(shown["en"]) and "星级" in shown["zh"]
    assert "Time (s) fal PPInfra 0 (0 … 0) 8 from 1 request no difference in any pair" in words(
        shown["en"]
    )


def test_too_few_pairs_name_no_winner_and_need_no_scipy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Any:
        raise MissingExtraError("no scipy")

    monkeypatch.setattr(paired, "_stats", missing)
    found = board(tmp_path, 5, **PROMPTS)
    shown = sections(found.to_html(tmp_path / "p.html"))
    nearest = "Nearest to one: votes, with about 2 more pairs."
    assert f"Not enough evidence for a verdict. {nearest}" in shown["en"]
    assert " better" not in words(shown["en"])
    low, verdict = found.effect("prompt").loc[0, ["low", "verdict"]]
    assert f"dawn dusk +1.00 ({low:+.2f} … +1.00) 5 from 1 request {verdict}" in words(shown["en"])
    assert "证据不足：大约还需" in shown["zh"]
    more = board(tmp_path, **PROMPTS)
    said = words(sections(more.to_html(tmp_path / "p.html"))["en"])
    assert said.startswith("No verdict by prompt: scipy was missing"), "and the page is there"


def test_the_question_is_that_of_suggest_or_the_one_that_is_named(tmp_path: Path) -> None:
    found = board(tmp_path, 2, **PROMPTS)
    page = tmp_path / "p.html"
    assert sections(found.to_html(page, effect=False)) == {}
    assert sections(found.to_html(page, effect="camera"))["en"].endswith(
        "No verdict by camera: the clips do not differ in it.</p>"
    )
    assert "写法" in sections(found.to_html(page, effect="wording"))["zh"]
    assert "Verdict by prompt" in sections(found.to_html(page, "folder"))["en"]
    with pytest.raises(hn.ArgumentError, match="not by 'colour'"):
        found.to_html(page, effect="colour")


def test_what_failed_counts_and_what_is_the_accounts_fault_does_not(tmp_path: Path) -> None:
    gone = {"state": "rejected", "submitted_at": None, "finished_at": None}
    found = board(
        tmp_path, 9, a=PROVIDERS["a"] | gone | {"error_kind": "moderation"}, b=PROVIDERS["b"]
    )
    (failed,) = found.effect("provider", "failed").to_dict("records")
    assert (failed["difference"], failed["n_pairs"], failed["verdict"]) == (1, 9, "worse")
    said = words(sections(found.to_html(tmp_path / "p.html"))["en"])
    assert "PPInfra is better than fal by votes" not in said
    assert "PPInfra is better than fal by share that failed." in said
    empty = board(
        tmp_path, 9, a=PROVIDERS["a"] | gone | {"error_kind": "balance"}, b=PROVIDERS["b"]
    )
    assert "failed" not in set(empty.effect("provider")["outcome"])


def test_votes_that_tell_nothing_say_so(tmp_path: Path) -> None:
    found = board(tmp_path, 2, **PROVIDERS)
    text = effect_table.render(
        page_effects.effects_of(found.jobs, [Vote("a1", "a2", "first")], None)
    )
    assert "Votes fal PPInfra 0 not enough evidence: no vote is between two" in words(text)


def test_nothing_to_compare_is_left_out_or_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "p.html"
    alone = board(tmp_path, 1, **PROVIDERS)
    assert sections(hn.Comparison(alone.jobs[:1]).to_html(page)) == {}
    assert sections(hn.Comparison().to_html(page)) == {}
    both = {"a": PROVIDERS["a"] | {"model": "MiniMax-Hailuo-02"}, "b": PROVIDERS["b"]}
    apart = board(tmp_path, 1, **both)
    assert "agree in everything else" in words(sections(apart.to_html(page))["en"])
    monkeypatch.setattr(page_effects, "MAX_QUESTIONS", 0)
    assert "too many" in words(sections(board(tmp_path, 1, **PROVIDERS).to_html(page))["en"])


def test_texts_of_others_are_no_markup_and_rows_have_a_limit() -> None:
    item = "<script>\u202e"
    rows = [
        Effect(item, item, f"b{number}", 1e-9, None, None, 1, 1, "not enough evidence", None)
        for number in range(effect_table.MAX_ROWS + 1)
    ]
    rows += [Effect("merit", "a", other, 1, 1, 2, 9, 9, "better", 0) for other in ("c", "d")]
    text = effect_table.render(Effects(item, rows))
    assert "<script" not in text and "\u202e" not in text and "&lt;script&gt;\\u202e" in text
    assert text.count("+1e−09") == 2 * (effect_table.MAX_ROWS - 2)
    assert words(text).startswith(
        "Verdict by &lt;script&gt;\\u202e a is better than c , d by merit."
    )
    assert "3 more: board.effect" in text and "more than 1000 more pairs" in text
    assert effect_table.render(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.9e-17, "0"), (-0.004, "−0.004"), (0.123, "+0.12"), (-12.34, "−12.3"), (345.6, "+346")],
)
def test_a_difference_has_its_sign(value: float, text: str) -> None:
    assert effect_table.with_sign(value) == text
