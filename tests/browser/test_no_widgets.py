"""A front end that shows no widgets: the studio says what to install, and clips stand in a
table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, shot
from tests.browser.quick_simulator import quick_simulator
from tests.notebook_files import write_notebook


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Lab]:
    """A JupyterLab as where `jupyterlab_widgets` is not installed."""
    manager = "@jupyter-widgets/jupyterlab-manager"
    with Lab(tmp_path / "notebooks", tmp_path / "jupyter", without=[manager]) as lab:
        yield lab


def test_the_studio_says_what_to_install_and_clips_stand_in_a_table(
    bare: Lab, page: Page, tmp_path: Path
) -> None:
    names = '["simulated:ppinfra", "simulated:xcompute"]'
    cells = [
        quick_simulator(tmp_path),
        f"studio = hn.Studio('A cat', provider={names})\nstudio",
        f"board = hn.compare('A cat [Push in]', provider={names}).wait(60)\nboard",
        "print(board)",
        "studio.comparison.add(board.jobs)\nstudio",
    ]
    write_notebook(bare.root / "bare.ipynb", cells)
    notebook = bare.open(page, "bare.ipynb")
    for index in range(len(cells)):
        notebook.run_cell(index)
    told = notebook.output(1)
    expect(told).to_contain_text("pip install jupyterlab_widgets anywidget")
    expect(told).to_contain_text("hn.compare(...)")
    for index in (2, 4):
        rows = notebook.output(index).locator("table tbody tr")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("saved")
        expect(rows.first.locator("video")).to_have_attribute("poster", re.compile("^.{100}", re.S))
    plain = notebook.text(3)
    assert "Comparison of 2 clips" in plain
    assert plain.count("saved") == 2
    assert "application/vnd.jupyter.widget-view+json" in notebook.outputs(1)[0]["data"], (
        "others show the widget"
    )
    shot(page, "no-widgets")
