"""Clips of different pools are not compared: neither ranked together nor counted as one vote."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb.engine.ledger.annotations import Vote
from hailuo_nb.pages.summary_rows import Pool
from hailuo_nb.results import pools
from tests.browser.saved_comparison import saved_comparison

LOW = Pool("768P", 6, frame=False, sound=False, simulated=True)
OTHERS = {
    "resolution": replace(LOW, resolution="1080P"),
    "duration": replace(LOW, duration=10),
    "frame": replace(LOW, frame=True),
    "sound": replace(LOW, sound=True),
    "simulated": replace(LOW, simulated=False),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_vote_across_is_not_counted(what: str) -> None:
    place = {"a1": LOW, "b1": LOW, "a2": OTHERS[what], "b2": OTHERS[what]}
    item = {clip: clip[0] for clip in place}
    votes = [Vote("a1", "b1", "first"), Vote("b2", "a2", "first"), Vote("b2", "a1", "first")]
    found = pools.ranked(votes, item, place)
    assert [(one.pool, one.rank.item, one.rank.wins, one.rank.losses) for one in found] == [
        (LOW, "a", 1, 0), (LOW, "b", 0, 1),
        (OTHERS[what], "b", 1, 0), (OTHERS[what], "a", 0, 1),
    ]  # fmt: skip
    assert [one.item for one in pools.by_item(votes, item)] == ["b", "a"], "pooled: all three"


def test_five_raters_of_one_pair_are_one_pair() -> None:
    """Else who asks five friends about eight pairs of equals has a winner on one board in four."""
    item = {f"{name}{number}": name for name in "ab" for number in range(3)}
    one = [Vote(f"a{number}", f"b{number}", "first") for number in range(3)]
    five = [replace(vote, rater=f"rater {number}") for vote in one for number in range(5)]
    (single, _), (several, _) = pools.by_item(one, item), pools.by_item(five, item)
    assert (several.strength, several.low) == pytest.approx((single.strength, single.low))
    assert (single.wins, several.wins) == (3, 15), "votes are counted as they were given"
    clips = {clip: clip for clip in item}
    assert pools.by_item(five, clips)[0].low > pools.by_item(one, clips)[0].low, "of clips they are"


def test_a_clip_that_met_five_is_two_pairs() -> None:
    """Else votes on each of 12 clips with each of 12 others have a winner of equals on four boards
    of ten. Each two of its votes correlate by a third: 5 / (1 + 4/3) are left."""
    item = {f"{name}{number}": name for name in "ab" for number in range(8)}

    def pairs(count: int) -> float:
        votes = [Vote(f"a{one}", f"b{one}", "first") for one in range(count)]
        return pools.by_item(votes, item)[0].low

    star = pools.by_item([Vote("a0", f"b{number}", "first") for number in range(5)], item)
    assert (star[0].item, star[0].wins) == ("a", 5)
    assert pairs(2) < star[0].low < pairs(3)
    rows = [(f"a{one}", f"b{other}") for one in range(5) for other in range(5)]
    all_met = pools.by_item([Vote(*ids, "first") for ids in rows], item)
    assert pairs(6) < all_met[0].low < pairs(7)


def test_who_asks_by_resolution_compares_resolutions() -> None:
    assert pools.apart(OTHERS["resolution"], "resolution") == pools.apart(LOW, "resolution")
    assert pools.apart(OTHERS["duration"], "duration") == pools.apart(LOW, "duration")
    assert pools.apart(OTHERS["sound"], "resolution") != pools.apart(LOW, "resolution")


def test_the_ranking_has_a_pool_and_says_what_it_left_out(tmp_path: Path) -> None:
    votes = [Vote("job-0", "job-1", "first"), Vote("job-2", "job-0", "first")]
    saved_comparison(tmp_path, 3, votes=votes)
    written = json.loads((tmp_path / "comparison.json").read_text("utf-8"))
    for clip in written["clips"]:
        clip["request"] |= {"duration": 6, "resolution": "768P"}
    written["clips"][2]["request"]["resolution"] = "1080P"
    (tmp_path / "comparison.json").write_text(json.dumps(written), "utf-8")
    board = hn.Comparison.load(tmp_path)
    with pytest.warns(UserWarning, match="1 vote between clips of different pools"):
        table = board.ranking("id")
    assert table.attrs["votes_across_pools"] == 1
    assert table.index.tolist() == ["job-0", "job-1"] and table.index.name == "id"
    assert table["pool"].nunique() == 1
    assert table[["n_votes", "n_wins", "n_losses", "n_ties", "n_clips"]].to_numpy().tolist() == [
        [1, 1, 0, 0, 1],
        [1, 0, 1, 0, 1],
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole = board.ranking("id", pooled=True)
    assert set(whole.index) == {"job-0", "job-1", "job-2"}
    assert whole["n_votes"].sum() == 4 and set(whole["pool"]) == {""}
    with pytest.raises(hn.ArgumentError, match="pooled"):
        board.ranking(pooled="yes")  # type: ignore[arg-type]
    assert board.summary("prompt").attrs["votes_across_pools"] in {0, 1}
