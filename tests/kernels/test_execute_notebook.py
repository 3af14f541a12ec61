"""`.ci/execute_notebook.py`: what `make demo` and the notebook tests lean on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.notebook_files import write_notebook

SCRIPT = Path(__file__).parents[2] / ".ci" / "execute_notebook.py"


def _execute(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_runs_in_its_folder_and_leaves_the_notebook_as_it_was(tmp_path: Path) -> None:
    cells = [
        "# First\nopen('made', 'w').close()",
        "",
        "await __import__('asyncio').sleep(0); 6 * 7",
    ]
    notebook = write_notebook(tmp_path / "a.ipynb", cells)
    before = notebook.read_bytes()
    done = _execute(notebook, "--cwd", tmp_path / "work", "--out", tmp_path / "out" / "a.ipynb")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "work" / "made").exists()
    assert notebook.read_bytes() == before
    assert "42" in (tmp_path / "out" / "a.ipynb").read_text("utf-8")
    assert "[1/2] # First" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("__import__('os')._exit(1)", "kernel died"),
    ],
)
def test_a_cell_that_fails_fails_the_run(tmp_path: Path, cell: str, words: str) -> None:
    done = _execute(
        write_notebook(tmp_path / "a.ipynb", ["1", cell, "open('later', 'w')"]), "--cwd", tmp_path
    )
    assert done.returncode == 1
    assert cell in done.stderr
    assert words in done.stderr.splitlines()[-1]
    assert not (tmp_path / "later").exists()


def test_a_missing_notebook_is_one_line(tmp_path: Path) -> None:
    done = _execute(tmp_path / "none.ipynb", "--cwd", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no notebook")


def test_what_a_thread_changes_in_an_earlier_output_is_kept(tmp_path: Path) -> None:
    """As a board does when its clips arrive."""
    cells = [
        "from IPython.display import display\n"
        "import contextvars, threading\n"
        "go = threading.Event()\n"
        "shown = display('before', display_id=True)\n"
        "def later():\n"
        "    go.wait()\n"
        "    shown.update('after')\n"
        "thread = threading.Thread(target=contextvars.copy_context().run, args=[later])\n"
        "thread.start()",
        "go.set(); thread.join()",
    ]
    notebook = write_notebook(tmp_path / "a.ipynb", cells)
    done = _execute(notebook, "--cwd", tmp_path, "--out", tmp_path / "out" / "a.ipynb")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "a.ipynb").read_text("utf-8")
    assert "'after'" in text
    assert "'before'\"" not in text
