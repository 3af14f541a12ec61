"""fal: what its adapter sends and reads. Numbers in brackets are rows of the complaints that are
replayed (reference on more providers, 3)."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers.base import Call, Progress, Receipt, Reply
from hailuo_nb.providers.fal.adapter import Fal
from hailuo_nb.providers.task_list import CanFind
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.results.advice import advice_for
from tests.contract.drive import drive, page_request, receipts, recorded, refused, replies, reply

FAL = Fal()
TASK = "764cabcf-b745-4b3e-ae38-1200304cf45b"
(RECEIPT,) = receipts(FAL, TASK)
CAT = VideoRequest("A cat runs on grass [Push in]", "MiniMax-Hailuo-2.3")
START, END = Frame("a", url="https://a.example/1.jpg"), Frame("b", url="https://b.example/2.jpg")
KEY = {"Authorization": "Key any-key"}
TEXT = "/fal-ai/minimax/hailuo-2.3/standard/text-to-video"
IMAGE = "/fal-ai/minimax/hailuo-02/standard/image-to-video"


def sent(request: VideoRequest) -> Call:
    """The one call of a submit."""
    calls, receipt = drive(FAL.submit(request), [reply("fal", "submitted")])
    assert receipt.task_id == TASK
    (call,) = calls
    assert (call.method, call.charges, call.sign) == ("POST", True, True)
    return call


def look(*answers: Reply, task: Receipt = RECEIPT) -> Progress:
    _, (progress,) = drive(FAL.poll([task]), answers)
    assert progress.task_id == TASK
    return progress


def over(**beside: Any) -> Reply:
    """A status that says COMPLETED, with further fields."""
    return reply("fal", "completed", **beside)


def said(status: int, detail: Any, headers: dict[str, str] | None = None, **beside: Any) -> Reply:
    return Reply(status, json.dumps({"detail": detail} | beside).encode(), headers or {})


# What is sent


def test_the_pages_own_request() -> None:
    page = page_request("fal")
    frame = Frame("f", url=page["image_url"])
    request = VideoRequest(
        page["prompt"],
        "MiniMax-Hailuo-02",
        first_frame=frame,
        options={"prompt_optimizer": True},
    )
    assert (sent(request).url, sent(request).json) == (IMAGE, page)


@pytest.mark.parametrize(
    ("fields", "path", "body"),
    [
        ({}, "hailuo-2.3/standard/text-to-video", {"duration": "6"}),
        ({"duration": 10}, "hailuo-2.3/standard/text-to-video", {"duration": "10"}),  # [50]
        ({"resolution": "1080P"}, "hailuo-2.3/pro/text-to-video", {}),
        (
            {"first_frame": START, "resolution": "1080P"},
            "hailuo-2.3/pro/image-to-video",
            {"image_url": START.url},
        ),
        (
            {"model": "MiniMax-Hailuo-2.3-Fast", "first_frame": START},
            "hailuo-2.3-fast/standard/image-to-video",
            {"duration": "6", "image_url": START.url},
        ),
        (
            {"model": "MiniMax-Hailuo-02", "first_frame": START, "last_frame": END},
            "hailuo-02/standard/image-to-video",
            {
                "duration": "6",
                "resolution": "768P",  # [48]
                "image_url": START.url,
                "end_image_url": END.url,
            },
        ),
        (
            {"model": "MiniMax-Hailuo-02", "first_frame": START, "resolution": "512P"},
            "hailuo-02/standard/image-to-video",
            {"duration": "6", "resolution": "512P", "image_url": START.url},
        ),
        (
            {"model": "MiniMax-Hailuo-02-Fast", "first_frame": START, "resolution": "512P"},
            "hailuo-02-fast/image-to-video",
            {"duration": "6", "image_url": START.url},
        ),
    ],
)
def test_an_endpoint_a_mode_and_resolution(
    fields: dict[str, Any], path: str, body: dict[str, Any]
) -> None:
    """The duration is a text, and no field at the 1080P endpoints."""
    call = sent(CAT.but(**fields))
    assert call.url == f"/fal-ai/minimax/{path}"
    assert call.json == {"prompt": "A cat runs on grass [Push in]"} | body


def test_h3_takes_a_number_and_a_ratio() -> None:
    h3 = CAT.but(prompt="The camera glides in.", model="MiniMax-H3", resolution="2K", duration=7)
    call = sent(h3.but(ratio="9:16"))
    assert call.url == "/minimax/h3/text-to-video"
    assert call.json == {
        "prompt": "The camera glides in.",
        "duration": 7,
        "resolution": "2K",
        "aspect_ratio": "9:16",
    }
    call = sent(h3.but(first_frame=START, last_frame=END))
    assert call.url == "/minimax/h3/image-to-video"
    assert (call.json["image_url"], call.json["end_image_url"]) == (START.url, END.url)
    assert "aspect_ratio" not in call.json


def test_references_of_h3() -> None:
    h3 = CAT.but(model="MiniMax-H3", resolution="2K", duration=5)
    given = [
        Reference("sound", "c", url="https://a.example/c.mp3"),
        Reference("picture", "a", url="https://a.example/a.png"),
        Reference("clip", "b", url="https://a.example/b.mp4"),
        Reference("picture", "d", url="https://a.example/d.png"),
    ]
    call = sent(h3.but(references=tuple(given)))
    assert call.url == "/minimax/h3/reference-to-video"
    assert call.json["reference_image_urls"] == [given[1].url, given[3].url]
    assert call.json["reference_video_urls"] == [given[2].url]
    assert call.json["reference_audio_urls"] == [given[0].url]


def test_no_other_model_answers_and_fals_retries_stay_on() -> None:
    assert sent(CAT).headers == {"x-app-fal-disable-fallback": "true"}


def test_the_key_goes_out_as_a_key() -> None:
    auth = FAL.auth(["id:secret"], lambda: 0.0)
    flow = auth.auth_flow(httpx2.Request("GET", "https://queue.fal.run/"))
    assert next(flow).headers["authorization"] == "Key id:secret"
    assert "secret" not in repr(auth)


def test_the_addresses_come_with_the_answer() -> None:
    """[27] They have the app, not the endpoint: built from it they answer 405."""
    _, receipt = drive(FAL.submit(CAT), [reply("fal", "submitted")])
    base = f"https://queue.fal.run/fal-ai/minimax/requests/{TASK}"
    assert receipt.links == {
        "status": f"{base}/status",
        "result": base,
        "cancel": f"{base}/cancel",
    }
    calls, _ = drive(FAL.poll([receipt]), replies("fal", "completed"))
    assert [(call.method, call.url) for call in calls] == [
        ("GET", f"{base}/status"),
        ("GET", base),
    ]
    assert all(call.sign and not call.charges for call in calls)


def test_a_submit_that_answers_502_is_sent_once() -> None:
    """[35] fal's own client sends it again; it may have been taken."""
    error = refused(FAL.submit(CAT), [Reply(502, b'{"detail": "Bad gateway"}')])
    assert (error.kind, error.status, error.retry_after) == ("server", 502, None)


# What a request says of itself


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_completed_with_an_error_is_a_failure_at_the_first_look(status: int, told: bool) -> None:
    """[26] Three public clients wait for a FAILED that never comes."""
    words, kind = "The runner stopped", "runner_disconnected"
    status_answer = over(error=words, error_type=kind) if told else over()
    progress = look(status_answer, said(status, words, error_type=kind))
    assert (progress.state, progress.word) == ("failed", "COMPLETED")
    assert progress.error is not None
    assert (progress.error.kind, progress.error.code) == ("server", kind)
    assert (progress.error.message, progress.error.request_id) == (words, TASK)


@pytest.mark.parametrize("detail", [["prompt: too long"], None, {"prompt": "too long"}, ""])
def test_a_422_ends_a_request_in_whatever_words(detail: Any) -> None:
    progress = look(over(), said(422, detail))
    assert progress.state == "failed"
    assert progress.error is not None
    assert "too long" in progress.error.message or not detail


def test_the_type_may_stand_in_the_header_alone() -> None:
    result = said(503, "gone away", {"x-fal-error-type": "runner_connection_error"})
    error = look(over(), result).error
    assert error is not None
    assert error.code == "runner_connection_error"


def test_a_status_that_tells_an_error_is_believed_whatever_the_result_is() -> None:
    for result in (reply("any", "html_502"), Reply(500, b"{}"), reply("fal", "result_empty")):
        progress = look(over(error="It broke", error_type="runner_server_error"), result)
        assert (progress.state, str(progress.error)) == (
            "failed",
            "It broke (code runner_server_error)",
        )


def test_a_clip_goes_before_an_error_that_stands_beside_it() -> None:
    """[56] A webhook said ERROR, and the result was fine."""
    progress = look(over(error="Invalid status code: 404"), reply("fal", "result"))
    assert (progress.state, progress.error) == ("succeeded", None)
    assert progress.links == ("https://v3.fal.media/files/tiger/output.mp4",)
    assert progress.charged_cost is None  # [40] fal tells no cost


@pytest.mark.parametrize(
    ("status", "sort"),
    [(status, "") for status in (400, 401, 403, 405, 429, 500, 502)]
    + [(500, "internal_error"), (400, "bad_request")],
)
def test_a_result_that_cannot_be_had_now_is_asked_for_again(status: int, sort: str) -> None:
    """Nothing of the request's, or about the call: no failure of a paid clip."""
    answer = said(status, "slow down", **({"error_type": sort} if sort else {}))
    error = refused(FAL.poll([RECEIPT]), [over(), answer])
    assert (error.status, error.no_task) == (status, False)
    # Where the status tells the failure, it is one.
    told = over(error="It broke", error_type=sort or "runner_server_error")
    assert look(told, answer).state == "failed"


ERRORS: list[tuple[int, str, ErrorKind]] = [
    (422, "content_policy_violation", "moderation"),
    (422, "no_media_generated", "moderation"),
    (422, "image_too_small", "invalid"),
    (422, "image_too_large", "invalid"),
    (422, "image_load_error", "invalid"),
    (422, "file_download_error", "invalid"),
    (422, "file_too_large", "invalid"),
    (422, "one_of", "invalid"),
    (422, "missing", "invalid"),
    (422, "sequence_too_long", "invalid"),
    (422, "unsupported_image_format", "invalid"),
    (422, "feature_not_supported", "invalid"),
    (422, "a_type_of_next_year", "invalid"),
    (400, "downstream_service_error", "server"),
    (500, "downstream_service_unavailable", "server"),
    (500, "internal_server_error", "server"),
    (504, "generation_timeout", "server"),
]


@pytest.mark.parametrize(("status", "kind", "expected"), ERRORS)
def test_the_types_of_its_errors(status: int, kind: str, expected: ErrorKind) -> None:
    """[18] [38] After the queue, and at the submit; the type decides, the words need not be read."""
    answer = said(status, [{"loc": ["body", "image_url"], "msg": "No good", "type": kind}])
    failed = look(over(), answer).error
    for error in (failed, refused(FAL.submit(CAT), [answer])):
        assert error is not None
        assert (error.kind, error.code, error.message) == (expected, kind, "image_url: No good")


def test_several_errors_are_told_and_the_telling_one_decides() -> None:
    entries = [
        {"loc": ["body", "duration"], "msg": "Wrong", "type": "one_of"},
        recorded("fal", "result_flagged")["body"]["detail"][0],
    ]
    error = look(over(), said(422, entries)).error
    assert error is not None
    assert (error.kind, error.code) == ("moderation", "content_policy_violation")
    assert error.message == (
        "duration: Wrong; prompt: The content was flagged by a content checker. (sexual)"
    )


def test_a_picture_that_is_too_large_is_told_with_its_limit() -> None:
    """[41]"""
    words = "Image is too large (5712x4284); maximum is 4096px per side."
    entry = {"loc": ["body", "image_url"], "msg": words, "type": "image_too_large"}
    error = look(over(), said(422, [entry])).error
    assert error is not None
    assert (error.kind, error.message) == ("invalid", f"image_url: {words}")


def test_what_a_422_costs_is_not_promised() -> None:
    """[38]"""
    for state in ("rejected", "failed"):
        assert "(422) may be" in advice_for(state, "invalid", "fal")  # type: ignore[arg-type]


def test_a_locked_account_is_an_empty_one() -> None:
    """[19]"""
    assert refused(FAL.submit(CAT), [reply("fal", "error_locked")]).kind == "balance"


@pytest.mark.parametrize(("status", "kind"), [(401, "auth"), (403, "permission")])
def test_a_key_that_is_refused_at_a_look_shows_its_cause(status: int, kind: str) -> None:
    """[24]"""
    error = refused(FAL.poll([RECEIPT]), [said(status, "Cannot access application")])
    assert (error.kind, error.message) == (kind, "Cannot access application")


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("at_result", [False, True])
def test_a_request_that_is_gone(status: int, at_result: bool) -> None:
    """[54] About an hour after its end."""
    answers = [said(status, "Request not found")]
    assert drive(FAL.poll([RECEIPT]), [over(), *answers] if at_result else answers)[1] == []


def test_an_address_that_was_a_guess_gives_no_clip_up() -> None:
    """Without its addresses a request of H3 would be looked for at another app."""
    error = refused(FAL.poll([Receipt(TASK)]), [said(404, "Request not found")])
    assert error.no_task
    calls, (progress,) = drive(FAL.poll([Receipt(TASK)]), replies("fal", "completed"))
    assert calls[0].url == f"/fal-ai/minimax/requests/{TASK}/status"
    assert progress.state == "succeeded"


@pytest.mark.parametrize(
    ("status", "word", "outcome"),
    [
        (200, "OK", "cancelled"),
        (202, "CANCELLATION_REQUESTED", "requested"),
        (400, "ALREADY_COMPLETED", "too_late"),
    ],
)
def test_cancelling(status: int, word: str, outcome: str) -> None:
    calls, found = drive(
        FAL.cancel(RECEIPT), [Reply(status, json.dumps({"status": word}).encode())]
    )
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("PUT", RECEIPT.links["cancel"], False)
    assert found == outcome


def test_cancelling_what_fal_does_not_know_is_an_error() -> None:
    error = refused(FAL.cancel(RECEIPT), [Reply(404, b'{"status": "NOT_FOUND"}')])
    assert (error.no_task, error.status) == (True, 404)


def test_there_is_no_list_to_find_a_lost_request_in() -> None:
    """[39]"""
    assert not isinstance(FAL, CanFind)
    assert "no list of requests" in advice_for("unknown", None, "fal")
