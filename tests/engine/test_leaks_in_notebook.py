"""A notebook runs with a marked key in its environment, is saved with its widgets' state, and is
searched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.echo import echo
from tests.engine.test_leaks import HALF, HANG, KEY, ROOT, hits
from tests.notebook_files import write_notebook

SETUP = """\
import logging, os
logging.basicConfig(filename="debug.log", level=logging.DEBUG, force=True)
import hailuo_nb as hn
from hailuo_nb.engine import transport
from hailuo_nb.providers import account
account.Account.time_scale = 0.001
%xmode Verbose
BASE = {base!r}
def at(mode):
    return hn.provider("modelverse", base_url=f"{{BASE}}/{{mode}}", api_key=os.environ["MODELVERSE_API_KEY"])"""
CELLS = [
    "studio = hn.Studio('A cat [Push in]', provider=[at('good')])\nstudio",
    "studio.editor.targets = ['modelverse/MiniMax-Hailuo-02']\n"
    "studio._generate(studio.editor.draft())\n"
    "while not studio.comparison.jobs: __import__('time').sleep(0.05)\n"
    "studio.comparison.wait(60)",
    "board = hn.compare('A dog [Pan left]', provider=[at('good'), at('task')])\nboard",
    "for mode in ('refused', 'cut', 'notjson'):\n"
    "    board.add(hn.compare('A dog [Pan left]', provider=[at(mode)]))\n"
    "board.wait(60)",
    # A runner of notebooks drops what comes from the background; a board made now has it all from
    # the start.
    "from hailuo_nb.widgets.board_updates import new_board\nfrom pathlib import Path\nnew_board(board, "
    "Path.cwd())[0]",
    "board.to_frame()",
    "board.to_html('page.html'), board.to_csv('table.csv')",
    "hn.history()",
    "hn.doctor()",
]
FAILING = [
    "hn.generate('A cat', provider=at('good'), duration=7)",
    "hn.provider('modelverse', base_url='https://stranger.example')",
    "hn.generate('A cat', provider=at('good'), resolution='4K')",
    "hn.enter_key('xcompute')",
    "hn.generate('A hen', provider='xcompute')",
]


@pytest.mark.parametrize("fails", [False, True], ids=["works", "fails"])
def test_a_saved_notebook_holds_no_key(tmp_path: Path, clip: bytes, fails: bool) -> None:
    with echo(clip) as server:
        cells = [SETUP.format(base=server.base), *(FAILING if fails else CELLS)]
        write_notebook(tmp_path / "in.ipynb", cells, *["raises-exception"] * fails)
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        ran = subprocess.run(
            [
                sys.executable,
                str(ROOT / ".ci/execute_notebook.py"),
                "in.ipynb",
                "--cwd",
                "run",
                "--out",
                "out.ipynb",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "MODELVERSE_API_KEY": KEY},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
        sent = any(KEY in seen for seen in server.keys_seen)
    (tmp_path / "said.txt").write_text(ran.stdout + ran.stderr)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert sent is not fails
    saved = (tmp_path / "out.ipynb").read_text()
    if fails:
        for name in ("InvalidRequestError", "MissingKeyError", "ArgumentError", "HailuoError"):
            assert name in saved, name
    else:
        widgets = json.loads(saved)["metadata"]["widgets"][
            "application/vnd.jupyter.widget-state+json"
        ]["state"]
        assert any("rows" in widget["state"] for widget in widgets.values()), (
            "the boards are saved with their rows"
        )
        assert "could not be made with Bearer •••" in json.dumps(widgets, ensure_ascii=False)
        assert "key present (MODELVERSE_API_KEY from the environment)" in saved
    assert hits(tmp_path, HALF) == []
