"""A look into a ledger's file for a report: it is opened to be read, as it is, and nothing of it is
changed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from hailuo_nb.engine.ledger.sqlite import forks
from hailuo_nb.engine.states import FINAL
from hailuo_nb.errors import LedgerError

_TIMEOUT = 5.0  # seconds for which a lock of another process is waited for


@dataclass(frozen=True, slots=True)
class OpenJob:
    """One job that is not over, as it stands in the file, of whatever format."""

    id: str
    provider: str
    base_url: str
    take: int
    prompt: str
    state: str
    task_id: str | None
    error: str | None
    created_at: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a ledger holds.

    integrity  "ok", or what SQLite finds damaged first
    states     how many jobs are in each state
    """

    integrity: str
    states: Counter[str]
    open_jobs: list[OpenJob]


def inspect(path: Path) -> Inspection:
    """Raises LedgerError where the file cannot be read."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with (
            forks.held_off(),
            closing(sqlite3.connect(uri, uri=True, timeout=_TIMEOUT)) as db,
        ):
            (integrity,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            states = Counter(
                dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
            )
            final = ", ".join("?" * len(FINAL))
            names = ", ".join(field.name for field in fields(OpenJob))
            sql = f"SELECT {names} FROM jobs WHERE state NOT IN ({final})"  # noqa: S608
            rows = db.execute(f"{sql} ORDER BY created_at, rowid", (*FINAL,))
            return Inspection(integrity, states, [OpenJob(*row) for row in rows])
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(str(error)) from None
