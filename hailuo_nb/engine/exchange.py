"""One HTTP exchange: its time limits, and whether the request can have left this machine.

Money depends on `Exchange.left`: where nothing proves that a request stayed here, it counts as
sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping

import httpx2

from hailuo_nb.engine import decoding, network_faults
from hailuo_nb.errors import ProviderError

# Steps of httpcore2 that come before a request, and those that come after it or clean up. Any other
# step sends it.
_BEFORE = frozenset(
    {"connect_tcp", "connect_unix_socket", "setup_socks5_connection", "start_tls", "retry"}
)
_AFTER = frozenset({"response_closed", "close"})

# Seconds from the request's last byte to the answer's: it has a few kilobytes.
_ANSWER_TIMEOUT = 90.0
_CONNECT_TIMEOUT = 60.0  # seconds to connect and to send the headers, through a proxy too
_MIN_UPLOAD_SPEED = 25_000  # bytes a second; a frame of 20 MB takes a quarter of an hour then
MAX_BODY = 8 * 1024 * 1024


class Exchange:
    """One request of a client and its answer, with what the credentials need in between (a token, a
    second try).

    left  whether the request itself may have left this machine, and was not turned away unread
    """

    def __init__(
        self, client: httpx2.AsyncClient, auth: httpx2.Auth, request: httpx2.Request
    ) -> None:
        self.left = False
        self._client = client
        self._auth = _ObservedAuth(auth, self)
        self._request = self._current = request
        self._is_own = False  # the current request is the one asked for, not one for a token
        self._traced = False
        self._limit = asyncio.timeout(None)

    async def run(self) -> tuple[httpx2.Response, bytes]:
        """The answer and its body. Raises ProviderError, also for every fault of the network."""
        try:
            async with self._limit:
                self._limit_to(_CONNECT_TIMEOUT)  # the credentials may wait for a lock
                response = await self._client.send(self._request, auth=self._auth, stream=True)
                return response, await _read(response)
        except ProviderError:
            raise
        except Exception as error:
            self._note_fault(error)
            left = self.left or not self._is_own
            message = network_faults.describe(error, self._current.url, left)
            raise ProviderError("server", message) from None
        except BaseException as error:
            self._note_fault(error)
            raise

    def begin(self, request: httpx2.Request) -> None:
        """The credentials send a request: for a token, or the one asked for, perhaps once more.
        An answer to an earlier try says that it did not run."""
        self._current = request
        self._traced = False
        self.left = self._is_own = request.url == self._request.url
        request.extensions = {**request.extensions, "trace": self._trace}
        length = request.headers.get("content-length", "")
        upload = int(length) / _MIN_UPLOAD_SPEED if length.isdecimal() else 0.0
        self._limit_to(_CONNECT_TIMEOUT + upload + _ANSWER_TIMEOUT)

    def _note_fault(self, error: BaseException) -> None:
        if not self._traced and network_faults.can_have_left(error) == "no":
            self.left = False

    async def _trace(self, event: str, info: Mapping[str, object]) -> None:
        """httpcore2's events for the current request: "http11.send_request_headers.started" and so
        on."""
        before, _, phase = event.rpartition(".")
        step = before.rpartition(".")[2]
        if step in _AFTER:
            return
        self._traced = True
        if phase == "started":
            tunnels = getattr(info.get("request"), "method", b"") == b"CONNECT"
            self.left = self._is_own and step not in _BEFORE and not tunnels
        elif phase == "failed" and step == "send_request_headers":
            # Raised by the writer of HTTP before a byte is written.
            self.left = self.left and type(info.get("exception")).__name__ != "LocalProtocolError"
        elif step == "send_request_body" and (self.left or not self._is_own):
            self._limit_to(_ANSWER_TIMEOUT)

    def _limit_to(self, seconds: float) -> None:
        if not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + seconds)


class _ObservedAuth(httpx2.Auth):
    """Reports to an Exchange each request that the credentials send."""

    def __init__(self, auth: httpx2.Auth, exchange: Exchange) -> None:
        self._auth = auth
        self._exchange = exchange

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        flow = self._auth.async_auth_flow(request)
        try:
            current = await anext(flow)
            while True:
                self._exchange.begin(current)
                current = await flow.asend((yield current))
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()


async def _read(response: httpx2.Response) -> bytes:
    """The whole body, decoded, up to a budget: a provider's answer has a few kilobytes."""
    body = bytearray()
    try:
        async for piece in decoding.pieces(response):
            body += piece
            if len(body) > MAX_BODY:
                raise ProviderError(
                    "protocol",
                    f"answered with more than {MAX_BODY >> 20} MiB",
                    status=response.status_code,
                )
    finally:
        await response.aclose()
    return bytes(body)
