"""The simulator against the providers' pages: PPInfra (seed 000), Modelverse (seed 001), and what
all share.

The curl lines and the printed answers are typed here from the pages; only the host, the task ids
and Chanjing's token are filled in, because the pages leave a gap for them. Then the bad requests,
each with its documented error.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.contract.simulator import (
    BEARER,
    MODELVERSE,
    MODELVERSE_SUBMIT,
    PPINFRA,
    PPINFRA_SUBMIT,
    RAW,
    TOKEN,
    XCOMPUTE,
    Wall,
    data_url,
    finish,
    png,
    shape,
    with_client,
)

# PPInfra, seed 000

PPINFRA_RESULT = {
    "task": {
        "task_id": "{返回的 Task ID}",
        "task_type": "MINIMAX_HAILUO_02",
        "status": "TASK_STATUS_SUCCEED",
        "reason": "",
        "eta": 0,
        "progress_percent": 100,
    },
    "images": [],
    "videos": [{"video_url": "{生成视频的 URL}", "video_url_ttl": "3600", "video_type": "mp4"}],
}


def test_ppinfra_page() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        assert made.status_code == 200
        assert shape(made.json()) == {"task_id": "str"}
        await finish(client, wall, simulator)
        link = f"/v3/async/task-result?task_id={made.json()['task_id']}"
        body = (await client.get(link, headers=BEARER)).json()
        # `extra` stands on the task-result page, not in the sample of this one.
        extra = body.pop("extra")
        assert shape(body) == shape(PPINFRA_RESULT)
        assert {**body["task"], "task_id": "{返回的 Task ID}"} == PPINFRA_RESULT["task"]
        assert body["videos"][0]["video_url_ttl"] == "3600"
        times = [
            int(extra["debug_info"][f"{name}_time_ms"])
            for name in ("submit", "execute", "complete")
        ]
        assert times == sorted(times)
        assert times[0] == 1_756_959_000_000
        clip = await client.get(body["videos"][0]["video_url"])
        assert clip.status_code == 200
        assert clip.headers["content-type"] == "video/mp4"
        assert int(clip.headers["content-length"]) == len(clip.content)
        assert clip.headers["etag"]

    with_client(talk)


@pytest.mark.parametrize(
    ("endpoint", "task_type", "more"),
    [
        ("minimax-hailuo-2.3-t2v", "MINIMAX_HAILUO_2_3_T2V", {"fast_pretreatment": True}),
        (
            "minimax-hailuo-2.3-i2v",
            "MINIMAX_HAILUO_2_3_I2V",
            {"image": "https://example.com/a.jpg"},
        ),
        (
            "minimax-hailuo-2.3-fast-i2v",
            "MINIMAX_HAILUO_2_3_FAST_I2V",
            {"image": "https://example.com/a.jpg"},
        ),
    ],
)
def test_ppinfra_other_models(endpoint: str, task_type: str, more: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(
            f"/v3/async/{endpoint}", headers=BEARER, json={"prompt": "雪", **more}
        )
        result = await client.get(
            f"/v3/async/task-result?task_id={made.json()['task_id']}", headers=BEARER
        )
        assert result.json()["task"]["task_type"] == task_type
        assert result.json()["task"]["status"] == "TASK_STATUS_QUEUED"
        assert result.json()["videos"] == []

    with_client(talk)


PPINFRA_BAD: list[tuple[str, dict[str, str], dict[str, Any], int, str]] = [
    ("minimax-hailuo-02", {}, {}, 401, "FAILED_TO_AUTH"),
    ("minimax-hailuo-02", {"Authorization": "your_api_key"}, {}, 401, "FAILED_TO_AUTH"),
    ("minimax-hailuo-02", {"Authorization": "Bearer wrong-key"}, {}, 401, "FAILED_TO_AUTH"),
    ("minimax-hailuo-02", {"Authorization": "Bearer no-balance"}, {}, 403, "NOT_ENOUGH_BALANCE"),
    ("minimax-hailuo-99", BEARER, {}, 404, "MODEL_NOT_FOUND"),
    (
        "minimax-hailuo-02",
        BEARER,
        {"duration": 10, "resolution": "1080P"},
        400,
        "INVALID_REQUEST_BODY",
    ),
    ("minimax-hailuo-02", BEARER, {"duration": 7}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"duration": "6"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"resolution": "768p"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"prompt": None}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"prompt": "字" * 2001}, 400, "INVALID_REQUEST_BODY"),
    (
        "minimax-hailuo-02",
        BEARER,
        {"image": "data:image/png;base64,AAAA"},
        400,
        "INVALID_REQUEST_BODY",
    ),
    ("minimax-hailuo-02", BEARER, {"image": data_url(png(300, 400))}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"enable_prompt_expansion": "yes"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-2.3-i2v", BEARER, {"image": None}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-2.3-fast-i2v", BEARER, {"image": None}, 400, "INVALID_REQUEST_BODY"),
]


@pytest.mark.parametrize(("endpoint", "headers", "change", "status", "reason"), PPINFRA_BAD)
def test_ppinfra_refuses(
    endpoint: str, headers: dict[str, str], change: dict[str, Any], status: int, reason: str
) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(
            f"/v3/async/{endpoint}", headers=headers, json={**PPINFRA_SUBMIT, **change}
        )
        assert reply.status_code == status
        assert shape(reply.json()) == {
            "code": "int",
            "reason": "str",
            "message": "str",
            "metadata": {},
        }
        assert reply.json()["reason"] == reason
        assert simulator.charged == {}

    with_client(talk)


def test_prompt_of_2000_code_points_is_taken() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        # An emoji is one code point and two UTF-16 units.
        body = {**PPINFRA_SUBMIT, "prompt": "🐱" * 2000}
        assert (await client.post(PPINFRA, headers=BEARER, json=body)).status_code == 200

    with_client(talk)


# Modelverse, seed 001

MODELVERSE_SUBMITTED = {"output": {"task_id": "106916112212032"}, "request_id": "request_id"}
MODELVERSE_SUCCESS = {
    "output": {
        "task_id": "176843862716480",
        "task_status": "Success",
        "urls": ["https://xxxxx/xxxx.mp4"],
        "submit_time": 1756959000,
        "finish_time": 1756959050,
    },
    "usage": {"duration": 6},
    "request_id": "",
}
MODELVERSE_FAILURE = {
    "output": {
        "task_id": "task_id",
        "task_status": "Failure",
        "submit_time": 1756959000,
        "finish_time": 1756959019,
        "error_message": "error_message",
    },
    "usage": {"duration": 6},
    "request_id": "",
}


@pytest.mark.parametrize("headers", [RAW, {"Authorization": "Bearer YOUR_API_KEY"}])
def test_modelverse_page(headers: dict[str, str]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(MODELVERSE, headers=headers, json=MODELVERSE_SUBMIT)
        assert made.status_code == 200
        assert shape(made.json()) == shape(MODELVERSE_SUBMITTED)
        link = f"/v1/tasks/status?task_id={made.json()['output']['task_id']}"
        waiting = (await client.get(link, headers=headers)).json()["output"]
        assert waiting["task_status"] == "Pending"
        await finish(client, wall, simulator)
        body = (await client.get(link, headers=headers)).json()
        assert shape(body) == shape(MODELVERSE_SUCCESS)
        assert body["output"]["submit_time"] == 1_756_959_000
        assert body["output"]["finish_time"] >= body["output"]["submit_time"]
        assert body["usage"] == {"duration": 6}
        (task,) = simulator.tasks.values()
        assert (task.width, task.height) == (1920, 1080)

    with_client(talk)


def test_modelverse_failure_sample() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(MODELVERSE, headers=RAW, json=MODELVERSE_SUBMIT)
        await finish(client, wall, simulator)
        task_id = made.json()["output"]["task_id"]
        body = (await client.get(f"/v1/tasks/status?task_id={task_id}", headers=RAW)).json()
        assert shape(body) == shape(MODELVERSE_FAILURE)

    with_client(talk, faults=["fail_task"])


MODELVERSE_BAD: list[tuple[dict[str, str], dict[str, Any], dict[str, Any], int, str]] = [
    ({}, {}, {}, 401, "auth_error"),
    ({"Authorization": "Bearer "}, {}, {}, 401, "auth_error"),
    ({"Authorization": "wrong-key"}, {}, {}, 401, "auth_error"),
    ({"Authorization": "Bearer no-balance"}, {}, {}, 403, "forbidden"),
    (RAW, {"model": "MiniMax-Hailuo-99"}, {}, 400, "model_error"),
    (RAW, {"model": None}, {}, 400, "param_error"),
    (RAW, {"input": None}, {}, 400, "param_error"),
    (RAW, {"input": {"prompt": ""}}, {}, 400, "param_error"),
    (RAW, {"input": {"prompt": "x" * 2001}}, {}, 400, "param_error"),
    (RAW, {}, {"duration": 10}, 400, "param_error"),
    (RAW, {}, {"resolution": "720P"}, 400, "param_error"),
    (RAW, {"model": "MiniMax-Hailuo-2.3-Fast"}, {}, 400, "param_error"),
]


@pytest.mark.parametrize(("headers", "change", "parameters", "status", "code"), MODELVERSE_BAD)
def test_modelverse_refuses(
    headers: dict[str, str],
    change: dict[str, Any],
    parameters: dict[str, Any],
    status: int,
    code: str,
) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body: dict[str, Any] = {**MODELVERSE_SUBMIT, **change}
        body["parameters"] = {**MODELVERSE_SUBMIT["parameters"], **parameters}  # type: ignore[dict-item]
        reply = await client.post(MODELVERSE, headers=headers, json=body)
        assert reply.status_code == status
        assert shape(reply.json()) == {
            "error": {"message": "str", "type": "str", "param": "str", "code": "str"}
        }
        assert reply.json()["error"]["code"] == code
        assert simulator.charged == {}

    with_client(talk)


# All of them

STATUS_LINKS = [
    ("/v3/async/task-result?task_id=none", 404),
    ("/v1/tasks/status?task_id=none", 400),
    ("/v1/tasks/none", 404),
]


@pytest.mark.parametrize(("link", "status"), STATUS_LINKS)
def test_unknown_task(link: str, status: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        assert (await client.get(link, headers=BEARER)).status_code == status
        assert (await client.get(link)).status_code == 401

    with_client(talk)


@pytest.mark.parametrize("path", [PPINFRA, MODELVERSE, XCOMPUTE])
@pytest.mark.parametrize("content", [b"", b"not json", b"[1]", b'"text"'])
def test_a_body_that_is_no_object(path: str, content: bytes) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(path, headers=BEARER, content=content)
        assert reply.status_code == 400

    with_client(talk)


def test_a_task_of_one_provider_is_unknown_to_another() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(MODELVERSE, headers=RAW, json=MODELVERSE_SUBMIT)
        task_id = made.json()["output"]["task_id"]
        assert (await client.get(f"/v1/tasks/{task_id}", headers=TOKEN)).status_code == 404

    with_client(talk)
