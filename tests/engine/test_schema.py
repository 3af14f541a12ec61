"""A ledger's file that a stranger made: SQLite does nothing for him. What is made here is its user's
alone. Files of every format open, and the table has the fields of `JobRow`."""

from __future__ import annotations

import os
import sqlite3
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest

import hailuo_nb as hn
from hailuo_nb.engine.ledger.annotations import Annotation, Opinion, Vote
from hailuo_nb.engine.ledger.jobs import Changes, JobContent, JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger, schema
from hailuo_nb.errors import LedgerError
from hailuo_nb.requests.fields import NUMBER_BOUNDS
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture

AGAIN = "UPDATE jobs SET state = 'planned', task_id = NULL WHERE id = NEW.id"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "runs" / "ledger.sqlite"
    SqliteLedger(found).close()
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER pay AFTER UPDATE OF task_id ON jobs WHEN NEW.task_id IS NOT NULL BEGIN "
        f"{AGAIN}; END",
        f"CREATE TRIGGER pay AFTER INSERT ON labels BEGIN {AGAIN.replace('NEW.id', 'NEW.job_id')}; "
        "END",
        "CREATE VIEW cats AS SELECT * FROM jobs",
        "CREATE UNIQUE INDEX one ON jobs (prompt)",
        "CREATE TABLE more (x)",
        "ALTER TABLE jobs ADD COLUMN more TEXT",
        "ALTER TABLE opinions RENAME COLUMN note TO notes",
        "DROP TABLE votes",
        "PRAGMA user_version = 1",
    ],
)
def test_tables_that_hailuo_nb_does_not_make_are_refused_and_kept(
    path: Path, statement: str
) -> None:
    """The first of these made a clip be sent, and paid, again and again by one call."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="Do not trust this folder"):
        SqliteLedger(path)
    assert path.read_bytes() == before


def test_tables_in_bytes_that_are_no_text_are_refused(path: Path) -> None:
    """SQLite quotes them, and Python cannot decode what it says: the thread that opens ended, and
    who waited hung."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_master SET sql = CAST(x'435245415445ff' AS TEXT) WHERE name = 'votes'"
        )
    with pytest.raises(LedgerError, match="cannot be used"):
        SqliteLedger(path)


def test_a_journal_that_names_another_file_deletes_nothing(path: Path, tmp_path: Path) -> None:
    """SQLite deletes the super-journal that a hot journal names, wherever it is."""
    private = tmp_path / "private.txt"
    private.write_text("mine")
    magic, name = schema._MAGIC, str(private).encode()
    size, pages = 4096, path.stat().st_size // 4096
    head = (magic + struct.pack(">5I", 0, 0, pages, 512, size)).ljust(512, b"\0")
    tail = (
        struct.pack(">I", 2**30 // size + 1)
        + name
        + struct.pack(">2I", len(name), sum(name))
        + magic
    )
    path.with_name("ledger.sqlite-journal").write_bytes(head + tail)
    with pytest.raises(LedgerError, match="names another file"):
        SqliteLedger(path)
    assert private.read_text() == "mine"
    with closing(sqlite3.connect(path)) as db:  # without our look at it
        db.execute("SELECT count(*) FROM jobs").fetchone()
    assert not private.exists(), "this is what SQLite does"


def test_a_journal_of_our_own_is_played_back(path: Path) -> None:
    """As a process that died leaves it."""
    journal = path.with_name("ledger.sqlite-journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the commit
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO scores VALUES (?, 'v', ?)", [(str(n), "x" * 3000) for n in range(50)]
        )
        copies = path.read_bytes(), journal.read_bytes()
        db.execute("ROLLBACK")
    path.write_bytes(copies[0])
    journal.write_bytes(copies[1])
    ledger = SqliteLedger(path)
    assert ledger.work(
        lambda db: db.execute("SELECT count(*) FROM scores").fetchone()
    ).result() == (0,)
    ledger.close()


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_no_ledger_is_opened_through_a_link(tmp_path: Path, ending: str) -> None:
    home, private = tmp_path / "runs", tmp_path / "private"
    home.mkdir()
    (home / f"ledger.sqlite{ending}").symlink_to(private)
    for content in (None, b"", b"mine"):
        if content is not None:
            private.write_bytes(content)
        with pytest.raises(LedgerError, match="is a link"):
            SqliteLedger(home / "ledger.sqlite")
        assert private.read_bytes() == content if content is not None else not private.exists()


def test_a_folder_of_a_clone_that_leads_elsewhere_is_refused(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stand.home.symlink_to(elsewhere)
    with pytest.raises(LedgerError, match="is a symbolic link"):
        hn.history()
    assert list(elsewhere.iterdir()) == []
    monkeypatch.setenv("HAILUO_NB_HOME", str(stand.home))  # who names it means it
    hn.history()
    assert (elsewhere / "ledger.sqlite").exists()


# What is made here is its user's alone ------------------------------------------------------------


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(root: Path) -> set[tuple[str, int]]:
    """Of everything in a home but what the test's own renderer writes."""
    return {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.lstat().st_mode))
        for path in [root, *root.rglob("*")]
        if path.parent != root / "simulator" / "videos"
    }


def make_everything() -> None:
    """Ledger, clips, posters, a frame and what the simulator keeps."""
    frame = np.full((400, 600, 3), 90, np.uint8)
    job = hn.generate(PROMPT, provider="simulated:modelverse", first_frame=frame).wait(END)
    assert (job.state, job.poster is not None) == ("saved", True)


def test_folders_and_files_of_a_home_are_its_users_alone(stand: Stand, umask: int) -> None:
    make_everything()
    names = {path.name for path in stand.home.rglob("*")}
    assert {"ledger.sqlite", "videos", "posters", "frames", "simulator"} <= names
    assert modes(stand.home) == {("folder", 0o700), ("file", 0o600)}


def test_a_folder_that_is_there_keeps_its_mode(stand: Stand) -> None:
    stand.home.mkdir()
    stand.home.chmod(0o751)
    make_everything()
    assert stat.S_IMODE(stand.home.stat().st_mode) == 0o751
    assert modes(stand.home) - {("folder", 0o751)} == {("folder", 0o700), ("file", 0o600)}


def test_whoever_shares_the_folder_says_so(
    stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAILUO_NB_SHARED", "1")
    before = os.umask(0o007)
    try:
        make_everything()
    finally:
        os.umask(before)
    assert modes(stand.home) == {("folder", 0o770), ("file", 0o660)}


def test_missing_folders_above_a_home_are_its_users_alone(tmp_path: Path, umask: int) -> None:
    SqliteLedger(tmp_path / "a" / "b" / "runs" / "ledger.sqlite").close()
    assert modes(tmp_path / "a") == {("folder", 0o700), ("file", 0o600)}


# Formats ------------------------------------------------------------------------------------------

OLD_FORMATS = range(1, schema.FORMAT)


def ledger_of(path: Path, number: int) -> Path:
    """A ledger as an earlier release made it, with one annotated clip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema._migrate(db, 0, number)
        names = "id, identity, take, attempt, provider, base_url, model, prompt, resolution"
        names += ", duration, request, state, currency, created_at"
        values = "'clip', 'i', 1, 1, 'p', 'u', 'm', 'A cat', '768P', 6, '{}', 'saved', 'CNY', 5"
        db.execute(f"INSERT INTO jobs ({names}) VALUES ({values})")
        if number < 6:
            table = "marks" if number < 3 else "annotations"
            db.execute(f"INSERT INTO {table} VALUES ('clip', 3, 'steady', '[\"keep\"]', 1)")
        else:
            db.execute("INSERT INTO opinions VALUES ('clip', 'me', 3, 'steady')")
            db.execute("INSERT INTO labels VALUES ('clip', '[\"keep\"]', 1)")
        for at, first, second, outcome in (
            (1, "b", "a", "tie"),
            (2, "a", "b", "second"),
            (3, "a", "c", "tie"),
        ):
            sql = "INSERT INTO votes (at, first, second, outcome, blind) VALUES (?, ?, ?, ?, ?)"
            db.execute(sql, (at, first, second, outcome, at == 2))
    return path


@pytest.mark.parametrize("number", OLD_FORMATS)
def test_every_format_is_brought_up_to_date(tmp_path: Path, number: int) -> None:
    path = ledger_of(tmp_path / "ledger.sqlite", number)
    for _ in range(2):
        ledger = SqliteLedger(path)
        (row,) = ledger.history().result()
        assert (row.id, row.prompt, row.state, row.origin) == ("clip", "A cat", "saved", None)
        wanted = Annotation((("me", Opinion(3, "steady")),), ("keep",), hidden=True)
        votes = [Vote("a", "b", "second", "me", 2.0, blind=True), Vote("a", "c", "tie", "me", 3.0)]
        assert ledger.votes(["a", "b", "c"]).result() == votes
        assert ledger.annotations(["clip"]).result() == {"clip": wanted}
        ledger.close()
    with closing(sqlite3.connect(path)) as db:
        assert schema._objects(db) == schema._expected(schema.FORMAT)
        assert schema._format(db) == schema.FORMAT


def test_kernels_that_start_at_once_bring_it_up_to_date_once(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "ledger.sqlite", 1)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(SqliteLedger, [path] * 4))
    assert [len(ledger.history().result()) for ledger in opened] == [1] * 4
    for ledger in opened:
        ledger.close()


_DIES = """
import os, sys
from pathlib import Path
from hailuo_nb.engine.ledger.annotations import Annotation
from hailuo_nb.engine.ledger.jobs import Changes, JobContent, JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger, schema
def dies(db):
    last(db)
    db.execute("PRAGMA cache_spill = 1")
    db.execute("INSERT INTO scores VALUES ('x', 'x', ?)", ("x" * 4_000_000,))  # reaches the file
    os._exit(9)
*first, last = schema._MIGRATIONS
schema._MIGRATIONS = (*first, dies)
SqliteLedger(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("number", OLD_FORMATS)
def test_a_process_that_dies_in_a_migration_leaves_the_old_format(
    tmp_path: Path, number: int
) -> None:
    path = ledger_of(tmp_path / "ledger.sqlite", number)
    before = path.read_bytes()
    ended = subprocess.run([sys.executable, "-c", _DIES, str(path)], check=False, timeout=60)
    assert ended.returncode == 9
    assert path.read_bytes() != before, "it had begun"
    with closing(sqlite3.connect(path)) as db:
        assert schema._format(db) == number
        assert schema._objects(db) == schema._expected(number)
        assert db.execute("SELECT count(*) FROM jobs").fetchone() == (1,)
    SqliteLedger(path).close()


@pytest.mark.parametrize("number", OLD_FORMATS)
def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = ledger_of(tmp_path / "ledger.sqlite", number)
    before = path.read_bytes()
    *first, last = schema._MIGRATIONS

    def fails(db: sqlite3.Connection) -> None:
        last(db)
        raise OSError("the disk is full")

    monkeypatch.setattr(schema, "_MIGRATIONS", (*first, fails))
    with pytest.raises(LedgerError, match="the disk is full"):
        SqliteLedger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("number", OLD_FORMATS)
def test_an_old_ledger_with_more_in_it_is_not_brought_up_to_date(
    tmp_path: Path, number: int
) -> None:
    path = ledger_of(tmp_path / "ledger.sqlite", number)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"CREATE TRIGGER pay AFTER UPDATE ON jobs BEGIN {AGAIN}; END")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="Do not trust this folder"):
        SqliteLedger(path)
    assert path.read_bytes() == before


# The fields of a job are those of JobRow ----------------------------------------------------------

SQL_TYPES = {int: "INTEGER", float: "REAL", str: "TEXT"}


def types_of(row: type) -> dict[str, set[type]]:
    """The types of each field; a Literal is text."""
    found = {}
    for name, hint in get_type_hints(row).items():
        parts = {part if isinstance(part, type) else str for part in get_args(hint) or (hint,)}
        found[name] = parts
    return found


def test_the_table_has_the_fields_of_a_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        columns = {name: (kind, bool(needed)) for _, name, kind, needed, *_ in
                   db.execute("PRAGMA table_info(jobs)")}  # fmt: skip
    for name, types in types_of(JobRow).items():
        kind, needed = columns.pop(name)
        (python,) = types - {type(None)}
        assert kind == SQL_TYPES[python], name
        assert needed == (type(None) not in types) or name == "id", name
        bounds = NUMBER_BOUNDS.get(name)
        assert (bounds[0] if bounds else str) is python, f"how {name} is read"
    assert columns == {}


def test_the_changes_of_a_step_are_fields_of_a_row() -> None:
    row, changes = types_of(JobRow), types_of(Changes)
    assert changes.items() <= row.items()
    given_once = {field.name for field in fields(JobContent)} | {"id", "take", "attempt"}
    by_the_step = {"state", "created_at", "finished_at", "claimed_at", "origin"}
    assert row.keys() - changes.keys() == given_once | by_the_step
