"""Formats, frames, costs and limits of the studio in a real JupyterLab, in both themes, languages
and all widths."""

from __future__ import annotations

import base64
import io

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.editor_page import Editor
from tests.browser.lab import shot
from tests.browser.notebook import Notebook, wait_until


def test_the_grid_counts_and_the_list_of_problems_has_one_cure_each(notebook: Notebook) -> None:
    editor = Editor.open(
        notebook,
        "A cat",
        provider=["simulated:modelverse/MiniMax-Hailuo-2.3-Fast", "simulated:ppinfra"],
    )
    root, page = editor.root, editor.page
    cell = root.locator(".hn-cell", has=page.locator("[data-format='768P 6']"))
    problems = root.locator(".hn-problem")
    expect(cell).to_have_text("1 of 2")
    expect(problems).to_have_count(1)
    expect(problems).to_contain_text("UCloud Modelverse: Hailuo 2.3-Fast needs a first frame")
    problems.get_by_role("button", name="Use Hailuo 2.3").click()
    expect(cell).to_have_text("2 of 2")
    expect(problems).to_have_count(0)
    expect(root.locator("[data-target='simulated:modelverse/MiniMax-Hailuo-2.3']")).to_be_checked()
    root.get_by_text("more providers").click()
    root.locator("[data-target='simulated:chanjing/MiniMax-Hailuo-02']").check()
    expect(cell).to_have_text("3 of 3")
    root.locator("[data-format='1080P 10']").check(force=True)
    wrong = root.locator(".hn-problem[data-severity=error]")
    expect(wrong).to_have_count(1)  # the same fault at three providers
    expect(wrong).to_contain_text("PPInfra, Chanjing: Hailuo 02 at 1080P lasts 6 s")
    expect(wrong.get_by_role("button")).to_have_count(1)
    wrong.get_by_role("button", name="Use 6 s").click()
    expect(root.locator("[data-format='1080P 6']")).to_be_checked()
    root.locator("[data-format='768P 10']").check(force=True)
    expect(root.locator(".hn-problem", has_text="no page names 768P for 10 s")).to_be_visible()
    assumed = root.locator(".hn-cell", has=page.locator("[data-format='768P 10']"))
    expect(assumed).to_have_text("3 of 3*")


def test_another_cell_is_answered_before_the_kernel_has_seen_it(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat", provider=["simulated:ppinfra"])
    shown = editor.root.evaluate(
        """async (root) => {
          root.querySelector("[data-format='1080P 10']").click();
          await new Promise((resolve) => setTimeout(resolve, 100));
          return [...root.querySelectorAll(".hn-problem p")].map((one) => one.textContent);
        }"""
    )
    assert shown == ["PPInfra: Hailuo 02 at 1080P lasts 6 s; 10 s is sold at 768P."]


def test_options_stand_behind_one_line(notebook: Notebook) -> None:
    editor = Editor.open(
        notebook,
        "A cat",
        provider=["simulated:modelverse/MiniMax-Hailuo-2.3", "simulated:ppinfra"],
    )
    root = editor.root
    line = root.locator(".hn-settings summary")
    expect(line).to_have_text("Options: defaults")
    fast = root.get_by_label("Fast pretreatment")
    expect(fast).to_be_hidden()
    line.click()
    fast.select_option("true")
    expect(line).to_have_text("Options: Fast pretreatment: On")
    lost = root.locator(".hn-problem", has_text="no Fast pretreatment for Hailuo 02")
    expect(lost).to_contain_text("PPInfra")
    shot(root, "options-open")
    lost.get_by_role("button", name="Reset Fast pretreatment").click()
    expect(line).to_have_text("Options: defaults")
    fast.select_option("true")
    line.click()
    root.locator("[data-target='simulated:modelverse/MiniMax-Hailuo-2.3']").uncheck()
    line.click()
    expect(fast).to_be_visible()  # it is set, though nobody chosen has it
    root.get_by_label("Takes", exact=True).fill("3")
    expect(editor.generate).to_contain_text("Generate 3 clips")


def test_targets_are_one_stop_of_the_tab_key(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat", provider=["simulated:ppinfra", "simulated:modelverse"])
    root, page = editor.root, editor.page
    boxes = root.locator(".hn-targets input:visible")
    expect(boxes.nth(3)).to_be_visible()
    expect(root.locator(".hn-targets input[tabindex='0']")).to_have_count(1)
    boxes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(boxes.nth(1)).to_be_focused()
    before = boxes.nth(1).is_checked()
    page.keyboard.press("Space")
    expect(boxes.nth(1)).to_be_checked(checked=not before)
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(root.locator("[data-target^='simulated:modelverse']").nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(root.locator(".hn-targets summary")).to_be_focused()


def _png(width: int, height: int, colour: str) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode("ascii")


GIVE = """(target, [kind, data, name]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  target.dispatchEvent(kind === "drop"
    ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


def _give(target: Locator, kind: str, data: str, name: str) -> None:
    target.evaluate(GIVE, [kind, data, name])


def test_frames_are_dropped_pasted_swapped_and_cropped(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat", provider="simulated:ppinfra")
    first, last = (editor.root.locator(f"[data-slot={slot}]") for slot in ("first", "last"))
    swap = editor.root.get_by_role("button", name="Swap first and last")
    expect(swap).to_be_hidden()
    frames = editor.root.locator("details", has=editor.page.locator("[data-slot=first]"))
    summary = frames.locator("summary")
    expect(summary).to_have_text("Frames: none")
    _give(summary, "drop", _png(640, 400, "teal"), "red.png")
    expect(summary).to_have_text("Frames: First frame: red.png · 640 × 400")
    expect(first).to_be_hidden()
    summary.click()
    expect(first).to_contain_text("red.png · 640 × 400")
    _give(editor.prompt, "paste", _png(800, 450, "navy"), "blue.png")
    expect(last).to_contain_text("blue.png · 800 × 450")
    swap.click()
    expect(first).to_contain_text("blue.png · 800 × 450")
    expect(last).to_contain_text("red.png · 640 × 400")
    draft = "studio.editor.draft()"
    editor.reaches([800, 640], f"[{draft}.first_frame.width, {draft}.last_frame.width]")
    _give(last, "drop", _png(1200, 400, "gold"), "wide.png")
    expect(last).to_contain_text("1200 × 400 is 1 to more than 2.5")
    expect(last.get_by_role("img", name="How the picture would be cropped")).to_be_visible()
    editor.reaches(None, f"{draft}.last_frame")
    last.get_by_role("button", name="Crop to 1000 × 400").click()
    expect(last).to_contain_text("wide.png · 1000 × 400")
    last.get_by_role("button", name="Remove the Last frame").click()
    expect(last).to_contain_text("Drop, paste")
    last.get_by_role("textbox").fill("no-such-file.png")
    last.get_by_role("button", name="Use").click()
    expect(last).to_contain_text("There is no file")


def test_a_picture_that_a_provider_does_not_take_is_made_smaller_by_one_click(
    notebook: Notebook,
) -> None:
    editor = Editor.open(notebook, "A cat", provider=["simulated:ppinfra", "simulated:modelverse"])
    made = (
        "__import__('numpy').random.default_rng(1).integers(0, 256, (2400, 3000, 3), dtype='uint8')"
    )
    saved = f"__import__('PIL.Image').Image.fromarray({made}).save('heavy.png', compress_level=0)"
    assert editor.python(f"{saved} or studio.editor.set_frame('first', 'heavy.png')") is None
    problem = editor.root.locator(".hn-problem", has_text="20.0 MB at most are taken").first
    expect(problem).to_contain_text("heavy.png has 20.6 MB")
    problem.get_by_role("button", name="Use a smaller JPEG of the first frame").click()
    expect(problem).to_be_hidden()
    expect(editor.root.locator("[data-slot=first]")).to_contain_text("heavy.png · 3000 × 2400")
    editor.reaches("image/jpeg", "studio.editor.draft().first_frame.media_type")


KEY = "import os\nos.environ['MODELVERSE_API_KEY'] = 'not-a-real-key-0123456789'\n"


def test_cost_with_date_and_source_and_the_limit_of_the_studio(notebook: Notebook) -> None:
    editor = Editor.open(
        notebook,
        "A cat {a|b}",
        before=KEY,
        provider=["modelverse", "simulated:ppinfra"],
        max_clips=5,
        max_cost=4,
    )
    root, page = editor.root, editor.page
    expect(editor.generate).to_contain_text("Generate 4 clips · ¥4.00")
    root.locator(".hn-cost summary").click()
    line = root.locator(".hn-costs li").first
    expect(line).to_contain_text("2 × ¥2.00 = ¥4.00")
    expect(line).to_contain_text("2026-04-15")
    expect(line).to_contain_text("price page")
    expect(root.locator(".hn-limit")).to_contain_text("Limit of this studio: 5 clips, 0 asked for.")
    root.get_by_label("Takes", exact=True).fill("2")
    expect(root.locator(".hn-reason")).to_contain_text("pass this studio's limit of 5 clips")
    expect(editor.generate).to_have_attribute("aria-disabled", "true")
    editor.prompt.press("Control+Enter")
    page.wait_for_timeout(300)
    editor.has_sent(0)
    root.locator("[data-target='simulated:ppinfra/MiniMax-Hailuo-02']").uncheck()
    expect(root.locator(".hn-reason")).to_contain_text("cost limit of 4")
    editor.notebook.kexec(
        "from hailuo_nb.engine.loop import LOOP\nLOOP.run(studio._ask(studio.editor.draft()))"
    )
    status = editor.python("studio.editor.status")
    assert status["code"] == "not_sent", "the limit holds in Python too, whatever a page says"
    assert "max_cost" in status["text"]
    assert editor.python("len(studio.comparison.jobs)") == 0


SHOWN = (
    "一只红狐在{清晨|黄昏}小跑穿过草地 [Truck right,Pan left], then looks up [Push in], [Pann "
    "left]."
)


def _overflow(editor: Editor) -> list[str]:
    found: list[str] = editor.root.evaluate(
        """(root) => {
          const edge = root.getBoundingClientRect().right + 0.5;
          const seen = (el) => el.checkVisibility() && !el.closest(".hn-sr, .hn-layer, svg");
          return [...root.querySelectorAll("*")].filter((el) => seen(el) && el.getBoundingClientRect().right > edge)
            .map((el) => `${el.tagName}.${el.className}`);
        }"""
    )
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_and_languages_and_every_width(notebook: Notebook, theme: str) -> None:
    editor = Editor.open(notebook, SHOWN)
    page = editor.page
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    editor.notebook.set_theme("light" if theme == "light" else "dark")
    page.set_viewport_size({"width": 1440, "height": 1500})

    def lightness() -> int:
        background = editor.root.evaluate("(root) => getComputedStyle(root).backgroundColor")
        return sum(int(part) for part in background.split("(")[1].rstrip(")").split(",")[:3])

    wait_until(page, lambda: lightness() > 600, theme == "light")
    shot(editor.root, f"editor-{theme}")
    editor.open_camera()
    shot(editor.root.locator(".hn-timeline"), f"timeline-{theme}")
    editor.root.get_by_role("button", name="中文").first.click()
    expect(editor.generate).to_contain_text("生成 8 个视频")
    words = editor.root.evaluate("(root) => root.innerText")
    assert "studio." not in words, "every word has a text"
    assert "不是十五个运镜指令之一" in words
    shot(editor.root, f"studio-zh-{theme}")
    for width in (2560, 700, 440):
        page.set_viewport_size({"width": width, "height": 1500})
        wait_until(page, lambda: _overflow(editor), [])
    page.set_viewport_size({"width": 440, "height": 2600})
    width = (
        "(root) => root.getBoundingClientRect().width <= 360"  # JupyterLab's margins leave so much
    )
    wait_until(page, lambda: editor.root.evaluate(width), True)
    shot(editor.root, f"studio-360-{theme}")
    assert errors == []


def test_two_studios_on_a_page_have_no_id_in_common(notebook: Notebook) -> None:
    notebook.write(
        ["import hailuo_nb as hn\nstudio = hn.Studio('A cat')\nstudio.editor", "studio.editor"]
    )
    notebook.run_cell(0)
    notebook.run_cell(1)
    roots = notebook.page.locator(".hn-studio")
    expect(roots).to_have_count(2)
    expect(roots.nth(1).get_by_label("Takes", exact=True)).to_be_visible()
    twice = notebook.page.evaluate(
        """() => {
          const ids = [...document.querySelectorAll(".hn-studio [id]")].map((one) => one.id);
          return ids.filter((id, at) => ids.indexOf(id) !== at);
        }"""
    )
    assert twice == []
    roots.nth(1).get_by_text("Takes", exact=True).click()
    expect(roots.nth(1).get_by_label("Takes", exact=True)).to_be_focused()
