"""A clip that lies behind the provider's key: the key goes to that path of the account's own base
URL, once, and wherever an answer or a redirect leads on, it does not follow."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from hailuo_nb.engine import sanitize
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.engine.runner import Runner
from hailuo_nb.engine.tracked_job import TrackedJob
from hailuo_nb.engine.transport import Transport
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Receipt
from hailuo_nb.providers.openrouter.adapter import OpenRouter
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.engine import fake
from tests.engine.fake import KEY
from tests.engine.test_runner import END

CONTENT = "/api/v1/videos/job-1/content"
OWN = f"https://openrouter.ai{CONTENT}?index=0"
Answer = Callable[[httpx2.Request], httpx2.Response]


class Router:
    """OpenRouter whose finished job has unsigned links alone, or signed ones that are long over.
    content   what its content path, and every other host, answers"""

    def __init__(
        self,
        clip: bytes,
        unsigned: str = OWN,
        content: Answer | None = None,
        signed: str | None = None,
    ) -> None:
        self.unsigned = unsigned
        self.signed = {} if signed is None else {"urls": [signed], "expires_at": 5}
        self.content = content or self.with_key(clip)
        self.asked: list[httpx2.Request] = []
        self.charged = 0

    @staticmethod
    def with_key(clip: bytes) -> Answer:
        def answer(request: httpx2.Request) -> httpx2.Response:
            known = request.headers.get("authorization") == f"Bearer {KEY}"
            return httpx2.Response(200, content=clip) if known else httpx2.Response(401)

        return answer

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if request.method == "POST":
            self.charged += 1
            return httpx2.Response(202, json={"id": "job-1", "status": "pending"})
        if request.url.path == "/api/v1/videos/job-1":
            done = {"id": "job-1", "status": "completed", "unsigned_urls": [self.unsigned]}
            done |= self.signed
            return httpx2.Response(200, json=done)
        return self.content(request)

    @property
    def fetched(self) -> list[tuple[str, bool]]:
        """(host and path, whether the key went there) of each request for bytes."""
        return [
            (f"{one.url.netloc.decode()}{one.url.path}", "authorization" in one.headers)
            for one in self.asked[1:]
            if one.url.path != "/api/v1/videos/job-1"
        ]


def play(
    home: Path, router: Router, *, until: str = "nothing", base_url: str = OpenRouter.base_url
) -> TrackedJob:
    """One clip, until it is settled or its error says so."""

    async def main() -> TrackedJob:
        mount = httpx2.MockTransport(router.handle)
        runner = Runner(home, simulator=lambda _: mount, rng=lambda: 0.5)
        to = fake.QuickAccess(OpenRouter(), base_url, Credentials(KEY), simulated=True)
        request = VideoRequest("A cat", "MiniMax-Hailuo-2.3", "1080P", 6)
        (tracked,) = await runner.ask([JobSpec(to, request)])
        while not tracked.settled.done() and until not in str(tracked.row.error):
            await asyncio.sleep(0.001)
        for driver in (drivers := list(runner._drivers.values())):
            driver.cancel()
        await asyncio.gather(*drivers, return_exceptions=True)
        runner.ledger.close()
        return tracked

    return asyncio.run(asyncio.wait_for(main(), END))


def test_it_is_fetched_with_the_key(tmp_path: Path, clip: bytes) -> None:
    router = Router(clip)
    assert play(tmp_path, router).row.state == "saved"
    assert router.fetched == [(f"openrouter.ai{CONTENT}", True)]
    assert router.charged == 1


@pytest.mark.parametrize(
    "unsigned",
    ["https://stranger.example/api/v1/videos/job-1/content?index=0",
     "https://openrouter.ai@stranger.example/api/v1/videos/job-1/content",
     "https://openrouter.ai.stranger.example/api/v1/videos/job-1/content",
     "//stranger.example/api/v1/videos/job-1/content",
     "http://openrouter.ai/api/v1/videos/job-1/content",
     "https://openrouter.ai:8443/api/v1/videos/job-1/content",
     "https://openrouter.ai/api/v1/keys",
     "https://openrouter.ai/api/v1/videos/another/content",
     "https://openrouter.ai\\@stranger.example/api/v1/videos/job-1/content",
     "https://[::1/", "file:///etc/passwd", "x"],
)  # fmt: skip
def test_what_an_answer_calls_the_link_is_never_asked(
    tmp_path: Path, clip: bytes, unsigned: str
) -> None:
    """It says that there is a clip: the page says where one of this job lies."""
    router = Router(clip, unsigned)
    assert play(tmp_path, router).row.state == "saved"
    assert {one.url.host for one in router.asked} == {"openrouter.ai"}
    assert router.fetched == [(f"openrouter.ai{CONTENT}", True)]


SIGNED = "https://files.example/clip.mp4?sign=1"


def dead_but(content: Answer) -> Answer:
    """The signed link answers 403, the content path as this does."""
    return lambda request: (
        httpx2.Response(403) if request.url.host == "files.example" else content(request)
    )


def test_where_the_signed_link_is_dead_the_key_opens_the_content_path(
    tmp_path: Path, clip: bytes
) -> None:
    router = Router(clip, content=dead_but(Router.with_key(clip)), signed=SIGNED)
    assert play(tmp_path, router).row.state == "saved"
    assert router.fetched == [("files.example/clip.mp4", False), (f"openrouter.ai{CONTENT}", True)]
    assert router.charged == 1


def test_a_content_path_that_is_down_for_a_while_loses_no_clip(tmp_path: Path, clip: bytes) -> None:
    """The signed link is over for certain, of the path nobody knows it."""
    answers: Iterator[httpx2.Response] = iter([httpx2.Response(503)] * 3)
    done = httpx2.Response(200, content=clip)
    router = Router(clip, content=dead_but(lambda _: next(answers, done)), signed=SIGNED)
    assert play(tmp_path, router).row.state == "saved"
    assert {("files.example/clip.mp4", False), (f"openrouter.ai{CONTENT}", True)} == {
        *router.fetched
    }


def test_a_clip_is_lost_where_neither_gives_it(tmp_path: Path, clip: bytes) -> None:
    router = Router(clip, content=lambda _: httpx2.Response(404), signed=SIGNED)
    row = play(tmp_path, router).row
    assert (row.state, row.task_id) == ("expired", "job-1")
    assert router.fetched == [("files.example/clip.mp4", False), (f"openrouter.ai{CONTENT}", True)]


@pytest.mark.parametrize(
    "location",
    ["https://stranger.example/clip.mp4?sign=1", "//stranger.example/clip.mp4?sign=1",
     "https://openrouter.ai/api/v1/keys", CONTENT, "https://openrouter.ai.stranger.example/c"],
)  # fmt: skip
def test_the_key_follows_no_redirect(tmp_path: Path, clip: bytes, location: str) -> None:
    answers: Iterator[httpx2.Response] = iter(
        [httpx2.Response(302, headers={"location": location})]
    )
    done = httpx2.Response(200, content=clip)
    router = Router(clip, content=lambda _: next(answers, done))
    assert play(tmp_path, router).row.state == "saved"
    assert [with_key for _, with_key in router.fetched] == [True, False]


def test_the_key_goes_to_the_base_url_of_the_account(tmp_path: Path, clip: bytes) -> None:
    """Somebody's own gateway has a key of its own, which is not OpenRouter's."""
    router = Router(clip)
    assert play(tmp_path, router, base_url="https://gateway.example").row.state == "saved"
    assert router.fetched == [(f"gateway.example{CONTENT}", True)]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_clip_is_kept_and_asked_for_again(
    tmp_path: Path, clip: bytes, status: int
) -> None:
    refusals = iter([httpx2.Response(status)] * 3)
    with_key = Router.with_key(clip)
    router = Router(clip, content=lambda sent: next(refusals, None) or with_key(sent))
    assert play(tmp_path, router).row.state == "saved"
    assert (len(router.fetched), router.charged) == (4, 1)


@pytest.mark.parametrize(
    "link",
    ["/api/v1/videos/another/content?index=0", "/api/v1/keys", CONTENT, OWN,
     "/api/v1/videos/../keys/content?index=0", f"//stranger.example{CONTENT}?index=0"],
)  # fmt: skip
def test_the_key_goes_to_no_path_that_a_ledger_names(
    tmp_path: Path, clip: bytes, link: str
) -> None:
    """Whoever wrote it: the path of the task is built, and another one gets no key."""
    router = Router(clip, content=lambda _: httpx2.Response(503))
    assert play(tmp_path, router, until="the link answered 503").at("ready", "downloading")
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as db, db:
        db.execute("UPDATE jobs SET link = ?", (link,))
    router.content = Router.with_key(clip)
    router.asked[1:] = []
    assert play(tmp_path, router).row.state == "saved"
    with_key = [where for where, signed in router.fetched if signed]
    assert with_key == [f"openrouter.ai{CONTENT}"]


def test_a_link_that_needs_no_key_needs_no_task_id(tmp_path: Path) -> None:
    """An id that held a key is not kept: after a restart the clip's own link still works."""

    async def main() -> None:
        to = fake.QuickAccess(OpenRouter(), OpenRouter.base_url, Credentials(KEY))
        transport = Transport(to)
        lost = Receipt(f"{sanitize._NOT_KEPT}job 1234")
        assert transport.authenticated_request("https://clips.example/1.mp4", lost) is None
        with pytest.raises(ProviderError, match="not kept"):
            transport.authenticated_request(f"{CONTENT}?index=0", lost)
        await transport.aclose()

    asyncio.run(main())
