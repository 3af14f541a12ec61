"""CompareBoard: the widget that shows clips side by side, from plain rows.

Files and actions are callbacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from hailuo_nb.errors import HailuoError
from hailuo_nb.pages.assets import STATIC, messages, script
from hailuo_nb.pages.posters import poster_url
from hailuo_nb.pages.rows import DEFAULT_ROW, SentRow
from hailuo_nb.requests import own_columns
from hailuo_nb.widgets.known_names import KnownNames
from hailuo_nb.widgets.orders import Orders
from hailuo_nb.widgets.wire import (
    HELD,
    NO_FILTER,
    VIEWS,
    Answer,
    BoardRequest,
    Handler,
    Reply,
    Request,
    answer_later,
    answer_requests,
    send_file,
)

if TYPE_CHECKING:
    from hailuo_nb.results.comparison import Comparison
    from hailuo_nb.results.job import Job

_ROW: SentRow = {**DEFAULT_ROW, "at": 0}

_FROM_PAGE = ("language", "view", "selected", "filter", "arrangement", "time")

MAX_WHOLE_ROWS = 48
"""Up to so many rows cross the wire whole at each write: some 50 kB, and the state in the page is
always complete."""

RunAction = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
Plot = Callable[[str, Mapping[str, str]], str]


class CompareBoard(KnownNames, anywidget.AnyWidget):
    """Clips side by side: their state, their cost, the clips themselves played in step, and what
    people think of them.

    What crosses the wire:

    | name | kind | direction | when, and what |
    | --- | --- | --- | --- |
    | `rows` | trait | to page | `SentRow`s: at first, on come or go, where few, by `send_rows` |
    | `changed` | message | to page | one of many rows has something new: `{rows}`, those alone |
    | `rows` | message | to kernel | a view begins: send all after a `changed`: `{id, kind}` |
    | `summary` | trait | to page | when its figures change: see `pages.summary_rows.plain` |
    | `title` | trait | to page | when set |
    | `view`, `selected`, `filter` | trait | both | what is looked at, 300 ms after it settled |
    | `arrangement` | trait | both | the rest of it: order, groups, columns, offsets |
    | `time` | trait | both | seconds: where the clips stand, at rest or four times a second |
    | `language` | trait | both | when set here, or switched in the page: "en", "zh"; "" takes the |
    |  |  |  | page's |
    | `actions` | trait | to page | once: the names of actions; empty shows no menus |
    | `newest_first` | trait | to page | once |
    | `clip` | message | to kernel | a clip did not load by its path: `{id, kind, job}` |
    | `chunk` | message | to page | `{id, kind, seq, last, size}` + one buffer, at most 4 MiB |
    | `poster` | message | to kernel | a held poster is needed, or one did not load by its path: |
    |  |  |  | `{id, kind, job}` |
    | `plot` | message | to kernel | what was measured is looked at: `{id, kind, job, language}` |
    | `action` | message | to kernel | a click: `{id, kind, action, ...}`, see `BoardActions` |
    | `export` | message | to kernel | a file of the board is wanted, in `chunk`s: see `Exports` |
    | `go`, `withdraw` | message | to kernel | `{id, kind}`, of an action that costs: see `orders` |
    | `confirm`, `withdrawn` | message | to page | `{id, kind}`: is it wanted still; it never ran |
    | `keepalive` | message | to kernel | in Google Colab alone, while a clip is on its way |
    | `ok` | message | to page | answer to `poster` (`{poster: data URL}`), `plot` (`{svg}`) |
    |  |  |  | and to `action` and `keepalive` |
    | `error` | message | to page | `{id, kind, error}`: why not, in words for a person |

    Bytes of a clip or a poster are never part of the widget's state, so a saved notebook stays
    small. Every request is answered, from whatever thread it came on. What is looked at belongs to
    the board and not to a page: a second view of it, or the same after a reload, shows the same.

    rows         see `pages.rows.BoardRow`; only `id` is required. The order is the order on the
                 page, the id keeps a card in place; a data URL of a poster is kept here and sent
                 when asked for
    title        shown over the clips
    read_clip    the file of a job's id, or None where there is none (yet); may be called on any
                 thread
    read_poster  the same for its JPEG poster, for hosts whose page cannot load it by its path
    plot         draws requested and measured motion of a job's id as SVG, with these labels
    run_action   runs what was clicked and returns plain data for the page; the text of a ValueError
                 is shown
    actions      the names of what `run_action` can run (`BoardActions.names`)
    export       answers the request `export` (`Exports.answer`); without it the page offers none
    costly       those of them that ask for clips: they are orders (see `orders`)
    slow         those of them that are run in a thread of their own
    comparison   what `add`, `on_saved` and `on_vote` go to
    newest_first  rows come so, and what is new is scrolled into sight of who works in the studio
                 above
    fallback     the text where widgets cannot be shown (text/plain); called each time the board
                 is displayed
    """

    _esm: ClassVar[str] = script("compare_board.js", "board", "common")
    _css: ClassVar[Path] = STATIC / "compare_board.css"

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    summary = traitlets.Dict().tag(sync=True)
    view = traitlets.Enum(("", *VIEWS), "").tag(sync=True)
    """ "" until somebody chooses."""
    selected = traitlets.List(traitlets.Unicode(), maxlen=2).tag(sync=True)
    """The ids of at most two clips."""
    filter = traitlets.Dict().tag(sync=True)
    """Some of `NO_FILTER`; what is missing filters nothing."""
    arrangement = traitlets.Dict().tag(sync=True)
    time = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    title = traitlets.Unicode("").tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    actions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    newest_first = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        rows: Iterable[Mapping[str, object]] = (),
        title: str = "",
        *,
        read_clip: Callable[[str], Path | None] | None = None,
        read_poster: Callable[[str], Path | None] | None = None,
        plot: Plot | None = None,
        run_action: RunAction | None = None,
        actions: Iterable[str] = (),
        export: Handler | None = None,
        costly: Collection[str] = (),
        slow: Collection[str] = (),
        comparison: Comparison | None = None,
        newest_first: bool = False,
        fallback: Callable[[], str] | None = None,
        language: str = "",
    ) -> None:
        self._lock = threading.RLock()
        self._read_clip = read_clip
        self._read_poster = read_poster
        self._draw_plot = plot
        self._run_action = run_action
        self._slow = frozenset(slow)
        self._fallback = fallback
        self._comparison = comparison
        self._alone = False  # rows are set that go to the page by themselves
        self._writes = 0
        self._partial = False  # some rows were sent alone since all were
        plain, self._posters = _split(rows)
        super().__init__(
            rows=plain,
            title=title,
            language=language,
            actions=[*(actions if run_action else ()), *((BoardRequest.EXPORT,) if export else ())],
            newest_first=newest_first,
        )
        handlers: dict[str, Handler] = {
            BoardRequest.ROWS: self._rows,
            BoardRequest.CLIP: self._clip,
            BoardRequest.POSTER: self._poster,
            BoardRequest.PLOT: self._plot,
            BoardRequest.ACTION: self._action,
            BoardRequest.KEEPALIVE: self._keepalive,
            BoardRequest.EXPORT: export or _no_export,
        }
        orders = Orders(
            lambda request: request.kind == BoardRequest.ACTION and request.text("action") in costly
        )
        answer_requests(self, handlers, _describe_error, orders=orders)

    def set_rows(self, rows: Iterable[Mapping[str, object]]) -> bool:
        """Show these rows. Returns whether anything was sent: equal rows cost nothing. Any thread
        may call it.

        Raises ValueError for a row without id, with an id twice or with a field that no row has.
        """
        plain, posters = _split(rows)
        with self._lock:
            self._posters = posters
            if [row["id"] for row in plain] == [row["id"] for row in self.rows]:
                return self._replace_rows(dict(enumerate(plain)))
            before = {row["id"]: row for row in self.rows}
            self._writes += 1
            self.rows = [self._stamp(row, before.get(row["id"])) for row in plain]
            self._partial = False
        return True

    def update_rows(self, rows: Iterable[Mapping[str, object]]) -> bool:
        """Show these rows anew; the others stay. As `set_rows`; raises ValueError too for a row
        that is not here."""
        plain, posters = _split(rows)
        with self._lock:
            places = {row["id"]: place for place, row in enumerate(self.rows)}
            missing = [row["id"] for row in plain if row["id"] not in places]
            if missing:
                raise ValueError(f"the board has no row {', '.join(missing)}")
            self._posters |= posters
            return self._replace_rows({places[row["id"]]: row for row in plain})

    def set_summary(self, summary: Mapping[str, Any]) -> None:
        """Show these summaries, `pages.summary_rows.plain`. Equal ones cost nothing. Any thread may
        call it."""
        with self._lock:
            self.summary = dict(summary)

    def send_rows(self) -> None:
        """Send all rows if some of them went out alone: what a page keeps of the board in its file
        is then complete."""
        with self._lock:
            if self._partial:
                self._partial = False
                self.send_state("rows")

    def _replace_rows(self, rows: Mapping[int, dict[str, Any]]) -> bool:
        """Put rows in their places and send those that changed."""
        self._writes += 1
        stamped = {place: self._stamp(row, self.rows[place]) for place, row in rows.items()}
        changed = {place: row for place, row in stamped.items() if row["at"] == self._writes}
        if not changed:
            return False
        if len(self.rows) <= MAX_WHOLE_ROWS:
            self.rows = [changed.get(place, row) for place, row in enumerate(self.rows)]
            return True
        self._alone = True  # whoever observes them is told; the page gets those that changed
        try:
            self.rows = [changed.get(place, row) for place, row in enumerate(self.rows)]
        finally:
            self._alone = False
        self._partial = True
        self.send({"kind": Answer.CHANGED, "rows": list(changed.values())})
        return True

    def _should_send_property(self, key: str, value: Any) -> bool:
        return not (key == "rows" and self._alone) and super()._should_send_property(key, value)

    def _stamp(self, row: dict[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
        """The row with the number of the write that last changed it: this one, if it differs from
        `before`."""
        row["at"] = before["at"] if before else self._writes
        if row != before:
            row["at"] = self._writes
        return row

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle and self._fallback:
            data, metadata = bundle
            return {**data, "text/plain": self._fallback()}, metadata
        return bundle

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """State from the page; under the lock, as two writers lose updates."""
        with self._lock:
            super().set_state({name: sync_data[name] for name in sync_data if name in _FROM_PAGE})

    @traitlets.validate("filter")
    def _known_filter(self, proposal: Any) -> dict[str, Any]:
        unknown = set(proposal["value"]) - set(NO_FILTER)
        if unknown:
            names = ", ".join(sorted(map(str, unknown)))
            raise traitlets.TraitError(f"filter has no {names}; it has {', '.join(NO_FILTER)}")
        found = dict(proposal["value"])
        if "own" in found:
            if not isinstance(found["own"], dict):
                raise traitlets.TraitError("filter's own is a dict: your column -> its value")
            found["own"] = {str(of): own_columns.as_text(one) for of, one in found["own"].items()}
        return found

    def add(self, jobs: Iterable[Job]) -> None:
        """Add clips to the comparison that this board shows. Raises HailuoError where it shows
        none."""
        self._shown().add(jobs)

    def on_saved(self, callback: Callable[[Job], object], *, remove: bool = False) -> None:
        """See `Comparison.on_saved`."""
        self._shown().on_saved(callback, remove=remove)

    def on_vote(self, callback: Callable[[Job, Job, str], object], *, remove: bool = False) -> None:
        """See `Comparison.on_vote`."""
        self._shown().on_vote(callback, remove=remove)

    def _shown(self) -> Comparison:
        if self._comparison is None:
            raise HailuoError("this board was made of rows; a Comparison's widget has clips")
        return self._comparison

    def _clip(self, request: Request, reply: Reply) -> None:
        job = request.text("job")
        path = self._read_clip(job) if self._has_row(job) and self._read_clip else None
        if path is None or not Path(path).is_file():
            reply.refuse("file_gone")
            return
        send_file(reply, Path(path))

    def _poster(self, request: Request, reply: Reply) -> None:
        job = request.text("job")
        with self._lock:
            held = self._posters.get(job, "")
        path = None
        if self._has_row(job) and self._read_poster and not held:
            path = self._read_poster(job)
        reply.ok(poster=held if path is None else poster_url(Path(path)))

    def _plot(self, request: Request, reply: Reply) -> None:
        language = request.text("language")
        found = messages("plot").get(language, {})
        words = {key.removeprefix("plot."): word for key, word in found.items()}
        draw, job = self._draw_plot, request.text("job")
        reply.ok(svg=draw(job, {**words, "language": language}) if draw else "")

    def _rows(self, _request: Request, reply: Reply) -> None:
        self.send_rows()
        reply.ok()

    def _keepalive(self, _request: Request, reply: Reply) -> None:
        reply.ok()

    def _action(self, request: Request, reply: Reply) -> None:
        name = request.text("action")
        if self._run_action is None or name not in self.actions:
            raise ValueError(f"The board has no action {name!r}.")
        fields = {key: value for key, value in request.fields.items() if key != "action"}
        run = partial(self._run_action, name, fields)
        if name in self._slow:
            answer_later(reply, run, partial(_describe_error, request.kind))
        else:
            reply.send(Answer.OK, run())

    def _has_row(self, job: str) -> bool:
        with self._lock:
            return any(row["id"] == job for row in self.rows)


def _no_export(_request: Request, _reply: Reply) -> None:
    raise ValueError("this board was made of rows; a Comparison's widget can be exported")


def _describe_error(kind: str, error: Exception) -> str:
    action = kind == BoardRequest.ACTION
    return f"{'That could not be done' if action else 'The clip could not be read'}: {error}"


def _split(rows: Iterable[Mapping[str, object]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Complete rows without pictures in them, and the posters that the kernel holds by id."""
    plain: list[dict[str, Any]] = []
    posters: dict[str, str] = {}
    seen: set[str] = set()
    for given in rows:
        unknown = set(given) - set(_ROW)
        if unknown:
            raise ValueError(
                f"a row has no field {', '.join(sorted(unknown))}; it has {', '.join(_ROW)}"
            )
        row: dict[str, Any] = {**_ROW, **given}
        row["notes"], row["tags"], row["scores"] = (
            list(row["notes"]),
            list(row["tags"]),
            dict(row["scores"]),
        )
        poster = row["poster"]
        if not row["id"] or row["id"] in seen:
            raise ValueError(
                f"every row needs an id of its own; {row['id']!r} is missing or there twice"
            )
        seen.add(row["id"])
        if poster.startswith("data:"):
            posters[row["id"]], row["poster"] = poster, HELD
        plain.append(row)
    return plain, posters
