"""A notebook with a board and a studio is saved, nobody asked for a snapshot, and is opened without
their kernel: the clips are there and play."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.lab import Lab, shot, watched_context, write_notebook
from tests.browser.quick_simulator import quick_simulator

PLAYED = "(video) => video.play().then(() => true, (error) => error.message)"


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A server, stopped, over a folder with `cats.ipynb`, which was run and saved once its clips
    were there."""
    root = tmp_path_factory.mktemp("notebooks")
    names = '["simulated:ppinfra", "simulated:xcompute"]'
    cells = [
        quick_simulator(root / "clips"),
        f"board = hn.compare('A cat [Push in]', provider={names})\nboard",
        f"studio = hn.Studio('A dog', provider={names})\nstudio",
        "studio.comparison.add(hn.compare('A dog', provider='simulated:ppinfra').jobs)",
    ]
    write_notebook(root / "cats.ipynb", cells)
    lab = Lab(root, tmp_path_factory.mktemp("jupyter"))
    context, outside = watched_context(browser, viewport={"width": 1400, "height": 900})
    with lab:
        notebook = lab.open(context.new_page(), "cats.ipynb")
        for index in range(4):
            notebook.run_cell(index)
        for index in (1, 2):
            output = notebook.output(index)
            expect(output.locator(".hn-board")).to_be_visible()
            expect(output.locator(".hn-saved video")).to_have_count(3 - index, timeout=60_000)
            expect(output.locator(".hn-saved")).to_be_hidden()
        shot(notebook.page, "saved-live")
        notebook.save()
        lab.end_kernels()
    context.close()
    assert outside == []
    return lab


@pytest.fixture(scope="module", params=["trusted", "untrusted"])
def second(
    saved: Lab, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Another server: of the same user, who ran it, or of somebody who got the file."""
    trusted = request.param == "trusted"
    with saved if trusted else Lab(saved.root, tmp_path_factory.mktemp("other")) as lab:
        yield lab


@pytest.mark.parametrize("kernel", ["a new kernel", "no kernel"])
def test_the_clips_are_there_and_play(
    saved: Lab, second: Lab, new_context: Callable[..., BrowserContext], kernel: str
) -> None:
    context = new_context(viewport={"width": 1400, "height": 900})
    if kernel == "no kernel":
        context.route(
            "**/api/sessions*",
            lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
        )
    second.end_kernels()
    page: Page = context.new_page()
    page.goto(f"{second.url}doc/tree/cats.ipynb?reset")
    for index in (1, 2):
        output = page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")
        output.scroll_into_view_if_needed()
        videos = output.locator("video")
        expect(videos).to_have_count(3 - index)
        expect(videos.first).to_be_visible()
    page.keyboard.press("Escape")
    assert videos.first.evaluate(PLAYED) is True
    if kernel == "a new kernel":
        shot(page, f"saved-{'trusted' if second is saved else 'untrusted'}")
