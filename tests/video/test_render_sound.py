"""The sound of a rendered clip tells the brackets apart, and changes nothing else of the clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hailuo_nb.measure import measure
from hailuo_nb.measure.verdicts import adherence
from hailuo_nb.media import clips
from hailuo_nb.simulator.render import render
from hailuo_nb.simulator.sound import RATE, REST_HERTZ, pitch, position

PROMPT = "a cat in the grass [Push in], it jumps [Pan left] and rests [Static shot]"
H3_SECONDS = 73 / 24  # on its grid of 17n + 5 frames


def drawn(path: Path, prompt: str, seconds: float, **options: Any) -> Path:
    render(path, prompt=prompt, provider="modelverse", width=320, height=180, seconds=seconds,
           seed=2, **options)  # fmt: skip
    return path


def heard(path: Path) -> NDArray[np.float32]:
    """(2, samples) as a player has them."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.audio
        assert (stream.rate, stream.layout.name, stream.name) == (RATE, "stereo", "aac")
        parts = [frame.to_ndarray() for frame in container.decode(stream)]
    return np.concatenate(parts, axis=1)


def tone_at(sound: NDArray[np.float32], t: float) -> tuple[float, float]:
    """Hertz of the strongest tone around `t` seconds, and where it is: 0 left, 1 right."""
    part = sound[:, round((t - 0.1) * RATE) : round((t + 0.1) * RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(part.shape[1]), RATE))  # a bin a hertz
    hertz = int(spectrum.sum(axis=0).argmax())
    left, right = np.sqrt((part.astype(np.float64) ** 2).mean(axis=1))
    return float(hertz), float(np.arctan2(right, left) / (np.pi / 2))


def test_the_track_tells_which_bracket_is_playing(tmp_path: Path) -> None:
    sound = heard(drawn(tmp_path / "a.mp4", PROMPT, H3_SECONDS, sound=True))
    assert sound.shape[1] / RATE == pytest.approx(H3_SECONDS, abs=0.05)
    for step in range(3):
        for share in (0.15, 0.5, 0.85):
            hertz, place = tone_at(sound, (step + share) * H3_SECONDS / 3)
            assert hertz == pytest.approx(pitch(step), abs=2)
            assert place == pytest.approx(position(step, 3), abs=0.05)
    assert len({round(pitch(step)) for step in range(15)}) == 15
    assert 0.05 < np.abs(sound).max() < 0.22  # not loud, and smooth
    assert np.abs(np.diff(sound)).max() < 0.1  # no click


def test_a_prompt_without_brackets_has_one_tone_in_the_middle(tmp_path: Path) -> None:
    sound = heard(drawn(tmp_path / "a.mp4", "a cat", 1, sound=True))
    hertz, place = tone_at(sound, 0.5)
    assert (hertz, place) == (pytest.approx(REST_HERTZ, abs=2), pytest.approx(0.5, abs=0.03))


def test_sound_changes_no_measurement_and_no_frame(tmp_path: Path) -> None:
    quiet = drawn(tmp_path / "quiet.mp4", PROMPT, H3_SECONDS)
    loud = drawn(tmp_path / "loud.mp4", PROMPT, H3_SECONDS, sound=True)
    before, after = clips.verify(quiet), clips.verify(loud)
    assert (before.audio, after.audio, after.frames) == (False, True, 73)
    assert replace(after, audio=False, bytes=before.bytes) == before
    one, other = measure(quiet), measure(loud)
    assert adherence(PROMPT, one) == adherence(PROMPT, other)
    assert adherence(PROMPT, other).score is not None
    assert one.windows == other.windows


def test_the_same_clip_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = (
        drawn(tmp_path / f"{name}.mp4", PROMPT, 1, sound=True).read_bytes() for name in "ab"
    )
    assert one == other
    assert clips.probe(tmp_path / "a.mp4").audio


def test_a_cut_clip_with_sound_is_refused(tmp_path: Path) -> None:
    whole = drawn(tmp_path / "a.mp4", PROMPT, 1, sound=True)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-2000])
    with pytest.raises(clips.MediaError, match="cut short"):
        clips.verify(cut)
    clips.poster(whole, tmp_path / "poster.jpg")
    assert (tmp_path / "poster.jpg").stat().st_size > 500
