"""axe-core finds nothing in any view of board and studio, in both themes and languages. It is a development
dependency of tests/js."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.board_page import Shown, loaded, page, seconds, show, with_clips
from tests.browser.lab import ROOT, Notebook

__all__ = ["page", "seconds", "show", "with_clips"]

AXE = ROOT / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
STUDIO = (
    "import hailuo_nb as hn\nstudio = hn.Studio('A red fox [Push in,Pan left] [Wobble]')\nstudio"
)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# Only what is ours: JupyterLab's own page around it is not. `region` asks for landmarks of a whole
# page. A colour on its way to another one is nobody's.
RUN = """async ([selector, whole]) => {
  const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(ends.map((one) => one.finished));
  const found = await axe.run(document.querySelector(selector), { resultTypes: ['violations'],
    rules: { region: { enabled: whole } } });
  const nodesOf = (nodes) => nodes.slice(0, 3).map((n) => `${n.html} | ${n.failureSummary}`);
  return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodesOf(nodes) }));
}"""


def violations(page: Page, selector: str, *, whole: bool = False) -> list[dict[str, Any]]:
    """What axe says of the element, or of a whole page of ours; the script is loaded into the page
    first."""
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN, [selector, whole])
    return found


ROWS = """[row(0, rating=4, tags=["keep"]), row(1), row(3), row(4), row(5, notes=["It has no watermark switch."]),
        row(6, state="failed", video=None, error="The text was refused: code 1026", advice="Change the prompt."),
        row(7, state="unknown", video=None, error="The connection broke."),
        row(8, state="submitted", progress=None, video=None, submitted_at=1.0, finished_at=None, usual_seconds=40.0)]"""
VIEWS = ["grid", "matrix", "table", "summary", "pair", "vote"]
SUMMARY = "from tests.browser.summary_sample import sample\nboard.set_summary(sample())"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_view_of_the_board_in_both_themes(
    show: Callable[..., Shown], page: Page, language: str
) -> None:
    notebook, board = show(ROWS)
    loaded(page, 1)
    notebook.kexec(f"board.language = {language!r}\n{SUMMARY}")
    expect(board).to_have_attribute("lang", language)
    for theme in THEMES:
        notebook.set_theme(theme)
        for view in VIEWS:
            notebook.kexec(f"board.view = {view!r}")
            expect(board).to_have_attribute("data-view", view)
            assert violations(page, ".hn-board") == [], f"{view}, {theme}, {language}"


def test_what_opens_on_the_board(show: Callable[..., Shown], page: Page) -> None:
    notebook, board = show(ROWS)

    def check(what: str) -> None:
        for theme in THEMES:
            notebook.set_theme(theme)
            assert violations(page, ".hn-board") == [], f"{what}, {theme}"

    loaded(page, 1)
    board.get_by_role("button", name="Filter").click()
    board.get_by_role("button", name="Grid").click()
    board.get_by_label("Choose for comparison: PPInfra").first.click()
    board.get_by_label("Choose for comparison: PPInfra").nth(1).click()
    board.locator("[data-job=job-7]").get_by_role("button", name="Send again").click()
    board.get_by_role("button", name="What to do with PPInfra").first.click()
    check("chosen, a menu and a question")
    page.keyboard.press("Escape")
    board.get_by_role("button", name="Keys").click()
    check("help")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_studio(notebook: Notebook, page: Page, language: str) -> None:
    notebook.write([STUDIO])
    notebook.run_cell(0)
    studio = notebook.output(0).locator(".hn-studio")
    expect(studio).to_be_visible()
    notebook.kexec(f"studio.editor.language = {language!r}")
    expect(studio).to_have_attribute("lang", language)

    def check(what: str) -> None:
        for theme in THEMES:
            notebook.set_theme(theme)
            assert violations(page, ".hn-studio") == [], f"{what}, {theme}, {language}"

    check("as it comes")
    shut = studio.locator("details:not([open]) > summary:visible")
    while shut.count():
        shut.first.click()
    check("all that opens is open")


def test_axe_would_find_something(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.set_content("<main><img src='data:,'><button></button></main>")
    assert {found["id"] for found in violations(page, "main")} == {"image-alt", "button-name"}
