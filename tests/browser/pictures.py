"""Pictures of the real studio and board in JupyterLab, at 1400x900: to look at, and for the README.

    make pictures      the scenes to build/pictures; some of them to notebooks/images, for README
                       and docs; ARGS="board moving": these parts alone (studio, board, moving)

On the simulator alone. Not a test: nothing is asserted, a person looks.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import moving_picture
from tests.browser.lab import ROOT, Lab, Notebook, launch_chromium, watched_context
from tests.notebook_files import write_notebook

TARGET = ROOT / "build" / "pictures"
IMAGES = ROOT / "notebooks" / "images"
SIZE = {"width": 1400, "height": 900}
PROMPTS = (
    "A red fox trots across a snowy meadow at dawn [Push in]",
    "A red fox trots across a snowy meadow at dusk [Push in]",
    "A red fox sleeps in a snowy meadow at dusk [Truck left,Pan right]",
)
FOX = "A red fox trots across a meadow at dawn [Truck right,Pan left], then looks up"
STUDIO = f"""import hailuo_nb as hn
studio = hn.Studio({FOX!r})
studio"""
BOARD = f"""import hailuo_nb as hn
board = hn.compare({PROMPTS!r}, provider=["simulated:ppinfra", "simulated:modelverse"], takes=4)
board"""
OPINIONS = """jobs = board.wait(600).jobs
for number, job in enumerate(jobs):
    job.annotate(rating=(number * 7) % 5 + 1 if number % 3 else 0)
jobs[0].annotate(note="the snow is right", tags=["keep"])
for number in range(0, 24, 2):
    board.vote(jobs[number], jobs[number + 1], ("first", "second", "tie")[number % 3])"""
ITERATIONS = """words = "dawn dusk noon night rain snow fog wind".split()
for number in range(20):
    prompt = f"A red fox trots across a meadow at {words[number % 8]} [Push in]"
    job = hn.generate(prompt, provider="simulated:ppinfra", take=number // 8 + 1)
    studio.comparison.add([job])
studio.comparison.wait(600)"""
LATE = 600_000  # ms


class Scenes:
    """One notebook at a time, and pictures of it."""

    def __init__(self, browser: Browser, lab: Lab) -> None:
        self._browser, self._lab, self._count = browser, lab, 0

    def open(self, *cells: str, width: int = SIZE["width"], **settings: str) -> Notebook:
        self._lab.end_kernels()
        self._lab.forget_settings()
        self._count += 1
        name = f"scene{self._count}/fox.ipynb"
        write_notebook(self._lab.root / name, cells)
        viewport = {"width": width, "height": SIZE["height"]}
        context, _ = watched_context(self._browser, viewport=viewport, **settings)
        return self._lab.open(context.new_page(), name)

    def reopen(self, notebook: Notebook) -> None:
        """The saved notebook as somebody else opens it, with a kernel that knows nothing."""
        self._lab.end_kernels()
        self._lab.open(notebook.page, notebook.name)

    def take(self, notebook: Notebook, name: str) -> None:
        notebook.page.wait_for_timeout(400)  # what is drawn by and by: posters, fonts
        notebook.page.screenshot(path=TARGET / f"{name}.png", animations="disabled")


def loaded(page: Page) -> None:
    page.wait_for_function(
        """() => { const videos = [...document.querySelectorAll('.hn-board video')];
          return videos.length && videos.filter(v => v.readyState >= 2).length >= Math.min(4, videos.length); }""",
        timeout=LATE,
    )


def top(notebook: Notebook, selector: str) -> None:
    """The upper edge of this in sight, at the top."""
    notebook.page.locator(selector).first.evaluate("el => el.scrollIntoView({block: 'start'})")


def switch_language(notebook: Notebook) -> None:
    """Of what the cell shows: the board of a studio follows its editor."""
    notebook.output(0).locator(".hn-language").first.click()


def studio_scenes(scenes: Scenes) -> None:
    notebook = scenes.open(STUDIO, ITERATIONS)
    notebook.run_cell(0)
    top(notebook, ".hn-studio")
    scenes.take(notebook, "01-first-minute")
    notebook.run_cell(1, within=600)
    top(notebook, ".hn-studio")
    loaded(notebook.page)
    scenes.take(notebook, "02-twenty-iterations")
    shutil.copy(TARGET / "02-twenty-iterations.png", TARGET / "readme-studio.png")
    notebook.kexec("studio.resolution = '1080P'; studio.duration = 10")
    expect(notebook.page.locator(".hn-problem").first).to_be_visible()
    scenes.take(notebook, "06-one-problem")
    notebook.kexec("studio.resolution = '768P'; studio.duration = 6")
    notebook.set_theme("dark")
    scenes.take(notebook, "10-dark-studio")
    switch_language(notebook)
    scenes.take(notebook, "11-chinese-studio")
    for name, settings in (
        ("12-700-px-studio", {}),
        ("13-forced-studio", {"forced_colors": "active"}),
    ):
        other = scenes.open(STUDIO, width=700 if not settings else SIZE["width"], **settings)
        other.run_cell(0)
        top(other, ".hn-studio")
        scenes.take(other, name)


def board_scenes(scenes: Scenes) -> None:
    notebook = scenes.open(BOARD, OPINIONS)
    notebook.run_cell(0)
    notebook.run_cell(1, within=600)
    page, board = notebook.page, notebook.output(0)

    def press(name: str) -> None:
        board.get_by_role("button", name=re.compile(f"^{name}$")).first.click()

    for scene, name in (
        ("03-clips", "Clips"),
        ("04-compact", "Compact"),
        ("05-full", "Full"),
        ("07-vote", "Vote"),
        ("08-summary", "Summary"),
        ("table", "Table"),
        ("compare-two", "Compare two"),
    ):
        press(name)
        top(notebook, ".hn-board")
        if name not in {"Summary", "Table"}:
            loaded(page)
        scenes.take(notebook, scene)
    press("Matrix")
    press("Compact")
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement")
    loaded(page)
    scenes.take(notebook, "09-full-screen")
    page.keyboard.press("f")
    notebook.set_theme("dark")
    top(notebook, ".hn-board")
    scenes.take(notebook, "10-dark-board")
    switch_language(notebook)
    scenes.take(notebook, "11-chinese-board")
    notebook.save()
    scenes.reopen(notebook)
    scenes.take(notebook, "14-saved-notebook")


README = {
    "readme-studio": ("studio", 900),
    "04-compact": ("board", 900),
    "07-vote": ("vote", 700),
    "08-summary": ("summary", 550),
}
"""Scenes that README and docs show: the name there, and how many pixels of the height."""


def for_the_readme() -> None:
    """Small files that a page loads at once."""
    for source, (name, height) in README.items():
        if (TARGET / f"{source}.png").exists():
            with Image.open(TARGET / f"{source}.png") as image:
                small = image.convert("RGB").crop((0, 0, image.width, height)).quantize(256)
                small.save(IMAGES / f"{name}.png", optimize=True)


def main(parts: Sequence[str]) -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        browser = launch_chromium(playwright)
        env = {"HAILUO_NB_SIMULATOR_SHRINK": "2"}
        with Lab(place / "notebooks", place / "jupyter", env=env) as lab:
            scenes = Scenes(browser, lab)
            if "studio" in parts:
                studio_scenes(scenes)
            if "board" in parts:
                board_scenes(scenes)
            if "moving" in parts:
                moving_picture.record(browser, lab)
        browser.close()
    for_the_readme()


if __name__ == "__main__":
    main(sys.argv[1:] or ("studio", "board", "moving"))
