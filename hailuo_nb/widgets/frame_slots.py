"""The two frames of a studio: taken in, refused with a reason, cropped, swapped, and shown as plain
data.

Knows frames; must not know the wire or the draft. Its owner holds the lock.
"""

from __future__ import annotations

from typing import Any, Literal

from hailuo_nb.errors import FrameError
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.crop import cropped

Slot = Literal["first", "last"]
Facts = dict[str, Any]


class FrameSlots:
    """`facts[slot]` is what the page shows: {} for none, {error, code, values, crop} for a refused
    picture, else {name, width, height, bytes, thumbnail, url}."""

    def __init__(self) -> None:
        self._frames: dict[Slot, Frame | None] = {"first": None, "last": None}
        self._offered: dict[Slot, Frame | None] = {"first": None, "last": None}
        self.facts: dict[Slot, Facts] = {"first": {}, "last": {}}

    def frame(self, slot: Slot) -> Frame | None:
        return self._frames[slot]

    def put(self, slot: Slot, frame: Frame | None) -> None:
        self._frames[slot], self._offered[slot] = frame, None
        self.facts[slot] = frame_facts(frame)

    def take(self, slot: Slot, source: bytes | str, name: str = "") -> None:
        """Take in what the page sent: the bytes of a file, or a link or file name.

        What is refused leaves the slot empty and raises FrameError; a ratio that is refused can be
        cropped.
        """
        try:
            frame = Frame.of(source, name)
        except FrameError as error:
            self.put(slot, None)
            self.facts[slot] = {"error": str(error), "code": error.code, "values": error.values}
            if error.code == "ratio":
                self._offer(slot, source, name)
            raise
        self.put(slot, frame)

    def _offer(self, slot: Slot, source: bytes | str, name: str) -> None:
        try:
            part = cropped(source, name)
        except FrameError:  # its short side is too short as well
            return
        self._offered[slot] = part
        self.facts[slot]["crop"] = {
            "width": part.width,
            "height": part.height,
            "thumbnail": part.thumbnail(),
        }

    def crop(self, slot: Slot) -> None:
        """Take the picture that was refused for its ratio, cut to the nearest one. Raises
        ValueError."""
        part = self._offered[slot]
        if part is None:
            raise ValueError("there is no picture to crop any more; choose it again")
        self.put(slot, part)

    def swap(self) -> None:
        self._frames = {"first": self._frames["last"], "last": self._frames["first"]}
        self._offered = {"first": self._offered["last"], "last": self._offered["first"]}
        self.facts = {"first": self.facts["last"], "last": self.facts["first"]}


def frame_facts(frame: Frame | None) -> Facts:
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
