"""What a row takes of references, typed from MiniMax's V2 page as `h3check` 0.1.0 has it."""

from __future__ import annotations

from typing import Any

import pytest

from hailuo_nb.catalog import references
from hailuo_nb.catalog.references import Excess, ReferenceLimits
from hailuo_nb.catalog.typed_json import read
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.pictures import encoded, picture

MIB = 2**20
H3: dict[str, Any] = {
    "pictures": 9,
    "clips": 3,
    "sounds": 3,
    "total": 12,
    "picture": {
        "formats": ["image/jpeg", "image/png", "image/webp"],
        "max_bytes": 30 * MIB,
        "min_side": 256,
        "max_side": 5760,
        "max_ratio": 2.5,
    },
    "clip": {
        "formats": ["video/mp4", "video/quicktime"],
        "codecs": ["h264", "hevc"],
        "max_bytes": 50 * MIB,
        "min_side": 256,
        "max_side": 5760,
        "max_ratio": 2.5,
        "min_seconds": 2,
        "max_seconds": 15,
        "total_seconds": 15,
        "min_fps": 23.976,
        "max_fps": 60,
    },
    "sound": {
        "formats": ["audio/wav", "audio/mpeg"],
        "max_bytes": 15 * MIB,
        "min_seconds": 2,
        "max_seconds": 15,
        "total_seconds": 15,
    },
    "source": "https://platform.minimax.io/docs/api-reference/video-generation-v2-create",
    "sure": "A",
    "date": "2026-10-08",
}
"""References of MiniMax-H3 in a row of a catalogue."""
LIMITS = read(ReferenceLimits, H3)


def one(kind: str = "picture", **facts: Any) -> Reference:
    number = next(_numbers)
    known: dict[str, Any] = {
        "picture": {"media_type": "image/png", "width": 1024, "height": 768},
        "clip": {
            "media_type": "video/mp4",
            "width": 1280,
            "height": 720,
            "seconds": 5.0,
            "fps": 24.0,
            "codec": "h264",
        },
        "sound": {"media_type": "audio/mpeg", "seconds": 5.0},
    }[kind]
    given = {"identity": f"sha256:{number:064}", "data": b"x", **known, **facts}
    return Reference(kind=kind, **given)  # type: ignore[arg-type] # of KINDS


_numbers = iter(range(10**6))


def asked(*given: Reference, **changes: Any) -> VideoRequest:
    return VideoRequest("Image 1", "MiniMax-H3", references=given).but(**changes)


def found(request: VideoRequest, max_body: int | None = 64 * MIB) -> list[Excess]:
    return list(references.beyond(request, LIMITS, "MiniMax", max_body))


def test_what_is_taken() -> None:
    for request in (
        asked(), asked(one()), asked(*[one() for _ in range(9)]),
        asked(one("clip"), one("clip"), one("clip"), one("sound")),
        asked(one(width=256, height=640), one("clip", seconds=15.05)),
        asked(one("clip", fps=23.976), one("clip", fps=60.01), one("sound", seconds=2.0)),
        asked(Reference.of("https://x.example/a.mp4"), Reference.of("https://x.example/b.mp3")),
    ):  # fmt: skip
        assert found(request) == []


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        (one(data=bytes(30 * MIB + 1)), "reference_bytes", "≤ 30.0 MB"),
        (one(width=255), "reference_side", "256-5760 px"),
        (one(height=5761, width=3000), "reference_side", "3000 x 5761"),
        (one(width=2000, height=799), "reference_ratio", "≤ 1:2.5"),
        (one("clip", media_type="video/webm"), "reference_format", "video/webm"),
        (one("clip", codec="av1"), "reference_codec", "h264, hevc"),
        (one("clip", seconds=1.8), "reference_seconds", "2-15 s"),
        (one("clip", fps=16.0), "reference_fps", "23.976-60 fps"),
        (one("clip", fps=120.0), "reference_fps", "120"),
        (one("sound", media_type="audio/mp4"), "reference_format", "audio/wav, audio/mpeg"),
        (one("sound", seconds=15.2), "reference_seconds", "15.2 s"),
    ],
)
def test_one_that_is_not(changed: Reference, code: str, said: str) -> None:
    good = [one(), one("clip", seconds=2.0)]
    request = asked(*good, changed)
    excess = next(each for each in found(request, None) if each.code == code)
    assert said in excess.message
    assert excess.at == request.references.index(changed)
    assert excess.repaired == asked(*good)
    assert found(excess.repaired) == []


def test_a_picture_that_is_too_large_is_made_smaller() -> None:
    large = Reference.of(encoded(picture().resize((6000, 3000)), "JPEG"))
    request = asked(large, one())
    (excess,) = found(request)
    assert excess.code == "reference_side"
    smaller = excess.repaired.references[0]
    assert (smaller.width, smaller.height, smaller.media_type) == (5760, 2880, "image/jpeg")
    assert smaller.source == f"{large.identity} fitted 5760/{30 * MIB}"


@pytest.mark.parametrize(
    ("given", "code", "kept"),
    [
        ([one() for _ in range(10)], "references_pictures", 9),
        ([one(), *[one("clip", seconds=2.0) for _ in range(4)]], "references_clips", 4),
        ([one(), *[one("sound", seconds=2.0) for _ in range(5)]], "references_sounds", 4),
        ([one("sound"), one("sound")], "references_sound_alone", 0),
        ([one("clip", seconds=8.0), one("clip", seconds=8.0)], "references_seconds_clip", 1),
        (
            [one(), *[one("sound", seconds=5.2) for _ in range(3)]],
            "references_seconds_sound",
            3,
        ),
    ],
)
def test_all_of_them_together(given: list[Reference], code: str, kept: int) -> None:
    (excess,) = found(asked(*given))
    assert (excess.code, excess.at) == (code, None)
    assert excess.repaired == asked(*given[:kept])
    assert found(excess.repaired) == []


def test_the_kinds_allow_more_than_all_together() -> None:
    given = [one() for _ in range(9)] + [one(kind, seconds=2.0) for kind in ("clip", "sound") * 2]
    (excess,) = found(asked(*given))
    assert excess.code == "references_total"
    assert "12 references together, and these are 13" in excess.message
    assert len(excess.repaired.references) == 12


def test_frames_and_references_exclude_each_other() -> None:
    frame = Frame.of("https://x.example/a.png")
    for name in ("first_frame", "last_frame"):
        (excess,) = found(asked(one(), **{name: frame}))
        assert excess.code == "references_with_frames"
        assert excess.repaired == asked(**{name: frame})


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("Image 1 meets image 2", []), ("Image 3 dances", ["Image 3"]), ("图片2 与 图3", ["Image 3"]),
        ("Picture 9, Video 1, video 1 and Audio 2", ["Image 9", "Video 1", "Audio 2"]),
        ("视频1", ["Video 1"]), ("an imageless 3rd video, 2 minutes", []), ("Image 123", []),
    ],
)  # fmt: skip
def test_a_prompt_that_names_what_is_not_there(prompt: str, names: list[str]) -> None:
    request = asked(one(), one(), one("sound")).but(prompt=prompt)
    assert references.missing(request) == names


def test_the_request_that_carries_them() -> None:
    given = [one(data=bytes(20 * MIB)), one(data=bytes(25 * MIB)), one(data=bytes(10 * MIB))]
    (excess,) = found(asked(*given))
    assert excess.code == "references_body"
    assert "73.3 MB" in excess.message
    assert excess.repaired == asked(given[0], given[2])
    assert found(asked(*given), None) == []
