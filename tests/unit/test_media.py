"""MP4s: what is in one, and whether all of it arrived."""

from __future__ import annotations

import io
import struct
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from hailuo_nb.errors import MediaError
from hailuo_nb.media import clips
from hailuo_nb.media.clips import poster, probe, verify

WIDTH, HEIGHT, FPS, FRAMES = 320, 180, 25, 50


def write(
    target: Any,
    *,
    frames: int = FRAMES,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    fps: int = FPS,
    sound: bool = False,
    video: bool = True,
    movflags: str = "faststart",
    kind: str = "mp4",
) -> None:
    """A real clip of noise, so that it does not compress to nothing."""
    options = {"movflags": movflags} if movflags and kind == "mp4" else {}
    with av.open(target, "w", format=kind, options=options) as container:
        streams: list[Any] = []
        if video:
            stream = container.add_stream(
                "libx264", rate=fps, options={"preset": "ultrafast", "g": "10"}
            )
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            streams.append(stream)
        if sound:
            streams.append(container.add_stream("aac", rate=48_000, layout="mono"))
        for number in range(frames if video else 0):
            pixels = np.random.default_rng(number).integers(
                0, 256, (size[1], size[0], 3), dtype=np.uint8
            )
            container.mux(streams[0].encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        if sound:
            for number in range(
                4 * frames
            ):  # 4.3 s beside 2 s of pictures: the file ends with sound
                samples = (
                    np.random.default_rng(number).uniform(-0.5, 0.5, (1, 1024)).astype(np.float32)
                )
                audio = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                audio.sample_rate, audio.pts = 48_000, number * 1024
                container.mux(streams[-1].encode(audio))
        for stream in streams:
            container.mux(stream.encode(None))


def clip(**options: Any) -> bytes:
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # to put the index in front, FFmpeg opens the file again
        path = Path(folder) / "clip"
        write(str(path), **options)
        return path.read_bytes()


@pytest.fixture(scope="module")
def whole() -> bytes:
    return clip()


@pytest.fixture(scope="module")
def with_sound() -> bytes:
    return clip(sound=True)


def put(folder: Path, data: bytes, name: str = "clip.mp4") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refused(path: Path, expected_bytes: int | None = None) -> str:
    with pytest.raises(MediaError) as caught:
        verify(path, expected_bytes)
    return str(caught.value)


# What is in a clip --------------------------------------------------------------------------------


def test_probe_and_verify_give_the_facts(tmp_path: Path, whole: bytes) -> None:
    path = put(tmp_path, whole)
    facts = verify(path, len(whole))
    assert facts == clips.ClipFacts(WIDTH, HEIGHT, 25.0, FRAMES, 2.0, "h264", False, len(whole))
    assert probe(path) == facts
    assert verify(str(path)) == facts


@pytest.mark.parametrize("movflags", ["faststart", "", "frag_keyframe+empty_moov"])
def test_every_layout_of_a_whole_file_passes(tmp_path: Path, movflags: str) -> None:
    facts = verify(put(tmp_path, clip(movflags=movflags)))
    assert (facts.frames, facts.width, facts.height, facts.fps) == (FRAMES, WIDTH, HEIGHT, 25.0)


def test_sound_is_seen(tmp_path: Path, with_sound: bytes) -> None:
    facts = verify(put(tmp_path, with_sound))
    assert facts.audio
    assert facts.frames == FRAMES


def test_odd_rates_and_upright_clips(tmp_path: Path) -> None:
    facts = verify(put(tmp_path, clip(size=(180, 320), fps=24, frames=12)))
    assert (facts.width, facts.height, facts.fps, facts.frames) == (180, 320, 24.0, 12)
    assert facts.duration == pytest.approx(0.5)


def test_a_clip_of_one_frame_passes(tmp_path: Path) -> None:
    assert verify(put(tmp_path, clip(frames=1))).frames == 1


def test_an_edit_list_hides_no_frames_from_the_count(tmp_path: Path, whole: bytes) -> None:
    """A file that a cutter shortened by an edit list still holds, and declares, all its frames."""
    at = whole.index(b"elst") + 4
    version, count, length, start = struct.unpack(">IIII", whole[at : at + 16])
    assert (version, count) == (0, 1)
    shortened = whole[: at + 8] + struct.pack(">II", length // 2, start) + whole[at + 16 :]
    assert verify(put(tmp_path, shortened)).frames == FRAMES


# What did not arrive ------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_found_though_it_opens(tmp_path: Path, whole: bytes, share: float) -> None:
    path = put(tmp_path, whole[: int(len(whole) * share)])
    assert probe(path).frames == FRAMES  # the header still declares them all
    assert "cut short" in refused(path)


def test_a_file_short_of_one_byte_is_found(tmp_path: Path, whole: bytes) -> None:
    assert "cut short" in refused(put(tmp_path, whole[:-1]))


def open_ended(data: bytes) -> bytes:
    """The same file whose last box says "to the end of the file", so that its length proves
    nothing."""
    at = data.rindex(b"mdat") - 4
    return data[:at] + b"\0\0\0\0" + data[at + 4 :]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_frames_are_counted_and_not_only_bytes(tmp_path: Path, whole: bytes, cut: float) -> None:
    data = open_ended(whole)
    assert verify(put(tmp_path, data)).frames == FRAMES
    message = refused(put(tmp_path, data[: int(len(data) * cut)]))
    assert f"of {FRAMES} declared frames" in message


def test_half_a_last_frame_does_not_count(tmp_path: Path, whole: bytes) -> None:
    assert f"{FRAMES - 1} of {FRAMES} declared frames" in refused(
        put(tmp_path, open_ended(whole)[:-1])
    )


def test_sound_that_is_missing_is_found(tmp_path: Path, with_sound: bytes) -> None:
    data = open_ended(with_sound)
    assert verify(put(tmp_path, data)).audio
    assert "declared sound packets" in refused(put(tmp_path, data[:-1]))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("movflags", ["", "frag_keyframe+empty_moov"])
def test_a_cut_file_of_another_layout_is_found(tmp_path: Path, movflags: str, share: float) -> None:
    data = clip(movflags=movflags)
    assert "cut short" in refused(put(tmp_path, data[: int(len(data) * share)]))


def test_a_length_that_was_not_announced_is_refused(tmp_path: Path, whole: bytes) -> None:
    path = put(tmp_path, whole)
    for announced in (len(whole) + 1, len(whole) - 1, 0):
        message = refused(path, announced)
        assert f"{len(whole):,}" in message
        assert f"{announced:,}" in message


def test_a_damaged_box_before_the_index_is_found(tmp_path: Path) -> None:
    """Behind the index it plays no part (test_clips.py)."""
    data = clip(movflags="")
    at = data.index(b"mdat") - 4
    assert "index" in refused(put(tmp_path, data[:at] + b"\0\0\0\3" + data[at + 4 :]))


# What is no clip ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\0", "no MP4"),
        (b"<!doctype html><title>404</title>", "HTML"),
        (b"\n  <?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "HTML or XML"),
        (b'\xef\xbb\xbf{"code": 404}', "JSON"),
        (b'[{"error": 1}]', "JSON"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        (bytes(1000), "no MP4"),
    ],
)
def test_other_files_named_mp4_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = put(tmp_path, data)
    assert said in refused(path)
    for call in (probe, lambda name: poster(name, tmp_path / "p.jpg")):
        with pytest.raises(MediaError, match=said):
            call(path)
    assert not (tmp_path / "p.jpg").exists()


@pytest.mark.parametrize(("kind", "said"), [("matroska", "Matroska"), ("avi", "AVI")])
def test_other_containers_are_refused(tmp_path: Path, kind: str, said: str) -> None:
    assert said in refused(put(tmp_path, clip(kind=kind, frames=3)))


def test_ffmpeg_opens_no_file(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A playlist that begins as MP4 does, a name with a protocol in it: FFmpeg gets single samples
    alone."""
    monkeypatch.setattr(av, "open", lambda *_, **__: pytest.fail("opened by FFmpeg"))
    path = put(tmp_path, whole, "concat:a|b.mp4")
    assert verify(path) == probe(path)
    assert poster(path, tmp_path / "p.jpg").exists()
    with clips.open_clip(path) as found:
        assert sum(1 for _ in found.frames()) == FRAMES


def test_a_header_with_nothing_behind_it_is_refused(tmp_path: Path) -> None:
    junk = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"#EXTM3U file:///etc/passwd" * 20
    assert refused(put(tmp_path, junk))
    assert "no index" in refused(put(tmp_path, junk[:24]))


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    assert "no video" in refused(put(tmp_path, clip(video=False, sound=True)))


def test_a_track_without_frames_is_no_clip(tmp_path: Path) -> None:
    data = clip(movflags="frag_keyframe+empty_moov")
    header_alone = data[: data.index(b"moof") - 4]
    assert b"moov" in header_alone
    assert "no frames" in refused(put(tmp_path, header_alone))


def test_a_giant_is_refused(tmp_path: Path) -> None:
    message = refused(put(tmp_path, clip(frames=1, size=(8194, 64))))
    assert "8194 x 64" in message
    assert "8192" in message


def test_an_endless_clip_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for pts in (0, 25 * 60 * 60 * 10):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = pts
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert "at most 600 s" in refused(put(tmp_path, buffer.getvalue()))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify(tmp_path / "none.mp4")


# Posters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1366, 768), (180, 320)])
def test_a_poster_is_a_small_jpeg_in_the_clips_shape(tmp_path: Path, size: tuple[int, int]) -> None:
    path = put(tmp_path, clip(size=size, frames=2))
    target = tmp_path / "poster.jpg"
    assert poster(path, target) == target
    image = Image.open(target)
    assert image.format == "JPEG"
    assert image.size == (320, round(size[1] * 320 / size[0]))
    assert target.stat().st_size <= 25_000
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["clip.mp4", "poster.jpg"]


def test_a_poster_shows_the_clip(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        pixels = np.zeros((180, 320, 3), np.uint8)
        pixels[:, :160, 0] = 255
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    target = poster(put(tmp_path, buffer.getvalue()), tmp_path / "p.jpg", width=160)
    image = Image.open(target)
    assert image.size == (160, 90)
    left, right = np.asarray(image)[45, 40], np.asarray(image)[45, 120]
    assert left[0] > 200 > left[1] + 100
    assert right[0] < 60


def test_a_poster_of_a_clip_whose_pictures_are_gone(tmp_path: Path, whole: bytes) -> None:
    at = whole.index(b"mdat") + 4
    with pytest.raises(MediaError):
        poster(put(tmp_path, whole[:at]), tmp_path / "p.jpg")
    assert not (tmp_path / "p.jpg").exists()
