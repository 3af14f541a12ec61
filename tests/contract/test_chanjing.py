"""Chanjing's adapter against replies typed from its pages."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers.base import Call, Reply
from hailuo_nb.providers.chanjing.adapter import Chanjing
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, page_request, receipts, refused, reply

CHANJING = Chanjing()
TASK = "a60747d7-dc05-4afc-b2ef-ee4370ed53c6"
DOG = VideoRequest("小狗在草地上奔跑,镜头跟随,阳光自然", "MiniMax-Hailuo-02")
PICTURE = Frame(
    "sha256:01", data=b"\x89PNG one", media_type="image/png", name="mother-in-hospital.png"
)
OTHER = Frame("sha256:02", data=b"\xff\xd8 two", media_type="image/jpeg")
ID = "小狗在草地上奔跑,镜头跟随,阳光自然"


def ok(name: str) -> Reply:
    return reply("chanjing", name)


def link(key: str) -> Frame:
    url = page_request("chanjing")[key]
    return Frame(url, url=url)


def submit(
    request: VideoRequest, *before: Reply, adapter: Chanjing = CHANJING
) -> tuple[list[Call], dict[str, Any]]:
    calls, receipt = drive(adapter.submit(request), [*before, ok("submitted")])
    assert receipt.task_id == TASK
    last = calls[-1]
    assert (last.method, last.url, last.sign) == ("POST", "/open/v1/ai_creation/task/submit", True)
    assert [call.charges for call in calls] == [False] * (len(calls) - 1) + [True]
    return calls[:-1], last.json


def test_the_pages_own_request() -> None:
    request = DOG.but(first_frame=link("start_frame"), last_frame=link("end_frame"))
    calls, body = submit(request)
    assert calls == []  # links are passed on
    assert body == page_request("chanjing")


def test_the_pages_samples_by_the_switch() -> None:
    request = DOG.but(first_frame=link("start_frame"), last_frame=link("end_frame"))
    _, body = submit(request, adapter=Chanjing(ref_img_url=True))
    assert body == page_request("chanjing", "page_request_samples")


def test_text_alone_sends_no_frame_field_either_way() -> None:
    for adapter in (CHANJING, Chanjing(ref_img_url=True)):
        _, body = submit(
            DOG.but(prompt="小狗 [Tracking shot]", resolution="1080P"), adapter=adapter
        )
        assert body == {
            "ref_prompt": "小狗 [跟随]",
            "creation_type": 4,
            "clarity": 1080,
            "video_duration": 6,
            "model_code": "MiniMax-Hailuo-02",
        }


def test_switches_it_does_not_have_are_not_sent() -> None:
    _, plain = submit(DOG)
    _, body = submit(DOG.but(prompt_optimizer=False, fast_pretreatment=True, watermark=True))
    assert body == plain


def test_ref_img_url_cannot_say_that_a_picture_is_the_last() -> None:
    request = DOG.but(last_frame=link("end_frame"))
    assert refused(Chanjing(ref_img_url=True).submit(request), []).kind == "invalid"
    assert submit(request)[1]["end_frame"] == request.last_frame.url  # type: ignore[union-attr]


def test_a_picture_is_uploaded_first() -> None:
    waiting = [ok("upload_url"), Reply(200), ok("file_waiting"), ok("file_ready")]
    (ask, put, look, again), body = submit(DOG.but(first_frame=PICTURE), *waiting)
    assert (ask.method, ask.url, ask.sign) == ("GET", "/open/v1/common/create_upload_url", True)
    assert ask.params == {
        "service": "ai_creation",
        "name": "frame.png",
    }  # never the user's own file name
    assert (put.method, put.url) == (
        "PUT",
        "https://store.chanjing.example/chanjing/a.png?Expires=1&Signature=abc",
    )
    assert (put.content, put.sign) == (b"\x89PNG one", False)
    assert put.headers == {
        "content-type": "image/png; charset=binary"
    }  # as returned, to the letter
    assert (look.url, look.params) == ("/open/v1/common/file_detail", {"id": "file-1"})
    assert 0 < look.delay < again.delay
    assert body["start_frame"] == "https://res.chanjing.example/chanjing/a.png"
    assert "end_frame" not in body


def test_a_picture_and_a_link() -> None:
    request = DOG.but(first_frame=link("start_frame"), last_frame=OTHER)
    (ask, _, _), body = submit(request, ok("upload_url"), Reply(200), ok("file_ready_as_2"))
    assert ask.params["name"] == "frame.jpg"
    assert body["start_frame"] == page_request("chanjing")["start_frame"]
    assert body["end_frame"] == "https://res.chanjing.example/chanjing/a.png"


def test_two_pictures_and_the_same_one_twice() -> None:
    upload = [ok("upload_url"), Reply(200)]
    calls, _ = submit(
        DOG.but(first_frame=PICTURE, last_frame=OTHER),
        *upload,
        *upload,
        ok("file_ready"),
        ok("file_ready"),
    )
    assert [call.content for call in calls if call.method == "PUT"] == [PICTURE.data, OTHER.data]
    calls, body = submit(
        DOG.but(first_frame=PICTURE, last_frame=PICTURE), *upload, ok("file_ready")
    )
    assert len(calls) == 3
    assert body["start_frame"] == body["end_frame"]


@pytest.mark.parametrize("name", ["file_refused", "file_bad_99", "file_bad_100"])
def test_a_picture_that_is_turned_down_costs_nothing(name: str) -> None:
    error = refused(
        CHANJING.submit(DOG.but(first_frame=PICTURE)), [ok("upload_url"), Reply(200), ok(name)]
    )
    assert error.kind == "moderation"


def test_looks_at_a_file_are_bounded() -> None:
    looks = [ok("file_waiting")] * 30
    error = refused(
        CHANJING.submit(DOG.but(first_frame=PICTURE)), [ok("upload_url"), Reply(200), *looks]
    )
    assert (error.kind, error.status) == ("server", None)


def test_too_many_looks_are_no_refusal() -> None:
    submit(
        DOG.but(first_frame=PICTURE),
        ok("upload_url"),
        Reply(200),
        ok("error_40001"),
        ok("file_ready"),
    )


def test_the_file_store_refuses() -> None:
    error = refused(
        CHANJING.submit(DOG.but(first_frame=PICTURE)), [ok("upload_url"), ok("store_refused")]
    )
    assert (error.kind, error.status) == ("protocol", 403)
    assert "SignatureDoesNotMatch" in error.message


def test_one_list_call_for_all() -> None:
    ids = [f"id-{number}" for number in range(1, 10)]
    calls, found = drive(CHANJING.poll(receipts(CHANJING, *ids, "not-there")), [ok("list")])
    (call,) = calls
    assert (call.method, call.url, call.charges) == (
        "POST",
        "/open/v1/ai_creation/task/page",
        False,
    )
    assert call.json == {"unique_ids": [*ids, "not-there"], "type": 4, "page": 1, "page_size": 50}
    assert {progress.task_id: (progress.state, progress.word) for progress in found} == {
        "id-1": ("queued", "Queued"),
        "id-2": ("queued", "Ready"),
        "id-3": ("running", "Generating"),
        "id-4": ("succeeded", "Success"),
        "id-5": ("failed", "Error"),
        "id-6": ("failed", "Fail"),
        "id-7": ("cancelled", "Cancelled"),
        "id-8": ("running", "Polishing"),
        "id-9": ("succeeded", "Success"),
    }
    by_id = {progress.task_id: progress for progress in found}
    assert by_id["id-4"].links == ("https://res.chanjing.example/dog.mp4",)
    assert by_id["id-5"].error is not None
    assert (by_id["id-5"].error.message, by_id["id-5"].error.code) == (
        "任务失败,本次生成不消耗蝉豆",
        "Error",
    )
    assert getattr(by_id["id-6"].error, "kind", None) == "moderation"
    assert by_id["id-7"].error is None
    assert (
        by_id["id-8"].note == "the provider says 'Polishing', a word that hailuo_nb does not know"
    )
    assert by_id["id-9"].note == "the provider says Success and gives no link yet"


def test_only_what_was_asked_for_comes_back() -> None:
    _, found = drive(CHANJING.poll(receipts(CHANJING, "id-3")), [ok("list")])
    assert [progress.task_id for progress in found] == ["id-3"]


def test_more_than_fifty_are_asked_in_fifties() -> None:
    empty = reply("chanjing", "list", data={"list": [], "total": 0})
    calls, found = drive(
        CHANJING.poll(receipts(CHANJING, *(str(number) for number in range(120)))), [empty] * 3
    )
    assert [len(call.json["unique_ids"]) for call in calls] == [50, 50, 20]
    assert found == []


def test_a_list_that_is_none_is_a_broken_answer() -> None:
    assert (
        refused(
            CHANJING.poll(receipts(CHANJING, "a")),
            [reply("chanjing", "list", data={"list": "soon"})],
        ).kind
        == "protocol"
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("error_400", "invalid"),
        ("error_10400", "token"),
        ("error_40000", "invalid"),
        ("error_40001", "rate"),
        ("error_50000", "server"),
        ("error_model", "invalid"),
    ],
)
def test_refusals_inside_http_200(name: str, kind: ErrorKind) -> None:
    answer = ok(name)
    for flow in (CHANJING.submit(DOG), CHANJING.poll(receipts(CHANJING, TASK))):
        error = refused(flow, [answer])
        assert (error.kind, error.status) == (kind, 200)
        assert (error.code, error.message) == (str(answer.at("code")), answer.at("msg"))
        assert error.request_id == "96afa792520b0e6a86d72e89435bc0a7"


@pytest.mark.parametrize(
    ("code", "msg", "kind"),
    [
        ("40001", "x", "rate"),
        (40002, "蝉豆余额不足", "balance"),
        (40077, "x", "invalid"),
        (50011, "x", "server"),
        ("", "x", "protocol"),
        (None, "x", "protocol"),
    ],
)
def test_codes_that_no_page_names(code: Any, msg: str, kind: ErrorKind) -> None:
    answer = reply("chanjing", "error_400", code=code, msg=msg)
    assert refused(CHANJING.submit(DOG), [answer]).kind == kind


def test_a_code_as_text_is_a_code() -> None:
    assert (
        drive(CHANJING.submit(DOG), [reply("chanjing", "submitted", code="0")])[1].task_id == TASK
    )
