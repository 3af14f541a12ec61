"""PPInfra's adapter against replies typed from its pages."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers.base import Progress
from hailuo_nb.providers.ppinfra.adapter import PPInfra
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, receipts, refused, reply

PPINFRA = PPInfra()
TASK = "0b7f3f1e-2f0e-4f4b-8f6f-3d3e3a8a7c11"
CAT = VideoRequest("A cat runs on grass [Push in]", "MiniMax-Hailuo-02")
START, END = (
    Frame("https://a.example/1.jpg", url="https://a.example/1.jpg"),
    Frame("b", url="https://b.example/2.jpg"),
)


def body_of(request: VideoRequest) -> tuple[str, dict[str, Any]]:
    calls, receipt = drive(PPINFRA.submit(request), [reply("ppinfra", "submitted")])
    assert receipt.task_id == TASK
    (call,) = calls
    assert (call.method, call.charges, call.sign, call.delay) == ("POST", True, True, 0)
    return call.url, call.json


def look(name: str, **body: Any) -> Progress:
    calls, (progress,) = drive(
        PPINFRA.poll(receipts(PPINFRA, TASK)), [reply("ppinfra", name, **body)]
    )
    (call,) = calls
    assert (call.method, call.url, call.params) == (
        "GET",
        "/v3/async/task-result",
        {"task_id": TASK},
    )
    assert not call.charges
    assert progress.task_id == TASK
    return progress


def with_status(word: str, **task: Any) -> dict[str, Any]:
    return {"task": {"task_id": TASK, "status": word, **task}}


def test_the_pages_own_request() -> None:
    page = page_request("ppinfra")
    first = Frame(page["image"], url=page["image"])
    request = VideoRequest(
        page["prompt"],
        "MiniMax-Hailuo-02",
        first_frame=first,
        options={"prompt_optimizer": True},
    )
    assert body_of(request) == ("/v3/async/minimax-hailuo-02", page)


def test_nothing_is_sent_that_nobody_set() -> None:
    url, body = body_of(CAT)
    assert url == "/v3/async/minimax-hailuo-02"
    assert body == {"prompt": "A cat runs on grass [推进]", "duration": 6, "resolution": "768P"}


def test_both_frames() -> None:
    _, body = body_of(CAT.but(first_frame=START, last_frame=END))
    assert (body["image"], body["end_image"]) == (
        "https://a.example/1.jpg",
        "https://b.example/2.jpg",
    )


@pytest.mark.parametrize(
    ("model", "first", "endpoint"),
    [
        ("MiniMax-Hailuo-2.3", None, "minimax-hailuo-2.3-t2v"),
        ("MiniMax-Hailuo-2.3", START, "minimax-hailuo-2.3-i2v"),
        ("MiniMax-Hailuo-2.3-Fast", START, "minimax-hailuo-2.3-fast-i2v"),
    ],
)
def test_each_model_has_its_endpoint(model: str, first: Frame | None, endpoint: str) -> None:
    request = CAT.but(model=model, first_frame=first, resolution="1080P", fast_pretreatment=True)
    url, body = body_of(request)
    assert url == f"/v3/async/{endpoint}"
    assert body["resolution"] == "1080P"
    assert body.get("image") == (first and first.url)
    # The Fast page has no such field.
    assert ("fast_pretreatment" in body) == (endpoint != "minimax-hailuo-2.3-fast-i2v")


def test_a_picture_goes_as_a_data_url() -> None:
    picture = Frame("sha256:00", data=b"\xff\xd8\xff", media_type="image/jpeg")
    _, body = body_of(CAT.but(first_frame=picture))
    assert body["image"] == "data:image/jpeg;base64,/9j/"


def test_what_it_does_not_sell_is_not_sent() -> None:
    error = refused(PPINFRA.submit(CAT.but(resolution="1080P", duration=10)), [])
    assert (error.kind, error.status) == ("invalid", None)
    last_only = CAT.but(model="MiniMax-Hailuo-2.3", last_frame=END)
    assert refused(PPINFRA.submit(last_only), []).kind == "invalid"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("TASK_STATUS_QUEUED", "queued"),
        ("TASK_STATUS_PROCESSING", "running"),
        ("TASK_STATUS_SUCCEED", "succeeded"),
        ("TASK_STATUS_SUCCEEDED", "succeeded"),
        ("TASK_STATUS_FAILED", "failed"),
        ("TASK_STATUS_NEVER_HEARD_OF", "running"),
        ("", "running"),
    ],
)
def test_status_words(word: str, state: str) -> None:
    progress = look("succeeded", **with_status(word))
    assert (progress.state, progress.word) == (state, word)


def test_running() -> None:
    progress = look("running")
    assert (progress.percent, progress.eta) == (37, 41)
    assert (progress.links, progress.seconds, progress.error) == ((), None, None)


def test_a_missing_eta_is_no_eta() -> None:
    assert look("running", **with_status("TASK_STATUS_PROCESSING", eta=0)).eta is None


def test_the_pages_own_success() -> None:
    progress = look("succeeded")
    assert (progress.state, progress.percent, progress.eta) == ("succeeded", 100, None)
    assert progress.links == ("https://clips.example/panda.mp4?sign=1",)
    assert (progress.link_ttl, progress.link_expires_at) == (3600, None)
    assert progress.seconds is None  # the page's sample has no debug_info


def test_its_own_clock() -> None:
    assert look("succeeded_with_times").seconds == 84.5
    started_unknown = {
        "submit_time_ms": "1720598390996",
        "execute_time_ms": "0",
        "complete_time_ms": "1720598485996",
    }
    assert look("succeeded_with_times", extra={"debug_info": started_unknown}).seconds == 95


def test_a_failed_task_says_why() -> None:
    progress = look("failed")
    assert (progress.state, progress.links) == ("failed", ())
    assert progress.error is not None
    assert (progress.error.kind, progress.error.message) == ("server", "video generation failed")
    refused_content = with_status("TASK_STATUS_FAILED", reason="input content is sensitive")
    assert getattr(look("failed", **refused_content).error, "kind", None) == "moderation"


@pytest.mark.parametrize("videos", [[], None, {}, [{"video_url": ""}], [{"video_type": "mp4"}]])
def test_a_success_without_a_link_says_so(videos: Any) -> None:
    progress = look("succeeded", videos=videos)
    assert (progress.state, progress.links) == ("succeeded", ())
    assert progress.word == "TASK_STATUS_SUCCEED"
    assert progress.note == "the provider says TASK_STATUS_SUCCEED and gives no link yet"


def test_odd_numbers_are_read_or_left_out() -> None:
    odd = with_status("TASK_STATUS_PROCESSING", eta="12", progress_percent="130")
    assert (look("running", **odd).eta, look("running", **odd).percent) == (12, 100)
    worse = with_status("TASK_STATUS_PROCESSING", eta="soon", progress_percent=True)
    assert (look("running", **worse).eta, look("running", **worse).percent) == (None, None)


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("error_key", "auth", 403),
        ("error_auth", "auth", 401),
        ("error_balance", "balance", 403),
        ("error_access", "permission", 403),
        ("error_model", "invalid", 404),
        ("error_body", "invalid", 400),
        ("error_rate", "rate", 429),
        ("error_tokens", "rate", 429),
        ("error_overload", "server", 503),
    ],
)
def test_refusals(name: str, kind: ErrorKind, status: int) -> None:
    answer = reply("ppinfra", name)
    error = refused(PPINFRA.submit(CAT), [answer])
    assert (error.kind, error.status) == (kind, status)
    assert error.code == answer.at("reason")
    assert answer.at("message") in error.message
    assert error.request_id == "req-ppinfra-1"
    assert error.retry_after == (7 if status == 429 else None)


def test_metadata_of_a_refusal_is_kept() -> None:
    error = refused(PPINFRA.submit(CAT), [reply("ppinfra", "error_body")])
    assert error.message == "invalid request body (field: resolution, allowed: 768P, 1080P)"


def test_a_refusal_inside_http_200() -> None:
    answer = reply("ppinfra", "error_balance")
    assert refused(PPINFRA.submit(CAT), [type(answer)(200, answer.body)]).kind == "balance"


def test_a_task_it_does_not_know_is_left_out() -> None:
    answers = [reply("ppinfra", "error_unknown_task"), reply("ppinfra", "running")]
    calls, found = drive(PPINFRA.poll(receipts(PPINFRA, "gone", TASK)), answers)
    assert [call.params["task_id"] for call in calls] == ["gone", TASK]
    assert [progress.task_id for progress in found] == [TASK]


def test_an_accepted_submit_without_an_id_is_a_broken_answer() -> None:
    error = refused(PPINFRA.submit(CAT), [reply("ppinfra", "submitted", task_id="")])
    assert (error.kind, error.status) == ("protocol", 200)
    assert "task_id" in str(error)
    assert isinstance(error, ProviderError)
