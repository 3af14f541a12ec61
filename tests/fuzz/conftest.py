"""Runs the targets again and again until their time is over, where `FUZZ_SECONDS` is set, and
counts what was tried."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session, transport_pool
from tests.engine.conftest import clip  # noqa: F401 - a fixture
from tests.engine.test_public_functions import END, SIMULATED, Stand
from tests.fuzz import profile


@dataclass
class Count:
    """What became of one target."""

    tried: int = 0
    seconds: float = 0.0


COUNTS: dict[str, Count] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item.obj, "hypothesis"):
            COUNTS.setdefault(item.nodeid, Count())


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
    count = COUNTS.get(pyfuncitem.nodeid)
    if count is None:
        return (yield)
    handle = pyfuncitem.obj.hypothesis
    inner, handle.inner_test = handle.inner_test, _counted(handle.inner_test, count)
    given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    began = time.monotonic()
    try:
        result = yield
        while time.monotonic() - began < profile.SECONDS / len(COUNTS):
            pyfuncitem.obj(**given)
        return result
    finally:
        count.seconds += time.monotonic() - began
        handle.inner_test = inner


def _counted(inner: Callable[..., Any], count: Count) -> Callable[..., Any]:
    @functools.wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> Any:
        count.tried += 1
        return inner(*args, **kwargs)

    return counted


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not profile.SECONDS:
        return
    terminalreporter.section("fuzzing")
    for name, count in COUNTS.items():
        rate = count.tried / max(count.seconds, 0.001)
        terminalreporter.write_line(
            f"{count.tried:>9,} in {count.seconds:6.1f} s ({rate:7.1f} a second)  {name}"
        )


# A project ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Project:
    """A home with four clips (two saved, one failed, one planned) and what was exported of it.
    Targets take copies."""

    home: Path
    exported: Path


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, clip: bytes) -> Project:
    folder = tmp_path_factory.mktemp("project")
    simulated = Stand(folder / "hailuo_runs", clip)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport_pool, "simulator_transport", simulated.mount)
        patch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 200.0)
        patch.chdir(folder)
        board = hn.compare(
            "A cat {runs|[Push in]}",
            provider=SIMULATED[:2],
            resolution="1080P",
            duration=10,
            skip_invalid=True,
        )
        board.add(hn.compare(["A cat runs", "A cat [Push in]"], provider=SIMULATED[:2]).wait(END))
        first, second = board[0], board[1]
        first.annotate(rating=4, note="the tail", tags=["keep"])
        board.vote(first, second, "first")
        board.save("cats")
        exported = board.export(folder / "exported")
        session.runner().ledger.close()
        session._runners.clear()
    return Project(simulated.home, exported)
