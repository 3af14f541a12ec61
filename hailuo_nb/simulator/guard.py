"""ASGI middleware that checks the Host header and limits the request body.

Against DNS rebinding: a page whose host name resolves to this machine could reach the simulator, so
the Host header must name this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a request: two frames of 20 MB in base64 and the rest of it."""
ANY = "*"


class Guard:
    """Refuses requests by their headers, before their body is read.

    hosts  names accepted besides loopback and the socket's own address; "*" accepts every name
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), max_body: int = MAX_BODY) -> None:
        self._app = app
        self._hosts = frozenset(host.casefold().rstrip(".") for host in hosts)
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or not self._answers_to(_name_in(hosts[0].decode("latin-1")), scope):
            return _refused(
                421, "this simulator answers to the names of this machine only (see --host)"
            )
        length = headers.get(b"content-length", [b"0"])[0]
        if b"transfer-encoding" in headers or not length.isdigit():
            return _refused(411, "say the length of the body")
        if int(length) > self._max_body:
            return _refused(413, f"a body has at most {self._max_body >> 20} MiB here")
        return None

    def _answers_to(self, name: str, scope: Scope) -> bool:
        # In process the address is the one that the client wrote; on a socket it is the socket's
        # own.
        own = str((scope.get("server") or ("",))[0]).casefold()
        return ANY in self._hosts or (
            bool(name) and (_is_loopback(name) or name in self._hosts or name == own)
        )


def _name_in(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().casefold()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _refused(status: int, said: str) -> PlainTextResponse:
    return PlainTextResponse(f"{said}\n", status, {"connection": "close"})
