"""The board's summary: what the kernel counted, as a table that can be read."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import Shown, page, seconds, show, with_clips  # noqa: F401 - fixtures
from tests.browser.lab import shot
from tests.browser.notebook import wait_until
from tests.browser.test_accessibility import violations

SAMPLE = """
from tests.browser.summary_sample import sample
board.set_summary(sample())
"""


def summed(show: Callable[..., Shown]) -> tuple[Locator, Shown]:
    notebook, board = show("[row(i) for i in range(12)]")
    expect(board.get_by_role("button", name="Summary")).to_be_hidden()
    notebook.kexec(SAMPLE)
    board.get_by_role("button", name="Summary").click()
    table = board.locator(".hn-figures")
    expect(table).to_be_visible()
    return table, (notebook, board)


def test_the_figures_of_the_kernel_are_shown(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    table, (notebook, board) = summed(show)
    lines = table.locator("tbody tr")
    expect(lines).to_have_count(4)
    best = table.locator("tr", has=page.locator(".hn-best"))
    expect(best.first).to_contain_text("PPInfra")
    for text in ("12 made", "n 12", "0.28 USD", "best", "p90"):
        expect(lines.first).to_contain_text(text)
    first = lines.first.inner_text()
    assert "n 12\n0.28 USD … 0.37 USD" in first, "an interval stands on a line of its own"
    assert "2.00 CNY" not in first
    expect(lines.nth(2)).to_contain_text("12 without a price")
    shot(board, "board-summary-light")
    assert violations(page, ".hn-board") == []
    notebook.set_theme("dark")
    shot(board, "board-summary-dark")
    assert violations(page, ".hn-board") == []
    board.get_by_role("button", name="Prompt", exact=True).click()
    expect(lines).to_have_count(3)
    expect(board.locator(".hn-summary-view > .hn-row")).to_contain_text("Mixed: 768P")
    shot(board, "board-summary-prompts-dark")
    board.get_by_role("button", name="Camera", exact=True).click()
    expect(lines.first).to_contain_text("no move")


NEXT = """
ANSWERS["suggest"] = {"next": "vote", "share": 18, "first": "job-1", "second": "job-2"}
"""
TAKE = """
ANSWERS["suggest"] = {"next": "take", "item": "A fox", "provider": "PPInfra", "cost": "0.28 USD"}
"""


def test_what_would_tell_most_is_one_click_away(show: Callable[..., Shown], page: Page) -> None:
    """The kernel names two clips, and the vote is on these; or a clip with its price, which goes
    into the studio."""
    page.set_viewport_size({"width": 1400, "height": 900})
    acts = 'actions=[*ACTS, "suggest", "settings"], slow=["suggest"]'
    notebook, board = show("[row(i) for i in range(4)]", f"run_action=act, {acts}")
    notebook.kexec(SAMPLE + NEXT)
    board.get_by_role("button", name="Summary").click()
    board.get_by_role("button", name="What next?").click()
    expect(board.get_by_text("their interval gets 18 % narrower")).to_be_visible()
    shot(board, "board-next-light")
    assert violations(page, ".hn-board") == []
    board.get_by_role("button", name="Vote on them").click()
    expect(board.locator(".hn-vote-answers button")).to_have_count(3)
    board.get_by_role("button", name="Tie").click()
    notebook.wait_value("[f['outcome'] for n, f in asked if n == 'vote']", ["tie"])
    voted = "sorted(f[k] for n, f in asked if n == 'vote' for k in ('first', 'second'))"
    notebook.wait_value(voted, ["job-1", "job-2"])
    notebook.kexec(TAKE)
    board.get_by_role("button", name="Summary").click()
    board.get_by_role("button", name="What next?").click()
    expect(board.get_by_text("“A fox” at PPInfra, 0.28 USD")).to_be_visible()
    expect(board.get_by_role("button", name="Copy settings into the studio")).to_be_visible()
    notebook.set_theme("dark")
    shot(board, "board-next-dark")


def test_names_that_are_hidden_are_not_in_a_summary(show: Callable[..., Shown], page: Page) -> None:
    _, (_, board) = summed(show)
    board.get_by_role("button", name="Blind").click()
    expect(board.locator(".hn-figures")).to_be_hidden()
    expect(board.get_by_role("button", name="Summary")).to_be_hidden()


def test_a_narrow_page_in_chinese(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    table, (_, board) = summed(show)
    board.get_by_role("button", name="中文").click()
    expect(table.get_by_text("最佳").first).to_be_visible()
    fits = "board => board.scrollWidth - board.clientWidth <= 1"
    wait_until(page, lambda: board.evaluate(fits), True)  # the table scrolls by itself
    shot(board, "board-summary-700-zh")
    board.get_by_role("button", name="English").click()
