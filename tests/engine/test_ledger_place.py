"""One process, one ledger: its place is fixed at first use, and nothing is sent while it is
gone."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.ledger.sqlite import SqliteLedger, schema, worker
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.errors import HailuoError, LedgerError
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture
from tests.engine.test_runner import settled

HANG = 60.0  # seconds; a bound against hanging, not a measure


def test_a_change_of_folder_brings_no_second_ledger(stand: Stand, tmp_path: Path) -> None:
    assert hn.home() == stand.home, "before the first use it says where the ledger would lie"
    assert not stand.home.exists(), "and makes nothing"
    first = hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    elsewhere = tmp_path / "data"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    again = hn.generate(PROMPT, provider="simulated:ppinfra").wait(END)
    assert (again.id, again.path) == (first.id, first.path)
    assert stand.charged == {"ppinfra": 1}
    assert hn.home() == stand.home
    assert list(elsewhere.iterdir()) == []


def test_a_relative_home_does_not_follow_a_change_of_folder(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAILUO_NB_HOME", "runs")
    hn.history()
    os.chdir("/")
    assert hn.home() == tmp_path / "runs"
    assert session.runner().home == tmp_path / "runs"


def test_a_variable_that_changes_later_is_told_once(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hn.history()
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "other"))
    with pytest.warns(UserWarning, match="restart the kernel") as told:
        assert hn.home() == stand.home
        hn.history()
    assert len(told) == 1
    assert not (tmp_path / "other").exists()


def test_a_place_that_cannot_be_used_is_not_fixed(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "file" / "runs"))
    with pytest.raises(LedgerError, match="HAILUO_NB_HOME"):
        hn.history()
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "runs"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hn.history()
    assert hn.home() == tmp_path / "runs"


def test_no_place_at_all_is_told(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAILUO_NB_HOME", "~nobody-of-this-name/runs")
    with pytest.raises(HailuoError, match="no such user"):
        hn.home()
    monkeypatch.delenv("HAILUO_NB_HOME")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(LedgerError, match="change into one"):
        hn.history()


def take_away(home: Path) -> None:
    home.rename(home.with_name("away"))


def take_the_file_away(home: Path) -> None:
    (home / "ledger.sqlite").rename(home / "away.sqlite")


def replace_the_file(home: Path) -> None:
    copy = home / "copy.sqlite"
    shutil.copy2(home / "ledger.sqlite", copy)
    copy.replace(home / "ledger.sqlite")


def replace_the_folder(home: Path) -> None:
    take_away(home)
    SqliteLedger(home / "ledger.sqlite").close()


@pytest.mark.parametrize(
    "do", [take_away, take_the_file_away, replace_the_file, replace_the_folder, shutil.rmtree]
)
def test_nothing_is_sent_while_the_ledger_is_gone(tmp_path: Path, server: Server, do: Any) -> None:
    home = tmp_path / "runs"

    async def main() -> None:
        runner = fake.runner(home, server)
        to = fake.account()
        (first,) = await runner.ask([fake.spec(to, "one")])
        await settled(first)
        do(home)
        for step in (
            runner.ask([fake.spec(to, "two")]),
            runner.cancel(first),
            runner.recall([first]),
            asyncio.wrap_future(runner.ledger.history()),
            asyncio.wrap_future(runner.ledger.annotate("x", rating=1)),
        ):
            with pytest.raises(LedgerError, match="restart the kernel"):
                await step
        assert server.charged == ["one"]
        assert home.exists() == (do not in (take_away, shutil.rmtree)), (
            "no new folder is made in its place"
        )

    asyncio.run(main())


def test_a_ledger_that_is_put_back_goes_on(tmp_path: Path, server: Server) -> None:
    home, away = tmp_path / "runs", tmp_path / "away"

    async def main() -> None:
        runner = fake.runner(home, server)
        to = fake.account()
        await settled(*await runner.ask([fake.spec(to, "one")]))
        home.rename(away)
        with pytest.raises(LedgerError, match="Put it back"):
            await runner.ask([fake.spec(to, "two")])
        away.rename(home)
        (tracked,) = await runner.ask([fake.spec(to, "two")])
        await settled(tracked)
        assert tracked.row.state == "saved"
        assert server.charged == ["one", "two"]

    asyncio.run(main())


def test_a_ledger_that_goes_between_work_and_commit_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SqliteLedger(tmp_path / "runs" / "ledger.sqlite")
    monkeypatch.setattr(worker, "fault_point", lambda _: take_away(tmp_path / "runs"))
    with pytest.raises(LedgerError, match="restart the kernel"):
        ledger.work(lambda db: db.execute("DELETE FROM jobs")).result()
    ledger.close()


async def nothing() -> str:
    return "the loop goes on"


def test_opening_a_locked_ledger_blocks_no_loop(
    stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening, go_on = threading.Event(), threading.Event()
    real = schema.connect

    def slow(path: Path) -> Any:
        opening.set()
        assert go_on.wait(HANG)
        return real(path)

    monkeypatch.setattr(schema, "connect", slow)
    cell = threading.Thread(target=hn.history)
    cell.start()
    try:
        assert opening.wait(HANG)
        assert LOOP.run(nothing(), timeout=HANG / 2) == "the loop goes on"
    finally:
        go_on.set()
        cell.join()
    assert hn.home() == stand.home
