"""Fuzz: the ledger that a cloned project brings is opened or refused in words. Nothing is sent,
paid or fetched for it, and nothing outside its folder is read, written or deleted.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given

import hailuo_nb as hn
from hailuo_nb.engine import session, transport_pool
from hailuo_nb.engine.loop import LOOP
from hailuo_nb.engine.runner import Runner
from hailuo_nb.errors import HailuoError
from hailuo_nb.providers import registry
from tests.engine.test_property import MEMORY
from tests.engine.test_public_functions import Stand
from tests.fuzz import ledgers
from tests.fuzz.conftest import Project
from tests.fuzz.documents import changes
from tests.fuzz.profile import target
from tests.fuzz.shown import MAX_TOLD, SECRET, check
from tests.fuzz.watched import watching

HANG = 60.0  # seconds; a bound against hanging, not a measure
KEY = "sk-marked-key-1234567890"
HOSTS = frozenset().union(*(registry.get(name).hosts for name in registry.names()))
LOOKS = ("/task/page", "/access_token")
"""What is asked with POST, and costs nothing."""


class Came:
    """A project from elsewhere, on a machine whose user has keys, with a file of his own beside
    it."""

    def __init__(self, folder: Path, project: Project, clip: bytes) -> None:
        self.folder, self.home = folder, folder / "hailuo_runs"
        self.secret, self.page = folder / "secret", folder / "page" / "page.html"
        shutil.copytree(project.home, self.home, ignore=shutil.ignore_patterns("simulator"))
        self.page.parent.mkdir()
        self.secret.write_text(SECRET)
        (self.home / "videos" / "link.mp4").symlink_to(self.secret)
        (self.home / "posters" / "mine.jpg").write_text(SECRET)
        self.ledger = self.home / "ledger.sqlite"
        ledgers.made(self.ledger)
        self.before = self.ledger.read_bytes()
        self.stand = Stand(self.home, clip)
        self.requests: list[httpx2.Request] = []

    @property
    def charged(self) -> int:
        return 0 if self.stand.app is None else sum(self.stand.charged.values())

    def again(self) -> None:
        """As it came."""
        for path in self.home.glob("ledger.sqlite*"):
            path.unlink()
        self.ledger.write_bytes(self.before)
        self.secret.write_text(SECRET)
        self.requests.clear()
        self.stand.app = None

    def outside(self) -> tuple[list[str], str]:
        return sorted(path.name for path in self.folder.iterdir()), self.secret.read_text()


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory, project: Project, clip: bytes) -> Iterator[Came]:
    # In memory, where there is such a folder: nothing need be synced.
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    found = Came(folder, project, clip)

    async def answer(_: httpx2.AsyncHTTPTransport, request: httpx2.Request) -> httpx2.Response:
        found.requests.append(request)
        return httpx2.Response(503, json={"error": "later"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport_pool, "simulator_transport", found.stand.mount)
        patch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", answer)
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("HAILUO_NB_HOME", str(found.home))
        for name in registry.names():
            for variable in registry.get(name).key_variables:
                patch.setenv(variable, KEY)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # There is something open, which is looked at; the first request waits for certificates.
            _look(found, lambda: asyncio.wait_for(_asked(found), HANG))
        _check_sent(found)
        yield found
    shutil.rmtree(folder)


@target(60)
@given(seeds=changes)
def test_a_strangers_ledger_is_opened_or_refused_in_words(came: Came, seeds: list[int]) -> None:
    came.again()
    ledgers.changed(came.ledger, seeds)
    before = came.outside()
    with watching(came.home, came.page.parent), warnings.catch_warnings(record=True) as told:
        _look(came)
    assert all(len(str(one.message)) < MAX_TOLD for one in told)
    assert came.outside() == before
    _check_sent(came)


async def _asked(came: Came) -> None:
    while not came.requests:
        await asyncio.sleep(0.005)


Wait = Callable[[], Coroutine[Any, Any, None]]


def _look(came: Came, wait: Wait = lambda: asyncio.sleep(0.01)) -> None:
    """What a person does with a project: history, boards, go on, look at clips, throw them away."""
    try:
        _told(lambda: json.dumps(hn.history().to_dict("records"), default=str))
        _told(hn.boards)
        for opened in (hn.resume, lambda: hn.Comparison.load("cats")):
            _told(lambda opened=opened: _use(opened(), came, wait))  # type: ignore[misc]
    finally:
        for runner in session._runners.values():
            LOOP.run(_stop(runner))
            runner.ledger.close()
        session._runners.clear()


def _use(board: hn.Comparison, came: Came, wait: Wait) -> None:
    LOOP.run(wait())
    for job in board:
        _told(job.look_again)
    check(board, came.home, came.page)
    for job in board:
        _told(job.delete)


def _told(work: Callable[[], object]) -> None:
    """Do it, or have it refused in words."""
    try:
        work()
    except HailuoError as error:
        assert 0 < len(str(error)) < MAX_TOLD


async def _stop(runner: Runner) -> None:
    for driver in (drivers := list(runner._drivers.values())):
        driver.cancel()
    await asyncio.gather(*drivers, return_exceptions=True)


def _check_sent(came: Came) -> None:
    """Nothing was paid, uploaded or fetched; a key went to its provider alone."""
    assert came.charged == 0
    for request in came.requests:
        assert request.url.host in HOSTS
        assert request.method == "GET" or request.url.path.endswith(LOOKS)
