"""Corners of the charging call that no usual day shows: one task id for two clips, a sleep right
before the send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailuo_nb.engine import fault_points, leases
from hailuo_nb.engine.limits import RequestLimits
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.providers.account import Account
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_resume import listing
from tests.engine.test_runner import play, settled


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
        one_by_one = RequestLimits(in_flight=1)
        runner = fake.runner(tmp_path, server, limits=lambda _: one_by_one)
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
