"""fal's catalogue, typed once more from the reference (providers.md 6, 7 and 9; providers-next.md
1.2)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.catalog.rows import Row
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest

H23, FAST, H02, FAST02 = (
    "MiniMax-Hailuo-2.3",
    "MiniMax-Hailuo-2.3-Fast",
    "MiniMax-Hailuo-02",
    "MiniMax-Hailuo-02-Fast",
)
H3, H3_MAX = "MiniMax-H3", "MiniMax-H3-Max"
LINK = Frame("a", url="https://a.example/1.png")
SIX = (6,)
TEN = (6, 10)
H3_SECONDS = tuple(range(5, 16))

# endpoint -> model, first frame, last frame, resolutions and their durations
SECTION_9 = {
    "hailuo-02/standard/text-to-video": (H02, "no", "no", {"768P": TEN}),
    "hailuo-02/standard/image-to-video": (
        H02,
        "required",
        "optional",
        {"768P": TEN, "512P": TEN},
    ),
    "hailuo-02/pro/text-to-video": (H02, "no", "no", {"1080P": SIX}),
    "hailuo-02/pro/image-to-video": (H02, "required", "optional", {"1080P": SIX}),
    "hailuo-02-fast/image-to-video": (FAST02, "required", "no", {"512P": TEN}),
    "hailuo-2.3/standard/text-to-video": (H23, "no", "no", {"768P": TEN}),
    "hailuo-2.3/standard/image-to-video": (H23, "required", "no", {"768P": TEN}),
    "hailuo-2.3/pro/text-to-video": (H23, "no", "no", {"1080P": SIX}),
    "hailuo-2.3/pro/image-to-video": (H23, "required", "no", {"1080P": SIX}),
    "hailuo-2.3-fast/standard/image-to-video": (FAST, "required", "no", {"768P": TEN}),
    "hailuo-2.3-fast/pro/image-to-video": (FAST, "required", "no", {"1080P": SIX}),
}
OF_H3 = {
    "minimax/h3/text-to-video": (H3, "no", "no", {"2K": H3_SECONDS, "768P": H3_SECONDS}),
    "minimax/h3/image-to-video": (
        H3,
        "required",
        "optional",
        {"2K": H3_SECONDS, "768P": H3_SECONDS},
    ),
    "minimax/h3/reference-to-video": (H3, "no", "no", {"2K": H3_SECONDS, "768P": H3_SECONDS}),
    "minimax/h3-max/text-to-video": (H3_MAX, "no", "no", {"768P": H3_SECONDS, "480P": H3_SECONDS}),
    "minimax/h3-max/image-to-video": (
        H3_MAX,
        "required",
        "optional",
        {"768P": H3_SECONDS, "480P": H3_SECONDS},
    ),
}
ROWS = [row for row in catalog.rows() if row.provider == "fal"]
SECTION_7 = {
    (H23, "768P", 6): "0.28",
    (H23, "768P", 10): "0.56",
    (H23, "1080P", 6): "0.49",
    (FAST, "768P", 6): "0.19",
    (FAST, "768P", 10): "0.32",
    (FAST, "1080P", 6): "0.33",
    (H02, "512P", 6): "0.102",
    (H02, "512P", 10): "0.17",
    (H02, "768P", 6): "0.27",
    (H02, "768P", 10): "0.45",
    (H02, "1080P", 6): "0.48",
    (FAST02, "512P", 6): "0.102",
    (H3_MAX, "480P", 5): "0.25",
    (H3_MAX, "768P", 10): "0.80",
}


def sold(row: Row) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for cell in row.cells:
        found[cell.resolution] = (*found.get(cell.resolution, ()), cell.duration)
    return found


def test_the_rows_are_the_eleven_endpoints_and_those_of_h3() -> None:
    expected = {f"fal-ai/minimax/{name}": row for name, row in SECTION_9.items()} | OF_H3
    found = {row.endpoint: (row.model, row.first_frame, row.last_frame, sold(row)) for row in ROWS}
    assert found == expected
    assert all(row.prompt_required for row in ROWS)


def test_neither_pro_nor_standard_is_a_model() -> None:
    assert catalog.models("fal") == (H23, FAST, H02, FAST02, H3, H3_MAX)
    assert catalog.default_model("fal") == H23


def test_what_is_sent_and_what_is_assumed() -> None:
    named = {row.endpoint for row in ROWS for cell in row.cells if cell.sent_as}
    assert named == {"fal-ai/minimax/hailuo-02/standard/image-to-video", *OF_H3}
    assumed = {(row.model, cell.resolution) for row in ROWS for cell in row.cells if cell.assumed}
    assert assumed == {(H3, "768P")}


def test_moves_in_brackets_for_hailuo_and_sentences_for_h3() -> None:
    for row in ROWS:
        is_h3 = row.model in {H3, H3_MAX}
        assert row.camera.dialect == ("prose" if is_h3 else "en")
        assert row.prompt.limit == (7000 if is_h3 else 2000)
        assert row.sound == ("always" if is_h3 else "no")
        assert bool(row.ratios) == (is_h3 and row.first_frame == "no")
        assert row.tasks.cancel
        assert not row.tasks.list


@pytest.mark.parametrize(("clip", "price"), SECTION_7.items())
def test_list_prices(clip: tuple[str, str, int], price: str) -> None:
    model, resolution, duration = clip
    request = VideoRequest("A cat", model, resolution=resolution, duration=duration)
    found = prices.estimate(request, "fal")
    assert (found.amount, found.currency) == (Decimal(price), "USD")


def test_references_are_sold_of_h3_alone() -> None:
    (row,) = (row for row in ROWS if row.references is not None)
    assert row.endpoint == "minimax/h3/reference-to-video"
    assert row.references is not None
    limits = row.references
    assert (limits.pictures, limits.clips, limits.sounds, limits.total) == (9, 3, 3, 12)
    assert (limits.sound_alone, limits.with_frames) == (False, False)
    picture = Reference("picture", "r", url=LINK.url)
    request = VideoRequest("A cat", H3, resolution="2K", duration=5, references=(picture,))
    assert catalog.row_for(request, "fal") is row


def test_a_sound_has_to_be_a_link() -> None:
    picture = Reference("picture", "r", url=LINK.url)
    sound = Reference("sound", "s", data=b"RIFF", media_type="audio/wav", seconds=5, name="a.wav")
    request = VideoRequest("A cat", H3, resolution="2K", duration=5, references=(picture, sound))
    (problem,) = [one for one in catalog.check(request, "fal") if one.severity == "error"]
    assert problem.code == "reference_format"
    assert "Audio 1 (a.wav) is audio/wav; fal takes https://" in problem.message
    assert problem.nearest == request.but(references=(picture,))
    link = Reference("sound", "s", url="https://a.example/a.wav")
    linked = request.but(references=(picture, link))
    assert [one for one in catalog.check(linked, "fal") if one.severity == "error"] == []


def test_h3_has_no_price_that_two_sources_agree_on() -> None:
    request = VideoRequest("A cat", H3, resolution="2K", duration=5)
    assert prices.estimate(request, "fal").amount is None


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        ({}, "hailuo-2.3/standard/text-to-video"),
        ({"resolution": "1080P"}, "hailuo-2.3/pro/text-to-video"),
        ({"first_frame": LINK}, "hailuo-2.3/standard/image-to-video"),
        ({"first_frame": LINK, "resolution": "1080P"}, "hailuo-2.3/pro/image-to-video"),
        (
            {"model": H02, "first_frame": LINK, "resolution": "1080P"},
            "hailuo-02/pro/image-to-video",
        ),
        (
            {"model": H02, "first_frame": LINK, "last_frame": LINK},
            "hailuo-02/standard/image-to-video",
        ),
    ],
)
def test_the_endpoint_follows_from_frames_and_resolution(
    fields: dict[str, object], endpoint: str
) -> None:
    request = VideoRequest("A cat", H23).but(**fields)
    assert catalog.row_for(request, "fal").endpoint == f"fal-ai/minimax/{endpoint}"
    assert [one for one in catalog.check(request, "fal") if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("fields", "code", "nearest"),
    [
        ({"resolution": "1080P", "duration": 10}, "pair_not_sold", {"duration": 6}),
        ({"ratio": "9:16"}, "ratio_not_sold", {"ratio": None}),  # complaint 49
        ({"model": H02, "last_frame": LINK}, "last_frame_not_taken", {"last_frame": None}),
        ({"model": H02, "resolution": "512P"}, "resolution_not_sold", {"resolution": "768P"}),
        ({"model": FAST}, "first_frame_missing", {"model": H23}),
    ],
)
def test_what_is_not_sold_has_its_nearest(
    fields: dict[str, object], code: str, nearest: dict[str, object]
) -> None:
    request = VideoRequest("A cat", H23).but(**fields)
    (problem,) = [one for one in catalog.check(request, "fal") if one.severity == "error"]
    assert (problem.code, problem.nearest) == (code, request.but(**nearest))


def test_a_picture_beyond_the_makers_side_is_warned_of() -> None:
    """Complaint 41: fal's page names no limit, its error does."""
    import io

    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (6000, 4000)).save(target, "PNG")
    request = VideoRequest("A cat", H23, first_frame=Frame.of(target.getvalue()))
    (problem,) = (one for one in catalog.check(request, "fal") if one.field == "first_frame")
    assert (problem.severity, problem.code) == ("warning", "picture_side_assumed")
