"""The history in a real JupyterLab: versions of the prompt, the words that changed, a pinned
baseline, pictures and stars, and old clips back on the board."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.lab import Notebook, shot
from tests.browser.quick_simulator import quick_simulator
from tests.browser.test_accessibility import violations

STUDIO = """import hailuo_nb as hn
studio = hn.Studio({prompt!r}, provider=["simulated:ppinfra"])
studio"""
PROMPTS = [
    "A red cat walks at dusk [Push in]",
    "A red cat walks at dawn [Push in]",
    "A red cat runs at dawn [Push in,Tilt up]",
]


def generate(page: Page, notebook: Notebook, prompt: str, count: int) -> None:
    root = page.locator(".hn-studio")
    root.locator("textarea").fill(prompt)
    root.locator(".hn-generate").click()
    notebook.wait_value("len(studio.comparison)", count)
    notebook.kexec("studio.comparison.wait(60)", within=90)


def test_versions_are_named_compared_pinned_and_shown_again(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.kexec(quick_simulator(tmp_path))
    page = notebook.page
    page.set_viewport_size({"width": 1400, "height": 900})
    notebook.write([STUDIO.format(prompt=PROMPTS[0])])
    notebook.run_cell(0)
    root = page.locator(".hn-studio")
    version = root.locator(".hn-block > .hn-version")
    expect(root.locator("textarea")).to_be_visible()
    expect(version).to_have_count(0)
    for count, prompt in enumerate(PROMPTS, 1):
        generate(page, notebook, prompt, count)
    expect(version).to_contain_text("v3")
    expect(version).to_contain_text("from v2: walks runs Tilt up")
    notebook.kexec("studio.comparison[1].annotate(rating=4)")
    root.locator("textarea").fill(PROMPTS[2].replace("red", "blue"))
    expect(version).to_contain_text("Not sent yet")
    expect(version).to_contain_text("from v3: red blue")

    root.get_by_role("button", name="History").click()
    items = root.locator(".hn-history-item")
    expect(items).to_have_count(3)
    expect(items.nth(1)).to_contain_text("from v1: dusk dawn")
    expect(items.nth(1).get_by_role("img", name="Best clip: 4 of 5 stars")).to_be_visible()
    expect(items.nth(0).locator("img[src^='data:image/jpeg']")).to_be_visible()
    items.nth(2).get_by_role("button", name="Pin v1 as the baseline").click()
    expect(items.nth(2).locator(".hn-badge")).to_have_text("Baseline")
    expect(items.nth(0)).to_contain_text("against v1, the baseline: walks runs dusk dawn Tilt up")
    expect(version).to_contain_text(
        "against v1, the baseline: red blue walks runs dusk dawn Tilt up"
    )
    for theme in ("light", "dark"):
        notebook.set_theme(theme)
        shot(page, f"history-{theme}")
        assert violations(page, ".hn-studio") == []
    notebook.set_theme("light")
    page.set_viewport_size({"width": 700, "height": 900})
    notebook.kexec("studio.editor.language = 'zh'")
    expect(root.get_by_role("button", name="显示这些视频").first).to_be_visible()
    shot(page, "history-zh-700")
    notebook.kexec("studio.editor.language = 'en'")
    root.get_by_role("button", name="Unpin v1").first.click()
    expect(root.locator(".hn-library .hn-badge")).to_have_count(0)
    notebook.wait_value("studio.editor.baseline", 0)


def test_clips_of_an_old_prompt_come_back_to_a_new_studio(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.kexec(quick_simulator(tmp_path))
    page = notebook.page
    page.set_viewport_size({"width": 1400, "height": 900})
    notebook.write([STUDIO.format(prompt="An old prompt")])
    notebook.run_cell(0)
    generate(page, notebook, "An old prompt", 1)
    notebook.run_cell(0)
    root, board = page.locator(".hn-studio"), page.locator(".hn-board")
    expect(root).to_have_count(1)
    expect(board.locator("[data-clip]")).to_have_count(0)
    root.get_by_role("button", name="History").click()
    told = root.locator(".hn-library .hn-hint[role=status]")
    item = root.locator(".hn-history-item", has_text="An old prompt")
    item.get_by_role("button", name="Show these clips").click()
    expect(told.filter(has_text="1 clip came to the board.")).to_be_visible()
    expect(board).to_contain_text("An old prompt")
    item.get_by_role("button", name="Show these clips").click()
    expect(told.filter(has_text="The board has them already.")).to_be_visible()
