"""Whether a byte of a charging call can have left this machine: each fault of the network provoked
on loopback.

The columns of `network_faults.FAULTS` are checked against what a real server, or a real proxy, saw.
"""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest

from hailuo_nb.engine import exchange as sending
from hailuo_nb.engine import network_faults, routes, submitting, transport
from hailuo_nb.engine.exchange import Exchange
from hailuo_nb.engine.ledger.jobs import JobRow
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.limits import CAUTIOUS
from hailuo_nb.engine.submitting import Submitter
from hailuo_nb.engine.tracked_job import Steps, TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Call, Receipt, Submit
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake, wires
from tests.engine.wires import Wire, answers, reply, serving

HANG = 60.0  # seconds; a bound against hanging, not a measure
PATIENT = httpx2.Timeout(HANG, pool=None)
PASSWORD = "marked-password-of-the-proxy"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


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


@pytest.fixture(autouse=True)
def _a_bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(wires.CERTIFICATE))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setattr(transport, "TIMEOUT", PATIENT)
    monkeypatch.setattr(submitting, "_TRIES_ELSE", 2)
    monkeypatch.setattr(submitting.schedule, "pause", lambda *_, **__: 0.0)


async def play(folder: Path, account: Account) -> JobRow:
    """One job through the real Submitter, Ledger and HTTP client."""
    ledger, sender = SqliteLedger(folder / "ledger.sqlite"), Transport(account)
    limits = replace(CAUTIOUS, submits=1000, seconds=1, in_flight=1000)
    submitter = Submitter(Steps(ledger), "me", rng=lambda: 0.5, limits=lambda *_: limits)
    asked = fake.spec(account)
    row, _ = await asyncio.wrap_future(ledger.get_or_create(asked.new_job()))
    try:
        await asyncio.wait_for(submitter.submit(TrackedJob(row, asked), sender), HANG)
        return await asyncio.wrap_future(ledger.get(row.id))
    finally:
        await sender.aclose()
        ledger.close()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Scene], tuple[JobRow, World, set[type]]]:
    """Plays a scene: the job's end, the world, and the classes of the errors that came about."""

    def played(scene: Scene) -> tuple[JobRow, World, set[type]]:
        kinds: set[type] = set()
        told = network_faults.describe

        def described(error: Exception, *arguments: Any) -> str:
            kinds.add(type(error))
            return told(error, *arguments)

        monkeypatch.setattr(network_faults, "describe", described)

        async def main() -> tuple[JobRow, World]:
            async with scene() as world:
                for name, value in world.env.items():
                    monkeypatch.setenv(name, value)
                account = Account(world.provider, world.base_url, Credentials(fake.KEY))
                return await play(tmp_path, account), world

        return *asyncio.run(main()), kinds

    return played


# Scenes -------------------------------------------------------------------------------------------


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
if importlib.util.find_spec("socksio") is None:
    NOTHING_LEFT["socks without its package"] = (
        configured(ALL_PROXY=f"socks5://u:{PASSWORD}@127.0.0.1:1080"),
        NO_ROUTE,
        "httpx2[socks]",
    )

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


TIMEOUTS = {httpx2.ConnectTimeout: "connect", httpx2.WriteTimeout: "write", httpx2.ReadTimeout: "read"}  # fmt: skip


def soon(monkeypatch: pytest.MonkeyPatch, kind: type, *limits: str, seconds: float) -> None:
    """Let the one timeout that is to come about come soon; on a busy machine any other would come
    before what is tried."""
    times = dict.fromkeys(TIMEOUTS.values(), HANG)
    if kind in TIMEOUTS:
        times[TIMEOUTS[kind]] = seconds
    monkeypatch.setattr(transport, "TIMEOUT", httpx2.Timeout(**times, pool=None))
    if kind is TimeoutError:
        for limit in limits:
            monkeypatch.setattr(sending, limit, seconds)


@pytest.mark.parametrize("name", NOTHING_LEFT)
def test_nothing_left(name: str, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, kind, cure = NOTHING_LEFT[name]
    soon(monkeypatch, kind, "_CONNECT_TIMEOUT", "_ANSWER_TIMEOUT", seconds=0.3)
    row, world, kinds = run(scene)
    said = str(row.error)
    assert kinds == {kind}
    assert network_faults.can_have_left(kind("")) in {"no", "traced"}
    assert (row.state, row.attempt) == ("rejected", 1), said
    assert "given up after 2 tries, none was taken: " in said
    assert cure in said
    assert PASSWORD not in said
    assert fake.KEY not in said
    assert world.api is None or not any("/submit" in head for head in world.api.heads)
    assert world.proxy is None or not any(fake.KEY in head for head in world.proxy.heads)


@pytest.mark.parametrize("name", LEFT)
def test_it_may_have_left(name: str, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, kind = LEFT[name]
    soon(monkeypatch, kind, "_ANSWER_TIMEOUT", seconds=1)
    row, world, kinds = run(scene)
    assert kinds == {kind}
    assert network_faults.can_have_left(kind("")) in {"traced", "yes"}
    assert row.state == "unknown"
    assert "nobody can say" in str(row.error)
    assert world.api is not None
    assert world.api.connections == 1


@pytest.mark.parametrize(
    "scene", [straight(answers(reply())), straight(answers(reply()), "https://localhost", tls=True),
              proxied(wires.tunnels, answers(reply())),
              proxied(wires.tunnels, answers(reply()), user=f"me:{PASSWORD}@")],
    ids=["http", "https", "proxy", "proxy with a password"],
)  # fmt: skip
def test_a_call_that_goes_through_is_paid_once(scene: Scene, run: Any) -> None:
    row, world, kinds = run(scene)
    assert (row.state, row.task_id, kinds) == ("submitted", "task-1", set())
    assert len(world.api.heads) == 1
    if world.proxy is not None:
        (head,) = world.proxy.heads
        assert head.startswith("CONNECT api.example:")
        assert ("proxy-authorization" in head.lower()) is (PASSWORD in world.env["HTTPS_PROXY"])


def exchange(ways: routes.Routes, link: str, timeout: httpx2.Timeout = PATIENT) -> Exchange:
    client = routes.client(ways, timeout=timeout, headers={})
    return Exchange(client, httpx2.Auth(), client.build_request("POST", link, json={}))


def test_without_a_free_connection_nothing_leaves() -> None:
    async def main() -> tuple[Exchange, Wire]:
        async with serving(wires.silent) as wire:
            ways, link = (
                routes.Routes(httpx2.Limits(max_connections=1)),
                f"http://127.0.0.1:{wire.port}/submit",
            )
            first = asyncio.create_task(exchange(ways, link, PATIENT).run())
            while not wire.bodies:
                await asyncio.sleep(0.001)
            second = exchange(ways, link, httpx2.Timeout(HANG, pool=0.05))
            with pytest.raises(ProviderError, match="took too long"):
                await second.run()
            first.cancel()
            return second, wire

    second, wire = asyncio.run(main())
    assert not second.left
    assert len(wire.bodies) == 1


@pytest.mark.parametrize(
    "link", ["ftp://127.0.0.1/submit", "/submit", "ws+unix://127.0.0.1/submit"]
)
def test_another_protocol_never_leaves(link: str) -> None:
    async def main() -> Exchange:
        one = exchange(routes.Routes(httpx2.Limits()), link)
        with pytest.raises(ProviderError, match="UnsupportedProtocol"):
            await one.run()
        return one

    assert not asyncio.run(main()).left


@pytest.mark.parametrize("base_url", ["https://api.example:port", "https://api.example/\x7f"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, base_url: str) -> None:
    row = asyncio.run(play(tmp_path, Account(Paid(), base_url, Credentials(fake.KEY))))
    assert row.state == "rejected"
    assert "cannot be written as HTTP" in str(row.error)


@pytest.mark.parametrize(
    ("talk", "base", "heads", "left"),
    [(wires.silent, "https", 0, False), (answers(reply(), pause=30), "http", 1, True)],
    ids=["in the handshake", "after the request"],
)  # fmt: skip
def test_a_cancelled_call(talk: wires.Talk, base: str, heads: int, left: bool) -> None:
    async def main() -> Exchange:
        async with serving(talk) as wire:
            one = exchange(
                routes.Routes(httpx2.Limits()),
                f"{base}://127.0.0.1:{wire.port}/x",
            )
            running = asyncio.create_task(one.run())
            while not wire.heads and not wire.bodies:  # a ClientHello is a body here
                await asyncio.sleep(0.001)
            running.cancel()
            await asyncio.wait([running])
            assert len(wire.heads) == heads
            return one

    assert asyncio.run(main()).left is left


def test_every_exception_of_the_http_libraries_has_a_row() -> None:
    rows = [kind for kind, _ in network_faults.FAULTS]
    theirs = {
        kind
        for kind in vars(httpx2).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }
    bases = {httpx2.HTTPError, httpx2.RequestError}
    # What httpcore2 raises comes as httpx2's class of the same name; the one that does not never
    # leaves its pool.
    names = {kind.__name__ for kind in rows}
    for kind in vars(httpcore2).values():
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert kind.__name__ in names | {"ConnectionNotAvailable"}
    missing = {
        kind for kind in theirs - bases if not any(issubclass(kind, row) for row in rows[:-1])
    }
    assert not missing
    # The first row that fits counts, so no row hides one below it.
    for number, kind in enumerate(rows):
        assert not any(issubclass(kind, earlier) for earlier in rows[:number])
