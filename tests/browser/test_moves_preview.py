"""The preview of the moves in a real JupyterLab: drawn by the kernel when typing stops, marked, and
replaced."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook, shot
from tests.browser.test_wire import busy

DRAWN = 60_000
"""Milliseconds: the kernel needs about one second, but these machines are shared."""
PLAYS = """(video) => new Promise((resolve) => {
  const end = performance.now() + 30000;
  const look = () => video.currentTime > 0.2 && video.videoWidth ? resolve([video.videoWidth, video.videoHeight])
    : performance.now() > end ? resolve(null) : requestAnimationFrame(look);
  look();
})"""


def source(video: Locator) -> str:
    return str(video.evaluate("(video) => video.currentSrc"))


def test_typing_a_move_makes_a_clip_that_plays_and_says_what_it_is(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat in the grass")
    editor.open_camera()
    block = editor.root.locator(".hn-moves")
    video = block.locator("video")
    expect(block).to_be_hidden()
    editor.prompt.press_sequentially(" [Push in]", delay=20)
    expect(video).to_be_visible(timeout=DRAWN)
    assert video.evaluate(PLAYS) == [480, 270]
    expect(block).to_contain_text("not what a model will make")
    expect(block.get_by_label("Preview of the camera moves, not of the model")).to_have_count(1)
    assert video.evaluate("(video) => [video.muted, video.loop]") == [True, True]
    first = source(video)
    assert first.startswith("blob:")
    shot(editor.root, "moves-preview-light")

    with busy(notebook):
        editor.prompt.press_sequentially(" then [Pan left]", delay=20)
        expect(block).to_have_attribute("aria-busy", "true")
        assert source(video) == first, "the last one is shown until the next is drawn"
    expect(block).not_to_have_attribute("aria-busy", "true", timeout=DRAWN)
    assert source(video) != first
    assert video.evaluate(PLAYS) == [480, 270]

    # Off, and on again: the kernel has the last one still.
    switch = block.get_by_role("checkbox", name="Preview of the moves")
    switch.uncheck()
    expect(video).to_be_hidden()
    switch.check()
    expect(video).to_be_visible(timeout=DRAWN)
    editor.prompt.fill("A cat in the grass")
    expect(block).to_be_hidden()


def test_in_chinese_and_dark(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "海边的船 [推进,左摇]")
    editor.root.get_by_role("button", name="中文").click()
    editor.open_camera()
    block = editor.root.locator(".hn-moves")
    video = block.locator("video")
    expect(video).to_be_visible(timeout=DRAWN)
    expect(block).to_contain_text("并非模型的生成效果")
    assert video.evaluate(PLAYS) == [480, 270]
    editor.notebook.set_theme("dark")
    shot(editor.root, "moves-preview-dark-zh")
    editor.notebook.set_theme("light")


def test_what_cannot_be_drawn_is_told(notebook: Notebook) -> None:
    missing = "import sys; had = sys.modules.get('av'); sys.modules['av'] = None"
    editor = Editor.open(notebook, "A cat [Push in]", before=missing)
    editor.open_camera()
    block = editor.root.locator(".hn-moves")
    expect(block).to_contain_text("pip install av", timeout=DRAWN)
    expect(block.locator("video")).to_be_hidden()
    editor.notebook.kexec("sys.modules.pop('av'); had and sys.modules.__setitem__('av', had)")
