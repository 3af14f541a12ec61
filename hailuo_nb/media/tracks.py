"""The data model of an MP4 index: a movie's tracks, sample descriptions and sample tables."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from hailuo_nb.errors import MediaError
from hailuo_nb.media.boxes import Layout

MAX_SECONDS = 600
"""Duration of a clip; Hailuo's longest has 10 s."""
MAX_FRAMES = MAX_SECONDS * 120
MAX_SAMPLES = MAX_SECONDS * 400
"""Samples of any other track: audio packets of 2.5 ms, the shortest of Opus."""
_MAX_OFFSET = 1 << 62  # bytes or ticks; fits an int64 and is beyond the end of any file


@dataclass(frozen=True, slots=True)
class Description:
    """A sample entry: the codec's code, decoder configuration, and for video the frame size.

    aspect  width and height of a pixel
    """

    code: bytes
    width: int = 0
    height: int = 0
    aspect: tuple[int, int] = (1, 1)
    config: bytes = b""


@dataclass(slots=True)
class Samples:
    """Offset, size (bytes) and times (ticks) of each sample, in decoding order.

    shifts        presentation time minus decoding time
    keys          1 for a sync sample, where decoding can start
    descriptions  index of the sample's description in its track
    """

    offsets: array[int] = field(default_factory=lambda: array("q"))
    sizes: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    shifts: array[int] = field(default_factory=lambda: array("q"))
    keys: bytearray = field(default_factory=bytearray)
    descriptions: bytearray = field(default_factory=bytearray)

    def add(  # noqa: PLR0917 - one row of a table
        self, offset: int, size: int, time: int, shift: int, key: bool, description: int
    ) -> None:
        self.offsets.append(min(offset, _MAX_OFFSET))
        self.sizes.append(size)
        self.times.append(min(time, _MAX_OFFSET))
        self.shifts.append(shift)
        self.keys.append(key)
        self.descriptions.append(description)

    def __len__(self) -> int:
        return len(self.offsets)

    def count_missing(self, size: int) -> int:
        """Returns how many samples are not completely inside a file of `size` bytes."""
        return sum(
            not 0 <= at <= size - count for at, count in zip(self.offsets, self.sizes, strict=True)
        )


@dataclass(slots=True)
class Track:
    """A track. `kind` is b"vide" for video, b"soun" for audio; times in ticks of 1/`timescale` s.

    matrix          a, b, c, d: a point (x, y) of the frame is displayed at (ax + cy, bx + dy)
    duration        as the header declares it, 0 if it does not
    end             ticks at which the last sample ends
    declared        number of samples that the index declares; a damaged one locates fewer
    is_pcm          uncompressed audio: each chunk counts as one sample
    """

    id: int
    kind: bytes
    enabled: bool
    timescale: int
    duration: int
    matrix: tuple[int, int, int, int]
    descriptions: list[Description]
    samples: Samples = field(default_factory=Samples)
    end: int = 0
    declared: int = 0
    is_pcm: bool = False

    @property
    def max_samples(self) -> int:
        return MAX_FRAMES if self.kind == b"vide" else MAX_SAMPLES


@dataclass(frozen=True, slots=True)
class Movie:
    """The index of a file.

    fragmented         samples follow in fragments; nothing in the index says how many
    fragment_duration  seconds of all fragments together, 0 if the file does not say
    """

    layout: Layout
    tracks: tuple[Track, ...]
    fragmented: bool
    fragment_duration: float

    def of(self, kind: bytes) -> list[Track]:
        """Returns the tracks of this kind that have samples."""
        return [track for track in self.tracks if track.kind == kind and track.declared]


def check_sample_count(track: Track, count: int, *, is_pcm: bool = False) -> None:
    """Raises MediaError for more samples than a track may have."""
    maximum = MAX_SECONDS * 192_000 if is_pcm else track.max_samples
    if count > maximum:
        noun = "frames" if track.kind == b"vide" else "samples in a track"
        raise MediaError(f"the MP4 declares {count:,} {noun}; at most {maximum:,} are taken")


def decoder_config(description: Description) -> bytes:
    """Returns the decoder configuration (FFmpeg's extradata)."""
    if description.code in {b"mp4v", b"mp4a"}:
        return _specific_info(memoryview(description.config)[4:])
    return description.config


def _specific_info(data: memoryview) -> bytes:
    """Returns the DecoderSpecificInfo of an `esds` box (ISO/IEC 14496-1, 7.2.6)."""
    # Bytes before the nested descriptors, by tag: ES_Descriptor, DecoderConfigDescriptor.
    header_sizes = {3: 3, 4: 13}
    while len(data) > 2:
        tag, at, length = data[0], 1, 0
        while at < min(len(data), 5):
            length, more, at = length << 7 | data[at] & 0x7F, data[at] & 0x80, at + 1
            if not more:
                break
        if tag == 5:
            return bytes(data[at : at + length])
        data = data[at + header_sizes[tag] :] if tag in header_sizes else data[at + length :]
    return b""
