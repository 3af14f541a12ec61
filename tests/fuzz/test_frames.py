"""Fuzz: what people give as a frame. A picture leaves without what is no picture in it, or is
refused in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.apart import Apart, Outcome
from tests.fuzz.documents import changes
from tests.fuzz.pictured import JPEG, PNG, WEBP, changed
from tests.fuzz.profile import target
from tests.unit.kinds import FILES

MAX_MEGABYTES = 900.0
"""A picture of 64 million pixels takes 256 MB once, and is there twice while it is turned or
flattened."""
MAX_SECONDS = 30.0
BASES = {
    name: data for name, data in FILES.items() if len(data) < 50_000 and name[-1] not in "2345678"
}


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart("tests.fuzz.looking:picture", FILES["png"]) as found:
        yield found


def _check(found: Outcome) -> None:
    assert not found.fault
    assert found.megabytes < MAX_MEGABYTES
    assert found.seconds < MAX_SECONDS


def test_the_pictures_may_be_sent(apart: Apart) -> None:
    """What is changed below is right as it stands, also taken apart and put together."""
    for name, data in BASES.items():
        for found in (apart(data), apart(changed(data, []))):
            _check(found)
            assert found.value == "", name


@target(200)
@given(which=st.integers(0, len(BASES) - 1), seeds=changes)
def test_a_changed_picture_is_sent_without_its_secrets_or_refused(
    apart: Apart, which: int, seeds: list[int]
) -> None:
    _check(apart(changed(list(BASES.values())[which], seeds)))


@target(30)
@given(
    start=st.sampled_from([b"", PNG, JPEG + b"\xff\xe0", WEBP + b"\xff\0\0\0WEBP"]),
    data=st.binary(max_size=200),
)
def test_bytes_that_are_nothing_are_no_picture(apart: Apart, start: bytes, data: bytes) -> None:
    found = apart(start + data)
    _check(found)
    assert found.value
