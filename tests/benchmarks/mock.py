"""The loopback server that every client of `many.py` is measured against: seven dialects over one
list of tasks.

A plain asyncio protocol, because it must answer 5,000 requests a second beside the client on two
cores. It follows the public shapes of each API and nothing more: it is a stopwatch, not a stand-in
(that is `hailuo_nb.simulator`).

    python tests/benchmarks/mock.py PORT_FILE CLIP.mp4

Task lengths come from one seeded list in the order of the submits, so that every client waits for
the same tasks. `POST /_reset` begins a run, `GET /_stats` tells what it cost: billed, requests, and
when each task was over.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import uuid
from pathlib import Path
from typing import Any

SHORTEST, LONGEST = 2.0, 8.0  # seconds a task takes
SEED = 7

Answer = tuple[int, Any]


class Server:
    """All tasks of one run. Every task is charged when its submit is read, whatever becomes of the
    answer."""

    def __init__(self, clip: bytes) -> None:
        self.clip = clip
        self.base = ""
        self.reset({})

    def reset(self, settings: dict[str, Any]) -> Answer:
        rng = random.Random(SEED)
        self.lengths = settings.get("lengths") or [
            rng.uniform(SHORTEST, LONGEST) for _ in range(5000)
        ]
        self.silent = bool(settings.get("silent"))
        self.tasks: dict[str, tuple[float, float]] = {}
        self.requests = 0
        self.downloads = 0
        self.first_request = 0.0
        return 200, {}

    def stats(self) -> Answer:
        return 200, {
            "billed": len(self.tasks),
            "requests": self.requests,
            "downloads": self.downloads,
            "first_request": self.first_request,
            "over": {name: end for name, (_, end) in self.tasks.items()},
        }

    def make(self) -> str:
        name, now = str(uuid.uuid4()), time.time()
        self.tasks[name] = (now, now + self.lengths[len(self.tasks) % len(self.lengths)])
        return name

    def share(self, name: str) -> float:
        """How much of a task is done: 1.0 when it is over."""
        begun, end = self.tasks[name]
        return min(1.0, (time.time() - begun) / (end - begun))

    def link(self, name: str) -> str:
        return f"{self.base}/clips/{name}.mp4"

    def answer(self, method: str, path: str) -> Answer | bytes:
        """The answer to one request. A path begins with the name of its dialect."""
        if path == "/_stats":
            return self.stats()
        if not self.requests:
            self.first_request = time.time()
        self.requests += 1
        _, dialect, *parts = path.partition("?")[0].split("/")
        if dialect == "clips":
            self.downloads += 1
            label = parts[0].removesuffix(".mp4").encode()
            return (
                self.clip + (8 + len(label)).to_bytes(4, "big") + b"free" + label
            )  # an MP4 box that players skip
        return DIALECTS[dialect](self, method, parts)


def _xcompute(server: Server, method: str, parts: list[str]) -> Answer:
    """hailuo_nb's: xCompute's dialect, whose looks tell whole percents (unless the run is
    silent)."""
    if method == "POST":
        return 200, {"code": 200, "data": [{"status": "submitted", "task_id": server.make()}]}
    share = server.share(parts[-1])
    task: dict[str, Any] = {"id": parts[-1], "status": "processing", "progress": int(100 * share)}
    if server.silent:
        del task["progress"]
    if share >= 1:
        task |= {"status": "completed", "result": {"videos": [{"url": [server.link(parts[-1])]}]}}
    return 200, {"code": 200, "data": task}


def _queue(root: str) -> Any:
    """fal's queue, which huggingface_hub speaks too."""

    def answer(server: Server, method: str, parts: list[str]) -> Answer:
        if method == "POST":
            name = server.make()
            own = f"{server.base}/{root}/bench/video/requests/{name}"
            return 200, {
                "request_id": name,
                "status": "IN_QUEUE",
                "queue_position": 0,
                "response_url": own,
                "status_url": f"{own}/status",
                "cancel_url": f"{own}/cancel",
            }
        if parts[-1] == "status":
            over = server.share(parts[-2]) >= 1
            return 200, {
                "status": "COMPLETED" if over else "IN_PROGRESS",
                "logs": [],
                "metrics": {},
            }
        return 200, {"video": {"url": server.link(parts[-1])}}

    return answer


def _replicate(server: Server, method: str, parts: list[str]) -> Answer:
    name = server.make() if method == "POST" else parts[-1]
    over = server.share(name) >= 1
    return 201 if method == "POST" else 200, {
        "id": name,
        "model": "bench/video",
        "version": "1" * 64,
        "status": "succeeded" if over else "starting",
        "input": {},
        "output": server.link(name) if over else None,
        "logs": "",
        "error": None,
        "created_at": "2026-01-01T00:00:00Z",
        "source": "api",
        "data_removed": False,
        "urls": {
            "get": f"{server.base}/replicate/v1/predictions/{name}",
            "cancel": f"{server.base}/no",
        },
    }


def _openai(server: Server, method: str, parts: list[str]) -> Answer:
    name = server.make() if method == "POST" else parts[-1]
    share = server.share(name)
    return 200, {
        "id": name,
        "object": "video",
        "model": "sora-2",
        "status": "completed" if share >= 1 else "in_progress",
        "progress": int(100 * share),
        "created_at": 1,
        "seconds": "4",
        "size": "720x1280",
    }


def _runway(server: Server, method: str, parts: list[str]) -> Answer:
    if method == "POST":
        return 200, {"id": server.make()}
    share = server.share(parts[-1])
    common = {"id": parts[-1], "createdAt": "2026-01-01T00:00:00Z"}
    if share >= 1:
        return 200, {**common, "status": "SUCCEEDED", "output": [server.link(parts[-1])]}
    return 200, {**common, "status": "RUNNING", "progress": share}


def _comfy(server: Server, method: str, parts: list[str]) -> Answer:
    if method == "POST":
        return 202, {"request_id": server.make(), "status": "IN_QUEUE"}
    if parts[-1] == "status":
        return 200, {"status": "COMPLETED" if server.share(parts[-2]) >= 1 else "IN_PROGRESS"}
    return 200, {"video": {"url": server.link(parts[-1])}}


DIALECTS = {
    "xcompute": _xcompute, "fal": _queue("fal"), "hf": _queue("hf"), "replicate": _replicate,
    "openai": _openai, "runway": _runway, "comfy": _comfy,
}  # fmt: skip


class Connection(asyncio.Protocol):
    """HTTP/1.1 with lengths, kept alive."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            method, path, _ = lines[0].split(" ")
            self._request(method, path, headers, body)

    def _request(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        if path == "/_reset":
            self._send(self._server.reset(json.loads(body or b"{}")))
            return
        answer = self._server.answer(method, path)
        holds = (
            method == "POST"
            and path.startswith("/replicate")
            and "wait" in headers.get("prefer", "")
        )
        if not holds or isinstance(answer, bytes):
            self._send(answer)
            return
        name = answer[1]["id"]
        left = self._server.tasks[name][1] - time.time()
        asyncio.get_running_loop().call_later(left, self._send_held, name)

    def _send_held(self, name: str) -> None:
        status, held = _replicate(self._server, "GET", [name])
        self._send((201 if status == 200 else status, held))

    def _send(self, answer: Answer | bytes) -> None:
        if self._transport is None:
            return
        if isinstance(answer, bytes):
            status, kind, body = 200, "video/mp4", answer
        else:
            status, kind, body = answer[0], "application/json", json.dumps(answer[1]).encode()
        head = (
            f"HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


async def main(port_file: Path, clip: Path) -> None:
    server = Server(clip.read_bytes())
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=1024)
    port = listening.sockets[0].getsockname()[1]
    server.base = f"http://127.0.0.1:{port}"
    port_file.write_text(str(port))
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
