"""The SQLite ledger on a real disk: what it writes, and files that cannot be used. What every ledger
does is in `test_ledger_contract.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.errors import LedgerError

CLIP = NewJob(
    "ppinfra:f00",
    "ppinfra",
    "https://x.invalid",
    "MiniMax-Hailuo-02",
    "A cat",
    "768P",
    6,
    "{}",
    2.0,
    "CNY",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: 1000.0)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be read as one " * 40]
)
def test_a_file_that_is_no_ledger_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="cannot be used"):
        SqliteLedger(path)
    assert path.read_bytes() == content


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="newer hailuo_nb"):
        SqliteLedger(path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerError, match="HAILUO_NB_HOME"):
        SqliteLedger(tmp_path / "file" / "ledger.sqlite")


def test_commits_survive_without_closing(ledger: SqliteLedger) -> None:
    """What a Future has promised is on disk: another process reads it at once."""
    row, _ = ledger.get_or_create(CLIP).result()
    with sqlite3.connect(ledger.path) as db:
        assert db.execute("SELECT state FROM jobs WHERE id = ?", (row.id,)).fetchone() == (
            "planned",
        )
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
