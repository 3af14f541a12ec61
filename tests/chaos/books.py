"""Holds a ledger and its files against what the providers know: nothing is paid twice or lost, each
file is whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.states import is_sent_anew
from hailuo_nb.errors import MediaError
from hailuo_nb.media import clips as media
from hailuo_nb.media import xmp
from hailuo_nb.results.inspection import inspect
from hailuo_nb.simulator.tasks import Task
from tests.chaos.driver import Setting
from tests.chaos.server import Served

HAS_LIST = "chanjing"


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


def table(counts: Counts) -> str:
    """The counts as a Markdown table."""
    lines = ["| | |", "|---|---:|"]
    lines += [f"| {WORDS[name]} | {getattr(counts, name)} |" for name in WORDS]
    lines.append(f"| seconds | {counts.seconds:.0f} |")
    return "\n".join(lines)


def audit(setting: Setting, served: Served, counts: Counts) -> None:
    """Hold the ledger and the files against what the providers know."""
    ledger = SqliteLedger(setting.home / "ledger.sqlite")
    rows = ledger.history().result()
    ledger.close()
    counts.charges = sum(served.charges().values())
    counts.sent_again = sum(row.attempt > 1 for row in rows)
    _audit_money(setting, served, rows, counts)
    _audit_states(setting, rows, counts)
    _audit_files(setting, served, rows, counts)


def _audit_money(setting: Setting, served: Served, rows: Sequence[JobRow], counts: Counts) -> None:
    """Nothing paid twice; every charged task known to the ledger, or its clip `unknown` where there
    is no list."""
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
            counts.wrong.append(
                f"{clip} was charged {charged} times for {takes.get(clip, 0)} takes"
            )
    for row in rows:
        if row.attempt > 1 and not all(
            is_sent_anew(old.state, old.task_id) for old in _before(row, rows)
        ):
            counts.paid_twice += 1
            counts.wrong.append(f"{row!r} was sent again too early")
    lost: Counter[tuple[str, str]] = Counter(
        (task.provider, task.prompt)
        for task in served.tasks
        if (task.provider, task.id) not in known
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
    """Each file under a final name is whole and the very clip that the provider served for its
    task, with the manifest of that task behind it."""
    left = {path.relative_to(setting.home) for path in setting.home.rglob("*") if path.is_file()}
    counts.half_files = sum(path.suffix == ".part" for path in left)
    counts.wrong += [f"left over: {path}" for path in left if path.suffix == ".part"]
    for row in rows:
        if row.state != "saved":
            continue
        fault = fault_of_file(setting.home / str(row.path), row, served)
        if fault:
            counts.corrupt += 1
            counts.wrong.append(f"{row!r}: {fault}")
    paths = {Path(str(row.path)) for row in rows if row.path}
    strangers = {
        path for path in left if path.parts[0] == "videos" and path.suffix == ".mp4"
    } - paths
    counts.corrupt += len(strangers)
    counts.wrong += [f"no job knows {path}" for path in strangers]


def fault_of_file(path: Path, row: JobRow, served: Served) -> str:
    """What is wrong with the file of a saved clip; "" if it is right."""
    task: Task | None = served.simulator.tasks.get(str(row.task_id))
    if task is None or (task.provider, task.prompt) != (row.provider, row.prompt):
        return f"its task {row.task_id} is not this clip's"
    try:
        facts = media.verify(path, row.bytes)
    except (MediaError, OSError) as error:
        return str(error)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != row.sha256:
        return f"{facts.bytes} bytes that are not those of the ledger"
    if hashlib.sha256(xmp.without_own(data)).hexdigest() != served.sha256(task):
        return f"{facts.bytes} bytes that are not those that were served"
    if (found := inspect(data)).task_id != row.task_id:
        return f"its manifest is of task {found.task_id}"
    return ""
