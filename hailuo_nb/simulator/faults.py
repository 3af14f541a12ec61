"""Faults of the simulator that can be enabled by name.

Each fault has its own seeded generator: the same requests in the same order meet the same faults.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING

from hailuo_nb.media.text import closest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

TABLE = MappingProxyType(
    {
        "html": "an API call answers an HTML page with status 200",
        "bad_json": "an API call answers JSON that is cut in the middle",
        "rate_limit": "an API call is refused as too frequent, with Retry-After",
        "server_error": "an API call is refused with the provider's internal error",
        "drop_after_charge": "the task is made and charged, then the answer is lost and the "
        "connection cut",
        "slow_submit": "the task is made and charged, the answer comes 300 provider's seconds "
        "later",
        "cut_download": "a clip's body ends after a third of the Content-Length, and the "
        "connection is cut",
        "expired_link": "a link to a clip answers 403, as it does after its time",
        "fail_task": "a task fails at its end, in the provider's words, and costs nothing",
        "moderation": "content is refused: Modelverse at submit, the others at the end of the "
        "task; costs nothing",
        "raw_key_only": "Modelverse refuses 'Bearer <key>' and takes only the bare key, as its "
        "video pages show",
        "flat_status": "xCompute's status answer is flat, as in its own sample, instead of wrapped "
        "as APIMart's",
        "late_file": "MiniMax's V1 says Success for one look before the file of the clip is there",
        "token_expiry": "a Chanjing token is good for three calls, then it is dead (10400)",
    }
)
"""Name -> effect. Written `name` (always) or `name:0.1` (one time in ten)."""


class ConnectionLostError(ConnectionError):
    """The simulator accepted the request and dropped the answer (`drop_after_charge`,
    `cut_download`).

    Over a socket the connection is closed. With an ASGI transport, which has no connection, this
    exception reaches the client, and means a connection error after sending.
    """


HEADER = "x-simulator-faults"
"""Of a request: faults that are enabled for it alone, separated by commas."""
_MAX_ASKED = 1000  # different ones that are remembered

_asked: ContextVar[Faults | None] = ContextVar("asked", default=None)


class FaultsOfRequests:
    """ASGI middleware: a request with `HEADER` meets the faults that it names, and no others. Each
    host and list of names has generators of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._known: dict[tuple[bytes, bytes], Faults] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        named = headers.get(HEADER.encode())
        if named is None:
            await self._app(scope, receive, send)
            return
        key = (headers.get(b"host", b""), named)
        if key not in self._known:
            if len(self._known) >= _MAX_ASKED:
                self._known.clear()
            try:
                self._known[key] = Faults(named.decode("latin-1").split(","))
            except ValueError as error:
                await _refuse(send, str(error))
                return
        token = _asked.set(self._known[key])
        try:
            await self._app(scope, receive, send)
        finally:
            _asked.reset(token)


async def _refuse(send: Send, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": f"{HEADER}: {reason}".encode()})


class Faults:
    """The enabled faults."""

    def __init__(self, specs: Iterable[str] = (), *, seed: int = 0) -> None:
        self._probabilities: dict[str, float] = {}
        for spec in specs:
            name, probability = parse_fault(spec)
            self._probabilities[name] = probability
        self._random = {name: random.Random(f"{seed}:{name}") for name in self._probabilities}  # noqa: S311
        self.count = dict.fromkeys(self._probabilities, 0)

    def hits(self, name: str) -> bool:
        """Whether the fault happens now. Every call draws once. The faults that a request asks for
        take the place of these."""
        if name not in TABLE:
            raise KeyError(name)
        asked = _asked.get()
        if asked is not None and asked is not self:
            return asked.hits(name)
        probability = self._probabilities.get(name, 0.0)
        if probability <= 0 or self._random[name].random() >= probability:
            return False
        self.count[name] += 1
        return True


def parse_fault(spec: str) -> tuple[str, float]:
    """`"html"` -> ("html", 1.0), `"html:0.1"` -> ("html", 0.1). Raises ValueError."""
    name, _, number = spec.strip().partition(":")
    name = name.replace("-", "_")
    if name not in TABLE:
        near = closest(name, TABLE)
        hint = f" Did you mean {near!r}?" if near else ""
        raise ValueError(f"unknown fault {name!r}.{hint} Known: {', '.join(TABLE)}")
    try:
        probability = float(number) if number else 1.0
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise ValueError(f"the probability in {spec!r} must be a number from 0 to 1")
    return name, probability
