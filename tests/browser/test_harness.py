"""The harness itself: a widget's click goes to the kernel and comes back, errors show, nothing
leaves the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import shot, watch_network
from tests.browser.notebook import KernelError

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.lab import Notebook

COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = Object.assign(document.createElement("button"), { className: "count" });
      const show = () => { button.textContent = `${model.get("asked")} asked, ${model.get("answered")} answered`; };
      button.onclick = () => { model.set("asked", model.get("asked") + 1); model.save_changes(); };
      model.on("change", show); show(); el.append(button);
    } }'''
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)
counter = Counter()
counter.observe(lambda change: setattr(counter, "answered", 10 * change["new"]), "asked")
counter
"""


def test_a_click_goes_to_the_kernel_and_comes_back(notebook: Notebook) -> None:
    notebook.write(["6 * 7", COUNTER])
    notebook.run_all()
    assert notebook.text(0) == "42"
    button = notebook.output(1).locator("button.count")
    button.click()
    button.click()
    expect(button).to_have_text("2 asked, 20 answered")
    notebook.wait_value("[counter.asked, counter.answered]", [2, 20])


def test_what_a_page_sends_may_come_after_a_later_question(notebook: Notebook) -> None:
    """Why nobody reads such a value once: the kernel takes it in a thread of its own."""
    notebook.write([COUNTER])
    notebook.run_cell(0)
    button = notebook.output(0).locator("button.count")
    for asked in (1, 2):  # the thread is there from the second message on
        button.click()
        notebook.wait_value("counter.asked", asked)
    notebook.kexec("import threading; gate = threading.Event()")
    notebook.kexec("counter.observe(lambda _: gate.wait(120), 'asked')")
    button.click()
    notebook.wait_value("counter.asked", 3)
    button.click()
    expect(button).to_contain_text("4 asked")
    assert notebook.value("counter.asked") == 3
    notebook.kexec("gate.set()")
    notebook.wait_value("counter.asked", 4)


WAIT = """import pathlib, time
print("in")
while not pathlib.Path({!r}).exists(): time.sleep(0.02)
"out" """


def test_a_failing_cell_and_a_slow_one_are_told(notebook: Notebook, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    notebook.write(["1 / 0", WAIT.format(str(gate))])
    with pytest.raises(KernelError, match="ZeroDivisionError"):
        notebook.run_cell(0)
    with pytest.raises(KernelError, match="NameError"):
        notebook.kexec("missing")
    with pytest.raises(TimeoutError, match="cell 1"):
        notebook.run_cell(1, within=0.3)
    gate.touch()
    notebook.wait_idle()


def test_a_cell_runs_while_the_page_is_looked_at(notebook: Notebook, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    notebook.write([WAIT.format(str(gate))])
    notebook.start_cell(0)
    expect(notebook.output(0)).to_contain_text("in")
    gate.touch()
    expect(notebook.output(0)).to_contain_text("out")
    assert "out" in notebook.text(0)


def test_both_themes_and_a_picture(notebook: Notebook) -> None:
    notebook.write([COUNTER])
    notebook.run_all()
    pictures = []
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        pictures.append(shot(notebook.page, f"harness-{theme}").read_bytes())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("address", ["http://guard.invalid/a.js", "https://192.0.2.1/b.js"])
def test_a_page_cannot_leave_this_machine_and_is_told_on(browser: Browser, address: str) -> None:
    context = browser.new_context()
    outside = watch_network(context)
    loaded = context.new_page().evaluate(
        """(src) => new Promise((resolve) => {
             const script = Object.assign(document.createElement('script'), { src });
             script.onload = () => resolve('loaded');
             script.onerror = () => resolve('refused');
             document.head.append(script);
           })""",
        address,
    )
    context.close()
    assert loaded == "refused"
    assert outside == [address]
