"""Acme's API as its page prints it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, TaskRequest

# kind -> HTTP status, code, message
_REFUSALS = {
    "invalid": (400, "bad_request", "We cannot make this."),
    "auth": (401, "bad_key", "We do not know this key."),
    "balance": (402, "no_credit", "Your account is empty."),
    "rate": (429, "too_fast", "Slow down, please."),
    "server": (500, "our_fault", "Something broke."),
    "unknown_task": (404, "video_not_found", "There is no such video."),
}
_STATES = {"queued": "waiting", "running": "rendering", "done": "done", "failed": "failed"}
_FAILURES = {"moderation": "The prompt breaks our content policy.", "fault": "The renderer broke."}


class Acme:
    name = "acme"
    title = "Acme Video"
    hosts = ("api.acme.example",)  # xCompute's submit has the same path

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("POST", "/v1/videos/generations", self.submit, submits=True),
            Endpoint("GET", "/v1/videos/{task_id}", self.status),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, code, message = _REFUSALS.get(refusal.kind, _REFUSALS["invalid"])
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        said = f"{message} {refusal.message}".strip()
        return JSONResponse({"code": code, "message": said}, status, headers)

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = common.bearer(request)
        body = await common.json_body(request)
        text = common.text(body, "text", maximum=1500)
        seconds = common.one_of(body, "seconds", (6, 10), None)
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        failure = "moderation" if sim.faults.hits("moderation") else ""
        wanted = TaskRequest("hailuo-2.3", text, *common.SIZES["768P"], seconds, failure=failure)
        task = sim.create_task(self.name, secrets.token_hex(8), wanted)
        return JSONResponse({"id": task.id, "state": "waiting"}, 202)

    async def status(self, sim: Simulator, request: Request) -> Response:
        common.bearer(request)
        task = sim.find(self.name, request.path_params["task_id"])
        if task is None:
            raise RefusalError("unknown_task")
        status = sim.status(task)
        body: dict[str, Any] = {"id": task.id, "state": _STATES[status.state]}
        if status.state == "failed":
            body["reason"] = _FAILURES.get(task.failure, task.failure)
        else:
            body["percent"] = status.percent
        if status.state == "done":
            body["video"] = common.video_link(sim, request, task, task.finished + 3600)
        return JSONResponse(body)
