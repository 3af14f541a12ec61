"""Fuzz: what people give as a reference. It is a picture, clip or sound with a length, or refused
in words."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.apart import Apart, Outcome
from tests.fuzz.boxed import changed
from tests.fuzz.documents import changes
from tests.fuzz.profile import target
from tests.fuzz.test_clips import MAX_MEGABYTES, MAX_SECONDS
from tests.unit.clips import clip
from tests.unit.pictures import PLAIN
from tests.unit.sounds import m4a, mp3, wav

KINDS = {"clip": "clip", "m4a": "sound", "wav": "sound", "mp3": "sound", "png": "picture"}


class Files(tuple[bytes, ...]):
    __slots__ = ()

    def __repr__(self) -> str:
        return "Files(...)"


@pytest.fixture(scope="module")
def files() -> Files:
    small = clip(size=(64, 36), frames=6, sound="aac")
    return Files((small, m4a(1), wav(1), mp3(1), PLAIN["image/png"]))


@pytest.fixture(scope="module")
def apart(files: Files) -> Iterator[Apart]:
    with Apart("tests.fuzz.looking:reference", files[0]) as found:
        yield found


def _check(found: Outcome) -> None:
    assert not found.fault
    assert found.megabytes < MAX_MEGABYTES
    assert found.seconds < MAX_SECONDS


def test_the_files_are_what_they_are(files: Files, apart: Apart) -> None:
    """What is changed below is right as it stands."""
    for kind, data in zip(KINDS.values(), files, strict=True):
        found = apart(data)
        _check(found)
        assert found.value == kind


@target(60)
@given(which=st.integers(0, 1), seeds=changes)
def test_changed_boxes_are_a_clip_or_sound_or_refused(
    files: Files, apart: Apart, which: int, seeds: list[int]
) -> None:
    _check(apart(changed(files[which], seeds)))


@target(80)
@given(which=st.integers(0, len(KINDS) - 1), seeds=changes)
def test_changed_bytes_are_a_reference_or_refused(
    files: Files, apart: Apart, which: int, seeds: list[int]
) -> None:
    data = bytearray(files[which])
    for seed in seeds:
        dice = random.Random(seed)
        at = dice.randrange(min(len(data), 2000)) if data else 0
        piece = dice.randbytes(dice.randrange(1, 9))
        data[at : at + dice.choice((0, len(piece), 400))] = piece
    _check(apart(bytes(data)))
