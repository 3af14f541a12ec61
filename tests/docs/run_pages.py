"""Run the code of pages on a quick simulator: each page in a process and a folder of its own.

    python -m tests.docs.run_pages FOLDER PAGE...

Each page's process is a copy (fork) of this one, so that all of them import pandas, PyAV and the
widgets once. What a page printed, and its error, go to FOLDER/NUMBER.txt; the exit codes are
printed as JSON, by page.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

from tests.docs.pages import cells, shown

AT_ONCE = 2
LARGE = {"chain.md", "frames.md"}
"""Pages that make a frame of a clip, for which a small one is too small."""


def main(arguments: list[str]) -> int:
    folder, pages = Path(arguments[0]).resolve(), [Path(page).resolve() for page in arguments[1:]]
    _import_all()
    running: dict[int, int] = {}
    codes: dict[str, int] = {}
    waiting = list(enumerate(pages))
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, page = waiting.pop(0)
            running[_start(page, folder / str(number))] = number
        process, status = os.wait()
        codes[str(pages[running.pop(process)])] = os.waitstatus_to_exitcode(status)
    sys.stdout.write(json.dumps(codes))
    return 0


def _import_all() -> None:
    """Nothing of it starts a thread."""
    import av  # noqa: F401
    import IPython
    import ipywidgets  # noqa: F401
    import pandas  # noqa: F401

    import hailuo_nb as hn
    import hailuo_nb.simulator
    from hailuo_nb.providers import account

    account.SIMULATOR_SPEED = 200.0
    assert IPython.InteractiveShell
    for name in hn.__all__:
        getattr(hn, name)


def _start(page: Path, place: Path) -> int:
    process = os.fork()
    if process:
        return process
    place.mkdir()
    os.chdir(place)
    os.environ["HAILUO_NB_SIMULATOR_SHRINK"] = "2" if page.name in LARGE else "8"
    log = os.open(f"{place}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        code = _run(page)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(page: Path) -> int:
    from IPython import InteractiveShell

    shell = InteractiveShell.instance()
    for cell in shown(page) if page.name == "README.md" else cells(page):
        print(f"In: {cell}", flush=True)
        if not shell.run_cell(cell).success:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
