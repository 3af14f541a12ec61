"""The vectors that hold the page's camera path to the simulator's."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from hailuo_nb.prompts.camera import parse
from hailuo_nb.simulator.camera_path import active_step, pose_at

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "path.json").read_text("utf-8"))


def test_the_vectors_are_the_simulators_own_path() -> None:
    assert len(VECTORS) > 50
    for vector in VECTORS:
        prompt, t, seconds = vector["prompt"], vector["t"], vector["seconds"]
        assert asdict(pose_at(prompt, t, seconds)) == pytest.approx(vector["pose"], abs=1e-8)
        assert active_step(parse(prompt), t, seconds) == vector["step"]
