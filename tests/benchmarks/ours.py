"""One run of hailuo_nb's engine against `mock.py`, in a fresh process; prints one line of JSON like
`peers.py`.

    .venv/bin/python -m tests.benchmarks.ours COUNT PORT [cold] [silent] [link]

The engine is the whole one: ledger with `synchronous=EXTRA`, download, check of every frame,
poster. The main thread plays the kernel. Twenty clips are made beforehand so that durations are
known, unless it runs cold.

silent  the server tells no percentage
link    stop when the link is known, which is all that the peers do
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from hailuo_nb.engine.fetching import Fetcher
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.limits import CAUTIOUS
from hailuo_nb.engine.loop import LOOP, wait_async
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.xcompute.adapter import XCompute
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.benchmarks.peers import Heart, cpu, peak

WIDE_OPEN = replace(CAUTIOUS, submits=100_000, seconds=1, in_flight=100_000)
"""The server here has no limits, and the peers know none."""


def account(port: int) -> Account:
    return Account(XCompute(), f"http://127.0.0.1:{port}/xcompute", Credentials("bench-key-123456"))


def clips(to: Account, count: int, words: str) -> list[JobSpec]:
    return [
        JobSpec(to, VideoRequest(f"{words} {index}", "MiniMax-Hailuo-2.3"), 1, None)
        for index in range(count)
    ]


def reset(port: int, **settings: Any) -> None:
    urlopen(
        Request(f"http://127.0.0.1:{port}/_reset", json.dumps(settings).encode(), method="POST")
    ).read()


async def make(runner: Runner, wanted: list[JobSpec], seen: dict[str, float]) -> list[TrackedJob]:
    """Ask for clips and wait, as a cell does. `seen` gets the moment at which each link was known,
    on disk."""

    def listener(tracked: TrackedJob) -> None:
        if tracked.at("ready"):
            seen.setdefault(str(tracked.row.task_id), time.time())

    lives = await asyncio.wrap_future(LOOP.start(runner.ask(wanted)))
    for tracked in lives:
        tracked.listen(listener)
    for tracked in lives:
        await wait_async(tracked.settled)
    return lives


async def measure(home: Path, count: int, port: int, flags: set[str]) -> dict[str, Any]:
    runner = await asyncio.wrap_future(LOOP.start(_runner(home)))
    to = account(port)
    silent = "silent" in flags
    if "cold" not in flags:
        reset(port, silent=silent)
        await make(runner, clips(to, 20, "before"), {})
    if "link" in flags:
        Fetcher.fetch = _no_fetch  # type: ignore[method-assign]
    reset(port, silent=silent)
    kernel, engine = Heart(), Heart()
    seen: dict[str, float] = {}
    if count > 1:
        LOOP.start(engine.beat())
        here = asyncio.create_task(kernel.beat())
    used, begun = cpu(), time.time()
    lives: list[TrackedJob] = []
    for wanted in (
        [clips(to, count, "clip")] if count > 1 else [clips(to, 1, f"clip {n}") for n in range(3)]
    ):
        lives += await make(runner, wanted, seen)
    found = {
        "begun": begun,
        "returned": seen,
        "cpu": cpu() - used,
        "took": time.time() - begun,
        "stall": engine.gap,
        "work": engine.work,
        "kernel_stall": kernel.gap,
        "kernel_work": kernel.work,
        "rss": peak(),
        "faults": [
            tracked.row.error or tracked.note
            for tracked in lives
            if not tracked.at("saved", "ready")
        ],
        "saved": {
            tracked.row.task_id: tracked.row.finished_at for tracked in lives if tracked.at("saved")
        },
    }
    if count > 1:
        here.cancel()
    return found


async def _runner(home: Path) -> Runner:
    return Runner(home, limits=lambda *_: WIDE_OPEN)


async def _no_fetch(self: Fetcher, tracked: TrackedJob, *_: Any) -> None:
    """The peers hand a link over and stop."""


if __name__ == "__main__":
    count, port = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="hailuo-bench-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder), count, port, set(sys.argv[3:])))))
