"""One Transport for each account, and the simulator behind those of simulated providers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx2

from hailuo_nb.engine.transport import Transport
from hailuo_nb.providers import account as accounts
from hailuo_nb.providers.account import Account
from hailuo_nb.simulator.faults import HEADER

SimulatorFactory = Callable[[Path], httpx2.AsyncBaseTransport]
"""Makes the HTTP transport of simulated providers for a home folder."""

SHRINK_VARIABLE = "HAILUO_NB_SIMULATOR_SHRINK"
"""On a slow machine: 4 makes the simulator's clips a quarter as wide, and drawn in a fraction of
the time."""
_MAX_SHRINK = 8
# `.invalid` never resolves: a leak would fail, not leave.
_LINK_BASE = "https://clips.simulator.invalid"


class TransportPool:
    """The transports of one home folder. Used on the background loop."""

    def __init__(
        self,
        home: Path,
        clock: Callable[[], float] = time.time,
        simulator: SimulatorFactory | None = None,
    ) -> None:
        self._home = home
        self._clock = clock
        self._make_simulator = simulator or simulator_transport
        self._simulator: httpx2.AsyncBaseTransport | None = None
        self._transports: dict[Account, Transport] = {}
        self._lock = asyncio.Lock()

    async def get(self, account: Account) -> Transport:
        async with self._lock:
            if account not in self._transports:
                # Loading the simulator takes up to 170 ms: not on the loop.
                simulator = (
                    await asyncio.to_thread(self._simulator_once) if account.simulated else None
                )
                if simulator is not None and account.faults:
                    simulator = _Faulty(simulator, account.faults)
                self._transports[account] = Transport(
                    account, http_transport=simulator, clock=self._clock
                )
            return self._transports[account]

    def _simulator_once(self) -> httpx2.AsyncBaseTransport:
        """One simulator for all its providers, so that tasks are counted in one place."""
        if self._simulator is None:
            self._simulator = self._make_simulator(self._home)
        return self._simulator


class _Faulty(httpx2.AsyncBaseTransport):
    """The simulator, asked for faults with each request."""

    def __init__(self, simulator: httpx2.AsyncBaseTransport, faults: Sequence[str]) -> None:
        self._simulator, self._faults = simulator, ",".join(faults)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers[HEADER] = self._faults
        return await self._simulator.handle_async_request(request)


def simulator_transport(home: Path) -> httpx2.AsyncBaseTransport:
    """The built-in simulator as an HTTP transport: nothing leaves this process."""
    from hailuo_nb.simulator import create_app

    # An odd value of a mere convenience is no reason to fail.
    value = os.environ.get(SHRINK_VARIABLE, "")
    shrink = min(max(int(value), 1), _MAX_SHRINK) if value.isdecimal() else 1
    app = create_app(
        speed=accounts.SIMULATOR_SPEED,
        folder=home / "simulator",
        link_base=_LINK_BASE,
        shrink=shrink,
    )
    return httpx2.ASGITransport(app)
