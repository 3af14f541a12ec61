"""Reads the box structure of an MP4 file (ISO/IEC 14496-12) in bounded memory and time.

The files are untrusted: no number in them decides how much is allocated.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media.text import visible

MAX_BOXES = 100_000
"""Boxes per file. A file with a fragment for each of 50,000 frames has two per fragment."""
_MAX_CHILDREN = 2_000  # a common box has ten
MAX_INDEX = 16 * 1024 * 1024
"""Bytes of all indexes (moov, moof) together. 600 s at 120 frames per second take 3 MB."""

# The first box of a clip. Usually `ftyp`; old QuickTime files have none.
_FIRST_BOXES = frozenset(
    {b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid"}
)
_OTHER_FORMATS = (
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
    """A box. Its content is at `body` to `end`, which lies beyond the end of a truncated file."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The top-level boxes of a file of `size` bytes.

    open_ended        the last box extends to the end of the file, so its length proves nothing
    has_trailing_data there are bytes after the last box that are neither a box nor zeros
    """

    boxes: tuple[Box, ...]
    size: int
    open_ended: bool
    has_trailing_data: bool

    @property
    def is_truncated(self) -> bool:
        """The last box extends beyond the end of the file."""
        return bool(self.boxes) and self.boxes[-1].end > self.size

    def of(self, kind: bytes) -> list[Box]:
        return [box for box in self.boxes if box.kind == kind]


def read_layout(file: BinaryIO, size: int) -> Layout:
    """Reads the top-level boxes. Raises MediaError if the file does not start as MP4; OSError."""
    _check_start(file, size)
    boxes: list[Box] = []
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, body = length_of(head)
        if length == 0 and head[4:8] != b"\0\0\0\0":
            boxes.append(Box(head[4:8], at, at + 8, size))
            return Layout(tuple(boxes), size, True, False)
        if length < body:
            return Layout(tuple(boxes), size, False, _has_data(file, at, size))
        if len(boxes) == MAX_BOXES:
            raise MediaError(f"the MP4 has more than {MAX_BOXES:,} boxes")
        boxes.append(Box(head[4:8], at, at + body, at + length))
        at += length
    return Layout(tuple(boxes), size, False, False)


def length_of(head: bytes) -> tuple[int, int]:
    """Returns the length of the box that begins so, 0 for all that follows, and the offset of its
    content; a length below the offset if it is no box."""
    if len(head) < 8:
        return -1, 8
    length = int.from_bytes(head[:4], "big")
    if length != 1:
        return length, 8
    return (int.from_bytes(head[8:16], "big"), 16) if len(head) >= 16 else (-1, 16)


def _has_data(file: BinaryIO, at: int, size: int) -> bool:
    """Whether there is anything but zeros from `at` on; 1 MiB is checked."""
    file.seek(at)
    return any(file.read(min(size - at, 1 << 20)))


def _check_start(file: BinaryIO, size: int) -> None:
    file.seek(0)
    start = file.read(64)
    if start[4:8] in _FIRST_BOXES:
        return
    if size == 0:
        raise MediaError("the file is empty")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    format_name = next(
        (name for magic, name in _OTHER_FORMATS if text.startswith(magic)), "something else"
    )
    raise MediaError(f"the file is no MP4 (no ftyp at its start): it looks like {format_name}")


def read_content(file: BinaryIO, box: Box, limit: int) -> memoryview:
    """Reads the content of an index box of at most `limit` bytes. Raises MediaError, OSError."""
    if box.end - box.body > limit:
        raise MediaError(f"the MP4's index has more than {MAX_INDEX >> 20} MiB")
    file.seek(box.body)
    return memoryview(file.read(box.end - box.body))


def children(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yields kind and content of a box's children; ignores data after the last, as QuickTime does.

    A child that is longer than its parent ends with it, as in FFmpeg. Raises MediaError for more
    than 2,000 children.
    """
    at = count = 0
    while at + 8 <= len(data):
        length, body = length_of(bytes(data[at : at + 16]))
        if length == 0:
            length = len(data) - at
        if length < body:
            return
        count += 1
        if count > _MAX_CHILDREN:
            raise MediaError(
                f"a box of the MP4's index has more than {_MAX_CHILDREN:,} boxes in it"
            )
        yield bytes(data[at + 4 : at + 8]), data[at + body : at + length]
        at += length


def child(data: memoryview, *path: bytes) -> memoryview | None:
    """Returns the content of the first descendant at this path of kinds, or None."""
    for kind in path:
        found = next((inner for name, inner in children(data) if name == kind), None)
        if found is None:
            return None
        data = found
    return data


def read_table(
    data: memoryview | None, entry_format: str, limit: int, noun: str
) -> list[tuple[int, ...]]:
    """Reads a full box of a count and that many entries of `entry_format` (see struct).

    Returns [] for no box, and only the complete entries of a truncated one. Raises MediaError for
    more than `limit`; `noun` names the entries in the message.
    """
    if data is None or len(data) < 8:
        return []
    size = struct.calcsize(entry_format)
    count = min(int.from_bytes(data[4:8], "big"), (len(data) - 8) // size)
    if count > limit:
        raise MediaError(f"the MP4 has {count:,} {noun}; at most {limit:,} are taken")
    return list(struct.iter_unpack(entry_format, data[8 : 8 + count * size]))


def unsigned(data: memoryview, at: int, size: int = 4) -> int:
    """Reads an unsigned integer of `size` bytes; 0 if the box ends before it."""
    return int.from_bytes(data[at : at + size], "big") if at + size <= len(data) else 0


def format_code(kind: bytes) -> str:
    """Returns a four-character code as printable text."""
    return visible(kind.decode("latin-1")).strip()


def signed(value: int) -> int:
    """Reinterprets an unsigned 32-bit integer as a signed one."""
    return value - (1 << 32) if value >= 1 << 31 else value


def version(data: memoryview) -> int:
    """The version of a full box."""
    return data[0] if data else 0
