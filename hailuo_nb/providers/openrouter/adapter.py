"""OpenRouter: one submit path for video of many makers, Bearer key, the charge in the answer.

Sources: OpenRouter's guide and API reference on video generation, its own skill `openrouter-video`,
and the types of its Python SDK (1.3.84), which are made from its OpenAPI file. A finished task has
`urls`, signed and good until `expires_at`, and `unsigned_urls`, which answer 401 without the key.
Where the latter alone are there, or the former are dead, the clip is fetched from the path that the
API reference documents.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
    TaskState,
    path_segment,
    poll_each,
)
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

_PATH = "/api/v1/videos"
_STATES: dict[str, TaskState] = {"expired": "failed"}  # its page lists it as an end
_MAKER = "minimax"  # whose options these are, by OpenRouter's slug
_NO_JOB = re.compile(
    r"\b(?:job|video|generation)\b.*\b(?:not found|expired|does not exist)\b", re.I
)
_MAX_RAW = 500  # characters of what the maker said beside OpenRouter's own message


class OpenRouter(Provider):
    name = "openrouter"
    title = "OpenRouter"
    base_url = "https://openrouter.ai"
    hosts = frozenset({"openrouter.ai"})
    key_variables = ("OPENROUTER_API_KEY",)
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
        if (ratio := match.ratio(request, row)) is not None:
            body["aspect_ratio"] = ratio
        if frames := _frames(request):
            body["frame_images"] = frames
        if request.references:
            body["input_references"] = [_image(one.to_url()) for one in request.references]
        if options := match.options(request, row):
            body["provider"] = {"options": {_MAKER: {"parameters": options}}}
        reply = yield Call("POST", _PATH, json=body, charges=True)
        _check(reply, prompt)
        link = parsing.text(reply.at("polling_url"))
        return Receipt(reply.text_at("id"), {"status": link} if link else {})

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, self._look))

    def content_path(self, task_id: str) -> str:
        return _content_path(task_id)

    def _look(self, task: Receipt) -> Generator[Call, Reply, Progress]:
        reply = yield Call("GET", self._address(task))
        return _progress(task.task_id, _check(reply))

    def _address(self, task: Receipt) -> str:
        """The path of a task below the base URL: that of its `polling_url`, which the guide prints
        whole and the API reference without a host; the documented one for any other host's."""
        built = _task_path(task.task_id)
        try:
            link = urlsplit(task.links.get("status", ""))
            is_own = link.hostname in self.hosts or not (link.scheme or link.netloc)
        except ValueError:  # no address at all
            return built
        if is_own and link.path.startswith(f"{_PATH}/"):
            return link.path + (f"?{link.query}" if link.query else "")
        return built


def _task_path(task_id: str) -> str:
    return f"{_PATH}/{path_segment(task_id)}"


def _content_path(task_id: str) -> str:
    return f"{_task_path(task_id)}/content?index=0"


def _frames(request: VideoRequest) -> list[JsonObject]:
    frames = {"first_frame": request.first_frame, "last_frame": request.last_frame}
    return [
        _image(frame.to_url()) | {"frame_type": name}
        for name, frame in frames.items()
        if frame is not None
    ]


def _image(url: str) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": url}}


def _progress(task_id: str, body: JsonObject) -> Progress:
    raise_for_other_task(task_id, body.get("id"))
    word, reason = parsing.text(body.get("status")), reason_in(body)
    links = parsing.links(body.get("urls"), "url")
    if parsing.links(body.get("unsigned_urls"), "url"):
        # Not the links themselves: the key goes to no address that an answer names.
        links = (*links, _content_path(task_id))
    return progress(
        task_id,
        word,
        reason,
        links,
        failure=task_failure(word, reason, inner=base_resp(body)),
        own=_STATES,
        link_expires_at=parsing.unix_time(body.get("expires_at")),
        charged_cost=(cost := _cost(body)),
        charged_currency="" if cost is None else "USD",
    )


def _cost(body: JsonObject) -> float | None:
    """What OpenRouter charged. With a key of the maker's own (`is_byok`) that is its fee alone: the
    maker charges the clip, and OpenRouter does not say what."""
    usage = parsing.mapping(body.get("usage"))
    return None if usage.get("is_byok") is True else parsing.seconds(usage.get("cost"))


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The body of a success. Errors are `{"error": {code, message, metadata}}`, `code` an HTTP
    status.

    The `error` of a task stands beside its `status` or `id`: that is no refused call.
    """
    body = json_object(reply)
    error = body.get("error")
    said = error if isinstance(error, Mapping) else {}
    number = int(parsing.number(said.get("code")) or 0)
    of_task = isinstance(body.get("status"), str) or bool(parsing.text(body.get("id")))
    if 200 <= reply.status < 300 and (of_task or not error):
        if not (parsing.text(body.get("status")) or parsing.text(body.get("id"))):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    metadata = parsing.mapping(said.get("metadata"))
    message = parsing.text(said.get("message")) or parsing.text(error)
    raw = parsing.text(metadata.get("raw"))[:_MAX_RAW]
    raise refusal(
        reply,
        f"{message} ({raw})" if message and raw else message,
        kind=_kind(number if reply.status < 500 else 0, metadata),
        code=said.get("code"),
        request_id=body.get("request_id"),
        word=_word(number, message) if number else "",
        prompt=prompt,
    )


def _word(number: int, message: str) -> str:
    """OpenRouter names no fault beside its number; its message says that a job is missing."""
    return "job_not_found" if _NO_JOB.search(message) else f"error_{number}"


def _kind(number: int, metadata: JsonObject) -> ErrorKind | None:
    if metadata.get("reasons"):  # a moderation error, HTTP 403
        return "moderation"
    return kind_of_status(number) if 400 < number < 600 and number not in {403, 404, 410} else None
