"""The HTTP clients of one account: runs a provider's flows, and sends its key to its own hosts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar, get_args
from urllib.parse import urlencode, urlsplit

import httpx2

from hailuo_nb.engine import decoding, routes, sanitize
from hailuo_nb.engine.addresses import is_loopback
from hailuo_nb.engine.download import AuthenticatedRequest
from hailuo_nb.engine.exchange import Exchange
from hailuo_nb.engine.links import PublicOnly
from hailuo_nb.engine.logs import redact_logs
from hailuo_nb.engine.routes import Routes
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Call, CancelOutcome, Progress, Receipt, Reply
from hailuo_nb.providers.task_list import Find, Found
from hailuo_nb.requests.redaction import redact
from hailuo_nb.requests.video_request import VideoRequest

T = TypeVar("T")

# More requests than this at once make httpcore2's pool stall the loop (clients.md, section 3).
_MAX_REQUESTS = 20
# Between two polls of a task pass up to half a minute; servers commonly close what idles for 60 to
# 75 s. Few are kept, as the pool checks each of them twice in every request.
_KEPT = httpx2.Limits(max_connections=100, max_keepalive_connections=8, keepalive_expiry=45)
_FRESH = httpx2.Limits(max_keepalive_connections=0)
# A submit that is still unanswered after a minute is `unknown`; it is never sent again. Seconds
# between two bytes; `exchange` limits the whole.
TIMEOUT = httpx2.Timeout(connect=10, write=60, read=60, pool=None)


@dataclass
class Charge:
    """What became of the charging call of one flow. Neither flag is ever reset.

    before    awaited right before the charging call leaves
    sent      the charging call may have reached the provider
    followed  the flow went on to another call after it, whose errors say nothing about the money
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
        max_requests: int = _MAX_REQUESTS,
        http_transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`http_transport` takes the place of the network: the simulator's, or a test's."""
        redact_logs()
        self.account = account
        self._clock = clock
        self._ids = sanitize.TaskIds()
        # One a provider: one that hangs delays no other.
        self._gate = asyncio.Semaphore(max_requests)
        self._auth = account.provider.auth(account.credentials.reveal(), clock)
        make = partial(
            routes.client, timeout=TIMEOUT, headers={"accept-encoding": decoding.ACCEPTED}
        )
        self._api = make(http_transport or Routes(_KEPT))
        # A charging call goes out on a fresh connection: a stale one that is reset looks like a
        # lost answer.
        self._charging = make(http_transport or Routes(_FRESH))
        # Uploads and downloads go where a provider says, without a key. A connection is to an
        # address: one that is kept would serve another name there, for which its certificate was
        # not checked.
        self.bare = make(
            http_transport
            or PublicOnly(
                Routes(_FRESH),
                trust_loopback=is_loopback(urlsplit(account.base_url).hostname or ""),
            )
        )

    async def submit(self, request: VideoRequest, charge: Charge | None = None) -> Receipt:
        """Submit a request; the task id is as it is stored. Raises ProviderError."""
        receipt = await self.run(self.account.provider.submit(request), charge)
        return replace(receipt, task_id=self._ids.stored(receipt.task_id))

    async def poll(self, tasks: Sequence[Receipt]) -> list[Progress]:
        """The progress of these tasks, by their ids as they are stored. Raises ProviderError."""
        unknown: list[Progress] = []
        known: list[Receipt] = []
        for task in tasks:
            try:
                known.append(self._real(task))
            except ProviderError as error:
                unknown.append(Progress(task.task_id, "running", note=str(error)))
        polled = await self.run(self.account.provider.poll(known)) if known else []
        return unknown + [self._ids.cleaned(progress) for progress in polled]

    async def cancel(self, task: Receipt) -> CancelOutcome:
        """Ask the provider to cancel a task; the id is as it is stored. Raises ProviderError."""
        free = Charge(sent=True)  # a charging call is refused
        outcome = await self.run(self.account.provider.cancel(self._real(task)), free)
        if outcome not in get_args(CancelOutcome):
            raise ProviderError("protocol", "the adapter does not say whether it is cancelled")
        return outcome

    def _real(self, task: Receipt) -> Receipt:
        """The receipt with the provider's own id. Raises ProviderError where it was not kept."""
        return replace(task, task_id=self._ids.real(task.task_id))

    async def find(self, flow: Find) -> Found:
        """The tasks that a search of the provider's list found. Raises ProviderError."""
        found = await self.run(flow)
        certain, possible = (
            tuple(replace(task, task_id=self._ids.stored(task.task_id)) for task in tasks)
            for tasks in (found.certain, found.possible)
        )
        return Found(certain, possible, sanitize.text(found.doubt))

    async def run(self, flow: Generator[Call, Reply, T], charge: Charge | None = None) -> T:
        """Run a provider's flow to its end; its result is as the provider wrote it.

        Raises ProviderError, also for every fault of the network. A second charging call in one
        flow is refused.
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
            return result
        except ProviderError as error:
            sanitize.clean_error(error)
            raise
        finally:
            flow.close()

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

    def authenticated_request(self, link: str, task: Receipt) -> AuthenticatedRequest | None:
        """The first request for the clip of a task that lies behind the provider's key; None for
        every other link. Raises ProviderError."""
        if not link.startswith("/"):  # before the task id, which may not have been kept
            return None
        if link != self.account.provider.content_path(self._real(task).task_id):
            return None
        return AuthenticatedRequest(
            self._api, self._request(self._api, Call("GET", link)), self._auth
        )

    def _request(self, client: httpx2.AsyncClient, call: Call) -> httpx2.Request:
        """Raises ProviderError where the call cannot be written as HTTP, or would take the key
        elsewhere."""
        try:
            try:
                request = self._built(client, call)
            except UnicodeEncodeError:
                if call.charges:
                    raise
                request = self._built(client, _with_surrogates(call))
        except (httpx2.InvalidURL, ValueError, TypeError) as error:
            # Without its text: it may quote a header or a signed address.
            raise ProviderError(
                "invalid", f"a call cannot be written as HTTP ({type(error).__name__})"
            ) from None
        if call.sign and not self._is_own_host(request.url):
            raise ProviderError(
                "protocol", f"refused to send the key to {request.url.scheme}://{request.url.host}"
            )
        return request

    def _built(self, client: httpx2.AsyncClient, call: Call) -> httpx2.Request:
        url = httpx2.URL(self._address(call.url))
        return client.build_request(
            call.method,
            # The client would drop the query that an address of the provider's has already.
            url.copy_merge_params(call.params) if call.params else url,
            json=call.json,
            headers=dict(call.headers),
            content=call.content,
        )

    def _address(self, url: str) -> str:
        """Absolute. The client's own `base_url` would parse every part three times."""
        whole = url.startswith(("https://", "http://"))
        return url if whole else f"{self.account.base_url.rstrip('/')}/{url.lstrip('/')}"

    def _is_own_host(self, url: httpx2.URL) -> bool:
        own = self.account.provider.hosts | {urlsplit(self.account.base_url).hostname or ""}
        return url.host in own and (url.scheme == "https" or is_loopback(url.host))

    async def aclose(self) -> None:
        for client in (self._api, self._charging, self.bare):
            await client.aclose()


def _resume(flow: Generator[Call, Reply, object], reply: Reply | None = None) -> Call:
    """The next call of a flow. Raises StopIteration with its result, ProviderError, and what else
    it raises."""
    try:
        return next(flow) if reply is None else flow.send(reply)
    except GeneratorExit:  # asyncio would take it for the end of the task
        raise ProviderError("protocol", "the adapter ended before it had a result") from None


def _with_surrogates(call: Call) -> Call:
    """A poll whose task id has half a surrogate pair, which UTF-8 has not: as the provider wrote
    it."""
    query = urlencode(dict(call.params), errors="surrogatepass")
    url = f"{call.url}{'&' if '?' in call.url else '?'}{query}" if query else call.url
    if call.json is None:
        return replace(call, url=url, params={})
    headers = {"content-type": "application/json", **call.headers}
    return replace(
        call, url=url, params={}, json=None, headers=headers, content=json.dumps(call.json).encode()
    )
