"""What both widgets need to talk to the page: answers, sizes. Must not know clips or prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

CHUNK_SIZE = 4 * 1024 * 1024
"""Bytes in one message. The Jupyter server drops a connection that sends more than 10 MiB at
once."""


class Sender(Protocol):
    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None: ...


class Reply:
    """The answer to one request of the page, which carries an integer `id` and a `kind`."""

    def __init__(self, widget: Sender, content: Any) -> None:
        self._widget = widget
        given = content if isinstance(content, Mapping) else {}
        self.id = given.get("id")
        self.kind = str(given.get("kind", ""))

    @property
    def expected(self) -> bool:
        """Whether there is anybody to answer: messages without an id are not ours."""
        return isinstance(self.id, int)

    def ok(self) -> None:
        self.send({"kind": "ok"})

    def error(self, text: str) -> None:
        self.send({"kind": "error", "error": text})

    def send(self, content: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        self._widget.send({"id": self.id, **content}, list(buffers))
