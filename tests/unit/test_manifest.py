"""The manifest in a clip's file: where it stands, what it tells, and what a stranger may have put there."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hailuo_nb as hn
from hailuo_nb.errors import ManifestError
from hailuo_nb.media import clips, xmp
from hailuo_nb.requests import manifest
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.manifest import Manifest
from hailuo_nb.requests.redaction import Credentials, holds_key
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.clips import box, clip

PROMPT = "A cat & a <dog> ]]> 猫 😀 [Push in]\n\x07\ufffe"
SMALL: dict[str, Any] = {"size": (64, 36), "frames": 6}
KINDS: dict[str, dict[str, Any]] = {
    "index in front": {"sound": "aac"},
    "index behind": {"movflags": "", "sound": "aac"},
    "fragments": {"movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer"},
    "fragments by absolute places": {"movflags": "frag_keyframe+empty_moov+skip_trailer"},
    "segment index": {"movflags": "frag_keyframe+empty_moov+dash+skip_trailer"},
}


@pytest.fixture(scope="module")
def plain() -> bytes:
    return clip(**SMALL)


def made(data: bytes, **changes: Any) -> Manifest:
    return replace(
        Manifest(
            provider="simulated:ppinfra",
            simulated=True,
            request=manifest.public(VideoRequest(PROMPT, "MiniMax-Hailuo-02")),
            take=2,
            task_id="task-1",
            job_id="0123456789ab",
            submitted_at=1_795_892_100.5,
            tool="hailuo_nb 0.1.0",
            sha256=hashlib.sha256(data).hexdigest(),
        ),
        **changes,
    )


def stamped(data: bytes, path: Path, **changes: Any) -> bytes:
    path.write_bytes(data)
    xmp.append(path, made(data, **changes).to_packet())
    return path.read_bytes()


def packed(text: str) -> bytes:
    """A packet with this text as its manifest."""
    return xmp.compose(prompt="", system="", tool="", date="", manifest=text, simulated=False)


def with_packet(data: bytes, packet: bytes) -> bytes:
    return data + box(b"uuid", xmp._ID, packet)


def packets(data: bytes) -> list[tuple[int, int | None, int | None, bool, bytes]]:
    with av.open(io.BytesIO(data)) as container:
        return [
            (packet.stream_index, packet.pts, packet.dts, packet.is_keyframe, bytes(packet))
            for packet in container.demux()
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_played_changes(kind: str, tmp_path: Path) -> None:
    data = clip(**SMALL, **KINDS[kind])
    with_it = stamped(data, tmp_path / "a.mp4")
    assert len(with_it) > len(data) + 500
    assert with_it.startswith(data)
    assert packets(with_it) == packets(data)
    facts = clips.verify(tmp_path / "a.mp4", len(with_it))
    assert replace(facts, bytes=len(data)) == clips.inspect(data)
    assert hn.inspect(tmp_path / "a.mp4") == made(data, unchanged=True)
    assert xmp.without_own(with_it) == data


def test_other_programs_read_it(plain: bytes, tmp_path: Path) -> None:
    stamped(plain, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4"), options={"export_xmp": "1"}) as container:
        shown = container.metadata["xmp"]
    for name, text in {
        "rdf:li": "A cat &amp; a &lt;dog&gt; ]]&gt; 猫 😀 [Push in]\n\ufffd\ufffd",
        "Iptc4xmpExt:AISystemUsed": "MiniMax-Hailuo-02 (simulated:ppinfra)",
        "xmp:CreateDate": "2026-11-28T18:55:00Z",
    }.items():
        assert f">{text}</{name}>" in shown
    assert "/algorithmicMedia" in shown
    assert b"/trainedAlgorithmicMedia" in made(plain, simulated=False).to_packet()


def test_another_program_may_write_the_packet_anew(plain: bytes) -> None:
    told = json.dumps({"format": "?"})
    moved = b'<x xmlns:h="https://hailuo-nb.invalid/ns/1.0/"><d h:manifest=\'{"a": 1}\'/></x>  \0\0'
    assert xmp.manifest_in(moved) == '{"a": 1}'
    assert xmp.manifest_in(packed(told)) == told
    behind = with_packet(plain, made(plain).to_packet()) + box(b"free", b"x" * 9)
    assert hn.inspect(behind) == made(plain, unchanged=False)
    assert "not as the provider sent it" in repr(hn.inspect(behind))


def test_a_changed_clip_is_told(plain: bytes, tmp_path: Path) -> None:
    data = bytearray(stamped(plain, tmp_path / "a.mp4"))
    data[len(plain) // 2] ^= 1
    assert hn.inspect(bytes(data)).unchanged is False


def test_what_it_says_is_shown_plainly(plain: bytes) -> None:
    shown = repr(made(plain, unchanged=True, task_id="\x1b[31m"))
    assert "prompt            A cat & a <dog>" in shown
    assert "submitted         2026-11-28T18:55:00Z" in shown
    assert "\x1b" not in shown
    assert made(plain).to_dict()["request"]["prompt"] == PROMPT
    assert (made(plain).prompt, made(plain).model) == (PROMPT, "MiniMax-Hailuo-02")


def test_links_and_keys_are_left_out() -> None:
    keys = Credentials("sk-abcdefgh12345678")
    link = "https://bucket.example/cat.png?sign=secret"
    inside = "clip:" + "a" * 64 + "#23 fitted None/20000000"
    request = VideoRequest(
        "my key is sk-abcdefgh12345678",
        "MiniMax-H3",
        first_frame=Frame("sha256:" + "b" * 64, source=inside),
        last_frame=Frame(link, url=link),
        references=(Reference("picture", link, link), Reference("sound", "sha256:" + "c" * 64)),
        options={"callback": link, "seed": 3, "style": "sk-abcdefgh12345678"},
    )
    told = manifest.public(request)
    assert (told["first_frame"], told["first_frame_source"]) == ("sha256:" + "b" * 64, inside)
    assert told["last_frame"] == "link"
    assert [one["identity"] for one in told["references"]] == ["link", "sha256:" + "c" * 64]
    assert told["options"] == {"callback": "link", "seed": 3, "style": "•••"}
    assert "secret" not in str(told)
    assert keys and not holds_key(str(told))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data + b"<!-- edge-7 -->", "whole box"),
        (lambda data: data + bytes(8), "whole box"),
        (lambda data: data + struct.pack(">I4s", 0, b"free") + b"x", "whole box"),
        (lambda data: data + struct.pack(">I4s", 99, b"free") + b"x", "whole box"),
        (lambda data: data + box(b"mfra", bytes(8)), "mfra"),
        (lambda data: data + box(b"uuid", xmp._CONTENT_CREDENTIALS, b"x"), "C2PA"),
        (lambda data: with_packet(data, b"<x/>"), "metadata"),
    ],
    ids=["stray bytes", "zeros", "open end", "cut box", "mfra", "c2pa", "xmp"],
)  # fmt: skip
def test_an_odd_file_stays_as_it_came(
    plain: bytes, tmp_path: Path, change: Any, reason: str
) -> None:
    odd = change(plain)
    assert stamped(odd, tmp_path / "a.mp4") == odd
    with pytest.raises(ManifestError, match=f"a.mp4 has no manifest.*None is put.*{reason}"):
        hn.inspect(tmp_path / "a.mp4")
    assert xmp.without_own(odd) == odd


def test_an_index_with_no_length_of_its_own_stays_last(tmp_path: Path) -> None:
    data = clip(**SMALL, movflags="")  # its moov is the last box
    at = data.rindex(b"moov") - 4
    open_ended = data[:at] + bytes(4) + data[at + 4 :]
    assert clips.inspect(open_ended).frames == 6
    assert stamped(open_ended, tmp_path / "a.mp4") == open_ended


def test_too_large_a_packet_is_left_out(plain: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(plain)
    assert xmp.append(tmp_path / "a.mp4", bytes(xmp.MAX_PACKET + 1)) == b""
    assert (tmp_path / "a.mp4").read_bytes() == plain
    longest = made(plain, request=manifest.public(VideoRequest("😀" * 50_000, "MiniMax-H3")))
    assert len(longest.to_packet()) < xmp.MAX_PACKET


def _with(**changes: Any) -> str:
    told = {"format": "hailuo_nb manifest", "version": 1, **made(b"").to_dict(), **changes}
    return json.dumps(told)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no manifest: it was not saved"),
        ("{", "no JSON"),
        ("[" * 100_000, "RecursionError"),
        ("[]", "must be an object"),
        ('{"format": "another"}', "no manifest that hailuo_nb wrote"),
        ('{"take": 1, "take": 2}', "'take' stands twice"),
        (_with(version=2), "update it"),
        (_with(sha256="x"), "sha256"),
        (_with(take=10**30), "take"),
        (_with(submitted_at=-1), "submitted_at"),
        (_with(submitted_at=float("nan")), "submitted_at"),
        (_with(job_id="../../etc"), "job_id"),
        (_with(request={"prompt": 3}), "prompt"),
        (_with(simulated="no"), "simulated"),
        (_with(provider="x" * 101), "provider"),
    ],
)
def test_a_strangers_manifest_is_checked(plain: bytes, text: str, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        hn.inspect(with_packet(plain, packed(text)))


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "no XML"),
        (b"<x>", "no XML"),
        ("<x/>".encode("utf-16"), "no XML"),
        (b'<?xml version="1.0" encoding="utf-7"?><x/>', "was not saved by"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "document type"),
        (b"x" * (xmp.MAX_PACKET + 1), "more than 2 MiB"),
        (b"<a>" * 100_000, "no XML"),
    ],
)
def test_a_strangers_packet_is_checked(plain: bytes, packet: bytes, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        hn.inspect(with_packet(plain, packet))
    assert xmp.without_own(with_packet(plain, packet)) == with_packet(plain, packet)


def test_what_is_no_clip_is_refused_in_words(plain: bytes, tmp_path: Path) -> None:
    for data in (b"", b"<html>", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(ManifestError, match="no manifest"):
            hn.inspect(data)
    with pytest.raises(ManifestError, match="was not saved by hailuo_nb"):
        hn.inspect(plain)
    for path in (tmp_path / "gone.mp4", tmp_path):
        with pytest.raises(ManifestError, match="cannot be read"):
            hn.inspect(path)
    with pytest.raises(hn.ArgumentError, match="clip"):
        hn.inspect(3)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1))
def test_a_damaged_one_is_read_or_refused_in_words(changes: list[tuple[int, int]]) -> None:
    start = box(b"ftyp", b"isom\0\0\2\0")
    data = bytearray(with_packet(start, made(start).to_packet()))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        assert "Manifest" in repr(hn.inspect(bytes(data)))
    except ManifestError as error:
        assert len(str(error)) < 2000


def test_a_reference_goes_to_a_provider_without_it(plain: bytes, tmp_path: Path) -> None:
    with_it = stamped(plain, tmp_path / "a.mp4")
    found = Reference.of(tmp_path / "a.mp4")
    assert found.data == plain
    assert found == Reference.of(with_it) == Reference.of(plain)
