"""What is measured: half-second windows with rates, facts of the file, and their JSON.

Pure data; must not know how it was measured (`passing`, `geometry`) or what was asked for
(`verdicts`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Any

VERSION = "1"
"""Of the measurement: results of another version are measured again."""
_MAX_WINDOWS = 10_000
_KINDS: Mapping[str, frozenset[type]] = {
    "float": frozenset({float, int}), "float | "
                                      "None": frozenset({float, int, type(None)}),
                                      "int": frozenset({int}),
    "str": frozenset({str}), "bool": frozenset({bool}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one of the sixteen hypotheses says of one window (see `geometry`): score 0..1, rates a
    second, spread 0..1.

    rates  pan right, tilt up (picture widths), zoom in (log), then the translation as it shows:
           right, down (widths), forward (log)
    """

    score: float
    rates: tuple[float, ...]
    spread: float


@dataclass(frozen=True, slots=True)
class Window:
    """Half a second of a clip. Directions are the camera's: pan right makes the picture go left.

    start, end   seconds from the first picture
    pan, tilt    picture widths a second, right and up positive, as if the camera only turned and
                 zoomed; for a lens of 58 degrees 0.1 is about 6 degrees a second
    roll         degrees a second, clockwise positive
    zoom         percent a second, in positive
    translation  the direction of travel (right, down, forward; length 1), or None where no parallax
                 was seen
    depth        0..1: how unlike near and far go when the camera travels; 0 where no parallax was
                 seen
    fit          0..1: the share of the picture that one rigid scene and one camera explain; not a
                 quality of the clip
    motion       picture widths a second, the median way of the corners; the camera's and the
                 things' together
    shake        picture widths a second, RMS of what is left of the motion without its steady part
    points       corners that could be followed; under `MIN_POINTS` nothing is judged
    note         why nothing can be told here, else empty
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
    """Cheap facts of one clip, from one decode pass. None: could not be measured.

    Source of all: the decoded pictures (grey, 480 pixels on the longer side) and the MP4 header,
    measured here.
    """

    width: int
    """Pixels, as the file says; not what was asked for."""
    height: int
    """Pixels, as the file says."""
    fps: float
    """Pictures a second on average; a file with uneven pictures has the mean."""
    frames: int
    """Pictures that could be decoded. JobSpec for are fps x seconds; fewer do not mean that motion
    is missing."""
    duration: float
    """Seconds from the first picture to the end of the last."""
    codec: str
    """FFmpeg's name of the video codec."""
    audio: bool
    """Whether there is a sound track; it may be silent."""
    uneven: bool
    """Whether pictures stand for unlike times (variable frame rate)."""
    motion: float | None
    """Picture widths a second, 0 and up: median speed of corners, mean over the clip. Camera and
    things together: much is not good, little is not bad."""
    flicker: float | None
    """Grey levels, 0 to 255: mean of |second difference| of the picture's mean brightness. A real
    light that blinks counts too; local flicker does not."""
    sharpness: float | None
    """Standard deviation of the Laplacian at 480 pixels, grey levels, median over the clip. Depends
    on the motif: compare clips of one prompt only."""
    sharpness_drop: float | None
    """0 to 1: 1 - (10 % quantile / median) of the sharpness. A focus that moves on purpose counts
    too."""
    freeze: float
    """Seconds of the longest run of pictures that differ by less than 0.15 grey levels on average.
    A static shot of a still motif is a freeze as well."""
    black: int
    """Pictures with a mean brightness below 17 of 255. A night scene may count."""
    cuts: tuple[float, ...]
    """Seconds at which the picture becomes another from one frame to the next; dissolves are not
    found."""
    loop_seam: float | None
    """SSIM (-1 to 1) of the first and the last picture: 1 loops without a seam. A static clip
    always has about 1."""
    first_frame: float | None
    """SSIM (-1 to 1) of the first picture to the frame that was sent, after a small shift, turn and
    scale. None where none was sent. Below 0.9 another crop is as likely as another picture."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured clip: its windows, its facts, and notes on what could not be measured and why."""

    windows: tuple[Window, ...]
    facts: Facts
    notes: tuple[str, ...] = ()
    version: str = field(default=VERSION)

    def __iter__(self) -> Any:
        return iter(self.windows)

    def __repr__(self) -> str:
        facts = self.facts
        told = "".join(f"; {note}" for note in self.notes)
        return (
            f"Measurement({len(self.windows)} windows, {facts.duration:.1f} s, "
            f"{facts.width}x{facts.height}{told})"
        )

    def __len__(self) -> int:
        return len(self.windows)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Measurement:
        """What `to_json` wrote. Raises ValueError for anything else."""
        try:
            data = json.loads(text)
            windows = tuple(_window(item) for item in data["windows"][:_MAX_WINDOWS])
            facts = Facts(**{**_known(Facts, data["facts"]), "cuts": tuple(data["facts"]["cuts"])})
            return cls(windows, facts, tuple(data["notes"]), str(data["version"]))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"this is no measurement of a clip: {error}") from None


def _window(data: Mapping[str, Any]) -> Window:
    known = _known(Window, data)
    known["evidence"] = tuple(
        Evidence(item["score"], tuple(item["rates"]), item["spread"]) for item in data["evidence"]
    )
    if known["translation"] is not None:
        x, y, z = known["translation"]
        known["translation"] = (x, y, z)
    return Window(**known)


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass, each of its kind: what is read may have been written by a
    stranger."""
    found = {item.name: data[item.name] for item in fields(kind)}
    for item in fields(kind):
        kinds, value = _KINDS.get(str(item.type)), found[item.name]
        if kinds is not None and (
            type(value) not in kinds or (type(value) is float and not isfinite(value))
        ):
            raise TypeError(f"{item.name} is {type(value).__name__}")
    return found
