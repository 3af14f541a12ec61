"""The first cell of a notebook whose simulated clips are a small ready-made file, so that no test
waits for drawing."""

from __future__ import annotations

from pathlib import Path

from tests.browser.board_clips import colour, write_clip

_CELL = """
import httpx2
import hailuo_nb as hn
from hailuo_nb.engine import transport_pool
from hailuo_nb.providers import account
from hailuo_nb.simulator import create_app
def mount(home):
    def draw(path, **_):
        path.write_bytes(open({clip!r}, "rb").read())
    account.SIMULATOR_SPEED = 60.0
    return httpx2.ASGITransport(create_app(
        speed=60.0, folder=home / "simulator", link_base="https://clips.simulator.invalid", renderer=draw))
transport_pool.simulator_transport = mount
"""


def quick_simulator(folder: Path) -> str:
    """The cell; its clip is written into `folder`."""
    return _CELL.format(clip=str(write_clip(folder / "quick.mp4", colour(2))))
