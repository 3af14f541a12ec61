"""xCompute: one submit path, Bearer key, lower-case resolutions, one task a poll.

Sources: the provider's page on MiniMax-Hailuo-2.3, its status page (a flat example without a
result), and the status page of APIMart, whose gateway this is by all signs (the same with an
envelope, a result and timings).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING

from hailuo_nb import catalog
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
    path_segment,
    poll_each,
)
from hailuo_nb.providers.messages import kind_of_message
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import (
    base_resp,
    json_object,
    kind_of_status,
    raise_for_inner_refusal,
    raise_for_other_task,
    refusal,
    task_failure,
)
from hailuo_nb.providers.task_states import progress, reason_in

if TYPE_CHECKING:
    from hailuo_nb.requests.video_request import VideoRequest

_TYPES: dict[str, ErrorKind] = {
    "invalid_request_error": "invalid",
    "authentication_error": "auth",
    "permission_error": "permission",
    "payment_required": "balance",
    "rate_limit_error": "rate",
    "server_error": "server",
}


class XCompute(Provider):
    name = "xcompute"
    title = "xCompute"
    base_url = "https://xcompute.us"
    hosts = frozenset({"xcompute.us"})  # api.xcompute.us is the documentation
    key_variables = ("XCOMPUTE_API_KEY",)
    batch_size = 1

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        prompt = match.prompt(request, row)
        body: dict[str, object] = {
            "model": row.endpoint,
            "prompt": prompt,
            "duration": cell.duration,
            "resolution": cell.sent_as,
        }
        if request.first_frame is not None:
            body["first_frame_image"] = request.first_frame.to_url()
        body |= match.options(request, row)
        reply = yield Call("POST", "/v1/videos/generations", json=body, charges=True)
        _check(reply, prompt)
        if isinstance(reply.at("data"), list):
            return Receipt(reply.text_at("data", 0, "task_id"))
        return Receipt(reply.text_at("data", "task_id"))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, _look))


def _look(task: Receipt) -> Generator[Call, Reply, Progress]:
    reply = yield Call("GET", f"/v1/tasks/{path_segment(task.task_id)}")
    return _progress(task.task_id, _check(reply))


def _progress(task_id: str, body: JsonObject) -> Progress:
    task = parsing.mapping(body.get("data")) or body  # with the envelope, or flat
    raise_for_other_task(task_id, task.get("id"), task.get("task_id"))
    word, reason = parsing.text(task.get("status")), reason_in(task)
    links, expires_at = _result(task)
    return progress(
        task_id,
        word,
        reason,
        links,
        failure=_failure(word, reason, task, body),
        percent=parsing.percent(task.get("progress")),
        eta=_eta(task),
        seconds=parsing.seconds(task.get("actual_time")) or None,
        link_expires_at=expires_at,
    )


def _result(task: JsonObject) -> tuple[tuple[str, ...], float | None]:
    """Links and the moment they die. `result.videos[].url` or `result.data[].url`, a text or a
    list."""
    result = parsing.mapping(task.get("result"))
    videos = result.get("videos") or result.get("data") or result
    expires_at = parsing.unix_time(parsing.mapping(videos).get("expires_at"))
    completed = parsing.unix_time(task.get("completed"))
    about = catalog.facts("xcompute")
    if expires_at is None and completed is not None and about and about.tasks.link_life:
        expires_at = completed + about.tasks.link_life
    return parsing.links(videos, "url"), expires_at


def _eta(task: JsonObject) -> float | None:
    """`estimated_time` is the whole time in seconds; what is left of it goes by `progress`."""
    whole, done = (
        parsing.seconds(task.get("estimated_time")),
        parsing.percent(task.get("progress")) or 0.0,
    )
    return whole * (1 - done / 100) if whole else None


def _failure(word: str, reason: str, task: JsonObject, body: JsonObject) -> ProviderError:
    said = parsing.mapping(task.get("error"))
    sort = parsing.text(said.get("type"))
    kind = kind_of_message(f"{sort} {reason}")
    return task_failure(word, reason, said.get("code") or sort, kind=kind, inner=base_resp(body))


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success. Errors are `{"error": {code, message, type}}`, `code` a number or a
    text.

    A flat task that failed also has an `error`, beside its `status`: that is no refused call.
    """
    body = json_object(reply)
    error = body.get("error")
    task = parsing.mapping(body.get("data")) or body
    task_id = parsing.text(task.get("task_id"))
    of_task = isinstance(body.get("status"), str) or task_id
    refused = bool(error and not of_task) or (parsing.number(body.get("code")) or 0) >= 400
    if 200 <= reply.status < 300 and not refused:
        if not (parsing.text(task.get("status")) or task_id):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    said = parsing.mapping(error) or body
    sort = parsing.text(said.get("type"))
    number = int(parsing.number(said.get("code")) or 0)
    by_number = kind_of_status(number) if 400 < number < 600 and number not in {404, 410} else None
    raise refusal(
        reply,
        parsing.text(said.get("message")) or parsing.text(said.get("msg")) or parsing.text(error),
        kind=_TYPES.get(sort.casefold()) or by_number,
        code=said.get("code") or sort,
        request_id=body.get("request_id"),
        word=sort if isinstance(error, Mapping) else "",
        prompt=prompt,
    )
