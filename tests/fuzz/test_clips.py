"""Fuzz: what a provider's store, or a stranger's folder, hands us as a clip. It is a clip, or
refused in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.apart import Apart, Outcome
from tests.fuzz.boxed import changed
from tests.fuzz.documents import changes
from tests.fuzz.profile import target
from tests.unit.clips import clip

MAX_MEGABYTES = 250.0
"""Beyond what the imports take. The largest picture that is decoded (9.4 million pixels) takes 14
MB, and a decoder keeps up to 17 of them."""
MAX_SECONDS = 20.0
SMALL = {"size": (64, 36), "frames": 6}
KINDS: dict[str, dict[str, object]] = {
    "h264": {},
    "with sound": {"sound": "aac"},
    "index behind": {"movflags": ""},
    "fragments": {"movflags": "frag_keyframe+empty_moov+default_base_moof", "sound": "aac"},
    "shown in another order": {"options": {"preset": "fast", "g": "6", "bf": "2"}},
    "hevc": {
        "codec": "libx265",
        "options": {"preset": "ultrafast", "x265-params": "log-level=none"},
    },
    "vp9": {"codec": "libvpx-vp9", "options": {"deadline": "realtime"}},
    "mpeg4": {"codec": "mpeg4", "options": {}},
}


class Clips(tuple[bytes, ...]):
    __slots__ = ()

    def __repr__(self) -> str:
        return "Clips(...)"


@pytest.fixture(scope="module")
def clips() -> Clips:
    return Clips(clip(**{**SMALL, **kind}) for kind in KINDS.values())


@pytest.fixture(scope="module")
def apart(clips: Clips) -> Iterator[Apart]:
    with Apart("tests.fuzz.looking:clip", clips[0]) as found:
        yield found


def _check(found: Outcome) -> None:
    assert not found.fault
    assert found.megabytes < MAX_MEGABYTES
    assert found.seconds < MAX_SECONDS


def test_the_clips_are_whole_and_can_be_seen(clips: Clips, apart: Apart) -> None:
    """What is changed below is right as it stands."""
    for name, data in zip(KINDS, clips, strict=True):
        found = apart(data)
        _check(found)
        assert set(found.value.values()) == {""}, name


@target(150)
@given(which=st.integers(0, len(KINDS) - 1), seeds=changes)
def test_a_changed_clip_is_one_or_is_refused_in_words(
    clips: Clips, apart: Apart, which: int, seeds: list[int]
) -> None:
    _check(apart(changed(clips[which], seeds)))


@target(30)
@given(
    start=st.sampled_from([b"", b"\0\0\0\x18ftypisom", b"\0\0\0\x08moov", b"\0\0\0\x01mdat"]),
    data=st.binary(max_size=400),
)
def test_bytes_that_are_nothing_are_no_clip(apart: Apart, start: bytes, data: bytes) -> None:
    found = apart(start + data)
    _check(found)
    assert found.value["verify"]
