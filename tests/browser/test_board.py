"""The comparison board in a real JupyterLab: views, filters, actions of a row, languages, sizes. Rows
are made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_page import Shown, loaded, page, seconds, show, with_clips
from tests.browser.lab import shot
from tests.browser.notebook import wait_until

__all__ = ["page", "seconds", "show", "with_clips"]


def shows(board: Locator, wanted: list[str], of: str = ".hn-card") -> None:
    """Until the cards are those of these jobs, in this order."""
    jobs = "cards => cards.map(card => card.dataset.job)"
    wait_until(board.page, lambda: board.locator(of).evaluate_all(jobs), wanted)


def test_a_sweep_is_a_matrix_and_can_be_a_grid_groups_and_a_table(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(i) for i in range(9)]")
    loaded(page, 1)
    table = board.get_by_role("region", name="Matrix")
    heads = table.get_by_role("columnheader")
    expect(heads).to_have_text(["Prompt × Provider", "PPInfra", "Modelverse", "Chanjing"])
    expect(table.get_by_role("row")).to_have_count(4)
    shows(board, ["job-1", "job-4", "job-7"], "tbody tr:nth-child(2) td .hn-card")
    board.get_by_label("Columns").select_option("camera")
    expect(heads).to_have_text(["Prompt × Camera", "Push in", "Truck left + Pan right"])
    board.get_by_role("button", name="Grid").click()
    board.get_by_label("Group by").select_option("provider")
    expect(board.locator(".hn-group-title")).to_have_text(
        ["PPInfra (3)", "Modelverse (3)", "Chanjing (3)"]
    )
    board.get_by_role("button", name="Table").click()
    expect(board.locator("video:visible")).to_have_count(0)
    board.get_by_role("button", name="Time", exact=True).click()
    board.get_by_role("button", name="Time", exact=True).click()
    expect(board.get_by_role("columnheader", name="Time")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(board.locator("tbody tr").first).to_have_attribute("data-job", "job-8")
    board.get_by_role("button", name="Columns").click()
    board.get_by_role("menuitemcheckbox", name="Camera").click()
    board.get_by_role("menuitemcheckbox", name="Prompt").click()
    page.keyboard.press("Escape")
    expect(board.get_by_role("columnheader", name="Camera")).to_have_count(1)
    expect(board.get_by_role("columnheader", name="Prompt")).to_have_count(0)


def test_filters_hold_while_rows_arrive(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show(
        "[row(0, rating=4, tags=['keep']), row(1), row(4, state='failed', video=None)]"
    )
    board.get_by_role("button", name="Grid").click()
    board.get_by_role("button", name="Filter").click()
    search = board.get_by_role("searchbox")
    search.fill("fox")
    shows(board, ["job-0", "job-1", "job-4"])
    board.get_by_label("Any state").select_option("saved")
    shows(board, ["job-0", "job-1"])
    first = board.locator(".hn-card[data-job=job-0] video")
    first.evaluate("video => { window.kept = video; }")
    board.get_by_label("Choose for comparison: PPInfra").first.click()
    search.focus()
    notebook.kexec(
        "board.set_rows([row(0, rating=4, tags=['keep'], own={'idea': 'snow'}), row(1), row(3), "
        "row(4, own={'idea': 'sun'}), row(5)])"
    )
    shows(board, ["job-0", "job-1", "job-3", "job-4"])
    assert first.evaluate("video => window.kept === video"), "a card is never made again"
    expect(board.locator("[data-picked=A]")).to_have_attribute("data-job", "job-0")
    expect(search).to_be_focused()
    board.get_by_label("Any rating").select_option("4")
    shows(board, ["job-0"])
    board.get_by_label("Any rating").select_option("")
    expect(board.locator(".hn-card")).to_have_count(4)
    board.get_by_label("Any tag").select_option("keep")
    shows(board, ["job-0"])
    board.get_by_label("Any tag").select_option("")
    board.get_by_label("idea", exact=True).select_option(
        "sun"
    )  # a column of the person's own table
    shows(board, ["job-4"])
    notebook.wait_value("board.filter.get('own')", {"idea": "sun"})
    board.get_by_role("button", name="Show all").click()
    expect(board.locator(".hn-card")).to_have_count(5)


def test_two_hundred_rows_load_few_clips_and_lose_none(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(i) for i in range(200)]")
    board.get_by_role("button", name="Grid").click()
    loaded(page, 6)
    counts = """() => [...document.querySelectorAll('.hn-card-grid video')].filter(v => v.getAttribute('src')).length"""
    assert page.evaluate(counts) <= 24
    expect(board.locator(".hn-card")).to_have_count(200)
    for job in ("job-60", "job-120", "job-199", "job-0"):
        card = board.locator(f".hn-card[data-job={job}]")
        card.evaluate("card => card.scrollIntoView({block: 'center'})")
        expect(card.locator(".hn-media")).to_have_attribute("data-clip", "shown")
        assert page.evaluate(counts) <= 24


def test_rows_say_what_happens_and_what_to_do(show: Callable[..., Shown], page: Page) -> None:
    rows = """[
        row(0, state="submitted", progress=None, video=None, submitted_at=__import__("time").time() - 20,
            finished_at=None, usual_seconds=40.0),
        row(1, state="submitted", progress=0.4, video=None, submitted_at=1.0, finished_at=None, queue_position=3),
        row(3, state="rejected", video=None, error="The text was refused: code 1026", advice="Change the prompt."),
        row(4, state="unknown", video=None, error="The connection broke.", advice="Look at the provider's list."),
        row(6, state="planned", progress=0, video=None)]"""
    notebook, board = show(rows)
    board.get_by_role("button", name="Grid").click()
    usual = board.locator("[data-job=job-0]")
    expect(usual.get_by_text("usually 40 s")).to_be_visible()
    width = usual.locator(".hn-bar-fill").evaluate("bar => parseFloat(bar.style.inlineSize)")
    assert 45 < width <= 95
    expect(usual.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "50")
    expect(board.locator("[data-job=job-1]").get_by_role("progressbar")).to_have_attribute(
        "aria-valuenow", "40"
    )
    expect(board.get_by_text("The text was refused: code 1026")).to_be_visible()
    unknown = board.locator("[data-job=job-4]")
    unknown.get_by_role("button", name="Look again").click()
    unknown.get_by_role("button", name="Send again").click()
    expect(unknown.get_by_text("may be charged twice.")).to_be_visible()
    unknown.get_by_role("button", name="No, keep").click()
    unknown.get_by_role("button", name="Send again").click()
    unknown.locator(".hn-confirm").get_by_role("button", name="Send again").click()
    expect(unknown.locator(".hn-confirm")).to_be_hidden()
    board.locator("[data-job=job-3]").get_by_role("button", name="Try again").click()
    board.locator("[data-job=job-6]").get_by_role("button", name="Cancel").click()
    notebook.wait_value(
        "[f\"{name} {c['job']}\" for name, c in asked]",
        ["look_again job-4", "send_again job-4", "retry job-3", "cancel job-6"],
    )
    shot(board, "board-states-light")


def test_a_clip_is_cancelled_at_its_provider_after_its_price_is_told(
    show: Callable[..., Shown],
) -> None:
    notebook, board = show(
        "[row(0, state='submitted', cancelling='A cancelled clip is charged in full.'), "
        "row(1, state='submitted', cancelling=''), row(2, state='submitted'), "
        "row(3, state='cancelled', task_id='task-3', simulated=False, cost='0.49 USD', "
        "charged='0.52 USD')]"
    )
    first, second = (board.locator(f"[data-job=job-{number}]") for number in (0, 1))
    cancel = first.get_by_role("button", name="Cancel at the provider")
    cancel.click()
    expect(first.get_by_text("A cancelled clip is charged in full.")).to_be_visible()
    first.get_by_role("button", name="No, keep").click()
    cancel.click()
    shot(board, "board-cancel")
    first.locator(".hn-confirm").get_by_role("button", name="Cancel at the provider").click()
    expect(first.locator(".hn-confirm")).to_be_hidden()
    second.get_by_role("button", name="Cancel at the provider").click()
    expect(second.get_by_text("Its page does not say")).to_be_visible()
    unsold = board.locator("[data-job=job-2]")
    expect(unsold.get_by_role("button", name="Cancel")).to_have_count(0)
    unsold.get_by_role("button", name="What to do with").click()
    expect(board.get_by_role("menuitem", name="Stop watching")).to_have_count(1)
    board.page.keyboard.press("Escape")
    over = board.locator("[data-job=job-3]")
    expect(over.get_by_text("list 0.49 USD, charged 0.52 USD")).to_be_visible()
    expect(over.get_by_role("button", name="Look again")).to_be_visible()
    expect(over.get_by_role("button", name="Try again")).to_have_count(0)
    notebook.wait_value("[[name, c['job']] for name, c in asked]", [["cancel_task", "job-0"]])


def test_menu_promotion_and_annotations(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show("[row(0), row(3)]")
    notebook.kexec(
        "ANSWERS['promotions'] = {'options': [dict(target='ppinfra/MiniMax-Hailuo-02', "
        "model='MiniMax-Hailuo-02',"
        " resolution='1080P', duration=6, title='PPInfra', simulated=False, problem='', worded={}, "
        "cost='3.50 CNY'),"
        " dict(target='ppinfra/MiniMax-Hailuo-2.3-Fast', model='MiniMax-Hailuo-2.3-Fast', "
        "resolution='768P',"
        " duration=6, title='PPInfra', simulated=False, problem='It needs a first frame.', "
        "worded={}, cost='1.35 CNY')]}"
    )
    card = board.locator("[data-job=job-0]")
    card.get_by_role("button", name="What to do with PPInfra").click()
    expect(board.get_by_role("menuitem", name="Open the file")).to_be_focused()
    board.get_by_role("menuitem", name="Promote").click()
    window = page.get_by_role("dialog", name="Promote")
    expect(window.get_by_text("3.50 CNY")).to_be_visible()
    expect(window.get_by_text("It needs a first frame.")).to_have_count(0)
    window.get_by_label("Show 1 that cannot be made").check()
    expect(window.get_by_text("It needs a first frame.")).to_be_visible()
    window.get_by_role("radio").first.check()
    shot(page, "board-promote-light")
    window.get_by_role("button", name="Make it · 3.50 CNY").click()
    stars = card.get_by_role("slider", name="Rating")
    stars.focus()
    page.keyboard.press("4")
    expect(stars).to_have_attribute("aria-valuetext", "4 of 5 stars")
    card.get_by_role("combobox", name="+ tag").fill("winner")
    page.keyboard.press("Enter")
    card.get_by_label("Note", exact=True).fill("the snow is right")
    page.keyboard.press("Tab")
    card.get_by_role("button", name="What to do with PPInfra").click()
    board.get_by_role("menuitem", name="Delete").click()
    card.get_by_role("button", name="Delete").click()
    told = "('rating', 'tags', 'note', 'target', 'resolution')"
    notebook.wait_value(
        f"[[name, c['job'], {{k: c[k] for k in c if k in {told}}}] for name, c in asked]",
        [
            ["promotions", "job-0", {}],
            ["promote", "job-0", {"resolution": "1080P", "target": "ppinfra/MiniMax-Hailuo-02"}],
            ["annotate", "job-0", {"rating": 4}],
            ["annotate", "job-0", {"tags": ["winner"]}],
            ["annotate", "job-0", {"note": "the snow is right"}],
            ["delete", "job-0", {}],
        ],
    )


def test_a_clip_is_made_again_larger_once_its_price_was_seen(
    show: Callable[..., Shown], page: Page
) -> None:
    notebook, board = show("[{**row(0), 'regenerating': '2K · $0.25'}, row(3)]")
    card = board.locator("[data-job=job-0]")
    board.get_by_role("button", name="Full", exact=True).click()
    make = card.get_by_role("button", name="Make again, larger")
    make.click()
    expect(card.get_by_text("Make this clip again, larger: 2K · $0.25.")).to_be_visible()
    card.get_by_role("button", name="No, keep it as it is").click()
    make.click()
    shot(page, "board-regenerate-light")
    make.last.click()
    notebook.wait_value("asked", [["regenerate", {"job": "job-0"}]])
    expect(board.get_by_role("button", name="Make again, larger")).to_have_count(1)


def test_without_actions_menus_have_what_needs_no_kernel(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(0), row(3, state='failed', video=None)]", more="")
    expect(board.locator(".hn-card")).to_have_count(2)
    expect(board.get_by_role("button", name="What to do")).to_have_count(1)
    loaded(page, 1)
    board.get_by_role("button", name="What to do").click()
    offered = ["Open the file", "Download the clip", "Copy this frame"]
    expect(board.get_by_role("menuitem")).to_have_text(offered)
    page.keyboard.press("Escape")
    expect(board.get_by_role("slider", name="Rating")).to_have_count(0)
    expect(board.get_by_role("button", name="Vote", exact=True)).to_have_count(0)


def test_chinese_and_back(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show("[row(0), row(3)]")
    board.get_by_role("button", name="Table").click()
    board.get_by_role("button", name="中文").click()
    board = notebook.output(1).locator(".hn-board")
    expect(board.get_by_role("columnheader", name="服务商")).to_be_visible()
    expect(board).to_have_attribute("lang", "zh")
    notebook.wait_value("board.language", "zh")
    board.get_by_role("button", name="English").click()
    expect(notebook.output(1).get_by_role("columnheader", name="Provider")).to_be_visible()


WIDE = """() => {
  const board = document.querySelector('.hn-board').getBoundingClientRect();
  return [...document.querySelectorAll('.hn-board *')].filter((el) => !el.closest('.hn-scroll, .hn-sr, [popover]')
    && el.checkVisibility() && el.getBoundingClientRect().right > board.right + 1).map((el) => el.className);
}"""


@pytest.mark.parametrize("width", [360, 2560])
def test_narrow_and_wide(show: Callable[..., Shown], page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _, board = show("[row(i) for i in range(9)]")
    for view in ("Matrix", "Grid", "Table", "Compare two", "Vote"):
        board.get_by_role("button", name=view, exact=True).click()
        wait_until(page, lambda: page.evaluate(WIDE), [])
    board.get_by_role("button", name="Grid").click()
    loaded(page, 1)
    shot(board, f"board-{width}")


def test_a_saved_notebook_with_twenty_clips_stays_small(show: Callable[..., Shown]) -> None:
    notebook, board = show("[row(i) for i in range(20)]")
    expect(board.locator(".hn-card")).to_have_count(20)
    size = int(notebook.value("len(json.dumps(board.get_state(), ensure_ascii=False).encode())"))
    assert size < 215_000, f"{size} bytes of state"


def test_pictures_of_both_themes(show: Callable[..., Shown], page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 1500})
    rows = """[row(i, rating=[4, 0, 5, 2][i % 4], tags=["keep"] if i % 4 == 2 else []) for i in range(7)] + [
        row(7, state="submitted", progress=0.4, video=None, poster="", submitted_at=1.0, finished_at=2.0),
        row(8, state="failed", video=None, poster="", error="The text was refused: code 1026", advice="Change it.")]"""
    notebook, board = show(rows)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    board.get_by_role("button", name="Play all").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card-grid video')].every(v => v.currentTime > 0.2)"
    )
    for theme in themes:
        notebook.set_theme(theme)
        shot(board, f"board-matrix-{theme}")
    board.get_by_role("button", name="Grid").click()
    board.get_by_label("Group by").select_option("provider")
    board.get_by_role("button", name="Filter").click()
    for theme in themes:
        notebook.set_theme(theme)
        expect(board).to_have_css("color-scheme", theme)
        shot(board, f"board-grid-{theme}")
