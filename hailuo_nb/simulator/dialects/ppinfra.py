"""PPInfra, `https://api.ppinfra.com`.

Written from its page "Minimax Hailuo-02" (seed 000), its task-result page and Novita's 2.3 pages
(the same protocol). Assumed: the error body `{code, reason, message, metadata}` (reason names are
Jiekou's), 404 TASK_NOT_FOUND for an unknown id, MINIMAX_HAILUO_2_3_* task types, `extra.debug_info`
times as Unix milliseconds, the link's 3600 s counted from each answer, moderation as a failed task.
The page's second sample holds placeholders (duration 123): refused.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest, TaskStatus

LINK_SECONDS = 3600


class _Model(NamedTuple):
    model: str
    task_type: str
    image: str  # "no", "optional", "required"
    end_image: bool
    fast_pretreatment: bool


_MODELS = {
    "minimax-hailuo-02": _Model("MiniMax-Hailuo-02", "MINIMAX_HAILUO_02", "optional", True, False),
    "minimax-hailuo-2.3-t2v": _Model(
        "MiniMax-Hailuo-2.3", "MINIMAX_HAILUO_2_3_T2V", "no", False, True
    ),
    "minimax-hailuo-2.3-i2v": _Model(
        "MiniMax-Hailuo-2.3", "MINIMAX_HAILUO_2_3_I2V", "required", False, True
    ),
    "minimax-hailuo-2.3-fast-i2v": _Model(
        "MiniMax-Hailuo-2.3-Fast", "MINIMAX_HAILUO_2_3_FAST_I2V", "required", False, False
    ),
}

# kind -> HTTP status, reason, message
_REFUSALS = {
    "invalid": (400, "INVALID_REQUEST_BODY", "invalid request body"),
    "auth": (401, "FAILED_TO_AUTH", "failed to authenticate API key"),
    "balance": (403, "NOT_ENOUGH_BALANCE", "not enough balance"),
    "rate": (429, "RATE_LIMIT_EXCEEDED", "rate limit exceeded, please try again later"),
    "server": (500, "INTERNAL_SERVER_ERROR", "internal server error"),
    "unknown_model": (404, "MODEL_NOT_FOUND", "model not found"),
    "unknown_task": (404, "TASK_NOT_FOUND", "task not found"),
    "moderation": (400, "INVALID_REQUEST_BODY", "the content is not allowed"),
}

_STATUS = {
    "queued": "TASK_STATUS_QUEUED",
    "running": "TASK_STATUS_PROCESSING",
    "done": "TASK_STATUS_SUCCEED",
    "failed": "TASK_STATUS_FAILED",
}
_FAILURES = {
    "fault": "video generation failed, please try again",
    "moderation": "input content violates the content policy",
}


class PPInfra:
    name = "ppinfra"
    title = "PPInfra"

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("GET", "/v3/async/task-result", self.result),
            Endpoint("POST", "/v3/async/{endpoint}", self.submit, submits=True),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, reason, words = _REFUSALS[refusal.kind]
        message = f"{words}: {refusal.message}" if refusal.message else words
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        body = {"code": status, "reason": reason, "message": message, "metadata": {}}
        return JSONResponse(body, status, headers)

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = common.bearer(request)
        model = _MODELS.get(request.path_params["endpoint"])
        if model is None:
            raise RefusalError("unknown_model", request.path_params["endpoint"])
        wanted = await _read(sim, await common.json_body(request), model)
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        task = sim.create_task(self.name, str(uuid.uuid4()), wanted)
        return JSONResponse({"task_id": task.id})

    async def result(self, sim: Simulator, request: Request) -> Response:
        common.bearer(request)
        task = sim.find(self.name, request.query_params.get("task_id", ""))
        if task is None:
            raise RefusalError("unknown_task", request.query_params.get("task_id", ""))
        status = sim.status(task)
        videos = []
        if status.state == "done":
            link = common.video_link(sim, request, task, sim.clock.now() + LINK_SECONDS)
            videos = [{"video_url": link, "video_url_ttl": str(LINK_SECONDS), "video_type": "mp4"}]
        return JSONResponse(
            {
                "extra": _extra(task, status),
                "task": _task(task, status),
                "images": [],
                "videos": videos,
            }
        )


async def _read(sim: Simulator, body: dict[str, Any], model: _Model) -> TaskRequest:
    prompt = common.text(body, "prompt")
    duration = common.one_of(body, "duration", (6, 10), 6)
    resolution = common.one_of(body, "resolution", ("768P", "1080P"), "768P")
    common.refuse_long_full_hd(duration, resolution == "1080P")
    common.switch(body, "enable_prompt_expansion")
    if model.fast_pretreatment:
        common.switch(body, "fast_pretreatment")
    first = last = ""
    if model.image != "no":
        first = await common.frame(sim, body, "image", required=model.image == "required")
    if model.end_image:
        last = await common.frame(sim, body, "end_image")
    width, height = common.SIZES[resolution]
    return TaskRequest(
        model.model,
        prompt,
        width,
        height,
        duration,
        first,
        last,
        failure="moderation" if sim.faults.hits("moderation") else "",
        extra={"task_type": model.task_type},
    )


def _task(task: Task, status: TaskStatus) -> dict[str, Any]:
    reason = _FAILURES.get(task.failure, task.failure) if status.state == "failed" else ""
    return {
        "task_id": task.id,
        "task_type": task.extra["task_type"],
        "status": _STATUS[status.state],
        "reason": reason,
        "eta": math.ceil(status.eta),
        "progress_percent": status.percent,
    }


def _extra(task: Task, status: TaskStatus) -> dict[str, Any]:
    over = status.state in ("done", "failed")

    def stamp(moment: float, known: bool) -> str:
        return str(int(moment * 1000)) if known else "0"

    return {
        "seed": "0",
        "debug_info": {
            "request_info": "",
            "submit_time_ms": stamp(task.created, True),
            "execute_time_ms": stamp(task.starts, status.state != "queued"),
            "complete_time_ms": stamp(task.finished, over),
        },
    }
