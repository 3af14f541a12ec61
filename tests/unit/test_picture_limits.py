"""What each provider takes of pictures, and the smaller JPEG that fits."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hailuo_nb import catalog
from hailuo_nb.catalog.picture_limits import PictureLimits, beyond, body_size
from hailuo_nb.errors import FrameError
from hailuo_nb.providers.registry import get
from hailuo_nb.requests import frame
from hailuo_nb.requests.frame import Frame
from hailuo_nb.widgets.draft import Draft
from hailuo_nb.widgets.draft_checks import find_problems, fitted_frame
from tests.unit import kinds
from tests.unit.pictures import encoded, noise, opened
from tests.unit.requests import FOUR, ask, errors, only, warnings

LIMITS = PictureLimits(None, None, None, source="a page", sure="A", date="2026-04-15")


def limits(**changes: Any) -> PictureLimits:
    return replace(LIMITS, **changes)


@cache
def heavy() -> Frame:
    """More than 20 MB that no PNG can pack: noise, in a picture a phone could have taken."""
    return Frame.of(encoded(Image.fromarray(noise(3000, 2500)), compress_level=1), name="heavy.png")


@cache
def phone() -> Frame:
    ramp = np.linspace(0, 255, 5712).astype(np.uint8)
    picture = Image.fromarray(np.broadcast_to(ramp, (4284, 5712))).convert("RGB")
    return Frame.of(encoded(picture, "JPEG", quality=95), name="IMG_0001.jpg")


# The catalogue ------------------------------------------------------------------------------------


def test_every_row_has_limits_with_their_source() -> None:
    for row in (row for row in catalog.rows() if row.provider in FOUR):
        assert row.picture.max_bytes is not None
        assert row.picture.max_bytes in {20 * 2**20, 20 * 2**20 - 1}
        assert "20 MB" in row.picture.source
        assert bool(row.picture.note) == (
            row.provider != "modelverse"
        )  # the one page that names limits
        assert set(row.picture.assumed) <= {"max_side", "max_body"}
        assert (row.picture.max_body is None) == (row.provider == "chanjing")  # which takes uploads


@pytest.mark.parametrize("provider", catalog.providers())
def test_a_phones_picture_is_taken_as_it_is(provider: str) -> None:
    request = ask(catalog.default_model(provider), first_frame=phone())
    assert (phone().width, phone().height) == (5712, 4284)
    advised = ["picture_bytes_advised"] if provider == "replicate" else []  # 256 kB
    assert [
        p.code for p in catalog.check(request, provider) if p.code.startswith("picture")
    ] == advised


@pytest.mark.parametrize("provider", FOUR)
def test_a_picture_over_20_mb_is_an_error_whose_nearest_request_is_taken(provider: str) -> None:
    request = ask(catalog.default_model(provider), first_frame=heavy())
    problem = only(errors(request, provider))
    assert (problem.field, problem.code) == ("first_frame", "picture_bytes")
    assert "heavy.png has 22," in problem.message
    assert "bytes (20.0 MB) at most" in problem.message
    assert "fitted(max_side=5760, max_bytes=2097" in problem.message
    assert ("names no limit" in problem.message) == (provider != "modelverse")
    assert problem.nearest is not None
    near = problem.nearest.first_frame
    assert near is not None
    assert (near.media_type, near.width, near.height) == ("image/jpeg", 3000, 2500)
    assert len(near.data or b"") < 20 * 2**20
    assert problem.nearest.but(first_frame=request.first_frame) == request
    assert errors(problem.nearest, provider) == []


def test_a_side_that_no_page_limits_is_a_warning() -> None:
    request = ask(first_frame=Frame.of(encoded(Image.new("RGB", (6000, 3000)), "JPEG")))
    assert errors(request, "modelverse") == []
    problem = only(warnings(request, "modelverse"))
    assert problem.code == "picture_side_assumed"
    assert "6000 x 3000" in problem.message
    assert "5760 px a side" in problem.message
    assert problem.nearest is not None
    assert problem.nearest.first_frame is not None
    assert (problem.nearest.first_frame.width, problem.nearest.first_frame.height) == (5760, 2880)


def test_a_row_that_takes_no_frame_says_only_that() -> None:
    request = ask(
        "MiniMax-Hailuo-2.3", first_frame=Frame.of("https://x.example/a.png"), last_frame=heavy()
    )
    assert {p.code for p in errors(request, "modelverse")} == {"last_frame_not_taken"}


# Any limit ----------------------------------------------------------------------------------------


def test_links_and_frames_known_by_name_have_no_size() -> None:
    for given in (Frame.of("https://x.example/a.png"), Frame("sha256:" + "0" * 64)):
        assert list(beyond(ask(first_frame=given), limits(max_bytes=1, max_side=1), "T")) == []


def test_the_body_counts_what_is_sent() -> None:
    first, last = (
        Frame.of(encoded(kinds.scene().rotate(turn), "JPEG", quality=95)) for turn in (0, 180)
    )
    request = ask(first_frame=first, last_frame=last).but(prompt='a "cat" ' * 100 + "猫" * 100)
    for provider in ("modelverse", "ppinfra", "xcompute"):
        call = next(
            get(provider).submit(
                request.but(model=catalog.default_model(provider), last_frame=None)
            )
        )
        sent = len(json.dumps(call.json).encode())
        assert sent <= body_size(request.but(last_frame=None)) < sent + 8_000
    size = body_size(request)
    assert list(beyond(request, limits(max_body=size), "T")) == []
    (excess,) = beyond(request, limits(max_body=size - 1), "T")
    assert excess.code == "picture_body"
    assert excess.repaired is not None
    assert body_size(excess.repaired) < size
    small = size - len(first.data or b"")
    (excess,) = beyond(request, limits(max_body=small), "T")
    assert excess.repaired is not None
    assert body_size(excess.repaired) <= small


def test_what_cannot_be_made_to_fit_says_so() -> None:
    for given in (limits(max_bytes=900), limits(max_side=310), limits(max_body=5_000)):
        (excess,) = beyond(ask(first_frame=Frame.of(noise(400, 500))), given, "T")
        assert excess.repaired is None
        assert "cannot be made to fit" in excess.message


# Fitting ------------------------------------------------------------------------------------------


def test_a_frame_that_fits_stays_itself() -> None:
    given = Frame.of(kinds.FILES["png"])
    assert given.fitted() is given
    assert given.fitted(max_side=400, max_bytes=len(given.data or b"")) is given
    link = Frame.of("https://x.example/a.png")
    assert link.fitted(max_side=1, max_bytes=1) is link
    with pytest.raises(FrameError, match="give the picture again"):
        Frame("sha256:" + "0" * 64).fitted()


def test_a_fitted_frame_is_the_same_picture() -> None:
    given = Frame.of(kinds.FILES["png"], name="cat.png")
    small = given.fitted(max_side=390)
    assert (small.width, small.height, small.media_type, small.name) == (
        312,
        390,
        "image/jpeg",
        "cat.png",
    )
    difference = np.asarray(opened(small)).astype(int) - np.asarray(
        kinds.scene().resize((312, 390))
    ).astype(int)
    assert np.abs(difference).mean() < 3
    grainy = Frame.of(noise(400, 500))
    lighter = grainy.fitted(max_bytes=130_000)
    assert len(lighter.data or b"") <= 130_000 < len(grainy.data or b"")
    assert lighter.identity != grainy.identity
    assert (
        grainy.fitted(max_bytes=130_000) is lighter
    )  # made once: a studio asks at every key stroke


@pytest.mark.parametrize("size", [(2500, 1000), (1000, 2500), (1003, 402), (775, 310)])
def test_a_ratio_at_its_limit_stays_within(size: tuple[int, int]) -> None:
    for side in (2047, 1001, 769, 765):
        small = Frame.of(Image.new("RGB", size)).fitted(max_side=side)
        assert max(small.width or 0, small.height or 0) <= side
        assert Frame.of(small.data) == small


def test_fitted_colours_and_turn_stay() -> None:
    profile = kinds.FILES["jpeg a profile of other colours, kept"]
    assert opened(Frame.of(profile).fitted(max_side=390)).info["icc_profile"] == kinds.SWAPPED
    turned = Frame.of(kinds.FILES["jpeg exif turn 6"]).fitted(max_side=390)
    assert (turned.width, turned.height) == (390, 312)
    grey = Frame.of(kinds.FILES["png 16-bit grey"]).fitted(max_side=390)
    assert opened(grey).mode == "L"


def test_few_fitted_frames_are_remembered() -> None:
    for side in range(380, 390):
        Frame.of(kinds.FILES["png"]).fitted(max_side=side)
    assert len(frame._fitted) <= 4


# The studio ---------------------------------------------------------------------------------------


def test_one_click_in_the_studio_takes_the_smaller_picture() -> None:
    targets = ("simulated:modelverse/MiniMax-Hailuo-02", "ppinfra/MiniMax-Hailuo-02")
    draft = Draft("A cat", targets, first_frame=heavy())
    found = find_problems(draft)
    assert [(p["code"], p["targets"], p["changes"]) for p in found] == [
        ("picture_bytes", list(targets), {"first_frame": "fitted"})
    ]
    [text] = found[0]["texts"]
    assert text["values"] == {
        "title": "UCloud Modelverse, PPInfra",
        "picture": "heavy.png",
        "size": "21.5 MB",
        "max_bytes": "20.0 MB",
    }
    smaller = fitted_frame(draft, "first_frame")
    assert smaller is not None
    assert find_problems(Draft("A cat", targets, first_frame=smaller)) == []
    assert fitted_frame(Draft("", targets, first_frame=heavy()), "first_frame") == smaller
    assert fitted_frame(Draft("A cat", targets), "first_frame") is None
    assert Image.open(io.BytesIO(smaller.data or b"")).format == "JPEG"
