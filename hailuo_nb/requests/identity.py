"""The fingerprint of a request: what makes a clip the same clip, in a ledger and for good.

Version 2 covers what differs from the defaults alone, so that a new field or option changes no
fingerprint that is there, and names a frame by the bytes that a person gave, so that another
release of Pillow does not either. Version 1 (the first edition) covered every field, and named a
frame by the bytes that were sent. A reference is named as a frame is.
`tests/vectors/identity.json` holds both for good.
"""

from __future__ import annotations

import hashlib
import json
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hailuo_nb.requests.frame import Frame
    from hailuo_nb.requests.reference import Reference
    from hailuo_nb.requests.video_request import VideoRequest

# The defaults of version 2. They stay as they are, whatever the defaults of VideoRequest become.
_DEFAULTS = {"resolution": "768P", "duration": 6}
_FRAMES = ("first_frame", "last_frame")
_OPTIONS_OF_1 = ("prompt_optimizer", "fast_pretreatment", "watermark")


def fingerprints(request: VideoRequest) -> tuple[str, ...]:
    """The fingerprint of a request, and after it the others that an older row, or a row whose
    frame has lost its source, may carry. A new row carries the first."""
    firsts, lasts = (_names(getattr(request, name)) for name in _FRAMES)
    lists = _names_of_all(request.references)
    found = [_version_2(request, *named) for named in product(firsts, lasts, lists)]
    if (
        request.ratio is None
        and request.sound is None
        and not request.references
        and set(request.options) <= set(_OPTIONS_OF_1)
    ):
        found.append(_version_1(request))  # what the first edition could ask for
    return tuple(dict.fromkeys(found))


def _names(frame: Frame | None) -> list[str | None]:
    """What a frame is called in a fingerprint: by its source, and by what is sent of it."""
    if frame is None:
        return [None]
    return list(dict.fromkeys([frame.source or frame.identity, frame.identity]))


def _names_of_all(references: tuple[Reference, ...]) -> list[list[list[str]] | None]:
    """The same of a list of references with their kinds, all by their source or all by what is
    sent."""
    if not references:
        return [None]
    by_source = [[one.kind, one.source or one.identity] for one in references]
    by_bytes = [[one.kind, one.identity] for one in references]
    return [by_source] if by_source == by_bytes else [by_source, by_bytes]


def _version_2(
    request: VideoRequest,
    first: str | None,
    last: str | None,
    references: list[list[str]] | None,
) -> str:
    settings: dict[str, Any] = {
        "resolution": request.resolution,
        "duration": request.duration,
        "first_frame": first,
        "last_frame": last,
        "ratio": request.ratio,
        "sound": request.sound,
        "references": references,
        "options": dict(request.options) or None,
    }
    differing = {name: value for name, value in settings.items() if value != _DEFAULTS.get(name)}
    return "v2-" + _digest({"prompt": request.prompt, "model": request.model, **differing})


def _version_1(request: VideoRequest) -> str:
    frames = {name: getattr(request, name) for name in _FRAMES}
    return _digest(
        {
            **{
                name: request.get(name)
                for name in ("prompt", "model", "resolution", "duration", *_OPTIONS_OF_1)
            },
            **{name: frame.identity if frame else None for name, frame in frames.items()},
        }
    )


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
