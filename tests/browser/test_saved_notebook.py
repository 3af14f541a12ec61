"""Notebooks are saved, their server ends, and another opens them, with a new kernel or none: clips of
a board, of a studio and of a snapshot are there and play."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import in_page
from tests.browser.board_clips import colour
from tests.browser.desk import Desk
from tests.browser.lab import SCREENS, Lab, shot
from tests.browser.notebook import wait_until
from tests.browser.quick_simulator import quick_simulator
from tests.browser.saved_comparison import saved_comparison
from tests.browser.test_board_player import near
from tests.notebook_files import write_notebook

PLAYED = "(video) => video.play().then(() => true, (error) => error.message)"
ALL_TRUSTED = (
    "() => [...window.jupyterapp.shell.currentWidget.content.model.cells]"
    ".every((cell) => cell.trusted)"
)
NAMES = '["simulated:ppinfra", "simulated:xcompute"]'


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A server, stopped, over a folder with notebooks that were run and saved: `snapshot.ipynb`, and
    `cats.ipynb` once its clips were there, of which nobody took a snapshot."""
    root, away = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("away")
    for folder in (root / "here", away):
        saved_comparison(folder, 2)
    cells = [
        "import hailuo_nb as hn\nhn.Comparison.load('here').snapshot()",
        f"hn.Comparison.load({str(away)!r}).snapshot()",
    ]
    write_notebook(root / "snapshot.ipynb", cells)
    cells = [
        quick_simulator(root / "clips"),
        f"board = hn.compare('A cat [Push in]', provider={NAMES})\nboard",
        f"studio = hn.Studio('A dog', provider={NAMES})\nstudio",
        "studio.comparison.add(hn.compare('A dog', provider='simulated:ppinfra').jobs)",
    ]
    write_notebook(root / "cats.ipynb", cells)
    lab = Lab(root, tmp_path_factory.mktemp("jupyter"))
    with lab:
        desk = Desk(browser, lab)
        notebook = desk.open("snapshot.ipynb")
        for index in range(2):
            notebook.run_cell(index)
        notebook.save()
        desk.put_away()
        notebook = desk.open("cats.ipynb")
        for index in range(4):
            notebook.run_cell(index)
        for index in (1, 2):
            output = notebook.output(index)
            expect(output.locator(".hn-board")).to_be_visible()
            expect(output.locator(".hn-saved video")).to_have_count(3 - index, timeout=60_000)
            expect(output.locator(".hn-saved")).to_be_hidden()
        shot(notebook.page, "saved-live")
        notebook.save()
        desk.put_away()
        desk.clear()
    assert desk.asked_outside() == []
    return lab


@pytest.fixture(scope="module", params=["trusted", "untrusted"])
def second(
    saved: Lab, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Another server: of the same user, who ran it, or of somebody who got the file."""
    trusted = request.param == "trusted"
    with saved if trusted else Lab(saved.root, tmp_path_factory.mktemp("other")) as lab:
        yield lab


@pytest.fixture
def no_kernel(new_context: Callable[..., BrowserContext]) -> Page:
    """A page whose server refuses to start a kernel."""
    context = new_context(viewport={"width": 1280, "height": 1500})
    context.route(
        "**/api/sessions*",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    return context.new_page()


def away_with_dialogs(page: Page) -> None:
    """JupyterLab says that there is no kernel."""
    dialog = page.get_by_role("dialog")
    dialog.first.wait_for()
    while dialog.count():
        page.keyboard.press("Escape")
        page.wait_for_timeout(50)


def board_and_studio_play(page: Page) -> None:
    for index in (1, 2):
        output = page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")
        output.scroll_into_view_if_needed()
        videos = output.locator("video")
        expect(videos).to_have_count(3 - index)
        expect(videos.first).to_be_visible()
        assert videos.first.evaluate(PLAYED) is True


def test_the_clips_play_with_a_new_kernel(
    saved: Lab, second: Lab, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.goto(f"{second.url}doc/tree/cats.ipynb?reset")
    board_and_studio_play(page)
    shot(page, f"saved-{'trusted' if second is saved else 'untrusted'}")
    second.end_kernels()


def test_the_clips_play_without_a_kernel(saved: Lab, second: Lab, no_kernel: Page) -> None:
    page = no_kernel
    page.goto(f"{second.url}doc/tree/cats.ipynb?reset")
    away_with_dialogs(page)
    board_and_studio_play(page)

    page.evaluate(in_page.CLOSE_ALL)
    page.evaluate(in_page.OPEN, "snapshot.ipynb")
    away_with_dialogs(page)
    videos = page.locator(".jp-OutputArea-output video")
    expect(videos).to_have_count(4)
    assert second.api("GET", "kernels") == []
    assert page.evaluate(ALL_TRUSTED) is (second is saved)
    for index in range(4):
        assert videos.nth(index).evaluate(PLAYED) is True
    page.wait_for_function(
        "() => [...document.querySelectorAll('video')].every((v) => v.currentTime > 0.2)"
    )
    sheets = page.locator(".jp-OutputArea-output img[src^='data:image/png']")
    large = "all => all.map((one) => one.naturalWidth > 600)"
    wait_until(page, lambda: sheets.evaluate_all(large), [True] * 2)
    shot(page, f"snapshot-{'trusted' if second is saved else 'untrusted'}")


def outputs(path: Path) -> list[list[dict[str, Any]]]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [[output["data"] for output in cell["outputs"]] for cell in cells]


def test_the_file_is_light_and_relative_and_a_viewer_without_video_has_the_sheet(
    saved: Lab,
) -> None:
    path = saved.root / "snapshot.ipynb"
    assert path.stat().st_size < 150_000
    found = outputs(path)
    assert [sorted(data) for data in found[0]] == [
        ["image/png", "text/plain"],
        ["text/html", "text/plain"],
    ]
    here, away = ("".join(cell[1]["text/html"]) for cell in found)
    assert 'src="here/clips/0.mp4"' in here
    assert 'src="snapshot_files/0.mp4"' in away
    copied = sorted(file.name for file in (saved.root / "snapshot_files").iterdir())
    assert copied == ["0.mp4", "1.mp4"]
    assert str(saved.root.parent) not in here + away
    png = base64.b64decode("".join(found[0][0]["image/png"]))
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / "contact-sheet.png").write_bytes(png)
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB")
    for index, x in enumerate((0.4, 0.9)):
        seen: Any = image.getpixel((round(image.width * x), 170))
        assert near(seen, tuple(value * 0.675 for value in colour(index)), 40)


def test_nbconvert_shows_the_picture(saved: Lab) -> None:
    """What renders notebooks elsewhere takes HTML before a picture of the same output; here both
    are outputs."""
    from nbconvert import HTMLExporter

    path = saved.root / "snapshot.ipynb"
    page, _ = HTMLExporter(template_name="basic").from_filename(str(path))
    assert page.count("data:image/png;base64,") == 2
    assert page.count("<video") == 4
