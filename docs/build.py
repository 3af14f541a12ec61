"""Build the documentation into build/docs: `make docs`.

    python docs/build.py [--no-run | --links]
        --no-run  without running notebooks and code cells
        --links   only ask whether the web addresses answer

The pages are staged in build/docs-work/source: docs/, the notebooks with outputs, and the parts
that are made from the code (`generate.py`). What ran before is kept in build/docs-work by the
source of the notebook and of the package, so that a change of a text builds in seconds.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
NOTEBOOKS = ROOT / "notebooks"
WORK = ROOT / "build" / "docs-work"
SOURCE, CELLS, RAN = WORK / "source", WORK / "cells", WORK / "ran"
SITE = ROOT / "build" / "docs"
BOARDS = WORK / "boards"
WIDGET = "application/vnd.jupyter.widget-view+json"
CLIPS = "hailuo_runs/videos"
BESIDE = {
    "CONTRIBUTING.md": "project/contributing.md",
    ".github/SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
    "tests/benchmarks/ADHERENCE.md": "explanation/figures-of-the-camera.md",
    "tests/benchmarks/SCHEDULE.md": "explanation/figures-of-the-schedule.md",
    "tests/benchmarks/VERDICTS.md": "explanation/figures-of-verdicts.md",
    "tests/benchmarks/RACING.md": "explanation/figures-of-races.md",
}
"""Documents of the repository that are pages too."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the documentation into build/docs.")
    parser.add_argument("--no-run", action="store_true", help="run no notebook and no code cell")
    parser.add_argument("--links", action="store_true", help="ask every web address, build nothing")
    options = parser.parse_args()
    run = not options.no_run and not options.links
    os.environ.update(environment(run))
    stage()
    if options.links:
        return _sphinx("linkcheck", WORK / "links")
    if run:
        with ThreadPoolExecutor(2) as pool:
            ran = pool.map(_run_notebook, sorted(NOTEBOOKS.glob("*.ipynb")))
            _make_gallery()
            list(ran)
    shutil.rmtree(SITE, ignore_errors=True)
    built = _sphinx("html", SITE)
    if built == 0:
        _put_clips()
        sys.stdout.write(f"The documentation is in {SITE.relative_to(ROOT)}/index.html\n")
        sys.stdout.write(f"    file://{SITE / 'index.html'}\n")
    return built


def _sphinx(builder: str, target: Path) -> int:
    command = [sys.executable, "-m", "sphinx", "-b", builder, "-E", "-W", "--keep-going", "-q"]
    command += ["-d", str(WORK / "doctrees"), str(SOURCE), str(target)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def environment(run: bool) -> dict[str, str]:
    """For everything that runs: the simulator alone, with small clips. No key is seen."""
    from hailuo_nb.providers import registry

    for name in registry.names():
        for variable in registry.get(name).key_variables:
            os.environ.pop(variable, None)
    os.environ.pop("HAILUO_NB_HOME", None)
    profile = WORK / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    # Else each kernel starts by warning that loopback is not encrypted.
    quiet = 'get_config().IPKernelApp.log_level = "ERROR"\n'
    (profile / "ipython_kernel_config.py").write_text(quiet, encoding="utf-8")
    return {
        "IPYTHONDIR": str(profile.parent),
        "HAILUO_NB_SIMULATOR_SHRINK": "2",
        "HAILUO_NB_DOCS_RUN": "cache" if run else "off",
        "HAILUO_NB_DOCS_CACHE": str(CELLS / _digest(_package())),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(DOCS / "_ext")]),
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
    }


def stage() -> None:
    """Put together what Sphinx reads."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE, ignore=shutil.ignore_patterns("__pycache__", "build.py"))
    shutil.copytree(NOTEBOOKS / "images", SOURCE / "notebooks" / "images", dirs_exist_ok=True)
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, SOURCE / "notebooks")
    for source, target in BESIDE.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        (SOURCE / target).write_text(_with_links_of_the_site(text, source), encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        source, text = page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")
        target = SOURCE / page.relative_to(DOCS)
        target.write_text(_with_links_of_the_site(text, source), encoding="utf-8")
    shutil.copy(ROOT / "tests/benchmarks/schedule.svg", SOURCE / "explanation")
    sys.path.insert(0, str(DOCS))
    import generate

    generate.write(SOURCE / "_made")


def _with_links_of_the_site(text: str, source: str) -> str:
    """A page whose links name files of the repository: what one leads to is a page here, or is
    named."""
    page = BESIDE.get(source, source.removeprefix("docs/"))

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found.groups()
        file = os.path.normpath(os.path.join(os.path.dirname(source), target))  # noqa: PTH118, PTH120
        if file in BESIDE or file.startswith(("notebooks/", "docs/")):
            here = BESIDE.get(file, file.removeprefix("docs/"))
            return f"[{words}]({os.path.relpath(here, Path(page).parent)}{anchor or ''})"
        return words if words == target else f"{words} (`{file}`)"

    return re.sub(r"(?<!!)\[([^\]]+)\]\((?!\w+:|#)([^)#]+)(#[^)]*)?\)", link, text)


def _run_notebook(notebook: Path) -> None:
    """Run it once for each state of notebook and package; stage what it printed."""
    script = ROOT / ".ci" / "execute_notebook.py"
    key = _digest([notebook, script, *_package()])
    place = RAN / f"{notebook.stem}-{key[:16]}"
    made = place / "out" / notebook.name
    if not made.exists():
        for old in RAN.glob(f"{notebook.stem}-*"):
            shutil.rmtree(old)
        command = [sys.executable, str(script), str(notebook)]
        command += ["--cwd", str(place), "--out", str(made)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout)
        if done.returncode:
            shutil.rmtree(place, ignore_errors=True)
            raise SystemExit(done.stderr)
    book = json.loads(made.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = list(_still(cell["outputs"]))
    book["metadata"].pop("widgets", None)
    (SOURCE / "notebooks" / notebook.name).write_text(json.dumps(book), encoding="utf-8")


def _still(outputs: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Outputs without widgets, which need a kernel: what a saved notebook shows in their place, and
    of the studio a picture."""
    for output in outputs:
        data = output.get("data", {})
        if WIDGET not in data:
            if "No clips yet" not in "".join(data.get("text/plain", "")):
                yield output
        elif "The studio is a widget" in "".join(data.get("text/plain", "")):
            picture = base64.b64encode((NOTEBOOKS / "images" / "studio.png").read_bytes()).decode()
            yield {**output, "data": {"image/png": picture}}


def _make_gallery() -> None:
    """The boards of the gallery, once for each state of the package, and their list."""
    state = _digest([DOCS / "gallery_boards.py", *_package()])
    if not (BOARDS / "words.json").exists() or (BOARDS / "state").read_text() != state:
        shutil.rmtree(BOARDS, ignore_errors=True)
        BOARDS.mkdir(parents=True)
        command = [sys.executable, str(DOCS / "gallery_boards.py")]
        done = subprocess.run(command, cwd=BOARDS, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        (BOARDS / "state").write_text(state)
    parts = []
    for name, words in json.loads((BOARDS / "words.json").read_text(encoding="utf-8")).items():
        shutil.copy(BOARDS / f"{name}.png", SOURCE / "_made")
        parts.append(
            f"## {name.replace('-', ' ').capitalize()}\n\n{words}\n\n"
            f'<p><a href="boards/{name}.html">Open the board</a></p>\n\n'
            f"![Five frames of each clip](_made/{name}.png)\n"
        )
    (SOURCE / "_made" / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def _put_clips() -> None:
    """The clips that notebooks made, where the players of their pages look for them."""
    for clip in RAN.glob(f"*/{CLIPS}/*.mp4"):
        target = SITE / "notebooks" / CLIPS / clip.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, target)
    for page in BOARDS.glob("*.html"):
        (SITE / "boards").mkdir(exist_ok=True)
        shutil.copy(page, SITE / "boards")


def _package() -> list[Path]:
    return sorted((ROOT / "hailuo_nb").rglob("*.py"))


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()[:24]


if __name__ == "__main__":
    sys.exit(main())
