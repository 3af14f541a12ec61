"""One HTTP exchange: its time limits, what a fault means, and whether the request can have left.

Money depends on `Exchange.left`: where nothing proves that a request stayed here, it counts as
sent.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Literal

import httpx2

from hailuo_nb.engine import decoding, routes
from hailuo_nb.engine.routes import NoRouteError
from hailuo_nb.errors import ProviderError

FAULTS: tuple[tuple[type[BaseException], Literal["no", "traced", "yes"]], ...] = (
    # What httpx2 raises, and whether a byte of the request itself can have left. `no` makes the
    # event `not_sent`, `yes` makes it `unclear`; `traced`: httpcore2's trace decides
    # (`Exchange._trace`), and `unclear` without one. A proxy's CONNECT is no part of the request.
    # The first row that fits counts. no usable proxy, no readable certificates: raised before
    # anything is opened
    (NoRouteError, "no"),
    (httpx2.ConnectError, "no"),  # name not found, refused, no network, TLS handshake failed
    (httpx2.ConnectTimeout, "no"),  # the same, too slow
    (httpx2.PoolTimeout, "no"),  # no free connection
    (httpx2.ProxyError, "no"),  # CONNECT refused (407, 403, 502, 503), SOCKS refused
    (httpx2.UnsupportedProtocol, "no"),  # neither http nor https
    (httpx2.InvalidURL, "no"),  # raised while the request is made
    (httpx2.LocalProtocolError, "traced"),  # an illegal header: found before the first byte
    (httpx2.ReadTimeout, "traced"),  # of the answer, or of the proxy's answer to CONNECT
    (httpx2.WriteTimeout, "traced"),  # of the request, or of CONNECT
    (httpx2.ReadError, "traced"),
    (httpx2.WriteError, "traced"),
    (httpx2.CloseError, "traced"),
    # garbage or nothing in place of an answer, by the server or by the proxy
    (httpx2.RemoteProtocolError, "traced"),
    (TimeoutError, "traced"),  # our own limit
    (asyncio.CancelledError, "traced"),
    (OSError, "traced"),  # what anyio and ssl let through
    (httpx2.TimeoutException, "traced"),  # bases of the above; nobody raises them
    (httpx2.NetworkError, "traced"),
    (httpx2.ProtocolError, "traced"),
    (httpx2.TransportError, "traced"),
    (httpx2.DecodingError, "yes"),  # an answer came
    (httpx2.TooManyRedirects, "yes"),  # nobody follows any here
    (httpx2.HTTPStatusError, "yes"),
    (httpx2.CookieConflict, "yes"),
    (httpx2.StreamError, "yes"),  # a body read twice
    (BaseException, "traced"),  # whatever else a library may raise
)  # fmt: skip

# Steps of httpcore2 that come before a request, and those that come after it or clean up. Any other
# step sends it.
_BEFORE = frozenset(
    {"connect_tcp", "connect_unix_socket", "setup_socks5_connection", "start_tls", "retry"}
)
_AFTER = frozenset({"response_closed", "close"})

# Seconds from the request's last byte to the answer's: it has a few kilobytes.
_LONGEST_ANSWER = 90.0
_LONGEST_BEFORE = 60.0  # to connect and to send the headers, through a proxy too
_SLOWEST_UPLOAD = 25_000  # bytes a second; a frame of 20 MB takes a quarter of an hour then
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
                self._limit_to(_LONGEST_BEFORE)  # the credentials may wait for a lock
                response = await self._client.send(self._request, auth=self._auth, stream=True)
                return response, await _read(response)
        except ProviderError:
            raise
        except Exception as error:
            self._note_fault(error)
            message = describe(error, self._current.url, self.left or not self._is_own)
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
        upload = int(length) / _SLOWEST_UPLOAD if length.isdecimal() else 0.0
        self._limit_to(_LONGEST_BEFORE + upload + _LONGEST_ANSWER)

    def _note_fault(self, error: BaseException) -> None:
        if not self._traced and can_have_left(error) == "no":
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
            self._limit_to(_LONGEST_ANSWER)

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


def can_have_left(error: BaseException) -> Literal["no", "traced", "yes"]:
    """The column of `FAULTS` for an exception."""
    return next(left for kind, left in FAULTS if isinstance(error, kind))


def describe(error: Exception, url: httpx2.URL, left: bool = True) -> str:
    """A network fault for people, and what helps. Without the URL's query, which may be a
    signature, and without a key."""
    if isinstance(error, NoRouteError):
        return str(error)
    if left and can_have_left(error) != "no":
        why = "it took too long" if isinstance(error, TimeoutError) else _type_and_text(error)
        return f"no answer from {url.host}{url.path}: {why}"
    proxy = routes.proxy_for(url)
    if proxy is None:
        return f"no connection to {url.host}: {_reason(error)}"
    why = (
        _proxy_refusal(str(error), proxy, url.host)
        if isinstance(error, httpx2.ProxyError)
        else _reason(error)
    )
    return f"no connection to {url.host} through {proxy}, the proxy of {proxy.setting}: {why}"


def _reason(error: Exception) -> str:
    """Why nothing was sent, and what helps."""
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return "it took too long"
    # Its text shows the header, which may hold a key.
    if isinstance(error, httpx2.LocalProtocolError):
        return "the request has a header that HTTP does not allow"
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return (
                    f"the certificate is not trusted ({cause.verify_message}). Behind a proxy that "
                    "opens TLS, name its "
                    "certificates in SSL_CERT_FILE; else look at the address and the clock."
                )
            case ssl.SSLWantReadError() | ssl.SSLWantWriteError():
                continue
            case ssl.SSLError():
                return f"TLS failed ({cause.reason or cause}); is the address right?"
            case socket.gaierror():
                return f"the name is not known here ({cause.strerror}); is there a network?"
            case ConnectionRefusedError():
                return "it refuses connections"
    return _type_and_text(error)


def _type_and_text(error: Exception) -> str:
    return ": ".join(filter(None, (type(error).__name__, str(error))))


def _proxy_refusal(message: str, proxy: routes.Proxy, host: str) -> str:
    """What helps against a proxy's "407 Proxy Authentication Required", or a message of SOCKS."""
    quoted = f"it says {proxy.secrets().redact(message)!r}"
    if message.startswith("407") or "username/password" in message:
        if proxy.has_password:
            return f"{quoted}: the user name and password in {proxy.setting} are not accepted"
        return (
            f"{quoted}: put them into {proxy.setting}, as "
            f"{proxy.parsed().scheme}://user:password@host:port"
        )
    if message.startswith("5"):
        return f"{quoted}: it cannot reach {host} now"
    return f"{quoted}: it does not let you reach {host}; NO_PROXY={host} goes around it"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, groups opened, each once."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = list(one.exceptions) if isinstance(one, BaseExceptionGroup) else []
        waiting += [
            *inner,
            *(cause for cause in (one.__cause__, one.__context__) if cause is not None),
        ]
