"""What was sent stays sent: any flow of calls around the charging one, with any outcome of each,
charges once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hailuo_nb.catalog.request_limits import RequestLimits
from hailuo_nb.engine import submitting
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.limits import CAUTIOUS
from hailuo_nb.engine.states import outcome_of_submit
from hailuo_nb.engine.submitting import Submitter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers.base import Call, Receipt, Submit
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake
from tests.engine.test_property import MEMORY

Answer = int | Exception
"""A status, or what the transport raises instead of an answer."""
End = BaseException | None
"""What the flow raises on a reply; None: it goes on whatever the reply says."""


@dataclass(frozen=True)
class Step:
    """One call of a flow. `taken`: the server charges for it, whatever it answers."""

    answer: Answer
    end: End = None
    charges: bool = False
    taken: bool = False


class Shop(fake.FakeProvider):
    """An adapter whose flows are given, one an attempt, and a server with books. Behind them all
    goes well."""

    def __init__(self, flows: Sequence[Sequence[Step]]) -> None:
        self._flows = iter(flows)
        self._answers: list[Step] = []
        self.charged = 0

    def submit(self, request: VideoRequest) -> Submit:
        for step in next(self._flows, [Step(200, charges=True, taken=True)]):
            self._answers.append(step)
            yield Call("POST", "/call", json={}, charges=step.charges)
            if step.end is not None:
                raise step.end
        return Receipt(f"task-{self.charged}")

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        step = self._answers.pop()
        self.charged += step.taken
        if isinstance(step.answer, Exception):
            raise step.answer
        return httpx2.Response(step.answer, json={})


async def submitted(folder: Path, shop: Shop, answer: Any = None) -> JobRow:
    """One job through the real Submitter and Ledger."""
    account = fake.QuickAccess(shop, shop.base_url, fake.account().credentials, simulated=True)
    ledger = SqliteLedger(folder / "ledger.sqlite")
    mount = httpx2.MockTransport(answer or shop.answer)
    transport = Transport(account, http_transport=mount)
    submitter = Submitter(Steps(ledger), "me", rng=lambda: 0.5, limits=_no_limits)
    asked = fake.spec(account)
    row, _ = await asyncio.wrap_future(ledger.get_or_create(asked.new_job()))
    task = asyncio.create_task(submitter.submit(TrackedJob(row, asked), transport))
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # a fault of the adapter: told by the runner
    try:
        return await asyncio.wrap_future(ledger.get(row.id))
    finally:
        await transport.aclose()
        ledger.close()


def _no_limits(provider: str, model: str) -> RequestLimits:
    return replace(CAUTIOUS, submits=1000, seconds=1, in_flight=1000)


def play(flows: Sequence[Sequence[Step]]) -> tuple[JobRow, int]:
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    shop = Shop(flows)
    try:
        return asyncio.run(submitted(folder, shop)), shop.charged
    finally:
        shutil.rmtree(folder)


KINDS: tuple[ErrorKind, ...] = (
    "invalid",
    "auth",
    "permission",
    "balance",
    "rate",
    "moderation",
    "server",
    "protocol",
)
NOT_TAKEN: tuple[Answer, ...] = (
    400,
    401,
    402,
    403,
    404,
    422,
    429,
    httpx2.ConnectError("refused"),
    httpx2.ConnectTimeout("slow"),
)
UNCLEAR: tuple[Answer, ...] = (
    500, 502, 504, httpx2.ReadError("cut"), httpx2.ReadTimeout("slow"), httpx2.WriteError("cut"),
    httpx2.RemoteProtocolError("garbage"), OSError("odd"),
)  # fmt: skip


def natural(answer: Answer) -> End:
    """What an adapter says of the reply to its charging call."""
    if isinstance(answer, Exception) or answer == 200:
        return None
    return ProviderError(fake.KINDS.get(answer, "server"), "no", status=answer)  # type: ignore[arg-type]


refusals = st.builds(
    ProviderError,
    st.sampled_from(KINDS),
    st.just("no"),
    status=st.sampled_from([None, 200, 400, 401, 403, 404, 429, 500, 503]),
    retry_after=st.sampled_from([None, 0.0]),
)
answers = st.sampled_from([200, 200, 200, *NOT_TAKEN, *UNCLEAR])
ends: st.SearchStrategy[End] = st.one_of(
    st.none(),
    st.none(),
    refusals,
    st.sampled_from([GeneratorExit(), KeyError("id"), asyncio.CancelledError()]),
)
free = st.builds(Step, answers, ends)
charging = st.one_of(
    st.sampled_from(NOT_TAKEN).map(lambda answer: Step(answer, natural(answer), charges=True)),
    st.sampled_from(UNCLEAR).map(
        lambda answer: Step(answer, natural(answer), charges=True, taken=True)
    ),
    # Taken, with an id or an answer that nobody can read; or the adapter goes on without a look at
    # it.
    st.sampled_from(
        [None, ProviderError("protocol", "no JSON", status=200), KeyError("id"), GeneratorExit()]
    ).map(lambda end: Step(200, end, charges=True, taken=True)),
    st.sampled_from([429, 500]).map(
        lambda answer: Step(answer, None, charges=True, taken=answer == 500)
    ),
)
later = st.one_of(free, free, charging)
flows = st.tuples(st.lists(free, max_size=2), charging, st.lists(later, max_size=3)).map(
    lambda parts: [*parts[0], parts[1], *parts[2]]
)


@pytest.fixture(autouse=True, scope="module")
def _no_pauses() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submitting.schedule, "pause", lambda *_, **__: 0.0)
        yield


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(flows, min_size=1, max_size=3))
def test_any_flow_charges_once_and_what_was_charged_is_never_called_refused(
    attempts: list[list[Step]],
) -> None:
    row, charged = play(attempts)
    assert charged <= 1, row
    if charged:
        assert row.state in {"submitted", "unknown"}, row


PAID = Step(200, charges=True, taken=True)


@pytest.mark.parametrize(
    "after",
    [Step(500), Step(200, ProviderError("server", "late", status=500)),
     Step(200, ProviderError("rate", "slow", status=429)), Step(200, ProviderError("auth", "key",
     status=401)),
     Step(200, ProviderError("balance", "empty", status=402)), Step(200, ProviderError("invalid",
     "no", status=404)),
     Step(200, ProviderError("server", "busy", status=503, retry_after=0.0)),
     Step(200, ProviderError("protocol", "a "
                                         "page", status=403)), Step(httpx2.ConnectError("refused")),
     Step(httpx2.PoolTimeout("full")), Step(200, KeyError("id")), Step(200, GeneratorExit()),
     Step(200, asyncio.CancelledError()), Step(200, charges=True, taken=True)],
    ids=str,
)  # fmt: skip
def test_whatever_follows_the_charging_call_leaves_it_paid(after: Step) -> None:
    ended = (
        after
        if isinstance(after.answer, Exception) or after.end or after.charges
        else Step(500, ProviderError("server", "late", status=500))
    )
    row, charged = play([[PAID, ended]])
    assert (charged, row.state) == (1, "unknown")
    assert "send_again" in str(row.error)


def test_a_second_charging_call_is_told() -> None:
    row, charged = play([[PAID, PAID]])
    assert charged == 1
    assert "second charging call" in str(row.error)


@pytest.mark.parametrize(("steps", "state"), [([PAID], "unknown"), ([Step(200), PAID], "planned")])
def test_a_cancelled_task_leaves_what_was_sent_unclear(
    tmp_path: Path, steps: list[Step], state: str
) -> None:
    """The server takes the first call and never answers it; then the task is cancelled."""
    shop = Shop([steps])

    async def main() -> JobRow:
        called = asyncio.Event()

        async def hang(request: httpx2.Request) -> httpx2.Response:
            called.set()
            shop.answer(request)
            await asyncio.Event().wait()
            raise AssertionError

        submit = asyncio.create_task(submitted(tmp_path, shop, hang))
        await called.wait()
        (task,) = [task for task in asyncio.all_tasks() if "Submitter" in repr(task.get_coro())]
        task.cancel()
        return await submit

    assert asyncio.run(main()).state == state


def test_after_a_later_call_every_error_is_unclear() -> None:
    for kind in KINDS:
        for status in (None, 200, 400, 401, 403, 404, 429, 500, 503):
            error = ProviderError(kind, "no", status=status, retry_after=1.0)
            assert outcome_of_submit(error, followed=True) == "unclear"
            assert outcome_of_submit(error, sent=False) != "unclear"
