"""An adapter that talks to its stand-in over a real socket: what tests/contract/test_over_loopback.py
plays its scenes with.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import registry
from hailuo_nb.providers.base import Call, Progress, Provider, Receipt, Reply
from hailuo_nb.requests.video_request import VideoRequest
from hailuo_nb.simulator import create_app

T = TypeVar("T")

SPEED = 4000.0  # a task of two minutes takes a thirtieth of a second

MAX_LOOKS = 10_000  # a bound against hanging, not a measure

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # else each client reads all certificates


def small_clip(path: Path, **wanted: Any) -> None:
    """Three frames of 64x48: an MP4 that any reader takes."""
    import av
    import numpy as np

    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8)))
            )
        container.mux(stream.encode())


@contextmanager
def simulator(*faults: str) -> Iterator[str]:
    """The base URL of a stand-in on a free port of this machine."""
    import uvicorn

    app = create_app(speed=SPEED, faults=faults, renderer=small_clip)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    # asyncio sends at once only where the protocol is named; else an answer waits 40 ms for an ACK.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # from here on a client that is early waits
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Conversation:
    """One adapter talking to one base URL with one set of keys."""

    provider: Provider
    api: httpx2.AsyncClient
    bare: httpx2.AsyncClient
    edit: Callable[[Call], Call] = lambda call: call
    calls: int = 0

    async def drive(self, flow: Generator[Call, Reply, T]) -> T:
        try:
            call = next(flow)
            while True:
                call = flow.send(await self._send(self.edit(call)))
        except StopIteration as end:
            result: T = end.value
            return result

    async def _send(self, call: Call) -> Reply:
        self.calls += 1
        await asyncio.sleep(call.delay / SPEED)
        client = self.api if call.sign else self.bare
        response = await client.request(
            call.method,
            call.url,
            json=call.json,
            params=dict(call.params) or None,
            headers=dict(call.headers),
            content=call.content,
        )
        return Reply(
            response.status_code,
            response.content,
            {k.lower(): v for k, v in response.headers.items()},
        )

    async def until_over(self, tasks: Sequence[Receipt]) -> dict[str, list[Progress]]:
        """Every look at each task, up to the one that says that it is over."""
        seen: dict[str, list[Progress]] = {task.task_id: [] for task in tasks}
        open_tasks = {task.task_id: task for task in tasks}
        for _ in range(MAX_LOOKS):
            found = await self.drive(self.provider.poll(list(open_tasks.values())))
            assert sorted(progress.task_id for progress in found) == sorted(open_tasks)
            for progress in found:
                seen[progress.task_id].append(progress)
                if progress.state not in {"queued", "running"}:
                    del open_tasks[progress.task_id]
            if not open_tasks:
                return seen
            await asyncio.sleep(0.01)
        raise AssertionError(f"not over after {MAX_LOOKS} looks: {list(open_tasks)}")

    async def make(self, request: VideoRequest) -> list[Progress]:
        receipt = await self.drive(self.provider.submit(request))
        return (await self.until_over([receipt]))[receipt.task_id]


def talk(
    base_url: str,
    name: str,
    scene: Callable[[Conversation], Coroutine[Any, Any, T]],
    key: str = "any-key",
) -> T:
    """Play a scene with the adapter of that name."""

    async def play() -> T:
        provider = registry.get(name)
        auth = provider.auth([key] * len(provider.key_variables), time.time)
        async with (
            httpx2.AsyncClient(
                base_url=f"{base_url}/{name}", auth=auth, follow_redirects=False, verify=PLAIN
            ) as api,
            httpx2.AsyncClient(follow_redirects=False, verify=PLAIN) as bare,
        ):
            return await scene(Conversation(provider, api, bare))

    return asyncio.run(play())


def refusal(
    base_url: str,
    name: str,
    scene: Callable[[Conversation], Coroutine[Any, Any, Any]],
    **options: Any,
) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        talk(base_url, name, scene, **options)
    return caught.value
