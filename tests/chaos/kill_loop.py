"""The kill loop: a process that makes clips is killed again and again, and in the end the books
must be right.

`make chaos` (`python -m tests.chaos.kill_loop`) plays it in full, twice: with SIGKILL at random
moments, and with deaths inside the ledger's commits. What is counted comes from the providers' own
records, not from ours.
"""

from __future__ import annotations

import os
import platform
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from hailuo_nb.engine.states import SETTLED
from tests.chaos import driver, scenes
from tests.chaos.books import Counts, audit, table
from tests.chaos.driver import PROVIDERS, Cell, Setting
from tests.chaos.server import serving

SPEED = 150.0  # a provider's task of 100 s takes 0.7 s
FAULTS = (
    "drop_after_charge:0.05", "slow_submit:0.03", "cut_download:0.10", "expired_link:0.03",
    "rate_limit:0.03",
    "server_error:0.02",
)  # fmt: skip
"""A slow submit is answered after two seconds; the driver waits for one."""
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Run:
    """What one kill loop does.

    clips   in all, at the four providers alike
    cell    clips that one `hn.compare` asks for
    pause   seconds that a process lives at least and at most
    kills   after so many the process is left in peace; None: only when nothing is open any more
    odds    how probable a death is at each commit of the ledger, instead of the pauses
    kernels so many processes on one ledger at a time
    sleeps  how probable it is that one is put to sleep for longer than its lease, instead of killed
    providers   where every cell asks

    Lives get longer after one that brought nothing forward: a notebook that is run again has its
    old cells to pass.
    """

    title: str
    clips: int
    cell: int
    pause: tuple[float, float] = (0.1, 0.6)
    kills: int | None = None
    odds: float = 0.0
    kernels: int = 1
    sleeps: float = 0.0
    seed: int = 1
    providers: tuple[str, ...] = PROVIDERS


def plan(run: Run) -> tuple[Cell, ...]:
    """A notebook: each cell asks all providers for a few prompts; in every fifth each prompt is
    asked for in two takes."""
    cells: list[Cell] = []
    for number in range(run.clips // run.cell):
        takes = 2 if number % 5 == 4 else 1
        count = run.cell // (len(run.providers) * takes)
        prompts = tuple(f"Clip {number:03}-{item}, a cat" for item in range(count))
        cells.append(Cell(prompts, run.providers, takes))
    return tuple(cells)


def play(run: Run, *, say: bool = False) -> Counts:
    """One kill loop, from the first clip until nothing is open, and its counts."""
    counts = Counts(clips=run.clips)
    begun = time.monotonic()
    with (
        TemporaryDirectory(prefix="hailuo-nb-chaos-") as folder,
        serving(speed=SPEED, faults=FAULTS) as served,
    ):
        setting = Setting(Path(folder) / "home", served.url, SPEED, cells=plan(run))
        for life in _lives(run, setting, counts):
            if say and life % 20 == 0:
                print(
                    f"  {time.monotonic() - begun:4.0f} s, {life} kills: {dict(_states(setting))}",
                    flush=True,
                )
        counts.seconds = time.monotonic() - begun
        if any(setting.home.rglob("*.part")):  # swept away by the first session after a while
            time.sleep(driver.LONGEST)
            _ended(driver.start(driver.notebook, setting))
        counts.faults = dict(served.simulator.faults.count)
        audit(setting, served, counts)
    return counts


def _lives(run: Run, setting: Setting, counts: Counts) -> Iterator[int]:
    """Start the drivers, kill them and put them to sleep, until one comes to its end by itself."""
    dice = random.Random(run.seed)
    patience, before = 1.0, 0
    kernels: list[ForkServerProcess] = []
    while True:
        tired = run.kills is not None and counts.kills >= run.kills
        while len(kernels) < run.kernels:
            odds = 0.0 if tired else run.odds / patience
            kernels.append(driver.start(driver.notebook, setting, counts.lives, odds))
            counts.lives += 1
        victim = kernels.pop(dice.randrange(len(kernels)))
        victim.join(None if run.odds or tired else dice.uniform(*run.pause) * patience)
        if victim.exitcode is None and dice.random() < run.sleeps:
            _sleep(victim, 2 * setting.lease)
            counts.sleeps += 1
            kernels.append(victim)
            continue
        if victim.exitcode is None:
            victim.kill()
        if _ended(victim):
            for other in kernels:
                _ended(other)
            return
        counts.kills += 1
        found = _states(setting)
        counts.at_kill += Counter(
            {state: number for state, number in found.items() if state not in SETTLED}
        )
        settled = sum(number for state, number in found.items() if state in SETTLED)
        patience = 1.0 if settled > before else patience * 1.2
        before = settled
        yield counts.kills


def _ended(process: ForkServerProcess) -> bool:
    """Whether a process ended by itself, and not by a kill. Raises RuntimeError if it ended in a
    fault."""
    code = driver.end(process, 10 * driver.PATIENCE)
    if code not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the driver ended with {code}")
    return code == 0


def _sleep(process: ForkServerProcess, seconds: float) -> None:
    """As a machine that is closed and opened again: the process goes on as if nothing had been."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGCONT)


def _states(setting: Setting) -> Counter[str]:
    """How many jobs are in each state. Another reader rolls back what the dead process left half
    written."""
    path = setting.home / "ledger.sqlite"
    if not path.exists():
        return Counter()
    with closing(sqlite3.connect(path, timeout=30)) as db:
        try:
            return Counter(dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state")))
        except sqlite3.OperationalError:  # it died before the tables were made
            return Counter()


# The report


def report(runs: Sequence[tuple[Run, Counts]], outcomes: Sequence[scenes.Outcome]) -> str:
    """What RESULTS.md holds."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    software = f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    parts = [
        "# The kill loop's last full run",
        f"`make chaos`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, {software}.",
        f"Four simulated providers at {SPEED:g} times the speed of life, with these faults: "
        f"{', '.join(FAULTS)}.",
    ]
    for run, counts in runs:
        parts += [f"## {run.title}", table(counts)]
        at_kill = ", ".join(f"{state} {number}" for state, number in counts.at_kill.most_common())
        parts.append(f"What the kills met, all kills together: jobs that were {at_kill}.")
        faults = ", ".join(f"{name} {number}" for name, number in counts.faults.items())
        parts.append(f"Faults that the providers showed: {faults}.")
    parts += [scenes.report(outcome) for outcome in outcomes]
    return "\n\n".join(parts) + "\n"


FULL = (
    Run("Killed at random moments", clips=400, cell=16),
    Run("Killed in the ledger's commits", clips=400, cell=16, odds=0.04, seed=2),
    Run("Two kernels, killed and put to sleep", clips=400, cell=16, kernels=2, sleeps=0.5, seed=3),
)


def main() -> int:
    played = []
    for run in FULL:
        print(f"{run.title}: {run.clips} clips", flush=True)
        counts = play(run, say=True)
        print(table(counts), *counts.wrong, sep="\n", flush=True)
        played.append((run, counts))
    outcomes = []
    for scene in scenes.SCENES:
        print(scene.title, flush=True)
        outcomes.append(scene.play(scene.clips))
        print(scenes.report(outcomes[-1]), *outcomes[-1].wrong, sep="\n", flush=True)
    if any(counts.wrong for _, counts in played) or any(outcome.wrong for outcome in outcomes):
        return 1
    RESULTS.write_text(report(played, outcomes), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
