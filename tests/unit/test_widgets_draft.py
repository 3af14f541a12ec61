"""What is wrong with a draft of the studio, how one click fixes it, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hailuo_nb import catalog
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.widgets.draft import Draft, escape_braces
from hailuo_nb.widgets.draft_checks import find_problems
from hailuo_nb.widgets.draft_plan import Limits, clip_costs, make_plan
from hailuo_nb.widgets.problem_list import ProblemInfo


def target(provider: str, model: str | None = None) -> str:
    return f"simulated:{provider}/{model or catalog.default_model(provider)}"


def test_a_draft_is_one_request_a_target() -> None:
    draft = Draft(
        "A cat",
        (target("ppinfra"), target("xcompute")),
        "1080P",
        6,
        options={"watermark": False},
        takes=3,
    )
    [(first, one), (second, two)] = draft.requests()
    assert (first, second) == ("simulated:ppinfra", "simulated:xcompute")
    assert (one.prompt, one.model, one.resolution, one.duration) == (
        "A cat",
        "MiniMax-Hailuo-02",
        "1080P",
        6,
    )
    assert dict(one.options) == {"watermark": False}
    assert two.model == catalog.default_model("xcompute")


def test_what_cannot_be_made_says_why_and_one_click_fixes_one_thing() -> None:
    fast = target("ppinfra", "MiniMax-Hailuo-2.3-Fast")
    draft = Draft("A cat", (target("ppinfra"), fast), "1080P", 10, options={})
    found = find_problems(draft)
    assert [(p["targets"], p["field"], p["severity"], p["changes"]) for p in found] == [
        ([target("ppinfra"), fast], "duration", "error", {"duration": 6}),
        ([fast], "first_frame", "error", {"model": "MiniMax-Hailuo-2.3"}),
    ]
    assert all("1080P" in text["message"] for text in found[0]["texts"])


def test_every_cure_leaves_fewer_problems() -> None:
    draft = Draft(
        "A cat",
        (target("ppinfra", "MiniMax-Hailuo-2.3-Fast"), target("modelverse")),
        "1080P",
        10,
        options={},
    )
    while wrong := [p for p in find_problems(draft) if p["severity"] == "error"]:
        fixed = cured(draft, wrong[0])
        assert len([p for p in find_problems(fixed) if p["severity"] == "error"]) < len(wrong)
        draft = fixed


def cured(draft: Draft, problem: ProblemInfo) -> Draft:
    """What the page makes of a cure."""
    changes = dict(problem["changes"] or {})
    if "model" not in changes:
        return replace(draft, **changes)
    model = changes.pop("model")
    targets = (
        str(ProviderRef.parse(one).with_model(model)) if one in problem["targets"] else one
        for one in draft.targets
        if model or one not in problem["targets"]
    )
    return replace(draft, targets=tuple(targets), **changes)


def test_a_cure_stops_no_target_that_can_be_sent() -> None:
    """OpenRouter sells 2.3 at 1080P only, where nobody sells H3."""
    large, small = "openrouter/MiniMax-Hailuo-2.3", "minimax/MiniMax-H3"
    [problem] = [p for p in find_problems(Draft("A cat", (large, small))) if p["changes"]]
    assert (problem["targets"], problem["changes"]) == ([large], {"model": None})
    [problem] = find_problems(Draft("A cat", (large,)))
    assert problem["changes"] == {"resolution": "1080P"}
    seven = Draft("A cat", (target("ppinfra"), small), "768P", 7)
    [problem] = [p for p in find_problems(seven) if p["severity"] == "error"]
    assert (problem["targets"], problem["changes"]) == ([target("ppinfra")], {"duration": 6})


def test_remarks_on_camera_commands_are_the_pages_own() -> None:
    draft = Draft("A cat [Push out] [Sony A7]", (target("modelverse"),))
    assert catalog.check(draft.requests()[0][1], "modelverse"), "compat has remarks on them"
    assert find_problems(draft) == []


def test_an_unknown_target_is_a_problem_and_no_crash() -> None:
    [provider] = find_problems(Draft("A cat", ("nowhere/MiniMax-Hailuo-02",)))
    assert "nowhere" in provider["texts"][0]["message"]
    assert provider["severity"] == "error"
    [model] = find_problems(Draft("A cat", ("simulated:ppinfra/Sora",)))
    assert "Sora" in model["texts"][0]["message"]
    assert model["changes"] == {"model": catalog.default_model("ppinfra")}


def test_a_simulated_clip_costs_nothing_and_a_real_one_its_list_price() -> None:
    simulated = make_plan(Draft("A cat", (target("ppinfra"),), takes=3), existing=2)
    assert simulated["clips"] == 3
    assert simulated["total"] == {"money": "", "unknown": 0}
    assert simulated["existing"] == 2
    real = make_plan(
        Draft("A cat", ("modelverse/MiniMax-Hailuo-02", target("ppinfra")), takes=2), existing=0
    )
    [price, free] = real["costs"]
    assert (price["count"], price["each"], price["sum"]) == (2, "¥2.00", "¥4.00")
    assert not price["simulated"]
    assert price["date"], "a price has a date"
    assert price["source"], "and a source"
    assert free["simulated"]
    assert real["clips"] == 4
    assert real["total"] == {"money": "¥4.00", "unknown": 0}


def test_a_price_file_that_cannot_be_read_is_said_and_does_not_stop_the_studio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HAILUO_NB_PRICES", str(tmp_path / "none.json"))
    plan = make_plan(Draft("A cat", ("modelverse/MiniMax-Hailuo-02",)), existing=0)
    assert plan["total"] == {"money": "", "unknown": 1}
    assert "none.json" in plan["costs"][0]["source"]


def test_alternatives_make_a_prompt_each_for_every_target() -> None:
    draft = Draft(
        "A cat at {dawn|dusk}", (target("ppinfra"), "modelverse/MiniMax-Hailuo-02"), takes=3
    )
    asked = [(name, request.prompt) for name, request in draft.requests()]
    assert asked == [
        (name, f"A cat at {word}")
        for word in ("dawn", "dusk")
        for name in ("simulated:ppinfra", "modelverse")
    ]
    plan = make_plan(draft, existing=0)
    assert (plan["clips"], plan["variants"], plan["prompts"]) == (
        12,
        2,
        ["A cat at dawn", "A cat at dusk"],
    )
    assert plan["costs"][1]["sum"] == "¥12.00"
    assert clip_costs(draft) == [(0.3, "simulated USD")] * 6 + [(2.0, "CNY")] * 6


def test_a_sweep_is_checked_by_its_longest_and_its_shortest_prompt() -> None:
    [long] = find_problems(Draft(f"{{A cat|{'x' * 2001}}}", (target("modelverse"),)))
    assert (long["code"], long["texts"][0]["values"]["count"], long["changes"]) == (
        "prompt_too_long",
        2001,
        None,
    )
    [empty] = find_problems(Draft("{A cat|}", (target("modelverse"),)))
    assert empty["code"] == "prompt_missing"
    [slip] = find_problems(Draft("A cat at {dawn|dusk", (target("modelverse"),)))
    assert (slip["severity"], slip["code"], slip["texts"][0]["values"]) == (
        "error",
        "variants_unclosed",
        {"at": 10},
    )
    assert make_plan(Draft("A cat {a|b", (target("modelverse"),)), existing=0)["clips"] == 0


@pytest.mark.parametrize(
    "prompt", ["A cat", "{one} word", "{a|b}", "a \\{ b", "}{", "C:\\new", "猫{"]
)
def test_a_prompt_that_was_sent_can_stand_in_the_editor_as_it_was(prompt: str) -> None:
    assert Draft(escape_braces(prompt)).prompts() == [prompt]


def test_every_problem_has_the_values_that_its_words_name() -> None:
    draft = Draft("A cat", (target("chanjing"), target("ppinfra")), "1080P", 10)
    [wrong] = find_problems(draft)
    assert [text["values"] for text in wrong["texts"]] == [
        {
            "title": "Chanjing, PPInfra",
            "model": "Hailuo 02",
            "resolution": "1080P",
            "duration": 10,
            "durations": "6",
            "elsewhere": "768P",
        }
    ]
    [sold_as] = [
        p for p in find_problems(Draft("A cat", (target("chanjing"),))) if p["code"] == "sold_as"
    ]
    assert sold_as["texts"][0]["values"]["sent_as"] == "720"


def test_the_plan_says_what_remains_without_the_targets_that_cannot_be_sent() -> None:
    both = Draft("A cat at {dawn|dusk}", (PAID, target("ppinfra")), takes=2)
    plan = make_plan(both, 0, wrong={target("ppinfra")}, limits=Limits(max_clips=3))
    assert plan["rest"] == {
        "targets": [PAID],
        "clips": 4,
        "left_out": 4,
        "total": {"money": "¥8.00", "unknown": 0},
        "limit": make_plan(replace(both, targets=(PAID,)), 0, limits=Limits(max_clips=3))["limit"],
    }
    assert plan["rest"]["limit"]["over"] == "clips"
    for wrong in (set(), {""}, set(both.targets)):
        assert make_plan(both, 0, wrong=wrong)["rest"] is None


PAID = "modelverse/MiniMax-Hailuo-02"


@pytest.mark.parametrize(
    ("limits", "over"),
    [
        (Limits(max_clips=2), ""),
        (Limits(max_clips=2, used=[(0.0, "")]), "clips"),
        (Limits(max_cost=4), ""),
        (Limits(max_cost=4, used=[(0.5, "CNY")]), "cost"),
        (Limits(max_cost=4, used=[(3.0, "USD")]), ""),
    ],
)
def test_a_limit_counts_what_is_used_already(limits: Limits, over: str) -> None:
    limit = make_plan(Draft("A cat", (PAID,), takes=2), existing=0, limits=limits)["limit"]
    assert limit["over"] == over
    assert bool(limit["message"]) == bool(over)


def test_a_price_that_nobody_knows_keeps_no_limit_of_cost() -> None:
    plan = make_plan(Draft("A cat", ("ppinfra/MiniMax-Hailuo-02",)), 0, limits=Limits(max_cost=100))
    assert plan["limit"]["over"] == "unknown"
    assert make_plan(Draft("A cat"), 0)["limit"] is None


def test_what_was_spent_is_shown_by_currency() -> None:
    plan = make_plan(
        Draft("A cat"), 0, spent=[(2.0, "CNY"), (None, ""), (2.0, "CNY"), (0.28, "USD")]
    )
    assert plan["spent"] == {"clips": 4, "money": "¥4.00 + $0.28", "unknown": 1}
    assert make_plan(Draft("A cat"), 0)["spent"] is None
