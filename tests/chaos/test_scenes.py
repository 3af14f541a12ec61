"""The scenes of bad weather in a small size; `make chaos` plays them in full."""

from __future__ import annotations

import os

import pytest

from tests.chaos.scenes import SCENES, Scene

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a fork server is POSIX")
SMALL = {"change of folder": 4, "refusing proxy": 4, "one account": 15, "leaving": 24}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.title)
def test_scene(scene: Scene) -> None:
    assert scene.play(SMALL.get(scene.title, 12)).wrong == []
