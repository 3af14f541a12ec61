"""The samples that come in fragments (moof): an MP4 may go on in them after its index, or have
nothing else.

Must not know decoders, or what makes a clip a whole one. Boxes and fields: ISO/IEC 14496-12, 8.8.
"""

from __future__ import annotations

from hailuo_nb.media.boxes import Box, child, children, signed, unsigned, version
from hailuo_nb.media.tracks import Track, check_count


class Fragments:
    """Adds the samples of one moof after the other to the tracks."""

    def __init__(self, tracks: list[Track], moov: memoryview) -> None:
        self._tracks = {track.id: track for track in tracks}
        extends = child(moov, b"mvex") or memoryview(b"")
        # By track: index of the description, duration, size, flags of a sample that says nothing of
        # them.
        self._usual = {
            unsigned(trex, 4): [unsigned(trex, at) for at in (8, 12, 16, 20)]
            for kind, trex in children(extends)
            if kind == b"trex"
        }

    def add(self, moof: Box, data: memoryview) -> None:
        at = moof.start
        for kind, traf in children(data):
            if kind == b"traf":
                at = self._track(moof, traf, at)

    def _track(self, moof: Box, traf: memoryview, before: int) -> int:
        """One track's part of a fragment; returns where its data end. `before`: where those of the
        last part did."""
        tfhd = child(traf, b"tfhd") or memoryview(b"")
        flags, track = unsigned(tfhd, 1, 3), self._tracks.get(unsigned(tfhd, 4))
        if track is None:
            return before
        usual = [*self._usual.get(track.id, [1, 0, 0, 0])]
        at = 8
        start = moof.start if flags & 0x20000 else before
        if flags & 1:
            start, at = unsigned(tfhd, at, 8), at + 8
        for index, bit in enumerate((0x2, 0x8, 0x10, 0x20)):
            if flags & bit:
                usual[index], at = unsigned(tfhd, at), at + 4
        tfdt = child(traf, b"tfdt")
        if tfdt is not None:
            track.ends = unsigned(tfdt, 4, 8) if version(tfdt) else unsigned(tfdt, 4)
        at = start
        for kind, trun in children(traf):
            if kind == b"trun":
                at = _run(track, trun, start, at, usual)
        return at


def _run(track: Track, trun: memoryview, start: int, at: int, usual: list[int]) -> int:
    """The samples of a run; returns where their data end."""
    flags, count = unsigned(trun, 1, 3), unsigned(trun, 4)
    place = 8
    if flags & 1:
        at, place = start + signed(unsigned(trun, place)), place + 4
    first = usual[3]
    if flags & 4:
        first, place = unsigned(trun, place), place + 4
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    track.declared += count
    check_count(track, track.declared)
    if fields:
        count = min(count, max(0, len(trun) - place) // (4 * len(fields)))
    if track.kind not in {b"vide", b"soun"}:
        return at
    for index in range(count):
        said = {bit: unsigned(trun, place + 4 * column) for column, bit in enumerate(fields)}
        place += 4 * len(fields)
        size = said.get(0x200, usual[2])
        mark = said.get(0x400, first if index == 0 and flags & 4 else usual[3])
        shift = signed(said.get(0x800, 0))
        track.samples.add(
            at, size, track.ends, shift, not mark & 0x10000, min(max(usual[0] - 1, 0), 254)
        )
        track.ends += said.get(0x100, usual[1])
        at += size
    return at
