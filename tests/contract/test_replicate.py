"""Replicate: what its adapter sends and reads. Numbers in brackets are rows of the complaints that
are replayed (reference on more providers, 3)."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.catalog import check
from hailuo_nb.providers.base import Call, Progress, Reply
from hailuo_nb.providers.replicate.adapter import Replicate
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.advice import advice_for
from tests.contract.drive import drive, receipts, refused, reply

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
    other = reply("replicate", "submitted", status=word, id="another")
    assert "another task (another)" in str(refused(REPLICATE.cancel(RECEIPT), [other]))
