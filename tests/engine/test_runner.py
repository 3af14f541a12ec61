"""A job's life against a paid provider with faults. The invariant everywhere: one clip, one
charge."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.errors import LedgerError
from hailuo_nb.media import xmp
from tests.engine import fake
from tests.engine.fake import Server

END = 60.0  # seconds after which a test hangs; none should come near


async def settled(*lives: TrackedJob) -> None:
    await asyncio.wait_for(
        asyncio.gather(*(asyncio.wrap_future(tracked.settled) for tracked in lives)), END
    )


async def stop(runner: Runner) -> None:
    """What is parked may still be tried by itself: the process ends here."""
    for driver in (drivers := list(runner._drivers.values())):
        driver.cancel()
    await asyncio.gather(*drivers, return_exceptions=True)


def play(
    home: Path,
    server: Server,
    *wanted: JobSpec,
    then: Callable[[Runner], Awaitable[Any]] | None = None,
) -> TrackedJob:
    """Ask for clips in a process of their own, so to speak, and wait. Returns the last one."""

    async def main() -> TrackedJob:
        runner = fake.runner(home, server)
        lives = await runner.ask(wanted or [fake.spec(fake.account())])
        await settled(*lives)
        if then is not None:
            await then(runner)
        await stop(runner)
        runner.ledger.close()
        return lives[-1]

    return asyncio.run(main())


@pytest.mark.parametrize(
    "error", [ValueError, SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit]
)
def test_a_listener_that_raises_stops_no_paid_clip(
    tmp_path: Path, server: Server, error: type[BaseException]
) -> None:
    """Some of these are no errors to Python: one ended the background loop, and with it all that
    goes on; another counted as the end of the clip's own task."""

    def raises(_: TrackedJob) -> None:
        raise error

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(raises)
        await settled(tracked)
        return tracked

    assert asyncio.run(main()).row.state == "saved"


def test_from_planned_to_a_verified_file(tmp_path: Path, server: Server) -> None:
    seen: list[tuple[str, float | None]] = []

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: seen.append((changed.row.state, changed.progress)))
        await settled(tracked)
        return tracked

    row = asyncio.run(main()).row
    states = list(dict.fromkeys(state for state, _ in seen))
    assert states == ["submitting", "submitted", "ready", "downloading", "saved"]
    assert ("submitted", 0.4) in seen
    assert row.task_id == "task-1"
    assert row.path is not None
    saved = (tmp_path / row.path).read_bytes()
    assert xmp.without_own(saved) == server.clip
    assert row.sha256 == hashlib.sha256(saved).hexdigest()
    assert row.poster is not None
    assert (tmp_path / row.poster).read_bytes()[:2] == b"\xff\xd8"
    assert row.finished_at is not None
    assert len(server.charged) == 1


def test_the_same_clip_again_is_the_same_job_and_pays_nothing(
    tmp_path: Path, server: Server
) -> None:
    to = fake.account()
    first = play(tmp_path, server, fake.spec(to))
    again = play(tmp_path, server, fake.spec(to), fake.spec(to))
    assert again.row.id == first.row.id
    assert again.row.state == "saved"
    assert len(server.charged) == 1


def test_another_take_is_another_clip(tmp_path: Path, server: Server) -> None:
    to = fake.account()
    play(tmp_path, server, fake.spec(to), fake.spec(to, take=2))
    third = play(tmp_path, server, fake.spec(to, take=None))
    assert third.row.take == 3
    assert len(server.charged) == 3


@pytest.mark.parametrize(
    "fault",
    [httpx2.ReadTimeout("slow"), httpx2.ReadError("cut"), httpx2.RemoteProtocolError("bye"),
    httpx2.WriteError("cut"),
     500, 502, 504, b"<html>maintenance</html>", b'{"id": ""}', b'{"other": 1}', b""],
    ids=lambda fault: fault if isinstance(fault, bytes) else repr(fault),
)  # fmt: skip
def test_an_answer_that_never_came_is_unknown_and_never_sent_again(
    tmp_path: Path, server: Server, fault: Any
) -> None:
    server.submit_faults.append(fault)
    to = fake.account()
    tracked = play(tmp_path, server, fake.spec(to))
    assert tracked.row.state == "unknown"
    assert "nobody can say" in str(tracked.row.error)
    assert play(tmp_path, server, fake.spec(to)).row.state == "unknown"
    assert len(server.charged) == 1


@pytest.mark.parametrize(
    "fault",
    [
        httpx2.ConnectError("refused"),
        (429, {"retry-after": "1"}),
        (503, {"retry-after": "1"}),
        (429, {}),
    ],
    ids=repr,
)
def test_what_surely_was_not_taken_is_sent_again(
    tmp_path: Path, server: Server, fault: Any
) -> None:
    server.submit_faults.append(fault)
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


@pytest.mark.parametrize(("status", "kind"), [(400, "invalid"), (401, "auth"), (402, "balance")])
def test_a_refusal_is_not_sent_again_until_asked_for(
    tmp_path: Path, server: Server, status: int, kind: str
) -> None:
    server.submit_faults.append((status, {}))
    to = fake.account()
    refused = play(tmp_path, server, fake.spec(to))
    assert (refused.row.state, refused.row.error_kind) == ("rejected", kind)
    assert f"status {status}" in str(refused.row.error)
    assert server.charged == []
    afresh = play(tmp_path, server, fake.spec(to))
    assert afresh.row.state == "saved"
    assert afresh.row.id != refused.row.id
    assert afresh.row.attempt == 2
    assert len(server.charged) == 1


def test_a_server_that_never_answers_is_given_up_without_a_charge(
    tmp_path: Path, server: Server
) -> None:
    server.submit_faults.extend(httpx2.ConnectError("no route") for _ in range(20))
    tracked = play(tmp_path, server)
    assert tracked.row.state == "rejected"
    assert "none was taken" in str(tracked.row.error)
    assert server.charged == []


def test_the_key_that_a_provider_echoes_is_masked(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append((401, {}))
    tracked = play(tmp_path, server)
    assert fake.KEY not in str(tracked.row.error)
    assert fake.KEY.encode() not in (tmp_path / "ledger.sqlite").read_bytes()


@pytest.mark.parametrize(
    "fault", [500, 502, 429, httpx2.ReadError("cut"), httpx2.ReadTimeout("slow")], ids=repr
)
def test_a_missed_look_is_no_error(tmp_path: Path, server: Server, fault: Any) -> None:
    server.poll_faults.extend([fault, fault])
    assert play(tmp_path, server).row.state == "saved"
    assert len(server.charged) == 1


def test_a_task_that_fails_keeps_the_providers_words(tmp_path: Path, server: Server) -> None:
    server.fail_tasks = True
    row = play(tmp_path, server).row
    assert (row.state, row.error_kind, row.error) == ("failed", "moderation", "unfit (code 1026)")


def test_a_task_that_the_provider_forgot_is_expired(tmp_path: Path, server: Server) -> None:
    server.forget_tasks = True
    row = play(tmp_path, server).row
    assert row.state == "expired"
    assert "task-1" in str(row.error)


def test_a_cut_download_is_fetched_again_whole(tmp_path: Path, server: Server) -> None:
    server.clip_faults.extend(
        [server.clip[: len(server.clip) // 10], httpx2.ReadError("cut"), b"<html>busy</html>"]
    )
    row = play(tmp_path, server).row
    assert row.state == "saved"
    assert xmp.without_own((tmp_path / str(row.path)).read_bytes()) == server.clip
    assert list((tmp_path / "videos").glob("*.part")) == []


def test_a_dead_link_is_replaced_by_a_fresh_one(tmp_path: Path, server: Server) -> None:
    server.clip_faults.extend([403, 410])
    assert play(tmp_path, server).row.state == "saved"
    links = [
        str(request.url) for request in server.requests if request.url.host == "clips.fake.invalid"
    ]
    assert len(set(links)) == 3
    assert len(server.charged) == 1


def test_a_clip_that_cannot_be_fetched_now_is_kept_and_fetched_when_asked(
    tmp_path: Path, server: Server
) -> None:
    server.clip_faults.extend([httpx2.ReadError("cut")] * 200)
    to = fake.account()
    parked = play(tmp_path, server, fake.spec(to))
    assert parked.row.state == "ready"
    assert "paid and kept" in str(parked.row.error)
    server.clip_faults.clear()
    assert play(tmp_path, server, fake.spec(to)).row.state == "saved"
    assert len(server.charged) == 1


def test_the_key_goes_to_the_provider_and_never_to_the_clips_host(
    tmp_path: Path, server: Server
) -> None:
    play(tmp_path, server)
    signed = {request.url.host for request in server.requests if "authorization" in request.headers}
    assert signed == {"fake.invalid"}
    assert {request.url.host for request in server.requests} == {
        "fake.invalid",
        "clips.fake.invalid",
    }


def leave(home: Path, server: Server, asked: JobSpec, state: str) -> None:
    """A process that dies without a word when its job reaches `state`, as after SIGKILL: its lease
    stays."""

    def dead(*_: Any, **__: Any) -> Any:
        raise LedgerError("the process is dead")

    async def main() -> None:
        runner = fake.runner(home, server)
        (tracked,) = await runner.ask([asked])
        reached = asyncio.Event()
        tracked.listen(lambda changed: reached.set() if changed.row.state == state else None)
        await asyncio.wait_for(reached.wait(), END)
        runner.ledger.move = runner.ledger.release = dead  # type: ignore[method-assign]
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run(main())


def much_later(home: Path, server: Server, asked: JobSpec) -> TrackedJob:
    """A new process after every lease has run out."""

    async def main() -> TrackedJob:
        import time

        runner = fake.runner(home, server, clock=lambda: time.time() + 3600)
        (tracked,) = await runner.ask([asked])
        await settled(tracked)
        return tracked

    return asyncio.run(main())


def test_a_process_that_died_in_the_charging_call_leaves_an_unknown_clip(
    tmp_path: Path, server: Server
) -> None:
    server.hang = True
    to = fake.account()
    leave(tmp_path, server, fake.spec(to), "submitting")
    tracked = much_later(tmp_path, server, fake.spec(to))
    assert tracked.row.state == "unknown"
    assert "process ended" in str(tracked.row.error)
    assert len(server.charged) == 1


@pytest.mark.parametrize(
    "link", ["", "https://clips.fake.invalid:99999/a", "https://clips.fake.invalid/a\nb",
    "https://\ud800/a", "a\0b",
             "https://clips.fake.invalid/" + "a" * 70_000, "nothing"],
    ids=lambda link: ascii(link[:30]),
)  # fmt: skip
def test_a_bad_link_is_asked_for_anew(tmp_path: Path, server: Server, link: str) -> None:
    real, bad = server._task, iter([link, link])

    def task(task_id: str) -> dict[str, Any]:
        row = real(task_id)
        return (
            row
            if (odd := next(bad, None)) is None
            else {**row, "state": "succeeded", "links": [odd]}
        )

    server._task = task  # type: ignore[method-assign]
    tracked = play(tmp_path, server)
    assert tracked.row.state == "saved"
    assert "fault of hailuo_nb" not in tracked.note
    assert next(bad, None) is None


@pytest.mark.parametrize("state", ["submitted", "ready", "downloading"])
def test_a_process_that_died_later_loses_nothing(
    tmp_path: Path, server: Server, state: str
) -> None:
    to = fake.account()
    leave(tmp_path, server, fake.spec(to), state)
    tracked = much_later(tmp_path, server, fake.spec(to))
    assert tracked.row.state == "saved"
    assert len(server.charged) == 1


def test_two_kernels_on_one_ledger_pay_once(tmp_path: Path, server: Server) -> None:
    server.looks_needed = 6

    async def main() -> tuple[TrackedJob, TrackedJob]:
        first, second = fake.runner(tmp_path, server), fake.runner(tmp_path, server)
        to = fake.account()
        (mine,) = await first.ask([fake.spec(to)])
        (theirs,) = await second.ask([fake.spec(to)])
        await settled(mine, theirs)
        return mine, theirs

    mine, theirs = asyncio.run(main())
    assert mine.row.id == theirs.row.id
    assert (mine.row.state, theirs.row.state) == ("saved", "saved")
    assert len(server.charged) == 1


def test_a_job_can_be_cancelled_before_it_is_sent_and_not_after(
    tmp_path: Path, server: Server
) -> None:
    async def main() -> None:
        runner = fake.runner(tmp_path, server)
        slots = runner._submitter.slot(fake.spec(to))
        held = [await slots.acquire() for _ in range(20)]
        (tracked,) = await runner.ask([fake.spec(to)])
        assert await runner.cancel(tracked)
        for _ in held:
            slots.release()
        await settled(tracked)
        assert tracked.row.state == "cancelled"
        (sent,) = await runner.ask([fake.spec(to, "another")])
        await settled(sent)
        assert not await runner.cancel(sent)

    to = fake.account()
    asyncio.run(main())
    assert server.charged == ["another"]


def test_a_clip_can_be_left_unwatched_and_taken_up_again_without_paying(
    tmp_path: Path, server: Server
) -> None:
    server.looks_needed = 10**6

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        running = asyncio.Event()
        tracked.listen(lambda changed: running.set() if changed.progress is not None else None)
        await asyncio.wait_for(running.wait(), END)
        assert await runner.stop_watching(tracked)
        await settled(tracked)
        assert (tracked.row.state, tracked.row.owner) == ("submitted", None)
        assert "not watched" in tracked.note
        assert not await runner.stop_watching(tracked)
        looks = sum(request.url.path == "/tasks" for request in server.requests)
        await asyncio.sleep(0.02)  # twenty looks at this provider's pace
        assert sum(request.url.path == "/tasks" for request in server.requests) == looks
        server.looks_needed = 0
        await runner.look_again(tracked)
        await settled(tracked)
        return tracked

    assert asyncio.run(main()).row.state == "saved"
    assert len(server.charged) == 1
