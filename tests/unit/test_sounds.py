"""Sounds: type and length by their headers, whatever a stranger writes into them."""

from __future__ import annotations

import random
import struct
import time

import pytest

from hailuo_nb.errors import MediaError
from hailuo_nb.media import sounds
from tests.unit import clips
from tests.unit.sounds import encoded, m4a, mp3, wav


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (wav(3), "audio/wav"), (mp3(3), "audio/mpeg"), (mp3(3, 22050), "audio/mpeg"),
        (mp3(3, 8000), "audio/mpeg"), (m4a(3), "audio/mp4"),
    ],
)  # fmt: skip
def test_type_and_length(data: bytes, media_type: str) -> None:
    found = sounds.inspect(data)
    assert found.media_type == media_type
    assert found.seconds == pytest.approx(3, abs=0.1)


def test_a_tag_before_the_sound_and_behind_it() -> None:
    data = mp3(2)
    plain = data[10 + sum(byte << 7 * at for at, byte in enumerate(reversed(data[6:10]))) :]
    tag = b"ID3\4\0\0" + bytes((0, 0, 8, 0)) + bytes(1024)
    for changed in (plain, tag + plain, tag + bytes(300) + plain, plain + b"TAG" + bytes(125)):
        assert sounds.is_sound(changed)
        assert sounds.inspect(changed).seconds == sounds.inspect(plain).seconds


def test_what_is_cut_short_has_the_length_that_is_there() -> None:
    assert sounds.inspect(wav(3)[:16_044]).seconds == 1.0
    assert sounds.inspect(mp3(3)[: len(mp3(3)) // 2]).seconds == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no sound"), (b"junk" * 9, "no sound"), (encoded("flac", "flac"), "a FLAC"),
        (b"OggS" + bytes(99), "an Ogg"), (wav(0), "no length"), (wav(601, 100), "longer than"),
        (b"ID3" + bytes(99), "no length"), (b"RIFF\0\0\0\0WAVE", "no length"),
        (b"RIFF\0\0\0\0WAVE" + struct.pack("<4sI", b"JUNK", 2**32 - 1), "no length"),
        (b"RIFF\0\0\0\0WAVE" + struct.pack("<4sI", b"JUNK", 0) * 99_999, "no length"),
        (clips.clip(frames=3), "no sound"), (clips.clip(frames=24, sound="aac"), "is a clip"),
    ],
)  # fmt: skip
def test_what_is_no_sound(data: bytes, said: str) -> None:
    with pytest.raises(MediaError, match=said):
        sounds.inspect(data)


def test_hostile_headers_take_no_time_and_raise_nothing_else() -> None:
    dice = random.Random(7)
    begin = time.process_time()
    for data in (wav(1), mp3(1), m4a(1)):
        for _ in range(300):
            changed = bytearray(data)
            for _ in range(dice.randrange(1, 20)):
                changed[dice.randrange(min(len(data), 400))] = dice.randrange(256)
            try:
                sounds.inspect(bytes(changed))
            except MediaError:
                continue
    short = b"\xff\xe3\x18\xc4" + bytes(20)  # the shortest frame there is, for a minute of them
    with pytest.raises(MediaError, match="longer than"):
        sounds.inspect(short * 300_000)
    assert time.process_time() - begin < 20
