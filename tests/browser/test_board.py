"""The comparison board in a real JupyterLab: views, filters, acts of a row, languages, sizes. Rows are made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_clips import write_clips
from tests.browser.lab import Lab, Notebook, shot

BOARD = """
from pathlib import Path
from hailuo_nb.widgets.compare_board import CompareBoard
from tests.browser.board_clips import row, PROMPTS
asked = []
def act(name, content):
    asked.append((name, dict(content)))
    return ANSWERS.get(name, {})
ANSWERS = {"ranking": {"votes": [], "ranking": {"provider": [], "model": [], "prompt": []}}}
ACTS = ["retake", "retry", "look_again", "send_again", "cancel", "delete", "judge", "vote", "ranking", "python",
        "promotions", "promote"]
"""

Shown = tuple[Notebook, Locator]


@pytest.fixture
def show(open_notebook: Callable[..., Notebook], lab: Lab, request: pytest.FixtureRequest) -> Callable[..., Shown]:
    """`show("[row(0), row(1)]")`: a board of these rows in a notebook, with nine clips beside it."""

    def make(rows: str, more: str = "act=act, acts=ACTS", seconds: float = 3) -> Shown:
        folder = lab.root / Path(request.node.name.translate({ord(character): "-" for character in "[]/ "}))
        write_clips(folder, 9, seconds)
        notebook = open_notebook([BOARD, f"board = CompareBoard({rows}, {more})\nboard"])
        notebook.run_cell(0)
        notebook.run_cell(1)
        board = notebook.output(1).locator(".hn-board")
        expect(board).to_be_visible()
        return notebook, board

    return make


def loaded(page: Page, count: int) -> None:
    """Until so many clips show a picture."""
    page.wait_for_function(
        "(count) => [...document.querySelectorAll('.hn-places video')].filter(v => v.readyState >= 2).length >= count",
        arg=count,
    )


def test_first_look(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 1400})
    page.on("console", lambda m: print("console", m.type, m.text) if m.type in ("error",) else None)
    page.on("pageerror", lambda e: print("pageerror", e))
    notebook, board = show("[row(i) for i in range(9)]")
    page.wait_for_timeout(2500)
    shot(board, "x-matrix")
    board.get_by_role("button", name="Grid").click()
    page.wait_for_timeout(1000)
    shot(board, "x-grid")
    board.get_by_role("button", name="Table").click()
    page.wait_for_timeout(500)
    shot(board, "x-table")
    board.get_by_role("button", name="Compare two").click()
    page.wait_for_timeout(1500)
    shot(board, "x-pair")
    board.get_by_role("button", name="Vote", exact=True).click()
    page.wait_for_timeout(1500)
    shot(board, "x-vote")
