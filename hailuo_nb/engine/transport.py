"""HTTP for the providers: who is asked, with which key, through which client; it drives a
provider's flows.

Knows httpx2 and hosts, and passes credentials on; must not know jobs or the ledger. The one line
that mounts the simulator stands in `_mount_simulator`.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

import httpx2

from hailuo_nb.engine import decoding, routes, sanitize
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.engine.exchange import Exchange
from hailuo_nb.engine.links import PublicOnly
from hailuo_nb.engine.logs import redact_logs
from hailuo_nb.engine.routes import Routes
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import account as accounts
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Call, Progress, Receipt, Reply
from hailuo_nb.providers.task_list import Found
from hailuo_nb.requests.redaction import redact

T = TypeVar("T")

Mount = Callable[[Path], httpx2.AsyncBaseTransport]
"""Makes the transport of simulated providers for a home folder."""

SHRINK_VARIABLE = "HAILUO_NB_SIMULATOR_SHRINK"
"""On a slow machine: 4 makes the simulator's clips a quarter as wide, and drawn in a fraction of
the time."""
_MAX_SHRUNK = 8
_SIMULATOR_LINKS = (
    "https://clips.simulator.invalid"  # `.invalid` never resolves: a leak would fail, not leave
)
# more requests than this at once make the pool's bookkeeping stall the loop (clients.md, section 3)
_IN_FLIGHT = 20
# Between two looks at a task pass up to half a minute; servers commonly close what idles for 60 to
# 75 s. Few are kept, as the pool looks at each of them twice in every request.
_KEPT = httpx2.Limits(max_connections=100, max_keepalive_connections=8, keepalive_expiry=45)
_FRESH = httpx2.Limits(max_keepalive_connections=0)
# A submit that is still unanswered after a minute is `unknown`; it is never sent again. Those are
# seconds between two bytes; how long a whole exchange may take is said in `sending`.
TIMEOUT = httpx2.Timeout(connect=10, write=60, read=60, pool=None)


@dataclass
class Charge:
    """What became of the charging call of one flow. Neither mark is ever taken off again.

    before    awaited right before the charging call leaves
    sent      the charging call may have reached the provider
    followed  the flow went on to another call after it: what that one meets says nothing about the
              money
    """

    before: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)
    sent: bool = False
    followed: bool = False


class Transport:
    """The clients of one Account. Made and used on the background loop only."""

    def __init__(
        self,
        account: Account,
        *,
        places: int = _IN_FLIGHT,
        mount: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        redact_logs()
        self.account = account
        self._clock = clock
        self._ids = sanitize.TaskIds()
        self._gate = asyncio.Semaphore(places)  # one a provider: one that hangs delays no other
        self._auth = account.provider.auth(account.credentials.reveal(), clock)
        make = partial(
            routes.client, timeout=TIMEOUT, headers={"accept-encoding": decoding.ACCEPTED}
        )
        self._api = make(mount or Routes(_KEPT))
        # A charging call goes out on a fresh connection: a stale one that is reset looks like a
        # lost answer.
        self._charging = make(mount or Routes(_FRESH))
        # Uploads and downloads go where a provider says, without a key. A connection is to an
        # address: one that is kept would serve another name there, for which its certificate was
        # not checked.
        self.bare = make(
            mount
            or PublicOnly(
                Routes(_FRESH),
                trust_loopback=is_loopback(urlsplit(account.base_url).hostname or ""),
            )
        )

    async def drive(self, flow: Generator[Call, Reply, T], charge: Charge | None = None) -> T:
        """Run a provider's flow to its end. Raises ProviderError, also for every fault of the
        network.

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
            return cast(T, self._cleaned(end.value))
        except ProviderError as error:
            sanitize.clean_error(error)
            raise
        finally:
            flow.close()

    async def poll(self, task_ids: Sequence[str]) -> list[Progress]:
        """What the provider says of these tasks, by their ids as the ledger has them. Raises
        ProviderError."""
        found: list[Progress] = []
        real: list[str] = []
        for task_id in task_ids:
            try:
                real.append(self._ids.real(task_id))
            except ProviderError as error:
                found.append(Progress(task_id, "running", note=str(error)))
        return found + (await self.drive(self.account.provider.poll(real)) if real else [])

    def _cleaned(self, result: Any) -> Any:
        """What a flow returned, with task ids as they are stored and words that can be shown."""
        if isinstance(result, Receipt):
            return replace(result, task_id=self._ids.stored(result.task_id))
        if isinstance(result, Found):
            certain, possible = (
                tuple(replace(task, task_id=self._ids.stored(task.task_id)) for task in tasks)
                for tasks in (result.certain, result.possible)
            )
            return Found(certain, possible, sanitize.text(result.doubt))
        if isinstance(result, list):
            return [self._ids.cleaned(one) if isinstance(one, Progress) else one for one in result]
        return result

    async def _send(self, call: Call, charge: Charge) -> Reply:
        if call.charges and charge.sent:
            raise ProviderError("protocol", "refused to send a second charging call for one clip")
        if call.delay:
            await asyncio.sleep(call.delay * self.account.time_scale)
        client = (self._charging if call.charges else self._api) if call.sign else self.bare
        request = self._request(client, call)
        async with self._gate:
            # Behind the gate, so that a claimed call does not wait.
            if call.charges and charge.before is not None:
                await charge.before()
            exchange = Exchange(client, self._auth if call.sign else httpx2.Auth(), request)
            try:
                response, body = await exchange.run()
            finally:
                charge.sent = charge.sent or (call.charges and exchange.left)
        headers = {k.lower(): v for k, v in response.headers.items()}
        return Reply(response.status_code, body, headers, redact, self._clock())

    def _request(self, client: httpx2.AsyncClient, call: Call) -> httpx2.Request:
        """Raises ProviderError where the call cannot be written as HTTP, or would take the key
        elsewhere."""
        try:
            try:
                request = self._built(client, call)
            except UnicodeEncodeError:
                if call.charges:
                    raise
                request = self._built(client, _written(call))
        except (httpx2.InvalidURL, ValueError, TypeError) as error:
            # Without its text: it may quote a header or a signed address.
            raise ProviderError(
                "invalid", f"a call cannot be written as HTTP ({type(error).__name__})"
            ) from None
        if call.sign and not self._may_have_the_key(request.url):
            raise ProviderError(
                "protocol", f"refused to send the key to {request.url.scheme}://{request.url.host}"
            )
        return request

    def _built(self, client: httpx2.AsyncClient, call: Call) -> httpx2.Request:
        return client.build_request(
            call.method,
            self._address(call.url),
            json=call.json,
            params=dict(call.params) or None,
            headers=dict(call.headers),
            content=call.content,
        )

    def _address(self, url: str) -> str:
        """Whole, as the client would make it of its base: it parses every piece three times, for a
        tenth of a look."""
        whole = url.startswith(("https://", "http://"))
        return url if whole else f"{self.account.base_url.rstrip('/')}/{url.lstrip('/')}"

    def _may_have_the_key(self, url: httpx2.URL) -> bool:
        own = self.account.provider.hosts | {urlsplit(self.account.base_url).hostname or ""}
        return url.host in own and (url.scheme == "https" or is_loopback(url.host))

    async def aclose(self) -> None:
        for client in (self._api, self._charging, self.bare):
            await client.aclose()


def _resume(flow: Generator[Call, Reply, Any], reply: Reply | None = None) -> Call:
    """The next call of a flow. Raises StopIteration with its result, ProviderError, and what else
    it raises."""
    try:
        return next(flow) if reply is None else flow.send(reply)
    except GeneratorExit:  # asyncio would take it for the end of the task
        raise ProviderError("protocol", "the adapter ended before it had a result") from None


def _written(call: Call) -> Call:
    """A look whose task id has half a surrogate in it, which no UTF-8 has: written as the provider
    wrote it."""
    query = urlencode(dict(call.params), errors="surrogatepass")
    url = f"{call.url}{'&' if '?' in call.url else '?'}{query}" if query else call.url
    if call.json is None:
        return replace(call, url=url, params={})
    headers = {"content-type": "application/json", **call.headers}
    return replace(
        call, url=url, params={}, json=None, headers=headers, content=json.dumps(call.json).encode()
    )


class TransportPool:
    """One Transport an Account."""

    def __init__(
        self, home: Path, clock: Callable[[], float] = time.time, mount: Mount | None = None
    ) -> None:
        self._home = home
        self._clock = clock
        self._mount = mount or _mount_simulator
        self._mounted: httpx2.AsyncBaseTransport | None = None
        self._transports: dict[Account, Transport] = {}
        self._lock = asyncio.Lock()

    async def get(self, account: Account) -> Transport:
        async with self._lock:
            if account not in self._transports:
                # Loading the simulator takes up to 170 ms: not on the loop.
                mount = await asyncio.to_thread(self._simulator) if account.simulated else None
                self._transports[account] = Transport(account, mount=mount, clock=self._clock)
            return self._transports[account]

    def _simulator(self) -> httpx2.AsyncBaseTransport:
        """One simulator for all its providers, so that it is one place where tasks are counted."""
        if self._mounted is None:
            self._mounted = self._mount(self._home)
        return self._mounted


def _mount_simulator(home: Path) -> httpx2.AsyncBaseTransport:
    from hailuo_nb.simulator import create_app

    # An odd value of a mere convenience is no reason to fail.
    given = os.environ.get(SHRINK_VARIABLE, "")
    shrink = min(max(int(given), 1), _MAX_SHRUNK) if given.isdecimal() else 1
    app = create_app(
        speed=accounts.SIMULATOR_SPEED,
        folder=home / "simulator",
        link_base=_SIMULATOR_LINKS,
        shrink=shrink,
    )
    return httpx2.ASGITransport(app)
