"""A wire tap before a stand-in: what a client sends is kept on its way, http and https alike."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_OF_THE_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"}
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]


@dataclass(frozen=True)
class Exchange:
    """One call. body, answer  as JSON; None where it is none"""

    method: str
    path: str
    body: Any
    status: int
    answer: Any


@dataclass
class Tap:
    """What went through, in order, and where to send it: `plain` is http, `secure` https."""

    plain: str
    secure: str
    seen: list[Exchange] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _app(target: str, seen: list[Exchange]) -> Starlette:
    client = httpx2.AsyncClient(base_url=target, timeout=120)

    async def forward(request: Request) -> Response:
        body = await request.body()
        headers = {k: v for k, v in request.headers.items() if k not in _OF_THE_HOP}
        headers["x-forwarded-proto"] = request.url.scheme  # links begin as the client's address
        headers["accept-encoding"] = "identity"
        answer = await client.request(
            request.method,
            request.url.path,
            params=request.query_params.multi_items(),
            headers=headers,
            content=body,
        )
        seen.append(
            Exchange(
                request.method,
                request.url.path + (f"?{request.url.query}" if request.url.query else ""),
                _json(body),
                answer.status_code,
                _json(answer.content),
            )
        )
        kept = {k: v for k, v in answer.headers.items() if k.lower() not in _OF_THE_HOP}
        return Response(answer.content, answer.status_code, kept)

    return Starlette(routes=[Route("/{path:path}", forward, methods=_METHODS)])


@contextmanager
def tapped(target: str, keys: Path) -> Iterator[Tap]:
    """A tap before the stand-in at `target`. keys  folder of server.pem and server.key"""
    import uvicorn

    seen: list[Exchange] = []
    ports = [free_port(), free_port()]
    secrets = {"ssl_certfile": keys / "server.pem", "ssl_keyfile": keys / "server.key"}
    servers = [
        uvicorn.Server(
            uvicorn.Config(_app(target, seen), "127.0.0.1", port, log_level="error", **options)
        )
        for port, options in zip(ports, ({}, secrets), strict=True)
    ]
    threads = [threading.Thread(target=server.run, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        for port in ports:
            wait_for(port)
        yield Tap(f"http://localhost:{ports[0]}", f"https://localhost:{ports[1]}", seen)
    finally:
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join(10)


def wait_for(port: int) -> None:
    """Until something listens there, at most 20 seconds."""
    for _ in range(400):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens at port {port}")
