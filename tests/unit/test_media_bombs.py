"""Small files that ask for much: each is refused before a decoder sees it, in little memory and
time."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from hailuo_nb.errors import MediaError
from hailuo_nb.media import clips, decoder
from hailuo_nb.media.clips import poster, probe, verify
from tests.unit.clips import AT, FTYP, box, clip, full, moov, parts_of, trak, u32


def tables(
    count: int,
    *,
    chunks: int = 1,
    each: int = 1,
    sizes: bytes = b"",
    times: bytes = b"",
    more: bytes = b"",
) -> bytes:
    """Tables of `count` samples of `each` bytes in chunks that all lie at the same place."""
    per = max(1, count // chunks)
    return (
        (times or full(b"stts", u32(1, count, 1)))
        + full(b"stsc", u32(1, 1, per, 1))
        + (sizes or full(b"stsz", u32(each, count)))
        + full(b"stco", u32(chunks, *[AT] * chunks))
        + more
    )


def many(count: int, chunks: int) -> bytes:
    """The bomb that was found: a million frames of one byte in 5.6 kB."""
    scale = 24 * max(1, count // 14_000)
    return (
        FTYP
        + box(b"mdat", bytes(count // chunks))
        + moov(trak(tables(count, chunks=chunks), scale=scale, length=count))
    )


def with_moov(*parts: bytes) -> bytes:
    return FTYP + box(b"mdat", bytes(1000)) + moov(*parts)


def fragments(run: bytes, *, usual: int = 1, head: bytes = b"") -> bytes:
    """A movie without samples of its own, and one fragment. `head`: the boxes before its run."""
    extends = box(b"mvex", full(b"trex", u32(1, 1, 1, usual, 0)))
    traf = box(b"traf", head or full(b"tfhd", u32(1), flags=0x20000), run)
    empty = trak(
        full(b"stts", u32(0)),
        full(b"stsc", u32(0)),
        full(b"stsz", u32(0, 0)),
        full(b"stco", u32(0)),
    )
    return (
        FTYP
        + moov(empty, extends)
        + box(b"moof", full(b"mfhd", u32(1)), traf)
        + box(b"mdat", bytes(1000))
    )


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = struct.pack(">I4s", 8 + len(data), b"trak") + data
    return data


SOUND = {"kind": b"soun", "code": b"mp4a", "number": 2}
BOMBS: dict[str, Callable[[], bytes]] = {
    "a million frames": lambda: many(1_000_000, 1000),
    "five million frames": lambda: many(5_000_000, 4000),
    "just too many": lambda: many(72_001, 1),
    "four thousand million frames": lambda: with_moov(trak(tables(0xFFFFFFFF))),
    "times of a million": lambda: with_moov(
        trak(tables(3, times=full(b"stts", u32(1, 1_000_000, 1))))
    ),
    "times of many": lambda: with_moov(
        trak(tables(3, times=full(b"stts", u32(4, *[0xFFFFFFFF, 1] * 4))))
    ),
    "shifts of a million": lambda: with_moov(
        trak(tables(3, more=full(b"ctts", u32(1, 1_000_000, 1))))
    ),
    "a table that says more than it has": lambda: with_moov(
        trak(tables(3, sizes=full(b"stsz", u32(0, 70_000))))
    ),
    "five million packets of sound": lambda: with_moov(
        trak(tables(3)), trak(tables(5_000_000), **SOUND)
    ),
    "single values of sound for a day": lambda: with_moov(
        trak(tables(3)), trak(tables(0xFFFFFFFF, each=2), **SOUND)
    ),
    "five million texts": lambda: with_moov(
        trak(tables(3)), trak(tables(5_000_000), kind=b"text", number=2)
    ),
    "a hundred tracks": lambda: with_moov(*[trak(tables(3), number=n) for n in range(1, 101)]),
    "sixteen tracks with much each": lambda: with_moov(
        *[trak(tables(70_000), number=n) for n in range(1, 17)]
    ),
    "a run of many": lambda: fragments(full(b"trun", u32(0xFFFFFFFF))),
    "many runs": lambda: fragments(full(b"trun", u32(50_000)) * 100),
    "an index of 200 MB": lambda: FTYP + u32(200_000_000) + b"moov" + bytes(1000),
    "an index of a sparse file": lambda: FTYP + u32(1) + b"moov" + struct.pack(">Q", 1 << 40),
    "boxes in boxes": lambda: FTYP + box(b"moov", nested(50_000)),
    "a million boxes": lambda: FTYP + box(b"free") * 1_000_000,
    "a million boxes in the index": lambda: FTYP + box(b"moov", box(b"free") * 1_000_000),
    "a packed index": lambda: FTYP + box(b"moov", box(b"cmov", bytes(100))),
    "a picture of 60,000 pixels": lambda: with_moov(trak(tables(3), size=(60_000, 60_000))),
    "a chunk beyond all bytes": lambda: with_moov(
        trak(
            full(b"stts", u32(1, 3, 1)),
            full(b"stsc", u32(1, 1, 3, 1)),
            full(b"stsz", u32(1, 3)),
            full(b"co64", u32(1), b"\xff" * 8),
        )
    ),
    "a fragment beyond all bytes and times": lambda: fragments(
        full(b"trun", u32(3)),
        head=full(b"tfhd", u32(1), b"\xff" * 8, flags=1)
        + full(b"tfdt", b"\xff" * 8, flags=1 << 24),
    ),
    "a clip of years": lambda: with_moov(
        trak(tables(3, times=full(b"stts", u32(1, 3, 0xFFFFFFFF))), length=0)
    ),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "bomb.mp4"
    path.write_bytes(BOMBS[what]())
    with pytest.raises(MediaError):
        verify(path)
    with pytest.raises(MediaError):
        poster(path, tmp_path / "p.jpg")
    assert not (tmp_path / "p.jpg").exists()


@pytest.mark.parametrize("ticks", [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_any_number_of_ticks_a_second_is_read(tmp_path: Path, ticks: int) -> None:
    """FFmpeg's own number has a sign: 0xFFFFFFFF in the header was an OverflowError."""
    data = bytearray(clip(size=(64, 36), frames=2))
    at = data.index(b"mdhd") + 16
    data[at : at + 4] = u32(ticks)
    path = tmp_path / "ticks.mp4"
    path.write_bytes(data)
    assert poster(path, tmp_path / "p.jpg").stat().st_size > 0
    assert probe(path).frames == 2


def test_as_much_as_a_clip_may_have_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    path.write_bytes(many(72_000, 1))
    assert verify(path).frames == 72_000
    facts = probe(path)
    assert facts.fps == pytest.approx(120.0)


def growing(size: tuple[int, int]) -> bytes:
    """The header and the first frame are 64 x 36; the frames behind it bring another size in their
    own set-up."""
    config, first = parts_of(clip(size=(64, 36), frames=1))
    other, later = parts_of(clip(size=size, frames=1))
    at, sets = 6, b""
    for count in (other[5] & 31, 1):
        for _ in range(count):
            length = int.from_bytes(other[at : at + 2], "big")
            sets += u32(length) + other[at + 2 : at + 2 + length]
            at += 2 + length
        at += 1
    samples = [first[0], sets + later[0], sets + later[0]]
    index = trak(
        full(b"stts", u32(1, 3, 1)),
        full(b"stsc", u32(1, 1, 3, 1)),
        full(b"stsz", u32(0, 3, *map(len, samples))),
        full(b"stco", u32(1, AT)),
        config=config,
        length=3,
    )
    return FTYP + box(b"mdat", *samples) + moov(index)


@pytest.mark.parametrize("limit", ["_MAX_TOTAL_PIXELS", "_MAX_TOTAL_BYTES"])
def test_samples_on_top_of_each_other_are_no_endless_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """One picture in the file, named 5,000 times."""
    config, (sample,) = parts_of(clip(size=(64, 36), frames=1))
    count = 5000
    index = trak(
        full(b"stts", u32(1, count, 1)),
        full(b"stsc", u32(1, 1, 1, 1)),
        full(b"stsz", u32(len(sample), count)),
        full(b"stco", u32(count, *[AT] * count)),
        config=config,
        scale=60,
        length=count,
    )
    path = tmp_path / "again.mp4"
    path.write_bytes(FTYP + box(b"mdat", sample) + moov(index))
    most = {"_MAX_TOTAL_PIXELS": 64 * 36 * 50, "_MAX_TOTAL_BYTES": len(sample) * 50}[limit]
    monkeypatch.setattr(decoder, limit, most)
    found = []
    with pytest.raises(MediaError, match="more pictures"), clips.open_clip(path) as whole:
        found.extend(whole.frames())
    assert 40 <= len(found) <= 51
