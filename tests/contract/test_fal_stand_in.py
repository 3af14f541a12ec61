"""fal's stand-in against its pages. Numbers in brackets are rows of the complaints that are replayed
(reference on more providers, 3)."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from hailuo_nb.simulator.dialects.fal import RESULT_SECONDS
from tests.contract.simulator import Wall, data_url, finish, png, until, with_client

KEY = {"Authorization": "Key any-key"}
TEXT = "/fal-ai/minimax/hailuo-2.3/standard/text-to-video"
IMAGE = "/fal-ai/minimax/hailuo-02/standard/image-to-video"
LINK = "https://a.example/1.jpg"


async def submitted(client: httpx2.AsyncClient, path: str = TEXT, **body: Any) -> dict[str, Any]:
    answer = await client.post(path, headers=KEY, json={"prompt": "A cat"} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_202_while_it_waits_and_200_when_it_is_over() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        first, second = await submitted(client), await submitted(client)
        assert first["queue_position"] in {0, 1}
        assert {"request_id", "response_url", "status_url", "cancel_url", "status"} < set(second)
        waiting = await client.get(second["status_url"], headers=KEY)
        assert (waiting.status_code, waiting.json()["status"]) == (202, "IN_QUEUE")
        early = await client.get(second["response_url"], headers=KEY)
        assert (early.status_code, early.json()) == (
            400,
            {"detail": "Request is still in progress"},
        )
        wall.time = simulator.tasks[second["request_id"]].starts
        running = await client.get(second["status_url"], params={"logs": "1"}, headers=KEY)
        assert (running.status_code, running.json()["status"]) == (202, "IN_PROGRESS")
        await finish(client, wall, simulator)
        done = await client.get(second["status_url"], headers=KEY)
        assert (done.status_code, done.json()["status"]) == (200, "COMPLETED")
        assert done.json()["metrics"]["inference_time"] > 0
        video = (await client.get(second["response_url"], headers=KEY)).json()["video"]
        assert set(video) == {"url", "content_type", "file_name", "file_size"}

    with_client(talk)


def test_the_endpoints_own_path_has_no_status() -> None:
    """[27]"""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client)
        wrong = await client.get(f"{TEXT}/requests/{made['request_id']}/status", headers=KEY)
        assert wrong.status_code == 405

    with_client(talk)


async def ended(
    client: httpx2.AsyncClient, wall: Wall, simulator: Any, made: dict[str, Any]
) -> tuple[dict[str, Any], httpx2.Response]:
    """The status and the result of a request, at its end."""
    await finish(client, wall, simulator)
    status = await client.get(made["status_url"], headers=KEY)
    assert (status.status_code, status.json()["status"]) == (200, "COMPLETED")
    return status.json(), await client.get(made["response_url"], headers=KEY)


@pytest.mark.parametrize(
    ("path", "body", "field", "kind"),
    [
        (TEXT, {"duration": "6s"}, "duration", "one_of"),  # Vercel's AI SDK sends this
        (TEXT, {"duration": 6}, "duration", "one_of"),
        (TEXT, {"duration": "8"}, "duration", "one_of"),
        (TEXT, {"prompt": ""}, "prompt", "missing"),
        (TEXT, {"prompt": "x" * 2001}, "prompt", "sequence_too_long"),
        (TEXT, {"prompt_optimizer": "yes"}, "prompt_optimizer", "bool_parsing"),
        (IMAGE, {}, "image_url", "missing"),
        (IMAGE, {"image_url": LINK, "resolution": "768p"}, "resolution", "one_of"),
        (IMAGE, {"image_url": "data:text/plain;base64,AAAA"}, "image_url", "image_load_error"),
        (IMAGE, {"image_url": data_url(png(200, 200))}, "image_url", "image_load_error"),
        ("/minimax/h3/reference-to-video", {}, "reference_image_urls", "missing"),
        (
            "/minimax/h3/reference-to-video",
            {"reference_image_urls": [LINK] * 10},
            "reference_image_urls",
            "sequence_too_long",
        ),
        (
            "/minimax/h3/reference-to-video",
            {"reference_video_urls": [LINK], "reference_audio_urls": ["data:audio/wav;,x"]},
            "reference_audio_urls",
            "file_download_error",
        ),
        ("/minimax/h3/text-to-video", {"duration": "5"}, "duration", "one_of"),
        ("/minimax/h3/text-to-video", {"duration": 4}, "duration", "one_of"),
        ("/minimax/h3/text-to-video", {"aspect_ratio": "2:1"}, "aspect_ratio", "one_of"),
    ],
)
def test_a_body_that_is_wrong_ends_the_request_when_its_turn_comes(
    path: str, body: dict[str, Any], field: str, kind: str
) -> None:
    """[38] The status does not say so, and the result is refused as 422; nothing is charged."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client, path, **body)
        status, result = await ended(client, wall, simulator, made)
        assert "error" not in status
        assert result.status_code == 422
        error = result.json()["detail"][0]
        assert (error["loc"], error["type"]) == (["body", field], kind)
        assert simulator.charged.get("fal", 0) == 0

    with_client(talk)


def test_what_an_endpoint_has_not_is_dropped_silently() -> None:
    """[49] OpenAI-style names and a ratio: the clip is made, and not as it was wanted."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client, video_length=10, aspect_ratio="9:16", resolution="1080P")
        _, result = await ended(client, wall, simulator, made)
        assert result.status_code == 200
        task = simulator.tasks[made["request_id"]]
        assert (task.seconds, task.width, task.height) == (6, 1366, 768)

    with_client(talk)


@pytest.mark.parametrize(
    ("path", "body", "size"),
    [
        ("text-to-video", {}, (2560, 1440)),
        ("text-to-video", {"aspect_ratio": "9:16", "resolution": "768P"}, (768, 1366)),
        ("image-to-video", {"image_url": data_url(png(400, 400))}, (1440, 1440)),
    ],
)
def test_the_shape_of_h3s_clips(path: str, body: dict[str, Any], size: tuple[int, int]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client, f"/minimax/h3/{path}", **body)
        task = simulator.tasks[made["request_id"]]
        assert (task.width, task.height, task.sound) == (*size, True)
        assert task.seconds == 124 / 24  # 17 n + 5 frames for 5 s

    with_client(talk)


def test_both_shapes_of_a_failure() -> None:
    async def broken(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        status, result = await ended(client, wall, simulator, await submitted(client))
        assert status["error_type"] == "runner_disconnected"
        assert (result.status_code, result.headers["x-fal-error-type"]) == (
            503,
            "runner_disconnected",
        )
        assert isinstance(result.json()["detail"], str)

    async def flagged(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        status, result = await ended(client, wall, simulator, await submitted(client))
        assert "error" not in status
        assert (result.status_code, result.headers["x-fal-retryable"]) == (422, "false")
        assert result.json()["detail"][0]["type"] == "content_policy_violation"

    with_client(broken, faults=["fail_task"])
    with_client(flagged, faults=["moderation"])


def test_a_time_to_start_that_a_client_sets() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        headers = KEY | {"X-Fal-Request-Timeout": "0.5"}
        made = (await client.post(TEXT, headers=headers, json={"prompt": "A cat"})).json()
        waiting = await client.get(made["status_url"], headers=KEY)
        assert waiting.json()["status"] == "IN_QUEUE"
        wall.time += 1
        status = await client.get(made["status_url"], headers=KEY)
        assert status.json()["error_type"] == "request_timeout"
        result = await client.get(made["response_url"], headers=KEY)
        assert (result.status_code, result.headers["x-fal-request-timeout-type"]) == (504, "user")
        assert simulator.charged["fal"] == 0

    with_client(talk)


def test_an_hour_after_its_end_a_request_is_gone() -> None:
    """[54]"""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client)
        await ended(client, wall, simulator, made)
        wall.time += RESULT_SECONDS + 1
        for name in ("status_url", "response_url"):
            assert (await client.get(made[name], headers=KEY)).status_code == 404

    with_client(talk)


def test_the_stand_in_cancels_what_waits_and_asks_what_runs() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        waiting, running, made = [await submitted(client) for _ in range(3)]
        assert simulator.charged["fal"] == 3
        answer = await client.put(waiting["cancel_url"], headers=KEY)
        assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
        assert simulator.charged["fal"] == 2
        wall.time = simulator.tasks[running["request_id"]].starts
        answer = await client.put(running["cancel_url"], headers=KEY)
        assert (answer.status_code, answer.json()["status"]) == (202, "CANCELLATION_REQUESTED")
        for one in (waiting, running):
            status = (await client.get(one["status_url"], headers=KEY)).json()
            assert (status["status"], status["error_type"]) == ("COMPLETED", "client_cancelled")
        wall.time += 600
        await finish_one(simulator, made["request_id"])
        answer = await client.put(made["cancel_url"], headers=KEY)
        assert (answer.status_code, answer.json()["status"]) == (400, "ALREADY_COMPLETED")
        unknown = made["cancel_url"].replace(made["request_id"], "none")
        answer = await client.put(unknown, headers=KEY)
        assert (answer.status_code, answer.json()) == (404, {"status": "NOT_FOUND"})

    with_client(talk)


async def finish_one(simulator: Any, request_id: str) -> None:
    """Wait until the clip of a request is drawn."""
    await until(lambda: simulator.status(simulator.tasks[request_id]).state == "done")


def test_a_request_is_that_of_its_own_app() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await submitted(client, "/minimax/h3/text-to-video")
        assert f"/minimax/h3/requests/{made['request_id']}" in made["status_url"]
        other = made["status_url"].replace("/minimax/h3/", "/fal-ai/minimax/")
        assert (await client.get(other, headers=KEY)).status_code == 404
        assert (await client.post("/fal-ai/minimax/hailuo-2.3", headers=KEY)).status_code == 404
        bearer = {"Authorization": "Bearer any-key"}
        assert (await client.get(made["status_url"], headers=bearer)).status_code == 401

    with_client(talk)
