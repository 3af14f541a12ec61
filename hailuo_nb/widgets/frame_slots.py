"""The first and last frame of a studio: set, refused with a reason, cropped, swapped."""

from __future__ import annotations

import threading
from typing import Any, Literal

from hailuo_nb.errors import FrameError
from hailuo_nb.media import images
from hailuo_nb.requests import frame_source
from hailuo_nb.requests.frame import Frame

Slot = Literal["first", "last"]
FrameInfo = dict[str, Any]
SLOTS: tuple[Slot, Slot] = ("first", "last")


class FrameSlots:
    """Two frames, and what the page shows of them. Any thread may call a method.

    An info is {} for no frame, {name, width, height, bytes, thumbnail, url} for one, or {error,
    code, values} for a refused image, with crop: {width, height, thumbnail} where only its ratio
    was refused.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: dict[Slot, Frame | None] = {"first": None, "last": None}
        self._crops: dict[Slot, Frame | None] = {"first": None, "last": None}
        self._infos: dict[Slot, FrameInfo] = {"first": {}, "last": {}}

    def frame(self, slot: Slot) -> Frame | None:
        return self._frames[slot]

    def info(self, slot: Slot) -> FrameInfo:
        return self._infos[slot]

    def set(self, slot: Slot, frame: Frame | None) -> None:
        self._store(slot, frame, frame_info(frame))

    def load(self, slot: Slot, source: bytes | str, name: str = "") -> None:
        """Set what the page sent: the bytes of a file, or a link or file name.

        Raises FrameError for an image that is refused; the slot is empty then.
        """
        try:
            frame = Frame.of(source, name)
        except FrameError as error:
            self.refuse(slot, error, _crop_of(source, name) if error.code == "ratio" else None)
            raise
        self.set(slot, frame)

    def refuse(self, slot: Slot, error: ValueError, crop: Frame | None = None) -> None:
        """Empty the slot and show why; `crop` is what `crop` would set instead."""
        info: FrameInfo = {"error": str(error)}
        if isinstance(error, FrameError):
            info |= {"code": error.code, "values": error.values}
        if crop is not None:
            size = {"width": crop.width, "height": crop.height}
            info["crop"] = {**size, "thumbnail": crop.thumbnail()}
        self._store(slot, None, info, crop)

    def crop(self, slot: Slot) -> None:
        """Set the image that was refused for its ratio, cropped to the nearest one. Raises
        ValueError."""
        crop = self._crops[slot]
        if crop is None:
            raise ValueError("there is no image to crop any more; choose it again")
        self.set(slot, crop)

    def swap(self) -> None:
        with self._lock:
            self._frames = {"first": self._frames["last"], "last": self._frames["first"]}
            self._crops = {"first": self._crops["last"], "last": self._crops["first"]}
            self._infos = {"first": self._infos["last"], "last": self._infos["first"]}

    def _store(
        self, slot: Slot, frame: Frame | None, info: FrameInfo, crop: Frame | None = None
    ) -> None:
        with self._lock:
            self._frames[slot], self._crops[slot], self._infos[slot] = frame, crop, info


def frame_info(frame: Frame | None) -> FrameInfo:
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


def crop_box(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) in pixels of the largest centred part whose ratio is 2:5 to
    5:2."""
    longest = min(width, height) * 5 // 2
    crop_width, crop_height = min(width, longest), min(height, longest)
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    return left, top, left + crop_width, top + crop_height


def cropped(source: bytes | str, name: str = "") -> Frame:
    """The frame of that part of an image, upright. Raises FrameError."""
    found = frame_source.read_source(source)
    name = name or found.name
    if found.image is not None:
        image = images.normalize(found.image, name)
    else:
        image = images.decode(found.data, name)
    return Frame.of(image.crop(crop_box(*image.size)), name)


def _crop_of(source: bytes | str, name: str) -> Frame | None:
    try:
        return cropped(source, name)
    except FrameError:  # its short side is too short as well
        return None
