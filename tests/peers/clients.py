"""One client's way from a prompt to a saved MP4, in a fresh process of the peers' environment.

    build/peers/bin/python tests/peers/clients.py CLIENT BASE OUT [IMAGE]

BASE is an address of a stand-in, OUT the file to write, IMAGE a PNG for a first frame. Each client
is used as its documentation shows, with its defaults, and only its address is changed. The last
line is JSON: what it says of the end. Must not know hailuo_nb.
"""

from __future__ import annotations

import asyncio
import base64
import importlib.metadata
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROMPT = "A cat runs on grass [Push in]"
H3_PROMPT = "A cat runs on grass. The camera pushes in slowly."
KEY = "any-key"


def fetch(url: str, out: Path) -> None:
    """As the documentation of those that leave it to their user: a plain GET."""
    with urllib.request.urlopen(url) as answer:
        out.write_bytes(answer.read())


def data_url(image: str) -> str:
    return "data:image/png;base64," + base64.b64encode(Path(image).read_bytes()).decode()


def fal(base: str, out: Path, image: str = "") -> str:
    """Its own variable names the host; it speaks https alone."""
    os.environ |= {"FAL_KEY": "key:secret", "FAL_QUEUE_RUN_HOST": urlsplit(base).netloc}
    import fal_client

    mode, wanted = "text-to-video", {"prompt": PROMPT, "duration": "6"}
    if image:
        mode, wanted = "image-to-video", wanted | {"image_url": fal_client.encode_file(image)}
    result = fal_client.subscribe(f"fal-ai/minimax/hailuo-2.3/standard/{mode}", wanted)
    fetch(result["video"]["url"], out)
    return "subscribe, then a GET of video.url"


def replicate(base: str, out: Path, image: str = "") -> str:
    os.environ |= {"REPLICATE_API_TOKEN": KEY, "REPLICATE_BASE_URL": base}
    import replicate as library

    wanted: dict[str, Any] = {"prompt": PROMPT, "duration": 6, "resolution": "768p"}
    if image:
        wanted["first_frame_image"] = Path(image)
    result = library.run("minimax/hailuo-2.3", input=wanted, file_encoding_strategy="base64")
    out.write_bytes(result.read())
    return "run, then read() of its output"


def openrouter(base: str, out: Path, image: str = "", *, h3: bool = False) -> str:
    from openrouter import OpenRouter

    wanted: dict[str, Any] = {
        "model": "minimax/hailuo-2.3",
        "prompt": PROMPT,
        "duration": 6,
        "resolution": "1080p",
    }
    if h3:
        wanted |= {"model": "minimax/hailuo-3", "prompt": H3_PROMPT, "duration": 5}
        wanted |= {"resolution": "2K", "aspect_ratio": "16:9"}
    if image:
        frame = {"type": "image_url", "image_url": {"url": data_url(image)}}
        wanted["frame_images"] = [frame | {"frame_type": "first_frame"}]
    with OpenRouter(api_key=KEY, server_url=f"{base}/api/v1") as client:
        job = client.video_generation.generate(**wanted)
        while job.status in {"pending", "in_progress"}:
            time.sleep(1)
            job = client.video_generation.get_generation(job_id=job.id)
        if job.status != "completed":
            raise RuntimeError(f"{job.status}: {job.error}")
        out.write_bytes(client.video_generation.get_video_content(job_id=job.id).read())
        listed = client.video_generation.list_videos_models().data
    return (
        f"generate, get_generation, get_video_content; cost {job.usage.cost}; {len(listed)} models"
    )


def openai(base: str, out: Path, image: str = "") -> str:
    from openai import OpenAI

    client = OpenAI(base_url=f"{base}/api/v1", api_key=KEY)
    video = client.videos.create_and_poll(prompt=PROMPT, model="minimax/hailuo-2.3")
    if video.status != "completed":
        raise RuntimeError(f"create_and_poll returned at {video.status!r}: {video.error}")
    out.write_bytes(client.videos.download_content(video.id).read())
    return "videos.create_and_poll, download_content"


def cnovita(base: str, out: Path, image: str = "") -> str:
    """It has no command for Hailuo: its client, its waiting and its download do for any endpoint."""
    from cnovita import novita_cli
    from cnovita.core import client as core

    core.BASE_URL = base
    client = core.NovitaClient(api_key=KEY)
    wanted = {"prompt": PROMPT, "duration": 6, "resolution": "768P"}
    task = client.post("/v3/async/minimax-hailuo-2.3-t2v", wanted)["task_id"]
    result = client.poll_task(task)
    novita_cli.download_url(result["videos"][0]["video_url"], str(out))
    return "post, poll_task, download_url"


def chanjing(base: str, out: Path, image: str = "") -> str:
    """It has no method for videos: its token, and its calls with that token."""
    from chanjing import api
    from chanjing.auth import AuthManager

    api.BASE_URL = base
    auth = AuthManager("app", "secret", cache_dir=str(out.with_suffix(".tokens")))
    client = api.ApiClient(auth)
    head = {"access_token": auth.get_token(client)}
    body = {"ref_prompt": PROMPT, "creation_type": 4, "model_code": "MiniMax-Hailuo-02"}
    body |= {"video_duration": 6, "clarity": 720}
    path = f"{base}/open/v1/ai_creation/task"
    task = client.json_request("POST", f"{path}/submit", headers=head, json=body)["data"]
    for _ in range(60):
        query = {"unique_id": task}
        found = client.json_request("GET", path, headers=head, params=query)["data"]
        if found["progress_desc"] in {"Success", "Error", "Fail"}:
            break
        time.sleep(1)
    if found["progress_desc"] != "Success":
        raise RuntimeError(f"{found['progress_desc']}: {found['err_msg']}")
    fetch(found["output_url"][0], out)
    return "AuthManager.get_token, then json_request with it"


async def _tool(
    command: str, arguments: dict[str, Any], variables: dict[str, str], tool: str
) -> Any:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(command=command, args=[], env={**os.environ, **variables})
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        return await session.call_tool(tool, arguments)


def minimax_mcp(base: str, out: Path, image: str = "") -> str:
    """Through the protocol, as an agent does; it looks every 20 seconds."""
    folder = out.parent / "minimax-mcp"
    variables = {
        "MINIMAX_API_HOST": base,
        "MINIMAX_API_KEY": KEY,
        "MINIMAX_API_RESOURCE_MODE": "local",
        "MINIMAX_MCP_BASE_PATH": str(folder),
    }
    arguments = {"prompt": PROMPT, "model": "MiniMax-Hailuo-2.3", "duration": 6}
    arguments |= {"resolution": "768P", "output_directory": str(folder)}
    if image:
        arguments["first_frame_image"] = image
    command = str(Path(sys.executable).with_name("minimax-mcp"))
    result = asyncio.run(_tool(command, arguments, variables, "generate_video"))
    said = result.content[0].text
    if "saved as: " not in said:
        raise RuntimeError(said)
    shutil.move(said.split("saved as: ")[1].strip(), out)
    return "tool generate_video"


def hoobnn(base: str, out: Path, image: str = "") -> str:
    """Its own waiting ends after 90 seconds; it takes https alone."""
    folder = out.parent / "hoobnn"
    here = Path(sys.executable).parents[1] / "hoobnn"
    variables = {
        "PYTHONPATH": str(here),
        "MINIMAX_API_HOST": base,
        "MINIMAX_API_KEY": KEY,
        "MINIMAX_OUT_DIR": str(folder),
        "MINIMAX_JOB_DIR": str(folder / "jobs"),
    }
    arguments: dict[str, Any] = {"prompt": H3_PROMPT, "duration": 5, "resolution": "768P"}
    arguments["wait"] = 90
    if image:
        arguments["first_frame"] = data_url(image)
    command = str(here / "bin" / "hoobnn-minimax-mcp")
    result = asyncio.run(_tool(command, arguments, variables, "generate_video"))
    said = json.loads(result.content[0].text)
    found = sorted(folder.rglob("*.mp4"))
    if not found:
        raise RuntimeError(json.dumps(said, ensure_ascii=False)[:500])
    shutil.move(str(found[0]), out)
    return "tool generate_video with wait=90"


CLIENTS: dict[str, tuple[str, Callable[..., str]]] = {
    "fal-client": ("fal-client", fal),
    "replicate": ("replicate", replicate),
    "openrouter": ("openrouter", openrouter),
    "openrouter H3": ("openrouter", lambda *given: openrouter(*given, h3=True)),
    "openai": ("openai", openai),
    "cnovita": ("cnovita", cnovita),
    "chanjingsdk": ("chanjingsdk", chanjing),
    "minimax-mcp": ("minimax-mcp", minimax_mcp),
    "hoobnn-minimax-mcp": ("hoobnn-minimax-mcp", hoobnn),
}


def version(package: str) -> str:
    """Of the package, which for one of them lies in a folder of its own."""
    here = Path(sys.executable).parents[1] / "hoobnn"
    found = [*importlib.metadata.distributions(path=[str(here)])]
    by_name = {one.metadata["Name"]: one.version for one in found}
    return by_name.get(package) or importlib.metadata.version(package)


def main(name: str, base: str, out: str, image: str = "") -> None:
    package, run = CLIENTS[name]
    said: dict[str, str] = {"version": version(package)}
    try:
        said["did"] = run(base, Path(out), image)
    except Exception as error:
        said["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
