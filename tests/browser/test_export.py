"""The page on disk: opened by file:// with the network off, it is the notebook's board, and its
clips play in step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.results.comparison import Comparison
from tests.browser.board_clips import READ_FRAME, colour
from tests.browser.lab import shot
from tests.browser.notebook import wait_until
from tests.browser.saved_comparison import saved_comparison
from tests.browser.test_accessibility import violations
from tests.browser.test_board_player import SPREAD, paints, settled

Mode = Literal["inline", "folder"]
MODES: list[Mode] = ["inline", "folder"]
BLOCKED = re.compile("Content Security Policy|Refused|blocked", re.IGNORECASE)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return saved_comparison(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def pages(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> dict[Mode, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        "inline": comparison.to_html(folder / "one.html"),
        "folder": comparison.to_html(folder / "ein Ordner & mehr", mode="folder"),
    }


@pytest.fixture
def opened(offline_page: Page, pages: dict[Mode, Path]) -> Iterator[Callable[[Mode], Page]]:
    """Open a page with the network off. Nothing may be said on its console in the end."""
    said: list[str] = []
    offline_page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    offline_page.on("pageerror", lambda error: said.append(str(error)))

    def make(mode: Mode) -> Page:
        offline_page.goto(pages[mode].as_uri())
        return offline_page

    yield make
    assert said == []


def loaded(page: Page, count: int, place: str = ".hn-card-grid") -> None:
    page.wait_for_function(
        "([place, count]) => { const all = [...document.querySelectorAll(place + ' video')];"
        " return all.length === count && all.every((video) => video.readyState >= 2); }",
        arg=[place, count],
    )


def board_of(page: Page) -> Locator:
    board = page.locator(".hn-board")
    expect(board).to_be_visible()
    return board


@pytest.mark.parametrize("mode", MODES)
def test_the_board_of_the_notebook_plays_in_step(
    opened: Callable[[Mode], Page], mode: Mode
) -> None:
    page = opened(mode)
    board = board_of(page)
    loaded(page, 4)
    expect(page.locator("#hn-still")).to_have_count(0)
    expect(board.locator(".hn-board-head .hn-badge", has_text="Simulated")).to_have_count(1)
    board.get_by_role("button", name="Play all").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('video')].every((v) => v.currentTime > 0.3)"
    )
    # They come to it, and stay for a while: how soon says more of this machine than of the page.
    assert any(median(page.evaluate(SPREAD, 500)["spreads"]) < 0.042 for _ in range(6))
    board.get_by_role("button", name="Pause all").click()
    settled(page)
    # `player.js` does not seek a video that is within 0.1 ms of where all of them stop.
    wait_until(page, lambda: max(page.evaluate(SPREAD, 0)["spreads"]) < 0.0002, True)
    if mode == "inline":  # a file beside the page taints a canvas, a clip inside it does not
        read = f"() => [...document.querySelectorAll('video')].map({READ_FRAME})"

        def one_frame() -> bool:
            numbers = page.evaluate(read)
            return len(set(numbers)) == 1 and numbers[0] > 0

        wait_until(page, one_frame, True)


@pytest.mark.parametrize("mode", MODES)
def test_wipe_and_difference_by_pixel(opened: Callable[[Mode], Page], mode: Mode) -> None:
    page = opened(mode)
    board = board_of(page)
    loaded(page, 4)
    for job in ("job-0", "job-3"):
        board.locator(f"[data-job={job}] .hn-pick").click()
    board.get_by_role("button", name="Compare", exact=True).click()
    stage = board.locator(".hn-pair-stage")
    loaded(page, 2, ".hn-pair")
    settled(page)
    shade = 0.35 + 0.65 * 0.5
    a, b = (tuple(value * shade for value in colour(index)) for index in (0, 3))
    paints(stage, {(0.3, 0.5): a, (0.8, 0.5): b})
    board.get_by_role("button", name="Difference").click()
    paints(stage, {(0.8, 0.5): tuple(abs(one - other) for one, other in zip(a, b, strict=True))})


@pytest.mark.parametrize("mode", MODES)
def test_table_filter_and_language(opened: Callable[[Mode], Page], mode: Mode) -> None:
    page = opened(mode)
    board = board_of(page)
    loaded(page, 4)
    board.get_by_role("button", name="Filter").click()
    board.get_by_role("searchbox").fill("sleeps")
    expect(board.locator(".hn-card:visible")).to_have_count(1)
    board.get_by_role("button", name="Table").click()
    expect(board.locator("tbody tr[data-job]")).to_have_count(1)
    board.get_by_role("searchbox").fill("")
    expect(board.locator("tbody tr[data-job]")).to_have_count(4)
    board.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="English")).to_be_visible()


# Of clips of one duration: others are kept apart.
VOTES = [Vote("job-1", "job-3", "first"), Vote("job-3", "job-1", "tie", "Ann")]


def test_the_conclusion_is_in_the_page(
    offline_page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Stars, tags, votes and the summary, without a kernel and with the network off."""
    found = saved_comparison(tmp_path_factory.mktemp("voted"), votes=VOTES, note="steady")
    page = offline_page
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(found.to_html(tmp_path_factory.mktemp("pages") / "voted.html").as_uri())
    board = board_of(page)
    loaded(page, 4)
    expect(board.get_by_text("★★★").first).to_be_visible()
    expect(board.get_by_text("steady").first).to_be_visible()
    shot(board, "export-opinions")
    board.get_by_role("button", name="Summary").click()
    rows = board.locator(".hn-figures tbody tr")
    expect(rows).to_have_count(len({job.provider for job in found}))
    expect(rows.first).to_contain_text("3.0")
    expect(board.locator(".hn-figures")).to_contain_text("1 won")
    shot(board, "export-summary")
    assert violations(page, ".hn-summary-view") == []
    verdict = page.locator(".verdict:visible")
    expect(verdict).to_contain_text("Not enough evidence for a verdict")
    board.get_by_role("button", name="中文").click()
    expect(verdict).to_contain_text("证据不足")
    expect(verdict).to_have_count(1)
    board.get_by_role("button", name="盲评").click()
    expect(verdict).to_have_count(0)


def test_what_needs_a_kernel_is_not_offered(opened: Callable[[Mode], Page]) -> None:
    page = opened("inline")
    board = board_of(page)
    loaded(page, 4)
    board.locator(".hn-more").first.click()
    offered = ["Open the file", "Download the clip", "Copy this frame"]
    expect(board.get_by_role("menuitem")).to_have_text(offered)
    page.keyboard.press("Escape")
    expect(board.get_by_role("button", name="Export")).to_have_count(0)
    expect(board.locator(".hn-annotations:visible")).to_have_count(0)
    expect(board.get_by_role("button", name="Vote")).to_have_count(0)


@pytest.mark.parametrize("mode", MODES)
def test_each_clip_and_poster_is_there_once(
    comparison: Comparison, pages: dict[Mode, Path], mode: Mode
) -> None:
    text = pages[mode].read_text(encoding="utf-8")
    clips = sum(job.path.stat().st_size for job in comparison if job.path)
    if mode == "inline":
        assert text.count("data:video/mp4;base64,") == text.count("data:image/jpeg;base64,") == 4
        assert len(text) < clips * 4 / 3 + 220_000
        return
    assert "data:video/mp4" not in text and "data:image/jpeg" not in text
    folder = pages[mode].parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "comparison.json",
        "index.html",
        "posters",
        "videos",
    ]
    assert sum(path.stat().st_size for path in (folder / "videos").iterdir()) == clips
    again = Comparison.load(folder)
    assert [job.id for job in again] == [job.id for job in comparison]


@pytest.mark.parametrize("mode", MODES)
def test_without_a_script_it_shows_posters_prompts_facts_and_clips(
    new_context: Callable[..., BrowserContext], pages: dict[Mode, Path], mode: Mode
) -> None:
    page = new_context(offline=True, java_script_enabled=False).new_page()
    page.goto(pages[mode].as_uri())
    expect(page.locator("article")).to_have_count(4)
    first = page.locator("article").first
    expect(first).to_contain_text("A red fox trots across a snowy meadow")
    expect(first).to_contain_text("MiniMax-Hailuo-2.3 · 768P · 6 s")
    expect(first).to_contain_text("SIMULATED")
    expect(page.locator("video[controls][poster]")).to_have_count(4)
    box = first.locator("video").bounding_box()
    assert box is not None
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    paints(first.locator("video"), {(0.9, 0.5): tuple(value * 0.675 for value in colour(0))}, 40)
    first.locator("video").click(position=middle)  # type: ignore[arg-type]
    shot(page, f"page-{mode}-without-script")


@pytest.mark.parametrize("mode", MODES)
def test_the_policy_holds(offline_page: Page, pages: dict[Mode, Path], mode: Mode) -> None:
    """A script, a style or a request that is not ours is refused: put into the page as its author
    might be tricked."""
    page = offline_page
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    target = pages[mode].with_name("attacked.html")
    text = pages[mode].read_text(encoding="utf-8")
    attack = (
        '<script>window.hacked=1</script><img src="data:image/gif;base64,x" '
        'onerror="window.hacked=2">'
        '<style>footer{color:red}</style><img src="http://127.0.0.1:9/x.png"><form '
        'action="http://127.0.0.1:9/"></form>'
        '<iframe src="data:text/html,x"></iframe>'
    )
    target.write_text(text.replace("<footer>", f"{attack}<footer>", 1), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(target.as_uri())
    board_of(page)
    assert page.evaluate("() => window.hacked") is None
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('footer')).color")
        != "rgb(255, 0, 0)"
    )
    refused = page.evaluate(
        "() => fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)"
    )
    assert refused == "TypeError"
    wait_until(page, lambda: len([line for line in said if BLOCKED.search(line)]) >= 5, True)
    target.unlink()


@pytest.mark.parametrize("mode", MODES)
def test_it_looks_well_in_both_themes(opened: Callable[[Mode], Page], mode: Mode) -> None:
    page = opened(mode)
    page.set_viewport_size({"width": 1500, "height": 1000})
    loaded(page, 4)
    shot(page, f"page-{mode}-light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".hn-board")).to_have_css("color-scheme", "dark")
    shot(page, f"page-{mode}-dark")


def test_a_clip_that_was_not_over_says_so_and_stands_still(
    offline_page: Page, tmp_path: Path
) -> None:
    board = saved_comparison(tmp_path, 2, state="submitted", submitted_at=1000.0, finished_at=None)
    page = offline_page
    page.goto(board.to_html(tmp_path / "open.html").as_uri())
    cards = page.locator(".hn-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("it was submitted when this was written")
    bar: Any = cards.first.locator("[role=progressbar]")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    expect(cards.first.locator("[data-unknown]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_whole_page(
    offline_page: Page, pages: dict[Mode, Path], theme: Literal["light", "dark"]
) -> None:
    page = offline_page
    page.emulate_media(color_scheme=theme)
    page.goto(pages["inline"].as_uri())
    loaded(page, 4)
    found = violations(page, "html", whole=True)
    # The board begins with a heading of the third level, as it stands below a notebook's own
    # headings.
    assert [one for one in found if one["id"] != "heading-order"] == [], "the board"
    text = pages["inline"].read_text(encoding="utf-8")
    target = pages["inline"].with_name("still.html")
    target.write_text(
        re.sub(r'<script type="module">.*?</script>', "", text, flags=re.DOTALL), encoding="utf-8"
    )
    page.goto(target.as_uri())
    expect(page.locator("article")).to_have_count(4)
    assert violations(page, "html", whole=True) == [], "without a script"


def test_a_chinese_reader_finds_chinese_words(
    new_context: Callable[..., BrowserContext], pages: dict[Mode, Path]
) -> None:
    page = new_context(offline=True, locale="zh-CN").new_page()
    page.goto(pages["inline"].as_uri())
    expect(page.get_by_role("button", name="全部播放")).to_be_visible()
    expect(page.locator(".hn-board")).to_have_attribute("lang", "zh")
