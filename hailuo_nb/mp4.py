"""The tracks of an MP4 file and where each of their samples lies: of one index (moov), of fragments (moof), of both.

Counts are bounded before anything is made of them; a decoder is never asked. Must not know what makes a clip a whole
one, nor pictures. Boxes and fields: ISO/IEC 14496-12 and -15.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from hailuo_nb import boxes
from hailuo_nb.boxes import Box, Layout, MediaError, child, children, number, table

MOST_SECONDS = 600
"""Of a clip; Hailuo's longest has 10."""
MOST_FRAMES = MOST_SECONDS * 120
MOST_SAMPLES = MOST_SECONDS * 400
"""Of any other track: sound in packets of 2.5 ms, the shortest of Opus."""
MOST_TRACKS = 16
_MOST_TOGETHER = 2 * MOST_SAMPLES + MOST_FRAMES
_FAR = 1 << 62  # bytes or ticks: further than any file reaches, and in 64 bits
_CONFIGS = (b"avcC", b"hvcC", b"av1C", b"esds")


@dataclass(frozen=True, slots=True)
class Description:
    """How a track's samples are coded: the sample entry's code, and for pictures their size and the decoder's set-up.

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
        return sum(not 0 <= at <= size - count for at, count in zip(self.offsets, self.sizes, strict=True))


@dataclass(slots=True)
class Track:
    """One track. `kind` is b"vide" for pictures, b"soun" for sound; times in ticks of 1/`timescale` s.

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
        return MOST_FRAMES if self.kind == b"vide" else MOST_SAMPLES


@dataclass(frozen=True, slots=True)
class Movie:
    """What the index of a file says. `fragmented`: it goes on in fragments, the last of which nobody can foresee.

    promised  seconds that the fragments have together, 0 where the file does not say
    """

    layout: Layout
    tracks: tuple[Track, ...]
    fragmented: bool
    promised: float

    def of(self, kind: bytes) -> list[Track]:
        """The tracks of this kind that have samples."""
        return [track for track in self.tracks if track.kind == kind and track.declared]


def codes(file: BinaryIO, size: int) -> list[bytes]:
    """The sample entries' codes of the tracks of pictures, and nothing more, which is quick. Raises as `read` does."""
    moov, _ = _moov(file, boxes.layout(file, size))
    traks = [trak for kind, trak in children(moov) if kind == b"trak"][:MOST_TRACKS]
    tables = [
        child(trak, b"mdia", b"minf", b"stbl", b"stsd")
        for trak in traks
        if child(trak, b"mdia", b"minf", b"vmhd")
    ]
    return [code for stsd in tables if stsd is not None for code, _ in children(stsd[8:])]


def read(file: BinaryIO, size: int) -> Movie:
    """The index of a file of `size` bytes. Raises MediaError, OSError."""
    layout = boxes.layout(file, size)
    moov, left = _moov(file, layout)
    tracks: list[Track] = []
    for kind, trak in children(moov):
        if kind == b"trak":
            tracks.append(_track(trak))
            _check_together(tracks)
    fragments = _Fragments(tracks, moov)
    for moof in layout.of(b"moof"):
        if moof.end <= size:
            inner = boxes.content(file, moof, left)
            left -= len(inner)
            fragments.add(moof, inner)
            _check_together(tracks)
    extends = child(moov, b"mvex")
    return Movie(layout, tuple(tracks), extends is not None, _promised(moov, extends))


def _moov(file: BinaryIO, layout: Layout) -> tuple[memoryview, int]:
    """The content of the index, and how many bytes of fragments' indexes may follow."""
    found = next(iter(layout.of(b"moov")), None)
    if found is None or found.end > layout.size:
        cut = layout.cut or layout.stray
        raise MediaError(
            f"the MP4 is cut short: its index (moov) is not among the {layout.size:,} bytes that are there"
            if cut
            else "the MP4 has no index (moov)"
        )
    moov = boxes.content(file, found, boxes.MOST_INDEX)
    if child(moov, b"cmov") is not None:
        raise MediaError("the MP4's index is compressed, and is not unpacked")
    return moov, boxes.MOST_INDEX - len(moov)


def _check_together(tracks: list[Track]) -> None:
    if len(tracks) > MOST_TRACKS:
        raise MediaError(f"the MP4 has more than {MOST_TRACKS} tracks")
    if sum(len(track.samples) for track in tracks) > _MOST_TOGETHER:
        raise MediaError(f"the MP4's tracks have more than {_MOST_TOGETHER:,} samples together")


def _promised(moov: memoryview, extends: memoryview | None) -> float:
    mvhd = child(moov, b"mvhd")
    mehd = None if extends is None else child(extends, b"mehd")
    if mvhd is None or mehd is None:
        return 0.0
    scale = number(mvhd, 20 if _version(mvhd) else 12)
    return (number(mehd, 4, 8) if _version(mehd) else number(mehd, 4)) / max(scale, 1)


def sidx_end(file: BinaryIO, box: Box) -> int:
    """Where the part of the file ends that a segment index describes. Raises MediaError, OSError."""
    data = boxes.content(file, box, boxes.MOST_INDEX)
    at = 28 if _version(data) else 20
    first = number(data, at - 8, 8) if _version(data) else number(data, at - 4)
    count = number(data, at + 2, 2)
    return box.end + first + sum(number(data, at + 4 + 12 * index) & 0x7FFFFFFF for index in range(count))


def _version(data: memoryview) -> int:
    return data[0] if data else 0


# One index -------------------------------------------------------------------------------------------------


def _track(trak: memoryview) -> Track:
    nothing = memoryview(b"")
    tkhd, mdia = child(trak, b"tkhd") or nothing, child(trak, b"mdia") or nothing
    mdhd, hdlr = child(mdia, b"mdhd") or nothing, child(mdia, b"hdlr") or nothing
    table_of = child(mdia, b"minf", b"stbl") or nothing
    late = 12 if _version(tkhd) else 0
    turn = tuple(_signed(number(tkhd, 40 + late + at)) for at in (0, 4, 12, 16))
    length = number(mdhd, 24, 8) if _version(mdhd) else number(mdhd, 16)
    kind = bytes(hdlr[8:12])
    timescale = number(mdhd, 20 if _version(mdhd) else 12)
    track = Track(
        id=number(tkhd, 20 if late else 12), kind=kind, enabled=bool(number(tkhd, 3, 1) & 1),
        timescale=timescale if 0 < timescale < 1 << 31 else 1,  # as FFmpeg, whose own number has a sign
        duration=0 if length in {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF} else length,
        matrix=(turn[0], turn[1], turn[2], turn[3]), descriptions=_descriptions(table_of, kind),
    )  # fmt: skip
    _locate(track, table_of)
    return track


def _signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value


def _descriptions(stbl: memoryview, kind: bytes) -> list[Description]:
    stsd = child(stbl, b"stsd")
    entries = [] if stsd is None else list(children(stsd[8:]))[:255]
    if kind != b"vide":
        return [Description(code) for code, _ in entries]
    return [_visual(code, entry) for code, entry in entries]


def _visual(code: bytes, entry: memoryview) -> Description:
    """A VisualSampleEntry: 78 bytes, then boxes."""
    inner = dict(reversed(list(children(entry[78:]))))
    config = next((bytes(inner[kind]) for kind in _CONFIGS if kind in inner), b"")
    pasp = inner.get(b"pasp", memoryview(b""))
    aspect = (number(pasp, 0), number(pasp, 4))
    # More than 16 to 1 is no pixel's shape but a damaged box.
    sound = min(aspect) > 0 and max(aspect) <= 16 * min(aspect)
    return Description(code, number(entry, 24, 2), number(entry, 26, 2), aspect if sound else (1, 1), config)


def _locate(track: Track, stbl: memoryview) -> None:
    """Fill in the samples of the one index."""
    stsz, stz2 = child(stbl, b"stsz"), child(stbl, b"stz2")
    sizes = stz2 if stsz is None else stsz
    track.declared = 0 if sizes is None else number(sizes, 8)
    if sizes is None or not track.declared:
        return
    one_size = 0 if stsz is None else number(stsz, 4)
    durations = table(child(stbl, b"stts"), ">II", track.most, "times")
    # Sound that is not packed: its samples are single values, and lie together in chunks.
    plain = track.plain = (
        track.kind == b"soun" and one_size > 0 and len(durations) == 1 and durations[0][1] == 1
    )
    shifts = table(child(stbl, b"ctts"), ">Ii", track.most, "times")
    _check_count(track, track.declared, plain)
    _check_count(track, sum(count for count, _ in durations), plain)
    _check_count(track, sum(count for count, _ in shifts), plain)
    long = child(stbl, b"co64")
    chunks = table(child(stbl, b"stco"), ">I", track.most, "chunks") or table(
        long, ">Q", track.most, "chunks"
    )
    runs = table(child(stbl, b"stsc"), ">III", track.most, "chunks")
    if track.kind not in {b"vide", b"soun"}:
        return  # its count is all that matters
    keys = child(stbl, b"stss")
    sync = None if keys is None else {entry[0] for entry in table(keys, ">I", track.most, "frames")}
    each = _sizes(sizes, stz2 is not None and stsz is None, one_size)
    times, shown = _spread(durations), _spread(shifts)
    time = done = 0
    for offset, count, described in _chunks(chunks, runs):
        count = min(count, track.declared - done)  # noqa: PLW2901 - the last chunk may say more than there is
        if plain:
            track.samples.add(offset, count * one_size, time, 0, True, described)
            time += count
            done += count
            continue
        at = offset
        for _ in range(count):
            size = next(each, None)
            if size is None:
                break
            done += 1
            track.samples.add(at, size, time, next(shown, 0), sync is None or done in sync, described)
            time += next(times, durations[-1][1] if durations else 0)
            at += size
    if plain:
        track.declared = len(track.samples) + (done < track.declared)
    track.ends = time


def _check_count(track: Track, count: int, plain: bool = False) -> None:
    most = MOST_SECONDS * 192_000 if plain else track.most
    if count > most:
        what = "frames" if track.kind == b"vide" else "samples in a track"
        raise MediaError(f"the MP4 declares {count:,} {what}; at most {most:,} are taken")


def _chunks(offsets: list[tuple[int, ...]], runs: list[tuple[int, ...]]) -> Iterator[tuple[int, int, int]]:
    """(offset, samples, index of their description) of each chunk."""
    at = -1
    for index, (offset,) in enumerate(offsets, 1):
        while at + 1 < len(runs) and runs[at + 1][0] <= index:
            at += 1
        if at >= 0:
            yield offset, runs[at][1], min(max(runs[at][2] - 1, 0), 254)


def _sizes(data: memoryview, compact: bool, one_size: int) -> Iterator[int]:
    if not compact and one_size:
        while True:
            yield one_size
    width = number(data, 7, 1) if compact else 32
    for bit in range(12 * 8, len(data) * 8 - width + 1, width) if width in {4, 8, 16, 32} else ():
        if width == 4:
            yield data[bit // 8] >> (4 - bit % 8) & 15
        else:
            yield number(data, bit // 8, width // 8)


def _spread(runs: list[tuple[int, ...]]) -> Iterator[int]:
    for count, value in runs:
        for _ in range(count):
            yield value


# Fragments -------------------------------------------------------------------------------------------------


class _Fragments:
    """Adds the samples of one moof after the other to the tracks."""

    def __init__(self, tracks: list[Track], moov: memoryview) -> None:
        self._tracks = {track.id: track for track in tracks}
        extends = child(moov, b"mvex") or memoryview(b"")
        # By track: index of the description, duration, size, flags of a sample that says nothing of them.
        self._usual = {
            number(trex, 4): [number(trex, at) for at in (8, 12, 16, 20)]
            for kind, trex in children(extends) if kind == b"trex"
        }  # fmt: skip

    def add(self, moof: Box, data: memoryview) -> None:
        at = moof.start
        for kind, traf in children(data):
            if kind == b"traf":
                at = self._track(moof, traf, at)

    def _track(self, moof: Box, traf: memoryview, before: int) -> int:
        """One track's part of a fragment; returns where its data end. `before`: where those of the last part did."""
        tfhd = child(traf, b"tfhd") or memoryview(b"")
        flags, track = number(tfhd, 1, 3), self._tracks.get(number(tfhd, 4))
        if track is None:
            return before
        usual = [*self._usual.get(track.id, [1, 0, 0, 0])]
        at = 8
        start = moof.start if flags & 0x20000 else before
        if flags & 1:
            start, at = number(tfhd, at, 8), at + 8
        for index, bit in enumerate((0x2, 0x8, 0x10, 0x20)):
            if flags & bit:
                usual[index], at = number(tfhd, at), at + 4
        tfdt = child(traf, b"tfdt")
        if tfdt is not None:
            track.ends = number(tfdt, 4, 8) if _version(tfdt) else number(tfdt, 4)
        at = start
        for kind, trun in children(traf):
            if kind == b"trun":
                at = _run(track, trun, start, at, usual)
        return at


def _run(track: Track, trun: memoryview, start: int, at: int, usual: list[int]) -> int:
    """The samples of a run; returns where their data end."""
    flags, count = number(trun, 1, 3), number(trun, 4)
    place = 8
    if flags & 1:
        at, place = start + _signed(number(trun, place)), place + 4
    first = usual[3]
    if flags & 4:
        first, place = number(trun, place), place + 4
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    track.declared += count
    _check_count(track, track.declared)
    if fields:
        count = min(count, max(0, len(trun) - place) // (4 * len(fields)))
    if track.kind not in {b"vide", b"soun"}:
        return at
    for index in range(count):
        said = {bit: number(trun, place + 4 * column) for column, bit in enumerate(fields)}
        place += 4 * len(fields)
        size = said.get(0x200, usual[2])
        mark = said.get(0x400, first if index == 0 and flags & 4 else usual[3])
        shift = _signed(said.get(0x800, 0))
        track.samples.add(at, size, track.ends, shift, not mark & 0x10000, min(max(usual[0] - 1, 0), 254))
        track.ends += said.get(0x100, usual[1])
        at += size
    return at


# Setting up a decoder --------------------------------------------------------------------------------------


def decoder_config(sample: Description) -> bytes:
    """What a decoder has to know before the first sample (FFmpeg's extradata)."""
    return _specific_info(memoryview(sample.config)[4:]) if sample.code == b"mp4v" else sample.config


def _specific_info(data: memoryview) -> bytes:
    """The DecoderSpecificInfo of an `esds` box (ISO/IEC 14496-1, 7.2.6): descriptors inside descriptors."""
    # Bytes of their own fields before the descriptors inside: an ES_Descriptor's, a DecoderConfigDescriptor's.
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
