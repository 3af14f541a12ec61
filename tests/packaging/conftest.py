"""Fixtures: sdist and wheel of a clean copy, and an environment in which the wheel is installed."""

from __future__ import annotations

import sys
import sysconfig
import venv
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.binder.conftest import checkout, run
from tests.browser.conftest import browser, new_context, page
from tests.browser.lab import ROOT

__all__ = [
    "browser",
    "checkout",
    "distributions",
    "installed",
    "installed_with_jupyter",
    "new_context",
    "page",
]

GUARD = {"PYTHONPATH": str(ROOT / "tests" / "guard")}
"""For a Python of the environment: no checkout on its path, and nothing reaches outside."""


@pytest.fixture(scope="session")
def distributions(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is built from it alone."""
    out = tmp_path_factory.mktemp("dist")
    run("bash", ".ci/distributions", "build", out, cwd=checkout, PYTHON=sys.executable)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="session")
def installed(distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel, installed by pip, and what it declares to need.

    What it needs is linked from the environment of the tests, as nothing is fetched here.
    """
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    _, wheel = distributions
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-compile"]
    run(*pip, "--no-deps", "--no-index", wheel, cwd=place, **GUARD)
    (info,) = site(place).glob("hailuo_nb-*.dist-info")
    link(place, metadata.Distribution.at(info).requires or [])
    return python


@pytest.fixture(scope="session")
def installed_with_jupyter(installed: Path) -> Path:
    """The same environment after `pip install jupyterlab notebook`."""
    place = installed.parents[1]
    link(place, ["jupyterlab", "notebook"])
    for name in ("share", "etc"):  # the front ends, and their extensions
        (place / name).symlink_to(Path(sys.prefix) / name)
    return installed


def site(environment: Path) -> Path:
    (found,) = environment.glob("lib/python*/site-packages")
    return found


def link(environment: Path, requirements: Iterable[str]) -> None:
    """Link these distributions, and what they need in turn, into an environment."""
    source, into = Path(sysconfig.get_path("purelib")), site(environment)
    todo = [(line, {""}) for line in requirements]
    done = set[str]()
    while todo:
        line, asked = todo.pop()  # a requirement, and the extras with which its owner is wanted
        wanted = Requirement(line)
        if wanted.marker and not any(wanted.marker.evaluate({"extra": one}) for one in asked):
            continue
        if (key := f"{wanted.name}{sorted(wanted.extras)}") in done:
            continue
        done.add(key)
        found = metadata.distribution(wanted.name)
        assert wanted.specifier.contains(found.version, prereleases=True), line
        for name in {path.parts[0] for path in found.files or ()} - {"..", "__pycache__"}:
            if not (into / name).exists():
                (into / name).symlink_to(source / name)
        todo += [(needed, wanted.extras or {""}) for needed in found.requires or ()]
