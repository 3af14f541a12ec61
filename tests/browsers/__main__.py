"""`make browsers`: page and board in Firefox, WebKitGTK and Chromium; writes RESULTS.md.

python -m tests.browsers [NAME]      one of them, and nothing is written
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.browser import in_page
from tests.browser.board_clips import colour, write_clips
from tests.browser.board_page import cells
from tests.browser.lab import SCREENS, Lab
from tests.browser.quick_simulator import quick_simulator
from tests.browser.saved_comparison import saved_comparison
from tests.notebook_files import write_notebook

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
DIFFERENCES = HERE / "DIFFERENCES.md"
PROGRAMS = {
    "firefox": "firefox-esr",
    "webkit": "WebKitWebDriver",
    "chromium": "chromium-headless-shell",
}
BROWSERS = tuple(PROGRAMS)
KNOWN = {("webkit", "difference by pixel")}
"""Fails for a reason that DIFFERENCES.md tells: by browser and the end of a scene's name."""
Line = dict[str, Any]
NOTEBOOK = "browsers.ipynb"
STUDIO = 'import hailuo_nb as hn\nstudio = hn.Studio(provider="simulated:ppinfra")\nstudio'
FUNCTIONS = {"idle": in_page.IDLE, "runCell": in_page.RUN_CELL, "kexec": in_page.KEXEC}


def shade(index: int) -> list[int]:
    """The colour of a clip halfway down; see `board_clips.picture`."""
    return [round(value * 0.675) for value in colour(index)]


def notebook_cells(folder: Path) -> list[str]:
    board = cells("[row(i) for i in range(6)]")
    return [*board, quick_simulator(folder) + STUDIO]


def play(browser: str, page: Path, lab: Lab, folder: Path) -> Iterator[Line]:
    """The lines that run.mjs prints: {"version"} first, then {"scene", "ok", "note"}."""
    if shutil.which(PROGRAMS[browser]) is None:
        yield {"scene": "it is there", "ok": False, "note": f"no {PROGRAMS[browser]} here"}
        return
    pictures = SCREENS / "browsers"
    pictures.mkdir(parents=True, exist_ok=True)
    job = {
        "browser": browser,
        "page": page.as_uri(),
        "lab": f"{lab.url}doc/tree/{NOTEBOOK}?reset",
        "shades": [shade(0), shade(3)],
        "functions": FUNCTIONS,
        "pictures": str(pictures),
    }
    file = folder / f"{browser}.json"
    file.write_text(json.dumps(job), "utf-8")
    command = ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "node", "run.mjs", str(file)]
    process = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)
    if process.wait():
        yield {"scene": "all scenes run", "ok": False, "note": "the runner ended early"}


def main(only: str = "") -> int:
    found: dict[str, list[Line]] = {}
    with tempfile.TemporaryDirectory(prefix="hailuo-browsers-") as name:
        folder = Path(name)
        page = saved_comparison(folder / "saved").to_html(folder / "page.html")
        write_clips(folder / "notebooks", 6, 12)
        write_notebook(folder / "notebooks" / NOTEBOOK, notebook_cells(folder))
        with Lab(folder / "notebooks", folder / "jupyter") as lab:
            for browser in [only] if only else BROWSERS:
                found[browser] = []
                for line in play(browser, page, lab, folder):
                    found[browser].append(line)
                    print(browser, json.dumps(line, ensure_ascii=False), flush=True)
                lab.end_kernels()
    if not only:
        RESULTS.write_text(report(found), "utf-8")
    return (
        1
        if any(_is_news(browser, line) for browser, lines in found.items() for line in lines)
        else 0
    )


def report(found: dict[str, list[Line]]) -> str:
    """A table of scenes and browsers, and DIFFERENCES.md, which a person writes."""
    titles = [
        next((str(line["version"]) for line in lines if "version" in line), browser)
        for browser, lines in found.items()
    ]
    results = [
        {line["scene"]: line for line in lines if "scene" in line} for lines in found.values()
    ]
    scenes = dict.fromkeys(scene for result in results for scene in result)
    rows = [
        " | ".join([scene, *(_cell(result.get(scene)) for result in results)]) for scene in scenes
    ]
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [
        "# Page and board in other browsers",
        "",
        f"Written by `make browsers` on {when}, on {os.cpu_count()} cores without a graphics card "
        "that others used at the same time. Each scene is played with the browser's own pointer and "
        "keys. How far the clips are apart is measured, and nothing is asserted of it.",
        "",
        f"| scene | {' | '.join(titles)} |",
        "| --- |" + " --- |" * len(titles),
        *(f"| {row} |" for row in rows),
        "",
    ]
    return "\n".join(lines) + "\n" + DIFFERENCES.read_text("utf-8")


def _is_news(browser: str, line: Line) -> bool:
    scene = str(line.get("scene", ""))
    known = any(browser == one and scene.endswith(end) for one, end in KNOWN)
    return not line.get("ok", True) and not known


def _cell(line: Line | None) -> str:
    if line is None:
        return "not played"
    note = str(line["note"]).replace("|", "/").replace("\n", " ")[:200]
    if not line["ok"]:
        return f"**fails**: {note}"
    return note or "passes"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
