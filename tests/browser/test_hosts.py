"""Studio and board where no Jupyter is around them: in a shadow root (as marimo has it), in the
host's colours, in forced colours, right to left, at 200 % zoom, and both sheets on one page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

import hailuo_nb as hn
from hailuo_nb.widgets.compare_board import CompareBoard
from tests.browser.board_clips import row, write_clips
from tests.browser.lab import shot
from tests.browser.notebook import wait_until
from tests.browser.plain_host import mount, plain_page
from tests.browser.test_accessibility import violations

VIEWS = ["Grid", "Matrix", "Table", "Compare two", "Vote"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("host")
    write_clips(made, 6)
    return made


@pytest.fixture
def host(new_context: Callable[..., BrowserContext], folder: Path) -> Callable[..., Page]:
    """`host(html, viewport=...)`: an empty page."""

    def make(html: str = "<main></main>", **settings: Any) -> Page:
        settings = {"viewport": {"width": 1400, "height": 900}} | settings
        return plain_page(new_context(**settings).new_page(), folder, html)

    return make


def board() -> CompareBoard:
    return CompareBoard([row(index) for index in range(6)], actions=["annotate", "vote", "votes"])


def studio() -> Any:
    return hn.Studio("A red fox runs home", provider="simulated:ppinfra").editor


def loaded(root: Locator, count: int) -> None:
    expect(root.locator("video")).to_have_count(count)
    for index in range(count):
        expect(root.locator("video").nth(index)).to_have_js_property("readyState", 4)


def test_a_board_in_a_shadow_root_plays_and_is_worked_by_keys(host: Callable[..., Page]) -> None:
    page = host()
    root = mount(page, board(), shadow=True)
    root.get_by_role("button", name="Grid").click()
    loaded(root, 6)
    root.get_by_role("button", name="Play all").click()
    expect(root.get_by_role("button", name="Pause all")).to_be_visible()
    root.get_by_role("button", name="Pause all").click()
    root.evaluate("el => el.focus()")
    before = root.locator(".hn-time-text").inner_text()
    page.keyboard.press(".")
    expect(root.locator(".hn-time-text")).not_to_have_text(before)
    root.get_by_role("button", name="Table").click()
    root.get_by_role("button", name="Columns").click()
    items = root.get_by_role("menuitemcheckbox")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(items.nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    root.get_by_role("button", name="中文").click()
    expect(page.locator(".hn-board")).to_have_attribute("lang", "zh")
    shot(page, "host-shadow-board")
    assert violations(page, "main") == []


def test_a_studio_in_a_shadow_root_is_written_in(host: Callable[..., Page]) -> None:
    page = host()
    root = mount(page, studio(), shadow=True)
    prompt = root.get_by_role("textbox", name="Prompt").first
    prompt.evaluate("(area) => { area.focus(); area.setSelectionRange(5, 5); }")
    root.locator("[data-move=push_in]").first.click()
    expect(prompt).to_have_value("A red [Push in] fox runs home")
    page.keyboard.type(" old")
    expect(prompt).to_have_value("A red [Push in] old fox runs home")
    for _ in range(8):
        if prompt.input_value() == "A red fox runs home":
            break
        page.keyboard.press("Control+z")
    expect(prompt).to_have_value("A red fox runs home")
    shot(page, "host-shadow-studio")
    assert violations(page, "main") == []


@pytest.mark.parametrize("shadow", [False, True])
def test_the_theme_is_that_of_the_colours_around_it(
    host: Callable[..., Page], shadow: bool
) -> None:
    page = host("<body style='background: rgb(20, 22, 30); color: white'><main></main>")
    root = mount(page, board(), shadow=shadow)
    expect(root).to_have_css("color-scheme", "dark")
    dark = root.evaluate("el => getComputedStyle(el).backgroundColor")
    page.evaluate("() => { document.body.style.background = 'oklch(0.97 0.01 200)'; }")
    expect(root).to_have_css("color-scheme", "light")
    expect(root).not_to_have_css("background-color", dark)
    page.evaluate("() => { document.body.style.background = 'transparent'; }")
    expect(root).to_have_css("color-scheme", "dark")  # white text is around it
    page.emulate_media(color_scheme="dark")
    page.evaluate("() => { document.body.style = 'color: black'; }")
    expect(root).to_have_css("color-scheme", "light")


LOOKS = """(root) => [...root.querySelectorAll('*')].filter((el) => el.tagName !== 'VIDEO').map((el) => {
  const style = getComputedStyle(el);
  const names = ['display', 'position', 'color', 'backgroundColor', 'padding', 'margin', 'borderWidth',
    'borderColor', 'borderRadius', 'font', 'gap', 'gridTemplateColumns', 'opacity', 'minHeight'];
  return `${el.className} ${names.map((name) => style[name]).join(' | ')}`;
})"""


@pytest.mark.parametrize(("first", "second"), [(board, studio), (studio, board)])
def test_a_second_sheet_changes_nothing(
    host: Callable[..., Page], first: Callable[[], Any], second: Callable[[], Any]
) -> None:
    page = host("<body style='overflow-y: scroll'><main></main><aside></aside>")
    page.emulate_media(reduced_motion="reduce")
    root = mount(page, first())
    if first is board:
        loaded(root, 6)
    page.mouse.move(1, 1)
    looks = list[str]()

    def same() -> bool:
        before, looks[:] = looks[:], root.evaluate(LOOKS)
        return looks == before

    wait_until(page, same, True)
    before = looks[:]
    mount(page, second(), place="aside")
    wait_until(
        page,
        lambda: [one for one in zip_longest(before, root.evaluate(LOOKS)) if one[0] != one[1]],
        [],
    )


def views_of(root: Locator) -> list[str]:
    return [name for name in VIEWS if root.get_by_role("button", name=name, exact=True).count()]


OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return '';
  const out = [...document.querySelectorAll('.hn *')].filter((el) => {
    const { left, right } = el.getBoundingClientRect();
    return el.checkVisibility() && (right > innerWidth + 1 || left < -1);
  });
  return `${wide} px too wide: ${out.slice(0, 5).map((el) => el.className).join(', ')}`;
}"""


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_200_percent_zoom_and_right_to_left_lose_nothing(
    host: Callable[..., Page], direction: str
) -> None:
    """At 200 % a window of 1400 by 900 is one of 700 by 450."""
    page = host(
        f"<body dir={direction}><main></main><aside></aside>",
        viewport={"width": 700, "height": 450},
        device_scale_factor=2,
    )
    root = mount(page, board())
    loaded(root, 6)
    for view in views_of(root):
        root.get_by_role("button", name=view, exact=True).click()
        shot(page, f"host-zoom-{direction}-{view.lower().replace(' ', '-')}")
        wait_until(page, lambda: page.evaluate(OVERFLOW), "")
    editor = mount(page, studio(), place="aside")
    editor.scroll_into_view_if_needed()
    shot(editor, f"host-zoom-{direction}-studio")
    wait_until(page, lambda: page.evaluate(OVERFLOW), "")
    generate = editor.locator(".hn-generate")
    generate.scroll_into_view_if_needed()
    expect(generate).to_be_in_viewport(ratio=0.9)


def test_in_a_host_from_right_to_left_it_reads_as_its_language_does(
    host: Callable[..., Page],
) -> None:
    page = host("<body dir=rtl><main></main>")
    root = mount(page, board())
    loaded(root, 6)
    root.get_by_role("button", name="Grid").click()
    shot(page, "host-rtl")
    expect(root).to_have_css("direction", "ltr")
    cards = root.locator(".hn-card")
    lefts = "([one, two]) => one.getBoundingClientRect().left < two.getBoundingClientRect().left"
    wait_until(page, lambda: cards.evaluate_all(lefts), True)


def test_forced_colours_show_what_is_chosen(host: Callable[..., Page]) -> None:
    page = host("<main></main><aside></aside>")
    page.emulate_media(forced_colors="active")
    root = mount(page, board())
    loaded(root, 6)
    grid = root.get_by_role("button", name="Grid", exact=True)
    table = root.get_by_role("button", name="Table", exact=True)
    grid.click()
    page.mouse.move(1, 1)
    highlight = page.evaluate(
        """() => {
          const probe = document.createElement('p');
          probe.style = 'forced-color-adjust: none; background: Highlight';
          document.body.append(probe);
          const { backgroundColor } = getComputedStyle(probe);
          probe.remove();
          return backgroundColor;
        }"""
    )
    expect(grid).to_have_css("background-color", highlight)
    expect(table).not_to_have_css("background-color", highlight)
    shot(page, "host-forced-board")
    editor = mount(page, studio(), place="aside")
    shot(editor, "host-forced-studio")
    play = root.get_by_role("button", name="Play all")
    behind = play.evaluate("el => getComputedStyle(el).backgroundColor")
    expect(play.locator(".hn-icon").first).not_to_have_css("background-color", behind)
