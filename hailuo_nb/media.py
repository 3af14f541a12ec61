"""MP4 files: what is in one, whether all of it is there, and a poster of it (PyAV).

Must not know providers, jobs or where files come from. A file is always handed to FFmpeg as an open stream
and as MP4 only, so that neither its name nor its content can make FFmpeg open something else.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MAX_SIDE = 8192
"""Pixels. Hailuo's largest clip has 1080 lines; more than this is no clip of ours."""
MAX_SECONDS = 600.0
POSTER_BYTES = 20_000

# Edit lists would hide samples that are in the file; we count what is there.
_OPTIONS = {"ignore_editlist": "1"}
_OTHERS = (
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat", "a playlist"),
    (b"<", "an HTML or XML text"),
    (b"{", "a JSON text"),
    (b"[", "a JSON text"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM"),
    (b"RIFF", "AVI or another RIFF file"),
    (b"GIF8", "a GIF"),
    (b"\xff\xd8", "a JPEG"),
    (b"\x89PNG", "a PNG"),
)


class MediaError(ValueError):
    """The file is no whole MP4 clip; the message says what it is or what is missing."""


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is in a clip: pixels, frames a second, seconds, FFmpeg's codec name, whether it has sound."""

    width: int
    height: int
    fps: float
    frames: int
    duration: float
    codec: str
    audio: bool
    bytes: int


def probe(path: str | Path) -> ClipFacts:
    """What the file's header declares; whether it is all there only `verify` knows. Raises MediaError."""
    with opened(Path(path)) as (container, video, size):
        return _facts(container, video, size, video.frames)


def verify(path: str | Path, expected_bytes: int | None = None) -> ClipFacts:
    """The facts of a clip that is all there. Raises MediaError, or OSError where the file cannot be read.

    A clip counts when its length is `expected_bytes` (where that is known), it starts as MP4 does, its boxes
    reach to the end of the file, and every frame that its header declares is in it. Opening alone proves
    nothing: an MP4 with its index in front opens after it was cut to a tenth (measured, reliability.md, 0.9).
    """
    path = Path(path)
    size = path.stat().st_size
    if expected_bytes is not None and size != expected_bytes:
        raise MediaError(f"{size:,} bytes arrived where {expected_bytes:,} were announced")
    with path.open("rb") as stream:
        _check_start(stream, size)
        _check_boxes(stream, size)
    with opened(path) as (container, video, _):
        frames = _count_frames(container, video)
        facts = _facts(container, video, size, frames)
    _check_bounds(facts)
    return facts


def poster(path: str | Path, target: str | Path, width: int = 320) -> Path:
    """Write the clip's first picture as a JPEG of `width` pixels and about 20 kB at most; returns `target`.

    Raises MediaError where no picture can be decoded, OSError where the file cannot be written.
    """
    target = Path(target)
    with opened(Path(path)) as (container, video, _):
        picture = next(pictures(container, video), None)
        if picture is None:
            raise MediaError("no picture of the clip can be decoded")
        height = max(1, round(picture.height * width / picture.width))
        image = picture.to_image(width=width, height=height)
    for quality in (80, 65, 50, 35, 20):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= POSTER_BYTES:
            break
    part = target.with_name(target.name + ".part")  # nobody may see half a poster
    part.write_bytes(buffer.getvalue())
    return part.replace(target)


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream, int]]:
    """Container, first track of pictures and size in bytes: the one safe way to open a clip. Raises MediaError."""
    import av

    with path.open("rb") as stream:
        size = path.stat().st_size
        _check_start(stream, size)
        stream.seek(0)
        try:
            container = av.open(stream, mode="r", format="mp4", options=_OPTIONS)
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(f"the MP4 cannot be opened: {_reason(error)}") from None
        with container:
            tracks = [s for s in container.streams.video if not _is_cover(s)]
            if not tracks:
                raise MediaError("the MP4 holds no video track")
            try:
                yield container, tracks[0], size
            except av.FFmpegError as error:
                raise MediaError(f"the MP4 cannot be read: {_reason(error)}") from None


def _is_cover(stream: Any) -> bool:
    """A picture for a player's list, which MP4 stores as a video track of one frame."""
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _check_start(stream: BinaryIO, size: int) -> None:
    start = stream.read(64)
    if start[4:8] == b"ftyp":
        return
    if size == 0:
        raise MediaError("the file is empty")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    what = next((what for magic, what in _OTHERS if text.startswith(magic)), "something else")
    raise MediaError(f"the file is no MP4 (no ftyp at its start): it looks like {what}")


def _check_boxes(stream: BinaryIO, size: int) -> None:
    """Every top-level box ends inside the file. Finds a tail that is missing from the last frame alone."""
    at = 0
    while at < size:
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            raise MediaError(f"the MP4 is cut short: a box begins {size - at} bytes before its end")
        length = struct.unpack(">I", head[:4])[0]
        if length == 1 and len(head) == 16:  # a 64-bit length follows
            length = struct.unpack(">Q", head[8:])[0]
        if length == 0:  # the box says that it reaches to the end
            return
        if length < 8:
            raise MediaError(f"the MP4 is damaged: a box at byte {at:,} is {length} bytes long")
        at += length
    if at > size:
        raise MediaError(f"the MP4 is cut short: {size:,} of {at:,} bytes are there")


def _count_frames(container: InputContainer, video: VideoStream) -> int:
    """The video frames in the file. Raises MediaError where any track has fewer than it declares."""
    found = {stream.index: 0 for stream in container.streams}
    for packet in container.demux():
        if packet.size and not packet.is_corrupt:  # the last packet of each track is an empty one
            found[packet.stream_index] += 1
    for stream in container.streams:
        if stream.type in ("video", "audio") and found[stream.index] < stream.frames:
            unit = "frames" if stream.type == "video" else "sound packets"
            raise MediaError(
                f"the MP4 is cut short: {found[stream.index]} of {stream.frames} declared {unit} are there"
            )
    if not found[video.index]:
        raise MediaError("the MP4's video track holds no frames")
    return found[video.index]


def pictures(container: InputContainer, video: VideoStream) -> Iterator[Any]:
    """The pictures that can be decoded (`av.VideoFrame`), in their order; an empty one is left out."""
    for picture in container.decode(video):
        if picture.width and picture.height:
            yield picture


def _facts(container: InputContainer, video: VideoStream, size: int, frames: int) -> ClipFacts:
    rate = video.average_rate or video.guessed_rate
    if video.duration is not None and video.time_base is not None:
        seconds = float(video.duration * video.time_base)
    else:
        seconds = (container.duration or 0) / 1_000_000
    return ClipFacts(
        width=video.codec_context.width,
        height=video.codec_context.height,
        fps=float(rate or 0),
        frames=frames,
        duration=seconds,
        codec=video.codec_context.name,
        audio=bool(container.streams.audio),
        bytes=size,
    )


def _check_bounds(facts: ClipFacts) -> None:
    if not 0 < facts.width <= MAX_SIDE or not 0 < facts.height <= MAX_SIDE:
        raise MediaError(
            f"the clip is {facts.width} x {facts.height}; at most {MAX_SIDE} px a side are taken"
        )
    if not 0 < facts.duration <= MAX_SECONDS:
        raise MediaError(f"the clip is {facts.duration:.0f} s long; at most {MAX_SECONDS:.0f} s are taken")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
