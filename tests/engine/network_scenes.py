"""Scenes of network faults on loopback, for tests/engine/test_not_sent.py: what breaks, the exception
that comes about, and the words of the cure.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import routes
from hailuo_nb.providers.base import Call, Receipt, Submit
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake, wires
from tests.engine.wires import Wire, answers, reply, serving

PASSWORD = "marked-password-of-the-proxy"


class Paid(fake.FakeProvider):
    """`headers` and `size` of the one call that charges."""

    hosts = frozenset({"api.example", "other.example"})

    def __init__(self, headers: dict[str, str] | None = None, size: int = 2) -> None:
        self._call = Call("POST", "/submit", json="x" * size, headers=headers or {}, charges=True)

    def submit(self, request: VideoRequest) -> Submit:
        reply = yield self._call
        return Receipt(reply.text_at("id"))


@dataclass
class World:
    """Where the provider is, what the environment says, and the servers that listen to it."""

    base_url: str
    env: dict[str, str] = field(default_factory=dict)
    provider: Any = field(default_factory=Paid)
    api: Wire | None = None
    proxy: Wire | None = None


Scene = Callable[[], AbstractAsyncContextManager[World]]


def straight(
    talk: wires.Talk, base: str = "http://127.0.0.1", *, tls: bool = False, **provider: Any
) -> Scene:
    @asynccontextmanager
    async def scene() -> AsyncIterator[World]:
        async with serving(talk, tls=tls) as api:
            yield World(f"{base}:{api.port}", provider=Paid(**provider), api=api)

    return scene


def configured(base_url: str = "https://api.example", **env: str) -> Scene:
    """Nobody listens anywhere; the environment is the fault."""

    @asynccontextmanager
    async def scene() -> AsyncIterator[World]:
        yield World(base_url, env)

    return scene


def proxied(
    talk: wires.Talk,
    api: wires.Talk = wires.hangs_up,
    *,
    user: str = "",
    host: str = "api.example",
    tls: bool = True,
    **env: str,
) -> Scene:
    """A proxy in front of an https server (`tls` False: of something that is none)."""

    @asynccontextmanager
    async def scene() -> AsyncIterator[World]:
        async with serving(talk) as proxy, serving(api, tls=tls) as behind:
            proxy.targets = {f"{host}:{behind.port}": behind.port}
            to_proxy = {"HTTPS_PROXY": f"http://{user}localhost:{proxy.port}", **env}
            yield World(f"https://{host}:{behind.port}", to_proxy, api=behind, proxy=proxy)

    return scene


@asynccontextmanager
async def nobody_listens() -> AsyncIterator[World]:
    async with serving(wires.hangs_up) as gone:
        pass
    yield World(f"http://127.0.0.1:{gone.port}")


@asynccontextmanager
async def no_proxy_listens() -> AsyncIterator[World]:
    async with serving(wires.hangs_up) as gone:
        pass
    yield World(
        "https://api.example", {"HTTPS_PROXY": f"http://u:{PASSWORD}@127.0.0.1:{gone.port}"}
    )


def broken(error: OSError) -> Scene:
    """The system says so when a connection is opened."""

    @asynccontextmanager
    async def scene() -> AsyncIterator[World]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", _raiser(error))
            yield World("https://api.example")

    return scene


def _raiser(error: OSError) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


NOT_A_NAME = socket.gaierror(socket.EAI_NONAME, "Name or service not known")

UNREACHABLE = OSError(errno.ENETUNREACH, "Network is unreachable")

CONNECT = httpx2.ConnectError

NO_ROUTE = routes.NoRouteError

PROXY = httpx2.ProxyError

REMOTE = httpx2.RemoteProtocolError

OPENS = b"HTTP/1.1 200 OK\r\n\r\n"

# name -> (scene, class that comes about, words of the cure)
NOTHING_LEFT: dict[str, tuple[Scene, type, str]] = {
    "refused": (nobody_listens, CONNECT, "refuses connections"),
    "no such name": (broken(NOT_A_NAME), CONNECT, "not known here"),
    "no network": (broken(UNREACHABLE), CONNECT, "Network is unreachable"),
    "no TLS there": (straight(wires.babbles, "https://localhost"), CONNECT, "is the address right"),
    "garbage in the handshake": (
        proxied(wires.tunnels, wires.babbles, tls=False),
        CONNECT,
        "TLS failed",
    ),
    "closed in the handshake": (proxied(wires.tunnels, tls=False), CONNECT, "proxy"),
    "slow handshake": (
        straight(wires.silent, "https://localhost"),
        httpx2.ConnectTimeout,
        "took too long",
    ),
    "a certificate that nobody trusts": (
        proxied(wires.tunnels, SSL_CERT_FILE="", SSL_CERT_DIR="/nowhere"),
        CONNECT,
        "SSL_CERT_FILE",
    ),
    "a certificate for another name": (
        proxied(wires.tunnels, host="other.example"),
        CONNECT,
        "certificate is not trusted",
    ),
    "proxy 407": (
        proxied(answers(reply("407 Proxy Authentication Required", b""))),
        PROXY,
        "user:password@host",
    ),
    "proxy 407 with a password": (
        proxied(answers(reply(f"407 not {PASSWORD}", b"")), user=f"me:{PASSWORD}@"),
        PROXY,
        "not accepted",
    ),
    "proxy 403": (proxied(answers(reply("403 Forbidden", b""))), PROXY, "NO_PROXY=api.example"),
    "proxy 502": (
        proxied(answers(reply("502 Bad Gateway", b""))),
        PROXY,
        "cannot reach api.example",
    ),
    "proxy 503": (
        proxied(answers(reply("503 Service Unavailable", b""))),
        PROXY,
        "cannot reach api.example",
    ),
    "proxy redirects": (
        proxied(answers(reply("302 Found", b"", "location: https://login/\r\n"))),
        PROXY,
        "302",
    ),
    "proxy speaks garbage": (
        proxied(answers(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        REMOTE,
        "HTTPS_PROXY",
    ),
    "proxy closes": (proxied(wires.hangs_up), REMOTE, "HTTPS_PROXY"),
    "proxy resets": (proxied(wires.resets), httpx2.ReadError, "HTTPS_PROXY"),
    "proxy hangs": (proxied(wires.silent), httpx2.ReadTimeout, "took too long"),
    "proxy drips": (proxied(answers(*[b"H"] * 40, pause=0.1)), TimeoutError, "took too long"),
    "proxy opens and closes": (proxied(answers(OPENS)), CONNECT, "HTTPS_PROXY"),
    "proxy opens and hangs": (
        proxied(wires.opens_and_hangs),
        httpx2.ConnectTimeout,
        "took too long",
    ),
    "nobody is the proxy": (no_proxy_listens, CONNECT, "refuses connections"),
    "socks4": (
        configured(ALL_PROXY="socks4://127.0.0.1:1080"),
        NO_ROUTE,
        "ALL_PROXY names a proxy",
    ),
    "an unknown scheme": (
        configured(https_proxy="quic://127.0.0.1:1"),
        NO_ROUTE,
        "https_proxy names a proxy",
    ),
    "a port that is none": (
        configured(HTTPS_PROXY="http://127.0.0.1:99999"),
        NO_ROUTE,
        "it is no address",
    ),
    "half an address": (
        configured(HTTPS_PROXY=f"http://u:{PASSWORD}@[::1"),
        NO_ROUTE,
        "HTTPS_PROXY",
    ),
    "no host": (configured(HTTPS_PROXY="http://"), NO_ROUTE, "HTTPS_PROXY"),
    "no certificates": (configured(SSL_CERT_FILE="/nowhere/ca.pem"), NO_ROUTE, "SSL_CERT_FILE"),
    "a folder of certificates": (configured(SSL_CERT_FILE="/"), NO_ROUTE, "SSL_CERT_FILE"),
    "no certificate in it": (configured(SSL_CERT_FILE=__file__), NO_ROUTE, "SSL_CERT_FILE"),
    "an illegal header": (
        straight(wires.silent, headers={"x": "a\r\nb"}),
        httpx2.LocalProtocolError,
        "HTTP does not allow",
    ),
}

PACKED = reply(body=b"no gzip at all", headers="content-encoding: gzip\r\n")

BIG = 30_000_000  # more than the sockets of both sides hold

LEFT: dict[str, tuple[Scene, type]] = {
    "closes": (straight(answers()), REMOTE),
    "garbage": (straight(answers(b"\x00\x01garbage\r\n\r\n")), REMOTE),
    "resets": (straight(wires.resets), httpx2.ReadError),
    "hangs": (straight(wires.silent), httpx2.ReadTimeout),
    "drips its headers": (
        straight(answers(b"HTTP/1.1 200 OK\r\n", *[b"x: y\r\n"] * 40, pause=0.1)),
        TimeoutError,
    ),
    "drips its body": (
        straight(
            answers(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n", *[b"x"] * 40, pause=0.1)
        ),
        TimeoutError,
    ),
    "reads nothing": (straight(wires.deaf, size=BIG), httpx2.WriteTimeout),
    "is cut off in the upload": (straight(wires.reads_a_little, size=BIG), httpx2.ReadError),
    "half a body": (
        straight(answers(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf", once=True)),
        REMOTE,
    ),
    "packed wrongly": (straight(answers(PACKED)), httpx2.DecodingError),
    "behind a proxy": (proxied(wires.tunnels, answers()), REMOTE),
    "behind a proxy, hanging": (proxied(wires.tunnels, wires.silent), httpx2.ReadTimeout),
}
