"""A provider of another package (`outside/`, installed by its folder on the path) keeps the same
contract: the suite runs on it unchanged, and it appears wherever a provider does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1] / "contract"
SUITE = (
    "test_any_provider.py",
    "test_refusals.py",
    "test_polls.py",
    "test_over_loopback.py",
    "test_auth.py",
)

_PATHS = """
import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.widgets.magics import _providers

assert "acme" in set(hn.matrix()["provider"]), "matrix"
for name in ("acme", "simulated:acme", "acme/MiniMax-Hailuo-2.3"):
    hn.plan("A cat [Push in]", provider=name)
assert hn.plan("A cat", provider="acme")["cost"].tolist() == [0.25], "price"
assert hn.plan("A cat", provider="acme", duration=7)["nearest"].notna().all(), "nearest"
assert "simulated:acme" in _providers("", []), "magics"
studio = hn.Studio()
entry = next(one for one in studio.editor.catalogue if one["name"] == "simulated:acme")
assert entry["key_variables"] == ["ACME_API_KEY"], "studio"
assert "ACME_API_KEY" in hn.doctor().text, "doctor"
clips = hn.compare("A cat [Push in]", provider=["simulated:acme", "simulated:xcompute"])
clips.wait(timeout=240)
assert [job.state for job in clips.jobs] == ["saved", "saved"], [job.state for job in clips.jobs]
"""


def _run(*arguments: str, **variables: str) -> str:
    path = os.pathsep.join([str(HERE / "outside"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[1],
        env=os.environ | {"PYTHONPATH": path} | variables,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return done.stdout


def test_the_suite_runs_on_it() -> None:
    files = [f"tests/contract/{name}" for name in SUITE]
    said = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "acme", *files)
    assert " passed" in said
    assert int(said.rpartition(" passed")[0].split()[-1]) > 180


def test_it_appears_wherever_a_provider_does(tmp_path: Path) -> None:
    _run("-c", _PATHS, HAILUO_NB_HOME=str(tmp_path), HAILUO_NB_SIMULATOR_SHRINK="8")


def test_the_notebook_writes_these_files() -> None:
    """`notebooks/add-a-provider.ipynb` makes the same package: copy a changed file into its cell."""
    book = json.loads((HERE.parents[1] / "notebooks/add-a-provider.ipynb").read_text("utf-8"))
    written = {}
    for cell in book["cells"]:
        magic, _, text = "".join(cell["source"]).partition("\n")
        if magic.startswith("%%writefile"):
            written[magic.rpartition("/")[2]] = text.strip()
    package, metadata = HERE / "outside/acme_hailuo", HERE / "outside/acme_hailuo-1.0.dist-info"
    files = [file for file in package.iterdir() if file.is_file() and file.name != "__init__.py"]
    files += metadata.iterdir()
    assert written == {file.name: file.read_text(encoding="utf-8").strip() for file in files}
