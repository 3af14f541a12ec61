"""What is in sdist and wheel, and that the wheel alone is enough: no checkout is on any path."""

from __future__ import annotations

import email
import json
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import hailuo_nb as hn
from tests.binder.conftest import run
from tests.browser.lab import ROOT, Lab, View, shot
from tests.notebook_files import write_notebook
from tests.packaging.conftest import GUARD

Distributions = tuple[Path, Path]


def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_wheel_holds_the_package_and_nothing_else(
    distributions: Distributions, checkout: Path
) -> None:
    with zipfile.ZipFile(distributions[1]) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licence = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
    wanted = {
        path.relative_to(checkout).as_posix()
        for path in (checkout / "hailuo_nb").rglob("*")
        if path.is_file() and "widgets/js/" not in path.as_posix()  # joined, in widgets/static
    }
    assert held == wanted
    assert "hailuo_nb/py.typed" in held
    assert licence


def test_the_sdist_holds_what_a_packager_needs(distributions: Distributions) -> None:
    with tarfile.open(distributions[0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    needed = ["pyproject.toml", "Makefile", "LICENSE", "CHANGELOG.md", ".ci/check", "tests/conftest.py",
              "hailuo_nb/widgets/js/protocol.js", "tests/js/build.mjs", "notebooks/quickstart.ipynb"]  # fmt: skip
    assert [name for name in needed if name not in held] == []


def test_no_path_of_this_machine_is_in_them(distributions: Distributions, checkout: Path) -> None:
    sdist, wheel = distributions
    with zipfile.ZipFile(wheel) as packed, tarfile.open(sdist) as tar:
        texts = {name: packed.read(name) for name in packed.namelist()}
        texts |= {one.name: file.read() for one in tar if (file := tar.extractfile(one))}
    here = [str(place).encode() for place in (ROOT, checkout, sys.prefix)]
    assert [name for name, text in texts.items() if any(place in text for place in here)] == []


def test_one_version_and_every_extra_is_explained(distributions: Distributions) -> None:
    found = metadata(distributions[1])
    assert found["Version"] == hn.__version__
    assert re.search(
        rf"^version: {re.escape(hn.__version__)}$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" not in project, "read from hailuo_nb.__version__"
    assert found.get_all("Provides-Extra") == sorted(project["optional-dependencies"])
    for page in ("docs/index.md", "docs/zh/index.md"):
        start = (ROOT / page).read_text("utf-8")
        assert [one for one in project["optional-dependencies"] if f"`{one}`" not in start] == []


def test_it_runs_where_only_the_wheel_is(installed: Path, tmp_path: Path) -> None:
    code = """
import json, sys, hailuo_nb as hn
studio = hn.Studio("A cat [Push in]")
report = hn.doctor()
scripts = {type(one).__name__: str(one._esm) for one in (studio.editor, studio.board)}
print(json.dumps([hn.__file__, sys.path, studio.providers, report.text, scripts]))
"""
    printed = run(installed, "-c", code, cwd=tmp_path, **GUARD)
    file, path, providers, report, scripts = json.loads(printed.splitlines()[-1])
    assert Path(file).is_relative_to(installed.parents[1])
    assert not {str(ROOT), str(Path.cwd())} & set(path), "a checkout is on the path"
    assert len(providers) == 4
    assert re.search(rf"hailuo_nb +{re.escape(hn.__version__)}\n", report)
    command = run(installed.with_name("hailuo-nb"), "doctor", cwd=tmp_path, **GUARD)
    assert command.strip() == report.strip()
    # A host gets the script as one module of text: VS Code, marimo and Colab serve nothing beside.
    for name, script in scripts.items():
        assert re.search(r"export\{\w+ as default|export default", script), name
        assert not re.search(r"\bimport\s*[({*\"'\w]", script), (
            f"{name} imports what a host may not have"
        )
        assert not re.search(r"https?://(?!www\.w3\.org/)", script), f"{name} loads from elsewhere"


@pytest.fixture
def lab(installed_with_jupyter: Path, tmp_path: Path) -> Lab:
    scratch = tmp_path / "jupyter"
    scratch.mkdir()
    return Lab(tmp_path / "work", scratch, python=str(installed_with_jupyter), env=GUARD)


FRONT_ENDS: list[tuple[View, str]] = [("lab", "JupyterLab"), ("notebooks", "Jupyter Notebook")]


def test_the_studio_comes_up_in_jupyterlab_and_in_notebook_7(
    lab: Lab, installed: Path, page: Page
) -> None:
    """tests/binder plays clips of an installed wheel in JupyterLab."""
    cells = ["import hailuo_nb as hn\nprint(hn.__file__)", "hn.Studio('A fox [Push in]')"]
    with lab:
        write_notebook(lab.root / "wheel.ipynb", cells)
        for view, name in FRONT_ENDS:  # the second one finds the kernel of the first
            notebook = lab.open(page, "wheel.ipynb", view=view)
            assert page.evaluate("() => window.jupyterapp.name") == name
            notebook.run_all()
            assert notebook.text(0).startswith(str(installed.parents[1]))
            studio = notebook.output(1)
            prompt = studio.get_by_role("textbox", name="Prompt").first
            expect(prompt).to_have_value("A fox [Push in]")
            expect(
                studio.get_by_role("button", name=re.compile("Generate 4 clips"))
            ).to_be_enabled()
            expect(studio.locator(".hn-board")).to_contain_text("No clips yet")
            shot(page, f"wheel-{view}")
