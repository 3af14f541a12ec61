"""Chanjing 蝉镜: business errors inside HTTP 200, frames as links only, one list call for up to 50 tasks.

Sources: the provider's page on MiniMax Hailuo 02, its task-list and file pages, its official skill scripts.
Where they contradict each other (frame fields, file status, clarity): reference on providers, 1 and 12.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hailuo_nb import camera
from hailuo_nb.providers import loose
from hailuo_nb.providers.base import (
    Call,
    ErrorKind,
    Poll,
    Progress,
    Provider,
    ProviderError,
    Reply,
    Submit,
    TaskState,
)
from hailuo_nb.providers.errors import body_of, fault, kind_of, task_failure
from hailuo_nb.providers.finding import CanFind, Find
from hailuo_nb.providers.offer import offer

if TYPE_CHECKING:
    import httpx2

    from hailuo_nb.frame import Frame
    from hailuo_nb.request import VideoRequest

_STATES: dict[str, TaskState] = {
    "queued": "queued",
    "ready": "queued",
    "generating": "running",
    "success": "succeeded",
    "error": "failed",
    "fail": "failed",
    "cancelled": "cancelled",
}
_CODES: dict[str, ErrorKind] = {
    "400": "invalid",
    "10400": "auth",
    "40000": "invalid",
    "40001": "rate",
    "50000": "server",
}
_VIDEO = 4  # creation_type and list type of videos
_PAGE = 50
_LAST_PAGE = 200  # of a search: 10,000 tasks
# A file is usable "within a minute"; two clients say by status 1, the official text says 2.
_FILE_READY, _FILE_BAD = frozenset({1, 2}), frozenset({98, 99, 100})
_FILE_LOOKS, _FILE_WAIT = 30, 3.0  # file calls are limited to 30 a minute


class Chanjing(Provider, CanFind):
    """`ref_img_url=True` sends frames as the older `ref_img_url: [first, last]`, never both ways at once."""

    name = "chanjing"
    title = "Chanjing"
    base_url = "https://open-api.chanjing.cc"
    hosts = frozenset({"open-api.chanjing.cc", "www.chanjing.cc"})  # the page's curl line has the latter
    key_variables = ("CHANJING_APP_ID", "CHANJING_SECRET_KEY")
    camera_language = "zh"
    batch_size = _PAGE

    def __init__(self, *, ref_img_url: bool = False) -> None:
        self._ref_img_url = ref_img_url

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        from hailuo_nb.providers.auth import ChanjingToken, keys

        app_id, secret_key = keys(credentials, self.key_variables)
        return ChanjingToken(app_id, secret_key, clock)

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = offer(request, self.name)
        if self._ref_img_url and request.last_frame and not request.first_frame:
            raise ProviderError("invalid", "ref_img_url has no way to say that a picture is the last frame")
        body: dict[str, Any] = {
            "ref_prompt": camera.render(request.prompt, self.camera_language),
            "creation_type": _VIDEO,
            "clarity": cell.sent_as,
            "video_duration": cell.duration,
            "model_code": row.endpoint,
        }
        frames = {"start_frame": request.first_frame, "end_frame": request.last_frame}
        links = yield from _links_of(frames)
        body |= {"ref_img_url": list(links.values())} if self._ref_img_url and links else links
        reply = yield Call("POST", "/open/v1/ai_creation/task/submit", json=body, charges=True)
        _check(reply)
        return reply.text_at("data")

    def poll(self, task_ids: Sequence[str]) -> Poll:
        found: list[Progress] = []
        for start in range(0, len(task_ids), _PAGE):
            wanted = list(task_ids[start : start + _PAGE])
            reply = yield _list_call(page=1, unique_ids=wanted)
            asked = set(wanted)
            found += [_progress(task) for task in _tasks(_check(reply)) if _id(task) in asked]
        return found

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """See `CanFind`: by the task list, on prompt, model, duration, clarity and `create_time`."""
        row, cell = offer(request, self.name)
        prompt = camera.render(request.prompt, self.camera_language)
        found: list[str] = []
        for page in range(1, _LAST_PAGE + 1):
            reply = yield _list_call(page=page)
            tasks = list(_tasks(_check(reply)))
            found += [
                _id(task)
                for task in tasks
                if _is_from(task, prompt, row.endpoint, cell.duration, cell.sent_as)
                and since <= (loose.unix_time(task.get("create_time")) or 0) <= until
            ]
            if len(tasks) < _PAGE or _all_older(tasks, since):
                return list(dict.fromkeys(found))
        raise ProviderError("protocol", f"the task list is longer than {_LAST_PAGE * _PAGE} tasks")


def _list_call(page: int, unique_ids: Sequence[str] = ()) -> Call:
    body = {"unique_ids": list(unique_ids), "type": _VIDEO, "page": page, "page_size": _PAGE}
    return Call("POST", "/open/v1/ai_creation/task/page", json=body)


def _tasks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = loose.mapping(body.get("data")).get("list")
    if not isinstance(listed, list) and listed is not None:
        raise ProviderError("protocol", "the task list is no list")
    yield from (task for task in listed or () if isinstance(task, Mapping))


def _id(task: Mapping[str, Any]) -> str:
    return loose.text(task.get("unique_id"))


def _is_from(task: Mapping[str, Any], prompt: str, model: str, duration: int, clarity: str | int) -> bool:
    motion = loose.mapping(task.get("motion_info"))
    said = loose.number(motion.get("clarity"))
    return (
        motion.get("ref_prompt") == prompt
        and loose.text(task.get("model_code")) == model
        and loose.number(motion.get("video_duration")) == duration
        and (said is None or said == loose.number(clarity))
    )


def _all_older(tasks: Sequence[Mapping[str, Any]], since: float) -> bool:
    """Whether the pages behind this one hold only older tasks: it runs from new to old and ends before."""
    times = [loose.unix_time(task.get("create_time")) or 0 for task in tasks]
    return times == sorted(times, reverse=True) and times[0] > times[-1] and times[-1] < since


def _progress(task: Mapping[str, Any]) -> Progress:
    """This API has neither a number for the progress, nor timings, nor a life of the links: only the word."""
    word = loose.text(task.get("progress_desc"))
    state = loose.look_up(word, _STATES, "running")
    links = loose.links(task.get("output_url"), "url")
    if state == "succeeded" and not links:
        state, word = "running", f"{word} (no link yet)"
    reason = loose.text(task.get("err_msg"))
    failed = state == "failed" or (state == "cancelled" and reason)
    return Progress(
        _id(task),
        state,
        links=links if state == "succeeded" else (),
        error=task_failure(reason, code=word) if failed else None,
        word=word,
    )


def _links_of(frames: Mapping[str, Frame | None]) -> Generator[Call, Reply, dict[str, str]]:
    """A link for each frame that is set. Pictures are uploaded, the same one once, and waited for."""
    uploaded: dict[str, tuple[str, str]] = {}
    for frame in frames.values():
        if frame is not None and frame.data is not None and frame.identity not in uploaded:
            uploaded[frame.identity] = yield from _upload(frame, frame.data)
    for file_id, _ in uploaded.values():
        yield from _wait_for_file(file_id)
    return {
        field: uploaded[frame.identity][1] if frame.identity in uploaded else frame.to_url()
        for field, frame in frames.items()
        if frame is not None
    }


def _upload(frame: Frame, data: bytes) -> Generator[Call, Reply, tuple[str, str]]:
    """(file id, link). The file goes to a store of its own; its name is ours, not that of the user's file."""
    ending = {"image/jpeg": "jpg", "image/webp": "webp"}.get(frame.media_type, "png")
    params = {"service": "ai_creation", "name": f"frame.{ending}"}
    reply = yield Call("GET", "/open/v1/common/create_upload_url", params=params)
    _check(reply)
    file_id, link = reply.text_at("data", "file_id"), reply.text_at("data", "full_path")
    # The signature covers the type: any other spelling of it is refused as SignatureDoesNotMatch.
    headers = {"content-type": reply.text_at("data", "mime_type")}
    target = reply.text_at("data", "sign_url")
    stored = yield Call("PUT", target, content=data, headers=headers, sign=False)
    if not 200 <= stored.status < 300:
        said = f"the file store refused the frame (HTTP {stored.status}): {stored.excerpt()}"
        raise fault(stored, said, kind=kind_of(stored.status) if stored.status >= 429 else "protocol")
    return file_id, link


def _wait_for_file(file_id: str) -> Generator[Call, Reply, None]:
    status: float | None = None
    for look in range(_FILE_LOOKS):
        params, delay = {"id": file_id}, _FILE_WAIT if look else 1.0
        reply = yield Call("GET", "/open/v1/common/file_detail", params=params, delay=delay)
        try:
            status = loose.number(loose.mapping(_check(reply).get("data")).get("status"))
        except ProviderError as error:
            if error.kind != "rate":  # too many looks: the next one comes after a wait anyway
                raise
        if status in _FILE_READY:
            return
        if status in _FILE_BAD:
            said = "the uploaded frame was not accepted"
            raise ProviderError("moderation", said, code=f"file status {status:g}")
    raise ProviderError("server", f"the uploaded frame was not ready after {_FILE_LOOKS} looks")


def _check(reply: Reply) -> dict[str, Any]:
    """The body of a success: `{trace_id, code, msg, data}` with code 0. Errors come as HTTP 200 as well."""
    body = body_of(reply)
    code, message = loose.text(body.get("code")), loose.text(body.get("msg"))
    if code == "0" and 200 <= reply.status < 300:
        return body
    if not code and 200 <= reply.status < 300:
        raise fault(reply, f"the answer has no code: {reply.excerpt()}", kind="protocol")
    kind = _CODES.get(code)
    if code == "50000" and "模型不存在" in message:  # a model code that it does not know
        kind = "invalid"
    elif kind is None and code.startswith("5"):
        kind = "server"
    raise fault(reply, message, kind=kind, code=code, request_id=body.get("trace_id"))
