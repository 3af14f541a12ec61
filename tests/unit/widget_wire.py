"""A stand-in for the comm of a widget, for tests without a kernel."""

from __future__ import annotations

from typing import Any


class Wire:
    """Stands for the comm: keeps what a widget sends and hands it what a page would."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        widget._send = lambda message, buffers=None: self.sent.append(
            (message, list(buffers or []))
        )

    def ask(self, content: Any, *buffers: bytes) -> list[dict[str, Any]]:
        before = len(self.sent)
        self.widget._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])
        return [m["content"] for m, _ in self.sent[before:] if m["method"] == "custom"]

    def order(self, content: dict[str, Any]) -> list[dict[str, Any]]:
        """A request that costs money: asked, asked back, confirmed."""
        [confirm] = self.ask(content)
        assert confirm["kind"] == "confirm"
        return self.ask({"id": content["id"], "kind": "go"})

    def states(self) -> list[dict[str, Any]]:
        return [message["state"] for message, _ in self.sent if message["method"] == "update"]
