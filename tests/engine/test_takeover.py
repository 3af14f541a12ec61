"""Two kernels on one ledger, as two real processes: one drives, the other watches, and takes over
when it must.

A process that SIGKILL ends is a kernel that died; one that SIGSTOP holds is a machine that slept:
it comes back and goes on as if nothing had been. The clip is paid once and comes in, whoever brings
it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from hailuo_nb.engine import fault_points
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from tests.chaos import driver
from tests.chaos.books import fault_of_file
from tests.chaos.driver import Setting
from tests.chaos.server import Served, serving

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="SIGKILL, SIGSTOP and a fork server are POSIX"
)

SPEED = 1000.0
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(speed=SPEED) as found:
        yield found


@pytest.fixture(scope="module")
def slow() -> Iterator[Served]:
    """Charges at once and answers after two seconds."""
    with serving(speed=150, faults=["slow_submit"]) as found:
        yield found


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    driver.kill_all()


class Kernel:
    """A process that asks for a clip and tells what becomes of it."""

    def __init__(self, scene: Scene, hold: str = "") -> None:
        self._said, theirs = Pipe(duplex=False)
        self._process = driver.start(
            driver.told_clip, scene.setting, scene.name, scene.prompt, theirs, hold
        )
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def hears(self, words: str) -> None:
        """Wait until its job says this."""
        while words not in self._next():
            pass

    def _next(self) -> str:
        if not self._said.poll(driver.PATIENCE):
            raise TimeoutError("nothing more was said")
        return str(self._said.recv())

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert driver.end(self._process) == -signal.SIGKILL

    def end(self) -> str:
        """The state that its job came to."""
        last = ""
        try:
            while True:
                last = self._next()
        except EOFError:
            assert driver.end(self._process) == 0
        assert "fault of hailuo_nb" not in last
        return last.partition(":")[0]


class Scene:
    """One clip at one provider, one ledger, and as many kernels as are asked for."""

    def __init__(
        self, home: Path, served: Served, name: str = "modelverse", read: float = 30.0
    ) -> None:
        self.setting = Setting(home, served.url, served.simulator.clock.speed, lease=0.5, read=read)
        self.name = name
        self.prompt = f"A dog, number {next(_numbers)}"
        self._served = served

    @property
    def charged(self) -> int:
        return self._served.charges()[self.name, self.prompt]

    def row(self) -> JobRow:
        ledger = SqliteLedger(self.setting.home / "ledger.sqlite")
        try:
            (row,) = ledger.history().result()
        finally:
            ledger.close()
        return row

    def check_saved_once(self) -> None:
        row = self.row()
        assert row.state == "saved"
        assert self.charged == 1
        (clip,) = (self.setting.home / "videos").iterdir()
        assert clip == self.setting.home / str(row.path)
        assert fault_of_file(clip, row, self._served) == ""


@pytest.fixture
def drawn() -> threading.Event:
    """Set when the provider may come to the end of its tasks."""
    return threading.Event()


@pytest.fixture
def held(drawn: threading.Event) -> Iterator[Served]:
    with serving(speed=SPEED, drawn=drawn) as found:
        yield found


def test_the_watcher_takes_over_when_the_driver_dies(
    tmp_path: Path, held: Served, drawn: threading.Event
) -> None:
    scene = Scene(tmp_path, held)
    first = Kernel(scene)
    first.hears("submitted")
    second = Kernel(scene)
    second.hears("driven by another kernel")
    for _ in range(3):  # as long as the driver lives, it keeps its lease
        until_renewed(scene)
        assert f"|{first.pid}|" in str(scene.row().owner)
    first.kill()
    drawn.set()
    assert second.end() == "saved"
    scene.check_saved_once()


def test_the_watcher_hears_what_the_driver_does(
    tmp_path: Path, held: Served, drawn: threading.Event
) -> None:
    scene = Scene(tmp_path, held)
    first = Kernel(scene)
    first.hears("submitted")
    second = Kernel(scene)
    second.hears("driven by another kernel")
    drawn.set()
    assert first.end() == "saved"
    assert second.end() == "saved"
    scene.check_saved_once()


@pytest.mark.parametrize(("name", "end"), [("modelverse", "unknown"), ("chanjing", "saved")])
def test_a_driver_that_dies_in_the_charging_call(
    tmp_path: Path, slow: Served, name: str, end: str
) -> None:
    """Found where the provider has a list, `unknown` where only a person can tell; never sent
    again."""
    scene = Scene(tmp_path, slow, name)
    first = Kernel(scene)
    until_charged(scene)
    second = Kernel(scene)
    second.hears("driven by another kernel")
    first.kill()
    assert second.end() == end
    assert scene.row().state == end
    assert scene.charged == 1


@pytest.mark.parametrize(("name", "meanwhile"), [("modelverse", "unknown"), ("chanjing", "saved")])
def test_a_driver_that_sleeps_in_the_charging_call(
    tmp_path: Path, slow: Served, name: str, meanwhile: str
) -> None:
    """Its answer comes late, when the other has given the clip up or has found it."""
    scene = Scene(tmp_path, slow, name)
    first = Kernel(scene)
    until_charged(scene)
    stop_outside_a_commit(first, scene)
    assert Kernel(scene).end() == meanwhile
    first.signal(signal.SIGCONT)
    assert first.end() == "saved"
    scene.check_saved_once()


# Where the machine sleeps, what the other kernel comes to, and what it comes to in the end. A
# process that is held inside a commit holds the ledger's lock: no other kernel comes to anything
# before it wakes.
SLEEPS = {
    "submit.before_claim": ("saved", "saved"),
    "submit.before_send": ("unknown", "unknown"),
    "submit.after_send": ("unknown", "saved"),
    "submit.after_commit": ("saved", "saved"),
    "poll.after_success": ("saved", "saved"),
    "download.before_rename": ("saved", "saved"),
    "download.after_rename": ("saved", "saved"),
}


@pytest.mark.parametrize("point", SLEEPS)
def test_a_driver_that_sleeps(tmp_path: Path, served: Served, point: str) -> None:
    meanwhile, end = SLEEPS[point]
    scene = Scene(tmp_path, served)
    first = Kernel(scene, hold=point)
    first.hears("held")
    assert Kernel(scene).end() == meanwhile
    first.signal(signal.SIGCONT)
    assert first.end() == end
    if end == "saved":
        scene.check_saved_once()
    # what a sleeper had claimed is not sent when it wakes: the clip may have been asked for again
    else:
        assert scene.row().state == end
        assert scene.charged == 0


def test_every_place_but_one_is_slept_at() -> None:
    assert {*SLEEPS, "ledger.before_commit"} == set(fault_points.NAMES)


def until_renewed(scene: Scene) -> None:
    before = scene.row().lease_until
    until(lambda: scene.row().lease_until != before)


def stop_outside_a_commit(kernel: Kernel, scene: Scene) -> None:
    """Put a kernel to sleep, but not while it holds the ledger's lock in the renewal of its
    lease."""

    def asleep() -> bool:
        kernel.signal(signal.SIGSTOP)
        with contextlib.closing(
            sqlite3.connect(scene.setting.home / "ledger.sqlite", timeout=0.1)
        ) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                kernel.signal(signal.SIGCONT)
                return False
            db.execute("ROLLBACK")
        return True

    until(asleep)


def until_charged(scene: Scene) -> None:
    until(lambda: scene.charged == 1)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + driver.PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
