"""Hundreds of jobs at once: what is paid, how much is under way, how often anybody is told. Counts,
never seconds."""

from __future__ import annotations

import asyncio
import collections
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.ledger.sqlite.worker import Worker
from hailuo_nb.engine.limits import CAUTIOUS
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.engine.poller import PolledTask, Poller
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.schedule import Estimate
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.providers.base import Poll, Progress, Receipt
from hailuo_nb.providers.chanjing.adapter import Chanjing
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.results.comparison import Comparison
from hailuo_nb.results.job import Job
from hailuo_nb.results.source import LiveSource
from hailuo_nb.widgets import board_updates
from tests.engine import fake
from tests.engine.fake import FakeProvider, QuickAccess, Server

MANY = 300
END = 120.0
CALLS = 20  # at once, behind one gate
STREAMS = 4
WIDE_OPEN = replace(CAUTIOUS, submits=100_000, seconds=1, in_flight=100_000)


class Counting:
    """A transport that lets every request wait a little and keeps how many were under way, by
    kind."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.now: collections.Counter[str] = collections.Counter()
        self.most: collections.Counter[str] = collections.Counter()
        self.total: collections.Counter[str] = collections.Counter()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        kind = "clip" if request.url.host.startswith("clips.") else "call"
        self.now[kind] += 1
        self.total[kind] += 1
        self.most[kind] = max(self.most[kind], self.now[kind])
        for _ in range(5):  # others get their turn: that is how they pile up
            await asyncio.sleep(0)
        self.now[kind] -= 1
        return self._server.handle(request)


def runner_of(home: Path, counting: Counting) -> Runner:
    """A runner over this server, to which nobody has set limits."""
    return Runner(
        home,
        simulator=lambda _: httpx2.MockTransport(counting),
        rng=lambda: 0.5,
        limits=lambda *_: WIDE_OPEN,
    )


def play(home: Path, counting: Counting, wanted: Sequence[JobSpec]) -> list[TrackedJob]:
    async def main() -> list[TrackedJob]:
        runner = runner_of(home, counting)
        lives = await runner.ask(wanted)
        await asyncio.wait_for(
            asyncio.gather(*(asyncio.wrap_future(tracked.settled) for tracked in lives)), END
        )
        runner.ledger.close()
        return lives

    return asyncio.run(main())


@dataclass
class Played:
    """Three hundred clips of one run. groups   the number of works of each commit"""

    home: Path
    server: Server
    counting: Counting
    lives: list[TrackedJob]
    groups: list[int]
    threads: set[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, clip: bytes) -> Played:
    groups: list[int] = []
    commit = Worker._commit

    def counted(self: Worker, db: Any, group: Any) -> None:
        groups.append(len(group))
        commit(self, db, group)

    home, server = tmp_path_factory.mktemp("many"), Server(clip)
    counting, to = Counting(server), fake.account()
    before = {thread.name for thread in threading.enumerate()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_commit", counted)
        lives = play(home, counting, [fake.spec(to, f"A cat, number {n}") for n in range(MANY)])
    threads = {thread.name for thread in threading.enumerate()} - before
    return Played(home, server, counting, lives, groups, threads)


def test_three_hundred_at_once_are_paid_once_each_and_none_is_lost(played: Played) -> None:
    lives, server, counting = played.lives, played.server, played.counting
    assert {tracked.row.state for tracked in lives} == {"saved"}
    assert sorted(server.charged) == sorted({tracked.row.prompt for tracked in lives})
    assert len(server.charged) == MANY
    assert len({tracked.row.path for tracked in lives}) == MANY
    assert len(list((played.home / "videos").iterdir())) == MANY
    assert counting.most["call"] == CALLS  # it was tried, and it was held
    assert counting.most["clip"] == STREAMS
    assert counting.total["clip"] == MANY
    assert len(played.threads) < 40  # none of them is a job's


def test_a_claim_does_not_wait_behind_the_gate(tmp_path: Path, server: Server) -> None:
    """What is `submitting` is on the wire: at most as many as the gate lets through."""
    to = fake.account()
    counting = Counting(server)
    claimed: set[str] = set()
    most = 0

    async def main() -> None:
        nonlocal most
        runner = runner_of(tmp_path, counting)

        def listener(tracked: TrackedJob) -> None:
            nonlocal most
            (claimed.add if tracked.at("submitting") else claimed.discard)(tracked.row.id)
            most = max(most, len(claimed))

        lives = await runner.ask([fake.spec(to, f"A cat, number {n}") for n in range(100)])
        for tracked in lives:
            tracked.listen(listener)
        await asyncio.wait_for(
            asyncio.gather(*(asyncio.wrap_future(tracked.settled) for tracked in lives)), END
        )
        runner.ledger.close()

    asyncio.run(main())
    assert len(server.charged) == 100
    # A task id that waits for its commit has left the gate, and one group of commits is 64 works at
    # most.
    assert CALLS / 2 < most <= CALLS + 64


def test_steps_of_many_jobs_share_commits(played: Played) -> None:
    groups = played.groups
    assert sum(groups) <= 11 * MANY  # works: a job takes as many steps as it has
    assert max(groups) <= 64
    assert len(groups) < sum(groups) / 3


def test_one_list_call_asks_for_fifty_chanjing_tasks() -> None:
    """The adapter and the watch together: 120 tasks that are due take three calls, never one
    each."""
    asked: list[list[str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/access_token"):
            data: dict[str, Any] = {
                "access_token": "token-of-many-jobs",
                "expire_in": 4_000_000_000,
            }
        else:
            ids = json.loads(request.content)["unique_ids"]
            asked.append(ids)
            listed = [
                {
                    "unique_id": i,
                    "progress_desc": "Success",
                    "output_url": [f"https://clips.invalid/{i}"],
                }
                for i in ids
            ]
            data = {"list": listed}
        return httpx2.Response(
            200, json={"trace_id": "1", "code": 0, "msg": "success", "data": data}
        )

    async def main() -> list[Progress]:
        provider = Chanjing()
        to = QuickAccess(
            provider, provider.base_url, Credentials("app", "secret-secret-1"), simulated=True
        )
        transport = Transport(
            to,
            max_requests=CALLS,
            http_transport=httpx2.MockTransport(answer),
            clock=lambda: 1e9,
        )
        poller = Poller(transport, clock=lambda: 1e9, rng=lambda: 0.5)
        # Taken up again after a restart, all of them are due at once.
        tasks = [
            PolledTask(Receipt(f"{n}"), 1e9 - 60, Estimate(100, 0.1), lambda *_: None)
            for n in range(120)
        ]
        found = await asyncio.wait_for(asyncio.gather(*map(poller.wait, tasks)), END)
        await transport.aclose()
        return found

    found = asyncio.run(main())
    assert {progress.state for progress in found} == {"succeeded"}
    assert [len(ids) for ids in asked] == [50, 50, 20]
    assert sorted(one for ids in asked for one in ids) == sorted(str(n) for n in range(120))


def test_any_provider_with_a_batch_size_is_asked_in_batches(tmp_path: Path, server: Server) -> None:
    class Batching(FakeProvider):
        batch_size = 25
        sizes: list[int] = []  # noqa: RUF012

        def poll(self, tasks: Sequence[Receipt]) -> Poll:
            self.sizes.append(len(tasks))
            return super().poll(tasks)

    to = QuickAccess(Batching(), FakeProvider.base_url, Credentials(fake.KEY), simulated=True)
    play(tmp_path, Counting(server), [fake.spec(to, f"A cat, number {n}") for n in range(100)])
    assert max(Batching.sizes) <= 25
    assert sum(Batching.sizes) == 2 * 100  # the server wants two looks at each
    assert len(Batching.sizes) < 50


class Board:
    """Stands in for the widget: keeps what would go to the page."""

    def __init__(self) -> None:
        self.writes = 0
        self.rows: list[dict[str, Any]] = []

    def set_rows(self, rows: list[dict[str, Any]]) -> None:
        self.writes += 1
        self.rows = rows

    def update_rows(self, rows: list[dict[str, Any]]) -> None:
        self.writes += 1
        new = {row["id"]: row for row in rows}
        self.rows = [new.get(row["id"], row) for row in self.rows]

    def send_rows(self) -> None: ...

    def set_summary(self, summary: object) -> None: ...


def test_the_page_hears_of_hundreds_of_changes_in_a_few_writes(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two writes the feed waits; here that wait is a switch, so nothing depends on a
    clock."""
    to = fake.account()
    changes = 0
    waits: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real(0.2)

    async def make() -> tuple[Runner, list[TrackedJob]]:
        runner = runner_of(tmp_path, Counting(server))
        return runner, await runner.ask([fake.spec(to, f"A cat, number {n}") for n in range(100)])

    def changed(_: TrackedJob) -> None:
        nonlocal changes
        changes += 1

    monkeypatch.setattr(
        board_updates,
        "asyncio",
        type(
            "Quick",
            (),
            {
                "sleep": staticmethod(sleep),
                "Event": asyncio.Event,
                "to_thread": staticmethod(asyncio.to_thread),
            },
        ),
    )
    runner, lives = LOOP.run(make())
    comparison = Comparison([Job(tracked, LiveSource(runner)) for tracked in lives])
    board = Board()
    for tracked in lives:
        tracked.listen(changed)
    board_updates.BoardUpdater(comparison, board, tmp_path)  # type: ignore[arg-type]
    comparison.wait(END)
    while {row["state"] for row in board.rows} != {"saved"}:
        LOOP.run(real(0.01))
    assert changes > 300
    assert not any(row["poster"].startswith("data:") for row in board.rows), (
        "no picture was read for it"
    )
    assert board.writes <= len(waits) + 3  # one at the start, one in the loop, the last
    assert min(waits, default=1) >= 0.25  # four a second at most
    runner.ledger.close()


def test_a_clip_that_is_not_on_the_board_brings_all_rows(tmp_path: Path, server: Server) -> None:
    async def make() -> tuple[Runner, list[TrackedJob]]:
        runner = runner_of(tmp_path, Counting(server))
        return runner, await runner.ask(
            [fake.spec(fake.account(), f"A cat, number {n}") for n in range(2)]
        )

    runner, lives = LOOP.run(make())
    comparison = Comparison([Job(tracked, LiveSource(runner)) for tracked in lives])
    board = Board()
    kept = board_updates.BoardUpdater(comparison, board, tmp_path)  # type: ignore[arg-type]
    comparison.wait(END)
    while kept._running:  # else its last write could fill the board
        LOOP.run(asyncio.sleep(0.01))
    board.rows = []
    comparison[1].annotate(rating=4)
    while [row["rating"] for row in board.rows] != [0, 4]:
        LOOP.run(asyncio.sleep(0.01))
    assert [row["state"] for row in board.rows] == ["saved", "saved"]
    runner.ledger.close()


def test_what_is_learnt_lies_between_the_last_look_that_said_no_and_the_first_that_said_yes() -> (
    None
):
    """Else a first guess that is too long would confirm itself for ever."""
    now = 1000.0
    state = ["processing", "completed"]

    def answer(_: httpx2.Request) -> httpx2.Response:
        row = {"id": "1", "state": "running" if state.pop(0) == "processing" else "succeeded"}
        if row["state"] == "succeeded":
            row["links"] = ["https://clips.invalid/1"]  # type: ignore[assignment]
        return httpx2.Response(200, json={"tasks": [row]})

    async def main(accepted_at: float) -> PolledTask:
        nonlocal now
        to = fake.account()
        transport = Transport(
            to,
            max_requests=CALLS,
            http_transport=httpx2.MockTransport(answer),
            clock=lambda: now,
        )
        poller = Poller(transport, clock=lambda: now, rng=lambda: 0.5)

        def report(*_: Any) -> None:
            nonlocal now
            now += 40  # each look comes so much later than the one before

        task = PolledTask(Receipt("1"), accepted_at, Estimate(100, 0.1), report)
        await asyncio.wait_for(poller.wait(task), END)
        await transport.aclose()
        return task

    watched = asyncio.run(main(now))
    assert watched.ran_at is not None
    assert watched.over_at is not None
    assert 1000 < watched.ran_at < watched.over_at < now
    assert watched.over_at == pytest.approx((watched.ran_at + now) / 2)
    state[:] = ["completed"]
    assert (
        asyncio.run(main(now - 3600)).over_at is None
    )  # taken up after a restart: nobody was looking
