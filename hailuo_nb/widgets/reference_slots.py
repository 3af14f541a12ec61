"""The references of a studio: added, refused with a reason, removed; what the page shows."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from hailuo_nb.errors import FrameError
from hailuo_nb.requests.reference import KINDS, Reference, prompt_names, references_of

ReferenceInfo = dict[str, Any]


class ReferenceSlots:
    """A list of references, each kind together, and what was refused. Any thread may call a method.

    An info is {kind, name, width, height, seconds, bytes, thumbnail, url, called}, where `called`
    is the reference's name in the prompt, or {name, error, code, values} for a refused file; these
    stand behind the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: list[tuple[Reference, ReferenceInfo]] = []
        self._refused: list[ReferenceInfo] = []

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(reference for reference, _ in self._items)

    def infos(self) -> list[ReferenceInfo]:
        with self._lock:
            called = prompt_names(reference for reference, _ in self._items)
            infos = [info for _, info in self._items]
            return [
                *({**info, "called": name} for info, name in zip(infos, called, strict=True)),
                *self._refused,
            ]

    def set(self, references: Iterable[Reference]) -> None:
        """These alone; what is here already is not drawn again."""
        known = dict(self._items)
        made = [(one, known.get(one) or _info(one)) for one in references]
        with self._lock:
            self._items, self._refused = _in_order(made), []

    def load(self, source: bytes | str, name: str = "") -> None:
        """Add what the page sent: the bytes of a file, or a link or file name. Raises FrameError
        for one that is refused, which is shown as such."""
        try:
            made = references_of([*self.references, Reference.of(source, name=name)])[-1]
            item = (made, _info(made))
        except FrameError as error:
            self.refuse(name or (source if isinstance(source, str) else ""), error)
            raise
        with self._lock:
            self._items = _in_order([*self._items, item])

    def refuse(self, name: str, error: FrameError) -> None:
        """Show why a file is none."""
        info = {"name": name, "error": str(error), "code": error.code, "values": error.values}
        with self._lock:
            self._refused.append(info)

    def remove(self, at: int) -> None:
        """Take away what stands at this place of `infos`. Raises ValueError."""
        with self._lock:
            count = len(self._items)
            if not 0 <= at < count + len(self._refused):
                raise ValueError("there is no such reference any more")
            if at < count:
                self._items.pop(at)
            else:
                self._refused.pop(at - count)


def _in_order(
    items: list[tuple[Reference, ReferenceInfo]],
) -> list[tuple[Reference, ReferenceInfo]]:
    """Each kind together, as in a request."""
    return sorted(items, key=lambda item: KINDS.index(item[0].kind))


def _info(reference: Reference) -> ReferenceInfo:
    return {
        "kind": reference.kind,
        "name": reference.name,
        "width": reference.width,
        "height": reference.height,
        "seconds": reference.seconds,
        "bytes": None if reference.data is None else len(reference.data),
        "thumbnail": reference.thumbnail(),
        "url": reference.url,
    }
