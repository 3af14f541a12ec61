"""What a fault of the network means: whether the request can have left, and words for people."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import httpx2

from hailuo_nb.engine import routes
from hailuo_nb.engine.routes import NoRouteError

Left = Literal["no", "traced", "yes"]
"""Whether a byte of the request itself can have left; a proxy's CONNECT is no part of it.

`no` makes the event `not_sent`, `yes` makes it `unclear`; `traced`: httpcore2's trace decides
(`exchange`), and it is `unclear` without one.
"""

FAULTS: tuple[tuple[type[BaseException], Left], ...] = (
    # What httpx2 raises; the first row that fits counts.
    (NoRouteError, "no"),  # no usable proxy, no readable certificates: nothing was opened
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


def can_have_left(error: BaseException) -> Left:
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
                    f"the certificate is not trusted ({cause.verify_message}). Behind a proxy "
                    "that opens TLS, name its certificates in SSL_CERT_FILE; else look at the "
                    "address and the clock."
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
