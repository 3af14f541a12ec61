"""What the HTTP libraries log: no key, no signed link, no password of a proxy, in time linear in
the length."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hailuo_nb.engine.logs import Redactor, hidden
from hailuo_nb.providers.account import Account
from hailuo_nb.requests.redaction import Credentials
from tests.engine import fake, wires
from tests.engine.network_scenes import PASSWORD, Paid
from tests.engine.test_not_sent import _a_bare_environment, play  # noqa: F401
from tests.engine.wires import answers, reply, serving

LONG: dict[str, Callable[[int], str]] = {
    "links in a link": lambda size: "http://" * (size // 7),
    "hosts in a row": lambda size: "http://a" * (size // 8),
    "a path": lambda size: "GET https://a.example/" + "a/" * (size // 2),
    "a query": lambda size: "GET https://a.example/?" + "a=b&" * (size // 4),
    "names": lambda size: "http://" + "a@" * (size // 2),
    "marks": lambda size: "://" * (size // 3),
    "queries": lambda size: "https://a?https://a#" * (size // 20),
    "headers without an end": lambda size: "(b'set-cookie', b'x " * (size // 20),
    "header names": lambda size: "'cookie', '" * (size // 11),
    "a word of words": lambda size: "'" + "key" * (size // 3),
    "escapes": lambda size: "(b'cookie', b'" + "\\" * size,
    "letters": lambda size: "a" * size,
    "quotes": lambda size: "'" * size,
}


@pytest.mark.parametrize("kind", LONG)
def test_the_time_grows_with_the_length_alone(kind: str) -> None:
    """Eight times the length takes eight times as long; where it grew with the square, sixty-four
    times."""

    def seconds(size: int) -> float:
        text = LONG[kind](size)
        best = float("inf")
        for _ in range(3):
            begun = time.thread_time()
            hidden(text)
            best = min(best, time.thread_time() - begun)
        return best

    assert seconds(32_000) < 24 * max(seconds(4_000), 1e-4)


def test_a_record_is_bounded() -> None:
    record = logging.LogRecord("httpx2", logging.INFO, "", 1, "%s", ("a" * 200_000,), None)
    assert Redactor().filter(record)
    assert len(record.getMessage()) < 21_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('GET https://a.example/x?sig=ab\'cd&e="f" end', "GET https://a.example/x?••• end"),
        ("https://a.example/x#sig", "https://a.example/x?•••"),
        ("https://me:p@ss@a.example/x", "https://•••@a.example/x"),
        ("socks5h://me:pass@127.0.0.1:1080", "socks5h://•••@127.0.0.1:1080"),
        (
            "(b'Location', b'/clip.mp4?sig=1'), (b'Server', b'x')",
            "(b'Location', b'•••'), (b'Server', b'x')",
        ),
        ("(b'set-cookie', b'a\\'b\"c; d'), (b'x', b'y')", "(b'set-cookie', b'•••'), (b'x', b'y')"),
        ("{'x-cos-security-token': 'a'}", "{'x-cos-security-token': 'a'}"),  # no pair of httpcore2
        ("[('X-Amz-Security-Token', 'abc')]", "[('X-Amz-Security-Token', '•••')]"),
        ("[(b'Proxy-Authorization', b'Basic abc')]", "[(b'Proxy-Authorization', b'•••')]"),
        ("'accept', 'cookie', 'session'", "'accept', 'cookie', '•••'"),
        ("no secret here", "no secret here"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert hidden(text) == shown


def test_nothing_of_a_proxy_or_a_link_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG, with a proxy that echoes what it was sent, and a provider that redirects with a
    signature."""
    caplog.set_level(logging.DEBUG)
    echoed = f'proxy-authenticate: Basic realm="{PASSWORD}"\r\nx-echo: {PASSWORD}\r\n'
    moved = reply(
        "302 Found", b"", "location: /next?sign=marked-signature\r\nset-cookie: a=marked-cookie\r\n"
    )

    async def main(talk: wires.Talk, name: str) -> None:
        async with serving(talk) as proxy, serving(answers(moved), tls=True) as api:
            proxy.targets = {f"api.example:{api.port}": api.port}
            monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PASSWORD}@127.0.0.1:{proxy.port}")
            account = Account(Paid(), f"https://api.example:{api.port}", Credentials(fake.KEY))
            (tmp_path / name).mkdir()
            await play(tmp_path / name, account)

    asyncio.run(main(answers(reply(f"407 {PASSWORD}", b"", echoed)), "refused"))
    asyncio.run(main(wires.tunnels, "through"))
    log = caplog.text
    assert "receive_response_headers.complete" in log
    assert "x-echo" in log
    assert not [
        secret
        for secret in (PASSWORD, "marked-signature", "marked-cookie", fake.KEY)
        if secret in log
    ]
