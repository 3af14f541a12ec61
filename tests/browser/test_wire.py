"""Requests in a real JupyterLab: withdrawn behind a busy cell, pressed twice, a page loaded again, a
kernel that ends."""

from __future__ import annotations

import os
import signal

from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook

# The kernel answers nobody meanwhile, not in a subshell either: the call keeps the interpreter.
BUSY = "import ctypes\nctypes.PyDLL(None).usleep({seconds}_000_000)"


def busy(notebook: Notebook, seconds: int) -> int:
    index = notebook.add_cell(BUSY.format(seconds=seconds))
    notebook.start_cell(index)
    return index


def test_what_waits_behind_a_busy_cell_can_be_withdrawn_and_is_never_sent(
    notebook: Notebook,
) -> None:
    editor = Editor.open(notebook, "A cat")
    busy(notebook, 8)
    editor.generate.click()
    withdraw = editor.root.get_by_role("button", name="Withdraw")
    expect(withdraw).to_be_visible(timeout=7000)
    withdraw.click()
    status = editor.root.locator(".hn-status")
    expect(status).to_contain_text("nothing was sent")
    expect(withdraw).to_be_hidden()
    notebook.wait_idle()
    assert editor.sent() == 0
    editor.generate.click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    assert editor.sent() == 1


def test_a_second_press_asks_and_a_changed_draft_does_not(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    question = editor.root.locator(".hn-send .hn-confirm")

    def press() -> None:
        editor.generate.click()

    def settled() -> None:
        expect(editor.generate).not_to_have_attribute("aria-disabled", "true")

    press()
    settled()
    press()
    expect(question).to_contain_text("asked for")
    expect(question).to_contain_text("ago: again?")
    question.get_by_role("button", name="No, leave it").click()
    settled()
    assert editor.sent() == 1
    press()
    question.get_by_role("button", name="Yes, again").click()
    settled()
    assert editor.sent() == 2
    editor.prompt.fill("A dog")
    press()
    settled()
    expect(question).to_be_hidden()
    assert editor.sent() == 3


def test_loading_the_page_again_and_a_click_pay_once(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    notebook.save()
    busy(notebook, 4)
    editor.generate.click()
    notebook.page.wait_for_timeout(300)
    notebook.page.reload()
    notebook.wait_ready()
    expect(editor.generate).to_be_visible()
    assert editor.sent() == 0, "nobody confirmed it"
    editor.generate.click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    assert editor.sent() == 1


def test_a_kernel_that_ends_is_said_at_once(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    lost = editor.root.locator(".hn-lost")
    expect(lost).to_be_hidden()
    kernel = int(notebook.kexec("import os; print(os.getpid())"))
    os.kill(kernel, signal.SIGKILL)
    expect(lost).to_be_visible(timeout=15_000)
    expect(lost).to_contain_text("Run the cell again")
    expect(editor.generate).to_have_attribute("aria-disabled", "true")
    dialog = notebook.page.locator(".jp-Dialog .jp-mod-accept")
    if dialog.count():
        dialog.first.click()
    notebook.wait_ready()
    expect(lost).to_be_visible()
    notebook.run_cell(0)
    expect(editor.prompt).to_be_visible()
    expect(editor.root.locator(".hn-lost")).to_be_hidden()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
