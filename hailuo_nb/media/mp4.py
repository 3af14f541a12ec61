"""Reads the index of an MP4 file: its tracks and the position of their samples.

Counts are checked before anything is allocated. Boxes and fields: ISO/IEC 14496-12 and -15.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from hailuo_nb.media.tracks import (
    MAX_FRAMES,
    MAX_SAMPLES,
    Description,
    Movie,
    Track,
    check_sample_count,
)

MAX_TRACKS = 16
_MAX_ALL_SAMPLES = 2 * MAX_SAMPLES + MAX_FRAMES
_CONFIGS = (b"avcC", b"hvcC", b"av1C", b"esds")


def read_codes(file: BinaryIO, size: int) -> list[bytes]:
    """Reads only the codec codes of the video tracks. Raises MediaError, OSError."""
    moov, _ = _read_moov(file, boxes.read_layout(file, size))
    traks = [trak for kind, trak in children(moov) if kind == b"trak"][:MAX_TRACKS]
    tables = [
        child(trak, b"mdia", b"minf", b"stbl", b"stsd")
        for trak in traks
        if child(trak, b"mdia", b"minf", b"vmhd")
    ]
    return [code for stsd in tables if stsd is not None for code, _ in children(stsd[8:])]


def read_movie(file: BinaryIO, size: int) -> Movie:
    """Reads the index of a file of `size` bytes. Raises MediaError, OSError."""
    layout = boxes.read_layout(file, size)
    moov, remaining = _read_moov(file, layout)
    tracks: list[Track] = []
    for kind, trak in children(moov):
        if kind == b"trak":
            tracks.append(_read_track(trak))
            _check_tracks(tracks)
    fragments = _Fragments(tracks, moov)
    for moof in layout.of(b"moof"):
        if moof.end <= size:
            content = boxes.read_content(file, moof, remaining)
            remaining -= len(content)
            fragments.add(moof, content)
            _check_tracks(tracks)
    extends = child(moov, b"mvex")
    return Movie(layout, tuple(tracks), extends is not None, _fragment_duration(moov, extends))


def _read_moov(file: BinaryIO, layout: Layout) -> tuple[memoryview, int]:
    """Returns the moov's content, and how many bytes of moof boxes may be read."""
    box = next(iter(layout.of(b"moov")), None)
    if box is None or box.end > layout.size:
        raise MediaError(
            f"the MP4 is cut short: its index (moov) is not among the {layout.size:,} bytes that "
            "are there"
            if layout.is_truncated or layout.has_trailing_data
            else "the MP4 has no index (moov)"
        )
    moov = boxes.read_content(file, box, boxes.MAX_INDEX)
    if child(moov, b"cmov") is not None:
        raise MediaError("the MP4's index is compressed, and is not unpacked")
    return moov, boxes.MAX_INDEX - len(moov)


def _check_tracks(tracks: list[Track]) -> None:
    if len(tracks) > MAX_TRACKS:
        raise MediaError(f"the MP4 has more than {MAX_TRACKS} tracks")
    if sum(len(track.samples) for track in tracks) > _MAX_ALL_SAMPLES:
        raise MediaError(f"the MP4's tracks have more than {_MAX_ALL_SAMPLES:,} samples together")


def _fragment_duration(moov: memoryview, extends: memoryview | None) -> float:
    mvhd = child(moov, b"mvhd")
    mehd = None if extends is None else child(extends, b"mehd")
    if mvhd is None or mehd is None:
        return 0.0
    scale = unsigned(mvhd, 20 if version(mvhd) else 12)
    return (unsigned(mehd, 4, 8) if version(mehd) else unsigned(mehd, 4)) / max(scale, 1)


def sidx_end(file: BinaryIO, box: Box) -> int:
    """Returns the offset where a segment index's segments end. Raises MediaError, OSError."""
    data = boxes.read_content(file, box, boxes.MAX_INDEX)
    at = 28 if version(data) else 20
    first = unsigned(data, at - 8, 8) if version(data) else unsigned(data, at - 4)
    count = unsigned(data, at + 2, 2)
    return (
        box.end
        + first
        + sum(unsigned(data, at + 4 + 12 * index) & 0x7FFFFFFF for index in range(count))
    )


# Tracks -------------------------------------------------------------------------------------------


def _read_track(trak: memoryview) -> Track:
    empty = memoryview(b"")
    tkhd, mdia = child(trak, b"tkhd") or empty, child(trak, b"mdia") or empty
    mdhd, hdlr = child(mdia, b"mdhd") or empty, child(mdia, b"hdlr") or empty
    stbl = child(mdia, b"minf", b"stbl") or empty
    shift = 12 if version(tkhd) else 0  # version 1 has 64-bit times
    matrix = tuple(signed(unsigned(tkhd, 40 + shift + at)) for at in (0, 4, 12, 16))
    duration = unsigned(mdhd, 24, 8) if version(mdhd) else unsigned(mdhd, 16)
    kind = bytes(hdlr[8:12])
    timescale = unsigned(mdhd, 20 if version(mdhd) else 12)
    track = Track(
        id=unsigned(tkhd, 20 if shift else 12),
        kind=kind,
        enabled=bool(unsigned(tkhd, 3, 1) & 1),
        timescale=timescale if 0 < timescale < 1 << 31 else 1,  # FFmpeg's is a signed int
        duration=0 if duration in {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF} else duration,
        matrix=(matrix[0], matrix[1], matrix[2], matrix[3]),
        descriptions=_read_descriptions(stbl, kind),
    )
    _read_samples(track, stbl)
    return track


def _read_descriptions(stbl: memoryview, kind: bytes) -> list[Description]:
    stsd = child(stbl, b"stsd")
    entries = [] if stsd is None else list(children(stsd[8:]))[:255]
    if kind == b"soun":
        return [_read_audio_entry(code, entry) for code, entry in entries]
    if kind != b"vide":
        return [Description(code) for code, _ in entries]
    return [_read_visual_entry(code, entry) for code, entry in entries]


def _read_audio_entry(code: bytes, entry: memoryview) -> Description:
    """Reads an AudioSampleEntry: 28 bytes, 16 more in QuickTime's version 1, then boxes."""
    boxes = child(entry[44 if unsigned(entry, 8, 2) == 1 else 28 :], b"esds")
    return Description(code, config=b"" if boxes is None else bytes(boxes))


def _read_visual_entry(code: bytes, entry: memoryview) -> Description:
    """Reads a VisualSampleEntry: 78 bytes, then boxes."""
    extensions = dict(reversed(list(children(entry[78:]))))
    config = next((bytes(extensions[kind]) for kind in _CONFIGS if kind in extensions), b"")
    pasp = extensions.get(b"pasp", memoryview(b""))
    aspect = (unsigned(pasp, 0), unsigned(pasp, 4))
    # A pixel of more than 16:1 is a damaged box.
    is_valid = min(aspect) > 0 and max(aspect) <= 16 * min(aspect)
    return Description(
        code, unsigned(entry, 24, 2), unsigned(entry, 26, 2), aspect if is_valid else (1, 1), config
    )


def _read_samples(track: Track, stbl: memoryview) -> None:
    """Fills in the track's samples from its sample tables."""
    stsz, stz2 = child(stbl, b"stsz"), child(stbl, b"stz2")
    sizes = stz2 if stsz is None else stsz
    track.declared = 0 if sizes is None else unsigned(sizes, 8)
    if sizes is None or not track.declared:
        return
    fixed_size = 0 if stsz is None else unsigned(stsz, 4)
    durations = read_table(child(stbl, b"stts"), ">II", track.max_samples, "times")
    # Of uncompressed audio a sample is a single value; a chunk of them is read as one.
    is_pcm = track.is_pcm = (
        track.kind == b"soun" and fixed_size > 0 and len(durations) == 1 and durations[0][1] == 1
    )
    shifts = read_table(child(stbl, b"ctts"), ">Ii", track.max_samples, "times")
    check_sample_count(track, track.declared, is_pcm=is_pcm)
    check_sample_count(track, sum(count for count, _ in durations), is_pcm=is_pcm)
    check_sample_count(track, sum(count for count, _ in shifts), is_pcm=is_pcm)
    chunks = read_table(child(stbl, b"stco"), ">I", track.max_samples, "chunks") or read_table(
        child(stbl, b"co64"), ">Q", track.max_samples, "chunks"
    )
    runs = read_table(child(stbl, b"stsc"), ">III", track.max_samples, "chunks")
    if track.kind not in {b"vide", b"soun"}:
        return  # only the count of other tracks is used
    placed = _chunks(chunks, runs)
    if is_pcm:
        _add_pcm(track, placed, fixed_size)
        return
    sample_sizes = _sizes(sizes, stz2 is not None and stsz is None, fixed_size)
    _add_coded(track, placed, sample_sizes, durations, _expand(shifts), sync=_sync(track, stbl))


def _sync(track: Track, stbl: memoryview) -> set[int] | None:
    """Returns the numbers of the key frames, from 1; None if every frame is one."""
    keys = child(stbl, b"stss")
    if keys is None:
        return None
    return {entry[0] for entry in read_table(keys, ">I", track.max_samples, "frames")}


def _add_pcm(track: Track, chunks: Iterable[tuple[int, int, int]], fixed_size: int) -> None:
    """Adds the chunks of uncompressed audio, each as one sample."""
    done = 0
    for offset, declared, description in chunks:
        count = min(declared, track.declared - done)  # the last chunk may declare more
        track.samples.add(offset, count * fixed_size, done, 0, True, description)
        done += count
    track.declared = len(track.samples) + (done < track.declared)
    track.end = done


def _add_coded(
    track: Track,
    chunks: Iterable[tuple[int, int, int]],
    sizes: Iterator[int],
    durations: list[tuple[int, ...]],
    shifts: Iterator[int],
    *,
    sync: set[int] | None,
) -> None:
    """Adds the samples of all chunks, up to the number that the track declares."""
    steps, last_step = _expand(durations), durations[-1][1] if durations else 0
    time = done = 0
    for offset, declared, description in chunks:
        at = offset
        for _ in range(min(declared, track.declared - done)):
            size = next(sizes, None)
            if size is None:
                break
            done += 1
            is_sync = sync is None or done in sync
            track.samples.add(at, size, time, next(shifts, 0), is_sync, description)
            time += next(steps, last_step)
            at += size
    track.end = time


def _chunks(
    offsets: list[tuple[int, ...]], runs: list[tuple[int, ...]]
) -> Iterator[tuple[int, int, int]]:
    """Yields offset, number of samples and description index of each chunk."""
    at = -1
    for index, (offset,) in enumerate(offsets, 1):
        while at + 1 < len(runs) and runs[at + 1][0] <= index:
            at += 1
        if at >= 0:
            yield offset, runs[at][1], min(max(runs[at][2] - 1, 0), 254)


def _sizes(data: memoryview, compact: bool, fixed_size: int) -> Iterator[int]:
    """Yields the sizes of an stsz (32 bits, or fixed) or stz2 (4, 8 or 16 bits) box."""
    if not compact and fixed_size:
        while True:
            yield fixed_size
    width = unsigned(data, 7, 1) if compact else 32
    for bit in range(12 * 8, len(data) * 8 - width + 1, width) if width in {4, 8, 16, 32} else ():
        if width == 4:
            yield data[bit // 8] >> (4 - bit % 8) & 15
        else:
            yield unsigned(data, bit // 8, width // 8)


def _expand(runs: list[tuple[int, ...]]) -> Iterator[int]:
    """Expands run-length coded values."""
    for count, value in runs:
        for _ in range(count):
            yield value


# Fragments ----------------------------------------------------------------------------------------


class _Fragments:
    """Adds the samples of one moof after another to the tracks (ISO/IEC 14496-12, 8.8)."""

    def __init__(self, tracks: list[Track], moov: memoryview) -> None:
        self._tracks = {track.id: track for track in tracks}
        extends = child(moov, b"mvex") or memoryview(b"")
        # By track id: a sample's default description, duration, size and flags.
        self._defaults = {
            unsigned(trex, 4): [unsigned(trex, at) for at in (8, 12, 16, 20)]
            for kind, trex in children(extends)
            if kind == b"trex"
        }

    def add(self, moof: Box, data: memoryview) -> None:
        at = moof.start
        for kind, traf in children(data):
            if kind == b"traf":
                at = self._add_track(moof, traf, at)

    def _add_track(self, moof: Box, traf: memoryview, previous_end: int) -> int:
        """Adds a track's part of a fragment; returns the offset at which its data ends."""
        tfhd = child(traf, b"tfhd") or memoryview(b"")
        flags, track = unsigned(tfhd, 1, 3), self._tracks.get(unsigned(tfhd, 4))
        if track is None:
            return previous_end
        defaults = [*self._defaults.get(track.id, [1, 0, 0, 0])]
        at = 8
        start = moof.start if flags & 0x20000 else previous_end
        if flags & 1:
            start, at = unsigned(tfhd, at, 8), at + 8
        for index, bit in enumerate((0x2, 0x8, 0x10, 0x20)):
            if flags & bit:
                defaults[index], at = unsigned(tfhd, at), at + 4
        tfdt = child(traf, b"tfdt")
        if tfdt is not None:
            track.end = unsigned(tfdt, 4, 8) if version(tfdt) else unsigned(tfdt, 4)
        at = start
        for kind, trun in children(traf):
            if kind == b"trun":
                at = _add_run(track, trun, start, at, defaults)
        return at


def _add_run(track: Track, trun: memoryview, start: int, at: int, defaults: list[int]) -> int:
    """Adds the samples of a run; returns the offset at which their data ends."""
    flags, count = unsigned(trun, 1, 3), unsigned(trun, 4)
    field = 8
    if flags & 1:
        at, field = start + signed(unsigned(trun, field)), field + 4
    first_flags = defaults[3]
    if flags & 4:
        first_flags, field = unsigned(trun, field), field + 4
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    track.declared += count
    check_sample_count(track, track.declared)
    if fields:
        count = min(count, max(0, len(trun) - field) // (4 * len(fields)))
    if track.kind not in {b"vide", b"soun"}:
        return at
    description = min(max(defaults[0] - 1, 0), 254)
    for index in range(count):
        values = {bit: unsigned(trun, field + 4 * column) for column, bit in enumerate(fields)}
        field += 4 * len(fields)
        size = values.get(0x200, defaults[2])
        sample_flags = values.get(0x400, first_flags if index == 0 and flags & 4 else defaults[3])
        shift = signed(values.get(0x800, 0))
        is_sync = not sample_flags & 0x10000
        track.samples.add(at, size, track.end, shift, is_sync, description)
        track.end += values.get(0x100, defaults[1])
        at += size
    return at
