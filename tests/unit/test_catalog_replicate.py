"""Replicate's catalogue, typed once more from the reference (providers.md 6 and 9; providers-next.md
1.4)."""

from __future__ import annotations

import pytest

from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.requests.frame import Frame
from hailuo_nb.requests.video_request import VideoRequest

H23, FAST, H02, FAST02 = (
    "MiniMax-Hailuo-2.3",
    "MiniMax-Hailuo-2.3-Fast",
    "MiniMax-Hailuo-02",
    "MiniMax-Hailuo-02-Fast",
)
LINK = Frame("a", url="https://a.example/1.png")
ROWS = [row for row in catalog.rows() if row.provider == "replicate"]
PAIR = [("768P", 6, "768p"), ("768P", 10, "768p"), ("1080P", 6, "1080p")]

# endpoint -> model, first frame, last frame, cells in the spelling of the call
SECTION_9 = {
    "minimax/hailuo-02": (H02, "optional", "optional", [*PAIR, ("512P", 6, "512p")]),
    "minimax/hailuo-2.3": (H23, "optional", "no", PAIR),
    "minimax/hailuo-2.3-fast": (FAST, "required", "no", PAIR),
    "minimax/hailuo-02-fast": (FAST02, "required", "no", [("512P", 6, ""), ("512P", 10, "")]),
}


def test_the_rows() -> None:
    found = {
        row.endpoint: (
            row.model,
            row.first_frame,
            row.last_frame,
            [(cell.resolution, cell.duration, cell.sent_as) for cell in row.cells],
        )
        for row in ROWS
    }
    assert found == SECTION_9
    assert catalog.default_model("replicate") == H23


def test_only_the_fast_model_of_02_at_ten_seconds_is_assumed() -> None:
    """Its page says that 10 s is at 768p alone, and of that model it says no resolution."""
    assumed = [(row.model, cell.duration) for row in ROWS for cell in row.cells if cell.assumed]
    assert assumed == [(FAST02, 10)]


def test_what_holds_for_all() -> None:
    facts = catalog.facts("replicate")
    assert facts is not None
    assert (facts.tasks.list, facts.tasks.cancel, facts.tasks.link_life) == (True, True, 3600)
    assert (facts.requests.submits, facts.requests.seconds) == (600, 60)
    assert facts.camera.dialect == "en"
    assert (facts.picture.max_bytes, facts.picture.advised) == (256 * 1024, ("max_bytes",))


@pytest.mark.parametrize("model", [H23, FAST, H02, FAST02])
def test_no_page_states_a_price(model: str) -> None:
    request = VideoRequest("A cat", model, first_frame=LINK)
    assert prices.estimate(request, "replicate").amount is None


def test_two_frames_are_sold_of_02_alone() -> None:
    request = VideoRequest("A cat", H02, first_frame=LINK, last_frame=LINK)
    assert [one for one in catalog.check(request, "replicate") if one.severity == "error"] == []
    (problem,) = (
        one for one in catalog.check(request.but(model=H23), "replicate") if one.severity == "error"
    )
    assert problem.nearest == request
