"""What a row takes of references: how many, of what type, size and length; what remains instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hailuo_nb.catalog.picture_limits import body_size, megabytes
from hailuo_nb.catalog.sourced import Sourced
from hailuo_nb.errors import FrameError
from hailuo_nb.media.images import MAX_PNG_BYTES
from hailuo_nb.requests.reference import KINDS, Reference, ReferenceKind, prompt_names
from hailuo_nb.requests.video_request import VideoRequest

# Headers are a frame off: a clip or sound of 15 s may say 15.05 s, one of 60 pictures a second
# 60.02.
_SPARED_SECONDS, _SPARED_FPS = 0.1, 0.1

Values = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one file of a kind may be; None, or empty, where no page says so.

    formats    media types: "image/png", "video/mp4", "audio/mpeg"
    codecs     FFmpeg's names: "h264", "hevc"
    min_side, max_side         pixels of each side
    max_ratio                  the long side by the short one
    min_seconds, max_seconds   length of each
    total_seconds              length of all together
    min_fps, max_fps           pictures a second
    link_only                  the bytes of a file are not taken, an https link is
    """

    formats: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()
    max_bytes: int | None = None
    min_side: int | None = None
    max_side: int | None = None
    max_ratio: float | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    total_seconds: float | None = None
    min_fps: float | None = None
    max_fps: float | None = None
    link_only: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceLimits(Sourced):
    """How many references one request may carry, of each kind and together (None: as many as the
    kinds allow), and what each may be.

    sound_alone  sounds are taken without a picture or clip
    with_frames  a first or last frame is taken beside them
    """

    pictures: int = 0
    clips: int = 0
    sounds: int = 0
    total: int | None = None
    sound_alone: bool = False
    with_frames: bool = False
    picture: FileLimits = field(default_factory=FileLimits)
    clip: FileLimits = field(default_factory=FileLimits)
    sound: FileLimits = field(default_factory=FileLimits)

    @property
    def count(self) -> int:
        """How many of all kinds together."""
        kinds = self.pictures + self.clips + self.sounds
        return kinds if self.total is None else min(kinds, self.total)

    def count_of(self, kind: ReferenceKind) -> int:
        return {"picture": self.pictures, "clip": self.clips, "sound": self.sounds}[kind]

    def of(self, kind: ReferenceKind) -> FileLimits:
        return {"picture": self.picture, "clip": self.clip, "sound": self.sound}[kind]


@dataclass(frozen=True, slots=True)
class Excess:
    """What of a request's references is not taken.

    values    what the message says, for other words: title, name (of a file), measured, limit
    repaired  the request with what is taken of them
    at        which reference it is about; None where it is about several
    """

    code: str
    message: str
    values: Values
    repaired: VideoRequest
    at: int | None = None


def beyond(
    request: VideoRequest, limits: ReferenceLimits, title: str, max_body: int | None
) -> Iterator[Excess]:
    """What of a request's references is beyond the limits of a provider called `title`.

    max_body  bytes of the request that carries them, see `PictureLimits`
    """
    yield from _files(request, limits, title)
    yield from _counts(request, limits, title)
    yield from _seconds(request, limits, title)
    kinds = {one.kind for one in request.references}
    if kinds == {"sound"} and not limits.sound_alone:
        message = f"{title} takes a sound as a reference only beside a picture or clip."
        yield Excess("references_sound_alone", message, {"title": title}, _with(request, ()))
    frames = (request.first_frame, request.last_frame)
    if kinds and frames != (None, None) and not limits.with_frames:
        message = f"{title} takes either references or a first and last frame, not both."
        yield Excess("references_with_frames", message, {"title": title}, _with(request, ()))
    if kinds and max_body is not None and (size := body_size(request)) > max_body:
        yield _body(request, title, size, max_body)


def _with(request: VideoRequest, references: Sequence[Reference]) -> VideoRequest:
    return request.but(references=tuple(references))


def missing(request: VideoRequest) -> list[str]:
    """What the prompt calls by a number that no reference has: ["Image 3"]. A clip would be paid
    that cannot be what was meant."""
    there = set(prompt_names(request.references))
    named = (
        f"{_WORDS[found[1].lower()]} {int(found[2])}" for found in _NAMED.finditer(request.prompt)
    )
    return [name for name in dict.fromkeys(named) if name not in there]


_WORDS = {
    **dict.fromkeys(("image", "picture", "图", "图片"), "Image"),
    **dict.fromkeys(("video", "视频"), "Video"),
    **dict.fromkeys(("audio", "音频"), "Audio"),
}
_NAMED = re.compile(
    r"(\b(?:image|picture|video|audio)|图片?|视频|音频) ?(\d{1,2})(?!\d)", re.IGNORECASE
)


# Each file ----------------------------------------------------------------------------------------


def _files(request: VideoRequest, limits: ReferenceLimits, title: str) -> Iterator[Excess]:
    names = prompt_names(request.references)
    broken = [
        (at, *found)
        for at, one in enumerate(request.references)
        for found in _broken(one, limits.of(one.kind))
    ]
    if not broken:
        return
    repaired = _with(request, _taken(request.references, limits))
    for at, rule, measured, limit in broken:
        name = f"{names[at]} ({request.references[at].name or 'a reference'})"
        message = f"{name} {_VERBS[rule]} {measured}; {title} takes {limit}."
        values: Values = {"title": title, "name": name, "measured": measured, "limit": limit}
        yield Excess(f"reference_{rule}", message, values, repaired, at)


_VERBS = {
    **dict.fromkeys(("format", "codec", "side", "ratio"), "is"),
    **dict.fromkeys(("bytes", "seconds", "fps"), "has"),
}


def _broken(one: Reference, limits: FileLimits) -> Iterator[tuple[str, str, str]]:
    """(rule, what was measured, what is taken) of each rule that a file breaks, both without words.
    Of a link nothing is known."""
    if limits.link_only and one.url is None:
        yield "format", one.media_type, "https://…"
    elif one.media_type and limits.formats and one.media_type not in limits.formats:
        yield "format", one.media_type, ", ".join(limits.formats)
    if one.codec and limits.codecs and one.codec not in limits.codecs:
        yield "codec", one.codec, ", ".join(limits.codecs)
    if one.data is not None and limits.max_bytes is not None and len(one.data) > limits.max_bytes:
        yield "bytes", megabytes(len(one.data)), f"≤ {megabytes(limits.max_bytes)}"
    if one.width and one.height:
        short, long = sorted((one.width, one.height))
        size = f"{one.width} x {one.height}"
        if short < (limits.min_side or 0) or long > (limits.max_side or long):
            sides = _range(limits.min_side, limits.max_side)
            yield "side", size, f"{sides} px"
        if limits.max_ratio is not None and long > short * limits.max_ratio:
            yield "ratio", size, f"≤ 1:{limits.max_ratio:g}"
    for rule, value, low, high, spared, unit in (
        ("seconds", one.seconds, limits.min_seconds, limits.max_seconds, _SPARED_SECONDS, "s"),
        ("fps", one.fps, limits.min_fps, limits.max_fps, _SPARED_FPS, "fps"),
    ):
        outside = value is not None and (
            value < (low or 0) - spared or (high is not None and value > high + spared)
        )
        if outside:
            yield rule, f"{value:.4g} {unit}", f"{_range(low, high)} {unit}"


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"≥ {low:g}" if low is not None else f"≤ {high:g}"
    return f"{low:g}-{high:g}"


def _taken(references: Sequence[Reference], limits: ReferenceLimits) -> list[Reference]:
    """The files that are taken, pictures made smaller where that helps."""
    found = []
    for one in references:
        rules = limits.of(one.kind)
        kept = one
        if one.kind == "picture" and any(_broken(one, rules)):
            maximum = MAX_PNG_BYTES if rules.max_bytes is None else rules.max_bytes
            try:
                kept = one.fitted(max_side=rules.max_side, max_bytes=maximum)
            except FrameError:
                continue
        if not any(_broken(kept, rules)):
            found.append(kept)
    return found


# All of them --------------------------------------------------------------------------------------


def _counts(request: VideoRequest, limits: ReferenceLimits, title: str) -> Iterator[Excess]:
    given = Counter(one.kind for one in request.references)
    for kind in KINDS:
        maximum = limits.count_of(kind)
        if given[kind] > maximum:
            at_most = f"{maximum} {kind}s at most" if maximum else f"no {kind}s"
            message = f"{title} takes {at_most} as references, and these are {given[kind]}."
            values: Values = {"title": title, "measured": given[kind], "limit": maximum}
            surplus = [at for at, one in enumerate(request.references) if one.kind == kind]
            kept = _without(request.references, surplus[maximum:])
            code = f"references_{kind}s" if maximum else f"references_no_{kind}s"
            yield Excess(code, message, values, _with(request, kept))
    if limits.total is not None and len(request.references) > limits.total:
        count = len(request.references)
        message = f"{title} takes {limits.total} references together, and these are {count}."
        values = {"title": title, "measured": count, "limit": limits.total}
        repaired = _with(request, request.references[: limits.total])
        yield Excess("references_total", message, values, repaired)


def _seconds(request: VideoRequest, limits: ReferenceLimits, title: str) -> Iterator[Excess]:
    for kind in KINDS:
        maximum = limits.of(kind).total_seconds
        lengths = {
            at: one.seconds or 0 for at, one in enumerate(request.references) if one.kind == kind
        }
        total = sum(lengths.values())
        if maximum is None or len(lengths) < 2 or total <= maximum + _SPARED_SECONDS:
            continue  # of one alone its own limit speaks
        message = (
            f"The {kind}s among the references have {total:.4g} s together; {title} takes "
            f"{maximum:g} s."
        )
        values: Values = {"title": title, "measured": f"{total:.4g}", "limit": f"{maximum:g}"}
        surplus = []
        for at in reversed(lengths):
            if total > maximum + _SPARED_SECONDS:
                surplus.append(at)
                total -= lengths[at]
        kept = _without(request.references, surplus)
        yield Excess(f"references_seconds_{kind}", message, values, _with(request, kept))


def _body(request: VideoRequest, title: str, size: int, maximum: int) -> Excess:
    message = (
        f"The request with its references has {megabytes(size)} (in base64, a third more than the "
        f"files); {title} takes {megabytes(maximum)} at most. A link takes no room."
    )
    values: Values = {"title": title, "measured": megabytes(size), "limit": megabytes(maximum)}
    repaired = request
    while repaired.references and body_size(repaired) > maximum:
        sizes = [len(one.data or b"") for one in repaired.references]
        repaired = _with(repaired, _without(repaired.references, [sizes.index(max(sizes))]))
    return Excess("references_body", message, values, repaired)


def _without(references: Sequence[Reference], left_out: Sequence[int]) -> list[Reference]:
    return [one for at, one in enumerate(references) if at not in left_out]
