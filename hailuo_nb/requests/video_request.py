"""VideoRequest: what one clip should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from hailuo_nb.requests import identity
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.options import Options, OptionValue
from hailuo_nb.requests.reference import KINDS, Reference, ReferenceKind


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """One clip: everything but the provider and the take.

    prompt            text, counted in code points
    model             MiniMax's own name, for every provider
    resolution        "768P", "1080P" ("512P" and "720P" are words we know and no provider here
                      sells)
    duration          seconds
    first_frame       the image that the clip starts from, or None
    last_frame        the image that the clip ends on, or None
    ratio             width to height, "16:9"; None leaves it to the provider or the frame
    sound             whether the clip has sound; None leaves it to the provider
    references        pictures, clips and sounds that the clip takes after; the prompt calls them
                      "Image 1", "Video 1", "Audio 1", each kind by itself
    options           the other settings by name, such as prompt_optimizer: which there are says
                      the catalogue. One that is not here is the provider's own to decide
    """

    prompt: str
    model: str
    resolution: str = "768P"
    duration: int = 6
    first_frame: Frame | None = None
    last_frame: Frame | None = None
    ratio: str | None = None
    sound: bool | None = None
    references: tuple[Reference, ...] = ()
    options: Mapping[str, OptionValue] = field(default_factory=Options)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", Options(self.options))
        by_kind = sorted(self.references, key=lambda one: KINDS.index(one.kind))
        object.__setattr__(self, "references", tuple(by_kind))

    def but(self, **changes: Any) -> VideoRequest:
        """The same request with some fields changed. A name that is no field is an option; None
        takes it away."""
        options = {name: changes.pop(name) for name in list(changes) if name not in FIELDS}
        if options:
            changes["options"] = Options({**changes.get("options", self.options), **options})
        return replace(self, **changes)

    def get(self, name: str) -> Any:
        """The value of a field or of an option; None for an option that is not set."""
        return getattr(self, name) if name in FIELDS else self.options.get(name)

    def to_json(self) -> dict[str, Any]:
        """Plain data without bytes of files: a frame stands as its identity (link or hash), and as
        its source where that is another; so does a reference."""
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
            **sources,
            **{
                name: getattr(self, name)
                for name in ("ratio", "sound")
                if self.get(name) is not None
            },
            **(
                {"references": [one.to_json() for one in self.references]}
                if self.references
                else {}
            ),
            "options": dict(self.options),
        }

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any],
        frame: Callable[[str | None], Frame | None],
        reference: Callable[[ReferenceKind, str], Reference] = Reference,
    ) -> VideoRequest:
        """What `to_json` gave, with `frame(identity)` and `reference(kind, identity)` bringing
        frames and references back."""
        given, frames = dict(data), {}
        references = [
            replace(reference(one["kind"], one["identity"]), source=one.get("source", ""))
            for one in given.pop("references", ())
        ]
        for name in ("first_frame", "last_frame"):
            source = given.pop(f"{name}_source", None)
            found = frame(data[name])
            frames[name] = replace(found, source=source) if found and source else found
        return cls(**{**given, **frames, "references": tuple(references)})

    @property
    def fingerprint(self) -> str:
        """Two requests with the same fingerprint ask for the same clip (see `identity`)."""
        return identity.fingerprints(self)[0]

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprint, and the others under which a ledger may have the same clip."""
        return identity.fingerprints(self)


FIELDS = tuple(field.name for field in fields(VideoRequest))
"""The fields of a request. Any other setting is an option."""
