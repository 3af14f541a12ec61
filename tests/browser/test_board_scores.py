"""What hn.score measured, on the board: columns, order, one line in the card, and the plot behind
it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Notebook, shot
from tests.browser.notebook import wait_until

pytest.importorskip("cv2")

ARRIVAL = 60_000
CELLS = [
    "import hailuo_nb as hn\n"
    "board = hn.compare('grass and a wall [Pan left]', provider=['simulated:ppinfra', "
    "'simulated:modelverse'])\n"
    "board",
    "from concurrent.futures import ThreadPoolExecutor\nhn.score(board, "
    "ThreadPoolExecutor(1)).wait(100)",
]


def ordered(board: Locator, column: str, *, reverse: bool = False) -> None:
    """Until the figures of a column of the table are in order."""
    cells = board.locator(f"td[data-column='{column}']")

    def figures() -> list[float]:
        return [float(one) for one in cells.all_inner_texts()]

    expect(cells).to_have_count(2)
    wait_until(board.page, lambda: figures() == sorted(figures(), reverse=reverse), True)


def test_a_score_comes_to_the_open_board(open_fresh: Callable[..., Notebook]) -> None:
    notebook = open_fresh(CELLS)
    notebook.page.set_viewport_size({"width": 1280, "height": 1100})
    notebook.run_cell(0)
    board = notebook.output(0).locator(".hn-board")
    expect(board.locator(".hn-media[data-clip=shown]")).to_have_count(2, timeout=ARRIVAL)
    expect(board.locator(".hn-scores:visible")).to_have_count(0)
    notebook.run_cell(1, within=150)
    board.get_by_role("button", name="Full", exact=True).click()
    lines = board.locator(".hn-scores summary")
    expect(lines.filter(has_text="Moves as asked")).to_have_count(2, timeout=ARRIVAL)
    assert None not in notebook.value("board.to_frame()['motion'].tolist()")

    lines.first.click()
    plot = board.locator(".hn-plot svg").first
    expect(plot).to_be_visible()
    expect(plot).to_contain_text("asked for")
    expect(plot).to_contain_text("Pan left")

    board.get_by_role("button", name="Table").click()
    heads = board.locator(".hn-table th[data-column]")
    expect(heads.filter(has_text="Motion")).to_be_visible()
    # In a cell, or above where both clips have the same.
    told = board.locator("td[data-column=adherence], .hn-same").first
    expect(told).to_contain_text("/ 1)")
    heads.filter(has_text="Motion").get_by_role("button").click()
    expect(heads.filter(has_text="Motion")).to_have_attribute("aria-sort", "ascending")
    ordered(board, "motion")
    board.get_by_role("button", name="Columns").click()
    board.get_by_role("menuitemcheckbox").filter(has_text=re.compile("^Sharpness$")).click()
    notebook.page.keyboard.press("Escape")
    expect(board.locator("td[data-column=sharpness]")).to_have_count(0)
    shot(notebook.page, "board-measured-table-light")

    board.get_by_role("button", name="Grid").click()
    board.get_by_role("combobox", name="Sort by").select_option(label="Motion")
    for theme in ("light", "dark"):
        notebook.set_theme(theme)
        shot(notebook.page, f"board-measured-{theme}")
    board.get_by_role("button", name="中文").click()
    expect(board.locator(".hn-scores summary", has_text="运镜符合度")).to_have_count(2)
    expect(board.locator(".hn-plot svg")).to_contain_text("左摇")  # still open, in other words


def test_a_scorer_of_one_s_own_is_a_column_and_a_line(open_fresh: Callable[..., Notebook]) -> None:
    scoring = (
        "def brightness(clip):\n    return clip.frames(2)[0].mean()\n"
        "def keeps(clip):\n"
        "    return {'score': 0.25 * len(clip.provider) % 1, 'n': 3, 'reason': 'its shape holds'}\n"
        "hn.score(board, scorers=[brightness, keeps]).wait(100)"
    )
    notebook = open_fresh([CELLS[0], scoring])
    notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.run_cell(0)
    board = notebook.output(0).locator(".hn-board")
    expect(board.locator(".hn-media[data-clip=shown]")).to_have_count(2, timeout=ARRIVAL)
    notebook.run_cell(1, within=150)
    board.get_by_role("button", name="Full", exact=True).click()
    lines = board.locator("p.hn-scores")
    expect(lines.filter(has_text=re.compile(r"brightness \d+ · keeps_score"))).to_have_count(
        2, timeout=ARRIVAL
    )
    expect(board.locator("details.hn-scores")).to_have_count(0)
    for theme in ("light", "dark"):
        notebook.set_theme(theme)
        shot(notebook.page, f"board-scorers-{theme}")
    board.get_by_role("combobox", name="Sort by").select_option(label="brightness")
    board.get_by_role("button", name="Table").click()
    heads = board.locator(".hn-table th[data-column]")
    expect(heads.filter(has_text="brightness")).to_be_visible()
    expect(heads.filter(has_text="keeps_reason")).to_have_count(0)
    ordered(board, "own:brightness", reverse=True)
    board.get_by_role("button", name="Columns").click()
    board.get_by_role("menuitemcheckbox").filter(has_text="keeps_reason").click()
    notebook.page.keyboard.press("Escape")
    expect(board.locator("td[data-column='said:keeps_reason']").first).to_have_text(
        "its shape holds"
    )
    shot(notebook.page, "board-scorers-table")
