"""Where a provider's link may lead: https to a public address, the checked one and no other, or
through the proxy."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from hailuo_nb.engine import routes
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download
from hailuo_nb.engine.links import FAKE_IP_VARIABLE, PublicOnly
from hailuo_nb.engine.routes import Routes
from hailuo_nb.engine.transport import Transport
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake, wires
from tests.engine.test_not_sent import _a_bare_environment  # noqa: F401
from tests.engine.wires import Wire, answers, serving

TIMEOUT = httpx2.Timeout(60)  # a bound against hanging, not a measure


class Recorded(Routes):
    """Ways on which a function answers. `asked`: each address, and the proxy it went through."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
        super().__init__(httpx2.Limits())
        self._answer = answer
        self.spec: list[tuple[httpx2.Request, str]] = []

    async def send(self, request: httpx2.Request, proxy: routes.Proxy | None) -> httpx2.Response:
        self.spec.append((request, str(proxy)))
        return self._answer(request)


def fetch_checked(
    answer: Any,
    target: Path,
    link: str,
    *,
    trust_loopback: bool = False,
    ways: Recorded | None = None,
) -> Downloaded:
    async def main() -> Downloaded:
        guarded = PublicOnly(ways or Recorded(answer), trust_loopback=trust_loopback)
        async with routes.client(guarded, timeout=TIMEOUT, headers={}) as client:
            return await download(client, link, target, root=target.parent)

    return asyncio.run(main())


def resolves(monkeypatch: pytest.MonkeyPatch, *found: str) -> list[str]:
    """Every name has these addresses. Returns the names that are looked up."""
    names: list[str] = []

    def getaddrinfo(host: str, port: int | None, *_: Any, **__: Any) -> Any:
        names.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names


PRIVATE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "127.0.0.1.",
    "localhost", "localhost.", "0.0.0.0", "0", "10.0.0.1", "172.16.5.4", "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe", "169.254.43518", "0251.0376.0251.0376",
    "192.0.0.192",
    "168.63.129.16", "198.18.0.5", "203.0.113.7", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255",
    "127。0。0。1", "①②⑦.0.0.1", "１２７.0.0.1",
    "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:0:10.0.0.1]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b::10.0.0.1]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:7f00:0:100:808:808]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]", "[2001:0:808:808::80ff:fffe]", "[2001:0:a00:1::f7f7:f7f7]", "[2001:db8::1]",
    "[100::1]",
    "[2606:4700::5efe:10.0.0.1]", "[fe80::5efe:8.8.8.8]", "[5f00::1]", "[3fff::1]",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "134744072", "[2606:4700::1111]", "[64:ff9b::808:808]",
    "[2002:808:808::1]",
    "[2001:0:808:808::f7f7:f7f7]", "[64:ff9b:1::808:808]", "[::ffff:8.8.8.8]",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_no_spelling_of_a_private_address_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    resolves(monkeypatch, "127.0.0.1")
    for proxy in ("", "http://127.0.0.1:9"):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        ways = Recorded(lambda _: httpx2.Response(200))
        with pytest.raises(LinkGoneError):
            fetch_checked(None, tmp_path / "a.mp4", f"https://{host}/a.mp4", ways=ways)
        assert ways.spec == []


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_asked(tmp_path: Path, clip: bytes, host: str) -> None:
    ways = Recorded(lambda _: httpx2.Response(200, content=clip))
    assert fetch_checked(None, tmp_path / "a.mp4", f"https://{host}/a.mp4", ways=ways).bytes == len(
        clip
    )


def by_a_resolver(host: str) -> str:
    """The address as a resolver writes it; "" for a spelling that none gives."""
    try:
        return str(ipaddress.ip_address(host.strip("[]").replace("%25", "%")))
    except ValueError:
        return ""


@pytest.mark.parametrize("address", [*filter(None, map(by_a_resolver, PRIVATE)), "fe80::1%eth0"])
def test_a_name_that_leads_to_one_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    ways = Recorded(lambda _: httpx2.Response(200))
    for found in ([address], ["1.1.1.1", address], [address, "1.1.1.1"]):
        resolves(monkeypatch, *found)
        with pytest.raises(
            (LinkGoneError, DownloadError), match=r"private address|made-up address"
        ):
            fetch_checked(None, tmp_path / "a.mp4", "https://clips.example/a.mp4", ways=ways)
    assert ways.spec == []


@pytest.mark.parametrize(
    "link",
    [
        "http://1.1.1.1/a.mp4?sign=abc",
        "http://clips.example/a.mp4?sign=abc",
        "ftp://1.1.1.1/a?sign=abc",
        "file:///etc/passwd",
        "data:video/mp4;base64,AA",
    ],
)
def test_another_scheme_is_refused_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    """So that a person can fetch it. A key in it is masked."""
    key = Credentials("sk-marked-key-1234567890")
    resolves(monkeypatch, "1.1.1.1")
    for trusting in (False, True):
        ways = Recorded(lambda _: httpx2.Response(200))
        with pytest.raises(LinkGoneError) as caught:
            fetch_checked(
                None,
                tmp_path / "a.mp4",
                f"{link}&k={key.reveal()[0]}",
                ways=ways,
                trust_loopback=trusting,
            )
        assert ways.spec == []
        if "sign=abc" in link:
            assert f"{link}&k=•••" in str(caught.value)
            assert "by hand" in str(caught.value)
        assert "sk-marked" not in str(caught.value)


def test_a_redirect_to_a_private_address_is_refused_before_it_is_asked(tmp_path: Path) -> None:
    ways = Recorded(
        lambda _: httpx2.Response(
            302, headers={"location": "https://169.254.169.254/latest/meta-data"}
        )
    )
    with pytest.raises(LinkGoneError, match="private address"):
        fetch_checked(None, tmp_path / "a.mp4", "https://1.1.1.1/a.mp4", ways=ways)
    assert [request.url.host for request, _ in ways.spec] == ["1.1.1.1"]


def test_loopback_only_where_the_provider_itself_is_on_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes
) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=clip)

    for link in (
        "http://127.0.0.1:8808/a.mp4",
        "https://localhost:8808/a.mp4",
        "http://[::1]/a.mp4",
    ):
        with pytest.raises(LinkGoneError):
            fetch_checked(answer, tmp_path / "a.mp4", link)
        assert fetch_checked(answer, tmp_path / "a.mp4", link, trust_loopback=True).bytes == len(
            clip
        )
        (tmp_path / "a.mp4").unlink()
    for link in ("http://10.0.0.1/a.mp4", "https://10.0.0.1/a.mp4", "http://clips.example/a.mp4"):
        resolves(monkeypatch, "127.0.0.1")
        with pytest.raises(LinkGoneError):
            fetch_checked(answer, tmp_path / "a.mp4", link, trust_loopback=True)


def test_the_address_that_was_checked_is_the_one_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes
) -> None:
    """One look-up a hop, and none behind it: a name that leads elsewhere a moment later gets
    nothing."""
    names = resolves(monkeypatch, "1.1.1.1", "8.8.8.8")

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "1.1.1.1":
            raise httpx2.ConnectError("refused")  # the next address of the name is tried
        if request.url.path == "/a.mp4":
            return httpx2.Response(302, headers={"location": "https://next.example:8443/b.mp4?x=1"})
        return httpx2.Response(200, content=clip)

    ways = Recorded(answer)
    assert fetch_checked(
        None, tmp_path / "a.mp4", "https://clips.example/a.mp4", ways=ways
    ).bytes == len(clip)
    assert names == ["clips.example", "next.example"]
    asked = [
        (str(request.url), request.headers["host"], request.extensions["sni_hostname"])
        for request, _ in ways.spec
    ]
    assert asked == [
        ("https://1.1.1.1/a.mp4", "clips.example", "clips.example"),
        ("https://8.8.8.8/a.mp4", "clips.example", "clips.example"),
        ("https://1.1.1.1:8443/b.mp4?x=1", "next.example:8443", "next.example"),
        ("https://8.8.8.8:8443/b.mp4?x=1", "next.example:8443", "next.example"),
    ]


# On real sockets, with TLS ------------------------------------------------------------------------


def clip_server(clip: bytes) -> wires.Talk:
    return answers(wires.reply(body=clip, headers="content-type: video/mp4\r\n"))


async def fetch_real(link: str, target: Path) -> Downloaded:
    async with routes.client(
        PublicOnly(Routes(httpx2.Limits())), timeout=TIMEOUT, headers={}
    ) as client:
        return await download(client, link, target, root=target.parent)


def leads_here(monkeypatch: pytest.MonkeyPatch, port: int) -> list[str]:
    """Every connection that is opened leads to this port on loopback. Returns the addresses that
    were meant."""
    meant: list[str] = []
    connect = anyio.connect_tcp

    async def connect_tcp(remote_host: str, remote_port: int, **settings: Any) -> Any:
        meant.append(remote_host)
        return await connect("127.0.0.1", port, **settings)

    monkeypatch.setattr(anyio, "connect_tcp", connect_tcp)
    return meant


def test_the_certificate_is_checked_for_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes
) -> None:
    async def main() -> tuple[list[str], list[str]]:
        async with serving(clip_server(clip), tls=True) as wire:
            meant = leads_here(monkeypatch, wire.port)
            for host in ("clips.example", "1.clips.example."):
                done = await fetch_real(f"https://{host}/a.mp4", tmp_path / f"{host}.mp4")
                assert done.bytes == len(clip)
            with pytest.raises(DownloadError, match="certificate is not trusted"):
                await fetch_real("https://stranger.example/a.mp4", tmp_path / "a.mp4")
            return meant, wire.heads

    resolves(monkeypatch, "1.1.1.1")
    meant, heads = asyncio.run(main())
    assert set(meant) == {"1.1.1.1"}
    assert [
        "host: clips.example" in heads[0].lower(),
        "host: 1.clips.example" in heads[1].lower(),
    ] == [
        True,
        True,
    ]


def test_two_names_at_one_address_share_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes
) -> None:
    resolves(monkeypatch, "1.1.1.1")

    async def main() -> int:
        async with serving(clip_server(clip), tls=True) as wire:
            leads_here(monkeypatch, wire.port)
            transport = Transport(fake.account())
            for name in ("1", "2"):
                await download(
                    transport.bare,
                    f"https://{name}.clips.example/a",
                    tmp_path / f"{name}.mp4",
                    root=tmp_path,
                )
            await transport.aclose()
            return wire.connections

    assert asyncio.run(main()) == 2


FAKE = [
    ["198.18.0.7"],
    ["198.19.255.1", "fc00::7"],
    ["198.18.0.7", "fdfe:dcba:9876::7"],
    ["fc00::7"],
]


@pytest.mark.parametrize("found", FAKE)
def test_a_resolver_that_makes_addresses_up_is_told_and_can_be_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes, found: list[str]
) -> None:
    resolves(monkeypatch, *found)

    async def main() -> None:
        async with serving(clip_server(clip), tls=True) as wire:
            meant = leads_here(monkeypatch, wire.port)
            for off in ("", "0", "false"):
                monkeypatch.setenv(FAKE_IP_VARIABLE, off)
                with pytest.raises(
                    DownloadError, match=f"HTTPS_PROXY, or set {FAKE_IP_VARIABLE}=1"
                ):
                    await fetch_real("https://clips.example/a.mp4", tmp_path / "a.mp4")
            assert meant == []
            monkeypatch.setenv(FAKE_IP_VARIABLE, "1")
            assert (
                await fetch_real("https://clips.example/a.mp4", tmp_path / "a.mp4")
            ).bytes == len(clip)
            assert meant == found[:1]
            # As a link's own address it is refused all the same.
            with pytest.raises(LinkGoneError, match="private address"):
                await fetch_real("https://198.18.0.7/a.mp4", tmp_path / "b.mp4")

    asyncio.run(main())


def test_a_proxy_that_alone_resolves_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bytes
) -> None:
    """Nothing is looked up here; the clip comes through CONNECT."""
    names = resolves(monkeypatch, "127.0.0.1")

    async def main() -> tuple[list[str], list[str], Wire]:
        async with serving(wires.tunnels) as proxy, serving(clip_server(clip), tls=True) as wire:
            proxy.targets = {"clips.example:443": wire.port}
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
            assert (
                await fetch_real("https://clips.example/a.mp4?s=1", tmp_path / "a.mp4")
            ).bytes == len(clip)
            for inside in (
                "https://intranet/a.mp4",
                "https://router.local/a.mp4",
                "https://db.internal/a",
            ):
                with pytest.raises(LinkGoneError, match="local network"):
                    await fetch_real(inside, tmp_path / "b.mp4")
            with pytest.raises(LinkGoneError, match="by hand: http://clips"):
                await fetch_real("http://clips.example/a.mp4", tmp_path / "b.mp4")
            with pytest.raises(DownloadError, match=r"cannot reach gone\.example now"):
                await fetch_real("https://gone.example/a.mp4", tmp_path / "b.mp4")
            return proxy.heads, wire.heads, proxy

    proxied, asked, _ = asyncio.run(main())
    assert [head.splitlines()[0] for head in proxied] == [
        "CONNECT clips.example:443 HTTP/1.1",
        "CONNECT gone.example:443 HTTP/1.1",
    ]
    assert [head.splitlines()[0] for head in asked] == ["GET /a.mp4?s=1 HTTP/1.1"]
    assert set(names) <= {"127.0.0.1"}


def test_a_store_that_drips_its_headers_gives_its_place_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.engine.download.MAX_HEADER_SECONDS", 0.3)

    async def main() -> None:
        async with serving(answers(*[b"H"] * 50, pause=0.05)) as wire:
            guarded = PublicOnly(Routes(httpx2.Limits()), trust_loopback=True)
            async with routes.client(guarded, timeout=TIMEOUT, headers={}) as client:
                with pytest.raises(DownloadError, match="took too long"):
                    await download(
                        client,
                        f"http://127.0.0.1:{wire.port}/a.mp4",
                        tmp_path / "a.mp4",
                        root=tmp_path,
                    )

    asyncio.run(main())
