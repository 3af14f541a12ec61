"""The ledger: every job on disk, written before and after each step that costs money.

One SQLite file, one thread that owns the connection and commits in groups, so that a commit (5 to
25 ms with `synchronous=EXTRA`) never stalls the loop. Knows states and rows; must not know HTTP,
providers or widgets. Settings and their reasons: shared reference on reliability, A3 (WAL is not
supported on network homes).
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.ledger import jobs, origin, schema
from hailuo_nb.engine.ledger.jobs import JobRow, NewJob
from hailuo_nb.engine.ledger.owner import is_gone
from hailuo_nb.engine.states import FINAL, Event, State, after, is_sent_anew
from hailuo_nb.errors import LedgerClosedError, LedgerError
from hailuo_nb.media.text import visible

__all__ = ["JobRow", "Ledger", "LedgerClosedError", "LedgerError", "NewJob"]

T = TypeVar("T")
_LONGEST_LEASE = 3600.0  # seconds; beyond that no kernel has written it
_WRONG_TYPE = 3091  # SQLITE_CONSTRAINT_DATATYPE, which Python 3.11 does not name
_GROUP = (
    64  # works in one commit: bounds the wait of the first, and how much the loop is told at once
)


class Ledger:
    """The ledger of one home folder. Every method returns a Future that is done when the commit is
    on disk."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._work: queue.SimpleQueue[
            tuple[Callable[[sqlite3.Connection], Any], Future[Any]] | None
        ]
        self._work = queue.SimpleQueue()
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="hailuo_nb-ledger", daemon=True
        )
        self._file = (0, 0)
        self._key = origin.key()
        self._thread.start()
        try:
            opened.result()
        except BaseException:  # an interrupt, too: nobody will use what is opened after it
            self._work.put(None)
            raise

    # -- what can be asked of it
    # ---------------------------------------------------------------------------

    def open_job(self, new: NewJob) -> Future[tuple[JobRow, bool]]:
        """The job of this clip (under any of its identities) and take, made if there is none or
        if it may be sent anew.

        Returns (row, made). One transaction: two callers at once get the same job.
        """
        return self.work(lambda db: jobs.open_job(db, new, self._clock(), self._key))

    def is_ours(self, row: JobRow) -> bool:
        """Whether this user wrote the row as it stands. Safe from any thread."""
        return origin.is_ours(self._key, row)

    def claim(
        self, job_id: str, owner: str, lease_until: float, sent: NewJob | None = None
    ) -> Future[JobRow | None]:
        """planned -> submitting for this owner, or None if somebody else was faster or it is not
        planned.

        sent  what is about to be sent; the row says so from now on, whoever planned it and in
              whatever words
        """

        def claim(db: sqlite3.Connection) -> JobRow | None:
            row = jobs.get(db, job_id)
            if row.state != "planned":
                return None
            changes: dict[str, Any] = (
                {} if sent is None else {name: getattr(sent, name) for name in jobs.CONTENT}
            )
            changes |= {"owner": owner, "lease_until": lease_until, "claimed_at": self._clock()}
            return self._step(db, row, after("planned", "claimed"), changes)

        return self.work(claim)

    def move(self, job_id: str, event: Event, **changes: Any) -> Future[JobRow]:
        """One step along the table of states, with what became known by it."""

        def move(db: sqlite3.Connection) -> JobRow:
            row = jobs.get(db, job_id)
            state = after(row.state, event)
            if state in FINAL:
                changes.setdefault("finished_at", self._clock())
                changes.update(owner=None, lease_until=None)
            else:
                changes["finished_at"] = None  # it may have come back from an end
            return self._step(db, row, state, changes)

        return self.work(move)

    def _step(
        self, db: sqlite3.Connection, row: JobRow, state: State, changes: dict[str, Any]
    ) -> JobRow:
        """The row in its new state, written by this user."""
        known = {name: value for name, value in changes.items() if name in jobs.CONTENT}
        mark = origin.mark(self._key, replace(row, **known), planned=state == "planned")
        return jobs.update(db, row.id, {**changes, "state": state, "origin": mark})

    def lease(
        self, job_ids: Sequence[str], owner: str, now: float, until: float
    ) -> Future[list[str]]:
        """Take or renew the right to drive open jobs; returns those that are ours now."""

        def lease(db: sqlite3.Connection) -> list[str]:
            mine = []
            for job_id in job_ids:
                changed = db.execute(
                    "UPDATE jobs SET owner = ?, lease_until = ? WHERE id = ? "
                    "AND (owner IS NULL OR owner = ? OR lease_until IS NULL OR lease_until NOT "
                    "BETWEEN ? AND ?)",
                    (owner, until, job_id, owner, now, now + _LONGEST_LEASE),
                ).rowcount
                if changed:
                    mine.append(job_id)
            return mine

        return self.work(lease)

    def release(self, job_id: str, owner: str) -> Future[int]:
        """Give the right to drive a job back, if it is ours: 1 then, else 0."""
        sql = "UPDATE jobs SET owner = NULL, lease_until = NULL WHERE id = ? AND owner = ?"
        return self.work(lambda db: db.execute(sql, (job_id, owner)).rowcount)

    def get(self, job_id: str) -> Future[JobRow]:
        return self.work(lambda db: jobs.get(db, job_id))

    def rows(self, where: str = "1", values: Iterable[Any] = ()) -> Future[list[JobRow]]:
        """Rows in the order they were made. `where` is our own text, never a user's."""
        held = tuple(values)
        sql = f"SELECT {', '.join(jobs.COLUMNS)} FROM jobs WHERE {where} ORDER BY created_at, rowid"  # noqa: S608
        return self.work(lambda db: jobs.select(db, sql, held))

    def known(self, identities: Sequence[str], take: int) -> Future[JobRow | None]:
        """The job that would answer somebody who asks for this clip now, under whichever of its
        identities; None if it would be sent (anew).

        What is planned and driven by nobody would be: a kernel left it, or a stranger brought it.
        """

        def known(db: sqlite3.Connection) -> JobRow | None:
            row = jobs.newest(db, identities, take)
            if row is None or is_sent_anew(row.state, row.task_id):
                return None
            left = (row.lease_until or 0) - self._clock()
            driven = 0 < left < _LONGEST_LEASE and not is_gone(row.owner)
            return row if driven or row.state != "planned" else None

        return self.work(known)

    def open_rows(self) -> Future[list[JobRow]]:
        """What is not over: what waits for time, for the network or for a person."""
        marks = ", ".join("?" for _ in FINAL)
        return self.rows(f"state NOT IN ({marks})", sorted(FINAL))

    def usual_seconds(self, row: JobRow) -> Future[float | None]:
        """The median time from submit to file of the last clips like this one; None if there is
        none."""

        def median(db: sqlite3.Connection) -> float | None:
            times = jobs.times(db, "finished_at - submitted_at", row)
            return statistics.median(times) if times else None

        return self.work(median)

    def task_seconds(self, row: JobRow) -> Future[list[float]]:
        """How long the last tasks like this one took at the provider, newest first."""
        return self.work(lambda db: jobs.times(db, "ready_at - submitted_at", row))

    def takes(self, identities: Sequence[str]) -> Future[int]:
        """How many takes of this clip the ledger knows, under all of its identities."""
        return self.work(lambda db: jobs.takes(db, identities)[0])

    def work(self, function: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run `function(connection)` on the ledger's thread, inside a transaction of its own or a
        shared one."""
        future: Future[T] = Future()
        if not self._thread.is_alive():
            raise LedgerClosedError(
                f"the ledger {self.path} is closed; make a new session (restart the kernel)"
            )
        self._work.put((function, future))
        return future

    def check(self) -> None:
        """Raises LedgerError where the file has gone from its place: SQLite would go on writing to
        one without a name, and what it was told of the money would be lost. Safe from any thread.
        """
        try:
            status = self.path.stat()
        except OSError as error:
            found = f"is not there any more ({error.strerror})"
        else:
            if (status.st_dev, status.st_ino) == self._file:
                return
            found = "has been replaced by another file"
        raise LedgerError(
            f"the ledger {self.path} {found}. Nothing is sent meanwhile. Put it back as it was, "
            "with its folder; or "
            "restart the kernel, which begins with what is there, or in the folder that "
            "HAILUO_NB_HOME names then."
        )

    def close(self) -> None:
        self._work.put(None)
        self._thread.join(timeout=10)

    # -- the thread
    # ----------------------------------------------------------------------------------------

    def _run(self, opened: Future[None]) -> None:
        try:
            db = schema.connect(self.path)
            status = self.path.stat()
        except Exception as error:  # whatever it is: who waits is told
            opened.set_exception(_explain(self.path, error))
            return
        self._file = (status.st_dev, status.st_ino)
        opened.set_result(None)
        with contextlib.closing(db):
            while (first := self._work.get()) is not None:
                group = [first]
                while len(group) < _GROUP:
                    try:
                        item = self._work.get_nowait()
                    except queue.Empty:
                        break
                    if item is None:
                        self._work.put(None)
                        break
                    group.append(item)
                self._commit(db, group)

    def _commit(
        self,
        db: sqlite3.Connection,
        group: list[tuple[Callable[[sqlite3.Connection], Any], Future[Any]]],
    ) -> None:
        """Run a group in one transaction; a fault in one leaves the others whole. Futures end after
        the commit."""
        results: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            self.check()
            db.execute("BEGIN IMMEDIATE")
            for function, future in group:
                db.execute("SAVEPOINT one")
                try:
                    results.append((future, function(db), None))
                except Exception as error:
                    db.execute("ROLLBACK TO one")
                    results.append(
                        (future, None, _explain(self.path, error) if _unusable(error) else error)
                    )
                db.execute("RELEASE one")
            fault_point("ledger.before_commit")
            self.check()
            db.execute("COMMIT")
        except Exception as error:  # whatever it is: who waits is told, and this thread jobs on
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            told = error if isinstance(error, LedgerError) else _explain(self.path, error)
            results = [(future, None, told) for _, future in group]
        for future, value, fault in results:
            if not future.set_running_or_notify_cancel():
                continue
            if fault is None:
                future.set_result(value)
            else:
                future.set_exception(fault)


def _explain(path: Path, error: BaseException) -> LedgerError:
    return LedgerError(
        f"the ledger {path} cannot be used: {visible(str(error))}. Nothing was sent that it does "
        "not know of. Check "
        "that the folder can be written and is on a local disk, or set HAILUO_NB_HOME to another "
        "folder; never delete "
        "the file while clips are open."
    )


def _unusable(error: Exception) -> bool:
    """Whether the storage is at fault (full, read-only, damaged, gone), and not the work that was
    asked of it.

    A row that holds a value of a wrong type is damage: it is checked whole when anything of it
    changes.
    """
    of_the_work = sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError
    if isinstance(error, of_the_work):
        return getattr(error, "sqlite_errorcode", 0) == _WRONG_TYPE
    return isinstance(error, OSError | sqlite3.Error)
