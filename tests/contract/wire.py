"""A wire of our own for the tests of `providers.auth`: what is sent is kept, what is answered comes
unread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2


class Chunked(httpx2.AsyncByteStream):
    """A body that comes in pieces, and tells how many of them were taken."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.taken = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            self.taken += 1
            yield piece

    async def aclose(self) -> None:
        self.closed = True


class Server:
    """A transport that answers by a function and keeps what it was sent."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self.requests: list[httpx2.Request] = []
        self.answer = answer

    def client(
        self, auth: httpx2.Auth, base_url: str = "https://api.example"
    ) -> httpx2.AsyncClient:
        async def handle(request: httpx2.Request) -> httpx2.Response:
            self.requests.append(_as_sent(request))
            await asyncio.sleep(0)  # lets the other calls in, as a network does
            return self.answer(request)

        return httpx2.AsyncClient(
            base_url=base_url,
            auth=auth,
            transport=httpx2.MockTransport(handle),
            timeout=httpx2.Timeout(12),
        )

    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]


def _as_sent(request: httpx2.Request) -> httpx2.Request:
    """A repeated call is the same object with another header, so it is copied as it leaves."""
    return httpx2.Request(
        request.method,
        request.url,
        headers=request.headers.copy(),
        content=request.content,
        extensions=request.extensions,
    )


def said(body: Any, status: int = 200) -> httpx2.Response:
    """An answer as a network gives it: not read yet."""
    return httpx2.Response(status, stream=Chunked(json.dumps(body, ensure_ascii=False).encode()))
