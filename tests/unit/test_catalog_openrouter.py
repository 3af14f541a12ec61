"""OpenRouter's rows, typed once more from its catalogue (reference on more providers, 1.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog.prices import estimate
from hailuo_nb.requests.reference import Reference
from tests.unit.requests import FIRST, H23, LAST, ask, errors

H3, H3_MAX = "MiniMax-H3", "MiniMax-H3-Max"
ROWS = {row.model: row for row in catalog.rows() if row.provider == "openrouter"}
SIX = ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")


def test_the_rows() -> None:
    found = {
        (row.model, row.endpoint): (row.text, row.first_frame, row.last_frame, row.sound)
        for row in ROWS.values()
    }
    assert found == {
        (H23, "minimax/hailuo-2.3"): (True, "optional", "no", "no"),
        (H3, "minimax/hailuo-3"): (True, "optional", "optional", "always"),
        (H3_MAX, "minimax/hailuo-3-max"): (True, "optional", "optional", "no"),
    }
    assert catalog.default_model("openrouter") == H23
    assert {model: row.camera.dialect for model, row in ROWS.items()} == {
        H23: "en",
        H3: "prose",
        H3_MAX: "prose",
    }
    assert {model: row.prompt.limit for model, row in ROWS.items()} == {
        H23: 2000,
        H3: 7000,
        H3_MAX: 7000,
    }
    assert {model: set(row.options) for model, row in ROWS.items()} == {
        H23: {"prompt_optimizer", "fast_pretreatment"},
        H3: {"watermark"},
        H3_MAX: set(),
    }


def test_the_cells() -> None:
    assert [(one.duration, one.sent_as, one.assumed) for one in ROWS[H23].cells] == [
        (6, "1080p", False),
        (10, "1080p", True),
    ]
    assert [(one.resolution, one.duration, one.sent_as) for one in ROWS[H3].cells] == [
        ("2K", seconds, "2K") for seconds in range(5, 16)
    ]
    assert [(one.resolution, one.sent_as) for one in ROWS[H3_MAX].cells if one.duration == 5] == [
        ("480P", "480p"),
        ("768P", "768p"),
    ]
    eight = next(one for one in ROWS[H3].cells if one.duration == 8)
    five = next(one for one in ROWS[H3].cells if one.duration == 5)
    assert (eight.length, round(five.length or 0, 3)) == (8.0, 5.167)


def test_ratios_and_references() -> None:
    assert ROWS[H23].ratios == ("16:9",)
    assert ROWS[H23].references is None
    for model in (H3, H3_MAX):
        row = ROWS[model]
        assert (row.ratios, row.default_ratio) == (SIX, "16:9")
        assert row.references is not None
        assert (row.references.pictures, row.references.clips, row.references.sounds) == (9, 0, 0)


@pytest.mark.parametrize(
    ("model", "resolution", "seconds", "price"),
    [
        (H23, "1080P", 6, "0.4902"),
        (H3, "2K", 5, "0.65"),
        (H3, "2K", 15, "1.95"),
        (H3_MAX, "480P", 5, "0.25"),
        (H3_MAX, "768P", 10, "0.80"),
    ],
)
def test_prices(model: str, resolution: str, seconds: int, price: str) -> None:
    found = estimate(ask(model, resolution=resolution, duration=seconds), "openrouter")
    assert (found.amount, found.currency) == (Decimal(price), "USD")


def test_a_reference_picture_costs_as_well() -> None:
    request = ask(H3, resolution="2K", duration=5)
    pictures = tuple(
        Reference("picture", f"{at}", url=f"https://a.example/{at}.png") for at in range(2)
    )
    with_two = estimate(request.but(references=pictures), "openrouter")
    assert with_two.amount == Decimal("0.73")


def test_a_request_with_both_frames_is_sold_for_h3_alone() -> None:
    both = ask(H3, resolution="2K", duration=5, first_frame=FIRST, last_frame=LAST)
    assert errors(both, "openrouter") == []
    found = {one.code for one in errors(both.but(model=H23), "openrouter")}
    assert "last_frame_not_taken" in found
