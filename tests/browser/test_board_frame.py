"""What is around the clips of a board, in a real JupyterLab: the transport stays in sight, full screen
shows the clips alone, and neither a language, a second view nor a moved cell changes what is looked
at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import Shown, cells, loaded, page, seconds, show, with_clips
from tests.browser.lab import Notebook, shot
from tests.browser.notebook import wait_until
from tests.browser.quick_simulator import quick_simulator

__all__ = ["page", "seconds", "show", "with_clips"]

IN_SIGHT = """(bar) => {
  const panel = bar.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
  const { top, bottom, height } = bar.getBoundingClientRect();
  return height > 0 && top >= panel.top - 1 && bottom <= panel.bottom + 1;
}"""


@pytest.mark.parametrize("width", [1400, 700])
def test_the_transport_stays_in_sight(show: Callable[..., Shown], page: Page, width: int) -> None:
    notebook, board = show("[row(n) for n in range(9)]")
    page.set_viewport_size({"width": width, "height": 900})
    loaded(page, 1)
    bar = board.locator(".hn-transport")
    panel = page.locator(".jp-WindowedPanel-outer").first
    board.evaluate("(root) => root.scrollIntoView()")
    for _ in range(4):
        wait_until(page, lambda: bar.evaluate(IN_SIGHT), True)
        panel.evaluate("(panel) => panel.scrollBy(0, 150)")
    wait_until(page, lambda: board.evaluate("root => root.scrollWidth <= root.clientWidth"), True)
    notebook.set_theme("dark")
    shot(page, f"board-frame-{width}-dark")


def test_boxes_of_ipywidgets_give_a_board_its_width(with_clips: Notebook, page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    shown = "w.VBox([w.HBox([board, w.Label('mine')]), w.HBox([board, board])])"
    with_clips.write(cells("[row(0)]", f"); import ipywidgets as w; display({shown}"))
    with_clips.run_cell(0)
    with_clips.run_cell(1)
    boards = with_clips.output(1).locator(".hn-board")
    expect(boards).to_have_count(4)

    def widths() -> list[int]:
        found: list[int] = boards.evaluate_all("all => all.map(one => one.clientWidth)")
        return found

    wait_until(page, lambda: [at > 1000 for at in widths()], [True, False, False, True])
    assert min(widths()) > 400


def test_tools_stand_on_one_line(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(n) for n in range(9)]")
    page.set_viewport_size({"width": 1400, "height": 900})
    tools = board.locator(".hn-toolbar")
    for view in ("grid", "matrix", "table"):
        board.locator(f"[data-view={view}]").first.click()
        expect(board).to_have_attribute("data-view", view)
        wait_until(page, lambda: tools.evaluate("tools => tools.clientHeight < 40"), True)


FITS = """(root) => {
  const { clientWidth, clientHeight } = root;
  const shown = [...root.querySelectorAll(".hn-card .hn-media")].filter((one) => one.checkVisibility());
  return [shown.length, shown.every((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight;
  }), root.scrollHeight <= clientHeight];
}"""


def test_full_screen_shows_the_clips_alone(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[*(row(n) for n in range(8)), row(8, state='failed', video=None)]")
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(board).to_have_attribute("data-view", "matrix")
    board.get_by_role("button", name="Full screen").click()
    expect(board).to_have_attribute("data-full", "")
    loaded(page, 8)
    wait_until(page, lambda: board.evaluate(FITS), [8, True, True])
    expect(board.locator(".hn-toolbar")).to_be_hidden()
    expect(board.locator(".hn-transport")).to_be_visible()
    shot(page, "board-full-screen")
    page.keyboard.press("Escape")
    expect(board).not_to_have_attribute("data-full", "")
    expect(board).to_have_attribute("data-view", "matrix")
    expect(board.locator(".hn-toolbar")).to_be_visible()
    board.get_by_role("button", name="Full screen").click()
    board.get_by_role("button", name="Leave full screen").click()
    expect(board).not_to_have_attribute("data-full", "")


def test_keys_go_on_working_in_full_screen(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(n) for n in range(3)]")
    loaded(page, 3)
    board.get_by_role("button", name="Clips", exact=True).click()
    page.keyboard.press("f")  # the focus is on what full screen hides
    expect(board).to_have_attribute("data-full", "")
    page.keyboard.press(" ")
    expect(board.get_by_role("button", name="Pause all")).to_be_visible()
    page.keyboard.press("f")
    expect(board).not_to_have_attribute("data-full", "")
    page.keyboard.press(" ")
    expect(board.get_by_role("button", name="Play all")).to_be_visible()


def test_another_language_changes_words_alone(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(n) for n in range(6)]")
    loaded(page, 3)
    board.locator("[data-view=grid]").first.click()
    board.press("/")
    search = board.get_by_role("searchbox")
    search.type("fox")
    expect(board.locator(".hn-filters")).to_contain_text("4 of 6")
    board.locator(".hn-transport input").evaluate(
        "(line) => { line.value = 1.5; line.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(board.locator(".hn-time-text")).to_contain_text("0:01.5")
    search.focus()
    page.evaluate(
        "() => { window.before = document.querySelector('.hn-board input[type=search]') }"
    )
    page.evaluate("document.querySelector('.hn-board .hn-language').click()")
    expect(board).to_have_attribute("lang", "zh")
    expect(board.locator(".hn-language")).to_have_text("English")
    expect(board.locator(".hn-time-text")).to_contain_text("0:01.5")
    assert page.evaluate("window.before === document.activeElement && window.before.value") == "fox"
    expect(board.locator("[data-view=grid]").first).to_have_text("网格")


def looked_at(board: Locator) -> dict[str, Any]:
    """What of a board a person has chosen."""
    return {
        "view": board.get_attribute("data-view"),
        "density": board.get_attribute("data-density"),
        "filter": board.get_by_role("searchbox").input_value(),
        "cards": board.locator(".hn-card:visible").count(),
        "picked": board.locator(".hn-card[data-picked]:visible").count(),
    }


def test_what_is_looked_at_outlives_views_runs_and_moves(
    show: Callable[..., Shown], page: Page
) -> None:
    notebook, board = show("[row(n) for n in range(6)]")
    board.locator("[data-view=grid]").first.click()
    board.locator("[data-density=clips]").first.click()
    board.press("/")
    board.get_by_role("searchbox").type("fox")
    expect(board.locator(".hn-card:visible")).to_have_count(4)
    for number in (0, 1):
        board.locator(".hn-card:visible .hn-pick").nth(number).click(force=True)
    expect(board.locator(".hn-card[data-picked]:visible")).to_have_count(2)
    before = looked_at(board)
    assert before["density"] == "clips"
    notebook.wait_value(
        "[board.view, board.arrangement.get('density'), board.filter.get('text'), len(board.selected)]",
        ["grid", "clips", "fox", 2],
    )  # it settles, and is written into the model
    # A second view of the same board below it.
    notebook.add_cell("board")
    notebook.run_cell(2)
    second = notebook.output(2).locator(".hn-board")
    expect(second.locator(".hn-card:visible")).to_have_count(4)
    wait_until(page, lambda: looked_at(second), before)
    # The cell that shows it runs again.
    notebook.run_cell(2)
    expect(second.locator(".hn-card:visible")).to_have_count(4)
    wait_until(page, lambda: looked_at(second), before)
    # The cell is moved.
    page.locator(".jp-Notebook .jp-Cell").nth(2).locator(".jp-InputPrompt").click()
    page.evaluate("window.jupyterapp.commands.execute('notebook:move-cell-up')")
    moved = notebook.output(1).locator(".hn-board")
    expect(moved.locator(".hn-card:visible")).to_have_count(4)
    wait_until(page, lambda: looked_at(moved), before)


def test_what_is_generated_comes_first_and_into_sight(
    with_clips: Notebook, page: Page, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    with_clips.kexec(quick_simulator(tmp_path))
    with_clips.write(["studio = hn.Studio('A cat', provider='simulated:ppinfra')\nstudio"])
    with_clips.run_cell(0)
    output = with_clips.output(0)
    prompt = output.get_by_role("textbox").first
    generate = output.get_by_role("button", name="Generate").last
    cards = output.locator(".hn-card")
    for number, text in enumerate(["A cat", "A dog at dusk"], 1):
        prompt.fill(text)
        page.locator(".jp-WindowedPanel-outer").first.evaluate("(panel) => panel.scrollTo(0, 0)")
        generate.click()
        expect(cards).to_have_count(number)
        expect(cards.first).to_be_in_viewport(ratio=0.8)
        assert page.evaluate("document.activeElement.closest('.hn-studio') !== null")
    newest = with_clips.kexec("print(studio.comparison[1].id)").strip()
    expect(cards.first).to_have_attribute("data-job", newest)
    shot(page, "studio-generated")
