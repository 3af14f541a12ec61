"""Runs a function in a forked process each time, with limits: what a decoder takes, or dies of, is
seen from outside.

`python -m tests.fuzz.apart MODULE:FUNCTION` imports what the first piece of data needs, and forks
for all others, which takes some milliseconds.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAX_MEMORY = (
    1500 * 1024 * 1024
)  # bytes of address space, beyond which nothing is given: the machine is kept safe
MAX_SECONDS = 60


@dataclass(frozen=True)
class Outcome:
    """What one run came to: the function's JSON, or why there is none; MB beyond what was there
    before; CPU seconds."""

    value: Any
    fault: str
    megabytes: float
    seconds: float


class Apart:
    """Calls `MODULE:FUNCTION` with bytes; it returns plain data. A context manager.

    first  data that is no danger: the function is called with it before anything is forked
    """

    def __init__(self, function: str, first: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.apart", function],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self._send(first)

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(len(data).to_bytes(8, "big") + data)
        self._process.stdin.flush()

    def __call__(self, data: bytes) -> Outcome:
        self._send(data)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that forks has ended"
        return Outcome(**json.loads(line))

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _serve(function: Callable[[bytes], Any], came: BinaryIO, goes: BinaryIO) -> None:
    function(came.read(int.from_bytes(came.read(8), "big")))
    while size := came.read(8):
        data = came.read(int.from_bytes(size, "big"))
        goes.write(json.dumps(vars(_run(function, data))).encode() + b"\n")
        goes.flush()


def _run(function: Callable[[bytes], Any], data: bytes) -> Outcome:
    before = _resident()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        _in_child(function, data, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as answer:
        said = answer.read()
    _, status, used = os.wait4(child, 0)
    value, fault = json.loads(said) if said else (None, "")
    if os.WIFSIGNALED(status):
        fault = f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return Outcome(value, fault, used.ru_maxrss / 1024 - before, used.ru_utime + used.ru_stime)


def _in_child(function: Callable[[bytes], Any], data: bytes, writes: int) -> None:
    try:
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MAX_MEMORY,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            said = json.dumps((function(data), ""))
        except BaseException as error:
            said = json.dumps((None, f"{type(error).__name__}: {error} {_where(error)}"))
        with os.fdopen(writes, "wb") as answer:
            answer.write(said.encode())
    finally:
        os._exit(0)


def _where(error: BaseException) -> str:
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places))


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    found = getattr(importlib.import_module(module), name)
    _serve(found, sys.stdin.buffer, sys.stdout.buffer)
