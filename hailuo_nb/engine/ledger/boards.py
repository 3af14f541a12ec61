"""Named comparisons, kept in the ledger: which clips stand side by side, in what order.

Knows the ledger's connection; must not know jobs' jobs. A board is a list of job ids under a name;
saving under a name that is there replaces it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from hailuo_nb.engine.ledger.sqlite import Ledger


@dataclass(frozen=True, slots=True)
class Board:
    """One named comparison: how many clips it holds, how many of them are saved, and when the
    newest was asked for."""

    name: str
    clips: int
    saved: int
    newest: float


class Boards:
    """Reads and writes named comparisons. Every method returns a Future that is done when the
    commit is on disk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def save(self, name: str, job_ids: Sequence[str]) -> Future[None]:
        """Keep these clips, each once, in this order. Raises LookupError for a clip that the ledger
        does not have."""
        held = list(dict.fromkeys(job_ids))

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM boards WHERE name = ?", (name,))
            for position, job_id in enumerate(held):
                if db.execute("SELECT 1 FROM jobs WHERE id = ?", (job_id,)).fetchone() is None:
                    raise LookupError(f"the ledger has no job {job_id!r}")
                db.execute(
                    "INSERT INTO boards (name, job_id, position) VALUES (?, ?, ?)",
                    (name, job_id, position),
                )

        return self._ledger.work(write)

    def ids(self, name: str) -> Future[list[str]]:
        """The clips of a board in their order; none for a name that is not there."""
        sql = "SELECT job_id FROM boards WHERE name = ? ORDER BY position"
        return self._ledger.work(lambda db: [found[0] for found in db.execute(sql, (name,))])

    def all(self) -> Future[list[Board]]:
        """Every named comparison, the newest first."""
        sql = (
            "SELECT name, count(*), sum(state = 'saved'), max(created_at) FROM boards JOIN jobs ON "
            "id = job_id "
            "WHERE typeof(name) = 'text' GROUP BY name ORDER BY max(created_at) DESC, name"
        )
        return self._ledger.work(lambda db: [Board(*found) for found in db.execute(sql)])

    def forget(self, name: str) -> Future[bool]:
        """Take the name away; the clips stay in the ledger. False if it was not there."""
        return self._ledger.work(
            lambda db: db.execute("DELETE FROM boards WHERE name = ?", (name,)).rowcount > 0
        )
