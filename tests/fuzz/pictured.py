"""PNG, JPEG and WebP files that somebody changed, chunk by chunk, with what is no picture of theirs
put between."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

SECRET = b"GPS-SECRET-48.8584N"
PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF"
Part = tuple[bytes, bytes]
"""The kind of a chunk (of a JPEG its marker) and its content."""

_KINDS = {
    PNG: (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"tEXt",
        b"iTXt",
        b"zTXt",
        b"eXIf",
        b"iCCP",
        b"acTL",
        b"gAMA",
    ),
    JPEG: tuple(
        b"\xff" + bytes([marker])
        for marker in (*range(0xC0, 0xD0), *range(0xD8, 0xF0), 0xFE, 0x01, 0x00)
    ),
    WEBP: (
        b"VP8 ",
        b"VP8L",
        b"VP8X",
        b"ALPH",
        b"ANIM",
        b"ANMF",
        b"ICCP",
        b"EXIF",
        b"XMP ",
        b"abcd",
    ),
}
_NO_PICTURE = {
    PNG: (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"tIME", b"gAMA", b"abCd"),
    JPEG: tuple(b"\xff" + bytes([marker]) for marker in (*range(0xE0, 0xF0), 0xFE)),
    WEBP: (b"EXIF", b"XMP ", b"ICCP", b"abcd"),
}
"""Where a secret is put: nothing of these may be sent."""
_SECRETS = (
    SECRET, b"Comment\0" + SECRET, b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET,
    b"Exif\0\0II*\0\x08\0\0\0" + SECRET,
    b"http://ns.adobe.com/xap/1.0/\0" + SECRET, b"Comment\0\0" + zlib.compress(SECRET),
    b"ICC_PROFILE\0\1\1" + SECRET,
)  # fmt: skip
_ACTS = ("bytes", "bytes", "word", "drop", "repeat", "move", "rename", "insert", "insert", "cut")
_WORDS = (0, 1, 255, 300, 301, 4096, 8000, 16_384, 65_535, (1 << 31) - 1, (1 << 32) - 1)


def changed(data: bytes, seeds: Sequence[int]) -> bytes:
    """The file with one change for each seed. A PNG's checksums and a WebP's length are mostly
    right again."""
    sort = next(sort for sort in _KINDS if data.startswith(sort))
    parts = {PNG: _png, JPEG: _jpeg, WEBP: _webp}[sort](data)
    for seed in seeds:
        _change(random.Random(seed), sort, parts)
    rng = random.Random(f"end {seeds}")
    lies = bool(seeds) and rng.random() < 0.1
    found = {PNG: _as_png, JPEG: _as_jpeg, WEBP: _as_webp}[sort](parts, lies)
    end = rng.choice(("whole",) * 7 + ("cut", "more", "spoil")) if seeds else "whole"
    at = rng.randrange(len(found) + 1)
    if end == "cut":
        return found[:at]
    if end == "more":
        return found + rng.choice((SECRET, b"\0", b"\xff\xd9" + SECRET, found))
    return (
        found[:at] + rng.randbytes(rng.randrange(9)) + found[at + 1 :] if end == "spoil" else found
    )


def _change(rng: random.Random, sort: bytes, parts: list[Part]) -> None:
    if not parts:
        return
    index, act = rng.randrange(len(parts)), rng.choice(_ACTS)
    kind, body = parts[index]
    if act == "drop":
        del parts[index]
    elif act == "repeat":
        parts[index:index] = [parts[index]] * rng.choice((1, 2, 400))
    elif act == "move":
        parts.insert(rng.randrange(len(parts)), parts.pop(index))
    elif act == "rename" and SECRET not in body:  # as pixels it would be the picture
        parts[index] = (rng.choice(_KINDS[sort]), body)
    elif act == "insert":
        parts.insert(
            rng.randrange(len(parts) + 1), (rng.choice(_NO_PICTURE[sort]), rng.choice(_SECRETS))
        )
    elif act == "cut":
        parts[index] = (kind, body[: rng.randrange(len(body) + 1)])
    else:
        size = rng.choice((2, 4)) if act == "word" else rng.randrange(1, 5)
        new = (rng.choice(_WORDS) & ((1 << 8 * size) - 1)).to_bytes(
            size, rng.choice(("big", "little"))
        )
        at = rng.randrange(min(len(body), rng.choice((16, 4000))) + 1)
        parts[index] = (
            kind,
            body[:at] + (new if act == "word" else rng.randbytes(size)) + body[at + size :],
        )


def _png(data: bytes) -> list[Part]:
    parts, at = [], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        parts.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    return parts


def _as_png(parts: list[Part], lies: bool) -> bytes:
    return PNG + b"".join(
        len(body).to_bytes(4, "big")
        + kind
        + body
        + (zlib.crc32(kind + body) ^ lies).to_bytes(4, "big")
        for kind, body in parts
    )


def _jpeg(data: bytes) -> list[Part]:
    """Segments; the data of a scan stand in its own, behind its header."""
    parts, at = [], 2
    while at + 4 <= len(data) and data[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            while not (data[end] == 0xFF and data[end + 1] not in {0, *range(0xD0, 0xD8)}):
                end += 1
        parts.append((data[at : at + 2], data[at + 4 : end]))
        at = end
    return parts


def _as_jpeg(parts: list[Part], lies: bool) -> bytes:
    out = [JPEG]
    for kind, body in parts:
        # A scan's length is that of its header: a byte that counts its components, two for each,
        # three more.
        size = 4 + 2 * body[0] + 2 if kind == b"\xff\xda" and body else len(body) + 2
        out += [kind, ((size + lies) & 0xFFFF).to_bytes(2, "big"), body]
    return b"".join([*out, b"\xff\xd9"])


def _webp(data: bytes) -> list[Part]:
    parts, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        parts.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return parts


def _as_webp(parts: list[Part], lies: bool) -> bytes:
    chunks = [
        kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2) for kind, body in parts
    ]
    inner = b"WEBP" + b"".join(chunks)
    return WEBP + (len(inner) + 6 * lies).to_bytes(4, "little") + inner
