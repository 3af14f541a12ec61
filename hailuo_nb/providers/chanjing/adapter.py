"""Chanjing 蝉镜: business errors inside HTTP 200, frames as links only, one list call for up to 50
tasks.

Sources: the provider's page on MiniMax Hailuo 02, its task-list and file pages, its official skill
scripts. Where they contradict each other (frame fields, file status, clarity): reference on
providers, 1 and 12.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.catalog import match
from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import (
    Call,
    Poll,
    Progress,
    Provider,
    Receipt,
    Reply,
    Submit,
    TaskState,
)
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import (
    base_resp,
    json_object,
    kind_of_status,
    raise_for_inner_refusal,
    refusal,
    task_failure,
)
from hailuo_nb.providers.task_list import (
    ZONES,
    CanFind,
    Find,
    Found,
    Listed,
    Page,
    read_pages,
)
from hailuo_nb.providers.task_states import progress, reason_in

if TYPE_CHECKING:
    import httpx2

    from hailuo_nb.requests.frame import Frame
    from hailuo_nb.requests.video_request import VideoRequest

_STATES: dict[str, TaskState] = {"ready": "queued"}  # beside the words that others use as well
_CODES: dict[str, ErrorKind] = {
    "400": "invalid",
    "10400": "token",  # a refused key is refused at the token call, see `auth`
    "40000": "invalid",
    "40001": "rate",
    "50000": "server",
}
_VIDEO = 4  # creation_type and list type of videos
_PAGE = 50
_FIRST_TASK, _LAST_TASK = 1e9, 4e9  # Unix seconds, 2001 to 2096: what lies outside is no time
# A file is usable "within a minute"; two clients say by status 1, the official text says 2.
_FILE_READY, _FILE_BAD = frozenset({1, 2}), frozenset({98, 99, 100})
_FILE_POLLS, _FILE_WAIT = 30, 3.0  # file calls are limited to 30 a minute


class Chanjing(Provider, CanFind):
    """`ref_img_url=True` sends frames as the older `ref_img_url: [first, last]`, never both ways at
    once."""

    name = "chanjing"
    title = "Chanjing"
    base_url = "https://open-api.chanjing.cc"
    hosts = frozenset(
        {"open-api.chanjing.cc", "www.chanjing.cc"}
    )  # the page's curl line has the latter
    key_variables = ("CHANJING_APP_ID", "CHANJING_SECRET_KEY")
    batch_size = _PAGE

    def __init__(self, *, ref_img_url: bool = False) -> None:
        self._ref_img_url = ref_img_url

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        from hailuo_nb.providers.auth import ChanjingToken, keys

        app_id, secret_key = keys(credentials, self.key_variables)
        return ChanjingToken(app_id, secret_key, clock)

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        if self._ref_img_url and request.last_frame and not request.first_frame:
            raise ProviderError(
                "invalid", "ref_img_url has no way to say that a picture is the last frame"
            )
        prompt = match.prompt(request, row)
        body: dict[str, object] = {
            "ref_prompt": prompt,
            "creation_type": _VIDEO,
            "clarity": cell.sent_as,
            "video_duration": cell.duration,
            "model_code": row.endpoint,
            **match.options(request, row),
        }
        frames = {"start_frame": request.first_frame, "end_frame": request.last_frame}
        links = yield from _links_of(frames)
        body |= {"ref_img_url": list(links.values())} if self._ref_img_url and links else links
        reply = yield Call("POST", "/open/v1/ai_creation/task/submit", json=body, charges=True)
        _check(reply, prompt)
        return Receipt(reply.text_at("data"))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        found: list[Progress] = []
        for start in range(0, len(tasks), _PAGE):
            wanted = [task.task_id for task in tasks[start : start + _PAGE]]
            page = _page((yield _list_call(page=1, unique_ids=wanted)))
            found += [_progress(page.tasks[task_id]) for task_id in wanted if task_id in page.tasks]
            if doubt := _doubt(page, wanted):
                note = f"the provider's list does not show this task, and {doubt}"
                found += [
                    Progress(one, "running", note=note) for one in wanted if one not in page.tasks
                ]
        return found

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """See `CanFind`: by the task list, on prompt, model, duration, clarity and
        `create_time`."""
        row, cell = match.offer(request, self.name)
        prompt = match.prompt(request, row)
        wanted = (prompt, row.endpoint, cell.duration, parsing.number(cell.sent_as))
        tasks, doubt = yield from read_pages(
            lambda number: _list_call(page=number),
            _page,
            size=_PAGE,
            ends=lambda page: _all_older(list(page.tasks.values()), since - ZONES),
        )
        certain, possible = [], []
        for task_id, task in tasks.items():
            listed = Listed(task_id, _created(task))
            moment = listed.created_at
            if moment is not None and since <= moment <= until and _requested(task) == wanted:
                certain.append(listed)
            elif moment is None or since - ZONES <= moment <= until + ZONES:
                possible.append(listed)
        return Found(tuple(certain), tuple(possible), doubt)


def _list_call(page: int, unique_ids: Sequence[str] = ()) -> Call:
    body = {"unique_ids": list(unique_ids), "type": _VIDEO, "page": page, "page_size": _PAGE}
    return Call("POST", "/open/v1/ai_creation/task/page", json=body)


def _page(reply: Reply) -> Page:
    """One answer of the task list. Raises ProviderError(protocol) where there is no list: it says
    nothing of any task then."""
    data = _check(reply).get("data")
    shape: JsonObject = data if isinstance(data, Mapping) else {}
    totals = (shape.get("total"), parsing.mapping(shape.get("page_info")).get("total_count"))
    counts = [count for count in map(parsing.number, totals) if count is not None]
    total = max(counts) if counts else None
    listed = shape.get("list", "")
    if listed is None and total == 0:  # how an empty list is written, too
        listed = []
    if not isinstance(listed, list):
        raise ProviderError("protocol", "the provider's list of tasks is no list", status=200)
    entries = [entry if isinstance(entry, Mapping) else {} for entry in listed]
    tasks = {task_id: entry for entry in entries if (task_id := _id(entry))}
    return Page(tasks, sum(not _id(entry) for entry in entries), total)


def _doubt(page: Page, asked: Sequence[str]) -> str:
    """Why a task that was asked for and is not on a page may be there all the same; "" if it is
    not."""
    if page.nameless:
        return f"{page.nameless} of its entries have no id"
    if page.tasks.keys() - set(asked):
        return "it shows others that were not asked for"
    if page.total is None or page.total > len(page.tasks):
        return (
            f"it shows {len(page.tasks)} of "
            f"{'an unknown number' if page.total is None else int(page.total)}"
        )
    return ""


def _id(task: JsonObject) -> str:
    return parsing.text(task.get("unique_id"))


def _requested(task: JsonObject) -> tuple[object, ...]:
    """What a listed task was submitted with: prompt, model, seconds, clarity."""
    motion = parsing.mapping(task.get("motion_info"))
    return (
        motion.get("ref_prompt"),
        parsing.text(task.get("model_code")),
        parsing.number(motion.get("video_duration")),
        parsing.number(motion.get("clarity")),
    )


def _created(task: JsonObject) -> float | None:
    """When a listed task was made; None for what cannot be the Unix time of a task."""
    moment = parsing.unix_time(task.get("create_time"))
    return moment if moment is not None and _FIRST_TASK <= moment < _LAST_TASK else None


def _all_older(tasks: Sequence[JsonObject], since: float) -> bool:
    """Whether the pages behind this one hold only older tasks: it runs from new to old and ends
    before."""
    times = [moment for task in tasks if (moment := _created(task)) is not None]
    has_times = len(times) == len(tasks) > 1
    return (
        has_times
        and times == sorted(times, reverse=True)
        and times[0] > times[-1]
        and times[-1] < since
    )


def _progress(task: JsonObject) -> Progress:
    """This API has neither a number for the progress, nor timings, nor a life of the links: only
    the word."""
    word, reason = parsing.text(task.get("progress_desc")), reason_in(task)
    return progress(
        _id(task),
        word,
        reason,
        parsing.links(task.get("output_url"), "url"),
        failure=task_failure(word, reason, code=word, inner=base_resp(task)),
        own=_STATES,
    )


def _links_of(frames: Mapping[str, Frame | None]) -> Generator[Call, Reply, dict[str, str]]:
    """A link for each frame that is set. Pictures are uploaded, the same one once, and waited
    for."""
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
    """(file id, link). The file goes to a store of its own; its name is ours, not that of the
    user's file."""
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
        kind = kind_of_status(stored.status) if stored.status >= 429 else "protocol"
        raise refusal(stored, said, kind=kind, read=False)
    return file_id, link


def _wait_for_file(file_id: str) -> Generator[Call, Reply, None]:
    status: float | None = None
    for attempt in range(_FILE_POLLS):
        params, delay = {"id": file_id}, _FILE_WAIT if attempt else 1.0
        reply = yield Call("GET", "/open/v1/common/file_detail", params=params, delay=delay)
        try:
            status = parsing.number(parsing.mapping(_check(reply).get("data")).get("status"))
        except ProviderError as error:
            if error.kind != "rate":  # too many polls: the next one comes after a wait anyway
                raise
        if status in _FILE_READY:
            return
        if status in _FILE_BAD:
            said = "the uploaded frame was not accepted"
            raise ProviderError("moderation", said, code=f"file status {status:g}")
    raise ProviderError("server", f"the uploaded frame was not ready after {_FILE_POLLS} polls")


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success: `{trace_id, code, msg, data}` with code 0. Errors come as HTTP 200 as
    well."""
    body = json_object(reply)
    data = body.get("data")
    if not (isinstance(data, str) and data) and "list" not in parsing.mapping(data):
        raise_for_inner_refusal(reply, body, prompt=prompt)
    code, message = parsing.text(body.get("code")), parsing.text(body.get("msg"))
    if code == "0" and 200 <= reply.status < 300:
        return body
    if not code and 200 <= reply.status < 300:
        raise refusal(
            reply, f"the answer has no code: {reply.excerpt()}", kind="protocol", read=False
        )
    kind = _CODES.get(code)
    if code == "50000" and "模型不存在" in message:  # a model code that it does not know
        kind = "invalid"
    elif kind is None and len(code) == 5 and code.startswith("5"):
        kind = "server"
    raise refusal(
        reply, message, kind=kind, code=code, request_id=body.get("trace_id"), prompt=prompt
    )
