"""The wheel holds everything that is read at run time, and the quickstart runs from it alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.binder.conftest import run
from tests.browser.lab import SMALL_CLIPS

READ_AT_RUN_TIME = {".py", ".js", ".css", ".json", ".typed"}


@pytest.fixture(scope="session")
def wheel(python: Path, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(python, "-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=checkout)
    (built,) = out.glob("*.whl")
    return built


def test_every_file_of_the_package_is_in_it(wheel: Path, checkout: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    wanted = {
        path.relative_to(checkout).as_posix()
        for path in (checkout / "hailuo_nb").rglob("*")
        if path.is_file() and path.suffix in READ_AT_RUN_TIME
    }
    assert wanted - held == set()
    assert {name.split("/")[0].split("-")[0] for name in held} == {"hailuo_nb"}
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_quickstart_runs_from_the_wheel(
    wheel: Path,
    python: Path,
    checkout: Path,
    tmp_path: Path,
) -> None:
    site, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    run(python, "-m", "zipfile", "-e", wheel, site, cwd=tmp_path)
    where = run(
        python, "-c", "import hailuo_nb; print(hailuo_nb.__file__)", cwd=work, PYTHONPATH=str(site)
    )
    assert Path(where.strip()).is_relative_to(site)
    execute, notebook = (
        checkout / ".ci" / "execute_notebook.py",
        checkout / "notebooks" / "quickstart.ipynb",
    )
    run(python, execute, notebook, "--cwd", work, cwd=tmp_path, PYTHONPATH=str(site), **SMALL_CLIPS)
    assert (work / "comparison.html").stat().st_size > 500_000
