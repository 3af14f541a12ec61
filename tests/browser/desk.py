"""One page with JupyterLab in it, in which the notebooks of many modules are opened one after another.

To load JupyterLab takes three seconds of CPU, to open a notebook in it a fraction of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import in_page
from tests.browser.lab import Lab, watched_context
from tests.browser.notebook import Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Desk:
    """The page of a worker. It is loaded when the first notebook is opened, and again after `clear`."""

    def __init__(self, browser: Browser, lab: Lab) -> None:
        self._browser = browser
        self._lab = lab
        self._page: Page | None = None
        self._outside: list[str] = []

    @property
    def page(self) -> Page:
        """The page, empty until the first notebook is opened."""
        if self._page is None:
            context, self._outside = watched_context(self._browser)
            self._page = context.new_page()
        return self._page

    def open(self, name: str) -> Notebook:
        """Show the notebook `name` (below the server's root) alone, with a kernel of its own."""
        if self.page.url == "about:blank":
            return self._lab.open(self.page, name)
        notebook = Notebook(self._lab, self.page, name)
        notebook.show()
        return notebook

    def put_away(self) -> None:
        """Close what is shown, and end its kernel; the page stays."""
        if self._page is not None and self._page.url != "about:blank":
            self._page.evaluate(in_page.CLOSE_ALL)
        self._lab.end_kernels()
        self._lab.forget_settings()

    def clear(self) -> None:
        """Close the page: the next notebook gets another."""
        if self._page is not None:
            self._page.context.close()
            self._page = None

    def asked_outside(self) -> list[str]:
        """What the page asked for outside this machine, since the last call."""
        found = self._outside[:]
        self._outside.clear()
        return found
