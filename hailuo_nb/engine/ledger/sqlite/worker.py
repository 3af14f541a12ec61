"""The thread that owns the connection and commits in groups: a commit (5 to 25 ms with
`synchronous=EXTRA`) never stalls the loop."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Generic, TypeVar

from hailuo_nb.engine.fault_points import fault_point
from hailuo_nb.engine.ledger.sqlite import forks, schema
from hailuo_nb.errors import LedgerClosedError, LedgerError
from hailuo_nb.media.text import visible

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_WRONG_TYPE = 3091  # SQLITE_CONSTRAINT_DATATYPE, which Python 3.11 does not name
_GROUP = 64  # calls in one commit: bounds the wait of the first


class _Call(Generic[T_co]):
    """One function that runs on the thread, and the Future of who waits for it."""

    def __init__(self, function: Callable[[sqlite3.Connection], T_co]) -> None:
        self.future: Future[T_co] = Future()
        self._function = function
        self._values: list[T_co] = []
        self._fault: Exception | None = None

    def run(self, db: sqlite3.Connection, path: Path) -> None:
        """Run it; a fault in it leaves the others of its group whole."""
        db.execute("SAVEPOINT one")
        try:
            self._values.append(self._function(db))
        except Exception as error:
            db.execute("ROLLBACK TO one")
            self._fault = explained(path, error) if _is_unusable(error) else error
        db.execute("RELEASE one")

    def finish(self, fault: Exception | None) -> None:
        """Tell who waits; `fault` is that of the whole group."""
        if not self.future.set_running_or_notify_cancel():
            return
        if (error := fault or self._fault) is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._values[0])


class Worker:
    """One file, its connection, and the thread of both. Raises LedgerError if it cannot be
    opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._calls: queue.SimpleQueue[_Call[object] | None] = queue.SimpleQueue()
        self._file = (0, 0)
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="hailuo_nb-ledger", daemon=True
        )
        self._thread.start()
        try:
            opened.result()
        except BaseException:  # an interrupt, too: nobody will use what is opened after it
            self._calls.put(None)
            raise

    def call(self, function: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Run `function(connection)` on the thread, in a transaction of its own or a shared one."""
        if not self._thread.is_alive():
            raise LedgerClosedError(
                f"the ledger {self.path} is closed; make a new session (restart the kernel)"
            )
        call = _Call(function)
        self._calls.put(call)
        return call.future

    def check(self) -> None:
        """Raises LedgerError where the file has gone from its place: SQLite would go on writing to
        one without a name. Safe from any thread."""
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
            "with its folder; or restart the kernel, which begins with what is there, or in the "
            "folder that HAILUO_NB_HOME names then."
        )

    def close(self) -> None:
        self._calls.put(None)
        self._thread.join(timeout=10)

    def _run(self, opened: Future[None]) -> None:
        try:
            with forks.held_off():
                db = schema.connect(self.path)
            status = self.path.stat()
        except Exception as error:  # whatever it is: who waits is told
            opened.set_exception(explained(self.path, error))
            return
        self._file = (status.st_dev, status.st_ino)
        opened.set_result(None)
        with contextlib.closing(db):
            while (first := self._calls.get()) is not None:
                self._commit(db, self._group(first))

    def _group(self, first: _Call[object]) -> list[_Call[object]]:
        """This call, and those that wait behind it."""
        group = [first]
        while len(group) < _GROUP:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                break
            if call is None:
                self._calls.put(None)
                break
            group.append(call)
        return group

    def _commit(self, db: sqlite3.Connection, group: list[_Call[object]]) -> None:
        """Run a group in one transaction. Its Futures end after the commit."""
        with forks.held_off():
            fault = self._transaction(db, group)
        for call in group:
            call.finish(fault)

    def _transaction(
        self, db: sqlite3.Connection, group: list[_Call[object]]
    ) -> LedgerError | None:
        """Returns what kept the whole group from being stored."""
        try:
            self.check()
            db.execute("BEGIN IMMEDIATE")
            for call in group:
                call.run(db, self.path)
            fault_point("ledger.before_commit")
            self.check()
            db.execute("COMMIT")
        except Exception as error:  # whatever it is: who waits is told, and this thread goes on
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            return error if isinstance(error, LedgerError) else explained(self.path, error)
        return None


def explained(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        f"the ledger {path} cannot be used: {visible(str(error))}. Nothing was sent that it does "
        "not know of. Check that the folder can be written and is on a local disk, or set "
        "HAILUO_NB_HOME to another folder; never delete the file while clips are open."
    )


def _is_unusable(error: Exception) -> bool:
    """Whether the storage is at fault (full, read-only, damaged, gone), and not what was asked of
    it.

    A row that holds a value of a wrong type is damage: it is checked whole when anything of it
    changes.
    """
    of_the_call = sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError
    if isinstance(error, of_the_call):
        return getattr(error, "sqlite_errorcode", 0) == _WRONG_TYPE
    return isinstance(error, OSError | sqlite3.Error)
