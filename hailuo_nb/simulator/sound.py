"""The sound of a rendered clip: a soft tone for each bracket, rising and going from left to right.

32 kHz, stereo, AAC: as MiniMax-H3's clips have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

RATE = 32_000
"""Samples per second."""
REST_HERTZ = 196.0
"""The tone of a clip without brackets, from the middle."""
_BIT_RATE = 128_000  # at half of it FFmpeg makes a tone rough, and louder
_LEVEL = 0.2  # of full scale
_FADE_SECONDS = 0.04
_CHUNK = 1024  # samples of an AAC frame
# A pentatonic scale from C4, in which any two tones go together.
_LOWEST_HERTZ, _SEMITONES = 261.63, (0, 2, 4, 7, 9)
_OCTAVES = 3

Sound = NDArray[np.float32]
"""(2, samples), -1 to 1."""


def pitch(step: int) -> float:
    """The tone of a bracket, by its index, in hertz; it starts again after the fifteenth."""
    octave, degree = divmod(step, len(_SEMITONES))
    return float(_LOWEST_HERTZ * 2 ** (octave % _OCTAVES + _SEMITONES[degree] / 12))


def position(step: int, count: int) -> float:
    """Where the tone of one of `count` brackets comes from: 0 left, 0.5 the middle, 1 right."""
    return 0.5 if count < 2 else 0.1 + 0.8 * step / (count - 1)


def tones(count: int, seconds: float) -> Sound:
    """The sound of a clip of `count` brackets, each of which has an equal share of it."""
    total = round(seconds * RATE)
    sound = np.zeros((2, total), np.float32)
    parts = max(1, count)
    for index in range(parts):
        start, end = total * index // parts, total * (index + 1) // parts
        place = position(index, count)
        tone = _LEVEL * _tone(pitch(index) if count else REST_HERTZ, end - start)
        # Equal power: as loud at the side as in the middle.
        for channel, gain in enumerate(
            (math.cos(place * math.pi / 2), math.sin(place * math.pi / 2))
        ):
            sound[channel, start:end] = gain * tone
    return sound


def _tone(hertz: float, samples: int) -> NDArray[np.float64]:
    times = np.arange(samples) / RATE
    edges = np.minimum(times, times[::-1]) / _FADE_SECONDS
    fade: NDArray[np.float64] = np.sin(np.pi / 2 * np.minimum(edges, 1)) ** 2
    return fade * np.sin(2 * np.pi * hertz * times)


class SoundTrack:
    """The sound track of a file that is being written. Create it before the first packet."""

    def __init__(self, container: OutputContainer, sound: Sound) -> None:
        self._container, self._sound, self._at = container, sound, 0
        stream: AudioStream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = _BIT_RATE
        stream.options = {"flags": "+bitexact"}
        self._stream = stream

    def write(self, until: float = math.inf) -> None:
        """Write what sounds before `until` seconds; all that is left without it."""
        import av

        for start, part in self._chunks(until):
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate = RATE
            frame.pts, frame.time_base = start, Fraction(1, RATE)
            self._container.mux(self._stream.encode(frame))
        if until == math.inf:
            self._container.mux(self._stream.encode(None))

    def _chunks(self, until: float) -> Iterator[tuple[int, Sound]]:
        while self._at < self._sound.shape[1] and self._at < until * RATE:
            yield self._at, np.ascontiguousarray(self._sound[:, self._at : self._at + _CHUNK])
            self._at += _CHUNK
