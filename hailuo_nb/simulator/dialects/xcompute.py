"""xCompute, `https://xcompute.us`.

Written from its page "MiniMax-Hailuo-2.3 视频生成" (seed 003) and its task page; the wrapped status
is APIMart's, whose gateway it looks to be. Assumed: that shape and its `result.videos[].url` as an
array, `estimated_time` as the whole time from submit to end in seconds, 404 for an unknown task,
the words of a failed task, `submitted` only in the answer to the submit. The fault `flat_status`
gives the flat shape of xCompute's own sample.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest

LINK_SECONDS = 24 * 3600

# model -> first frame required
_MODELS = {"MiniMax-Hailuo-2.3": False, "MiniMax-Hailuo-2.3-Fast": True}
_SIZES = {"768p": common.SIZES["768P"], "1080p": common.SIZES["1080P"]}

# kind -> HTTP status, type, message; the first five as the page prints them
_REFUSALS = {
    "invalid": (400, "invalid_request_error", "请求参数无效"),
    "auth": (401, "authentication_error", "身份验证失败，请检查您的API密钥"),
    "balance": (402, "payment_required", "账户余额不足，请充值后再试"),
    "rate": (429, "rate_limit_error", "请求过于频繁，请稍后再试"),
    "server": (500, "server_error", "服务器内部错误，请稍后重试"),
    "unknown_model": (400, "invalid_request_error", "请求参数无效"),
    "unknown_task": (404, "not_found_error", "任务不存在"),
    "moderation": (400, "invalid_request_error", "请求参数无效"),
}
_STATUS = {"queued": "pending", "running": "processing", "done": "completed", "failed": "failed"}
_FAILURES = {
    "fault": {"code": 500, "message": "视频生成失败，请稍后重试", "type": "server_error"},
    "moderation": {
        "code": 400,
        "message": "内容未通过安全审核",
        "type": "content_policy_violation",
    },
}
_ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class XCompute:
    name = "xcompute"
    title = "xCompute"

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("POST", "/v1/videos/generations", self.submit, submits=True),
            Endpoint("GET", "/v1/tasks/{task_id}", self.status),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, kind, words = _REFUSALS[refusal.kind]
        message = f"{words}：{refusal.message}" if refusal.message else words
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return JSONResponse(
            {"error": {"code": status, "message": message, "type": kind}}, status, headers
        )

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = common.bearer(request)
        wanted = await _read(sim, await common.json_body(request))
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        task_id = "task_01" + "".join(secrets.choice(_ULID_LETTERS) for _ in range(24))
        task = sim.create_task(self.name, task_id, wanted)
        return JSONResponse({"code": 200, "data": [{"status": "submitted", "task_id": task.id}]})

    async def status(self, sim: Simulator, request: Request) -> Response:
        common.bearer(request)
        task = sim.find(self.name, request.path_params["task_id"])
        if task is None:
            raise RefusalError("unknown_task", request.path_params["task_id"])
        data = _data(sim, request, task)
        return JSONResponse(data if sim.faults.hits("flat_status") else {"code": 200, "data": data})


async def _read(sim: Simulator, body: dict[str, Any]) -> TaskRequest:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise RefusalError("invalid", "model is required")
    if model not in _MODELS:
        raise RefusalError("unknown_model", f"model {model!r} is not supported")
    prompt = common.text(body, "prompt")
    duration = common.one_of(body, "duration", (6, 10), 6)
    resolution = common.one_of(body, "resolution", ("768p", "1080p"), "768p")
    common.refuse_long_full_hd(duration, resolution == "1080p")
    for name in ("prompt_optimizer", "fast_pretreatment", "watermark"):
        common.switch(body, name)
    first = await common.frame(sim, body, "first_frame_image", required=_MODELS[model])
    width, height = _SIZES[resolution]
    failure = "moderation" if sim.faults.hits("moderation") else ""
    return TaskRequest(model, prompt, width, height, duration, first, failure=failure)


def _data(sim: Simulator, request: Request, task: Task) -> dict[str, Any]:
    status = sim.status(task)
    data: dict[str, Any] = {
        "id": task.id,
        "status": _STATUS[status.state],
        "progress": status.percent if status.state != "failed" else 0,
        "created": int(task.created),
        "estimated_time": max(1, round(task.due - task.created)),
    }
    if status.state in ("done", "failed"):
        data["completed"] = int(task.finished)
        data["actual_time"] = max(1, round(task.finished - task.created))
    if status.state == "done":
        # Whole seconds: expires_at is completed + 86400 on the page.
        expires = int(task.finished) + LINK_SECONDS
        link = common.video_link(sim, request, task, expires)
        data["result"] = {"videos": [{"url": [link], "expires_at": expires}]}
    if status.state == "failed":
        words = {"code": 500, "message": task.failure, "type": "server_error"}
        data["error"] = _FAILURES.get(task.failure, words)
    return data
