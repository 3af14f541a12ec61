"""Fixtures around tests/browser/lab.py: one Chromium, one JupyterLab and one page a session, a notebook
a module; a page of its own for a test that asks for one.

A test that makes a page ask for anything outside this machine fails, and the request gets nowhere.
Do not use asyncio.run in a browser test: playwright's own loop runs in this thread. Use a child
process.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.desk import Desk
from tests.browser.lab import Lab, Notebook, View, launch_chromium, watched_context
from tests.notebook_files import write_notebook

# A bound against hanging. Playwright's own five seconds are a measure of a busy machine.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for a folder of tests. It ends with them: while it lives, this thread can run no
    other loop."""
    with sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The server that most tests share. Each test writes its notebooks below `lab.root`; see
    `open_notebook`."""
    with Lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make contexts: `new_context(offline=True)`, `new_context(viewport=...)`. All are watched, and
    closed after."""
    opened: list[tuple[BrowserContext, list[str]]] = []

    def make(**settings: object) -> BrowserContext:
        opened.append(watched_context(browser, **settings))
        return opened[-1][0]

    yield make
    outside: list[str] = []
    for context, asked in opened:
        context.close()
        outside += asked
    if outside:
        pytest.fail("a page asked for something outside this machine:\n  " + "\n  ".join(outside))


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def offline_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page with the network off, for files that have to live without it."""
    return new_context(offline=True).new_page()


@pytest.fixture(scope="package")
def desk(browser: Browser, lab: Lab) -> Iterator[Desk]:
    """The page that the modules' notebooks share."""
    shared = Desk(browser, lab)
    yield shared
    shared.clear()


@contextlib.contextmanager
def _used(desk: Desk, session: pytest.Session) -> Iterator[Desk]:
    """The page, which nobody gets after a test that failed in it."""
    failed = session.testsfailed
    yield desk
    desk.put_away()
    if session.testsfailed > failed:
        desk.clear()
    assert desk.asked_outside() == []


@pytest.fixture(scope="module")
def notebook(desk: Desk, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    """One notebook and one kernel for all tests of a module, in a folder of their own.

    `notebook.write(cells)` gives a test cells of its own. Its page may ask nobody outside this
    machine. It is another module's next: who changes what belongs to the page puts it back.
    """
    name = f"{request.module.__name__.rsplit('.', 1)[-1]}/test.ipynb"
    write_notebook(lab.root / name, [""])
    with _used(desk, request.session):
        yield desk.open(name)


def _folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.node.name.translate({ord(character): "-" for character in "[]/ "}))


@pytest.fixture
def open_fresh(
    desk: Desk, lab: Lab, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Notebook]]:
    """`open_fresh([cell, cell, ...])`: written into a folder of this test's own, opened in the shared
    page, with a new kernel; the notebook before it is closed and its kernel ended."""

    def make(cells: list[str], *, name: str = "test.ipynb") -> Notebook:
        desk.put_away()
        write_notebook(lab.root / _folder(request) / name, cells)
        return desk.open(f"{_folder(request)}/{name}")

    with _used(desk, request.session):
        yield make


@pytest.fixture
def open_notebook(
    lab: Lab, page: Page, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Notebook]]:
    """`open_notebook([cell, cell, ...])`: as `open_fresh`, in a page that is this test's alone."""
    folder = _folder(request)

    def make(cells: list[str], *, name: str = "test.ipynb", view: View = "doc") -> Notebook:
        write_notebook(lab.root / folder / name, cells)
        return lab.open(page, f"{folder}/{name}", view=view)

    yield make
    page.close()
    lab.end_kernels()
    lab.forget_settings()
