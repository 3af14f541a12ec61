"""Warnings about the camera moves of a request: the optimizer's switch, many steps, prose."""

from __future__ import annotations

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import Problem
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.ordering import validation
from hailuo_nb.prompts import camera
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.credentials import Credentials
from hailuo_nb.requests.video_request import VideoRequest

H3 = ("MiniMax-H3", "minimax")
MOVES = ["[Push in]", "[Pan left]", "[Tilt up]", "[Shake]", "[Pull out]", "[Pan right]"]


def ask(prompt: str, model: str = "MiniMax-Hailuo-2.3", **fields: object) -> VideoRequest:
    return VideoRequest(prompt=prompt, model=model, **{"duration": 6, **fields})


def found(request: VideoRequest, provider: str, code: str) -> list[Problem]:
    return [problem for problem in catalog.check(request, provider) if problem.code == code]


@pytest.mark.parametrize("provider", ["ppinfra", "modelverse", "xcompute", "fal", "novita"])
def test_brackets_with_the_optimizer_left_on_are_one_hint_with_the_switch(provider: str) -> None:
    request = ask("A cat [Push in] runs [Pan left].")
    (hint,) = found(request, provider, "optimizer_with_moves")
    assert (hint.field, hint.severity) == ("prompt_optimizer", "warning")
    assert hint.nearest == request.but(prompt_optimizer=False)
    assert found(request.but(prompt_optimizer=False), provider, "optimizer_with_moves") == []
    assert found(request.but(prompt_optimizer=True), provider, "optimizer_with_moves") == []
    assert found(ask("A cat runs."), provider, "optimizer_with_moves") == []
    # Plain words about the camera are not lost more than others.
    assert found(ask("The camera pushes in."), provider, "optimizer_with_moves") == []


def test_without_the_switch_there_is_no_hint_of_it() -> None:
    assert found(ask("A cat [Push in]"), "chanjing", "optimizer_with_moves") == []
    assert found(ask("A cat [Push in]", H3[0], ratio="16:9"), H3[1], "optimizer_with_moves") == []


def test_nine_steps_in_six_seconds_are_a_hint_that_keeps_three() -> None:
    nine = "A cat " + " ".join((MOVES * 2)[:9]) + " runs."
    (hint,) = found(ask(nine), "xcompute", "many_steps")
    assert "9 camera steps in 6 s" in hint.message
    assert hint.nearest is not None
    assert hint.nearest.prompt == "A cat [Push in] [Pan left] [Tilt up] runs."
    assert found(hint.nearest, "xcompute", "many_steps") == []


@pytest.mark.parametrize(("seconds", "most"), [(6, 3), (10, 5)])
def test_two_seconds_a_step_are_enough(seconds: int, most: int) -> None:
    for count in (most, most + 1):
        request = ask("A cat " + " ".join(MOVES[:count]), duration=seconds)
        assert bool(found(request, "ppinfra", "many_steps")) == (count > most)


def test_prose_of_many_steps_is_a_hint_without_a_cure() -> None:
    prose = camera.render("A cat " + " ".join(MOVES[:4]), "prose")
    (hint,) = found(ask(prose), "xcompute", "many_steps")
    assert hint.nearest is None


def test_what_is_right_for_h3_is_no_remark_there() -> None:
    prompt = "[Shot 1] A cat. The camera pushes in."
    assert {"plain_bracket", "bare_move"} <= {
        problem.code for problem in catalog.check(ask(prompt), "xcompute")
    }
    assert catalog.check(ask(prompt, H3[0], ratio="16:9"), H3[1]) == []
    # A command that is none would be sent as it stands there too.
    assert found(ask("A cat [Push out]", H3[0], ratio="16:9"), H3[1], "unknown_command")


def test_h3_is_sent_prose_and_the_others_brackets() -> None:
    request = ask("A cat runs [Push in]", H3[0], ratio="16:9", resolution="768P")
    row = catalog.row_for(request, H3[1])
    assert catalog.match.prompt(request, row) == "A cat runs as the camera pushes in."
    other = ask("A cat runs [Push in]")
    assert catalog.match.prompt(other, catalog.row_for(other, "fal")) == "A cat runs [Push in]"


def test_advice_is_told_before_sending_and_is_no_loss_of_the_clip() -> None:
    adapter = registry.get("xcompute")
    account = Account(adapter, adapter.base_url, Credentials("k"), simulated=True)
    item = JobSpec(account, ask("A cat [Push in] [Pan left] [Sony] [Tilt up] [Shake]"), 1)
    assert len(validation.remarks(item)) == 3
    assert [note for note in validation.losses(item) if "[Sony]" not in note] == []
