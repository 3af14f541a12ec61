"""VideoRequest: what one clip should be, in the user's one vocabulary.

Pure. Must not know who can make it (`compat`), how a provider spells it (`providers`) or what it
costs (`pricing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hailuo_nb.errors import ArgumentError
from hailuo_nb.requests import arguments, identity
from hailuo_nb.requests.frame import Frame

MODELS = ("MiniMax-Hailuo-02", "MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast")
"""Models by MiniMax's own names, used for every provider, whatever it calls them itself."""

RESOLUTIONS = ("512P", "720P", "768P", "1080P")
DURATIONS = (6, 10)
_MAX_LINES = 10_000
_MAX_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """One clip: everything but the provider and the take.

    prompt            text, counted in code points
    model             one of `MODELS`
    resolution        "768P", "1080P" ("512P" and "720P" are words we know and no provider here
                      sells)
    duration          seconds
    first_frame       the image that the clip starts from, or None
    last_frame        the image that the clip ends on, or None
    prompt_optimizer  let the provider rewrite the prompt; None leaves the provider's default (on)
    fast_pretreatment a quicker rewrite; None leaves the default (off)
    watermark         the provider's AI mark in the picture; None leaves the default (off)
    """

    prompt: str
    model: str
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    prompt_optimizer: bool | None = None
    fast_pretreatment: bool | None = None
    watermark: bool | None = None

    def but(self, **changes: Any) -> VideoRequest:
        """The same request with some fields changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain data without image bytes: a frame stands as its identity (link or hash), and as
        its source where that is another."""
        frames = {"first_frame": self.first_frame, "last_frame": self.last_frame}
        sources = {
            f"{name}_source": frame.source
            for name, frame in frames.items()
            if frame is not None and frame.source not in {"", frame.identity}
        }
        return {
            "prompt": self.prompt,
            "model": self.model,
            "resolution": self.resolution,
            "duration": self.duration,
            "first_frame": self.first_frame.identity if self.first_frame else None,
            "last_frame": self.last_frame.identity if self.last_frame else None,
            "prompt_optimizer": self.prompt_optimizer,
            "fast_pretreatment": self.fast_pretreatment,
            "watermark": self.watermark,
            **sources,
        }

    @classmethod
    def from_json(
        cls, data: Mapping[str, Any], frame: Callable[[str | None], Frame | None]
    ) -> VideoRequest:
        """What `to_json` gave, with `frame(identity)` bringing the frames back."""
        given, frames = dict(data), {}
        for name in ("first_frame", "last_frame"):
            source = given.pop(f"{name}_source", None)
            found = frame(data[name])
            frames[name] = replace(found, source=source) if found and source else found
        return cls(**{**given, **frames})

    @property
    def fingerprint(self) -> str:
        """Two requests with the same fingerprint ask for the same clip (see `identity`)."""
        return identity.fingerprints(self)[0]

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprint, and the others under which a ledger may have the same clip."""
        return identity.fingerprints(self)


def parse_resolution(value: Any, name: str = "resolution") -> str:
    """`"768p"`, `768`, `"1080P"` -> the user's vocabulary. Raises ArgumentError for anything
    else."""
    given = arguments.unwrap_scalar(value)
    if not isinstance(given, str):
        given = str(arguments.as_int(name, given, 1, _MAX_LINES))
    text = given.strip().upper().removesuffix("P") + "P"
    if text not in RESOLUTIONS:
        raise ArgumentError(
            f"{name} {arguments.describe(value)} is not one of {', '.join(RESOLUTIONS)}"
        )
    return text


def parse_duration(value: Any, name: str = "duration") -> int:
    """Whole seconds from 6, 6.0, a NumPy number. Raises ArgumentError."""
    return arguments.as_int(name, value, 1, _MAX_SECONDS)


def canonical_model(name: str) -> str | None:
    """MiniMax's name for a model written with or without the maker and in any case; None if
    unknown."""
    wanted = name.strip().lower().removeprefix("minimax-").removeprefix("hailuo-")
    return next((m for m in MODELS if m.lower().removeprefix("minimax-hailuo-") == wanted), None)
