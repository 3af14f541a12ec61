"""The index of an MP4 file: its tracks, and where each of their samples lies.

Counts are bounded before anything is made of them; a decoder is never asked. Must not know what
makes a clip a whole one, nor pictures. Boxes and fields: ISO/IEC 14496-12 and -15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media import boxes
from hailuo_nb.media.boxes import (
    Box,
    Layout,
    child,
    children,
    read_table,
    signed,
    unsigned,
    version,
)
from hailuo_nb.media.fragments import Fragments
from hailuo_nb.media.tracks import MAX_FRAMES, MAX_SAMPLES, Description, Movie, Track, check_count

MAX_TRACKS = 16
_MAX_TOGETHER = 2 * MAX_SAMPLES + MAX_FRAMES
_CONFIGS = (b"avcC", b"hvcC", b"av1C", b"esds")


def read_codes(file: BinaryIO, size: int) -> list[bytes]:
    """The sample entries' codes of the tracks of pictures, and nothing more, which is quick. Raises
    as `read` does."""
    moov, _ = _moov(file, boxes.read_layout(file, size))
    traks = [trak for kind, trak in children(moov) if kind == b"trak"][:MAX_TRACKS]
    tables = [
        child(trak, b"mdia", b"minf", b"stbl", b"stsd")
        for trak in traks
        if child(trak, b"mdia", b"minf", b"vmhd")
    ]
    return [code for stsd in tables if stsd is not None for code, _ in children(stsd[8:])]


def read_movie(file: BinaryIO, size: int) -> Movie:
    """The index of a file of `size` bytes. Raises MediaError, OSError."""
    layout = boxes.read_layout(file, size)
    moov, left = _moov(file, layout)
    tracks: list[Track] = []
    for kind, trak in children(moov):
        if kind == b"trak":
            tracks.append(_track(trak))
            _check_together(tracks)
    fragments = Fragments(tracks, moov)
    for moof in layout.of(b"moof"):
        if moof.end <= size:
            inner = boxes.read_content(file, moof, left)
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
            f"the MP4 is cut short: its index (moov) is not among the {layout.size:,} bytes that "
            "are there"
            if cut
            else "the MP4 has no index (moov)"
        )
    moov = boxes.read_content(file, found, boxes.MAX_INDEX)
    if child(moov, b"cmov") is not None:
        raise MediaError("the MP4's index is compressed, and is not unpacked")
    return moov, boxes.MAX_INDEX - len(moov)


def _check_together(tracks: list[Track]) -> None:
    if len(tracks) > MAX_TRACKS:
        raise MediaError(f"the MP4 has more than {MAX_TRACKS} tracks")
    if sum(len(track.samples) for track in tracks) > _MAX_TOGETHER:
        raise MediaError(f"the MP4's tracks have more than {_MAX_TOGETHER:,} samples together")


def _promised(moov: memoryview, extends: memoryview | None) -> float:
    mvhd = child(moov, b"mvhd")
    mehd = None if extends is None else child(extends, b"mehd")
    if mvhd is None or mehd is None:
        return 0.0
    scale = unsigned(mvhd, 20 if version(mvhd) else 12)
    return (unsigned(mehd, 4, 8) if version(mehd) else unsigned(mehd, 4)) / max(scale, 1)


def sidx_end(file: BinaryIO, box: Box) -> int:
    """Where the part of the file ends that a segment index describes. Raises MediaError,
    OSError."""
    data = boxes.read_content(file, box, boxes.MAX_INDEX)
    at = 28 if version(data) else 20
    first = unsigned(data, at - 8, 8) if version(data) else unsigned(data, at - 4)
    count = unsigned(data, at + 2, 2)
    return (
        box.end
        + first
        + sum(unsigned(data, at + 4 + 12 * index) & 0x7FFFFFFF for index in range(count))
    )


# One index ----------------------------------------------------------------------------------------


def _track(trak: memoryview) -> Track:
    nothing = memoryview(b"")
    tkhd, mdia = child(trak, b"tkhd") or nothing, child(trak, b"mdia") or nothing
    mdhd, hdlr = child(mdia, b"mdhd") or nothing, child(mdia, b"hdlr") or nothing
    table_of = child(mdia, b"minf", b"stbl") or nothing
    late = 12 if version(tkhd) else 0
    turn = tuple(signed(unsigned(tkhd, 40 + late + at)) for at in (0, 4, 12, 16))
    length = unsigned(mdhd, 24, 8) if version(mdhd) else unsigned(mdhd, 16)
    kind = bytes(hdlr[8:12])
    timescale = unsigned(mdhd, 20 if version(mdhd) else 12)
    track = Track(
        id=unsigned(tkhd, 20 if late else 12),
        kind=kind,
        enabled=bool(unsigned(tkhd, 3, 1) & 1),
        timescale=timescale
        if 0 < timescale < 1 << 31
        else 1,  # as FFmpeg, whose own number has a sign
        duration=0 if length in {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF} else length,
        matrix=(turn[0], turn[1], turn[2], turn[3]),
        descriptions=_descriptions(table_of, kind),
    )
    _locate(track, table_of)
    return track


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
    aspect = (unsigned(pasp, 0), unsigned(pasp, 4))
    # More than 16 to 1 is no pixel's shape but a damaged box.
    sound = min(aspect) > 0 and max(aspect) <= 16 * min(aspect)
    return Description(
        code, unsigned(entry, 24, 2), unsigned(entry, 26, 2), aspect if sound else (1, 1), config
    )


def _locate(track: Track, stbl: memoryview) -> None:
    """Fill in the samples of the one index."""
    stsz, stz2 = child(stbl, b"stsz"), child(stbl, b"stz2")
    sizes = stz2 if stsz is None else stsz
    track.declared = 0 if sizes is None else unsigned(sizes, 8)
    if sizes is None or not track.declared:
        return
    one_size = 0 if stsz is None else unsigned(stsz, 4)
    durations = read_table(child(stbl, b"stts"), ">II", track.most, "times")
    # Sound that is not packed: its samples are single values, and lie together in chunks.
    plain = track.plain = (
        track.kind == b"soun" and one_size > 0 and len(durations) == 1 and durations[0][1] == 1
    )
    shifts = read_table(child(stbl, b"ctts"), ">Ii", track.most, "times")
    check_count(track, track.declared, plain)
    check_count(track, sum(count for count, _ in durations), plain)
    check_count(track, sum(count for count, _ in shifts), plain)
    long = child(stbl, b"co64")
    chunks = read_table(child(stbl, b"stco"), ">I", track.most, "chunks") or read_table(
        long, ">Q", track.most, "chunks"
    )
    runs = read_table(child(stbl, b"stsc"), ">III", track.most, "chunks")
    if track.kind not in {b"vide", b"soun"}:
        return  # its count is all that matters
    keys = child(stbl, b"stss")
    sync = (
        None
        if keys is None
        else {entry[0] for entry in read_table(keys, ">I", track.most, "frames")}
    )
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
            track.samples.add(
                at, size, time, next(shown, 0), sync is None or done in sync, described
            )
            time += next(times, durations[-1][1] if durations else 0)
            at += size
    if plain:
        track.declared = len(track.samples) + (done < track.declared)
    track.ends = time


def _chunks(
    offsets: list[tuple[int, ...]], runs: list[tuple[int, ...]]
) -> Iterator[tuple[int, int, int]]:
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
    width = unsigned(data, 7, 1) if compact else 32
    for bit in range(12 * 8, len(data) * 8 - width + 1, width) if width in {4, 8, 16, 32} else ():
        if width == 4:
            yield data[bit // 8] >> (4 - bit % 8) & 15
        else:
            yield unsigned(data, bit // 8, width // 8)


def _spread(runs: list[tuple[int, ...]]) -> Iterator[int]:
    for count, value in runs:
        for _ in range(count):
            yield value
