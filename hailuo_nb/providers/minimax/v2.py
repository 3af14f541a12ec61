"""MiniMax's API V2: H3 and H3-Max. A `content` list in; the link in the task; a list; cancelling.

Its statuses are HTTP's own. Tasks are shown for seven days.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

from hailuo_nb.catalog import match
from hailuo_nb.catalog.regeneration import REGENERATE
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers import parsing
from hailuo_nb.providers.base import (
    Call,
    Cancel,
    Progress,
    Receipt,
    Reply,
    Submit,
    TaskState,
    path_segment,
)
from hailuo_nb.providers.minimax.answers import checked
from hailuo_nb.providers.parsing import JsonObject
from hailuo_nb.providers.refusals import base_resp, raise_for_other_task, said_at, task_failure
from hailuo_nb.providers.task_list import ZONES, Find, Found, Listed, Page, read_pages
from hailuo_nb.providers.task_states import progress, reason_in, state_of

if TYPE_CHECKING:
    from hailuo_nb.catalog.rows import Cell, Row
    from hailuo_nb.requests.video_request import VideoRequest

_QUERY = "/v2/query/video_generation"
_STATES: dict[str, TaskState] = {"expired": "failed"}  # its page lists it as an end
_WINDOW = 7 * 86_400.0  # seconds for which tasks are shown
_MARGIN = 3600.0  # of them, for a clock that is off
_PAGE = 50
_MEDIA = {"picture": "image", "clip": "video", "sound": "audio"}
_SOURCE = "source_task_id"
_EXPANSION = "prompt_expansion_mode"  # H3-Max has it in an object of its own


def sells(row: Row) -> bool:
    """Whether a row is sold through this API."""
    return row.endpoint.startswith("MiniMax-H3")


def owns(task: Receipt) -> bool:
    """Whether a task was submitted through this API."""
    return task.links.get("status", "").startswith("/v2/")


def submit(request: VideoRequest, row: Row, cell: Cell) -> Submit:
    prompt = match.prompt(request, row)
    options: dict[str, object] = dict(match.options(request, row))
    if _SOURCE in options:
        return (yield from _regenerate(row, cell, options))
    if (mode := options.pop(_EXPANSION, None)) is not None:
        options["extra"] = {_EXPANSION: mode}
    body: dict[str, object] = {
        "model": row.endpoint,
        "content": _content(request, prompt),
        "resolution": cell.sent_as,
        "duration": cell.duration,
        **options,
    }
    if ratio := _ratio(request, row):
        body["ratio"] = ratio
    reply = yield Call("POST", "/v2/video_generation", json=body, charges=True)
    return _receipt(reply, prompt)


def _regenerate(row: Row, cell: Cell, options: Mapping[str, object]) -> Submit:
    """A finished clip again, by the id of its task: the provider has the rest of the request."""
    body = {"model": row.endpoint, "resolution": cell.sent_as, **options}
    reply = yield Call("POST", "/v2/video_regeneration", json=body, charges=True)
    return _receipt(reply)


def _receipt(reply: Reply, prompt: str = "") -> Receipt:
    checked(reply, lambda body: parsing.text(body.get("task_id")), prompt)
    task_id = reply.text_at("task_id")
    return Receipt(task_id, {"status": _address(_QUERY, task_id)})


def _content(request: VideoRequest, prompt: str) -> list[dict[str, object]]:
    """The text, then frames or references: each a link or data URL with its role."""
    found: list[dict[str, object]] = [{"type": "text", "text": prompt}]
    frames = {"first_frame": request.first_frame, "last_frame": request.last_frame}
    found += [
        _medium("image", role, frame.to_url())
        for role, frame in frames.items()
        if frame is not None
    ]
    for reference in request.references:
        medium = _MEDIA[reference.kind]
        found.append(_medium(medium, f"reference_{medium}", reference.to_url()))
    return found


def _medium(medium: str, role: str, url: str) -> dict[str, object]:
    return {"type": f"{medium}_url", f"{medium}_url": {"url": url}, "role": role}


def _ratio(request: VideoRequest, row: Row) -> str | None:
    """Beside a frame the page ignores a ratio, so none is sent."""
    if request.first_frame is not None or request.last_frame is not None:
        return None
    return match.ratio(request, row)


def _address(below: str, task_id: str) -> str:
    return f"{below}/{path_segment(task_id)}"


def look(task_id: str) -> Generator[Call, Reply, Progress]:
    task, body = yield from _task(task_id)
    word, reason = parsing.text(task.get("status")), reason_in(task)
    code = parsing.mapping(task.get("error")).get("code")
    return progress(
        task_id,
        word,
        reason,
        parsing.links(task.get("content"), "url"),
        failure=task_failure(word, reason, code, body.get("request_id"), inner=base_resp(body)),
        own=_STATES,
        # Queueing is in it: the page has no time for the start of the work.
        seconds=parsing.seconds_between(task.get("created_at"), task.get("updated_at")),
    )


def _task(task_id: str) -> Generator[Call, Reply, tuple[JsonObject, JsonObject]]:
    """(task, body) of a query. The page's "invalid task_id" is its word for one that it does not
    know, or that is older than seven days."""

    def word(body: JsonObject) -> str:
        return parsing.text(parsing.mapping(body.get("task")).get("status"))

    reply = yield Call("GET", _address(_QUERY, task_id))
    try:
        body = checked(reply, word)
    except ProviderError as error:
        if error.status == 400 and "invalid task_id" in error.message.casefold():
            error.no_task = True
        raise
    task = parsing.mapping(body.get("task"))
    raise_for_other_task(task_id, task.get("id"), task.get("task_id"))
    return task, body


def cancel(task_id: str) -> Cancel:
    """Only a queued task is cancelled. The same call deletes the record of one that is over, and
    its link with it: so the state is asked first."""
    task, _ = yield from _task(task_id)
    if state_of(parsing.text(task.get("status"))) != "queued":
        return "too_late"
    reply = yield Call("DELETE", _address("/v2/video_generation", task_id))
    try:
        body = checked(reply, lambda body: parsing.text(body.get("action")))
    except ProviderError as error:
        if error.kind == "invalid":  # it runs by now
            return "too_late"
        raise
    raise_for_other_task(task_id, body.get("task_id"))
    return "cancelled" if parsing.text(body.get("action")) == "cancelled" else "too_late"


def find(request: VideoRequest, since: float, until: float) -> Find:
    """The list shows no prompt: every task of that time may be the request's."""
    answers: list[Reply] = []

    def read(reply: Reply) -> Page:
        answers.append(reply)
        return _page(reply)

    tasks, doubt = yield from read_pages(_list_call, read, size=_PAGE)
    now = said_at(answers[-1])
    if now is None or since < now - _WINDOW + _MARGIN:
        doubt = doubt or "the provider's list goes back seven days only"
    kind = "regeneration" if REGENERATE in request.options else "generation"
    possible = []
    for task_id, task in tasks.items():
        created_at = parsing.unix_time(task.get("created_at"))
        in_time = created_at is None or since - ZONES <= created_at <= until + ZONES
        if in_time and parsing.text(task.get("task_type")) in {"", kind}:
            possible.append(Listed(task_id, created_at))
    return Found((), tuple(possible), doubt)


def _list_call(number: int) -> Call:
    return Call("GET", _QUERY, params={"page_num": str(number), "page_size": str(_PAGE)})


def _page(reply: Reply) -> Page:
    body = checked(reply, lambda body: isinstance(body.get("items"), list))
    listed = body.get("items")
    if not isinstance(listed, list):
        raise ProviderError("protocol", "the provider's list of tasks is no list", status=200)
    entries = [parsing.mapping(entry) for entry in listed]
    tasks = {task_id: entry for entry in entries if (task_id := parsing.text(entry.get("id")))}
    nameless = sum(not parsing.text(entry.get("id")) for entry in entries)
    return Page(tasks, nameless, parsing.number(body.get("total")))
