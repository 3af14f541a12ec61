"""`python -m hailuo_nb` as processes of their own: one after another, a pipe that is closed, a
signal. The clips are drawn an eighth as wide."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PLAN = "prompt,provider\nA cat runs,simulated:ppinfra\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.csv").write_text(PLAN)
    return tmp_path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hailuo_nb", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HAILUO_NB_SIMULATOR_SHRINK": "8"},
    )


def charged(folder: Path) -> int:
    """How many tasks the stand-in has made, by its own files: what would have been paid."""
    return len(list((folder / "hailuo_runs" / "simulator" / "tasks").glob("*.json")))


def test_interrupted_then_the_same_command_again_and_a_closed_pipe(folder: Path) -> None:
    process = start(folder, "run", "plan.csv")
    assert process.stderr is not None
    assert "1 clip: 1 to send" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)  # as a pipeline that is cancelled does
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "`resume`" in said and "Traceback" not in said

    process = start(folder, "run", "plan.csv", "--json", "--check", "failed == 0")
    assert process.stdout is not None
    process.stdout.close()  # as `| head` does
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait(60) == 0, said
    assert "Traceback" not in said and "BrokenPipe" not in said
    assert charged(folder) == 1


def test_the_simulator_s_old_path_and_help(folder: Path) -> None:
    for command in (["-m", "hailuo_nb.simulator"], ["-m", "hailuo_nb", "simulator"]):
        done = subprocess.run(
            [sys.executable, *command, "--help"], capture_output=True, text=True, check=True
        )
        assert "python -m hailuo_nb" in done.stdout and "fail_task" in done.stdout
