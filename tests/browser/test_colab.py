"""What is known of Google Colab and can be tried without it: its page has `google.colab`, and needs
to be asked."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import cells, run
from tests.browser.lab import Notebook

OPEN = '[row(0, state="submitted", video=None, submitted_at=1.0, finished_at=None), row(1)]'
HEARD = "heard = []\nboard.on_msg(lambda widget, content, buffers: heard.append(content['kind']))"


def test_colabs_page_asks_while_a_clip_is_on_its_way_and_no_other_does(
    open_notebook: Callable[..., Notebook], page: Page
) -> None:
    page.clock.install()
    notebook = open_notebook(cells(OPEN))

    def asks(board: Locator) -> bool:
        """Whether the page asked in the last while. One thread of the kernel takes what it sent, in
        its order: stars come last."""
        notebook.kexec("heard.clear()")
        page.clock.run_for(20_000)
        board.locator(".hn-card[data-state=saved]").last.get_by_role("slider").press("ArrowRight")
        notebook.wait_value("'action' in heard", True)
        return bool(notebook.value("'keepalive' in heard"))

    board = run(notebook)
    notebook.kexec(HEARD)
    assert not asks(board)
    page.evaluate("() => { window.google = { colab: {} }; }")
    board = run(notebook)
    notebook.kexec(HEARD)
    assert asks(board)
    notebook.kexec("board.set_rows([row(0), row(1)])")
    expect(board.locator(".hn-card[data-state=saved]")).to_have_count(2)
    asks(board)  # of before
    assert not asks(board)
