"""MiniMax V2, for H3 and H3-Max: what is sent, what is read, the list, and cancelling a task."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from hailuo_nb.providers.base import Progress, Receipt, Reply
from hailuo_nb.providers.minimax.adapter import MiniMax
from hailuo_nb.providers.minimax_cn.adapter import MiniMaxCN
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, recorded, refused, reply

MINIMAX, CHINA = MiniMax(), MiniMaxCN()
TASK = "424010985738629"
RECEIPT = Receipt(TASK, {"status": f"/v2/query/video_generation/{TASK}"})
BOY = VideoRequest("A boy playing basketball by the sea", "MiniMax-H3", "2K", 5)
QUERY = ("GET", f"/v2/query/video_generation/{TASK}")
DELETE = ("DELETE", f"/v2/video_generation/{TASK}")
CREATED = 1785225940.0  # of every task of the recorded list
NOW = "Tue, 28 Jul 2026 09:00:00 GMT"


def link(url: str) -> Frame:
    return Frame(url, url=url)


def body_of(request: VideoRequest, provider: MiniMax = MINIMAX) -> dict[str, Any]:
    calls, receipt = drive(provider.submit(request), [reply("minimax", "v2_submitted")])
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("POST", "/v2/video_generation", True)
    assert receipt == RECEIPT
    body: dict[str, Any] = json.loads(json.dumps(call.json))
    return body


def look(*answers: Reply, task: Receipt = RECEIPT) -> Progress:
    calls, (progress,) = drive(MINIMAX.poll([task]), answers)
    assert (calls[0].method, calls[0].url) == QUERY
    assert not any(call.charges for call in calls)
    return progress


# What is sent


def test_the_pages_own_text() -> None:
    page = page_request("minimax", "v2_page_request_text")
    assert body_of(BOY) == page, "a text alone needs a ratio: the row's own"
    assert body_of(BOY.but(ratio="9:16"))["ratio"] == "9:16"


def test_the_pages_own_first_frame() -> None:
    page = page_request("minimax", "v2_page_request")
    text, picture = page["content"]
    frame = link(picture["image_url"]["url"])
    request = BOY.but(prompt=text["text"], first_frame=frame)
    assert body_of(request) == page
    assert body_of(request.but(ratio="9:16")) == page, "the page ignores a ratio beside a frame"
    both = body_of(request.but(last_frame=link("https://a.example/2.png")))["content"]
    assert [item.get("role") for item in both] == [None, "first_frame", "last_frame"]


def test_the_pages_own_references() -> None:
    page = page_request("minimax", "v2_page_request_references")
    text, clip, sound = page["content"]
    references = tuple(
        Reference(kind, url, url=url)  # type: ignore[arg-type] # a tuple of two literals
        for kind, url in (
            ("clip", clip["video_url"]["url"]),
            ("sound", sound["audio_url"]["url"]),
        )
    )
    request = BOY.but(prompt=text["text"], references=references)
    assert body_of(request) == page
    picture = Reference("picture", "x", data=b"\x89PNG", media_type="image/png")
    body = body_of(request.but(references=(picture, *references), ratio="1:1"))
    assert body["ratio"] == "1:1"
    assert body["content"][1] == {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,iVBORw=="},
        "role": "reference_image",
    }


def test_h3_max_has_a_prompt_expansion_of_its_own() -> None:
    request = BOY.but(model="MiniMax-H3-Max", resolution="480P", prompt_expansion_mode="disabled")
    body = body_of(request)
    assert body["extra"] == {"prompt_expansion_mode": "disabled"}
    assert (body["model"], body["resolution"]) == ("MiniMax-H3-Max", "480P")
    assert "extra" not in body_of(BOY.but(prompt_expansion_mode="disabled"))


def test_the_watermark_is_of_china() -> None:
    assert body_of(BOY.but(watermark=True), CHINA)["aigc_watermark"] is True
    assert "aigc_watermark" not in body_of(BOY.but(watermark=True))


# What is read


def test_the_pages_own_success() -> None:
    progress = look(reply("minimax", "v2_succeeded"))
    assert (progress.state, progress.seconds) == ("succeeded", 417)
    assert progress.links == ("https://your-cdn.example.com/h3-generated-2k-output.mp4",)
    # The page states seconds, and no money.
    assert (progress.link_ttl, progress.charged_cost) == (None, None)


def test_an_id_alone_is_asked_about_at_v2_first_then_at_v1() -> None:
    alone = Receipt(TASK)
    assert look(reply("minimax", "v2_running"), task=alone).state == "running"
    calls, (progress,) = drive(
        MINIMAX.poll([alone]),
        [reply("minimax", "v2_unknown_task"), reply("minimax", "processing", task_id=TASK)],
    )
    assert [call.url for call in calls] == [QUERY[1], "/v1/query/video_generation"]
    assert progress.state == "running"


def test_neither_knows_an_id_alone() -> None:
    said = {"base_resp": {"status_code": 2013, "status_msg": "invalid params"}}
    answers = [reply("minimax", "v2_unknown_task"), Reply(200, json.dumps(said).encode())]
    error = refused(MINIMAX.poll([Receipt(TASK)]), answers)
    assert (error.kind, error.no_task) == ("invalid", False)


def test_a_task_that_v2_knows_no_more_is_left_out() -> None:
    """By its page, an id older than seven days is an "invalid task_id"."""
    assert drive(MINIMAX.poll([RECEIPT]), [reply("minimax", "v2_unknown_task")])[1] == []


@pytest.mark.parametrize("name", ["v2_error_params", "v2_error_rate", "v2_error_server"])
def test_other_refusals_never_say_that_a_task_is_gone(name: str) -> None:
    error = refused(MINIMAX.poll([RECEIPT]), [reply("minimax", name)])
    assert not error.no_task


def test_a_refused_key_names_the_other_region() -> None:
    error = refused(CHINA.submit(BOY), [reply("minimax", "v2_error_key")])
    assert "provider minimax (MINIMAX_API_KEY)" in str(error)


def test_2_the_filter_inside_http_500() -> None:
    """MiniMax-M3 issue 11."""
    body = recorded("minimax", "v2_error_server")["body"]
    message = "input new_sensitive, image is sensitive, please check your input (1026)"
    answer = reply("minimax", "v2_error_server", error=body["error"] | {"message": message})
    assert refused(MINIMAX.submit(BOY), [answer]).kind == "moderation"


def test_an_id_stays_one_part_of_the_path() -> None:
    task = Receipt("../keys?x=1", {"status": "/v2/query/video_generation/x"})
    answer = reply("minimax", "v2_running", task={"id": task.task_id, "status": "running"})
    calls, _ = drive(MINIMAX.poll([task]), [answer])
    assert calls[0].url == "/v2/query/video_generation/..%2Fkeys%3Fx%3D1"


# Cancelling a task


def cancelled(*answers: Reply) -> tuple[list[tuple[str, str]], str]:
    calls, outcome = drive(MINIMAX.cancel(RECEIPT), answers)
    return [(call.method, call.url) for call in calls], outcome


@pytest.mark.parametrize("mixed_up", ["state", "cancel"])
def test_an_answer_about_another_task_takes_nothing_back(mixed_up: str) -> None:
    queued = reply("minimax", "v2_queued", **({"task": {"id": "7"}} if mixed_up == "state" else {}))
    answers = [queued, reply("minimax", "v2_deleted_queued", task_id="7")]
    error = refused(MINIMAX.cancel(RECEIPT), answers)
    assert (error.kind, "another task (7)" in str(error)) == ("protocol", True)


def test_a_queued_task_is_cancelled() -> None:
    answers = reply("minimax", "v2_queued"), reply("minimax", "v2_deleted_queued")
    assert cancelled(*answers) == ([QUERY, DELETE], "cancelled")


@pytest.mark.parametrize("name", ["v2_running", "v2_succeeded", "v2_failed", "v2_cancelled"])
def test_nothing_is_deleted_that_is_not_queued(name: str) -> None:
    """The same call would delete the record of a paid clip, and its link with it."""
    assert cancelled(reply("minimax", name)) == ([QUERY], "too_late")


@pytest.mark.parametrize("answer", ["refused", "deleted"])
def test_a_task_that_began_meanwhile_goes_on(answer: str) -> None:
    said = {
        "refused": reply("minimax", "v2_delete_refused"),
        "deleted": reply("minimax", "v2_deleted_queued", action="deleted", status="deleted"),
    }[answer]
    assert cancelled(reply("minimax", "v2_queued"), said) == ([QUERY, DELETE], "too_late")


def test_a_limit_at_the_cancelling_is_no_too_late() -> None:
    answers = [reply("minimax", "v2_queued"), reply("minimax", "v2_error_rate")]
    assert refused(MINIMAX.cancel(RECEIPT), answers).kind == "rate"


# The list


def page(**fields: Any) -> Reply:
    return replace(reply("minimax", "v2_list", **fields), headers={"date": NOW})


def listed(*answers: Reply, since: float = CREATED - 60) -> tuple[Sequence[str], str]:
    calls, found = drive(MINIMAX.find(BOY, since, CREATED + 600), answers)
    assert [(call.method, call.url) for call in calls] == [
        ("GET", "/v2/query/video_generation")
    ] * len(answers)
    numbers = [call.params["page_num"] for call in calls]
    assert numbers == [str(number + 1) for number in range(len(answers))]
    assert found.certain == (), "the list shows no prompt"
    return [one.task_id for one in found.possible], found.doubt


def items(*numbers: int, **fields: Any) -> list[dict[str, Any]]:
    first = recorded("minimax", "v2_list")["body"]["items"][0]
    return [first | {"id": str(number), **fields} for number in numbers]


def test_every_task_of_that_time_may_be_the_clip() -> None:
    ids, doubt = listed(page())
    assert (len(ids), doubt) == (4, "")


def test_an_empty_list_proves_that_it_was_not_taken() -> None:
    assert listed(page(items=[], total=0)) == ([], "")


def test_pages_are_read_to_the_end() -> None:
    answers = page(items=items(1, 2), total=3), page(items=items(3), total=3)
    assert listed(*answers) == (["1", "2", "3"], "")


def test_what_is_of_another_time_or_kind_is_left_out() -> None:
    entries = [
        *items(1, created_at=CREATED - 3 * 86400),
        *items(2, created_at=CREATED + 3 * 86400),
        *items(3, task_type="h3_context_ir"),
        *items(4, created_at=None),
        *items(5, task_type=""),
    ]
    assert listed(page(items=entries, total=5)) == (["4", "5"], "")


def test_a_list_that_does_not_say_that_it_is_whole_proves_nothing() -> None:
    ids, doubt = listed(page(items=items(1), total=5), page(items=[], total=5))
    assert (ids, "does not say that these are all" in doubt) == (["1"], True)
    _, doubt = listed(page(items=[], total=None))
    assert doubt
    _, doubt = listed(page(items=[{}], total=0))
    assert "have no id" in doubt


def test_a_clip_older_than_the_list_is_not_found_and_not_denied() -> None:
    _, doubt = listed(page(items=[], total=0), since=CREATED - 8 * 86400)
    assert "seven days only" in doubt
    without_clock = replace(page(items=[], total=0), headers={})
    _, doubt = listed(without_clock)
    assert "seven days only" in doubt


def test_a_list_of_another_shape_is_an_error() -> None:
    for body in ({"items": "soon"}, {"items": None}, {}):
        answer = Reply(200, json.dumps(body).encode())
        assert refused(MINIMAX.find(BOY, 0, 1), [answer]).kind == "protocol"


# A clip made again


def test_a_clip_is_made_again_by_its_task() -> None:
    """The page's own example: nothing but model, source and resolution, and the watermark."""
    request = BOY.but(regenerate=TASK)
    calls, receipt = drive(MINIMAX.submit(request), [reply("minimax", "v2_submitted")])
    (call,) = calls
    assert (call.method, call.url, call.charges) == ("POST", "/v2/video_regeneration", True)
    assert call.json == {"model": "MiniMax-H3", "source_task_id": TASK, "resolution": "2K"}
    assert receipt == RECEIPT
    calls, _ = drive(CHINA.submit(request.but(watermark=True)), [reply("minimax", "v2_submitted")])
    assert calls[0].json == {
        "model": "MiniMax-H3",
        "source_task_id": TASK,
        "resolution": "2K",
        "aigc_watermark": True,
    }


def test_it_is_looked_for_among_its_own_kind() -> None:
    entries = [*items(1, task_type="regeneration"), *items(2, task_type="generation")]
    flow = MINIMAX.find(BOY.but(regenerate=TASK), CREATED - 60, CREATED + 600)
    _, found = drive(flow, [page(items=entries, total=2)])
    assert [one.task_id for one in found.possible] == ["1"]
