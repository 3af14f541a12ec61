"""A ledger that somebody else wrote: what is planned in it waits for a yes, and nothing in it makes
us pay, send a key, or fetch from where it says.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger import origin
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger, schema
from hailuo_nb.errors import HailuoError
from hailuo_nb.media import files
from hailuo_nb.ordering.accounts import target
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture
from tests.engine.test_runner import settled

NAME = "simulated:ppinfra"
SomebodyElse = Callable[[], None]


@pytest.fixture
def somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SomebodyElse:
    """From here on the process is that of another user; nothing that this one held in memory is
    left."""

    def change() -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another state"))
        session._runners.clear()

    return change


def planned(home: Path, prompt: str = PROMPT, name: str = NAME) -> JobRow:
    """A row that was planned when its kernel died."""
    to = target(name, None)
    ledger = SqliteLedger(home / "ledger.sqlite")
    row, _ = ledger.get_or_create(
        JobSpec(to.account, VideoRequest(prompt, to.model), cost=2.0).new_job()
    ).result()
    ledger.close()
    return row


def change(home: Path, sql: str) -> None:
    with sqlite3.connect(home / "ledger.sqlite") as db:
        db.execute(sql)
    db.close()


def charged(stand: Stand) -> int:
    return 0 if stand.app is None else sum(stand.charged.values())


# Planned ------------------------------------------------------------------------------------------


def test_what_this_user_planned_is_sent_after_a_restart(stand: Stand) -> None:
    row = planned(stand.home)
    (job,) = hn.resume().wait(END)
    assert (job.id, job.state) == (row.id, "saved")
    assert stand.charged == {"ppinfra": 1}


def test_what_somebody_else_planned_waits_for_a_yes(
    stand: Stand, somebody_else: SomebodyElse
) -> None:
    row = planned(stand.home)
    change(stand.home, f"INSERT INTO boards VALUES ('cats', '{row.id}', 0)")
    somebody_else()
    for board in (hn.resume(), hn.Comparison.load("cats")):
        (job,) = board.wait(END)
        assert (job.id, job.state) == (row.id, "planned"), "it is shown"
        assert "hn.resume(send_planned=True)" in str(job.error)
    job.look_again().wait(END)
    for act in (job.again, job.retake):
        with pytest.raises(HailuoError, match="another machine or user"):
            act()
    assert charged(stand) == 0
    (job,) = hn.resume(send_planned=True).wait(END)
    assert (job.id, job.state) == (row.id, "saved")
    assert charged(stand) == 1
    assert session.runner().ledger.is_ours(job._tracked.row)


def test_a_ledger_that_was_published_cannot_be_set_back(stand: Stand) -> None:
    """Whoever has a copy of the file can change its rows; what was sent has another mark than what
    is planned."""
    hn.compare(PROMPT, provider=[NAME, "simulated:chanjing"]).wait(END)
    session._runners.clear()
    change(
        stand.home,
        "UPDATE jobs SET state = 'planned', task_id = NULL, path = NULL, finished_at = NULL",
    )
    assert [job.state for job in hn.resume().wait(END)] == ["planned", "planned"]
    assert charged(stand) == 2


@pytest.mark.parametrize(
    "edit",
    [
        "prompt = "
        "'another'", "request = replace(request, 'A cat', 'A "
                     "dog')", "provider = 'simulated:modelverse'",
        "base_url = "
        "'https://elsewhere.example'", "take = 7", "identity = identity || '0'", "origin = NULL",
        "origin = upper(origin)", "origin = ''",
    ],
)  # fmt: skip
def test_a_planned_row_that_was_edited_is_somebody_elses(stand: Stand, edit: str) -> None:
    planned(stand.home)
    change(stand.home, f"UPDATE jobs SET {edit}")
    (job,) = hn.resume().wait(END)
    assert job.state == "planned"
    assert charged(stand) == 0


def test_the_mark_of_one_row_does_not_fit_another(stand: Stand) -> None:
    one, two = planned(stand.home, "one"), planned(stand.home, "two")
    ledger = SqliteLedger(stand.home / "ledger.sqlite")
    change(stand.home, f"UPDATE jobs SET origin = '{one.origin}' WHERE id = '{two.id}'")
    rows = {row.id: row for row in ledger.history().result()}
    ledger.close()
    assert ledger.is_ours(rows[one.id])
    assert not ledger.is_ours(rows[two.id])


def test_the_same_call_sends_what_the_caller_asks_for(tmp_path: Path, server: Server) -> None:
    """A stranger's row under the caller's identity: the words that are sent, and kept, are the
    caller's."""
    asked = fake.spec(fake.account(), "my own words")
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    row, _ = ledger.get_or_create(asked.new_job()).result()
    ledger.close()
    change(
        tmp_path,
        "UPDATE jobs SET origin = NULL, prompt = 'a stranger', base_url = "
        "'https://stranger.example', cost = 0, "
        'request = \'{"prompt": "a stranger"}\'',
    )

    async def main() -> JobRow:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([asked])
        await settled(tracked)
        return tracked.row

    found = asyncio.run(main())
    assert server.charged == ["my own words"]
    assert (found.id, found.state, found.prompt, found.base_url, found.cost) == (
        row.id,
        "saved",
        "my own words",
        asked.account.base_url,
        2.0,
    )
    assert json.loads(found.request)["prompt"] == "my own words"


def test_a_planned_row_takes_nothing_off_a_limit(
    stand: Stand,
    somebody_else: SomebodyElse,
) -> None:
    planned(stand.home)
    somebody_else()
    assert hn.dry_run(PROMPT, provider=NAME)["would"].tolist() == ["send"]
    with pytest.raises(hn.BudgetError):
        hn.compare(PROMPT, provider=NAME, max_clips=0)
    assert charged(stand) == 0


# Keys and links -----------------------------------------------------------------------------------


def test_no_key_goes_to_an_address_of_a_ledger(
    stand: Stand,
    somebody_else: SomebodyElse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            seen.append(str(self.client_address))
            self.close_connection = True

    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        Thread(target=listener.serve_forever, daemon=True).start()
        monkeypatch.setenv("PPINFRA_API_KEY", "sk-never-used-1234")
        for state in ("planned", "submitting", "submitted", "ready", "unknown"):
            row = planned(stand.home, state, "ppinfra")
            url = f"http://127.0.0.1:{listener.server_port}"
            change(
                stand.home,
                f"UPDATE jobs SET state = '{state}', base_url = '{url}', task_id = id, link = "
                f"'{url}/a.mp4' "
                f"WHERE id = '{row.id}'",
            )
        somebody_else()
        for job in hn.resume(send_planned=True).wait(END):
            assert "the provider at http://127.0.0.1" in str(job.error)
            job.state  # noqa: B018 - it stays as it is
        listener.shutdown()
    assert seen == []


@pytest.mark.parametrize("state", ["ready", "downloading"])
def test_nothing_is_fetched_from_a_strangers_link(
    tmp_path: Path, server: Server, state: str
) -> None:
    asked = fake.spec(fake.account())
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    ledger.get_or_create(asked.new_job()).result()
    ledger.close()
    change(
        tmp_path,
        f"UPDATE jobs SET origin = NULL, state = '{state}', task_id = 'task-1', submitted_at = 1, "
        "link = 'https://stranger.example/a.mp4', link_expires_at = 99999999999",
    )

    async def main() -> JobRow:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([asked])
        await settled(tracked)
        return tracked.row

    found = asyncio.run(main())
    assert found.state == "saved"
    assert {request.url.host for request in server.requests} == {
        "fake.invalid",
        "clips.fake.invalid",
    }
    assert server.charged == []


def test_a_paid_clip_goes_on_for_whoever_has_the_key_of_its_provider(
    stand: Stand,
    somebody_else: SomebodyElse,
) -> None:
    """A new container with the folder of the old one: nothing is lost, and nothing is paid."""
    job = hn.generate(PROMPT, provider=NAME).wait(END)
    change(stand.home, "UPDATE jobs SET state = 'submitted', path = NULL, finished_at = NULL")
    somebody_else()
    (again,) = hn.resume().wait(END)
    assert (again.id, again.state) == (job.id, "saved")
    assert charged(stand) == 1


def test_rows_that_make_no_sense_are_left_out(stand: Stand) -> None:
    good = planned(stand.home)
    for number, edit in enumerate(
        ["provider = 'nobody'", "request = 'no json'", "request = '[]'", "request = '{}'"]
    ):
        row = planned(stand.home, f"bad {number}")
        change(stand.home, f"UPDATE jobs SET {edit} WHERE id = '{row.id}'")
    with pytest.warns(UserWarning, match="4 clips .* cannot be read"):
        board = hn.resume()
    assert [job.id for job in board.wait(END)] == [good.id]


# The key ------------------------------------------------------------------------------------------


def test_the_key_is_the_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HAILUO_NB_SHARED", "1")
    key = origin.key()
    path = tmp_path / "hailuo_nb" / "key"
    assert path.read_bytes() == key
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (
        0o400,
        0o700,
    )
    origin._key_in.cache_clear()
    assert origin.key() == key


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_can_read_is_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """A project can bring one where its folder is the home directory, as on a Binder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = tmp_path / "hailuo_nb" / "key"
    path.parent.mkdir()
    path.write_bytes(bytes(32))
    path.chmod(mode)
    assert origin.key() != bytes(32)
    assert path.read_bytes() == origin.key()


def test_of_processes_that_make_the_key_at_once_all_have_the_one_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one looked before the faster one wrote: rows signed by a key that was written
    over would be those of a stranger."""
    faster = b"f" * 32
    looks = iter(range(9))
    read = origin._read

    def looked(path: Path) -> bytes | None:
        found = read(path)
        if next(looks) == 0:
            files.write_atomic(path, faster, mode=0o400)
        return found

    monkeypatch.setattr(origin, "_read", looked)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert origin.key() == faster
    assert (tmp_path / "hailuo_nb" / "key").read_bytes() == faster


def test_where_no_key_can_be_kept_one_lasts_as_long_as_the_process(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "in the way").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "in the way"))
    planned(stand.home)
    (job,) = hn.resume().wait(END)
    assert job.state == "saved"


def test_a_ledger_of_the_first_edition_is_read_and_its_plans_wait(stand: Stand) -> None:
    stand.home.mkdir()
    row = planned(stand.home)
    with sqlite3.connect(stand.home / "ledger.sqlite") as db:
        db.row_factory = sqlite3.Row
        old = dict(db.execute("SELECT * FROM jobs").fetchone())
    (stand.home / "ledger.sqlite").unlink()
    with sqlite3.connect(stand.home / "ledger.sqlite", isolation_level=None) as db:
        schema._migrate(db, 0, 1)
        names = [name for _, name, *_ in db.execute("PRAGMA table_info(jobs)")]
        places = ", ".join("?" * len(names))
        db.execute(f"INSERT INTO jobs VALUES ({places})", [old[name] for name in names])
    db.close()
    (job,) = hn.resume().wait(END)
    assert (job.id, job.state, job.prompt) == (row.id, "planned", PROMPT)
    assert charged(stand) == 0
    assert hn.generate(PROMPT, provider=NAME).wait(END).id == row.id
    assert charged(stand) == 1
