"""Waiting for jobs outside a kernel: a line on stderr, however one waits. And what a board shows
without a widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

import hailuo_nb as hn
from hailuo_nb.pages import progress
from hailuo_nb.results.source import publish
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture


async def _awaited(board: hn.Comparison) -> None:
    await board


async def _job_awaited(board: hn.Comparison) -> None:
    await board[0]


@pytest.mark.parametrize(
    "how",
    [
        lambda board: board.wait(END),
        lambda board: board[0].wait(END),
        lambda board: asyncio.run(_awaited(board)),
        lambda board: asyncio.run(_job_awaited(board)),
    ],
    ids=["board.wait", "job.wait", "await board", "await job"],
)
def test_a_terminal_is_told_how_things_stand(
    stand: Stand,
    how: Callable[[hn.Comparison], object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(progress, "_FIRST_AFTER", 0.0)
    monkeypatch.setattr(progress, "_tqdm", lambda: None)
    board = hn.compare(PROMPT, provider=SIMULATED[:1])
    how(board)
    assert board[0].state == "saved"
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("hailuo_nb: 1 ")
    assert "% done" in err


def test_a_wait_that_is_over_at_once_says_nothing(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:1]).wait(END)
    capsys.readouterr()
    board.wait(END)
    assert capsys.readouterr().err == ""


def test_a_listener_does_not_wait_for_what_it_would_hold_up(stand: Stand) -> None:
    """It is called on the background loop: a wait there held up every clip, for good."""
    board = hn.compare(PROMPT, provider=SIMULATED[:1])
    refused: list[str] = []

    def listener(job: hn.Job) -> None:
        for what in (job, board):
            try:
                what.wait()
            except RuntimeError as error:
                refused.append(str(error))

    board[0].listen(listener)
    publish(board[0]._tracked)
    assert board.wait(END)[0].state == "saved"
    assert set(refused) == {"this is the background loop; use await"}


def test_a_board_and_a_job_have_a_table_and_a_text(stand: Stand) -> None:
    board = hn.compare(
        PROMPT, provider=["simulated:modelverse", "simulated:xcompute/2.3-Fast"], skip_invalid=True
    ).wait(END)
    bundle = board._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    page = bundle["text/html"]
    assert page.count("<img") == 1
    assert "needs a first frame" in page
    assert board[0]._repr_html_().count("<img") == 1
    assert str(stand.home) not in page
