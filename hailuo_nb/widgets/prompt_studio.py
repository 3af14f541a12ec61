"""PromptStudio: prompt, camera moves, targets, resolution, duration, frames and takes, as one widget.

Knows what a request is and what is wrong with one (`compat`, `pricing`, `frame`); must not know engines, jobs or
ledgers: `generate` and `taken` are callbacks.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import anywidget
import traitlets

from hailuo_nb import camera, compat, pricing
from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.request import VideoRequest
from hailuo_nb.widgets.uploads import Uploads
from hailuo_nb.widgets.wire import STATIC, Reply, messages

_log = logging.getLogger(__name__)

SIMULATED = "simulated:"
OPTIONS = ("prompt_optimizer", "fast_pretreatment", "watermark")
MOST_TAKES = 20
_PAGE_TRAITS = ("prompt", "targets", "resolution", "duration", "options", "takes")
# What one click can change: fields of a request whose nearest value the page can set by itself.
_MENDABLE = ("prompt", "model", "resolution", "duration", "first_frame", "last_frame", *OPTIONS)

Slot = Literal["first", "last"]
StatusKind = Literal["idle", "busy", "error", "done"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the studio at one moment.

    targets  ("simulated:ppinfra/MiniMax-Hailuo-02", ...), provider and model
    options  prompt_optimizer, fast_pretreatment, watermark; None leaves the provider's default
    takes    clips of each target
    """

    prompt: str = ""
    targets: tuple[str, ...] = ()
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    options: Mapping[str, bool | None] = field(default_factory=dict)
    takes: int = 1

    def requests(self) -> list[tuple[str, VideoRequest]]:
        """One request a target, in their order, with the name of its provider. Takes are not multiplied out."""
        return [(name, request) for name, request in map(self._request, self.targets)]

    def _request(self, target: str) -> tuple[str, VideoRequest]:
        name, _, model = target.partition("/")
        request = VideoRequest(
            prompt=self.prompt,
            model=model,
            resolution=self.resolution,
            duration=self.duration,
            first_frame=self.first_frame,
            last_frame=self.last_frame,
            **{name: self.options.get(name) for name in OPTIONS},
        )
        return name, request

    @classmethod
    def of(cls, given: Mapping[str, Any], first_frame: Frame | None, last_frame: Frame | None) -> Draft:
        """A draft from what the page sent. Raises ValueError or TypeError for what is no draft."""
        options = {name: given["options"].get(name) for name in OPTIONS}
        if any(value not in (True, False, None) for value in options.values()):
            raise ValueError(f"an option is true, false or null: {options}")
        return cls(
            prompt=str(given["prompt"]),
            targets=tuple(dict.fromkeys(str(target) for target in given["targets"])),
            resolution=str(given["resolution"]),
            duration=int(given["duration"]),
            first_frame=first_frame,
            last_frame=last_frame,
            options=options,
            takes=max(1, min(MOST_TAKES, int(given["takes"]))),
        )


class PromptStudio(anywidget.AnyWidget):
    """A prompt with camera moves, and everything that is to be decided before it is sent.

    What crosses the wire ("page" traits are written in the page 250 ms after the last change):

    | name                       | kind    | direction      | when                                                  |
    |----------------------------|---------|----------------|-------------------------------------------------------|
    | `moves`                    | trait   | kernel -> page | once: the fifteen moves                               |
    | `catalogue`                | trait   | kernel -> page | providers, models, what each makes; see below         |
    | `messages`                 | trait   | kernel -> page | once: the words of the studio in every language       |
    | `problems`                 | trait   | kernel -> page | after a change of the draft: what is wrong, and the cure |
    | `plan`                     | trait   | kernel -> page | after a change of the draft: clips, cost, takes there are |
    | `status`                   | trait   | kernel -> page | `say`: `{kind: idle, busy, error or done, text}`      |
    | `first_frame`, `last_frame`| trait   | kernel -> page | a frame came or went: `{}`, `{error}` or its facts    |
    | `language`                 | trait   | both           | the reader's choice; "" takes the page's              |
    | `prompt`, `targets`, `resolution`, `duration`, `options`, `takes` | trait | page -> kernel, or set in Python | the draft |
    | `generate`                 | message | page -> kernel | `{id, kind, draft}`; the draft comes along, as traits may lag |
    | `frame`                    | message | page -> kernel | `{id, kind, slot, name, seq, last, size}` + one buffer of at most 4 MiB |
    | `frame_url`                | message | page -> kernel | `{id, kind, slot, url}`: an https link, or a path beside the notebook |
    | `frame_clear`              | message | page -> kernel | `{id, kind, slot}`                                    |
    | `ok`, `error`              | message | kernel -> page | the one answer to each: `{id, kind: "ok"}`, `{id, kind: "error", error}` |

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
                {name: getattr(self, name) for name in _PAGE_TRAITS}, self._frames["first"], self._frames["last"]
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

    def _take_frame(self, reply: Reply, slot: Slot, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
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
        f"{entry['name']}/{model['name']}" for entry in catalogue for model in entry["models"] if model["default"]
    ]


def _named_frame(data: bytes, name: str) -> Frame:
    try:
        return replace(Frame.of(data), name=name)
    except FrameError as error:  # it calls them "bytes"; the person knows the file's name
        text = str(error)
        raise FrameError(f"{name}{text.removeprefix('bytes')}" if text.startswith("bytes ") else text) from None


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


def problems_of(draft: Draft) -> list[dict[str, Any]]:
    """What `compat.check` says about each target, with the change of the draft that would cure it, or None.

    Remarks on the camera commands are left out: the page makes them itself, at once and in the reader's language.
    """
    found = []
    camera_rules = {finding.rule for finding in camera.lint(draft.prompt)}
    for target, (name, request) in zip(draft.targets, draft.requests(), strict=True):
        for problem in _check(name, request):
            if problem.code in camera_rules:
                continue
            found.append(
                {
                    "target": target,
                    "field": problem.field,
                    "message": problem.message,
                    "severity": problem.severity,
                    "code": problem.code,
                    "changes": _cure(name, request, problem),
                }
            )
    return found


def _check(name: str, request: VideoRequest) -> list[compat.Problem]:
    try:
        return compat.check(request, name.removeprefix(SIMULATED))
    except compat.UnknownName as error:
        return [compat.Problem("model", str(error), "error", "unknown_name", None)]


def _cure(name: str, request: VideoRequest, problem: compat.Problem) -> dict[str, Any] | None:
    """The traits to set in the page; None where the page cannot help.

    `nearest` mends everything at once. One click mends one thing: the first single change that makes this problem go.
    """
    if problem.nearest is None:
        return None
    new = {field_name: getattr(problem.nearest, field_name) for field_name in _MENDABLE}
    changes = {field_name: value for field_name, value in new.items() if value != getattr(request, field_name)}
    for field_name in sorted(changes, key=lambda one: one != problem.field):
        rest = _check(name, request.but(**{field_name: changes[field_name]}))
        if problem.code not in {other.code for other in rest}:
            changes = {field_name: changes[field_name]}
            break
    if any(isinstance(value, Frame) for value in changes.values()):
        return None
    if "model" in changes:
        changes["target"] = f"{name}/{changes.pop('model')}"
    return changes or None


def plan_of(draft: Draft, existing: int) -> dict[str, Any]:
    """How many clips this draft asks for and what they cost by the list; a simulated clip costs nothing."""
    costs = []
    prices: list[pricing.Price] = []
    for target, (name, request) in zip(draft.targets, draft.requests(), strict=True):
        simulated = name.startswith(SIMULATED)
        text, detail = "free (simulated)", ""
        if not simulated:
            price = _price(request, name)
            prices += [price] * draft.takes
            text = price.text if draft.takes == 1 else f"{draft.takes} × {price.text}"
            detail = ", ".join(part for part in (price.date, price.source) if part)
        costs.append({"target": target, "text": text, "detail": detail, "simulated": simulated})
    known = any(price.amount is not None for price in prices)
    total = pricing.total(prices) if known else "cost unknown" if prices else "free (simulated)" if costs else ""
    return {"clips": len(draft.targets) * draft.takes, "costs": costs, "total": total, "existing": existing}


def _price(request: VideoRequest, provider: str) -> pricing.Price:
    try:
        return pricing.estimate(request, provider)
    except ValueError as error:  # the user's own price file cannot be read; say so instead of another price
        return pricing.Price(None, source=str(error))
