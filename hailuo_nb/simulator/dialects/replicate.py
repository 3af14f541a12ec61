"""Replicate, `https://api.replicate.com`.

Written from its HTTP reference (create, get, list, cancel), its pages on the life of a prediction,
deadlines, rate limits and data retention, and the API pages of the models' versions. Assumed: the
words of refusals but for the throttled one and the unknown prediction (replicate-javascript#371),
a field that a model has not is refused, a picture that came within the request is shown as a file
of Replicate's, and a prediction that is cancelled before it runs is free.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest

DATA_SECONDS = 3600.0
PAGE = 100
_DEADLINE = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


class _Model(NamedTuple):
    """`resolutions` has the default first; one alone is no field of the input."""

    model: str
    resolutions: tuple[str, ...]
    first_frame_required: bool = False
    last_frame: bool = False
    go_fast: bool = False


_MODELS = {
    "minimax/hailuo-2.3": _Model("MiniMax-Hailuo-2.3", ("768p", "1080p")),
    "minimax/hailuo-2.3-fast": _Model("MiniMax-Hailuo-2.3-Fast", ("768p", "1080p"), True),
    "minimax/hailuo-02": _Model("MiniMax-Hailuo-02", ("1080p", "768p", "512p"), last_frame=True),
    "minimax/hailuo-02-fast": _Model("MiniMax-Hailuo-02-Fast", ("512p",), True, go_fast=True),
}

# kind -> HTTP status, title, detail
_REFUSALS = {
    "invalid": (422, "Input validation failed", "- input: the input is not valid"),
    "auth": (401, "Unauthenticated", "You did not pass a valid authentication token"),
    "balance": (402, "Insufficient credit", "You have insufficient credit to run this model."),
    "rate": (429, "", "Request was throttled."),
    "server": (500, "Internal server error", "An unexpected error occurred."),
    "unknown_model": (404, "", "The requested resource could not be found."),
    "unknown_task": (404, "", "No prediction matches the given query."),
    "moderation": (422, "Input validation failed", "- input: the input is not valid"),
}
_STATUS = {
    "queued": "starting",
    "running": "processing",
    "done": "succeeded",
    "failed": "failed",
    "cancelled": "canceled",
}
_FAILURES = {
    "fault": "Prediction interrupted; please retry (code: PA)",
    "moderation": "The input or output was flagged as sensitive. Please try again with different "
    "inputs. (E005)",
}


class Replicate:
    name = "replicate"
    title = "Replicate"

    def endpoints(self) -> Sequence[Endpoint]:
        one = "/v1/predictions/{prediction_id}"
        return (
            Endpoint("GET", "/v1/predictions", self.predictions),
            Endpoint("POST", "/v1/predictions", self.create, submits=True),
            Endpoint("GET", one, self.get),
            Endpoint("POST", f"{one}/cancel", self.cancel),
            Endpoint("POST", "/v1/models/{owner}/{model}/predictions", self.create, submits=True),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        """Of a throttled request the wait is in the text alone."""
        status, title, detail = _REFUSALS[refusal.kind]
        if retry_after:
            return JSONResponse(
                {"detail": f"{detail} Your rate limit resets in ~{retry_after}s."}, 429
            )
        body: dict[str, Any] = {"title": title} if title else {}
        if refusal.kind == "invalid" and refusal.message:
            field = {"type": "invalid", "field": "input", "description": refusal.message}
            body["invalid_fields"] = [field]
            detail = f"- input: {refusal.message}\n"
        return JSONResponse(body | {"detail": detail, "status": status}, status)

    async def create(self, sim: Simulator, request: Request) -> Response:
        key = _key(request)
        body = await common.json_body(request)
        path = request.path_params
        named = f"{path['owner']}/{path['model']}" if "owner" in path else body.get("version")
        model = _MODELS.get(str(named).partition(":")[0])
        if model is None:
            raise RefusalError("unknown_model")
        given = common.section(body, "input", required=True)
        wanted = await _read(sim, given, model)
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        deadline = _deadline(sim, request.headers.get("cancel-after", ""))
        kept = {"first_frame_image": wanted.first_frame, "last_frame_image": wanted.last_frame}
        shown = given | {name: _uploaded(kept[name]) for name in kept if given.get(name)}
        extra = {"model": str(named), "input": shown, "deadline": deadline}
        identity = "".join(
            secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(26)
        )
        task = sim.create_task(self.name, identity, replace(wanted, extra=extra))
        if deadline is not None and deadline <= task.starts:
            task.extra["aborts"] = True
            sim.cancel(task)
        return JSONResponse(_prediction(sim, request, task), 201)

    async def get(self, sim: Simulator, request: Request) -> Response:
        return JSONResponse(_prediction(sim, request, self._task(sim, request)))

    async def cancel(self, sim: Simulator, request: Request) -> Response:
        """One that is over stays as it is."""
        task = self._task(sim, request)
        sim.cancel(task, running=True)
        return JSONResponse(_prediction(sim, request, task))

    async def predictions(self, sim: Simulator, request: Request) -> Response:
        """The newest first, a hundred a page; `cursor` is the number of the page's first."""
        _key(request)
        query = request.query_params
        after, before = (
            _moment(query.get(name, "")) for name in ("created_after", "created_before")
        )
        own = [task for task in sim.tasks.values() if task.provider == self.name]
        own = [task for task in own if after is None or task.created >= after]
        own = [task for task in own if before is None or task.created <= before]
        own.sort(key=lambda task: (-task.created, -task.number))
        cursor = query.get("cursor", "")
        start = int(cursor) if cursor.isascii() and cursor.isdigit() else 0
        page = [_prediction(sim, request, task) for task in own[start : start + PAGE]]
        return JSONResponse(
            {
                "previous": _page(request, start - PAGE) if start else None,
                "next": _page(request, start + PAGE) if start + PAGE < len(own) else None,
                "results": page,
            }
        )

    def _task(self, sim: Simulator, request: Request) -> Task:
        _key(request)
        if (task := sim.find(self.name, request.path_params["prediction_id"])) is None:
            raise RefusalError("unknown_task")
        return task


def _key(request: Request) -> str:
    """Of `Bearer`, or of `Token`, which older clients send."""
    older = request.headers.get("authorization", "").lower().startswith("token ")
    return common.bearer(request, "token" if older else "bearer")


def _page(request: Request, start: int) -> str:
    return str(request.url.include_query_params(cursor=max(0, start)))


def _uploaded(frame: str) -> str:
    """A frame as an input shows it: a link as it was given, the bytes of a data URL as a file."""
    return frame if "://" in frame else f"https://replicate.delivery/pbxt/{frame}"


def _deadline(sim: Simulator, header: str) -> float | None:
    """The moment that `Cancel-After` names: `30m`, `1h30m`, `90`."""
    found = _DEADLINE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return sim.clock.now() + sim.clock.scaled(hours * 3600 + minutes * 60 + seconds)


async def _read(sim: Simulator, given: Mapping[str, Any], model: _Model) -> TaskRequest:
    fields = {"prompt", "duration", "prompt_optimizer", "first_frame_image"}
    fields |= {"resolution"} if len(model.resolutions) > 1 else set()
    fields |= {"last_frame_image"} if model.last_frame else set()
    fields |= {"go_fast"} if model.go_fast else set()
    if stray := sorted(given.keys() - fields):
        raise RefusalError("invalid", f"Additional property {stray[0]} is not allowed")
    prompt = common.text(given, "prompt")
    duration = common.one_of(given, "duration", (6, 10), 6)
    default = model.resolutions[0]
    resolution = common.one_of(given, "resolution", model.resolutions, default)
    if duration != 6 and resolution != "768p" and len(model.resolutions) > 1:
        raise RefusalError("invalid", "10 seconds is only available for 768p resolution")
    for name in ("prompt_optimizer", "go_fast"):
        common.switch(given, name)
    required = model.first_frame_required
    first = await common.frame(sim, given, "first_frame_image", required=required)
    last = await common.frame(sim, given, "last_frame_image") if model.last_frame else ""
    width, height = common.SIZES[resolution.upper()]
    failure = "moderation" if sim.faults.hits("moderation") else ""
    return TaskRequest(model.model, prompt, width, height, duration, first, last, failure)


def _prediction(sim: Simulator, request: Request, task: Task) -> dict[str, Any]:
    status = _word(sim, task)
    over = status not in {"starting", "processing"}
    by_deadline = status == "aborted" or (status == "canceled" and task.cancelled is None)
    ended = task.extra["deadline"] if by_deadline else task.finished
    removed = over and sim.clock.now() >= ended + DATA_SECONDS
    failed = status == "failed"
    base = f"{str(request.base_url).rstrip('/')}/v1/predictions/{task.id}"
    found = {
        "id": task.id,
        "model": task.extra["model"],
        "version": "hidden",
        "input": {} if removed else task.extra["input"],
        "logs": "",
        "output": None,
        "data_removed": removed,
        "error": _FAILURES.get(task.failure, task.failure) if failed else None,
        "source": "api",
        "status": status,
        "created_at": _written(task.created),
        "urls": {
            "get": base,
            "cancel": f"{base}/cancel",
            "web": f"https://replicate.com/p/{task.id}",
        },
    }
    if task.extra["deadline"] is not None:
        found["deadline"] = _written(task.extra["deadline"])
    if status != "starting":
        found["started_at"] = _written(task.starts)
    if over:
        found["completed_at"] = _written(ended)
        times = (max(0.0, ended - task.starts), max(0.0, ended - task.created))
        found["metrics"] = dict(zip(("predict_time", "total_time"), times, strict=True))
    if status == "succeeded" and not removed:
        found["output"] = common.video_link(sim, request, task, ended + DATA_SECONDS)
    return found


def _word(sim: Simulator, task: Task) -> str:
    """The status, by a deadline as well: `aborted` before the start, `canceled` after it."""
    deadline = task.extra["deadline"]
    passed = deadline is not None and deadline <= sim.clock.now()
    if "aborts" in task.extra:
        return "aborted" if passed else "starting"
    if passed and deadline < task.due and task.cancelled is None:
        return "canceled"
    return _STATUS[sim.status(task).state]


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp() if text else None
    except ValueError:
        raise RefusalError("invalid", f"{text!r} is no time") from None
