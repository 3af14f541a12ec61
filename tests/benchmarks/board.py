"""How a board of 200 clips and a studio feel in a real JupyterLab: first paint, scrolling, memory,
bytes on the wire.

    .venv/bin/python -m tests.benchmarks.board      three runs, writes BOARD.md

Two hundred small H.264 clips lie beside the notebook. Each run has a kernel and a page of its own;
Chromium is headless and draws without a graphics card, which makes scrolling the worst case.
Nothing here is asserted.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.board_clips import colour, write_clip
from tests.browser.lab import Lab, Notebook, launch_chromium
from tests.notebook_files import write_notebook

ROWS = 200
RUNS = 3
HERE = Path(__file__).parent

SET_UP = f"""
import time
from hailuo_nb.widgets.compare_board import CompareBoard
from tests.browser.board_clips import row
def memory():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
rows = [row(index, video=f"clips/{{index}}.mp4") for index in range({ROWS})]
before = memory()
"""
BOARD = """begun, used = time.perf_counter(), time.thread_time()
board = CompareBoard(rows, "Two hundred clips")
made = (1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - used))
board"""
STUDIO = (
    "import hailuo_nb as hn\nstudio = hn.Studio('A cat [Push in]', "
    "provider=['simulated:ppinfra'])\nstudio"
)
ONE = (
    "clip = hn.compare('A fox, run NUMBER [Pan left]', provider=['simulated:ppinfra', "
    "'simulated:modelverse'])\nclip"
)

# Looks before each picture; milliseconds since the cell was asked for.
PAINT = """async ([cell, wanted]) => {
  const { NotebookActions } = window, begun = performance.now(), seen = {};
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = cell;
  window.jupyterapp.commands.execute("notebook:run-cell");
  while (performance.now() - begun < 90000) {
    await new Promise(requestAnimationFrame);
    let all = true;
    for (const [name, [selector, count]] of Object.entries(wanted)) {
      if (name in seen) continue;
      const found = [...document.querySelectorAll(selector)];
      const there = selector === "video" ? found.filter((one) => one.readyState >= 2) : found;
      if (there.length >= count) seen[name] = performance.now() - begun; else all = false;
    }
    if (all) return seen;
  }
  return seen;
}"""
SCROLL = """async (seconds) => {
  const pane = document.querySelector(".jp-WindowedPanel-outer"), gaps = [];
  let last = performance.now(), step = 40;
  const end = last + 1000 * seconds;
  while (last < end) {
    pane.scrollTop += step;
    if (pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 2 || pane.scrollTop <= 0) step = -step;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return gaps.slice(1);
}"""
LOADED = (
    "() => [...document.querySelectorAll('.hn-board video')].filter((one) => one.readyState "
    ">= 1).length"
)
FIRST_FRAMES = """() => {
  window.shownAt = {};
  document.addEventListener("loadeddata", ({ target }) => {
    const job = target.closest?.(".hn-card")?.dataset.job;
    if (job) target.requestVideoFrameCallback(() => { window.shownAt[job] ??= Date.now(); });
  }, true);
}"""


class Socket:
    """Bytes that came over the page's websockets."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Network.enable")
        self.cdp.send("Performance.enable")
        self.cdp.on("Network.webSocketFrameReceived", self._count)

    def _count(self, event: Any) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        self.received += len(base64.b64decode(payload)) if binary else len(payload.encode())

    def heap(self) -> float:
        """MB of JavaScript objects, after they were collected."""
        self.cdp.send("HeapProfiler.collectGarbage")
        found = {
            one["name"]: one["value"] for one in self.cdp.send("Performance.getMetrics")["metrics"]
        }
        return float(found["JSHeapUsedSize"]) / 1e6


def board_run(notebook: Notebook) -> dict[str, float]:
    page = notebook.page
    socket = Socket(page)
    notebook.run_cell(0)
    bare = page.evaluate(SCROLL, 3)
    heap, received = socket.heap(), socket.received
    seen = page.evaluate(PAINT, [1, {"cards": [".hn-card", ROWS], "picture": ["video", 1]}])
    page.wait_for_timeout(3000)
    figures = {
        "all cards there, ms": seen["cards"],
        "first clip has a picture, ms": seen["picture"],
    }
    figures["clips that hold a decoder"] = page.evaluate(LOADED)
    figures["over the websocket, kB"] = (socket.received - received) / 1000
    gaps = page.evaluate(SCROLL, 10)
    figures["pictures a second of a notebook without a board"] = 1000 * len(bare) / sum(bare)
    figures["scrolling: pictures a second"] = 1000 * len(gaps) / sum(gaps)
    figures["scrolling: gaps over 50 ms, % of the time"] = (
        100 * sum(gap for gap in gaps if gap > 50) / sum(gaps)
    )
    figures["scrolling: longest gap, ms"] = max(gaps)
    figures["clips that hold a decoder after scrolling"] = page.evaluate(LOADED)
    figures["JavaScript heap of the board, MB"] = socket.heap() - heap
    wall, used, grown = json.loads(
        notebook.kexec("import json; print(json.dumps([*made, memory() - before]))")
    )
    figures |= {"making it in the kernel, ms": wall, "of that computing, ms": used}
    figures["memory of the kernel for it, MB"] = grown
    return figures


def studio_run(notebook: Notebook) -> dict[str, float]:
    page = notebook.page
    seen = page.evaluate(PAINT, [2, {"studio": [".hn-studio .hn-generate", 1]}])
    notebook.wait_idle()
    page.evaluate(FIRST_FRAMES)
    notebook.run_cell(3)
    page.locator(".jp-Cell").nth(3).scroll_into_view_if_needed()
    notebook.kexec("clip.wait(100)", within=110)
    page.wait_for_function("() => Object.keys(window.shownAt).length >= 2", timeout=30_000)
    shown = page.evaluate("() => window.shownAt")
    written = json.loads(
        notebook.kexec(
            "import json; print(json.dumps({job.id: [job.path.stat().st_mtime, job.finished_at] "
            "for job in clip}))"
        )
    )
    bytes_to_frame = [shown[job] - 1000 * at for job, (at, _) in written.items()]
    saved_to_frame = [shown[job] - 1000 * saved for job, (_, saved) in written.items()]
    return {
        "hn.Studio(), import included, to its paint, ms": seen["studio"],
        "last byte of a clip on disk to its first frame, ms": statistics.mean(bytes_to_frame),
        "clip saved in the ledger to its first frame, ms": statistics.mean(saved_to_frame),
    }


def once(browser: Browser, lab: Lab, number: int) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    context.set_default_timeout(120_000)
    name = f"run{number}.ipynb"
    write_notebook(lab.root / name, [SET_UP, BOARD])
    try:
        figures = board_run(lab.open(context.new_page(), name))
        lab.end_kernels()
        write_notebook(
            lab.root / name, ["import json", "", STUDIO, ONE.replace("NUMBER", str(number))]
        )
        return figures | studio_run(lab.open(context.new_page(), name))
    finally:
        context.close()
        lab.end_kernels()


def page_of(runs: list[dict[str, float]], version: str, load: float) -> str:
    lines = [
        "# Board\n",
        f"Written by `python -m tests.benchmarks.board` on {time.strftime('%Y-%m-%d')}: "
        f"{platform.machine()}, "
        f"{os.cpu_count()} cores shared with other work (load average {load:.1f} before), headless "
        f"Chromium {version} "
        f"without a graphics card, 1600 x 1000. A board of {ROWS} clips of 192 x 108 and 3 s; "
        f"medians of {len(runs)} "
        "runs, least and most in brackets.\n",
        "| what | median | least to most |",
        "|---|---|---|",
    ]
    for name in runs[0]:
        values = [run[name] for run in runs]
        middle = statistics.median(values)
        lines.append(f"| {name} | {middle:.4g} | {min(values):.4g} to {max(values):.4g} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        with Lab(Path(folder) / "notebooks", Path(folder) / "jupyter") as lab:
            for index in range(ROWS):
                write_clip(lab.root / "clips" / f"{index}.mp4", colour(index))
            runs = []
            for number in range(RUNS):
                runs.append(once(browser, lab, number))
                print(json.dumps(runs[-1], indent=1), flush=True)
        version = browser.version
        browser.close()
    (HERE / "BOARD.md").write_text(page_of(runs, version, load), encoding="utf-8")


if __name__ == "__main__":
    main()
