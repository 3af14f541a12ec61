"""Whether the driver behind a name is surely gone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hailuo_nb.engine.ledger import owner

linux = pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="only Linux can tell")


def test_names_are_ones_own() -> None:
    assert owner.name() != owner.name()
    assert not owner.is_gone(owner.name())


@linux
def test_a_process_that_ended_is_gone_also_before_anybody_collected_it() -> None:
    code = "from hailuo_nb.engine.ledger import owner; print(owner.name(), flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    assert not owner.is_gone(name)
    child.kill()
    deadline = time.monotonic() + 60
    while not owner.is_gone(name) and time.monotonic() < deadline:
        os.sched_yield()
    assert owner.is_gone(name)
    child.wait()
    assert owner.is_gone(name)


@pytest.mark.parametrize(
    "name",
    [None, "", "123-abcd", "|1|x", "another boot/pid:[1]|1|x", "||", "elsewhere|no number|x"],
)
def test_what_cannot_be_told_counts_as_alive(name: str | None) -> None:
    assert not owner.is_gone(name)
