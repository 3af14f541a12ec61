"""A provider's words are made fit to be stored: no key, nothing unseen, not endless, and no paid
clip lost by it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import sanitize
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.sanitize import TaskIds
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import registry
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Receipt, Reply
from hailuo_nb.requests.redaction import Credentials, redact
from tests.engine import fake
from tests.engine.fake import KEY, Server
from tests.engine.test_runner import END, play

ODD_IDS = {
    "half a surrogate": "task-\ud83d",
    "the other half": "\udc00-1",
    "escape codes": "task\x1b[31m-1",
    "a newline": "task-1\n",
    "blanks around": " task-1 ",
    "an override": "task-\u202e1",
    "quotes and slashes": 'a"b\\c/d?e&f=g#h',
    "our own mark": 'json:"x"',
    "our other mark": "not kept: x",
    "NUL": "task\0-1",
    "Chinese": "任务-1",
}


@pytest.mark.parametrize("task_id", ODD_IDS.values(), ids=ODD_IDS)
def test_an_odd_id_is_stored_so_that_it_can_be_seen_and_read_back(task_id: str) -> None:
    stored = TaskIds().stored(task_id)
    assert stored.encode().decode() == stored
    assert stored.isprintable()
    assert TaskIds().real(stored) == task_id, "by another process, too"


def test_an_ordinary_id_is_stored_as_it_is() -> None:
    for task_id in (
        "task_01J9HA7JPQ9A0Z6JZ3V8M9W6PZ",
        "106916112212032",
        "a60747d7-dc05-4afc-b2ef-ee4370ed53c6",
    ):
        assert TaskIds().stored(task_id) == task_id


@pytest.mark.parametrize("task_id", [f"task-{KEY}", f"task-{KEY.upper()}", "x" * 100_000])
def test_an_id_that_must_not_be_stored_serves_this_process_alone(task_id: str) -> None:
    held = Credentials(KEY)
    ids = TaskIds()
    stored = ids.stored(task_id)
    assert KEY.lower() not in stored.lower()
    assert len(stored) < 100
    assert ids.stored(task_id) == stored
    assert ids.real(stored) == task_id
    with pytest.raises(ProviderError, match="provider's console"):
        TaskIds().real(stored)
    assert held


class Odd(Server):
    """Answers each submit with `task_id`, and knows the task by that id alone."""

    task_id = ""
    words = ""
    polled: list[str]

    def _submit(self, request: httpx2.Request) -> httpx2.Response:
        self.charged.append(json.loads(request.content)["prompt"])
        return httpx2.Response(200, content=json.dumps({"id": self.task_id}).encode())

    def _tasks(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.url.query.decode().removeprefix("ids=")
        self.polled.append(asked)
        task: dict[str, Any] = self._task("task-1") | {"id": self.task_id}
        return httpx2.Response(200, content=json.dumps({"tasks": [task]}).encode())


def odd(clip: bytes, task_id: str) -> Odd:
    server = Odd(clip)
    server.task_id, server.polled = task_id, []
    return server


@pytest.mark.parametrize(
    "task_id", [*ODD_IDS.values(), f"t-{KEY}", "x" * 5000], ids=[*ODD_IDS, "a key", "long"]
)
def test_a_paid_clip_with_an_odd_id_comes_in(tmp_path: Path, clip: bytes, task_id: str) -> None:
    server = odd(clip, task_id)
    row = play(tmp_path, server).row
    assert row.state == "saved"
    assert len(server.charged) == 1
    assert server.polled
    assert KEY not in str(row.task_id)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as db:
        assert KEY not in "\n".join(db.iterdump())


@pytest.mark.parametrize(
    "task_id", ["task-\ud83d", 'a"b/c', f"t-{KEY}"], ids=["surrogate", "quotes", "a key"]
)
def test_after_a_restart(tmp_path: Path, clip: bytes, task_id: str) -> None:
    """What could be stored goes on; of what could not, a person is told where to look."""
    server = odd(clip, task_id)
    server.looks_needed = 10**6

    async def begin() -> None:
        (tracked,) = await fake.runner(tmp_path, server).ask([fake.spec(fake.account())])
        while not tracked.at("submitted"):
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(begin(), END))
    server.looks_needed, server.polled = 1, []
    notes: list[str] = []

    async def go_on() -> TrackedJob:
        runner: Runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: notes.append(changed.note))
        while not tracked.at("saved") and not any("console" in note for note in notes):
            await asyncio.sleep(0.001)
        return tracked

    tracked = asyncio.run(asyncio.wait_for(go_on(), END))
    assert tracked.at("submitted" if KEY in task_id else "saved")
    assert bool(server.polled) == (KEY not in task_id)
    assert len(server.charged) == 1


@pytest.mark.parametrize("name", registry.names())
def test_a_real_adapter_asks_by_half_a_surrogate(name: str) -> None:
    """As the provider wrote it: `%ED%A0%BD` in an address, `\\\\ud83d` in JSON."""
    from hailuo_nb.engine.transport import Transport

    sent: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        if request.url.path.endswith("access_token"):
            return httpx2.Response(
                200, json={"code": 0, "data": {"access_token": "t-1234", "expire_in": 9e9}}
            )
        return httpx2.Response(500, json={})

    provider = registry.get(name)
    to = Account(
        provider, provider.base_url, Credentials(*["k-12345678"] * len(provider.key_variables))
    )

    async def main() -> None:
        transport = Transport(to, http_transport=httpx2.MockTransport(handle))
        with pytest.raises(ProviderError, match="500"):
            await transport.poll([Receipt(TaskIds().stored("t-\ud83d"))])

    asyncio.run(main())
    asked = sent[-1].content.decode() if name == "chanjing" else str(sent[-1].url)
    assert ("\\ud83d" if name == "chanjing" else "%ED%A0%BD") in asked


class Echoing(Server):
    """A provider that puts the key, or megabytes, wherever it can."""

    said = ""
    good_links = True

    def _task(self, task_id: str) -> dict[str, Any]:
        task = super()._task(task_id)
        if "links" in task and self.good_links:
            task["links"] = [f"{link}&key={self.said}" for link in task["links"]]
        elif "links" in task:
            task["links"] = [f"https://{self.said}.fake.invalid/a.mp4"]
        return task


def test_a_key_in_a_link_is_used_and_not_stored(tmp_path: Path, clip: bytes) -> None:
    server = Echoing(clip)
    server.said = KEY
    row = play(tmp_path, server).row
    assert (row.state, row.link) == ("saved", None)
    assert KEY in str(server.requests[-1].url)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as db:
        assert KEY not in "\n".join(db.iterdump())


def test_a_link_that_was_not_stored_is_asked_for_again(tmp_path: Path, clip: bytes) -> None:
    server = Echoing(clip)
    server.said = KEY
    server.clip_faults.extend([500] * 1000)

    async def begin() -> None:
        (tracked,) = await fake.runner(tmp_path, server).ask([fake.spec(fake.account())])
        while not tracked.at("ready"):
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(begin(), END))
    server.clip_faults.clear()
    row = play(tmp_path, server).row
    assert (row.state, row.link) == ("saved", None)
    assert len(server.charged) == 1


MEGABYTES = "a" * 3_000_000


@pytest.mark.parametrize(
    "said", [MEGABYTES, KEY, "\ud83d", "\x1b[31m\u202e"], ids=["long", "a key", "half", "unseen"]
)
def test_a_host_is_shown_shortly_and_seen(tmp_path: Path, clip: bytes, said: str) -> None:
    """7 MB of host name in an error made a page of 27 MB."""
    server = Echoing(clip)
    server.said, server.good_links = said, False

    async def main() -> tuple[str, list[str]]:
        notes: list[str] = []
        (tracked,) = await fake.runner(tmp_path, server).ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: notes.append(f"{changed.note} {changed.row.error or ''}"))
        for _ in range(2000):
            await asyncio.sleep(0.001)
            if len(notes) > 20:
                break
        return tracked.row.state, notes

    state, notes = asyncio.run(main())
    assert state in {"ready", "downloading", "submitted", "saved"}
    for note in notes:
        assert len(note) < 5000
        assert KEY not in note
        assert note.encode().decode().replace("\n", "").isprintable()
    ledger = SqliteLedger(tmp_path / "ledger.sqlite")
    (row,) = ledger.history().result()
    ledger.close()
    assert len(repr([getattr(row, name) for name in JobRow.__slots__])) < 10_000


@pytest.mark.parametrize(
    "said", [KEY, MEGABYTES, "\ud83d" * 300, "\x1b[2J"], ids=["a key", "long", "half", "unseen"]
)
def test_words_codes_and_notes_are_fit(tmp_path: Path, clip: bytes, said: str) -> None:
    from hailuo_nb.providers.base import Progress

    held = Credentials(KEY)
    error = ProviderError("server", f"no {said}", code=said, request_id=said)
    progress = TaskIds().cleaned(Progress("t", "failed", word=said, note=said, error=error))
    for text in (
        progress.word,
        progress.note,
        str(error),
        error.message,
        error.code,
        error.request_id,
        repr(error),
    ):
        assert KEY not in text
        assert len(text) < 2200
        assert text.isprintable()
    assert held


def test_an_ordinary_number_is_kept_though_a_short_key_stands_in_it() -> None:
    held = Credentials("1069")
    assert TaskIds().stored("106916112212032") == "106916112212032"
    assert sanitize.link("https://x.example/1069.mp4") == "https://x.example/1069.mp4"
    assert held


@pytest.mark.parametrize("length", [20, 40, 160, 900])
@pytest.mark.parametrize("before", [0, 7, 11])
def test_no_part_of_a_key_shows_where_a_text_is_cut(length: int, before: int) -> None:
    """The key again and again: masked it shrinks, and what was cut in two would come within what is
    shown."""
    key = "".join(f"{number:03}Z" for number in range(250))[:length]
    held = Credentials(key)
    said = "x" * before + key * (40_000 // length)
    shown = [
        sanitize.text(said),
        sanitize.word(said),
        Reply(200, said.encode(), mask=redact).excerpt(),
    ]
    for text in shown:
        assert "Z" not in text, text[:300]
    assert held
