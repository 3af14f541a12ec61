"""What is wrong with a draft of the studio, how one click mends it, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from hailuo_nb import compat
from hailuo_nb.widgets.draft import Draft, plan_of, problems_of


def target(provider: str, model: str | None = None) -> str:
    return f"simulated:{provider}/{model or compat.default_model(provider)}"


def test_a_draft_is_one_request_a_target() -> None:
    draft = Draft(
        "A cat", (target("ppinfra"), target("xcompute")), "1080P", 6, options={"watermark": False}, takes=3
    )
    [(first, one), (second, two)] = draft.requests()
    assert (first, second) == ("simulated:ppinfra", "simulated:xcompute")
    assert (one.prompt, one.model, one.resolution, one.duration) == ("A cat", "MiniMax-Hailuo-02", "1080P", 6)
    assert (one.watermark, one.prompt_optimizer) == (False, None)
    assert two.model == compat.default_model("xcompute")


def test_what_cannot_be_made_says_why_and_one_click_mends_one_thing() -> None:
    fast = target("ppinfra", "MiniMax-Hailuo-2.3-Fast")
    draft = Draft("A cat", (target("ppinfra"), fast), "1080P", 10, options={})
    found = [(p["target"], p["field"], p["severity"], p["changes"]) for p in problems_of(draft)]
    assert (target("ppinfra"), "duration", "error", {"duration": 6}) in found
    assert (fast, "duration", "error", {"duration": 6}) in found
    [cure] = [changes for at, field, _, changes in found if (at, field) == (fast, "first_frame")]
    assert cure == {"target": target("ppinfra", "MiniMax-Hailuo-2.3")}
    assert all("1080P" in p["message"] for p in problems_of(draft) if p["field"] == "duration")


def test_every_cure_leaves_fewer_problems() -> None:
    draft = Draft(
        "A cat", (target("ppinfra", "MiniMax-Hailuo-2.3-Fast"), target("modelverse")), "1080P", 10, options={}
    )
    while wrong := [p for p in problems_of(draft) if p["severity"] == "error"]:
        changes = dict(wrong[0]["changes"])
        new = changes.pop("target", None)
        targets = tuple(new if new and one == wrong[0]["target"] else one for one in draft.targets)
        mended = Draft(
            "A cat",
            targets,
            changes.get("resolution", draft.resolution),
            changes.get("duration", draft.duration),
        )
        assert len([p for p in problems_of(mended) if p["severity"] == "error"]) < len(wrong)
        draft = mended


def test_remarks_on_camera_commands_are_the_pages_own() -> None:
    draft = Draft("A cat [Push out] [Sony A7]", (target("modelverse"),))
    assert compat.check(draft.requests()[0][1], "modelverse"), "compat has remarks on them"
    assert problems_of(draft) == []


def test_an_unknown_target_is_a_problem_and_no_crash() -> None:
    [provider] = problems_of(Draft("A cat", ("nowhere/MiniMax-Hailuo-02",)))
    assert "nowhere" in provider["message"]
    assert provider["severity"] == "error"
    [model] = problems_of(Draft("A cat", ("simulated:ppinfra/Sora",)))
    assert "Sora" in model["message"]
    assert model["changes"] == {"target": target("ppinfra")}


def test_a_simulated_clip_costs_nothing_and_a_real_one_its_list_price() -> None:
    simulated = plan_of(Draft("A cat", (target("ppinfra"),), takes=3), existing=2)
    assert simulated["clips"] == 3
    assert simulated["total"] == "free (simulated)"
    assert simulated["existing"] == 2
    real = plan_of(Draft("A cat", ("modelverse/MiniMax-Hailuo-02", target("ppinfra")), takes=2), existing=0)
    [price, free] = real["costs"]
    assert price["text"].startswith("2 × ")
    assert not price["simulated"]
    assert price["detail"], "a price has a date and a source"
    assert free["simulated"]
    assert real["clips"] == 4
    assert real["total"] not in ("", "free (simulated)")


def test_a_price_file_that_cannot_be_read_is_said_and_does_not_stop_the_studio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HAILUO_NB_PRICES", str(tmp_path / "none.json"))
    plan = plan_of(Draft("A cat", ("modelverse/MiniMax-Hailuo-02",)), existing=0)
    assert plan["total"] == "cost unknown"
    assert "none.json" in plan["costs"][0]["detail"]
