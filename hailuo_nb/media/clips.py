"""MP4 clips: their properties, whether they are complete, their frames and a poster.

The index is read within bounds before a decoder is used; see `decoder`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media import decoder, files, mp4
from hailuo_nb.media.boxes import format_code
from hailuo_nb.media.tracks import MAX_SECONDS, Description, Movie, Track

if TYPE_CHECKING:
    import numpy as np
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_SIDE = 8192
"""Pixels. Hailuo's largest clips have 1080 lines."""
POSTER_BYTES = 20_000
USUAL_FPS = 24
"""Frames a second of a clip that does not say."""
_BROWSER_CODECS = frozenset({"h264", "av1", "vp8", "vp9"})
_SPARED_AUDIO_PACKETS = 2  # that some encoders declare at the end and do not write


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """Properties of a clip: size in pixels as displayed, duration in seconds, FFmpeg's codec name,
    whether it has audio."""

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
    """An open file with its index, and the video track that a player shows."""

    file: BinaryIO
    size: int
    movie: Movie
    video: Track

    @property
    def facts(self) -> ClipFacts:
        track, frames = self.video, self.video.declared
        description = decoder.sample_description(track)
        ticks = track.end - track.samples.times[0] if track.samples else 0
        width, height = self.displayed_size(*self._coded_size(description))
        return ClipFacts(
            width=width,
            height=height,
            frames=frames,
            bytes=self.size,
            audio=bool(self.movie.of(b"soun")),
            fps=frames * track.timescale / ticks if ticks else 0.0,
            duration=(ticks if self.movie.fragmented else min(ticks, track.duration or ticks))
            / track.timescale,
            codec=decoder.CODECS.get(description.code, format_code(description.code)),
        )

    def frames(self, threads: int = 1) -> Iterator[VideoFrame]:
        """Yields the frames in presentation order, as coded (see `upright`). Raises MediaError."""
        return decoder.decode_frames(self.file, self.size, self.video, threads)

    def timed_frames(self, threads: int = 1) -> Iterator[tuple[int, float, VideoFrame]]:
        """Yields index, seconds from the first frame, and frame, in presentation order.

        A frame without a time has that of its index. One that is not later than the one before it
        is left out: it says nothing about motion, and no player shows it. Raises MediaError.
        """
        start, last, fps = None, -1.0, self.facts.fps or USUAL_FPS
        for index, frame in enumerate(self.frames(threads)):
            time = frame.time if frame.time is not None else index / fps
            start = time if start is None else start
            if time - start > last:
                last = time - start
                yield index, last, frame

    def first_frame(self) -> VideoFrame:
        """Returns the first frame, as coded. Raises MediaError."""
        return decoder.decode_first_frame(self.file, self.size, self.video)

    def displayed_size(self, width: int, height: int) -> tuple[int, int]:
        """The size of a coded frame with square pixels and upright."""
        pixel_width, pixel_height = decoder.sample_description(self.video).aspect
        width = round(width * pixel_width / pixel_height)
        return (height, width) if self.is_transposed else (width, height)

    @property
    def is_transposed(self) -> bool:
        """Whether a coded row is displayed as a column."""
        a, b, _, _ = self.video.matrix
        return abs(b) > abs(a)

    def upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turns the array (height, width, ...) of a decoded frame as the track's matrix says."""
        a, b, c, d = self.video.matrix
        if self.is_transposed:
            pixels = pixels.swapaxes(0, 1)
        mirror_x, mirror_y = (c < 0, b < 0) if self.is_transposed else (a < 0, d < 0)
        return pixels[:: -1 if mirror_y else 1, :: -1 if mirror_x else 1]

    def pixels(
        self, frame: VideoFrame, size: tuple[int, int], scaler: VideoReformatter | None = None
    ) -> NDArray[np.uint8]:
        """Pixels (height, width, RGB) of a decoded frame, upright, at a displayed `size` (width,
        height). A `scaler` that is kept makes many frames cheap."""
        import numpy as np

        width, height = size[::-1] if self.is_transposed else size
        scale = frame.reformat if scaler is None else partial(scaler.reformat, frame)
        scaled = scale(width=width, height=height, format="rgb24")
        return np.ascontiguousarray(self.upright(scaled.to_ndarray().astype(np.uint8, copy=False)))

    def _coded_size(self, description: Description) -> tuple[int, int]:
        """The size in the header, or that of the first frame if the header has none."""
        if description.width and description.height:
            return description.width, description.height
        try:
            frame = self.first_frame()
        except MediaError:
            return description.width, description.height
        return frame.width, frame.height


@contextmanager
def open_clip(path: Path) -> Iterator[Clip]:
    """Opens a clip that may come from anybody. Raises MediaError, OSError."""
    with files.open_regular(path, follow=True) as file:
        yield _read(file, os.fstat(file.fileno()).st_size)


def _read(file: BinaryIO, size: int) -> Clip:
    """The clip of an open file. Raises MediaError, OSError."""
    movie = mp4.read_movie(file, size)
    tracks = [track for track in movie.tracks if track.kind == b"vide" and track.descriptions]
    if not tracks:
        raise MediaError("the MP4 holds no video track")
    # Cover images are tracks too, of another codec; a browser plays the first enabled track.
    tracks.sort(
        key=lambda track: (
            not track.declared,
            decoder.sample_description(track).code not in decoder.CODECS,
            not track.enabled,
        )
    )
    return Clip(file, size, movie, tracks[0])


def probe(path: str | Path) -> ClipFacts:
    """Reads what the header declares; only `verify` tells whether it is all there. Raises
    MediaError."""
    with open_clip(Path(path)) as clip:
        return clip.facts


def verify(path: str | Path, expected_bytes: int | None = None) -> ClipFacts:
    """Returns the properties of a complete clip. Raises MediaError if it is not, OSError.

    A clip is complete if it has `expected_bytes` (if given), starts as MP4, and every frame and
    audio packet of its index lies completely in it. To open it proves nothing: an MP4 with the
    index in front opens after it was cut to a tenth (measured, reliability.md, 0.9). Padding, stray
    bytes and a truncated box after the samples are ignored, as browsers do.
    """
    with open_clip(Path(path)) as clip:
        if expected_bytes is not None and clip.size != expected_bytes:
            raise MediaError(f"{clip.size:,} bytes arrived where {expected_bytes:,} were announced")
        return _complete(clip)


def inspect(data: bytes) -> ClipFacts:
    """Returns the properties of a complete clip in memory. Raises MediaError if it is not."""
    return _complete(_read(io.BytesIO(data), len(data)))


def thumbnail(data: bytes, width: int) -> bytes:
    """Returns the first frame of a clip as a JPEG of `width` pixels. Raises MediaError."""
    return _jpeg(_render_poster(_read(io.BytesIO(data), len(data)), width))


@lru_cache(maxsize=16_384)
def playback_warning(path: Path) -> str:
    """Returns a warning for a clip that many browsers show black, "" for any other.

    Cached: a board asks at every refresh, and the file of a saved clip never changes.
    """
    try:
        with files.open_regular(path, follow=True) as file:
            codes = mp4.read_codes(file, os.fstat(file.fileno()).st_size)
    except (MediaError, OSError):
        return ""
    if not codes or any(decoder.CODECS.get(code) in _BROWSER_CODECS for code in codes):
        return ""
    codec = decoder.CODECS.get(codes[0], format_code(codes[0]))
    return (
        f"The clip is {codec.upper()}, which many browsers show black: play its file in another "
        "program."
    )


def poster(
    path: str | Path, target: str | Path, width: int = 320, *, root: Path | None = None
) -> Path:
    """Writes the clip's first frame as a JPEG of `width` pixels and about 20 kB; returns `target`.

    root  see `files.AtomicFile`

    Raises MediaError if no frame can be decoded, OSError if the file cannot be written.
    """
    with open_clip(Path(path)) as clip:
        image = _render_poster(clip, width)
    files.write_atomic(Path(target), _jpeg(image), root=root)
    return Path(target)


def _jpeg(image: Image) -> bytes:
    for quality in (80, 65, 50, 35, 20):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= POSTER_BYTES:
            break
    return buffer.getvalue()


def _render_poster(clip: Clip, width: int) -> Image:
    from PIL import Image

    frame = clip.first_frame()
    full_width, full_height = clip.displayed_size(frame.width, frame.height)
    height = min(max(1, round(full_height * width / max(full_width, 1))), MAX_SIDE)
    return Image.fromarray(clip.pixels(frame, (width, height)))


# Completeness -------------------------------------------------------------------------------------


def _complete(clip: Clip) -> ClipFacts:
    """The properties of a clip that is all there. Raises MediaError, OSError."""
    facts = clip.facts
    _check_limits(facts)
    _check_samples(clip)
    return facts


def _check_limits(facts: ClipFacts) -> None:
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


def _check_samples(clip: Clip) -> None:
    layout = clip.movie.layout
    # Complete boxes prove that the file was not truncated: missing samples were never written.
    has_complete_boxes = not (layout.is_truncated or layout.open_ended)
    for kind, noun in ((b"vide", "frames"), (b"soun", "sound packets")):
        for track in clip.movie.of(kind):
            missing = track.declared - len(track.samples) + track.samples.count_missing(clip.size)
            is_audio = kind == b"soun" and not track.is_pcm
            spared = _SPARED_AUDIO_PACKETS if is_audio and has_complete_boxes else 0
            if missing > spared:
                raise MediaError(
                    f"the MP4 is cut short: {track.declared - missing} of {track.declared} "
                    f"declared {noun} are there"
                )
    if clip.movie.fragmented:
        _check_fragments(clip)


def _check_fragments(clip: Clip) -> None:
    """Checks that no fragment is missing, by a fragment index, the duration or a truncated box."""
    layout = clip.movie.layout
    if layout.is_truncated and layout.boxes[-1].kind in {b"moof", b"mdat", b"mfra"}:
        raise MediaError("the MP4 is cut short: the last fragment is not whole")
    if any(box.end <= layout.size for box in layout.of(b"mfra")):  # the last box of a file
        return
    seconds = max(track.end / track.timescale for track in clip.movie.tracks)
    declared_seconds = clip.movie.fragment_duration
    if declared_seconds:
        if seconds < declared_seconds - 0.5:
            raise MediaError(
                f"the MP4 is cut short: {seconds:.1f} of {declared_seconds:.1f} s are there"
            )
        return
    ends = [mp4.sidx_end(clip.file, box) for box in layout.of(b"sidx") if box.end <= layout.size]
    if ends:
        if max(ends) > layout.size:
            raise MediaError(
                f"the MP4 is cut short: {layout.size:,} of {max(ends):,} bytes are there"
            )
        return
    if layout.is_truncated or layout.has_trailing_data:
        raise MediaError("the MP4 is cut short: the last fragment is not whole")
