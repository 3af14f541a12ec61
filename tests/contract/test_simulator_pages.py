"""The simulator against the providers' pages: the curl lines of the four seed pages get the answers they print.

The lines and the answers are typed here from the pages; only the host, the task ids and Chanjing's token are filled
in, because the pages leave a gap for them. Then the bad requests, each with its documented error.
"""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from hailuo_nb.simulator import create_app

BASE = "http://simulator.test"


class Wall:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = 1_756_959_000.0

    def __call__(self) -> float:
        return self.time


def draw_nothing(path: Path, **_: Any) -> None:
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(64))


def with_client(talk: Callable[[httpx2.AsyncClient, Wall, Any], Awaitable[None]], **options: Any) -> None:
    """Run `talk(client, wall, simulator)` against a fresh simulator."""

    async def main() -> None:
        wall = Wall()
        app = create_app(clock=wall, renderer=draw_nothing, **options)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
            await talk(client, wall, app.state.simulator)

    asyncio.run(main())


async def finish(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
    """Move the clock past every task's end, and wait until the clips are there."""
    wall.time += 600
    for _ in range(500):
        if all(simulator.look(task).state in ("done", "failed") for task in simulator.tasks.values()):
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the clips were not drawn")


def shape(value: Any) -> Any:
    """Keys and types, without the values. A list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return type(value).__name__


async def chanjing_token(client: httpx2.AsyncClient, app_id: str = "app", secret: str = "secret") -> str:
    reply = await client.post("/open/v1/access_token", json={"app_id": app_id, "secret_key": secret})
    return str(reply.json()["data"]["access_token"])


def png(width: int = 640, height: int = 360) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (90, 140, 60)).save(file, "PNG")
    return file.getvalue()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


# PPInfra, seed 000

PPINFRA_SUBMIT = {
    "image": "https://static.ppinfra.com/docs/assets/minimax-hailuo-video-02-input-image.jpg",
    "prompt": "戴着太阳镜的毛茸茸的熊猫在日出时的雪山顶上跳舞，左移运镜",
    "duration": 6,
    "resolution": "768P",
    "enable_prompt_expansion": True,
}
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
BEARER = {"Authorization": "Bearer your_api_key"}


def test_ppinfra_page() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post("/v3/async/minimax-hailuo-02", headers=BEARER, json=PPINFRA_SUBMIT)
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
        times = [int(extra["debug_info"][f"{name}_time_ms"]) for name in ("submit", "execute", "complete")]
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
        ("minimax-hailuo-2.3-i2v", "MINIMAX_HAILUO_2_3_I2V", {"image": "https://example.com/a.jpg"}),
        (
            "minimax-hailuo-2.3-fast-i2v",
            "MINIMAX_HAILUO_2_3_FAST_I2V",
            {"image": "https://example.com/a.jpg"},
        ),
    ],
)
def test_ppinfra_other_models(endpoint: str, task_type: str, more: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(f"/v3/async/{endpoint}", headers=BEARER, json={"prompt": "雪", **more})
        result = await client.get(f"/v3/async/task-result?task_id={made.json()['task_id']}", headers=BEARER)
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
    ("minimax-hailuo-02", BEARER, {"duration": 10, "resolution": "1080P"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"duration": 7}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"duration": "6"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"resolution": "768p"}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"prompt": None}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"prompt": "字" * 2001}, 400, "INVALID_REQUEST_BODY"),
    ("minimax-hailuo-02", BEARER, {"image": "data:image/png;base64,AAAA"}, 400, "INVALID_REQUEST_BODY"),
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
        reply = await client.post(f"/v3/async/{endpoint}", headers=headers, json={**PPINFRA_SUBMIT, **change})
        assert reply.status_code == status
        assert shape(reply.json()) == {"code": "int", "reason": "str", "message": "str", "metadata": {}}
        assert reply.json()["reason"] == reason
        assert simulator.charged == {}

    with_client(talk)


def test_prompt_of_2000_code_points_is_taken() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        # An emoji is one code point and two UTF-16 units.
        body = {**PPINFRA_SUBMIT, "prompt": "🐱" * 2000}
        assert (
            await client.post("/v3/async/minimax-hailuo-02", headers=BEARER, json=body)
        ).status_code == 200

    with_client(talk)


# Modelverse, seed 001

MODELVERSE_SUBMIT = {
    "model": "MiniMax-Hailuo-02",
    "input": {
        "prompt": "A beautiful sunset over the ocean with waves gently crashing on the shore. [推进, 跟随]"
    },
    "parameters": {
        "duration": 6,
        "resolution": "1080P",
        "prompt_optimizer": True,
        "fast_pretreatment": False,
        "aigc_watermark": False,
    },
}
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
RAW = {"Authorization": "YOUR_API_KEY"}


@pytest.mark.parametrize("headers", [RAW, {"Authorization": "Bearer YOUR_API_KEY"}])
def test_modelverse_page(headers: dict[str, str]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post("/v1/tasks/submit", headers=headers, json=MODELVERSE_SUBMIT)
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
        made = await client.post("/v1/tasks/submit", headers=RAW, json=MODELVERSE_SUBMIT)
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
    headers: dict[str, str], change: dict[str, Any], parameters: dict[str, Any], status: int, code: str
) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body: dict[str, Any] = {**MODELVERSE_SUBMIT, **change}
        body["parameters"] = {**MODELVERSE_SUBMIT["parameters"], **parameters}  # type: ignore[dict-item]
        reply = await client.post("/v1/tasks/submit", headers=headers, json=body)
        assert reply.status_code == status
        assert shape(reply.json()) == {
            "error": {"message": "str", "type": "str", "param": "str", "code": "str"}
        }
        assert reply.json()["error"]["code"] == code
        assert simulator.charged == {}

    with_client(talk)


# Chanjing, seed 002

CHANJING_BODY = {
    "start_frame": "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/start.jpg",
    "end_frame": "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/end.jpg",
    "ref_prompt": "小狗在草地上奔跑,镜头跟随,阳光自然",
    "creation_type": 4,
    "clarity": 720,
    "video_duration": 6,
    "model_code": "MiniMax-Hailuo-02",
}
CHANJING_CURL = {
    "ref_img_url": [
        "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/start.jpg",
        "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/end.jpg",
    ],
    "ref_prompt": "小狗在草地上奔跑,镜头跟随,阳光自然",
    "creation_type": 4,
    "clarity": 720,
    "video_duration": 6,
    "model_code": "MiniMax-Hailuo-02",
}
CHANJING_SUBMITTED = {
    "trace_id": "96afa792520b0e6a86d72e89435bc0a7",
    "code": 0,
    "msg": "success",
    "data": "a60747d7-dc05-4afc-b2ef-ee4370ed53c6",
}
CHANJING_OBJECT = {
    "id": 1,
    "unique_id": "",
    "create_time": 1,
    "number_ai_creation": 1,
    "type": 4,
    "progress_desc": "Success",
    "err_msg": "",
    "aspect_ratio": "",
    "output_url": [""],
    "ref_img_url": [""],
    "model_code": "",
    "model_name": "",
    "photo_info": None,
    "motion_info": {
        "photo_path_url": "",
        "ref_prompt": "",
        "clarity": 720,
        "quality_mode": "",
        "style": "",
        "aspect_ratio": "",
        "video_duration": 6,
    },
}
SUBMIT = "/open/v1/ai_creation/task/submit"


@pytest.mark.parametrize("body", [CHANJING_BODY, CHANJING_CURL])
def test_chanjing_page(body: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"access_token": await chanjing_token(client)}
        made = await client.post(SUBMIT, headers=headers, json=body)
        assert made.status_code == 200
        assert shape(made.json()) == shape(CHANJING_SUBMITTED)
        assert made.json()["code"] == 0
        await finish(client, wall, simulator)
        unique_id = made.json()["data"]
        detail = await client.get(f"/open/v1/ai_creation/task?unique_id={unique_id}", headers=headers)
        creation = detail.json()["data"]
        assert shape(creation) == shape(CHANJING_OBJECT)
        assert creation["progress_desc"] == "Success"
        assert creation["ref_img_url"] == CHANJING_CURL["ref_img_url"]
        (task,) = simulator.tasks.values()
        assert (task.width, task.height, task.seconds) == (1280, 720, 6)

    with_client(talk)


def test_chanjing_token_is_a_moment_and_kills_the_one_before() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post("/open/v1/access_token", json={"app_id": "a", "secret_key": "b"})
        assert shape(reply.json()["data"]) == {"access_token": "str", "expire_in": "int"}
        assert reply.json()["data"]["expire_in"] == wall.time + 86_400
        first = {"access_token": reply.json()["data"]["access_token"]}
        other = {"access_token": await chanjing_token(client, "another app")}
        assert (await client.get("/open/v1/user_duration", headers=first)).json()["code"] == 0
        second = {"access_token": await chanjing_token(client, "a", "b")}
        assert (await client.get("/open/v1/user_duration", headers=first)).json()["code"] == 10400
        assert (await client.get("/open/v1/user_duration", headers=second)).json()["code"] == 0
        assert (await client.get("/open/v1/user_duration", headers=other)).json()["code"] == 0
        wall.time += 86_401
        assert (await client.get("/open/v1/user_duration", headers=second)).json()["code"] == 10400

    with_client(talk)


def test_chanjing_list() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"access_token": await chanjing_token(client)}
        made = [
            (await client.post(SUBMIT, headers=headers, json=CHANJING_BODY)).json()["data"] for _ in range(3)
        ]
        page = {"type": 4, "page": 1, "page_size": 2}
        link = "/open/v1/ai_creation/task/page"
        body = (await client.post(link, headers=headers, json=page)).json()["data"]
        assert shape(body["page_info"]) == dict.fromkeys(("page", "size", "total_count", "total_page"), "int")
        assert (body["total"], body["page_info"]["total_page"], len(body["list"])) == (3, 2, 2)
        chosen = {**page, "page_size": 50, "unique_ids": [made[2], made[0], "unknown"]}
        body = (await client.post(link, headers=headers, json=chosen)).json()["data"]
        assert {row["unique_id"] for row in body["list"]} == {made[0], made[2]}
        for wrong in ({"page_size": 51}, {"unique_ids": ["x"] * 51}, {"page": 0}, {"type": 5}):
            reply = await client.post(link, headers=headers, json={**page, **wrong})
            assert (reply.status_code, reply.json()["code"]) == (200, 40000)

    with_client(talk)


def test_chanjing_upload() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"access_token": await chanjing_token(client)}
        link = "/open/v1/common/create_upload_url?service=ai_creation&name=start.png"
        target = (await client.get(link, headers=headers)).json()["data"]
        assert set(target) == {"sign_url", "full_path", "key", "mime_type", "file_id"}
        assert target["mime_type"] == "image/png"
        picture = png()
        for media_type, status in (("image/jpeg", 403), ("image/png", 200)):
            put = await client.put(target["sign_url"], content=picture, headers={"Content-Type": media_type})
            assert put.status_code == status
        detail = f"/open/v1/common/file_detail?id={target['file_id']}"
        assert (await client.get(detail, headers=headers)).json()["data"]["status"] == 0
        wall.time += 60
        assert (await client.get(detail, headers=headers)).json()["data"]["status"] == 1
        body = {**CHANJING_BODY, "start_frame": target["full_path"], "end_frame": ""}
        made = await client.post(SUBMIT, headers=headers, json=body)
        task = simulator.tasks[made.json()["data"]]
        assert simulator.picture(task.first_frame) == picture
        wall.time += 15 * 60
        late = await client.put(target["sign_url"], content=picture, headers={"Content-Type": "image/png"})
        assert late.status_code == 403

    with_client(talk)


CHANJING_BAD: list[tuple[dict[str, Any], int]] = [
    ({"clarity": 1080, "video_duration": 10}, 40000),
    ({"ref_prompt": ""}, 40000),
    ({"ref_prompt": "x" * 2001}, 40000),
    ({"video_duration": None}, 40000),
    ({"creation_type": 3}, 40000),
    ({"clarity": "720"}, 40000),
    ({"start_frame": "data:image/png;base64,AAAA"}, 40000),
    ({"model_code": "MiniMax-Hailuo-2.3"}, 50000),
]


@pytest.mark.parametrize(("change", "code"), CHANJING_BAD)
def test_chanjing_refuses(change: dict[str, Any], code: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"access_token": await chanjing_token(client)}
        reply = await client.post(SUBMIT, headers=headers, json={**CHANJING_BODY, **change})
        assert reply.status_code == 200
        assert set(reply.json()) == {"trace_id", "code", "msg", "data"}
        assert reply.json()["code"] == code
        assert simulator.charged == {}

    with_client(talk)


def test_chanjing_credentials() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for headers in ({}, {"access_token": "not issued here"}):
            reply = await client.post(SUBMIT, headers=headers, json=CHANJING_BODY)
            assert (reply.status_code, reply.json()["code"]) == (200, 10400)
        reply = await client.post("/open/v1/access_token", json={"app_id": "wrong-key", "secret_key": "s"})
        assert (reply.status_code, reply.json()["code"]) == (200, 10400)
        poor = {"access_token": await chanjing_token(client, "no-balance", "no-balance")}
        reply = await client.post(SUBMIT, headers=poor, json=CHANJING_BODY)
        assert (reply.status_code, reply.json()["code"]) == (200, 40002)
        assert simulator.charged == {}

    with_client(talk)


# xCompute, seed 003

XCOMPUTE_SUBMIT = {
    "model": "MiniMax-Hailuo-2.3",
    "prompt": "一只可爱的猫咪在草地上奔跑",
    "duration": 6,
    "resolution": "768p",
    "prompt_optimizer": True,
    "fast_pretreatment": False,
    "watermark": False,
}
XCOMPUTE_SUBMITTED = {
    "code": 200,
    "data": [{"status": "submitted", "task_id": "task_01J9HA7JPQ9A0Z6JZ3V8M9W6PZ"}],
}
XCOMPUTE_DONE = {
    "id": "",
    "status": "completed",
    "progress": 100,
    "created": 1,
    "completed": 1,
    "estimated_time": 1,
    "actual_time": 1,
    "result": {"videos": [{"url": [""], "expires_at": 1}]},
}
GENERATE = "/v1/videos/generations"
TOKEN = {"Authorization": "Bearer <token>"}


@pytest.mark.parametrize("flat", [False, True])
def test_xcompute_page(flat: bool) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(GENERATE, headers=TOKEN, json=XCOMPUTE_SUBMIT)
        assert made.status_code == 200
        assert shape(made.json()) == shape(XCOMPUTE_SUBMITTED)
        assert made.json()["data"][0]["status"] == "submitted"
        task_id = made.json()["data"][0]["task_id"]
        assert len(task_id) == len("task_01J9HA7JPQ9A0Z6JZ3V8M9W6PZ")
        await finish(client, wall, simulator)
        body = (await client.get(f"/v1/tasks/{task_id}?language=zh", headers=TOKEN)).json()
        data = body if flat else body["data"]
        assert flat or body["code"] == 200
        assert shape(data) == shape(XCOMPUTE_DONE)
        assert data["result"]["videos"][0]["expires_at"] - data["completed"] == 86_400

    with_client(talk, faults=["flat_status"] if flat else [])


@pytest.mark.parametrize(
    "scenario",
    [
        {"model": "MiniMax-Hailuo-2.3", "prompt": "一只可爱的猫咪在草地上奔跑，阳光明媚"},
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "城市夜景，霓虹灯闪烁，车流穿梭",
            "duration": 6,
            "resolution": "1080p",
            "prompt_optimizer": True,
            "watermark": False,
        },
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "小猫跑向镜头，微笑着眨眼",
            "first_frame_image": "https://example.com/cat.jpg",
            "duration": 6,
            "resolution": "1080p",
        },
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "[推进]一只猫咪在花园中奔跑，镜头缓缓推进特写",
            "duration": 6,
            "resolution": "768p",
        },
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "海浪拍打沙滩，日落时分",
            "duration": 10,
            "resolution": "768p",
            "prompt_optimizer": True,
            "fast_pretreatment": True,
        },
        {"model": "MiniMax-Hailuo-2.3-Fast", "prompt": "猫", "first_frame_image": data_url(png())},
    ],
)
def test_xcompute_scenarios(scenario: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(GENERATE, headers=TOKEN, json=scenario)
        assert shape(made.json()) == shape(XCOMPUTE_SUBMITTED)
        (task,) = simulator.tasks.values()
        assert task.seconds == scenario.get("duration", 6)
        assert task.height == (1080 if scenario.get("resolution") == "1080p" else 768)

    with_client(talk)


XCOMPUTE_ERRORS = {
    400: ("请求参数无效", "invalid_request_error"),
    401: ("身份验证失败，请检查您的API密钥", "authentication_error"),
    402: ("账户余额不足，请充值后再试", "payment_required"),
    429: ("请求过于频繁，请稍后再试", "rate_limit_error"),
    500: ("服务器内部错误，请稍后重试", "server_error"),
}
XCOMPUTE_BAD: list[tuple[dict[str, str], dict[str, Any], int, list[str]]] = [
    ({}, {}, 401, []),
    ({"Authorization": "Bearer wrong-key"}, {}, 401, []),
    ({"Authorization": "Bearer no-balance"}, {}, 402, []),
    (TOKEN, {}, 429, ["rate_limit"]),
    (TOKEN, {}, 500, ["server_error"]),
    (TOKEN, {"duration": 10, "resolution": "1080p"}, 400, []),
    (TOKEN, {"resolution": "768P"}, 400, []),
    (TOKEN, {"prompt": ""}, 400, []),
    (TOKEN, {"prompt": "猫" * 2001}, 400, []),
    (TOKEN, {"model": "MiniMax-Hailuo-02"}, 400, []),
    (TOKEN, {"model": "MiniMax-Hailuo-2.3-Fast"}, 400, []),
    (TOKEN, {"first_frame_image": "file:///etc/passwd"}, 400, []),
]


@pytest.mark.parametrize(("headers", "change", "status", "faults"), XCOMPUTE_BAD)
def test_xcompute_refuses(
    headers: dict[str, str], change: dict[str, Any], status: int, faults: list[str]
) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(GENERATE, headers=headers, json={**XCOMPUTE_SUBMIT, **change})
        assert reply.status_code == status
        words, kind = XCOMPUTE_ERRORS[status]
        error = reply.json()["error"]
        assert shape(error) == {"code": "int", "message": "str", "type": "str"}
        assert (error["code"], error["type"]) == (status, kind)
        # A 400 says in addition what is wrong.
        assert error["message"] == words or (status == 400 and error["message"].startswith(words))
        assert simulator.charged == {}

    with_client(talk, faults=faults)


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


@pytest.mark.parametrize("path", ["/v3/async/minimax-hailuo-02", "/v1/tasks/submit", GENERATE])
@pytest.mark.parametrize("content", [b"", b"not json", b"[1]", b'"text"'])
def test_a_body_that_is_no_object(path: str, content: bytes) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(path, headers=BEARER, content=content)
        assert reply.status_code == 400

    with_client(talk)


def test_a_task_of_one_provider_is_unknown_to_another() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post("/v1/tasks/submit", headers=RAW, json=MODELVERSE_SUBMIT)
        task_id = made.json()["output"]["task_id"]
        assert (await client.get(f"/v1/tasks/{task_id}", headers=TOKEN)).status_code == 404

    with_client(talk)
