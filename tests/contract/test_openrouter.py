"""OpenRouter's adapter against replies typed from its pages, and the pages' calls at its stand-in."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from hailuo_nb.providers.base import Progress, Receipt, Reply
from hailuo_nb.providers.openrouter.adapter import OpenRouter
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.simulator import create_app
from tests.contract.drive import drive, page_request, refused, reply

OPENROUTER = OpenRouter()
CAT = VideoRequest("A cat runs on grass", "MiniMax-Hailuo-2.3", resolution="1080P")
H3 = VideoRequest("A cat runs on grass", "MiniMax-H3", resolution="2K", duration=5)
FIRST = Frame("a", url="https://a.example/1.png")
LAST = Frame("b", url="https://a.example/2.png")


def body_of(request: VideoRequest) -> dict[str, Any]:
    calls, receipt = drive(OPENROUTER.submit(request), [reply("openrouter", "submitted")])
    assert receipt == Receipt("abc123", {"status": "https://openrouter.ai/api/v1/videos/abc123"})
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("POST", "/api/v1/videos", True)
    assert isinstance(call.json, dict)
    return call.json


def look(answer: Reply) -> Progress:
    calls, (progress,) = drive(OPENROUTER.poll([Receipt("abc123")]), [answer])
    assert [(call.method, call.charges) for call in calls] == [("GET", False)]
    return progress


def address(task: Receipt) -> str:
    calls, _ = drive(OPENROUTER.poll([task]), [reply("openrouter", "pending", id=task.task_id)])
    return calls[0].url


# What is sent


def test_the_pages_own_requests() -> None:
    page = page_request("openrouter")
    first = Frame("f", url="https://example.com/first-frame.png")
    assert body_of(CAT.but(prompt=page["prompt"], first_frame=first)) == page
    page = page_request("openrouter", "page_request_references")
    style = Reference("picture", "s", url="https://example.com/style-ref.png")
    request = H3.but(prompt=page["prompt"], references=(style,), watermark=True)
    assert body_of(request) == page


def test_nothing_is_sent_that_nobody_set_save_the_ratio_of_a_prompt_alone() -> None:
    assert body_of(CAT.but(prompt="猫 [推进]")) == {
        "model": "minimax/hailuo-2.3",
        "prompt": "猫 [Push in]",
        "duration": 6,
        "resolution": "1080p",
    }
    assert body_of(H3) == {
        "model": "minimax/hailuo-3",
        "prompt": "A cat runs on grass",
        "duration": 5,
        "resolution": "2K",
        "aspect_ratio": "16:9",
    }
    assert body_of(H3.but(ratio="9:16"))["aspect_ratio"] == "9:16"
    assert "aspect_ratio" not in body_of(H3.but(first_frame=FIRST))


def test_options_are_those_of_the_maker() -> None:
    body = body_of(CAT.but(prompt_optimizer=False, fast_pretreatment=True))
    options = {"prompt_optimizer": False, "fast_pretreatment": True}
    assert body["provider"] == {"options": {"minimax": {"parameters": options}}}


def test_both_frames_of_h3() -> None:
    frames = body_of(H3.but(first_frame=FIRST, last_frame=LAST))["frame_images"]
    assert [(one["frame_type"], one["image_url"]["url"]) for one in frames] == [
        ("first_frame", "https://a.example/1.png"),
        ("last_frame", "https://a.example/2.png"),
    ]
    assert {one["type"] for one in frames} == {"image_url"}


@pytest.mark.parametrize(
    "request_",
    [
        CAT.but(resolution="768P"),
        CAT.but(last_frame=LAST),
        CAT.but(ratio="9:16"),
        CAT.but(references=(Reference("picture", "s", url="https://a.example/1.png"),)),
        H3.but(duration=4),
        H3.but(resolution="768P"),
    ],
)
def test_what_it_does_not_sell_is_not_sent(request_: VideoRequest) -> None:
    assert refused(OPENROUTER.submit(request_), []).kind == "invalid"


# Where a task is asked about


def test_the_address_is_the_one_that_was_given() -> None:
    whole = Receipt("abc123", {"status": "https://openrouter.ai/api/v1/videos/abc123?v=2"})
    assert address(whole) == "/api/v1/videos/abc123?v=2"
    _, receipt = drive(OPENROUTER.submit(CAT), [reply("openrouter", "submitted_relative")])
    assert address(receipt) == "/api/v1/videos/job-abc123"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://elsewhere.example/api/v1/videos/abc123",
        "//elsewhere.example/api/v1/videos/abc123",
        "https://openrouter.ai.elsewhere.example/api/v1/videos/abc123",
        "https://openrouter.ai@elsewhere.example/api/v1/videos/abc123",
        "https://openrouter.ai/api/v1/keys",
        "http://[::1/api/v1/videos/abc123",
    ],
)
def test_another_address_is_not_asked(link: str) -> None:
    """The key stays where it is, and so does the clip: the API reference names the path as well."""
    assert address(Receipt("abc123", {"status": link})) == "/api/v1/videos/abc123"
    assert address(Receipt("../keys?x=1", {"status": link})) == "/api/v1/videos/..%2Fkeys%3Fx%3D1"


# What is read


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", "queued"),
        ("in_progress", "running"),
        ("completed", "succeeded"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
        ("expired", "failed"),
        ("dreaming", "running"),
    ],
)
def test_status_words(word: str, state: str) -> None:
    progress = look(reply("openrouter", "completed", status=word))
    assert (progress.state, progress.word) == (state, word)


def test_the_link_is_the_signed_one_and_the_charge_is_told() -> None:
    progress = look(reply("openrouter", "completed"))
    assert progress.links == (
        "https://files.example/abc123.mp4?sign=1",
        "/api/v1/videos/abc123/content?index=0",
    )
    assert (progress.link_expires_at, progress.note) == (1790086400, "")
    assert (progress.charged_cost, progress.charged_currency) == (0.25, "USD")


@pytest.mark.parametrize("usage", [None, {}, {"cost": None}, {"cost": "soon"}, {"cost": -1}])
def test_a_charge_that_is_not_told_is_not_known(usage: Any) -> None:
    progress = look(reply("openrouter", "completed", usage=usage))
    assert (progress.charged_cost, progress.charged_currency) == (None, "")


def test_a_clip_behind_the_key_is_a_path_of_the_api() -> None:
    """Whatever the answer names: the reference documents `GET /api/v1/videos/{jobId}/content`."""
    page = reply("openrouter", "completed_unsigned")
    for answer in (page, reply("openrouter", "completed_unsigned", unsigned_urls=["https://x.y/"])):
        assert look(answer).links == ("/api/v1/videos/abc123/content?index=0",)
    assert OPENROUTER.content_path("../keys") == "/api/v1/videos/..%2Fkeys/content?index=0"


def test_an_error_inside_http_200_by_its_code() -> None:
    answer = Reply(200, b'{"error": {"code": 402, "message": "no"}}')
    error = refused(OPENROUTER.submit(CAT), [answer])
    assert (error.kind, error.message, error.code) == ("balance", "no", "402")


@pytest.mark.parametrize(
    "message", ["Video generation job not found", "Video not found", "Job abc123 does not exist"]
)
def test_a_job_that_is_not_there_is_left_out(message: str) -> None:
    body = reply("openrouter", "no_task", error={"code": 404, "message": message}).body
    assert drive(OPENROUTER.poll([Receipt("a")]), [Reply(404, body)])[1] == []


# The stand-in, as the pages call it


def ask(method: str, path: str, *, key: str = "any", **options: Any) -> httpx2.Response:
    app = create_app(renderer=lambda *_, **__: None)

    async def scene() -> httpx2.Response:
        transport = httpx2.ASGITransport(app)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers
        ) as client:
            return await client.request(method, path, **options)

    return asyncio.run(scene())


def test_the_catalogue_is_public_and_has_the_pages_fields() -> None:
    found = ask("GET", "/api/v1/videos/models", key="").json()["data"]
    by_name = {one["id"]: one for one in found}
    h3 = by_name["minimax/hailuo-3"]
    assert (h3["supported_resolutions"], h3["generate_audio"]) == (["2K"], True)
    assert h3["supported_durations"] == list(range(5, 16))
    assert h3["pricing_skus"] == {"duration_seconds": "0.13", "reference_images": "0.04"}
    assert by_name["minimax/hailuo-2.3"]["supported_frame_images"] == ["first_frame"]


def test_the_skills_smallest_request_is_taken() -> None:
    body = {"model": "minimax/hailuo-2.3", "prompt": "a golden retriever"}
    answer = ask("POST", "/api/v1/videos", json=body)
    assert answer.status_code == 202
    said = answer.json()
    assert set(said) == {"id", "polling_url", "status"}
    assert (said["status"], said["polling_url"]) == ("pending", f"/api/v1/videos/{said['id']}")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"duration": 7}, 400),
        ({"duration": "6"}, 400),
        ({"resolution": "768p"}, 400),
        ({"resolution": "1080P"}, 400),
        ({"aspect_ratio": "9:16"}, 400),
        ({"size": "720x480"}, 400),
        ({"size": "1920x1080"}, 202),
        ({"model": "minimax/hailuo-9"}, 404),
        (
            {"frame_images": [{"type": "image_url", "image_url": {"url": "https://a.example/"}}]},
            400,
        ),
        ({"frame_images": {"first_frame": "https://a.example/"}}, 400),
        ({"input_references": [{"type": "image_url", "image_url": {"url": "x"}}]}, 400),
        ({"provider": {"options": {"minimax": {"parameters": {"seed": 1}}}}}, 400),
        ({"provider": {"options": {"google-vertex": {"parameters": {"seed": 1}}}}}, 202),
    ],
)
def test_a_value_outside_the_models_lists_is_refused_at_once(change: Any, status: int) -> None:
    body = {"model": "minimax/hailuo-2.3", "prompt": "a cat", **change}
    answer = ask("POST", "/api/v1/videos", json=body)
    assert answer.status_code == status
    if status != 202:
        assert answer.json()["error"]["code"] == status
