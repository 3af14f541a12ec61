"""Clips: what is in an MP4, whether all of it is there, its pictures and a poster.

Must not know providers, jobs or where files come from. What a file holds is read from its boxes,
within bounds, before a decoder sees a byte of it; a decoder (PyAV) is then handed single samples.
FFmpeg never opens a file: neither its name nor its content can make it open something else, or make
it set aside memory for what an index claims.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media import files, mp4
from hailuo_nb.media.boxes import format_code
from hailuo_nb.media.tracks import MAX_SECONDS, Description, Movie, Track, decoder_config

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from PIL.Image import Image

MAX_SIDE = 8192
"""Pixels. Hailuo's largest clip has 1080 lines; more than this is no clip of ours."""
MAX_DECODED = 4096 * 2304
"""Pixels of a picture that is decoded here: a cinema's 4K. Beyond it a clip has no poster and
cannot be measured."""
POSTER_BYTES = 20_000

_CODECS = {
    b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"dvh1": "hevc",
    b"dvhe": "hevc",
    b"av01": "av1", b"vp08": "vp8", b"vp09": "vp9", b"mp4v": "mpeg4",
}  # fmt: skip
_PLAYED = frozenset({"h264", "av1", "vp8", "vp9"})
_MAX_SAMPLE = 64 * 1024 * 1024  # bytes of one picture; a raw one of MAX_DECODED has half of it
_MAX_PIXELS = 30_000_000_000  # of one clip that are decoded: two minutes of 4K, and of one core
_MAX_FED = 2 << 30  # bytes
_LOST_SOUND = 2  # packets at the end of the sound that some encoders declare and do not write
_TRIES = 4  # pictures with which a decoder can begin that are tried for a poster


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is in a clip: pixels as shown, frames a second, seconds, FFmpeg's codec name, whether it
    has sound."""

    width: int
    height: int
    fps: float
    frames: int
    duration: float
    codec: str
    audio: bool
    bytes: int


@dataclass(frozen=True, slots=True)
class Clip:
    """An open file with its index, and the track of pictures that is shown."""

    file: BinaryIO
    size: int
    movie: Movie
    video: Track

    @property
    def facts(self) -> ClipFacts:
        track, frames = self.video, self.video.declared
        sample = _sample_entry(track)
        ticks = track.ends - track.samples.times[0] if track.samples else 0
        width, height = self._shape(*self._coded(sample))
        return ClipFacts(
            width=width,
            height=height,
            frames=frames,
            bytes=self.size,
            audio=bool(self.movie.of(b"soun")),
            fps=frames * track.timescale / ticks if ticks else 0.0,
            duration=(ticks if self.movie.fragmented else min(ticks, track.duration or ticks))
            / track.timescale,
            codec=_CODECS.get(sample.code, format_code(sample.code)),
        )

    def _coded(self, sample: Description) -> tuple[int, int]:
        """Pixels as they are coded: where the header does not say, as the first picture has it."""
        if sample.width and sample.height:
            return sample.width, sample.height
        try:
            picture = _first_picture(self)
        except MediaError:
            return sample.width, sample.height
        return picture.width, picture.height

    def _shape(self, width: int, height: int) -> tuple[int, int]:
        """Pixels as they are shown: square, and upright."""
        wide, high = _sample_entry(self.video).aspect
        width = round(width * wide / high)
        return (height, width) if self._turn[0] else (width, height)

    @property
    def _turn(self) -> tuple[bool, bool, bool]:
        """Whether rows become columns, and whether the outcome is then mirrored in x and in y."""
        a, b, c, d = self.video.matrix
        swapped = abs(b) > abs(a)
        return (True, c < 0, b < 0) if swapped else (False, a < 0, d < 0)

    def upright(self, pixels: Any) -> Any:
        """An array (height, width, ...) of a decoded picture as it is shown."""
        swapped, in_x, in_y = self._turn
        pixels = pixels.swapaxes(0, 1) if swapped else pixels
        return pixels[:: -1 if in_y else 1, :: -1 if in_x else 1]


def probe(path: str | Path) -> ClipFacts:
    """What the file's header declares; whether it is all there only `verify` knows. Raises
    MediaError."""
    with open_clip(Path(path)) as clip:
        return clip.facts


def verify(path: str | Path, expected_bytes: int | None = None) -> ClipFacts:
    """The facts of a clip that is all there. Raises MediaError, or OSError where the file cannot be
    read.

    A clip counts when its length is `expected_bytes` (where that is known), it starts as MP4 does,
    and every frame and every packet of sound that its index names lies wholly in it. Opening alone
    proves nothing: an MP4 with its index in front opens after it was cut to a tenth (measured,
    reliability.md, 0.9). What stands behind them (padding, stray bytes, a box that was cut) plays
    no part, as for a browser.
    """
    with open_clip(Path(path)) as clip:
        if expected_bytes is not None and clip.size != expected_bytes:
            raise MediaError(f"{clip.size:,} bytes arrived where {expected_bytes:,} were announced")
        facts = clip.facts
        _check_bounds(facts)
        _check_whole(clip)
        return facts


@lru_cache(maxsize=16_384)
def playback_warning(path: Path) -> str:
    """A sentence for a clip that many browsers show black, "" for one that they play, or that
    cannot be read.

    Kept, because a board asks with every look; the file of a saved clip never changes.
    """
    try:
        with files.open_regular(path, follow=True) as file:
            codes = mp4.read_codes(file, os.fstat(file.fileno()).st_size)
    except (MediaError, OSError):
        return ""
    if not codes or any(_CODECS.get(code) in _PLAYED for code in codes):
        return ""
    known = _CODECS.get(codes[0], format_code(codes[0]))
    return (
        f"The clip is {known.upper()}, which many browsers show black: play its file in "
        "another "
        "program."
    )


def poster(
    path: str | Path, target: str | Path, width: int = 320, *, root: Path | None = None
) -> Path:
    """Write the clip's first picture as a JPEG of `width` pixels and about 20 kB at most; returns
    `target`.

    root  see `files.AtomicFile`
    Raises MediaError where no picture can be decoded, OSError where the file cannot be written.
    """
    with open_clip(Path(path)) as clip:
        image = _image(clip, _first_picture(clip), width)
    for quality in (80, 65, 50, 35, 20):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= POSTER_BYTES:
            break
    files.write_atomic(Path(target), buffer.getvalue(), root=root)
    return Path(target)


@contextmanager
def open_clip(path: Path) -> Iterator[Clip]:
    """A clip to look into: the one safe way to open one. Raises MediaError, OSError."""
    with files.open_regular(path, follow=True) as file:
        size = os.fstat(file.fileno()).st_size
        movie = mp4.read_movie(file, size)
        tracks = [track for track in movie.tracks if track.kind == b"vide" and track.descriptions]
        if not tracks:
            raise MediaError("the MP4 holds no video track")
        # Pictures for a player's list are tracks too, of another codec; a browser plays the first
        # that is switched on.
        tracks.sort(
            key=lambda one: (
                not one.declared,
                _sample_entry(one).code not in _CODECS,
                not one.enabled,
            )
        )
        yield Clip(file, size, movie, tracks[0])


def decode_frames(clip: Clip, threads: int = 1) -> Iterator[VideoFrame]:
    """The decoded pictures in the order in which they are shown, as they were coded (see
    `Clip.upright`).

    Raises MediaError where they cannot be decoded, or no longer, or are too much to be.
    """
    context, described = None, -1
    pixels = fed = 0
    samples = clip.video.samples
    for index in range(len(samples)):
        if not samples.sizes[index]:
            continue  # an empty packet would tell the decoder that this was the last one
        if context is None or samples.described[index] != described:
            if context is not None:
                yield from _timed(clip, _decoded(context, None))
            described = samples.described[index]
            context = _decoder(clip.video, described, threads)
        fed += samples.sizes[index]
        for picture in _timed(clip, _decoded(context, _packet(clip, index))):
            pixels += picture.width * picture.height
            yield picture
        # Samples may lie on top of each other, so that a small file is a day's work.
        if pixels > _MAX_PIXELS or fed > _MAX_FED:
            raise MediaError("the clip has more pictures than are decoded here")
    if context is not None:
        yield from _timed(clip, _decoded(context, None))


def _timed(clip: Clip, found: list[VideoFrame]) -> list[VideoFrame]:
    for picture in found:
        picture.time_base = Fraction(
            1, clip.video.timescale
        )  # a decoder that is emptied forgets it
    return found


# Whether all of it is there -----------------------------------------------------------------------


def _check_bounds(facts: ClipFacts) -> None:
    if not facts.frames:
        raise MediaError("the MP4's video track holds no frames")
    if not 0 < facts.width <= MAX_SIDE or not 0 < facts.height <= MAX_SIDE:
        raise MediaError(
            f"the clip is {facts.width} x {facts.height}; at most {MAX_SIDE} px a side are taken"
        )
    if not 0 < facts.duration <= MAX_SECONDS:
        raise MediaError(
            f"the clip is {facts.duration:.0f} s long; at most {MAX_SECONDS} s are taken"
        )


def _check_whole(clip: Clip) -> None:
    layout = clip.movie.layout
    # Boxes that are whole prove that the file was not cut: what is missing then was never written.
    whole = not (layout.cut or layout.open_ended)
    for kind, unit in ((b"vide", "frames"), (b"soun", "sound packets")):
        for track in clip.movie.of(kind):
            missing = track.declared - len(track.samples) + track.samples.missing(clip.size)
            spared = _LOST_SOUND if kind == b"soun" and whole and not track.plain else 0
            if missing > spared:
                raise MediaError(
                    f"the MP4 is cut short: {track.declared - missing} of {track.declared} "
                    f"declared {unit} are there"
                )
    if clip.movie.fragmented:
        _check_fragments(clip)


def _check_fragments(clip: Clip) -> None:
    """Fragments that did not arrive are named by nothing but an index of theirs, or by what was cut
    with them."""
    layout = clip.movie.layout
    if layout.cut and layout.boxes[-1].kind in {b"moof", b"mdat", b"mfra"}:
        raise MediaError("the MP4 is cut short: the last fragment is not whole")
    if any(box.end <= layout.size for box in layout.of(b"mfra")):  # stands at the end
        return
    seconds = max(track.ends / track.timescale for track in clip.movie.tracks)
    if clip.movie.promised:
        if seconds < clip.movie.promised - 0.5:
            raise MediaError(
                f"the MP4 is cut short: {seconds:.1f} of {clip.movie.promised:.1f} s are there"
            )
        return
    ends = [mp4.sidx_end(clip.file, box) for box in layout.of(b"sidx") if box.end <= layout.size]
    if ends:
        if max(ends) > layout.size:
            raise MediaError(
                f"the MP4 is cut short: {layout.size:,} of {max(ends):,} bytes are there"
            )
        return
    if layout.cut or layout.stray:
        raise MediaError("the MP4 is cut short: the last fragment is not whole")


# Pictures -----------------------------------------------------------------------------------------


def _sample_entry(track: Track) -> Description:
    described = track.samples.described[0] if track.samples else 0
    return track.descriptions[min(described, len(track.descriptions) - 1)]


def _decoder(track: Track, described: int, threads: int) -> VideoCodecContext:
    """A decoder for samples of this description, which refuses pictures that are too large. Raises
    MediaError."""
    import av

    sample = track.descriptions[min(described, len(track.descriptions) - 1)]
    codec = _CODECS.get(sample.code)
    if codec is None:
        raise MediaError(f"the clip's codec ({format_code(sample.code)}) is not decoded here")
    if sample.width * sample.height > MAX_DECODED:
        raise MediaError(
            f"the clip is {sample.width} x {sample.height}, and too large to be decoded here"
        )
    try:
        # FFmpeg's own av1 knows only what a graphics card decodes.
        context: Any = av.CodecContext.create("libdav1d" if codec == "av1" else codec, "r")
        if sample.config:
            context.extradata = decoder_config(sample)
        context.options = {"max_pixels": str(MAX_DECODED)}
        context.thread_count = threads
        context.thread_type = "AUTO"
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"the clip cannot be decoded: {_reason(error)}") from None
    return context  # type: ignore[no-any-return]


def _packet(clip: Clip, index: int) -> Any:
    import av

    samples = clip.video.samples
    size = samples.sizes[index]
    if size > _MAX_SAMPLE:
        raise MediaError(f"a picture of the clip has {size:,} bytes, and is not decoded")
    clip.file.seek(
        min(max(samples.offsets[index], 0), clip.size)
    )  # systems refuse what no file can reach
    data = clip.file.read(size)
    if len(data) < size:
        raise MediaError(
            f"the MP4 is cut short: {index} of {clip.video.declared} declared frames are there"
        )
    # Not av.Packet(data): its bytes are Python's, which a decoder's thread gives back while we wait
    # for that thread with the interpreter's lock in hand. Neither ends then (PyAV 18.1, seen when a
    # decoder with threads is freed).
    packet = av.Packet(len(data))
    packet.update(data)
    packet.time_base = Fraction(1, clip.video.timescale)
    packet.dts = samples.times[index]
    packet.pts = samples.times[index] + samples.shifts[index]
    packet.is_keyframe = bool(samples.keys[index])
    return packet


def _decoded(context: VideoCodecContext, packet: Any) -> list[VideoFrame]:
    import av

    try:
        return [picture for picture in context.decode(packet) if picture.width and picture.height]
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"the clip cannot be decoded: {_reason(error)}") from None


def _first_picture(clip: Clip) -> VideoFrame:
    """The first picture. Only those are tried with which a decoder can begin, each alone. Raises
    MediaError."""
    samples = clip.video.samples
    keys = [index for index, key in enumerate(samples.keys) if key][:_TRIES]
    fault = MediaError("no picture of the clip can be decoded")
    for index in keys:
        try:
            context = _decoder(clip.video, samples.described[index], 1)
            found = _decoded(context, _packet(clip, index)) or _decoded(context, None)
        except MediaError as error:
            fault = error
            continue
        if found:
            return found[0]
    raise fault


def _image(clip: Clip, picture: VideoFrame, width: int) -> Image:
    from PIL import Image

    wide, high = clip._shape(picture.width, picture.height)
    height = min(max(1, round(high * width / max(wide, 1))), MAX_SIDE)
    across, down = (height, width) if clip._turn[0] else (width, height)
    pixels = picture.to_ndarray(width=across, height=down, format="rgb24")
    return Image.fromarray(clip.upright(pixels).copy())


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
