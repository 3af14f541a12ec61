"""The kill loop: a process that makes clips is killed again and again, and in the end the books must be right.

`make chaos` (`python -m tests.chaos.kill_loop`) plays it in full, twice: with SIGKILL at random moments, and with
deaths inside the ledger's commits. What is counted comes from the providers' own records, not from ours.
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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from hailuo_nb import media
from hailuo_nb.engine.ledger import JobRow, Ledger
from hailuo_nb.engine.states import SETTLED, is_sent_anew
from hailuo_nb.simulator.tasks import Task
from tests.chaos import driver
from tests.chaos.driver import PROVIDERS, Cell, Setting
from tests.chaos.server import Served, serving

SPEED = 150.0  # a provider's task of 100 s takes 0.7 s
FAULTS = (
    "drop_after_charge:0.05", "slow_submit:0.03", "cut_download:0.10", "expired_link:0.03", "rate_limit:0.03",
    "server_error:0.02",
)  # fmt: skip
"""A slow submit is answered after two seconds; the driver waits for one."""
RESULTS = Path(__file__).with_name("RESULTS.md")
HAS_LIST = "chanjing"


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

    Lives get longer after one that brought nothing forward: a notebook that is run again has its old cells to pass.
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


@dataclass
class Counts:
    """What happened, by the providers' records and the ledger's."""

    clips: int = 0
    kills: int = 0
    sleeps: int = 0
    lives: int = 0
    seconds: float = 0.0
    charges: int = 0
    saved: int = 0
    unknown: int = 0
    unknown_charged: int = 0
    sent_again: int = 0
    paid_twice: int = 0
    unreachable: int = 0
    corrupt: int = 0
    unsettled: int = 0
    half_files: int = 0
    at_kill: Counter[str] = field(default_factory=Counter)
    faults: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    """Every fault found, in words. Empty is what is promised."""


WORDS = {
    "clips": "clips asked for",
    "kills": "times killed",
    "sleeps": "times put to sleep",
    "charges": "clips charged by the providers",
    "saved": "clips saved, each byte as the provider served it",
    "unknown": "clips `unknown` at the end (at the three providers without a list)",
    "unknown_charged": "of these the provider had taken",
    "sent_again": "clips sent again after the provider surely had not taken them",
    "paid_twice": "**clips charged twice**",
    "unreachable": "**charged clips unreachable**",
    "corrupt": "**corrupt files**",
    "unsettled": "**clips neither saved nor `unknown`, or unclear though the provider has a list**",
    "half_files": "**half files left over**",
}


def plan(clips: int, cell: int) -> tuple[Cell, ...]:
    """A notebook: each cell asks all four for a few prompts; in every fifth each prompt is asked for in two takes."""
    cells: list[Cell] = []
    for number in range(clips // cell):
        takes = 2 if number % 5 == 4 else 1
        prompts = cell // (len(PROVIDERS) * takes)
        cells.append(Cell(tuple(f"Clip {number:03}-{item}, a cat" for item in range(prompts)), takes=takes))
    return tuple(cells)


def play(run: Run, *, say: bool = False) -> Counts:
    """One kill loop, from the first clip until nothing is open, and its counts."""
    counts = Counts(clips=run.clips)
    begun = time.monotonic()
    with (
        TemporaryDirectory(prefix="hailuo-nb-chaos-") as folder,
        serving(speed=SPEED, faults=FAULTS) as served,
    ):
        setting = Setting(Path(folder) / "home", served.url, SPEED, cells=plan(run.clips, run.cell))
        for life in _lives(run, setting, counts):
            if say and life % 20 == 0:
                print(
                    f"  {time.monotonic() - begun:4.0f} s, {life} kills: {dict(_states(setting))}", flush=True
                )
        counts.seconds = time.monotonic() - begun
        if any(setting.home.rglob("*.part")):  # swept away by the first session after a while
            time.sleep(driver.LONGEST)
            _ended(driver.start(driver.notebook, setting))
        counts.faults = dict(served.simulator.faults.count)
        _audit(setting, served, counts)
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
        counts.at_kill += Counter({state: number for state, number in found.items() if state not in SETTLED})
        settled = sum(number for state, number in found.items() if state in SETTLED)
        patience = 1.0 if settled > before else patience * 1.2
        before = settled
        yield counts.kills


def _ended(process: ForkServerProcess) -> bool:
    """Whether a process ended by itself, and not by a kill. Raises RuntimeError if it ended in a fault."""
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
    """How many jobs are in each state. Another reader rolls back what the dead process left half written."""
    path = setting.home / "ledger.sqlite"
    if not path.exists():
        return Counter()
    with closing(sqlite3.connect(path, timeout=30)) as db:
        try:
            return Counter(dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state")))
        except sqlite3.OperationalError:  # it died before the tables were made
            return Counter()


# The books


def _audit(setting: Setting, served: Served, counts: Counts) -> None:
    """Hold the ledger and the files against what the providers know."""
    ledger = Ledger(setting.home / "ledger.sqlite")
    rows = ledger.rows().result()
    ledger.close()
    counts.charges = sum(served.charges().values())
    counts.sent_again = sum(row.attempt > 1 for row in rows)
    _audit_money(setting, served, rows, counts)
    _audit_states(setting, rows, counts)
    _audit_files(setting, served, rows, counts)


def _audit_money(setting: Setting, served: Served, rows: Sequence[JobRow], counts: Counts) -> None:
    """Nothing paid twice; every charged task known to the ledger, or its clip `unknown` where there is no list."""
    takes = {
        (name, prompt): cell.takes
        for cell in setting.cells
        for name in cell.providers
        for prompt in cell.prompts
    }
    known = {(row.provider, row.task_id) for row in rows}
    unknown = Counter((row.provider, row.prompt) for row in rows if row.state == "unknown")
    for clip, charged in served.charges().items():
        if (over := charged - takes.get(clip, 0)) > 0:
            counts.paid_twice += over
            counts.wrong.append(f"{clip} was charged {charged} times for {takes.get(clip, 0)} takes")
    for row in rows:
        if row.attempt > 1 and not all(is_sent_anew(old.state, old.task_id) for old in _before(row, rows)):
            counts.paid_twice += 1
            counts.wrong.append(f"{row!r} was sent again too early")
    lost: Counter[tuple[str, str]] = Counter(
        (task.provider, task.prompt) for task in served.tasks if (task.provider, task.id) not in known
    )
    for clip, number in lost.items():
        excused = 0 if clip[0] == HAS_LIST else min(unknown[clip], number)
        counts.unknown_charged += excused
        if number > excused:
            counts.unreachable += number - excused
            counts.wrong.append(f"{number - excused} charged tasks of {clip} are not in the ledger")


def _before(row: JobRow, rows: Sequence[JobRow]) -> list[JobRow]:
    same = (row.identity, row.take)
    return [old for old in rows if (old.identity, old.take) == same and old.attempt < row.attempt]


def _audit_states(setting: Setting, rows: Sequence[JobRow], counts: Counts) -> None:
    """Each clip is saved, or `unknown` where only a person can tell."""
    newest = {(row.identity, row.take): row for row in sorted(rows, key=lambda row: row.attempt)}
    if len(newest) != counts.clips:
        counts.wrong.append(f"{len(newest)} clips are in the ledger, not {counts.clips}")
    for row in newest.values():
        if row.state == "saved":
            counts.saved += 1
        elif row.state == "unknown" and row.provider != HAS_LIST:
            counts.unknown += 1
        else:
            counts.unsettled += 1
            counts.wrong.append(f"{row!r} is not settled: {row.error}")


def _audit_files(setting: Setting, served: Served, rows: Sequence[JobRow], counts: Counts) -> None:
    """Each file under a final name is whole and the very clip that the provider served for its task."""
    left = {path.relative_to(setting.home) for path in setting.home.rglob("*") if path.is_file()}
    counts.half_files = sum(path.suffix == ".part" for path in left)
    counts.wrong += [f"left over: {path}" for path in left if path.suffix == ".part"]
    for row in rows:
        if row.state != "saved":
            continue
        fault = _fault_of_file(setting.home / str(row.path), row, served)
        if fault:
            counts.corrupt += 1
            counts.wrong.append(f"{row!r}: {fault}")
    paths = {Path(str(row.path)) for row in rows if row.path}
    strangers = {path for path in left if path.parts[0] == "videos" and path.suffix == ".mp4"} - paths
    counts.corrupt += len(strangers)
    counts.wrong += [f"no job knows {path}" for path in strangers]


def _fault_of_file(path: Path, row: JobRow, served: Served) -> str:
    task: Task | None = served.simulator.tasks.get(str(row.task_id))
    if task is None or (task.provider, task.prompt) != (row.provider, row.prompt):
        return f"its task {row.task_id} is not this clip's"
    try:
        facts = media.verify(path, row.bytes)
    except (media.MediaError, OSError) as error:
        return str(error)
    with path.open("rb") as file:
        digest = _sha256(file.read())
    if not digest == row.sha256 == served.sha256(task):
        return f"{facts.bytes} bytes that are not those that were served"
    return ""


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


# The report


def table(counts: Counts) -> str:
    """The counts as a Markdown table."""
    lines = ["| | |", "|---|---:|"]
    lines += [f"| {WORDS[name]} | {getattr(counts, name)} |" for name in WORDS]
    lines.append(f"| seconds | {counts.seconds:.0f} |")
    return "\n".join(lines)


def report(runs: Sequence[tuple[Run, Counts]]) -> str:
    """What RESULTS.md holds."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    software = f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    parts = [
        "# The kill loop's last full run",
        f"`make chaos`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, {software}.",
        f"Four simulated providers at {SPEED:g} times the speed of life, with these faults: {', '.join(FAULTS)}.",
    ]
    for run, counts in runs:
        parts += [f"## {run.title}", table(counts)]
        at_kill = ", ".join(f"{state} {number}" for state, number in counts.at_kill.most_common())
        parts.append(f"What the kills met, all kills together: jobs that were {at_kill}.")
        faults = ", ".join(f"{name} {number}" for name, number in counts.faults.items())
        parts.append(f"Faults that the providers showed: {faults}.")
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
    if any(counts.wrong for _, counts in played):
        return 1
    RESULTS.write_text(report(played), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
