"""Cards of the board in a real JupyterLab: what each density shows, how takes align, what failed and
running clips offer, stars, tags and notes by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import Shown, loaded, page, show, with_clips
from tests.browser.lab import shot
from tests.browser.notebook import wait_until

__all__ = ["page", "show", "with_clips"]


@pytest.fixture(scope="module")
def seconds() -> float:
    """None ends while a test looks whether it plays."""
    return 20


# 2 providers x 3 prompts x 4 takes; one clip failed, one is being made.
SWEEP = """[
    row(9 * p + 3 * q + t, id=f"p{p}q{q}t{t + 1}", prompt=PROMPTS[q], take=t + 1, duration=6, resolution="768P",
        model="MiniMax-Hailuo-2.3", provider=["simulated:ppinfra", "simulated:modelverse"][p],
        provider_title=["PPInfra", "Modelverse"][p],
        **(dict(state="failed", video=None, poster="", error="The text was refused: sensitive content (code 1026).",
                advice="Change the prompt. It cost nothing.", finished_at=1012.0, spent=0.0) if (p, q, t) == (0, 1, 1) else {}),
        **(dict(state="submitted", progress=0.4, video=None, poster="", finished_at=None, bytes=None, usual_seconds=60.0,
                submitted_at=__import__("time").time() - 25, cancelling="It is charged in full.")
           if (p, q, t) == (1, 1, 2) else {}))
    for q in range(3) for p in range(2) for t in range(4)]"""

# On how many lines, or in how many columns, the cards of each of these lists stand.
LINES, COLUMNS = (
    f"""(board, lists) => lists.map((ids) => new Set(ids.map((id) => {{
      const {{ top, bottom, left }} = board.querySelector(`[data-job=${{id}}]`).getBoundingClientRect();
      return [{sides}].map(Math.round).join();
    }})).size)"""
    for sides in ("top, bottom", "left")
)
HEIGHTS = "board => [...board.querySelectorAll('.hn-card')].map(card => card.getBoundingClientRect().height)"


def density(board: Locator, name: str) -> None:
    board.get_by_role("button", name=name, exact=True).click()
    expect(board).to_have_attribute("data-density", name.lower())


def card_of(board: Locator, job: str) -> Locator:
    return board.locator(f".hn-card[data-job={job}]")


def middle(element: Locator) -> float:
    """Its height on the page."""
    box = element.bounding_box()
    assert box
    return box["y"] + box["height"] / 2


def test_each_density_shows_what_it_should(show: Callable[..., Shown], page: Page) -> None:
    rows = SWEEP.replace(
        '**(dict(state="failed"',
        "note='calm' if (p, q, t) == (0, 0, 1) else '', **(dict(state=\"failed\"",
    )
    _, board = show(rows)
    board.get_by_role("button", name="Grid").click()
    loaded(page, 4)
    plain, noted = card_of(board, "p0q0t1"), card_of(board, "p0q0t2")
    expect(plain.locator(".hn-sim")).to_have_text("Simulated")

    density(board, "Clips")
    expect(plain.get_by_role("heading")).to_contain_text("take 1")
    expect(plain.get_by_role("slider")).to_have_count(0)
    expect(plain.get_by_text("0:30")).to_be_hidden()

    density(board, "Compact")
    expect(plain.get_by_role("slider", name="Rating")).to_be_visible()
    expect(plain.get_by_text("0:30")).to_be_visible()
    expect(plain.get_by_text("768P")).to_have_count(0)  # all have it: the head says it
    expect(board.locator(".hn-board-head")).to_contain_text("768P")
    expect(plain.locator(".hn-marks")).to_have_css("opacity", "0")
    expect(noted.get_by_label("Note", exact=True)).to_have_value("calm")
    expect(noted.locator(".hn-marks")).to_have_css("opacity", "1")
    wait_until(
        page,
        lambda: abs(middle(plain.get_by_role("slider")) - middle(plain.locator(".hn-specs"))) < 4,
        True,
    )  # one line

    density(board, "Full")
    expect(plain.get_by_text("Hailuo 2.3 · 768P · 6 s")).to_be_visible()
    expect(plain.get_by_text("Saved")).to_be_visible()
    expect(plain.locator(".hn-card-prompt mark")).not_to_have_count(0)
    expect(plain.locator(".hn-card-prompt")).to_contain_text("[Push in]")


def test_nothing_jumps_under_the_pointer_or_the_focus(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show(SWEEP)
    board.get_by_role("button", name="Grid").click()
    loaded(page, 4)
    for name in ("Compact", "Full"):
        density(board, name)
        page.mouse.move(0, 0)
        expect(board.locator(".hn-card[data-far]")).to_have_count(0)
        before = board.evaluate(HEIGHTS)
        card = card_of(board, "p0q0t1")
        card.hover()
        marks = card.locator(".hn-marks")
        expect(marks).to_have_css("opacity", "1")
        assert board.evaluate(HEIGHTS) == before, name
        page.mouse.move(0, 0)
        expect(marks).to_have_css("opacity", "0")
        card.get_by_role("slider").focus()
        page.keyboard.press("Tab")
        expect(card.get_by_role("combobox", name="+ tag")).to_be_focused()
        expect(marks).to_have_css("opacity", "1")
        assert board.evaluate(HEIGHTS) == before, name
        page.keyboard.press("Tab")
        expect(card.get_by_label("Note", exact=True)).to_be_focused()
        board.get_by_role("button", name=name, exact=True).focus()


def test_stars_tags_and_a_note_by_the_keyboard(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show(SWEEP)
    board.get_by_role("button", name="Grid").click()
    card = card_of(board, "p0q0t1")
    card.get_by_role("slider", name="Rating").focus()
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    expect(card.get_by_role("slider")).to_have_attribute("aria-valuetext", "4 of 5 stars")
    page.keyboard.press("Tab")
    page.keyboard.type("keep")
    page.keyboard.press("Enter")
    expect(card.locator("[data-tag=keep]")).to_be_visible()
    expect(card.get_by_role("combobox", name="+ tag")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("calm")
    page.keyboard.press("Tab")
    card.get_by_role("button", name="Remove the tag keep").press("Enter")
    expect(card.locator("[data-tag=keep]")).to_have_count(0)
    notebook.wait_value(
        "[{k: v for k, v in c.items() if k != 'job'} for _, c in asked]",
        [{"rating": 3}, {"rating": 4}, {"tags": ["keep"]}, {"note": "calm"}, {"tags": []}],
    )


def test_a_star_that_was_not_kept_goes_out(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show("[row(0), row(3)]")
    notebook.kexec(
        "def act(name, content): raise ValueError('disk is full')\nboard._run_action = act"
    )
    card = card_of(board, "job-0")
    card.get_by_role("slider").focus()
    page.keyboard.press("5")
    expect(card.locator(".hn-message")).to_be_visible()
    expect(card.get_by_role("slider")).to_have_attribute("aria-valuenow", "0")


def test_failed_and_running_cards_offer_what_helps(show: Callable[..., Shown], page: Page) -> None:
    _, board = show(SWEEP)
    board.get_by_role("button", name="Grid").click()
    failed, running = card_of(board, "p0q1t2"), card_of(board, "p1q1t3")
    for name in ("Clips", "Compact", "Full"):
        density(board, name)
        refused = failed.get_by_text("The text was refused: sensitive content (code 1026).")
        expect(refused).to_be_visible()
        expect(failed.get_by_text("Change the prompt.")).to_be_visible()
        offered = ["Look again", "Send again (may be charged twice)"]
        expect(failed.locator("[data-action]")).to_have_text(offered)
        expect(running.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
        expect(running.get_by_text("usually 1 min")).to_be_visible()
        expect(running.locator("[data-action]")).to_have_text(["Cancel at the provider"])
        for card in (failed, running):
            expect(card.get_by_role("slider")).to_have_count(0)
            expect(card.locator("input, textarea, .hn-pick")).to_have_count(0)


def test_a_running_clip_shows_its_time_and_a_lost_kernel_stops_it(
    show: Callable[..., Shown],
) -> None:
    _, board = show(SWEEP)
    running = card_of(board, "p1q1t3").locator(".hn-stage-more")
    before = running.inner_text()
    expect(running).not_to_have_text(before)


def test_takes_align_across_columns(show: Callable[..., Shown], page: Page) -> None:
    _, board = show(SWEEP)
    expect(board).to_have_attribute("data-view", "matrix")
    takes = range(1, 5)
    lines = [[f"p{p}q{q}t{take}" for p in range(2)] for q in range(3) for take in takes]
    for name in ("Compact", "Full", "Clips"):
        density(board, name)
        wait_until(page, lambda: board.evaluate(LINES, lines), [1] * len(lines))
    board.get_by_role("button", name="Grid").click()
    columns = [[f"p{p}q{q}t{take}" for p in range(2) for q in range(3)] for take in takes]
    for name in ("Full", "Compact"):
        density(board, name)
        wait_until(page, lambda: board.evaluate(COLUMNS, columns), [1] * len(columns))


def test_a_card_that_moves_keeps_its_video_and_a_language_rewords_it(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show(SWEEP)
    loaded(page, 4)
    video = card_of(board, "p0q0t1").locator("video")
    video.evaluate("video => { window.kept = video; }")
    board.get_by_role("button", name="Play all").click()
    page.wait_for_function("() => window.kept.currentTime > 0.2")
    video.evaluate(
        "video => { window.again = 0; video.addEventListener('emptied', () => window.again++); }"
    )
    board.get_by_role("button", name="Grid").click()
    board.get_by_label("Group by").select_option("provider")
    board.get_by_label("Group by").select_option("")
    before = video.evaluate("video => video.currentTime")
    board.get_by_role("button", name="Matrix").click()
    board.get_by_role("button", name="中文").click()
    expect(card_of(board, "p0q0t1").get_by_role("slider", name="评分")).to_be_visible()
    assert video.evaluate("video => window.kept === video") and not page.evaluate("window.again")
    page.wait_for_function("(from) => window.kept.currentTime > from", arg=before)
    board.get_by_role("button", name="English").click()


def test_pictures_of_the_densities(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    rows = SWEEP.replace(
        '**(dict(state="failed"',
        "rating=[0, 4, 5, 0, 2][(3 * q + p + t) % 5], "
        "tags=['keep'] if t == 2 and q == 0 else [], note='the snow is right' if (p, q, t) == (1, 0, 2) else '', **(dict(state=\"failed\"",
    )
    notebook, board = show(rows)
    loaded(page, 4)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme, view in zip(themes, ("Grid", "Matrix"), strict=True):
        notebook.set_theme(theme)
        expect(board).to_have_css("color-scheme", theme)
        board.get_by_role("button", name=view).click()
        for name in ("Clips", "Compact", "Full"):
            density(board, name)
            failed = card_of(board, "p0q1t2")
            failed.evaluate("card => card.scrollIntoView({block: 'center'})")
            expect(failed).to_be_in_viewport()
            shot(page, f"cards-{view.lower()}-{name.lower()}-{theme}")
