"""Measuring clips of the virtual camera, whose way is known: every move, plans, and bad input."""

from __future__ import annotations

import builtins
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import hailuo_nb as hn
from hailuo_nb.errors import MeasureError
from hailuo_nb.measure import measure
from hailuo_nb.measure.measurement import Evidence, Measurement, Window
from hailuo_nb.measure.report import COLUMNS, columns, direction_share, plot
from hailuo_nb.measure.verdicts import MOVE_DIRECTIONS, adherence, dominant_move
from hailuo_nb.prompts.camera import moves
from hailuo_nb.simulator.render import render

Make = Callable[..., tuple[Path, Measurement]]
OPPOSITES = {item.key: item.opposite for item in moves() if item.opposite}


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Renders and measures a clip of a prompt, once a session."""
    folder = tmp_path_factory.mktemp("measured")
    made: dict[str, tuple[Path, Measurement]] = {}

    def make(
        prompt: str, seconds: float = 2, width: int = 480, height: int = 270
    ) -> tuple[Path, Measurement]:
        key = f"{prompt}|{seconds}|{width}|{height}"
        if key not in made:
            path = folder / f"{len(made)}.mp4"
            render(
                path,
                prompt=prompt,
                provider="modelverse",
                width=width,
                height=height,
                seconds=seconds,
                seed=2,
            )
            made[key] = path, measure(path)
        return made[key]

    return make


def encode(
    path: Path, pictures: list[np.ndarray], *, fps: int = 24, times: list[int] | None = None
) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "20"}
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = times[index] if times else index, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def pictures_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


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


# Facts


def test_facts(clip: Make, tmp_path: Path) -> None:
    path, seen = clip("a person in the grass [Pan left]")
    facts = seen.facts
    assert (facts.width, facts.height, facts.frames, facts.codec, facts.audio) == (
        480,
        270,
        48,
        "h264",
        False,
    )
    assert facts.fps == 24
    assert facts.duration == pytest.approx(2.0, abs=0.01)
    assert facts.cuts == ()
    assert facts.black == 0
    _, still = clip("a person in the grass [Static shot]")
    assert (still.facts.motion or 0) < (facts.motion or 0)
    assert (still.facts.loop_seam or 0) > (facts.loop_seam or 0)
    import io

    from PIL import Image

    def sent(picture: np.ndarray) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "PNG")
        return buffer.getvalue()

    first, *_, last = pictures_of(path)
    assert (measure(path, first_frame=sent(first)).facts.first_frame or 0) > 0.97
    # A frame that was cropped by two pixels is still the frame; another picture is not.
    assert (measure(path, first_frame=sent(first[2:-2, 3:-3])).facts.first_frame or 0) > 0.9
    assert (measure(path, first_frame=sent(last)).facts.first_frame or 1) < 0.8


def test_freeze_and_black(clip: Make, tmp_path: Path) -> None:
    path, _ = clip("a person in the grass [Pan left]")
    frames = pictures_of(path)
    path = encode(tmp_path / "frozen.mp4", frames[:12] + [frames[12]] * 24 + frames[12:24])
    assert measure(path).facts.freeze == pytest.approx(
        1.0, abs=0.25
    )  # the encoder goes on refining
    dark = [np.zeros_like(frames[0])] * 6
    assert measure(encode(tmp_path / "dark.mp4", dark + frames[:18])).facts.black == 6


def test_cuts_come_first(clip: Make, tmp_path: Path) -> None:
    one, _ = clip("a person in the grass [Pan left]")
    other, _ = clip("a person in the street [Pan left]")
    frames = pictures_of(one)[:36] + pictures_of(other)[:36]
    seen = measure(encode(tmp_path / "cut.mp4", frames))
    assert seen.facts.cuts == (pytest.approx(1.5),)
    assert not any(window.start < 1.49 < window.end - 0.05 for window in seen.windows)
    assert adherence("[Pan left]", seen).moves[0].direction == "right"
    _, shaken = clip("a person in the grass [Shake]")
    assert shaken.facts.cuts == ()


# Bad input


def test_portrait_and_512p(clip: Make) -> None:
    for width, height in ((288, 512), (512, 512)):
        _, seen = clip("a person in the grass [Pan left]", 1.5, width, height)
        assert (seen.facts.width, seen.facts.height) == (width, height)
        assert adherence("[Pan left]", seen).moves[0].direction == "right"


def test_a_still_and_two_frames(clip: Make, tmp_path: Path) -> None:
    path, _ = clip("a person in the grass [Pan left]")
    for count in (1, 2):
        seen = measure(encode(tmp_path / f"{count}.mp4", pictures_of(path)[:count]))
        assert seen.windows == ()
        assert any("too short" in note for note in seen.notes)
        verdict = adherence("[Pan left] then [Push in]", seen)
        assert [move.direction for move in verdict.moves] == ["can't tell"] * 2
        assert all("too short" in move.reason for move in verdict.moves)
        assert verdict.score is None


def test_all_black(tmp_path: Path) -> None:
    seen = measure(encode(tmp_path / "black.mp4", [np.zeros((270, 480, 3), np.uint8)] * 30))
    (move,) = adherence("[Pan left]", seen).moves
    assert (move.direction, move.kind) == ("can't tell", "can't tell")
    assert "black" in move.reason
    assert seen.facts.black == 30


def test_uneven_times(clip: Make, tmp_path: Path) -> None:
    path, _ = clip("a person in the grass [Pan left]")
    kept = [index for index in range(48) if index % 7 not in (2, 3)]
    frames = pictures_of(path)
    seen = measure(encode(tmp_path / "vfr.mp4", [frames[index] for index in kept], times=kept))
    assert seen.facts.uneven
    assert any("uneven" in note for note in seen.notes)
    assert adherence("[Pan left]", seen).moves[0].direction == "right"


def test_a_broken_tail(clip: Make, tmp_path: Path) -> None:
    path, whole = clip("a person in the grass [Pan left]")
    data = path.read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data[: int(len(data) * 0.7)])
    seen = measure(broken)
    assert 0 < seen.facts.frames < whole.facts.frames
    assert any("breaks off" in note for note in seen.notes)
    assert adherence("[Pan left]", seen).moves[0].direction == "right"


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 400])
def test_what_is_no_clip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(MeasureError, match=r"clip\.mp4 cannot be measured"):
        measure(path)
    with pytest.raises(MeasureError, match="cannot be read"):
        measure(tmp_path / "none.mp4")


def test_without_opencv_there_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "cv2":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MeasureError, match=r"hailuo-nb\[video\]"):
        measure(tmp_path / "clip.mp4")


# What is made of it


def test_a_measurement_is_shown_in_one_line(clip: Make) -> None:
    _, result = clip("grass [Pan left]")
    assert repr(result) == "Measurement(4 windows, 2.0 s, 480x270)"


def test_json_and_back(clip: Make) -> None:
    path, seen = clip("a person in the grass [Pan left]")
    again = Measurement.from_json(seen.to_json())
    assert again == seen
    assert measure(path) == seen  # a pure function of the file
    with pytest.raises(ValueError, match="no measurement"):
        Measurement.from_json(json.dumps({"windows": [], "facts": {}}))


def test_columns_and_plot(clip: Make) -> None:
    _, seen = clip("a person in the grass [Pan left]")
    verdict = adherence("<b> [Pan left]", seen)
    row = columns(seen, verdict)
    assert set(row) == set(COLUMNS) == set(columns(seen))
    assert (row["adherence"], row["moves_judged"], row["measured_size"]) == (1.0, 1, "480x270")
    assert columns(seen)["adherence"] is None
    import xml.etree.ElementTree as Tree

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


def test_the_room_and_the_function_share_a_name() -> None:
    assert callable(hn.measure)
    for first in (
        "import hailuo_nb.measure",
        "from hailuo_nb.measure.verdicts import adherence",
        "pass",
    ):
        code = (
            f"{first}\nimport hailuo_nb as hn\ntry: hn.measure('none.mp4')\nexcept ValueError "
            "as e: print(e)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert "none.mp4 cannot be read" in done.stdout, done.stderr
