"""UCloud Modelverse: one submit path for all models, `model` / `input` / `parameters`, one task a
poll.

Sources: the provider's page on MiniMax-Hailuo-02 (submit, status, matrix), its pages on 2.3 and
2.3-Fast, and its error-code and API-key pages. The video pages show the raw key, the general page
Bearer: see `auth`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
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
    import httpx2

    from hailuo_nb.requests.video_request import VideoRequest

_CODES: dict[str, ErrorKind] = {
    "param_error": "invalid",
    "invalid_messages": "invalid",
    "model_error": "invalid",
    "tokens_too_long": "invalid",
    "sensitive_check_error": "moderation",
    "auth_error": "auth",
    "permission_error": "permission",
    "forbidden": "permission",
    "rate_limit": "rate",
    "timeout": "server",
    "internal_error": "server",
    "model_server_error": "server",
    "websearch_error": "server",
    "gateway_timeout_error": "server",
}


class Modelverse(Provider):
    name = "modelverse"
    title = "UCloud Modelverse"
    base_url = "https://api.modelverse.cn"
    hosts = frozenset(
        {
            "api.modelverse.cn",
            "api.umodelverse.ai",
            "api-sg.umodelverse.ai",
            "api-us-ca.umodelverse.ai",
        }
    )
    key_variables = ("MODELVERSE_API_KEY",)
    batch_size = 1

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        from hailuo_nb.providers.auth import BearerThenRaw, keys

        return BearerThenRaw(*keys(credentials, self.key_variables))

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        prompt = match.prompt(request, row)
        inputs: dict[str, object] = {"prompt": prompt}
        if request.first_frame is not None:
            inputs["first_frame_image"] = request.first_frame.to_url()
        if request.last_frame is not None:
            inputs["last_frame_image"] = request.last_frame.to_url()
        options = match.options(request, row)
        parameters = {"duration": cell.duration, "resolution": cell.sent_as, **options}
        body = {"model": row.endpoint, "input": inputs, "parameters": parameters}
        reply = yield Call("POST", "/v1/tasks/submit", json=body, charges=True)
        _check(reply, prompt)
        return Receipt(reply.text_at("output", "task_id"))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, _look))


def _look(task: Receipt) -> Generator[Call, Reply, Progress]:
    reply = yield Call("GET", "/v1/tasks/status", params={"task_id": task.task_id})
    return _progress(task.task_id, _check(reply))


def _progress(task_id: str, body: JsonObject) -> Progress:
    """The page documents no progress, no place in the queue and no life of the links."""
    output = parsing.mapping(body.get("output"))
    raise_for_other_task(task_id, output.get("task_id"))
    word, reason = parsing.text(output.get("task_status")), reason_in(output)
    request_id = body.get("request_id")
    return progress(
        task_id,
        word,
        reason,
        parsing.links(output.get("urls"), "url"),
        failure=task_failure(word, reason, request_id=request_id, inner=base_resp(body)),
        # Queueing is in it: the page has no time for the start of the work.
        seconds=parsing.seconds_between(output.get("submit_time"), output.get("finish_time")),
    )


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success. Errors are `{"error": {message, type, param, code}}`, `param` the
    request id."""
    body = json_object(reply)
    error = body.get("error")
    output = parsing.mapping(body.get("output"))
    holds = parsing.text(output.get("task_status")) or parsing.text(output.get("task_id"))
    if 200 <= reply.status < 300 and (holds or not error):
        if not holds:
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    said = parsing.mapping(error)
    code, sort = parsing.text(said.get("code")), parsing.text(said.get("type"))
    raise refusal(
        reply,
        parsing.text(said.get("message")) or parsing.text(error),
        kind=_CODES.get(code.casefold()) or _CODES.get(sort.casefold()),
        code=code or sort,
        request_id=said.get("param") or body.get("request_id"),
        word=code,
        prompt=prompt,
    )
