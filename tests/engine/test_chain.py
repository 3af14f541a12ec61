"""A chain of shots at the simulator: each starts from the last picture of the one before, each is
paid once, and a chain that stopped goes on."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.results import waiting
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture
from tests.unit import clips

AT = "simulated:ppinfra/MiniMax-Hailuo-02"
SHOTS = ["A cat wakes", "It runs [Push in]", "It sleeps"]


@pytest.fixture(autouse=True)
def place(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Stand:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2000.0)
    stand.clip = clips.clip(size=(640, 360), frames=24)
    return stand


def run(**changes: Any) -> hn.Chain:
    return hn.chain(SHOTS, **{"provider": AT, **changes})


def test_each_shot_starts_where_the_one_before_ended(place: Stand) -> None:
    chain = run().wait(END)
    assert [job.prompt for job in chain.jobs] == SHOTS
    assert [job.state for job in chain.jobs] == ["saved"] * 3
    first, *others = (job.request.first_frame for job in chain.jobs)
    assert first is None
    assert [frame.source for frame in others] == [job.frame(-1).source for job in chain.jobs[:2]]
    assert place.charged == {"ppinfra": 3}


def test_the_same_call_pays_nothing(place: Stand) -> None:
    ids = [job.id for job in run().wait(END).jobs]
    session._runners.clear()
    again = run(max_clips=0, max_cost=0).wait(END)
    assert [job.id for job in again.jobs] == ids
    assert place.charged == {"ppinfra": 3}


def test_a_limit_counts_the_shots_that_are_not_there(place: Stand) -> None:
    with pytest.raises(hn.BudgetError, match="3"):
        run(max_clips=2)
    hn.chain(SHOTS[:2], provider=AT).wait(END)
    with pytest.raises(hn.BudgetError, match="1"):
        run(max_clips=0)
    run(max_clips=1).wait(END)
    assert place.charged == {"ppinfra": 3}


def test_a_shot_without_a_clip_stops_the_chain_and_another_take_goes_on(place: Stand) -> None:
    place.faults = ("fail_task",)
    chain = hn.chain(SHOTS[:2], provider=AT)
    with pytest.raises(hn.ChainError, match=r"shot 1 of 2 at .* ended as failed: .*take="):
        chain.wait(END)
    assert len(chain.jobs) == 1 and chain.done and "Nothing more was sent" in chain.error


def test_a_clip_whose_file_is_gone_is_fetched_again_and_the_chain_goes_on(place: Stand) -> None:
    first, *others = run().wait(END).jobs
    assert first.path is not None
    made = first.path.read_bytes()
    first.path.unlink()
    with pytest.raises(hn.ChainError, match=r"shot 1 of 3: .*; job\.look_again\(\) asks"):
        run().wait(END)
    assert first.look_again().wait(END).state == "saved"
    assert first.path.read_bytes() == made
    assert [job.id for job in run(max_clips=0).wait(END).jobs] == [
        job.id for job in (first, *others)
    ]
    assert place.charged == {"ppinfra": 3}


@pytest.mark.parametrize(
    ("fault", "provider", "words"),
    [
        ("drop_after_charge", AT, r"as unknown: .* Look for the clip at the provider first\. "),
        ("moderation", "simulated:modelverse", r"as rejected: .* change it and ask again\."),
    ],
)
def test_who_may_have_paid_is_not_told_to_pay_again(
    place: Stand, fault: str, provider: str, words: str
) -> None:
    place.faults = (fault,)
    with pytest.raises(hn.ChainError, match=words) as told:
        run(provider=provider).wait(END)
    assert "take=" not in str(told.value)


def test_a_clip_that_was_replaced_pays_for_no_other_shots(place: Stand) -> None:
    first = run().wait(END).jobs[0]
    assert first.path is not None
    first.path.write_bytes(clips.clip(size=(640, 360), frames=12))
    session._runners.clear()
    with pytest.raises(hn.ChainError, match=r"shot 1 of 3: .* is no longer the file"):
        run(max_clips=0).wait(END)
    assert place.charged == {"ppinfra": 3}


def held() -> tuple[hn.Chain, threading.Event]:
    """A chain that waits within its first shot until the event is set."""
    go = threading.Event()

    def ask(number: int, frame: object) -> hn.Job:
        go.wait(END)
        return hn.generate(SHOTS[number], provider=AT)

    return hn.Chain(ask, len(SHOTS), title="held"), go


def interrupted(chain: hn.Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(waiting, "reporting", interrupt)
        chain.wait()


def awaited_too_long(chain: hn.Chain, _: pytest.MonkeyPatch) -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(chain, 0.01))
    assert not chain.done, "the await lasted as long as the chain"


@pytest.mark.parametrize("stop", [lambda chain, _: chain.cancel(), interrupted, awaited_too_long])
def test_who_stops_waiting_pays_for_no_more_shots(
    place: Stand, monkeypatch: pytest.MonkeyPatch, stop: Callable[..., None]
) -> None:
    chain, go = held()
    stop(chain, monkeypatch)
    go.set()
    with pytest.raises(hn.ChainError, match=r"^cancelled after 1 of 3 shots\. Nothing more was"):
        chain.wait(END)
    assert [job.state for job in chain.jobs] == ["saved"]
    assert place.charged == {"ppinfra": 1}


def test_it_acts_in_the_context_of_its_cell() -> None:
    """Else ipykernel 7.0 refuses to show the shots, which stopped chain and race."""
    cell = contextvars.ContextVar("cell", default="none")
    cell.set("the cell")
    seen: list[str] = []

    def ask(number: int, frame: object) -> hn.Job:
        seen.append(cell.get())
        raise hn.HailuoError("enough")

    with pytest.raises(hn.ChainError, match="enough"):
        hn.Chain(ask, 1, title="").wait(END)
    assert seen == ["the cell"]


def test_what_was_checked_is_what_is_sent(place: Stand, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (640, 400), "red").save(picture)
    with picture.open("rb") as file:
        chain = run(first_frame=file)
    frame = chain.wait(END).jobs[0].request.first_frame
    assert frame is not None and frame.source == hn.Frame.of(picture).source


def test_a_fault_names_its_shot(place: Stand) -> None:
    def ask(number: int, frame: object) -> hn.Job:
        if number:
            raise hn.HailuoError("the roof fell in")
        return hn.generate(SHOTS[number], provider=AT)

    with pytest.raises(hn.ChainError, match=r"^shot 2 of 3: the roof fell in\. Nothing more"):
        hn.Chain(ask, len(SHOTS), title="").wait(END)


def test_it_is_awaited() -> None:
    async def cell() -> hn.Chain:
        return await run()

    assert len(asyncio.run(cell()).jobs) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"take": [1, 2]}, "take has 2 numbers for 3 shots"),
        ({"take": 0}, "take"),
        ({"provider": ["simulated:ppinfra", "simulated:xcompute"]}, "provider"),
        ({"max_clips": -1}, "max_clips"),
        ({"beauty": 1}, "beauty"),
    ],
)
def test_bad_arguments_are_told_before_anything_is_sent(
    place: Stand, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(hn.HailuoError, match=words):
        run(**changes)
    with pytest.raises(hn.HailuoError, match="prompts"):
        hn.chain([], provider=AT)
    assert place.app is None


def test_a_model_that_takes_no_first_frame_is_told_before_the_first_shot(place: Stand) -> None:
    with pytest.raises(hn.InvalidRequestError, match="shot"):
        run(provider="simulated:fal/MiniMax-Hailuo-2.3-Fast", first_frame=None)
    assert place.app is None
