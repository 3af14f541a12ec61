"""MP4 files that somebody changed, box by box: sizes, counts, kinds, nesting, order, tables, what
is in them."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# What stands before the boxes in a box that holds some.
_HOLDERS = {
    b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0, b"dinf": 0, b"edts": 0, b"mvex": 0,
    b"moof": 0,
    b"traf": 0, b"udta": 0, b"stsd": 8, b"avc1": 78, b"hvc1": 78, b"vp09": 78, b"av01": 78,
    b"mp4v": 78, b"mp4a": 28,
}  # fmt: skip
_KINDS = [
    *_HOLDERS,
    b"mdat", b"stts", b"stsz", b"stz2", b"stsc", b"stco", b"co64", b"ctts", b"stss", b"trun",
    b"tfhd", b"tfdt", b"trex",
    b"mehd", b"sidx", b"mfra", b"cmov", b"avcC", b"esds", b"pasp", b"free", b"uuid", b"\0\0\0\0",
    b"\xff\xfe[m",
]  # fmt: skip
_WORDS = (
    0,
    1,
    2,
    3,
    7,
    8,
    255,
    65_535,
    65_536,
    72_000,
    72_001,
    240_000,
    1 << 24,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
)
_LONG = (0, 1, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
_MAX = 3_000_000  # bytes: a file that grew beyond is cut
_ACTS = (
    "word",
    "word",
    "word",
    "long",
    "size",
    "kind",
    "drop",
    "repeat",
    "move",
    "inside",
    "table",
    "bytes",
    "flags",
)


@dataclass(eq=False)
class Node:
    """A box: `kind`, what stands before its inner boxes, and those; or all its content in `head`.
    `size` lies."""

    kind: bytes
    head: bytes
    inner: list[Node] = field(default_factory=list)
    size: int | None = None

    def __bytes__(self) -> bytes:
        body = self.head + b"".join(map(bytes, self.inner))
        size = 8 + len(body) if self.size is None else self.size
        if size < 1 << 32:
            return struct.pack(">I4s", size, self.kind) + body
        return struct.pack(">I4sQ", 1, self.kind, size) + body


def parsed(data: bytes) -> list[Node]:
    nodes, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        size = size if 8 <= size <= len(data) - at else len(data) - at
        body = data[at + 8 : at + size]
        holder = _HOLDERS.get(kind)
        inner = [] if holder is None else parsed(body[holder:])
        nodes.append(Node(kind, body if holder is None else body[:holder], inner))
        at += size
    return nodes


def changed(data: bytes, seeds: Sequence[int]) -> bytes:
    """The file with one change for each seed."""
    root = Node(b"", b"", parsed(data))
    for seed in seeds:
        _change(random.Random(seed), root)
    found = b"".join(map(bytes, root.inner))[:_MAX]
    rng = random.Random(f"end {seeds}")
    end = rng.choice(("whole",) * 8 + ("cut", "more", "spoil")) if seeds else "whole"
    if end == "cut":
        return found[: rng.randrange(len(found) + 1)]
    if end == "more":
        return found + rng.choice(
            (bytes(9), rng.randbytes(40), found[:500], b"\0\0\0\x01mdat" + b"\xff" * 8)
        )
    if end == "spoil" and found:
        at = rng.randrange(len(found))
        return found[:at] + rng.randbytes(rng.randrange(1, 60)) + found[at:]
    return found


def _change(rng: random.Random, root: Node) -> None:
    around = rng.choice([one for one in _all(root) if one.inner] or [root])
    if not around.inner:
        return
    index = rng.randrange(len(around.inner))
    node, act = around.inner[index], rng.choice(_ACTS)
    if act in {"word", "long", "flags", "bytes"}:
        # Small boxes are the ones that say something of the others.
        node = rng.choice([one for one in _all(root) if one.head] or [node])
        node.head = _written_over(rng, node.head, act)
    elif act == "size":
        whole = len(bytes(node))
        node.size = rng.choice((*_WORDS, *_LONG, whole - 1, whole + 1, whole - 8, whole + 8))
    elif act == "kind":
        node.kind = rng.choice(_KINDS)
    elif act == "drop":
        del around.inner[index]
    elif act == "repeat":
        times = rng.choice((2, 3, 20, 3000))
        if len(bytes(node)) * times < _MAX:
            around.inner[index:index] = [node] * times
    elif act == "move":
        other = rng.choice(list(_all(root)))
        if other not in list(_all(node)):
            other.inner.insert(rng.randrange(len(other.inner) + 1), around.inner.pop(index))
    elif act == "inside":
        deep = bytes(node)
        for _ in range(rng.choice((1, 5, 4000))):
            deep = (
                struct.pack(">I4s", 8 + len(deep), rng.choice((node.kind, b"moov", b"trak"))) + deep
            )
        around.inner[index] = Node(node.kind, deep[8:])
    else:
        node = rng.choice([one for one in _all(root) if len(one.head) >= 12] or [node])
        node.head = _table(rng, node.head)


def _written_over(rng: random.Random, head: bytes, act: str) -> bytes:
    if act == "flags":
        return head[:1] + rng.randbytes(3) + head[4:]
    new = {
        "word": struct.pack(">I", rng.choice((*_WORDS, rng.randrange(1 << 32)))),
        "long": struct.pack(">Q", rng.choice((*_LONG, rng.randrange(1 << 64)))),
        "bytes": rng.randbytes(rng.randrange(1, 9)),
    }[act]
    at = rng.randrange(min(len(head), 400) + 1)
    at -= at % (1 if act == "bytes" else 4)
    return head[:at] + new + head[at + len(new) :]


def _table(rng: random.Random, head: bytes) -> bytes:
    """A full box whose table says another length, with or without the entries."""
    count, entry = rng.choice(_WORDS), head[8:16] or bytes(8)
    entries = entry * min(count, rng.choice((0, 3, 20_000, 200_000)))
    return head[:4] + struct.pack(">I", count) + rng.choice((head[8:], entries, head[8:] + entries))


def _all(node: Node, depth: int = 0) -> Iterator[Node]:
    yield node
    for one in node.inner if depth < 40 else ():
        yield from _all(one, depth + 1)
