"""Table, pair and vote of the board: what they show and hide, and that they fit the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import Shown, page, seconds, show, with_clips
from tests.browser.lab import shot
from tests.browser.notebook import wait_until
from tests.browser.test_board_player import VOTES

__all__ = ["page", "seconds", "show", "with_clips"]

ROWS = """[row(i, simulated=False, provider=row(i)["provider"].split(":")[1], duration=6, take=1,
    rating=[4, 0, 5, 2][i % 4], cost="0.28 USD", spent=0.28, currency="USD",
    scores={"motion": 0.0123 * i + 0.5, "sharpness": 3.21 * i}) for i in range(9)]"""


def table_of(show: Callable[..., Shown]) -> Locator:
    _, board = show(ROWS)
    board.get_by_role("button", name="Table").click()
    expect(board.locator(".hn-clips tbody tr")).to_have_count(9)
    return board


def heads(board: Locator, name: str | None = None) -> Locator:
    return board.get_by_role("columnheader", name=name)


def test_a_table_says_once_what_is_the_same(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    board = table_of(show)
    shown = ["Clip", "Prompt", "Provider", "Model", "Time", "Rating", "Motion", "Sharpness"]
    expect(heads(board)).to_have_text(shown)
    told = board.locator(".hn-same")
    expect(board.locator(".hn-board-head")).to_contain_text("768P · 6 s")  # so it is not told again
    expect(told).to_have_text("Same for all: take 1 · Saved · 0.28 USD")
    board.get_by_role("button", name="Columns").click()
    expect(board.get_by_role("menuitemcheckbox", checked=True)).to_have_text(shown[1:])
    board.get_by_role("menuitemcheckbox", name="Cost").click()
    expect(heads(board, "Cost")).to_have_count(1)
    expect(told).to_have_text("Same for all: take 1 · Saved")
    board.get_by_role("menuitemcheckbox", name="Cost").click()
    expect(heads(board)).to_have_text(shown)
    page.keyboard.press("Escape")
    board.get_by_role("button", name="Filter").click()
    board.get_by_label("Any provider").select_option("ppinfra")
    expect(heads(board, "Provider")).to_have_count(0)
    expect(told).to_contain_text("PPInfra")
    shot(page, "board-table-light")


def test_figures_end_below_each_other_and_the_order_is_marked(
    show: Callable[..., Shown], page: Page
) -> None:
    board = table_of(show)
    cells = board.locator("td[data-column=motion]")
    for index, text in enumerate(["0.50", "0.51", "0.52"]):
        expect(cells.nth(index)).to_have_text(text)
    expect(board.locator("td[data-column=sharpness]").nth(1)).to_have_text("3.2")
    expect(cells.first).to_have_css("text-align", "end")
    button = board.get_by_role("button", name="Time", exact=True)
    plain = button.evaluate("button => getComputedStyle(button).fontWeight")
    button.click()
    expect(board.locator("th[aria-sort=ascending]")).to_have_text("Time")
    assert int(button.evaluate("button => getComputedStyle(button).fontWeight")) > int(plain)
    button.click()
    expect(board.locator("th[aria-sort=descending]")).to_have_text("Time")
    expect(board.locator(".hn-clips tbody tr").first).to_have_attribute("data-job", "job-8")


def test_the_clip_stays_in_sight_when_scrolled_sideways(
    show: Callable[..., Shown], page: Page
) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    board = table_of(show)
    name = board.get_by_role("rowheader", name="PPInfra").first
    expect(name.locator("img")).to_be_visible()  # it makes the row higher when it comes
    before = name.bounding_box()
    board.locator(".hn-table-view .hn-scroll").evaluate("box => { box.scrollLeft = 200; }")
    assert board.locator(".hn-table-view .hn-scroll").evaluate("box => box.scrollLeft") == 200
    assert before == name.bounding_box()
    at = "([x, y]) => document.elementFromPoint(x, y).closest('th, td').className"
    assert before
    spot = [before["x"] + before["width"] - 8, before["y"] + before["height"] - 6]
    assert page.evaluate(at, spot) == "hn-frozen", "what is scrolled goes below it"


def test_stars_are_given_in_the_row(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show(ROWS)
    board.get_by_role("button", name="Table").click()
    line = board.locator(".hn-clips tr[data-job=job-1]")
    stars = line.get_by_role("slider", name="Rating")
    expect(stars).to_have_attribute("aria-valuenow", "0")
    stars.locator("[data-star='4']").click()
    expect(stars).to_have_attribute("aria-valuenow", "4")
    stars.focus()
    page.keyboard.press("ArrowRight")
    expect(stars).to_have_attribute("aria-valuenow", "5")
    notebook.wait_value(
        "[[n, c['job'], c['rating']] for n, c in asked]",
        [["annotate", "job-1", 4], ["annotate", "job-1", 5]],
    )
    expect(stars).to_be_focused()


INSIDE = """([names, top, bottom]) => names.flatMap((name) =>
  [...document.querySelectorAll(name)].filter((el) => el.checkVisibility()).map((el) => {
    const box = el.getBoundingClientRect();
    return [name, Math.round(box.top), Math.round(box.bottom), box.top >= top && box.bottom <= bottom];
  }))"""
"""Whether elements stand between two heights of the window."""


def outside(page: Page, names: list[str], *, full: bool = False) -> list[Any]:
    """Those of these elements that are not there, or not wholly in sight of the notebook's panel or
    of the screen."""
    panel = page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first.bounding_box()
    assert panel
    room = [0, 900] if full else [panel["y"], panel["y"] + panel["height"]]
    found = page.evaluate(INSIDE, [names, *room])
    return [*(set(names) - {name for name, *_ in found}), *(one for one in found if not one[-1])]


@pytest.mark.parametrize("mode", ["side", "wipe", "difference", "flicker"])
def test_two_clips_fit_the_window(show: Callable[..., Shown], page: Page, mode: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    _, board = show("[row(0), row(1), row(3)]")
    board.get_by_role("button", name="Compare two").click()
    board.locator(f"[data-mode={mode}]").first.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-pair video')].every(v => v.readyState >= 2)"
    )
    board.evaluate("board => board.scrollIntoView({ block: 'start' })")
    wanted = [".hn-pair-stage", ".hn-pair-stage video", ".hn-pair-tools", ".hn-transport"]
    wait_until(page, lambda: outside(page, [*wanted, ".hn-pair-words"]), [])
    if mode != "flicker":
        cut = "all => all.map((el) => el.scrollWidth > el.clientWidth)"
        labels = board.locator(".hn-pair-label:visible")
        wait_until(page, lambda: labels.evaluate_all(cut), [False, False])
    shot(page, f"board-pair-{mode}")
    board.get_by_role("button", name="Full screen").first.click()
    page.wait_for_function("() => document.fullscreenElement")
    wait_until(page, lambda: outside(page, wanted, full=True), [])
    fits = "board => board.scrollHeight - board.clientHeight <= 1"
    wait_until(page, lambda: board.evaluate(fits), True)
    stage = board.locator(".hn-pair-stage")
    large = "stage => stage.clientWidth > 1300 || stage.clientHeight > 700"
    wait_until(page, lambda: stage.evaluate(large), True)
    shot(page, f"board-pair-{mode}-full")
    page.evaluate("() => document.exitFullscreen()")
    expect(board).not_to_have_attribute("data-full", "")


def test_the_keys_work_on_when_what_has_the_focus_goes(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(0), row(3)]")
    board.evaluate("board => board.focus()")
    page.keyboard.press("w")
    board.get_by_role("slider", name="Position of the wipe").focus()
    page.keyboard.press("End")
    expect(board.get_by_role("slider", name="Position of the wipe")).to_have_attribute(
        "aria-valuenow", "100"
    )
    pair = board.locator(".hn-pair")
    for key, mode in (("d", "difference"), ("c", "side")):
        page.keyboard.press(key)
        expect(pair).to_have_attribute("data-mode", mode)
    board.get_by_role("button", name="Back to all clips").focus()
    page.keyboard.press("Escape")
    expect(pair).to_have_count(0)
    page.keyboard.press("w")
    expect(pair).to_have_attribute("data-mode", "wipe")


def test_a_vote_fits_the_window_and_hides_what_would_tell(
    show: Callable[..., Shown], page: Page
) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    notebook, board = show("[row(i, duration=6) for i in range(12)]")
    notebook.kexec(VOTES)
    board.get_by_role("button", name="Vote", exact=True).click()
    wanted = [".hn-vote-head", ".hn-vote-question", ".hn-vote-answers button", ".hn-transport"]
    clips = [".hn-pair-stage", ".hn-pair-stage video"]
    opened = board.get_by_role("button", name="Prompts")
    expect(opened).to_have_attribute("aria-pressed", "true")  # where two differ in nothing else
    loose = board.get_by_text("gives no verdict")
    for axis in ("Providers", "Prompts"):
        for size in ("Two", "Best and worst of four"):
            board.get_by_role("button", name=axis).click()
            board.get_by_role("button", name=size, exact=True).click()
            expect(board.locator(".hn-pair-stage video")).to_have_count(
                2 if size == "Two" else 3 if axis == "Prompts" else 4
            )
            # Of four providers two have another model: those votes only rank.
            expect(loose).to_have_count(1 if (axis, size[0]) == ("Providers", "B") else 0)
            board.evaluate("board => board.scrollIntoView({ block: 'start' })")
            wait_until(page, lambda: outside(page, [*wanted, *clips]), [])
    board.get_by_role("button", name="Two", exact=True).click()
    expect(board.locator(".hn-pair-label")).to_have_text(["Left", "Right"])
    body = board.locator(".hn-vote").inner_text()
    assert "fox" not in body and "猫" not in body, "whose prompt it is tells whose clip it is"
    shot(page, "board-vote-prompts")
    page.keyboard.press("1")
    expect(board.get_by_text("Kept. The pictures name them.")).to_be_visible()
    expect(board.locator(".hn-vote .hn-words")).to_have_count(2)
    expect(board.locator(".hn-pair-label", has_text="Left")).to_have_count(0)


def test_another_language_changes_the_words_of_a_pair_alone(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(0), row(3)]")
    board.evaluate("board => board.focus()")
    page.keyboard.press("w")
    board.get_by_role("slider", name="Position of the wipe").press("PageUp")
    video = board.locator(".hn-pair video").first
    video.evaluate("video => { window.kept = video; }")
    board.get_by_role("button", name="中文").click()
    expect(board.get_by_role("button", name="划像")).to_be_visible()
    assert video.evaluate("video => window.kept === video")
    expect(board.get_by_role("slider", name="划像位置")).to_have_attribute("aria-valuenow", "60")
    board.get_by_role("button", name="English").click()
