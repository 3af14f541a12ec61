"""The studio's preview of the camera moves: drawn in a thread of its own while the person goes on
typing.

Knows `hailuo_nb.simulator.preview` and the answers of the wire; must not know the draft, jobs or
providers. One preview is drawn at a time and the newest wish wins: an older one is given up between
two pictures. A wish that was drawn last is answered at once, so that a second view of the same
studio costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hailuo_nb.errors import HailuoError
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.wire import Reply

Stop: TypeAlias = Callable[[], bool]
Draw: TypeAlias = Callable[["PreviewRequest", Stop], bytes]


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """What is to be drawn: the prompt, seconds, and the picture that becomes the scene."""

    prompt: str
    seconds: float
    frame: Frame | None


def drawn(wish: PreviewRequest, stop: Stop) -> bytes:
    """The MP4 of a wish, 480 pixels wide. Raises what `hailuo_nb.simulator.preview` raises."""
    from hailuo_nb.simulator.preview import preview

    # A frame that is a link is not fetched for a preview: the drawn scene stands in for it.
    frame = wish.frame if wish.frame is not None and wish.frame.data is not None else None
    return preview(wish.prompt, frame, seconds=wish.seconds, stop=stop).data


class MovesPreview:
    """Answers requests for previews, each exactly once: with the clip, with an error, or empty
    where a newer came."""

    def __init__(self, draw: Draw = drawn) -> None:
        self._draw = draw
        self._lock = threading.Lock()
        self._wish: PreviewRequest | None = None
        self._replies: list[Reply] = []
        self._made: bytes | str | None = None  # of `_wish`: the clip, or why there is none
        self._working = False

    def ask(self, reply: Reply, wish: PreviewRequest) -> None:
        """Answer `reply` with the preview of this wish, later and from another thread; returns at
        once."""
        late: list[Reply] = []
        with self._lock:
            if wish != self._wish:
                late, self._replies = self._replies, []
                self._wish, self._made = wish, None
            made = self._made
            if made is None:
                self._replies.append(reply)
            hire = made is None and not self._working
            self._working = self._working or hire
        for one in late:
            one.ok()
        if made is not None:
            _answer(reply, made)
        if hire:
            # Not a daemon, as the thread that asks may be: one that is inside a codec while the
            # interpreter ends takes the process down.
            threading.Thread(
                target=self._work, name="hailuo_nb-moves-preview", daemon=False
            ).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                wish = self._wish if self._replies and threading.main_thread().is_alive() else None
                if wish is None:
                    self._working = False
                    return
            made = self._try(wish)
            with self._lock:
                if self._wish is not wish:
                    continue
                self._made = made
                replies, self._replies = self._replies, []
            for reply in replies:
                _answer(reply, made)

    def _try(self, wish: PreviewRequest) -> bytes | str:
        def given_up() -> bool:
            return self._wish is not wish or not threading.main_thread().is_alive()

        try:
            return self._draw(wish, given_up)
        except HailuoError as error:
            return str(error)
        except (
            Exception
        ) as error:  # the page waits for an answer, and nobody sees a traceback of this thread
            return f"{type(error).__name__}: {error}"


def _answer(reply: Reply, made: bytes | str) -> None:
    if isinstance(made, str):
        reply.error(made)
    else:
        reply.send({"kind": "chunk", "seq": 0, "last": True, "size": len(made)}, [made])
