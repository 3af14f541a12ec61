"""Temporary folders: gone with their process, and not with a child that it forked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hailuo_nb.media.scratch import ScratchFolder

FORKS = """
import os, sys
from hailuo_nb.media.scratch import ScratchFolder
folder = ScratchFolder("hailuo-test-")
if (child := os.fork()) == 0:
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
print(folder.path, folder.path.is_dir())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_that_exits_leaves_it() -> None:
    said = subprocess.run(
        [sys.executable, "-c", FORKS], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    path, _, there = said.strip().rpartition(" ")
    assert there == "True"
    assert not Path(path).exists(), "it went with its own process"


def test_it_goes_with_its_block_and_with_its_object() -> None:
    with ScratchFolder("hailuo-test-") as folder:
        (folder / "clip.mp4").touch()
    assert not folder.exists()
    scratch = ScratchFolder("hailuo-test-")
    path = scratch.path
    assert path.is_dir()
    del scratch
    assert not path.exists()
