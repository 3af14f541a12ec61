"""PPInfra (PPIO): one endpoint a model and mode, Bearer key, one task a poll.

Sources: the provider's page on minimax-hailuo-02 with its curl lines and replies; its pages on task
results and errors; its sisters' pages on the 2.3 endpoints. What is contradictory: reference on
providers, 4.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from hailuo_nb.catalog import match
from hailuo_nb.errors import ErrorKind
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import (
    Call,
    Poll,
    Progress,
    Provider,
    Receipt,
    Reply,
    Submit,
    poll_each,
)
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import (
    base_resp,
    json_object,
    raise_for_inner_refusal,
    raise_for_other_task,
    refusal,
    task_failure,
)
from hailuo_nb.providers.task_states import progress, reason_in

if TYPE_CHECKING:
    from hailuo_nb.requests.video_request import VideoRequest

_REASONS: dict[str, ErrorKind] = {
    "invalid_api_key": "auth",  # comes as HTTP 403
    "failed_to_auth": "auth",
    "not_enough_balance": "balance",  # comes as HTTP 403
    "access_deny": "permission",
    "model_not_found": "invalid",
    "invalid_request_body": "invalid",
    "rate_limit_exceeded": "rate",
    "token_limit_exceeded": "rate",
    "service_not_available": "server",
}


class PPInfra(Provider):
    name = "ppinfra"
    title = "PPInfra"
    base_url = "https://api.ppinfra.com"
    hosts = frozenset({"api.ppinfra.com", "api.ppio.com"})  # one brand; its sisters have other keys
    key_variables = ("PPINFRA_API_KEY",)
    batch_size = 1

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        prompt = match.prompt(request, row)
        body: dict[str, object] = {
            "prompt": prompt,
            "duration": cell.duration,
            "resolution": cell.sent_as,
        }
        if request.first_frame is not None:
            body["image"] = request.first_frame.to_url()
        if request.last_frame is not None:
            body["end_image"] = request.last_frame.to_url()
        body |= match.options(request, row)
        reply = yield Call("POST", f"/v3/async/{row.endpoint}", json=body, charges=True)
        _check(reply, prompt)
        return Receipt(reply.text_at("task_id"))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, _look))


def _look(task: Receipt) -> Generator[Call, Reply, Progress]:
    reply = yield Call("GET", "/v3/async/task-result", params={"task_id": task.task_id})
    return _progress(task.task_id, _check(reply))


def _progress(task_id: str, body: JsonObject) -> Progress:
    task = parsing.mapping(body.get("task"))
    raise_for_other_task(task_id, task.get("task_id"))
    word, reason = parsing.text(task.get("status")), reason_in(task)
    videos = body.get("videos")
    return progress(
        task_id,
        word,
        reason,
        parsing.links(videos, "video_url"),
        failure=task_failure(word, reason, inner=base_resp(body)),
        percent=parsing.percent(task.get("progress_percent")),
        eta=_eta(task),
        seconds=_generation_seconds(body),
        link_ttl=parsing.seconds(parsing.mapping(videos).get("video_url_ttl")),
    )


def _eta(task: JsonObject) -> float | None:
    """Only some of its APIs fill `eta`; a 0 on a task that is not over means that this one does
    not."""
    return parsing.seconds(task.get("eta")) or None


def _generation_seconds(body: JsonObject) -> float | None:
    """From the start of the work to its end (from the submission where that is missing): Unix ms as
    text."""
    extra = parsing.mapping(body.get("extra"))
    times = parsing.mapping(extra.get("debug_info") or body.get("debug_info"))
    end = times.get("complete_time_ms")
    running = parsing.seconds_between(times.get("execute_time_ms"), end)
    return parsing.seconds_between(times.get("submit_time_ms"), end) if running is None else running


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success. Errors are `{code, reason, message, metadata}` with `reason` the
    telling one."""
    body = json_object(reply)
    reason = parsing.text(body.get("reason"))
    holds = parsing.text(body.get("task_id")) or parsing.text(
        parsing.mapping(body.get("task")).get("status")
    )
    if 200 <= reply.status < 300 and (holds or not reason):
        if not holds:
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    metadata = parsing.mapping(body.get("metadata"))
    details = ", ".join(
        f"{key}: {parsing.text(value)}" for key, value in metadata.items() if parsing.text(value)
    )
    message = parsing.text(body.get("message")) or reason
    raise refusal(
        reply,
        f"{message} ({details})" if details else message,
        kind=_REASONS.get(reason.casefold()),
        code=reason or body.get("code"),
        request_id=body.get("request_id") or body.get("trace_id"),
        word=reason,
        prompt=prompt,
    )
