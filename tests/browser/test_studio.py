"""Item 3 of the main job in a real JupyterLab: the studio from import to four playing clips, with a
busy kernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import expect

from tests.browser.lab import Notebook, shot
from tests.browser.notebook import wait_until
from tests.browser.quick_simulator import quick_simulator

HALF_SIZE = "import os\nos.environ['HAILUO_NB_SIMULATOR_SHRINK'] = '2'\nimport hailuo_nb as hn"
CELLS = [
    HALF_SIZE,
    "studio = hn.Studio()\nstudio",
    "import pathlib, time\nwhile not pathlib.Path('gate').exists(): time.sleep(0.05)\nprint('slept')",
]
PROMPT = "A red fox trots across a meadow at dawn [Truck right,Pan left], then looks up"
ARRIVAL = 120_000  # ms; a bound against hanging, not a measure

VIDEOS = """(root) => [...root.querySelectorAll(".hn-card video")].map((video) => ({
  time: video.currentTime, width: video.videoWidth, height: video.videoHeight, duration: video.duration,
  source: video.currentSrc, paused: video.paused }))"""


def videos(notebook: Notebook, cell: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = notebook.output(cell).evaluate(VIDEOS)
    return found


def test_from_import_to_four_playing_clips_while_the_kernel_is_busy(
    open_fresh: Callable[..., Notebook],
) -> None:
    notebook = open_fresh(CELLS)
    notebook.run_cell(0)
    notebook.run_cell(1)
    studio = notebook.output(1)
    prompt = studio.get_by_role("textbox", name=re.compile("prompt", re.I)).first
    prompt.fill(PROMPT)
    prompt.press("End")
    studio.get_by_role("button", name=re.compile("Push in")).first.click()
    expect(prompt).to_have_value(f"{PROMPT} [Push in]")
    notebook.page.keyboard.type(" and rests")
    expect(prompt).to_have_value(f"{PROMPT} [Push in] and rests")
    shot(notebook.page, "studio-before")

    generate = studio.get_by_role("button", name=re.compile("Generate"))
    expect(generate).to_be_enabled()
    generate.click()
    rows = studio.locator(".hn-card")
    expect(rows).to_have_count(4)
    notebook.start_cell(2)  # the kernel's main thread sleeps from here on
    bars = studio.get_by_role("progressbar")
    now = "bars => bars.map((bar) => bar.getAttribute('aria-valuenow') || '')"
    seen: set[str] = set()

    def moves() -> bool:
        seen.update(bars.evaluate_all(now))
        return len(seen) > 3

    wait_until(notebook.page, moves, True)
    assert "slept" not in notebook.text(2), "the kernel was to be busy while the progress moved"
    (notebook.lab.root / notebook.name).with_name("gate").touch()

    clips = studio.locator(".hn-card video")
    expect(clips).to_have_count(4, timeout=ARRIVAL)
    notebook.page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card video')].every(v => v.readyState >= 2)",
        timeout=ARRIVAL,
    )
    # Clips that arrive in sight play in step, and the button says so.
    expect(studio.get_by_role("button", name=re.compile("Pause all")).first).to_be_visible()
    notebook.page.wait_for_function(
        "() => [...document.querySelectorAll('.hn-card video')].every(v => v.currentTime > 0.5)"
    )
    before = videos(notebook, 1)
    notebook.page.wait_for_function(
        "(times) => [...document.querySelectorAll('.hn-card video')].every((v, i) => v.currentTime "
        "!== times[i])",
        arg=[video["time"] for video in before],
    )
    assert sorted(video["width"] for video in before) == [640, 682, 682, 682]
    assert {round(video["duration"]) for video in before} == {6}
    assert all("/files/" in video["source"] for video in before), (
        "clips come from the Jupyter server, with seeking"
    )
    shot(notebook.page, "studio-after")
    notebook.page.set_viewport_size({"width": 1440, "height": 1900})
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        notebook.set_theme(theme)
        expect(studio.locator(".hn-board")).to_have_css("color-scheme", theme)
        shot(studio, f"studio-{theme}")


def test_the_table_is_the_same_from_code(
    open_fresh: Callable[..., Notebook], tmp_path: Path
) -> None:
    names = '["simulated:ppinfra", "simulated:modelverse"]'
    notebook = open_fresh(
        [
            quick_simulator(tmp_path),
            f"board = hn.compare('A cat [Pan left]', provider={names})\nboard",
            "board.wait()",
        ]
    )
    notebook.run_all()
    shown = notebook.output(1)
    expect(shown.locator(".hn-card")).to_have_count(2)
    expect(shown.locator(".hn-card video")).to_have_count(2, timeout=ARRIVAL)
    expect(shown.get_by_text("SIMULATED").first).to_be_visible()
    again = open_fresh(
        ["import hailuo_nb as hn\nprint(hn.history()['state'].tolist())"], name="again.ipynb"
    )
    again.run_all()
    assert again.text(0).strip() == "['saved', 'saved']"


def test_a_clip_outside_the_servers_folder_comes_as_bytes(
    open_fresh: Callable[..., Notebook], tmp_path: Path
) -> None:
    notebook = open_fresh(
        [
            f"import os\nos.environ['HAILUO_NB_HOME'] = {str(tmp_path / 'home')!r}\n"
            + quick_simulator(tmp_path),
            "board = hn.compare('A cat [Zoom in]', provider='simulated:ppinfra')\nboard",
            "board.wait()",
        ]
    )
    notebook.run_all()
    clip = notebook.output(1).locator(".hn-card video")
    expect(clip).to_have_count(1, timeout=ARRIVAL)
    notebook.page.wait_for_function("() => document.querySelector('.hn-card video').videoWidth > 0")
    assert clip.evaluate("video => video.currentSrc").startswith("blob:")
