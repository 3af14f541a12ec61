"""The simulator's server: whom it answers, how much it reads, and that it keeps nothing for
ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.simulator import create_app, tasks
from hailuo_nb.simulator.dialects import chanjing
from hailuo_nb.simulator.guard import MAX_BODY
from hailuo_nb.simulator.storage import FileCache
from tests.contract.simulator import (
    BEARER,
    PPINFRA_SUBMIT,
    Wall,
    chanjing_token,
    draw_nothing,
    finish,
    png,
    settle,
    with_client,
)

PPINFRA = "/v3/async/minimax-hailuo-02"
RESULT = "/v3/async/task-result?task_id="


@contextmanager
def served(**options: Any) -> Iterator[int]:
    """The port of a simulator that is served on loopback, as `python -m hailuo_nb.simulator` does
    it."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(create_app(renderer=draw_nothing, **options), log_level="error")
    )
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as found:
        yield found


def raw(port: int, head: str, body: bytes = b"") -> int:
    """The status that a request as it is written gets."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        return int(connection.recv(100).split()[1])


OURS = [
    "127.0.0.1",
    "127.0.0.1:8808",
    "localhost",
    "LocalHost:1",
    "localhost.",
    "[::1]:8808",
    "127.1.2.3",
]


@pytest.mark.parametrize("host", OURS)
def test_it_answers_to_this_machine(port: int, host: str) -> None:
    assert raw(port, f"GET / HTTP/1.1\nHost: {host}") == 200


STRANGERS = [
    "evil.example", "evil.example:8808", "127.0.0.1.evil.example", "localhost.evil.example",
    "evil.example.",
    "10.0.0.1", "[2001:db8::1]", "0.0.0.0", "127.0.0.1@evil.example", "", "*", "xn--localhost-",
    "2130706433",
]  # fmt: skip


@pytest.mark.parametrize("host", STRANGERS)
def test_it_answers_to_no_other_name(port: int, host: str) -> None:
    """A page whose name suddenly leads to this machine reaches nothing (DNS rebinding)."""
    assert raw(port, f"GET / HTTP/1.1\nHost: {host}") in {421, 400}
    assert raw(port, f"GET http://localhost/ HTTP/1.1\nHost: {host}") in {421, 400}


def test_no_host_and_two_hosts(port: int) -> None:
    assert raw(port, "GET / HTTP/1.0") == 421
    assert raw(port, "GET / HTTP/1.1\nHost: localhost\nHost: evil.example") in {400, 421}


def test_other_names_where_they_are_asked_for() -> None:
    with served(hosts=["Studio.example"]) as port:
        assert raw(port, "GET / HTTP/1.1\nHost: studio.example:80") == 200
        assert raw(port, "GET / HTTP/1.1\nHost: evil.example") == 421
    with served(hosts=["*"]) as port:
        assert raw(port, "GET / HTTP/1.1\nHost: evil.example") == 200


def test_in_process_it_answers_to_every_provider() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for address in ("https://api.ppinfra.com", "https://open-api.chanjing.cc"):
            assert (await client.get(f"{address}/")).status_code == 200

    with_client(talk)


def test_a_body_is_read_up_to_a_limit(port: int) -> None:
    post = f"POST {PPINFRA} HTTP/1.1\nHost: localhost\nAuthorization: Bearer k\n"
    assert raw(port, f"{post}Content-Length: {MAX_BODY + 1}") == 413, "before a byte of it is sent"
    assert raw(port, f"{post}Content-Length: 2", b"{}") == 400
    assert raw(port, f"{post}Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n") == 411


def submit(client: httpx2.AsyncClient, **body: Any) -> Any:
    return client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT | body)


def files(simulator: Any, name: str) -> int:
    return len(list((simulator.folder / name).iterdir()))


def test_so_many_open_tasks_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_MAX_TASKS", 20)

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for _ in range(20):
            assert (await submit(client)).status_code == 200
        refused = await submit(client)
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert len(simulator.tasks) == 20
        assert simulator.charged == {"ppinfra": 20}
        await finish(client, wall, simulator)
        for _ in range(100):
            assert (await submit(client)).status_code == 200
            await finish(client, wall, simulator)
        assert len(simulator.tasks) <= 20
        assert len(simulator._takes) <= 20
        assert files(simulator, "videos") <= 20
        numbers = [task.number for task in simulator.tasks.values()]
        assert len(set(numbers)) == len(numbers)

    with_client(talk)


def test_what_ended_a_week_ago_is_gone(tmp_path: Path) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        old = (await submit(client)).json()["task_id"]
        await finish(client, wall, simulator)
        wall.time += 8 * 86_400
        await submit(client)
        assert (await client.get(RESULT + old, headers=BEARER)).status_code == 404
        await settle(simulator)
        assert (len(simulator.tasks), files(simulator, "tasks"), files(simulator, "videos")) == (
            1,
            1,
            1,
        )
        wall.time += 8 * 86_400
        again = create_app(clock=wall, renderer=draw_nothing, folder=tmp_path).state.simulator
        assert (again.tasks, files(again, "tasks"), files(again, "videos")) == ({}, 0, 0)

    with_client(talk, folder=tmp_path)


def test_a_folder_holds_so_many_bytes(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, 250)
    names = [f"{number:032x}.mp4" for number in range(5)]
    (tmp_path / "notes.txt").write_bytes(bytes(1000))
    for name in names:
        (tmp_path / name).write_bytes(bytes(100))
        cache.add(name)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[3:], "notes.txt"]
    later = FileCache(tmp_path, 150)
    (tmp_path / names[0]).write_bytes(bytes(100))
    later.add(names[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == [names[0], "notes.txt"]
    later.delete(names[0])
    later.delete(names[0])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_clip_that_made_room_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_MAX_ALL_CLIPS", 100)

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        ids = [(await submit(client)).json()["task_id"] for _ in range(3)]
        await settle(simulator)
        wall.time += 600
        assert files(simulator, "videos") == 1
        for task_id in ids:
            found = (await client.get(RESULT + task_id, headers=BEARER)).json()
            await settle(simulator)
            found = (await client.get(RESULT + task_id, headers=BEARER)).json()
            assert (await client.get(found["videos"][0]["video_url"])).status_code == 200

    with_client(talk)


def test_tokens_and_uploads_of_strangers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chanjing, "_MAX_KEPT", 10)
    monkeypatch.setattr(tasks, "_MAX_ALL_FRAMES", 1)

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        (dialect,) = made
        for number in range(50):
            token = await chanjing_token(client, f"app-{number}")
            headers = {"access_token": token}
            asked = {"service": "ai_creation", "name": "a.png"}
            found = (
                await client.get("/open/v1/common/create_upload_url", params=asked, headers=headers)
            ).json()
            put = found["data"]
            sent = {"content-type": put["mime_type"]}
            await client.put(put["sign_url"], content=png(400 + number), headers=sent)
        assert len(dialect._tokens) <= 10
        assert len(dialect._uploads) <= 10
        assert files(simulator, "frames") == 1

    made: list[chanjing.Chanjing] = []
    real = chanjing.Chanjing.__init__

    def noted(self: chanjing.Chanjing) -> None:
        real(self)
        made.append(self)

    monkeypatch.setattr(chanjing.Chanjing, "__init__", noted)
    with_client(talk)
