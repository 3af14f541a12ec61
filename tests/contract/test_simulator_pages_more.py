"""The simulator against the providers' pages: Chanjing (seed 002) and xCompute (seed 003).

The curl lines and the printed answers are typed here from the pages; only the host, the task ids
and Chanjing's token are filled in, because the pages leave a gap for them. Then the bad requests,
each with its documented error.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.contract.simulator import (
    CHANJING,
    CHANJING_BODY,
    TOKEN,
    XCOMPUTE,
    XCOMPUTE_SUBMIT,
    Wall,
    chanjing_token,
    data_url,
    finish,
    png,
    shape,
    with_client,
)

# Chanjing, seed 002

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


@pytest.mark.parametrize("body", [CHANJING_BODY, CHANJING_CURL])
def test_chanjing_page(body: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"access_token": await chanjing_token(client)}
        made = await client.post(CHANJING, headers=headers, json=body)
        assert made.status_code == 200
        assert shape(made.json()) == shape(CHANJING_SUBMITTED)
        assert made.json()["code"] == 0
        await finish(client, wall, simulator)
        unique_id = made.json()["data"]
        detail = await client.get(
            f"/open/v1/ai_creation/task?unique_id={unique_id}", headers=headers
        )
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
            (await client.post(CHANJING, headers=headers, json=CHANJING_BODY)).json()["data"]
            for _ in range(3)
        ]
        page = {"type": 4, "page": 1, "page_size": 2}
        link = "/open/v1/ai_creation/task/page"
        body = (await client.post(link, headers=headers, json=page)).json()["data"]
        assert shape(body["page_info"]) == dict.fromkeys(
            ("page", "size", "total_count", "total_page"), "int"
        )
        assert (body["total"], body["page_info"]["total_page"], len(body["list"])) == (3, 2, 2)
        chosen = {**page, "page_size": 50, "unique_ids": [made[2], made[0], "unknown"]}
        body = (await client.post(link, headers=headers, json=chosen)).json()["data"]
        assert {row["unique_id"] for row in body["list"]} == {made[0], made[2]}
        other = {"access_token": await chanjing_token(client, "another app")}
        assert (await client.post(link, headers=other, json=page)).json()["data"]["total"] == 0
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
            put = await client.put(
                target["sign_url"], content=picture, headers={"Content-Type": media_type}
            )
            assert put.status_code == status
        detail = f"/open/v1/common/file_detail?id={target['file_id']}"
        assert (await client.get(detail, headers=headers)).json()["data"]["status"] == 0
        wall.time += 60
        assert (await client.get(detail, headers=headers)).json()["data"]["status"] == 1
        body = {**CHANJING_BODY, "start_frame": target["full_path"], "end_frame": ""}
        made = await client.post(CHANJING, headers=headers, json=body)
        task = simulator.tasks[made.json()["data"]]
        assert simulator.load_frame(task.first_frame) == picture
        wall.time += 15 * 60
        late = await client.put(
            target["sign_url"], content=picture, headers={"Content-Type": "image/png"}
        )
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
        reply = await client.post(CHANJING, headers=headers, json={**CHANJING_BODY, **change})
        assert reply.status_code == 200
        assert set(reply.json()) == {"trace_id", "code", "msg", "data"}
        assert reply.json()["code"] == code
        assert simulator.charged == {}

    with_client(talk)


def test_chanjing_credentials() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for headers in ({}, {"access_token": "not issued here"}):
            reply = await client.post(CHANJING, headers=headers, json=CHANJING_BODY)
            assert (reply.status_code, reply.json()["code"]) == (200, 10400)
        reply = await client.post(
            "/open/v1/access_token", json={"app_id": "wrong-key", "secret_key": "s"}
        )
        assert (reply.status_code, reply.json()["code"]) == (200, 10400)
        poor = {"access_token": await chanjing_token(client, "no-balance", "no-balance")}
        reply = await client.post(CHANJING, headers=poor, json=CHANJING_BODY)
        assert (reply.status_code, reply.json()["code"]) == (200, 40002)
        assert simulator.charged == {}

    with_client(talk)


# xCompute, seed 003

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


@pytest.mark.parametrize("flat", [False, True])
def test_xcompute_page(flat: bool) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await client.post(XCOMPUTE, headers=TOKEN, json=XCOMPUTE_SUBMIT)
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
        made = await client.post(XCOMPUTE, headers=TOKEN, json=scenario)
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
        reply = await client.post(XCOMPUTE, headers=headers, json={**XCOMPUTE_SUBMIT, **change})
        assert reply.status_code == status
        words, kind = XCOMPUTE_ERRORS[status]
        error = reply.json()["error"]
        assert shape(error) == {"code": "int", "message": "str", "type": "str"}
        assert (error["code"], error["type"]) == (status, kind)
        # A 400 says in addition what is wrong.
        assert error["message"] == words or (status == 400 and error["message"].startswith(words))
        assert simulator.charged == {}

    with_client(talk, faults=faults)
