"""MiniMax, international, `https://api.minimax.io`: API V1 (Hailuo) and V2 (H3).

Written from its API reference: video-generation-t2v, -i2v, -fl2v, -query, file-management-retrieve
and -download; video-generation-v2-create, -query, -list, -delete, -regeneration; its page of error
codes. V1 refuses inside HTTP 200, V2 with HTTP's statuses. Oddities: V1's `file_id` is a text in
the query and a number at the file; with the fault `late_file`, `Success` comes without a file for
one look. Assumed: a
key that begins with "cn-" is of the other region (2049); 2013 for an unknown task of V1 and 400
for one of V2; the sizes of 480P, and of 2K at ratios other than 16:9; `page_size` of at most 100.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from hailuo_nb.simulator.dialects import _minimax_v2 as v2
from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest

Answer = Callable[[Simulator, Request], Awaitable[Response]]

LINK_SECONDS = 3600  # of V1; no page tells that of V2
WINDOW_SECONDS = 7 * 86_400  # of V2's queries
MAX_PAGE = 100

# model -> what it is sold for: with a prompt alone, a first frame, a first and a last one
_V1 = {
    "MiniMax-Hailuo-2.3": ("text", "first"),
    "MiniMax-Hailuo-2.3-Fast": ("first",),
    "MiniMax-Hailuo-02": ("text", "first", "both"),
}
# model -> resolutions, the shortest duration
_V2 = {
    "MiniMax-H3": (("768P", "2K"), 4),
    "MiniMax-H3-Max": (("480P", "768P"), 5),
}
# kind -> code of V1, words of V1; status and type of V2, words of V2
_REFUSALS = {
    "invalid": (2013, "invalid params", 400, "bad_request_error", "invalid params"),
    "auth": (2049, "invalid api key", 401, "authorized_error", "invalid api key"),
    "balance": (
        1008, "insufficient balance", 402, "insufficient_balance_error", "insufficient balance",
    ),
    "rate": (
        1002, "rate limit exceeded", 429, "rate_limit_error", "rate limit, please retry later",
    ),
    "server": (1000, "unknown error", 500, "server_error", "internal error"),
    "unknown_model": (2013, "invalid params", 400, "bad_request_error", "invalid params"),
    "unknown_task": (2013, "invalid params", 400, "bad_request_error", "invalid params"),
    "moderation": (
        1026, "input new_sensitive", 422, "unprocessable_entity_error",
        "video description contains sensitive content",
    ),
}  # fmt: skip
_WORDS_V1 = {"queued": "Queueing", "running": "Processing", "done": "Success", "failed": "Fail"}
_WORDS_V2 = {
    "queued": "queued", "running": "running", "done": "succeeded", "failed": "failed",
    "cancelled": "cancelled",
}  # fmt: skip


_MISSING = "login fail: Please carry the API secret key in the 'Authorization' field (1004)"


class MiniMax:
    """`foreign` is how keys of the other region begin; the rest is what the two pages differ in."""

    name = "minimax"
    title = "MiniMax"
    hosts: Sequence[str] = ("api.minimax.io",)
    foreign = "cn-"
    has_watermark = False
    with_references: Sequence[str] = ("MiniMax-H3",)

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("POST", "/v1/video_generation", self.submit_v1, submits=True),
            Endpoint("GET", "/v1/query/video_generation", self.query_v1),
            Endpoint("GET", "/v1/files/retrieve", self.retrieve),
            Endpoint("GET", "/v1/files/retrieve_content", self.content),
            Endpoint("POST", "/v2/video_generation", _v2(self.submit_v2), submits=True),
            Endpoint("POST", "/v2/video_regeneration", _v2(self.regenerate), submits=True),
            Endpoint("GET", "/v2/query/video_generation", _v2(self.list_v2)),
            Endpoint("GET", "/v2/query/video_generation/{task_id}", _v2(self.query_v2)),
            Endpoint("DELETE", "/v2/video_generation/{task_id}", _v2(self.delete)),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        """In V1's shape: V2's endpoints say their refusals themselves."""
        code, words, *_ = _REFUSALS[refusal.kind]
        if refusal.message == _MISSING:
            code, words = 1004, _MISSING.removesuffix(" (1004)")
        elif refusal.message:
            words = f"{words}, {refusal.message}"
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return JSONResponse({"task_id": "", "base_resp": _base_resp(code, words)}, 200, headers)

    def _key(self, request: Request) -> str:
        if not request.headers.get("authorization"):
            raise RefusalError("auth", _MISSING)
        key = common.bearer(request)
        if key.startswith(self.foreign):
            raise RefusalError("auth")
        return key

    # V1

    async def submit_v1(self, sim: Simulator, request: Request) -> Response:
        key = self._key(request)
        wanted = await self._read_v1(sim, await common.json_body(request), key)
        task = self._made(sim, key, wanted)
        return JSONResponse({"task_id": task.id, "base_resp": _base_resp()})

    def _made(self, sim: Simulator, key: str, wanted: TaskRequest) -> Task:
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        return sim.create_task(self.name, _number(), wanted)

    async def _read_v1(self, sim: Simulator, body: dict[str, Any], key: str) -> TaskRequest:
        model = body.get("model")
        if not isinstance(model, str) or model not in _V1:
            raise RefusalError("unknown_model", f"model {model!r} is not supported")
        first = await common.frame(sim, body, "first_frame_image")
        last = await common.frame(sim, body, "last_frame_image")
        kind = "both" if last else "first" if first else "text"
        if kind not in _V1[model]:
            raise RefusalError("invalid", f"{model} does not support this input")
        has_prompt = kind == "text" or body.get("prompt")
        prompt = common.text(body, "prompt") if has_prompt else ""
        duration = common.one_of(body, "duration", (6, 10), 6)
        sold = ["768P", "1080P"]
        if (model, kind) == ("MiniMax-Hailuo-02", "first"):
            sold.append("512P")
        resolution = common.one_of(body, "resolution", sold, "768P")
        common.refuse_long_full_hd(duration, resolution == "1080P")
        for name in ("prompt_optimizer", "fast_pretreatment", *self._watermark()):
            common.switch(body, name)
        width, height = common.size(resolution)
        failure = "moderation" if sim.faults.hits("moderation") else ""
        extra = {"account": key, "file_id": int(_number())}
        return TaskRequest(model, prompt, width, height, duration, first, last, failure, extra)

    def _watermark(self) -> Sequence[str]:
        return ("aigc_watermark",) if self.has_watermark else ()

    async def query_v1(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request, request.query_params.get("task_id", ""))
        state = sim.status(task).state
        said: dict[str, Any] = {"task_id": task.id, "status": _WORDS_V1[state], "file_id": ""}
        if state == "done":
            late = "shown" not in task.extra and sim.faults.hits("late_file")
            task.extra["shown"] = True
            if not late:
                size = {"video_width": task.width, "video_height": task.height}
                said |= {"file_id": str(task.extra["file_id"]), **size}
        is_filtered = state == "failed" and task.failure == "moderation"
        resp = _base_resp(1027, "output new_sensitive") if is_filtered else _base_resp()
        return JSONResponse({**said, "base_resp": resp})

    async def retrieve(self, sim: Simulator, request: Request) -> Response:
        task = self._of_file(sim, request)
        link = common.video_link(sim, request, task, sim.clock.now() + LINK_SECONDS)
        file = {
            "file_id": task.extra["file_id"],
            "bytes": sim.video_path(task).stat().st_size,
            "created_at": int(task.finished),
            "filename": "output.mp4",
            "purpose": "video_generation",
            "download_url": link,
        }
        return JSONResponse({"file": file, "base_resp": _base_resp()})

    async def content(self, sim: Simulator, request: Request) -> Response:
        path = sim.video_path(self._of_file(sim, request))
        return FileResponse(path, media_type="application/octet-stream")

    def _of_file(self, sim: Simulator, request: Request) -> Task:
        key, file_id = self._key(request), request.query_params.get("file_id", "")
        for task in sim.tasks.values():
            mine = (task.provider, task.extra.get("account")) == (self.name, key)
            if mine and str(task.extra.get("file_id")) == file_id:
                if sim.status(task).state == "done":
                    return task
                break
        raise RefusalError("invalid", f"file_id {file_id!r} does not exist")

    def _task(self, sim: Simulator, request: Request, task_id: str, *, of_v2: bool = False) -> Task:
        """The task of this account, of this version of the API."""
        key, task = self._key(request), sim.find(self.name, task_id)
        gone = task is None or task.extra["account"] != key or task.extra.get("deleted")
        if task is None or gone or ("task_type" in task.extra) != of_v2:
            raise RefusalError("unknown_task", "invalid task_id")
        if of_v2 and task.created < sim.clock.now() - WINDOW_SECONDS:
            raise RefusalError("unknown_task", "invalid task_id")
        return task

    # V2

    async def submit_v2(self, sim: Simulator, request: Request) -> Response:
        key = self._key(request)
        body = await v2.read_body(request)
        model = body.get("model")
        if not isinstance(model, str) or model not in _V2:
            raise RefusalError("unknown_model", f"model {model!r} is not supported")
        resolutions, shortest = _V2[model]
        content = await v2.read_content(sim, body)
        if content.references and model not in self.with_references:
            raise RefusalError("invalid", f"{model} does not support references")
        resolution = common.one_of(body, "resolution", resolutions, None)
        duration = common.one_of(body, "duration", range(shortest, 16), None)
        ratio = v2.ratio_of(sim, body, content)
        v2.check_extra(body, model)
        for name in self._watermark():
            common.switch(body, name)
        width, height = v2.size(resolution, ratio)
        failure = "moderation" if sim.faults.hits("moderation") else ""
        extra = {
            "account": key,
            "task_type": "generation",
            "resolution": resolution,
            "duration": duration,
            "ratio": ratio,
            "images": content.images,
        }
        wanted = TaskRequest(
            model,
            content.text,
            width,
            height,
            v2.FRAMES[duration] / 24,
            content.first,
            content.last,
            failure,
            extra,
            sound=True,
        )
        return JSONResponse({"task_id": self._made(sim, key, wanted).id})

    async def regenerate(self, sim: Simulator, request: Request) -> Response:
        """Of a task by its id, or of a clip in `content`: exactly one of the two."""
        key = self._key(request)
        body = await v2.read_body(request)
        common.one_of(body, "model", ("MiniMax-H3",), None)
        common.one_of(body, "resolution", ("2K",), None)
        source_id = body.get("source_task_id")
        if (source_id is None) == (body.get("content") is None):
            raise RefusalError("invalid", "exactly one of source_task_id and content is needed")
        if source_id is None:
            content = await v2.read_content(sim, body, base=True)
            text, first, last, ratio, duration = (
                content.text,
                content.first,
                content.last,
                "16:9",
                5,
            )
        else:
            source = self._source(sim, request, str(source_id))
            text, first, last = source.prompt, source.first_frame, source.last_frame
            ratio, duration = source.extra["ratio"], source.extra["duration"]
        width, height = v2.size("2K", ratio)
        extra = {
            "account": key,
            "task_type": "regeneration",
            "resolution": "2K",
            "duration": duration,
            "ratio": ratio,
            "images": 0,
        }
        length = v2.FRAMES[duration] / 24
        wanted = TaskRequest(
            "MiniMax-H3", text, width, height, length, first, last, "", extra, sound=True
        )
        return JSONResponse({"task_id": self._made(sim, key, wanted).id})

    def _source(self, sim: Simulator, request: Request, task_id: str) -> Task:
        task = self._task(sim, request, task_id, of_v2=True)
        is_base = (task.model, task.extra["resolution"]) == ("MiniMax-H3", "768P")
        if not is_base or sim.status(task).state != "done":
            raise RefusalError("invalid", "source_task_id is no finished 768P task of MiniMax-H3")
        return task

    async def query_v2(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request, request.path_params["task_id"], of_v2=True)
        return JSONResponse({"task": _task_v2(sim, request, task)})

    async def list_v2(self, sim: Simulator, request: Request) -> Response:
        key, query = self._key(request), request.query_params
        number, size = _count(query, "page_num", 1, 10**6), _count(query, "page_size", 20, MAX_PAGE)
        since = sim.clock.now() - WINDOW_SECONDS
        found = [
            _task_v2(sim, request, task)
            for task in sorted(sim.tasks.values(), key=lambda task: -task.number)
            if task.provider == self.name and task.extra["account"] == key
            and "task_type" in task.extra and "deleted" not in task.extra
            and task.created >= since
        ]  # fmt: skip
        for name in ("status", "model", "task_type"):
            wanted = query.get(f"filter.{name}")
            found = [task for task in found if wanted in {None, task[name]}]
        if ids := query.getlist("filter.task_ids"):
            found = [task for task in found if task["id"] in ids]
        shown = found[(number - 1) * size : number * size]
        return JSONResponse({"items": shown, "total": len(found)})

    async def delete(self, sim: Simulator, request: Request) -> Response:
        """Cancels what is queued; deletes the record of what has ended."""
        task = self._task(sim, request, request.path_params["task_id"], of_v2=True)
        state = sim.status(task).state
        if state == "queued" and sim.cancel(task):
            action = "cancelled"
        elif state in {"done", "failed"}:
            task.extra["deleted"] = True
            action = "deleted"
        else:
            raise RefusalError("invalid", f"a task that is {_WORDS_V2[state]} cannot be cancelled")
        return JSONResponse({"task_id": task.id, "action": action, "status": action})


def _number() -> str:
    """An id of fifteen digits, as the pages print them."""
    return str(4 * 10**14 + secrets.randbelow(10**14))


def _base_resp(code: int = 0, words: str = "success") -> dict[str, Any]:
    return {"status_code": code, "status_msg": words}


def _v2(answer: Answer) -> Answer:
    """An endpoint whose refusals are said in V2's shape."""

    async def call(sim: Simulator, request: Request) -> Response:
        try:
            return await answer(sim, request)
        except RefusalError as refusal:
            code, _, status, kind, words = _REFUSALS[refusal.kind]
            if refusal.message:
                words = f"{words}, {refusal.message}"
            said = _MISSING if refusal.message == _MISSING else f"{words} ({code})"
            error = {"type": kind, "message": said, "http_code": str(status)}
            body = {"type": "error", "error": error, "request_id": uuid.uuid4().hex}
            return JSONResponse(body, status)

    return call


def _count(query: Mapping[str, str], name: str, default: int, maximum: int = MAX_PAGE) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= maximum:
        raise RefusalError("invalid", f"{name} must be a number from 1 to {maximum}")
    return int(value)


def _task_v2(sim: Simulator, request: Request, task: Task) -> dict[str, Any]:
    state, extra = sim.status(task).state, task.extra
    said: dict[str, Any] = {
        "id": task.id,
        "model": task.model,
        "status": _WORDS_V2[state],
        "created_at": int(task.created),
        "updated_at": int(sim.clock.now() if state in {"queued", "running"} else task.finished),
        "resolution": extra["resolution"],
        "duration": extra["duration"],
        "usage": {},
        "ratio": extra["ratio"] if extra["task_type"] == "generation" else "",
        "task_type": extra["task_type"],
        "modality": "video",
    }
    if state == "done":
        # The page: a link of limited time, a query gives a new one.
        link = common.video_link(sim, request, task, sim.clock.now() + LINK_SECONDS)
        said["content"] = {"url": link}
        said["usage"] = {
            "total_seconds": extra["duration"],
            "input_seconds": 0,
            "output_seconds": extra["duration"],
            "input_image_count": extra["images"],
        }
    if state == "failed":
        words = {"code": "1000", "message": "internal error"}
        filtered = {"code": "1026", "message": "video description contains sensitive content"}
        said["error"] = filtered if task.failure == "moderation" else words
    return said
