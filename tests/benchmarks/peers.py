"""One run of one peer against `mock.py`, in a fresh process of the peers' own environment; prints
one line of JSON.

    build/bench/peers/bin/python tests/benchmarks/peers.py CLIENT COUNT PORT

Each client is used as its documentation shows: its own waiting helper, its defaults, one async
client for all tasks. It is done with a task when the helper has returned. Must not know hailuo_nb.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

Work = Callable[[], Awaitable[Any]]
TASK = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
BEAT = 0.02  # seconds between two beats of the loop's heart


def fal(base: str) -> Work:
    os.environ["FAL_KEY"] = "key:secret"
    import fal_client
    import fal_client.client

    fal_client.client.QUEUE_URL_FORMAT = f"{base}/fal/"
    return lambda: fal_client.subscribe_async("bench/video", {"prompt": "a cat"})


def replicate(base: str, **settings: Any) -> Work:
    os.environ |= {"REPLICATE_BASE_URL": f"{base}/replicate", "REPLICATE_API_TOKEN": "token"}
    import replicate as library

    return lambda: library.async_run("bench/video", input={"prompt": "a cat"}, **settings)


def replicate_2(base: str, **settings: Any) -> Work:
    from replicate import AsyncReplicate

    client = AsyncReplicate(base_url=f"{base}/replicate/v1", bearer_token="token")
    return lambda: client.run("bench/video", input={"prompt": "a cat"}, **settings)


def openai(base: str) -> Work:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=f"{base}/openai/v1", api_key="key")
    return lambda: client.videos.create_and_poll(prompt="a cat", model="sora-2")


def runwayml(base: str) -> Work:
    from runwayml import AsyncRunwayML

    client = AsyncRunwayML(base_url=f"{base}/runway", api_key="key")

    async def run() -> Any:
        task = await client.text_to_video.create(
            model="veo3.1", prompt_text="a cat", ratio="1280:720"
        )
        return await task.wait_for_task_output()

    return run


def huggingface_hub(base: str) -> Work:
    from huggingface_hub import AsyncInferenceClient
    from huggingface_hub.inference._providers import PROVIDERS, _common

    PROVIDERS["fal-ai"]["text-to-video"].base_url = f"{base}/hf"
    mapping = _common.InferenceProviderMapping(
        provider="fal-ai",
        hf_model_id="bench/video",
        providerId="bench/video",
        task="text-to-video",
        status="tracked",
    )
    _common.HARDCODED_MODEL_INFERENCE_MAPPING["fal-ai"] = {"bench/video": mapping}
    client = AsyncInferenceClient(provider="fal-ai", api_key="key")
    return lambda: client.text_to_video("a cat", model="bench/video")


def comfy(base: str) -> Work:
    os.environ |= {"COMFY_ROUTER_BASE_URL": f"{base}/comfy", "COMFY_API_KEY": "key"}
    from comfy_sdk import AsyncComfy

    client = AsyncComfy()
    return lambda: client.models.subscribe("bench/video", {"prompt": "a cat"})


CLIENTS: dict[str, Callable[[str], Work]] = {
    "fal-client": fal,
    "replicate": replicate,
    "replicate, wait=False": lambda base: replicate(base, wait=False),
    "replicate 2 beta": replicate_2,
    "replicate 2 beta, wait=False": lambda base: replicate_2(base, wait=False),
    "openai": openai,
    "runwayml": runwayml,
    "huggingface_hub": huggingface_hub,
    "comfy-sdk": comfy,
}


class Heart:
    """Beats on a loop. What came between two beats at most: `gap`, seconds on the wall beyond the
    pause, and `work`, seconds for which the loop's thread computed. Other programs on the machine
    lengthen the first, not the second.
    """

    def __init__(self) -> None:
        self.gap = self.work = 0.0

    async def beat(self) -> None:
        last, worked = time.monotonic(), time.thread_time()
        while True:
            await asyncio.sleep(BEAT)
            now, work = time.monotonic(), time.thread_time()
            self.gap, self.work = max(self.gap, now - last - BEAT), max(self.work, work - worked)
            last, worked = now, work


async def measure(work: Work, count: int) -> dict[str, Any]:
    """`count` tasks at once; of a single one, three after each other, without a heartbeat to pay
    for."""
    returned: dict[str, float] = {}
    faults: list[str] = []

    async def one() -> None:
        try:
            result = await work()
        except Exception as error:
            faults.append(type(error).__name__)
        else:
            returned[task_of(result)] = time.time()

    heart = Heart()
    beats = asyncio.create_task(heart.beat()) if count > 1 else None
    used = cpu()
    begun = time.time()
    if count > 1:
        await asyncio.gather(*(one() for _ in range(count)))
    else:
        for _ in range(3):
            await one()
    found = {
        "begun": begun,
        "returned": returned,
        "faults": faults,
        "cpu": cpu() - used,
        "took": time.time() - begun,
        "stall": heart.gap,
        "work": heart.work,
        "rss": peak(),
    }
    if beats is not None:
        beats.cancel()
    return found


def task_of(result: Any) -> str:
    """The task that a result belongs to: its id stands in the link, or at the end of the clip
    itself."""
    text = (
        result.decode("latin-1")
        if isinstance(result, bytes)
        else repr(result) + str(getattr(result, "url", ""))
    )
    found = re.findall(TASK, text)
    return found[-1] if found else f"without an id: {text[:60]}"


def peak() -> float | None:
    """MiB at most, of this program alone: `ru_maxrss` would begin with that of the process that
    started it."""
    try:
        with open("/proc/self/status") as file:  # noqa: PTH123
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return None


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    name, count, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(asyncio.run(measure(CLIENTS[name](f"http://127.0.0.1:{port}"), count))))
    sys.stdout.flush()
    os._exit(0)  # a client's own threads may wait for ever
