"""How loud a clip is over its length, to be drawn below its player."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hailuo_nb.errors import MediaError
from hailuo_nb.media.clips import Clip, open_clip
from hailuo_nb.media.decoder import decode_sound

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

PARTS = 200
"""Equal parts of a clip, each a digit of its waveform."""
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_SAMPLES = 120 * 48_000  # of each channel: the time that is measured of a clip


def waveform(path: str | Path) -> str:
    """`PARTS` digits of base 36: the root of the peak (0..1) in each part of the clip's length, so
    that quiet sounds are seen too. "" for a clip without a sound track; what cannot be decoded of
    one is silent.

    Raises MediaError, OSError.
    """
    with open_clip(Path(path)) as clip:
        if not clip.movie.of(b"soun"):
            return ""
        peaks = np.zeros(PARTS)
        try:
            for frame in _frames(clip):
                _add(peaks, frame, clip.facts.duration)
        except MediaError:
            pass
    levels = np.sqrt(np.clip(peaks, 0, 1)) * (len(DIGITS) - 1)
    return "".join(DIGITS[round(level)] for level in levels)


def _frames(clip: Clip) -> Iterator[AudioFrame]:
    left = _MAX_SAMPLES
    for frame in decode_sound(clip.file, clip.size, clip.movie.of(b"soun")[0]):
        yield frame
        left -= frame.samples
        if left < 0:
            return


def _add(peaks: np.ndarray, frame: AudioFrame, seconds: float) -> None:
    """Raise the peaks of the parts that the frame sounds in."""
    sound = np.abs(frame.to_ndarray().astype(np.float64)).max(axis=0)
    times = float(frame.time or 0) + np.arange(len(sound)) / max(frame.sample_rate, 1)
    parts = times * (PARTS / max(seconds, 1e-3))
    inside = (parts >= 0) & (parts < PARTS) & np.isfinite(sound)
    np.maximum.at(peaks, parts[inside].astype(np.int64), sound[inside])
