"""Fixtures of the Binder tests: a checkout, the environment that binder/ makes of it, and a
browser.

What cannot be tested here is the image itself, which needs a Docker engine. The environment is kept
in build/ under the hash of its requirements, so that it is made once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import browser, new_context, page
from tests.browser.lab import ROOT

__all__ = ["browser", "checkout", "new_context", "page", "python", "run"]

HANG = 600  # seconds; a bound against hanging, not a measure


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
    """The Python of an environment that binder/requirements.txt and binder/postBuild made, and
    nothing else."""
    # Made by .ci/check before the tests, which may not leave this machine; here it is only found.
    found = ROOT / run("bash", ".ci/binder_environment", sys.executable, cwd=ROOT).strip()
    environment = found.parents[1]
    home = tmp_path_factory.mktemp("binder-home")
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # Two workers of one run share the environment: the first one finishes it, and nobody changes it
    # again.
    shared = tmp_path_factory.getbasetemp()
    done = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "post-built"
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            run("bash", "binder/postBuild", cwd=checkout, HOME=str(home), PATH=path)
            done.touch()
    return found
