"""Where a clip may come from, and what counts as one."""

from __future__ import annotations

import asyncio
import gzip
import tempfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hailuo_nb.engine import download as module
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, download


def fetch(
    handler: Any, target: Path, link: str = "https://clips.invalid/a.mp4", **settings: Any
) -> Downloaded:
    async def main() -> Downloaded:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(handler)) as client:
            return await download(client, link, target, **{"root": target.parent, **settings})

    return asyncio.run(main())


def test_a_whole_clip_gets_its_name(tmp_path: Path, clip: bytes) -> None:
    done = fetch(lambda _: httpx2.Response(200, content=clip), tmp_path / "videos" / "a.mp4")
    assert done.path.read_bytes() == clip
    assert (done.facts.width, done.facts.frames) == (64, 24)


def test_a_compressed_answer_is_the_clip_too(tmp_path: Path, clip: bytes) -> None:
    answer = httpx2.Response(200, content=gzip.compress(clip), headers={"content-encoding": "gzip"})
    assert fetch(lambda _: answer, tmp_path / "a.mp4").path.read_bytes() == clip


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>hello</html>", b'{"code": 1}', b"#EXTM3U\nhttps://x/y.ts"],
    ids=lambda body: body[:8],
)
def test_what_is_no_clip_is_never_kept(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(DownloadError, match="not the whole clip"):
        fetch(lambda _: httpx2.Response(200, content=body), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_at_a_tenth_is_never_kept_though_it_opens(tmp_path: Path, clip: bytes) -> None:
    with pytest.raises(DownloadError, match="not the whole clip"):
        fetch(lambda _: httpx2.Response(200, content=clip[: len(clip) // 10]), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_body_shorter_than_promised_is_never_kept(tmp_path: Path, clip: bytes) -> None:
    async def body() -> Any:
        yield clip

    answer = httpx2.Response(200, content=body(), headers={"content-length": str(len(clip) + 1)})
    with pytest.raises(DownloadError):
        fetch(lambda _: answer, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_body_over_the_budget_is_stopped(
    tmp_path: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    with pytest.raises(DownloadError, match="larger than"):
        fetch(lambda _: httpx2.Response(200, content=clip), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_dead_link_says_so(tmp_path: Path, status: int) -> None:
    with pytest.raises(LinkGoneError, match=str(status)):
        fetch(lambda _: httpx2.Response(status), tmp_path / "a.mp4")


def test_redirects_are_followed_and_counted(tmp_path: Path, clip: bytes) -> None:
    def once(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/a.mp4":
            return httpx2.Response(302, headers={"location": "/b.mp4"})
        return httpx2.Response(200, content=clip)

    assert fetch(once, tmp_path / "a.mp4").bytes == len(clip)
    with pytest.raises(DownloadError, match="passed on"):
        fetch(lambda _: httpx2.Response(302, headers={"location": "/a.mp4"}), tmp_path / "a.mp4")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (203, {}),
        (206, {}),
        (206, {"content-range": "bytes 0-{last}/{size}"}),
        (206, {"content-range": "BYTES 0-{last}/*"}),
        (200, {"content-range": "bytes 5-9/77"}),
        (200, {"content-range": "nonsense"}),
    ],
)
def test_a_whole_file_is_whole_whatever_the_status(
    tmp_path: Path, clip: bytes, status: int, said: dict[str, str]
) -> None:
    headers = {name: text.format(last=len(clip) - 1, size=len(clip)) for name, text in said.items()}
    done = fetch(
        lambda _: httpx2.Response(status, content=clip, headers=headers), tmp_path / "a.mp4"
    )
    assert done.path.read_bytes() == clip


@pytest.mark.parametrize(
    "said",
    ["bytes "
     "0-{before}/{size}", "bytes "
                          "1-{last}/{size}", "bytes "
                                             "0-{last}/{more}", "bytes 0-{more}/*", "pages 1-2/3",
     "bytes */{size}", "bytes 0-" + "9" * 5000 + "/*"],
)  # fmt: skip
def test_a_part_is_no_clip(tmp_path: Path, clip: bytes, said: str) -> None:
    size = len(clip)
    said = said.format(before=size - 2, last=size - 1, size=size, more=size + 1)
    with pytest.raises(DownloadError):
        fetch(
            lambda _: httpx2.Response(206, content=clip, headers={"content-range": said}),
            tmp_path / "a.mp4",
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [201, 202, 204, 300, 304, 416, 500, 503])
def test_another_status_is_no_clip(tmp_path: Path, clip: bytes, status: int) -> None:
    with pytest.raises(DownloadError, match=str(status)):
        fetch(lambda _: httpx2.Response(status, content=clip), tmp_path / "a.mp4")


def test_a_servers_words_are_short_and_seen(tmp_path: Path) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.RemoteProtocolError("\x1b[31m\u202e" + "x" * 100_000)

    with pytest.raises(DownloadError) as caught:
        fetch(handler, tmp_path / "a.mp4", "https://" + "a." * 30_000 + "example/a.mp4")
    assert len(str(caught.value)) < 2100
    with pytest.raises(DownloadError) as caught:
        fetch(handler, tmp_path / "a.mp4")
    assert len(str(caught.value)) < 2100
    assert str(caught.value).isprintable()


BAD_LINKS = [
    "", "   ", "no-scheme.example/a.mp4", "//clips.example/a.mp4", "/a.mp4", "https://",
    "https:///a.mp4", "https://:443/a",
    "https://clips.example:99999/a.mp4", "https://clips.example:0/a.mp4",
    "https://clips.example:-1/a.mp4",
    "https://clips.example:port/a.mp4", "https://clips.example/a\nb.mp4",
    "https://clips.example/a\0.mp4",
    "https://clips.example/\r\nx: "
    "y", "https://clips.example/" + "a" * 70_000, "https://[::1/a.mp4", "https://[1.2.3]/a",
    "https://1.2.3.4.5.6:8/\x7f", "https://256.1.1.1/a", "https://xn--/a", "https://①②⑦.0.0.1/a",
    "https://ex ample/\ud800", "javascript:alert(1)", "https:clips.example/a",
    "https://\ud800.example/a", "https://clips.example/\ud83d", "mailto:someone",
    "https://" + "a" * 300 + "/", "https://" + "é" * 70 + ".example/", "https://a..b/",
    "https://%00/", "https://\t/",
    "http://%", "https://user:pass@/a", "https://@:/", "::::", "?", "#", "https://٣.example:٣/",
    "https://\u202e.example/",
]  # fmt: skip


@pytest.mark.parametrize("link", BAD_LINKS, ids=lambda link: ascii(link[:30]))
@pytest.mark.parametrize("redirected", [False, True])
def test_a_bad_link_is_weather(tmp_path: Path, link: str, redirected: bool) -> None:
    """As a link, or as where one leads: a fresh one may be better. Never an error that nobody
    expects."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        if redirected and request.url.path == "/first":
            return httpx2.Response(
                302, headers=[(b"location", link.encode("utf-8", "surrogatepass"))]
            )
        raise httpx2.ConnectError("nobody is there")

    first = "https://clips.example/first" if redirected else link
    with pytest.raises((LinkGoneError, DownloadError)) as caught:
        fetch(handler, tmp_path / "a.mp4", first)
    assert len(str(caught.value)) < 2200
    assert str(caught.value).encode()  # no half of a pair
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_any_text_for_a_link_is_weather(text: str, redirected: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for link in (
            text,
            f"https://{text}",
            f"https://clips.example:{text}",
            f"https://clips.example/{text}",
        ):
            test_a_bad_link_is_weather(Path(folder), link, redirected)
