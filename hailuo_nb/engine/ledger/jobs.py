"""The table of jobs: its rows as dataclasses, and the statements that read and write them.

Runs on the ledger's thread; must not know who asks. A row may come from a stranger's file, so it is
checked.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from hailuo_nb.engine.ledger import origin, schema
from hailuo_nb.engine.states import FINAL, STATES, State, is_sent_anew
from hailuo_nb.errors import FieldError, LedgerError
from hailuo_nb.requests.fields import RowReader

_LONGEST = (
    30 * 86_400.0
)  # seconds from a submit to its clip that count as a clip's usual time at most


@dataclass(frozen=True, slots=True)
class JobRow:
    """One clip. Times are Unix seconds; `path` and `poster` are relative to the home folder.

    claimed_at  when the charging call was about to leave; submitted_at when its task id was stored;
                ready_at when the provider probably had the clip (between two looks); None if nobody
                was looking
    origin      who wrote the row (see `origin`); None in one of the first edition
    """

    id: str
    identity: str
    take: int
    attempt: int
    provider: str
    base_url: str
    model: str
    prompt: str
    resolution: str
    duration: int
    request: str
    state: State
    cost: float | None
    currency: str
    created_at: float
    task_id: str | None = None
    link: str | None = None
    link_expires_at: float | None = None
    path: str | None = None
    poster: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    frames: int | None = None
    error: str | None = None
    error_kind: str | None = None
    error_code: str | None = None
    submitted_at: float | None = None
    finished_at: float | None = None
    generation_seconds: float | None = None
    claimed_at: float | None = None
    ready_at: float | None = None
    owner: str | None = None
    lease_until: float | None = None
    origin: str | None = None

    def __repr__(self) -> str:
        return f"JobRow({self.id}, {self.provider}, take {self.take}, {self.state})"


@dataclass(frozen=True, slots=True)
class NewJob:
    """What the ledger needs to know of a job before it exists.

    take      None asks for the next free number
    replaces  the id of an ended job that a person sends once more, though a provider took it
    aliases   other identities under which the ledger may have the same clip
    """

    identity: str
    provider: str
    base_url: str
    model: str
    prompt: str
    resolution: str
    duration: int
    request: str
    cost: float | None
    currency: str
    take: int | None = 1
    replaces: str | None = None
    aliases: tuple[str, ...] = ()


COLUMNS = tuple(field.name for field in fields(JobRow))
_FIT = RowReader(
    COLUMNS,
    [field.name for field in fields(JobRow) if field.default is MISSING and field.name != "cost"],
)
CONTENT = tuple(
    field.name
    for field in fields(NewJob)
    if field.name not in {"identity", "take", "replaces", "aliases"}
)


def get(db: sqlite3.Connection, job_id: str) -> JobRow:
    sql = f"SELECT {', '.join(COLUMNS)} FROM jobs WHERE id = ?"  # noqa: S608 - our own column names
    found = select(db, sql, (job_id,))
    if not found:
        raise LookupError(f"the ledger has no job {job_id!r}")
    return found[0]


def select(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[JobRow]:
    """Rows of jobs, which may come from a stranger. Raises FieldError for what is no clip,
    LedgerError."""
    try:
        # All are fetched before one is looked at: an error in between would leave the database
        # locked.
        found = [JobRow(*_FIT(row)) for row in db.execute(sql, values).fetchall()]
    except sqlite3.DataError:
        raise LedgerError(
            f"the ledger holds a value of more than {schema.MAX_VALUE >> 20} MiB, as no clip has"
        ) from None
    for row in found:
        if row.state not in STATES:
            raise FieldError(
                f"jobs.state of the clip {row.id} is no state that this hailuo_nb knows: update it"
            )
    return found


def times(db: sqlite3.Connection, what: str, row: JobRow) -> list[float]:
    """A time of the last twenty saved clips of the same provider, model, resolution and duration,
    newest first."""
    sql = (
        f"SELECT {what} AS seconds FROM jobs WHERE state = 'saved' AND seconds IS NOT NULL "  # noqa: S608
        "AND provider = ? AND model = ? AND resolution = ? AND duration = ? "
        "ORDER BY finished_at DESC LIMIT 20"
    )
    like = (row.provider, row.model, row.resolution, row.duration)
    return [found[0] for found in db.execute(sql, like) if 0 <= found[0] <= _LONGEST]


def newest(db: sqlite3.Connection, identities: Sequence[str], take: int) -> JobRow | None:
    """The last attempt at a clip under any of its identities; at a tie the one that was taken."""
    found = db.execute(
        f"SELECT id FROM jobs WHERE identity IN ({_marks(identities)}) AND take = ? "  # noqa: S608
        "ORDER BY attempt DESC, task_id IS NULL, created_at DESC LIMIT 1",
        (*identities, take),
    ).fetchone()
    return None if found is None else get(db, found[0])


def takes(db: sqlite3.Connection, identities: Sequence[str]) -> tuple[int, int]:
    """How many takes there are of a clip, and the highest of their numbers."""
    sql = (
        f"SELECT count(DISTINCT take), max(take) FROM jobs WHERE identity IN ({_marks(identities)})"  # noqa: S608
    )
    count, highest = db.execute(sql, tuple(identities)).fetchone()
    return int(count), int(highest or 0)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)


def update(db: sqlite3.Connection, job_id: str, changes: dict[str, Any]) -> JobRow:
    unknown = changes.keys() - set(COLUMNS)
    if unknown:
        raise ValueError(f"no such columns: {sorted(unknown)}")
    assignments = ", ".join(f"{name} = ?" for name in changes)
    db.execute(f"UPDATE jobs SET {assignments} WHERE id = ?", (*changes.values(), job_id))  # noqa: S608
    return get(db, job_id)


def open_job(db: sqlite3.Connection, new: NewJob, now: float, key: bytes) -> tuple[JobRow, bool]:
    identities = (new.identity, *new.aliases)
    take = new.take if new.take is not None else takes(db, identities)[1] + 1
    before = newest(db, identities, take)
    if before is not None and not is_sent_anew(before.state, before.task_id):
        by_hand = new.replaces == before.id and before.state in FINAL
        if not by_hand:
            return before, False
    attempt = 1 if before is None else before.attempt + 1
    row = JobRow(
        id=uuid.uuid4().hex[:12],
        identity=new.identity,
        take=take,
        attempt=attempt,
        provider=new.provider,
        base_url=new.base_url,
        model=new.model,
        prompt=new.prompt,
        resolution=new.resolution,
        duration=new.duration,
        request=new.request,
        state="planned",
        cost=new.cost,
        currency=new.currency,
        created_at=now,
    )
    row = replace(row, origin=origin.mark(key, row, planned=True))
    marks = ", ".join("?" for _ in COLUMNS)
    values = tuple(getattr(row, name) for name in COLUMNS)
    db.execute(f"INSERT INTO jobs ({', '.join(COLUMNS)}) VALUES ({marks})", values)  # noqa: S608
    return row, True
