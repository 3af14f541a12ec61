"""Decodes a track of an MP4 file with FFmpeg (PyAV), sample by sample.

FFmpeg never opens the file, so that nothing in the file can make FFmpeg open another one or
allocate what an index claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

from hailuo_nb.errors import MediaError
from hailuo_nb.media.boxes import format_code
from hailuo_nb.media.tracks import Description, Track, decoder_config

if TYPE_CHECKING:
    from av import Packet
    from av.audio.frame import AudioFrame
    from av.stream import Stream
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame

MAX_DECODED = 4096 * 2304
"""Pixels of a frame that is decoded: DCI 4K. A larger clip has no poster and is not measured."""
CODECS = {
    b"avc1": "h264", b"avc3": "h264",
    b"hvc1": "hevc", b"hev1": "hevc", b"dvh1": "hevc", b"dvhe": "hevc",
    b"av01": "av1", b"vp08": "vp8", b"vp09": "vp9", b"mp4v": "mpeg4",
}  # fmt: skip
"""FFmpeg's codec names, by sample entry."""
_MAX_SAMPLE_BYTES = 64 * 1024 * 1024  # twice the size of an uncompressed frame of MAX_DECODED
_MAX_TOTAL_PIXELS = 30_000_000_000  # per clip: two minutes of 4K, and of one core
_MAX_TOTAL_BYTES = 2 << 30  # per clip
_MAX_SOUND_BYTES = 64 * 1024  # of a packet; AAC's are at most 768 for a channel
_MAX_POSTER_TRIES = 4  # sync samples tried for a poster


def decode_frames(
    file: BinaryIO, size: int, track: Track, threads: int = 1
) -> Iterator[VideoFrame]:
    """Yields the frames in presentation order, as coded (without rotation).

    Raises MediaError as soon as the frames cannot be decoded, or are too many.
    """
    context, description = None, -1
    total_pixels = total_bytes = 0
    samples = track.samples
    for index in range(len(samples)):
        if not samples.sizes[index]:
            continue  # an empty packet would flush the decoder
        if context is None or samples.descriptions[index] != description:
            if context is not None:
                yield from _with_time_base(track, _decode(context, None))
            description = samples.descriptions[index]
            context = _open_decoder(track, description, threads)
        total_bytes += samples.sizes[index]
        packet = _read_packet(file, size, track, index)
        for frame in _with_time_base(track, _decode(context, packet)):
            total_pixels += frame.width * frame.height
            yield frame
        # Samples may overlap in the file, so that a small file can hold a day's work.
        if total_pixels > _MAX_TOTAL_PIXELS or total_bytes > _MAX_TOTAL_BYTES:
            raise MediaError("the clip has more pictures than are decoded here")
    if context is not None:
        yield from _with_time_base(track, _decode(context, None))


def decode_first_frame(file: BinaryIO, size: int, track: Track) -> VideoFrame:
    """Returns the first frame that one of the first sync samples holds. Raises MediaError."""
    samples = track.samples
    sync_samples = [index for index, key in enumerate(samples.keys) if key][:_MAX_POSTER_TRIES]
    last_error = MediaError("no picture of the clip can be decoded")
    for index in sync_samples:
        try:
            context = _open_decoder(track, samples.descriptions[index], 1)
            packet = _read_packet(file, size, track, index)
            frames = _decode(context, packet) or _decode(context, None)
        except MediaError as error:
            last_error = error
            continue
        if frames:
            return frames[0]
    raise last_error


def decode_sound(file: BinaryIO, size: int, track: Track) -> Iterator[AudioFrame]:
    """Yields the frames of an AAC track. Raises MediaError as soon as it cannot be decoded."""
    import av

    description = sample_description(track) if track.descriptions else Description(b"")
    if description.code != b"mp4a":
        raise MediaError(f"sound of the kind {format_code(description.code)} is not decoded here")
    context = av.CodecContext.create("aac", "r")
    if not isinstance(context, av.AudioCodecContext):
        raise MediaError("FFmpeg's aac decodes no sound")
    context.extradata = decoder_config(description) or None
    for index in range(len(track.samples)):
        if not track.samples.sizes[index]:
            continue
        if track.samples.sizes[index] > _MAX_SOUND_BYTES:
            raise MediaError("a packet of the clip's sound is too large, and is not decoded")
        packet = _read_packet(file, size, track, index)
        try:
            yield from context.decode(packet)
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(f"the clip's sound cannot be decoded: {_reason(error)}") from None


def sample_description(track: Track, index: int | None = None) -> Description:
    """Returns the description at `index`, by default that of the first sample."""
    if index is None:
        index = track.samples.descriptions[0] if track.samples else 0
    return track.descriptions[min(index, len(track.descriptions) - 1)]


def _with_time_base(track: Track, frames: list[VideoFrame]) -> list[VideoFrame]:
    for frame in frames:
        frame.time_base = Fraction(1, track.timescale)  # a flushed decoder forgets it
    return frames


def _open_decoder(track: Track, description_index: int, threads: int) -> VideoCodecContext:
    """Returns a decoder that refuses frames over MAX_DECODED. Raises MediaError."""
    import av

    description = sample_description(track, description_index)
    codec = CODECS.get(description.code)
    if codec is None:
        raise MediaError(f"the clip's codec ({format_code(description.code)}) is not decoded here")
    if description.width * description.height > MAX_DECODED:
        raise MediaError(
            f"the clip is {description.width} x {description.height}, and too large to be decoded "
            "here"
        )
    try:
        # FFmpeg's own av1 decoder needs a graphics card.
        context = av.CodecContext.create("libdav1d" if codec == "av1" else codec, "r")
        if not isinstance(context, av.VideoCodecContext):
            raise MediaError(f"FFmpeg's {codec} decodes no video")
        if description.config:
            context.extradata = decoder_config(description)
        context.options = {"max_pixels": str(MAX_DECODED)}
        context.thread_count = threads
        context.thread_type = "AUTO"
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"the clip cannot be decoded: {_reason(error)}") from None
    return context


def _read_packet(file: BinaryIO, size: int, track: Track, index: int) -> Packet[Stream]:
    import av

    samples = track.samples
    length = samples.sizes[index]
    if length > _MAX_SAMPLE_BYTES:
        raise MediaError(f"a picture of the clip has {length:,} bytes, and is not decoded")
    file.seek(min(max(samples.offsets[index], 0), size))  # seek() refuses huge offsets
    data = file.read(length)
    if len(data) < length:
        raise MediaError(
            f"the MP4 is cut short: {index} of {track.declared} declared frames are there"
        )
    # Not av.Packet(data): a decoder thread releases Python's bytes and needs the GIL for it, while
    # we hold the GIL and wait for that thread: a deadlock (PyAV 18.1, when a decoder with threads
    # is freed).
    packet = av.Packet(len(data))
    packet.update(data)
    packet.time_base = Fraction(1, track.timescale)
    packet.dts = samples.times[index]
    packet.pts = samples.times[index] + samples.shifts[index]
    packet.is_keyframe = bool(samples.keys[index])
    return packet


def _decode(context: VideoCodecContext, packet: Packet[Stream] | None) -> list[VideoFrame]:
    import av

    try:
        return [frame for frame in context.decode(packet) if frame.width and frame.height]
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"the clip cannot be decoded: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
