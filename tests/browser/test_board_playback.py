"""What plays goes on: through loops, views, filters and languages, and beside another board."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from typing import cast

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_clips import TITLES
from tests.browser.board_page import SET_UP, Shown, loaded, page, show, with_clips
from tests.browser.lab import Notebook
from tests.browser.notebook import wait_until

__all__ = ["page", "show", "with_clips"]


@pytest.fixture(scope="module")
def seconds() -> float:
    """None ends while a test looks whether it plays."""
    return 20


# The times of the first clip, until it has gone back so often; a minute bounds a loop that never does.
ROUNDS = """(rounds) => new Promise((resolve) => {
  const video = document.querySelector('.hn-card-grid video');
  const times = [video.currentTime];
  const end = performance.now() + 60_000;
  const look = () => {
    if (video.currentTime < times.at(-1) - 0.5) rounds -= 1;
    times.push(video.currentTime);
    if (rounds && performance.now() < end) setTimeout(look, 20); else resolve(times);
  };
  look();
})"""


def clock(board: Locator) -> float:
    """The common time that the board shows, in seconds."""
    minutes, _, rest = board.locator(".hn-time-text").inner_text().partition(":")
    return int(minutes) * 60 + float(rest.partition(" ")[0])


def stands(board: Locator) -> float:
    """The common time, once it has been the same in two looks."""
    seen = [-1.0, clock(board)]

    def same() -> bool:
        board.page.wait_for_timeout(250)
        seen.append(clock(board))
        return seen[-1] == seen[-2]

    wait_until(board.page, same, True)
    return seen[-1]


def moving(page: Page, least: float) -> None:
    page.wait_for_function(
        """(least) => [...document.querySelectorAll('.hn-board video')].some(
          (video) => !video.closest('[hidden]') && !video.paused && video.currentTime > least)""",
        arg=least,
    )


def test_an_ab_loop_goes_round_four_times(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(i) for i in range(6)]")
    board.get_by_role("button", name="Grid").click()
    loaded(page, 6)
    board.evaluate("board => board.focus()")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("[")
    for _ in range(24):
        page.keyboard.press(".")
    page.keyboard.press("]")
    page.keyboard.press(" ")
    moving(page, 1.2)
    first = page.evaluate(ROUNDS, 4)
    page.keyboard.press(" ")
    ends = [one for one, two in pairwise(first) if two < one - 0.5]
    assert len(ends) == 4
    # A picture that comes late on a busy machine passes the end, at 2 s, by as much.
    assert min(first) > 0.98 and 1.5 < min(ends) < 3, ends


def test_the_table_and_a_filter_stop_nothing_for_good(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(0), row(3), row(6)]")
    board.get_by_role("button", name="Grid").click()
    loaded(page, 3)
    board.get_by_role("button", name="Play all").click()
    moving(page, 1)
    page.evaluate("""() => {
      window.calls = [];
      const { play } = HTMLVideoElement.prototype;
      window.uncounted = () => { HTMLVideoElement.prototype.play = play; };
      HTMLVideoElement.prototype.play = function () {
        window.calls.push(this.currentTime);
        return play.call(this);
      };
    }""")
    board.get_by_role("button", name="Table").click()
    expect(board.get_by_role("button", name="Pause all")).to_be_visible()
    at = stands(board)
    assert at >= 1
    page.evaluate("() => { window.calls = []; }")
    page.wait_for_timeout(500)
    assert page.evaluate("() => window.calls") == [], "nothing is started in a table"
    assert clock(board) == at
    board.get_by_role("button", name="Grid").click()
    moving(page, at)
    assert min(page.evaluate("() => window.calls")) > at - 0.2, "they go on where they were"
    board.get_by_role("button", name="Filter").click()
    board.get_by_role("searchbox").fill("no such word")
    expect(board.get_by_role("button", name="Pause all")).to_be_visible()
    at = stands(board)
    board.get_by_role("button", name="Pause all").click()
    expect(board.get_by_role("button", name="Play all")).to_have_count(0)
    board.get_by_role("button", name="Show all").click()
    expect(board.get_by_role("button", name="Play all")).to_be_visible()
    assert stands(board) == pytest.approx(at, abs=0.11)
    assert board.locator("video").evaluate_all("all => all.every((video) => video.paused)")
    page.evaluate("() => window.uncounted()")


def test_a_pair_a_vote_and_another_language_keep_the_time(
    show: Callable[..., Shown], page: Page
) -> None:
    notebook, board = show("[row(0), row(3), row(6)]")
    board.get_by_role("button", name="Grid").click()
    loaded(page, 3)
    board.get_by_role("button", name="Play all").click()
    moving(page, 1)
    at = clock(board)
    board.get_by_role("button", name="Compare two").click()
    page.wait_for_function(
        """(at) => [...document.querySelectorAll('.hn-pair video')].filter(
          (video) => !video.paused && video.currentTime > at).length === 2""",
        arg=at,
    )
    board.get_by_role("button", name="Grid").click()
    moving(page, at)
    board.get_by_role("button", name="Pause all").click()
    at = stands(board)
    assert at > 1
    board.get_by_role("button", name="中文").click()
    board = notebook.output(1).locator(".hn-board")
    loaded(page, 3)
    page.wait_for_function(
        """(at) => [...document.querySelectorAll('.hn-card-grid video')].every(
          (video) => !video.seeking && Math.abs(video.currentTime - at) < 0.1)""",
        arg=at,
    )
    board.get_by_role("button", name="全部播放").click()
    moving(page, at + 0.3)
    board.get_by_role("button", name="English").click()
    board = notebook.output(1).locator(".hn-board")
    expect(board.get_by_role("button", name="Pause all")).to_be_visible()
    moving(page, at + 0.3)


def test_a_refused_start_is_said(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(0), row(3)]")
    loaded(page, 2)
    page.evaluate("""() => {
      const { play } = HTMLVideoElement.prototype;
      HTMLVideoElement.prototype.play = function () {
        HTMLVideoElement.prototype.play = play;
        return Promise.reject(new DOMException('a click first', 'NotAllowedError'));
      };
    }""")
    board.get_by_role("button", name="Play all").click()
    expect(board.locator(".hn-transport").get_by_text("once you have pressed")).to_be_visible()
    board.get_by_role("button", name="Play all").click()
    moving(page, 0.3)
    expect(board.locator(".hn-transport").get_by_text("once you have pressed")).to_be_hidden()


def test_the_name_of_the_second_is_readable_in_a_difference(
    show: Callable[..., Shown], page: Page
) -> None:
    _, board = show("[row(0), row(3)]")
    board.evaluate("board => board.focus()")
    page.keyboard.press("d")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-pair video')].every(v => v.readyState >= 2)"
    )
    name = board.locator("[data-side=b] .hn-pair-label")

    def white_on_a_shade() -> bool:
        """And not what is below minus it."""
        picture = Image.open(io.BytesIO(name.screenshot())).convert("L")
        darkest, lightest = cast(tuple[int, int], picture.getextrema())
        return darkest < 90 and lightest > 240

    wait_until(page, white_on_a_shade, True)


def test_two_boards_on_one_page_play_each_by_itself(with_clips: Notebook, page: Page) -> None:
    rows = "[row(i) for i in range({})]"
    with_clips.write(
        [
            SET_UP,
            f"one = CompareBoard({rows.format(3)})\none",
            f"two = CompareBoard({rows.format(4)})\ntwo",
        ]
    )
    for cell in range(3):
        with_clips.run_cell(cell)
    boards = [with_clips.output(cell).locator(".hn-board") for cell in (1, 2)]
    for board in boards:
        board.scroll_into_view_if_needed()
        board.get_by_role("button", name="Grid").click()
        board.get_by_role("button", name="Play all").click()
    moving(page, 0.3)
    boards[0].get_by_role("button", name="Pause all").click()
    expect(boards[1].get_by_role("button", name="Pause all")).to_be_visible()
    some = "all => all.some(video => !video.paused)"
    wait_until(
        page,
        lambda: [board.locator("video").evaluate_all(some) for board in boards],
        [False, True],
    )


NODES = "board => board.querySelectorAll('*').length"


def test_two_hundred_clips_are_a_page_of_twenty(show: Callable[..., Shown], page: Page) -> None:
    _, board = show("[row(i) for i in range(200)]")
    for view, line in (("Grid", ".hn-card"), ("Table", "tbody tr")):
        board.get_by_role("button", name=view).click()
        expect(board.locator(line)).to_have_count(200)
        for job in (40, 120, 199, 0):
            place = board.locator(f"{line}[data-job=job-{job}]")
            expect(place).to_contain_text(TITLES[job // 3 % 4])
            place.evaluate("place => place.scrollIntoView({block: 'center'})")
            expect(place).not_to_have_attribute("data-far", "")
            expect(place).to_be_in_viewport()
            wait_until(page, lambda: board.evaluate(NODES) < 2000, True)
