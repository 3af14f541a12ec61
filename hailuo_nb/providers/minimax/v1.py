"""MiniMax's API V1: Hailuo 02, 2.3 and 2.3-Fast. A clip's link takes a call of its own.

Errors come with HTTP 200 in `base_resp`: each of the three calls is checked for them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from hailuo_nb.catalog import match
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import Call, Progress, Receipt, Reply, Submit, path_segment
from hailuo_nb.providers.minimax.answers import checked
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import (
    base_resp,
    json_object,
    raise_for_other_task,
    task_failure,
)
from hailuo_nb.providers.task_states import progress, reason_in, state_of

if TYPE_CHECKING:
    from hailuo_nb.catalog.rows import Cell, Row
    from hailuo_nb.requests.video_request import VideoRequest

_QUERY = "/v1/query/video_generation"
_NO_FILE = frozenset({"", "0"})


def owns(task: Receipt) -> bool:
    """Whether a task was submitted through this API."""
    return task.links.get("status", "").startswith("/v1/")


def submit(request: VideoRequest, row: Row, cell: Cell) -> Submit:
    prompt = match.prompt(request, row)
    body: dict[str, object] = {"model": row.endpoint}
    if prompt.strip():  # not needed beside a first frame
        body["prompt"] = prompt
    if request.first_frame is not None:
        body["first_frame_image"] = request.first_frame.to_url()
    if request.last_frame is not None:
        body["last_frame_image"] = request.last_frame.to_url()
    body |= {"duration": cell.duration, "resolution": cell.sent_as, **match.options(request, row)}
    reply = yield Call("POST", "/v1/video_generation", json=body, charges=True)
    checked(reply, lambda body: parsing.text(body.get("task_id")), prompt)
    task_id = reply.text_at("task_id")
    return Receipt(task_id, {"status": f"{_QUERY}?task_id={path_segment(task_id)}"})


def look(task_id: str, link_life: float | None) -> Generator[Call, Reply, Progress]:
    """What the query says, and the link of a clip that is done.

    The content filter's word at the query or at the file ends a task: it does not change its mind.
    """
    try:
        return (yield from _look(task_id, link_life))
    except ProviderError as error:
        if error.kind != "moderation":
            raise
        failure = task_failure("Fail", error.message, error.code, error.request_id)
        return Progress(task_id, "failed", error=failure, word="Fail")


def _look(task_id: str, link_life: float | None) -> Generator[Call, Reply, Progress]:
    reply = yield Call("GET", _QUERY, params={"task_id": task_id})
    raise_for_other_task(task_id, json_object(reply).get("task_id"))  # also beside a refusal
    body = checked(reply, lambda body: parsing.text(body.get("status")))
    word, reason = parsing.text(body.get("status")), reason_in(body)
    links: tuple[str, ...] = ()
    file_id = parsing.text(body.get("file_id"))  # a text here, a number at the file
    if state_of(word) == "succeeded" and file_id not in _NO_FILE:
        links = _links(file_id, checked((yield _file(file_id)), lambda body: body.get("file")))
    return progress(
        task_id,
        word,
        reason,
        links,
        failure=task_failure(word, reason, inner=base_resp(body)),
        link_ttl=link_life,
    )


def _file(file_id: str) -> Call:
    return Call("GET", "/v1/files/retrieve", params={"file_id": file_id})


def _links(file_id: str, body: JsonObject) -> tuple[str, ...]:
    file = parsing.mapping(body.get("file"))
    raise_for_other_task(file_id, file.get("file_id"))
    return parsing.links(file, "download_url", "backup_download_url")
