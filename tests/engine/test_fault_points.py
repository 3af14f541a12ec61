"""A process that dies, or breaks, at each named place: the clip is paid at most once and comes in
all the same.

The process is a real one, killed with SIGKILL where it stands; the provider is the simulator on a
socket of this machine. What a place promises stands in `AFTER_DEATH`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from hailuo_nb.engine import fault_points
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import LedgerError
from tests.chaos import driver
from tests.chaos.books import fault_of_file
from tests.chaos.driver import Setting
from tests.chaos.server import Served, serving
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_runner import END, much_later, settled

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and a fork server are POSIX")

SPEED = 1000.0
KILLED = -signal.SIGKILL
MAX_COMMITS = 40  # of one clip's life, reads too; it has about twenty


_numbers = itertools.count(1)


@dataclass(frozen=True)
class Left:
    """What a dead process leaves, and what the next one makes of it.

    state    of the job in the ledger; "" where there is no job
    charged  clips that the provider has taken
    then     the end, where the provider has no list of its tasks
    listed   the end, where it has one (after the settle time, and another ask where it says so)
    """

    state: str
    charged: int
    then: str = "saved"
    listed: str = "saved"


AFTER_DEATH = {
    "submit.before_claim": Left("planned", 0),
    "submit.before_send": Left("submitting", 0, "unknown", "rejected"),
    "submit.after_send": Left("submitting", 1, "unknown"),
    "submit.after_commit": Left("submitted", 1),
    "poll.after_success": Left("submitted", 1),
    "download.before_rename": Left("downloading", 1),
    "download.after_rename": Left("downloading", 1),
    "ledger.before_commit": Left("", 0),
}


@pytest.fixture
def served() -> Iterator[Served]:
    """One a test: a task of another test would be one that no job of this ledger knows, and keep
    clips `unknown`."""
    with serving(speed=SPEED) as found:
        yield found


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    fault_points.disarm()


class Scene:
    """One clip at one provider of the stand-in, in a home of its own."""

    def __init__(self, home: Path, served: Served, name: str, lease: float = 0.2) -> None:
        self.setting = Setting(home, served.url, SPEED, lease)
        self.served = served
        self.name = name
        # so that the provider can tell it from other tests' clips
        self.prompt = f"A cat, number {next(_numbers)}"

    @property
    def charged(self) -> int:
        return self.served.charges()[self.name, self.prompt]

    def run(self, point: str = "", time: int = 1) -> int:
        """A process that asks for the clip; the exit code."""
        return driver.end(
            driver.start(driver.one_clip, self.setting, self.name, self.prompt, point, time)
        )

    def rows(self) -> list[JobRow]:
        ledger = SqliteLedger(self.setting.home / "ledger.sqlite")
        try:
            return ledger.history().result()
        finally:
            ledger.close()

    def expire_leases(self) -> None:
        """As if a long time had passed."""
        with closing(sqlite3.connect(self.setting.home / "ledger.sqlite")) as db, db:
            db.execute("UPDATE jobs SET lease_until = 0 WHERE lease_until IS NOT NULL")

    def files(self, pattern: str) -> list[Path]:
        return list((self.setting.home / "videos").glob(pattern))

    def check_end(self, *states: str) -> None:
        """The newest attempt ended in one of these states, nothing was paid twice, no half file is
        left."""
        *_, row = self.rows()
        assert row.state in states
        assert self.charged <= 1
        assert self.files("*.part") == []
        assert [str(path.relative_to(self.setting.home)) for path in self.files("*")] == (
            [row.path] if row.path else []
        )
        if row.state == "saved":
            assert fault_of_file(self.setting.home / str(row.path), row, self.served) == ""
            assert self.charged == 1


def test_the_table_is_complete() -> None:
    assert set(AFTER_DEATH) == set(fault_points.NAMES)


@pytest.mark.parametrize("name", ["modelverse", "chanjing"])
@pytest.mark.parametrize("point", fault_points.NAMES)
def test_a_process_killed_here(tmp_path: Path, served: Served, point: str, name: str) -> None:
    scene, left = Scene(tmp_path, served, name), AFTER_DEATH[point]
    assert scene.run(point) == KILLED
    assert [row.state for row in scene.rows()] == ([left.state] if left.state else [])
    assert scene.charged == left.charged
    parts, clips = len(scene.files("*.part")), len(scene.files("*.mp4"))
    assert (parts, clips) == {
        "download.before_rename": (1, 0),
        "download.after_rename": (0, 1),
    }.get(point, (0, 0))
    assert scene.run() == 0
    if name != "chanjing":
        scene.check_end(left.then)
    else:
        while scene.rows()[-1].state == "unknown":  # the settle time passes in 0.6 s
            assert scene.run() == 0
        scene.check_end(left.listed)
    if (
        left.listed == "rejected" and name == "chanjing"
    ):  # surely not taken: whoever asks again sends it
        assert scene.run() == 0
        scene.check_end("saved")


def test_a_process_killed_at_each_commit_of_a_clips_life(tmp_path: Path, served: Served) -> None:
    ends = []
    for time in range(1, MAX_COMMITS):
        # A long lease is not renewed during the test, so that the commits are the same each time.
        scene = Scene(tmp_path / str(time), served, "modelverse", lease=60.0)
        if scene.run("ledger.before_commit", time) == 0:
            break
        left = [row.state for row in scene.rows()]
        scene.expire_leases()
        assert scene.run() == 0
        # Only a process that died between the claim and the task id leaves a clip of which nobody
        # can say.
        scene.check_end("unknown" if left == ["submitting"] else "saved")
        ends += left
    else:
        pytest.fail(f"a clip has more than {MAX_COMMITS} commits")
    assert {"submitting", "submitted", "downloading"} <= set(ends)


# The same places, where the process lives on and its code breaks


class BrokenError(Exception):
    """What no module of the engine expects."""


KINDS = [BrokenError, sqlite3.OperationalError]


def break_at(point: str, kind: type[Exception], time: int = 1) -> Iterator[int]:
    """Arm the place to raise once, the `time`th time that it is passed. Returns what is left of the
    count."""
    left = iter(range(time))

    def act() -> None:
        if next(left, None) == time - 1:
            raise kind("broken on purpose")

    fault_points.arm(point, act)
    return left


def ask_once(home: Path, server: Server) -> TrackedJob | None:
    """Ask and wait. None if the asking itself was refused."""

    async def main() -> TrackedJob | None:
        runner = fake.runner(home, server)
        try:
            (tracked,) = await asyncio.wait_for(runner.ask([fake.spec(fake.account())]), END)
        except (BrokenError, LedgerError):
            return None
        await settled(tracked)
        return tracked

    return asyncio.run(main())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("point", fault_points.NAMES)
def test_code_that_breaks_here(
    tmp_path: Path, server: Server, point: str, kind: type[Exception]
) -> None:
    break_at(point, kind)
    tracked = ask_once(tmp_path, server)
    assert (
        tracked is None or tracked.note or tracked.row.state in {"saved", "unknown"}
    )  # a reason is told
    row = much_later(tmp_path, server, fake.spec(fake.account())).row
    assert row.state == ("unknown" if point == "submit.after_send" else "saved")
    assert len(server.charged) == 1
    assert list((tmp_path / "videos").glob("*.part")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_commit_of_a_clips_life_that_breaks(
    tmp_path: Path, server: Server, kind: type[Exception]
) -> None:
    for time in range(1, MAX_COMMITS):
        home = tmp_path / str(time)
        server.charged.clear()
        left = break_at("ledger.before_commit", kind, time)
        ask_once(home, server)
        fault_points.disarm()
        row = much_later(home, server, fake.spec(fake.account())).row
        assert row.state == "saved"
        assert len(server.charged) == 1
        if next(left, None) is not None:  # the life had fewer commits
            return
    pytest.fail(f"a clip has more than {MAX_COMMITS} commits")
