"""What the tests of the studio's editor share: a studio that sends nothing, and looks into its
parts."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.lab import Notebook

CELL = """import os
os.environ.pop("MODELVERSE_API_KEY", None)
{before}
import hailuo_nb as hn
studio = hn.Studio({prompt!r}, {settings})
sent = []
studio.editor._requests.generate = sent.append
studio.editor"""


class Editor:
    """One studio in one notebook; what it would have sent is in `sent`."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = notebook.output(0).locator(".hn-studio")
        self.prompt = self.root.get_by_role("textbox", name=re.compile(r"^(Prompt|提示词)$"))
        self.generate = self.root.locator(".hn-generate")
        self.steps = self.root.locator(".hn-step")
        self.findings = self.root.locator(".hn-problem.hn-finding")

    @classmethod
    def open(
        cls, notebook: Notebook, prompt: str = "", *, before: str = "", **settings: Any
    ) -> Editor:
        """A fresh studio in the module's notebook."""
        given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        notebook.page.set_viewport_size({"width": 1280, "height": 1000})
        notebook.page.emulate_media(reduced_motion="no-preference")
        notebook.write([CELL.format(prompt=prompt, settings=given, before=before)])
        notebook.run_cell(0)
        editor = cls(notebook)
        expect(editor.prompt).to_be_visible()
        return editor

    def open_camera(self) -> None:
        """The line of the camera: its steps and their clip."""
        self.root.locator("summary", has_text=re.compile("^(Camera|运镜)")).click()

    def tile(self, move: str) -> Locator:
        return self.root.locator(f".hn-tile[data-move={move}]")

    def caret(self, at: int) -> None:
        self.prompt.evaluate("(area, at) => { area.focus(); area.setSelectionRange(at, at); }", at)

    def text(self) -> str:
        return self.prompt.input_value()

    def python(self, expression: str) -> Any:
        """An expression's value in the kernel, as JSON; not for what comes from the page."""
        return self.notebook.value(expression)

    def reaches(self, wanted: Any, expression: str = "studio.editor.prompt") -> None:
        """Until the kernel has it: a draft goes there after a pause."""
        self.notebook.wait_value(expression, wanted)

    def has_sent(self, count: int) -> None:
        """Until so many drafts were sent."""
        self.notebook.wait_value("len(sent)", count)
