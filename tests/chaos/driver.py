"""The process that is killed: it asks for clips through the public functions, as a notebook does
that is run again.

Runs in a child of its own. Everything that takes minutes at a provider takes milliseconds here;
what is shortened stands in `quicken`, and nothing else of the engine is touched.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any
from weakref import WeakSet

# What a driver will need, so that the fork server has it ready. None of these starts a thread.
import av  # noqa: F401
import httpx2
import PIL.Image  # noqa: F401
import pytest

import hailuo_nb as hn
import hailuo_nb.api
import hailuo_nb.cli.run
import hailuo_nb.widgets.board_updates
from hailuo_nb.cli.commands import cli
from hailuo_nb.engine import download, fault_points, leases, session, transport
from hailuo_nb.engine import tracked_job as live_module
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.errors import LedgerError
from hailuo_nb.providers.account import Account

PROVIDERS = ("ppinfra", "modelverse", "chanjing", "xcompute")
LINKED = "fal"  # its tasks are asked about at the addresses that it gave at submit
LONGEST = 5.0  # seconds for one transfer, and after which a half file counts as left over
PATIENCE = 60.0  # seconds after which a wait counts as hung


@dataclass(frozen=True)
class Cell:
    """One `hn.compare` of the notebook."""

    prompts: tuple[str, ...]
    providers: tuple[str, ...] = PROVIDERS
    takes: int = 1


@dataclass(frozen=True)
class Setting:
    """Where a driver works, and how much faster than life.

    speed        how many of the provider's seconds pass in one
    lease        seconds for which a driver counts as alive
    read         seconds that an answer is waited for
    """

    home: Path
    url: str
    speed: float
    lease: float = 0.4
    read: float = 1.0
    cells: tuple[Cell, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class QuickAccess(Account):
    """An Account to a stand-in on loopback whose clock runs fast."""

    speed: float = 1.0

    @property
    def time_scale(self) -> float:
        return 1 / self.speed


def quicken(setting: Setting) -> dict[str, Account]:
    """Shorten this process's waits and return its providers by name."""
    os.environ["HAILUO_NB_HOME"] = str(setting.home)
    # For the rest of the process; a name that is there no more is an error.
    patch = pytest.MonkeyPatch()
    patch.setattr(leases, "LEASE", setting.lease)
    patch.setattr(download, "MAX_SECONDS", LONGEST)
    timeout = httpx2.Timeout(connect=10, write=10, read=setting.read, pool=None)
    patch.setattr(transport, "TIMEOUT", timeout)
    found: dict[str, Account] = {}
    for name in (*PROVIDERS, LINKED):
        key: dict[str, Any] = (
            # An account of its own for each ledger: its list of tasks shows no others.
            {
                "app_id": f"app-{sha256(str(setting.home).encode()).hexdigest()[:12]}",
                "secret_key": "secret",
            }
            if name == "chanjing"
            else {"api_key": f"key-{name}"}
        )
        account = hn.provider(name, base_url=setting.url, **key)
        found[name] = QuickAccess(
            account.provider,
            account.base_url,
            account.credentials,
            account.simulated,
            speed=setting.speed,
        )
    return found


def one_clip(setting: Setting, name: str, prompt: str, point: str = "", nth: int = 1) -> None:
    """Ask one provider for one clip and wait; die when `point` is passed for the `nth` time."""
    account = quicken(setting)[name]
    if point:
        fault_points.arm(point, _die_at(nth))
    wait(hn.generate(prompt, provider=account))


def command_line(setting: Setting, *words: str, point: str = "", nth: int = 1) -> None:
    """`python -m hailuo_nb WORDS`, against a stand-in whose clock runs fast; die when `point` is
    passed for the `nth` time. The exit code of the command is that of the process."""
    quicken(setting)
    Account.time_scale = property(lambda _: 1 / setting.speed)
    os.environ |= {"STAND_IN_APP": "app-cli", "STAND_IN_SECRET": "secret"}
    if point:
        fault_points.arm(point, _die_at(nth))
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
        cli(list(words), prog_name="hailuo_nb")


def told_clip(setting: Setting, name: str, prompt: str, told: Connection, hold: str = "") -> None:
    """The same, and what becomes of the job is told. The process stops (SIGSTOP) at the place
    `hold`, once."""
    account = quicken(setting)[name]
    waiting = iter([hold])

    def stop() -> None:
        if next(waiting, None) is not None:
            told.send("held")
            if threading.current_thread().name == "hailuo_nb-loop":
                fall_asleep()
            else:  # a download's own thread: the loop must give the ledger nothing to do meanwhile
                LOOP.run(asleep())

    def fall_asleep() -> None:
        _at_rest(session.runner().ledger)
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.1)  # the signal may reach another thread first: this one must not run on

    async def asleep() -> None:
        fall_asleep()

    if hold:
        fault_points.arm(hold, stop)
    job = hn.generate(prompt, provider=account)
    last = ""

    def tell(job: hn.Job) -> None:
        nonlocal last
        now = f"{job.state}: {job._tracked.note}"
        if now != last:  # a pipe that nobody reads is full one day, and would hold the loop
            told.send(now)
        last = now

    job.listen(tell)
    wait(job)
    told.send(f"{job.state}: {job.error or ''}")


def _at_rest(ledger: SqliteLedger) -> None:
    """Wait until what was given to the ledger is done: a stopped process would hold its lock."""
    ledger.work(lambda _: None).result()


def notebook(setting: Setting, life: int = 0, odds: float = 0.0) -> None:
    """Run All, until nothing is open. Every other life begins with `hn.resume()`.

    odds    how probable it is, at each commit of the ledger, that the process dies right before it
    """
    accounts = quicken(setting)
    if odds:
        dice = random.Random(life)
        fault_points.arm("ledger.before_commit", lambda: die() if dice.random() < odds else None)
    if life % 2:
        hn.resume(provider=list(accounts.values()))
    for cell in setting.cells:
        run_cell(cell, accounts)


def once(setting: Setting) -> None:
    """Run All a single time: what a provider refuses stays refused."""
    accounts = quicken(setting)
    for cell in setting.cells:
        wait(hn.compare(cell.prompts, provider=[accounts[name] for name in cell.providers]))


def on_a_full_disk(setting: Setting) -> None:
    """A notebook whose ledger cannot be written for a third of a second, five times, from the first
    commit on."""
    begun: list[float] = []

    def full() -> None:
        begun.append(time.monotonic())
        turn, late = divmod(begun[-1] - begun[0], 0.6)
        if turn < 5 and late > 0.3:
            raise sqlite3.OperationalError("database or disk is full")

    pytest.MonkeyPatch().setattr(live_module, "LEDGER_PAUSE", 0.05)
    fault_points.arm("ledger.before_commit", full)
    while True:
        try:
            notebook(setting)
        except LedgerError:  # nothing was sent; a person runs the cell again
            time.sleep(0.1)
        else:
            return


def run_cell(cell: Cell, accounts: dict[str, Account]) -> None:
    """Ask for the clips of a cell again and again, until each is saved, or unknown where only a
    person can tell."""
    chosen = [accounts[name] for name in cell.providers]
    for _ in range(100):
        board = hn.compare(cell.prompts, provider=chosen, takes=cell.takes)
        wait(board)
        if all(
            job.state == "saved" or (job.state == "unknown" and job.provider != "chanjing")
            for job in board
        ):
            return
    raise RuntimeError(f"a cell comes to no end: {board!r}")


def wait(what: hn.Job | hn.Comparison) -> None:
    """Wait, without a word on the terminal."""
    with contextlib.redirect_stderr(None):
        what.wait(PATIENCE)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(nth: int) -> Callable[[], None]:
    left = iter(range(nth - 1))
    return lambda: die() if next(left, None) is None else None


def _processes() -> ForkServerContext:
    """Children that are ready at once: a server process that has everything imported forks them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def start(target: Callable[..., Any], *arguments: Any, **named: Any) -> ForkServerProcess:
    """`target(*arguments, **named)` in a process of its own. Its traceback, if any, goes to
    stderr."""
    process = _processes().Process(target=target, args=arguments, kwargs=named, daemon=True)
    process.start()
    _started.add(process)
    return process


_started: WeakSet[ForkServerProcess] = WeakSet()


def kill_all() -> None:
    """End whatever a broken test left running, or stopped."""
    for process in list(_started):
        if process.exitcode is None:
            process.kill()
            process.join()


def end(process: ForkServerProcess, patience: float = PATIENCE) -> int:
    """Wait for the process; returns its exit code. Kills it and raises TimeoutError when it
    hangs."""
    process.join(patience)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"{process.name} hangs")
    return process.exitcode
