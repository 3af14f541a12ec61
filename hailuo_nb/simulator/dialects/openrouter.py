"""OpenRouter, `https://openrouter.ai`.

Written from its guide and API reference on video generation, its skill `openrouter-video`, the
types of its Python SDK and a public copy of its catalogue `GET /videos/models`. Assumed: the words
of its refusals, 404 for an unknown model, a stored copy that lives a day, `polling_url` without a
host as in the API reference, a cost of list price times seconds, moderation as a failed job, 16:9
where no ratio is named, and that a job of 10 s at 1080p fails with MiniMax's words, for MiniMax
refuses that pair.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest

STORED_SECONDS = 24 * 3600
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class _Model(NamedTuple):
    """`sizes`: the provider's word for a resolution, and ours."""

    model: str
    created: int
    sizes: Mapping[str, str]
    ratios: Sequence[str]
    durations: Sequence[int]
    frames: Sequence[str]
    audio: bool
    skus: Mapping[str, str]
    passed_on: Sequence[str]
    prompt: int = common.MAX_PROMPT
    references: int = 0


_MODELS = {
    "minimax/hailuo-2.3": _Model(
        "MiniMax-Hailuo-2.3",
        1776702740,
        {"1080p": "1080P"},
        ("16:9",),
        (6, 10),
        ("first_frame",),
        False,
        {"duration_seconds": "0.0817"},
        ("prompt_optimizer", "fast_pretreatment"),
    ),
    "minimax/hailuo-3": _Model(
        "MiniMax-H3",
        1785366648,
        {"2K": "2K"},
        common.RATIOS,
        range(5, 16),
        ("first_frame", "last_frame"),
        True,
        {"duration_seconds": "0.13", "reference_images": "0.04"},
        ("aigc_watermark",),
        prompt=7000,
        references=9,
    ),
    "minimax/hailuo-3-max": _Model(
        "MiniMax-H3-Max",
        1789000000,
        {"480p": "480P", "768p": "768P"},
        common.RATIOS,
        range(5, 16),
        ("first_frame", "last_frame"),
        False,
        {"duration_seconds_480p": "0.05", "duration_seconds_768p": "0.08"},
        (),
        prompt=7000,
        references=9,
    ),
}

# kind -> HTTP status, message
_REFUSALS = {
    "invalid": (400, "Invalid request parameters"),
    "auth": (401, "User not found."),
    "balance": (402, "Insufficient credits. Add more credits and retry the request."),
    "rate": (429, "Rate limit exceeded"),
    "server": (500, "Internal Server Error"),
    "unknown_model": (404, "Model does not exist"),
    "unknown_task": (404, "Video generation job not found"),
    "moderation": (403, "Your input was flagged"),
}
_STATUS = {
    "queued": "pending",
    "running": "in_progress",
    "done": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_FAILURES = {
    "fault": "Provider returned error",
    "moderation": "Content policy violation",
    "pair": "invalid params, 1080P supports a duration of 6 seconds only (2013)",
}


class OpenRouter:
    name = "openrouter"
    title = "OpenRouter"

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("GET", "/api/v1/videos/models", self.models),
            Endpoint("POST", "/api/v1/videos", self.submit, submits=True),
            Endpoint("GET", "/api/v1/videos/{job_id}", self.status),
            Endpoint("GET", "/api/v1/videos/{job_id}/content", self.content),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        status, words = _REFUSALS[refusal.kind]
        message = f"{words}: {refusal.message}" if refusal.message else words
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return JSONResponse({"error": {"code": status, "message": message}}, status, headers)

    async def models(self, sim: Simulator, request: Request) -> Response:
        """The catalogue, which is public."""
        return JSONResponse({"data": [_listed(name, one) for name, one in _MODELS.items()]})

    async def submit(self, sim: Simulator, request: Request) -> Response:
        key = common.bearer(request)
        wanted = await _read(sim, await common.json_body(request))
        if key == common.NO_BALANCE:
            raise RefusalError("balance")
        stamp = int(sim.clock.now())
        job_id = f"gen-vid-{stamp}-" + "".join(secrets.choice(_LETTERS) for _ in range(20))
        task = sim.create_task(self.name, job_id, wanted)
        return JSONResponse(_head(task, "pending"), 202)

    async def status(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request)
        status = sim.status(task)
        body = _head(task, _STATUS[status.state])
        if status.state != "queued":
            body["generation_id"] = task.id
        if status.state == "failed":
            body["error"] = _FAILURES.get(task.failure, task.failure)
        if status.state == "done":
            content = f"{common.link_base(sim, request)}/api/v1/videos/{task.id}/content?index=0"
            body["unsigned_urls"] = [content]
            expires = int(task.finished) + STORED_SECONDS
            body["urls"] = [common.video_link(sim, request, task, expires)]
            body["expires_at"] = expires
            body["usage"] = {"cost": task.extra["cost"], "is_byok": False}
        return JSONResponse(body)

    async def content(self, sim: Simulator, request: Request) -> Response:
        task = self._task(sim, request)
        if sim.status(task).state != "done":
            return JSONResponse({"error": {"code": 409, "message": "Job is not completed"}}, 409)
        return FileResponse(sim.video_path(task), media_type="video/mp4")

    def _task(self, sim: Simulator, request: Request) -> Task:
        common.bearer(request)
        task = sim.find(self.name, request.path_params["job_id"])
        if task is None:
            raise RefusalError("unknown_task")
        return task


def _head(task: Task, word: str) -> dict[str, Any]:
    return {"id": task.id, "polling_url": f"/api/v1/videos/{task.id}", "status": word}


def _listed(name: str, one: _Model) -> dict[str, Any]:
    return {
        "id": name,
        "canonical_slug": name,
        "hugging_face_id": None,
        "name": name,
        "created": one.created,
        "description": f"A stand-in for {one.model}",
        "supported_resolutions": list(one.sizes),
        "supported_aspect_ratios": list(one.ratios),
        "supported_sizes": None,
        "supported_durations": list(one.durations),
        "supported_frame_images": list(one.frames),
        "upscale_factor": None,
        "creativity": None,
        "generate_audio": one.audio,
        "seed": False,
        "pricing_skus": dict(one.skus),
        "allowed_passthrough_parameters": list(one.passed_on),
    }


async def _read(sim: Simulator, body: dict[str, Any]) -> TaskRequest:
    name = body.get("model")
    if not isinstance(name, str) or not name:
        raise RefusalError("invalid", "model is required")
    if name not in _MODELS:
        raise RefusalError("unknown_model", name)
    one = _MODELS[name]
    prompt = common.text(body, "prompt", maximum=one.prompt)
    duration = common.one_of(body, "duration", one.durations, one.durations[0])
    resolution, ratio = _shape(body, one)
    common.switch(body, "generate_audio")
    _check_passed_on(body, one)
    frames = await _frames(sim, body, one)
    pictures = 0 if frames else _references(body, one)
    is_h3 = one.references > 0
    if not ratio:
        frame = next(iter(frames.values()), "")
        ratio = common.nearest_ratio(sim, frame) if frame and is_h3 else "16:9"
    width, height = common.size(one.sizes[resolution], ratio)
    return TaskRequest(
        one.model,
        prompt,
        width,
        height,
        common.h3_frames(duration) / 24 if is_h3 else duration,
        frames.get("first_frame", ""),
        frames.get("last_frame", ""),
        failure=_failure(sim, is_h3, duration),
        extra={"cost": _cost(one, resolution, duration, pictures)},
        sound=one.audio,
    )


def _shape(body: dict[str, Any], one: _Model) -> tuple[str, str]:
    """Resolution and ratio ("" where none is named); `size` names both."""
    first = next(iter(one.sizes))
    if body.get("size") is None:
        ratio = body.get("aspect_ratio")
        if ratio is not None:
            common.one_of(body, "aspect_ratio", one.ratios, None)
        return common.one_of(body, "resolution", tuple(one.sizes), first), ratio or ""
    pairs = [(resolution, ratio) for resolution in one.sizes for ratio in one.ratios]
    sizes = {"{}x{}".format(*common.size(one.sizes[pair[0]], pair[1])): pair for pair in pairs}
    return sizes[common.one_of(body, "size", tuple(sizes), None)]


def _failure(sim: Simulator, is_h3: bool, duration: int) -> str:
    if sim.faults.hits("moderation"):
        return "moderation"
    return "pair" if not is_h3 and duration != 6 else ""


def _cost(one: _Model, resolution: str, duration: int, pictures: int) -> float:
    second = one.skus.get(f"duration_seconds_{resolution}") or one.skus["duration_seconds"]
    beside = float(one.skus.get("reference_images", 0)) * pictures
    return round(float(second) * duration + beside, 4)


def _check_passed_on(body: dict[str, Any], one: _Model) -> None:
    """Options of the maker's own; those of other makers are ignored."""
    options = common.section(
        common.section(body, "provider", required=False), "options", required=False
    )
    own = common.section(
        common.section(options, "minimax", required=False), "parameters", required=False
    )
    for name in own:
        if name not in one.passed_on:
            raise RefusalError("invalid", f"provider.options.minimax.parameters.{name}")
        common.switch(own, name)


async def _frames(sim: Simulator, body: dict[str, Any], one: _Model) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _entries(body, "frame_images"):
        kind = entry.get("frame_type")
        if not isinstance(kind, str) or kind not in one.frames or kind in found:
            raise RefusalError("invalid", f"frame_images: frame_type {kind!r}")
        found[kind] = await common.frame(sim, entry["image_url"], "url", required=True)
    return found


def _references(body: dict[str, Any], one: _Model) -> int:
    count = len(_entries(body, "input_references"))
    if count > one.references:
        raise RefusalError("invalid", f"input_references: at most {one.references}")
    return count


def _entries(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The pictures of an array of `{type: "image_url", image_url: {url}}`."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RefusalError("invalid", f"{name} must be an array")
    for entry in value:
        image = entry.get("image_url") if isinstance(entry, dict) else None
        if not isinstance(image, dict) or entry.get("type") != "image_url":
            raise RefusalError("invalid", f"{name}: type must be image_url, with image_url.url")
    return value
