"""Replicate's stand-in against its pages. Numbers in brackets are rows of the complaints that are
replayed (reference on more providers, 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from hailuo_nb.simulator.dialects.replicate import DATA_SECONDS
from tests.contract.drive import recorded
from tests.contract.simulator import Wall, data_url, finish, png, with_client

KEY = {"Authorization": "Bearer any-key"}
PATH = "/v1/models/minimax/{}/predictions"
LINK = "https://a.example/1.png"


def at(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


async def created(
    client: httpx2.AsyncClient, name: str = "hailuo-2.3", cancel_after: str = "", **given: Any
) -> dict[str, Any]:
    headers = KEY | ({"Cancel-After": cancel_after} if cancel_after else {})
    body = {"input": {"prompt": "A cat"} | given}
    answer = await client.post(PATH.format(name), headers=headers, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state(client: httpx2.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(made["urls"]["get"], headers=KEY)).json()
    return found


def test_the_life_of_a_prediction() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        made = await created(client)
        assert set(recorded("replicate", "submitted")["body"]) == set(made)
        assert (made["status"], made["output"], made["error"]) == ("starting", None, None)
        wall.time = simulator.tasks[made["id"]].starts
        assert (await state(client, made))["status"] == "processing"
        await finish(client, wall, simulator)
        done = await state(client, made)
        assert (done["status"], done["data_removed"]) == ("succeeded", False)
        assert (await client.get(done["output"])).status_code == 200
        wall.time += DATA_SECONDS
        gone = await state(client, made)
        assert (gone["status"], gone["data_removed"]) == ("succeeded", True)
        assert (gone["output"], gone["input"]) == (None, {})

    with_client(talk)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("hailuo-2.3", {"image": LINK}),  # [46] Vercel's AI SDK sends these two
        ("hailuo-2.3", {"size": "1280x720"}),
        ("hailuo-2.3", {"start_frame": LINK}),
        ("hailuo-2.3", {"aspect_ratio": "9:16"}),  # [49]
        ("hailuo-2.3", {"video_length": 10}),
        ("hailuo-2.3", {"resolution": "1080P"}),  # [48]
        ("hailuo-2.3", {"duration": "6"}),
        ("hailuo-2.3", {"duration": 10, "resolution": "1080p"}),
        ("hailuo-02", {"duration": 10}),  # 1080p is the default
        ("hailuo-02", {"duration": 10, "resolution": "512p"}),
        ("hailuo-2.3", {"last_frame_image": LINK}),
        ("hailuo-2.3-fast", {}),
        ("hailuo-2.3", {"prompt": ""}),
        ("hailuo-2.3", {"first_frame_image": data_url(png(200, 200))}),
    ],
)
def test_what_a_model_has_not_is_refused(name: str, given: dict[str, Any]) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body = {"input": {"prompt": "A cat"} | given}
        answer = await client.post(PATH.format(name), headers=KEY, json=body)
        assert answer.status_code == 422
        said = answer.json()
        assert said["title"] == "Input validation failed"
        assert said["invalid_fields"][0]["description"] in said["detail"]
        assert simulator.tasks == {}

    with_client(talk)


def test_the_wait_stands_in_the_text_alone() -> None:
    """[6]"""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        answer = await client.get("/v1/predictions", headers=KEY)
        assert (answer.status_code, "retry-after" in answer.headers) == (429, False)
        assert answer.json()["detail"].startswith("Request was throttled. Your rate limit resets")

    with_client(talk, faults=["rate_limit"])


def test_the_list_has_the_newest_first_in_pages_of_a_hundred() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        start = wall.time
        for number in range(101):
            wall.time = start + number / 1000
            await created(client, prompt=f"Cat {number}")
        first = (await client.get("/v1/predictions", headers=KEY)).json()
        assert (len(first["results"]), first["previous"]) == (100, None)
        assert first["results"][0]["input"]["prompt"] == "Cat 100"
        second = (await client.get(first["next"], headers=KEY)).json()
        assert [one["input"]["prompt"] for one in second["results"]] == ["Cat 0"]
        assert second["next"] is None
        bounds = {"created_after": at(start + 0.0505), "created_before": at(start + 0.0525)}
        some = (await client.get("/v1/predictions", params=bounds, headers=KEY)).json()
        assert [one["input"]["prompt"] for one in some["results"]] == ["Cat 52", "Cat 51"]

    with_client(talk, speed=1e6)


def test_a_deadline_aborts_what_waits_and_cancels_what_runs() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        waiting = await created(client, cancel_after="1s")
        running = await created(client, cancel_after="1m")
        patient = await created(client, cancel_after="1h30m")
        assert {"deadline"} <= set(waiting)
        assert waiting["status"] == "starting"
        assert simulator.charged["replicate"] == 2  # what never begins costs nothing
        await finish(client, wall, simulator)
        words = [(await state(client, one))["status"] for one in (waiting, running, patient)]
        assert words == ["aborted", "canceled", "succeeded"]
        assert (await state(client, waiting))["output"] is None

    with_client(talk)


def test_the_stand_in_cancels() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        waiting, made = await created(client), await created(client)
        answer = await client.post(waiting["urls"]["cancel"], headers=KEY)
        assert (answer.status_code, answer.json()["status"]) == (200, "canceled")
        assert simulator.charged["replicate"] == 1
        await finish(client, wall, simulator)
        assert (await state(client, made))["status"] == "succeeded"
        answer = await client.post(made["urls"]["cancel"], headers=KEY)
        assert answer.json()["status"] == "succeeded"
        unknown = await client.post("/v1/predictions/none/cancel", headers=KEY)
        assert (unknown.status_code, unknown.json()["detail"]) == (
            404,
            "No prediction matches the given query.",
        )

    with_client(talk)


def test_other_ways_to_call_it() -> None:
    """The older scheme, and a prediction that names its model in the body."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        body = {"version": "minimax/hailuo-2.3", "input": {"prompt": "A cat"}}
        key = {"Authorization": "Token any-key"}
        answer = await client.post("/v1/predictions", headers=key, json=body)
        assert (answer.status_code, answer.json()["model"]) == (201, "minimax/hailuo-2.3")
        body["version"] = "minimax/none"
        assert (await client.post("/v1/predictions", headers=key, json=body)).status_code == 404

    with_client(talk)
