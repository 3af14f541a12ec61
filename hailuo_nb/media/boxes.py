"""The boxes of an MP4 file (ISO/IEC 14496-12): where they lie, and the tables of its index, in
bounded memory and time.

Reads what strangers made: nothing is allocated because a number in the file says so. Must not know
decoders, or what makes a clip a whole one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media.text import visible

MAX_BOXES = 100_000
"""Boxes of a file: a fragment for each of 50,000 frames has two."""
_MAX_INNER = 2_000  # boxes inside one; a common one has ten
MAX_INDEX = 16 * 1024 * 1024
"""Bytes of all indexes (moov, moof) together: that of 600 s with 120 frames a second has 3 MB."""

# A clip begins with one of these. `ftyp` is the rule; files of QuickTime's time go without.
_FIRST = frozenset(
    {b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid"}
)
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


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the file. Its content lies from `body` to `end`, which may be behind the end of a
    file that was cut."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of a file of `size` bytes.

    open_ended  the last box says that it reaches to the end, so its length proves nothing
    stray       bytes behind the last box that are no box and not zeros
    """

    boxes: tuple[Box, ...]
    size: int
    open_ended: bool
    stray: bool

    @property
    def cut(self) -> bool:
        """The last box says that there is more than the file has."""
        return bool(self.boxes) and self.boxes[-1].end > self.size

    def of(self, kind: bytes) -> list[Box]:
        return [box for box in self.boxes if box.kind == kind]


def read_layout(file: BinaryIO, size: int) -> Layout:
    """The boxes of a file. Raises MediaError for what does not begin as an MP4 does, OSError."""
    _check_start(file, size)
    boxes: list[Box] = []
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, body = _length(head)
        if length == 0 and head[4:8] != b"\0\0\0\0":
            boxes.append(Box(head[4:8], at, at + 8, size))
            return Layout(tuple(boxes), size, True, False)
        if length < body:
            return Layout(tuple(boxes), size, False, _any(file, at, size))
        if len(boxes) == MAX_BOXES:
            raise MediaError(f"the MP4 has more than {MAX_BOXES:,} boxes")
        boxes.append(Box(head[4:8], at, at + body, at + length))
        at += length
    return Layout(tuple(boxes), size, False, False)


def _length(head: bytes) -> tuple[int, int]:
    """(length of a box, where its content begins in it); the first is smaller than the second where
    this is no box."""
    if len(head) < 8:
        return -1, 8
    length = int.from_bytes(head[:4], "big")
    if length != 1:
        return length, 8
    return (int.from_bytes(head[8:16], "big"), 16) if len(head) >= 16 else (-1, 16)


def _any(file: BinaryIO, at: int, size: int) -> bool:
    """Whether anything but zeros stands from here to the end, as far as a padding may reach."""
    file.seek(at)
    return any(file.read(min(size - at, 1 << 20)))


def _check_start(file: BinaryIO, size: int) -> None:
    file.seek(0)
    start = file.read(64)
    if start[4:8] in _FIRST:
        return
    if size == 0:
        raise MediaError("the file is empty")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    what = next((what for magic, what in _OTHERS if text.startswith(magic)), "something else")
    raise MediaError(f"the file is no MP4 (no ftyp at its start): it looks like {what}")


def read_content(file: BinaryIO, box: Box, left: int) -> memoryview:
    """The content of an index box, of which `left` bytes may be read. Raises MediaError,
    OSError."""
    if box.end - box.body > left:
        raise MediaError(f"the MP4's index has more than {MAX_INDEX >> 20} MiB")
    file.seek(box.body)
    return memoryview(file.read(box.end - box.body))


def children(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes inside a box, with their content; what stands behind the last one, as QuickTime
    does, is left out.

    One that says that it is longer than the box around it ends there, as for FFmpeg. Raises
    MediaError for too many.
    """
    at = count = 0
    while at + 8 <= len(data):
        length, body = _length(bytes(data[at : at + 16]))
        if length == 0:
            length = len(data) - at
        if length < body:
            return
        count += 1
        if count > _MAX_INNER:
            raise MediaError(f"a box of the MP4's index has more than {_MAX_INNER:,} boxes in it")
        yield bytes(data[at + 4 : at + 8]), data[at + body : at + length]
        at += length


def child(data: memoryview, *path: bytes) -> memoryview | None:
    """The first box inside at this path of kinds, None where there is none."""
    for kind in path:
        found = next((inner for name, inner in children(data) if name == kind), None)
        if found is None:
            return None
        data = found
    return data


def read_table(data: memoryview | None, form: str, most: int, what: str) -> list[tuple[int, ...]]:
    """The entries of a full box that has a count and then entries of `form` (see struct); [] where
    there is no box.

    Those are read that are there. Raises MediaError for more than `most`.
    """
    if data is None or len(data) < 8:
        return []
    size = struct.calcsize(form)
    count = min(int.from_bytes(data[4:8], "big"), (len(data) - 8) // size)
    if count > most:
        raise MediaError(f"the MP4 has {count:,} {what}; at most {most:,} are taken")
    return list(struct.iter_unpack(form, data[8 : 8 + count * size]))


def unsigned(data: memoryview, at: int, size: int = 4) -> int:
    """An unsigned number of `size` bytes; 0 where the box ends before it."""
    return int.from_bytes(data[at : at + size], "big") if at + size <= len(data) else 0


def format_code(kind: bytes) -> str:
    """A four-character code as a text that can be shown."""
    return visible(kind.decode("latin-1")).strip()


def signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value


def version(data: memoryview) -> int:
    return data[0] if data else 0
