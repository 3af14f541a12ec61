"""A Binder made here: the environment from binder/ alone, every notebook through it, the studio behind a prefix.

What cannot be tested here is the image itself: repo2docker needs a Docker engine. The environment is kept in build/
under the hash of its requirements, so that it is made once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import browser, new_context, page  # noqa: F401 - fixtures
from tests.browser.lab import ROOT, Lab, shot

BINDER = ROOT / "binder"
HANG = 600  # seconds; a bound against hanging, not a measure
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
    return ran.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that a Binder would clone: what git knows, and what is about to be added."""
    folder = tmp_path_factory.mktemp("binder") / "repo"
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def python(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that binder/requirements.txt and binder/postBuild made, and nothing else."""
    # Made by .ci/check before the tests, which may not leave this machine; here it is only found.
    found = ROOT / run("bash", ".ci/binder_environment", sys.executable, cwd=ROOT).strip()
    environment = found.parents[1]
    home = tmp_path_factory.mktemp("binder-home")
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run("bash", "binder/postBuild", cwd=checkout, HOME=str(home), PATH=path)
    return found


def test_the_pins_are_complete_and_fit_together(python: Path, checkout: Path) -> None:
    """Installed without looking at dependencies, they still miss none."""
    assert "No broken requirements found" in run(python, "-m", "pip", "check", cwd=checkout)


def test_the_files_are_what_a_binder_reads() -> None:
    requirements = (BINDER / "requirements.txt").read_text()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line) for line in requirements.splitlines()), (
        "pins and nothing else"
    )
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


def test_the_studio_works_behind_a_prefix(lab: Lab, page: Page) -> None:  # noqa: F811
    notebook = lab.open(page, "notebooks/quickstart.ipynb", view="lab")
    notebook.run_all(within=HANG)
    studio = page.locator(".hn-studio").first
    studio.scroll_into_view_if_needed()
    generate = studio.get_by_role("button", name=re.compile("Generate"))
    expect(generate).to_be_enabled(timeout=20_000)
    generate.click()
    board = page.locator(".hn-board").last
    expect(board.locator("video")).to_have_count(4, timeout=120_000)
    board.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => [...[...document.querySelectorAll('.hn-board')].at(-1).querySelectorAll('video')]"
        ".every((video) => video.videoWidth > 0)"
    )
    sources = board.locator("video").evaluate_all("all => all.map((video) => video.currentSrc)")
    assert all("/user/ada-hailuo_nb-x1y2/files/notebooks/hailuo_runs/videos/" in source for source in sources)
    shot(page, "binder-prefix")
