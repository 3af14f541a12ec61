"""Waiting for jobs, with their progress in the terminal meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.loop import LOOP, wait, wait_async
from hailuo_nb.pages.progress import Progress, reporting
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    from hailuo_nb.results.job import Job

_SLICE = 0.25  # seconds between two looks, so that the notebook's Interrupt works


def wait_for_thread(
    thread: threading.Thread,
    timeout: float | None,
    progress: Callable[[], Progress],
    cancel: Callable[[], None],
) -> bool:
    """Wait for work that goes on in a thread; whether it is over after `timeout` seconds. `cancel`
    is called where the waiting is interrupted: who stops it wants nothing more to be paid."""
    LOOP.check_elsewhere()
    end = None if timeout is None else time.monotonic() + timeout
    try:
        with reporting(progress) as tick:
            while thread.is_alive():
                if end is not None and time.monotonic() >= end:
                    return False
                thread.join(_SLICE)
                tick()
    except KeyboardInterrupt:
        cancel()
        raise
    return True


async def await_thread(
    thread: threading.Thread, progress: Callable[[], Progress], cancel: Callable[[], None]
) -> None:
    """The same for `await`. A thread that joins this one would outlive a cancelled await, and keep
    `asyncio.run` and the end of the process waiting."""
    try:
        with reporting(progress) as tick:
            while thread.is_alive():
                await asyncio.sleep(_SLICE)
                tick()
    except (KeyboardInterrupt, asyncio.CancelledError):
        cancel()
        raise


def _nothing() -> None:
    pass


def wait_for_all(
    jobs: Sequence[Job],
    timeout: float | None,
    *,
    shown: bool = True,
    also: Callable[[], None] = _nothing,
) -> list[Job]:
    """Wait for many; returns those that are not done after `timeout` seconds. They go on.

    shown  whether a terminal shows the progress
    also   is called now and then
    """
    timeout = arguments.as_timeout(timeout)
    LOOP.check_elsewhere()
    end = None if timeout is None else time.monotonic() + timeout
    with reporting(lambda: progress_of_all(jobs), shown=shown) as show:

        def tick() -> None:
            show()
            also()

        for job in jobs:
            left = None if end is None else max(0.0, end - time.monotonic())
            try:
                wait(job._tracked.settled, left, tick)
            except TimeoutError:
                return [late for late in jobs if not late.done]
    return []


async def await_all(jobs: Sequence[Job]) -> None:
    with reporting(lambda: progress_of_all(jobs)) as tick:
        for job in jobs:
            await wait_async(job._tracked.settled, tick)


def progress_of_all(jobs: Sequence[Job]) -> Progress:
    """How far these are."""
    counts = Counter(job.state for job in jobs)
    done = sum(1.0 if job.done else job.progress or 0.0 for job in jobs)
    words = ", ".join(f"{count} {state}" for state, count in counts.items())
    return Progress(done, len(jobs), f"{words}, {done / max(len(jobs), 1):.0%} done")
