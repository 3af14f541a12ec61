"""Addresses that a provider gives at submit: they reach the disk with the task id, a later process
uses them, and those that somebody else wrote are never used: calls to them carry the key."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hailuo_nb.engine import sanitize
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake
from tests.engine.fake import KEY, Server
from tests.engine.test_runner import END, play

STATUS = "https://fake.invalid/linked?sign=1"


def change(home: Path, sql: str, *values: str) -> None:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as db, db:
        db.execute(sql, values)


def submitted(home: Path, server: Server) -> JobRow:
    """A clip whose process ended after its task id and links were committed."""

    async def main() -> JobRow:
        runner = fake.runner(home, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        while not tracked.at("submitted"):
            await asyncio.sleep(0.001)
        for driver in list(runner._drivers.values()):
            driver.cancel()
        await asyncio.sleep(0.05)
        runner.ledger.close()
        return tracked.row

    server.looks_needed = 10**9
    row = asyncio.run(main())
    server.looks_needed = 1
    server.requests.clear()
    return row


def asked(server: Server) -> set[str]:
    return {f"{sent.url.host}{sent.url.path}" for sent in server.requests}


def test_links_reach_the_disk_with_the_task_id(tmp_path: Path, server: Server) -> None:
    server.task_links = {"status": STATUS, "cancel": "/cancel/1"}
    row = submitted(tmp_path, server)
    assert (row.task_id, json.loads(str(row.task_links))) == ("task-1", server.task_links)
    tracked = play(tmp_path, server)
    assert tracked.row.state == "saved"
    assert asked(server) == {"fake.invalid/linked", "clips.fake.invalid/task-1.mp4"}
    assert len(server.charged) == 1


def test_a_clip_without_links_has_none(tmp_path: Path, server: Server) -> None:
    tracked = play(tmp_path, server)
    assert (tracked.row.state, tracked.row.task_links) == ("saved", None)


@pytest.mark.parametrize(
    "link",
    ["https://stranger.example/linked", "https://fake.invalid@stranger.example/", "//stranger.example/",
     "http://fake.invalid/linked", "/delete-everything", "https://fake.invalid/delete-everything"],
)  # fmt: skip
@pytest.mark.parametrize("has_links", [True, False])
def test_a_link_that_a_stranger_wrote_is_not_used(
    tmp_path: Path, server: Server, link: str, has_links: bool
) -> None:
    """Neither at another host nor at another path of the provider's own, whoever wrote the rest of
    the row."""
    server.task_links = {"status": STATUS} if has_links else {}
    submitted(tmp_path, server)
    change(tmp_path, "UPDATE jobs SET task_links = ?", json.dumps({"status": link}))
    tracked = play(tmp_path, server)
    assert (tracked.row.state, tracked.row.task_links) == ("saved", None)
    assert asked(server) == {"fake.invalid/tasks", "clips.fake.invalid/task-1.mp4"}


def test_the_links_of_one_row_are_not_those_of_another(tmp_path: Path, server: Server) -> None:
    server.task_links = {"status": STATUS}
    row = submitted(tmp_path, server)
    change(tmp_path, "UPDATE jobs SET task_links = NULL")
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    assert not ledger.is_ours(ledger.get(row.id).result()), "they were taken away"
    ledger.close()


def test_the_key_goes_to_no_other_host_though_the_provider_names_it(
    tmp_path: Path, server: Server
) -> None:
    """A provider's own answer may lead astray, too: the clip is kept, and nothing is asked there."""
    server.task_links = {"status": "https://elsewhere.example/linked"}
    server.looks_needed = 1

    async def main() -> str:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        while "refused to send the key to https://elsewhere.example" not in tracked.note:
            await asyncio.sleep(0.001)
        for driver in list(runner._drivers.values()):
            driver.cancel()
        return tracked.row.state

    assert asyncio.run(asyncio.wait_for(main(), END)) == "submitted"
    assert asked(server) == {"fake.invalid/submit"}


@pytest.mark.parametrize("event", ["claimed", "found"])
def test_no_step_makes_a_strangers_links_ours(tmp_path: Path, server: Server, event: str) -> None:
    """Each step signs the row as it stands."""
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    new = fake.spec(fake.account()).new_job()
    row, _ = ledger.get_or_create(new).result()
    if event == "found":
        ledger.claim(row.id, "o", 0, new).result()
        ledger.move(row.id, "unclear").result()
    links = json.dumps({"status": "/delete-everything"})
    ledger.work(lambda db: db.execute("UPDATE jobs SET task_links = ?", (links,))).result()
    moved = (
        ledger.claim(row.id, "o", 0, new)
        if event == "claimed"
        else ledger.move(row.id, "found", task_id="task-1")
    ).result()
    assert moved is not None
    assert moved.task_links is None
    assert ledger.is_ours(moved)
    ledger.close()


GOOD = {"status": STATUS, "cancel": "/v1/cancel/1", "result": "tasks/1?a=b"}


@pytest.mark.parametrize(
    "bad",
    [f"https://fake.invalid/?key={KEY}", "x" * 5000, "", "a b", "/a\nb", "/\x1b[31m", "/ü", "/\ud83d",
     "file:///etc/passwd", "javascript:1", "FTP://fake.invalid/", "/\"quoted\"", "/<b>", 5, None, ["/a"]],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_what_is_no_address_is_not_kept(bad: object) -> None:
    held = Credentials(KEY)
    kept = sanitize.task_links(GOOD | {"status": bad})
    assert kept == {name: link for name, link in GOOD.items() if name != "status"}
    assert held


@pytest.mark.parametrize("name", ["", "Status", "a b", "x" * 41, 5, None, "status\n"], ids=repr)
def test_what_is_no_name_is_not_kept(name: object) -> None:
    assert sanitize.task_links({name: "/a"}) == {}


def test_few_links_are_kept_and_read_back() -> None:
    many = {f"link{number}": "/" + "x" * 3999 for number in range(9)}
    text = sanitize.written_task_links(many)
    assert text is not None
    assert len(text) < 20_000
    assert sanitize.read_task_links(text) == dict(list(many.items())[:4])
    assert sanitize.written_task_links({}) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '{"status": 5}', "[" * 100_000])
def test_a_text_that_was_not_written_by_us_has_no_links(text: str) -> None:
    assert sanitize.read_task_links(text) == {}
