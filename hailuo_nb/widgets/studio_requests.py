"""The answers of a PromptStudio to its page: one handler for each kind of request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from hailuo_nb.errors import FrameError
from hailuo_nb.widgets import share_link
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.draft_checks import fitted_frame, reason_not_to_send, taken_references
from hailuo_nb.widgets.draft_plan import Limits
from hailuo_nb.widgets.frame_slots import SLOTS, FrameSlots, Slot
from hailuo_nb.widgets.moves_preview import MovesPreview, PreviewRequest
from hailuo_nb.widgets.orders import Again, Orders
from hailuo_nb.widgets.prompt_templates import Templates, built_in
from hailuo_nb.widgets.python_code import compare_call
from hailuo_nb.widgets.reference_slots import ReferenceSlots
from hailuo_nb.widgets.uploads import Chunk, Uploads
from hailuo_nb.widgets.wire import Answer, Handler, Reply, Request, StudioRequest

if TYPE_CHECKING:
    from hailuo_nb.widgets.history import History
    from hailuo_nb.widgets.prompt_studio import PromptStudio


_ORDERS = {StudioRequest.GENERATE, StudioRequest.RESUME}
"""What may cost money: a clip that was planned and surely not sent is sent when it goes on."""


class StudioRequests:
    """`handlers` is the table; `PromptStudio` says what each request holds and is answered with."""

    def __init__(
        self,
        studio: PromptStudio,
        frames: FrameSlots,
        references: ReferenceSlots,
        *,
        generate: Callable[[Draft], None],
        limits: Callable[[], Limits],
        history: History | None,
        templates: Templates | None,
        resume: Callable[[], int],
    ) -> None:
        self._studio = studio
        self._frames, self._references = frames, references
        self.generate, self._limits = generate, limits
        self._sent, self._own_templates = history, templates
        self._resume_open = resume
        self.orders = Orders(lambda request: request.kind in _ORDERS, self._again)
        self._last: tuple[Draft, float] | None = None  # what was asked for last, and when
        self._uploads = Uploads()
        self._moves_preview = MovesPreview()
        self.handlers: dict[str, Handler] = {
            StudioRequest.GENERATE: self._generate,
            StudioRequest.RESUME: self._resume,
            StudioRequest.FRAME: self._frame,
            StudioRequest.FRAME_URL: self._frame_url,
            StudioRequest.FRAME_CLEAR: self._frame_clear,
            StudioRequest.FRAME_CROP: self._frame_crop,
            StudioRequest.FRAME_FIT: self._frame_fit,
            StudioRequest.FRAME_SWAP: self._frame_swap,
            StudioRequest.REFERENCE: self._reference,
            StudioRequest.REFERENCE_URL: self._reference_url,
            StudioRequest.REFERENCE_REMOVE: self._reference_remove,
            StudioRequest.REFERENCE_FIT: self._reference_fit,
            StudioRequest.SHARE: self._share,
            StudioRequest.HISTORY: self._history,
            StudioRequest.RECALL: self._recall,
            StudioRequest.HISTORY_POSTER: self._history_poster,
            StudioRequest.SHOW_CLIPS: self._show_clips,
            StudioRequest.TEMPLATES: self._templates,
            StudioRequest.TEMPLATE_SAVE: self._template_save,
            StudioRequest.TEMPLATE_DELETE: self._template_delete,
            StudioRequest.PREVIEW: self._preview,
        }

    def _draft(self, request: Request) -> Draft:
        return Draft.of(
            request.object("draft"),
            self._frames.frame("first"),
            self._frames.frame("last"),
            self._references.references,
        )

    def _generate(self, request: Request, reply: Reply) -> None:
        draft = self._draft(request)
        if reason := reason_not_to_send(draft, self._limits()):
            reply.error(reason)
            return
        try:
            self.generate(draft)
        except Exception as error:  # shown to the person who pressed the button
            self._studio.set_status(
                "error", f"Nothing was sent: {error}", code="not_sent", error=str(error)
            )
            reply.error(str(error))
            return
        self._last = draft, time.monotonic()
        reply.ok()
        self._studio.refresh()

    def _again(self, request: Request) -> Again | None:
        """What was asked for before, where this is the same draft still."""
        if request.kind != StudioRequest.GENERATE or self._last is None:
            return None
        draft = self._draft(request)
        if self._last[0] != draft:
            return None
        return {"count": draft.clips(), "seconds": int(time.monotonic() - self._last[1])}

    def _resume(self, _request: Request, reply: Reply) -> None:
        count = self._resume_open()
        self._studio.set_status("done", f"{count} open clips go on", code="resumed", count=count)
        reply.ok()
        self._studio.refresh()

    def _change_frame(
        self, request: Request, reply: Reply, change: Callable[[Slot], object]
    ) -> None:
        """Change one slot, or show why not. A change that returns False is not finished yet and has
        no answer."""
        slot = _slot(request)
        try:
            if change(slot) is False:
                return
        except ValueError as error:  # FrameError is one
            if self._frames.info(slot).get("error") != str(error):
                self._frames.refuse(slot, error)
            self._studio.show_frames()
            raise
        self._studio.show_frames()
        reply.ok()

    def _frame(self, request: Request, reply: Reply) -> None:
        def add(slot: Slot) -> bool:
            chunk = Chunk.parse(request)
            data = self._uploads.add(chunk)
            if data is not None:
                self._frames.load(slot, data, chunk.name)
            return data is not None

        self._change_frame(request, reply, add)

    def _frame_url(self, request: Request, reply: Reply) -> None:
        url = request.text("url")
        self._change_frame(request, reply, lambda slot: self._frames.load(slot, url))

    def _frame_clear(self, request: Request, reply: Reply) -> None:
        self._change_frame(request, reply, lambda slot: self._frames.set(slot, None))

    def _frame_crop(self, request: Request, reply: Reply) -> None:
        self._change_frame(request, reply, self._frames.crop)

    def _frame_fit(self, request: Request, reply: Reply) -> None:
        def fit(slot: Slot) -> None:
            self._frames.set(slot, fitted_frame(self._studio.draft(), f"{slot}_frame"))

        self._change_frame(request, reply, fit)

    def _frame_swap(self, _request: Request, reply: Reply) -> None:
        self._frames.swap()
        self._studio.show_frames()
        reply.ok()

    def _change_references(self, reply: Reply, change: Callable[[], object]) -> None:
        """Change the list, or show why not; a change that returns False is not finished yet."""
        try:
            if change() is False:
                return
        finally:
            self._studio.show_references()
        reply.ok()

    def _reference(self, request: Request, reply: Reply) -> None:
        def add() -> bool:
            chunk = Chunk.parse(request)
            try:
                data = self._uploads.add(chunk)
            except FrameError as error:  # too large, at its first piece
                self._references.refuse(chunk.name, error)
                raise
            if data is not None:
                self._references.load(data, chunk.name)
            return data is not None

        self._change_references(reply, add)

    def _reference_url(self, request: Request, reply: Reply) -> None:
        url = request.text("url")
        self._change_references(reply, lambda: self._references.load(url))

    def _reference_remove(self, request: Request, reply: Reply) -> None:
        at = request.fields.get("at")
        one_or_all = (
            (lambda: self._references.set(()))
            if at is None
            else (lambda: self._references.remove(int(request.number("at"))))
        )
        self._change_references(reply, one_or_all)

    def _reference_fit(self, _request: Request, reply: Reply) -> None:
        taken = taken_references(self._studio.draft())
        self._change_references(reply, lambda: self._references.set(taken))

    def _share(self, request: Request, reply: Reply) -> None:
        as_link = request.text("form") == "link"
        write = share_link.to_link if as_link else compare_call
        reply.ok(text=write(self._draft(request)))

    def _history(self, _request: Request, reply: Reply) -> None:
        entries = self._sent.entries(self._studio.baseline) if self._sent else []
        reply.send(Answer.HISTORY, {"entries": entries})
        self._studio.refresh()  # the versions were read anew

    def _recall(self, request: Request, reply: Reply) -> None:
        self._studio.load(self._history_kept().recalled(request.text("key")))
        reply.ok()

    def _history_poster(self, request: Request, reply: Reply) -> None:
        reply.ok(poster=self._history_kept().poster(request.text("key")))

    def _show_clips(self, request: Request, reply: Reply) -> None:
        reply.ok(added=self._history_kept().show(request.text("key")))

    def _history_kept(self) -> History:
        if self._sent is None:
            raise ValueError("there is no history here")
        return self._sent

    def _templates(self, _request: Request, reply: Reply) -> None:
        own = self._own_templates.all() if self._own_templates is not None else []
        reply.send(Answer.TEMPLATES, {"built_in": list(built_in()), "own": own})

    def _template_save(self, request: Request, reply: Reply) -> None:
        self._kept_templates().save(request.text("name"), request.text("prompt"))
        self._templates(request, reply)

    def _template_delete(self, request: Request, reply: Reply) -> None:
        self._kept_templates().delete(request.text("name"))
        self._templates(request, reply)

    def _kept_templates(self) -> Templates:
        if self._own_templates is None:
            raise ValueError("templates are not kept here")
        return self._own_templates

    def _preview(self, request: Request, reply: Reply) -> None:
        wanted = PreviewRequest(
            request.text("prompt"), request.number("seconds"), self._frames.frame("first")
        )
        self._moves_preview.request(reply, wanted)


def _slot(request: Request) -> Slot:
    slot = request.fields.get("slot")
    for known in SLOTS:
        if slot == known:
            return known
    raise ValueError(f"there is no frame {slot!r}")
