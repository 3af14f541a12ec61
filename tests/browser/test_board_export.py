"""The board as files: each kind is downloaded in JupyterLab; a frame is copied, a clip saved, in the
page on disk too."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from hailuo_nb.media import sampling
from hailuo_nb.media.clips import probe
from tests.browser.board_clips import READ_FRAME
from tests.browser.board_page import loaded
from tests.browser.lab import SCREENS, Notebook, shot
from tests.browser.quick_simulator import quick_simulator
from tests.browser.saved_comparison import saved_comparison

CELL = """
from pathlib import Path
from hailuo_nb.engine.ledger.annotations import Vote
from tests.browser.quick_simulator import quick_simulator
from tests.browser.saved_comparison import saved_comparison
votes = [Vote("job-0", "job-1", "first"), Vote("job-0", "job-2", "first")]
comparison = saved_comparison(Path("exported"), 4, votes=votes)
comparison
"""


@pytest.fixture
def board(notebook: Notebook) -> Locator:
    notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.write([CELL])
    notebook.run_cell(0)
    shown = notebook.output(0).locator(".hn-board")
    expect(shown).to_be_visible()
    loaded(notebook.page, 4)
    return shown


def export(board: Locator, words: str, folder: Path) -> Path:
    board.get_by_role("button", name="Export").click()
    with board.page.expect_download(timeout=60_000) as download:  # one of them is encoded first
        board.get_by_role("menuitem", name=words).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_each_kind_is_downloaded_as_the_board_shows_it(
    board: Locator, notebook: Notebook, tmp_path: Path
) -> None:
    page = board.page
    board.get_by_role("button", name="Export").click()
    shot(page, "export-menu")
    page.keyboard.press("Escape")
    everything = export(board, "Picture", tmp_path)
    assert everything.name == "Foxes filmstrips.png"
    expect(board.get_by_role("button", name="Export")).to_be_focused()
    shutil.copy(everything, SCREENS / "export-filmstrips.png")
    height = Image.open(everything).height

    board.get_by_role("button", name="Filter").click()
    board.get_by_role("searchbox").fill("dawn")
    expect(board.locator(".hn-card:visible")).to_have_count(2)
    video = export(board, "One video", tmp_path)
    assert (video.name, probe(video).width) == ("Foxes grid.mp4", 2 * 640 + 3 * 8)
    [_, (_, middle), _] = sampling.frames_at(video, 3, (1304, 800))
    Image.fromarray(middle).save(SCREENS / "export-grid.png")

    table = export(board, "Table", tmp_path).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["id"] for row in rows] == ["job-0", "job-3"]
    narrow = Image.open(export(board, "Picture", tmp_path))
    assert narrow.height < height
    board.get_by_role("button", name="Table", exact=True).click()
    notebook.wait_value(
        "comparison.widget.view", "table"
    )  # it belongs to the board once it has settled
    saved = export(board, "Page", tmp_path)
    assert saved.name == "Foxes.html"
    expect(board.get_by_role("button", name="Export")).to_be_enabled()
    other = page.context.new_page()
    other.goto(saved.as_uri())
    expect(other.locator(".hn-board")).to_have_attribute("data-view", "table")
    expect(other.locator(".hn-board tbody tr")).to_have_count(2)
    other.close()


def test_what_cannot_be_made_is_said_on_the_board(board: Locator, notebook: Notebook) -> None:
    board.get_by_role("button", name="Filter").click()
    board.get_by_role("searchbox").fill("nothing like it")
    board.get_by_role("button", name="Export").click()
    board.get_by_role("menuitem", name="One video").click()
    expect(board.locator(".hn-message")).to_contain_text("No clip here has arrived yet")
    expect(board.get_by_role("button", name="Export")).to_be_enabled()


def test_hidden_names_stay_hidden(board: Locator, tmp_path: Path) -> None:
    board.get_by_role("button", name="Blind", exact=False).first.click()
    board.get_by_role("button", name="Export").click()
    expect(board.get_by_role("menuitem")).to_have_count(2)
    board.page.keyboard.press("Escape")
    blind = export(board, "Picture", tmp_path)
    shutil.copy(blind, SCREENS / "export-blind.png")


def frame_of(card: Locator) -> Any:
    return card.locator("video").evaluate(READ_FRAME)


def menu(card: Locator, words: str) -> None:
    card.locator(".hn-more").click()
    card.page.get_by_role("menuitem", name=words).click()


def test_a_frame_is_copied_and_a_clip_saved(board: Locator, tmp_path: Path) -> None:
    page = board.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = board.locator(".hn-card").first
    shown = frame_of(card)
    menu(card, "Copy this frame")
    expect(card.get_by_text("The frame is on the clipboard.")).to_be_visible()
    size = page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          const bitmap = await createImageBitmap(await item.getType("image/png"));
          return [bitmap.width, bitmap.height];
        }"""
    )
    assert size == [192, 108] and shown == frame_of(card)
    with page.expect_download() as download:
        menu(card, "Download the clip")
    download.value.save_as(tmp_path / "clip.mp4")
    assert probe(tmp_path / "clip.mp4").width == 192


def test_the_page_on_disk_saves_frames_and_clips(offline_page: Page, tmp_path: Path) -> None:
    comparison = saved_comparison(tmp_path / "clips", 2)
    offline_page.goto(comparison.to_html(tmp_path / "one.html").as_uri())
    loaded(offline_page, 2)
    board = offline_page.locator(".hn-board")
    expect(board.get_by_role("button", name="Export")).to_have_count(0)
    card = board.locator(".hn-card").first
    # A page on disk may not use the clipboard everywhere: then the frame is a file.
    offline_page.evaluate(
        "() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }"
    )
    with offline_page.expect_download() as download:
        menu(card, "Copy this frame")
    download.value.save_as(tmp_path / "frame.png")
    assert np.asarray(Image.open(tmp_path / "frame.png")).shape[:2] == (108, 192)
    with offline_page.expect_download() as download:
        menu(card, "Download the clip")
    assert download.value.suggested_filename.endswith(".mp4")
    download.value.save_as(tmp_path / "clip.mp4")
    assert probe(tmp_path / "clip.mp4").frames == 72


CHINESE = """
from hailuo_nb.results.comparison import Comparison
names = ["simulated:xcompute/2.3-Fast", "simulated:modelverse"]
made = hn.compare("A cat [Push in]", provider=names, skip_invalid=True).wait(60)
refused = hn.compare("A cat", provider=["simulated:ppinfra"], resolution="1080P", duration=10, skip_invalid=True)
board = Comparison([*made.jobs], [*made.skipped, *refused.skipped])
board.widget.language = "zh"
board
"""


def test_what_cannot_be_made_is_said_in_chinese(notebook: Notebook, tmp_path: Path) -> None:
    notebook.write([quick_simulator(tmp_path), CHINESE])
    notebook.run_cell(0)
    notebook.run_cell(1)
    board = notebook.output(1).locator(".hn-board")
    expect(board.get_by_text("需要首帧").first).to_be_visible()
    expect(board.get_by_text("请采用最接近的可用请求").first).to_be_visible()
    shot(board, "board-chinese-refused")
    for english in ("needs a first frame", "Take the nearest", "leave this provider out"):
        expect(board.get_by_text(english)).to_have_count(0)
    board.get_by_role("button", name="English").click()
    expect(board.get_by_text("needs a first frame").first).to_be_visible()
