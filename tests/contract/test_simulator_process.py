"""The simulator as a process: its command line, its end, its start again, what it imports."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.engine import transport_pool
from hailuo_nb.simulator import create_app
from tests.contract.simulator import (
    BASE,
    BEARER,
    PPINFRA,
    PPINFRA_SUBMIT,
    XCOMPUTE,
    XCOMPUTE_SUBMIT,
    Wall,
    draw_nothing,
    finish,
)
from tests.fresh_python import modules_after


def test_command_line() -> None:
    command = [sys.executable, "-m", "hailuo_nb.simulator", "--port", "0", "--fault", "flat_status"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert told is not None
        assert process.stdout.readline().startswith("curl ")
        end = time.monotonic() + 60
        while True:
            try:
                reply = httpx2.get(f"{told[0]}/")
                break
            except httpx2.ConnectError:
                assert time.monotonic() < end
                time.sleep(0.05)
        assert "SIMULATED" in reply.text
        poor = httpx2.post(
            f"{told[0]}{XCOMPUTE}",
            headers={"Authorization": "Bearer no-balance"},
            json=XCOMPUTE_SUBMIT,
        )
        assert poor.status_code == 402
    finally:
        process.terminate()
        process.wait(60)


def test_command_line_refuses_an_unknown_fault() -> None:
    command = [sys.executable, "-m", "hailuo_nb.simulator", "--fault", "htlm"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Did you mean 'html'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_process_ends_in_the_middle_of_a_clip() -> None:
    code = r"""
import asyncio, os, httpx2
from hailuo_nb.engine import transport_pool
from hailuo_nb.simulator import create_app

def endless(path, *, stop, **wanted):
    os.write(1, b"drawing\n")  # in one piece: two threads draw at once
    while not stop():
        pass
    os.write(1, b"stopped\n")

async def main():
    transport = httpx2.ASGITransport(app=create_app(renderer=endless))
    async with httpx2.AsyncClient(transport=transport, base_url="http://simulator.test") as client:
        for _ in range(3):
            await client.post("/v3/async/minimax-hailuo-02", headers={"Authorization": "Bearer k"},
                              json={"prompt": "a cat"})

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert sorted(done.stdout.split()) == ["drawing", "drawing", "stopped", "stopped"]
    assert done.stderr == ""


def test_a_server_that_starts_again_goes_on() -> None:
    async def main() -> None:
        wall = Wall()
        app = create_app(clock=wall, renderer=draw_nothing)
        simulator = app.state.simulator
        simulator.pool.stop()
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=BASE
        ) as client:
            await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        async with app.router.lifespan_context(app):
            await finish(client, wall, simulator)

    asyncio.run(main())


def test_nothing_heavy_on_import() -> None:
    heavy = {"starlette", "av", "numpy", "PIL", "uvicorn", "cv2"}
    assert not modules_after("import hailuo_nb.simulator") & heavy


@pytest.mark.parametrize(
    ("said", "size"), [("4", (340, 192)), ("", (1366, 768)), ("much", (1366, 768))]
)
def test_clips_for_a_slow_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, size: tuple[int, int]
) -> None:
    asked: list[tuple[int, int]] = []

    def draw(path: Path, *, width: int, height: int, **_: Any) -> None:
        asked.append((width, height))

    monkeypatch.setattr("hailuo_nb.simulator.render.render", draw)
    monkeypatch.setenv(transport_pool.SHRINK_VARIABLE, said)
    app = transport_pool.simulator_transport(tmp_path).app  # type: ignore[attr-defined]
    app.state.simulator._renderer(tmp_path / "a.mp4", width=1366, height=768, prompt="A cat")
    assert asked == [size]
