"""What stands beside Generate in a real JupyterLab: the rest of a draft, the question above a limit,
what runs; all of it in sight, and the same in another language."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.editor_page import Editor
from tests.browser.notebook import Notebook, wait_until

FAST = "simulated:modelverse/MiniMax-Hailuo-2.3-Fast"
PANEL = ".jp-WindowedPanel-outer"


def test_what_cannot_be_sent_is_left_out_by_one_press(notebook: Notebook) -> None:
    editor = Editor.open(
        notebook, "A cat", provider=[FAST, "simulated:ppinfra", "simulated:xcompute"]
    )
    rest = editor.root.get_by_role("button", name="Generate 2, leave 1 out")
    expect(rest).to_be_visible()
    expect(editor.generate).to_have_attribute("aria-disabled", "true")
    editor.prompt.press("Control+Enter")
    rest.click()
    editor.reaches(
        [["simulated:ppinfra/MiniMax-Hailuo-02", "simulated:xcompute/MiniMax-Hailuo-2.3"]],
        "[one.targets for one in sent]",
    )
    assert FAST in editor.python("studio.editor.targets"), "the draft stays as it is"
    rest.click()  # the same once more is asked about, as all of a draft is
    question = editor.root.locator(".hn-confirm")
    expect(question).to_contain_text("2 clips of this draft were asked for")
    question.get_by_role("button", name="No, leave it").click()
    expect(question).to_be_hidden()
    editor.has_sent(1)
    rest.click()
    expect(question).to_be_visible()
    editor.root.get_by_label("Takes", exact=True).fill("2")
    expect(question).to_be_hidden()  # "this draft" is another now
    editor.has_sent(1)
    expect(editor.root.get_by_role("button", name="Generate 4, leave 2 out")).to_be_visible()
    editor.root.locator(f"[data-target='{FAST}']").uncheck()
    expect(editor.root.locator(".hn-rest")).to_have_count(0)
    expect(editor.generate).to_contain_text("Generate 4 clips")


def test_more_clips_than_a_person_wants_unasked_are_asked_about(notebook: Notebook) -> None:
    editor = Editor.open(
        notebook, "A cat", provider=["simulated:ppinfra", "simulated:xcompute"], ask_above=3
    )
    root = editor.root
    question = root.locator(".hn-confirm")
    expect(root.locator(".hn-keys")).to_have_text("Ctrl+Enter generates 2 clips")
    root.get_by_label("Takes", exact=True).fill("2")
    expect(root.locator(".hn-keys")).to_have_text("Ctrl+Enter generates 4 clips")
    editor.caret(3)
    editor.prompt.press("Control+Enter")
    expect(question).to_contain_text("Generate 4 clips for free (simulated)?")
    expect(question.get_by_role("button", name="No, leave it")).to_be_focused()
    editor.page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(editor.prompt).to_be_focused()
    editor.has_sent(0)
    editor.prompt.press("Control+Enter")
    expect(question).to_be_visible()
    editor.prompt.fill("A bird")
    expect(question).to_be_hidden()  # it was about another draft
    editor.has_sent(0)
    editor.prompt.press("Control+Enter")
    question.get_by_role("button", name="Yes, 4 clips").click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    editor.has_sent(1)
    root.locator(".hn-cost summary").click()
    root.get_by_label("Ask before more clips than").fill("4")
    editor.prompt.fill("A dog")
    editor.prompt.press("Control+Enter")
    editor.has_sent(2)
    expect(question).to_be_hidden()
    editor.reaches(4, "studio.ask_above")


def test_another_language_changes_the_words_alone(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat [Pann left] runs")
    root, page = editor.root, editor.page
    editor.open_camera()
    root.locator(".hn-cost summary").click()
    editor.caret(5)
    page.keyboard.insert_text("!")
    root.evaluate("(root) => { root.marked = true; }")
    editor.prompt.evaluate("(area) => area.setSelectionRange(2, 5)")
    editor.reaches(editor.text())
    root.locator(".hn-language").click()
    expect(editor.generate).to_contain_text("生成 4 个视频")
    expect(editor.prompt).to_have_attribute(
        "placeholder",
        "描述画面。输入 [ 或点击下方运镜即可插入指令；写 {清晨|黄昏} 可对比多个版本。",
    )
    assert root.evaluate("(root) => root.marked === true"), "it is the same element"
    assert editor.prompt.evaluate("(area) => [area.selectionStart, area.selectionEnd]") == [2, 5]
    expect(root.locator("details[open]")).to_have_count(2)
    expect(root).to_have_attribute("lang", "zh")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("A cat [Pann left] runs")
    root.locator(".hn-language").click()
    expect(editor.generate).to_contain_text("Generate 4 clips")


# Which of these parts are not wholly in sight.
OUTSIDE = """(root, selectors) => {
  const panel = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
  return selectors.filter((selector) => {
    const { top, bottom, height } = root.querySelector(selector).getBoundingClientRect();
    return !(panel.top <= top && bottom <= panel.bottom && height > 0);
  });
}"""
SCROLL = "(by) => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = by; }"


def test_on_a_laptops_screen_all_of_it_is_in_sight_and_clips_below(
    open_notebook: Callable[..., Notebook], page: Page
) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    prompt = (
        "A red fox trots across a meadow at dawn [Truck right,Pan left], then looks up [Push in]"
    )
    # The stand-in takes a minute for a clip: the four run as long as somebody looks.
    cell = (
        "import hailuo_nb as hn\nfrom hailuo_nb.providers import account\n"
        f"account.SIMULATOR_SPEED = 1.0\nhn.Studio({prompt!r})"
    )
    notebook = open_notebook([cell], view="lab", name="sight.ipynb")
    notebook.run_cell(0)
    studio = notebook.output(0).locator(".hn-studio")
    expect(studio.locator(".hn-generate")).to_be_visible()
    page.evaluate(SCROLL, 0)
    parts = [".hn-prompt", ".hn-tiles", ".hn-format", ".hn-settings", ".hn-generate"]
    wait_until(page, lambda: studio.evaluate(OUTSIDE, parts), [])
    studio.locator(".hn-generate").click()
    board = notebook.output(0).locator(".hn-board")
    expect(board.locator(".hn-card").first).to_be_in_viewport(ratio=0.2)
    expect(studio.locator(".hn-running")).to_have_text("4 running")
    page.set_viewport_size({"width": 1400, "height": 560})
    for by in (0, 40, 80):
        page.evaluate(SCROLL, by)
        wait_until(page, lambda: studio.evaluate(OUTSIDE, [".hn-generate"]), [])
