"""Replicate's list of predictions: what it proves of a clip whose answer was lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from hailuo_nb.providers.base import Call, Reply
from hailuo_nb.providers.replicate.adapter import Replicate
from hailuo_nb.providers.task_list import CanFind, Found
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import drive, recorded, refused, reply
from tests.contract.simulator import Wall, png, with_client

REPLICATE = Replicate()
BASE = "https://api.replicate.com/v1/predictions"
CAT = VideoRequest("A cat runs on grass [Push in]", "MiniMax-Hailuo-2.3")
START, END = Frame("a", url="https://a.example/1.jpg"), Frame("b", url="https://b.example/2.jpg")

SINCE, UNTIL = 1_795_860_000.0, 1_795_860_600.0
WITHIN = SINCE + 100


def at(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def entry(number: int, created: Any = WITHIN, **fields: Any) -> dict[str, Any]:
    given = {"prompt": CAT.prompt, "duration": 6, "resolution": "768p"} | fields
    shown = at(created) if isinstance(created, float) else created
    body: dict[str, Any] = recorded("replicate", "submitted")["body"]
    return body | {"id": f"id-{number}", "created_at": shown, "input": given}


def page(*entries: Any, following: str | None = None) -> Reply:
    return reply("replicate", "list", results=list(entries), next=following)


def find(*answers: Reply, request: VideoRequest = CAT) -> tuple[list[Call], Found]:
    assert isinstance(REPLICATE, CanFind)
    return drive(REPLICATE.find(request, SINCE, UNTIL), answers)


def ids(tasks: Any) -> list[str]:
    return [task.task_id for task in tasks]


def test_certain_are_those_that_agree_in_every_field_and_in_time() -> None:
    calls, found = find(
        page(
            entry(1),
            entry(2, prompt_optimizer=True),  # its default, that nobody set
            entry(3, prompt_optimizer=False),
            entry(4, prompt="A dog"),
            entry(5, duration=10),
            entry(6, first_frame_image="https://a.example/1.jpg"),
            entry(7, SINCE - 1),
            entry(8, UNTIL + 1),
            entry(9) | {"model": "black-forest-labs/flux-schnell"},
        )
    )
    assert ids(found.certain) == ["id-1", "id-2"]
    assert ids(found.possible) == ["id-3", "id-4", "id-5", "id-6"]
    assert (found.certain[0].created_at, found.doubt) == (WITHIN, "")
    (call,) = calls
    assert (call.method, call.url) == ("GET", "/v1/predictions")
    assert call.params == {"created_after": at(SINCE), "created_before": at(UNTIL)}


@pytest.mark.parametrize(
    "altered",
    [
        {"input": {}, "data_removed": True},
        {"input": None},
        {"model": ""},
        {"created_at": None},
        {"created_at": "2026-11-28T10:00:00"},
        {"created_at": "soon"},
    ],
)
def test_an_entry_whose_data_is_gone_may_be_it(altered: dict[str, Any]) -> None:
    found = find(page(entry(1) | altered))[1]
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-1"])


def test_a_frame_as_a_link_is_compared_and_one_within_the_request_cannot_be() -> None:
    linked = CAT.but(first_frame=START)
    shown = entry(1, first_frame_image=START.url)
    other = entry(2, first_frame_image=END.url)
    assert ids(find(page(shown, other), request=linked)[1].certain) == ["id-1"]
    inline = CAT.but(first_frame=Frame.of(png()))
    stored = entry(3, first_frame_image="https://replicate.delivery/pbxt/a.png")
    found = find(page(stored), request=inline)[1]
    assert (ids(found.certain), ids(found.possible)) == ([], ["id-3"])


def test_pages_are_turned_until_only_older_ones_can_follow() -> None:
    first = page(entry(1, UNTIL), following=f"{BASE}?cursor=a")
    second = page(entry(2, WITHIN), entry(3, SINCE - 5), following=f"{BASE}?cursor=b")
    third = page(entry(4, SINCE - 10), following=f"{BASE}?cursor=c")
    calls, found = find(first, second, third)
    assert [call.url for call in calls[1:]] == [f"{BASE}?cursor=a", f"{BASE}?cursor=b"]
    assert ids(found.certain) == ["id-1", "id-2"]


def test_an_empty_list_proves_that_it_was_not_taken() -> None:
    assert find(page())[1] == Found()


def test_an_entry_without_an_id_is_a_doubt() -> None:
    found = find(page(entry(1), {"created_at": at(WITHIN)}, None))[1]
    assert (ids(found.certain), bool(found.doubt)) == (["id-1"], True)


@pytest.mark.parametrize("results", [None, {}, "", 7])
def test_a_list_of_another_shape_is_an_error(results: Any) -> None:
    flow = REPLICATE.find(CAT, SINCE, UNTIL)
    assert refused(flow, [reply("replicate", "list", results=results)]).kind == "protocol"


def test_half_a_search_proves_nothing() -> None:
    endless = [page(entry(n), following=f"{BASE}?cursor={n}") for n in range(100)]
    assert refused(REPLICATE.find(CAT, SINCE, UNTIL), endless).kind == "protocol"
    flow = REPLICATE.find(CAT, SINCE, UNTIL)
    throttled = reply("replicate", "error_throttled")
    assert refused(flow, [page(entry(1), following=f"{BASE}?cursor=a"), throttled]).kind == "rate"


def test_a_lost_prediction_is_found_in_the_stand_in() -> None:
    """The list, over HTTP: what the adapter asks for is what the stand-in shows."""

    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        path, found = "/v1/models/minimax/hailuo-2.3/predictions", []
        for prompt in (CAT.prompt, "A dog"):
            given = {"prompt": prompt, "duration": 6, "resolution": "768p"}
            answer = await client.post(
                path, headers={"Authorization": "Bearer any-key"}, json={"input": given}
            )
            found.append(answer.json()["id"])
        flow = REPLICATE.find(CAT, wall.time - 60, wall.time + 60)
        call = next(flow)
        try:
            while True:
                answer = await client.request(
                    call.method,
                    call.url,
                    params=dict(call.params) or None,
                    headers={"Authorization": "Bearer any-key"},
                )
                call = flow.send(Reply(answer.status_code, answer.content))
        except StopIteration as end:
            assert ids(end.value.certain) == found[:1]
            assert len(end.value.possible) == 1

    with_client(talk)
