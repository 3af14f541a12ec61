"""A ballot opened by file:// with the network off: it plays, is answered, and its file comes back."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.lab import shot
from tests.browser.saved_comparison import likes
from tests.browser.test_accessibility import violations


def test_votes_go_out_as_a_page_and_come_back_as_a_file(offline_page: Page, tmp_path: Path) -> None:
    board = likes(tmp_path / "clips")
    page, said = offline_page, list[str]()
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(board.to_html(tmp_path / "ballot.html", ballot=True).as_uri())
    status = page.get_by_role("status").first
    expect(status).to_have_text("Question 1 of 3")
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('video')];"
        " return all.length === 2 && all.every((one) => one.currentTime > 0.1); }"
    )
    assert "ppinfra" not in page.inner_text("body").lower()
    fits = "() => document.documentElement.scrollHeight <= innerHeight"
    page.wait_for_function(fits)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        shot(page, f"ballot-{scheme}")
        assert violations(page, "html", whole=True) == []
    name = page.get_by_label("Your name")
    name.fill("An")
    name.press("Enter")  # and the digits answer again
    page.keyboard.press("1")
    expect(name).to_have_value("An")
    expect(status).to_have_text("Question 2 of 3")
    page.get_by_role("button", name="No difference").click()
    page.keyboard.press("Backspace")
    expect(status).to_have_text("Question 2 of 3")
    page.get_by_role("button", name="Right is better").click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("That was the last question")).to_be_visible()
    name.fill("")
    save = page.get_by_role("button", name="Save votes.json")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Write your name first")
    page.keyboard.type("Ann 1")
    with page.expect_download() as waiting:
        save.click()
    expect(page.get_by_role("alert")).to_contain_text("among your downloads")
    waiting.value.save_as(tmp_path / "votes.json")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="保存 votes.json")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("下载文件夹")
    shot(page, "ballot-done-zh")
    page.get_by_role("button", name="复制为文本").click()
    written = json.loads((tmp_path / "votes.json").read_text("utf-8"))
    copied = page.locator(".hn-copied")
    expect(copied).to_be_visible()
    if (text := copied.locator("textarea")).count():
        assert json.loads(text.input_value()) == written
    assert said == []

    added = board.add_votes(tmp_path / "votes.json")
    assert (len(added.added), added.double, added.refused) == (3, (), ())
    assert board.votes["outcome"].tolist() == ["first", "second", "tie"]
    assert board.votes["rater"].tolist() == ["Ann 1"] * 3
    assert board.votes["blind"].all()
    assert board.add_votes(tmp_path / "votes.json").added == ()
    assert board.agreement()["verdict"].tolist() == ["no other rater"]
