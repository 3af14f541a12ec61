"""The prompt editor in a real JupyterLab: caret, undo, composition, marks, alternatives, history,
templates."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.notebook import Notebook, wait_until
from tests.browser.quick_simulator import quick_simulator


def test_a_move_goes_to_the_caret_and_undo_takes_it_back(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat runs home")
    editor.caret(5)
    editor.tile("push_in").click()
    expect(editor.prompt).to_have_value("A cat [Push in] runs home")
    editor.page.keyboard.type(" slowly")
    expect(editor.prompt).to_have_value("A cat [Push in] slowly runs home")
    steps = 0  # how many letters the browser takes back at once is its own affair
    while editor.text() != "A cat runs home" and steps < 12:
        editor.prompt.press("Control+z")
        steps += 1
    expect(editor.prompt).to_have_value("A cat runs home")
    for _ in range(steps):
        editor.prompt.press("Control+y")
    expect(editor.prompt).to_have_value("A cat [Push in] slowly runs home")
    editor.reaches("A cat [Push in] slowly runs home")


COMPOSE = """(area) => {
  const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  window.rewrites = 0;
  Object.defineProperty(area, "value", { configurable: true,
    get() { return own.get.call(this); }, set(text) { window.rewrites += 1; own.set.call(this, text); } });
  window.typed = (text, from) => {
    own.set.call(area, area.value.slice(0, from) + text);
    area.dispatchEvent(new CompositionEvent("compositionupdate", { data: text, bubbles: true }));
    area.dispatchEvent(new InputEvent("input", { data: text, isComposing: true, bubbles: true,
      inputType: "insertCompositionText" }));
  };
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  area.dispatchEvent(new CompositionEvent("compositionstart", { data: "", bubbles: true }));
}"""


def test_nothing_writes_into_the_prompt_while_characters_are_composed(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "夜市")
    page = editor.page
    editor.prompt.evaluate(COMPOSE)
    for text in ("m", "ma", "mao"):
        page.evaluate("(text) => window.typed(text, 2)", text)
    editor.tile("push_in").click()  # waits for the end of the composition
    editor.notebook.kexec("studio.editor.prompt = 'something else'")
    page.wait_for_timeout(500)
    assert editor.text() == "夜市mao"
    assert page.evaluate("window.rewrites") == 0
    # The layer follows what is composed.
    expect(editor.root.locator(".hn-layer")).to_have_text(re.compile("^\\s*夜市mao[\\s\u200b]*$"))
    assert editor.python("studio.editor.prompt") == "something else", "half a word is sent nowhere"
    page.evaluate("() => window.typed('猫', 2)")
    editor.prompt.evaluate(
        "(area) => area.dispatchEvent(new CompositionEvent('compositionend', { data: '猫', "
        "bubbles: true }))"
    )
    expect(editor.prompt).to_have_value("夜市猫 [Push in]")
    assert page.evaluate("window.rewrites") == 0


def test_an_input_method_of_the_browser_composes_undisturbed(notebook: Notebook) -> None:
    """The same by the browser's own protocol: what an input method does, and no event of ours."""
    editor = Editor.open(notebook, "夜市")
    session = editor.page.context.new_cdp_session(editor.page)
    editor.caret(2)
    for text in ("m", "ma", "mao"):
        at = len(text)
        composed = {"text": text, "selectionStart": at, "selectionEnd": at}
        session.send("Input.imeSetComposition", composed)
    expect(editor.prompt).to_have_value("夜市mao")
    editor.notebook.kexec("studio.editor.prompt = 'something else'")
    editor.page.wait_for_timeout(500)
    assert editor.text() == "夜市mao"
    assert editor.python("studio.editor.prompt") == "something else", "half a word is sent nowhere"
    session.send("Input.insertText", {"text": "猫"})
    expect(editor.prompt).to_have_value("夜市猫")
    editor.reaches("夜市猫")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("夜市")


def test_a_slip_is_underlined_and_fixed_at_its_place(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat [Pann left,Shake] runs [Push in]")
    slip = editor.root.locator(".hn-is-unknown")
    expect(slip).to_have_text("Pann left")
    expect(slip).to_have_css("text-decoration-style", "wavy")
    box = slip.bounding_box()
    assert box is not None
    editor.page.mouse.move(box["x"] + 10, box["y"] + 8)
    cure = editor.root.locator(".hn-bubble").get_by_role("button", name="Use Pan left")
    expect(cure).to_be_visible()

    def below_it() -> bool:
        below = cure.bounding_box() or {"x": 0, "y": 0}
        return 0 <= below["y"] - box["y"] < 40 and abs(below["x"] - box["x"]) < 12

    wait_until(editor.page, below_it, True)
    cure.click()
    expect(editor.prompt).to_have_value("A cat [Pan left,Shake] runs [Push in]")
    expect(slip).to_have_count(0)
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value("A cat [Pann left,Shake] runs [Push in]")
    expect(slip).to_have_text("Pann left")
    marks = editor.root.locator(".hn-is-command:not(.hn-is-unknown)")
    expect(marks).to_have_text(["[", ",Shake]", "[Push in]"])


LONG = (
    "A very long walk through a night market [Truck right,Tracking shot] with lanterns, "
    "一只猫在雨夜的街道上慢慢走过{左边|右边}，"
    "然后停下来看着我们 [推进]. "
    "Averyveryverylongwordwithoutanybreakinitatallthatmustbebroken_somewhere_by_force  \n\n"
) * 6 + "end [Shake]\n"

ALIKE = """(field) => {
  const area = field.querySelector("textarea"), layer = field.querySelector(".hn-layer");
  area.scrollTop = 90; area.dispatchEvent(new Event("scroll"));
  const marks = [...layer.querySelectorAll("span")];
  return { areaHeight: area.scrollHeight, layerHeight: layer.scrollHeight, areaTop: area.scrollTop,
    layerTop: layer.scrollTop, areaWidth: area.clientWidth, layerWidth: layer.clientWidth, marks: marks.length };
}"""


def alike(editor: Editor) -> bool:
    """Whether text and layer have one size and stand at one place, with all marks."""
    found = editor.root.locator(".hn-editor").evaluate(ALIKE)
    return (
        found["areaHeight"] == found["layerHeight"]
        and found["areaWidth"] == found["layerWidth"]
        and found["areaTop"] == found["layerTop"] == 90
        and found["marks"] >= 19
    )


def test_the_layer_breaks_lines_where_the_text_does_and_scrolls_with_it(notebook: Notebook) -> None:
    editor = Editor.open(notebook, LONG)
    for width in (1440, 900, 480):
        editor.page.set_viewport_size({"width": width, "height": 900})
        wait_until(editor.page, lambda: alike(editor), True)


def test_ctrl_enter_sends_once_and_the_cell_is_not_run_again(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A cat")
    count = editor.page.locator(".jp-InputPrompt").first.inner_text()
    editor.root.evaluate("(root) => { root.marked = true; }")
    editor.caret(5)
    editor.prompt.press("Control+Enter")
    expect(editor.generate).not_to_have_attribute("aria-disabled", "true")
    editor.has_sent(1)
    editor.prompt.press("Shift+Enter")
    expect(editor.prompt).to_have_value("A cat\n")
    assert editor.root.evaluate("(root) => root.marked === true"), "the widget is the same"
    assert editor.page.locator(".jp-InputPrompt").first.inner_text() == count
    editor.has_sent(1)


def test_alternatives_are_counted_and_listed_and_each_is_a_prompt(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "", provider=["simulated:ppinfra", "simulated:xcompute"])
    editor.prompt.fill("A {red|white} fox at {dawn|dusk} [Push in]")
    sweep = editor.root.locator(".hn-sweep")
    expect(sweep.locator("summary")).to_contain_text("4 prompts")
    sweep.locator("summary").click()
    expect(sweep.locator("li").nth(3)).to_have_text("A white fox at dusk [Push in]")
    expect(editor.generate).to_contain_text("Generate 8 clips")
    expect(editor.root.locator(".hn-is-choice")).to_have_count(2)
    editor.generate.click()
    editor.has_sent(1)
    prompts = editor.python("[(name, request.prompt) for name, request in sent[0].requests()]")
    assert len(prompts) == 8
    assert ["simulated:xcompute", "A white fox at dawn [Push in]"] in prompts
    editor.prompt.fill("A fox at {dawn|dusk")
    expect(editor.root.locator(".hn-problem")).to_contain_text("never closed")
    expect(editor.generate).to_have_attribute("aria-disabled", "true")


def test_history_and_templates_outlive_the_kernel(notebook: Notebook, tmp_path: Path) -> None:
    ask = quick_simulator(tmp_path) + (
        "hn.compare('A cat {one} [Pan left]', provider='simulated:modelverse', duration=10, "
        "watermark=True,"
        " first_frame='https://example.org/a.png')\n"
        "hn.compare('A dog [Shake]', provider='simulated:ppinfra')\n"
    )
    editor = Editor.open(notebook, "My own fox [Zoom in]", before=ask)
    root, page = editor.root, editor.page
    root.get_by_role("button", name="Templates").click()
    library = root.get_by_role("region", name="Templates")
    expect(library.locator(".hn-library-item").nth(11)).to_be_attached()
    library.get_by_role("textbox", name=re.compile("Name")).fill("Fox")
    library.get_by_role("button", name="Save as template").click()
    expect(library.locator(".hn-library-item").first).to_contain_text("My own fox")
    page.evaluate(
        "() => "
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => "
        "null)"
    )
    editor.notebook.wait_idle()
    editor = Editor.open(notebook, provider="simulated:xcompute")
    root, prompt = editor.root, editor.prompt

    root.get_by_role("button", name="Templates").click()
    library = root.get_by_role("region", name="Templates")
    library.get_by_role("searchbox").fill("own fox")
    expect(library.locator(".hn-library-item")).to_have_count(1)
    library.get_by_role("button", name="Take prompt").click()
    expect(prompt).to_have_value("My own fox [Zoom in]")
    prompt.press("Control+z")
    expect(prompt).to_have_value("")

    root.get_by_role("button", name="History").click()
    past = root.get_by_role("region", name="History").locator(".hn-library-item")
    expect(past).to_have_count(2)
    expect(past.first).to_contain_text("A dog [Shake]")
    past.nth(1).get_by_role("button", name="Take all settings").click()
    expect(prompt).to_have_value("A cat {one} [Pan left]")
    expect(root.locator("[data-target='simulated:modelverse/MiniMax-Hailuo-02']")).to_be_checked()
    expect(
        root.locator("[data-target='simulated:xcompute/MiniMax-Hailuo-2.3']")
    ).not_to_be_checked()
    expect(root.locator("[data-format='768P 10']")).to_be_checked()
    expect(root.locator("[data-slot=first]")).to_contain_text("a.png")
    expect(root.get_by_label("Watermark")).to_have_value("true")
    root.get_by_role("searchbox").press("Escape")
    expect(past.first).to_be_hidden()
    expect(root.get_by_role("button", name="History")).to_be_focused()
