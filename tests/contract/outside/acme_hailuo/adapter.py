"""Acme: one call with a text in English and a number of seconds, one task a poll."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

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

_CODES: dict[str, ErrorKind] = {
    "bad_key": "auth",
    "no_credit": "balance",
    "bad_request": "invalid",
    "too_fast": "rate",
    "our_fault": "server",
}


class Acme(Provider):
    name = "acme"
    title = "Acme Video"
    base_url = "https://api.acme.example"
    hosts = frozenset({"api.acme.example"})
    key_variables = ("ACME_API_KEY",)
    batch_size = 1

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        text = match.prompt(request, row)
        body = {"text": text, "seconds": cell.duration, **match.options(request, row)}
        reply = yield Call("POST", "/v1/videos/generations", json=body, charges=True)
        _check(reply, text)
        return Receipt(reply.text_at("id"))

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, _look))


def _look(task: Receipt) -> Generator[Call, Reply, Progress]:
    path = quote(task.task_id, safe="", errors="surrogatepass")
    reply = yield Call("GET", f"/v1/videos/{path}")
    return _progress(task.task_id, _check(reply))


def _progress(task_id: str, body: JsonObject) -> Progress:
    raise_for_other_task(task_id, body.get("id"))
    word, reason = parsing.text(body.get("state")), reason_in(body)
    return progress(
        task_id,
        word,
        reason,
        parsing.links(body.get("video"), "url"),
        failure=task_failure(word, reason, inner=base_resp(body)),
        percent=parsing.percent(body.get("percent")),
    )


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success. Errors are `{"code": "bad_key", "message": "…"}`."""
    body = json_object(reply)
    code = parsing.text(body.get("code"))
    if 200 <= reply.status < 300 and code not in _CODES:
        if not (parsing.text(body.get("id")) or parsing.text(body.get("state"))):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    raise refusal(
        reply,
        parsing.text(body.get("message")),
        kind=_CODES.get(code),
        code=code,
        word=code,
        prompt=prompt,
    )
