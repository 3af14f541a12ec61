"""Ledgers that somebody changed: rows, annotations, votes, boards and results, the tables, the file, its
journal."""

from __future__ import annotations

import json
import random
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from hailuo_nb.engine.states import STATES
from hailuo_nb.providers import registry
from tests.fuzz import documents

_TABLES = ("jobs",) * 8 + ("labels", "opinions", "votes", "boards", "scores")
_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
_DAMAGE = (
    "CREATE TRIGGER t AFTER UPDATE ON jobs BEGIN UPDATE jobs SET state = 'planned', task_id = "
    "NULL; END",
    "CREATE TRIGGER t AFTER INSERT ON labels BEGIN DELETE FROM jobs; END",
    f"CREATE VIEW v AS {_ENDLESS}",
    f"DROP TABLE jobs; CREATE VIEW jobs AS {_ENDLESS}",
    "ALTER TABLE jobs RENAME TO clips",
    "ALTER TABLE jobs DROP COLUMN sha256",
    "ALTER TABLE jobs ADD COLUMN more TEXT",
    "ALTER TABLE jobs DROP COLUMN origin",
    "DROP TABLE opinions",
    "DROP TABLE jobs",
    "DROP INDEX jobs_by_task",
    "CREATE TABLE other (a)",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 99",
    "PRAGMA user_version = -1",
    "PRAGMA journal_mode = WAL",
    "PRAGMA application_id = 7",
    "DELETE FROM jobs",
    "DROP TABLE boards; CREATE TABLE boards (name, job_id, position DEFAULT "
    "(randomblob(1000000000)))",
)
_STEPS = (
    ("value",) * 10
    + ("near",) * 8
    + ("json",) * 4
    + ("copy", "copy", "drop", "schema", "file", "journal")
)
_AT_LAST = ("file", "journal")


def made(path: Path) -> None:
    """A stranger's ledger, out of one with saved clips: its rows are in every state, with paid
    providers too."""
    with closing(sqlite3.connect(path)) as db, db:
        columns = [found[1] for found in db.execute("PRAGMA table_info(jobs)")]
        (first, *_) = db.execute("SELECT * FROM jobs ORDER BY rowid").fetchall()
        row = dict(zip(columns, first, strict=True))
        real = {name: registry.get(name) for name in registry.names()}
        names = [*real, "simulated:ppinfra"]
        for number, state in enumerate(STATES):
            name = names[number % len(names)]
            odd = state in {"submitted", "ready", "downloading", "failed"}
            changes = {
                "id": f"clip-{state}",
                "identity": f"i{number}",
                "provider": name,
                "state": state,
                "origin": None,
                "base_url": real[name.removeprefix("simulated:")].base_url,
                "task_id": f"task-{number}" if odd else None,
                "task_links": '{"status": "https://evil.invalid/", "cancel": "/"}' if odd else None,
                "link": "https://clips.evil.invalid/a.mp4" if odd else None,
                "charged_cost": 0.5 if odd else None,
                "charged_currency": "USD" if odd else None,
                "owner": None,
                "lease_until": None,
                "path": row["path"] if state == "saved" else None,
                "created_at": 1e9 + number,
                "claimed_at": 1e9,
                "submitted_at": 1e9 if odd else None,
                "finished_at": None,
                "ready_at": None,
            }
            values = [{**row, **changes}[column] for column in columns]
            db.execute(f"INSERT INTO jobs VALUES ({', '.join('?' * len(columns))})", values)
            db.execute("INSERT INTO boards VALUES ('cats', ?, ?)", (changes["id"], 10 + number))
        db.execute("INSERT INTO labels VALUES ('clip-saved', '[\"a\"]', 0)")
        db.execute("INSERT INTO opinions VALUES ('clip-saved', 'me', 3, 'a note')")
        db.execute(
            "INSERT INTO votes VALUES (NULL, 1e9, 'clip-saved', 'clip-failed', 'first', 0, 'me')"
        )
        db.execute("INSERT INTO scores VALUES (?, '1', '{}')", (row["sha256"],))


def changed(path: Path, seeds: Sequence[int]) -> None:
    """The ledger with one change for each seed. What SQLite refuses to write is left out."""
    steps = [(rng := random.Random(seed), rng.choice(_STEPS)) for seed in seeds]
    # A journal comes last: SQLite would play it back here.
    for rng, step in sorted(
        steps, key=lambda one: _AT_LAST.index(one[1]) if one[1] in _AT_LAST else -1
    ):
        if step == "file":
            _in_file(rng, path)
        elif step == "journal":
            _journal(rng, path.with_name(f"{path.name}-journal"), path.parent)
        elif step == "schema":
            with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db, db:
                db.executescript(rng.choice(_DAMAGE))
        else:
            with suppress(sqlite3.Error, UnicodeError), _of_any_kind(path) as db:
                _in_rows(rng, db, step)


@contextmanager
def _of_any_kind(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose tables take any value: they are others meanwhile, as for a program that
    writes the file."""
    with closing(sqlite3.connect(path)) as db:
        tables = dict(
            db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        )
    _rewrite(
        path,
        {
            name: made.replace(") STRICT", ")").replace(" NOT NULL", "")
            for name, made in tables.items()
        },
    )
    try:
        with closing(sqlite3.connect(path)) as db, db:
            yield db
    finally:
        _rewrite(path, tables)


def _rewrite(path: Path, tables: dict[str, str]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.executemany(
            "UPDATE sqlite_master SET sql = ? WHERE name = ?",
            [(made, name) for name, made in tables.items()],
        )


def _in_rows(rng: random.Random, db: sqlite3.Connection, step: str) -> None:
    table = rng.choice(_TABLES)
    rows = [found[0] for found in db.execute(f"SELECT rowid FROM {table} LIMIT 100")]
    columns = [found[1] for found in db.execute(f"PRAGMA table_info({table})")]
    if not columns or not all(rows or [None]):  # it is no table any more
        return
    row, column = rng.choice(rows), rng.choice(columns)
    if step == "drop":
        db.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    elif step == "copy":
        others = ", ".join(
            f"'x' || {name}" if name in {"id", "identity", "job_id"} else name for name in columns
        )
        db.execute(
            f"INSERT OR IGNORE INTO {table} SELECT {others} FROM {table} WHERE rowid = ?", (row,)
        )
    else:
        json_columns = {"jobs": "request", "labels": "tags", "scores": "result"}
        column = json_columns.get(table, column) if step == "json" else column
        (found,) = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        everywhere = "" if rng.random() < 0.2 else " WHERE rowid = ?"
        what, value = _value(rng, found, step)
        db.execute(
            f"UPDATE OR IGNORE {table} SET {column} = {what}{everywhere}",
            (value, *[row] * bool(everywhere)),
        )


def _value(rng: random.Random, found: Any, step: str) -> tuple[str, Any]:
    """An expression with one parameter, and the parameter."""
    if step == "json":
        seeds = [rng.randrange(2**48) for _ in range(rng.randrange(1, 3))]
        with suppress(ValueError, TypeError):
            return "CAST(? AS TEXT)", documents.body(json.loads(found), seeds)
    value = documents.near(rng, found) if step == "near" else documents.value(rng, depth=2)
    if isinstance(value, str):
        return rng.choice(("CAST(? AS TEXT)",) * 9 + ("?",)), value.encode("utf-8", "surrogatepass")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "?", float("inf")
    return "?", value


def _in_file(rng: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    act = rng.choice(("byte",) * 5 + ("page", "cut", "more", "wal"))
    if act == "byte":
        for _ in range(rng.choice((1, 3, 40))):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif act == "page" and len(data) > 8192:
        data[4096:8192] = rng.randbytes(4096)
    elif act == "cut":
        del data[rng.randrange(len(data)) :]
    elif act == "more":
        data += rng.randbytes(5000)
    elif act == "wal":
        data[18:20] = b"\x02\x02"
    path.write_bytes(data)


def _journal(rng: random.Random, journal: Path, home: Path) -> None:
    """A journal that SQLite would play back: of pages that another program wrote, or with the name
    of another file."""
    magic = bytes.fromhex("d9d505f920a163d7")
    head = (magic + struct.pack(">5I", 1, 0, 10, 512, 4096)).ljust(512, b"\0")
    page = struct.pack(">I", 1) + rng.randbytes(4096) + struct.pack(">I", 0)
    name = str(
        rng.choice((home.parent / "secret", home / "ledger.sqlite", Path("/etc/hostname")))
    ).encode()
    record = (
        struct.pack(">I", 0x40000000 // 4096 + 1)
        + name
        + struct.pack(">II", len(name), sum(name))
        + magic
    )
    journal.write_bytes(
        rng.choice(
            (head, head + page, head + record, head + page + record, rng.randbytes(900), b"")
        )
    )
