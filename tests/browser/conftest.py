"""Fixtures around tests/browser/lab.py: one Chromium and one JupyterLab a session, one context and
page a test.

A test that makes a page ask for anything outside this machine fails, and the request gets nowhere.
Do not use asyncio.run in a browser test: playwright's own loop runs in this thread. Use a child
process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.lab import Lab, Notebook, View, launch_chromium, watched_context, write_notebook


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


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    """One notebook and one kernel for all tests of a module, as opening one takes the longest.

    `notebook.write(cells)` gives a test cells of its own. Its page may ask nobody outside this
    machine.
    """
    context, outside = watched_context(browser)
    name = f"{request.module.__name__.rsplit('.', 1)[-1]}/test.ipynb"
    write_notebook(lab.root / name, [""])
    yield lab.open(context.new_page(), name)
    context.close()
    lab.end_kernels()
    lab.forget_settings()
    assert outside == []


@pytest.fixture
def open_notebook(
    lab: Lab, page: Page, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Notebook]]:
    """`open_notebook([cell, cell, ...])`: written into a folder of this test's own, opened, its
    kernel ready."""
    folder = Path(request.node.name.translate({ord(character): "-" for character in "[]/ "}))

    def make(cells: list[str], *, name: str = "test.ipynb", view: View = "doc") -> Notebook:
        write_notebook(lab.root / folder / name, cells)
        return lab.open(page, f"{folder}/{name}", view=view)

    yield make
    page.close()
    lab.end_kernels()
    lab.forget_settings()
