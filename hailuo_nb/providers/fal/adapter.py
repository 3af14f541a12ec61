"""fal: a queue with one endpoint a mode and resolution; the addresses of a request come with it.

Sources: its queue page and OpenAPI, its pages of errors, of reliability and of cancelling, the
input types of its SDK, and what clients saw. There is no word for a failure: a request that failed
is COMPLETED, its status may have an `error`, and its result is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeGuard

from hailuo_nb.catalog import match
from hailuo_nb.errors import ErrorKind, ProviderError
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import (
    Call,
    Cancel,
    Poll,
    Progress,
    Provider,
    Receipt,
    Reply,
    Submit,
    path_segment,
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
from hailuo_nb.providers.task_states import progress, reason_in, state_of

if TYPE_CHECKING:
    import httpx2

    from hailuo_nb.requests.video_request import VideoRequest

# The types of its errors that tell more than the status does. Of the others a 422 is about input.
_TYPES: dict[str, ErrorKind] = {
    "content_policy_violation": "moderation",
    "no_media_generated": "moderation",
    "downstream_service_error": "server",  # comes as HTTP 400
    "downstream_service_unavailable": "server",
    "internal_server_error": "server",
    "generation_timeout": "server",
    "request_timeout": "server",
    "startup_timeout": "server",
    "internal_error": "server",
    "bad_request": "invalid",
}
_CANCELLED = frozenset({"client_cancelled", "client_disconnected"})
# Statuses and names that may be about the call for a result instead of about the request.
_OF_CALL = frozenset({401, 402, 403, 404, 405, 408, 410, 429})
_OF_PLATFORM = frozenset({"", "internal_error", "bad_request"})
_TOO_EARLY = "still in progress"
_OF_REQUEST = re.compile(
    r"\brequest\b.{0,80}\b(?:not found|does not exist|expired|gone|deleted|no longer)", re.I
)
_MAX_SHOWN = 3  # errors of one answer
_NO_FALLBACK = {"x-app-fal-disable-fallback": "true"}
"""fal reroutes to "equivalent" endpoints by itself (its reliability page); what is compared here is
the model asked for. The header is client code's. Its retries stay on: they are not billed."""


class Fal(Provider):
    name = "fal"
    title = "fal"
    base_url = "https://queue.fal.run"
    hosts = frozenset({"queue.fal.run", "queue.falrun.com"})
    key_variables = ("FAL_KEY",)
    batch_size = 1

    def auth(self, credentials: Sequence[str], clock: Callable[[], float]) -> httpx2.Auth:
        from hailuo_nb.providers.auth import Bearer, keys

        (key,) = keys(credentials, self.key_variables)
        return Bearer(key, scheme="Key")

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        prompt = match.prompt(request, row)
        body: dict[str, object] = {"prompt": prompt, **match.options(request, row)}
        if cell.sent_as:
            body["resolution"] = cell.sent_as
        # A text at the Hailuo endpoints, none where one length is sold, a number at H3's.
        if row.sound == "always":
            body["duration"] = cell.duration
        elif len(row.cells) > 1:
            body["duration"] = str(cell.duration)
        if request.first_frame is not None:
            body["image_url"] = request.first_frame.to_url()
        if request.last_frame is not None:
            body["end_image_url"] = request.last_frame.to_url()
        if (ratio := match.ratio(request, row)) is not None:
            body["aspect_ratio"] = ratio
        body |= _references(request)
        path = f"/{row.endpoint}"
        reply = yield Call("POST", path, json=body, headers=_NO_FALLBACK, charges=True)
        answer = _check(reply, "request_id", prompt)
        addresses = {
            name: parsing.text(answer.get(f"{field}_url"))
            for name, field in (("status", "status"), ("result", "response"), ("cancel", "cancel"))
        }
        links = {name: link for name, link in addresses.items() if link}
        return Receipt(reply.text_at("request_id"), links)

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        found = []
        for task in tasks:
            try:
                found.append((yield from _look(task)))
            except ProviderError as error:
                # An address that is a guess may be that of another app, which knows no such task.
                if not (error.no_task and "status" in task.links):
                    raise
        return found

    def cancel(self, task: Receipt) -> Cancel:
        reply = yield Call("PUT", _address(task, "cancel"))
        word = parsing.text(json_object(reply).get("status")).upper()
        if word == "ALREADY_COMPLETED":
            return "too_late"
        _check(reply, "status")
        return "cancelled" if word == "OK" else "requested"


def _references(request: VideoRequest) -> dict[str, object]:
    """The three lists of H3's references, those that are not empty."""
    found: dict[str, list[str]] = {}
    for one in request.references:
        name = {"picture": "image", "clip": "video", "sound": "audio"}[one.kind]
        found.setdefault(f"reference_{name}_urls", []).append(one.to_url())
    return {**found}


def _address(task: Receipt, name: str) -> str:
    """An address of a request as fal gave it. Where none is kept, the one that its page documents
    for the app that most of these models belong to."""
    identity = path_segment(task.task_id)
    path = {"status": "/status", "result": "", "cancel": "/cancel"}[name]
    return task.links.get(name) or f"/fal-ai/minimax/requests/{identity}{path}"


def _look(task: Receipt) -> Generator[Call, Reply, Progress]:
    """The state of one request: its status, and its result once it is over."""
    reply = yield Call("GET", _address(task, "status"))
    body = _check(reply, "status")
    raise_for_other_task(task.task_id, body.get("request_id"))
    word = parsing.text(body.get("status"))
    if state_of(word) != "succeeded":
        found = _progress(task, word, body, reason_in(body))
        place = parsing.number(body.get("queue_position"))
        if place is None or place < 0 or found.state != "queued":
            return found
        return replace(found, queue_position=int(place))
    link = task.links.get("result") or parsing.text(body.get("response_url"))
    result = yield Call("GET", link or _address(task, "result"))
    of_status = _Fault.read(reply, "error")
    if 200 <= result.status < 300:
        links = parsing.links(json_object(result).get("video"), "url")
        if links or of_status is None:
            return _progress(task, word, body, "" if links else reason_in(body), links)
    fault = _fault_of(result, of_status)
    if _TOO_EARLY in fault.message:
        return _progress(task, "IN_PROGRESS", body)
    return _failed(task, word, body, fault)


def _progress(
    task: Receipt, word: str, body: JsonObject, reason: str = "", links: Sequence[str] = ()
) -> Progress:
    failure = task_failure(word, reason, request_id=task.task_id, inner=base_resp(body))
    seconds = _seconds(body)
    return progress(task.task_id, word, reason, links, failure=failure, seconds=seconds)


def _failed(task: Receipt, word: str, body: JsonObject, fault: _Fault) -> Progress:
    """A request that is over without a clip, in whatever word."""
    state = "cancelled" if fault.sort in _CANCELLED else "failed"
    failure = task_failure(word, fault.message, fault.sort, task.task_id, kind=fault.kind)
    found = progress(task.task_id, state, failure=failure, seconds=_seconds(body))
    return replace(found, word=word)


def _seconds(body: JsonObject) -> float | None:
    return parsing.seconds(parsing.mapping(body.get("metrics")).get("inference_time"))


def _check(reply: Reply, field: str, prompt: str = "") -> JsonObject:
    """The body of a success, which has `field`."""
    body = json_object(reply)
    if 200 <= reply.status < 300:
        if not parsing.text(body.get(field)) or (field == "request_id" and body.get("error")):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    raise _refusal(reply, body, prompt)


def _refusal(reply: Reply, body: JsonObject, prompt: str = "") -> ProviderError:
    fault = _Fault.read(reply) or _Fault("", "", None)
    gone = _OF_REQUEST.search(fault.message) or body.get("status") == "NOT_FOUND"
    word = "request_not_found" if gone else fault.sort
    return refusal(reply, fault.message, kind=fault.kind, code=fault.sort, word=word, prompt=prompt)


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a request failed, or a call. sort  fal's own name of it, "" where it has none"""

    message: str
    sort: str
    kind: ErrorKind | None

    @classmethod
    def read(cls, reply: Reply, field: str = "detail") -> _Fault | None:
        """An error in either of its shapes, `{detail, error_type}` and `{detail: [{loc, msg, type,
        categories}]}`; None where there is neither."""
        body = json_object(reply)
        detail = body.get(field)
        listed = [one for one in detail if isinstance(one, dict)] if _is_list(detail) else []
        sort = parsing.text(body.get("error_type")) or reply.headers.get("x-fal-error-type", "")
        if not listed:
            texts = detail if _is_list(detail) else [detail]
            message = "; ".join(filter(None, map(parsing.text, texts[:_MAX_SHOWN])))
            return cls(message, sort, _TYPES.get(sort)) if message or sort else None
        sorts = [parsing.text(one.get("type")) for one in listed]
        telling = next((one for one in sorts if one in _TYPES), sorts[0])
        message = "; ".join(map(_sentence, listed[:_MAX_SHOWN]))
        is_input = reply.status in {400, 422}
        return cls(message, telling, _TYPES.get(telling) or ("invalid" if is_input else None))


def _fault_of(result: Reply, of_status: _Fault | None) -> _Fault:
    """Why there is no clip, by a result that is refused or holds none; else by that of its status.

    Raises ProviderError where this is no end of the request: a gateway, a limit, a key.
    """
    body: JsonObject = {}
    own = None
    try:
        body = json_object(result)
        own = _Fault.read(result) if result.status not in _OF_CALL else None
        if result.status == 422:  # the end of a request, in whatever words
            own = own or _Fault(f"HTTP 422: {result.excerpt()}", "", "invalid")
    except ProviderError:
        if of_status is None:
            raise
    is_of_request = own is not None and (
        own.sort not in _OF_PLATFORM or result.status == 422 or _TOO_EARLY in own.message
    )
    if own is not None and is_of_request:
        return own
    if of_status is not None:
        return of_status
    raise _refusal(result, body)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _sentence(error: JsonObject) -> str:
    """`prompt: The content was flagged by a content checker. (sexual)`"""
    where, categories = error.get("loc"), error.get("categories")
    names = [parsing.text(one) for one in where if one != "body"] if _is_list(where) else []
    said = [parsing.text(one) for one in categories] if _is_list(categories) else []
    place = f"{'.'.join(filter(None, names))}: " if any(names) else ""
    beside = f" ({', '.join(filter(None, said))})" if any(said) else ""
    return f"{place}{parsing.text(error.get('msg'))}{beside}"
