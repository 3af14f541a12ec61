"""Clips of the virtual camera, rendered and measured once a session, and clips made of pictures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from hailuo_nb.measure import measure
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.simulator.render import render

Make = Callable[..., tuple[Path, Measurement]]


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Renders and measures a clip of a prompt, once a session."""
    folder = tmp_path_factory.mktemp("measured")
    made: dict[str, tuple[Path, Measurement]] = {}

    def make(
        prompt: str, seconds: float = 2, width: int = 320, height: int = 180
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
