"""References: what can be one, of which kind it is, and what of it is sent and kept."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.engine import frame_store
from hailuo_nb.errors import FieldError, FrameError
from hailuo_nb.requests.fields import parse_request
from hailuo_nb.requests.reference import Reference, prompt_names
from tests.unit import clips
from tests.unit.pictures import PLAIN, encoded, exif, picture
from tests.unit.sounds import m4a, mp3, wav

PNG = PLAIN["image/png"]
CLIP = clips.clip(sound="aac")
EVERY = (PNG, CLIP, mp3())
ALL = hn.VideoRequest("Image 1 dances", "MiniMax-H3", references=[*map(Reference.of, EVERY)])


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (PNG, "picture", "image/png"), (PLAIN["image/jpeg"], "picture", "image/jpeg"),
        (CLIP, "clip", "video/mp4"), (wav(), "sound", "audio/wav"), (mp3(), "sound", "audio/mpeg"),
        (m4a(), "sound", "audio/mp4"),
    ],
)  # fmt: skip
def test_the_kind_is_what_the_bytes_are(
    data: bytes, kind: Any, media_type: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(data)
    for source in (data, path, str(path), f"data:;base64,{base64.b64encode(data).decode()}"):
        found = Reference.of(source)
        assert (found.kind, found.media_type) == (kind, media_type)
    assert found == Reference.of(data, kind)
    assert found.identity == "sha256:" + hashlib.sha256(data).hexdigest()
    assert found.to_url() == f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def test_what_is_known_of_each() -> None:
    image, clip, sound = ALL.references
    assert (image.width, image.height, image.seconds) == (320, 400, None)
    assert (clip.width, clip.height, clip.seconds, clip.fps, clip.codec) == (
        *(320, 180, 2.0, 24.0, "h264"),
    )
    assert sound.seconds == pytest.approx(3, abs=0.1)
    assert image.thumbnail().startswith("data:image/jpeg")
    assert clip.thumbnail().startswith("data:image/jpeg")
    assert sound.thumbnail() == ""
    assert len(clip.thumbnail()) < 30_000
    assert len(repr(ALL.references)) < 1000


def test_a_quicktime_file_is_one_by_its_brand() -> None:
    changed = CLIP.replace(b"ftypisom", b"ftypqt  ", 1)
    assert Reference.of(changed).media_type == "video/quicktime"


def test_a_picture_is_sent_without_what_the_camera_wrote() -> None:
    data = encoded(picture(), "JPEG", exif=exif(6))
    found = Reference.of(data)
    assert found.source == "sha256:" + hashlib.sha256(data).hexdigest() != found.identity
    assert b"Exif" not in (found.data or b"")
    assert Reference.of(hn.Frame.of(data)) == found
    assert Reference.of(picture()).source.startswith("pixels:")


def test_a_picture_may_have_sides_that_no_frame_has() -> None:
    small = encoded(picture().resize((260, 260)), "PNG")
    assert Reference.of(small).width == 260
    with pytest.raises(FrameError, match="260 x 260"):
        hn.Frame.of(small)


def test_a_link_is_never_opened_and_says_its_kind() -> None:
    for link, kind in (
        ("https://x.example/a.JPG?v=1", "picture"), ("https://x.example/b.mov", "clip"),
        ("https://x.example/c.mp3#t", "sound"),
    ):  # fmt: skip
        found = Reference.of(link)
        assert (found.kind, found.url, found.identity) == (kind, link, link)
        assert found.loaded() is found
        assert (found.to_url(), found.thumbnail()) == (link, "")
    with pytest.raises(FrameError, match=r"kind=\.\.\."):
        Reference.of("https://x.example/download?id=7")
    assert Reference.of("https://x.example/download?id=7", "clip").kind == "clip"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"junk", "no picture"), (CLIP[:2000], "cut short"), (CLIP[:-2000], "cut short"),
        ("http://x.example/a.mp4", "https"), ("https://me:pass@x.example/a.mp4", "password"),
        ("https://10.0.0.1 /a.mp4", "whole https link"), ("/nowhere/a.mp4", "no such file"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"), (b"fLaC" + bytes(40), "FLAC"),
        (b"ftyp" * 20, "cut short"), (7, "int"), ("", "empty text"),
    ],
)  # fmt: skip
def test_what_can_be_none(source: Any, said: str) -> None:
    with pytest.raises(FrameError, match=said):
        Reference.of(source)


def test_a_kind_that_it_is_not() -> None:
    for kind in ("clip", "sound", "film"):
        with pytest.raises(FrameError):
            Reference.of(PNG, kind)  # type: ignore[arg-type] # as a person may
    with pytest.raises(FrameError, match="is a picture, and no clip"):
        Reference.of(ALL.references[0], "clip")


def test_each_kind_stands_together_and_is_counted_by_itself() -> None:
    other = Reference.of(PLAIN["image/jpeg"])
    request = ALL.but(references=[*reversed(ALL.references), other])
    assert request.but(references=[*ALL.references, other]).fingerprint == request.fingerprint
    assert prompt_names(request.references) == ["Image 1", "Image 2", "Video 1", "Audio 1"]
    swapped = request.but(references=[other, *ALL.references])
    assert swapped.fingerprint != request.fingerprint


# What is kept -------------------------------------------------------------------------------------


def test_a_request_is_written_without_bytes_and_read_again(tmp_path: Path) -> None:
    text = json.dumps(ALL.to_json())
    assert len(text) < 1000
    frame_store.save(tmp_path, ALL)
    assert {path.suffix for path in (tmp_path / "frames").iterdir()} == {".png", ".mp4", ".mp3"}
    again = hn.VideoRequest.from_json(
        parse_request(text),
        lambda identity: frame_store.named(tmp_path, identity),
        lambda kind, identity: frame_store.named_reference(tmp_path, kind, identity),
    )
    assert again == ALL
    assert again.fingerprint == ALL.fingerprint
    assert [one.data for one in again.references] == [None] * 3
    whole = frame_store.whole(tmp_path, again)
    assert [one.data for one in whole.references] == [*EVERY]
    assert [one.seconds for one in whole.references] == [one.seconds for one in ALL.references]


def test_bytes_that_are_gone_or_changed(tmp_path: Path) -> None:
    frame_store.save(tmp_path, ALL)
    again = hn.VideoRequest.from_json(
        ALL.to_json(),
        lambda _: None,
        lambda kind, identity: frame_store.named_reference(tmp_path, kind, identity),
    )
    (path,) = (tmp_path / "frames").glob("*.mp4")
    path.write_bytes(CLIP + b"\0")
    for request in (again, hn.VideoRequest.from_json(ALL.to_json(), lambda _: None)):
        with pytest.raises(FrameError, match="a clip that this clip takes after is no longer"):
            frame_store.whole(tmp_path, request)
        with pytest.raises(FrameError, match="only its name was kept"):
            request.references[1].to_url()


def test_no_identity_of_a_stranger_is_a_path(tmp_path: Path) -> None:
    private = tmp_path / "private.mp4"
    private.write_bytes(CLIP)
    for identity in (str(private), "sha256:../private", f"file://{private}", "x" * 19_000):
        found = frame_store.named_reference(tmp_path, "clip", identity)
        assert (found.data, found.url, found.kept) == (None, None, None)
        with pytest.raises(FrameError, match="no longer"):
            frame_store.load_reference(tmp_path, found)


@pytest.mark.parametrize(
    "references",
    [
        "picture", [7], [{}], [{"kind": "film", "identity": "a"}], [{"kind": "clip"}],
        [{"kind": "clip", "identity": 7}], [{"kind": "clip", "identity": "a"}] * 101,
        [{"kind": "clip", "identity": "a" * 20_001}],
    ],
)  # fmt: skip
def test_a_strangers_row(references: Any) -> None:
    with pytest.raises(FieldError):
        parse_request(json.dumps({**ALL.to_json(), "references": references}))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.mp3", "a.mp3 is no sound that can be read; a sound is WAV, MP3 or M4A"),
        ("a.webm", "a.webm is no clip that can be read; a clip is MP4 or MOV"),
        ("a.MOV", "a.MOV is no clip that can be read; a clip is MP4 or MOV"),
        ("a.txt", "a.txt is no picture that can be decoded"),
    ],
)
def test_a_file_that_is_nothing_is_called_what_it_was_meant_to_be(
    tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / name).write_bytes(b"\x1aE\xdf\xa3" + b"\0" * 400)
    with pytest.raises(FrameError, match=said):
        Reference.of(tmp_path / name)
