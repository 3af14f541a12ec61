"""Chanjing 蝉镜, `https://open-api.chanjing.cc`.

Written from its page "MiniMax Hailuo 02 视频生成" (seed 002), its task-list and file pages and the
scripts of its own chan-skills. Business errors come with HTTP 200. Assumed: 720 is sold as
1280x720, 768 as 1366x768, 10 s at those two, 2,000 characters of prompt (the page is silent), 40002
for an empty account, 40000 for an unknown task, a link's 24 h, the fields of file_detail beside
`id` and `status` (0 waiting, 1 ready), the data of `user_duration`, a list of the account's own
tasks.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.dialects.common import Endpoint, RefusalError
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest, TaskStatus

MODEL = "MiniMax-Hailuo-02"
LINK_SECONDS = 24 * 3600
TOKEN_SECONDS = 24 * 3600
UPLOAD_SECONDS = 15 * 60
FILE_SECONDS = 30 * 24 * 3600  # an uploaded file is deleted then, its page says
FILE_SYNC_SECONDS = 20.0  # of the provider's time; the page says up to a minute
MAX_LIST = 50
_MAX_KEPT = 1000  # tokens, and uploads

_SIZES = {720: (1280, 720), 768: (1366, 768), 1080: (1920, 1080)}
_MIME = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}

# kind -> code, msg
_REFUSALS = {
    "invalid": (40000, "参数错误"),
    "auth": (10400, "AccessToken 验证失败"),
    "balance": (40002, "蝉豆余额不足"),
    "rate": (40001, "超出 QPS 限制"),
    "server": (50000, "系统内部错误"),
    "unknown_model": (50000, "模型不存在"),
    "unknown_task": (40000, "任务不存在"),
    "moderation": (40000, "内容未通过审核"),
}
_FAILURES = {
    "fault": ("Error", "任务失败,本次生成不消耗蝉豆"),
    "moderation": ("Fail", "内容未通过审核,本次生成不消耗蝉豆"),
}


@dataclass(slots=True)
class _Token:
    app_id: str
    expires: float
    calls_left: int | None


@dataclass(slots=True)
class _Upload:
    name: str
    mime_type: str
    expires: float
    stored: str = ""
    ready: float = 0.0


T = TypeVar("T", _Token, _Upload)


class Chanjing:
    name = "chanjing"
    title = "Chanjing"

    def __init__(self) -> None:
        self._tokens: dict[str, _Token] = {}
        self._uploads: dict[str, _Upload] = {}

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("POST", "/open/v1/access_token", self.access_token),
            Endpoint("POST", "/open/v1/ai_creation/task/submit", self.submit, submits=True),
            Endpoint("GET", "/open/v1/ai_creation/task", self.detail),
            Endpoint("POST", "/open/v1/ai_creation/task/page", self.page),
            Endpoint("GET", "/open/v1/common/create_upload_url", self.create_upload_url),
            Endpoint("GET", "/open/v1/common/file_detail", self.file_detail),
            Endpoint("GET", "/open/v1/user_duration", self.user_duration),
            Endpoint("PUT", "/chanjing-upload/{file_id}", self.put_file),
        )

    def refuse(self, refusal: RefusalError, retry_after: int | None = None) -> JSONResponse:
        code, words = _REFUSALS[refusal.kind]
        msg = f"{words}: {refusal.message}" if refusal.message else words
        return _reply(None, code, msg, retry_after)

    # The token

    async def access_token(self, sim: Simulator, request: Request) -> Response:
        body = await common.json_body(request)
        app_id, secret = common.text(body, "app_id"), common.text(body, "secret_key")
        if common.WRONG_KEY in (app_id, secret):
            raise RefusalError("auth")
        # A new token kills the previous one of the same app.
        others = {key: token for key, token in self._tokens.items() if token.app_id != app_id}
        self._tokens = _newest(others, sim.clock.now())
        key = secrets.token_hex(16)
        short = sim.faults.hits("token_expiry")
        expires = int(sim.clock.now()) + TOKEN_SECONDS
        account = common.NO_BALANCE if common.NO_BALANCE in (app_id, secret) else app_id
        self._tokens[key] = _Token(account, expires, 3 if short else None)
        return _reply({"access_token": key, "expire_in": expires})

    def _account(self, sim: Simulator, request: Request) -> str:
        token = self._tokens.get(request.headers.get("access_token", ""))
        if token is None or token.expires <= sim.clock.now() or token.calls_left == 0:
            raise RefusalError("auth")
        if token.calls_left is not None:
            token.calls_left -= 1
        return token.app_id

    # Tasks

    async def submit(self, sim: Simulator, request: Request) -> Response:
        account = self._account(sim, request)
        wanted = await self._read(sim, request, await common.json_body(request))
        wanted = replace(wanted, extra={**wanted.extra, "account": account})
        if account == common.NO_BALANCE:
            raise RefusalError("balance")
        task = sim.create_task(self.name, str(uuid.uuid4()), wanted)
        return _reply(task.id)

    async def detail(self, sim: Simulator, request: Request) -> Response:
        self._account(sim, request)
        unique_id = request.query_params.get("unique_id", "")
        task = sim.find(self.name, unique_id)
        if task is None:
            raise RefusalError("unknown_task", unique_id)
        return _reply(_creation(sim, request, task))

    async def page(self, sim: Simulator, request: Request) -> Response:
        account = self._account(sim, request)
        body = await common.json_body(request)
        kind = common.one_of(body, "type", (3, 4), None)
        page, size = _count(body, "page", 10**6), _count(body, "page_size", MAX_LIST)
        ids = body.get("unique_ids") or []
        if not isinstance(ids, list) or len(ids) > MAX_LIST:
            raise RefusalError("invalid", f"unique_ids must be a list of at most {MAX_LIST}")
        found = self._listed(sim, account, [str(item) for item in ids]) if kind == 4 else []
        if common.switch(body, "is_success"):
            found = [task for task in found if sim.status(task).state == "done"]
        shown = found[(page - 1) * size : page * size]
        info = {
            "page": page,
            "size": size,
            "total_count": len(found),
            "total_page": -(-len(found) // size),
        }
        rows = [_creation(sim, request, task) for task in shown]
        return _reply({"list": rows, "total": len(found), "page_info": info})

    def _listed(self, sim: Simulator, account: str, ids: list[str]) -> list[Task]:
        if ids:
            return [task for item in dict.fromkeys(ids) if (task := sim.find(self.name, item))]
        all_tasks = (task for task in sim.tasks.values() if task.provider == self.name)
        mine = [task for task in all_tasks if task.extra.get("account", account) == account]
        return sorted(mine, key=lambda task: task.number, reverse=True)

    async def user_duration(self, sim: Simulator, request: Request) -> Response:
        empty = self._account(sim, request) == common.NO_BALANCE
        return _reply({"resi_total_bean": 0 if empty else 10000, "bean_day30": 0})

    async def _read(self, sim: Simulator, request: Request, body: Mapping[str, Any]) -> TaskRequest:
        common.one_of(body, "creation_type", (4,), None)
        code = body.get("model_code")
        if not isinstance(code, str) or not code:
            raise RefusalError("invalid", "model_code")
        if code != MODEL:
            raise RefusalError("unknown_model", code)
        prompt = common.text(body, "ref_prompt")
        duration = common.one_of(body, "video_duration", (6, 10), None)
        clarity = common.one_of(body, "clarity", (720, 768, 1080), 720)
        common.refuse_long_full_hd(duration, clarity == 1080)
        links = _frames(body)
        width, height = _SIZES[clarity]
        first, last = (self._uploaded(sim, link) for link in links)
        failure = "moderation" if sim.faults.hits("moderation") else ""
        extra = {"clarity": clarity, "frames": [link for link in links if link]}
        return TaskRequest(code, prompt, width, height, duration, first, last, failure, extra)

    # Files

    async def create_upload_url(self, sim: Simulator, request: Request) -> Response:
        self._account(sim, request)
        query = request.query_params
        if not query.get("service") or not query.get("name"):
            raise RefusalError("invalid", "service and name are required")
        name = re.sub(r"[^\w.-]", "_", query["name"])[-80:]
        mime_type = _MIME.get("." + name.rpartition(".")[2].lower(), "application/octet-stream")
        file_id = secrets.token_hex(12)
        expires = int(sim.clock.now()) + UPLOAD_SECONDS
        self._uploads = _newest(self._uploads, sim.clock.now() - FILE_SECONDS)
        self._uploads[file_id] = _Upload(name, mime_type, expires)
        base = common.link_base(sim, request)
        key = f"chanjing-upload/{file_id}"
        return _reply(
            {
                "sign_url": f"{base}/{key}?Expires={expires}"
                f"&Signature={common.sign(file_id, expires)}",
                "full_path": f"{base}/{key}/{name}",
                "key": f"{key}/{name}",
                "mime_type": mime_type,
                "file_id": file_id,
            }
        )

    async def put_file(self, sim: Simulator, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        upload = self._uploads.get(file_id)
        if upload is None:
            return _storage_error(404, "NoSuchKey", "The specified key does not exist.")
        if upload.expires <= sim.clock.now():
            return _storage_error(403, "AccessDenied", "Request has expired.")
        signed = request.query_params.get("Signature") == common.sign(file_id, int(upload.expires))
        if not signed or request.headers.get("content-type") != upload.mime_type:
            return _storage_error(
                403, "SignatureDoesNotMatch", "The request signature does not match."
            )
        upload.stored = sim.store_frame(await request.body(), upload.mime_type)
        upload.ready = sim.clock.now() + sim.clock.scaled(FILE_SYNC_SECONDS)
        return Response(status_code=200)

    async def file_detail(self, sim: Simulator, request: Request) -> Response:
        self._account(sim, request)
        file_id = request.query_params.get("id", "")
        upload = self._uploads.get(file_id)
        if upload is None:
            raise RefusalError("invalid", f"file {file_id!r} does not exist")
        ready = bool(upload.stored) and upload.ready <= sim.clock.now()
        path = f"{common.link_base(sim, request)}/chanjing-upload/{file_id}/{upload.name}"
        return _reply(
            {"id": file_id, "status": 1 if ready else 0, "name": upload.name, "full_path": path}
        )

    def _uploaded(self, sim: Simulator, link: str) -> str:
        """A frame's link, or the stored picture where the link leads to a file uploaded here."""
        match = re.search(r"/chanjing-upload/([0-9a-f]+)/", urlsplit(link).path)
        upload = self._uploads.get(match[1]) if match else None
        if upload is None:
            return link
        data = sim.load_frame(upload.stored)
        if data is None or upload.ready > sim.clock.now():
            raise RefusalError("invalid", "the uploaded file is not ready")
        common.check_picture(data, "start_frame")
        return upload.stored


def _newest(kept: dict[str, T], since: float) -> dict[str, T]:
    """Those that expire after `since`, at most so many that one more can be kept."""
    living = {key: one for key, one in kept.items() if one.expires > since}
    return dict(list(living.items())[-(_MAX_KEPT - 1) :])


def _reply(
    data: Any, code: int = 0, msg: str = "success", retry_after: int | None = None
) -> JSONResponse:
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    body = {"trace_id": secrets.token_hex(16), "code": code, "msg": msg, "data": data}
    return JSONResponse(body, 200, headers)


def _storage_error(status: int, code: str, message: str) -> Response:
    body = (
        '<?xml version="1.0" '
        f'encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    )
    return Response(body, status, media_type="application/xml")


def _count(body: Mapping[str, Any], name: str, maximum: int) -> int:
    value = body.get(name)
    if type(value) is not int or not 1 <= value <= maximum:
        raise RefusalError("invalid", f"{name} must be a number from 1 to {maximum}")
    return value


def _frames(body: Mapping[str, Any]) -> tuple[str, str]:
    """First and last frame: the table's start_frame/end_frame, or the samples' ref_img_url. Links
    only."""
    listed = body.get("ref_img_url") or []
    if not isinstance(listed, list) or len(listed) > 2:
        raise RefusalError("invalid", "ref_img_url must be a list of at most two links")
    first, last = [*listed, "", ""][:2]
    first, last = body.get("start_frame") or first, body.get("end_frame") or last
    for link in (first, last):
        if not isinstance(link, str) or (link and not link.startswith(("http://", "https://"))):
            raise RefusalError("invalid", "frames must be links")
    return first, last


def _creation(sim: Simulator, request: Request, task: Task) -> dict[str, Any]:
    status = sim.status(task)
    word, reason = _word(sim, task, status)
    links = (
        [common.video_link(sim, request, task, task.finished + LINK_SECONDS)]
        if status.state == "done"
        else []
    )
    frames = task.extra["frames"]
    return {
        "id": task.number,
        "unique_id": task.id,
        "create_time": int(task.created),
        "number_ai_creation": 1,
        "type": 4,
        "progress_desc": word,
        "err_msg": reason,
        "aspect_ratio": "",
        "output_url": links,
        "ref_img_url": frames,
        "model_code": task.model,
        "model_name": "MiniMax Hailuo 02",
        "photo_info": None,
        "motion_info": {
            "photo_path_url": frames[0] if frames else "",
            "ref_prompt": task.prompt,
            "clarity": task.extra["clarity"],
            "quality_mode": "",
            "style": "",
            "aspect_ratio": "",
            "video_duration": task.seconds,
        },
    }


def _word(sim: Simulator, task: Task, status: TaskStatus) -> tuple[str, str]:
    if status.state == "failed":
        return _FAILURES.get(task.failure, ("Error", task.failure))
    if status.state == "queued":
        # The last fifth of the queue, so that all of the documented words are seen.
        nearly = sim.clock.now() > task.created + 0.8 * (task.starts - task.created)
        return ("Ready" if nearly else "Queued"), ""
    return ("Success" if status.state == "done" else "Generating"), ""
