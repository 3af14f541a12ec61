"""The two frames of a studio: taken in, refused with a reason, cropped, swapped, and shown as plain data.

Knows frames; must not know the wire or the draft. Its owner holds the lock.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from hailuo_nb.frame import Frame, FrameError
from hailuo_nb.widgets.crop import box, cropped

Slot = Literal["first", "last"]
Facts = dict[str, Any]


class Slots:
    """`facts[slot]` is what the page shows: {} for none, {error, code, values, crop} for a refused picture, else
    {name, width, height, bytes, thumbnail, url}."""

    def __init__(self) -> None:
        self._frames: dict[Slot, Frame | None] = {"first": None, "last": None}
        self._refused: dict[Slot, tuple[bytes | Path, str] | None] = {"first": None, "last": None}
        self.facts: dict[Slot, Facts] = {"first": {}, "last": {}}

    def frame(self, slot: Slot) -> Frame | None:
        return self._frames[slot]

    def put(self, slot: Slot, frame: Frame | None) -> None:
        self._frames[slot], self._refused[slot] = frame, None
        self.facts[slot] = frame_facts(frame)

    def take(self, slot: Slot, source: bytes | str, name: str = "") -> None:
        """Take in what the page sent: the bytes of a file, or a link or file name.

        What is refused leaves the slot empty and raises FrameError; a ratio that is refused can be cropped.
        """
        try:
            frame = _named(source, name) if isinstance(source, bytes) else Frame.of(source)
        except FrameError as error:
            kept = source if isinstance(source, bytes) else Path(source)
            self.put(slot, None)
            self.facts[slot] = {"error": str(error), "code": error.code, "values": error.values}
            if error.code == "ratio":
                self._refused[slot] = (kept, name or Path(str(source)).name)
                left, top, right, bottom = box(error.values["width"], error.values["height"])
                self.facts[slot]["crop"] = {
                    "width": right - left,
                    "height": bottom - top,
                    "thumbnail": _preview(kept, name),
                }
            raise
        self.put(slot, frame)

    def crop(self, slot: Slot) -> None:
        """Take the picture that was refused for its ratio, cut to the nearest one. Raises FrameError, ValueError."""
        refused = self._refused[slot]
        if refused is None:
            raise ValueError("there is no picture to crop any more; choose it again")
        self.put(slot, cropped(*refused))

    def swap(self) -> None:
        self._frames = {"first": self._frames["last"], "last": self._frames["first"]}
        self._refused = {"first": self._refused["last"], "last": self._refused["first"]}
        self.facts = {"first": self.facts["last"], "last": self.facts["first"]}


def _preview(source: bytes | Path, name: str) -> str:
    try:
        return cropped(source, name).thumbnail()
    except FrameError:
        return ""


def _named(data: bytes, name: str) -> Frame:
    try:
        return replace(Frame.of(data), name=name)
    except FrameError as error:  # it calls them "bytes"; the person knows the file's name
        text = str(error)
        values = {**error.values, **({"name": name} if "name" in error.values else {})}
        told = f"{name}{text.removeprefix('bytes')}" if text.startswith("bytes ") else text
        raise FrameError(told, error.code, **values) from None


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
