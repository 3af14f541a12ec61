"""Notebook 7: the studio from a typed prompt to a playing clip, and the snapshot that the notebook
keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.lab import Lab, Notebook, shot, watched_context
from tests.browser.quick_simulator import quick_simulator
from tests.notebook_files import write_notebook

STUDIO = 'studio = hn.Studio({}provider=["simulated:xcompute", "simulated:modelverse"])\nstudio'


@pytest.fixture(scope="module")
def notebook(
    browser: Browser, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Notebook]:
    """One notebook in a page of this front end, its simulator at hand."""
    name = "notebook7/test.ipynb"
    write_notebook(lab.root / name, [quick_simulator(tmp_path_factory.mktemp("quick"))])
    context, outside = watched_context(browser)
    opened = lab.open(context.new_page(), name, view="notebooks")
    opened.run_cell(0)
    yield opened
    context.close()
    lab.end_kernels()
    lab.forget_settings()
    assert outside == []


def test_the_studio_makes_and_plays_a_clip(notebook: Notebook) -> None:
    page = notebook.page
    assert page.evaluate("() => window.jupyterapp.name") == "Jupyter Notebook"
    notebook.write([STUDIO.format(""), "studio.comparison.wait(60).snapshot()"])
    notebook.run_cell(0)
    studio = notebook.output(0)
    prompt = studio.get_by_role("textbox", name=re.compile("prompt", re.IGNORECASE)).first
    prompt.fill("A red fox trots")
    prompt.press("End")
    studio.get_by_role("button", name=re.compile("Push in")).first.click()
    expect(prompt).to_have_value("A red fox trots [Push in]")
    studio.get_by_role("button", name=re.compile("Generate")).click()
    videos = studio.locator(".hn-card video")
    expect(videos).to_have_count(2, timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card video')].every((v) => v.readyState >= 2)"
    )
    assert all(
        "/files/" in source for source in videos.evaluate_all("all => all.map((v) => v.currentSrc)")
    )
    # Clips that arrive play in step, and the button says so.
    expect(studio.get_by_role("button", name="Pause all")).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card video')].every((v) => v.currentTime > 0.3)"
    )
    shot(page, "notebook7-light")

    notebook.run_cell(1)
    players = notebook.output(1).locator("video")
    expect(players).to_have_count(2)
    assert players.first.evaluate("(video) => video.play().then(() => true)") is True
    notebook.set_theme("dark")
    studio.scroll_into_view_if_needed()
    shot(page, "notebook7-dark")


def test_keys_of_the_widget_are_not_shortcuts_of_the_notebook(notebook: Notebook) -> None:
    """This front end hears keys before the page below it does: Shift+Enter would run the cell, "d
    d" delete it."""
    page = notebook.page
    notebook.write([STUDIO.format('"A cat", '), "1"])
    notebook.run_cell(0)
    studio = notebook.output(0)
    count = notebook.cell(0).locator(".jp-InputPrompt").first.inner_text()
    prompt = studio.get_by_role("textbox").first
    moves = studio.get_by_role("listbox")
    prompt.press("End")
    prompt.press_sequentially(" [")
    expect(moves).to_be_visible()
    prompt.press("Escape")
    expect(moves).to_have_count(0)
    expect(prompt).to_be_focused()
    prompt.press("Backspace")
    prompt.press_sequentially("[pu")
    prompt.press("ArrowDown")
    prompt.press("Tab")
    expect(prompt).to_have_value("A cat [Pull out]")
    expect(prompt).to_be_focused()
    prompt.press("Shift+Enter")
    expect(prompt).to_have_value("A cat [Pull out]\n")
    prompt.press("Control+Enter")
    expect(studio.locator(".hn-card video")).to_have_count(2, timeout=60_000)
    board = studio.locator(".hn-board")
    board.evaluate("(board) => board.focus()")
    for key in ("d", "d", "x", "a", "b", "w", "Shift+Enter"):
        page.keyboard.press(key)
    expect(board.locator(".hn-pair")).to_be_visible()
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    expect(notebook.cell(0).locator(".jp-InputPrompt").first).to_have_text(count)
    page.keyboard.press("Control+s")  # goes on to the notebook, which saves
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.content.model.dirty")
