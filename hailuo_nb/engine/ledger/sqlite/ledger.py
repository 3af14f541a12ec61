"""The statements of the ledger. They run on the thread of `Worker`, in its transactions.

A file may come from a stranger, so what is read is checked.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, Unpack

from hailuo_nb.engine.ledger import jobs, origin
from hailuo_nb.engine.ledger.annotations import ME, Annotation, Vote, check_vote
from hailuo_nb.engine.ledger.jobs import Changes, JobContent, JobRow, NewJob
from hailuo_nb.engine.ledger.protocol import Board, DuplicateTaskError, Ledger, ScoreKey
from hailuo_nb.engine.ledger.row_reader import COLUMNS, read_row
from hailuo_nb.engine.ledger.sqlite import annotation_rows, schema
from hailuo_nb.engine.ledger.sqlite.worker import Worker
from hailuo_nb.engine.states import FINAL, Event
from hailuo_nb.errors import JobNotFoundError, LedgerError
from hailuo_nb.requests.own_columns import OwnColumns

T = TypeVar("T")
_NAMES = ", ".join(COLUMNS)
_LAST = 20  # clips whose times say how long the next one takes


class SqliteLedger(Ledger):
    """The ledger in one file; see `Ledger`."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._key = origin.key()
        self._worker = Worker(path)

    def work(self, function: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run `function(connection)` on the ledger's thread, inside a transaction."""
        return self._worker.call(function)

    def check(self) -> None:
        self._worker.check()

    def close(self) -> None:
        self._worker.close()

    # Jobs

    def get_or_create(self, new: NewJob) -> Future[tuple[JobRow, bool]]:
        def get_or_create(db: sqlite3.Connection) -> tuple[JobRow, bool]:
            take = new.take
            if take is None:
                take = max(_takes(db, new.identities), default=0) + 1
            before = _newest(db, new.identities, take)
            if before is not None and jobs.is_answer(before, new):
                return before, False
            row = jobs.planned(new, take, before, self._clock(), self._key)
            _insert(db, row)
            return row, True

        return self.work(get_or_create)

    def get(self, job_id: str) -> Future[JobRow]:
        return self.work(lambda db: _get(db, job_id))

    def find(self, identities: Sequence[str], take: int) -> Future[JobRow | None]:
        def find(db: sqlite3.Connection) -> JobRow | None:
            row = _newest(db, identities, take)
            return None if row is None else jobs.answer(row, self._clock())

        return self.work(find)

    def history(self) -> Future[list[JobRow]]:
        return self.work(lambda db: _rows(db, "ORDER BY created_at, rowid"))

    def open_jobs(self) -> Future[list[JobRow]]:
        which = f"WHERE state NOT IN ({_placeholders(FINAL)}) ORDER BY created_at, rowid"
        return self.work(lambda db: _rows(db, which, *FINAL))

    def charged_jobs(self) -> Future[list[JobRow]]:
        which = "WHERE submitted_at IS NOT NULL OR state = 'unknown' ORDER BY created_at, rowid"
        return self.work(lambda db: _rows(db, which))

    def task_ids(self, provider: str, without: str) -> Future[set[str]]:
        sql = "SELECT task_id FROM jobs WHERE provider = ? AND task_id IS NOT NULL AND id != ?"
        return self.work(lambda db: {found[0] for found in db.execute(sql, (provider, without))})

    def count_takes(self, identities: Sequence[str]) -> Future[int]:
        return self.work(lambda db: len(_takes(db, identities)))

    def usual_seconds(self, row: JobRow) -> Future[float | None]:
        def median(db: sqlite3.Connection) -> float | None:
            times = _times(db, "finished_at - submitted_at", row)
            return statistics.median(times) if times else None

        return self.work(median)

    def task_seconds(self, row: JobRow) -> Future[list[float]]:
        return self.work(lambda db: _times(db, "ready_at - submitted_at", row))

    def is_ours(self, row: JobRow) -> bool:
        return origin.is_ours(self._key, row)

    # Steps

    def claim(
        self, job_id: str, owner: str, lease_until: float, sent: JobContent
    ) -> Future[JobRow | None]:
        def claim(db: sqlite3.Connection) -> JobRow | None:
            row = _get(db, job_id)
            if row.state != "planned":
                return None
            claimed = jobs.claimed(
                row, sent, owner=owner, until=lease_until, now=self._clock(), key=self._key
            )
            return _save(db, row, claimed)

        return self.work(claim)

    def move(self, job_id: str, event: Event, **changes: Unpack[Changes]) -> Future[JobRow]:
        def move(db: sqlite3.Connection) -> JobRow:
            row = _get(db, job_id)
            return _save(db, row, jobs.moved(row, event, changes, self._clock(), self._key))

        return self.work(move)

    def lease(
        self, job_ids: Sequence[str], owner: str, now: float, until: float
    ) -> Future[list[str]]:
        sql = (
            "UPDATE jobs SET owner = ?, lease_until = ? WHERE id = ? AND (owner IS NULL OR "
            "owner = ? OR lease_until IS NULL OR lease_until NOT BETWEEN ? AND ?)"
        )

        def lease(db: sqlite3.Connection) -> list[str]:
            return [
                job_id
                for job_id in job_ids
                if db.execute(
                    sql, (owner, until, job_id, owner, now, now + jobs.MAX_LEASE)
                ).rowcount
            ]

        return self.work(lease)

    def release(self, job_id: str, owner: str) -> Future[bool]:
        sql = "UPDATE jobs SET owner = NULL, lease_until = NULL WHERE id = ? AND owner = ?"
        return self.work(lambda db: db.execute(sql, (job_id, owner)).rowcount > 0)

    # Annotations and votes

    def annotate(
        self,
        job_id: str,
        *,
        rater: str = ME,
        rating: int | None = None,
        note: str | None = None,
        tags: Iterable[str] | None = None,
        hidden: bool | None = None,
    ) -> Future[Annotation]:
        return self.work(
            lambda db: annotation_rows.annotate(
                db, job_id, rater=rater, rating=rating, note=note, tags=tags, hidden=hidden
            )
        )

    def annotations(self, job_ids: Sequence[str]) -> Future[dict[str, Annotation]]:
        wanted = list(job_ids)
        return self.work(lambda db: annotation_rows.read_annotations(db, wanted))

    def vote(self, vote: Vote) -> Future[None]:
        check_vote(vote)
        return self.work(lambda db: annotation_rows.keep_vote(db, vote))

    def add_votes(self, votes: Sequence[Vote]) -> Future[list[Vote]]:
        given = list(votes)
        for vote in given:
            check_vote(vote)
        return self.work(lambda db: annotation_rows.add_votes(db, given))

    def remove_vote(self, vote: Vote) -> Future[bool]:
        return self.work(lambda db: annotation_rows.forget_vote(db, vote))

    def votes(self, job_ids: Collection[str]) -> Future[list[Vote]]:
        wanted = set(job_ids)
        return self.work(lambda db: annotation_rows.read_votes(db, wanted))

    # Columns of a person's table

    def keep_own_columns(self, given: Mapping[str, OwnColumns]) -> Future[None]:
        return self.work(lambda db: annotation_rows.keep_own_columns(db, given))

    def own_columns(self, job_ids: Sequence[str]) -> Future[dict[str, OwnColumns]]:
        wanted = list(job_ids)
        return self.work(lambda db: annotation_rows.read_own_columns(db, wanted))

    # Boards

    def save_board(
        self, name: str, job_ids: Sequence[str], race: str | None = None
    ) -> Future[None]:
        wanted = list(dict.fromkeys(job_ids))
        sql = "INSERT INTO boards (name, job_id, position) VALUES (?, ?, ?)"

        def save(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM boards WHERE name = ?", (name,))
            for position, job_id in enumerate(wanted):
                if db.execute("SELECT 1 FROM jobs WHERE id = ?", (job_id,)).fetchone() is None:
                    raise JobNotFoundError(f"the ledger has no job {job_id!r}")
                db.execute(sql, (name, job_id, position))
            db.execute("DELETE FROM races WHERE board = ?", (name,))
            if race is not None:
                db.execute("INSERT INTO races (board, race) VALUES (?, ?)", (name, race))

        return self.work(save)

    def board(self, name: str) -> Future[list[JobRow]]:
        which = "JOIN boards ON job_id = id WHERE name = ? ORDER BY position"
        return self.work(lambda db: _rows(db, which, name))

    def race(self, name: str) -> Future[str | None]:
        sql = "SELECT race FROM races WHERE board = ?"

        def race(db: sqlite3.Connection) -> str | None:
            found = db.execute(sql, (name,)).fetchone()
            return None if found is None else str(found[0])

        return self.work(race)

    def boards(self) -> Future[list[Board]]:
        sql = (
            "SELECT name, count(*), sum(state = 'saved'), max(created_at) FROM boards "
            "JOIN jobs ON id = job_id WHERE typeof(name) = 'text' "
            "GROUP BY name ORDER BY max(created_at) DESC, name"
        )
        return self.work(lambda db: [Board(*found) for found in db.execute(sql)])

    # Scores

    def keep_score(self, key: ScoreKey, result: str) -> Future[None]:
        sql = "INSERT OR REPLACE INTO scores (sha256, version, result) VALUES (?, ?, ?)"
        return self.work(lambda db: _run(db, sql, (*key, result)))

    def scores(self, keys: Iterable[ScoreKey]) -> Future[dict[ScoreKey, str]]:
        wanted = list(dict.fromkeys(keys))
        sql = "SELECT result FROM scores WHERE sha256 = ? AND version = ?"

        def scores(db: sqlite3.Connection) -> dict[ScoreKey, str]:
            found = ((key, db.execute(sql, key).fetchone()) for key in wanted)
            return {key: row[0] for key, row in found if row is not None}

        return self.work(scores)

    def scores_of(self, digests: Iterable[str], prefix: str) -> Future[dict[ScoreKey, str]]:
        wanted = list(dict.fromkeys(digests))
        sql = (
            "SELECT sha256, version, result FROM scores "
            "WHERE sha256 = ? AND substr(version, 1, ?) = ? ORDER BY rowid"
        )

        def scores(db: sqlite3.Connection) -> dict[ScoreKey, str]:
            found = (row for one in wanted for row in db.execute(sql, (one, len(prefix), prefix)))
            return {(sha256, version): result for sha256, version, result in found}

        return self.work(scores)


def _placeholders(values: Collection[object]) -> str:
    """The question marks that stand for these values in a statement."""
    return ", ".join("?" * len(values))


def _run(db: sqlite3.Connection, sql: str, values: Sequence[object]) -> None:
    db.execute(sql, values)


def _rows(db: sqlite3.Connection, which: str, *values: object) -> list[JobRow]:
    """Jobs, which may come from a stranger. Raises FieldError for what is no clip, LedgerError."""
    sql = f"SELECT {_NAMES} FROM jobs {which}"  # noqa: S608 - `which` is our own text
    try:
        # All are fetched before one is looked at: an error in between would leave the database
        # locked.
        found = db.execute(sql, values).fetchall()
    except sqlite3.DataError:
        raise LedgerError(
            f"the ledger holds a value of more than {schema.MAX_VALUE >> 20} MiB, as no clip has"
        ) from None
    return [read_row(row) for row in found]


def _get(db: sqlite3.Connection, job_id: str) -> JobRow:
    found = _rows(db, "WHERE id = ?", job_id)
    if not found:
        raise JobNotFoundError(f"the ledger has no job {job_id!r}")
    return found[0]


def _newest(db: sqlite3.Connection, identities: Sequence[str], take: int) -> JobRow | None:
    """The last attempt at a clip under any of its identities; at a tie the one that was taken."""
    which = (
        f"WHERE identity IN ({_placeholders(identities)}) AND take = ? "
        "ORDER BY attempt DESC, task_id IS NULL, created_at DESC LIMIT 1"
    )
    return next(iter(_rows(db, which, *identities, take)), None)


def _takes(db: sqlite3.Connection, identities: Sequence[str]) -> set[int]:
    sql = f"SELECT DISTINCT take FROM jobs WHERE identity IN ({_placeholders(identities)})"  # noqa: S608
    return {found[0] for found in db.execute(sql, tuple(identities))}


def _insert(db: sqlite3.Connection, row: JobRow) -> None:
    sql = f"INSERT INTO jobs ({_NAMES}) VALUES ({_placeholders(COLUMNS)})"  # noqa: S608
    db.execute(sql, [getattr(row, name) for name in COLUMNS])


def _save(db: sqlite3.Connection, before: JobRow, row: JobRow) -> JobRow:
    """Write what has changed. Raises DuplicateTaskError."""
    changed = (name for name in COLUMNS if getattr(row, name) != getattr(before, name))
    names = list(dict.fromkeys(["state", *changed]))  # a step may change nothing
    changes = ", ".join(f"{name} = ?" for name in names)
    values = [getattr(row, name) for name in names]
    try:
        db.execute(f"UPDATE jobs SET {changes} WHERE id = ?", (*values, row.id))  # noqa: S608
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise DuplicateTaskError(f"task {row.task_id} is that of another job") from None
    return row


def _times(db: sqlite3.Connection, what: str, row: JobRow) -> list[float]:
    """A time in seconds of the last saved clips of the same provider, model, resolution and
    duration, newest first."""
    sql = (
        f"SELECT {what} AS seconds FROM jobs WHERE state = 'saved' AND seconds IS NOT NULL "  # noqa: S608
        "AND provider = ? AND model = ? AND resolution = ? AND duration = ? "
        f"ORDER BY finished_at DESC LIMIT {_LAST}"
    )
    like = (row.provider, row.model, row.resolution, row.duration)
    return [found[0] for found in db.execute(sql, like) if 0 <= found[0] <= jobs.MAX_SECONDS]
