"""Acts of the board on real jobs of the simulator: what a click does, and what is left of it in a
new kernel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Notebook, shot
from tests.browser.quick_simulator import quick_simulator

CELLS = [
    "import hailuo_nb as hn\n"
    "board = hn.compare('A cat on a roof [Push in]', provider=['simulated:ppinfra', "
    "'simulated:modelverse'])\nboard",
    "board.wait()",
]
ARRIVAL = 120_000  # ms; a bound against hanging, not a measure


def test_takes_annotations_votes_and_deletions_outlive_the_kernel(
    open_fresh: Callable[..., Notebook], tmp_path: Path
) -> None:
    cells = [quick_simulator(tmp_path), *CELLS]
    notebook = open_fresh(cells)
    notebook.run_all()
    board = notebook.output(1).locator(".hn-board")
    cards = board.locator(".hn-card")
    expect(board.locator(".hn-media[data-clip=shown]")).to_have_count(2, timeout=ARRIVAL)
    cards.first.get_by_role("slider", name="Rating").press("5")
    cards.first.get_by_role("combobox", name="+ tag").fill("winner")
    notebook.page.keyboard.press("Enter")
    cards.first.get_by_label("Note", exact=True).fill("calm")
    notebook.page.keyboard.press("Tab")
    board.get_by_role("button", name="Vote", exact=True).click()
    expect(board.get_by_text("Which clip is better?")).to_be_visible()
    notebook.page.keyboard.press("0")
    expect(board.get_by_text("1 vote so far")).to_be_visible()
    board.get_by_role("button", name="Grid").click()
    cards.nth(1).get_by_role("button", name="What to do with").click()
    board.get_by_role("menuitem", name="Another take · free (simulated)").click()
    expect(cards).to_have_count(3)
    notebook.kexec("board.wait()")
    expect(cards.nth(2)).to_have_attribute("data-state", "saved")
    cards.nth(2).get_by_role("button", name="What to do with").click()
    board.get_by_role("menuitem", name="Delete").click()
    cards.nth(2).get_by_role("button", name="Delete").click()
    expect(cards).to_have_count(2)
    notebook.lab.end_kernels()

    again = open_fresh(cells, name="again.ipynb")
    again.run_all()
    fresh = again.output(1).locator(".hn-board")
    first = fresh.locator(".hn-card").first
    expect(first.get_by_role("slider", name="Rating")).to_have_attribute(
        "aria-valuetext", "5 of 5 stars"
    )
    expect(first.locator(".hn-tag")).to_have_attribute("data-tag", "winner")
    expect(first.get_by_label("Note", exact=True)).to_have_value("calm")
    told = again.kexec("print(board.ranking()['n_ties'].tolist(), hn.history()['take'].tolist())")
    assert told.strip() == "[1, 1] [1, 1, 2]"


@pytest.mark.parametrize("theme", ["dark"])
def test_settings_go_back_into_the_studio(open_fresh: Callable[..., Notebook], theme: Any) -> None:
    notebook = open_fresh(
        [
            "import os\nos.environ['HAILUO_NB_SIMULATOR_SHRINK'] = '2'  # large enough for a frame\n"
            "import hailuo_nb as hn\nstudio = hn.Studio('A fox [Pan left]', "
            "provider=['simulated:ppinfra'])\nstudio"
        ]
    )
    notebook.page.set_viewport_size({"width": 1440, "height": 1200})
    notebook.set_theme(theme)
    notebook.run_cell(0)
    studio = notebook.output(0)
    generate = studio.get_by_role("button", name="Generate")
    expect(generate).to_be_enabled()
    generate.click()
    expect(studio.locator(".hn-media[data-clip=shown]")).to_have_count(1, timeout=ARRIVAL)
    notebook.kexec("studio.editor.prompt = 'something else'")
    studio.get_by_role("button", name="What to do with").click()
    studio.get_by_role("menuitem", name="Copy settings into the studio").click()
    expect(studio.locator("textarea").first).to_have_value("A fox [Pan left]")
    # Not as the screen reader is told it, in its own time.
    told = studio.locator(".hn-card .hn-message")
    expect(told).to_have_text("The settings are in the studio.")
    more = studio.get_by_role("button", name="What to do with")
    more.click()
    shot(studio, f"studio-clip-menu-{theme}")
    studio.get_by_role("menuitem", name="Use last frame as first").click()
    studio.get_by_text("Frames:").click()
    first = studio.locator(".hn-frame[data-slot=first]")
    expect(first.get_by_role("img", name="last frame of")).to_be_visible()
    shot(studio, f"studio-last-frame-{theme}")
    shot(studio.locator(".hn-board"), f"board-one-{theme}")
