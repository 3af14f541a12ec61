"""MiniMax-H3 in the studio: a duration of any length, ratio, sound, references, in both themes."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.lab import Notebook, shot
from tests.browser.test_accessibility import violations

H3 = "simulated:minimax/MiniMax-H3"
MAKE = (
    "__import__('PIL.Image').Image.new('RGB', (640, 400), 'teal').save('cat.png') or "
    "__import__('PIL.Image').Image.new('RGB', (400, 640), 'orange').save('dog.png') or "
    "__import__('pathlib').Path('song.wav').write_bytes("
    "b'RIFF\\xff\\xff\\xff\\x0fWAVEfmt \\x10\\0\\0\\0\\1\\0\\1\\0\\x40\\x1f\\0\\0\\x40\\x1f\\0\\0"
    "\\1\\0\\x08\\0data\\xff\\xff\\xff\\x0f' + b'\\x80' * 8000 * 20)"
)


def test_a_duration_of_any_length_and_what_the_clip_really_has(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat", provider=[H3, "simulated:modelverse"])
    root = editor.root
    note = root.locator(".hn-format ~ .hn-hint")
    problems = root.locator(".hn-problem")
    expect(root.locator("[data-format='768P 6']")).to_be_checked()
    expect(note).to_contain_text("MiniMax: 6 s → 6.58 s (158 frames)")
    expect(root.locator("[data-format]")).to_have_count(9)  # 768P, 1080P, 2K
    seconds = root.get_by_label("Other duration: 4 to 15 seconds")
    seconds.fill("8")
    expect(root.locator("[data-format='768P other']")).to_be_checked()
    expect(note).to_contain_text("MiniMax: 8 s → 8 s (192 frames)")
    expect(problems.first).to_contain_text("UCloud Modelverse: Hailuo 02 at 768P lasts 6, 10 s")
    expect(problems.first.get_by_role("button", name="Use 6 s")).to_be_visible()
    seconds.fill("99")
    root.locator("[data-format='2K other']").check(force=True)
    expect(seconds).to_have_value("8")
    expect(problems.first.get_by_role("button", name="Leave it out")).to_be_visible()
    root.locator("[data-target='simulated:modelverse/MiniMax-Hailuo-02']").uncheck()
    expect(root.locator("[data-format='1080P 6']")).to_be_hidden()
    draft = "studio.editor.draft()"
    editor.reaches(["2K", 8], f"[{draft}.resolution, {draft}.duration]")
    root.locator(f"[data-target='{H3}']").uncheck()
    root.get_by_text("more providers").click()
    root.locator("[data-target='simulated:ppinfra/MiniMax-Hailuo-02']").check()
    root.locator("[data-format='768P 6']").check(force=True)
    expect(seconds).to_be_hidden()


def test_references_are_added_named_and_removed(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "Meet ", provider=[H3])
    editor.python(MAKE)
    root = editor.root
    box = root.locator("details", has=editor.page.locator(".hn-references"))
    expect(box).to_contain_text(
        "0 of 9 pictures · 0 of 3 clips · 0 of 3 sounds · 12 in all at most"
    )
    box.locator("summary").click()
    folder = editor.python("str(__import__('pathlib').Path.cwd())")
    box.locator("input[type=file]").set_input_files([f"{folder}/cat.png", f"{folder}/song.wav"])
    items = box.locator(".hn-reference")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_contain_text("cat.png · 640 × 400")
    expect(items.nth(1)).to_contain_text("song.wav · 20 s")
    expect(items.nth(1)).to_contain_text("Audio 1 (song.wav) lasts 20 s; 2-15 s is taken.")
    box.get_by_role("textbox").fill("dog.png")
    box.get_by_role("button", name="Use").click()
    expect(items).to_have_count(3)
    editor.caret(5)
    items.nth(1).get_by_role("button", name="Write Image 2 into the prompt").click()
    expect(editor.prompt).to_have_value("Meet Image 2")
    box.get_by_role("textbox").fill("nothing.mp4")
    box.get_by_role("button", name="Use").click()
    expect(items.nth(3)).to_contain_text("There is no file")
    root.locator(".hn-settings summary").click()
    root.get_by_label("Ratio", exact=True).select_option("1:1")
    expect(root.locator(".hn-options .hn-hint")).to_have_text("Always with sound: MiniMax H3")
    problem = root.locator(".hn-problem", has_text="Audio 1").first
    problem.get_by_role("button", name="Keep only what is taken").click()
    expect(items).to_have_count(2)
    expect(problem).to_be_hidden()
    items.nth(0).get_by_role("button", name="Remove the Image 1").click()
    expect(box.get_by_role("button", name="Add files")).to_be_focused()
    expect(items).to_have_count(1)
    expect(items.nth(0)).to_contain_text("dog.png")
    request = "studio.editor.draft().requests()[0][1]"
    editor.reaches(
        ["1:1", ["dog.png"]], f"[{request}.ratio, [one.name for one in {request}.references]]"
    )
    root.get_by_text("more providers").click()
    root.locator("[data-target='simulated:ppinfra/MiniMax-Hailuo-02']").check()
    expect(root.locator(".hn-problem", has_text="takes no references")).to_be_visible()


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
def test_pictures(notebook: Notebook, theme: Literal["light", "dark"], language: str) -> None:
    editor = Editor.open(
        notebook, "Image 1 dances to Audio 1", provider=[H3, "simulated:openrouter/MiniMax-H3"]
    )
    editor.python(MAKE)
    editor.notebook.set_theme(theme)
    editor.page.set_viewport_size({"width": 1400, "height": 900})
    editor.python("studio.editor.set_references(['cat.png', 'dog.png', 'song.wav'])")
    editor.python("studio.editor.load({'resolution': '2K', 'duration': 7})")
    editor.python(f"setattr(studio.editor, 'language', {language!r})")
    expect(editor.root.locator(".hn-reference")).to_have_count(3)
    editor.root.locator("details", has=editor.page.locator(".hn-references")).evaluate(
        "(fold) => { fold.open = true; }"
    )
    editor.root.locator(".hn-format").scroll_into_view_if_needed()
    editor.root.locator(".hn-references").scroll_into_view_if_needed()
    shot(editor.page, f"studio_h3_{theme}_{language}")
    assert violations(editor.page, ".hn-studio") == []
    editor.generate.scroll_into_view_if_needed()
    shot(editor.page, f"studio_h3_{theme}_{language}_end")
