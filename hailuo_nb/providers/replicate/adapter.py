"""Replicate: a prediction of a model, with the addresses of its state and of its cancelling.

Sources: its HTTP reference, its pages on the life of predictions, deadlines, rate limits and data
retention, and the API pages of the models' versions. A list of predictions finds one whose id never
arrived, as long as its input is there: an hour.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hailuo_nb import catalog
from hailuo_nb.catalog import match
from hailuo_nb.catalog.rows import Cell, Row
from hailuo_nb.errors import ProviderError
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
from hailuo_nb.providers.task_list import CanFind, Find, Found, Listed
from hailuo_nb.providers.task_states import progress, reason_in, state_of

if TYPE_CHECKING:
    from hailuo_nb.requests.video_request import VideoRequest

_LAST_PAGE = 100  # of a search: 10,000 predictions
_NO_PREDICTION = re.compile(
    r"no prediction (?:matches|with|found)|prediction .{0,80}not found", re.I
)
_WARNING = re.compile(r"^\s*warning\b", re.I)
_CODE = re.compile(r"\(?\bE\d{3,4}\b\)?")
_FRAMES = ("first_frame_image", "last_frame_image")


class Replicate(Provider, CanFind):
    name = "replicate"
    title = "Replicate"
    base_url = "https://api.replicate.com"
    hosts = frozenset({"api.replicate.com"})
    key_variables = ("REPLICATE_API_TOKEN",)
    batch_size = 1

    def submit(self, request: VideoRequest) -> Submit:
        row, cell = match.offer(request, self.name)
        body = {"input": _input(request, row, cell)}
        reply = yield Call(
            "POST", f"/v1/models/{row.endpoint}/predictions", json=body, charges=True
        )
        answer = _check(reply, match.prompt(request, row))
        urls = parsing.mapping(answer.get("urls"))
        addresses = {
            "status": parsing.text(urls.get("get")),
            "cancel": parsing.text(urls.get("cancel")),
        }
        links = {name: link for name, link in addresses.items() if link}
        return Receipt(reply.text_at("id"), links)

    def poll(self, tasks: Sequence[Receipt]) -> Poll:
        return (yield from poll_each(tasks, _look))

    def cancel(self, task: Receipt) -> Cancel:
        body = _check((yield Call("POST", _address(task, "cancel"))))
        raise_for_other_task(task.task_id, body.get("id"))
        state = state_of(parsing.text(body.get("status")))
        if state in {"succeeded", "failed"}:  # `aborted` is one of these: it never began
            return "cancelled" if body.get("status") == "aborted" else "too_late"
        return "cancelled" if state == "cancelled" else "requested"

    def find(self, request: VideoRequest, since: float, until: float) -> Find:
        """See `CanFind`: by the list of predictions, on the model, the whole input and
        `created_at`."""
        row, cell = match.offer(request, self.name)
        wanted = _input(request, row, cell)
        listed, doubt = yield from _all_predictions(since, until)
        certain: list[Listed] = []
        possible: list[Listed] = []
        for identity, body in listed.items():
            moment = _moment(body.get("created_at"))
            one = Listed(identity, moment)
            in_time = moment is None or since <= moment <= until
            if not in_time or parsing.text(body.get("model")) not in {"", row.endpoint}:
                continue
            is_it = moment is not None and body.get("model") == row.endpoint
            agrees = is_it and _agrees(body.get("input"), wanted, row)
            (certain if agrees else possible).append(one)
        return Found(tuple(certain), tuple(possible), doubt)


def _input(request: VideoRequest, row: Row, cell: Cell) -> dict[str, object]:
    """The input of a prediction. The resolution is always named: 1080p is the default of some
    models here."""
    found: dict[str, object] = {
        "prompt": match.prompt(request, row),
        "duration": cell.duration,
        **match.options(request, row),
    }
    if cell.sent_as:
        found["resolution"] = cell.sent_as
    for name, frame in zip(_FRAMES, (request.first_frame, request.last_frame), strict=True):
        if frame is not None:
            found[name] = frame.to_url()
    return found


def _address(task: Receipt, name: str) -> str:
    """An address of a prediction as Replicate gave it, or as its reference documents it."""
    path = f"/v1/predictions/{path_segment(task.task_id)}"
    return task.links.get(name) or (f"{path}/cancel" if name == "cancel" else path)


def _look(task: Receipt) -> Generator[Call, Reply, Progress | None]:
    """None where it has the prediction and no longer the clip: none will come."""
    body = _check((yield Call("GET", _address(task, "status"))))
    raise_for_other_task(task.task_id, body.get("id"))
    return None if _is_removed(body) else _progress(task.task_id, body)


def _is_removed(body: JsonObject) -> bool:
    succeeded = state_of(parsing.text(body.get("status"))) == "succeeded"
    return succeeded and body.get("data_removed") is True and not parsing.links(body.get("output"))


def _progress(task_id: str, body: JsonObject) -> Progress:
    word = parsing.text(body.get("status"))
    reason = reason_in(body) or _warning(parsing.text(body.get("logs")))
    code = _CODE.search(reason)
    about = catalog.facts("replicate")
    ended = _moment(body.get("completed_at"))
    life = about.tasks.link_life if about else None
    return progress(
        task_id,
        word,
        reason,
        parsing.links(body.get("output"), "url"),
        failure=task_failure(
            word,
            reason,
            code[0].strip("()") if code else "",
            task_id,
            inner=base_resp(body),
        ),
        seconds=parsing.seconds(parsing.mapping(body.get("metrics")).get("predict_time")),
        link_expires_at=ended + life if ended is not None and life is not None else None,
    )


def _warning(logs: str) -> str:
    """The last warning in the logs of a prediction: MiniMax's own trouble stands there alone."""
    return next((line.strip() for line in reversed(logs.splitlines()) if _WARNING.match(line)), "")


def _moment(value: object) -> float | None:
    """Unix seconds of `2023-09-08T16:19:34.907244Z`; None for what is no time in a known zone."""
    try:
        found = datetime.fromisoformat(parsing.text(value))
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo is not None else None


def _all_predictions(
    since: float, until: float
) -> Generator[Call, Reply, tuple[dict[str, JsonObject], str]]:
    """(predictions by id, why they may not be all). The newest come first, so it ends where only
    older ones can follow."""
    asked = {"created_after": _written(since), "created_before": _written(until)}
    call = Call("GET", "/v1/predictions", params=asked)
    found: dict[str, JsonObject] = {}
    nameless = 0
    for _ in range(_LAST_PAGE):
        body = json_object(reply := (yield call))
        if not 200 <= reply.status < 300:
            raise _refusal(reply, body)
        results = body.get("results")
        if not isinstance(results, list):
            raise_for_inner_refusal(reply, body)
            raise ProviderError("protocol", "the list of predictions is no list", status=200)
        page = [one if isinstance(one, Mapping) else {} for one in results]
        ids = [parsing.text(one.get("id")) for one in page]
        nameless += ids.count("")
        found |= {identity: one for identity, one in zip(ids, page, strict=True) if identity}
        times = [_moment(one.get("created_at")) for one in page]
        older = bool(times) and all(time is not None and time < since for time in times)
        following = parsing.text(body.get("next"))
        if older or not following:
            break
        call = Call("GET", following)
    else:
        raise ProviderError("protocol", f"the list of predictions has over {_LAST_PAGE} pages")
    return found, f"{nameless} entries of the provider's list have no id" if nameless else ""


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def _agrees(given: object, wanted: Mapping[str, object], row: Row) -> bool:
    """Whether a listed input is the wanted one, field by field; an option that was not
    set may stand there with its default."""
    if not isinstance(given, Mapping) or any(given.get(name) != wanted[name] for name in wanted):
        return False
    defaults = {option.sent_as: option.default for option in row.options.values()}
    beside = {name: value for name, value in given.items() if name not in wanted}
    return all(value is None or value == defaults.get(name) for name, value in beside.items())


def _check(reply: Reply, prompt: str = "") -> JsonObject:
    """The prediction of an answer. Errors are `{title, detail, status, invalid_fields}`."""
    body = json_object(reply)
    if 200 <= reply.status < 300:
        if not (parsing.text(body.get("id")) or parsing.text(body.get("status"))):
            raise_for_inner_refusal(reply, body, prompt=prompt)
        return body
    raise _refusal(reply, body, prompt)


def _refusal(reply: Reply, body: JsonObject, prompt: str = "") -> ProviderError:
    title, detail = parsing.text(body.get("title")), parsing.text(body.get("detail"))
    fields = body.get("invalid_fields")
    named = [parsing.mapping(one) for one in fields] if isinstance(fields, list) else []
    said = [
        f"{parsing.text(one.get('field'))}: {text}"
        for one in named
        if (text := parsing.text(one.get("description"))) and text not in detail
    ]
    message = "; ".join([*filter(None, [detail or title]), *said])
    return refusal(
        reply,
        message,
        code=title,
        word="prediction_not_found" if _NO_PREDICTION.search(detail) else "",
        prompt=prompt,
    )
