"""A notebook with a snapshot is saved, its server ends, another opens it without a kernel: it
shows, and it plays."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.board_clips import colour
from tests.browser.lab import SCREENS, Lab, shot, watched_context, write_notebook
from tests.browser.saved_comparison import saved_comparison
from tests.browser.test_board_player import near

PLAYED = "(video) => video.play().then(() => true, (error) => error.message)"


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A server, stopped, over a folder with `cats.ipynb`, which was run and saved and whose kernel
    is gone."""
    root, away = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("away")
    saved_comparison(root / "here", 2)
    saved_comparison(away, 2)
    cells = [
        "import hailuo_nb as hn\nhn.Comparison.load('here').snapshot()",
        f"hn.Comparison.load({str(away)!r}).snapshot()",
    ]
    write_notebook(root / "cats.ipynb", cells)
    lab = Lab(root, tmp_path_factory.mktemp("jupyter"))
    context, outside = watched_context(browser)
    with lab:
        notebook = lab.open(context.new_page(), "cats.ipynb")
        notebook.run_cell(0)
        notebook.run_cell(1)
        notebook.save()
        lab.end_kernels()
    context.close()
    assert outside == []
    return lab


@pytest.fixture
def no_kernel(new_context: Callable[..., BrowserContext]) -> Page:
    """A page whose server refuses to start a kernel."""
    context = new_context(viewport={"width": 1280, "height": 1500})
    context.route(
        "**/api/sessions*",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    return context.new_page()


def open_without_kernel(lab: Lab, page: Page) -> None:
    page.goto(f"{lab.url}doc/tree/cats.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output img")
    dialog = page.get_by_role("dialog")
    dialog.first.wait_for()
    while dialog.count():
        page.keyboard.press("Escape")
        page.wait_for_timeout(50)


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "untrusted"])
def test_it_plays_without_a_kernel(
    saved: Lab, no_kernel: Page, tmp_path: Path, trusted: bool
) -> None:
    # Another server: of the same user, who ran it, or of somebody who got the file.
    second = saved if trusted else Lab(saved.root, tmp_path)
    with second:
        open_without_kernel(second, no_kernel)
        assert second.api("GET", "kernels") == []
        assert (
            no_kernel.evaluate(
                "() => [...window.jupyterapp.shell.currentWidget.content.model.cells]"
                ".every((cell) => cell.trusted)"
            )
            is trusted
        )
        videos = no_kernel.locator(".jp-OutputArea-output video")
        expect(videos).to_have_count(4)
        for index in range(4):
            assert videos.nth(index).evaluate(PLAYED) is True
        no_kernel.wait_for_function(
            "() => [...document.querySelectorAll('video')].every((v) => v.currentTime > 0.2)"
        )
        sheets = no_kernel.locator(".jp-OutputArea-output img[src^='data:image/png']")
        assert [
            width > 600
            for width in sheets.evaluate_all("all => all.map((one) => one.naturalWidth)")
        ] == [True] * 2
        shot(no_kernel, f"snapshot-{'trusted' if trusted else 'untrusted'}")


def outputs(path: Path) -> list[list[dict[str, Any]]]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [[output["data"] for output in cell["outputs"]] for cell in cells]


def test_the_file_is_light_and_relative_and_a_viewer_without_video_has_the_sheet(
    saved: Lab,
) -> None:
    path = saved.root / "cats.ipynb"
    assert path.stat().st_size < 150_000
    found = outputs(path)
    assert [sorted(data) for data in found[0]] == [
        ["image/png", "text/plain"],
        ["text/html", "text/plain"],
    ]
    here, away = ("".join(cell[1]["text/html"]) for cell in found)
    assert 'src="here/clips/0.mp4"' in here
    assert 'src="cats_files/0.mp4"' in away
    assert sorted(file.name for file in (saved.root / "cats_files").iterdir()) == ["0.mp4", "1.mp4"]
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

    page, _ = HTMLExporter(template_name="basic").from_filename(str(saved.root / "cats.ipynb"))
    assert page.count("data:image/png;base64,") == 2
    assert page.count("<video") == 4
