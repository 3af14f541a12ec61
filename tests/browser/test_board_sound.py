"""The board plays sound: muted until somebody asks, then one clip is heard, in every view and in the
page on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from hailuo_nb.media.waveform import waveform
from hailuo_nb.simulator.render import render
from tests.browser.board_page import Shown, loaded, page, seconds, show, with_clips
from tests.browser.lab import Lab, Notebook, shot
from tests.browser.notebook import wait_until
from tests.browser.saved_comparison import saved_comparison
from tests.browser.test_accessibility import violations

__all__ = ["page", "seconds", "show", "with_clips"]

PROMPTS = (
    "A red fox trots across a snowy meadow [Push in], then it stops [Static shot]",
    "A red fox in the snow [Truck left], it looks up [Tilt up], it runs [Pan right]",
)
# Two clips with sound, and one without between them.
ROWS = """[row(0, waveform=WAVES[0], video="clips/loud-0.mp4"), row(1),
           row(3, waveform=WAVES[1], video="clips/loud-1.mp4")]"""
AUDIBLE = """(place) => [...document.querySelectorAll(`${place} video`)].filter((video) => !video.muted)
  .map((video) => video.getAttribute('aria-label'))"""
FIRST = "Clip by PPInfra · trots across, MiniMax-Hailuo-2.3"
SECOND = "Clip by Modelverse, MiniMax-Hailuo-02"


def draw(folder: Path) -> list[str]:
    """Two clips that sound; returns their waveforms."""
    paths = [folder / f"clips/loud-{index}.mp4" for index in range(2)]
    for path, prompt in zip(paths, PROMPTS, strict=True):
        path.parent.mkdir(exist_ok=True)
        render(
            path, prompt=prompt, provider="ppinfra", width=320, height=180, seconds=3, sound=True
        )
    return [waveform(path) for path in paths]


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("loud")
    return folder / "clips", draw(folder)


@pytest.fixture
def shown(
    show: Callable[..., Shown], with_clips: Notebook, lab: Lab, loud: tuple[Path, list[str]]
) -> tuple[Page, Locator]:
    clips, waves = loud
    shutil.copytree(clips, (lab.root / with_clips.name).parent / "clips", dirs_exist_ok=True)
    with_clips.kexec(f"WAVES = {waves!r}")
    _, board = show(ROWS)
    loaded(with_clips.page, 3)
    board.evaluate("board => board.focus()")
    return with_clips.page, board


def hears(page: Page, *clips: str, place: str = ".hn-card-grid") -> None:
    """Until these clips alone are heard."""
    wait_until(page, lambda: page.evaluate(AUDIBLE, place), [*clips])


def test_one_clip_is_heard_and_m_mutes_it(shown: tuple[Page, Locator]) -> None:
    page, board = shown
    speakers = board.locator(".hn-card .hn-sound .hn-button:visible")
    expect(speakers).to_have_count(2)  # none where there is no sound
    one, other = (
        board.get_by_role("button", name=f"Sound of {name}") for name in ("PPInfra", "Modelverse")
    )
    all_of_it = board.get_by_role("button", name="Sound", exact=True)
    hears(page)
    for button in (one, other, all_of_it):
        expect(button).to_have_attribute("aria-pressed", "false")

    page.keyboard.press(" ")
    page.keyboard.press("m")
    hears(page, FIRST)
    expect(one).to_have_attribute("aria-pressed", "true")
    expect(all_of_it).to_have_attribute("aria-pressed", "true")
    expect(board.locator(".hn-card[data-heard]")).to_have_count(1)
    expect(board.locator("[role=status]")).to_have_text("Heard: PPInfra · trots across")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card-grid video')].every(v => v.currentTime > 0.2)"
    )

    other.click()
    hears(page, SECOND)
    expect(one).to_have_attribute("aria-pressed", "false")
    expect(other).to_have_attribute("aria-pressed", "true")
    board.evaluate("board => board.focus()")
    page.keyboard.press("m")
    hears(page)
    expect(all_of_it).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("m")
    hears(page, SECOND)
    other.click()
    hears(page)
    page.keyboard.press("?")
    expect(page.get_by_role("row", name="M Sound")).to_be_visible()
    page.keyboard.press("Escape")


def test_in_a_pair_one_of_the_two_is_heard(shown: tuple[Page, Locator]) -> None:
    page, board = shown
    board.get_by_role("button", name="Sound of Modelverse").click()
    board.evaluate("board => board.focus()")
    page.keyboard.press("c")  # the first two: the second of them has no sound
    pair = board.locator(".hn-pair")
    expect(pair.locator(".hn-sound:visible")).to_have_count(1)
    hears(page, "A · PPInfra · trots across", place=".hn-pair")
    pair.get_by_role("button", name="Sound of A · PPInfra").click()
    hears(page, place=".hn-board")
    page.keyboard.press("m")
    hears(page, "A · PPInfra · trots across", place=".hn-pair")
    board.get_by_role("button", name="Back to all clips").click()
    hears(page, FIRST)


def test_its_look_and_its_names(shown: tuple[Page, Locator]) -> None:
    page, board = shown
    notebook_page = page
    notebook_page.set_viewport_size({"width": 1400, "height": 900})
    board.get_by_role("button", name="Sound of Modelverse").click()
    for _ in range(30):
        page.keyboard.press(".")
    assert violations(page, ".hn-board") == []
    page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-wave-head')].some(h => parseFloat(h.style.insetInlineStart) > 30)"
    )
    shot(board, "board-sound-light")


def test_dark(shown: tuple[Page, Locator], with_clips: Notebook) -> None:
    page, board = shown
    page.set_viewport_size({"width": 1400, "height": 900})
    with_clips.set_theme("dark")
    board.get_by_role("button", name="Sound of PPInfra").click()
    board.evaluate("board => board.focus()")
    for _ in range(30):
        page.keyboard.press(".")
    assert violations(page, ".hn-board") == []
    shot(board, "board-sound-dark")
    page.keyboard.press("c")
    loaded(page, 2, ".hn-pair")
    shot(board, "board-sound-pair-dark")


@pytest.mark.parametrize("mode", ["inline", "folder"])
def test_the_page_on_disk_is_muted_until_it_is_asked(
    offline_page: Page, tmp_path: Path, loud: tuple[Path, list[str]], mode: str
) -> None:
    comparison = saved_comparison(tmp_path / "clips", 2, waveform="0z" * 100)
    for index in range(2):
        shutil.copy(loud[0] / f"loud-{index}.mp4", tmp_path / "clips" / "clips" / f"{index}.mp4")
    target = comparison.to_html(tmp_path / ("page" if mode == "folder" else "page.html"), mode=mode)  # type: ignore[arg-type]
    offline_page.goto(target.as_uri())
    loaded(offline_page, 2)
    hears(offline_page)
    board = offline_page.locator(".hn-board")
    expect(board.locator(".hn-wave path")).to_have_count(2)
    board.locator(".hn-sound .hn-button").nth(1).click()
    voices = board.locator(".hn-card-grid video")
    heard = "all => all.map((video) => !video.muted)"
    wait_until(offline_page, lambda: voices.evaluate_all(heard), [False, True])
    board.get_by_role("button", name="Play all").click()
    offline_page.wait_for_function(
        "() => [...document.querySelectorAll('video')].every(v => v.currentTime > 0.2)"
    )
    assert voices.evaluate_all(heard) == [False, True]
