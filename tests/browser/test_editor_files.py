"""Files that come into the studio of a real JupyterLab: its own file browser, the file chooser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook, shot

PICTURES = (
    "[__import__('PIL.Image').Image.new('RGB', (640, 400), name).save(f'{name}.png') "
    "for name in ('teal', 'navy')] and 0"
)


@pytest.fixture
def editor(notebook: Notebook) -> Iterator[Editor]:
    editor = Editor.open(
        notebook, "A cat", provider=["simulated:ppinfra", "simulated:minimax/MiniMax-H3"]
    )
    editor.page.set_viewport_size({"width": 1400, "height": 900})
    editor.python(PICTURES)
    tab = editor.page.get_by_role("tab", name="File Browser")
    tab.click()
    yield editor
    tab.click()


def drag(editor: Editor, name: str, target: Locator) -> None:
    """With a real mouse; JupyterLab's drag follows the mouse and not the browser's drag events."""
    editor.page.get_by_role("button", name="Refresh").first.click()
    item = editor.page.locator(".jp-DirListing-item", has_text=name)
    target.hover()  # which waits until it stands still
    item.hover()
    start, end = item.bounding_box(), target.bounding_box()
    assert start
    assert end
    mouse = editor.page.mouse
    mouse.move(start["x"] + 30, start["y"] + start["height"] / 2)
    mouse.down()
    for step in range(1, 6):
        x, y = end["x"] + end["width"] / 3, end["y"] + end["height"] / 2
        mouse.move(
            start["x"] + (x - start["x"]) * step / 5, start["y"] + (y - start["y"]) * step / 5
        )
    expect(editor.root.locator("[data-drop]").first).to_be_attached()
    shot(editor.page, f"drag-{name.partition('.')[0]}")
    mouse.up()


def test_a_file_of_jupyterlabs_browser_is_dragged_into_a_frame(editor: Editor) -> None:
    root = editor.root
    line = root.locator("details", has=editor.page.locator("[data-slot=first]")).locator("summary")
    line.scroll_into_view_if_needed()
    drag(editor, "teal.png", line)
    expect(line).to_have_text("Frames: First frame: teal.png · 640 × 400")
    editor.reaches(640, "studio.editor.draft().first_frame.width")
    line.click()
    last = root.locator("[data-slot=last]")
    last.scroll_into_view_if_needed()
    drag(editor, "navy.png", last.locator(".hn-frame-tile"))
    expect(last).to_contain_text("navy.png · 640 × 400")
    drag(editor, "test.ipynb", root.locator("[data-slot=first] .hn-frame-tile"))
    expect(root.locator("[data-slot=first]")).to_contain_text("is no")
    line = root.locator("details", has=editor.page.locator(".hn-references")).locator("summary")
    line.scroll_into_view_if_needed()
    drag(editor, "teal.png", line)
    expect(line).to_contain_text("1 of 9 pictures")
    expect(editor.page.locator(".lm-DockPanel .jp-Document")).to_have_count(1)  # nothing was opened


def test_the_whole_tile_opens_the_file_chooser(editor: Editor) -> None:
    editor.root.locator("details", has=editor.page.locator("[data-slot=first]")).locator(
        "summary"
    ).click()
    tile = editor.root.locator("[data-slot=first] button.hn-frame-tile")
    folder = editor.python("str(__import__('pathlib').Path.cwd())")
    with editor.page.expect_file_chooser() as chooser:
        tile.click(position={"x": 5, "y": 5})
    chooser.value.set_files(f"{folder}/teal.png")
    expect(tile).to_contain_text("teal.png · 640 × 400")
    with editor.page.expect_file_chooser() as chooser:
        tile.press("Enter")
    chooser.value.set_files(f"{folder}/navy.png")
    expect(tile).to_contain_text("navy.png")
    editor.root.get_by_role("button", name="Remove the First frame").click()
    expect(tile).to_be_focused()
