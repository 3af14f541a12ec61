"""PromptStudio: prompt, camera moves, targets, resolution, duration, frames and takes, as one widget.

Carries a draft between page and kernel; what is wrong with one is `draft.py`. Must not know engines, jobs or ledgers:
`generate` and `taken` are callbacks.
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

from hailuo_nb import camera
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.widgets.draft import MOST_TAKES, OPTIONS, Draft, plan_of, problems_of
from hailuo_nb.widgets.uploads import Uploads
from hailuo_nb.widgets.wire import STATIC, Reply, messages

__all__ = ["Draft", "PromptStudio"]

_log = logging.getLogger(__name__)

_PAGE_TRAITS = ("prompt", "targets", "resolution", "duration", "options", "takes")

Slot = Literal["first", "last"]
StatusKind = Literal["idle", "busy", "error", "done"]


class PromptStudio(anywidget.AnyWidget):
    """A prompt with camera moves, and everything that is to be decided before it is sent.

    What crosses the wire ("page" traits are written in the page 250 ms after the last change):

    | name                        | kind    | direction      | when, and what                                |
    |-----------------------------|---------|----------------|-----------------------------------------------|
    | `moves`                     | trait   | kernel -> page | once: the fifteen moves                       |
    | `catalogue`                 | trait   | kernel -> page | once: providers, models, what each makes      |
    | `messages`                  | trait   | kernel -> page | once: the words in every language             |
    | `problems`                  | trait   | kernel -> page | the draft changed: what is wrong, its cure    |
    | `plan`                      | trait   | kernel -> page | the draft changed: clips, cost, takes there   |
    | `status`                    | trait   | kernel -> page | `say`: `{kind, text}`; kind idle, busy, error, done |
    | `first_frame`, `last_frame` | trait   | kernel -> page | a frame came or went: `{}`, `{error}`, its facts |
    | `language`                  | trait   | both           | the reader's choice; "" takes the page's      |
    | `prompt`, `targets`, `resolution`, `duration`, `options`, `takes` | trait | page -> kernel | the draft |
    | `generate`                  | message | page -> kernel | `{id, kind, draft}`: traits may lag behind    |
    | `frame`                     | message | page -> kernel | `{id, kind, slot, name, seq, last, size}`, 4 MiB |
    | `frame_url`                 | message | page -> kernel | `{id, kind, slot, url}`: https link or path   |
    | `frame_clear`               | message | page -> kernel | `{id, kind, slot}`                            |
    | `ok`, `error`               | message | kernel -> page | one answer to each: `{id, kind}`, `{..., error}` |

    The draft's traits can be set in Python too. A frame's pieces are buffers of at most 4 MiB under one id.

    catalogue  [{name, title, simulated, key_hint, models: [{name, default, first_frame, last_frame,
               cells: [{resolution, duration, assumed, note}], switches: [...]}]}]
    problems   [{target, field, message, severity, code, changes}]; `changes` are page traits to set, null for a
               frame to take away; `target` in it stands for another model
    plan       {clips, costs: [{target, text, detail, simulated}], total, existing}

    prompt     what stands in the editor at first
    targets    which targets are ticked at first; each provider's default model if None
    generate   called with a Draft that has no error; has to post it somewhere and return
    taken      how many clips of this draft there are already
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
    takes = traitlets.Int(1, min=1, max=MOST_TAKES).tag(sync=True)

    def __init__(
        self,
        catalogue: Iterable[Mapping[str, Any]],
        *,
        prompt: str = "",
        targets: Sequence[str] | None = None,
        generate: Callable[[Draft], None],
        taken: Callable[[Draft], int] = lambda _draft: 0,
        language: str = "",
    ) -> None:
        self._lock = threading.RLock()
        self._generate = generate
        self._taken = taken
        self._frames: dict[Slot, Frame | None] = {"first": None, "last": None}
        self._uploads = Uploads()
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
        self._recheck()

    def say(self, kind: StatusKind, text: str) -> None:
        """Show one line beside the Generate button. Any thread may call it."""
        with self._lock:
            self.status = {"kind": kind, "text": text}

    def draft(self) -> Draft:
        """What stands in the studio now, as far as the page has sent it."""
        with self._lock:
            return Draft.of(
                {name: getattr(self, name) for name in _PAGE_TRAITS},
                self._frames["first"],
                self._frames["last"],
            )

    def set_frame(self, slot: Slot, source: Any) -> None:
        """Put a frame into the slot "first" or "last": anything `Frame.of` takes, None to take it away.

        Raises FrameError.
        """
        frame = None if source is None else Frame.of(source)
        self._show_frame(slot, frame, _frame_facts(frame))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """State from the page, under the lock: two writers lose updates. The checks come after it, without it."""
        try:
            with self._lock:
                self._receiving = threading.get_ident()
                try:
                    super().set_state(sync_data)
                finally:
                    self._receiving = None
        except traitlets.TraitError as error:
            self.say("error", f"The page sent something unexpected: {error}")
        self._recheck()

    def _on_draft_change(self, _change: object) -> None:
        if self._receiving != threading.get_ident():
            self._recheck()

    def _recheck(self) -> None:
        """Bring `problems` and `plan` up to date. The newest call wins, whichever thread ends last."""
        with self._lock:
            self._checks += 1
            number = self._checks
            draft = self.draft()
        found = problems_of(draft)
        plan = plan_of(draft, self._count(draft))
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

    def _on_message(self, _widget: object, content: Any, buffers: Sequence[Any]) -> None:
        reply = Reply(self, content)
        if not reply.expected:
            return
        try:
            self._answer(reply, content, buffers)
        except Exception as error:  # a traceback here is seen by nobody, and the page would wait for ever
            _log.debug("a request of the page failed", exc_info=True)
            reply.error(str(error) or type(error).__name__)

    def _answer(self, reply: Reply, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        if reply.kind == "generate":
            self._start(reply, content["draft"])
        elif reply.kind in ("frame", "frame_url", "frame_clear"):
            slot = content.get("slot")
            if slot not in ("first", "last"):
                raise ValueError(f"there is no frame {slot!r}")
            self._take_frame(reply, slot, content, buffers)
        else:
            raise ValueError(f"The studio does not know the request {reply.kind!r}.")

    def _start(self, reply: Reply, given: Mapping[str, Any]) -> None:
        draft = Draft.of(given, self._frames["first"], self._frames["last"])
        wrong = [problem for problem in problems_of(draft) if problem["severity"] == "error"]
        if not draft.targets:
            reply.error("Choose at least one provider.")
        elif wrong:
            reply.error(" ".join(f"{problem['target']}: {problem['message']}" for problem in wrong))
        else:
            try:
                self._generate(draft)
            except Exception as error:  # shown to the person who pressed the button
                self.say("error", f"Nothing was sent: {error}")
                reply.error(str(error))
                return
            reply.ok()
            self._recheck()

    def _take_frame(
        self, reply: Reply, slot: Slot, content: Mapping[str, Any], buffers: Sequence[Any]
    ) -> None:
        try:
            frame = None
            if reply.kind == "frame":
                data = self._uploads.add(content, buffers[0] if buffers else b"")
                if data is None:
                    return  # more is to come; the last piece gets the answer
                frame = _named_frame(data, str(content.get("name", "")))
            elif reply.kind == "frame_url":
                frame = Frame.of(str(content.get("url", "")))
        except ValueError as error:  # FrameError is one
            self._show_frame(slot, None, {"error": str(error)})
            reply.error(str(error))
            return
        self._show_frame(slot, frame, _frame_facts(frame))
        reply.ok()

    def _show_frame(self, slot: Slot, frame: Frame | None, facts: dict[str, Any]) -> None:
        with self._lock:
            self._frames[slot] = frame
            self.set_trait(f"{slot}_frame", facts)
        self._recheck()


def _default_targets(catalogue: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        f"{entry['name']}/{model['name']}"
        for entry in catalogue
        for model in entry["models"]
        if model["default"]
    ]


def _named_frame(data: bytes, name: str) -> Frame:
    try:
        return replace(Frame.of(data), name=name)
    except FrameError as error:  # it calls them "bytes"; the person knows the file's name
        text = str(error)
        raise FrameError(
            f"{name}{text.removeprefix('bytes')}" if text.startswith("bytes ") else text
        ) from None


def _frame_facts(frame: Frame | None) -> dict[str, Any]:
    if frame is None:
        return {}
    return {
        "name": frame.name,
        "width": frame.width,
        "height": frame.height,
        "bytes": None if frame.data is None else len(frame.data),
        "thumbnail": frame.thumbnail(),
        "url": frame.url,
    }
