"""Cancelling through the public functions and the board, at the stand-ins that can cancel tasks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.errors import ReadOnlyError
from hailuo_nb.widgets.board_actions import BoardActions
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture

SOLD = ["simulated:fal", "simulated:replicate"]
SHOWN = pytest.mark.parametrize("name", SOLD)


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task takes minutes, and is asked about for as long."""
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2.0)


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + END
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def submitted(name: str) -> hn.Job:
    job = hn.generate(PROMPT, provider=name)
    until(lambda: job.state == "submitted")
    return job


@SHOWN
def test_a_submitted_clip_is_cancelled(stand: Stand, name: str) -> None:
    job = submitted(name)
    assert job.cancellable
    assert job.cancel()
    assert job.wait(END).state == "cancelled"
    assert "cancelled the clip" in str(job.error)
    assert "send_again" in job.advice
    assert "nothing was charged" not in job.advice
    assert not job.cancellable
    assert not job.cancel(), "it is over"
    assert job.again().id == job.id, "never sent anew by itself"


@SHOWN
def test_the_board_says_what_it_costs_and_asks(stand: Stand, name: str) -> None:
    job = submitted(name)
    board = hn.Comparison([job])
    (row,) = board.rows()
    assert str(row["cancelling"]).startswith(("fal takes a request", "Replicate's page"))
    actions = BoardActions(board, lambda: None)
    assert actions.run("cancel_task", {"job": job.id}) == {"cancelled": True}
    assert job.wait(END).state == "cancelled"
    (row,) = board.rows()
    assert (row["cancelling"], row["state"]) == (None, "cancelled")


def test_where_it_is_not_sold_the_board_offers_nothing(stand: Stand) -> None:
    job = submitted("simulated:ppinfra")
    (row,) = hn.Comparison([job]).rows()
    assert (row["cancelling"], job.cancellable) == (None, False)
    assert not job.cancel()
    assert "cannot cancel a task" in str(job.error)
    assert job.stop_watching()


def test_a_person_sends_a_cancelled_clip_once_more(stand: Stand) -> None:
    job = submitted(SOLD[0])
    job.cancel()
    job.wait(END)
    anew = job.send_again()
    assert anew.id != job.id
    until(lambda: anew.state == "submitted")


def test_an_exported_clip_is_only_looked_at(stand: Stand, tmp_path: Path) -> None:
    job = submitted(SOLD[0])
    folder = hn.Comparison([job]).export(tmp_path / "out")
    (read,) = hn.Comparison.load(folder)
    with pytest.raises(ReadOnlyError):
        read.cancel()
    job.cancel()
    job.wait(END)


def test_what_was_cancelled_before_it_was_sent_cost_nothing(stand: Stand) -> None:
    session.runner().close_admission()
    job = hn.generate(PROMPT, provider=SOLD[0]).wait(END)
    assert (job.state, job.cancellable, job.cancel()) == ("planned", True, True)
    assert (job.state, job.task_id, job.spent) == ("cancelled", None, (0.0, ""))
    assert job.advice == "Cancelled before it was sent; nothing was charged."
    with pytest.raises(ValueError, match="not sent again by hand"):
        job.send_again()
