"""Whether a byte of a charging call can have left this machine: each fault of the network provoked
on loopback.

The columns of `network_faults.FAULTS` are checked against what a real server, or a real proxy, saw.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from dataclasses import replace
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
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake, wires
from tests.engine.network_scenes import (
    LEFT,
    NO_ROUTE,
    NOTHING_LEFT,
    PASSWORD,
    Paid,
    Scene,
    World,
    configured,
    proxied,
    straight,
)
from tests.engine.wires import Wire, answers, reply, serving

HANG = 60.0  # seconds; a bound against hanging, not a measure

PATIENT = httpx2.Timeout(HANG, pool=None)

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


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


if importlib.util.find_spec("socksio") is None:
    NOTHING_LEFT["socks without its package"] = (
        configured(ALL_PROXY=f"socks5://u:{PASSWORD}@127.0.0.1:1080"),
        NO_ROUTE,
        "httpx2[socks]",
    )

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
