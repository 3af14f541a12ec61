"""UCloud Modelverse, `https://api.modelverse.cn`.

Written from its page "MiniMax/Hailuo-02" (seed 001), its pages of 2.3 and 2.3-Fast, its error-code
and api-key pages. Assumed: both the bare key and Bearer work (the pages disagree), an empty account
answers as an exhausted key does (403 forbidden), an unknown task or model is a 400, an unfinished
task has no urls and no finish_time, a link lives 24 h from the end of the task.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, TaskRequest

LINK_SECONDS = 24 * 3600

# model -> (first frame required, last frame offered)
_MODELS = {
    "MiniMax-Hailuo-02": (False, True),
    "MiniMax-Hailuo-2.3": (False, False),
    "MiniMax-Hailuo-2.3-Fast": (True, False),
}

# kind -> HTTP status, type, code, message
_REFUSALS = {
    "invalid": (400, "invalid_request_error", "param_error", "Invalid param"),
    "auth": (401, "invalid_request_error", "auth_error", "Validate Certification failed"),
    "balance": (403, "permission_error", "forbidden", "Account forbidden: api key quota exceeded"),
    "rate": (429, "rate_limit_error", "rate_limit", "Rate limit exceeded, please try again later"),
    "server": (500, "internal_error", "internal_error", "Internal Server Error"),
    "unknown_model": (
        400,
        "invalid_request_error",
        "model_error",
        "No permission to use the model",
    ),
    "unknown_task": (400, "invalid_request_error", "param_error", "Invalid param"),
    "moderation": (400, "invalid_request_error", "sensitive_check_error", "Sensitive check error"),
}
_STATUS = {"queued": "Pending", "running": "Running", "done": "Success", "failed": "Failure"}
_FAILURES = {
    "fault": "video generation failed",
    "moderation": "Sensitive check error",
}


class Modelverse:
    name = "modelverse"
    title = "UCloud Modelverse"

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("POST", "/v1/tasks/submit", self.submit, submits=True),
            Endpoint("GET", "/v1/tasks/status", self.status),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, kind, code, words = _REFUSALS[refusal.kind]
        message = f"{words}: {refusal.message}" if refusal.message else words
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        error = {"message": message, "type": kind, "param": str(uuid.uuid4()), "code": code}
        return JSONResponse({"error": error}, status, headers)

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = _key(sim, request)
        wanted = await _read(sim, await common.json_body(request))
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        if sim.faults.hits("moderation"):
            raise RefusalError("moderation")
        # The page's ids have fifteen digits.
        task = sim.create_task(self.name, str(10**14 + secrets.randbelow(9 * 10**14)), wanted)
        return JSONResponse({"output": {"task_id": task.id}, "request_id": str(uuid.uuid4())})

    async def status(self, sim: Simulator, request: Request) -> Response:
        _key(sim, request)
        task_id = request.query_params.get("task_id", "")
        task = sim.find(self.name, task_id)
        if task is None:
            raise RefusalError("unknown_task", f"task {task_id!r} does not exist")
        status = sim.status(task)
        output: dict[str, Any] = {"task_id": task.id, "task_status": _STATUS[status.state]}
        if status.state == "done":
            output["urls"] = [common.video_link(sim, request, task, task.finished + LINK_SECONDS)]
        output["submit_time"] = int(task.created)
        if status.state in ("done", "failed"):
            output["finish_time"] = int(task.finished)
        if status.state == "failed":
            output["error_message"] = _FAILURES.get(task.failure, task.failure)
        usage = {"duration": task.seconds}
        return JSONResponse({"output": output, "usage": usage, "request_id": str(uuid.uuid4())})


def _key(sim: Simulator, request: Request) -> str:
    value = request.headers.get("authorization", "").strip()
    is_bearer = value.lower().startswith("bearer ")
    if is_bearer and sim.faults.hits("raw_key_only"):
        raise RefusalError("auth")
    key = value[len("bearer ") :].strip() if is_bearer else value
    if not key or key.lower() == "bearer" or key == common.WRONG_KEY:
        raise RefusalError("auth")
    return key


async def _read(sim: Simulator, body: dict[str, Any]) -> TaskRequest:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise RefusalError("invalid", "model is required")
    if model not in _MODELS:
        raise RefusalError("unknown_model", f"not support model [{model}]")
    needs_first, offers_last = _MODELS[model]
    given = common.section(body, "input", required=True)
    parameters = common.section(body, "parameters", required=False)
    prompt = common.text(given, "prompt")
    duration = common.one_of(parameters, "duration", (6, 10), 6)
    resolution = common.one_of(parameters, "resolution", ("768P", "1080P"), "768P")
    common.refuse_long_full_hd(duration, resolution == "1080P")
    for name in ("prompt_optimizer", "fast_pretreatment", "aigc_watermark"):
        common.switch(parameters, name)
    first = await common.frame(sim, given, "first_frame_image", required=needs_first)
    last = await common.frame(sim, given, "last_frame_image") if offers_last else ""
    width, height = common.SIZES[resolution]
    return TaskRequest(model, prompt, width, height, duration, first, last)
