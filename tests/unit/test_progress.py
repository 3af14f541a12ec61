"""What a terminal shows while somebody waits. The clock is a number that the test moves."""

from __future__ import annotations

import asyncio
import io
import sys
import types
from concurrent.futures import Future
from typing import Any

import pytest

from hailuo_nb.engine.loop import wait, wait_async
from hailuo_nb.pages import progress
from hailuo_nb.pages.progress import Progress, Reporter


class Stream(io.StringIO):
    def __init__(self, terminal: bool = False) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Scene:
    """A wait that begins at 100 s, with one thing to look at."""

    def __init__(self, bar: Any = None, terminal: bool = False) -> None:
        self.now = 100.0
        self.progress = Progress(0.0, 2, "2 submitted")
        self.stream = Stream(terminal)
        self.reporter = Reporter(lambda: self.progress, self.stream, bar, lambda: self.now)

    def at(self, *seconds: float) -> Scene:
        for second in seconds:
            self.now = 100.0 + second
            self.reporter.tick()
        return self


class Bar:
    """Stands for tqdm.tqdm."""

    made: list[Bar] = []  # noqa: RUF012 - cleared by the test

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        self.n = 0.0
        self.words = ""
        self.closed = False
        Bar.made.append(self)

    def set_postfix_str(self, words: str) -> None:
        self.words = words

    def close(self) -> None:
        self.closed = True


def test_a_short_wait_shows_nothing() -> None:
    scene = Scene().at(0, 0.25, 0.5, 0.99)
    scene.reporter.close()
    assert scene.stream.getvalue() == ""


def test_a_file_gets_a_line_a_second_while_something_changes_and_a_sign_of_life() -> None:
    scene = Scene().at(1, 1.25, 1.5, 2, 3)
    scene.progress = Progress(0.5, 2, "1 submitted, 1 saved")
    scene.at(3.25, 4, 4.5, 13, 14, 15)
    assert scene.stream.getvalue().splitlines() == [
        "hailuo_nb: 2 submitted (1 s)",
        "hailuo_nb: 1 submitted, 1 saved (3 s)",
        "hailuo_nb: 1 submitted, 1 saved (14 s)",
    ]


def test_a_terminal_gets_one_line_over_the_other_and_is_left_clean() -> None:
    scene = Scene(terminal=True).at(1, 2, 3)
    written = scene.stream.getvalue()
    assert "\n" not in written
    assert written.count("\r") == 3
    assert "(3 s)" in written
    scene.reporter.close()
    assert scene.stream.getvalue().endswith("\r" + " " * 78 + "\r")


def test_tqdm_draws_the_bar_where_it_is_there() -> None:
    Bar.made.clear()
    scene = Scene(Bar).at(0.5)
    assert not Bar.made
    scene.at(1, 1.25)
    scene.progress = Progress(1.5, 2, "1 submitted, 1 saved")
    scene.at(1.5)
    (bar,) = Bar.made
    assert (bar.n, bar.words, bar.settings["total"], bar.settings["file"]) == (
        1.5,
        "1 submitted, 1 saved",
        2,
        scene.stream,
    )
    scene.reporter.close()
    assert bar.closed


def test_the_real_tqdm_takes_what_it_is_given() -> None:
    tqdm = pytest.importorskip("tqdm", reason="tqdm is an extra of ours")
    scene = Scene(tqdm.tqdm).at(1)
    scene.progress = Progress(2.0, 2, "2 saved")
    scene.at(2)
    assert "2.0/2 clips" in scene.stream.getvalue()
    assert "2 saved" in scene.stream.getvalue()
    scene.reporter.close()


def test_a_stream_that_is_closed_ends_no_wait() -> None:
    scene = Scene()
    scene.stream.close()
    scene.at(1, 2)
    scene.reporter.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_FIRST_AFTER", 0.0)
    monkeypatch.setattr(progress, "_tqdm", lambda: None)


def fake_ipython(monkeypatch: pytest.MonkeyPatch, kernel: object) -> None:
    module: Any = types.ModuleType("IPython")
    module.get_ipython = lambda: types.SimpleNamespace(kernel=kernel)
    monkeypatch.setitem(sys.modules, "IPython", module)


def look() -> Progress:
    return Progress(0.0, 1, "1 submitted")


@pytest.mark.usefixtures("impatient")
def test_in_a_kernel_nothing_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_ipython(monkeypatch, object())
    with progress.reporting(look) as tick:
        tick()
    assert capsys.readouterr().err == ""
    fake_ipython(monkeypatch, None)  # IPython in a terminal
    with progress.reporting(look) as tick:
        tick()
    assert "1 submitted" in capsys.readouterr().err


def test_without_a_stderr_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress.reporting(look) as tick:
        tick()


def test_a_wait_calls_between_its_looks() -> None:
    future: Future[str] = Future()
    ticks = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 2:
            future.set_result("done")

    assert wait(future, tick=tick) == "done"
    assert len(ticks) == 2
    other: Future[str] = Future()

    def end() -> None:
        if not other.done():
            other.set_result("done")

    assert asyncio.run(wait_async(other, end)) == "done"
