"""Driving a provider's flows by hand: recorded replies in, calls and result out. No network, no
clock.

A recorded reply is a JSON file: where it was typed from (`source`), `status`, `headers`, and `body`
(JSON) or `text`.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hailuo_nb.errors import ProviderError
from hailuo_nb.providers.base import Call, Reply

T = TypeVar("T")

REPLIES = Path(__file__).with_name("replies")


def recorded(provider: str, name: str) -> dict[str, Any]:
    """The file of a recorded reply or request as it stands."""
    found: dict[str, Any] = json.loads(
        (REPLIES / provider / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def reply(provider: str, name: str, **body: Any) -> Reply:
    """A recorded reply; keywords replace top-level fields of its JSON body."""
    found = recorded(provider, name)
    text = (
        found["text"] if "text" in found else json.dumps(found["body"] | body, ensure_ascii=False)
    )
    return Reply(found.get("status", 200), text.encode(), found.get("headers", {}))


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
