"""The studio's preview of the camera moves, drawn in a thread of its own while a person types.

One preview is drawn at a time and the newest request wins: an older one is given up between two
frames. The preview that was drawn last is kept, so that a second view of the same studio costs
nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hailuo_nb.engine.threads import start_thread
from hailuo_nb.errors import HailuoError
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.wire import Reply

Stop: TypeAlias = Callable[[], bool]
Draw: TypeAlias = Callable[["PreviewRequest", Stop], bytes]


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """The prompt, its length in seconds, and the frame that becomes the scene."""

    prompt: str
    seconds: float
    frame: Frame | None


def draw_preview(request: PreviewRequest, stop: Stop) -> bytes:
    """The MP4, 480 pixels wide. Raises what `hailuo_nb.simulator.preview` raises."""
    from hailuo_nb.simulator.preview import preview

    # A frame that is a link is not fetched for a preview: the drawn scene stands in for it.
    frame = request.frame
    if frame is not None and frame.data is None:
        frame = None
    return preview(request.prompt, frame, seconds=request.seconds, stop=stop).data


class MovesPreview:
    """Answers requests for previews, each exactly once: with the clip, with an error, or with
    nothing where a newer request came."""

    def __init__(self, draw: Draw = draw_preview) -> None:
        self._draw = draw
        self._lock = threading.Lock()
        self._request: PreviewRequest | None = None
        self._replies: list[Reply] = []
        self._result: bytes | str | None = None  # of `_request`: the clip, or why there is none
        self._working = False

    def request(self, reply: Reply, request: PreviewRequest) -> None:
        """Answer `reply` with the preview, later and from another thread. Returns at once."""
        superseded: list[Reply] = []
        with self._lock:
            if request != self._request:
                superseded, self._replies = self._replies, []
                self._request, self._result = request, None
            result = self._result
            if result is None:
                self._replies.append(reply)
            start = result is None and not self._working
            self._working = self._working or start
        for old in superseded:
            old.ok()
        if result is not None:
            _answer(reply, result)
        if start:
            # Not a daemon, as the calling thread may be: one that is inside a codec while the
            # interpreter ends takes the process down.
            start_thread(self._work, "hailuo_nb-moves-preview", daemon=False)

    def _work(self) -> None:
        while True:
            with self._lock:
                wanted = self._replies and threading.main_thread().is_alive()
                request = self._request if wanted else None
                if request is None:
                    self._working = False
                    return
            result = self._try(request)
            with self._lock:
                if self._request is not request:
                    continue
                self._result = result
                replies, self._replies = self._replies, []
            for reply in replies:
                _answer(reply, result)

    def _try(self, request: PreviewRequest) -> bytes | str:
        def stop() -> bool:
            return self._request is not request or not threading.main_thread().is_alive()

        try:
            return self._draw(request, stop)
        except HailuoError as error:
            return str(error)
        except Exception as error:  # the page waits for an answer; nobody sees a traceback here
            return f"{type(error).__name__}: {error}"


def _answer(reply: Reply, result: bytes | str) -> None:
    if isinstance(result, str):
        reply.error(result)
    else:
        reply.chunk(result, seq=0, last=True, size=len(result))
