"""Ledgers that cannot be used, processes that fork or nest loops: rows 25 to 30 of the table in
test_bad_inputs.py."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.errors import LedgerError

ROOT = Path(__file__).parents[2]
HANG = 60.0  # seconds; a bound against hanging, not a measure


CLIP = NewJob(
    "ppinfra:f00", "ppinfra", "https://x", "MiniMax-Hailuo-02", "A cat", "768P", 6, "{}", 2.0, "CNY"
)


def test_row_25_a_ledger_that_is_empty_beside_clips(tmp_path: Path, clip: bytes) -> None:
    """A ledger cut to nothing must not become a new one in silence: everything would be paid
    again."""
    path = tmp_path / "ledger.sqlite"
    path.touch()
    SqliteLedger(path).close()  # alone it is a first start that was interrupted
    path.write_bytes(b"")
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "a.mp4").write_bytes(clip)
    with pytest.raises(LedgerError, match=r"empty although there are clips"):
        SqliteLedger(path)
    assert path.read_bytes() == b""


def test_row_25_the_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="another program"):
        SqliteLedger(path)
    assert path.read_bytes() == before


def test_row_25_a_ledger_that_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    first = SqliteLedger(path)
    row, _ = first.get_or_create(CLIP).result()
    first.close()
    real = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **named: real(*args, **{**named, "timeout": 0.05})
    )
    holder = real(path, isolation_level=None)
    ledger = SqliteLedger(path)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match="locked"):
        ledger.move(row.id, "claimed").result()
    with pytest.raises(LedgerError, match="locked"):
        SqliteLedger(path)
    holder.execute("COMMIT")
    assert ledger.move(row.id, "claimed").result().state == "submitting", (
        "later it works, and nothing was lost"
    )
    ledger.close()


def test_row_25_a_ledger_that_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk mounted read-only. Root may write anywhere, so SQLite itself is told to open it so."""
    path = tmp_path / "ledger.sqlite"
    SqliteLedger(path).close()
    real = sqlite3.connect

    def read_only(place: Path, **named: Any) -> sqlite3.Connection:
        return real(f"{place.as_uri()}?mode=ro", uri=True, **named)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    ledger = SqliteLedger(path)  # to look at it is possible
    assert ledger.history().result() == []
    with pytest.raises(LedgerError, match=r"readonly.*Nothing was sent"):
        ledger.get_or_create(CLIP).result()
    ledger.close()


def child(code: str, folder: Path, *, extra: str = "") -> str:
    path = os.pathsep.join(filter(None, [extra, str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


QUICK = """
    import asyncio, os, sys, time
    import hailuo_nb as hn
    import httpx2
    from hailuo_nb.engine import session, transport_pool
    from hailuo_nb.providers import account
    from hailuo_nb.simulator import create_app
    CLIP = open({clip!r}, "rb").read()
    def mount(home):
        return httpx2.ASGITransport(create_app(speed=account.SIMULATOR_SPEED, folder=home / "simulator",
            link_base="https://clips.simulator.invalid", renderer=lambda path, **_: path.write_bytes(CLIP)))
    transport_pool.simulator_transport, account.SIMULATOR_SPEED = mount, 200.0
"""


@pytest.fixture
def quick(tmp_path_factory: pytest.TempPathFactory, clip: bytes) -> str:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    path.write_bytes(clip)
    return QUICK.format(clip=str(path))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_row_27_a_forked_child_drives_nothing(tmp_path: Path, quick: str) -> None:
    """The child has none of the threads. It waits for nobody, drives nobody's jobs, and can work
    for itself."""
    code = (
        quick
        + """
    account.SIMULATOR_SPEED = 20.0
    job = hn.generate("A cat", provider="simulated:ppinfra")
    while job.state != "submitted": time.sleep(0.01)
    if (pid := os.fork()) == 0:
        job.wait(5)  # comes back at once
        assert job.state == "submitted" and "forked from" in job.error, repr(job)
        assert not [task for task in session._runners if task[0] == os.getpid()]
        assert hn.history()["state"].tolist() == ["submitted"]
        seen = hn.generate("A cat", provider="simulated:ppinfra")  # the same clip: the parent has it
        assert seen.id == job.id and seen is not job
        seen.wait(120)
        assert seen.state == "saved", repr(seen)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert job.wait(120).state == "saved"
    print(len(hn.history()), "clip")
    """
    )
    assert "1 clip\n" in child(code, tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("moment", ["commit", "opening", "inspection"])
def test_a_child_that_is_forked_while_the_ledger_is_in_use(tmp_path: Path, moment: str) -> None:
    """SQLite's note of a lock is in the memory that the child inherits. It once waited 30 s for a
    holder that did not exist, and got an error."""
    code = f"""
    import os, sys, threading, time, warnings
    from pathlib import Path
    from hailuo_nb.engine.ledger import sqlite
    from hailuo_nb.engine.ledger.sqlite import inspection, schema
    warnings.simplefilter("ignore")  # newer Pythons warn of a fork beside threads
    path = Path("ledger.sqlite").absolute()
    ledger, inside, forked = sqlite.SqliteLedger(path), threading.Event(), threading.Event()

    def stay(locks, *_):
        for statement in locks:
            statement()
        inside.set()
        forked.wait(0.5)  # the fork waits for us, and then this is how long

    def in_commit():
        ledger.work(lambda db: stay([lambda: db.execute("DELETE FROM boards")])).result()

    def in_opening():
        bring, schema._bring_up_to_date = schema._bring_up_to_date, lambda db: stay([lambda: bring(db)])
        sqlite.SqliteLedger(path)

    def in_inspection():
        class Slow(inspection.Counter):
            def __init__(self, found):
                super().__init__(found)
                stay([])
        inspection.Counter = Slow
        inspection.closing = lambda db: (db.execute("BEGIN"), closing(db))[1]
        inspection.inspect(path)

    closing = inspection.closing
    thread = threading.Thread(target=in_{moment})
    thread.start()
    inside.wait()
    if (pid := os.fork()) == 0:
        child = sqlite.SqliteLedger(path)
        assert child.work(lambda db: db.execute("DELETE FROM boards").rowcount).result(10) == 0
        os._exit(0)
    forked.set()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    thread.join()
    assert ledger.history().result() == []
    print("both work")
    """
    assert "both work\n" in child(code, tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_row_27_a_fork_waits_for_an_import_of_another_thread(tmp_path: Path) -> None:
    """The first clip loads its libraries in the background: a child forked meanwhile waited for
    them for good."""
    (tmp_path / "slow.py").write_text("import sys, time\nsys.begun.set()\ntime.sleep(0.2)\n")
    code = """
    import os, signal, sys, threading
    from hailuo_nb.engine import session
    session._set_up_process()
    sys.begun = threading.Event()
    importing = threading.Thread(target=__import__, args=("slow",))
    importing.start()
    sys.begun.wait()
    if (pid := os.fork()) == 0:
        signal.alarm(5)
        import slow
        os._exit(0)
    print("child", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """
    assert child(code, tmp_path) == "child 0\n"


def test_row_30_the_old_nest_asyncio_is_warned_of(tmp_path: Path, quick: str) -> None:
    code = (
        quick
        + """
    asyncio._nest_patched = True  # the mark that nest_asyncio 1.6 leaves
    assert hn.generate("A cat", provider="simulated:ppinfra").wait(120).state == "saved"
    hn.history()
    """
    )
    said = child(code, tmp_path)
    assert said.count("UserWarning: nest_asyncio 1.6") == 1
    assert "hn.allow_nested()" in said


def test_row_30_nested_loops_of_our_own_are_no_warning(tmp_path: Path, quick: str) -> None:
    code = (
        quick
        + """
    async def main():
        hn.allow_nested()
        return asyncio.run(asyncio.sleep(0, hn.generate("A cat", provider="simulated:ppinfra").wait(120).state))
    print(asyncio.run(main()))
    """
    )
    assert child(code, tmp_path).split()[0] == "saved"


def test_row_30_without_ipywidgets_there_is_a_plain_table(tmp_path: Path, quick: str) -> None:
    code = (
        quick
        + """
    sys.modules.update({name: None for name in ("ipywidgets", "anywidget")})
    os.environ.pop("DISPLAY", None)
    board = hn.compare("A cat", provider=["simulated:ppinfra", "simulated:xcompute"]).wait(120)
    print(board._repr_mimebundle_()["text/plain"])
    """
    )
    said = child(code, tmp_path)
    assert said.count(" saved ") == 2


UVLOOP = os.environ.get(
    "HAILUO_NB_TEST_UVLOOP", ""
)  # a folder that has it, where it is not installed


@pytest.mark.skipif(
    not UVLOOP and importlib.util.find_spec("uvloop") is None,
    reason="uvloop is no part of the locked environment",
)
def test_row_30_uvloop(tmp_path: Path, quick: str) -> None:
    code = (
        quick
        + """
    import uvloop
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    board = hn.compare("A cat", provider=["simulated:ppinfra", "simulated:chanjing"]).wait(120)
    print([job.state for job in board], type(session.LOOP.loop).__module__)
    """
    )
    assert child(code, tmp_path, extra=UVLOOP).split("\n")[0] == "['saved', 'saved'] uvloop"
