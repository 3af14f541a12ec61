"""Sounds for the tests of references: real ones, by PyAV and the standard library."""

from __future__ import annotations

import io
import wave
from functools import cache

import av
import numpy as np


@cache
def wav(seconds: float = 3, rate: int = 8000) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\1\0" * int(rate * seconds))
    return target.getvalue()


@cache
def encoded(container: str, codec: str, seconds: float = 3, rate: int = 44100) -> bytes:
    """`container` is FFmpeg's name: mp3, ipod (M4A), flac."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        noise = np.random.default_rng(1)
        for number in range(int(seconds * rate / 1152)):
            samples = noise.uniform(-0.2, 0.2, (1, 1152)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, number * 1152
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return target.getvalue()


def mp3(seconds: float = 3, rate: int = 44100) -> bytes:
    return encoded("mp3", "libmp3lame", seconds, rate)


def m4a(seconds: float = 3) -> bytes:
    return encoded("ipod", "aac", seconds)
