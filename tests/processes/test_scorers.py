"""Scorers of one's own in other processes: what travels, what stays here, and one that kills its worker."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from hailuo_nb.measure.clip_view import ClipView
from hailuo_nb.measure.scoring import score
from tests.unit.test_scorers import FakeJob, board, ledger, shade

__all__ = ["board", "ledger"]


def process(clip: ClipView) -> int:
    return os.getpid()


def deadly(clip: ClipView) -> float:
    if shade(clip) < 100:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1.0


def test_a_function_of_a_module_travels_and_a_lambda_stays(board: list[FakeJob]) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        found = score(
            board, executor, scorers={"there": process, "here": lambda _: os.getpid()}
        ).wait(120)
    for job in board:
        assert found[job.id].values["here"] == os.getpid() != found[job.id].values["there"]
    assert [note.split(":")[0] for note in found.notes] == ["here runs in threads"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX")
def test_a_scorer_that_kills_its_worker_is_a_gap(board: list[FakeJob], tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        found = score(board, executor, scorers=[deadly]).wait(120)
    dark, light = (found[job.id] for job in board)
    assert dark.gaps == {"deadly": "scoring 0.mp4 ends the process that does it"}
    assert light.values == {"deadly": 1.0}
