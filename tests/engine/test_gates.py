"""Places at a gate: a provider that hangs delays no other, and whoever is cancelled gives the place
back."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import httpx2

from hailuo_nb.engine.priority_semaphore import PrioritySemaphore
from hailuo_nb.engine.transport_pool import TransportPool
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Receipt
from tests.engine import fake

END = 60.0  # seconds after which a test hangs; none should come near


class Other(fake.FakeProvider):
    name = "xcompute"
    base_url = "https://other.invalid"
    hosts = frozenset({"other.invalid"})


def test_a_provider_that_hangs_delays_no_other(tmp_path: Path) -> None:
    hung = asyncio.Event()
    asked = 0

    async def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal asked
        if request.url.host == "fake.invalid":
            asked += 1
            await hung.wait()
        return httpx2.Response(200, json={"tasks": []})

    async def main() -> None:
        pool = TransportPool(tmp_path, simulator=lambda _: httpx2.MockTransport(answer))
        slow, quick = (
            fake.account(),
            Account(Other(), Other.base_url, fake.account().credentials, simulated=True),
        )
        looks = []
        for _ in range(60):
            transport = await pool.get(slow)
            looks.append(
                asyncio.create_task(transport.run(slow.provider.poll([Receipt("task-1")])))
            )
        while asked < 20:
            await asyncio.sleep(0)
        async with asyncio.timeout(END):
            await (await pool.get(quick)).run(quick.provider.poll([Receipt("task-1")]))
        # The places of those that are cancelled, waiting or under way, are free again.
        for look in looks[:40]:
            look.cancel()
        while asked < 40:
            await asyncio.sleep(0)
        hung.set()
        async with asyncio.timeout(END):
            await asyncio.gather(*looks[40:])

    asyncio.run(main())


def test_a_turn_that_comes_in_the_moment_of_a_cancelling_is_passed_on() -> None:
    """The turn is given, and its waiter is cancelled before it runs again."""

    async def main() -> None:
        gate = PrioritySemaphore(1)

        async def turn() -> None:
            async with gate.slot(0.0):
                pass

        async with gate.slot(0.0):
            waiter = asyncio.create_task(turn())
            await asyncio.sleep(0)
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter
        async with asyncio.timeout(END):
            await turn()

    asyncio.run(main())
