"""The ASGI application: the dialects, the clips they link to, and the faults around every
answer.

Must not know a provider's words (see `dialects`) nor how a task lives (see `tasks`). Mount it in
process with an ASGI transport, or serve it with `python -m hailuo_nb.simulator`.
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
from hailuo_nb.simulator.dialects import all_dialects
from hailuo_nb.simulator.dialects.common import Dialect, Endpoint, RefusalError, sign
from hailuo_nb.simulator.faults import ConnectionLostError, Faults
from hailuo_nb.simulator.guard import Guard
from hailuo_nb.simulator.tasks import Renderer, Simulator

SLOW_SECONDS = 300.0
"""How late `slow_submit` answers, in a provider's seconds."""
RETRY_SECONDS = 20.0
"""What a refused client is told to wait, in a provider's seconds."""

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
    """An application that answers as the providers do.

    speed      how much faster than life a task goes: at 20 a provider's minute takes three seconds
    faults     names out of `faults.TABLE`, each with an optional probability: "html",
               "rate_limit:0.1"
    folder     where tasks and clips live; a later app on the same folder knows them and goes on.
               None: a temporary directory that is gone at exit
    link_base  how links to clips begin; None: as the request came
    clock      Unix seconds; expiries are counted on it
    renderer   draws the clips (tests give a quick one); None: the virtual camera of `render`
    shrink     the virtual camera's clips are narrower by this factor, for a slow machine
    hosts      names that it answers to beside localhost and its own address, where it is served;
               "*": to every name

    `app.state.simulator` is the `tasks.Simulator` (`tasks`, `charged`). Raises ValueError for an
    unknown fault.
    """
    sim = Simulator(
        Clock(clock, speed), Faults(faults), renderer or _virtual_camera(shrink), folder
    )
    routes: list[BaseRoute] = [
        Route("/", _front),
        Route("/videos/{video_id}.mp4", _video(sim), methods=["GET", "HEAD"]),
    ]
    # Two providers may have the same path: which is meant is told by the host, where the dialect
    # names its hosts, or by the dialect's name before the path; else the first one answers.
    for dialect in all_dialects():
        own = [
            Route(one.path, _answering(sim, dialect, one), methods=[one.method])
            for one in dialect.endpoints()
        ]
        hosts_first = [Host(name, Router(own)) for name in getattr(dialect, "hosts", ())]
        routes = [*hosts_first, *routes, Mount(f"/{dialect.name}", routes=own), *own]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sim.pool.start()
        yield
        sim.pool.stop()

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts)],
        exception_handlers={404: _no_such_path},
    )
    app.state.simulator = sim
    app.state.link_base = link_base
    return app


def _virtual_camera(shrink: int) -> Renderer:
    def draw(path: Path, *, width: int, height: int, **wanted: Any) -> None:
        from hailuo_nb.simulator.render import render

        # Even numbers, as the encoder wants them.
        render(path, width=width // shrink // 2 * 2, height=height // shrink // 2 * 2, **wanted)

    return draw


def _answering(
    sim: Simulator, dialect: Dialect, endpoint: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint with the dialect's refusals and the faults around it."""

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
            # JobSpec in any case, so that one fault does not shift the draws of the next.
            slow, drop = sim.faults.hits("slow_submit"), sim.faults.hits("drop_after_charge")
            if slow:
                await asyncio.sleep(sim.clock.lasts(SLOW_SECONDS))
            if drop:
                return _Cut()
        return response

    return call


def _retry_after(sim: Simulator) -> int:
    return max(1, round(sim.clock.lasts(RETRY_SECONDS)))


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
        if task is None or sim.look(task).state != "done":
            return _storage_error(404, "NoSuchKey", "The specified key does not exist.")
        stamp = request.query_params.get("expires", "")
        expires = int(stamp) if stamp.isascii() and stamp.isdigit() else 0
        signed = request.query_params.get("signature") == sign(video_id, expires)
        if not signed or expires <= sim.clock.now() or sim.faults.hits("expired_link"):
            return _storage_error(403, "AccessDenied", "Request has expired.")
        path = sim.video_path(task)
        if request.method == "GET" and sim.faults.hits("cut_download"):
            return _Cut(await asyncio.to_thread(path.read_bytes))
        return FileResponse(path, media_type="video/mp4")

    return call


def _storage_error(status: int, code: str, message: str) -> Response:
    body = (
        '<?xml version="1.0" '
        f'encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    )
    return Response(body, status, media_type="application/xml")


class _Cut(Response):
    """No answer, or a third of one; then the connection is cut.

    uvicorn's request cycle holds the connection; an ASGI transport has none. There a lost answer is
    an exception (`ConnectionLostError`), and a body that is too short simply ends.
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
            # close() sends what is written, then ends; nothing more is answered once the peer is
            # gone.
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
        "by the entry point hailuo_nb.simulators.\n",
        404,
    )


async def _front(request: Request) -> Response:
    base = str(request.base_url).rstrip("/")
    return PlainTextResponse(
        "This is hailuo_nb's simulator: PPInfra, Modelverse, Chanjing and xCompute as their pages "
        "describe them.\n"
        "Nothing here is made by a model. Every clip is drawn by a virtual camera and says "
        "SIMULATED.\n\n"
        f"Try: {try_line(base)}\n"
    )


def try_line(base: str) -> str:
    """A curl command for a simulator at `base`."""
    return (
        f"curl -X POST {base}/v1/videos/generations -H 'Authorization: Bearer any-key' "
        "-H 'Content-Type: application/json' "
        '-d \'{"model": "MiniMax-Hailuo-2.3", "prompt": "A cat runs on grass [Push in]"}\''
    )
