"""fal, `https://queue.fal.run`.

Written from its queue page and OpenAPI (submit, status, result, cancel), its two pages of errors
and the input types of its SDK. A body is looked at when a runner takes it: what is wrong with it
ends the request (TanStack/ai#396 saw so), and the status says COMPLETED then too. Assumed: the
words of an unknown request, of an unknown app and of a locked account; a runner that is asked to
stop does; the answer is kept for an hour (youtube-automation#4947); fields that an endpoint has
not are dropped silently.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest

RESULT_SECONDS = 3600.0
LINK_SECONDS = 7 * 24 * 3600
_ERRORS = "https://docs.fal.ai/errors#"


class _Input(NamedTuple):
    """The input of one endpoint.

    resolutions  the values of `resolution`, first the default; one alone is no field of it
    durations    the values of `duration`, first the default; a text on all but H3
    frames       0 none, 1 `image_url`, 2 `end_image_url` as well
    references   the three lists of references
    """

    model: str
    resolutions: tuple[str, ...]
    durations: tuple[str | int, ...] = ()
    frames: int = 0
    sound: bool = False
    prompt: int = common.MAX_PROMPT
    references: bool = False


_TEXTS = ("6", "10")
_SECONDS = tuple(range(5, 16))
_H3 = ("2K", "768P")
_MAX = ("768P", "480P")
_HAILUO = {
    "hailuo-02/standard/text-to-video": _Input("MiniMax-Hailuo-02", ("768P",), _TEXTS),
    "hailuo-02/standard/image-to-video": _Input("MiniMax-Hailuo-02", ("768P", "512P"), _TEXTS, 2),
    "hailuo-02/pro/text-to-video": _Input("MiniMax-Hailuo-02", ("1080P",)),
    "hailuo-02/pro/image-to-video": _Input("MiniMax-Hailuo-02", ("1080P",), frames=2),
    "hailuo-02-fast/image-to-video": _Input("MiniMax-Hailuo-02-Fast", ("512P",), _TEXTS, 1),
    "hailuo-2.3/standard/text-to-video": _Input("MiniMax-Hailuo-2.3", ("768P",), _TEXTS),
    "hailuo-2.3/standard/image-to-video": _Input("MiniMax-Hailuo-2.3", ("768P",), _TEXTS, 1),
    "hailuo-2.3/pro/text-to-video": _Input("MiniMax-Hailuo-2.3", ("1080P",)),
    "hailuo-2.3/pro/image-to-video": _Input("MiniMax-Hailuo-2.3", ("1080P",), frames=1),
    "hailuo-2.3-fast/standard/image-to-video": _Input(
        "MiniMax-Hailuo-2.3-Fast", ("768P",), _TEXTS, 1
    ),
    "hailuo-2.3-fast/pro/image-to-video": _Input("MiniMax-Hailuo-2.3-Fast", ("1080P",), frames=1),
}
_REFERENCES = {"image": 9, "video": 3, "audio": 3}
_MAX_REFERENCES = 12
_INPUTS = {f"fal-ai/minimax/{path}": one for path, one in _HAILUO.items()} | {
    "minimax/h3/text-to-video": _Input("MiniMax-H3", _H3, _SECONDS, 0, True, 7000),
    "minimax/h3/image-to-video": _Input("MiniMax-H3", _H3, _SECONDS, 2, True, 7000),
    "minimax/h3/reference-to-video": _Input(
        "MiniMax-H3", _H3, _SECONDS, 0, True, 7000, references=True
    ),
    "minimax/h3-max/text-to-video": _Input("MiniMax-H3-Max", _MAX, _SECONDS, 0, True, 7000),
    "minimax/h3-max/image-to-video": _Input("MiniMax-H3-Max", _MAX, _SECONDS, 2, True, 7000),
}

# kind -> HTTP status, detail
_REFUSALS = {
    "invalid": (422, "Unprocessable entity"),
    "auth": (401, "Cannot access application. Authentication is required to access this app."),
    "balance": (403, "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai."),
    "rate": (429, "Too many requests"),
    "server": (500, "Internal server error"),
    "unknown_model": (404, "Application not found"),
    "unknown_task": (404, "Request not found"),
    "moderation": (422, "Unprocessable entity"),
}
# why a request failed -> status of its result, detail, error_type
_FAILURES = {
    "fault": (
        503,
        "The runner disconnected unexpectedly.",
        "runner_disconnected",
    ),
    "cancelled": (499, "The request was cancelled by the client.", "client_cancelled"),
    "timeout": (504, "Request timed out", "request_timeout"),
}


class Fal:
    name = "fal"
    title = "fal"

    def endpoints(self) -> Sequence[Endpoint]:
        """The addresses of a request have its owner and app alone; an endpoint's whole path is for
        POST."""
        found = []
        for app in ("/fal-ai/minimax", "/minimax/h3", "/minimax/h3-max"):
            one = f"{app}/requests/{{request_id}}"
            found += [
                Endpoint("GET", f"{one}/status", self.status),
                Endpoint("PUT", f"{one}/cancel", self.cancel),
                Endpoint("GET", one, self.result),
                Endpoint("GET", f"{app}/{{path:path}}", self.no_get),
                Endpoint("POST", f"{app}/{{path:path}}", self.submit, submits=True),
            ]
        return found

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, words = _REFUSALS[refusal.kind]
        detail = f"{words}: {refusal.message}" if refusal.message else words
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return JSONResponse({"detail": detail}, status, headers)

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = common.bearer(request, "key")
        endpoint = next((one for one in _INPUTS if request.url.path.endswith(f"/{one}")), None)
        if endpoint is None:
            raise RefusalError("unknown_model")
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        body = await common.json_body(request)
        owner, app, _ = endpoint.split("/", 2)
        wanted = await _read(sim, body, _INPUTS[endpoint], f"{owner}/{app}")
        task = sim.create_task(self.name, str(uuid.uuid4()), wanted)
        _limit(sim, task, request.headers.get("x-fal-request-timeout", ""))
        answer = {"status": "IN_QUEUE", "queue_position": _before(sim, task)}
        return JSONResponse(answer | _addresses(request, task))

    async def status(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request)
        state = _state(sim, task)
        if state == "queued":
            body = {"status": "IN_QUEUE", "queue_position": _before(sim, task)}
            return JSONResponse(body | _addresses(request, task), 202)
        logged: dict[str, Any] = {"logs": [] if request.query_params.get("logs") == "1" else None}
        if state == "running":
            body = {"status": "IN_PROGRESS", **logged}
            return JSONResponse(body | _addresses(request, task), 202)
        body = {"status": "COMPLETED", **logged}
        body["metrics"] = {"inference_time": round(max(0.0, task.finished - task.starts), 3)}
        headers = None
        if (said := _failure(task, state)) is not None:
            _, body["error"], body["error_type"] = said
            headers = {"X-Fal-Error-Type": said[2]}
        return JSONResponse(body | _addresses(request, task), 200, headers)

    async def result(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request)
        state = _state(sim, task)
        if state in {"queued", "running"}:
            return JSONResponse({"detail": "Request is still in progress"}, 400)
        if (said := _failure(task, state)) is not None:
            status, detail, kind = said
            headers = {"X-Fal-Error-Type": kind}
            if kind == "request_timeout":
                headers["X-Fal-Request-Timeout-Type"] = "user"
            return JSONResponse({"detail": detail, "error_type": kind}, status, headers)
        if state == "failed":
            errors = task.extra.get("errors") or [_flagged(task)]
            if task.failure not in {"invalid", "moderation"}:
                errors = [_error((), task.failure, "internal_server_error")]
            status = 500 if errors[0]["type"] == "internal_server_error" else 422
            return JSONResponse({"detail": errors}, status, {"X-Fal-Retryable": "false"})
        link = common.video_link(sim, request, task, task.finished + LINK_SECONDS)
        size = sim.video_path(task).stat().st_size
        video = {"url": link, "content_type": "video/mp4", "file_name": "output.mp4"}
        return JSONResponse({"video": video | {"file_size": size}})

    async def cancel(self, sim: Simulator, request: Request) -> Response:
        """Takes a request out of the queue; one that runs is asked to stop."""
        common.bearer(request, "key")
        task = self._find(sim, request)
        if task is None:
            return JSONResponse({"status": "NOT_FOUND"}, 404)
        state = sim.status(task).state
        if state == "queued" and sim.cancel(task):
            return JSONResponse({"status": "OK"})
        if state == "running" and sim.cancel(task, running=True):
            return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)
        return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)

    async def no_get(self, sim: Simulator, request: Request) -> Response:
        return JSONResponse({"detail": "Method Not Allowed"}, 405, {"Allow": "POST"})

    def _find(self, sim: Simulator, request: Request) -> Task | None:
        """The request of this app, for an hour after its end."""
        task = sim.find(self.name, request.path_params["request_id"])
        if task is None or f"/{_app(task)}/requests/" not in request.url.path:
            return None
        over = _state(sim, task) not in {"queued", "running"}
        return None if over and sim.clock.now() > task.finished + RESULT_SECONDS else task

    def _task(self, sim: Simulator, request: Request) -> Task:
        common.bearer(request, "key")
        if (task := self._find(sim, request)) is None:
            raise RefusalError("unknown_task")
        return task


def _limit(sim: Simulator, task: Task, header: str) -> None:
    """`X-Fal-Request-Timeout`: the seconds within which a request has to start."""
    try:
        moment = task.created + sim.clock.scaled(float(header))
    except ValueError:
        return
    if moment < task.starts:
        task.extra["timeout"] = moment
        sim.cancel(task)


def _state(sim: Simulator, task: Task) -> str:
    """As of the simulator; one that will not start in time waits, then it is over ("timeout")."""
    if (moment := task.extra.get("timeout")) is not None:
        return "timeout" if moment <= sim.clock.now() else "queued"
    return sim.status(task).state


def _app(task: Task) -> str:
    return str(task.extra["app"])


def _addresses(request: Request, task: Task) -> dict[str, str]:
    """Of a request, below the address at which this API was reached."""
    base = f"{str(request.base_url).rstrip('/')}/{_app(task)}/requests/{task.id}"
    addresses = {
        "response_url": base,
        "status_url": f"{base}/status",
        "cancel_url": f"{base}/cancel",
    }
    return {"request_id": task.id} | addresses


def _before(sim: Simulator, task: Task) -> int:
    """How many requests wait before this one."""
    now = sim.clock.now()
    own = [one for one in sim.tasks.values() if one.provider == task.provider]
    return sum(now < one.starts <= task.starts and one is not task for one in own)


def _failure(task: Task, state: str) -> tuple[int, str, str] | None:
    """What is said of a request that the platform, not the model, ended."""
    return _FAILURES.get(state, _FAILURES.get(task.failure))


def _error(where: Sequence[str], message: str, kind: str, **beside: Any) -> dict[str, Any]:
    return {"loc": ["body", *where], "msg": message, "type": kind, "url": _ERRORS + kind} | beside


def _flagged(task: Task) -> dict[str, Any]:
    words = "The content was flagged by a content checker."
    kind, categories = "content_policy_violation", ["model_moderated"]
    return _error(("prompt",), words, kind, categories=categories)


async def _read(sim: Simulator, body: Mapping[str, Any], wanted: _Input, app: str) -> TaskRequest:
    """The request, with every error of its body; such a one fails when a runner has taken it."""
    errors: list[dict[str, Any]] = []
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        errors.append(_error(("prompt",), "Field required", "missing"))
        prompt = ""
    elif len(prompt) > wanted.prompt:
        words = f"String should have at most {wanted.prompt} characters"
        ctx = {"max_length": wanted.prompt}
        errors.append(_error(("prompt",), words, "sequence_too_long", ctx=ctx))
    resolution = _one_of(body, "resolution", wanted.resolutions, errors)
    duration = _one_of(body, "duration", wanted.durations or ("6",), errors)
    ratios = common.RATIOS if wanted.sound and not wanted.frames else ("16:9",)
    if wanted.references:
        errors += _wrong_references(body)
    ratio = _one_of(body, "aspect_ratio", ("16:9", *ratios), errors)
    if not isinstance(body.get("prompt_optimizer", True), bool):
        words = "Input should be a valid boolean"
        errors.append(_error(("prompt_optimizer",), words, "bool_parsing"))
    frames = {"image_url": "", "end_image_url": ""}
    for name in list(frames)[: wanted.frames]:
        if name == "image_url" and not body.get(name):
            errors.append(_error((name,), "Field required", "missing"))
            continue
        try:
            frames[name] = await common.frame(sim, body, name)
        except RefusalError as refusal:
            errors.append(_error((name,), refusal.message, "image_load_error"))
    if wanted.sound and frames["image_url"]:
        ratio = await asyncio.to_thread(common.nearest_ratio, sim, frames["image_url"])
    width, height = common.size(resolution, ratio)
    failure = "moderation" if sim.faults.hits("moderation") else ""
    return TaskRequest(
        wanted.model,
        prompt,
        width,
        height,
        common.h3_frames(int(duration)) / 24 if wanted.sound else int(duration),
        frames["image_url"],
        frames["end_image_url"],
        failure="invalid" if errors else failure,
        extra={"app": app, "errors": errors},
        sound=wanted.sound,
    )


def _wrong_references(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A picture or clip is needed, a sound alone is not enough; a sound is a link."""
    errors, counts = [], {}
    for kind, most in _REFERENCES.items():
        name = f"reference_{kind}_urls"
        links = body.get(name) or []
        counts[kind] = len(links)
        kinds = ("https://", "http://") if kind == "audio" else ("https://", "http://", "data:")
        if not all(isinstance(link, str) and link.startswith(kinds) for link in links):
            errors.append(_error((name,), "Failed to load the file", "file_download_error"))
        if counts[kind] > most:
            errors.append(
                _error((name,), "Too many", "sequence_too_long", ctx={"max_length": most})
            )
    if not counts["image"] + counts["video"]:
        errors.append(_error(("reference_image_urls",), "Field required", "missing"))
    if sum(counts.values()) > _MAX_REFERENCES:
        ctx = {"max_length": _MAX_REFERENCES}
        errors.append(_error((), "Too many references", "sequence_too_long", ctx=ctx))
    return errors


def _one_of(
    body: Mapping[str, Any], name: str, values: Sequence[Any], errors: list[dict[str, Any]]
) -> Any:
    """A field that takes a few values, of the same type: 6 is no "6". One that takes a single value
    is no field here, and what stands in it is dropped."""
    value = body.get(name)
    if value is None or len(set(values)) < 2:
        return values[0]
    if any(type(one) is type(value) and one == value for one in values):
        return value
    words = f"Input should be one of {', '.join(map(repr, values))}"
    errors.append(_error((name,), words, "one_of", ctx={"expected": list(values)}))
    return values[0]
