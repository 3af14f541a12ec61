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
import zlib
from pathlib import Path
from typing import Any

import httpx2

from tests.docs.pages import cells, shown

AT_ONCE = 2
SIZE = (640, 360)  # a smaller clip is too small for a frame


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
    from hailuo_nb.engine import transport_pool
    from hailuo_nb.providers import account

    transport_pool.simulator_transport, account.SIMULATOR_SPEED = _mount, 200.0
    assert IPython.InteractiveShell
    for name in hn.__all__:
        getattr(hn, name)


def _mount(home: Path) -> httpx2.AsyncBaseTransport:
    from hailuo_nb.providers import account
    from hailuo_nb.simulator import create_app

    app = create_app(
        speed=account.SIMULATOR_SPEED,
        folder=home / "simulator",
        link_base="https://clips.simulator.invalid",
        renderer=_draw,
    )
    return httpx2.ASGITransport(app)


def _draw(path: Path, *, prompt: str, provider: str, **_: Any) -> None:
    """A clip in one colour, by prompt and provider: no scene is built, and next to nothing drawn."""
    import av
    from PIL import Image

    grey = zlib.crc32(f"{prompt} {provider}".encode()) % 200
    part = path.with_suffix(".part.mp4")
    with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=2, options={"preset": "ultrafast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(12):
            image = Image.new("RGB", SIZE, (grey, grey + number, 80))
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())
    part.replace(path)


def _start(page: Path, place: Path) -> int:
    process = os.fork()
    if process:
        return process
    place.mkdir()
    os.chdir(place)
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
