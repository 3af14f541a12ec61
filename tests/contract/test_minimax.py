"""MiniMax V1: two calls for a link, refusals inside HTTP 200. Numbers of complaints: reference, 3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hailuo_nb.engine.states import outcome_of_submit
from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers.base import Progress, Provider, Receipt, Reply
from hailuo_nb.providers.minimax.adapter import MiniMax
from hailuo_nb.providers.minimax_cn.adapter import MiniMaxCN
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, receipts, recorded, refused, replies, reply

MINIMAX, CHINA = MiniMax(), MiniMaxCN()
TASK = "176843862716480"
CAT = VideoRequest("A cat [左移]", "MiniMax-Hailuo-2.3")
START = Frame("https://a.example/1.jpg", url="https://a.example/1.jpg")
END = Frame("https://b.example/2.jpg", url="https://b.example/2.jpg")


def body_of(request: VideoRequest, provider: Provider = MINIMAX) -> dict[str, Any]:
    calls, receipt = drive(provider.submit(request), [reply("minimax", "submitted")])
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("POST", "/v1/video_generation", True)
    assert receipt == Receipt(
        "106916112212032",
        {"status": "/v1/query/video_generation?task_id=106916112212032"},
    )
    body: dict[str, Any] = json.loads(json.dumps(call.json))
    return body


def look(*answers: Reply) -> Progress:
    calls, (progress,) = drive(MINIMAX.poll(receipts(MINIMAX, TASK)), answers)
    query, *rest = calls
    assert (query.method, query.url, query.params) == (
        "GET",
        "/v1/query/video_generation",
        {"task_id": TASK},
    )
    for call in rest:
        assert (call.method, call.url) == ("GET", "/v1/files/retrieve")
        assert call.sign
    assert not any(call.charges for call in calls)
    return progress


def answer(body: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode())


def queried(**fields: Any) -> Reply:
    return reply("minimax", "succeeded", **fields)


# What is sent


def test_the_pages_own_request() -> None:
    page = page_request("minimax")
    request = VideoRequest(page["prompt"], page["model"], page["resolution"], page["duration"])
    assert body_of(request) == page
    marked = page_request("minimax-cn")
    assert body_of(request.but(watermark=True), CHINA) == marked


def test_nothing_is_sent_that_nobody_set() -> None:
    assert body_of(CAT) == {
        "model": "MiniMax-Hailuo-2.3",
        "prompt": "A cat [Truck left]",
        "duration": 6,
        "resolution": "768P",
    }
    body = body_of(CAT.but(prompt_optimizer=False, fast_pretreatment=True))
    assert (body["prompt_optimizer"], body["fast_pretreatment"]) == (False, True)


def test_a_first_frame_needs_no_prompt() -> None:
    """512P is sold with it alone (section 9)."""
    request = CAT.but(
        model="MiniMax-Hailuo-02", prompt="", resolution="512P", duration=10, first_frame=START
    )
    assert body_of(request) == {
        "model": "MiniMax-Hailuo-02",
        "first_frame_image": "https://a.example/1.jpg",
        "duration": 10,
        "resolution": "512P",
    }


def test_first_and_last_frame() -> None:
    """46, 49: the names of the page, neither `image` nor `start_frame`, no ratio, no seed."""
    request = CAT.but(model="MiniMax-Hailuo-02", first_frame=START, last_frame=END)
    assert body_of(request) == {
        "model": "MiniMax-Hailuo-02",
        "prompt": "A cat [Truck left]",
        "first_frame_image": "https://a.example/1.jpg",
        "last_frame_image": "https://b.example/2.jpg",
        "duration": 6,
        "resolution": "768P",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"resolution": "1080P", "duration": 10},
        {"model": "MiniMax-Hailuo-2.3-Fast", "resolution": "512P"},
        {"model": "MiniMax-Hailuo-02", "last_frame": END},
        {"ratio": "9:16"},
    ],
)
def test_what_it_does_not_sell_is_not_sent(changes: dict[str, Any]) -> None:
    assert refused(MINIMAX.submit(CAT.but(**changes)), []).kind == "invalid"


# The link, in a second call


def test_the_link_takes_a_second_call() -> None:
    progress = look(*replies("minimax", "succeeded"))
    assert (progress.state, progress.word) == ("succeeded", "Success")
    assert progress.links == ("https://cdn.example.com/output_aigc.mp4",)
    assert progress.link_ttl == 3600


@pytest.mark.parametrize("file_id", ["359690885259366", 359690885259366, 359690885259366.0])
def test_51_57_a_file_id_as_text_or_number(file_id: Any) -> None:
    file = recorded("minimax", "retrieved")["body"]["file"] | {"file_id": file_id}
    calls, (progress,) = drive(
        MINIMAX.poll(receipts(MINIMAX, TASK)),
        [queried(file_id=file_id), reply("minimax", "retrieved", file=file)],
    )
    assert calls[1].params == {"file_id": "359690885259366"}
    assert progress.links


def test_a_spare_link_stands_behind_the_first() -> None:
    file = {"download_url": "https://a.example/1.mp4", "backup_download_url": "https://b.example/1"}
    progress = look(queried(), reply("minimax", "retrieved", file=file))
    assert progress.links == ("https://a.example/1.mp4", "https://b.example/1")


@pytest.mark.parametrize("file_id", ["", None, 0, "0"])
def test_29_success_without_a_file_has_no_link_yet(file_id: Any) -> None:
    progress = look(queried(file_id=file_id))
    assert (progress.state, progress.links) == ("succeeded", ())
    assert progress.note == "the provider says Success and gives no link yet"


def test_55_the_link_is_fetched_without_the_key() -> None:
    """`retrieve_content` answers 401 without it; `download_url` does not want it."""
    assert "retrieve_content" not in look(*replies("minimax", "succeeded")).links[0]


@pytest.mark.parametrize(
    ("code", "kind"),
    [(1000, "server"), (1001, "server"), (1002, "rate"), (1004, "auth"), (1008, "balance"),
     (1013, "server"), (1039, "rate"), (2013, "invalid")],
)  # fmt: skip
def test_a_refusal_at_the_file_is_asked_again(code: int, kind: ErrorKind) -> None:
    """The codes of the retrieve page, inside HTTP 200."""
    said = {"base_resp": {"status_code": code, "status_msg": "no"}}
    error = refused(MINIMAX.poll(receipts(MINIMAX, TASK)), [queried(), answer(said)])
    assert (error.kind, error.code) == (kind, str(code))


@pytest.mark.parametrize("code", [1026, 1027])
def test_the_filter_s_word_at_the_file_ends_the_task(code: int) -> None:
    said = {"base_resp": {"status_code": code, "status_msg": "output new_sensitive"}}
    progress = look(queried(), answer(said))
    assert (progress.state, progress.links) == ("failed", ())
    assert progress.error is not None
    assert (progress.error.kind, progress.error.code) == ("moderation", str(code))


# The query


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Preparing", "queued"),
        ("Queueing", "queued"),
        ("Processing", "running"),
        ("Fail", "failed"),
        ("success", "succeeded"),  # as a callback writes it
    ],
)
def test_the_words_of_the_page(word: str, state: str) -> None:
    assert look(queried(status=word, file_id="")).state == state


def test_fail_is_an_end_at_the_first_look() -> None:
    """MiniMax's own CLI waits for "Failed" until its time is up."""
    progress = look(reply("minimax", "failed"))
    assert progress.state == "failed"
    assert str(progress.error) == "output new_sensitive (code 1027)"


@pytest.mark.parametrize(
    ("code", "kind"), [(1002, "rate"), (1004, "auth"), (2013, "invalid"), (1000, "server")]
)
def test_20_21_a_refused_query_is_no_running_task(code: int, kind: ErrorKind) -> None:
    said = {"status": "", "base_resp": {"status_code": code, "status_msg": "no"}}
    error = refused(MINIMAX.poll(receipts(MINIMAX, TASK)), [answer(said)])
    assert (error.kind, error.no_task) == (kind, False)


def test_a_query_that_the_filter_refuses_ends_the_task() -> None:
    progress = look(reply("minimax", "query_filtered"))
    assert (progress.state, progress.word) == ("failed", "Fail")


def test_several_tasks_one_after_the_other() -> None:
    done, running = (
        reply("minimax", name, task_id=task_id)
        for name, task_id in (("succeeded", "1"), ("processing", "2"))
    )
    calls, found = drive(
        MINIMAX.poll(receipts(MINIMAX, "1", "2")), [done, reply("minimax", "retrieved"), running]
    )
    assert len(calls) == 3
    assert [one.state for one in found] == ["succeeded", "running"]


def test_an_odd_id_of_a_paid_task_is_kept() -> None:
    """Half a surrogate pair, which UTF-8 has not: an error here would lose a clip that is paid."""
    answer = Reply(200, b'{"task_id": "a\\udeb5", "base_resp": {"status_code": 0}}')
    _, receipt = drive(MINIMAX.submit(CAT), [answer])
    assert receipt.task_id == "a\udeb5"
    assert receipt.links["status"].endswith("?task_id=a%ED%BA%B5")


def test_the_link_of_another_file_is_not_taken() -> None:
    tasks = receipts(MINIMAX, TASK)
    answers = [reply("minimax", "succeeded", file_id="7"), reply("minimax", "retrieved")]
    assert "is about another task" in str(refused(MINIMAX.poll(tasks), answers))


def test_the_filter_s_word_on_another_task_ends_none() -> None:
    said = {"status_code": 1027, "status_msg": "output new_sensitive"}
    answer = Reply(200, json.dumps({"task_id": "7", "status": "", "base_resp": said}).encode())
    error = refused(MINIMAX.poll(receipts(MINIMAX, TASK)), [answer])
    assert (error.kind, "another task (7)" in str(error)) == ("protocol", True)


def test_no_task_of_v1_is_cancelled() -> None:
    error = refused(MINIMAX.cancel(receipts(MINIMAX, TASK)[0]), [])
    assert (error.kind, "V1" in error.message) == ("invalid", True)


def test_v1_has_no_list() -> None:
    _, found = drive(MINIMAX.find(CAT, 0, 1), [])
    assert (found.certain, found.possible) == ((), ())
    assert "V1 has no list" in found.doubt


# Refusals


@pytest.mark.parametrize("name", ["error_key", "error_login"])
@pytest.mark.parametrize(
    ("provider", "other"),
    [(MINIMAX, "minimax-cn (MINIMAX_CN_API_KEY)"), (CHINA, "minimax (MINIMAX_API_KEY)")],
)
def test_8_10_a_refused_key_may_be_of_the_other_region(
    provider: Provider, other: str, name: str
) -> None:
    answer = reply("minimax", name)
    for flow in (provider.submit(CAT), provider.poll(receipts(MINIMAX, TASK))):
        error = refused(flow, [answer])
        assert error.kind == "auth"
        assert str(error).endswith(f"; or this key belongs to the other region, provider {other}")
        assert error.message == answer.at("base_resp", "status_msg")


@pytest.mark.parametrize("key", ["eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "sk-api-1", "sk-cp-1"])
def test_9_a_key_may_begin_with_anything(key: str) -> None:
    assert MINIMAX.auth([key], lambda: 0.0)


def test_11_the_old_host_answers_a_page_of_text() -> None:
    error = refused(MINIMAX.submit(CAT), [Reply(404, b"404 page not found")])
    assert (error.kind, error.no_task) == ("protocol", False)


def test_16_an_inner_fault_of_v1_leaves_the_submit_unclear() -> None:
    assert refused(MINIMAX.submit(CAT), [reply("minimax", "error_unknown")]).kind == "server"


def test_a_prompt_that_quotes_a_code_is_no_code() -> None:
    error = refused(
        MINIMAX.submit(CAT.but(prompt="A monk of 1026 (1026)")),
        [answer({"error": {"message": "cannot read A monk of 1026 (1026)"}}, 400)],
    )
    assert error.kind == "invalid"


@pytest.mark.parametrize("error", [{"code": 429}, {"message": "try again"}, "failed"])
@pytest.mark.parametrize("model", ["MiniMax-Hailuo-2.3", "MiniMax-H3"])
def test_an_error_in_no_shape_of_its_own_inside_a_success_may_be_paid(
    model: str, error: Any
) -> None:
    answer = Reply(200, json.dumps({"error": error}).encode())
    found = refused(MINIMAX.submit(VideoRequest("A cat", model)), [answer])
    assert outcome_of_submit(found) == "unclear"
