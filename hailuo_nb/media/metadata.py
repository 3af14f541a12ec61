"""What a clip's file says about itself, taken out: who made it, with what, on which prompt.

The boxes stay where they are, emptied: samples are found by their distance from the start of the
file. What an encoder hides among the samples stays.
"""

from __future__ import annotations

from hailuo_nb.media.boxes import length_of

_SAY = frozenset({b"udta", b"meta", b"uuid"})
_HOLD = frozenset({b"moov", b"trak", b"mdia"})
_MAX_BOXES = 10_000


def without_metadata(data: bytes) -> bytes:
    """The same clip, of the same length, with nothing in the boxes for metadata."""
    copy = bytearray(data)
    places, count = [(0, len(copy))], 0
    while places:
        at, end = places.pop()
        while at + 8 <= end and count < _MAX_BOXES:
            count += 1
            length, body = length_of(bytes(copy[at : at + 16]))
            stop = end if length == 0 else at + length
            if stop < at + body or stop > end:
                break
            kind = bytes(copy[at + 4 : at + 8])
            if kind in _SAY:
                copy[at + 4 : at + 8] = b"free"
                copy[at + body : stop] = bytes(stop - at - body)
            elif kind in _HOLD:
                places.append((at + body, stop))
            at = stop
    return bytes(copy)
