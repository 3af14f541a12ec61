"""MiniMax's own rows, typed once more from its pages (reference on providers, 5 and 9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.catalog import match
from hailuo_nb.catalog.prices import estimate
from hailuo_nb.catalog.row_choice import row_for
from hailuo_nb.catalog.rows import FrameGrid
from hailuo_nb.engine.limits import known_limits
from hailuo_nb.requests.reference import Reference
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit.requests import FAST, FIRST, H02, H23, LAST, ask, errors, only, warnings

H3, MAX = "MiniMax-H3", "MiniMax-H3-Max"
BOTH = ("minimax", "minimax-cn")
each = pytest.mark.parametrize("provider", BOTH)

STANDARD = [("768P", 6), ("768P", 10), ("1080P", 6)]
SMALL = [("512P", 6), ("512P", 10)]
V1 = {"prompt_optimizer", "fast_pretreatment"}
# (model, first frame, last frame, references) -> cells, options, whether a prompt is needed
SECTION_9 = {
    (H23, "no", "no", False): (STANDARD, V1, True),
    (H23, "required", "no", False): (STANDARD, V1, False),
    (FAST, "required", "no", False): (STANDARD, V1, False),
    (H02, "no", "no", False): (STANDARD, V1, True),
    (H02, "required", "no", False): (SMALL + STANDARD, V1, False),
    (H02, "required", "required", False): (STANDARD, {"prompt_optimizer"}, False),
    (H3, "optional", "optional", False): (
        [(resolution, seconds) for resolution in ("768P", "2K") for seconds in range(4, 16)],
        set(),
        True,
    ),
    (MAX, "optional", "optional", False): (
        [(resolution, seconds) for resolution in ("480P", "768P") for seconds in range(5, 16)],
        {"prompt_expansion_mode"},
        True,
    ),
}
PRICES = {  # section 7: (model, resolution, seconds) -> USD, CNY
    (H23, "768P", 6): ("0.28", "2.00"), (H23, "768P", 10): ("0.56", "4.00"),
    (H23, "1080P", 6): ("0.49", "3.50"), (FAST, "768P", 6): ("0.19", "1.35"),
    (FAST, "768P", 10): ("0.32", "2.25"), (FAST, "1080P", 6): ("0.33", "2.31"),
    (H02, "512P", 6): ("0.10", "0.60"), (H02, "512P", 10): ("0.15", "1.00"),
    (H02, "768P", 6): ("0.28", "2.00"), (H02, "768P", 10): ("0.56", "4.00"),
    (H02, "1080P", 6): ("0.49", "3.50"),
    (H3, "768P", 10): ("0.80", "5.00"), (H3, "2K", 10): ("1.30", "8.00"),
    (MAX, "480P", 10): ("0.50", "3.30"), (MAX, "768P", 10): ("0.80", "5.00"),
}  # fmt: skip


@each
def test_the_rows(provider: str) -> None:
    found = {
        (row.model, row.first_frame, row.last_frame, row.references is not None): (
            [(cell.resolution, cell.duration) for cell in row.cells],
            set(row.options) - {"watermark", "regenerate"},
            row.prompt_required,
        )
        for row in catalog.rows()
        if row.provider == provider
    }
    expected = dict(SECTION_9)
    expected[H3, "no", "no", True] = expected[H3, "optional", "optional", False]
    if provider == "minimax-cn":  # the international page says that it takes none
        expected[MAX, "no", "no", True] = expected[MAX, "optional", "optional", False]
    assert found == expected
    for row in (row for row in catalog.rows() if row.provider == provider):
        assert row.endpoint == row.model
        assert all(cell.sent_as == cell.resolution for cell in row.cells)
        assert ("watermark" in row.options) == (provider == "minimax-cn")
        is_h3 = row.model in {H3, MAX}
        assert (row.camera.dialect, row.prompt.limit) == (
            ("prose", 7000) if is_h3 else ("en", 2000)
        )
        assert (row.tasks.list, row.tasks.cancel) == (is_h3, is_h3)
        assert row.tasks.link_life == (None if is_h3 else 3600)
        assert row.sound == ("always" if is_h3 else "no")
        assert row.default_ratio == ("16:9" if is_h3 and row.references is None else "")
        assert (row.ratios != ()) == is_h3
        assert row.picture.max_bytes == (30 if is_h3 else 20) * 2**20


@each
def test_v2_counts_its_requests_apart(provider: str) -> None:
    """Rate limits, reference 5.6: V1 20 a minute, V2 300 a minute and 30 at once."""
    limits = {model: known_limits(provider, model) for model in (H02, H23, FAST, H3, MAX)}
    v1, v2 = limits[H23], limits[H3]
    assert limits[H02] == limits[FAST] == v1, "they are counted together"
    assert limits[MAX] == v2
    assert (v1.submits, v1.seconds, v1.in_flight, v1.models) == (20, 60, 20, ())
    assert (v2.submits, v2.seconds, v2.in_flight, v2.models) == (300, 60, 30, (H3, MAX))


@each
def test_the_prices(provider: str) -> None:
    for (model, resolution, seconds), both in PRICES.items():
        price = estimate(VideoRequest("x", model, resolution, seconds), provider)
        amount = both[provider == "minimax-cn"]
        assert price.amount == Decimal(amount)
        assert price.currency == ("CNY" if provider == "minimax-cn" else "USD")


def test_pictures_beyond_the_free_ones_cost() -> None:
    pictures = tuple(
        Reference("picture", f"https://a.example/{n}.png", url=f"https://a.example/{n}.png")
        for n in range(9)
    )
    request = VideoRequest("x", H3, "768P", 5, references=pictures)
    assert estimate(request, "minimax").amount == Decimal("0.40") + 4 * Decimal("0.04")
    assert estimate(request, "minimax-cn").amount == Decimal("2.50") + 4 * Decimal("0.20")


def test_lengths_are_on_the_grid_of_the_page() -> None:
    """107 to 362 frames in steps of 17 (page on regeneration); 5 s measured 124, 10 s 243."""
    grid = FrameGrid(17, 5, 24)
    frames = [grid.frames(seconds) for seconds in range(4, 16)]
    assert frames == [107, 124, 158, 175, 192, 226, 243, 277, 294, 328, 345, 362]
    cells = row_for(ask(H3), "minimax").cells
    assert [cell.length for cell in cells if cell.duration == 5] == [124 / 24, 124 / 24]


# Common illegal pairs, section 9 -------------------------------------------------------------------


@each
@pytest.mark.parametrize(
    ("request_", "code", "nearest"),
    [
        (ask(H23, resolution="1080P", duration=10), "pair_not_sold", {"duration": 6}),
        (ask(H02, resolution="512P"), "resolution_not_sold", {"resolution": "768P"}),
        (
            ask(H02, resolution="512P", first_frame=FIRST, last_frame=LAST),
            "resolution_not_sold",
            {"resolution": "768P"},
        ),
        (ask(FAST), "first_frame_missing", {"model": H23}),
        (ask(H23, first_frame=FIRST, last_frame=LAST), "last_frame_not_taken", {"model": H02}),
        (ask(H02, last_frame=LAST), "last_frame_not_taken", {"last_frame": None}),
        (ask(H3, duration=16), "duration_not_sold", {"duration": 15}),
        (ask(MAX, duration=4), "duration_not_sold", {"duration": 5}),
        (ask(MAX, resolution="2K"), "resolution_not_sold", {"resolution": "768P"}),
        (ask(H3, ratio="2:1"), "ratio_not_sold", {"ratio": None}),
        (ask(H3, prompt="x" * 7001), "prompt_too_long", {"prompt": "x" * 7000}),
        (ask(H23, prompt="x" * 2001), "prompt_too_long", {"prompt": "x" * 2000}),
        (ask(H02, prompt=""), "prompt_missing", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_before_sending(
    provider: str, request_: VideoRequest, code: str, nearest: dict[str, object] | None
) -> None:
    problem = only(errors(request_, provider))
    assert problem.code == code
    assert problem.nearest == (None if nearest is None else request_.but(**nearest))


@each
def test_what_is_taken(provider: str) -> None:
    for request in (
        ask(H02, resolution="512P", duration=10, first_frame=FIRST),
        ask(H02, first_frame=FIRST, last_frame=LAST),
        ask(H23, prompt="", first_frame=FIRST),
        ask(H3, duration=4, resolution="2K", ratio="21:9"),
        ask(MAX, duration=15, resolution="480P", first_frame=FIRST, last_frame=LAST),
        ask(H3, prompt="x" * 7000),
    ):
        assert errors(request, provider) == []


@each
def test_a_last_frame_alone_is_sold_for_h3(provider: str) -> None:
    """Its page lists it, and MiniMax's own command line sends it."""
    assert warnings(ask(H3, last_frame=LAST), provider) == []


def test_49_another_word_for_the_ratio_is_told() -> None:
    """Conduit 109, vercel/ai 18339: dropped silently."""
    with pytest.raises(TypeError, match=r"'aspect_ratio' is no option.* did you mean 'ratio'"):
        hn.dry_run("a cat", provider="simulated:minimax", aspect_ratio="9:16")


def test_references_by_region() -> None:
    link = "https://a.example/1.png"
    request = ask(MAX, references=(Reference("picture", link, url=link),))
    assert errors(request, "minimax-cn") == []
    problem = only(errors(request, "minimax"))
    assert (problem.code, problem.nearest) == ("references_not_taken", request.but(model=H3))


def test_the_watermark_is_sold_in_china_only() -> None:
    request = ask(H23, watermark=True)
    assert [one.code for one in warnings(request, "minimax")] == ["option_none"]
    assert warnings(request, "minimax-cn") == []


@each
def test_moves_go_out_in_english_brackets_for_v1(provider: str) -> None:
    request = ask(H23, prompt="一只猫 [推进,左摇]")
    assert match.prompt(request, row_for(request, provider)) == "一只猫 [Push in,Pan left]"
