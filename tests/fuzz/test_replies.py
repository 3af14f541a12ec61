"""Fuzz: what a provider, or whoever stands between, answers. An adapter ends with its result or a
ProviderError."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Call, Progress, Provider, Receipt, Reply, TaskState
from hailuo_nb.providers.task_list import CanFind
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest
from tests.contract.drive import names_with, receipts, recorded, request_for
from tests.fuzz.documents import body, changes
from tests.fuzz.profile import target
from tests.unit.pictures import PLAIN

PROVIDERS = [registry.get(name) for name in registry.names()]
KINDS, STATES = get_args(ErrorKind), get_args(TaskState)
MAX_CALLS = 300  # a search reads 200 pages at most, an upload is looked at 30 times
LISTED = ["id-1", "id-4", "id-6"]  # three of Chanjing's recorded list
PICTURE = Frame.of(PLAIN["image/png"])
STATUSES = (200, 201, 204, 302, 400, 401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 504, 0, 999)

Flow = Generator[Call, Reply, Any]


def _recorded() -> dict[str, dict[str, Any]]:
    """The recorded bodies of each provider by their names: what the fuzzer starts from."""
    found: dict[str, dict[str, Any]] = {}
    for provider in PROVIDERS:
        names = names_with(provider.name, "body")
        found[provider.name] = {name: recorded(provider.name, name)["body"] for name in names}
    return found


RECORDED = _recorded()
HEADERS = {
    "retry-after": ("7", "-1", "1e999", "9" * 400, "Wed, 21 Oct 2026 07:28:40 "
                                                   "GMT", "Wed, 99 Oct 99999 99:99:99 +9999",
                    "\xff"),
    "date": ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 0000 07:28:00 -9999", "soon", ""),
    "x-request-id": ("\x1b[31m", "r" * 9000, "7"), "location": ("https://evil.invalid/",),
    "content-type": ("text/html",),
}  # fmt: skip
FITTING = {
    "create_upload_url": ["upload_url"], "file_detail": ["file_ready", "file_waiting",
    "file_bad_99"],
    "task/page": ["list"], "task/submit": ["submitted"], "tasks/submit": ["submitted"],
    "generations": ["submitted"],
    "task-result": ["succeeded", "succeeded_with_times", "running", "failed"],
    "tasks/status": ["succeeded", "running", "failed"],
    "/v1/tasks/": ["completed", "completed_flat", "failed", "processing"],
    "/v3/async/": ["submitted"],
    "/v2/query/video_generation/": ["v2_succeeded", "v2_running", "v2_failed"],
    "/v2/query/video_generation": ["v2_list"],
    "/v1/query/video_generation": ["succeeded", "processing", "failed"],
    "/v1/files/retrieve": ["retrieved"],
    "/status": ["completed", "running", "queued"], "/requests/": ["result", "result_flagged"],
    "/v1/predictions/": ["succeeded", "processing", "failed"], "/v1/predictions": ["list"],
}  # fmt: skip
"""By a part of the address, the recorded answers that a flow hopes for; for a provider of another
package those that every provider has."""

answers = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 50), st.integers(0, 60), changes, changes),
    min_size=1,
    max_size=4,
)
"""What an answer is made of: whether it fits the call (not for 0), which one, its status, changes
of body and head."""


def _reply(
    provider: Provider, call: Call, made: tuple[int, int, int, list[int], list[int]]
) -> Reply:
    """A recorded answer of this provider with changes."""
    fits, which, status, seeds, odd = made
    recorded_ones = RECORDED[provider.name]
    usual = ["submitted"] if call.charges else names_with(provider.name, "progress")
    hoped = next((names for part, names in FITTING.items() if part in call.url), usual)
    hoped = [name for name in hoped if name in recorded_ones]
    bases = [recorded_ones[name] for name in (hoped if fits else recorded_ones)]
    head = {
        name: found[seed % len(found)]
        for seed, (name, found) in zip(odd, HEADERS.items(), strict=False)
    }
    chosen = STATUSES[status] if status < len(STATUSES) else 200
    return Reply(chosen, body(bases[which % len(bases)], seeds), head)


def _request(provider: Provider) -> VideoRequest:
    """That of the recorded list of tasks."""
    return request_for(provider, "小狗在草地上奔跑,镜头跟随,阳光自然")


def _submit(provider: Provider) -> Flow:
    """Chanjing's with a picture, which is uploaded first."""
    request = _request(provider)
    return provider.submit(
        request.but(first_frame=PICTURE) if provider.name == "chanjing" else request
    )


def _asked(provider: Provider) -> list[Receipt]:
    """The tasks of the recorded answers: one about another task is no answer."""
    if provider.batch_size > 1:
        return [Receipt(one) for one in LISTED]
    found: dict[str, Receipt] = {}
    for name in names_with(provider.name, "progress"):
        one = recorded(provider.name, name)
        if one["progress"]["state"] == "succeeded":
            found |= {
                of.task_id: of for of in receipts(provider, one["of"], links=one.get("links"))
            }
    return [*found.values()]


def _poll(provider: Provider) -> Flow:
    return provider.poll(_asked(provider))


def _find(provider: Provider) -> Flow:
    """MiniMax's of a model that its list has."""
    assert isinstance(provider, CanFind)
    request = _request(provider)
    listed = request.but(model="MiniMax-H3") if provider.name.startswith("minimax") else request
    return provider.find(listed, 0.0, 2e9)


FLOWS: list[tuple[Callable[[Provider], Flow], Provider]] = [
    *((_submit, provider) for provider in PROVIDERS),
    *((_poll, provider) for provider in PROVIDERS),
    *((_find, provider) for provider in PROVIDERS if isinstance(provider, CanFind)),
]
each = pytest.mark.parametrize(
    ("begin", "provider"),
    FLOWS,
    ids=[f"{begin.__name__[1:]}-{provider.name}" for begin, provider in FLOWS],
)


@each
def test_the_recorded_answers_lead_to_results(
    begin: Callable[[Provider], Flow], provider: Provider
) -> None:
    """What is changed below is right as it stands: else the fuzzer would try refusals alone."""
    calls, end = _drive(provider, begin(provider), [(1, 0, 200, [], [])])
    assert end
    assert not isinstance(end, ProviderError)
    assert sum(call.charges for call in calls) == (begin is _submit)


@each
@target(150)
@given(made=answers)
def test_an_adapter_ends_with_its_result_or_a_provider_error(
    begin: Callable[[Provider], Flow], provider: Provider, made: list[Any]
) -> None:
    calls, end = _drive(provider, begin(provider), made)
    assert sum(call.charges for call in calls) <= 1
    assert len(calls) <= MAX_CALLS
    assert all(call.sign or call.method == "PUT" for call in calls), (
        "only an upload goes to a stranger's address"
    )
    if isinstance(end, ProviderError):
        _check_error(end)
    elif begin is _poll:
        assert len({progress.task_id for progress in end}) == len(end)
        for progress in end:
            assert progress.task_id in {task.task_id for task in _asked(provider)}
            _check_progress(progress)
    elif begin is _find:
        assert isinstance(end.doubt, str)
        for task in (*end.certain, *end.possible):
            assert _is_id(task.task_id)
            assert _is_length(task.created_at)
    else:
        assert _is_id(end.task_id)


def _drive(provider: Provider, flow: Flow, made: Sequence[Any]) -> tuple[list[Call], Any]:
    """Answer the flow's calls, the last answer again and again. (its calls, its result or its
    ProviderError)"""
    calls: list[Call] = []
    try:
        call = next(flow)
        while len(calls) <= MAX_CALLS:
            calls.append(call)
            call = flow.send(_reply(provider, call, made[min(len(calls), len(made)) - 1]))
    except StopIteration as end:
        return calls, end.value
    except ProviderError as error:
        return calls, error
    return calls, None


@target(150)
@given(data=st.binary(max_size=80))
def test_bytes_that_are_no_answer_are_told(data: bytes) -> None:
    for begin, provider in FLOWS:
        flow = begin(provider)
        next(flow)
        with pytest.raises(ProviderError) as caught:
            flow.send(Reply(200, data))
        _check_error(caught.value)


def _check_error(error: ProviderError) -> None:
    assert error.kind in KINDS
    assert error.message
    assert error.message.strip()
    assert all(
        isinstance(text, str) for text in (error.message, error.code, error.request_id, str(error))
    )
    assert error.status is None or isinstance(error.status, int)
    assert _is_length(error.retry_after)


def _check_progress(progress: Progress) -> None:
    assert progress.state in STATES
    assert progress.percent is None or 0 <= progress.percent <= 100
    assert all(_is_length(value) for value in (progress.eta, progress.seconds, progress.link_ttl))
    assert progress.link_expires_at is None or math.isfinite(progress.link_expires_at)
    assert _is_length(progress.charged_cost)
    assert isinstance(progress.charged_currency, str)
    assert progress.queue_position is None or isinstance(progress.queue_position, int)
    assert all(isinstance(link, str) and link.strip() for link in progress.links)
    assert progress.state == "succeeded" or not progress.links
    assert isinstance(progress.word, str)
    assert isinstance(progress.note, str)
    if progress.error is not None:
        _check_error(progress.error)
    assert progress.error is not None or progress.state != "failed"


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_length(value: Any) -> bool:
    """None, or seconds that something can wait for."""
    return value is None or (isinstance(value, int | float) and math.isfinite(value) and value >= 0)
