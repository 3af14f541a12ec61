"""What is made of a measurement: columns, a plot, and a share with its interval."""

from __future__ import annotations

import xml.etree.ElementTree as Tree

from hailuo_nb.measure.report import COLUMNS, columns, direction_share, plot
from hailuo_nb.measure.verdicts import adherence
from tests.video.measured_clips import Make


def test_columns_and_plot(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    verdict = adherence("<b> [Pan left]", seen)
    row = columns(seen, verdict)
    assert set(row) == set(COLUMNS) == set(columns(seen))
    assert (row["adherence"], row["moves_judged"], row["measured_size"]) == (1.0, 1, "320x180")
    assert columns(seen)["adherence"] is None
    drawn = plot("<b> [Pan left] & [Push in]", seen, verdict)
    assert "<script" not in drawn
    words = list(Tree.fromstring(drawn).itertext())
    assert {"asked for", "found", "Pan left", "Push in"} <= {word.strip() for word in words}
    # Left of the middle is below the line: the curve of a pan to the left lies under it.
    curve = next(
        item.get("d") or ""
        for item in Tree.fromstring(drawn).iter()
        if item.get("stroke") == "#1f77b4"
    )
    heights = [float(part.split()[1].split("H")[0]) for part in curve.split("M")[1:]]
    assert min(heights) > 20 + 18 + 13


def test_a_share_comes_with_its_count_and_interval(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    right, wrong = adherence("[Pan left]", seen), adherence("[Pan right]", seen)
    share, count, low, high = direction_share([right, right, right, wrong])
    assert (share, count) == (0.75, 4)
    assert 0.25 < low < 0.75 < high < 1
    assert direction_share([]) == (None, 0, 0.0, 1.0)
