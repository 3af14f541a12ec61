"""Which way a request goes: loopback around every proxy, https through CONNECT alone, exceptions as
curl has them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import decoding, routes
from hailuo_nb.engine.routes import NoRouteError, proxy_for
from hailuo_nb.engine.transport import TIMEOUT, Transport
from hailuo_nb.providers.account import Account
from hailuo_nb.providers.base import Call, Reply
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake, wires
from tests.engine.network_scenes import PASSWORD, Paid
from tests.engine.test_not_sent import _a_bare_environment, play  # noqa: F401
from tests.engine.wires import answers, reply, serving

ALL = ("http_proxy", "HTTPS_PROXY", "ALL_PROXY")


def where(link: str) -> str:
    return str(proxy_for(httpx2.URL(link)))


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    assert proxy_for(httpx2.URL("https://api.example/x")) is None
    monkeypatch.setenv(variable, f"http://me:{PASSWORD}@proxy.example:3128/")
    found = proxy_for(httpx2.URL("https://api.example/x"))
    assert found is not None
    assert (str(found), found.setting) == ("http://proxy.example:3128", variable)
    assert PASSWORD not in f"{found} {found!r}"
    monkeypatch.setenv(variable, "proxy.example:3128")
    assert where("https://api.example") == "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("exceptions", "around"),
    [
        ("*", {"api.example", "v1.api.example", "other.test", "10.1.2.3", "[fd00::1]"}),
        ("api.example", {"api.example", "v1.api.example"}),
        (".example, other.test", {"api.example", "v1.api.example", "other.test"}),
        ("*.api.example", {"api.example", "v1.api.example"}),
        ("API.EXAMPLE:443", {"api.example", "v1.api.example"}),
        ("api.example:8443", set()),
        ("10.0.0.0/8", {"10.1.2.3"}),
        ("10.1.2.3", {"10.1.2.3"}),
        ("fd00::/8", {"[fd00::1]"}),
        ("pi.example,,", set()),
        ("https://other.test", {"other.test"}),
    ],
)
def test_exceptions(monkeypatch: pytest.MonkeyPatch, exceptions: str, around: set[str]) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    monkeypatch.setenv("NO_PROXY", exceptions)
    hosts = ("api.example", "v1.api.example", "other.test", "10.1.2.3", "[fd00::1]")
    assert {host for host in hosts if proxy_for(httpx2.URL(f"https://{host}/x")) is None} == around


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.1",
        "2130706433",
        "0x7f.1",
    ],
)
def test_loopback_goes_around_every_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    for variable in ALL:
        monkeypatch.setenv(variable, "http://proxy.example")
    for scheme in ("http", "https"):
        assert proxy_for(httpx2.URL(f"{scheme}://{host}:8000/x")) is None


@pytest.mark.parametrize("tls", [False, True])
def test_a_provider_on_loopback_is_never_asked_through_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    """All three clients: the charging one, the one of the looks, and the one without a key."""

    async def main() -> tuple[list[str], int]:
        async with serving(answers(reply()), tls=tls) as api, serving(answers(reply())) as proxy:
            for variable in ALL:
                monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
            base = f"http{'s' if tls else ''}://localhost:{api.port}"
            account = Account(Paid(), base, Credentials(fake.KEY))
            assert (await play(tmp_path, account)).state == "submitted"
            transport = Transport(account)

            def flow() -> Any:
                yield Call("GET", "/look")
                yield Call("PUT", f"{base}/upload", content=b"x", sign=False)

            await transport.run(flow())
            await transport.aclose()
            return [head.split()[1] for head in api.heads], proxy.connections

    assert asyncio.run(main()) == (["/submit", "/look", "/upload"], 0)


def test_plain_http_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> int:
        async with serving(answers(reply())) as proxy:
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
            async with routes.client(
                routes.Routes(httpx2.Limits()), timeout=TIMEOUT, headers={}
            ) as client:
                with pytest.raises(NoRouteError, match="plain http to store"):
                    await client.put("http://store.example/upload", content=b"x")
            return proxy.connections

    assert asyncio.run(main()) == 0


def test_what_is_corrected_in_the_environment_counts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> list[str]:
        async with serving(answers(reply()), tls=True) as api:
            transport = Transport(
                Account(Paid(), f"https://localhost:{api.port}", Credentials(fake.KEY))
            )
            ends = []
            for place in ("/nowhere/ca.pem", str(wires.CERTIFICATE)):
                monkeypatch.setenv("SSL_CERT_FILE", place)
                try:
                    await transport.run(_look())
                    ends.append("answered")
                except Exception as error:
                    ends.append(str(error))
            await transport.aclose()
            return ends

    refused, answered = asyncio.run(main())
    assert "SSL_CERT_FILE" in refused
    assert answered == "answered"


def _look() -> Any:
    yield Call("GET", "/look")


COOKIES = (
    "set-cookie: session=marked-cookie; path=/\r\nset-cookie: other=marked-cookie; max-age=9999\r\n"
)


def test_no_client_keeps_or_sends_a_cookie(tmp_path: Path) -> None:
    async def main() -> list[str]:
        async with serving(answers(reply(headers=COOKIES))) as api:
            base = f"http://127.0.0.1:{api.port}"
            transport = Transport(Account(Paid(), base, Credentials(fake.KEY)))

            def flow() -> Any:
                got: Reply = yield Call("POST", "/submit", json={}, charges=True)
                assert "set-cookie" in got.headers
                for _ in range(2):
                    yield Call("GET", "/look")
                    yield Call("PUT", f"{base}/upload", content=b"x", sign=False)

            await transport.run(flow())
            for client in (transport._api, transport._charging, transport.bare):
                assert not client.cookies
            await transport.bare.aclose()
            await transport.aclose()
            return api.heads

    heads = asyncio.run(main())
    assert len(heads) == 5
    assert not any("cookie" in head.lower() for head in heads)
    assert all(f"accept-encoding: {decoding.ACCEPTED}" in head.lower() for head in heads)
