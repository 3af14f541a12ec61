"""The simulator's faults: each does what its table says, in process and over a real socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from hailuo_nb.simulator import create_app
from hailuo_nb.simulator.faults import TABLE, ConnectionLostError, Faults
from tests.contract.simulator import (
    BEARER,
    CHANJING,
    CHANJING_BODY,
    MODELVERSE,
    MODELVERSE_SUBMIT,
    PPINFRA,
    PPINFRA_SUBMIT,
    RAW,
    RESULT,
    TOKEN,
    XCOMPUTE,
    XCOMPUTE_SUBMIT,
    Wall,
    chanjing_token,
    draw_nothing,
    finish,
    with_client,
)


def test_faults_by_name() -> None:
    with pytest.raises(ValueError, match="Did you mean"):
        Faults(["htlm"])
    with pytest.raises(ValueError, match="probability"):
        Faults(["html:2"])
    one, other = Faults(["html:0.3"]), Faults(["html:0.3", "bad_json"])
    draws = [one.hits("html") for _ in range(1000)]
    assert draws == [other.hits("html") for _ in range(1000)]
    assert 250 < sum(draws) < 350
    assert not any(one.hits(name) for name in TABLE if name != "html")


@pytest.mark.parametrize("fault", ["html", "bad_json", "rate_limit", "server_error"])
def test_early_faults_charge_nothing(fault: str) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        assert simulator.charged == {}
        assert not simulator.tasks
        if fault in ("html", "bad_json"):
            assert reply.status_code == 200
            with pytest.raises(ValueError):
                reply.json()
        elif fault == "rate_limit":
            assert (reply.status_code, reply.headers["retry-after"]) == (429, "1")
            chanjing = await client.post(
                "/open/v1/access_token", json={"app_id": "a", "secret_key": "b"}
            )
            assert (chanjing.status_code, chanjing.json()["code"]) == (200, 40001)
            assert chanjing.headers["retry-after"] == "1"
        else:
            assert (reply.status_code, reply.json()["reason"]) == (500, "INTERNAL_SERVER_ERROR")

    with_client(talk, faults=[fault])


def test_drop_after_charge_in_process() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        with pytest.raises(ConnectionLostError):
            await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        assert simulator.charged == {"ppinfra": 1}
        # A refused request is not lost: nothing was charged.
        bad = await client.post(PPINFRA, headers=BEARER, json={**PPINFRA_SUBMIT, "duration": 1})
        assert bad.status_code == 400

    with_client(talk, faults=["drop_after_charge"])


def test_slow_submit() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        begin = time.monotonic()
        reply = await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        assert reply.status_code == 200
        assert time.monotonic() - begin >= 0.1
        assert simulator.charged == {"ppinfra": 1}

    # 300 provider's seconds at 3,000 times the speed.
    with_client(talk, faults=["slow_submit"], speed=3000)


@pytest.mark.parametrize("fault", ["fail_task", "moderation"])
def test_failures_cost_nothing_and_say_why(fault: str) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        token = {"access_token": await chanjing_token(client)}
        modelverse = await client.post(MODELVERSE, headers=RAW, json=MODELVERSE_SUBMIT)
        ppinfra = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
            "task_id"
        ]
        made = await client.post(XCOMPUTE, headers=TOKEN, json=XCOMPUTE_SUBMIT)
        xcompute = made.json()["data"][0]["task_id"]
        chanjing = (await client.post(CHANJING, headers=token, json=CHANJING_BODY)).json()["data"]
        await finish(client, wall, simulator)
        assert simulator.charged == {}
        task = (await client.get(RESULT + ppinfra, headers=BEARER)).json()["task"]
        assert task["status"] == "TASK_STATUS_FAILED"
        assert task["reason"]
        data = (await client.get(f"/v1/tasks/{xcompute}", headers=TOKEN)).json()["data"]
        assert (data["status"], set(data["error"])) == ("failed", {"code", "message", "type"})
        link = f"/open/v1/ai_creation/task?unique_id={chanjing}"
        row = (await client.get(link, headers=token)).json()["data"]
        word = "Error" if fault == "fail_task" else "Fail"
        assert (row["progress_desc"], row["output_url"]) == (word, [])
        assert "本次生成不消耗蝉豆" in row["err_msg"]
        if fault == "moderation":
            assert modelverse.status_code == 400
            assert modelverse.json()["error"]["code"] == "sensitive_check_error"

    with_client(talk, faults=[fault])


def test_raw_key_only() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        refused = await client.post(MODELVERSE, headers=BEARER, json=MODELVERSE_SUBMIT)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "auth_error")
        taken = await client.post(MODELVERSE, headers=RAW, json=MODELVERSE_SUBMIT)
        assert taken.status_code == 200

    with_client(talk, faults=["raw_key_only"])


def test_token_expiry() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for _ in range(2):
            token = {"access_token": await chanjing_token(client)}
            link = "/open/v1/user_duration"
            codes = [(await client.get(link, headers=token)).json()["code"] for _ in range(4)]
            assert codes == [0, 0, 0, 10400]

    with_client(talk, faults=["token_expiry"])


@pytest.mark.parametrize("fault", ["expired_link", "cut_download"])
def test_download_faults_in_process(fault: str) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
            "task_id"
        ]
        await finish(client, wall, simulator)
        link = (await client.get(RESULT + task_id, headers=BEARER)).json()["videos"][0]["video_url"]
        reply = await client.get(link)
        if fault == "expired_link":
            assert reply.status_code == 403
        else:
            assert reply.status_code == 200
            assert 0 < len(reply.content) < int(reply.headers["content-length"])

    with_client(talk, faults=[fault])


# Over a real socket


@contextmanager
def served(**options: Any) -> Iterator[tuple[str, Any]]:
    """The simulator behind uvicorn on a free port of the loopback."""
    import uvicorn

    app = create_app(renderer=draw_nothing, speed=3000, **options)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", app.state.simulator
    finally:
        server.should_exit = True
        thread.join(60)


def test_a_lost_answer_over_a_socket() -> None:
    with (
        served(faults=["drop_after_charge"]) as (base, simulator),
        httpx2.Client(base_url=base) as client,
    ):
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        assert simulator.charged == {"ppinfra": 1}


def test_a_cut_download_over_a_socket() -> None:
    with served(faults=["cut_download"]) as (base, _), httpx2.Client(base_url=base) as client:
        task_id = client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT).json()["task_id"]
        videos: list[dict[str, str]] = []
        while not videos:
            time.sleep(0.02)
            videos = client.get(RESULT + task_id, headers=BEARER).json()["videos"]
        assert videos[0]["video_url"].startswith(base)
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get(videos[0]["video_url"])
