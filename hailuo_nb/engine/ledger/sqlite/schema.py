"""The ledger's tables, and how its file is opened: made for its owner alone, brought up to date,
and refused where it is not what hailuo_nb wrote.

A file from a stranger can make SQLite act for him: a trigger changes what was just written, a link
leads a write elsewhere, a journal names another file to be deleted.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hailuo_nb.errors import LedgerError
from hailuo_nb.media import files

_FIRST = """
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, identity TEXT NOT NULL, take INTEGER NOT NULL, attempt INTEGER NOT NULL,
  provider TEXT NOT NULL, base_url TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL,
  resolution TEXT NOT NULL, duration INTEGER NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL,
  cost REAL, currency TEXT NOT NULL, created_at REAL NOT NULL,
  task_id TEXT, link TEXT, link_expires_at REAL, path TEXT, poster TEXT, bytes INTEGER, sha256 TEXT,
  width INTEGER, height INTEGER, fps REAL, frames INTEGER,
  error TEXT, error_kind TEXT, error_code TEXT, submitted_at REAL, finished_at REAL,
  generation_seconds REAL,
  claimed_at REAL, ready_at REAL,
  owner TEXT, lease_until REAL,
  UNIQUE (identity, take, attempt)
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_kind ON jobs (provider, model, resolution, duration, finished_at)
  WHERE state = 'saved';
CREATE UNIQUE INDEX jobs_by_task ON jobs (provider, base_url, task_id) WHERE task_id IS NOT NULL;
CREATE TABLE marks (
  job_id TEXT PRIMARY KEY, rating INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]', hidden INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE votes (
  id INTEGER PRIMARY KEY, at REAL NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL,
  outcome TEXT NOT NULL,
  blind INTEGER NOT NULL
) STRICT;
CREATE TABLE boards (
  name TEXT NOT NULL, job_id TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (name, job_id)
) STRICT;
CREATE TABLE scores (sha256 TEXT, version TEXT, result TEXT NOT NULL,
  PRIMARY KEY (sha256, version)) STRICT
"""
_ANNOTATIONS = """
CREATE TABLE annotations (
  job_id TEXT PRIMARY KEY, rating INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]', hidden INTEGER NOT NULL DEFAULT 0
) STRICT
"""


def _create(db: sqlite3.Connection) -> None:
    for statement in _FIRST.split(";\n"):
        db.execute(statement)


def _add_origin(db: sqlite3.Connection) -> None:
    """Who wrote the row, see `origin`."""
    db.execute("ALTER TABLE jobs ADD COLUMN origin TEXT")


def _name_annotations(db: sqlite3.Connection) -> None:
    """`marks` of the first edition. A copy, since how SQLite words a renamed table is its own
    business, and tables are known by their words."""
    db.execute(_ANNOTATIONS)
    db.execute("INSERT INTO annotations SELECT job_id, rating, note, tags, hidden FROM marks")
    db.execute("DROP TABLE marks")


def _add_task_links_and_charge(db: sqlite3.Connection) -> None:
    """What a provider gives at submit beside the id, and what it says that it charged."""
    for column in ("task_links TEXT", "charged_cost REAL", "charged_currency TEXT"):
        db.execute(f"ALTER TABLE jobs ADD COLUMN {column}")


def _add_waveform(db: sqlite3.Connection) -> None:
    """How a clip sounds, see `media.waveform`."""
    db.execute("ALTER TABLE jobs ADD COLUMN waveform TEXT")


_RATERS = (
    "CREATE TABLE opinions (job_id TEXT NOT NULL, rater TEXT NOT NULL, rating INTEGER, note TEXT, "
    "PRIMARY KEY (job_id, rater)) STRICT",
    "CREATE TABLE labels (job_id TEXT PRIMARY KEY, tags TEXT NOT NULL DEFAULT '[]', "
    "hidden INTEGER NOT NULL DEFAULT 0) STRICT",
    "INSERT INTO opinions SELECT job_id, 'me', nullif(rating, 0), nullif(note, '') "
    "FROM annotations WHERE rating != 0 OR note != ''",
    "INSERT INTO labels SELECT job_id, tags, hidden FROM annotations",
    "DROP TABLE annotations",
    "ALTER TABLE votes ADD COLUMN rater TEXT NOT NULL DEFAULT 'me'",
    "CREATE INDEX votes_by_rater ON votes (rater, first, second)",
)


def _add_raters(db: sqlite3.Connection) -> None:
    """Stars, notes and votes have a rater, see `annotations.ME`; tags are a clip's own."""
    for statement in _RATERS:
        db.execute(statement)


def _add_own_columns(db: sqlite3.Connection) -> None:
    """Columns of a person's table that travel with a job, see `requests.own_columns`."""
    db.execute(
        "CREATE TABLE own_columns (job_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, "
        "PRIMARY KEY (job_id, name)) STRICT"
    )


def _add_races(db: sqlite3.Connection) -> None:
    """The race that a board is of, see `results.saved_race`."""
    db.execute("CREATE TABLE races (board TEXT PRIMARY KEY, race TEXT NOT NULL) STRICT")


_MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _create,
    _add_origin,
    _name_annotations,
    _add_task_links_and_charge,
    _add_waveform,
    _add_raters,
    _add_own_columns,
    _add_races,
)
"""What leads from each format to the next, each in the order of its number and never changed again.
A new ledger takes the same way as an old one, so that the tables of both are the same
(`_objects`)."""
FORMAT = len(_MIGRATIONS)
"""The format that is written, as in `PRAGMA user_version`."""

MAX_VALUE = 16 * 1024 * 1024  # bytes of one value that is read
_SPACES = re.compile(r"[ \t\n\f\r]+")  # what SQLite takes for space, and no more
_MAGIC = bytes.fromhex("d9d505f920a163d7")  # of SQLite's journals


def connect(path: Path) -> sqlite3.Connection:
    """The open ledger of this path, made where there is none. Raises LedgerError, sqlite3.Error,
    OSError."""
    files.make_folder(path.parent)
    _check_files(path)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.private_mode()))
    db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    try:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute("PRAGMA synchronous = EXTRA")
        _check_format(db)
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("BEGIN IMMEDIATE")
        _bring_up_to_date(db)
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _check_files(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        file = path.with_name(path.name + ending)
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(file.lstat().st_mode):
                raise LedgerError(f"{file.name} is a link, or no file: move it away")
    if path.exists() and not path.stat().st_size and any(path.parent.glob("videos/*.mp4")):
        raise LedgerError(
            "it is empty although there are clips beside it: bring it back from a copy, or move it "
            "away"
        )
    if _names_another_file(path.with_name(path.name + "-journal")):
        raise LedgerError(
            f"the journal beside it ({path.name}-journal) names another file, which SQLite would "
            "delete; hailuo_nb "
            "writes no such journal. Do not trust this folder"
        )


def _names_another_file(journal: Path) -> bool:
    """Whether a journal ends with the name of a super-journal, as those of transactions over
    several databases do."""
    try:
        with files.open_regular(journal) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - len(_MAGIC)))
            return file.read() == _MAGIC
    except FileNotFoundError:
        return False


def _check_format(db: sqlite3.Connection) -> None:
    if (found := _format(db)) > FORMAT:
        raise LedgerError(
            f"was written by a newer hailuo_nb (format {found}, this one reads {FORMAT})"
        )


def _format(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    """In the caller's transaction: a process that dies on the way leaves the format of before."""
    _check_format(db)
    before, found = _format(db), _objects(db)
    if before == 0 and found:
        raise LedgerError("it is the database of another program")
    if odd := found ^ _expected(before):
        names = ", ".join(sorted({f"{kind} {name}" for kind, name, *_ in odd}))
        raise LedgerError(
            f"its tables are not those that hailuo_nb makes ({names}). Do not trust this folder"
        )
    if before < FORMAT:
        _migrate(db, before, FORMAT)


def _migrate(db: sqlite3.Connection, before: int, to: int) -> None:
    for migration in _MIGRATIONS[before:to]:
        migration(db)
    db.execute(f"PRAGMA user_version = {to}")


def _objects(db: sqlite3.Connection) -> set[tuple[str, ...]]:
    """Every table, index, trigger and view. SQLite keeps the text of each statement as it was
    written; how ours is wrapped into lines must not matter to a ledger of before."""
    found = db.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return {(*names, _SPACES.sub(" ", sql).strip(" ")) for *names, sql in found}


@cache
def _expected(number: int) -> set[tuple[str, ...]]:
    """Every table, index, trigger and view that a ledger of this format has."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        _migrate(db, 0, number)
        return _objects(db)
