"""A kernel that is shut down or restarted with sixty clips in its queue: see
tests/engine/test_shutdown.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.test_shutdown import calls, states
from tests.kernels.kernel import NEWEST, Kernel

START = (
    "from tests.engine import "
    "shutdown_script\nshutdown_script.start({seconds})\nshutdown_script.log('last line')"
)


BUSY = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
shutdown_script.log("busy")
time.sleep(600)
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    found = Kernel(NEWEST, tmp_path)
    yield found
    found.stop()


@pytest.mark.parametrize("restart", [False, True])
def test_a_kernel_that_is_shut_down_sends_nothing_more(
    kernel: Kernel, tmp_path: Path, restart: bool
) -> None:
    """The answers come later than Jupyter's SIGTERM, half of five seconds after its request, and
    sooner than its SIGKILL."""
    kernel.run(START.format(seconds=2.6))
    (kernel.restart if restart else kernel.shutdown)()
    whole, late = calls(tmp_path)
    assert late["begun"] == 0
    assert whole == {"begun": 20, "answered": 20}
    found = states(tmp_path)
    assert found["planned"] == 40
    assert found["submitted"] + found["failed"] == 20


def test_a_kernel_that_is_shut_down_while_a_cell_runs_on_sends_nothing_more(
    kernel: Kernel, tmp_path: Path
) -> None:
    """No interrupt ends the cell, SIGTERM does, half way to the kill; until then the answers come
    in."""
    kernel.run(START.format(seconds=0.5))
    kernel.client.execute(BUSY)
    end = time.monotonic() + 60
    while "busy" not in (tmp_path / "calls.txt").read_text() and time.monotonic() < end:
        time.sleep(0.01)
    kernel.shutdown()
    assert calls(tmp_path)[0] == {"begun": 20, "answered": 20, "busy": 1}
    assert states(tmp_path)["planned"] == 40
