"""What the tests of the board share: boards of made-up rows in one notebook a module, nine small
clips beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_clips import write_clips
from tests.browser.lab import Lab, Notebook

SET_UP = """
from pathlib import Path
from typing import Any
from hailuo_nb.widgets.compare_board import CompareBoard
from tests.browser.board_clips import row, PROMPTS
asked = []
def act(name, content):
    asked.append((name, dict(content)))
    return ANSWERS.get(name, {})
ANSWERS = {"votes": {"votes": []}}
ACTS = ["retake", "retry", "look_again", "send_again", "cancel", "cancel_task", "stop_watching", "delete", "annotate", "vote", "votes", "python",
        "promotions", "promote", "regenerate"]
"""

Shown = tuple[Notebook, Locator]


def cells(rows: str, more: str = "run_action=act, actions=ACTS") -> list[str]:
    """Two cells: what is needed, and a board of these rows."""
    return [SET_UP, f"board = CompareBoard({rows}, {more})\nboard"]


def run(notebook: Notebook) -> Locator:
    """Run the two cells; the board that is then there."""
    notebook.run_cell(0)
    notebook.run_cell(1)
    board = notebook.output(1).locator(".hn-board")
    expect(board).to_be_visible()
    return board


@pytest.fixture(scope="module")
def seconds() -> float:
    """How long the clips are; a module that needs others says so."""
    return 3


@pytest.fixture(scope="module")
def with_clips(notebook: Notebook, lab: Lab, seconds: float) -> Notebook:
    """The module's notebook, with clips beside it."""
    write_clips(lab.root / notebook.name.rpartition("/")[0], 9, seconds)
    return notebook


@pytest.fixture
def page(with_clips: Notebook) -> Page:
    """The module's page as it was at first, but for what stands in the notebook."""
    shown = with_clips.page
    shown.set_viewport_size({"width": 1280, "height": 1000})
    with_clips.set_theme("light")
    return shown


@pytest.fixture
def show(with_clips: Notebook, page: Page) -> Callable[..., Shown]:
    """`show("[row(0), row(1)]")`: a board of these rows."""

    def make(rows: str, more: str = "run_action=act, actions=ACTS") -> Shown:
        with_clips.write(cells(rows, more))
        return with_clips, run(with_clips)

    return make


def loaded(page: Page, count: int, place: str = ".hn-card-grid") -> None:
    """Until so many clips show a picture."""
    page.wait_for_function(
        "([count, place]) => [...document.querySelectorAll(place + ' video')].filter(v => v.readyState "
        ">= 2).length >= count",
        arg=[count, place],
    )
