"""xCompute's adapter against replies typed from its pages and from those of the gateway's
sisters."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers.base import Progress, Reply
from hailuo_nb.providers.xcompute.adapter import XCompute
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, receipts, refused, reply

XCOMPUTE = XCompute()
TASK = "task_01J9HA7JPQ9A0Z6JZ3V8M9W6PZ"
CAT = VideoRequest("一只可爱的猫咪在草地上奔跑", "MiniMax-Hailuo-2.3")


def body_of(request: VideoRequest) -> dict[str, Any]:
    calls, receipt = drive(XCOMPUTE.submit(request), [reply("xcompute", "submitted")])
    assert receipt.task_id == TASK
    (call,) = calls
    assert (call.method, call.url, call.charges, call.sign) == (
        "POST",
        "/v1/videos/generations",
        True,
        True,
    )
    body: dict[str, Any] = call.json
    return body


def look(answer: Reply) -> Progress:
    calls, (progress,) = drive(XCOMPUTE.poll(receipts(XCOMPUTE, TASK)), [answer])
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("GET", f"/v1/tasks/{TASK}", False)
    assert progress.task_id == TASK
    return progress


def data(name: str, **fields: Any) -> Reply:
    return reply("xcompute", name, data=reply("xcompute", name).at("data") | fields)


def test_the_pages_own_request() -> None:
    request = CAT.but(prompt_optimizer=True, fast_pretreatment=False, watermark=False)
    assert body_of(request) == page_request("xcompute")


def test_the_pages_request_with_a_first_frame() -> None:
    first = Frame("cat", url="https://example.com/cat.jpg")
    request = CAT.but(prompt="小猫跑向镜头，微笑着眨眼", first_frame=first, resolution="1080P")
    assert body_of(request) == page_request("xcompute", "page_request_first_frame")


def test_the_pages_request_with_a_camera_command_written_in_english() -> None:
    request = CAT.but(prompt="[Push in]一只猫咪在花园中奔跑，镜头缓缓推进特写")
    assert body_of(request) == page_request("xcompute", "page_request_camera")


def test_fast_by_name_with_all_switches() -> None:
    first = Frame("cat", url="https://example.com/cat.jpg")
    body = body_of(
        CAT.but(
            model="MiniMax-Hailuo-2.3-Fast",
            first_frame=first,
            fast_pretreatment=True,
            watermark=True,
        )
    )
    assert body["model"] == "MiniMax-Hailuo-2.3-Fast"
    assert (body["fast_pretreatment"], body["watermark"]) == (True, True)
    assert "prompt_optimizer" not in body


def test_what_it_does_not_sell_is_not_sent() -> None:
    assert refused(XCOMPUTE.submit(CAT.but(resolution="1080P", duration=10)), []).kind == "invalid"
    assert (
        refused(XCOMPUTE.submit(CAT.but(last_frame=Frame("b", url="https://b.example/"))), []).kind
        == "invalid"
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("submitted", "queued"),
        ("pending", "queued"),
        ("queued", "queued"),
        ("processing", "running"),
        ("in_progress", "running"),
        ("completed", "succeeded"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
        ("COMPLETED", "succeeded"),
        ("uploading", "running"),
    ],
)
def test_status_words(word: str, state: str) -> None:
    progress = look(data("completed", status=word))
    assert (progress.state, progress.word) == (state, word)


def test_progress_and_what_is_left() -> None:
    progress = look(reply("xcompute", "processing"))
    assert (progress.percent, progress.eta) == (25, 45)
    assert look(data("processing", progress="0")).eta == 60
    assert look(data("processing", estimated_time=0)).eta is None


def test_wrapped_success() -> None:
    progress = look(reply("xcompute", "completed"))
    assert progress.links == ("https://cdn.example/cat.mp4",)  # and not the thumbnail
    assert (progress.link_expires_at, progress.link_ttl) == (1763174708, None)
    assert (progress.percent, progress.eta, progress.seconds) == (100, None, 19)


def test_a_link_without_expiry_lives_a_day_from_completion() -> None:
    videos = [{"url": "https://cdn.example/cat.mp4"}]
    assert look(data("completed", result={"videos": videos})).link_expires_at == 1763088308 + 86400


@pytest.mark.parametrize("url", ["https://cdn.example/cat.mp4", ["https://cdn.example/cat.mp4"]])
@pytest.mark.parametrize("where", ["videos", "data"])
def test_a_link_may_be_a_text_or_a_list(url: Any, where: str) -> None:
    assert look(data("completed", result={where: [{"url": url}]})).links == (
        "https://cdn.example/cat.mp4",
    )


def test_a_flat_success_of_a_sister() -> None:
    progress = look(reply("xcompute", "completed_sister"))
    assert (progress.state, progress.links) == ("succeeded", ("https://cdn.example/cat.mp4",))
    assert (progress.link_expires_at, progress.seconds) == (None, None)


def test_a_task_in_a_list() -> None:
    inner = reply("xcompute", "completed").at("data")
    assert look(reply("xcompute", "completed", data=[inner])).state == "succeeded"


def test_the_pages_flat_sample_has_no_link_and_says_so() -> None:
    progress = look(reply("xcompute", "completed_flat"))
    assert (progress.state, progress.percent) == ("succeeded", 100)
    assert (progress.word, progress.links) == ("completed", ())
    assert progress.note == "the provider says completed and gives no link yet"


@pytest.mark.parametrize(
    ("name", "kind", "message", "code"),
    [
        ("failed", "server", "视频生成失败，请稍后重试", "500"),
        ("failed_flat", "server", "upstream error", "500"),
        ("failed_fail_reason", "moderation", "input image contains sensitive content", ""),
    ],
)
def test_a_failed_task_says_why(name: str, kind: ErrorKind, message: str, code: str) -> None:
    progress = look(reply("xcompute", name))
    assert progress.state == "failed"
    assert progress.error is not None
    assert (progress.error.kind, progress.error.message, progress.error.code) == (
        kind,
        message,
        code,
    )


def test_a_cancelled_task_needs_no_reason() -> None:
    assert look(data("processing", status="cancelled")).error is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid"), (401, "auth"), (402, "balance"), (429, "rate"), (500, "server")],
)
def test_the_pages_refusals(status: int, kind: ErrorKind) -> None:
    answer = reply("xcompute", f"error_{status}")
    error = refused(XCOMPUTE.submit(CAT), [answer])
    assert (error.kind, error.status, error.code) == (kind, status, str(status))
    assert error.message == answer.at("error", "message")


@pytest.mark.parametrize("code", [402, "402"])
def test_a_refusal_inside_http_200_by_its_code_alone(code: Any) -> None:
    for body in ({"error": {"code": code, "message": "no"}}, {"code": code, "message": "no"}):
        answer = reply("xcompute", "submitted", data=None, **body)
        error = refused(XCOMPUTE.submit(CAT), [answer])
        assert (error.kind, error.message, error.status) == ("balance", "no", 200)


def test_a_content_refusal_by_its_type() -> None:
    told = {"code": 400, "message": "内容未通过", "type": "content_policy_violation"}
    progress = look(data("failed", error=told))
    assert getattr(progress.error, "kind", None) == "moderation"


def test_a_submit_whose_data_is_an_object() -> None:
    answer = reply("xcompute", "submitted", data={"status": "submitted", "task_id": TASK})
    assert drive(XCOMPUTE.submit(CAT), [answer])[1].task_id == TASK


def test_an_id_stays_one_part_of_the_path() -> None:
    answer = reply("xcompute", "processing", data={"status": "processing"})
    calls, _ = drive(XCOMPUTE.poll(receipts(XCOMPUTE, "../keys?x=1")), [answer])
    assert calls[0].url == "/v1/tasks/..%2Fkeys%3Fx%3D1"
