"""Cancelling a clip: before it is sent, at the provider afterwards; what the provider's own word
makes of it, and that nothing is sent twice or lost by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import cancelling
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.poller import PolledTask, Poller
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.schedule import Estimate
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import IncompleteJobError
from hailuo_nb.providers.base import Receipt
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake
from tests.engine.fake import CancellingProvider, QuickAccess, Server
from tests.engine.test_runner import END, play, settled, stop

Act = Callable[[Runner, TrackedJob], Awaitable[Any]]


@pytest.fixture(autouse=True)
def sold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue says that the fake provider can cancel tasks."""
    monkeypatch.setattr(cancelling, "can_cancel", lambda _: True)
    monkeypatch.setattr("hailuo_nb.engine.runner.can_cancel", lambda _: True)


@pytest.fixture
def endless(server: Server) -> Server:
    """It makes its clips for ever."""
    server.looks_needed = 10**9
    return server


def account(*keys: str) -> QuickAccess:
    base_url = CancellingProvider.base_url
    return QuickAccess(CancellingProvider(), base_url, Credentials(*keys), simulated=True)


def spec() -> JobSpec:
    return fake.spec(account(fake.KEY))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(END):
        while not condition():
            await asyncio.sleep(0.001)


def acted(home: Path, server: Server, act: Act) -> tuple[TrackedJob, Any]:
    """A clip that was submitted, what was done with it, and what that returned."""

    async def main() -> tuple[TrackedJob, Any]:
        runner = fake.runner(home, server)
        (tracked,) = await runner.ask([spec()])
        await until(lambda: tracked.at("submitted"))
        found = await act(runner, tracked)
        await stop(runner)
        runner.ledger.close()
        return tracked, found

    return asyncio.run(main())


async def cancel_and_wait(runner: Runner, tracked: TrackedJob) -> bool:
    found = await runner.cancel(tracked)
    await settled(tracked)
    return found


@pytest.mark.parametrize("outcome", ["cancelled", "requested"])
def test_a_submitted_clip_ends_by_the_providers_word(
    tmp_path: Path, endless: Server, outcome: str
) -> None:
    endless.cancel_outcome = outcome
    tracked, found = acted(tmp_path, endless, cancel_and_wait)
    assert found is True
    assert (tracked.row.state, tracked.row.error) == ("cancelled", "Fake cancelled the clip")
    assert (tracked.row.finished_at is not None, tracked.note) == (True, "")
    assert endless.cancelled == ["task-1"]


def test_the_cancelling_goes_to_the_address_that_was_kept(tmp_path: Path, endless: Server) -> None:
    endless.task_links = {"cancel": "https://fake.invalid/cancel?sign=1"}
    acted(tmp_path, endless, cancel_and_wait)
    (sent,) = [sent for sent in endless.requests if sent.url.path == "/cancel"]
    assert sent.url.params["sign"] == "1"
    assert sent.headers["authorization"] == f"Bearer {fake.KEY}"


def test_the_note_says_what_the_provider_answered_while_the_polls_go_on(
    tmp_path: Path, endless: Server
) -> None:
    endless.cancel_outcome = "requested"
    endless.keeps_cancelled = True

    async def act(runner: Runner, tracked: TrackedJob) -> list[str]:
        await runner.cancel(tracked)
        asked = len(endless.requests)
        await until(lambda: len(endless.requests) > asked + 3)
        return [tracked.row.state, tracked.note]

    _, (state, note) = acted(tmp_path, endless, act)
    assert state == "submitted"
    assert note == "Fake was asked to cancel the clip, and may or may not do so: the polls go on"


def test_it_is_too_late(tmp_path: Path, endless: Server) -> None:
    endless.cancel_outcome = "too_late"

    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        found = await runner.cancel(tracked)
        note = tracked.note
        endless.looks_needed = 0
        await settled(tracked)
        return found, note

    tracked, (found, note) = acted(tmp_path, endless, act)
    assert not found
    assert "too late" in note
    assert (tracked.row.state, tracked.note) == ("saved", "")


def test_a_clip_that_is_finished_after_all_is_saved(tmp_path: Path, endless: Server) -> None:
    endless.keeps_cancelled = True

    async def act(runner: Runner, tracked: TrackedJob) -> bool:
        found = await runner.cancel(tracked)
        endless.looks_needed = 0
        await settled(tracked)
        return found

    tracked, found = acted(tmp_path, endless, act)
    assert found
    assert tracked.row.state == "saved"
    assert len(endless.charged) == 1


@pytest.mark.parametrize("fault", [httpx2.ReadError("cut"), httpx2.ReadTimeout("slow"), 500, 401])
def test_an_answer_that_is_lost_harms_nothing(tmp_path: Path, endless: Server, fault: Any) -> None:
    """Whether it was taken is told by the polls; a person asks again."""
    endless.cancel_faults.append(fault)
    taken = isinstance(fault, Exception)

    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        found = await runner.cancel(tracked)
        note = tracked.note
        if not taken:
            assert await runner.cancel(tracked)
        await settled(tracked)
        return found, note

    tracked, (found, note) = acted(tmp_path, endless, act)
    assert not found
    assert taken or "did not say that it cancelled the clip" in note
    assert tracked.row.state == "cancelled"
    assert endless.cancelled == ["task-1"]
    assert len(endless.charged) == 1


def test_a_cancelled_clip_is_never_sent_again_by_itself(tmp_path: Path, endless: Server) -> None:
    first, _ = acted(tmp_path, endless, cancel_and_wait)
    again = play(tmp_path, endless, spec())
    assert (again.row.id, again.row.state) == (first.row.id, "cancelled")
    assert len(endless.charged) == 1


def test_a_person_sends_it_once_more(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> TrackedJob:
        await cancel_and_wait(runner, tracked)
        endless.looks_needed = 1
        anew = await runner.send_again(tracked)
        await settled(anew)
        return anew

    _, anew = acted(tmp_path, endless, act)
    assert (anew.row.state, anew.row.attempt) == ("saved", 2)
    assert len(endless.charged) == 2


@pytest.mark.parametrize(("looks_needed", "state"), [(0, "saved"), (10**9, "submitted")])
def test_a_cancelled_clip_that_the_provider_makes_after_all_comes_back(
    tmp_path: Path, endless: Server, looks_needed: int, state: str
) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> None:
        await cancel_and_wait(runner, tracked)
        endless.keeps_cancelled = True
        endless.looks_needed = looks_needed
        await runner.look_again(tracked)
        await until(lambda: tracked.at(state))  # type: ignore[arg-type]

    tracked, _ = acted(tmp_path, endless, act)
    assert (tracked.row.error, tracked.row.task_id) == (None, "task-1")
    assert len(endless.charged) == 1


def test_a_cancelled_clip_that_stays_so_is_as_it_was(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> tuple[Any, str]:
        await cancel_and_wait(runner, tracked)
        before = tracked.row
        await runner.look_again(tracked)
        await settled(tracked)
        kept = await asyncio.wrap_future(runner.ledger.get(before.id))
        return (before, kept), tracked.note

    _, ((before, kept), note) = acted(tmp_path, endless, act)
    assert kept == before
    assert "the task is cancelled" in note


def test_what_was_cancelled_before_it_was_sent_is_not_looked_for(
    tmp_path: Path, server: Server
) -> None:
    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        runner.close_admission()
        (tracked,) = await runner.ask([spec()])
        await settled(tracked)
        assert await runner.cancel(tracked)
        await runner.look_again(tracked)
        await settled(tracked)
        return tracked

    tracked = asyncio.run(main())
    assert (tracked.row.state, tracked.row.task_id, server.requests) == ("cancelled", None, [])


def test_a_task_that_is_not_known_after_its_cancelling_is_cancelled(
    tmp_path: Path, endless: Server
) -> None:
    """Some providers drop what was cancelled in their queue; without the cancelling it would be
    expired, and paid."""
    endless.forgets_cancelled = True
    tracked, _ = acted(tmp_path, endless, cancel_and_wait)
    assert (tracked.row.state, tracked.row.error) == ("cancelled", "Fake cancelled the clip")


@pytest.mark.parametrize("outcome", ["requested", "too_late"])
def test_a_task_that_is_not_known_is_lost_only_by_proof_that_lasts(
    tmp_path: Path, endless: Server, outcome: str
) -> None:
    endless.cancel_outcome = outcome
    endless.forgets_cancelled = endless.forget_tasks = True
    tracked, _ = acted(tmp_path, endless, cancel_and_wait)
    assert tracked.row.state == "expired"


def test_without_waiting_the_answer_comes_into_the_note(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, int]:
        found = await runner.cancel(tracked, wait=False)
        asked = len(endless.cancelled)
        await settled(tracked)
        return found, asked

    tracked, (found, asked) = acted(tmp_path, endless, act)
    assert (found, asked, tracked.row.state) == (True, 0, "cancelled")


def test_a_clip_that_nobody_polls_is_polled_for_its_end(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> bool:
        assert await runner.stop_watching(tracked)
        return await cancel_and_wait(runner, tracked)

    tracked, found = acted(tmp_path, endless, act)
    assert (found, tracked.row.state) == (True, "cancelled")


def test_a_restarted_kernel_cancels_a_clip_of_before(tmp_path: Path, endless: Server) -> None:
    async def wait(_runner: Runner, _tracked: TrackedJob) -> None: ...

    first, _ = acted(tmp_path, endless, wait)
    again, _ = acted(tmp_path, endless, cancel_and_wait)
    assert (again.row.id, again.row.state) == (first.row.id, "cancelled")
    assert len(endless.charged) == 1


def test_a_kernel_that_does_not_drive_the_clip_cancels_it_too(
    tmp_path: Path, endless: Server
) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        other = fake.runner(tmp_path, endless)
        (theirs,) = await other.ask([spec()])
        await until(lambda: "another kernel" in theirs.note)
        found = await other.cancel(theirs)
        await settled(tracked, theirs)
        other.ledger.close()
        return found, theirs.row.state

    tracked, found = acted(tmp_path, endless, act)
    assert found == (True, "cancelled")
    assert tracked.row.state == "cancelled"
    assert endless.cancelled == ["task-1"]


def test_a_stop_in_the_middle_of_the_call_loses_nothing(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> None:
        await runner.cancel(tracked, wait=False)
        for request in runner._requests:
            request.cancel()

    tracked, _ = acted(tmp_path, endless, act)
    assert tracked.row.state in {"submitted", "cancelled"}
    assert len(endless.charged) == 1


def test_where_it_is_not_sold_nothing_is_asked(
    tmp_path: Path, endless: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.engine.runner.can_cancel", lambda _: False)

    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        return await runner.cancel(tracked), tracked.note

    tracked, (found, note) = acted(tmp_path, endless, act)
    assert (found, tracked.row.state, endless.cancelled) == (False, "submitted", [])
    assert "cannot cancel a task" in note


def test_without_its_key_nothing_is_asked(tmp_path: Path, endless: Server) -> None:
    async def act(runner: Runner, tracked: TrackedJob) -> None:
        tracked.spec = JobSpec(account(), tracked.spec.request, lacks="no key is at hand")
        with pytest.raises(IncompleteJobError, match="cannot be cancelled here: no key"):
            await runner.cancel(tracked)

    tracked, _ = acted(tmp_path, endless, act)
    assert (tracked.row.state, endless.cancelled) == ("submitted", [])


@pytest.mark.parametrize("state", ["saved", "failed"])
def test_what_is_over_is_not_cancelled(tmp_path: Path, server: Server, state: str) -> None:
    server.fail_tasks = state == "failed"

    async def then(runner: Runner) -> None:
        (tracked,) = runner._jobs.values()
        assert not await runner.cancel(tracked)

    tracked = play(tmp_path, server, spec(), then=then)
    assert (tracked.row.state, server.cancelled) == (state, [])


def test_a_task_that_somebody_else_cancelled_ends_as_cancelled(
    tmp_path: Path, endless: Server
) -> None:
    async def act(_runner: Runner, tracked: TrackedJob) -> None:
        endless.cancelled.append("task-1")  # in the provider's console, say
        await settled(tracked)

    tracked, _ = acted(tmp_path, endless, act)
    assert (tracked.row.state, tracked.row.error) == ("cancelled", "Fake cancelled the clip")


def test_a_cancelling_never_charges(server: Server) -> None:
    class Odd(CancellingProvider):
        def cancel(self, task: Receipt) -> Any:
            return self.submit(fake.request())

    async def main() -> None:
        to = QuickAccess(Odd(), Odd.base_url, Credentials(fake.KEY), simulated=True)
        transport = Transport(to, http_transport=httpx2.MockTransport(server.handle))
        with pytest.raises(Exception, match="refused to send a second charging call"):
            await transport.cancel(Receipt("task-1"))
        await transport.aclose()

    asyncio.run(main())
    assert server.charged == []


@pytest.mark.parametrize("fault", [KeyError("x"), ValueError("x"), TimeoutError()], ids=repr)
def test_an_adapter_that_breaks_leaves_the_polls_going(
    tmp_path: Path, endless: Server, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def broken(_self: object, task: Receipt) -> Any:
        raise fault
        yield

    monkeypatch.setattr(CancellingProvider, "cancel", broken)

    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        found, note = await runner.cancel(tracked), tracked.note
        endless.looks_needed = 0
        await settled(tracked)
        return found, note

    tracked, (found, note) = acted(tmp_path, endless, act)
    assert (found, tracked.row.state) == (False, "saved")
    assert "did not say that it cancelled the clip" in note


@pytest.mark.parametrize("outcome", ["yes", "", None, True])
def test_an_adapter_that_says_something_else_is_not_believed(
    tmp_path: Path, endless: Server, outcome: Any
) -> None:
    endless.cancel_outcome = outcome
    endless.keeps_cancelled = True

    async def act(runner: Runner, tracked: TrackedJob) -> tuple[bool, str]:
        return await runner.cancel(tracked), tracked.note

    _, (found, note) = acted(tmp_path, endless, act)
    assert not found
    assert "the adapter does not say whether it is cancelled" in note


def test_the_polls_after_a_cancelling_come_soon_and_are_not_doubled() -> None:
    """A task that was to be looked at in minutes is looked at at once, and every three seconds."""
    asked: list[float] = []
    now = 0.0

    def answer(_: httpx2.Request) -> httpx2.Response:
        asked.append(now)
        return httpx2.Response(200, json={"tasks": [{"id": "1", "state": "running"}]})

    async def main() -> None:
        nonlocal now
        to = fake.account()
        transport = Transport(to, http_transport=httpx2.MockTransport(answer))
        poller = Poller(transport, clock=lambda: 1e9 + now, rng=lambda: 0.5)
        task = PolledTask(Receipt("1"), 1e9, Estimate(1e7, 0.01), lambda *_: None)
        waiting = asyncio.create_task(poller.wait(task))
        await asyncio.sleep(0)
        for _ in range(5):  # each counts, and one series of polls comes of them
            poller.hurry("1", cancelled=False)
        await until(lambda: len(asked) >= 10)
        now = 61.0  # from here on as before
        await until(lambda: all(turn < task.turn or at > far for at, turn, _ in poller._due))
        count = len(asked)
        await asyncio.sleep(0.02)
        assert len(asked) == count
        waiting.cancel()
        poller.hurry("another", cancelled=True)
        await transport.aclose()

    far = time.monotonic() + END
    asyncio.run(asyncio.wait_for(main(), END))
    assert len(asked) >= 10
