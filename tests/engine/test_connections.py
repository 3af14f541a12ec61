"""Which connections calls go out on: looks share one that is kept, a charging call has one of its
own. Real sockets."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest

from hailuo_nb.engine.transport import Transport
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Receipt
from hailuo_nb.providers.modelverse.adapter import Modelverse
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine.echo import Echo, echo


def test_a_look_half_a_minute_later_needs_no_new_connection_and_a_charging_call_always_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = 0.0
    # The pool's own clock, so that half a minute need not pass.
    monkeypatch.setattr(
        "httpcore2._async.http11.time", SimpleNamespace(monotonic=lambda: time.monotonic() + passed)
    )

    async def main(server: Echo) -> list[int]:
        nonlocal passed
        to = Account(Modelverse(), f"{server.base}/task", Credentials("key-123456"))
        transport = Transport(to)
        counts = []
        for pause in (0, 30, 30, 90):
            passed += pause
            await transport.run(to.provider.poll([Receipt("task-1")]))
            counts.append(server.connections)
        for number in range(2):
            await transport.run(
                to.provider.submit(VideoRequest(f"A cat {number}", "MiniMax-Hailuo-02"))
            )
            counts.append(server.connections)
        await transport.aclose()
        return counts

    with echo(b"") as server:
        # What idled longer than servers keep it is not trusted.
        assert asyncio.run(main(server)) == [1, 1, 1, 2, 3, 4]
