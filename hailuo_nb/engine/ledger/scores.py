"""What was measured on clips, kept in the ledger: a text for each content of a file and version of
the measurement.

Knows the ledger's connection; must not know what the texts say (`measure`), nor jobs' jobs. The
key is the file's hash, so the same clip under two jobs is measured once, and a clip that was
replaced is measured again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from concurrent.futures import Future

from hailuo_nb.engine.ledger.sqlite import Ledger

Key = tuple[str, str]
"""SHA-256 of the file in hex, and the version that measured it."""


class Scores:
    """Reads and writes measurements. Every method returns a Future that is done when the commit is
    on disk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def keep(self, key: Key, result: str) -> Future[None]:
        """Keep the result of this content and version; what was kept before is replaced."""
        sql = "INSERT OR REPLACE INTO scores (sha256, version, result) VALUES (?, ?, ?)"

        def write(db: sqlite3.Connection) -> None:
            db.execute(sql, (*key, result))

        return self._ledger.work(write)

    def known(self, keys: Iterable[Key]) -> Future[dict[Key, str]]:
        """The results that are there for these contents and versions."""
        held = list(dict.fromkeys(keys))
        sql = "SELECT result FROM scores WHERE sha256 = ? AND version = ?"

        def read(db: sqlite3.Connection) -> dict[Key, str]:
            found = ((key, db.execute(sql, key).fetchone()) for key in held)
            return {key: row[0] for key, row in found if row is not None}

        return self._ledger.work(read)
