"""What is measured on a clip: its facts, and clips that are bad or odd."""

from __future__ import annotations

import builtins
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import hailuo_nb as hn
from hailuo_nb.errors import MeasureError
from hailuo_nb.measure import measure
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.verdicts import adherence
from tests.video.measured_clips import Make, encode, pictures_of

# Facts


def test_facts(clip: Make, tmp_path: Path) -> None:
    path, seen = clip("a person in the grass [Pan left]")
    facts = seen.facts
    assert (facts.width, facts.height, facts.frames, facts.codec, facts.audio) == (
        320,
        180,
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
    path, _ = clip("a person in the grass [Pan left]", 1, 480, 270)
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


def test_a_measurement_is_shown_in_one_line(clip: Make) -> None:
    _, result = clip("grass [Pan left]")
    assert repr(result) == "Measurement(4 windows, 2.0 s, 320x180)"


def test_json_and_back(clip: Make) -> None:
    path, seen = clip("a person in the grass [Pan left]")
    again = Measurement.from_json(seen.to_json())
    assert again == seen
    assert measure(path) == seen  # a pure function of the file
    with pytest.raises(ValueError, match="no measurement"):
        Measurement.from_json(json.dumps({"windows": [], "facts": {}}))


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
