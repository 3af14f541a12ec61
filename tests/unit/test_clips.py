"""Whatever plays in a browser is a whole clip, whatever stands around its samples; a clip that was
cut never is.

What plays was seen in Chromium 156 (each file below, to its end); what it says of a cut file as
well.
"""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hailuo_nb.errors import MediaError
from hailuo_nb.media import mp4
from hailuo_nb.media.clips import open_clip, poster, verify
from tests.unit.clips import FRAMES, HEIGHT, WIDTH, box, clip, places, u32, write


@pytest.fixture(scope="module")
def plain() -> bytes:
    return clip()


@pytest.fixture(scope="module")
def sound() -> bytes:
    """Sound is the last in the file."""
    return clip(sound="aac")


@pytest.fixture(scope="module")
def late() -> bytes:
    """The index at the end."""
    return clip(movflags="")


def put(folder: Path, data: bytes) -> Path:
    path = folder / "clip.mp4"
    path.write_bytes(data)
    return path


def cut(folder: Path, data: bytes) -> str:
    with pytest.raises(MediaError, match="cut short") as caught:
        verify(put(folder, data))
    return str(caught.value)


# Around the samples -------------------------------------------------------------------------------

BEHIND = {
    "one "
    "byte": b"\7", "five bytes": b"hello", "a line end": b"\r\n", "noise": b"\xde\xad\xbe\xef" * 25,
    "text": b"<!-- served by edge-7 -->\n" * 3, "four zeros": bytes(4), "padding": bytes(4096),
    "a free that was "
    "cut": u32(5000) + b"free" + bytes(100), "a skip that was cut": u32(5000) + b"skip",
    "an unknown box that was cut": u32(5000) + b"abcd" + bytes(100),
    "a long box that was "
    "cut": u32(1) + b"free" + struct.pack(">Q", 1 << 40), "half a long header": u32(1) + b"free\0",
    "a free to the end": u32(0) + b"free" + bytes(100), "another movie": box(b"moov", bytes(20)),
}  # fmt: skip


@pytest.mark.parametrize("what", BEHIND)
def test_what_stands_behind_plays_no_part(
    tmp_path: Path, plain: bytes, late: bytes, what: str
) -> None:
    for data in (plain, late):
        assert verify(put(tmp_path, data + BEHIND[what])).frames == FRAMES


@pytest.mark.parametrize("what", BEHIND)
def test_a_cut_clip_is_one_whatever_stands_behind(tmp_path: Path, plain: bytes, what: str) -> None:
    """A server's page behind half a clip makes no whole clip."""
    cut(tmp_path, plain[: len(plain) // 2])
    if "cut" not in what:
        start, length = places(plain)[b"mdat"]
        open_ended = plain[:start] + u32(0) + plain[start + 4 :]
        cut(tmp_path, open_ended[: start + length // 2] + BEHIND[what][:1000])


def moved(data: bytes, by: int) -> bytes:
    """The same with all chunks further back."""
    out = bytearray(data)
    at = -1
    while (at := data.find(b"stco", at + 1)) > 0:
        for index in range(int.from_bytes(data[at + 8 : at + 12], "big")):
            place = at + 12 + 4 * index
            out[place : place + 4] = u32(int.from_bytes(data[place : place + 4], "big") + by)
    return bytes(out)


def test_what_stands_in_front(tmp_path: Path, plain: bytes) -> None:
    assert verify(put(tmp_path, box(b"free", bytes(50)) + moved(plain, 58))).frames == FRAMES
    length = places(plain)[b"ftyp"][1]
    assert (
        verify(put(tmp_path, moved(plain, -length)[length:])).frames == FRAMES
    )  # as QuickTime wrote them


@pytest.mark.parametrize("says", [3, 0, 1 << 20])
def test_what_the_box_of_the_samples_says(tmp_path: Path, plain: bytes, says: int) -> None:
    """Damaged, open, or more than there is: the samples are all there, and are played."""
    start = places(plain)[b"mdat"][0]
    assert verify(put(tmp_path, plain[:start] + u32(says) + plain[start + 4 :])).frames == FRAMES


# Tracks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packets", [20, 300])
def test_sound_of_another_length(tmp_path: Path, packets: int) -> None:
    facts = verify(put(tmp_path, clip(sound="aac", packets=packets)))
    assert (facts.frames, facts.audio, facts.duration) == (FRAMES, True, pytest.approx(2.0))


def times_of(data: bytes, kind: bytes, by: int) -> bytes:
    """The track's table of times declares so many samples more."""
    at = data.find(b"stts", data.find(kind))
    count = int.from_bytes(data[at + 8 : at + 12], "big")
    place = at + 12 + 8 * (count - 1)
    return (
        data[:place] + u32(int.from_bytes(data[place : place + 4], "big") + by) + data[place + 4 :]
    )


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("kind", [b"soun", b"vide"])
def test_times_of_one_sample_more_or_less(
    tmp_path: Path, sound: bytes, kind: bytes, by: int
) -> None:
    """An encoder's delay: what is in the file is what the table of sizes says."""
    assert verify(put(tmp_path, times_of(sound, kind, by))).frames == FRAMES


def without_last_packets(data: bytes, count: int) -> bytes:
    """The box of the samples ends before its last packets of sound, which the index declares all
    the same."""
    audio = mp4.read_movie(io.BytesIO(data), len(data)).of(b"soun")[0].samples
    start, _ = places(data)[b"mdat"]
    end = audio.offsets[-count]
    return data[:start] + u32(end - start) + data[start + 4 : end]


def test_sound_that_was_never_written(tmp_path: Path) -> None:
    sound = clip(sound="aac", packets=110)
    assert verify(put(tmp_path, without_last_packets(sound, 1))).audio
    assert verify(put(tmp_path, without_last_packets(sound, 2))).audio
    assert "108 of 111 declared sound packets" in cut(tmp_path, without_last_packets(sound, 3))


@pytest.mark.parametrize("lost", [1, 50, 300])
def test_sound_that_did_not_arrive(tmp_path: Path, sound: bytes, lost: int) -> None:
    """Chromium ends these with an error of its decoder."""
    cut(tmp_path, sound[:-lost])
    start = places(sound)[b"mdat"][0]
    cut(tmp_path, (sound[:start] + u32(0) + sound[start + 4 :])[:-lost])
    assert "93 of 94 declared sound packets" in cut(tmp_path, sound[:-1])


@pytest.mark.parametrize("codec", ["libmp3lame", "flac", "libopus", "pcm_s16le"])
def test_kinds_of_sound(tmp_path: Path, codec: str) -> None:
    data = clip(sound=codec)
    facts = verify(put(tmp_path, data))
    assert (facts.frames, facts.audio) == (FRAMES, True)
    cut(tmp_path, data[:-1])


def test_several_tracks(tmp_path: Path, plain: bytes) -> None:
    """A track of pictures for a player's list, one without samples, one of text: the clip is the
    one that is played."""
    start, length = places(plain)[b"moov"]
    inside = plain[start + 8 : start + length]
    at = inside.find(b"trak") - 4
    track = inside[at : at + int.from_bytes(inside[at : at + 4], "big")]
    number = track.find(b"stsz") + 12
    empty = track[:number] + u32(0) + track[number + 4 :]
    cover = track.replace(b"avc1", b"jpeg", 1)
    text = track.replace(b"vide", b"text", 1)
    more = empty + cover + text
    whole = box(b"moov", inside[:at] + more + inside[at:])
    data = plain[:start] + moved(whole, len(more)) + plain[start + length :]
    facts = verify(put(tmp_path, data))
    assert (facts.codec, facts.frames) == ("h264", FRAMES)
    assert poster(tmp_path / "clip.mp4", tmp_path / "p.jpg").exists()


# Fragments ----------------------------------------------------------------------------------------

LAYOUTS = [
    "frag_keyframe+empty_moov", "frag_keyframe+empty_moov+default_base_moof",
    "frag_every_frame+empty_moov",
    "frag_keyframe", "dash+frag_keyframe+global_sidx", "frag_keyframe+delay_moov",
]  # fmt: skip


@pytest.mark.parametrize("with_sound", ["", "aac"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_fragments(tmp_path: Path, layout: str, with_sound: str) -> None:
    data = clip(movflags=layout, sound=with_sound)
    path = put(tmp_path, data)
    facts = verify(path)
    assert (facts.frames, facts.audio) == (FRAMES, bool(with_sound))
    assert facts.duration == pytest.approx(2.0, abs=0.05)
    assert facts.fps == pytest.approx(24.0, abs=0.5)
    with open_clip(path) as whole:
        assert sum(1 for _ in whole.frames()) == FRAMES
    assert verify(put(tmp_path, data + b"hello" if b"mfra" in data else data)).frames == FRAMES
    for kept in (0.3, 0.7, 0.95):
        cut(tmp_path, data[: int(len(data) * kept)])
    cut(tmp_path, data[:-1])


def test_fragments_of_which_nothing_says_how_many_there_are(tmp_path: Path) -> None:
    data = clip(movflags="frag_keyframe+empty_moov")
    live = data[: places(data)[b"mfra"][0]]
    assert verify(put(tmp_path, live)).frames == FRAMES
    assert "not whole" in cut(tmp_path, live[: places(live)[b"moof"][0] + 4])
    with pytest.raises(MediaError, match="cut short"):
        verify(put(tmp_path, live + u32(500) + b"free"))  # fragments may have followed


def test_a_length_that_the_fragments_promise(tmp_path: Path) -> None:
    data = clip(movflags="frag_keyframe+empty_moov")
    live = data[: places(data)[b"mfra"][0]]
    start, length = places(live)[b"moov"]
    moov = live[start : start + length]
    at = moov.find(b"mvex") - 4
    size = int.from_bytes(moov[at : at + 4], "big")
    for milliseconds, whole in ((2000, True), (3000, False)):
        mehd = box(b"mehd", u32(0, milliseconds))
        longer = (
            u32(length + len(mehd))
            + moov[4:at]
            + u32(size + len(mehd))
            + b"mvex"
            + mehd
            + moov[at + 8 :]
        )
        path = put(tmp_path, live[:start] + longer + live[start + length :])
        if whole:
            assert verify(path).frames == FRAMES
        else:
            with pytest.raises(MediaError, match=r"2\.0 of 3\.0 s"):
                verify(path)


# As it is shown -----------------------------------------------------------------------------------

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
# The matrix of a track, and the four corners from left to right and top to bottom as Chromium shows
# them.
TURNED = {
    (1, 0, 0, 1): (RED, GREEN, BLUE, WHITE), (0, 1, -1, 0): (BLUE, RED, WHITE, GREEN),
    (-1, 0, 0, -1): (WHITE, BLUE, GREEN, RED), (0, -1, 1, 0): (GREEN, WHITE, RED, BLUE),
    (-1, 0, 0, 1): (GREEN, RED, WHITE, BLUE), (1, 0, 0, -1): (BLUE, WHITE, RED, GREEN),
    (0, 1, 1, 0): (RED, BLUE, GREEN, WHITE), (0, -1, -1, 0): (WHITE, GREEN, BLUE, RED),
}  # fmt: skip


@pytest.fixture(scope="module")
def corners() -> bytes:
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for index, colour in enumerate((RED, GREEN, BLUE, WHITE)):
        y, x = index // 2 * HEIGHT // 2, index % 2 * WIDTH // 2
        pixels[y : y + HEIGHT // 2, x : x + WIDTH // 2] = colour
    return clip(pixels=pixels, frames=6)


def corners_of(image: Image.Image) -> tuple[tuple[int, ...], ...]:
    seen = np.asarray(image)
    return tuple(
        tuple(int(value > 128) * 255 for value in seen[int(image.height * y), int(image.width * x)])
        for y in (0.25, 0.75)
        for x in (0.25, 0.75)
    )


@pytest.mark.parametrize("turn", TURNED)
def test_a_clip_is_upright(tmp_path: Path, corners: bytes, turn: tuple[int, int, int, int]) -> None:
    at = corners.find(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in turn)
    path = put(tmp_path, corners[:at] + struct.pack(">5i", a, b, 0, c, d) + corners[at + 20 :])
    facts, image = verify(path), Image.open(poster(path, tmp_path / "p.jpg"))
    upright = (HEIGHT, WIDTH) if turn[1] else (WIDTH, HEIGHT)
    assert (facts.width, facts.height) == upright
    assert image.size == (320, round(upright[1] * 320 / upright[0]))
    assert corners_of(image) == TURNED[turn]


def test_pixels_that_are_not_square(tmp_path: Path, corners: bytes) -> None:
    path = write(tmp_path / "clip.mp4", frames=3, aspect=Fraction(4, 3))
    facts = verify(path)
    assert (facts.width, facts.height) == (427, HEIGHT)  # as Chromium shows it
    assert Image.open(poster(path, tmp_path / "p.jpg")).size == (320, 135)


def test_a_header_that_says_no_size(tmp_path: Path, plain: bytes) -> None:
    at = plain.find(b"avc1", plain.find(b"stsd")) + 28
    assert plain[at : at + 4] == struct.pack(">HH", WIDTH, HEIGHT)
    facts = verify(put(tmp_path, plain[:at] + bytes(4) + plain[at + 4 :]))
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("codec", "tag", "options", "name"),
    [
        ("libx265", "hvc1", {"preset": "ultrafast", "x265-params": "log-level=none"}, "hevc"),
        ("libx265", "hev1", {"preset": "ultrafast", "x265-params": "log-level=none"}, "hevc"),
        ("libsvtav1", "", {"preset": "11"}, "av1"),
        ("libvpx-vp9", "", {"deadline": "realtime", "cpu-used": "8"}, "vp9"),
        ("mpeg4", "", {}, "mpeg4"),
        ("libx264", "", {"preset": "medium", "bf": "3"}, "h264"),
    ],
)
def test_codecs(tmp_path: Path, codec: str, tag: str, options: dict[str, str], name: str) -> None:
    """Each is a clip with facts, a poster and pictures, also those that browsers show black (hevc,
    mpeg4)."""
    path = write(tmp_path / "clip.mp4", codec=codec, tag=tag, options=options, frames=12)
    facts = verify(path)
    assert (facts.width, facts.height, facts.frames, facts.codec) == (WIDTH, HEIGHT, 12, name)
    assert facts.fps == pytest.approx(24.0)
    assert Image.open(poster(path, tmp_path / "p.jpg")).size == (320, 180)
    with open_clip(path) as whole:
        times = [picture.time for picture in whole.frames()]
    assert np.diff(times) == pytest.approx(np.full(11, 1 / 24), abs=0.001)


def test_a_codec_that_is_not_known_is_a_clip_without_a_poster(tmp_path: Path, plain: bytes) -> None:
    at = plain.find(b"avc1", plain.find(b"stsd"))
    path = put(tmp_path, plain[:at] + b"xyz1" + plain[at + 4 :])
    assert verify(path).codec == "xyz1"
    with pytest.raises(MediaError, match="xyz1"):
        poster(path, tmp_path / "p.jpg")
