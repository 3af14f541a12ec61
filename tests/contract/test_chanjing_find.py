"""Chanjing's list of tasks: what it proves of a clip whose answer was lost, and of a task that it
does not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from hailuo_nb.providers.base import Call, Reply
from hailuo_nb.providers.chanjing.adapter import Chanjing
from hailuo_nb.providers.task_list import ZONES, CanFind, Found
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, receipts, refused, reply

CHANJING = Chanjing()
PROMPT = "小狗在草地上奔跑,镜头跟随,阳光自然"
DOG = VideoRequest(PROMPT, "MiniMax-Hailuo-02")
SINCE, UNTIL = 1_760_000_000, 1_760_000_600
WITHIN = SINCE + 200
LONG_AGO = SINCE - int(ZONES)


def task(number: int, created: Any = WITHIN, **motion: Any) -> dict[str, Any]:
    told = {"ref_prompt": PROMPT, "clarity": 720, "video_duration": 6} | motion
    return {
        "unique_id": f"id-{number}",
        "create_time": created,
        "type": 4,
        "model_code": "MiniMax-Hailuo-02",
        "motion_info": told,
    }


def page(*tasks: Any, total: Any = None) -> Reply:
    count = len(tasks) if total is None else total
    return reply("chanjing", "list", data={"list": list(tasks), "total": count})


def find(*replies: Reply, request: VideoRequest = DOG) -> tuple[list[Call], Found]:
    assert isinstance(CHANJING, CanFind)
    return drive(CHANJING.find(request, SINCE, UNTIL), replies)


def ids(listed: Sequence[Any]) -> list[str]:
    return [one.task_id for one in listed]


def test_certain_are_those_that_agree_in_every_field_and_in_time() -> None:
    other_model = task(7) | {"model_code": "Kling-3.0"}
    calls, found = find(
        page(
            task(1, SINCE),
            task(2, UNTIL),
            task(3, SINCE - 1),
            task(4, UNTIL + 1),
            task(5, ref_prompt="another"),
            task(6, video_duration=10),
            other_model,
            task(8, clarity=1080),
            task(9, WITHIN * 1000, video_duration="6", clarity="720"),
            task(10, LONG_AGO - 1),
        )
    )
    assert ids(found.certain) == ["id-1", "id-2", "id-9"]
    assert ids(found.possible) == ["id-3", "id-4", "id-5", "id-6", "id-7", "id-8"]
    assert found.certain[2].created_at == WITHIN
    assert found.doubt == ""
    assert calls[0].json == {"unique_ids": [], "type": 4, "page": 1, "page_size": 50}


def test_the_prompt_is_looked_for_as_it_was_sent() -> None:
    sent = "小狗 [跟随]"
    _, found = find(page(task(1, ref_prompt=sent)), request=DOG.but(prompt="小狗 [Tracking shot]"))
    assert ids(found.certain) == ["id-1"]


ALTERED: dict[str, Mapping[str, Any]] = {
    "trimmed": {"ref_prompt": PROMPT + " "},
    "full-width": {"ref_prompt": PROMPT.replace(",", "，")},
    "cut": {"ref_prompt": PROMPT[:10]},
    "rewritten": {"ref_prompt": "A dog runs over grass"},
    "no prompt": {"ref_prompt": None},
    "no clarity": {"clarity": None},
    "clarity 0": {"clarity": 0},
    "no duration": {"video_duration": None},
    "another list of fields": {"ref_prompt": None, "clarity": None, "video_duration": None},
}


@pytest.mark.parametrize("motion", ALTERED.values(), ids=ALTERED)
def test_an_entry_that_was_altered_may_be_it(motion: Mapping[str, Any]) -> None:
    _, found = find(page(task(1, **motion)))
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-1"])


@pytest.mark.parametrize(
    "fields", [{"model_code": ""}, {"model_code": None}, {"motion_info": None}]
)
def test_an_entry_without_a_field_may_be_it(fields: dict[str, Any]) -> None:
    _, found = find(page(task(1) | fields))
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-1"])


TIMES = [
    None,
    0,
    "",
    "2025-10-09 16:56:40",
    -1,
    WITHIN * 1_000_000,
    WITHIN + 8 * 3600,
    WITHIN - 12 * 3600,
    True,
]


@pytest.mark.parametrize("created", TIMES)
def test_a_time_that_cannot_be_used_makes_no_negative(created: Any) -> None:
    """Missing, zero, text, microseconds, the local time of another zone."""
    _, found = find(page(task(1, created)))
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-1"])


@pytest.mark.parametrize("created", [LONG_AGO - 1, UNTIL + ZONES + 1])
def test_what_is_of_another_day_cannot_be_it(created: float) -> None:
    assert find(page(task(1, created)))[1] == Found()


def test_an_empty_list_proves_that_it_was_not_taken() -> None:
    assert find(page())[1] == Found()
    assert find(reply("chanjing", "list", data={"list": None, "total": 0}))[1] == Found()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"total": 0},
        {"list": None},
        {"list": None, "total": 3},
        {"list": {}, "total": 0},
        {"list": "", "total": 0},
        {"items": [], "total": 0},
        [],
        None,
        "none",
    ],
)
def test_a_list_of_another_shape_is_an_error(data: Any) -> None:
    answer = reply("chanjing", "list", data=data)
    for flow in (CHANJING.find(DOG, SINCE, UNTIL), CHANJING.poll(receipts(CHANJING, "a"))):
        assert refused(flow, [answer]).kind == "protocol"


@pytest.mark.parametrize(
    "answers",
    [
        [reply("chanjing", "list", data={"list": []})],  # no total
        [page(task(1), total=2), page(total=2)],
        [page(total=1)],
        [page(task(1), {"create_time": WITHIN}), page()],  # an entry without an id
        [page(task(1), None), page()],
        [reply("chanjing", "list", data={"list": [task(1)], "total": 1,
        "page_info": {"total_count": 9}}),
         page(total=1)],
    ],
)  # fmt: skip
def test_a_list_that_may_not_be_whole_is_doubted(answers: list[Reply]) -> None:
    found = find(*answers)[1]
    assert found.doubt
    assert find(*answers)[1].certain == found.certain


def test_a_page_that_is_cut_shorter_than_asked_for_is_not_the_last() -> None:
    calls, found = find(page(task(1), task(2), total=3), page(task(3), total=3))
    assert len(calls) == 2
    assert (ids(found.certain), found.doubt) == (["id-1", "id-2", "id-3"], "")


def test_a_list_that_repeats_itself_ends() -> None:
    same = page(*(task(number) for number in range(50)), total=80)
    calls, found = find(same, same)
    assert len(calls) == 2
    assert found.doubt


def test_pages_are_turned_until_they_end() -> None:
    full = page(*(task(number) for number in range(50)), total=51)
    calls, found = find(full, page(task(50), total=51))
    assert [call.json["page"] for call in calls] == [1, 2]
    assert (len(found.certain), found.doubt) == (51, "")


def test_it_stops_where_only_older_tasks_can_follow() -> None:
    newest_first = page(*(task(number, UNTIL - number * 3600) for number in range(50)), total=1000)
    calls, found = find(newest_first)
    assert len(calls) == 1
    assert found.doubt == ""


@pytest.mark.parametrize(
    "times",
    [
        [LONG_AGO - 60 + number for number in range(50)],
        [LONG_AGO - 60, UNTIL, *[LONG_AGO - 60] * 48],
        [0] * 50,
        [*range(UNTIL, UNTIL - 49, -1), 0],
    ],
    ids=["oldest first", "without order", "no times", "one without a time"],
)
def test_other_orders_are_read_on(times: list[int]) -> None:
    first = page(*(task(number, created) for number, created in enumerate(times)), total=51)
    calls, found = find(first, page(task(99), total=51))
    assert len(calls) == 2
    assert "id-99" in ids(found.certain)


def test_half_a_search_proves_nothing() -> None:
    pages = [
        page(*(task(50 * number + one) for one in range(50)), total=99_999) for number in range(200)
    ]
    assert refused(CHANJING.find(DOG, SINCE, UNTIL), pages).kind == "protocol"


# A look at tasks by their ids


@pytest.mark.parametrize(
    "answer",
    [
        page(task(1), task(2)),  # the filter was not heeded
        page(task(1), total=2),
        page(task(1), {}),
        reply("chanjing", "list", data={"list": [task(1)]}),
        page(total=1),
    ],
)
def test_a_task_that_such_a_list_does_not_show_is_not_gone(answer: Reply) -> None:
    _, found = drive(CHANJING.poll(receipts(CHANJING, "id-1", "lost")), [answer])
    last = found[-1]
    assert (last.task_id, last.state) == ("lost", "running")
    assert "does not show this task" in last.note


def test_a_whole_list_without_it_is_the_providers_word() -> None:
    _, found = drive(CHANJING.poll(receipts(CHANJING, "id-1", "lost")), [page(task(1))])
    assert [progress.task_id for progress in found] == ["id-1"]
