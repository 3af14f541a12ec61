"""One notebook, open in a page: run a cell, run all, ask its kernel, read outputs.

Nothing here waits for time where it can wait for a condition. Must not know the product.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Literal

from tests.browser import in_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator, Page

    from tests.browser.lab import Lab

_THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def wait_until(page: Page, ask: Callable[[], Any], wanted: Any, within: float = 120) -> None:
    """Until an answer is `wanted`. Raises AssertionError with what it was.

    For what playwright's `expect` and `wait_for_function` cannot ask.
    """
    end = time.monotonic() + within
    while (found := ask()) != wanted:
        assert time.monotonic() < end, f"{found!r} has not become {wanted!r} in {within:g} s"
        page.wait_for_timeout(50)


class KernelError(AssertionError):
    """A cell, or a question to the kernel, ended in an exception."""


class Notebook:
    """One notebook, open in one page. Cells are counted from 0.

    page is playwright's, for everything else; name is the file below the server's root.
    """

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        self.lab = lab
        self.page = page
        self.name = name

    def wait_ready(self, within: float = 120) -> None:
        """Until the notebook is shown and its kernel is connected and idle."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=within * 1000)
        self.wait_idle(within)

    def show(self, within: float = 120) -> None:
        """Open it in a page that has JupyterLab already, in its light theme."""
        self._await_js(in_page.OPEN, self.name, within, "open")
        self.wait_ready(within)
        self.page.set_viewport_size({"width": 1280, "height": 1000})
        self.page.emulate_media(reduced_motion="no-preference")
        self.set_theme("light")

    def wait_idle(self, within: float = 120) -> None:
        """Until the kernel has nothing to do."""
        self.page.wait_for_function(in_page.IDLE, timeout=within * 1000)

    def cell(self, index: int) -> Locator:
        """The whole cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """The cell's output area: what a widget or a printed line is looked for in."""
        return self.cell(index).locator(".jp-Cell-outputArea").first

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The cell's outputs as they would be saved (nbformat): stream, display_data,
        execute_result, error."""
        found: list[dict[str, Any]] = self.page.evaluate(in_page.OUTPUTS, index)
        return found

    def text(self, index: int) -> str:
        """The plain text of the cell's outputs, streams and results in order."""
        return "".join(_plain(output) for output in self.outputs(index))

    def start_cell(self, index: int) -> None:
        """Run a cell and do not wait for it. It counts as started once the kernel has been
        asked."""
        self.page.evaluate(in_page.START_CELL, index)

    def run_cell(self, index: int, within: float = 120) -> list[dict[str, Any]]:
        """Run a cell, wait for its end, return its outputs. Raises KernelError if it ended in an
        exception."""
        self._await_js(in_page.RUN_CELL, index, within, f"cell {index}")
        return self._checked(index)

    def run_all(self, within: float = 120) -> None:
        """Run All from JupyterLab's own command. Raises KernelError for the first cell that
        failed."""
        self._await_js(in_page.RUN_ALL, None, within, "Run All")
        for index in range(self.page.locator(".jp-Notebook .jp-Cell").count()):
            self._checked(index)

    def write(self, cells: Sequence[str]) -> None:
        """Put these code cells in the place of all that is there; what they showed is gone with
        them."""
        self.page.evaluate(in_page.WRITE_CELLS, list(cells))

    def add_cell(self, source: str) -> int:
        """Append a code cell; returns its index."""
        index: int = self.page.evaluate(in_page.ADD_CELL, source)
        return index

    def kexec(self, code: str, within: float = 120) -> str:
        """Run `code` in the notebook's kernel, outside any cell; returns what it printed.

        It waits its turn: while a cell runs, the kernel does not answer. Raises KernelError.
        """
        answer = self._await_js(in_page.KEXEC, code, within, "kexec")
        if answer["error"]:
            raise KernelError(f"{answer['error']}\nin kexec of:\n{code}")
        printed: str = answer["text"]
        return printed

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel, as JSON. Raises KernelError.

        Only for what Python made: see `wait_value` for what comes from the page.
        """
        return json.loads(self.kexec(f"import json; print(json.dumps({expression}))"))

    def wait_value(self, expression: str, wanted: Any, within: float = 120) -> None:
        """Until an expression is `wanted` in the kernel. Raises AssertionError with what it was.

        JupyterLab sends a widget's messages to a subshell of the kernel, a thread beside that which
        answers `kexec`: what the page has sent may come after a question that was asked later.
        """
        wait_until(self.page, lambda: self.value(expression), wanted, within)

    def save(self, within: float = 120) -> None:
        """Save the notebook to its file."""
        self._await_js(
            "() => window.jupyterapp.commands.execute('docmanager:save')", None, within, "save"
        )

    def set_theme(self, theme: Literal["light", "dark"]) -> None:
        """JupyterLab's own light or dark theme; returns when the page wears it."""
        name = _THEMES[theme]
        self._await_js(
            "(theme) => document.body.dataset.jpThemeName === theme"
            " || window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            name,
            60,
            "theme",
        )
        self.page.wait_for_function(
            "(name) => document.body.dataset.jpThemeName === name", arg=name
        )

    def _checked(self, index: int) -> list[dict[str, Any]]:
        outputs = self.outputs(index)
        for output in outputs:
            if output["output_type"] == "error":
                raise KernelError(f"cell {index}: {output['ename']}: {output['evalue']}")
        return outputs

    def _await_js(self, function: str, argument: Any, within: float, what: str) -> Any:
        """Call a JavaScript function and await it. `evaluate` alone would wait for ever: it knows
        no timeout."""
        answer = self.page.evaluate(
            in_page.WITHIN.replace("FUNCTION", function), [argument, within * 1000]
        )
        if answer == "late":
            raise TimeoutError(f"{what} was not done within {within:g} s\n{self.lab.log_tail(15)}")
        return answer["value"]


def _plain(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return _joined(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return _joined(output["data"].get("text/plain", ""))


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
