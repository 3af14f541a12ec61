"""The board's view as traits, in a real JupyterLab: set in Python, chosen in the page, linked, shown
twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.notebook import Notebook
from tests.browser.quick_simulator import quick_simulator

MAKE = """comparison = hn.compare(["A cat", "A dog"], provider=["simulated:ppinfra", "simulated:modelverse"])
comparison.wait()
board = comparison.widget
board"""


@pytest.fixture(autouse=True)
def _quick(notebook: Notebook, tmp_path: Path) -> None:
    notebook.kexec(quick_simulator(tmp_path))


def board_of(output: Locator) -> Locator:
    return output.locator(".hn-board")


def test_what_is_looked_at_belongs_to_the_board(notebook: Notebook) -> None:
    notebook.write([MAKE, "board"])
    notebook.run_cell(0)
    root = board_of(notebook.output(0))
    expect(root).to_have_attribute("data-view", "matrix")
    root.locator("[data-view=table]").first.click()
    expect(root).to_have_attribute("data-view", "table")
    notebook.wait_value("board.view", "table")
    notebook.kexec("board.view = 'grid'; board.filter = {'text': 'dog'}")
    expect(root).to_have_attribute("data-view", "grid")
    expect(root.locator(".hn-card:visible")).to_have_count(2)
    notebook.kexec("board.selected = [comparison[2].id, comparison[3].id]")
    expect(root.locator(".hn-card[data-picked=A]")).to_have_count(1)
    notebook.run_cell(1)
    second = board_of(notebook.output(1))
    expect(second).to_have_attribute("data-view", "grid")
    expect(second.locator(".hn-card:visible")).to_have_count(2)
    second.locator("[data-view=table]").first.click()
    expect(root).to_have_attribute("data-view", "table")
    root.locator(".hn-language").first.click()
    expect(root).to_have_attribute("data-view", "table")


LINKED = """import ipywidgets
other = hn.Comparison(list(comparison)).widget
link = ipywidgets.jslink((board, "time"), (other, "time"))
ipywidgets.VBox([board, other])"""


def test_the_time_of_two_boards_is_linked_in_the_page(notebook: Notebook) -> None:
    notebook.write([MAKE, LINKED])
    notebook.run_cell(0)
    notebook.run_cell(1)
    boards = notebook.output(1).locator(".hn-board")
    expect(boards).to_have_count(2)
    for index in range(2):
        boards.nth(index).evaluate("(root) => root.scrollIntoView()")
        expect(boards.nth(index).locator("video").first).to_be_visible()
    notebook.kexec("board.time = 2.0")
    wait = """([index, time]) => {
      const board = document.querySelectorAll(".jp-Cell:nth-of-type(n) .hn-board");
      const shown = [...board].slice(-2)[index].querySelectorAll("video");
      return [...shown].some((video) => Math.abs(video.currentTime - time) < 0.2);
    }"""
    for index in range(2):
        notebook.page.wait_for_function(wait, arg=[index, 2.0])
    notebook.wait_value("abs(other.time - 2.0) < 0.1", True)
