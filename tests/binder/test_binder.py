"""A Binder made here: the environment from binder/ alone, every notebook through it, the studio
behind a prefix."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.binder.conftest import HANG, run
from tests.browser.lab import ROOT, Lab, shot

BINDER = ROOT / "binder"
QUICKSTART = "quickstart.ipynb"  # it runs behind a prefix
NOTEBOOKS = sorted({path.name for path in (ROOT / "notebooks").glob("*.ipynb")} - {QUICKSTART})


def test_the_pins_are_complete_and_fit_together(python: Path, checkout: Path) -> None:
    """Installed without looking at dependencies, they still miss none."""
    assert "No broken requirements found" in run(python, "-m", "pip", "check", cwd=checkout)


def test_the_files_are_what_a_binder_reads() -> None:
    requirements = (BINDER / "requirements.txt").read_text()
    assert all(
        re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line) for line in requirements.splitlines()
    ), "pins and nothing else"
    assert (BINDER / "runtime.txt").read_text().strip() == f"python-3.{sys.version_info.minor}"
    for name in ("postBuild", "start"):
        assert os.access(BINDER / name, os.X_OK)
        run("bash", "-n", name, cwd=BINDER)
    assert 'exec "$@"' in (BINDER / "start").read_text()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_notebook_runs_from_first_to_last_cell(
    python: Path, checkout: Path, tmp_path: Path, name: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    told = run(
        python,
        checkout / ".ci" / "execute_notebook.py",
        checkout / "notebooks" / name,
        "--cwd",
        work,
        cwd=checkout,
        HAILUO_NB_SIMULATOR_SHRINK="8",  # what the clips show is another test's
    )
    assert "All" in told


@pytest.fixture
def lab(python: Path, checkout: Path, tmp_path: Path) -> Iterator[Lab]:
    scratch = tmp_path / "jupyter"
    scratch.mkdir()
    started = run("bash", "binder/start", "echo", "started", cwd=checkout)
    assert started == "started\n"
    with Lab(checkout, scratch, base_url="/user/ada-hailuo_nb-x1y2/", python=str(python)) as server:
        yield server


def test_the_studio_works_behind_a_prefix(lab: Lab, page: Page) -> None:
    notebook = lab.open(page, f"notebooks/{QUICKSTART}", view="lab")
    notebook.run_all(within=HANG)
    studio = page.locator(".hn-studio").first
    expect(studio).to_be_in_viewport()  # what comes after it is folded, so Run All stays there
    studio.scroll_into_view_if_needed()
    generate = studio.get_by_role("button", name=re.compile("Generate"))
    expect(generate).to_be_enabled()
    generate.click()
    board = page.locator(".hn-board").first  # with the four of the notebook, and four new takes
    expect(board.locator("video")).to_have_count(8, timeout=120_000)
    board.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...document.querySelector('.hn-board').querySelectorAll('video')]"
        ".every((video) => video.videoWidth > 0)"
    )
    sources = board.locator("video").evaluate_all("all => all.map((video) => video.currentSrc)")
    assert all(
        "/user/ada-hailuo_nb-x1y2/files/notebooks/hailuo_runs/videos/" in source
        for source in sources
    )
    shot(page, "binder-prefix")
