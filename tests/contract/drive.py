"""Driving a provider's flows by hand: recorded replies in, calls and result out. No network, no
clock.

A recorded reply is a JSON file: CONTRIBUTING.md, "A provider", has its keys.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hailuo_nb import catalog
from hailuo_nb.catalog.installed import installed
from hailuo_nb.catalog.rows import Row
from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Call, Provider, Receipt, Reply
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest

T = TypeVar("T")

REPLIES = Path(__file__).with_name("replies")

_CONVERSATION = {
    "wrong_key": 401,
    "not_sold": 400,
    "unknown_task": [],
    "moderation": "failed",
    "links": {},
}
"""What a provider says over loopback unless its `conversation.json` says otherwise. `links`: those
of a receipt, by which it asks for a task, with {task_id} for the id."""


def folder(provider: str) -> Path:
    """Where the replies of a provider are: here, or beside the adapter of another package."""
    own = REPLIES / provider
    return own if own.is_dir() else installed().working[provider].folder / "replies"


def names_with(provider: str, key: str) -> list[str]:
    """The recorded replies of a provider that have this key."""
    names = sorted(file.stem for file in folder(provider).glob("*.json"))
    return [name for name in names if key in recorded(provider, name)]


def conversation(provider: str) -> dict[str, Any]:
    """What a provider says where providers differ: see `_CONVERSATION`."""
    file = folder(provider) / "conversation.json"
    return _CONVERSATION | (json.loads(file.read_text(encoding="utf-8")) if file.exists() else {})


def request_for(
    provider: Provider, prompt: str = "A cat [Pan left]", **fields: Any
) -> VideoRequest:
    """The first thing that this provider sells for a prompt alone, of its default model."""
    rows = [row for row in catalog.rows() if row.provider == provider.name]
    row = next((row for row in rows if row.default and row.text), rows[0])
    cell = row.cells[0]
    request = VideoRequest(prompt, row.model, resolution=cell.resolution, duration=cell.duration)
    return request.but(**fields)


def needed_references(row: Row) -> tuple[Reference, ...]:
    """One reference where a row serves requests with references alone, as fal's does."""
    alone = row.references is not None and row.first_frame == "no"
    return (Reference("picture", "r", url="https://a.example/1.png"),) if alone else ()


def poll_reply(
    provider: str, word: str, reason: str = "", task_id: str = "t", **beside: Any
) -> Reply:
    """`poll.json` of a provider with this state word and reason. Keywords stand beside the word."""

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            words = {"{word}": word, "{reason}": reason, "{task_id}": task_id}
            return words.get(value, value)
        if isinstance(value, list):
            return [filled(item) for item in value]
        if isinstance(value, dict):
            found = {key: filled(item) for key, item in value.items()}
            return found | beside if "{word}" in value.values() else found
        return value

    found = recorded(provider, "poll")
    body = json.dumps(filled(found["body"]), ensure_ascii=False)
    return Reply(found.get("status", 200), body.encode())


def names_its_task(provider: str) -> bool:
    """Whether the provider's answer to a poll has the id of the task."""
    return "{task_id}" in (folder(provider) / "poll.json").read_text(encoding="utf-8")


def recorded(provider: str, name: str) -> dict[str, Any]:
    """The file of a recorded reply or request as it stands."""
    found: dict[str, Any] = json.loads(
        (folder(provider) / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def reply(provider: str, name: str, **body: Any) -> Reply:
    """A recorded reply; keywords replace top-level fields of its JSON body."""
    found = recorded(provider, name)
    text = (
        found["text"] if "text" in found else json.dumps(found["body"] | body, ensure_ascii=False)
    )
    return Reply(found.get("status", 200), text.encode(), found.get("headers", {}))


def replies(provider: str, name: str) -> list[Reply]:
    """A recorded reply, and those of the further calls that it leads to (its `then`)."""
    then = recorded(provider, name).get("then", ())
    return [reply(provider, name), *(reply(provider, one) for one in then)]


def receipts(
    provider: Provider, *task_ids: str, links: Mapping[str, str] | None = None
) -> list[Receipt]:
    """What a submit gave for these tasks. links  others than those of its conversation"""
    links = conversation(provider.name)["links"] if links is None else links
    return [
        Receipt(one, {name: link.replace("{task_id}", one) for name, link in links.items()})
        for one in task_ids
    ]


def page_request(provider: str, name: str = "page_request") -> dict[str, Any]:
    """The body of the provider's own example request."""
    body: dict[str, Any] = recorded(provider, name)["body"]
    return body


def drive(flow: Generator[Call, Reply, T], replies: Sequence[Reply]) -> tuple[list[Call], T]:
    """Feed the replies to the flow: (calls it made, its result). Every reply must be asked for, and
    no more."""
    calls: list[Call] = []
    waiting = list(replies)
    try:
        call = next(flow)
        while True:
            calls.append(call)
            assert waiting, f"the flow makes a call that is not expected: {call.method} {call.url}"
            call = flow.send(waiting.pop(0))
    except StopIteration as end:
        assert not waiting, f"{len(waiting)} replies were never asked for"
        result: T = end.value
        return calls, result


def refused(flow: Generator[Call, Reply, Any], replies: Sequence[Reply]) -> ProviderError:
    """The ProviderError that the flow ends with."""
    try:
        _, result = drive(flow, replies)
    except ProviderError as error:
        return error
    raise AssertionError(f"the flow ended well, with {result!r}")
