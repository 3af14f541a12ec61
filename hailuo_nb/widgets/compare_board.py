"""CompareBoard: clips side by side, as a widget that knows only plain rows and one callback that finds a file.

Must not know jobs, engines or comparisons: whoever has those turns them into rows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypedDict

import anywidget
import traitlets

from hailuo_nb.widgets.wire import PIECE, STATIC, Reply, messages

_log = logging.getLogger(__name__)


class Row(TypedDict, total=False):
    """One clip of the board. `id` is required, everything else has a default (see `ROW`)."""

    id: str
    prompt: str
    provider: str
    provider_title: str
    simulated: bool
    model: str
    resolution: str
    duration: int
    take: int
    state: str
    progress: float | None
    eta: float | None
    queue_position: int | None
    error: str
    advice: str
    cost: str
    video: str | None
    bytes: int | None
    poster: str
    submitted_at: float | None
    finished_at: float | None
    notes: list[str]
    rating: int
    note: str
    tags: list[str]
    usual_seconds: float | None
    task_id: str


ROW: Row = {
    "id": "",
    "prompt": "",
    "provider": "",
    "provider_title": "",
    "simulated": False,
    "model": "",
    "resolution": "768P",
    "duration": 6,
    "take": 1,
    "state": "planned",
    "progress": None,
    "eta": None,
    "queue_position": None,
    "error": "",
    "advice": "",
    "cost": "",
    "video": None,
    "bytes": None,
    "poster": "",
    "submitted_at": None,
    "finished_at": None,
    "notes": [],
    "rating": 0,
    "note": "",
    "tags": [],
    "usual_seconds": None,
    "task_id": "",
}
"""A row with every default. Seconds for duration and eta, 0..1 for progress, Unix seconds for the two times."""


class CompareBoard(anywidget.AnyWidget):
    """Clips side by side: their state, their cost, and the clips themselves, played in step.

    What crosses the wire:

    | name       | kind    | direction      | when, and what                                              |
    |------------|---------|----------------|-------------------------------------------------------------|
    | `rows`     | trait   | kernel -> page | `set_rows` with something new; `Row`s without `poster`      |
    | `posters`  | trait   | kernel -> page | a poster is new: `{id: data URL}`; apart, so rows stay light |
    | `title`    | trait   | kernel -> page | when set                                                    |
    | `language` | trait   | kernel -> page | when set: "en" or "zh"; "" takes the page's                 |
    | `messages` | trait   | kernel -> page | once: the words in every language                           |
    | `get`      | message | page -> kernel | a clip did not load by its path: `{id, kind, job}`          |
    | `chunk`    | message | kernel -> page | `{id, kind, seq, last, size}` + one buffer, at most 4 MiB   |
    | `error`    | message | kernel -> page | `{id, kind, error}`: no such clip, or it cannot be read     |

    Bytes of a clip are never part of the widget's state. Every request is answered, from whatever thread it came on.

    rows       see `Row`; the order is the order on the page, the id keeps a card in place
    title      stands over the clips
    read_clip  the file of a job's id, or None where there is none (yet); may be called on any thread
    fallback   what stands where widgets cannot be shown (text/plain); called each time the board is displayed
    """

    _esm: ClassVar[Path] = STATIC / "compare_board.js"
    _css: ClassVar[Path] = STATIC / "compare_board.css"

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    posters = traitlets.Dict().tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    messages = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]] = (),
        title: str = "",
        *,
        read_clip: Callable[[str], Path | None] | None = None,
        fallback: Callable[[], str] | None = None,
        language: str = "",
    ) -> None:
        self._lock = threading.RLock()
        self._read_clip = read_clip
        self._fallback = fallback
        plain, posters = _split(rows)
        super().__init__(
            rows=plain, posters=posters, title=title, language=language, messages=messages("common", "board")
        )
        self.on_msg(self._on_message)

    def set_rows(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Show these rows. Returns whether anything was sent: equal rows cost nothing. Any thread may call it.

        Raises ValueError for a row without id, with an id twice or with a field that no row has.
        """
        plain, posters = _split(rows)
        with self._lock:
            changed = False
            if posters != self.posters:
                self.posters = posters
                changed = True
            if plain != self.rows:
                self.rows = plain
                changed = True
        return changed

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle and self._fallback:
            data, metadata = bundle
            return {**data, "text/plain": self._fallback()}, metadata
        return bundle

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """State from the page (it sends none of its own); under the lock, as two writers lose updates."""
        with self._lock:
            super().set_state(sync_data)

    def _on_message(self, _widget: object, content: Any, _buffers: Sequence[Any]) -> None:
        reply = Reply(self, content)
        if not reply.expected:
            return
        try:
            if reply.kind != "get":
                reply.error(f"The board does not know the request {reply.kind!r}.")
                return
            self._send_clip(str(content.get("job", "")), reply)
        except Exception as error:  # a traceback here is seen by nobody, and the page would wait for ever
            _log.debug("a clip could not be sent", exc_info=True)
            reply.error(f"The clip could not be read: {error}")

    def _send_clip(self, job: str, reply: Reply) -> None:
        with self._lock:
            known = any(row["id"] == job for row in self.rows)
        path = self._read_clip(job) if known and self._read_clip else None
        if path is None or not Path(path).is_file():
            reply.error("The file of this clip is not there. It may have been moved or deleted.")
            return
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            sent = seq = 0
            while sent < size or seq == 0:
                piece = file.read(min(PIECE, size - sent))
                if not piece and size:
                    reply.error("The file of this clip became shorter while it was read.")
                    return
                sent += len(piece)
                reply.send({"kind": "chunk", "seq": seq, "last": sent >= size, "size": size}, [piece])
                seq += 1


def _split(rows: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Complete rows without their posters, and the posters by id."""
    plain: list[dict[str, Any]] = []
    posters: dict[str, str] = {}
    seen: set[str] = set()
    for given in rows:
        unknown = set(given) - set(ROW)
        if unknown:
            raise ValueError(f"a row has no field {', '.join(sorted(unknown))}; it has {', '.join(ROW)}")
        row: dict[str, Any] = {**ROW, **given}
        row["notes"] = list(row["notes"])
        poster = row.pop("poster")
        if not row["id"] or row["id"] in seen:
            raise ValueError(f"every row needs an id of its own; {row['id']!r} is missing or stands twice")
        seen.add(row["id"])
        if poster:
            posters[row["id"]] = poster
        plain.append(row)
    return plain, posters
