"""The ASGI application: routes of all dialects, downloads of clips, and faults.

Mount it in process with an ASGI transport, or serve it with `python -m hailuo_nb.simulator`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Host, Mount, Route, Router
from starlette.types import Receive, Scope, Send

from hailuo_nb.simulator.clock import Clock
from hailuo_nb.simulator.dialects import all_dialects, broken
from hailuo_nb.simulator.dialects.common import Dialect, Endpoint, RefusalError, sign
from hailuo_nb.simulator.faults import ConnectionLostError, Faults, FaultsOfRequests
from hailuo_nb.simulator.guard import Guard
from hailuo_nb.simulator.tasks import Renderer, Simulator

SLOW_SECONDS = 300.0
"""Delay of `slow_submit`, in seconds of real time."""
RETRY_SECONDS = 20.0
"""The Retry-After of a refusal, in seconds of real time."""

_HTML = (
    "<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad "
    "Gateway</h1></body></html>"
)


def create_app(
    *,
    speed: float = 20.0,
    faults: Iterable[str] = (),
    folder: Path | None = None,
    link_base: str | None = None,
    clock: Callable[[], float] = time.time,
    renderer: Renderer | None = None,
    shrink: int = 1,
    hosts: Iterable[str] = (),
) -> Starlette:
    """Returns an application that answers as the providers do.

    speed      factor by which tasks are faster than real time: at 20 a minute takes three seconds
    faults     names from `faults.TABLE` with an optional probability: "html", "rate_limit:0.1"
    folder     for tasks and clips; a later app on the same folder continues them. None: a
               temporary directory that is deleted at exit
    link_base  base URL of links to clips; None: that of the request
    clock      Unix seconds, for expiry
    renderer   renders the clips; None: the virtual camera of `render`
    shrink     factor by which the virtual camera's clips are smaller, for slow machines
    hosts      host names accepted besides localhost and its own address; "*" accepts every name

    `app.state.simulator` is the `tasks.Simulator`. Raises ValueError for an unknown fault.
    """
    sim = Simulator(
        Clock(clock, speed), Faults(faults), renderer or _virtual_camera(shrink), folder
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sim.pool.start()
        yield
        sim.pool.stop()

    app = Starlette(
        routes=_routes(sim),
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts), Middleware(FaultsOfRequests)],
        exception_handlers={404: _no_such_path},
    )
    app.state.simulator = sim
    app.state.link_base = link_base
    return app


def _routes(sim: Simulator) -> list[BaseRoute]:
    """Returns the routes of all dialects, in the order in which a request is matched.

    Providers may share a path. The host decides, if the dialect declares hosts, or the dialect's
    name before the path (unless another's own path begins with that name); otherwise a path
    without a parameter goes first, then a dialect that declares no hosts, then the first one.
    """
    dialects = all_dialects()
    by_host: list[BaseRoute] = []
    by_name: list[BaseRoute] = []
    by_path: list[Route] = []
    by_path_last: list[Route] = []
    for dialect in dialects:
        own = [
            Route(one.path, _make_endpoint(sim, dialect, one), methods=[one.method])
            for one in dialect.endpoints()
        ]
        hosts = [Host(name, Router(own)) for name in getattr(dialect, "hosts", ())]
        by_host = [*hosts, *by_host]
        by_name.append(Mount(f"/{dialect.name}", routes=own))
        (by_path_last if hosts else by_path).extend(own)
    by_path = sorted([*by_path, *by_path_last], key=lambda route: "{" in route.path)
    names = {dialect.name for dialect in dialects}
    return [
        *by_host,
        Route("/", _index),
        Route("/videos/{video_id}.mp4", _video(sim), methods=["GET", "HEAD"]),
        *(route for route in by_path if route.path.split("/")[1] in names),
        *by_name,
        *by_path,
    ]


def _virtual_camera(shrink: int) -> Renderer:
    def draw(path: Path, *, width: int, height: int, **options: Any) -> None:
        from hailuo_nb.simulator.render import render

        # The encoder needs even numbers.
        render(path, width=width // shrink // 2 * 2, height=height // shrink // 2 * 2, **options)

    return draw


def _make_endpoint(
    sim: Simulator, dialect: Dialect, endpoint: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    """Wraps the endpoint with the dialect's refusals and the faults."""

    async def call(request: Request) -> Response:
        if early := _early_fault(sim, dialect):
            return early
        if endpoint.submits and not sim.has_room():
            return dialect.refuse(RefusalError("rate"), _retry_after(sim))
        try:
            response = await endpoint.answer(sim, request)
        except RefusalError as refusal:
            return dialect.refuse(refusal, _retry_after(sim) if refusal.kind == "rate" else None)
        if endpoint.submits:
            # Both are drawn in any case, so that one fault does not shift the other's numbers.
            slow, drop = sim.faults.hits("slow_submit"), sim.faults.hits("drop_after_charge")
            if slow:
                await asyncio.sleep(sim.clock.scaled(SLOW_SECONDS))
            if drop:
                return _DroppedResponse()
        return response

    return call


def _retry_after(sim: Simulator) -> int:
    return max(1, round(sim.clock.scaled(RETRY_SECONDS)))


def _early_fault(sim: Simulator, dialect: Dialect) -> Response | None:
    if sim.faults.hits("server_error"):
        return dialect.refuse(RefusalError("server"))
    if sim.faults.hits("rate_limit"):
        return dialect.refuse(RefusalError("rate"), _retry_after(sim))
    if sim.faults.hits("html"):
        return HTMLResponse(_HTML)
    if sim.faults.hits("bad_json"):
        return Response('{"task_id": "1', media_type="application/json")
    return None


def _video(sim: Simulator) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        video_id = request.path_params["video_id"]
        task = sim.find_video(video_id)
        if task is None or sim.status(task).state != "done":
            return _storage_error(404, "NoSuchKey", "The specified key does not exist.")
        stamp = request.query_params.get("expires", "")
        expires = int(stamp) if stamp.isascii() and stamp.isdigit() else 0
        signed = request.query_params.get("signature") == sign(video_id, expires)
        if not signed or expires <= sim.clock.now() or sim.faults.hits("expired_link"):
            return _storage_error(403, "AccessDenied", "Request has expired.")
        path = sim.video_path(task)
        if request.method == "GET" and sim.faults.hits("cut_download"):
            return _DroppedResponse(await asyncio.to_thread(path.read_bytes))
        return FileResponse(path, media_type="video/mp4")

    return call


def _storage_error(status: int, code: str, message: str) -> Response:
    body = (
        '<?xml version="1.0" '
        f'encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    )
    return Response(body, status, media_type="application/xml")


class _DroppedResponse(Response):
    """No answer, or a third of one; then the connection is closed.

    An ASGI transport has no connection: there a missing answer is a `ConnectionLostError`, and a
    short body just ends.
    """

    def __init__(self, body: bytes = b"") -> None:
        super().__init__(body, media_type="video/mp4")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.body:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            third = bytes(self.body[: len(self.body) // 3])
            await send({"type": "http.response.body", "body": third, "more_body": True})
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is not None:
            # close() flushes first.
            transport.close()
            while (await receive())["type"] != "http.disconnect":
                pass
        elif self.body:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            raise ConnectionLostError(
                "the simulator lost the answer on purpose (fault drop_after_charge)"
            )


async def _no_such_path(request: Request, error: Exception) -> Response:
    return PlainTextResponse(
        f"No dialect of this simulator has {request.url.path}. One of another package is found "
        f"by the entry point hailuo_nb.simulators. {' '.join(f'{one}.' for one in broken())}\n",
        404,
    )


async def _index(request: Request) -> Response:
    base = str(request.base_url).rstrip("/")
    return PlainTextResponse(
        f"This is hailuo_nb's simulator: {', '.join(titles())} as their pages describe them.\n"
        "Nothing here is made by a model. Every clip is drawn by a virtual camera and says "
        "SIMULATED.\n\n"
        f"Try: {curl_example(base)}\n"
    )


def titles() -> list[str]:
    """Names for people of the providers that are played."""
    return [dialect.title for dialect in all_dialects()]


def curl_example(base: str) -> str:
    """Returns a curl command for a simulator at `base`."""
    return (
        f"curl -X POST {base}/v1/videos/generations -H 'Authorization: Bearer any-key' "
        "-H 'Content-Type: application/json' "
        '-d \'{"model": "MiniMax-Hailuo-2.3", "prompt": "A cat runs on grass [Push in]"}\''
    )
