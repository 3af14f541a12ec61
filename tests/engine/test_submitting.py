"""Corners of the charging call that no usual day shows: one task id for two clips, a sleep right before the send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hailuo_nb.engine import faultpoints, submitting
from hailuo_nb.engine.live import Live
from hailuo_nb.engine.transport import Access
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_resume import listing
from tests.engine.test_runner import play, settled


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    faultpoints.disarm()


def two_with_one_id(home: Path, server: Server, to: Access) -> Live:
    """The provider answers the second clip with the first one's task id. Returns the second."""
    first = play(home, server, fake.asked(to, "a cat"))
    assert first.row.task_id == "task-1"
    server.submit_faults.append(b'{"id": "task-1"}')
    return play(home, server, fake.asked(to, "a dog"))


def test_an_id_that_another_clip_has_leaves_the_clip_unknown(tmp_path: Path, server: Server) -> None:
    second = two_with_one_id(tmp_path, server, fake.access())
    assert second.row.state == "unknown"
    assert "task-1 is that of another clip" in str(second.row.error)
    assert "fault of hailuo_nb" not in second.note
    assert len(server.charged) == 2


def test_an_id_that_another_clip_has_is_set_right_by_the_list(tmp_path: Path, server: Server) -> None:
    second = two_with_one_id(tmp_path, server, listing(server))
    assert (second.row.state, second.row.task_id) == ("saved", "task-2")
    assert len(server.charged) == 2


def test_what_was_claimed_before_a_sleep_is_claimed_again_before_it_is_sent(
    tmp_path: Path, server: Server
) -> None:
    """Another kernel may have looked for it meanwhile, found nothing, and sent it again."""
    slept, notes = iter([10 * submitting.LEASE]), []
    now = time.time()

    def sleep() -> None:
        nonlocal now
        now += next(slept, 0)
        assert server.charged == []

    faultpoints.arm("submit.before_send", sleep)

    async def main() -> Live:
        runner = fake.runner(tmp_path, server, clock=lambda: now)
        (live,) = await runner.ask([fake.asked(fake.access())])
        live.listen(lambda changed: notes.append((changed.row.state, changed.note)))
        await settled(live)
        return live

    live = asyncio.run(main())
    assert live.row.state == "saved"
    assert any(state == "planned" and "slept" in note for state, note in notes)
    assert len(server.charged) == 1
