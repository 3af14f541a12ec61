"""The studio's settings copied as a link and as Python; shown to be copied by hand where the
clipboard is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook, shot

CLIPBOARD = """(refuse) => {
  window.copied = [];
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: {
    writeText: async (text) => { if (refuse) throw new Error("refused"); window.copied.push(text); },
  } });
}"""


@pytest.fixture(autouse=True)
def _own_clipboard(notebook: Notebook) -> Iterator[None]:
    """The page's own clipboard again, for whom the page is next."""
    yield
    notebook.page.evaluate("() => delete navigator.clipboard")


def test_a_link_and_a_call_are_copied(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat [Pan left]", provider="simulated:ppinfra")
    editor.page.evaluate(CLIPBOARD, False)
    share = editor.root.locator(".hn-share")
    share.locator("summary").click()
    editor.prompt.fill("A dog [Pan right]")  # not sent to the kernel yet
    share.get_by_role("button", name="Copy link").click()
    expect(share.get_by_role("status")).to_have_text("Copied.")
    [link] = editor.page.evaluate("copied")
    told = notebook.kexec(f"print(hn.Studio.from_link({link!r}).editor.prompt)")
    assert told.strip() == "A dog [Pan right]"
    share.get_by_role("button", name="Copy as Python").click()
    editor.page.wait_for_function("copied.length === 2")
    code = editor.page.evaluate("copied[1]")
    assert 'hn.compare(\n    "A dog [Pan right]",' in code
    compile(code, "copied", "exec")
    editor.page.keyboard.press("Escape")
    expect(share.get_by_role("button", name="Copy link")).to_be_hidden()
    expect(share.locator("summary")).to_be_focused()


def test_a_refused_clipboard_shows_the_text(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat [Pan left]", provider="simulated:ppinfra")
    editor.page.evaluate(CLIPBOARD, True)
    share = editor.root.locator(".hn-share")
    share.locator("summary").click()
    share.get_by_role("button", name="Copy as Python").click()
    field = share.get_by_role("textbox", name="Copy as Python")
    expect(field).to_be_focused()
    assert field.evaluate(
        "(one) => one.value.slice(one.selectionStart, one.selectionEnd)"
    ).startswith("import")
    for theme in ("light", "dark"):
        notebook.set_theme(theme)
        shot(editor.page, f"editor-share-{theme}")
    notebook.set_theme("light")
