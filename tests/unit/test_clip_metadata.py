"""Metadata that is taken out of a clip: nothing is moved, and the pictures are the same."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from hailuo_nb.media.metadata import without_metadata
from tests.browser.board_clips import colour, write_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A clip that says who made it, in the index and behind everything."""
    folder = tmp_path_factory.mktemp("clip")
    write_clip(folder / "plain.mp4", colour(1), 0.5)
    with (
        av.open(str(folder / "plain.mp4")) as plain,
        av.open(str(folder / "said.mp4"), "w") as said,
    ):
        stream = said.add_stream_from_template(plain.streams.video[0])
        said.metadata["comment"] = "made by Acme"
        for packet in plain.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                said.mux(packet)
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + b"<x:xmpmeta>Acme</x:xmpmeta>"
    return (folder / "said.mp4").read_bytes() + (8 + len(xmp)).to_bytes(4, "big") + b"uuid" + xmp


def pictures(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data)) as opened:
        return [frame.to_ndarray().tobytes() for frame in opened.decode(video=0)]


def test_a_clip_without_metadata_shows_the_same(clip: bytes) -> None:
    assert clip.count(b"Acme") == 2
    found = without_metadata(clip)
    assert b"Acme" not in found and len(found) == len(clip)
    assert pictures(found) == pictures(clip) != []
    assert without_metadata(found) == found


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 40, 500])
def test_what_is_no_whole_clip_stays_as_it_is(clip: bytes, length: int, tmp_path: Path) -> None:
    assert without_metadata(clip[:length]) == clip[:length]
    assert without_metadata(b"\0" * length) == b"\0" * length
    assert len(without_metadata(b"\0\0\0\x08moov" * length)) == 8 * length
