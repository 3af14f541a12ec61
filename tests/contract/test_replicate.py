"""Replicate: what its adapter sends and reads, what its list proves, and what its stand-in answers.
Numbers in brackets are rows of the complaints that are replayed (reference on more providers, 3)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from hailuo_nb.catalog import check
from hailuo_nb.providers.base import Call, Progress, Reply
from hailuo_nb.providers.replicate.adapter import Replicate
from hailuo_nb.providers.task_list import CanFind, Found
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.advice import advice_for
from hailuo_nb.simulator.dialects.replicate import DATA_SECONDS
from tests.contract.drive import drive, receipts, recorded, refused, reply
from tests.contract.simulator import Wall, data_url, finish, png, with_client

REPLICATE = Replicate()
TASK = "gm3qorzdhgbfurvjtvhg6dckhu"
(RECEIPT,) = receipts(REPLICATE, TASK)
BASE = "https://api.replicate.com/v1/predictions"
CAT = VideoRequest("A cat runs on grass [Push in]", "MiniMax-Hailuo-2.3")
START, END = Frame("a", url="https://a.example/1.jpg"), Frame("b", url="https://b.example/2.jpg")
KEY = {"Authorization": "Bearer any-key"}
PATH = "/v1/models/minimax/{}/predictions"


def sent(request: VideoRequest) -> Call:
    """The one call of a submit."""
    calls, receipt = drive(REPLICATE.submit(request), [reply("replicate", "submitted")])
    assert receipt.task_id == TASK
    assert receipt.links == {"status": f"{BASE}/{TASK}", "cancel": f"{BASE}/{TASK}/cancel"}
    (call,) = calls
    assert (call.method, call.charges, call.sign, call.headers) == ("POST", True, True, {})
    return call


def look(answer: Reply) -> Progress:
    calls, (progress,) = drive(REPLICATE.poll([RECEIPT]), [answer])
    assert [(call.method, call.url) for call in calls] == [("GET", RECEIPT.links["status"])]
    return progress


# What is sent


@pytest.mark.parametrize(
    ("fields", "name", "given"),
    [
        ({}, "hailuo-2.3", {"duration": 6, "resolution": "768p"}),
        ({"duration": 10}, "hailuo-2.3", {"duration": 10, "resolution": "768p"}),
        ({"resolution": "1080P"}, "hailuo-2.3", {"duration": 6, "resolution": "1080p"}),  # [48]
        (
            {"first_frame": START, "prompt_optimizer": False},
            "hailuo-2.3",
            {
                "duration": 6,
                "resolution": "768p",
                "first_frame_image": START.url,  # [46] not `image`, not `start_frame`
                "prompt_optimizer": False,
            },
        ),
        (
            {"model": "MiniMax-Hailuo-02", "first_frame": START, "last_frame": END},
            "hailuo-02",
            {
                "duration": 6,
                "resolution": "768p",  # named, as 1080p is the default there
                "first_frame_image": START.url,
                "last_frame_image": END.url,
            },
        ),
        (
            {"model": "MiniMax-Hailuo-02-Fast", "first_frame": START, "resolution": "512P"},
            "hailuo-02-fast",
            {"duration": 6, "first_frame_image": START.url},
        ),
    ],
)
def test_the_input_of_each_model(fields: dict[str, Any], name: str, given: dict[str, Any]) -> None:
    call = sent(CAT.but(**fields))
    assert call.url == PATH.format(name)
    assert call.json == {"input": {"prompt": "A cat runs on grass [Push in]"} | given}


def test_a_picture_over_what_the_page_advises_has_a_smaller_one_beside_it() -> None:
    """[43] A frame of 4K: a quarter of a megabyte is advised for what comes within the request."""
    import io

    from PIL import Image

    noise = Image.effect_noise((1536, 2728), 60).convert("RGB")
    target = io.BytesIO()
    noise.save(target, "PNG")
    found = check(CAT.but(first_frame=Frame.of(target.getvalue())), "replicate")
    (problem,) = (one for one in found if one.field == "first_frame")
    assert (problem.severity, problem.code) == ("warning", "picture_bytes_advised")
    assert "Replicate advises 262,144 bytes" in problem.message
    assert problem.nearest is not None
    assert problem.nearest.first_frame is not None
    assert len(problem.nearest.first_frame.data or b"") <= 256 * 1024


# What a prediction says of itself


def test_the_wait_that_is_in_the_text() -> None:
    """[6]"""
    for flow in (REPLICATE.submit(CAT), REPLICATE.poll([RECEIPT])):
        error = refused(flow, [reply("replicate", "error_throttled")])
        assert (error.kind, error.retry_after) == ("rate", 30)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("starting", "queued"),
        ("processing", "running"),
        ("succeeded", "succeeded"),
        ("failed", "failed"),
        ("canceled", "cancelled"),
        ("aborted", "failed"),
        ("paused", "running"),
    ],
)
def test_its_words(word: str, state: str) -> None:
    """[23] `aborted` is no word of its own client's type, and an end."""
    assert look(reply("replicate", "submitted", status=word)).state == state


def test_what_an_end_costs_is_told_by_its_page() -> None:
    assert "(aborted) is not charged" in advice_for("failed", "server", "replicate")
    assert "cancelled while it runs is charged" in advice_for("cancelled", None, "replicate")


def test_a_prediction_that_is_stuck_says_why() -> None:
    """[28] Its logs warn, its cancelling is refused, then nobody knows it."""
    assert "Moderation check failed" in look(reply("replicate", "stuck")).note
    answer = Reply(400, b'{"detail": "Prediction cannot be canceled", "status": 400}')
    error = refused(REPLICATE.cancel(RECEIPT), [answer])
    assert (error.kind, error.message) == ("invalid", "Prediction cannot be canceled")
    assert drive(REPLICATE.poll([RECEIPT]), [reply("replicate", "no_task")])[1] == []


def test_an_hour_later_the_clip_is_gone() -> None:
    """[54] The prediction is known and its clip is removed: none will come."""
    assert drive(REPLICATE.poll([RECEIPT]), [reply("replicate", "removed")])[1] == []
    kept = reply("replicate", "succeeded", data_removed=True)
    assert look(kept).state == "succeeded"
    failed = reply("replicate", "removed", status="failed")
    assert look(failed).state == "failed"


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_at_a_look_shows_its_cause(status: int) -> None:
    """[24]"""
    body = b'{"title": "Unauthenticated", "detail": "You did not pass a valid token"}'
    error = refused(REPLICATE.poll([RECEIPT]), [Reply(status, body)])
    assert error.message == "You did not pass a valid token"
    assert error.kind == ("auth" if status == 401 else "permission")


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("canceled", "cancelled"),
        ("aborted", "cancelled"),
        ("processing", "requested"),
        ("starting", "requested"),
        ("succeeded", "too_late"),
        ("failed", "too_late"),
    ],
)
def test_cancelling(word: str, outcome: str) -> None:
    calls, found = drive(REPLICATE.cancel(RECEIPT), [reply("replicate", "submitted", status=word)])
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("POST", RECEIPT.links["cancel"], False)
    assert found == outcome


# A lost prediction

SINCE, UNTIL = 1_795_860_000.0, 1_795_860_600.0
WITHIN = SINCE + 100


def at(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def entry(number: int, created: Any = WITHIN, **fields: Any) -> dict[str, Any]:
    given = {"prompt": CAT.prompt, "duration": 6, "resolution": "768p"} | fields
    shown = at(created) if isinstance(created, float) else created
    body: dict[str, Any] = recorded("replicate", "submitted")["body"]
    return body | {"id": f"id-{number}", "created_at": shown, "input": given}


def page(*entries: Any, following: str | None = None) -> Reply:
    return reply("replicate", "list", results=list(entries), next=following)


def find(*answers: Reply, request: VideoRequest = CAT) -> tuple[list[Call], Found]:
    assert isinstance(REPLICATE, CanFind)
    return drive(REPLICATE.find(request, SINCE, UNTIL), answers)


def ids(tasks: Any) -> list[str]:
    return [task.task_id for task in tasks]


def test_certain_are_those_that_agree_in_every_field_and_in_time() -> None:
    calls, found = find(
        page(
            entry(1),
            entry(2, prompt_optimizer=True),  # its default, that nobody set
            entry(3, prompt_optimizer=False),
            entry(4, prompt="A dog"),
            entry(5, duration=10),
            entry(6, first_frame_image="https://a.example/1.jpg"),
            entry(7, SINCE - 1),
            entry(8, UNTIL + 1),
            entry(9) | {"model": "black-forest-labs/flux-schnell"},
        )
    )
    assert ids(found.certain) == ["id-1", "id-2"]
    assert ids(found.possible) == ["id-3", "id-4", "id-5", "id-6"]
    assert (found.certain[0].created_at, found.doubt) == (WITHIN, "")
    (call,) = calls
    assert (call.method, call.url) == ("GET", "/v1/predictions")
    assert call.params == {"created_after": at(SINCE), "created_before": at(UNTIL)}


@pytest.mark.parametrize(
    "altered",
    [
        {"input": {}, "data_removed": True},
        {"input": None},
        {"model": ""},
        {"created_at": None},
        {"created_at": "2026-11-28T10:00:00"},
        {"created_at": "soon"},
    ],
)
def test_an_entry_whose_data_is_gone_may_be_it(altered: dict[str, Any]) -> None:
    found = find(page(entry(1) | altered))[1]
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-1"])


def test_a_frame_as_a_link_is_compared_and_one_within_the_request_cannot_be() -> None:
    linked = CAT.but(first_frame=START)
    shown = entry(1, first_frame_image=START.url)
    other = entry(2, first_frame_image=END.url)
    assert ids(find(page(shown, other), request=linked)[1].certain) == ["id-1"]
    inline = CAT.but(first_frame=Frame.of(png()))
    stored = entry(3, first_frame_image="https://replicate.delivery/pbxt/a.png")
    found = find(page(stored), request=inline)[1]
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-3"])


def test_pages_are_turned_until_only_older_ones_can_follow() -> None:
    first = page(entry(1, UNTIL), following=f"{BASE}?cursor=a")
    second = page(entry(2, WITHIN), entry(3, SINCE - 5), following=f"{BASE}?cursor=b")
    third = page(entry(4, SINCE - 10), following=f"{BASE}?cursor=c")
    calls, found = find(first, second, third)
    assert [call.url for call in calls[1:]] == [f"{BASE}?cursor=a", f"{BASE}?cursor=b"]
    assert ids(found.certain) == ["id-1", "id-2"]


def test_an_empty_list_proves_that_it_was_not_taken() -> None:
    assert find(page())[1] == Found()


def test_an_entry_without_an_id_is_a_doubt() -> None:
    found = find(page(entry(1), {"created_at": at(WITHIN)}, None))[1]
    assert (ids(found.certain), bool(found.doubt)) == (["id-1"], True)


@pytest.mark.parametrize("results", [None, {}, "", 7])
def test_a_list_of_another_shape_is_an_error(results: Any) -> None:
    flow = REPLICATE.find(CAT, SINCE, UNTIL)
    assert refused(flow, [reply("replicate", "list", results=results)]).kind == "protocol"


def test_half_a_search_proves_nothing() -> None:
    endless = [page(entry(n), following=f"{BASE}?cursor={n}") for n in range(100)]
    assert refused(REPLICATE.find(CAT, SINCE, UNTIL), endless).kind == "protocol"
    flow = REPLICATE.find(CAT, SINCE, UNTIL)
    throttled = reply("replicate", "error_throttled")
    assert refused(flow, [page(entry(1), following=f"{BASE}?cursor=a"), throttled]).kind == "rate"


# The stand-in


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
        ("hailuo-2.3", {"image": START.url}),  # [46] Vercel's AI SDK sends these two
        ("hailuo-2.3", {"size": "1280x720"}),
        ("hailuo-2.3", {"start_frame": START.url}),
        ("hailuo-2.3", {"aspect_ratio": "9:16"}),  # [49]
        ("hailuo-2.3", {"video_length": 10}),
        ("hailuo-2.3", {"resolution": "1080P"}),  # [48]
        ("hailuo-2.3", {"duration": "6"}),
        ("hailuo-2.3", {"duration": 10, "resolution": "1080p"}),
        ("hailuo-02", {"duration": 10}),  # 1080p is the default
        ("hailuo-02", {"duration": 10, "resolution": "512p"}),
        ("hailuo-2.3", {"last_frame_image": END.url}),
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
        wall.time += 600
        for _ in range(500):
            if (await state(client, made))["status"] == "succeeded":
                break
            await asyncio.sleep(0.005)
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


def test_a_lost_prediction_is_found_in_the_stand_in() -> None:
    """The list, over HTTP: what the adapter asks for is what the stand-in shows."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        lost = await created(client, prompt=CAT.prompt, duration=6, resolution="768p")
        await created(client, prompt="A dog", duration=6, resolution="768p")
        flow = REPLICATE.find(CAT, wall.time - 60, wall.time + 60)
        call = next(flow)
        try:
            while True:
                answer = await client.request(
                    call.method, call.url, params=dict(call.params) or None, headers=KEY
                )
                call = flow.send(Reply(answer.status_code, answer.content))
        except StopIteration as end:
            assert ids(end.value.certain) == [lost["id"]]
            assert len(end.value.possible) == 1

    with_client(talk)
