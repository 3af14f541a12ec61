"""What a script does that is left with a full queue: sixty clips at a provider that takes its time
to answer.

Twenty begin at once (`in_flight` of the catalogue), and as a task that ends makes room for the next, more would
follow. `python -m tests.engine.shutdown_script HOW SECONDS` writes to `calls.txt`, line by line:
that a charging call began, that its answer went out, and that the script is at its last line.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path

import httpx2

from hailuo_nb import api
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.engine.admission import AdmissionClosedError
from tests.engine import fake


def log(line: str) -> None:
    with Path("calls.txt").open("a") as file:
        file.write(f"{line}\n")


def lines(word: str) -> int:
    path = Path("calls.txt")
    return path.read_text().count(word) if path.exists() else 0


def provider(seconds: float) -> httpx2.MockTransport:
    """Answers a submit so many seconds after the process has begun to end: sooner, a slow machine
    would send the next clip into the room of an answer. A task is over, and has failed, at the
    first look."""
    server = fake.Server(b"", looks_needed=1, fail_tasks=True)

    async def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/submit":
            return server.handle(request)
        log("begun")
        answer = server.handle(request)
        while _admits():
            await asyncio.sleep(0.005)
        await asyncio.sleep(seconds)
        log("answered")
        return answer

    return httpx2.MockTransport(handle)


def _admits() -> bool:
    try:
        session.runner()._admission.check()
    except AdmissionClosedError:
        return False
    return True


def start(seconds: float) -> None:
    """Ask for sixty clips; returns when twenty calls are under way."""
    transport_pool.simulator_transport = lambda _: provider(seconds)
    to = fake.account()
    api.ask([fake.spec(to, f"clip {number}") for number in range(60)])
    while lines("begun") < 20:
        time.sleep(0.001)


def main(how: str, seconds: float) -> None:
    start(seconds)
    if how == "sigterm":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if how == "pool":  # as concurrent.futures and loky do for their processes
        threading._register_atexit(time.sleep, 2 * seconds)  # type: ignore[attr-defined]
    log("last line")
    if how == "exception":
        raise RuntimeError("the script's own")
    if how == "exit":
        sys.exit(3)
    if how == "sigterm":
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
