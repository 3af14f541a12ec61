"""PromptStudio: prompt, camera moves, targets, resolution, duration, frames and takes, as one
widget.

Carries a draft between page and kernel; what is wrong with one is `draft.py`. Must not know
engines, jobs or ledgers: everything that does is handed in as a callback.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import anywidget
import traitlets

from hailuo_nb.errors import FrameError
from hailuo_nb.ordering.budget import Costs
from hailuo_nb.pages.assets import STATIC, messages
from hailuo_nb.prompts import camera
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.provider_ref import ProviderRef
from hailuo_nb.widgets import share_link
from hailuo_nb.widgets.draft import MAX_TAKES, OPTIONS, Draft, Limits, find_problems, make_plan
from hailuo_nb.widgets.frame_slots import FrameSlots, Slot
from hailuo_nb.widgets.moves_preview import MovesPreview, PreviewRequest
from hailuo_nb.widgets.prompt_templates import Templates, built_in
from hailuo_nb.widgets.uploads import Uploads
from hailuo_nb.widgets.wire import Reply

__all__ = ["Draft", "PromptStudio"]

_log = logging.getLogger(__name__)

_PAGE_TRAITS = ("prompt", "targets", "resolution", "duration", "options", "takes")
_SLOTS: tuple[Slot, Slot] = ("first", "last")

_FRAME_KINDS = ("frame", "frame_url", "frame_clear", "frame_crop", "frame_fit", "frame_swap")
_TEMPLATE_KINDS = ("templates", "template_save", "template_delete")

StatusKind = Literal["idle", "busy", "error", "done"]


def _no_recall(_key: str) -> Mapping[str, Any]:
    raise ValueError("there is no history here")


class PromptStudio(anywidget.AnyWidget):
    """A prompt with camera moves, and everything that is to be decided before it is sent.

    What crosses the wire ("page" traits are written in the page 250 ms after the last change):

    | name | kind | direction | when, and what |
    | --- | --- | --- | --- |
    | `moves` | trait | to page | once: the fifteen moves |
    | `catalogue` | trait | to page | once: providers, models, what each makes |
    | `messages` | trait | to page | once: the words in every language |
    | `problems` | trait | to page | the draft changed: what is wrong, its cure |
    | `plan` | trait | to page | the draft changed: clips, cost, takes there |
    | `status` | trait | to page | `say`: `{kind, text, code, values}` |
    | `first_frame`, `last_frame` | trait | to page | a frame came or went; see below |
    | `language` | trait | both | the reader's choice; "" takes the page's |
    | `prompt`, `targets`, `resolution`, `duration`, `options`, `takes` | trait | both | the draft |
    | `generate` | message | to kernel | `{id, kind, draft}`: traits may lag behind |
    | `frame` | message | to kernel | `{id, kind, slot, name, seq, last, size}`, 4 MiB |
    | `frame_url` | message | to kernel | `{id, kind, slot, url}`: https link or path |
    | `frame_clear`, `frame_crop` | message | to kernel | `{id, kind, slot}`; crop: the refused |
    | `frame_fit` | message | to kernel | `{id, kind, slot}`: as small as targets need |
    | `frame_swap` | message | to kernel | `{id, kind}`: first and last change places |
    | `share` | message | to kernel | `{id, kind, form, draft}`: "link" or "python" |
    | `history` | message | to kernel | `{id, kind}`; the answer has `entries` |
    | `recall` | message | to kernel | `{id, kind, key}`: all settings of an entry |
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
    catalogue  [{name, title, simulated, key_variables: [...], models: [{name, default, first_frame,
               last_frame, prompt_limit, cells: [{resolution, duration, assumed, sent_as}],
               switches: [...]}]}]; `sent_as` where the provider sells another resolution under that
               name, else ""
    problems   [{target, field, message, severity, code, values, changes}]; the page words `code`
               with `values`, and shows `message` where it has no words; `changes` are page traits
               to set, a frame null to take it away, "fitted" to make it smaller; `target` in it
               stands for another model
    plan       {clips, variants, prompts: [...], costs: [{target, simulated, count, each, sum, date,
               source}], total: {money, unknown}, existing, spent: {clips, money, unknown} or null,
               limit: {max_cost, max_clips, used, used_cost, over, message} or null}; `prompts`
               where `{a|b}` made several; `over` is "", "clips", "cost" or "unknown"
    entries    [{key, prompt, targets, resolution, duration, options, first_frame, last_frame,
               clips, at}], newest first; frames as their identities, `at` in Unix seconds

    prompt     what stands in the editor at first
    targets    which targets are ticked at first; each provider's default model if None
    generate   called with a Draft that has no error and breaks no limit; has to post it somewhere
               and return
    taken      how many clips of this draft there are already
    history    the entries above; None hides the history
    recall     the settings of an entry by its key, frames as Frame or None; see `load`
    templates  where the user's own templates are kept; None keeps none
    spent      what was paid for before, for the reader to know
    limits     what may be asked for in all
    """

    _esm: ClassVar[Path] = STATIC / "prompt_studio.js"
    _css: ClassVar[Path] = STATIC / "prompt_studio.css"

    moves = traitlets.List(traitlets.Dict()).tag(sync=True)
    catalogue = traitlets.List(traitlets.Dict()).tag(sync=True)
    messages = traitlets.Dict().tag(sync=True)
    problems = traitlets.List(traitlets.Dict()).tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    first_frame = traitlets.Dict().tag(sync=True)
    last_frame = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    targets = traitlets.List(traitlets.Unicode()).tag(sync=True)
    resolution = traitlets.Unicode("768P").tag(sync=True)
    duration = traitlets.Int(6).tag(sync=True)
    options = traitlets.Dict().tag(sync=True)
    takes = traitlets.Int(1, min=1, max=MAX_TAKES).tag(sync=True)

    def __init__(
        self,
        catalogue: Iterable[Mapping[str, Any]],
        *,
        prompt: str = "",
        targets: Sequence[str] | None = None,
        generate: Callable[[Draft], None],
        taken: Callable[[Draft], int] = lambda _draft: 0,
        history: Callable[[], list[dict[str, Any]]] = list,
        recall: Callable[[str], Mapping[str, Any]] = _no_recall,
        templates: Templates | None = None,
        spent: Callable[[], Costs] = tuple,
        limits: Callable[[], Limits] = Limits,
        language: str = "",
    ) -> None:
        self._lock = threading.RLock()
        self._generate, self._taken, self._spent, self._limits = generate, taken, spent, limits
        self._history, self._recall, self._templates = history, recall, templates
        self._slots = FrameSlots()
        self._uploads = Uploads()
        self._moves_preview = MovesPreview()
        self._receiving: int | None = None  # the thread that takes in state from the page
        self._checks = 0
        entries = [dict(entry) for entry in catalogue]
        super().__init__(
            moves=[asdict(move) for move in camera.moves()],
            catalogue=entries,
            messages=messages("common", "studio"),
            prompt=prompt,
            targets=list(_default_targets(entries) if targets is None else targets),
            options=dict.fromkeys(OPTIONS),
            status={"kind": "idle", "text": ""},
            language=language,
        )
        self.observe(self._on_draft_change, list(_PAGE_TRAITS))
        self.on_msg(self._on_message)
        self.refresh()

    def say(self, kind: StatusKind, text: str = "", *, code: str = "", **values: str | int) -> None:
        """Show one line beside the Generate button; `studio.status.<code>` with its values comes
        before the text.

        Any thread may call it.
        """
        with self._lock:
            self.status = {"kind": kind, "text": text, "code": code, "values": values}

    def draft(self) -> Draft:
        """What stands in the studio now, as far as the page has sent it."""
        with self._lock:
            return Draft.of(
                {name: getattr(self, name) for name in _PAGE_TRAITS},
                self._slots.frame("first"),
                self._slots.frame("last"),
            )

    def set_frame(self, slot: Slot, source: Any) -> None:
        """Put a frame into the slot "first" or "last": anything `Frame.of` takes, None to take it
        away.

        Raises FrameError.
        """
        frame = None if source is None else Frame.of(source)
        with self._lock:
            self._slots.put(slot, frame)
        self._show_frames()

    def load(self, settings: Mapping[str, Any]) -> None:
        """Put settings back into the editor; what is not among them stays.

        settings  prompt, targets ("provider/model"), resolution, duration, options, takes, and
                  first_frame and last_frame as anything `Frame.of` takes, or None
        A target that is not offered here becomes its simulated twin, or the real one; without
        either it is left out. Raises FrameError; nothing is changed then.
        """
        given = {name: settings[name] for name in _PAGE_TRAITS if name in settings}
        frames: dict[Slot, Frame | None] = {}
        for slot in _SLOTS:
            if (name := f"{slot}_frame") in settings:
                frames[slot] = None if settings[name] is None else Frame.of(settings[name])
        if "targets" in given:
            given["targets"] = self._offered(given["targets"]) or self.targets
        if "options" in given:
            given["options"] = {name: given["options"].get(name) for name in OPTIONS}
        with self._lock:
            for slot, frame in frames.items():
                self._slots.put(slot, frame)
            self._receiving = threading.get_ident()
            try:
                with self.hold_sync():
                    for name, value in given.items():
                        self.set_trait(name, value)
            finally:
                self._receiving = None
        self._show_frames()

    def _offered(self, targets: Iterable[str]) -> list[str]:
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
        """State from the page, under the lock: two writers lose updates. The checks come after it,
        without it."""
        try:
            with self._lock:
                self._receiving = threading.get_ident()
                try:
                    super().set_state(sync_data)
                finally:
                    self._receiving = None
        except traitlets.TraitError as error:
            self._refuse(error)
        self.refresh()

    def _refuse(self, error: Exception) -> None:
        self.say(
            "error",
            f"The page sent something unexpected: {error}",
            code="unexpected",
            error=str(error),
        )

    def _on_draft_change(self, _change: object) -> None:
        if self._receiving != threading.get_ident():
            self.refresh()

    def refresh(self) -> None:
        """Bring problems, cost and limits up to date. Any thread may call it; the newest call
        wins."""
        with self._lock:
            self._checks += 1
            number = self._checks
        try:
            draft = self.draft()
        except (ValueError, LookupError, AttributeError) as error:
            self._refuse(error)
            return
        found = find_problems(draft)
        plan = make_plan(draft, self._count(draft), limits=self._limits(), spent=self._paid())
        with self._lock:
            if number == self._checks:
                self.problems = found
                self.plan = plan

    def _count(self, draft: Draft) -> int:
        try:
            return self._taken(draft) if draft.targets else 0
        except Exception:
            _log.debug("the takes there are could not be counted", exc_info=True)
            return 0

    def _paid(self) -> Costs:
        try:
            return self._spent()
        except Exception:
            _log.debug("what was spent could not be read", exc_info=True)
            return ()

    def _on_message(self, _widget: object, content: Any, buffers: Sequence[Any]) -> None:
        reply = Reply(self, content)
        if not reply.expected:
            return
        try:
            self._answer(reply, content, buffers)
        except (
            Exception
        ) as error:  # a traceback here is seen by nobody, and the page would wait for ever
            _log.debug("a request of the page failed", exc_info=True)
            reply.error(str(error) or type(error).__name__)

    def _answer(self, reply: Reply, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        kind = reply.kind
        if kind == "generate":
            self._start(reply, content["draft"])
        elif kind in _FRAME_KINDS:
            self._take_frame(reply, content, buffers)
        elif kind == "preview":
            wish = PreviewRequest(content["prompt"], content["seconds"], self._slots.frame("first"))
            self._moves_preview.ask(reply, wish)
        elif kind == "share":
            draft = Draft.of(
                content["draft"], self._slots.frame("first"), self._slots.frame("last")
            )
            write = share_link.to_link if content["form"] == "link" else share_link.as_python
            reply.send({"kind": "ok", "text": write(draft)})
        elif kind == "history":
            reply.send({"kind": "history", "entries": self._history()})
        elif kind == "recall":
            self.load(self._recall(str(content["key"])))
            reply.ok()
        elif kind in _TEMPLATE_KINDS:
            self._template(reply, content)
        else:
            raise ValueError(f"The studio does not know the request {kind!r}.")

    def _start(self, reply: Reply, given: Mapping[str, Any]) -> None:
        draft = Draft.of(given, self._slots.frame("first"), self._slots.frame("last"))
        wrong = [problem for problem in find_problems(draft) if problem["severity"] == "error"]
        limit = None if wrong else make_plan(draft, 0, limits=self._limits())["limit"]
        if not draft.targets:
            reply.error("Choose at least one provider.")
        elif wrong:
            reply.error(" ".join(f"{problem['target']}: {problem['message']}" for problem in wrong))
        elif limit and limit["over"]:
            reply.error(limit["message"])
        else:
            try:
                self._generate(draft)
            except Exception as error:  # shown to the person who pressed the button
                self.say("error", f"Nothing was sent: {error}", code="not_sent", error=str(error))
                reply.error(str(error))
                return
            reply.ok()
            self.refresh()

    def _take_frame(self, reply: Reply, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        slot = content.get("slot")
        if reply.kind == "frame_swap":
            with self._lock:
                self._slots.swap()
        elif slot not in _SLOTS:
            raise ValueError(f"there is no frame {slot!r}")
        elif not self._fill(reply, slot, content, buffers):
            return  # more is to come; the last piece gets the answer
        self._show_frames()
        reply.ok()

    def _fill(
        self, reply: Reply, slot: Slot, content: Mapping[str, Any], buffers: Sequence[Any]
    ) -> bool:
        """Do what the page asked of one slot; False while pieces are missing. Raises ValueError,
        which is shown."""
        try:
            if reply.kind == "frame":
                data = self._uploads.add(content, buffers[0] if buffers else b"")
                if data is None:
                    return False
                with self._lock:
                    self._slots.take(slot, data, str(content.get("name", "")))
            elif reply.kind == "frame_url":
                with self._lock:
                    self._slots.take(slot, str(content.get("url", "")))
            elif reply.kind == "frame_crop":
                with self._lock:
                    self._slots.crop(slot)
            else:
                smaller = (
                    self.draft().fitted(f"{slot}_frame") if reply.kind == "frame_fit" else None
                )
                with self._lock:
                    self._slots.put(slot, smaller)
        except ValueError as error:  # FrameError is one
            with self._lock:
                if self._slots.facts[slot].get("error") != str(error):
                    self._slots.put(slot, None)
                    told = (
                        {"code": error.code, "values": error.values}
                        if isinstance(error, FrameError)
                        else {}
                    )
                    self._slots.facts[slot] = {"error": str(error), **told}
            self._show_frames()
            raise
        return True

    def _show_frames(self) -> None:
        with self._lock:
            for slot in _SLOTS:
                self.set_trait(f"{slot}_frame", self._slots.facts[slot])
        self.refresh()

    def _template(self, reply: Reply, content: Mapping[str, Any]) -> None:
        if reply.kind != "templates" and self._templates is None:
            raise ValueError("templates are not kept here")
        if self._templates is not None and reply.kind == "template_save":
            self._templates.save(content["name"], content["prompt"])
        elif self._templates is not None and reply.kind == "template_delete":
            self._templates.delete(str(content["name"]))
        own = self._templates.all() if self._templates is not None else []
        reply.send({"kind": "templates", "built_in": list(built_in()), "own": own})


def _default_targets(catalogue: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        str(ProviderRef.parse(entry["name"]).with_model(model["name"]))
        for entry in catalogue
        for model in entry["models"]
        if model["default"]
    ]
