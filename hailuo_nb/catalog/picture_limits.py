"""What a provider takes of pictures: bytes, pixels a side, and the request that carries them; and
what fits instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hailuo_nb.catalog.sourced import Sourced
from hailuo_nb.errors import FrameError
from hailuo_nb.media.images import MAX_PNG_BYTES
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest

FIELDS = ("first_frame", "last_frame")
_BESIDE_PICTURES = 2_000  # bytes of a request beside prompt and pictures: names, options, quotes
_BYTES_OF_CHARACTER = 6  # at most, as JSON writes it


@dataclass(frozen=True, slots=True)
class PictureLimits(Sourced):
    """Limits of one provider; None where there is none.

    max_bytes  of one picture
    max_side   pixels of the long side
    max_body   bytes of the request, in which a picture takes a third more (base64); None where it
               is uploaded apart
    assumed    limits that no page names for these models: beyond them there is a warning, and it is
               sent
    advised    limits that the page only advises: the same
    note       for people: whose limits they are, where the provider names none
    """

    max_bytes: int | None
    max_side: int | None
    max_body: int | None
    assumed: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Excess:
    """A picture beyond a limit.

    soft      the limit is assumed or advised: the picture is sent all the same
    repaired  the request with smaller JPEGs that fit, None where none can
    """

    field: str
    code: str
    message: str
    soft: bool
    repaired: VideoRequest | None


def beyond(request: VideoRequest, limits: PictureLimits, title: str) -> Iterator[Excess]:
    """What of a request's pictures is beyond the limits of a provider called `title`."""
    return (_excess(request, limits, title, over) for over in _measured(request, limits))


class _Over(NamedTuple):
    field: str
    limit: str  # bytes, side or body
    measured: str
    maximum: str


def _measured(request: VideoRequest, limits: PictureLimits) -> Iterator[_Over]:
    for field in FIELDS:
        frame: Frame | None = getattr(request, field)
        if frame is None or frame.data is None:
            continue
        name = f"{field}: {frame.name or 'the picture'}"
        if limits.max_bytes is not None and len(frame.data) > limits.max_bytes:
            yield _Over(
                field,
                "bytes",
                f"{name} has {_in_full(len(frame.data))}",
                _in_full(limits.max_bytes),
            )
        if (
            limits.max_side is not None
            and max(frame.width or 0, frame.height or 0) > limits.max_side
        ):
            yield _Over(
                field,
                "side",
                f"{name} is {frame.width} x {frame.height}",
                f"{limits.max_side} px a side",
            )
    has_frame = any(getattr(request, name) is not None for name in FIELDS)
    if limits.max_body is None or not has_frame:
        return
    if (size := body_size(request)) > limits.max_body:
        field = max(FIELDS, key=lambda name: _sent(getattr(request, name)))
        measured = (
            f"the request with its pictures has {_in_full(size)} (in base64, a third more than "
            "the files)"
        )
        yield _Over(field, "body", measured, _in_full(limits.max_body))


def _excess(request: VideoRequest, limits: PictureLimits, title: str, over: _Over) -> Excess:
    field, limit, measured, maximum = over
    assumed, advised = (f"max_{limit}" in names for names in (limits.assumed, limits.advised))
    note = f" ({limits.note})" if limits.note else ""
    rule = f"{title} takes {maximum} at most{note}"
    if assumed:
        rule = (
            f"{title} names no such limit for this model, and MiniMax's newest takes {maximum} "
            "at most"
        )
    if advised:
        rule = f"{title} advises {maximum} at most{note}"
    code = f"picture_{limit}{'_assumed' * assumed}{'_advised' * advised}"
    try:
        repaired = fitted(request, limits)
    except FrameError as error:
        return Excess(field, code, f"{measured}; {rule}. {error}.", assumed or advised, None)
    frame: Frame = getattr(repaired, field)
    size = megabytes(len(frame.data or b""))
    remedy = (
        f"a JPEG of {frame.width} x {frame.height} and {size} fits, which "
        f"hn.Frame.of(picture).fitted({{}}) makes"
    )
    arguments = {"max_side": limits.max_side, "max_bytes": _max_picture_bytes(request, limits)}
    given = ", ".join(f"{name}={value}" for name, value in arguments.items() if value)
    message = f"{measured}; {rule}: {remedy.format(given)}."
    return Excess(field, code, message, assumed or advised, repaired)


def fitted(request: VideoRequest, limits: PictureLimits) -> VideoRequest:
    """The request with smaller JPEGs where its pictures are beyond the limits. Raises
    FrameError."""
    frames = {name: frame for name in FIELDS if (frame := getattr(request, name)) is not None}
    maximum = _max_picture_bytes(request, limits)
    made = {
        name: frame.fitted(max_side=limits.max_side, max_bytes=maximum)
        for name, frame in frames.items()
    }
    return request.but(**made)


def body_size(request: VideoRequest) -> int:
    """Bytes of a request that carries its frames and references, at most."""
    files = (*(getattr(request, name) for name in FIELDS), *request.references)
    return sum(map(_sent, files)) + _BYTES_OF_CHARACTER * len(request.prompt) + _BESIDE_PICTURES


def _sent(frame: Frame | Reference | None) -> int:
    """Bytes of a file in a request: `data:image/jpeg;base64,` and four for every three, or the
    link."""
    if frame is None or frame.data is None:
        return len((frame and frame.url) or "")
    return len(f"data:{frame.media_type};base64,") + -(-len(frame.data) // 3) * 4


def _max_picture_bytes(request: VideoRequest, limits: PictureLimits) -> int:
    """What one picture may have, so that all of a request fit."""
    maximum = MAX_PNG_BYTES if limits.max_bytes is None else limits.max_bytes
    if limits.max_body is None or body_size(request) <= limits.max_body:
        return maximum
    pictures = [
        frame for name in FIELDS if (frame := getattr(request, name)) is not None and frame.data
    ]
    beside = body_size(request) - sum(map(_sent, pictures))
    each = (limits.max_body - beside) // max(1, len(pictures)) - len("data:image/jpeg;base64,")
    return max(0, min(maximum, each // 4 * 3))


def megabytes(size: int) -> str:
    """20.0 MB are 20,971,520 bytes, as for `FrameError`."""
    return f"{size / 2**20:.1f} MB"


def _in_full(size: int) -> str:
    return f"{size:,} bytes ({megabytes(size)})"
