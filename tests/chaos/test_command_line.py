"""`python -m hailuo_nb run` at a provider's address on loopback, killed in the middle of its
submits: the same command again, or `resume`, charges nothing twice."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.chaos import driver
from tests.chaos.driver import Setting
from tests.chaos.scenes import SPEED
from tests.chaos.server import serving

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and a fork server are POSIX")
PROMPTS = [f"A cat runs, {number}" for number in range(4)]


@pytest.mark.parametrize("after", ["run", "resume"])
def test_a_run_that_is_killed_in_its_submits_charges_each_clip_once(
    tmp_path: Path, after: str
) -> None:
    plan = tmp_path / "plan.csv"
    rows = [f'"{prompt}",chanjing' for prompt in PROMPTS]
    plan.write_text("\n".join(["prompt,provider", *rows]))
    with serving(speed=SPEED) as served:
        setting = Setting(tmp_path / "home", served.url, SPEED)
        there = [
            "--base-url", f"chanjing={served.url}",
            "--key-from", "chanjing=STAND_IN_APP,STAND_IN_SECRET",
        ]  # fmt: skip
        run = ["run", str(plan), "--max-clips", "4", *there]
        first = driver.start(driver.command_line, setting, *run, point="submit.after_commit", nth=2)
        assert driver.end(first) == -signal.SIGKILL
        assert 2 <= sum(served.charges().values()) <= len(PROMPTS)

        again = run if after == "run" else ["resume", *there]
        assert driver.end(driver.start(driver.command_line, setting, *again)) == 0
        assert served.charges() == {("chanjing", prompt): 1 for prompt in PROMPTS}
