"""Undo in the prompt of a real JupyterLab: whoever wrote, Ctrl+Z brings back what stood there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook

LONG = "A cat runs home through the rain. " * 80
TWO = ["simulated:ppinfra", "simulated:xcompute"]


def undone(editor: Editor, before: str, write: Callable[[], object]) -> None:
    """One Ctrl+Z takes back what `write` wrote, and Ctrl+Y does it again; the kernel hears of
    both."""
    expect(editor.prompt).to_have_value(before)
    write()
    expect(editor.prompt).not_to_have_value(before)
    after = editor.text()
    editor.prompt.focus()
    editor.reaches(after)
    for key, wanted in (("z", before), ("y", after), ("z", before)):
        editor.prompt.press(f"Control+{key}")
        expect(editor.prompt).to_have_value(wanted)
        editor.reaches(wanted)  # one after the other: what is typed and not sent yet wins


def test_a_prompt_that_was_shortened_comes_back(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "")
    editor.prompt.fill(LONG)
    shorten = editor.root.get_by_role("button", name="Shorten the prompt")
    expect(shorten.first).to_be_visible()
    undone(editor, LONG, shorten.first.click)
    expect(shorten.first).to_be_visible()
    shorten.first.click()
    expect(editor.prompt).not_to_have_value(LONG)
    assert editor.text().endswith("rain."), "it is cut behind a sentence"


def test_cures_of_moves_templates_and_history_come_back(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat [Pann left] runs", before="", provider=TWO)
    before = "A cat [Pann left] runs"
    root = editor.root
    cure = editor.findings.get_by_role("button", name="Use Pan left")
    undone(editor, before, cure.first.click)
    root.locator("[data-shelf=templates]").click()
    undone(editor, before, root.get_by_role("button", name="Take prompt").first.click)


def test_what_the_kernel_writes_comes_back_too(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    editor.prompt.press_sequentially(" runs", delay=5)
    written = editor.text()
    editor.reaches(written)  # until it is sent, what is typed wins
    undone(
        editor, written, lambda: editor.notebook.kexec("studio.editor.prompt = 'Something else'")
    )
    undone(
        editor,
        written,
        lambda: editor.notebook.kexec("studio.editor.load({'prompt': 'A dog', 'duration': 6})"),
    )


@pytest.mark.parametrize("command", ["undo"])
def test_undo_of_the_browsers_menu_is_ours(notebook: Notebook, command: str) -> None:
    editor = Editor.open(notebook, "A cat")
    editor.caret(5)
    editor.tile("push_in").click()
    editor.prompt.press("End")
    editor.prompt.press_sequentially("!", delay=5)
    session = editor.page.context.new_cdp_session(editor.page)
    for kind in ("keyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, "key": "F20", "commands": [command]})
    expect(editor.prompt).to_have_value("A cat [Push in]")


def test_the_history_outlives_a_switch_of_language(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    editor.caret(5)
    editor.tile("push_in").click()
    expect(editor.prompt).to_have_value("A cat [Push in]")
    editor.reaches("A cat [Push in]")
    editor.root.locator(".hn-language").first.click()
    expect(editor.prompt).to_have_value("A cat [Push in]")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("A cat")
