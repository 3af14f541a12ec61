"""Waiting for jobs, with their progress in the terminal meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hailuo_nb.engine.loop import wait, wait_async
from hailuo_nb.pages.progress import Progress, reporting
from hailuo_nb.requests import arguments

if TYPE_CHECKING:
    from hailuo_nb.results.job import Job


def wait_for_all(jobs: Sequence[Job], timeout: float | None) -> list[Job]:
    """Wait for many; returns those that are not done after `timeout` seconds. They go on."""
    timeout = arguments.as_timeout(timeout)
    end = None if timeout is None else time.monotonic() + timeout
    with reporting(lambda: _progress(jobs)) as tick:
        for job in jobs:
            left = None if end is None else max(0.0, end - time.monotonic())
            try:
                wait(job._tracked.settled, left, tick)
            except TimeoutError:
                return [late for late in jobs if not late.done]
    return []


async def await_all(jobs: Sequence[Job]) -> None:
    with reporting(lambda: _progress(jobs)) as tick:
        for job in jobs:
            await wait_async(job._tracked.settled, tick)


def _progress(jobs: Sequence[Job]) -> Progress:
    counts = Counter(job.state for job in jobs)
    done = sum(1.0 if job.done else job.progress or 0.0 for job in jobs)
    words = ", ".join(f"{count} {state}" for state, count in counts.items())
    return Progress(done, len(jobs), f"{words}, {done / max(len(jobs), 1):.0%} done")
