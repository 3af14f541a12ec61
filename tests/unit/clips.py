"""Clips for the tests of media: real ones by PyAV, and boxes put together by hand."""

from __future__ import annotations

import struct
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

WIDTH, HEIGHT, FPS, FRAMES = 320, 180, 24, 48
X264 = {"preset": "ultrafast", "g": "12"}


def write(
    target: Path,
    *,
    frames: int = FRAMES,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    movflags: str = "faststart",
    sound: str = "",
    packets: int = 0,
    tag: str = "",
    pixels: np.ndarray[Any, Any] | None = None,
    aspect: Fraction | None = None,
) -> Path:
    """A clip of noise, or of `pixels` (one picture, or one for each frame); `packets` of sound, by default as long as the pictures."""
    with av.open(
        str(target), "w", format="mp4", options={"movflags": movflags} if movflags else {}
    ) as container:
        video: Any = container.add_stream(
            codec, rate=FPS, options=X264 if options is None else options
        )
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        if tag:
            video.codec_context.codec_tag = tag
        if aspect is not None:
            video.codec_context.sample_aspect_ratio = aspect
        audio: Any = container.add_stream(sound, rate=48_000, layout="mono") if sound else None
        for number in range(frames):
            noise = np.random.default_rng(number).integers(
                0, 256, (size[1], size[0], 3), dtype=np.uint8
            )
            picture = pixels[number] if pixels is not None and pixels.ndim == 4 else pixels
            frame = av.VideoFrame.from_ndarray(
                noise if picture is None else picture, format="rgb24"
            )
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for number in range((packets or frames * 2000 // 1024) if sound else 0):
            container.mux(audio.encode(_tone(audio, number)))
        if sound:
            container.mux(audio.encode(None))
    return target


def _tone(audio: Any, number: int) -> av.AudioFrame:
    form = audio.codec_context.format.name
    samples = np.random.default_rng(number).uniform(-0.2, 0.2, (1, 1024))
    kind = {"s16": np.int16, "s32p": np.int32}.get(form)
    shaped = (
        samples.astype(np.float32) if kind is None else (samples * np.iinfo(kind).max).astype(kind)
    )
    frame = av.AudioFrame.from_ndarray(shaped, format=form, layout="mono")
    frame.sample_rate, frame.pts = 48_000, number * 1024
    return frame


def clip(**options: Any) -> bytes:
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # to put the index in front, FFmpeg opens the file again
        return write(Path(folder) / "clip.mp4", **options).read_bytes()


# Boxes --------------------------------------------------------------------------------------------


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), *parts)


def u32(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
TURNS = (65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000)
AT = len(FTYP) + 8
"""Where the content of an mdat right behind FTYP begins."""


def places(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Where the top boxes of each kind lie: the last one's start and length."""
    found, at = {}, 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        found[kind] = (at, length)
        at += length
    return found


def parts_of(data: bytes) -> tuple[bytes, list[bytes]]:
    """(avcC, samples) of a clip."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(data)
        file.flush()
        with av.open(file.name) as container:
            video = container.streams.video[0]
            return bytes(video.codec_context.extradata or b""), [
                bytes(packet) for packet in container.demux(video) if packet.size
            ]


def trak(
    *tables: bytes,
    config: bytes = b"",
    size: tuple[int, int] = (64, 36),
    code: bytes = b"avc1",
    kind: bytes = b"vide",
    scale: int = 24,
    length: int = 24,
    number: int = 1,
) -> bytes:
    entry = box(
        code,
        bytes(6),
        struct.pack(">H", 1),
        bytes(16),
        struct.pack(">HH", *size),
        bytes(50),
        box(b"avcC", config),
    )
    stbl = box(b"stbl", full(b"stsd", u32(1), entry), *tables)
    head = full(
        b"tkhd",
        u32(0, 0, number, 0, length),
        bytes(16),
        struct.pack(">9i", *TURNS),
        bytes(8),
        flags=3,
    )
    media = full(b"mdhd", u32(0, 0, scale, length), bytes(4))
    return box(
        b"trak",
        head,
        box(b"mdia", media, full(b"hdlr", bytes(4), kind, bytes(13)), box(b"minf", stbl)),
    )


def moov(*parts: bytes) -> bytes:
    head = full(
        b"mvhd", u32(0, 0, 1000, 0), bytes(12), struct.pack(">9i", *TURNS), bytes(24), u32(2)
    )
    return box(b"moov", head, *parts)
