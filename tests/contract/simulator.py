"""A fresh simulator to talk to, on a clock that stands still, and the requests that the seed pages
print.

Not a test: what the tests of the simulator share.
"""

from __future__ import annotations

import asyncio
import base64
import io
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
from PIL import Image

from hailuo_nb.simulator import create_app

BASE = "http://simulator.test"
HANG = 60.0  # seconds; a bound against hanging, not a measure
PPINFRA = "/v3/async/minimax-hailuo-02"
RESULT = "/v3/async/task-result?task_id="
MODELVERSE = "/v1/tasks/submit"
CHANJING = "/open/v1/ai_creation/task/submit"
XCOMPUTE = "/v1/videos/generations"

# Keys as the pages write them.
BEARER = {"Authorization": "Bearer your_api_key"}
RAW = {"Authorization": "YOUR_API_KEY"}
TOKEN = {"Authorization": "Bearer <token>"}

# Bodies of the pages' curl lines.
PPINFRA_SUBMIT = {
    "image": "https://static.ppinfra.com/docs/assets/minimax-hailuo-video-02-input-image.jpg",
    "prompt": "戴着太阳镜的毛茸茸的熊猫在日出时的雪山顶上跳舞，左移运镜",
    "duration": 6,
    "resolution": "768P",
    "enable_prompt_expansion": True,
}
MODELVERSE_SUBMIT = {
    "model": "MiniMax-Hailuo-02",
    "input": {
        "prompt": "A beautiful sunset over the ocean with waves gently crashing on the shore. "
        "[推进, 跟随]"
    },
    "parameters": {
        "duration": 6,
        "resolution": "1080P",
        "prompt_optimizer": True,
        "fast_pretreatment": False,
        "aigc_watermark": False,
    },
}
CHANJING_BODY = {
    "start_frame": "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/start.jpg",
    "end_frame": "https://res.chanjing.cc/chanjing/res/aigc_creation/photo/end.jpg",
    "ref_prompt": "小狗在草地上奔跑,镜头跟随,阳光自然",
    "creation_type": 4,
    "clarity": 720,
    "video_duration": 6,
    "model_code": "MiniMax-Hailuo-02",
}
XCOMPUTE_SUBMIT = {
    "model": "MiniMax-Hailuo-2.3",
    "prompt": "一只可爱的猫咪在草地上奔跑",
    "duration": 6,
    "resolution": "768p",
    "prompt_optimizer": True,
    "fast_pretreatment": False,
    "watermark": False,
}


class Wall:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = 1_756_959_000.0

    def __call__(self) -> float:
        return self.time


def draw_nothing(path: Path, **_: Any) -> None:
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(64))


def with_client(
    talk: Callable[[httpx2.AsyncClient, Wall, Any], Awaitable[None]], **options: Any
) -> None:
    """Run `talk(client, wall, simulator)` against a fresh simulator."""

    async def main() -> None:
        wall = Wall()
        app = create_app(clock=wall, renderer=draw_nothing, **options)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
            await talk(client, wall, app.state.simulator)

    asyncio.run(main())


async def finish(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
    """Move the clock past every task's end, and wait until the clips are there."""
    wall.time += 600

    def over() -> bool:
        states = {simulator.status(task).state for task in simulator.tasks.values()}
        return states <= {"done", "failed", "cancelled"} and not simulator._rendering

    await until(over)


async def until(met: Callable[[], bool]) -> None:
    """Wait for what the render threads bring about."""
    end = time.monotonic() + HANG
    while not met():
        assert time.monotonic() < end, "the clips were not drawn"
        await asyncio.sleep(0.005)


def shape(value: Any) -> Any:
    """Keys and types, without the values. A list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return type(value).__name__


async def chanjing_token(
    client: httpx2.AsyncClient, app_id: str = "app", secret: str = "secret"
) -> str:
    reply = await client.post(
        "/open/v1/access_token", json={"app_id": app_id, "secret_key": secret}
    )
    return str(reply.json()["data"]["access_token"])


def png(width: int = 640, height: int = 360) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (90, 140, 60)).save(file, "PNG")
    return file.getvalue()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


async def settle(simulator: Any) -> None:
    """Wait for the render threads, with the clock standing still."""

    def drawn() -> bool:
        ended = all(task.drawn is not None or task.failure for task in simulator.tasks.values())
        return ended and not simulator._rendering

    await until(drawn)
