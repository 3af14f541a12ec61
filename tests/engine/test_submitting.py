"""Corners of the charging call that no usual day shows: one task id for two clips, a sleep right
before the send."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.catalog.request_limits import RequestLimits
from hailuo_nb.engine import fault_points, leases
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.limits import CAUTIOUS, Limits
from hailuo_nb.engine.states import Event
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.providers.account import Account
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_resume import listing
from tests.engine.test_runner import END, play, settled, stop


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    fault_points.disarm()


def two_with_one_id(home: Path, server: Server, to: Account) -> TrackedJob:
    """The provider answers the second clip with the first one's task id. Returns the second."""
    first = play(home, server, fake.spec(to, "a cat"))
    assert first.row.task_id == "task-1"
    server.submit_faults.append(b'{"id": "task-1"}')
    return play(home, server, fake.spec(to, "a dog"))


def test_an_id_that_another_clip_has_leaves_the_clip_unknown(
    tmp_path: Path, server: Server
) -> None:
    second = two_with_one_id(tmp_path, server, fake.account())
    assert second.row.state == "unknown"
    assert "task-1 is that of another clip" in str(second.row.error)
    assert "fault of hailuo_nb" not in second.note
    assert len(server.charged) == 2


def test_an_id_that_another_clip_has_is_set_right_by_the_list(
    tmp_path: Path, server: Server
) -> None:
    second = two_with_one_id(tmp_path, server, listing(server))
    assert (second.row.state, second.row.task_id) == ("saved", "task-2")
    assert len(server.charged) == 2


@pytest.mark.parametrize("event", ["not_found", "given_up"])
def test_an_answer_that_comes_after_the_clip_was_given_up_is_kept(
    tmp_path: Path, server: Server, event: Event
) -> None:
    """This machine slept while it waited for the answer, and another kernel set the clip down as
    not taken. It is paid: its task id is not thrown away."""

    def another_kernel() -> None:
        other = SqliteLedger(tmp_path / "ledger.sqlite")
        (row,) = other.history().result()
        other.move(row.id, "unclear").result()
        other.move(row.id, event).result()
        other.close()

    fault_points.arm("submit.after_send", another_kernel)
    row = play(tmp_path, server).row
    assert (row.state, row.task_id, row.error) == ("saved", "task-1", None)
    assert len(server.charged) == 1


def test_what_was_claimed_before_a_sleep_is_claimed_again_before_it_is_sent(
    tmp_path: Path, server: Server
) -> None:
    """Another kernel may have looked for it meanwhile, found nothing, and sent it again."""
    slept, notes = iter([10 * leases.LEASE]), []
    now = time.time()

    def sleep() -> None:
        nonlocal now
        now += next(slept, 0)
        assert server.charged == []

    fault_points.arm("submit.before_send", sleep)

    async def main() -> TrackedJob:
        runner = fake.runner(tmp_path, server, clock=lambda: now)
        (tracked,) = await runner.ask([fake.spec(fake.account())])
        tracked.listen(lambda changed: notes.append((changed.row.state, changed.note)))
        await settled(tracked)
        return tracked

    tracked = asyncio.run(main())
    assert tracked.row.state == "saved"
    assert any(state == "planned" and "slept" in note for state, note in notes)
    assert len(server.charged) == 1


@pytest.mark.parametrize("asked", ["7200", "901", "1e300"])
def test_a_wait_of_hours_is_told_and_not_sat_out(
    tmp_path: Path, server: Server, asked: str
) -> None:
    """Ten hours of looking at a plan that is used up helps nobody; the other clips would wait as
    long."""
    server.submit_faults.append((429, {"retry-after": asked}))
    to = fake.account()

    async def main() -> list[TrackedJob]:
        one_by_one = replace(CAUTIOUS, in_flight=1)
        runner = fake.runner(tmp_path, server, limits=lambda *_: one_by_one)
        lives = await runner.ask([fake.spec(to, "a cat"), fake.spec(to, "a dog")])
        await settled(*lives)
        return lives

    for tracked in asyncio.run(main()):
        assert (tracked.row.state, tracked.row.error_kind) == ("rejected", "rate")
        assert "the provider takes none before " in str(
            tracked.row.error
        ) or "clip before it" in str(tracked.row.error)
    assert len([sent for sent in server.requests if sent.url.path == "/submit"]) == 1
    assert server.charged == []
    assert play(tmp_path, server, fake.spec(to, "a cat")).row.state == "saved", (
        "asked for again, it is sent"
    )


def test_a_wait_of_minutes_is_sat_out(tmp_path: Path, server: Server) -> None:
    server.submit_faults.append((429, {"retry-after": "1"}))
    assert play(tmp_path, server, fake.spec(fake.account())).row.state == "saved"
    assert len(server.charged) == 1


# Request limits -----------------------------------------------------------------------------------

H23, H02, H3 = "MiniMax-Hailuo-2.3", "MiniMax-Hailuo-02", "MiniMax-H3"


@dataclass
class Counting(Server):
    """Knows how many of its tasks were unfinished at once. held   models whose tasks never end"""

    held: tuple[str, ...] = ()
    most: int = 0
    _ended: set[str] = field(default_factory=set)

    def _submit(self, request: httpx2.Request) -> httpx2.Response:
        answer = super()._submit(request)
        self.most = max(self.most, len(self.charged) - len(self._ended))
        return answer

    def _state(self, task_id: str) -> dict[str, Any]:
        if self.charged[int(task_id.removeprefix("task-")) - 1].startswith(self.held):
            return {"id": task_id, "state": "running"}
        row = super()._state(task_id)
        if row["state"] != "running":
            self._ended.add(task_id)
        return row


def saved(home: Path, server: Counting, limits: Limits, models: Sequence[str], count: int) -> None:
    """Ask one account for one clip a model, until `count` of them are saved."""

    async def main() -> None:
        runner = fake.runner(home, server, limits=limits)
        to = fake.account()
        lives = await runner.ask(
            [fake.spec(to, f"{model} {at}", model=model) for at, model in enumerate(models)]
        )
        ends = [asyncio.wrap_future(live.settled) for live in lives]
        for end in itertools.islice(asyncio.as_completed(ends, timeout=END), count):
            await end
        assert sum(live.at("saved") for live in lives) == count
        await stop(runner)

    asyncio.run(main())


def test_models_that_are_counted_apart_do_not_wait_for_the_others(
    tmp_path: Path, clip: bytes
) -> None:
    """MiniMax counts H3's API apart from that of its older models, which share one count."""

    def limits(provider: str, model: str) -> RequestLimits:
        return replace(CAUTIOUS, in_flight=1, models=(H3,) if model == H3 else ())

    server = Counting(clip, held=(H02, H23))
    saved(tmp_path, server, limits, [H02, H23, H3, H02, H3], count=2)
    assert [prompt.partition(" ")[0] for prompt in server.charged].count(H3) == 2
    assert len(server.charged) == 3
    assert server.most <= 2


def test_a_limit_of_the_account_holds_for_all_its_models(tmp_path: Path, clip: bytes) -> None:
    server = Counting(clip)
    one_by_one = replace(CAUTIOUS, in_flight=1)
    saved(tmp_path, server, lambda *_: one_by_one, [H02, H23, H3, H02], count=4)
    assert (len(server.charged), server.most) == (4, 1)


def test_the_rate_is_that_of_the_models(tmp_path: Path, clip: bytes) -> None:
    """One submit in ten minutes for an account, and one for the model that is counted apart."""

    def limits(provider: str, model: str) -> RequestLimits:
        return replace(
            CAUTIOUS, submits=1, seconds=600_000, in_flight=9, models=(H3,) if model == H3 else ()
        )

    server = Counting(clip)
    saved(tmp_path, server, limits, [H02, H23, H3, H3], count=2)
    assert len(server.charged) == 2
    assert sum(prompt.startswith(H3) for prompt in server.charged) == 1
