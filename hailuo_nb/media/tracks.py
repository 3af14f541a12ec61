"""What an MP4 file holds, in the terms of its index: tracks, how their samples are coded, and where
each of them lies.

Plain data, and the bounds of it. Must not know boxes, decoders, or what makes a clip a whole one.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from hailuo_nb.errors import MediaError
from hailuo_nb.media.boxes import Layout

MAX_SECONDS = 600
"""Of a clip; Hailuo's longest has 10."""
MAX_FRAMES = MAX_SECONDS * 120
MAX_SAMPLES = MAX_SECONDS * 400
"""Of any other track: sound in packets of 2.5 ms, the shortest of Opus."""
_FAR = 1 << 62  # bytes or ticks: further than any file reaches, and in 64 bits


@dataclass(frozen=True, slots=True)
class Description:
    """How a track's samples are coded: the sample entry's code, and for pictures their size and the
    decoder's set-up.

    aspect  width and height of a pixel
    """

    code: bytes
    width: int = 0
    height: int = 0
    aspect: tuple[int, int] = (1, 1)
    config: bytes = b""


@dataclass(slots=True)
class Samples:
    """Bytes and ticks of each sample, in the order in which they are decoded.

    shifts  what is added to the time of decoding for the time at which it is shown
    keys    1 where a decoder can begin
    """

    offsets: array[int] = field(default_factory=lambda: array("q"))
    sizes: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    shifts: array[int] = field(default_factory=lambda: array("q"))
    keys: bytearray = field(default_factory=bytearray)
    described: bytearray = field(default_factory=bytearray)

    def add(self, offset: int, size: int, time: int, shift: int, key: bool, described: int) -> None:  # noqa: PLR0917
        self.offsets.append(min(offset, _FAR))
        self.sizes.append(size)
        self.times.append(min(time, _FAR))
        self.shifts.append(shift)
        self.keys.append(key)
        self.described.append(described)

    def __len__(self) -> int:
        return len(self.offsets)

    def missing(self, size: int) -> int:
        """How many do not lie wholly in a file of `size` bytes."""
        return sum(
            not 0 <= at <= size - count for at, count in zip(self.offsets, self.sizes, strict=True)
        )


@dataclass(slots=True)
class Track:
    """One track. `kind` is b"vide" for pictures, b"soun" for sound; times in ticks of 1/`timescale`
    s.

    matrix    a, b, c, d: a point (x, y) of the picture is shown at (ax + cy, bx + dy)
    duration  as the header declares it, 0 where it does not
    ends      ticks at which the last sample that the index knows is over
    declared  samples that the index declares: some more than it locates where it is damaged
    plain     sound as single values: what counts as its samples are the chunks in which they lie
    """

    id: int
    kind: bytes
    enabled: bool
    timescale: int
    duration: int
    matrix: tuple[int, int, int, int]
    descriptions: list[Description]
    samples: Samples = field(default_factory=Samples)
    ends: int = 0
    declared: int = 0
    plain: bool = False

    @property
    def most(self) -> int:
        return MAX_FRAMES if self.kind == b"vide" else MAX_SAMPLES


@dataclass(frozen=True, slots=True)
class Movie:
    """What the index of a file says. `fragmented`: it goes on in fragments, the last of which
    nobody can foresee.

    promised  seconds that the fragments have together, 0 where the file does not say
    """

    layout: Layout
    tracks: tuple[Track, ...]
    fragmented: bool
    promised: float

    def of(self, kind: bytes) -> list[Track]:
        """The tracks of this kind that have samples."""
        return [track for track in self.tracks if track.kind == kind and track.declared]


def check_count(track: Track, count: int, plain: bool = False) -> None:
    most = MAX_SECONDS * 192_000 if plain else track.most
    if count > most:
        what = "frames" if track.kind == b"vide" else "samples in a track"
        raise MediaError(f"the MP4 declares {count:,} {what}; at most {most:,} are taken")


def decoder_config(sample: Description) -> bytes:
    """What a decoder has to know before the first sample (FFmpeg's extradata)."""
    return (
        _specific_info(memoryview(sample.config)[4:]) if sample.code == b"mp4v" else sample.config
    )


def _specific_info(data: memoryview) -> bytes:
    """The DecoderSpecificInfo of an `esds` box (ISO/IEC 14496-1, 7.2.6): descriptors inside
    descriptors."""
    # Bytes of their own fields before the descriptors inside: an ES_Descriptor's, a
    # DecoderConfigDescriptor's.
    own = {3: 3, 4: 13}
    while len(data) > 2:
        tag, at, length = data[0], 1, 0
        while at < min(len(data), 5):
            length, more, at = length << 7 | data[at] & 0x7F, data[at] & 0x80, at + 1
            if not more:
                break
        if tag == 5:
            return bytes(data[at : at + length])
        data = data[at + own[tag] :] if tag in own else data[at + length :]
    return b""
