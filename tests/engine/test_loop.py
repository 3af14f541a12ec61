"""The background loop: it starts late, works from everywhere, and waiting never stops the work."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hailuo_nb.engine.loop import LoopThread, wait, wait_async


async def where() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_nothing_runs_before_it_is_asked() -> None:
    before = threading.active_count()
    LoopThread()
    assert threading.active_count() == before


def test_run_works_in_a_script_in_a_thread_and_inside_a_running_loop() -> None:
    loop = LoopThread()

    async def inside() -> str:
        return loop.run(where())

    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(loop.run(where())))
    thread.start()
    thread.join()
    assert {loop.run(where()), asyncio.run(inside()), *found} == {"hailuo_nb-loop"}


def test_run_on_the_loop_itself_is_refused_and_not_a_deadlock() -> None:
    loop = LoopThread()

    async def inside() -> None:
        loop.run(where())

    with pytest.raises(RuntimeError, match="use await"):
        loop.run(inside())


def test_a_child_that_was_forked_on_the_loop_itself_has_a_loop_of_its_own() -> None:
    """By a listener that starts a process: the thread that forks is the child's main thread."""
    loop = LoopThread()

    async def listener() -> str:
        loop.forked()
        return loop.run(where(), timeout=10)

    assert loop.run(listener(), timeout=10) == "hailuo_nb-loop"


def test_what_ends_a_program_does_not_end_the_loop() -> None:
    """asyncio lets these two out of the loop; everything that goes on there would stand still."""
    loop = LoopThread()

    async def leaves(error: type[BaseException]) -> None:
        raise error

    for error in (SystemExit, KeyboardInterrupt):
        with pytest.raises(error):
            loop.run(leaves(error), timeout=10)
        assert loop.run(where(), timeout=10) == "hailuo_nb-loop"
    loop.stop()


def test_a_wait_that_is_given_up_leaves_the_work() -> None:
    loop = LoopThread()
    gate = threading.Event()

    async def work() -> str:
        while not gate.is_set():
            await asyncio.sleep(0.001)
        return "done"

    future = loop.start(work())
    with pytest.raises(TimeoutError):
        wait(future, timeout=0)
    gate.set()
    assert wait(future) == "done"


def test_a_cancelled_cell_leaves_the_work() -> None:
    loop = LoopThread()
    gate = threading.Event()

    async def work() -> str:
        while not gate.is_set():
            await asyncio.sleep(0.001)
        return "done"

    future = loop.start(work())

    async def cell() -> None:
        waiting = asyncio.ensure_future(wait_async(future))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(cell())
    assert not future.cancelled()
    gate.set()
    assert wait(future) == "done"


def test_errors_come_back() -> None:
    async def broken() -> None:
        raise TimeoutError("of the work itself")

    with pytest.raises(TimeoutError, match="of the work itself"):
        LoopThread().run(broken(), timeout=10)
