"""Each adapter against its stand-in over a real socket: two readings of one page have to agree.

The simulator's own tests hold it against the pages; here only the clip is not its own (a few small
frames, quickly made): what is tried is the conversation, not the camera.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import match
from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Call, Progress, Receipt
from hailuo_nb.providers.task_list import CanFind
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import (
    conversation,
    names_its_task,
    names_with,
    needed_references,
    receipts,
    recorded,
    request_for,
)
from tests.contract.loopback import Conversation, refusal, simulator, talk

NAMES = registry.names()

each = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with simulator() as url:
        yield url


@pytest.fixture(scope="module")
def with_fault() -> Iterator[Callable[[str], str]]:
    """The base URL of a stand-in that has this fault; one for all tests that want the same."""
    urls: dict[str, str] = {}
    with ExitStack() as running:

        def find(fault: str) -> str:
            if fault not in urls:
                urls[fault] = running.enter_context(simulator(fault))
            return urls[fault]

        yield find


def cat(name: str, **fields: Any) -> VideoRequest:
    prompt = "A cat runs on grass [Push in], then [Pan left,Zoom in]"
    return request_for(registry.get(name), prompt).but(**fields)


def picture(colour: str) -> Frame:
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (480, 320), colour).save(target, "PNG")
    return Frame.of(target.getvalue())


@each
def test_from_the_submit_to_the_clip(base: str, name: str) -> None:
    async def scene(talking: Conversation) -> tuple[list[Progress], httpx2.Response]:
        looks = await talking.make(cat(name))
        return looks, await talking.bare.get(looks[-1].links[0])

    looks, clip = talk(base, name, scene)
    last = looks[-1]
    assert (last.state, last.error) == ("succeeded", None)
    assert clip.status_code == 200
    assert clip.content[4:8] == b"ftyp"
    order = {"queued": 0, "running": 1, "succeeded": 2}
    assert [order[one.state] for one in looks] == sorted(order[one.state] for one in looks)
    assert all(not one.links for one in looks[:-1])
    # As much is told as the provider's page tells: two readings of one page.
    recorded_ends = [recorded(name, file)["progress"] for file in names_with(name, "progress")]
    page = {field for end in recorded_ends if end["state"] == "succeeded" for field in end}
    numbers = {"percent", "seconds", "link_ttl", "link_expires_at"}
    assert {field for field in numbers if getattr(last, field) is not None} == page & numbers
    assert last.percent in {None, 100}
    if last.link_ttl is not None:
        assert last.link_ttl in {end.get("link_ttl") for end in recorded_ends}


@each
def test_pictures_as_frames(base: str, name: str) -> None:
    """First and, where it is sold, last frame; Chanjing's go through its file store."""
    row = catalog.row_for(cat(name, first_frame=picture("red")), name)
    if row.first_frame == "no":
        pytest.skip(f"{name} takes no first frame")
    last = picture("blue") if row.last_frame != "no" else None
    looks = talk(
        base,
        name,
        lambda talking: talking.make(cat(name, first_frame=picture("red"), last_frame=last)),
    )
    assert looks[-1].state == "succeeded"


@each
def test_every_endpoint_of_the_matrix_is_known_there(base: str, name: str) -> None:
    async def scene(talking: Conversation) -> list[str]:
        ids = []
        for row in (row for row in catalog.rows() if row.provider == name):
            for cell in row.cells:
                request = cat(
                    name,
                    model=row.model,
                    resolution=cell.resolution,
                    duration=cell.duration,
                    first_frame=None if row.text else Frame("f", url="https://a.example/1.png"),
                    references=needed_references(row),
                    options={
                        "prompt_optimizer": True,
                        "fast_pretreatment": True,
                        "watermark": False,
                    },
                )
                receipt = await talking.drive(talking.provider.submit(request))
                ids.append(receipt.task_id)
        return ids

    ids = talk(base, name, scene)
    assert (
        len(set(ids))
        == len(ids)
        == sum(len(row.cells) for row in catalog.rows() if row.provider == name)
    )


@each
def test_a_wrong_key(base: str, name: str) -> None:
    error = refusal(base, name, lambda talking: talking.make(cat(name)), key="wrong-key")
    assert error.kind == "auth"
    assert error.status == conversation(name)["wrong_key"]
    assert "wrong-key" not in str(error)


@each
def test_no_balance(base: str, name: str) -> None:
    error = refusal(base, name, lambda talking: talking.make(cat(name)), key="no-balance")
    assert error.kind == "balance"


def _replaced(value: Any, changes: Sequence[tuple[Any, Any]]) -> Any:
    """JSON with other values; what becomes None is left out."""
    if isinstance(value, dict):
        found = {key: _replaced(item, changes) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None}
    if isinstance(value, list):
        return [_replaced(item, changes) for item in value]
    same = (new for old, new in changes if type(old) is type(value) and old == value)
    return next(same, value)


def _not_sold(name: str, call: Call) -> Call:
    """A resolution with a duration that is not sold with it, as `catalog.check` never lets out;
    where each is sold with each, a duration of an hour."""
    row = catalog.row_for(cat(name), name)
    cell = row.cells[0]
    sold = {(one.sent_as, one.duration) for one in row.cells}
    pairs = ((size, length) for size, _ in sold for _, length in sold)
    size, length = next((pair for pair in pairs if pair not in sold), (cell.sent_as, 3600))
    changes = [(cell.sent_as, size), (cell.duration, length), (str(cell.duration), str(length))]
    return replace(call, json=_replaced(call.json, changes))


def _no_prompt(name: str, call: Call) -> Call:
    sent = match.prompt(cat(name), catalog.row_for(cat(name), name))
    return replace(call, json=_replaced(call.json, [(sent, None)]))


@each
@pytest.mark.parametrize("spoil", [_not_sold, _no_prompt])
def test_a_request_that_is_not_sold(
    base: str, name: str, spoil: Callable[[str, Call], Call]
) -> None:
    async def scene(talking: Conversation) -> list[Progress]:
        def edit(call: Call) -> Call:
            if not call.charges:
                return call
            spoiled = spoil(name, call)
            assert spoiled != call
            return spoiled

        talking.edit = edit
        return await talking.make(cat(name))

    if (status := conversation(name)["not_sold"]) == "failed":  # looked at when its turn comes
        last = talk(base, name, scene)[-1]
        assert (last.state, last.error and last.error.kind) == ("failed", "invalid")
        return
    error = refusal(base, name, scene)
    assert (error.kind, error.status) == ("invalid", status)


@each
def test_a_task_that_nobody_knows(base: str, name: str) -> None:
    """It is left out, or refused with the kind that is `unknown_task` in conversation.json."""

    async def scene(talking: Conversation) -> list[Progress]:
        return await talking.drive(
            talking.provider.poll(receipts(talking.provider, "no-such-task"))
        )

    # Modelverse's stand-in says 400, as it does for any bad parameter; the page is silent.
    if isinstance(kind := conversation(name)["unknown_task"], str):
        assert refusal(base, name, scene).kind == kind
    else:
        assert talk(base, name, scene) == kind


@each
def test_an_answer_about_another_task(base: str, name: str) -> None:
    """Two polls that a proxy has mixed up: the other's clip is not taken for this one's."""
    if not names_its_task(name):
        pytest.skip(f"{name} does not say which task an answer is about")

    async def scene(talking: Conversation) -> list[Progress]:
        mine, other = [
            await talking.drive(talking.provider.submit(cat(name, prompt=prompt)))
            for prompt in ("A cat", "A dog")
        ]
        await talking.until_over([other])
        talking.edit = lambda call: _about(call, mine.task_id, other.task_id)
        return await talking.drive(talking.provider.poll([mine]))

    if registry.get(name).batch_size > 1:
        (progress,) = talk(base, name, scene)
        assert (progress.state, progress.links) == ("running", ())
        return
    assert "the answer is about another task" in str(refusal(base, name, scene))


def _about(call: Call, mine: str, other: str) -> Call:
    params = {key: value.replace(mine, other) for key, value in call.params.items()}
    json = _replaced(call.json, [(mine, other)])
    return replace(call, url=call.url.replace(mine, other), params=params, json=json)


@each
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("html", "protocol"),
        ("bad_json", "protocol"),
        ("rate_limit", "rate"),
        ("server_error", "server"),
    ],
)
def test_faults(with_fault: Callable[[str], str], name: str, fault: str, kind: str) -> None:
    error = refusal(with_fault(fault), name, lambda talking: talking.make(cat(name)))
    assert error.kind == kind  # Chanjing's meets its token
    assert (error.retry_after is not None) == (fault == "rate_limit")


@each
@pytest.mark.parametrize("fault", ["fail_task", "moderation"])
def test_a_task_that_fails(with_fault: Callable[[str], str], name: str, fault: str) -> None:
    def make(talking: Conversation) -> Coroutine[Any, Any, list[Progress]]:
        return talking.make(cat(name))

    if fault == "moderation" and conversation(name)["moderation"] == "refused":  # at once
        assert refusal(with_fault(fault), name, make).kind == "moderation"
        return
    last = talk(with_fault(fault), name, make)[-1]
    assert (last.state, last.links) == ("failed", ())
    assert last.error is not None
    assert last.error.message
    assert last.error.kind == ("server" if fault == "fail_task" else "moderation")


@each
def test_a_task_that_is_cancelled(base: str, name: str) -> None:
    """Where that is sold: what the provider says to it is what becomes of the task."""
    sold = [row for row in catalog.rows() if row.provider == name and row.tasks.cancel]
    if not sold:
        pytest.skip(f"{name} cannot cancel a task")
    cell = sold[0].cells[0]
    request = cat(name, model=sold[0].model, resolution=cell.resolution, duration=cell.duration)

    async def scene(talking: Conversation) -> tuple[str, Progress]:
        receipt = await talking.drive(talking.provider.submit(request))
        outcome = await talking.drive(talking.provider.cancel(receipt))
        return outcome, (await talking.until_over([receipt]))[receipt.task_id][-1]

    outcome, last = talk(base, name, scene)
    assert last.state == ("succeeded" if outcome == "too_late" else "cancelled")
    assert last.links == () or outcome == "too_late"


def test_modelverse_with_the_raw_key(with_fault: Callable[[str], str]) -> None:
    url = with_fault("raw_key_only")
    assert (
        talk(url, "modelverse", lambda talking: talking.make(cat("modelverse")))[-1].state
        == "succeeded"
    )


def test_xcompute_flat(with_fault: Callable[[str], str]) -> None:
    looks = talk(
        with_fault("flat_status"), "xcompute", lambda talking: talking.make(cat("xcompute"))
    )
    assert looks[-1].links


def test_chanjing_with_tokens_that_die_all_the_time(with_fault: Callable[[str], str]) -> None:
    """Three calls a token: an upload, a submit and the looks need many."""
    request = cat("chanjing", first_frame=picture("red"))
    looks = talk(with_fault("token_expiry"), "chanjing", lambda talking: talking.make(request))
    assert looks[-1].state == "succeeded"


def test_chanjing_many_in_one_call_and_found_again(base: str) -> None:
    async def scene(talking: Conversation) -> None:
        start = time.time() - 1
        requests = [cat("chanjing", prompt=f"Cat {number} [Push in]") for number in range(60)]
        tasks = [await talking.drive(talking.provider.submit(one)) for one in requests]
        ids = [task.task_id for task in tasks]
        talking.calls = 0
        found = await talking.drive(talking.provider.poll(tasks))
        assert talking.calls == 2
        assert {progress.task_id for progress in found} == set(ids)
        assert isinstance(talking.provider, CanFind)
        for number in (0, 59):  # the first is on another page than the last
            look = talking.provider.find(requests[number], start, time.time() + 1)
            found_again = await talking.drive(look)
            assert [task.task_id for task in found_again.certain] == [ids[number]]
            assert (len(found_again.possible) >= 59, found_again.doubt) == (True, "")
        look = talking.provider.find(requests[0].but(duration=10), start, time.time() + 1)
        assert (await talking.drive(look)).certain == ()

    talk(base, "chanjing", scene)


@pytest.mark.parametrize("name", ["minimax", "minimax-cn"])
def test_minimax_h3_from_frames_and_references_to_the_clip(base: str, name: str) -> None:
    link = "https://a.example/1.png"
    h3 = cat(name, model="MiniMax-H3", resolution="2K", duration=4)
    requests = [
        h3,
        h3.but(first_frame=picture("red"), last_frame=picture("blue")),
        h3.but(references=(Reference("picture", link, url=link),), ratio="1:1"),
    ]

    async def scene(talking: Conversation) -> list[Progress]:
        return [(await talking.make(one))[-1] for one in requests]

    for last in talk(base, name, scene):
        assert (last.state, last.error, len(last.links)) == ("succeeded", None, 1)


def test_minimax_h3_is_found_and_cancelled(base: str) -> None:
    async def scene(talking: Conversation) -> None:
        start = time.time() - 1
        request = cat("minimax", model="MiniMax-H3", duration=15)
        over, queued = [await talking.drive(talking.provider.submit(request)) for _ in range(2)]
        outcome = await talking.drive(talking.provider.cancel(queued))
        assert outcome in {"cancelled", "too_late"}  # a queue of milliseconds
        assert isinstance(talking.provider, CanFind)
        found = await talking.drive(talking.provider.find(request, start, time.time() + 1))
        ids = {one.task_id for one in found.possible}
        assert {over.task_id, queued.task_id} <= ids
        assert (found.certain, found.doubt) == ((), "")
        alone = Receipt(over.task_id)  # as it is known after it was found
        seen = await talking.until_over([alone])
        assert seen[over.task_id][-1].links
        assert await talking.drive(talking.provider.cancel(over)) == "too_late"
        assert (await talking.until_over([over]))[over.task_id][-1].links, "it is still there"

    talk(base, "minimax", scene)


def test_minimax_says_success_before_the_file_is_there(
    with_fault: Callable[[str], str],
) -> None:
    async def scene(talking: Conversation) -> list[Progress]:
        receipt = await talking.drive(talking.provider.submit(cat("minimax")))
        first = (await talking.until_over([receipt]))[receipt.task_id][-1]
        return [first, *await talking.drive(talking.provider.poll([receipt]))]

    first, second = talk(with_fault("late_file"), "minimax", scene)
    assert (first.state, first.links) == ("succeeded", ())
    assert second.links
