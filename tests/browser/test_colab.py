"""What is known of Google Colab and can be tried without it: its page has `google.colab`, and needs
to be asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_page import Shown, cells, run
from tests.browser.lab import Notebook

OPEN = '[row(0, state="submitted", video=None, submitted_at=1.0, finished_at=None), row(1)]'
HEARD = "heard = []\nboard.on_msg(lambda widget, content, buffers: heard.append(content['kind']))"


@pytest.fixture
def show(open_notebook: Callable[..., Notebook]) -> Callable[[str], Shown]:
    """A board in a page of its own, which the test has prepared."""

    def make(rows: str) -> Shown:
        notebook = open_notebook(cells(rows))
        return notebook, run(notebook)

    return make


def test_the_page_asks_while_a_clip_is_on_its_way(show: Callable[..., Shown], page: Page) -> None:
    page.clock.install()
    page.add_init_script("window.google = { colab: {} }")
    notebook, board = show(OPEN)
    notebook.kexec(HEARD)
    page.clock.run_for(3500)
    expect(board.locator(".hn-card")).to_have_count(2)
    notebook.wait_value("'keepalive' in heard", True)
    notebook.kexec("board.set_rows([row(0), row(1)])")
    expect(board.locator(".hn-card[data-state=saved]")).to_have_count(2)
    notebook.kexec("heard.clear()")
    page.clock.run_for(20_000)
    assert "keepalive" not in notebook.kexec("print(heard)"), (
        "nothing is on its way, and nothing is asked"
    )


def test_no_other_page_asks(show: Callable[..., Shown], page: Page) -> None:
    page.clock.install()
    notebook, _ = show(OPEN)
    notebook.kexec(HEARD)
    page.clock.run_for(20_000)
    assert "keepalive" not in notebook.kexec("print(heard)")
