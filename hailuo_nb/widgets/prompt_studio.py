"""PromptStudio: the widget that edits a prompt and its settings before anything is sent.

The widget holds the draft as traits and keeps problems and plan up to date. Whatever needs an
engine, a ledger or a file is a callback.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

import anywidget
import traitlets

from hailuo_nb.ordering.budget import Costs
from hailuo_nb.pages.assets import STATIC, script
from hailuo_nb.prompts.moves import moves
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.requests.reference import Reference
from hailuo_nb.widgets.camera_notes import camera_notes
from hailuo_nb.widgets.draft import Draft, Settings, option_names
from hailuo_nb.widgets.draft_checks import list_problems
from hailuo_nb.widgets.draft_plan import Limits, make_plan
from hailuo_nb.widgets.frame_slots import SLOTS, FrameSlots, Slot
from hailuo_nb.widgets.known_names import KnownNames
from hailuo_nb.widgets.prompt_templates import Templates
from hailuo_nb.widgets.reference_slots import ReferenceSlots
from hailuo_nb.widgets.studio_requests import StudioRequests
from hailuo_nb.widgets.support import support
from hailuo_nb.widgets.wire import MAX_TAKES, answer_requests

if TYPE_CHECKING:
    from hailuo_nb.widgets.history import History

__all__ = ["Draft", "PromptStudio"]

_log = logging.getLogger(__name__)

_PAGE_TRAITS = ("prompt", "targets", "resolution", "duration", "options", "takes")

T = TypeVar("T")

ASK_ABOVE = 10
"""So many clips are sent at once without a question."""

StatusKind = Literal["idle", "busy", "error", "done"]


class PromptStudio(KnownNames, anywidget.AnyWidget):
    """A prompt with camera moves, and everything to decide before it is sent.

    What crosses the wire ("page" traits are written in the page 250 ms after the last change):

    | name | kind | direction | when, and what |
    | --- | --- | --- | --- |
    | `moves` | trait | to page | once: the fifteen moves |
    | `catalogue` | trait | to page | once: providers, models, their options |
    | `problems` | trait | to page | the draft changed: what is wrong, its cure |
    | `support` | trait | to page | targets or files changed: what is sold to them |
    | `plan` | trait | to page | the draft changed: clips, cost, takes there |
    | `camera` | trait | to page | the draft changed: what is odd about its moves, and prose |
    | `status` | trait | to page | `set_status`: `{kind, text, code, values}` |
    | `first_frame`, `last_frame` | trait | to page | a frame came or went; see below |
    | `references` | trait | to page | a reference came or went; see below |
    | `language` | trait | both | the reader's choice; "" takes the page's |
    | `prompt`, `targets`, `resolution`, `duration`, `options`, `takes` | trait | both | the draft |
    | `order` | trait | both | id of a `generate` without an answer; outlives a reload |
    | `version` | trait | to page | the draft changed: its prompt among those sent |
    | `baseline` | trait | both | number of the version that is pinned, 0 for none |
    | `open_clips` | trait | to page | how many clips `resume` would go on with |
    | `edits` | trait | both | how many changes of the draft the page has sent |
    | `checked` | trait | to page | up to which of them problems and plan are |
    | `running` | trait | to page | how many clips of this studio are being made |
    | `ask_above` | trait | both | the page asks before it sends more clips than that |
    | `resume` | message | to kernel | `{id, kind}`: go on with the open clips; an order |
    | `generate` | message | to kernel | `{id, kind, draft}`: traits may lag behind; an order |
    | `go`, `withdraw` | message | to kernel | `{id, kind}`, of an order: see `orders` |
    | `confirm` | message | to page | `{id, kind, again}`: whether the order is wanted still |
    | `withdrawn` | message | to page | answer to `withdraw`: it did not run and never will |
    | `frame` | message | to kernel | `{id, kind, slot, name, seq, last, size}`, 4 MiB |
    | `frame_url` | message | to kernel | `{id, kind, slot, url}`: https link or path |
    | `frame_clear`, `frame_crop` | message | to kernel | `{id, kind, slot}`; crop: the refused |
    | `frame_fit` | message | to kernel | `{id, kind, slot}`: as small as targets need |
    | `frame_swap` | message | to kernel | `{id, kind}`: first and last change places |
    | `reference` | message | to kernel | `{id, kind, name, seq, last, size}`, 4 MiB |
    | `reference_url` | message | to kernel | `{id, kind, url}`: https link or path |
    | `reference_remove` | message | to kernel | `{id, kind, at}`: one; all without `at` |
    | `reference_fit` | message | to kernel | `{id, kind}`: only what the targets take |
    | `share` | message | to kernel | `{id, kind, form, draft}`: "link" or "python" |
    | `history` | message | to kernel | `{id, kind}`; the answer has `entries` |
    | `recall` | message | to kernel | `{id, kind, key}`: all settings of an entry |
    | `history_poster` | message | to kernel | `{id, kind, key}`; the answer has `poster` |
    | `show_clips` | message | to kernel | `{id, kind, key}`; the answer has `added`, a number |
    | `templates` | message | to kernel | `{id, kind}`; the answer has `built_in`, `own` |
    | `template_save` | message | to kernel | `{id, kind, name, prompt}`; answer: `templates` |
    | `template_delete` | message | to kernel | `{id, kind, name}`; answered like `templates` |
    | `preview` | message | to kernel | `{id, kind, prompt, seconds}`; answer: a `chunk` |
    | `ok`, `error` | message | to page | one answer to each other: `{id, kind}`, `{..., error}` |

    The draft's traits can be set in Python too. A frame's pieces are buffers of at most 4 MiB under
    one id.

    status     {kind, text, code, values}: kind is idle, busy, error or done; the page words `code`
               where it can
    frames     {} for none, {name, width, height, bytes, thumbnail, url}, or {error, code, values}
               for a refused one, with crop: {width, height, thumbnail} where its ratio was refused
    references  [{kind, name, width, height, seconds, bytes, thumbnail, url, called}]: `called` is
               its name in the prompt; behind them {name, error, code, values} of refused files
    catalogue  [{name, title, simulated, key_variables: [...], models: [...]}]: see
               `studio_catalogue`
    problems   [{targets, field, severity, code, texts: [{values, message}], changes}], errors
               first, the same at several targets once: see `problem_list.ProblemInfo`
    support    {targets, resolutions, durations, range, cells: [{resolution, duration, makes,
               problems}]}: see `support.SupportInfo`
    plan       {clips, variants, prompts: [...], costs: [{target, simulated, count, each, sum, date,
               source}], total: {money, unknown}, existing, spent: {clips, money, unknown} or null,
               limit: {max_cost, max_clips, used, used_cost, over, message} or null, rest:
               {targets, clips, left_out, total, limit} or null}, without the targets that cannot
               be sent; `prompts` where `{a|b}` made several; `over` is "", "clips", "cost" or
               "unknown"
    camera     {prompt, findings: [{code, start, end, cures: [...], values}], prose, brackets,
               sent_as_prose}: of this prompt; see `camera_notes`
    version    {prompt, number, parent, baseline}: of this prompt; see `VersionNote`
    entries    a `HistoryEntry` each, newest first

    prompt     the text in the editor at first
    targets    which targets are ticked at first; each provider's default model if None
    generate   called with a Draft that has no error and breaks no limit; has to post it somewhere
               and return
    count_existing  how many clips of a draft there are already
    history    of the prompts that were sent; None has none
    templates  where the user's own templates are kept; None keeps none
    spent      what was paid for before, for the reader to know
    open_clips how many clips of the ledger are not over and not shown with this studio
    resume     goes on with those; returns how many
    limits     of clips and cost, and what is used of them
    ask_above  the page asks before it sends more clips than that at once
    """

    _esm: ClassVar[str] = script("prompt_studio.js", "studio", "common")
    _css: ClassVar[Path] = STATIC / "prompt_studio.css"

    moves = traitlets.List(traitlets.Dict()).tag(sync=True)
    catalogue = traitlets.List(traitlets.Dict()).tag(sync=True)
    problems = traitlets.List(traitlets.Dict()).tag(sync=True)
    support = traitlets.Dict().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)
    camera = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    first_frame = traitlets.Dict().tag(sync=True)
    last_frame = traitlets.Dict().tag(sync=True)
    references = traitlets.List(traitlets.Dict()).tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    targets = traitlets.List(traitlets.Unicode()).tag(sync=True)
    resolution = traitlets.Unicode("768P").tag(sync=True)
    duration = traitlets.Int(6).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    takes = traitlets.Int(1, min=1, max=MAX_TAKES).tag(sync=True)
    order = traitlets.Int(0).tag(sync=True)
    version = traitlets.Dict().tag(sync=True)
    baseline = traitlets.Int(0, min=0).tag(sync=True)
    open_clips = traitlets.Int(0).tag(sync=True)
    edits = traitlets.Int(0).tag(sync=True)
    checked = traitlets.Int(0).tag(sync=True)
    running = traitlets.Int(0).tag(sync=True)
    ask_above = traitlets.Int(ASK_ABOVE, min=0).tag(sync=True)

    def __init__(
        self,
        catalogue: Iterable[Mapping[str, Any]],
        *,
        prompt: str = "",
        targets: Sequence[str] | None = None,
        generate: Callable[[Draft], None],
        count_existing: Callable[[Draft], int] = lambda _draft: 0,
        history: History | None = None,
        templates: Templates | None = None,
        spent: Callable[[], Costs] = tuple,
        limits: Callable[[], Limits] = Limits,
        open_clips: Callable[[], int] = int,
        resume: Callable[[], int] = int,
        ask_above: int = ASK_ABOVE,
        language: str = "",
    ) -> None:
        self._lock = threading.RLock()
        self._count_existing, self._spent, self._limits = count_existing, spent, limits
        self._open_clips, self._history = open_clips, history
        self._frames = FrameSlots()
        self._references = ReferenceSlots()
        self._loading: int | None = None  # the thread that sets several traits at once
        self._refreshes = 0
        entries = [dict(entry) for entry in catalogue]
        super().__init__(
            moves=[asdict(move) for move in moves()],
            catalogue=entries,
            prompt=prompt,
            targets=list(_default_targets(entries) if targets is None else targets),
            options=dict.fromkeys(option_names()),
            status={"kind": "idle", "text": ""},
            ask_above=ask_above,
            language=language,
        )
        self._requests = StudioRequests(
            self,
            self._frames,
            self._references,
            generate=generate,
            limits=limits,
            history=history,
            templates=templates,
            resume=resume,
        )
        answer_requests(self, self._requests.handlers, orders=self._requests.orders)
        self.observe(self._on_draft_change, [*_PAGE_TRAITS, "baseline"])
        self.refresh()

    def set_status(
        self, kind: StatusKind, text: str = "", *, code: str = "", **values: str | int
    ) -> None:
        """Show one line beside the Generate button: the page's words for `studio.status.<code>`
        with these values, else the text. Any thread may call it."""
        with self._lock:
            self.status = {"kind": kind, "text": text, "code": code, "values": values}

    def set_running(self, count: int) -> None:
        """Show how many clips are being made. Any thread may call it."""
        with self._lock:
            self.running = count

    def draft(self) -> Draft:
        """What is in the studio now, as far as the page has sent it."""
        with self._lock:
            return Draft.of(
                {name: getattr(self, name) for name in _PAGE_TRAITS},
                self._frames.frame("first"),
                self._frames.frame("last"),
                self._references.references,
            )

    def set_frame(self, slot: Slot, source: Any) -> None:
        """Set the slot "first" or "last" to anything that `Frame.of` takes, or empty it with None.

        Raises FrameError.
        """
        self._frames.set(slot, None if source is None else Frame.of(source))
        self.show_frames()

    def set_references(self, sources: Iterable[Any]) -> None:
        """Set the references to these, each anything that `Reference.of` takes. Raises
        FrameError."""
        self._references.set([Reference.of(one) for one in sources])
        self.show_references()

    def load(self, settings: Settings) -> None:
        """Put settings into the editor; what is not among them stays.

        settings  prompt, targets ("provider/model"), resolution, duration, options, takes, and
                  first_frame and last_frame as anything `Frame.of` takes, or None; references as
                  a list of what `Reference.of` takes
        A target that is not offered here becomes its simulated twin, or the real one; without
        either it is left out. Raises FrameError; nothing is changed then.
        """
        given: Mapping[str, object] = {**settings}
        traits = {name: given[name] for name in _PAGE_TRAITS if name in given}
        frames: dict[Slot, Frame | None] = {}
        for slot in SLOTS:
            if (name := f"{slot}_frame") in given:
                frames[slot] = None if given[name] is None else Frame.of(given[name])
        references = [Reference.of(one) for one in settings.get("references", ())]
        if "targets" in settings:
            traits["targets"] = self.offered(settings["targets"]) or self.targets
        if "options" in settings:
            traits["options"] = {name: settings["options"].get(name) for name in option_names()}
        with self._one_refresh(), self.hold_sync():
            for slot, frame in frames.items():
                self._frames.set(slot, frame)
            if "references" in settings:
                self._references.set(references)
                self.set_trait("references", self._references.infos())
            for name, value in traits.items():
                self.set_trait(name, value)
        self.show_frames()

    def offered(self, targets: Iterable[str]) -> list[str]:
        """Those of these targets ("provider/model") that can be chosen here, or their twins."""
        known = {
            str(ProviderRef.parse(entry["name"]).with_model(model["name"]))
            for entry in self.catalogue
            for model in entry["models"]
        }
        refs = map(ProviderRef.parse, targets)
        twins = ((ref, replace(ref, simulated=not ref.simulated)) for ref in refs)
        found = (next((str(one) for one in both if str(one) in known), None) for both in twins)
        return list(dict.fromkeys(name for name in found if name is not None))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Set what the page sent. Two writers would lose updates, so this holds the lock; the
        refresh comes after it, without it."""
        try:
            with self._one_refresh():
                super().set_state(sync_data)
        except Exception as error:  # also of somebody's observer
            _log.debug("the state from the page was not taken", exc_info=True)
            self._refuse(error)
        self.refresh()

    @contextmanager
    def _one_refresh(self) -> Iterator[None]:
        """Hold the lock, and let no change of a trait in this thread refresh by itself."""
        with self._lock:
            self._loading = threading.get_ident()
            try:
                yield
            finally:
                self._loading = None

    def _refuse(self, error: Exception) -> None:
        text = f"The page sent something unexpected: {error}"
        self.set_status("error", text, code="unexpected", error=str(error))

    def _on_draft_change(self, _change: object) -> None:
        if self._loading != threading.get_ident():
            self.refresh()

    def refresh(self) -> None:
        """Bring problems, plan and limits up to date. Any thread may call it; the newest call
        wins."""
        with self._lock:
            self._refreshes += 1
            number, edits = self._refreshes, self.edits
        try:
            draft = self.draft()
        except (ValueError, LookupError, AttributeError) as error:
            self._refuse(error)
            return
        problems, wrong = list_problems(draft)
        grid = support(draft)
        notes = camera_notes(draft)
        existing = _tried(lambda: self._count_existing(draft) if draft.targets else 0, 0)
        spent: Costs = _tried(self._spent, ())
        plan = make_plan(draft, existing, limits=self._limits(), spent=spent, wrong=wrong)
        open_clips = _tried(self._open_clips, 0)
        version: dict[str, Any] = _tried(lambda: self._version(draft), {})
        with self._lock:
            if number == self._refreshes:
                self.open_clips = open_clips
                self.problems = [dict(problem) for problem in problems]
                self.support = dict(grid)
                self.plan = dict(plan)
                self.camera = dict(notes)
                self.version = version
                self.checked = edits

    def show_frames(self) -> None:
        """Send what the page shows of both frames, and check the draft again."""
        with self._lock:
            for slot in SLOTS:
                self.set_trait(f"{slot}_frame", self._frames.info(slot))
        self.refresh()

    def show_references(self) -> None:
        """Send what the page shows of the references, and check the draft again."""
        with self._lock:
            self.set_trait("references", self._references.infos())
        self.refresh()

    def _version(self, draft: Draft) -> dict[str, Any]:
        """Of a prompt with alternatives as it is written: none of them alone is the draft."""
        if self._history is None or not draft.prompt.strip():
            return {}
        prompts = draft.prompts()
        sent = prompts[0] if len(prompts) == 1 else draft.prompt
        return {"prompt": draft.prompt, **self._history.note(sent, self.baseline)}


def _tried(read: Callable[[], T], otherwise: T) -> T:
    """What is read, or else what is shown where that fails."""
    try:
        return read()
    except Exception:
        _log.debug("something beside the draft could not be read", exc_info=True)
        return otherwise


def _default_targets(catalogue: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        str(ProviderRef.parse(entry["name"]).with_model(model["name"]))
        for entry in catalogue
        for model in entry["models"]
        if model["default"]
    ]
