"""The four simulated providers on a socket of this machine, with clips that can be told apart, and
their own books.

The clips take no time to make: one small MP4, and behind it a box that names the task, so that no
two are equal.
"""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hailuo_nb.simulator import create_app
from hailuo_nb.simulator.tasks import Simulator, Task


@cache
def small_clip() -> bytes:
    """Twelve frames of noise at 64x36: a cut one is missing frames."""
    import av
    import numpy as np

    noise = np.random.default_rng(3)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
            for _ in range(12):
                picture = noise.integers(0, 255, (36, 64, 3), dtype=np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
            container.mux(stream.encode())
        return path.read_bytes()


def draw(path: Path, *, prompt: str, provider: str, seed: int, **_: Any) -> None:
    """A renderer: the small clip with a `free` box behind it, which players pass over."""
    words = f"{provider} {prompt} {seed}".encode()
    path.write_bytes(small_clip() + struct.pack(">I4s", 8 + len(words), b"free") + words)


@dataclass(frozen=True)
class Served:
    """A running stand-in: where it is, and what it knows."""

    url: str
    simulator: Simulator

    @property
    def tasks(self) -> list[Task]:
        return list(self.simulator.tasks.values())

    def charges(self) -> Counter[tuple[str, str]]:
        """(provider, prompt) -> how many tasks it was charged for."""
        return Counter((task.provider, task.prompt) for task in self.tasks if not task.failure)

    def sha256(self, task: Task) -> str:
        """Of the clip that the link of a task leads to."""
        return hashlib.sha256(self.simulator.video_path(task).read_bytes()).hexdigest()


Weather = Callable[[str], Response | None]
"""path -> what something before the providers answers in their place, or None where the call gets
through."""


def _behind(weather: Weather, app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        answer = weather(scope["path"]) if scope["type"] == "http" else None
        await (answer or app)(scope, receive, send)

    return call


@contextmanager
def serving(
    *,
    speed: float,
    faults: Iterable[str] = (),
    drawn: threading.Event | None = None,
    weather: Weather | None = None,
) -> Iterator[Served]:
    """Serve the simulator until the block ends. No task comes to its end before `drawn` is set,
    where it is given."""
    import uvicorn

    small_clip()

    def draw_then(path: Path, **wanted: Any) -> None:
        if drawn is not None:
            drawn.wait()
        draw(path, **wanted)

    app = create_app(speed=speed, faults=faults, renderer=draw_then)
    front = app if weather is None else _behind(weather, app)
    server = uvicorn.Server(
        uvicorn.Config(front, log_level="critical", timeout_graceful_shutdown=1)
    )
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)  # from here on a client that is early waits
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.simulator)
        finally:
            if drawn is not None:
                drawn.set()
            server.should_exit = True
            thread.join()
