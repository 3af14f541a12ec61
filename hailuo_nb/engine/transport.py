"""HTTP for the providers: who is asked, with which key, through which client; it drives a provider's flows.

Knows httpx2 and hosts, and passes credentials on; must not know jobs or the ledger. The one line that mounts the
simulator stands in `_mount_simulator`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from hailuo_nb.engine import bodies
from hailuo_nb.engine.logs import redact_logs
from hailuo_nb.keys import Credentials
from hailuo_nb.providers.base import Call, Progress, Provider, ProviderError, Reply
from hailuo_nb.told import shortened, visible

T = TypeVar("T")

Mount = Callable[[Path], httpx2.AsyncBaseTransport]
"""Makes the transport of simulated providers for a home folder."""

SIMULATED = "simulated:"
SIMULATOR_SPEED = 20.0
SHRINK_VARIABLE = "HAILUO_NB_SIMULATOR_SHRINK"
"""On a slow machine: 4 makes the simulator's clips a quarter as wide, and drawn in a fraction of the time."""
_MOST_SHRUNK = 8
_SIMULATOR_LINKS = (
    "https://clips.simulator.invalid"  # `.invalid` never resolves: a leak would fail, not leave
)
_MAX_BODY = 8 * 1024 * 1024
_IN_FLIGHT = (
    20  # more requests than this at once make the pool's bookkeeping stall the loop (clients.md, section 3)
)
# Between two looks at a task pass up to half a minute; servers commonly close what idles for 60 to 75 s. Few are kept,
# as the pool looks at each of them twice in every request.
_KEPT = httpx2.Limits(max_connections=100, max_keepalive_connections=8, keepalive_expiry=45)
_FRESH = httpx2.Limits(max_keepalive_connections=0)
# A submit that is still unanswered after a minute is `unknown`; it is never sent again.
TIMEOUT = httpx2.Timeout(connect=10, write=60, read=60, pool=None)
# Those are between two bytes. A frame of 20 MB on a slow line takes minutes to leave; an answer has a few kilobytes.
_LONGEST_SEND = 900.0
_LONGEST_READ = 60.0


@dataclass(frozen=True)
class Access:
    """A configured provider: its adapter, where it is reached, and its keys. What `hn.provider(...)` returns.

    name        "ppinfra", or "simulated:ppinfra" for the stand-in
    time_scale  seconds that pass here for one second at the provider
    """

    provider: Provider
    base_url: str
    credentials: Credentials
    simulated: bool = False

    @property
    def name(self) -> str:
        return (SIMULATED if self.simulated else "") + self.provider.name

    @property
    def loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def time_scale(self) -> float:
        """Seconds that pass here for one second at the real provider: the simulator's clock runs fast."""
        return 1 / SIMULATOR_SPEED if self.simulated else 1.0

    def __repr__(self) -> str:
        return f"Access({self.name!r}, {self.base_url!r})"


def is_loopback(host: str) -> bool:
    if host in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Charge:
    """What became of the charging call of one flow. Neither mark is ever taken off again.

    before    awaited right before the charging call leaves
    sent      the charging call may have reached the provider
    followed  the flow went on to another call after it: what that one meets says nothing about the money
    """

    before: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)
    sent: bool = False
    followed: bool = False


class Transport:
    """The clients of one Access. Made and used on the background loop only."""

    def __init__(
        self, access: Access, *, gate: asyncio.Semaphore, verify: ssl.SSLContext | bool,
        mount: httpx2.AsyncBaseTransport | None = None, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        redact_logs()
        self.access = access
        self._gate = gate
        auth = access.provider.auth(access.credentials.reveal(), clock)
        common: dict[str, Any] = {"timeout": TIMEOUT, "follow_redirects": False, "transport": mount}
        common["headers"] = {"accept-encoding": bodies.ACCEPTED}
        if mount is None:
            common["verify"] = verify
        self._api = httpx2.AsyncClient(auth=auth, limits=_KEPT, **common)
        # A charging call goes out on a fresh connection: a stale one that is reset looks like a lost answer.
        self._charging = httpx2.AsyncClient(auth=auth, limits=_FRESH, **common)
        # Uploads and downloads go to other hosts: this client knows no key.
        self.bare = httpx2.AsyncClient(**common)
        self.mounted = mount is not None

    async def drive(self, flow: Generator[Call, Reply, T], charge: Charge | None = None) -> T:
        """Run a provider's flow to its end. Raises ProviderError, also for every fault of the network.

        A second charging call in one flow is refused.
        """
        charge = charge or Charge()
        try:
            call = _resume(flow)
            while True:
                charge.followed = charge.followed or charge.sent
                reply = await self._send(call, charge)
                call = _resume(flow, reply)
        except StopIteration as end:
            result: T = end.value
            for found in result if isinstance(result, list) else ():
                if isinstance(found, Progress) and found.error is not None:
                    self._clean(found.error)
            return result
        except ProviderError as error:
            self._clean(error)
            raise
        finally:
            flow.close()

    def _clean(self, error: ProviderError) -> None:
        """Make a provider's words fit to be stored and shown: no key in them, nothing unseen, not endless."""
        error.message = shortened(visible(self.access.credentials.redact(error.message)))
        error.code, error.request_id = (
            visible(self.access.credentials.redact(text))[:100] for text in (error.code, error.request_id)
        )
        error.args = (error.message,)  # what repr() shows

    async def _send(self, call: Call, charge: Charge) -> Reply:
        if call.charges and charge.sent:
            raise ProviderError("protocol", "refused to send a second charging call for one clip")
        if call.delay:
            await asyncio.sleep(call.delay * self.access.time_scale)
        client = (self._charging if call.charges else self._api) if call.sign else self.bare
        request = client.build_request(
            call.method, self._address(call.url), json=call.json, params=dict(call.params) or None,
            headers=dict(call.headers), content=call.content,
        )  # fmt: skip
        if call.sign and not self._may_have_the_key(request.url):
            raise ProviderError(
                "protocol", f"refused to send the key to {request.url.scheme}://{request.url.host}"
            )
        async with self._gate:
            # Behind the gate, so that a claimed call does not wait.
            if call.charges and charge.before is not None:
                await charge.before()
            left = call.charges
            try:
                async with asyncio.timeout(_LONGEST_SEND):
                    response = await client.send(request, stream=True)
            except ProviderError:  # from the auth flow: the call was not sent, or was turned away unread
                left = False
                raise
            except (httpx2.TransportError, OSError) as error:
                failed = getattr(error, "_request", None)
                never_left = isinstance(
                    error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout
                )
                of_auth = failed is not None and failed.url != request.url
                if never_left or of_auth:
                    left = False
                raise _no_answer(error, request) from None
            finally:
                charge.sent = charge.sent or left
            try:
                async with asyncio.timeout(_LONGEST_READ):
                    body = await _read(response)
            except (httpx2.RequestError, OSError) as error:
                raise _no_answer(error, request) from None
        headers = {k.lower(): v for k, v in response.headers.items()}
        return Reply(response.status_code, body, headers, self.access.credentials.redact)

    def _address(self, url: str) -> str:
        """Whole, as the client would make it of its base: it parses every piece three times, for a tenth of a look."""
        whole = url.startswith(("https://", "http://"))
        return url if whole else f"{self.access.base_url.rstrip('/')}/{url.lstrip('/')}"

    def _may_have_the_key(self, url: httpx2.URL) -> bool:
        own = self.access.provider.hosts | {urlsplit(self.access.base_url).hostname or ""}
        return url.host in own and (url.scheme == "https" or is_loopback(url.host))

    async def aclose(self) -> None:
        for client in (self._api, self._charging, self.bare):
            await client.aclose()


def _resume(flow: Generator[Call, Reply, Any], reply: Reply | None = None) -> Call:
    """The next call of a flow. Raises StopIteration with its result, ProviderError, and what else it raises."""
    try:
        return next(flow) if reply is None else flow.send(reply)
    except GeneratorExit:  # asyncio would take it for the end of the task
        raise ProviderError("protocol", "the adapter ended before it had a result") from None


async def _read(response: httpx2.Response) -> bytes:
    """The whole body, decoded, up to a budget: a provider's answer has a few kilobytes."""
    body = bytearray()
    try:
        async for piece in bodies.pieces(response):
            body += piece
            if len(body) > _MAX_BODY:
                raise ProviderError("protocol", f"answered with more than {_MAX_BODY >> 20} MiB",
                                    status=response.status_code)  # fmt: skip
    finally:
        await response.aclose()
    return bytes(body)


def _no_answer(error: Exception, request: httpx2.Request) -> ProviderError:
    """A fault of the network in words. The query is left out: it may hold a signed link."""
    reason = str(error) or type(error).__name__
    where = f"{request.url.host}{request.url.path}"
    return ProviderError("server", f"no answer from {where}: {type(error).__name__}: {reason}")


class TransportPool:
    """One Transport an Access, each with a gate of its own: a provider that hangs delays no other."""

    def __init__(
        self, home: Path, clock: Callable[[], float] = time.time, mount: Mount | None = None
    ) -> None:
        self._home = home
        self._clock = clock
        self._mount = mount or _mount_simulator
        self._mounted: httpx2.AsyncBaseTransport | None = None
        self._transports: dict[Access, Transport] = {}
        self._lock = asyncio.Lock()

    async def get(self, access: Access) -> Transport:
        async with self._lock:
            if access not in self._transports:
                # Loading the simulator, or building a TLS context, takes up to 170 ms: not on the loop.
                mount = await asyncio.to_thread(self._simulator) if access.simulated else None
                verify = True if mount else await asyncio.to_thread(_tls_context)
                gate = asyncio.Semaphore(_IN_FLIGHT)
                self._transports[access] = Transport(
                    access, gate=gate, verify=verify, mount=mount, clock=self._clock
                )
            return self._transports[access]

    def _simulator(self) -> httpx2.AsyncBaseTransport:
        """One simulator for all its providers, so that it is one place where tasks are counted."""
        if self._mounted is None:
            self._mounted = self._mount(self._home)
        return self._mounted


@cache
def _tls_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _mount_simulator(home: Path) -> httpx2.AsyncBaseTransport:
    from hailuo_nb.simulator import create_app

    # An odd value of a mere convenience is no reason to fail.
    given = os.environ.get(SHRINK_VARIABLE, "")
    shrink = min(max(int(given), 1), _MOST_SHRUNK) if given.isdecimal() else 1
    app = create_app(
        speed=SIMULATOR_SPEED, folder=home / "simulator", link_base=_SIMULATOR_LINKS, shrink=shrink
    )
    return httpx2.ASGITransport(app)
