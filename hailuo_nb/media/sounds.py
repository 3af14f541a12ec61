"""Sounds of others: WAV, MP3 and M4A, their type and length read from headers, never decoded.

The files are untrusted: no number in them decides how much is read or allocated.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from hailuo_nb.errors import MediaError
from hailuo_nb.media import mp4
from hailuo_nb.media.tracks import MAX_SECONDS, Movie

_MAX_CHUNKS = 1000  # of a WAV; a common one has three
# Layer III: kbit/s by the header's index, for MPEG 1 and for MPEG 2 and 2.5.
_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_OTHER_FORMATS = ((b"fLaC", "a FLAC"), (b"OggS", "an Ogg"), (b"FORM", "an AIFF"), (b"ADIF", "AAC"))
ACCEPTED = "WAV, MP3 or M4A"


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """media_type  "audio/wav", "audio/mpeg" or "audio/mp4"; seconds  as the headers say"""

    media_type: str
    seconds: float


def is_sound(data: bytes) -> bool:
    """Whether a file begins as a sound; an MP4 without pictures is for `inspect` to tell."""
    begins = any(data.startswith(magic) for magic, _ in _OTHER_FORMATS)
    return begins or _is_wav(data) or data.startswith(b"ID3") or _is_mp3(data)


def inspect(data: bytes) -> SoundFacts:
    """Type and length of a sound. Raises MediaError for anything else, or over 600 s."""
    if _is_wav(data):
        found = SoundFacts("audio/wav", _wav_seconds(data))
    elif data.startswith(b"ID3") or _is_mp3(data):
        found = SoundFacts("audio/mpeg", sum(seconds for _, seconds in _mp3_frames(data)))
    elif data[4:8] == b"ftyp":
        found = SoundFacts("audio/mp4", _m4a_seconds(mp4.read_movie(io.BytesIO(data), len(data))))
    else:
        known = (name for magic, name in _OTHER_FORMATS if data.startswith(magic))
        name = next(known, "no sound that is read here")
        raise MediaError(f"the file is {name}; a sound is {ACCEPTED}")
    if not 0 < found.seconds <= MAX_SECONDS:
        raise MediaError(
            "the sound is empty or damaged: it has no length"
            if found.seconds <= 0
            else f"the sound is longer than {MAX_SECONDS} s"
        )
    return found


def _is_wav(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def _wav_seconds(data: bytes) -> float:
    """Bytes of its samples that are there, by the bytes of a second."""
    at, rate = 12, 0
    for _ in range(_MAX_CHUNKS):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind == b"fmt ":
            rate = int.from_bytes(data[at + 16 : at + 20], "little")
        if kind == b"data" and rate:
            return min(size, max(0, len(data) - at - 8)) / rate
        at += 8 + size + size % 2
        if at + 8 > len(data):
            break
    return 0.0


def _is_mp3(data: bytes) -> bool:
    """Whether two frames of MPEG layer III follow each other at the start."""
    first = _mp3_frame(data, 0)
    return first is not None and _mp3_frame(data, first[0]) is not None


def _mp3_frames(data: bytes) -> Iterator[tuple[int, float]]:
    """Length in bytes and seconds of each frame, behind a tag; up to the first that is none."""
    at, length = 0, 0.0
    if data.startswith(b"ID3"):
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        at = 10 + size
        while at < len(data) and data[at] == 0:  # padding behind the tag
            at += 1
    while (frame := _mp3_frame(data, at)) is not None and length <= MAX_SECONDS:
        at, length = at + frame[0], length + frame[1]
        yield frame


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Length in bytes and seconds of the layer III frame there; None where there is none."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or bitrate in {0, 15} or rate == 3:
        return None
    is_first = version == 3
    hertz = _RATES[version][rate]
    kilobits = _BITRATES[0 if is_first else 1][bitrate]
    length = (144_000 if is_first else 72_000) * kilobits // hertz + (head[2] >> 1 & 1)
    return length, (1152 if is_first else 576) / hertz


def _m4a_seconds(movie: Movie) -> float:
    tracks = movie.of(b"soun")
    if not tracks or movie.of(b"vide"):
        raise MediaError("the MP4 holds no sound" if not tracks else "the MP4 is a clip")
    return max(track.end / track.timescale for track in tracks)
