"""The moving picture of the README: from a prompt to three clips in the real studio, as a WebP.

Part of `make pictures`. On the simulator. Not a test: nothing is asserted, a person looks.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import ROOT, Lab, watched_context
from tests.notebook_files import write_notebook

TARGET = ROOT / "notebooks" / "images" / "studio.webp"
SIZE = {"width": 1120, "height": 800}
WIDTH = 960  # pixels of the picture
CELL = """import hailuo_nb as hn
hn.Studio(provider=["simulated:ppinfra", "simulated:modelverse", "simulated:chanjing"])"""
WORDS = ["A", "red", "fox", "trots", "across", "a", "meadow", "at", "dawn"]
SHOTS = 24  # of the clips as they play, a quarter of a second apart
LATE = 600_000  # ms
# In step and by hand: how fast this machine takes pictures must not show.
SEEK = """async time => Promise.all([...document.querySelectorAll('.hn-board video')].map(video =>
  new Promise(done => { video.pause(); video.onseeked = done; video.currentTime = time; })))"""


class Film:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[Image.Image] = []
        self._lengths: list[int] = []

    def shoot(self, milliseconds: int) -> None:
        """One picture that stands for so long."""
        picture = Image.open(io.BytesIO(self._page.screenshot()))
        height = round(picture.height * WIDTH / picture.width)
        frame = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
        self._frames.append(frame)
        self._lengths.append(milliseconds)

    def save(self, path: Path) -> None:
        first, *rest = self._frames
        first.save(
            path, save_all=True, append_images=rest, duration=self._lengths, loop=0, quality=62,
            method=6,
        )  # fmt: skip


def record(browser: Browser, lab: Lab) -> None:
    lab.end_kernels()
    lab.forget_settings()
    write_notebook(lab.root / "moving" / "fox.ipynb", [CELL])
    context, _ = watched_context(browser, viewport=SIZE)
    page = context.new_page()
    notebook = lab.open(page, "moving/fox.ipynb")
    notebook.run_cell(0)
    studio = page.locator(".hn-studio").first
    prompt = studio.get_by_role("textbox", name="Prompt", exact=True)
    expect(prompt).to_be_visible()
    studio.evaluate("element => element.scrollIntoView({block: 'start'})")
    film = Film(page)
    film.shoot(900)
    prompt.click()
    for word in WORDS:
        prompt.press_sequentially(f"{word} ")
        film.shoot(110)
    prompt.press_sequentially("[")
    page.wait_for_timeout(400)  # the list of moves, drawn
    film.shoot(700)
    prompt.press_sequentially("push")
    page.wait_for_timeout(400)
    film.shoot(700)
    prompt.press("Enter")
    page.wait_for_timeout(400)
    film.shoot(900)
    studio.locator(".hn-generate").click()
    _arrive(page, film)
    page.locator(".hn-board").get_by_role("button", name="Pause all").first.click()
    for number in range(SHOTS):
        page.evaluate(SEEK, number / 4)
        film.shoot(170 if number < SHOTS - 1 else 1500)
    film.save(TARGET)
    context.close()


def _arrive(page: Page, film: Film) -> None:
    """The clips as they come, until all of them can be played."""
    videos = page.locator(".hn-board video")
    page.locator(".hn-board").first.wait_for(timeout=LATE)
    page.locator(".hn-board").first.evaluate("element => element.scrollIntoView({block: 'end'})")
    for _ in range(12):
        film.shoot(260)
        if videos.count() == 3:
            break
        page.wait_for_timeout(900)
    expect(videos).to_have_count(3, timeout=LATE)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-board video')].every(v => v.readyState >= 2)",
        timeout=LATE,
    )
    page.locator(".hn-board").first.evaluate("element => element.scrollIntoView({block: 'end'})")
