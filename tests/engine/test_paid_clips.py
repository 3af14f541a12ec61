"""A clip that a provider took: only proof ends it, and only a person sends it once more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import tracked_job as live_module
from hailuo_nb.engine.evidence import DAY
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import IncompleteJobError, LedgerError
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_runner import END, play, settled


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "LEDGER_PAUSE", 0.001)


HTML_404 = httpx2.Response(404, text="<html><h1>404 Not Found</h1><hr>nginx</html>")


def answers(server: Server, given: Iterator[httpx2.Response | None]) -> None:
    """What the looks are answered, one after the other; None and the end of it: as the server
    would."""
    real = server._tasks
    server._tasks = lambda request: next(given, None) or real(request)  # type: ignore[method-assign]


async def until(tracked: TrackedJob, reached: Callable[[TrackedJob], bool]) -> None:
    seen = asyncio.Event()
    tracked.listen(lambda changed: seen.set() if reached(changed) else None)
    if not reached(tracked):
        await asyncio.wait_for(seen.wait(), END)


@pytest.mark.parametrize("status", [404, 410, 403, 401])
@pytest.mark.parametrize("same_link", [True, False])
def test_a_link_that_answers_for_a_while_that_it_is_not_there(
    tmp_path: Path, server: Server, status: int, same_link: bool
) -> None:
    """Storage that is eventually consistent, or a CDN that has not heard of the file."""
    server.same_link = same_link
    server.clip_faults.extend([status] * 6)
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_a_link_that_stays_dead_without_an_expiry_keeps_the_clip(
    tmp_path: Path, server: Server
) -> None:
    """Whoever waits is let go, the clip is tried on by itself, and it comes when the link works."""
    server.clip_faults.extend([404] * 200)

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        await settled(tracked)
        assert tracked.row.state == "ready"
        assert "404" in str(tracked.row.error)
        server.clip_faults.clear()
        await until(tracked, lambda changed: changed.row.state == "saved")
        return tracked

    assert asyncio.run(main()).row.state == "saved"
    assert len(server.charged) == 1


def expired(home: Path, server: Server) -> None:
    server.same_link, server.link_ttl = True, 0.0
    server.clip_faults.extend([404] * 200)
    row = play(home, server).row
    assert row.state == "expired"
    assert "404" in str(row.error)


def failed(home: Path, server: Server) -> None:
    server.fail_tasks = True
    assert play(home, server).row.state == "failed"


def forgotten(home: Path, server: Server) -> None:
    server.forget_tasks = True
    assert play(home, server).row.state == "expired"


ENDS = pytest.mark.parametrize("end", [expired, failed, forgotten], ids=lambda end: end.__name__)


@ENDS
def test_the_same_call_never_sends_again_what_a_provider_took(
    tmp_path: Path, server: Server, end: Callable[[Path, Server], None]
) -> None:
    end(tmp_path, server)
    server.fail_tasks = server.forget_tasks = False
    again = play(tmp_path, server)
    assert again.row.attempt == 1
    assert again.row.state in {"expired", "failed"}
    assert len(server.charged) == 1


@ENDS
def test_every_end_has_a_way_back_that_really_looks(
    tmp_path: Path, server: Server, end: Callable[[Path, Server], None]
) -> None:
    end(tmp_path, server)
    server.fail_tasks = server.forget_tasks = False
    server.clip_faults.clear()

    async def look(runner: Runner) -> None:
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        await runner.look_again(tracked)
        await settled(tracked)

    assert play(tmp_path, server, then=look).row.state == "saved"
    assert len(server.charged) == 1


@ENDS
def test_a_look_that_finds_nothing_leaves_the_end_and_says_so(
    tmp_path: Path, server: Server, end: Callable[[Path, Server], None]
) -> None:
    end(tmp_path, server)
    if end is expired:
        server.forget_tasks = True

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        before = (tracked.row.state, tracked.row.error)
        await runner.look_again(tracked)
        await settled(tracked)
        assert (tracked.row.state, tracked.row.error) == before
        assert (await asyncio.wrap_future(runner.ledger.get(tracked.row.id))).owner is None
        return tracked

    assert "looked at" in asyncio.run(main()).note


def test_a_file_that_is_gone_and_cannot_be_had_again_is_told(
    tmp_path: Path, server: Server
) -> None:
    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (job,) = await runner.ask([fake.spec(fake.account())])
        await settled(job)
        await runner.look_again(job)
        assert job.at("saved"), "its file is there"
        (tmp_path / str(job.row.path)).unlink()
        server.forget_tasks = True
        await runner.look_again(job)
        await settled(job)
        return job

    job = asyncio.run(main())
    assert (job.row.state, job.row.path, job.row.error) == ("expired", None, "its file is gone")
    assert "it does not know the task" in job.note
    assert len(server.charged) == 1


@ENDS
def test_a_person_sends_it_once_more_and_two_clicks_pay_once(
    tmp_path: Path, server: Server, end: Callable[[Path, Server], None]
) -> None:
    end(tmp_path, server)
    server.fail_tasks = server.forget_tasks = False
    server.same_link = False
    server.clip_faults.clear()

    async def main() -> list[TrackedJob]:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        anew = [await runner.send_again(tracked), await runner.send_again(tracked)]
        await settled(*anew)
        anew.append(await runner.send_again(tracked))
        return anew

    first, second, third = asyncio.run(main())
    assert first.row.id == second.row.id == third.row.id
    assert (first.row.state, first.row.attempt, first.row.take) == ("saved", 2, 1)
    assert len(server.charged) == 2


def test_a_gateways_page_ends_no_watch(tmp_path: Path, server: Server) -> None:
    """Half an hour of the provider's time."""
    answers(server, iter([HTML_404] * 30))
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_a_refused_key_stops_the_looks_and_the_job_says_so(tmp_path: Path, server: Server) -> None:
    server.poll_faults.extend([401] * 10_000)
    tracked = play(tmp_path, server)
    assert tracked.row.state == "submitted"
    assert "overdue" in tracked.note
    assert "status 401" in tracked.note
    server.poll_faults.clear()
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_a_link_that_never_comes_stops_the_looks_and_the_job_says_so(
    tmp_path: Path, server: Server
) -> None:
    made = httpx2.Response(200, json={"tasks": [{"id": "task-1", "state": "succeeded"}]})
    answers(server, iter([made] * 10_000))
    notes: list[str] = []

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: notes.append(changed.note))
        await settled(tracked)
        return tracked

    tracked = asyncio.run(main())
    assert tracked.row.state == "submitted"
    assert "overdue" in tracked.note
    assert any("no link yet" in note for note in notes)


def test_a_task_that_runs_for_more_than_a_day_is_overdue_and_asked_about_no_more(
    tmp_path: Path, server: Server
) -> None:
    server.looks_needed = 10**9
    late = 0.0

    async def main() -> None:
        nonlocal late
        runner = fake.runner(tmp_path, server, clock=lambda: time.time() + late)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        await until(tracked, lambda changed: changed.progress is not None)
        late = DAY
        await settled(tracked)
        assert tracked.row.state == "submitted"
        assert "overdue" in tracked.note
        assert "look_again" in tracked.note
        looks = len(server.requests)
        await asyncio.sleep(0.05)  # fifty looks at this provider's pace
        assert len(server.requests) == looks
        server.looks_needed = 0
        await runner.look_again(tracked)
        await settled(tracked)
        assert tracked.row.state == "saved"

    asyncio.run(main())
    assert len(server.charged) == 1


STEPS = [
    "accepted",
    "succeeded",
    "fetching",
    "fetch_failed",
    "verified",
    "task_failed",
    "link_lost",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_ledger_step_of_a_paid_clip_is_tried_again(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Full, locked, damaged: what the provider did is written down when the ledger can be written
    again."""
    if step == "fetch_failed":
        server.clip_faults.append(404)
    server.fail_tasks = step == "task_failed"
    server.forget_tasks = step == "link_lost"
    notes: list[str] = []
    failures = iter(range(3))

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        real = runner.ledger.move

        def move(job_id: str, event: Any, **changes: Any) -> Any:
            if event == step and next(failures, None) is not None:
                raise LedgerError("the ledger cannot be used: database or disk is full.")
            return real(job_id, event, **changes)

        monkeypatch.setattr(runner.ledger, "move", move)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: notes.append(changed.note))
        await settled(tracked)
        return tracked

    end = {"task_failed": "failed", "link_lost": "expired"}.get(step, "saved")
    assert asyncio.run(main()).row.state == end
    assert next(failures, None) is None
    assert any("paid, task id task-1" in note and "Trying again" in note for note in notes)
    assert len(server.charged) == 1


@pytest.mark.parametrize("name", ["get", "lease", "task_seconds"])
def test_a_ledger_that_cannot_be_read_for_a_while_ends_no_watch(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    server.looks_needed = 4

    async def main() -> TrackedJob:
        first = fake.runner(tmp_path, server)
        (tracked,) = await first.ask([fake.spec(fake.account())])
        await until(tracked, lambda changed: changed.row.state == "submitted")
        await first.stop_watching(tracked)
        await settled(tracked)
        real, failures = getattr(first.ledger, name), iter(range(3))

        def fails(*args: Any, **named: Any) -> Any:
            if next(failures, None) is not None:
                raise LedgerError("the ledger cannot be used: disk I/O error.")
            return real(*args, **named)

        if name == "get":  # the first read is that of the person who asks
            await first.look_again(tracked)
            monkeypatch.setattr(first.ledger, name, fails)
        else:
            monkeypatch.setattr(first.ledger, name, fails)
            await first.look_again(tracked)
        await settled(tracked)
        return tracked

    assert asyncio.run(main()).row.state == "saved"
    assert len(server.charged) == 1


@pytest.mark.parametrize(
    "fault", ["database disk image is malformed", "database or disk is full", "disk I/O error"]
)
def test_every_fault_of_the_storage_is_told_by_the_ledger(
    tmp_path: Path, server: Server, fault: str
) -> None:
    import sqlite3

    runner_ledger = asyncio.run(_runner(tmp_path, server)).ledger

    def broken(_: sqlite3.Connection) -> None:
        raise sqlite3.DatabaseError(fault)

    with pytest.raises(LedgerError, match=fault):
        runner_ledger.work(broken).result()
    runner_ledger.close()


async def _runner(home: Path, server: Server) -> Runner:
    return fake.runner(home, server)


def test_what_must_not_be_sent_as_it_stands_is_not_even_planned(
    tmp_path: Path, server: Server
) -> None:
    from dataclasses import replace

    async def main() -> None:
        runner = fake.runner(tmp_path, server)
        asked = replace(fake.spec(fake.account()), lacks="its frame is gone")
        with pytest.raises(IncompleteJobError, match="its frame is gone"):
            await runner.ask([fake.spec(fake.account(), "another"), asked])
        assert await asyncio.wrap_future(runner.ledger.history()) == []

    asyncio.run(main())
    assert server.charged == []


def test_what_would_be_sent_is_what_the_ledger_has_planned(tmp_path: Path, server: Server) -> None:
    """A job that was rebuilt without its frame, or with another prompt, is not sent in the name of
    the first."""

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)

        row, _ = await asyncio.wrap_future(
            runner.ledger.get_or_create(fake.spec(fake.account(), "a cat").new_job())
        )
        tracked = runner.adopt(row, fake.spec(fake.account(), "a dog"))
        await settled(tracked)
        return tracked

    tracked = asyncio.run(main())
    assert tracked.row.state == "planned"
    assert "not sent" in tracked.note
    assert server.charged == []


def test_finished_jobs_that_nobody_holds_are_let_go(tmp_path: Path, server: Server) -> None:
    import gc

    async def main() -> None:
        runner = fake.runner(tmp_path, server)
        lives = await runner.ask(
            [fake.spec(fake.account(), f"cat {number}") for number in range(5)]
        )
        await settled(*lives)
        kept = lives[0]
        del lives
        for _ in range(3):
            await asyncio.sleep(0)
            gc.collect()
        assert list(runner._jobs) == [kept.row.id]

    asyncio.run(main())


@pytest.mark.parametrize("step", ["_accept", "_poster"])
def test_a_machine_without_threads_left_fetches_the_clip_later(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real, refused = asyncio.to_thread, [0]

    async def to_thread(work: Callable[..., object], *given: object) -> object:
        if work.__name__ == step and refused[0] < 3:
            refused[0] += 1
            raise RuntimeError("can't start new thread")
        return await real(work, *given)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    row = play(tmp_path, server).row
    assert (row.state, refused) == ("saved", [3])
    assert row.poster is not None
    assert len(server.charged) == 1


def test_an_answer_that_breaks_the_adapter_while_a_link_is_looked_for(
    tmp_path: Path, server: Server
) -> None:
    """As in the polls before: it is no news, and the clip is asked about again."""
    server.looks_needed = 1
    server.clip_faults.extend([404, 404])
    odd = httpx2.Response(200, json={"tasks": [{}]})
    answers(server, iter([None, odd]))
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_what_another_kernel_did_meanwhile_is_neither_paid_again_nor_an_error(
    tmp_path: Path, server: Server
) -> None:
    """A person decides by what this kernel showed: the unclear clip has come in since, the saved
    one is deleted."""
    server.submit_faults.append(500)

    async def main() -> tuple[TrackedJob, TrackedJob]:
        runner = fake.runner(tmp_path, server)
        (unclear,) = await runner.ask([fake.spec(fake.account(), "a cat")])
        await settled(unclear)
        assert unclear.at("unknown")
        for event in ("found", "succeeded", "fetching", "verified"):
            runner.ledger.move(unclear.row.id, event, task_id="task-1").result()
        same = await runner.send_again(unclear)
        (saved,) = await runner.ask([fake.spec(fake.account(), "a dog")])
        await settled(saved)
        runner.ledger.move(saved.row.id, "deleted").result()
        await runner.delete(saved)
        assert same.row.id == unclear.row.id
        return same, saved

    same, saved = asyncio.run(main())
    assert (same.row.state, saved.row.state) == ("saved", "expired")
    assert server.charged == ["a cat", "a dog"]
