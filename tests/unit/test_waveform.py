"""The waveform of a clip: loud where it is loud, and silent for what nobody can decode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hailuo_nb.errors import MediaError
from hailuo_nb.media import clips, waveform
from hailuo_nb.media.waveform import DIGITS, PARTS
from hailuo_nb.media.waveform import waveform as waveform_of
from tests.unit.clips import clip, write

SILENT = "0" * PARTS


def test_noise_until_half_of_the_clip(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", frames=48, sound="aac", packets=47)
    levels = [DIGITS.index(digit) for digit in waveform_of(path)]
    assert len(levels) == PARTS
    # The root of the peak: noise of 0.2 of full scale, which is 0.3 once AAC was through it.
    assert np.mean(levels[5:95]) == pytest.approx(0.3**0.5 * 35, abs=2)
    assert max(levels[105:]) == 0


def test_a_clip_without_sound_has_none(tmp_path: Path) -> None:
    assert waveform_of(write(tmp_path / "clip.mp4", frames=6)) == ""


@pytest.mark.parametrize("codec", ["flac", "alac", "libopus"])
def test_sound_that_is_not_decoded_is_there_and_silent(tmp_path: Path, codec: str) -> None:
    path = write(tmp_path / "clip.mp4", frames=12, sound=codec, packets=10)
    assert waveform_of(path) == SILENT


def test_sound_of_no_kind_is_there_and_silent(tmp_path: Path) -> None:
    data = clip(frames=12, sound="aac")
    path = tmp_path / "clip.mp4"
    at = data.index(b"mp4a") - 4  # the length of the one entry of its stsd
    path.write_bytes(data[:at] + (4).to_bytes(4) + data[at + 4 :])
    assert waveform_of(path) == SILENT


def test_damaged_sound_is_silent_from_there_on(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip(frames=48, sound="aac"))
    with clips.open_clip(path) as whole:
        track = whole.movie.of(b"soun")[0]
        half = len(track.samples) // 2
        places = [(track.samples.offsets[at], track.samples.sizes[at]) for at in range(half, 60)]
    data = bytearray(path.read_bytes())
    for offset, size in places:
        data[offset : offset + size] = b"\xff" * size
    path.write_bytes(data)
    found = waveform_of(path)
    assert min(found[5:90]) > "0"
    assert set(found[120:160]) == {"0"}


def test_it_ends_after_two_minutes_of_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "clip.mp4", frames=48, sound="aac")
    monkeypatch.setattr(waveform, "_MAX_SAMPLES", 48_000)
    found = waveform_of(path)
    assert min(found[5:95]) > "0"
    assert set(found[110:]) == {"0"}


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    with pytest.raises(MediaError):
        waveform_of(tmp_path / "a.mp4")


def test_a_packet_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "clip.mp4", frames=12, sound="aac")

    def never(*_: Any) -> Any:
        raise AssertionError("read")

    monkeypatch.setattr(clips.decoder, "_read_packet", never)
    monkeypatch.setattr(clips.decoder, "_MAX_SOUND_BYTES", 1)
    assert waveform_of(path) == SILENT
