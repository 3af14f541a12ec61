"""The camera timeline in a real JupyterLab: text and steps two ways, by mouse and keyboard, and the
path played."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.editor_page import Editor
from tests.browser.notebook import Notebook, wait_until

SELECTED = "(area) => area.value.slice(area.selectionStart, area.selectionEnd)"
PROMPT = "A fox [Truck right,Pan left], then up [Push in] and away [Shake]."


def test_steps_follow_the_text_and_the_text_the_keys(notebook: Notebook) -> None:
    editor = Editor.open(notebook, PROMPT)
    editor.open_camera()
    steps, page = editor.steps, editor.page
    expect(steps).to_have_count(3)
    grip = steps.nth(2).locator(".hn-step-grip")
    grip.focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(editor.prompt).to_have_value(
        "A fox [Truck right,Pan left], then up [Shake] and away [Push in]."
    )
    expect(steps.nth(1).locator(".hn-step-grip")).to_be_focused()
    page.keyboard.press("Shift+ArrowLeft")
    expect(editor.prompt).to_have_value(
        "A fox [Shake], then up [Truck right,Pan left] and away [Push in]."
    )
    move = steps.nth(1).locator(".hn-move[data-move=pan_left]")
    move.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(editor.prompt).to_have_value(
        "A fox [Shake], then up [Truck right] and away [Push in,Pan left]."
    )
    expect(steps.nth(2).locator(".hn-move[data-move=pan_left]")).to_be_focused()
    page.keyboard.press("Delete")
    expect(editor.prompt).to_have_value("A fox [Shake], then up [Truck right] and away [Push in].")
    steps.nth(0).get_by_role("button", name="Remove Shake from step 1").click()
    expect(editor.prompt).to_have_value("A fox, then up [Truck right] and away [Push in].")
    editor.prompt.press("Control+z")
    expect(steps).to_have_count(3)
    editor.caret(5)
    page.keyboard.insert_text(" [Zoom in]")
    expect(steps).to_have_count(4)
    expect(steps.first).to_contain_text("Zoom in")
    steps.nth(3).locator(".hn-step-grip").click()
    wait_until(page, lambda: editor.prompt.evaluate(SELECTED), "[Push in]")
    assert editor.notebook.cell(0).is_visible(), "no key of ours was JupyterLab's"


def test_steps_moves_and_tiles_are_dragged(notebook: Notebook) -> None:
    editor = Editor.open(notebook, PROMPT)
    editor.open_camera()
    steps = editor.steps
    steps.nth(0).locator(".hn-step-grip").drag_to(steps.nth(1).locator(".hn-step-grip"))
    expect(editor.prompt).to_have_value(
        "A fox [Push in], then up [Truck right,Pan left] and away [Shake]."
    )
    steps.nth(1).locator(".hn-move[data-move=truck_right]").drag_to(
        steps.nth(0).locator(".hn-step-grip")
    )
    expect(editor.prompt).to_have_value(
        "A fox [Push in,Truck right], then up [Pan left] and away [Shake]."
    )
    editor.tile("tilt_up").drag_to(steps.nth(2).locator(".hn-step-grip"))
    expect(editor.prompt).to_have_value(
        "A fox [Push in,Truck right], then up [Pan left] and away [Shake,Tilt up]."
    )
    editor.prompt.press("Control+z")
    expect(steps.nth(2).locator(".hn-move")).to_have_count(1)


def test_sentences_are_written_from_the_steps_and_read_as_steps(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A fox runs [Push in].")
    editor.open_camera()
    steps, page = editor.steps, editor.page
    words = editor.root.get_by_role("radiogroup", name="Language of the commands")
    words.get_by_text("Sentences").click()
    expect(editor.prompt).to_have_value("A fox runs as the camera pushes in.")
    expect(steps).to_have_count(1)
    expect(steps.first).to_contain_text("Push in")
    editor.caret(35)
    editor.tile("shake").click()
    expect(editor.prompt).to_have_value(
        "A fox runs as the camera pushes in. The camera shakes slightly."
    )
    expect(steps).to_have_count(2)
    grip = steps.nth(1).locator(".hn-step-grip")
    grip.focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(editor.prompt).to_have_value(
        "A fox runs as the camera shakes slightly. The camera pushes in."
    )
    expect(steps.first).to_contain_text("Shake")
    editor.caret(0)
    page.keyboard.insert_text("At dusk. ")
    expect(editor.prompt).to_have_value(
        "At dusk. A fox runs as the camera shakes slightly. The camera pushes in."
    )
    expect(steps).to_have_count(2)
    words.get_by_text("English").click()
    expect(editor.prompt).to_have_value("At dusk. A fox runs [Shake]. [Push in]")
    editor.prompt.press("Control+z")
    expect(editor.prompt).to_have_value(
        "At dusk. A fox runs as the camera shakes slightly. The camera pushes in."
    )


def test_a_word_that_can_be_two_moves_has_a_cure_for_each(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A fox [Pan left/right] runs")
    says = editor.findings
    expect(says).to_contain_text("which one?")
    says.get_by_role("button", name="Use Pan right").click()
    expect(editor.prompt).to_have_value("A fox [Pan right] runs")
    expect(says).to_have_count(0)
    problem = editor.root.locator(".hn-problem", has_text="prompts are rewritten")
    problem.get_by_role("button", name="Turn off Prompt optimi").click()
    expect(problem).to_be_hidden()


def test_a_contradiction_stands_in_the_list_with_its_place_and_cure(notebook: Notebook) -> None:
    editor = Editor.open(notebook, "A [Push in] b [Pan left,Pan right] c [Static shot,Shake]")
    says = editor.findings
    expect(says).to_have_count(2)
    expect(says.nth(0)).to_contain_text("Pan left and Pan right undo each other")
    says.nth(0).get_by_role("button", name="[Pan left,Pan right]").click()
    wait_until(editor.page, lambda: editor.prompt.evaluate(SELECTED), "[Pan left,Pan right]")
    says.nth(1).get_by_role("button", name="Use [Shake]").click()
    expect(editor.prompt).to_have_value("A [Push in] b [Pan left,Pan right] c [Shake]")
    expect(says).to_have_count(1)


def test_moves_and_steps_are_one_stop_of_the_tab_key_each(notebook: Notebook) -> None:
    editor = Editor.open(notebook, PROMPT)
    root, page = editor.root, editor.page
    tiles = root.locator(".hn-tile")
    expect(tiles).to_have_count(15)
    expect(root.locator(".hn-tile[tabindex='0']")).to_have_count(1)
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(tiles.nth(14)).to_be_focused()
    page.keyboard.press("Home")
    expect(tiles.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(root.locator("summary", has_text="Camera:")).to_be_focused()
    expect(root.locator("summary", has_text="Camera:")).to_have_text(
        "Camera: 1 Truck right, Pan left → 2 Push in → 3 Shake"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(editor.steps.first.locator(".hn-step-grip")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(root.locator(".hn-move[data-move=truck_right]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(root.locator(".hn-move[data-move=push_in]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(root.get_by_role("button", name="Remove Push in from step 2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(root.get_by_role("checkbox", name="Preview of the moves")).to_be_focused()
