"""How far the moves asked for were made: every move, plans, and evidence that decides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hailuo_nb.measure import measure
from hailuo_nb.measure.measurement import Evidence, Window
from hailuo_nb.measure.verdicts import MOVE_DIRECTIONS, adherence, dominant_move
from hailuo_nb.prompts.camera import moves
from tests.video.measured_clips import Make, encode

OPPOSITES = {item.key: item.opposite for item in moves() if item.opposite}

# Every move


@pytest.mark.parametrize("key", [*MOVE_DIRECTIONS, "shake", "static"])
def test_every_move_is_seen_as_itself(clip: Make, key: str) -> None:
    name = next(item.english for item in moves() if item.key == key)
    _, seen = clip(f"a person in the grass [{name}]")
    verdict = adherence(f"[{name}]", seen)
    (move,) = verdict.moves
    assert (move.direction, move.kind) != ("right", "other"), move
    assert move.direction == "right", move
    assert verdict.steps[0].extras == ()
    assert (verdict.score, verdict.judged) == (1.0, 1)
    assert dominant_move(seen.windows) == key


@pytest.mark.parametrize("key", list(MOVE_DIRECTIONS))
def test_the_opposite_is_called_so(clip: Make, key: str) -> None:
    name = next(item.english for item in moves() if item.key == key)
    other = next(item.english for item in moves() if item.key == OPPOSITES[key])
    _, seen = clip(f"a person in the grass [{name}]")
    (move,) = adherence(f"[{other}]", seen).moves
    assert move.direction == "opposite"
    assert move.points == 0


def test_what_was_not_asked_for_is_an_extra_and_what_is_not_there_is_missing(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    verdict = adherence("[Push in]", seen)
    assert verdict.moves[0].direction == "missing"
    assert verdict.steps[0].extras == ("pan_left",)
    assert verdict.score == 0
    _, still = clip("a person in the grass [Static shot]")
    assert adherence("[Shake]", still).moves[0].direction == "missing"
    assert adherence("[Static shot]", seen).moves[0].direction == "missing"


def test_tracking_is_not_judged(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    verdict = adherence("[Tracking shot]", seen)
    assert verdict.moves[0].direction == "not judged"
    assert (verdict.score, verdict.judged, verdict.requested) == (None, 0, 1)
    assert "0 of 1" in str(verdict)


def test_twins_are_told_apart_where_there_is_depth(clip: Make) -> None:
    for name, twin in (
        ("Truck left", "Pan left"),
        ("Push in", "Zoom in"),
        ("Pedestal up", "Tilt up"),
    ):
        _, seen = clip(f"a person in the grass [{name}]")
        (move,) = adherence(f"[{twin}]", seen).moves
        assert (move.direction, move.kind, move.points) == ("right", "other", 0.5), name
        assert all(window.translation for window in seen.windows[1:3])


def test_a_flat_picture_leaves_the_kind_open(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    wall = np.kron(rng.integers(0, 255, (60, 90, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    path = encode(
        tmp_path / "flat.mp4", [wall[60:330, 60 + 4 * i : 540 + 4 * i] for i in range(40)]
    )
    seen = measure(path)
    for name in ("Truck right", "Pan right"):
        (move,) = adherence(f"[{name}]", seen).moves
        assert (move.direction, move.kind) == ("right", "can't tell")


# Plans


def test_a_translation_that_is_hardly_better_tells_nothing_of_the_zoom_beside_it() -> None:
    """A poster that a camera pulls back from: a zoom with a hair of translation explains it best,
    and wrongly."""
    zoom, with_truck, truck = 4, 12, 8
    evidence = [Evidence(0.05, (0.0,) * 6, 0.0)] * 16
    evidence[zoom] = Evidence(0.5, (0.0, 0.0, -0.14, 0.0, 0.0, 0.0), 0.0)
    evidence[truck] = Evidence(0.3, (0.0, 0.0, 0.0, -0.01, 0.0, 0.0), 0.7)

    def kind(score: float) -> str:
        evidence[with_truck] = Evidence(score, (0.0, 0.0, -0.14, -0.007, 0.0, 0.0), 0.7)
        window = Window(0.0, 0.5, fit=0.9, motion=0.05, points=100, evidence=tuple(evidence))
        (found,) = adherence("[Pull out]", [window]).moves
        assert found.direction == "right"
        return found.kind

    assert kind(score=0.82) == "can't tell"
    # Where the translation is beyond doubt, so is the zoom beside it.
    assert kind(score=0.95) == "other"


def evidence_of(turns: tuple[float, float, float]) -> tuple[Evidence, ...]:
    """Of a window in which nothing is clear, but for what the picture shows of a turn."""
    rows = [Evidence(0.35, (0.0,) * 6, 0.0)] * 16
    rows[0] = Evidence(0.5, (0.0,) * 6, 0.0)
    rows[7] = Evidence(0.4, (*turns, 0.0, 0.0, 0.0), 0.0)
    return tuple(rows)


@pytest.mark.parametrize(
    ("asked", "direction"), [("Push in", "right"), ("Zoom in", "right"), ("Pull out", "missing")]
)
def test_what_is_slow_and_steady_counts_where_it_was_asked_for(asked: str, direction: str) -> None:
    steady = [
        Window(i / 2, i / 2 + 0.5, fit=0.5, motion=0.01, evidence=evidence_of((0, 0, z)))
        for i, z in enumerate((0.02, 0.03, 0.03, 0.02))
    ]
    (found,) = adherence(f"[{asked}]", steady).moves
    assert (found.direction, found.kind) == (direction, "can't tell")
    # A hand that goes to and fro is no move, and nobody is told of one that was not asked for.
    unrest = [
        Window(i / 2, i / 2 + 0.5, fit=0.5, motion=0.01, evidence=evidence_of((0, 0, z)))
        for i, z in enumerate((0.05, -0.02, 0.06, -0.01))
    ]
    assert adherence(f"[{asked}]", unrest).moves[0].direction == "missing"
    assert adherence("[Pan left]", steady).steps[0].extras == ()


def test_of_two_parts_that_undo_each_other_the_sum_counts() -> None:
    rows = [Evidence(0.1, (0.0,) * 6, 0.0)] * 16
    # Tilting down while rising: the picture goes up by the little that is left, as in a pedestal
    # down.
    rows[8] = Evidence(0.66, (0, 0, 0, 0.0, -0.05, 0.0), 0.5)
    rows[10] = Evidence(0.73, (0.0, -0.088, 0.0, 0.0, -0.072, 0.0), 0.5)
    window = Window(0.0, 0.5, fit=0.7, motion=0.02, evidence=tuple(rows))
    assert adherence("[Pedestal down]", [window]).moves[0].direction == "right"
    assert adherence("[Pedestal up]", [window]).moves[0].direction == "opposite"
    # Whoever asked for both asked for that.
    both = adherence("[Pedestal up,Tilt down]", [window]).moves
    assert [move.direction for move in both] == ["right", "right"]


def test_a_plan_with_its_brackets(clip: Make) -> None:
    prompt = "a person in the street [Push in] then [Pan left,Zoom out] then [Static shot]"
    _, seen = clip(prompt, 6)
    verdict = adherence(prompt, seen)
    assert [move.direction for move in verdict.moves] == ["right"] * 4
    assert verdict.judged == 4
    for step, (start, end) in zip(verdict.steps, ((0, 2), (2, 4), (4, 6)), strict=True):
        assert step.start == pytest.approx(start, abs=0.55)
        assert step.end == pytest.approx(end, abs=0.55)
    reordered = "[Static shot] [Pan left,Zoom out] [Push in]"
    assert (adherence(reordered, seen).score or 0) < (verdict.score or 0)


def test_a_prompt_without_brackets_has_no_score(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    verdict = adherence("a person in the grass", seen)
    assert (verdict.steps, verdict.score, verdict.judged) == ((), None, 0)
