"""The quickstart notebook as `make demo` runs it, and the page that it leaves, opened with the
network off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import ROOT, SMALL_CLIPS, shot

HANG = 300  # seconds; a bound against hanging, not a measure
ENVIRONMENT = os.environ | SMALL_CLIPS


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the notebook ran from first to last cell, without a person."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, ".ci/execute_notebook.py", "notebooks/quickstart.ipynb"]
    ran = subprocess.run(
        [*command, "--cwd", str(folder), "--out", str(folder / "quickstart.ipynb")],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "7/7" in ran.stdout
    assert ran.stderr == "", "nothing of the house prints while it works"
    return folder


def test_the_notebook_shows_a_widget_and_a_table_for_those_who_have_none(demo: Path) -> None:
    book = json.loads((demo / "quickstart.ipynb").read_text("utf-8"))
    bundles = [
        {kind: "".join(data) for kind, data in output["data"].items()}  # texts are lists of lines
        for cell in book["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if output["output_type"] in {"execute_result", "display_data"}
    ]
    studio, board = (b for b in bundles if "application/vnd.jupyter.widget-view+json" in b)
    assert "widget" in studio["text/plain"], "what to install where it is not seen"
    assert "Comparison of 4 clips" in board["text/plain"]
    copy = bundles[bundles.index(board) + 1]
    assert 'class="hn-saved"' in copy["text/html"]
    assert all(
        name in copy["text/plain"] for name in ("ppinfra", "modelverse", "chanjing", "xcompute")
    )
    states = next(b for b in bundles if "text/html" in b and "saved" in b["text/plain"])
    assert states["text/plain"].count("saved") == 4


def test_the_page_plays_four_clips_with_the_network_off(demo: Path, offline_page: Page) -> None:
    page = offline_page
    errors: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.set_viewport_size({"width": 1500, "height": 1000})
    page.goto((demo / "comparison.html").as_uri())
    clips = page.locator("video")
    expect(clips).to_have_count(4)
    page.wait_for_function(
        "() => [...document.querySelectorAll('video')].every((v) => v.readyState >= 2)"
    )
    page.get_by_role("button", name="Play all").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('video')].every((v) => v.currentTime > 0.3)"
    )
    widths = [width // int(*SMALL_CLIPS.values()) // 2 * 2 for width in (1280, 1366, 1366, 1366)]
    assert sorted(clips.evaluate_all("all => all.map((v) => v.videoWidth)")) == widths
    badges = page.locator(".hn-media .hn-badge")
    expect(badges).to_have_text(["SIMULATED"] * 4, use_inner_text=True)
    expect(page.locator(".hn-board-head .hn-badge")).to_have_count(1)
    assert errors == []
    shot(page, "page-light")
    page.emulate_media(color_scheme="dark")
    shot(page, "page-dark")


def test_a_terminal_gets_a_plain_table(demo: Path) -> None:
    code = (
        "import hailuo_nb as hn\n"
        "prompt = 'A red fox trots across a meadow at dawn [Truck right,Pan left], then looks up "
        "[Push in]'\n"
        "board = hn.compare(prompt, provider=['simulated:ppinfra', 'simulated:modelverse'])\n"
        "board.wait()\n"
        "board\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--simple-prompt", "--colors=nocolor"],
        input=code,
        cwd=demo,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert "Comparison of 2 clips" in ran.stdout
    assert ran.stdout.count("saved") >= 2
    assert "Traceback" not in ran.stdout + ran.stderr
