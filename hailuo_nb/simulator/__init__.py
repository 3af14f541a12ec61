"""A local stand-in for the providers: their APIs as their pages print them, and real MP4s.

It is written from the providers' pages alone, so that adapter and stand-in are two independent
readings of one document. Heavy imports happen in `create_app`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from hailuo_nb.simulator.tasks import Renderer

__all__ = ["create_app"]


def create_app(
    *,
    speed: float = 20.0,
    faults: Iterable[str] = (),
    folder: Path | None = None,
    link_base: str | None = None,
    clock: Callable[[], float] = time.time,
    renderer: Renderer | None = None,
    shrink: int = 1,
    hosts: Iterable[str] = (),
) -> Starlette:
    """Returns the ASGI application. See `hailuo_nb.simulator.app.create_app`."""
    from hailuo_nb.simulator.app import create_app as make

    return make(
        speed=speed,
        faults=faults,
        folder=folder,
        link_base=link_base,
        clock=clock,
        renderer=renderer,
        shrink=shrink,
        hosts=hosts,
    )
