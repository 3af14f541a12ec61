"""Make notebooks/gallery.ipynb again: run it on the simulator and keep its outputs. Called by `make
gallery`.

The one notebook whose outputs are in the repository; what differs from run to run without a reason
is taken out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "notebooks" / "gallery.ipynb"


def main() -> int:
    work = ROOT / "build" / "gallery"
    shutil.rmtree(work, ignore_errors=True)
    made = work / GALLERY.name
    command = [
        sys.executable,
        ROOT / ".ci" / "execute_notebook.py",
        GALLERY,
        "--cwd",
        work,
        "--out",
        made,
    ]
    ran = subprocess.run(command, cwd=ROOT, check=False)
    if ran.returncode:
        return ran.returncode
    book = nbformat.read(made, as_version=4)  # type: ignore[no-untyped-call]
    tidy(book)
    nbformat.write(book, GALLERY)  # type: ignore[no-untyped-call]
    print(f"{GALLERY.relative_to(ROOT)}: {GALLERY.stat().st_size / 1000:.0f} kB")
    return 0


def tidy(book: nbformat.NotebookNode) -> None:
    """Without times, versions and widgets' state."""
    book.metadata = {"kernelspec": book.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in book.cells:
        cell.metadata = {}


if __name__ == "__main__":
    sys.exit(main())
