"""The simulator against MiniMax's pages: V1 and V2, and its two regions.

Requests and answers are typed here from the pages, not from the adapter.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.contract.simulator import Wall, data_url, finish, png, shape, with_client

V1, QUERY_1, FILE = "/v1/video_generation", "/v1/query/video_generation", "/v1/files/retrieve"
V2, QUERY_2 = "/v2/video_generation", "/v2/query/video_generation"
REGENERATE = "/v2/video_regeneration"
KEY = {"Authorization": "Bearer your_api_key"}
OK = {"status_code": 0, "status_msg": "success"}

TEXT_V1 = {
    "model": "MiniMax-Hailuo-2.3",
    "prompt": "A man picks up a book [Pedestal up], then reads [Static shot].",
    "duration": 6,
    "resolution": "1080P",
}
TEXT_V2: dict[str, Any] = {
    "model": "MiniMax-H3",
    "content": [{"type": "text", "text": "A boy playing basketball by the sea"}],
    "resolution": "2K",
    "duration": 5,
    "ratio": "16:9",
}
TASK_V2 = {
    "id": "", "model": "", "status": "", "created_at": 1, "updated_at": 1, "content": {"url": ""},
    "resolution": "", "duration": 1, "ratio": "", "task_type": "", "modality": "",
    "usage": {
        "total_seconds": 1, "input_seconds": 1, "output_seconds": 1, "input_image_count": 1,
    },
}  # fmt: skip


async def submitted(client: httpx2.AsyncClient, path: str, body: Any, key: Any = KEY) -> str:
    reply = await client.post(path, json=body, headers=key)
    assert reply.status_code == 200, reply.text
    return str(reply.json()["task_id"])


def test_v1_from_the_pages_request_to_the_clip() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(V1, json=TEXT_V1, headers=KEY)
        assert shape(reply.json()) == shape({"task_id": "1", "base_resp": OK})
        task_id = reply.json()["task_id"]

        async def look() -> dict[str, Any]:
            got = await client.get(QUERY_1, params={"task_id": task_id}, headers=KEY)
            found: dict[str, Any] = got.json()
            return found

        assert (await look())["status"] == "Queueing"
        await finish(client, wall, simulator)
        done = await look()
        assert (done["status"], type(done["file_id"])) == ("Success", str)
        assert (done["video_width"], done["video_height"]) == (1920, 1080)
        params = {"file_id": done["file_id"]}
        file = (await client.get(FILE, params=params, headers=KEY)).json()
        assert file["base_resp"] == OK
        assert type(file["file"]["file_id"]) is int
        assert file["file"].keys() == {
            "file_id", "bytes", "created_at", "filename", "purpose", "download_url",
        }  # fmt: skip
        clip = await client.get(file["file"]["download_url"])  # without the key
        assert clip.status_code == 200
        wall.time += 3601
        assert (await client.get(file["file"]["download_url"])).status_code == 403
        raw = await client.get("/v1/files/retrieve_content", params=params, headers=KEY)
        assert raw.content == clip.content
        assert (await client.get("/v1/files/retrieve_content", params=params)).json()["base_resp"]

    with_client(talk)


def test_a_success_may_be_there_before_its_file() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = await submitted(client, V1, TEXT_V1)
        await finish(client, wall, simulator)
        looks = [
            (await client.get(QUERY_1, params={"task_id": task_id}, headers=KEY)).json()
            for _ in range(2)
        ]
        assert [look["status"] for look in looks] == ["Success", "Success"]
        assert [bool(look["file_id"]) for look in looks] == [False, True]

    with_client(talk, faults=["late_file"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"duration": 10}, 2013),  # with 1080P
        ({"model": "MiniMax-H3"}, 2013),
        ({"model": "MiniMax-Hailuo-2.3-Fast"}, 2013),  # without a frame
        ({"resolution": "512P"}, 2013),
        ({"resolution": "1080p"}, 2013),
        ({"duration": "6"}, 2013),
        ({"prompt": ""}, 2013),
        ({"prompt": "x" * 2001}, 2013),
        ({"last_frame_image": "https://a.example/2.png"}, 2013),  # 02 alone takes it
        ({"prompt_optimizer": "true"}, 2013),
    ],
)
def test_v1_refuses_inside_http_200(changes: dict[str, Any], code: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        reply = await client.post(V1, json=TEXT_V1 | changes, headers=KEY)
        assert reply.status_code == 200
        assert reply.json()["base_resp"]["status_code"] == code
        assert simulator.charged == {}

    with_client(talk)


def test_v1_frames() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body = TEXT_V1 | {"model": "MiniMax-Hailuo-02", "first_frame_image": data_url(png())}
        assert await submitted(client, V1, body | {"resolution": "512P", "duration": 10})
        both = body | {"last_frame_image": data_url(png())}
        assert await submitted(client, V1, both)
        reply = await client.post(V1, json=both | {"resolution": "512P"}, headers=KEY)
        assert reply.json()["base_resp"]["status_code"] == 2013

    with_client(talk)


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("minimax", "cn-key", 2049),
        ("minimax", "io-key", 0),
        ("minimax-cn", "io-key", 2049),
        ("minimax-cn", "cn-key", 0),
        ("minimax", "wrong-key", 2049),
        ("minimax", "no-balance", 1008),
        ("minimax", "", 1004),
    ],
)
def test_a_key_belongs_to_one_region(name: str, key: str, code: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = await client.post(f"/{name}{V1}", json=TEXT_V1, headers=headers)
        assert reply.json()["base_resp"]["status_code"] == code
        other = await client.post(f"/{name}{V2}", json=TEXT_V2, headers=headers)
        assert other.status_code == {0: 200, 1008: 402}.get(code, 401)
        if code:
            assert f"({code})" in other.json()["error"]["message"]

    with_client(talk)


@pytest.mark.parametrize("host", ["api.minimaxi.com", "api.minimax.cn"])
def test_at_its_own_host_it_is_china(host: str) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = {"Authorization": "Bearer io-key", "Host": host}
        reply = await client.post(V1, json=TEXT_V1, headers=headers)
        assert reply.json()["base_resp"]["status_code"] == 2049

    with_client(talk, hosts=["*"])


# V2


def test_v2_from_the_pages_request_to_the_clip() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = await submitted(client, V2, TEXT_V2)
        waiting = (await client.get(f"{QUERY_2}/{task_id}", headers=KEY)).json()["task"]
        assert (waiting["status"], waiting["usage"]) == ("queued", {})
        await finish(client, wall, simulator)
        task = (await client.get(f"{QUERY_2}/{task_id}", headers=KEY)).json()["task"]
        assert shape(task) == shape(TASK_V2)
        assert (task["status"], task["duration"], task["ratio"]) == ("succeeded", 5, "16:9")
        assert (await client.get(task["content"]["url"])).status_code == 200
        (made,) = simulator.tasks.values()
        assert (made.width, made.height, made.sound) == (2560, 1440, True)
        assert round(made.seconds * 24) == 124  # measured of MiniMax's own clips of 5 s

    with_client(talk)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [("16:9", (1344, 768)), ("9:16", (768, 1344)), ("1:1", (768, 768)), ("21:9", (1536, 672))],
)
def test_h3_at_768p_is_what_may_be_regenerated(ratio: str, size: tuple[int, int]) -> None:
    """Both sides divisible by 32, 589,824 to 1,032,192 pixels: the page on regeneration."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        await submitted(client, V2, TEXT_V2 | {"resolution": "768P", "ratio": ratio})
        (made,) = simulator.tasks.values()
        assert (made.width, made.height) == size
        assert 768 * 768 <= made.width * made.height <= 768 * 1344
        assert made.width % 32 == made.height % 32 == 0

    with_client(talk)


def item(kind: str, role: str, url: str = "https://a.example/1") -> dict[str, Any]:
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


TEXT = TEXT_V2["content"][0]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"ratio": None}, 400),
        ({"ratio": "adaptive"}, 400),
        ({"resolution": "1080P"}, 400),
        ({"duration": 3}, 400),
        ({"duration": 15}, 200),
        ({"duration": 16}, 400),
        ({"model": "MiniMax-H3-Max"}, 400),  # no 2K
        ({"model": "MiniMax-H3-Max", "resolution": "480P"}, 200),
        ({"model": "MiniMax-H3-Max", "resolution": "480P", "duration": 4}, 400),
        ({"model": "MiniMax-Hailuo-2.3"}, 400),
        ({"content": []}, 400),
        ({"content": [{"type": "text", "text": "x" * 7001}]}, 400),
        ({"content": [TEXT, item("image", "first_frame")], "ratio": "adaptive"}, 200),
        ({"content": [TEXT, item("image", "last_frame")], "ratio": None}, 200),
        ({"content": [TEXT, *[item("image", "first_frame")] * 2]}, 400),
        ({"content": [TEXT, *[item("image", "reference_image")] * 9]}, 200),
        ({"content": [TEXT, *[item("image", "reference_image")] * 10]}, 400),
        ({"content": [TEXT, *[item("video", "reference_video")] * 4]}, 400),
        ({"content": [TEXT, item("audio", "reference_audio")], "ratio": None}, 400),
        (
            {
                "content": [TEXT, *[item("image", "reference_image")] * 9]
                + [item("video", "reference_video")] * 3
                + [item("audio", "reference_audio")],
            },
            400,
        ),
        ({"content": [TEXT, item("image", "first_frame"), item("image", "reference_image")]}, 400),
        ({"content": [TEXT, item("video", "reference_image")]}, 400),
        ({"content": [TEXT, item("video", "base_video")]}, 400),
        ({"content": [TEXT, item("image", "first_frame", "file:///etc/passwd")]}, 400),
        ({"content": [TEXT, item("image", "first_frame", data_url(png(255, 400)))]}, 400),
        ({"content": [TEXT, item("image", "first_frame", data_url(png(300, 300)))]}, 200),
    ],
)
def test_v2_takes_what_its_page_says(changes: dict[str, Any], status: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body = {name: value for name, value in (TEXT_V2 | changes).items() if value is not None}
        reply = await client.post(V2, json=body, headers=KEY)
        assert reply.status_code == status, reply.text
        if status == 400:
            assert reply.json()["error"]["type"] == "bad_request_error"
            assert reply.json()["error"]["message"].endswith("(2013)")

    with_client(talk)


def test_h3_max_takes_references_in_china() -> None:
    body = TEXT_V2 | {
        "model": "MiniMax-H3-Max",
        "resolution": "768P",
        "content": [TEXT, item("image", "reference_image")],
        "extra": {"prompt_expansion_mode": "quality"},
    }

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for name, status in (("minimax", 400), ("minimax-cn", 200)):
            reply = await client.post(f"/{name}{V2}", json=body, headers=KEY)
            assert reply.status_code == status

    with_client(talk)


def test_the_list_has_pages_and_filters() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        ids = [await submitted(client, V2, TEXT_V2) for _ in range(3)]
        await submitted(client, V1, TEXT_V1)
        await submitted(client, V2, TEXT_V2, {"Authorization": "Bearer somebody-else"})

        async def listed(**params: Any) -> tuple[list[str], int]:
            body = (await client.get(QUERY_2, params=params, headers=KEY)).json()
            return [one["id"] for one in body["items"]], body["total"]

        assert await listed() == (ids[::-1], 3)
        assert await listed(page_num=2, page_size=2) == (ids[:1], 3)
        assert await listed(**{"filter.status": "succeeded"}) == ([], 0)
        assert await listed(**{"filter.task_ids": ids[:2]}) == (ids[1::-1], 2)
        bad = await client.get(QUERY_2, params={"page_num": "0"}, headers=KEY)
        assert bad.status_code == 400
        wall.time += 7 * 86400 + 1
        assert await listed() == ([], 0)
        gone = await client.get(f"{QUERY_2}/{ids[0]}", headers=KEY)
        assert (gone.status_code, "invalid task_id" in gone.text) == (400, True)

    with_client(talk)


def test_delete_cancels_what_is_queued_and_deletes_what_has_ended() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        first, second = [await submitted(client, V2, TEXT_V2) for _ in range(2)]
        reply = await client.delete(f"{V2}/{first}", headers=KEY)
        assert reply.json() == {"task_id": first, "action": "cancelled", "status": "cancelled"}
        assert simulator.charged == {"minimax": 1}
        task = (await client.get(f"{QUERY_2}/{first}", headers=KEY)).json()["task"]
        assert (task["status"], "content" in task) == ("cancelled", False)
        assert (await client.delete(f"{V2}/{first}", headers=KEY)).status_code == 400
        running = simulator.tasks[second]
        wall.time = (running.starts + running.due) / 2
        assert (await client.delete(f"{V2}/{second}", headers=KEY)).status_code == 400
        await finish(client, wall, simulator)
        reply = await client.delete(f"{V2}/{second}", headers=KEY)
        assert reply.json()["action"] == "deleted"
        assert (await client.get(f"{QUERY_2}/{second}", headers=KEY)).status_code == 400

    with_client(talk)


def test_regeneration_by_task_or_by_clip() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        small = await submitted(client, V2, TEXT_V2 | {"resolution": "768P", "ratio": "9:16"})
        large = await submitted(client, V2, TEXT_V2)
        wanted = {"model": "MiniMax-H3", "source_task_id": small, "resolution": "2K"}
        early = await client.post(REGENERATE, json=wanted, headers=KEY)
        assert early.status_code == 400  # it has not ended
        await finish(client, wall, simulator)
        task_id = await submitted(client, REGENERATE, wanted)
        made = simulator.tasks[task_id]
        assert (made.width, made.height) == (1440, 2560)
        await finish(client, wall, simulator)
        task = (await client.get(f"{QUERY_2}/{task_id}", headers=KEY)).json()["task"]
        assert (task["status"], task["task_type"], task["ratio"]) == (
            "succeeded", "regeneration", "",
        )  # fmt: skip
        assert (task["resolution"], task["duration"]) == ("2K", 5)
        clip = {"content": [TEXT, item("video", "base_video")]}
        for changes, status in (
            ({"source_task_id": large}, 400),  # 2K already
            ({"source_task_id": "1"}, 400),
            ({"resolution": "768P"}, 400),
            (clip, 400),  # both
            (clip | {"source_task_id": None}, 200),
            ({"source_task_id": None}, 400),
        ):
            body = {name: one for name, one in (wanted | changes).items() if one is not None}
            reply = await client.post(REGENERATE, json=body, headers=KEY)
            assert reply.status_code == status, reply.text

    with_client(talk)


@pytest.mark.parametrize(("fault", "code"), [("moderation", "1026"), ("fail_task", "1000")])
def test_how_a_task_fails(fault: str, code: str) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        first, second = await submitted(client, V1, TEXT_V1), await submitted(client, V2, TEXT_V2)
        await finish(client, wall, simulator)
        old = (await client.get(QUERY_1, params={"task_id": first}, headers=KEY)).json()
        new = (await client.get(f"{QUERY_2}/{second}", headers=KEY)).json()["task"]
        assert (old["status"], new["status"]) == ("Fail", "failed")
        assert old["base_resp"]["status_code"] == (1027 if fault == "moderation" else 0)
        assert (new["error"]["code"], new["usage"]) == (code, {})
        assert simulator.charged == {}

    with_client(talk, faults=[fault])
