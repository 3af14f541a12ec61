"""Completion of camera moves in a real JupyterLab: with real keys, with a mouse, and with an input
method through the browser's own protocol."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook, shot
from tests.browser.notebook import wait_until
from tests.browser.test_accessibility import violations


@pytest.fixture
def editor(notebook: Notebook) -> Editor:
    editor = Editor.open(notebook, "A cat ")
    editor.caret(6)
    return editor


def options(editor: Editor) -> Locator:
    return editor.root.locator(".hn-completion [role=option] span[lang=en]")


def says(editor: Editor, option: str) -> None:
    """Until a screen reader says this option."""
    active = (
        "area => document.getElementById(area.getAttribute('aria-activedescendant'))"
        "?.innerText.split('\\n')[0]"
    )
    wait_until(editor.page, lambda: editor.prompt.evaluate(active), option)


def test_a_bracket_opens_the_moves_and_tab_takes_one(editor: Editor) -> None:
    editor.prompt.press("[")
    expect(editor.root.get_by_role("listbox", name="Camera moves")).to_be_visible()
    expect(options(editor)).to_have_count(15)
    says(editor, "Truck left")
    shot(editor.page, "completion")
    assert violations(editor.page, ".hn-studio") == []
    editor.prompt.press_sequentially("pu")
    expect(options(editor)).to_have_text(["Push in", "Pull out"])
    editor.prompt.press("ArrowDown")
    says(editor, "Pull out")
    editor.prompt.press("ArrowDown")
    editor.prompt.press("ArrowUp")
    says(editor, "Pull out")
    editor.prompt.press("Tab")
    expect(editor.prompt).to_have_value("A cat [Pull out]")
    expect(editor.prompt).to_be_focused()
    expect(editor.root.get_by_role("listbox")).to_have_count(0)
    expect(editor.steps).to_have_count(1)
    editor.prompt.press_sequentially("!")
    expect(editor.prompt).to_have_value("A cat [Pull out]!")
    editor.prompt.press("Control+z")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("A cat [pu")
    editor.prompt.press("Control+y")
    expect(editor.prompt).to_have_value("A cat [Pull out]")


def test_enter_takes_one_and_escape_takes_none(editor: Editor) -> None:
    editor.prompt.press("[")
    editor.prompt.press("Escape")
    expect(editor.root.locator(".hn-completion")).to_be_hidden()
    editor.prompt.press_sequentially("sh")
    expect(options(editor)).to_have_count(0)  # it was put away for this word
    expect(editor.prompt).to_be_focused()
    editor.prompt.press_sequentially("ake,")
    expect(options(editor).filter(has_text="Push in")).to_have_count(1)
    editor.prompt.press_sequentially("zoom")
    editor.prompt.press("Enter")
    expect(editor.prompt).to_have_value("A cat [shake,Zoom in]")
    editor.prompt.press("Enter")
    expect(editor.prompt).to_have_value("A cat [shake,Zoom in]\n")
    expect(editor.prompt).to_be_focused()


def test_the_tab_key_leaves_the_prompt_where_nothing_is_offered(editor: Editor) -> None:
    editor.prompt.press_sequentially("[a dog")
    expect(options(editor)).to_have_count(0)
    editor.prompt.press("Tab")
    expect(editor.prompt).not_to_be_focused()


def test_a_click_takes_one_and_the_caret_that_leaves_closes_the_list(editor: Editor) -> None:
    editor.prompt.press("[")
    editor.prompt.press("Home")
    expect(editor.root.locator(".hn-completion")).to_be_hidden()
    editor.prompt.press("End")
    editor.prompt.press_sequentially("t")
    expect(options(editor).nth(0)).to_have_text("Truck left")
    expect(options(editor).nth(1)).to_have_text("Truck right")
    editor.root.locator(".hn-completion [data-move=tilt_up]").click()
    expect(editor.prompt).to_have_value("A cat [Tilt up]")
    expect(editor.prompt).to_be_focused()
    editor.prompt.press_sequentially(" [")
    expect(editor.root.locator(".hn-completion")).to_be_visible()
    editor.root.locator(".hn-title").first.click()
    expect(editor.root.locator(".hn-completion")).to_be_hidden()


def test_an_input_method_keeps_its_keys_and_its_words_are_completed(editor: Editor) -> None:
    session = editor.page.context.new_cdp_session(editor.page)
    editor.prompt.press("[")
    expect(editor.root.locator(".hn-completion")).to_be_visible()
    composition = {"text": "tui", "selectionStart": 3, "selectionEnd": 3}
    session.send("Input.imeSetComposition", composition)
    expect(editor.prompt).to_have_value("A cat [tui")
    expect(editor.root.locator(".hn-completion")).to_be_hidden()
    enter = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", enter)
    expect(editor.prompt).to_have_value("A cat [tui")
    session.send("Input.insertText", {"text": "推"})
    expect(editor.prompt).to_have_value("A cat [推")
    expect(options(editor)).to_have_text(["Push in", "Zoom in"])
    editor.prompt.press("Enter")
    expect(editor.prompt).to_have_value("A cat [推进]")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("A cat [推")
