"""The result of a measurement, and its JSON: half-second windows with rates, and facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Any

VERSION = "1"
"""Stored results of another version are measured again."""
_MAX_WINDOWS = 10_000
_JSON_TYPES: Mapping[str, frozenset[type]] = {
    "float": frozenset({float, int}),
    "float | None": frozenset({float, int, type(None)}),
    "int": frozenset({int}),
    "str": frozenset({str}),
    "bool": frozenset({bool}),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one of the sixteen hypotheses fits a window (see `geometry`).

    score   0..1
    rates   per second: pan right, tilt up (frame widths), zoom in (log), then the translation on
            screen: right, down (widths), forward (log)
    spread  0..1: how different the depths are
    """

    score: float
    rates: tuple[float, ...]
    spread: float


@dataclass(frozen=True, slots=True)
class Window:
    """Half a second of a clip. Directions are the camera's: a pan right moves the image left.

    start, end   seconds from the first frame
    pan, tilt    frame widths per second, right and up positive, if the camera only rotated and
                 zoomed; for a lens of 58 degrees 0.1 is about 6 degrees per second
    roll         degrees per second, clockwise positive
    zoom         percent per second, in positive
    translation  unit vector of travel (right, down, forward), or None without parallax
    depth        0..1: how differently near and far points move; 0 without parallax
    fit          0..1: the share of the image that one rigid scene and one camera explain; not the
                 clip's quality
    motion       frame widths per second: median speed of the corners, of camera and objects
    shake        frame widths per second: RMS of the motion without its steady part
    points       corners that could be tracked; with fewer than `MIN_POINTS` nothing is judged
    note         why nothing was measured here, else ""
    """

    start: float
    end: float
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 0.0
    translation: tuple[float, float, float] | None = None
    depth: float = 0.0
    fit: float = 0.0
    motion: float = 0.0
    shake: float = 0.0
    points: int = 0
    note: str = ""
    lens_gain: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    @property
    def seconds(self) -> float:
        return self.end - self.start


MIN_POINTS = 16


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties of a clip from one decoding pass; None if one could not be measured.

    Source: the decoded frames (grey, 480 pixels on the longer side) and the MP4 header.
    """

    width: int
    """Pixels, from the file; not what was requested."""
    height: int
    """Pixels, from the file."""
    fps: float
    """Mean frames per second."""
    frames: int
    """Frames that could be decoded. Fewer than requested need not mean less motion."""
    duration: float
    """Seconds from the first frame to the end of the last."""
    codec: str
    """FFmpeg's name of the video codec."""
    audio: bool
    """Whether there is an audio track; it may be silent."""
    uneven: bool
    """Whether the frame rate varies."""
    motion: float | None
    """Frame widths per second: median speed of the corners, mean over the clip. Of camera and
    objects: much is not good, little is not bad."""
    flicker: float | None
    """Grey levels, 0 to 255: mean |second difference| of the frame's mean brightness. A blinking
    light counts too; local flicker does not."""
    sharpness: float | None
    """Standard deviation of the Laplacian at 480 pixels, grey levels, median over the clip. Depends
    on the subject: compare clips of one prompt only."""
    sharpness_drop: float | None
    """0 to 1: 1 - (10 % quantile / median) of the sharpness. Deliberate focus pulls count too."""
    freeze: float
    """Seconds of the longest run of frames that differ by less than 0.15 grey levels on average. A
    static shot of a still subject counts too."""
    black: int
    """Frames with a mean brightness below 17 of 255. A night scene may count."""
    cuts: tuple[float, ...]
    """Times in seconds of hard cuts; dissolves are not found."""
    loop_seam: float | None
    """SSIM (-1 to 1) of the first and the last frame: 1 loops seamlessly. A static clip always has
    about 1."""
    first_frame: float | None
    """SSIM (-1 to 1) of the first frame and the frame that was sent, aligned by a small shift,
    rotation and scale. None if none was sent. Below 0.9 another crop is as likely as another
    image."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured clip: windows, facts, and notes on what could not be measured and why."""

    windows: tuple[Window, ...]
    facts: Facts
    notes: tuple[str, ...] = ()
    version: str = field(default=VERSION)

    def __iter__(self) -> Iterator[Window]:
        return iter(self.windows)

    def __repr__(self) -> str:
        facts = self.facts
        notes = "".join(f"; {note}" for note in self.notes)
        return (
            f"Measurement({len(self.windows)} windows, {facts.duration:.1f} s, "
            f"{facts.width}x{facts.height}{notes})"
        )

    def __len__(self) -> int:
        return len(self.windows)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Measurement:
        """Parses `to_json`'s text. Raises ValueError."""
        try:
            data = json.loads(text)
            windows = tuple(_window(item) for item in data["windows"][:_MAX_WINDOWS])
            facts = _checked_fields(Facts, data["facts"])
            facts["cuts"] = tuple(facts["cuts"])
            return cls(windows, Facts(**facts), tuple(data["notes"]), str(data["version"]))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"this is no measurement of a clip: {error}") from None


def _window(data: Mapping[str, Any]) -> Window:
    values = _checked_fields(Window, data)
    values["evidence"] = tuple(
        Evidence(item["score"], tuple(item["rates"]), item["spread"]) for item in data["evidence"]
    )
    if values["translation"] is not None:
        x, y, z = values["translation"]
        values["translation"] = (x, y, z)
    return Window(**values)


def _checked_fields(cls: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields of a dataclass, with their types checked: the data is untrusted."""
    found = {item.name: data[item.name] for item in fields(cls)}
    for item in fields(cls):
        types, value = _JSON_TYPES.get(str(item.type)), found[item.name]
        if types is not None and (
            type(value) not in types or (type(value) is float and not isfinite(value))
        ):
            raise TypeError(f"{item.name} is {type(value).__name__}")
    return found
