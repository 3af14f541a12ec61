"""The kill loop in a small size; `make chaos` plays it in full and writes RESULTS.md."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.chaos import kill_loop
from tests.chaos.driver import LINKED, Setting
from tests.chaos.kill_loop import Counts, Run, play
from tests.chaos.server import Served

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and a fork server are POSIX")


def check(counts: Counts, run: Run) -> None:
    assert counts.wrong == []
    assert (
        counts.paid_twice,
        counts.unreachable,
        counts.corrupt,
        counts.unsettled,
        counts.half_files,
    ) == (0,) * 5
    assert counts.saved + counts.unknown == counts.clips == run.clips
    assert counts.charges == counts.saved + counts.unknown_charged
    assert counts.kills + counts.sleeps >= 3
    assert counts.lives == counts.kills + run.kernels


def test_killed_at_random_moments() -> None:
    run = Run("small", clips=40, cell=8, kills=10)
    check(play(run), run)


def test_killed_in_the_ledgers_commits() -> None:
    run = Run("small", clips=40, cell=8, kills=10, odds=0.1, seed=2)
    check(play(run), run)


def test_two_kernels_killed_and_put_to_sleep() -> None:
    run = Run("small", clips=40, cell=8, kills=6, kernels=2, sleeps=0.5, seed=3)
    check(play(run), run)


def test_killed_where_tasks_have_addresses_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """They reach the disk with the task id, so that whoever comes next asks there."""
    run = Run("small", clips=24, cell=6, kills=8, seed=4, providers=(LINKED,))
    real, without = kill_loop.audit, []

    def audit(setting: Setting, served: Served, counts: Counts) -> None:
        with closing(sqlite3.connect(setting.home / "ledger.sqlite")) as db:
            sql = "SELECT id FROM jobs WHERE task_id IS NOT NULL AND task_links IS NULL"
            without.extend(db.execute(sql))
        real(setting, served, counts)

    monkeypatch.setattr(kill_loop, "audit", audit)
    check(play(run), run)
    assert without == []


def test_the_audit_sees_a_wrong_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task charged again, a file that lost its end, a half file, an id that the ledger lost: each
    is counted."""
    real = kill_loop.audit

    def spoiled(setting: Setting, served: Served, counts: Counts) -> None:
        paths = sorted((setting.home / "videos").iterdir())
        paths[0].write_bytes(paths[0].read_bytes()[:-1])
        paths[1].with_suffix(".part").write_bytes(b"half")
        with closing(sqlite3.connect(setting.home / "ledger.sqlite")) as db, db:
            tasks = dict(db.execute("SELECT path, task_id FROM jobs"))
            db.execute(
                "UPDATE jobs SET task_id = NULL WHERE path = ?", (f"videos/{paths[2].name}",)
            )
        again = served.simulator.tasks[tasks[f"videos/{paths[3].name}"]]
        served.simulator.tasks["again"] = again
        real(setting, served, counts)

    monkeypatch.setattr(kill_loop, "FAULTS", ())
    monkeypatch.setattr(kill_loop, "audit", spoiled)
    counts = play(Run("spoiled", clips=8, cell=8, kills=0))
    found = (counts.saved, counts.paid_twice, counts.unreachable, counts.corrupt, counts.half_files)
    assert found == (8, 1, 1, 2, 1)
    assert len(counts.wrong) == 5


def test_the_plan_asks_for_as_many_clips_as_it_says() -> None:
    for clips, cell in [(40, 8), (400, 16)]:
        cells = kill_loop.plan(Run("", clips, cell))
        asked = Counter(
            (name, prompt, take)
            for one in cells
            for prompt in one.prompts
            for name in one.providers
            for take in range(one.takes)
        )
        assert len(asked) == clips
        assert max(asked.values()) == 1
        assert {one.takes for one in cells} == {1, 2}
