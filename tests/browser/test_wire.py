"""Requests in a real JupyterLab: withdrawn behind a busy cell, pressed twice, a page loaded again, a
kernel that ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.notebook import Notebook, wait_until
from tests.browser.quick_simulator import quick_simulator

LOCKS = Path("/proc/locks")

# The kernel answers nobody meanwhile, not in a subshell either: the call keeps the interpreter.
BUSY = """import ctypes, os
gate = os.open({path!r}, os.O_RDWR)
ctypes.PyDLL(None).flock(gate, {exclusive})
os.close(gate)"""


@contextlib.contextmanager
def busy(notebook: Notebook) -> Iterator[None]:
    """A cell that waits for this block to end."""
    path = notebook.lab.root / "gate"

    def waited_for() -> bool:
        file = f":{path.stat().st_ino} "
        return any("->" in one and file in one for one in LOCKS.read_text().splitlines())

    with path.open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cell = BUSY.format(path=str(path), exclusive=fcntl.LOCK_EX)
        notebook.start_cell(notebook.add_cell(cell))
        wait_until(notebook.page, waited_for, True)
        yield


def kill(notebook: Notebook) -> None:
    """End the kernel as a crash would; the server starts another."""
    os.kill(int(notebook.kexec("import os; print(os.getpid())")), signal.SIGKILL)


def revive(notebook: Notebook) -> None:
    """Until the next kernel is there."""
    notebook.page.locator(".jp-Dialog .jp-mod-accept").first.click(timeout=60_000)
    notebook.wait_ready()


def test_what_waits_behind_a_busy_cell_can_be_withdrawn_and_is_never_sent(
    notebook: Notebook,
) -> None:
    editor = Editor.open(notebook, "A cat")
    with busy(notebook):
        editor.generate.click()
        withdraw = editor.root.get_by_role("button", name="Withdraw")
        expect(withdraw).to_be_visible()
        withdraw.dblclick()  # Generate comes where it is, and hears none of it
        expect(editor.prompt).to_be_focused()
        status = editor.root.locator(".hn-status")
        expect(status).to_contain_text("nothing was sent")
        expect(withdraw).to_be_hidden()
    notebook.wait_idle()
    editor.has_sent(0)
    editor.generate.click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    editor.has_sent(1)


def test_a_second_press_asks_and_a_changed_draft_does_not(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    question = editor.root.locator(".hn-summary .hn-confirm")

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
    editor.has_sent(1)
    press()
    question.get_by_role("button", name="Yes, again").click()
    settled()
    editor.has_sent(2)
    editor.prompt.fill("A dog")
    press()
    settled()
    expect(question).to_be_hidden()
    editor.has_sent(3)


def test_a_price_that_the_kernel_does_not_know_yet_is_not_shown(notebook: Notebook) -> None:
    key = "import os\nos.environ['MODELVERSE_API_KEY'] = 'not-a-real-key-0123456789'\n"
    editor = Editor.open(notebook, "A cat", before=key, provider="modelverse")
    expect(editor.generate).to_have_text("Generate 1 clip · ¥2.00")
    with busy(notebook):
        editor.root.locator("[data-format='768P 10']").check(force=True)
        notebook.page.wait_for_timeout(600)  # it is sent, and waits behind the cell
        expect(editor.generate).to_have_text("Generate 1 clip · …")
    notebook.wait_idle()
    expect(editor.generate).not_to_contain_text("…")
    expect(editor.generate).not_to_contain_text("¥2.00")
    expect(editor.generate).to_contain_text("¥")


def test_loading_the_page_again_and_a_click_pay_once(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    notebook.save()
    with busy(notebook):
        editor.generate.click()
        notebook.page.wait_for_timeout(300)
        notebook.page.reload()
    notebook.wait_ready()
    expect(editor.generate).to_be_visible()
    editor.has_sent(0)  # nobody confirmed it
    editor.generate.click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    editor.has_sent(1)


# The answer to what was run gets lost on its way; what the kernel asks back does not.
LOSE = """real = studio.editor.send
def lose(content, buffers=None):
    if not (sent and content.get("kind") == "ok"):
        real(content, buffers)
studio.editor.send = lose"""


def test_an_answer_that_is_lost_is_waited_for_and_asked_for_again_without_a_second_order(
    notebook: Notebook,
) -> None:
    editor = Editor.open(notebook, "A cat")
    notebook.save()
    notebook.kexec(LOSE)
    editor.generate.click()
    expect(editor.root.get_by_role("button", name="Withdraw")).to_be_visible()
    editor.has_sent(1)
    notebook.kexec("studio.editor.send = real")
    notebook.page.reload()
    notebook.wait_ready()
    expect(editor.generate).to_be_visible()
    editor.generate.click()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    editor.has_sent(1)  # the same order is answered again, and not run again


RESTART = """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"""


@pytest.mark.parametrize("how", ["restarted", "shut down"])
def test_a_kernel_that_somebody_ends_is_said_at_once(notebook: Notebook, how: str) -> None:
    editor = Editor.open(notebook, "A cat")
    if how == "restarted":
        notebook.page.evaluate(RESTART)
    else:
        notebook.lab.end_kernels()
    expect(editor.root.locator(".hn-lost")).to_be_visible()
    notebook.page.reload()
    notebook.wait_ready()


def test_a_kernel_that_ends_is_said_at_once(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    lost = editor.root.locator(".hn-lost")
    expect(lost).to_be_hidden()
    kill(notebook)
    expect(lost).to_be_visible()
    expect(lost).to_contain_text("Run the cell again")
    expect(editor.generate).to_have_attribute("aria-disabled", "true")
    revive(notebook)
    expect(lost).to_be_visible()
    notebook.run_cell(0)
    expect(editor.prompt).to_be_visible()
    expect(editor.root.locator(".hn-lost")).to_be_hidden()
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")


BOARD = """hn_board = hn.compare("A cat", provider=["simulated:ppinfra", "simulated:modelverse"])
hn_board.wait()
hn_board"""
STUDIO = """import hailuo_nb as hn
studio = hn.Studio("A cat", provider="simulated:ppinfra")
studio"""
# The stand-in takes a minute for each, so that they are open when the kernel ends.
OPEN = """import hailuo_nb as hn
from hailuo_nb.providers import account
account.SIMULATOR_SPEED = 1.0
made = hn.compare("A bird at the sea", provider=["simulated:ppinfra", "simulated:modelverse"])"""


def test_a_board_without_its_kernel_keeps_no_star_and_stops_its_clocks(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.kexec(quick_simulator(tmp_path))
    notebook.write([BOARD])
    notebook.run_cell(0)
    root = notebook.output(0).locator(".hn-board")
    card = root.locator(".hn-card").first
    expect(card.locator(".hn-stars")).to_be_visible()
    kill(notebook)
    expect(root.locator(".hn-lost")).to_be_visible()
    boxes = card.locator(".hn-annotations-box")
    expect(boxes).to_have_js_property("inert", True)
    expect(card.locator("video")).to_have_count(1)
    revive(notebook)


def test_open_clips_come_back_into_a_new_studio(notebook: Notebook) -> None:
    notebook.write([OPEN, STUDIO])
    notebook.run_cell(0)
    notebook.wait_value("[job.state for job in made]", ["submitted", "submitted"])
    kill(notebook)
    revive(notebook)
    notebook.run_cell(1)
    studio = notebook.output(1).locator(".hn-studio")
    resume = studio.locator(".hn-resume")
    expect(resume).to_have_text("Resume 2 open clips")
    resume.click()
    cards = notebook.output(1).locator(".hn-board .hn-card")
    expect(cards).to_have_count(2)
    expect(resume).to_be_hidden()
    expect(studio.locator("textarea.hn-prompt")).to_be_focused()
    assert notebook.value("len(hn.history().query(\"prompt == 'A bird at the sea'\"))") == 2
