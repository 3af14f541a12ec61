"""A board that is shown again, beside itself, and over a connection that broke."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import SET_UP, Shown, loaded, page, seconds, show, with_clips
from tests.browser.lab import Notebook

__all__ = ["page", "seconds", "show", "with_clips"]

MADE = "board = CompareBoard([row(i) for i in range(3)], run_action=act, actions=ACTS)"


def moves(board: Locator) -> None:
    expect(board.get_by_role("button", name="Pause all")).to_be_visible()
    one = board.locator("video").first
    at = one.evaluate("video => video.currentTime")
    expect(one).not_to_have_js_property("currentTime", at)


def test_a_cell_that_runs_again_shows_the_same_view_which_plays(
    with_clips: Notebook, page: Page
) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    with_clips.write([SET_UP, MADE, "board"])
    for cell in (0, 1, 2):
        with_clips.run_cell(cell)
    board = with_clips.output(2).locator(".hn-board")
    board.get_by_role("button", name="Grid").click()
    board.get_by_role("button", name="Filter").click()
    board.get_by_role("searchbox").fill("fox")
    expect(board.locator(".hn-card:visible")).to_have_count(2)
    board.evaluate("board => { board.dataset.old = '1'; }")
    with_clips.run_cell(2)
    expect(page.locator(".hn-board[data-old]")).to_have_count(0)
    expect(board).to_have_attribute("data-view", "grid")
    expect(board.locator(".hn-card:visible")).to_have_count(2)
    board.get_by_role("button", name="Play all").click()
    moves(board)
    assert page.evaluate("() => document.querySelectorAll('video').length") <= 3
    board.get_by_role("button", name="Pause all").click()
    expect(board.get_by_role("button", name="Play all")).to_be_visible()
    assert said == []


def test_two_views_of_a_board_show_what_comes_and_outlive_each_other(
    with_clips: Notebook, page: Page
) -> None:
    with_clips.write([SET_UP, f"{MADE}\nboard", "board"])
    for cell in (0, 1, 2):
        with_clips.run_cell(cell)
    first, second = (with_clips.output(cell).locator(".hn-board") for cell in (1, 2))
    second.scroll_into_view_if_needed()
    expect(second.locator(".hn-card")).to_have_count(3)
    with_clips.kexec("board.set_rows([row(i) for i in range(4)])")
    for view in (first, second):
        expect(view.locator(".hn-card")).to_have_count(4)
    page.evaluate("() => document.querySelector('.hn-board').remove()")
    second.get_by_role("button", name="Grid").click()
    second.get_by_role("button", name="Play all").click()
    moves(second)
    second.get_by_role("button", name="Pause all").click()


RECONNECT = """async () => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  await kernel.reconnect();
}"""


def test_a_connection_that_comes_back_keeps_what_is_asked(
    show: Callable[..., Shown], page: Page
) -> None:
    notebook, board = show("[row(0), row(3)]")
    loaded(page, 2)
    notebook.page.evaluate(RECONNECT)
    notebook.wait_idle()
    expect(board.locator(".hn-lost")).to_be_hidden()
    notebook.kexec("board.set_rows([row(0), row(3), row(6)])")
    expect(board.locator(".hn-card")).to_have_count(3)
    board.get_by_role("button", name="Vote", exact=True).click()
    expect(board.get_by_text("Which clip is better?")).to_be_visible()
    page.keyboard.press("1")
    notebook.wait_value("'vote' in [name for name, _ in asked]", True)
