"""Where a clip may come from, and what counts as one."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import download as module
from hailuo_nb.engine.download import Downloaded, DownloadError, LinkGoneError, check_address, download


def fetch(
    handler: Any, target: Path, link: str = "https://clips.invalid/a.mp4", **settings: Any
) -> Downloaded:
    async def main() -> Downloaded:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(handler)) as client:
            return await download(
                client, link, target, **{"mounted": True, "root": target.parent, **settings}
            )

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
    "link",
    ["http://1.1.1.1/a.mp4", "file:///etc/passwd", "ftp://1.1.1.1/a", "data:video/mp4;base64,AA", "https:///a.mp4",
     "https://127.0.0.1/a", "https://localhost/a", "https://[::1]/a", "https://169.254.169.254/latest", "https://10.0.0.1/a",
     "https://192.168.1.1/a", "https://2130706433/a", "https://[::ffff:127.0.0.1]/a", "https://0.0.0.0/a"],
)  # fmt: skip
def test_only_https_to_a_public_address(link: str) -> None:
    with pytest.raises(LinkGoneError):
        asyncio.run(check_address(link, trust_loopback=False))


def test_a_redirect_to_a_private_address_is_refused_before_it_is_asked(tmp_path: Path, clip: bytes) -> None:
    asked: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(302, headers={"location": "https://169.254.169.254/latest/meta-data"})

    with pytest.raises(LinkGoneError, match="private address"):
        fetch(handler, tmp_path / "a.mp4", "https://1.1.1.1/a.mp4", mounted=False)
    assert asked == ["1.1.1.1"]


def test_loopback_only_where_the_provider_itself_is_on_loopback() -> None:
    asyncio.run(check_address("http://127.0.0.1:8808/a.mp4", trust_loopback=True))
    with pytest.raises(LinkGoneError):
        asyncio.run(check_address("http://10.0.0.1/a.mp4", trust_loopback=True))
