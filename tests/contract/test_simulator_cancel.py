"""Cancelling a simulated task: what ends, what goes on, and what stays charged."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.media import files
from hailuo_nb.simulator import create_app
from hailuo_nb.simulator.dialects import common
from hailuo_nb.simulator.tasks import Simulator, Task, TaskRequest
from tests.contract.simulator import Wall, data_url, draw_nothing, png, settle

REQUEST = TaskRequest("MiniMax-Hailuo-2.3", "a cat", 1366, 768, 6)


def made(wall: Wall, folder: Path | None = None, **options: Any) -> tuple[Simulator, Task]:
    app = create_app(clock=wall, renderer=options.pop("renderer", draw_nothing), folder=folder)
    simulator: Simulator = app.state.simulator
    return simulator, simulator.create_task("xcompute", "task-1", REQUEST)


def rest(simulator: Simulator) -> None:
    """Wait until no clip is being drawn."""
    while simulator._rendering:
        time.sleep(0.001)


def test_a_queued_task_is_cancelled_at_once_and_costs_nothing(tmp_path: Path) -> None:
    wall = Wall()
    simulator, task = made(wall, tmp_path)
    assert simulator.charged == {"xcompute": 1}
    assert simulator.cancel(task)
    assert (simulator.status(task).state, task.finished) == ("cancelled", wall.time)
    assert simulator.charged == {"xcompute": 0}
    assert not simulator.cancel(task)
    rest(simulator)
    wall.time += 600
    assert simulator.status(task).state == "cancelled"
    again, _ = made(wall, tmp_path)
    assert again.charged == {"xcompute": 1}  # the second task alone


def test_a_task_that_is_cancelled_while_its_clip_is_noted_stays_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that draws wrote what it had read of the task before, over the cancellation."""
    noting, go, write = threading.Event(), threading.Event(), files.write_atomic

    def held(path: Path, data: bytes, **options: Any) -> None:
        if b'"drawn": null' not in data and b'"cancelled": null' in data:
            noting.set()
            assert go.wait(60)
        write(path, data, **options)

    monkeypatch.setattr(files, "write_atomic", held)
    wall = Wall()
    simulator, task = made(wall, tmp_path)
    assert noting.wait(60)
    cancelling = threading.Thread(target=simulator.cancel, args=[task])
    cancelling.start()
    cancelling.join(0.2)  # it comes first, or waits for the other
    go.set()
    cancelling.join()
    rest(simulator)
    again: Simulator = create_app(clock=wall, folder=tmp_path).state.simulator
    assert again.tasks["task-1"].cancelled == wall.time


def test_a_running_task_is_cancelled_only_where_that_is_asked() -> None:
    wall = Wall()
    simulator, task = made(wall)
    wall.time = (task.starts + task.due) / 2
    assert not simulator.cancel(task)
    assert simulator.status(task).state == "running"
    assert simulator.cancel(task, running=True)
    assert simulator.status(task).state == "cancelled"
    assert simulator.charged == {"xcompute": 1}


def test_what_has_ended_stays_as_it_is() -> None:
    wall = Wall()
    simulator, task = made(wall)
    asyncio.run(settle(simulator))
    wall.time = task.due
    assert not simulator.cancel(task, running=True)
    assert simulator.status(task).state == "done"


def test_the_drawing_of_a_cancelled_clip_stops() -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(path: Path, *, stop: Any, **_: Any) -> None:
        begun.set()
        while not stop():
            ended.wait(0.001)
        ended.set()
        raise RuntimeError("given up")

    simulator, task = made(Wall(), renderer=endless)
    assert begun.wait(60)
    assert simulator.cancel(task)
    assert ended.wait(60)
    rest(simulator)
    assert (task.failure, task.drawn) == ("", None)


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("768P", "16:9", (1366, 768)), ("768P", "9:16", (768, 1366)), ("768P", "1:1", (768, 768)),
        ("768P", "21:9", (1792, 768)), ("2K", "16:9", (2560, 1440)), ("2K", "3:4", (1440, 1920)),
        ("512P", "16:9", (910, 512)), ("480P", "16:9", (854, 480)), ("1080P", "16:9", (1920, 1080)),
    ],
)  # fmt: skip
def test_sizes_are_even_and_the_shorter_side_is_named(
    resolution: str, ratio: str, size: tuple[int, int]
) -> None:
    assert common.size(resolution, ratio) == size


@pytest.mark.parametrize(
    ("picture", "ratio"), [((800, 800), "1:1"), ((800, 1100), "3:4"), ((900, 401), "21:9")]
)
def test_adaptive_is_the_ratio_that_a_frame_is_closest_to(
    picture: tuple[int, int], ratio: str
) -> None:
    simulator, _ = made(Wall())
    name = common._store_data_url(simulator, "image", data_url(png(*picture)))
    assert common.nearest_ratio(simulator, name) == ratio
    assert common.nearest_ratio(simulator, "https://a.example/frame.png") == "16:9"
