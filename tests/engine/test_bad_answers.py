"""What a provider or its store may answer: rows 17 to 22 of the table in test_bad_inputs.py."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import download as module
from hailuo_nb.engine import exchange
from hailuo_nb.engine.download import DownloadError
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Reply
from hailuo_nb.providers.ppinfra.adapter import PPInfra
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_download import fetch
from tests.engine.test_runner import play, settled

BROKEN = {
    "nested": b'{"id": ' + b"[" * 200_000,
    "huge integer": b'{"id": ' + b"1" * 5_000 + b"}",
    "ambiguous": b'{"id": "task-1", "id": "task-2"}',
    "page": b"<!doctype html><title>hello</title>",
    "nothing": b"",
    "cut": b'{"id": "task-',
    "latin": b'{"id": "\xff\xfe\xfd"}',
    "wrong type": b'{"id": {"a": 1}}',
    "a list": b'[{"id": "task-1"}]',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_row_17_a_submit_answered_with_that_is_unknown(
    tmp_path: Path, server: Server, body: bytes
) -> None:
    server.submit_faults.append(body)
    to = fake.account()
    row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "unknown"
    assert len(str(row.error)) < 700
    assert play(tmp_path, server, fake.spec(to)).row.id == row.id
    assert len(server.charged) == 1


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_row_17_a_poll_answered_with_that_is_spec_again(
    tmp_path: Path, server: Server, body: bytes
) -> None:
    real, broken = server._tasks, iter([body, body])

    def tasks(request: httpx2.Request) -> httpx2.Response:
        found = next(broken, None)
        return real(request) if found is None else httpx2.Response(200, content=found)

    server._tasks = tasks  # type: ignore[method-assign]
    assert play(tmp_path, server).row.state == "saved"
    assert next(broken, None) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": "余额不足"}'.encode("gbk"), {"a": "余额不足"}),
        ('{"a": "猫"}'.encode("utf-16"), {"a": "猫"}),
        (
            b'{"a": NaN, "b": Infinity, "c": 1e999, "d": -Infinity, "e": 1.5}',
            {"a": None, "b": None, "c": None, "d": None, "e": 1.5},
        ),
        (b'{"a": 1, "a": 1}', {"a": 1}),
    ],
    ids=["BOM", "GBK", "UTF-16", "not finite", "twice the same"],
)
def test_row_17_json(body: bytes, value: Any) -> None:
    assert Reply(200, body).json() == value


@pytest.mark.parametrize(
    "body", [BROKEN["nested"], BROKEN["huge integer"], BROKEN["ambiguous"], b"\xff\x00"]
)
def test_row_17_json_is_refused_with_its_start(body: bytes) -> None:
    with pytest.raises(ProviderError) as caught:
        Reply(200, body, {}).json()
    assert (caught.value.kind, caught.value.status) == ("protocol", 200)
    assert len(str(caught.value)) < 300
    assert caught.value.__cause__ is None


def test_row_17_an_answer_without_end(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than the budget, and one that comes a byte at a time for ever."""
    sent: list[int] = []

    async def flood() -> Any:
        while True:
            sent.append(64 * 1024)
            yield b" " * 64 * 1024

    async def drip() -> Any:
        while True:
            await asyncio.sleep(0.001)
            yield b" "

    for limit in ("_CONNECT_TIMEOUT", "_ANSWER_TIMEOUT"):
        monkeypatch.setattr(exchange, limit, 0.1)
    for body in (flood(), drip()):
        answer = httpx2.Response(200, content=body)
        server.handle = lambda request, answer=answer: answer  # type: ignore[method-assign]
        assert play(tmp_path / str(len(sent)), server).row.state == "unknown"
    assert sum(sent) <= exchange.MAX_BODY + 2 * 64 * 1024


class Packed(httpx2.AsyncByteStream):
    """A packed body as it comes from a socket: 64 kB at a time. `taken` tells how much was asked
    for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.taken = 0

    async def __aiter__(self) -> Any:
        for start in range(0, len(self.data), 65_536):
            piece = self.data[start : start + 65_536]
            self.taken += len(piece)
            yield piece


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def peak_while(action: Callable[[], Any]) -> int:
    import tracemalloc

    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_row_18_a_packed_bomb_is_stopped(tmp_path: Path, server: Server) -> None:
    """200 MB in 194 kB: counted after unpacking, in small pieces, and stopped at the budget."""
    body = Packed(bomb(200))
    answer = httpx2.Response(200, stream=body, headers={"content-encoding": "gzip"})
    server.handle = lambda request: answer  # type: ignore[method-assign]
    peak = peak_while(lambda: play(tmp_path, server))
    assert body.taken == 65_536, "one piece of what came was enough to see it"
    assert peak < 40 * 1024 * 1024
    (row,) = SqliteLedger(tmp_path / "ledger.sqlite").history().result()
    assert row.state == "unknown"
    assert "more than 8 MiB" in str(row.error)


def test_row_18_a_packed_bomb_for_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 4 * 1024 * 1024)
    answer = httpx2.Response(200, stream=Packed(bomb(200)), headers={"content-encoding": "gzip"})
    with pytest.raises(DownloadError, match="larger than 4 MiB"):
        fetch(lambda _: answer, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


# The same in every worker of pytest: it names a test.
PACKED_TWICE = gzip.compress(gzip.compress(b"x", mtime=0), mtime=0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("gzip, gzip", PACKED_TWICE), ("gzip", b"not packed"), ("zstd", b"x"),
     ("gzip", gzip.compress(b"x" * 99_999)[:-9])],
)  # fmt: skip
def test_row_18_an_encoding_that_was_not_asked_for(
    tmp_path: Path, encoding: str, body: bytes
) -> None:
    """Each layer multiplies by a thousand, and Brotli by far more: only gzip and deflate, and only
    once."""
    answer = httpx2.Response(200, stream=Packed(body), headers={"content-encoding": encoding})
    with pytest.raises(DownloadError, match="DecodingError"):
        fetch(lambda _: answer, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["longer", "part"])
def test_row_20_a_body_that_is_longer_or_a_part(tmp_path: Path, clip: bytes, how: str) -> None:
    async def body() -> Any:
        yield clip + b"x" * 100

    headers = (
        {"content-length": str(len(clip))}
        if how == "longer"
        else {"content-range": f"bytes 0-{len(clip)}/9"}
    )
    answer = httpx2.Response(200 if how == "longer" else 206, content=body(), headers=headers)
    with pytest.raises(DownloadError):
        fetch(lambda _: answer, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_row_20_a_transfer_that_crawls(
    tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte a second is stopped after half a minute; what is merely slow is not."""
    seconds = iter(range(100_000))
    sent: list[bytes] = []

    async def body(size: int) -> Any:
        for start in range(0, len(clip), size):
            sent.append(clip[start : start + size])
            yield sent[-1]

    def at(size: int) -> Any:
        answer = httpx2.Response(200, content=body(size))
        return fetch(lambda _: answer, tmp_path / "a.mp4", clock=lambda: float(next(seconds)))

    with pytest.raises(DownloadError, match=r"too slow: 0\.0 kB a second"):
        at(1)
    assert len(sent) <= module.SPEED_CHECKED_AFTER + 1
    assert list(tmp_path.iterdir()) == []
    assert at(module.MIN_SPEED).bytes == len(clip)
    (tmp_path / "a.mp4").unlink()
    monkeypatch.setattr(module, "MAX_SECONDS", 0.05)

    async def endless() -> Any:
        while True:
            await asyncio.sleep(0.01)
            yield b"x" * 100_000

    answer = httpx2.Response(200, content=endless())
    with pytest.raises(DownloadError, match="TimeoutError"):
        fetch(lambda _: answer, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


STORE = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code><Message>Request has expired.</Message></Error>'


def test_row_21_an_error_of_the_store_with_status_200(tmp_path: Path, server: Server) -> None:
    server.clip_faults.extend([STORE % b"AccessDenied", STORE % b"NoSuchKey"])
    assert play(tmp_path, server).row.state == "saved"
    links = {
        str(request.url) for request in server.requests if request.url.host == "clips.fake.invalid"
    }
    assert len(links) == 3, "each time a fresh link was asked for"


@pytest.mark.parametrize("fault", [403, 401, STORE % b"AccessDenied"], ids=["403", "401", "XML"])
def test_row_21_a_refusal_does_not_lose_a_paid_clip(
    tmp_path: Path, server: Server, fault: Any
) -> None:
    """A firewall on our side says 403 too: while the provider knows the clip, it is kept and can be
    fetched."""
    server.clip_faults.extend([fault] * 200)
    to = fake.account()
    row = play(tmp_path, server, fake.spec(to)).row
    assert row.state == "ready"
    assert "The clip is paid and kept" in str(row.error)
    server.clip_faults.clear()
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 1


def test_row_21_past_its_window_the_date_is_told(tmp_path: Path, server: Server) -> None:
    server.same_link, server.link_ttl = True, 0.0
    server.clip_faults.extend([404] * 10)
    row = play(tmp_path, server).row
    assert row.state == "expired"
    assert re.search(r"404; it was good until \d{4}-\d\d-\d\d \d\d:\d\d UTC", str(row.error))


def test_row_21_a_fresh_link_is_tried_though_it_seems_too_old(
    tmp_path: Path, server: Server
) -> None:
    """Where this machine's clock is hours ahead, every link seems to be past its window."""
    server.link_ttl = -3600.0
    server.clip_faults.extend([404] * 5)
    assert play(tmp_path, server).row.state == "saved"


def test_row_21_a_provider_that_cannot_be_asked_loses_no_clip(
    tmp_path: Path, server: Server
) -> None:
    """The link is dead and the network is gone: nothing has been proved."""
    server.looks_needed = 1
    server.clip_faults.extend([404] * 200)
    real, looks, down = server._tasks, iter(range(1000)), True

    def tasks(request: httpx2.Request) -> httpx2.Response:
        if next(looks) and down:
            raise httpx2.ConnectError("no route")
        return real(request)

    server._tasks = tasks  # type: ignore[method-assign]
    to = fake.account()
    assert play(tmp_path, server, fake.spec(to)).row.state == "ready"
    server.clip_faults.clear()
    down = False
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 1


def test_row_22_odd_answers_about_a_task(tmp_path: Path, server: Server) -> None:
    """Backwards, over a hundred, below nothing, not a number, somebody else's task: the look goes
    on."""
    real = server._tasks
    odd = iter(
        [
            [{"id": "task-1", "state": "running", "percent": 90}],
            [{"id": "task-1", "state": "queued", "percent": 10}],
            [{"id": "task-1", "state": "running", "percent": 101}],
            [{"id": "task-1", "state": "running", "percent": -5}],
            [
                {
                    "id": "task-999",
                    "state": "succeeded",
                    "links": ["https://clips.fake.invalid/other.mp4"],
                }
            ],
            [{"id": "task-1", "state": "transmogrified"}],
            [{"id": "task-1", "state": "running", "percent": "many"}],
            [{"id": "task-1"}],
            [],
        ]
    )

    def tasks(request: httpx2.Request) -> httpx2.Response:
        found = next(odd, None)
        return real(request) if found is None else httpx2.Response(200, json={"tasks": found})

    server._tasks = tasks  # type: ignore[method-assign]
    seen: list[float | None] = []
    notes: list[str] = []

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: (seen.append(changed.progress), notes.append(changed.note)))  # type: ignore[func-returns-value]
        await settled(tracked)
        return tracked

    row = asyncio.run(main()).row
    assert (row.state, row.task_id) == ("saved", "task-1")
    assert all(progress is None or 0 <= progress <= 1 for progress in seen)
    assert {0.9, 0.1, 1.0, 0.0} <= set(seen)
    assert any("did not mention this task" in note for note in notes)
    assert any("no news at poll" in note for note in notes)


def test_row_22_one_id_for_two_clips(tmp_path: Path, server: Server) -> None:
    """The ledger gives a task to one job only; the other was charged, perhaps, and waits for a
    person."""
    server._ids = iter([7, 7])
    to = fake.account()

    async def main() -> list[TrackedJob]:
        runner = fake.runner(tmp_path, server)
        lives = await runner.ask([fake.spec(to, "A cat"), fake.spec(to, "A dog")])
        await settled(*lives)
        return lives

    rows = [tracked.row for tracked in asyncio.run(main())]
    assert sorted(row.state for row in rows) == ["saved", "unknown"]
    assert len(server.charged) == 2
    assert play(tmp_path, server, fake.spec(to, "A dog"), fake.spec(to, "A cat")).row.state in {
        "saved",
        "unknown",
    }
    assert len(server.charged) == 2


@pytest.mark.parametrize("word", ["TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED"])
def test_answers_about_other_tasks_are_no_news_and_the_log_says_so(
    tmp_path: Path, clip: bytes, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A proxy gives the answers of somebody else's task: neither its clip nor its end is ours."""
    polls, fetched, notes = itertools.count(), [], []

    def task(task_id: str, state: str) -> httpx2.Response:
        videos = [{"video_url": f"https://clips.fake.invalid/{task_id}.mp4"}]
        return httpx2.Response(
            200, json={"task": {"task_id": task_id, "status": state}, "videos": videos}
        )

    def handle(sent: httpx2.Request) -> httpx2.Response:
        if sent.method == "POST":
            return httpx2.Response(200, json={"task_id": "mine"})
        if sent.url.path == "/v3/async/task-result":
            others = next(polls) < 3
            return task("another", word) if others else task("mine", "TASK_STATUS_SUCCEED")
        fetched.append(sent.url.path)
        return httpx2.Response(200, content=clip)

    async def main() -> TrackedJob:
        mount = httpx2.MockTransport(handle)
        runner = Runner(tmp_path, simulator=lambda _: mount, rng=lambda: 0.5)
        to = fake.QuickAccess(
            PPInfra(), PPInfra.base_url, Credentials("sk-mixed-up-1234567"), simulated=True
        )
        (tracked,) = await runner.ask([fake.spec(to)])
        tracked.listen(lambda changed: notes.append(changed.note))
        await settled(tracked)
        return tracked

    with caplog.at_level("INFO", "hailuo_nb"):
        tracked = asyncio.run(main())
    assert (tracked.row.state, fetched) == ("saved", ["/mine.mp4"])
    said = "no news at poll 3, asking again: the answer is about another task (another)"
    assert any(note.startswith(said) for note in notes)
    assert f"task mine at simulated:ppinfra: {said}" in caplog.text
