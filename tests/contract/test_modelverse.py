"""Modelverse's adapter against replies typed from its pages."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers.base import Progress, Reply
from hailuo_nb.providers.modelverse.adapter import Modelverse
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, receipts, refused, reply

MODELVERSE = Modelverse()
TASK = "176843862716480"
CAT = VideoRequest("A cat runs on grass [Pan left,Pedestal up]", "MiniMax-Hailuo-02")
START, END = Frame("a", url="https://a.example/1.jpg"), Frame("b", url="https://b.example/2.jpg")


def body_of(request: VideoRequest) -> dict[str, Any]:
    calls, receipt = drive(MODELVERSE.submit(request), [reply("modelverse", "submitted")])
    assert receipt.task_id == "106916112212032"
    (call,) = calls
    assert (call.method, call.url, call.charges, call.sign) == (
        "POST",
        "/v1/tasks/submit",
        True,
        True,
    )
    body: dict[str, Any] = call.json
    return body


def look(answer: Reply) -> Progress:
    calls, (progress,) = drive(MODELVERSE.poll(receipts(MODELVERSE, TASK)), [answer])
    (call,) = calls
    assert (call.method, call.url, call.params) == ("GET", "/v1/tasks/status", {"task_id": TASK})
    assert not call.charges
    assert progress.task_id == TASK
    return progress


def output(**fields: Any) -> Reply:
    recorded = reply("modelverse", "succeeded")
    return reply("modelverse", "succeeded", output=recorded.at("output") | fields)


def test_the_pages_own_request() -> None:
    page = page_request("modelverse")
    # The page writes "[推进, 跟随]" here and "[左摇,上升]" in its rules; ours is the latter.
    page["input"]["prompt"] = page["input"]["prompt"].replace("推进, 跟随", "推进,跟随")
    request = VideoRequest(
        "A beautiful sunset over the ocean with waves gently crashing on the shore. [Push in, "
        "Tracking shot]",
        "MiniMax-Hailuo-02",
        resolution="1080P",
        options={"prompt_optimizer": True, "fast_pretreatment": False, "watermark": False},
    )
    assert body_of(request) == page


def test_nothing_is_sent_that_nobody_set() -> None:
    assert body_of(CAT) == {
        "model": "MiniMax-Hailuo-02",
        "input": {"prompt": "A cat runs on grass [左摇,上升]"},
        "parameters": {"duration": 6, "resolution": "768P"},
    }


def test_both_frames() -> None:
    inputs = body_of(CAT.but(first_frame=START, last_frame=END))["input"]
    assert inputs["first_frame_image"] == "https://a.example/1.jpg"
    assert inputs["last_frame_image"] == "https://b.example/2.jpg"


@pytest.mark.parametrize("model", ["MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast"])
def test_other_models_by_name(model: str) -> None:
    body = body_of(CAT.but(model=model, first_frame=START, duration=10, watermark=True))
    assert body["model"] == model
    assert body["parameters"] == {"duration": 10, "resolution": "768P", "aigc_watermark": True}


def test_what_it_does_not_sell_is_not_sent() -> None:
    assert (
        refused(MODELVERSE.submit(CAT.but(resolution="1080P", duration=10)), []).kind == "invalid"
    )
    with_last = CAT.but(model="MiniMax-Hailuo-2.3", last_frame=END)
    assert refused(MODELVERSE.submit(with_last), []).kind == "invalid"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Pending", "queued"),
        ("Running", "running"),
        ("Success", "succeeded"),
        ("Failure", "failed"),
        ("success", "succeeded"),
        ("Expired", "failed"),
        ("Elsewhere", "running"),
    ],
)
def test_status_words(word: str, state: str) -> None:
    progress = look(output(task_status=word))
    assert (progress.state, progress.word) == (state, word)


@pytest.mark.parametrize("name", ["pending", "running"])
def test_an_unfinished_task(name: str) -> None:
    progress = look(reply("modelverse", name))
    assert (progress.percent, progress.eta, progress.links) == (None, None, ())
    assert (progress.seconds, progress.error) == (None, None)


def test_the_pages_own_success() -> None:
    progress = look(reply("modelverse", "succeeded"))
    assert (progress.state, progress.links) == ("succeeded", ("https://xxxxx/xxxx.mp4",))
    assert progress.seconds == 50
    assert (progress.link_ttl, progress.link_expires_at) == (
        None,
        None,
    )  # no page says how long links live


def test_times_as_text() -> None:
    assert look(output(submit_time="1756959000", finish_time="1756959050.5")).seconds == 50.5


def test_one_link_as_text() -> None:
    assert look(output(urls="https://x.example/a.mp4")).links == ("https://x.example/a.mp4",)


@pytest.mark.parametrize("urls", [[], None, [""], [None], 0])
def test_a_success_without_a_link_says_so(urls: Any) -> None:
    progress = look(output(urls=urls))
    assert (progress.state, progress.links, progress.word) == ("succeeded", (), "Success")
    assert progress.note == "the provider says Success and gives no link yet"


def test_the_pages_own_failure() -> None:
    page = reply("modelverse", "failed").at("output")
    assert isinstance(page, dict)
    answer = reply("modelverse", "failed", request_id="req-9", output=page | {"task_id": TASK})
    progress = look(answer)
    assert (progress.state, progress.seconds) == ("failed", 19)
    assert progress.error is not None
    assert (progress.error.message, progress.error.request_id) == ("error_message", "req-9")
    assert progress.error.status is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error_param", "invalid"),
        ("error_messages", "invalid"),
        ("error_model", "invalid"),
        ("error_tokens", "invalid"),
        ("error_sensitive", "moderation"),
        ("error_auth", "auth"),
        ("error_rate", "rate"),
        ("error_timeout", "server"),
        ("error_internal", "server"),
        ("error_model_server", "server"),
        ("error_gateway", "server"),
        ("error_quota", "balance"),
        ("error_address", "permission"),
    ],
)
def test_refusals(name: str, kind: ErrorKind) -> None:
    answer = reply("modelverse", name)
    error = refused(MODELVERSE.submit(CAT), [answer])
    assert (error.kind, error.status) == (kind, answer.status)
    assert (error.code, error.message) == (
        answer.at("error", "code"),
        answer.at("error", "message"),
    )
    assert error.request_id == "6dcdf7a4-1a53-4a36-a3f5-4b3a1c3b0f6e"  # `param` is the request id


def test_a_refusal_that_quotes_the_prompt_keeps_its_kind() -> None:
    said = reply("modelverse", "error_param").at("error") | {
        "message": "Invalid param: she keeps her balance"
    }
    assert (
        refused(MODELVERSE.submit(CAT), [reply("modelverse", "error_param", error=said)]).kind
        == "invalid"
    )


def test_a_refused_look_is_raised() -> None:
    assert (
        refused(
            MODELVERSE.poll(receipts(MODELVERSE, TASK)), [reply("modelverse", "error_rate")]
        ).kind
        == "rate"
    )


def test_ids_may_be_numbers() -> None:
    _, receipt = drive(
        MODELVERSE.submit(CAT),
        [reply("modelverse", "submitted", output={"task_id": 106916112212032})],
    )
    assert receipt.task_id == "106916112212032"
