"""The wire between the widgets and their page: kinds of messages, constants, requests and answers.

js/protocol.js holds the same kinds and constants; tests/unit/test_widgets_wire.py compares them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hailuo_nb.engine.threads import start_thread
from hailuo_nb.media.files import open_regular
from hailuo_nb.pages import words

if TYPE_CHECKING:
    from hailuo_nb.widgets.orders import Orders

CHUNK_SIZE = 4 * 1024 * 1024
"""Bytes in one message. The Jupyter server drops a connection that sends more than 10 MiB at
once."""
MAX_TAKES = 20
"""Clips of each target and prompt that a studio asks for at once."""
MAX_SHOWN_VARIANTS = 50
"""Prompts of a sweep that the page lists; there may be more."""
HELD = "held"
"""What is in a row's `poster` where the kernel has the picture and sends it on request."""
FITTED = "fitted"
"""What a problem's `changes` say in place of a smaller frame: the page sends `frame_fit` for it."""
VIEWS = ("grid", "matrix", "table", "summary", "pair", "vote")
"""The views of a board."""
EXPORTS = ("page", "png", "video", "csv")
"""The files that a board makes of itself."""
NO_FILTER: Mapping[str, str | int | Mapping[str, str]] = {
    "text": "",
    "provider": "",
    "state": "",
    "rating": 0,
    "tag": "",
    "own": {},
}
"""What a board's filter has, where it filters nothing; `own` by the column of a person's table."""

NO_VALUES: Mapping[str, Any] = {}
_log = logging.getLogger(__name__)


class BoardRequest(StrEnum):
    """What the page asks of a CompareBoard."""

    ROWS = "rows"
    CLIP = "clip"
    POSTER = "poster"
    PLOT = "plot"
    ACTION = "action"
    EXPORT = "export"
    KEEPALIVE = "keepalive"


class StudioRequest(StrEnum):
    """What the page asks of a PromptStudio."""

    GENERATE = "generate"
    RESUME = "resume"
    FRAME = "frame"
    FRAME_URL = "frame_url"
    FRAME_CLEAR = "frame_clear"
    FRAME_CROP = "frame_crop"
    FRAME_FIT = "frame_fit"
    FRAME_SWAP = "frame_swap"
    REFERENCE = "reference"
    REFERENCE_URL = "reference_url"
    REFERENCE_REMOVE = "reference_remove"
    REFERENCE_FIT = "reference_fit"
    SHARE = "share"
    HISTORY = "history"
    RECALL = "recall"
    HISTORY_POSTER = "history_poster"
    SHOW_CLIPS = "show_clips"
    TEMPLATES = "templates"
    TEMPLATE_SAVE = "template_save"
    TEMPLATE_DELETE = "template_delete"
    PREVIEW = "preview"


class OrderStep(StrEnum):
    """What the page sends after a request that costs money, under its id: see `orders`."""

    GO = "go"
    WITHDRAW = "withdraw"


class Answer(StrEnum):
    """What the kernel sends: answers with the id of their request, and `changed` without one."""

    OK = "ok"
    ERROR = "error"
    CONFIRM = "confirm"
    WITHDRAWN = "withdrawn"
    CHUNK = "chunk"
    HISTORY = "history"
    TEMPLATES = "templates"
    CHANGED = "changed"


class Sender(Protocol):
    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None: ...


class Receiver(Sender, Protocol):
    def on_msg(self, callback: Callable[[object, Any, Sequence[Any]], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the page. `fields` is JSON from outside: read it by the methods."""

    id: int
    kind: str
    fields: Mapping[str, Any]
    buffers: Sequence[bytes] = field(default=())

    @classmethod
    def parse(cls, content: object, buffers: Sequence[Any]) -> Request | None:
        """None for what is no request, such as a message without an id: nobody waits for an
        answer."""
        if not isinstance(content, Mapping) or not isinstance(content.get("id"), int):
            return None
        rest = {name: value for name, value in content.items() if name not in {"id", "kind"}}
        kind = str(content.get("kind", ""))
        return cls(content["id"], kind, rest, [bytes(buffer) for buffer in buffers])

    def text(self, name: str) -> str:
        """A field as text; "" where it is missing."""
        return str(self.fields.get(name, ""))

    def number(self, name: str) -> float:
        """Raises ValueError for a field that is missing or no number."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"the request has no number {name!r}")  # noqa: TRY004 - as of other fields
        return value

    def object(self, name: str) -> Mapping[str, Any]:
        """Raises ValueError for a field that is missing or no object."""
        value = self.fields.get(name)
        if not isinstance(value, Mapping):
            raise ValueError(f"the request has no object {name!r}")  # noqa: TRY004 - as above
        return value


class Reply:
    """The answer to one request of the page. Any thread may give it."""

    def __init__(self, widget: Sender, request_id: int) -> None:
        self._widget = widget
        self._id = request_id
        self._answer: dict[str, Any] | None = None

    def ok(self, **fields: object) -> None:
        self.send(Answer.OK, fields)

    def error(self, text: str, code: str = "", values: Mapping[str, Any] = NO_VALUES) -> None:
        """Why not, in English; and by its code `refused.<code>` of messages.json in the other
        languages."""
        worded = words.refusal_words(code, values) if code else {}
        self.send(Answer.ERROR, {"error": text} | ({"worded": worded} if worded else {}))

    def refuse(self, code: str, **values: object) -> None:
        """Answer with the sentence of this code."""
        self.error(words.translator("en")(f"refused.{code}", **values), code, values)

    def chunk(self, data: bytes, *, seq: int, last: bool, size: int) -> None:
        """One piece of a file of `size` bytes."""
        fields = {"kind": Answer.CHUNK, "seq": seq, "last": last, "size": size}
        self._widget.send({"id": self._id, **fields}, [data])

    def send(self, kind: Answer, fields: Mapping[str, object]) -> None:
        self._answer = {"id": self._id, **fields, "kind": kind}
        self._widget.send(self._answer, [])

    def repeat(self) -> None:
        """Send the answer once more, if there is one yet."""
        if self._answer is not None:
            self._widget.send(self._answer, [])


def send_file(reply: Reply, path: Path) -> None:
    """Answer with a file in chunks; with an error where it is cut meanwhile. Raises OSError."""
    with open_regular(path, follow=True) as file:
        size = os.fstat(file.fileno()).st_size
        sent = seq = 0
        while sent < size or seq == 0:
            data = file.read(min(CHUNK_SIZE, size - sent))
            if not data and size:
                reply.refuse("file_cut")
                return
            sent += len(data)
            reply.chunk(data, seq=seq, last=sent >= size, size=size)
            seq += 1


Handler = Callable[[Request, Reply], None]


def answer_later(
    reply: Reply, work: Callable[[], Mapping[str, object]], describe: Callable[[Exception], str]
) -> None:
    """Answer with what `work` returns, from a thread of its own."""

    def run() -> None:
        try:
            reply.send(Answer.OK, work())
        except Exception as error:  # as in `answer_requests`
            _log.debug("a request failed", exc_info=True)
            reply.error(describe(error))

    start_thread(run, "hailuo_nb-answer")


def answer_requests(
    widget: Receiver,
    handlers: Mapping[str, Handler],
    describe: Callable[[str, Exception], str] = lambda _kind, error: str(error),
    *,
    orders: Orders | None = None,
) -> None:
    """Answer the requests of the widget's page, each by the handler of its kind.

    describe  words for an error other than ValueError, whose own text is shown
    orders    which of them cost money
    """

    def run(request: Request, reply: Reply) -> None:
        try:
            handlers[request.kind](request, reply)
        except ValueError as error:
            code, values = getattr(error, "code", ""), getattr(error, "values", NO_VALUES)
            reply.error(str(error) or type(error).__name__, code, values)
        except Exception as error:
            # Nobody sees a traceback here, and the page would wait for ever.
            _log.debug("the request %r failed", request.kind, exc_info=True)
            reply.error(describe(request.kind, error) or type(error).__name__)

    def on_message(_widget: object, content: Any, buffers: Sequence[Any]) -> None:
        request = Request.parse(content, buffers)
        if request is None:
            return
        reply = Reply(widget, request.id)
        if orders is not None and orders.take(request, reply, run):
            return
        if request.kind in handlers:
            run(request, reply)
        else:
            reply.error(f"The kernel has no answer to the request {request.kind!r}.")

    widget.on_msg(on_message)
