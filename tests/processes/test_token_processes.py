"""Three kernels on one Chanjing account: each access token that one fetches kills those of the
others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import hailuo_nb as hn
from tests.chaos import driver
from tests.chaos.driver import QuickAccess, Setting
from tests.chaos.server import serving

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a fork server is POSIX")

KERNELS, CLIPS = 3, 10


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    driver.kill_all()


def run_all(setting: Setting, number: int, told: Connection) -> None:
    """What one kernel does: ten clips of its own, in a folder of its own."""
    driver.quicken(setting)
    one = hn.provider("chanjing", base_url=setting.url, app_id="shared", secret_key="secret-of-all")
    account = QuickAccess(one.provider, one.base_url, one.credentials, one.simulated, setting.speed)
    board = hn.compare([f"A cat {number}-{clip}" for clip in range(CLIPS)], provider=account)
    driver.wait(board)
    told.send([(job.state, job.error) for job in board])


def test_no_clip_is_refused_or_paid_twice_for_a_token(tmp_path: Path) -> None:
    told: list[Connection] = []
    with serving(speed=50) as served:
        processes = []
        for number in range(KERNELS):
            ours, theirs = Pipe(duplex=False)
            setting = Setting(tmp_path / str(number), served.url, speed=50, lease=30, read=30)
            processes.append(driver.start(run_all, setting, number, theirs))
            theirs.close()
            told.append(ours)
        ends = [end for pipe in told for end in pipe.recv()]
        assert [driver.end(process) for process in processes] == [0] * KERNELS
        assert Counter(state for state, _ in ends) == {"saved": KERNELS * CLIPS}, ends
        assert set(served.charges().values()) == {1}
        assert len(served.charges()) == KERNELS * CLIPS
