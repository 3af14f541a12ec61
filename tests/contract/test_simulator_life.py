"""The life of a simulated task on a clock that the test moves: progress, restart, expiry."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hailuo_nb.simulator import create_app
from hailuo_nb.simulator.clock import work_seconds
from tests.contract.simulator import (
    BASE,
    BEARER,
    CHANJING,
    CHANJING_BODY,
    MODELVERSE,
    MODELVERSE_SUBMIT,
    PPINFRA,
    PPINFRA_SUBMIT,
    RAW,
    RESULT,
    TOKEN,
    XCOMPUTE,
    XCOMPUTE_SUBMIT,
    Wall,
    chanjing_token,
    data_url,
    draw_nothing,
    finish,
    png,
    settle,
    with_client,
)


def test_ppinfra_life_has_percent_and_eta() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
            "task_id"
        ]
        await settle(simulator)
        task = simulator.tasks[task_id]
        seen = []
        for share in (0.0, 0.3, 0.6, 0.95, 1.0):
            wall.time = (
                task.starts - 0.01 if share == 0 else task.starts + share * (task.due - task.starts)
            )
            now = (await client.get(RESULT + task_id, headers=BEARER)).json()["task"]
            seen.append((now["status"], now["progress_percent"]))
            # `eta` is what the client will live, not the provider's time: this clock is twenty
            # times faster.
            assert 0 <= now["eta"] - (task.due - wall.time) < 1
        assert [status for status, _ in seen] == [
            "TASK_STATUS_QUEUED",
            *["TASK_STATUS_PROCESSING"] * 3,
            "TASK_STATUS_SUCCEED",
        ]
        assert [percent for _, percent in seen[1:]] == pytest.approx([30, 60, 95, 100], abs=1)

    with_client(talk)


def test_words_of_the_others() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        token = {"access_token": await chanjing_token(client)}
        modelverse = (await client.post(MODELVERSE, headers=RAW, json=MODELVERSE_SUBMIT)).json()
        xcompute = (await client.post(XCOMPUTE, headers=TOKEN, json=XCOMPUTE_SUBMIT)).json()
        chanjing = (await client.post(CHANJING, headers=token, json=CHANJING_BODY)).json()
        await settle(simulator)
        ids = modelverse["output"]["task_id"], xcompute["data"][0]["task_id"], chanjing["data"]
        begin = wall.time
        words: list[list[str]] = [[], [], []]
        for step in range(400):
            wall.time = begin + step * 0.025
            status = (await client.get(f"/v1/tasks/status?task_id={ids[0]}", headers=RAW)).json()
            words[0].append(status["output"]["task_status"])
            status = (await client.get(f"/v1/tasks/{ids[1]}", headers=TOKEN)).json()
            words[1].append(status["data"]["status"])
            link = f"/open/v1/ai_creation/task?unique_id={ids[2]}"
            words[2].append((await client.get(link, headers=token)).json()["data"]["progress_desc"])
        assert [list(dict.fromkeys(each)) for each in words] == [
            ["Pending", "Running", "Success"],
            ["pending", "processing", "completed"],
            ["Queued", "Ready", "Generating", "Success"],
        ]

    with_client(talk)


def test_durations_differ_and_are_the_same_for_an_id() -> None:
    totals = {}
    for provider in ("ppinfra", "modelverse", "chanjing", "xcompute"):
        for number in range(50):
            queued, running = work_seconds(provider, "MiniMax-Hailuo-02", 768, 6, f"task {number}")
            assert (queued, running) == work_seconds(
                provider, "MiniMax-Hailuo-02", 768, 6, f"task {number}"
            )
            totals[provider, number] = queued + running
            assert 50 < queued + running < 160
    assert len(set(totals.values())) == len(totals)
    long = sum(work_seconds("ppinfra", "MiniMax-Hailuo-02", 768, 10, "a"))
    assert long > sum(work_seconds("ppinfra", "MiniMax-Hailuo-02", 768, 6, "a"))


def test_a_task_waits_for_its_clip() -> None:
    gate = threading.Event()

    def slow(path: Path, **wanted: Any) -> None:
        gate.wait(60)
        draw_nothing(path)

    async def main() -> None:
        wall = Wall()
        app = create_app(clock=wall, renderer=slow)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=BASE
        ) as client:
            task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
                "task_id"
            ]
            wall.time += 1000
            now = (await client.get(RESULT + task_id, headers=BEARER)).json()
            assert (now["task"]["status"], now["videos"]) == ("TASK_STATUS_PROCESSING", [])
            gate.set()
            await finish(client, wall, app.state.simulator)
            now = (await client.get(RESULT + task_id, headers=BEARER)).json()
            assert now["task"]["status"] == "TASK_STATUS_SUCCEED"
            # The time stamps say when it was really over.
            assert int(now["extra"]["debug_info"]["complete_time_ms"]) >= 1000 * 1_756_959_990

    asyncio.run(main())


def test_a_renderer_that_fails_fails_the_task() -> None:
    def broken(path: Path, **_: Any) -> None:
        raise RuntimeError("no paint left")

    async def main() -> None:
        wall = Wall()
        app = create_app(clock=wall, renderer=broken)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=BASE
        ) as client:
            task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
                "task_id"
            ]
            await finish(client, wall, app.state.simulator)
            task = (await client.get(RESULT + task_id, headers=BEARER)).json()["task"]
            assert task["status"] == "TASK_STATUS_FAILED"
            assert "no paint left" in task["reason"]

    asyncio.run(main())


def test_restart_on_the_same_folder(tmp_path: Path) -> None:
    wall = Wall()
    drawn: list[dict[str, Any]] = []

    def note(path: Path, **wanted: Any) -> None:
        drawn.append(wanted)
        draw_nothing(path)

    async def first() -> tuple[str, str]:
        app = create_app(clock=wall, renderer=note, folder=tmp_path)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=BASE
        ) as client:
            body = {**PPINFRA_SUBMIT, "image": data_url(png())}
            task_id = (await client.post(PPINFRA, headers=BEARER, json=body)).json()["task_id"]
            failing = create_app(clock=wall, renderer=note, folder=tmp_path, faults=["fail_task"])
            transport = httpx2.ASGITransport(app=failing)
            async with httpx2.AsyncClient(transport=transport, base_url=BASE) as other:
                failed = (await other.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
                    "task_id"
                ]
            await settle(app.state.simulator)
            # Made by another process on the same folder, found all the same.
            assert (await client.get(RESULT + failed, headers=BEARER)).status_code == 200
            return task_id, failed

    async def second(task_id: str, failed: str) -> None:
        app = create_app(clock=wall, renderer=note, folder=tmp_path)
        simulator = app.state.simulator
        assert simulator.charged == {"ppinfra": 1}
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=BASE
        ) as client:
            before = (await client.get(RESULT + task_id, headers=BEARER)).json()["task"]
            assert before["status"] == "TASK_STATUS_QUEUED"
            assert len(drawn) == 1
            simulator.video_path(simulator.tasks[task_id]).unlink()
            wall.time += 60
            missing = (await client.get(RESULT + task_id, headers=BEARER)).json()["task"]
            assert (missing["status"], missing["progress_percent"]) == (
                "TASK_STATUS_PROCESSING",
                99,
            )
            await finish(client, wall, simulator)
            assert len(drawn) == 2
            assert drawn[0] == {**drawn[1], "stop": drawn[0]["stop"]}
            assert drawn[1]["first_frame"] == png()
            link = (await client.get(RESULT + task_id, headers=BEARER)).json()["videos"][0][
                "video_url"
            ]
            assert (await client.get(link)).status_code == 200
            status = (await client.get(RESULT + failed, headers=BEARER)).json()["task"]["status"]
            assert status == "TASK_STATUS_FAILED"

    asyncio.run(second(*asyncio.run(first())))
    assert not list(tmp_path.rglob("*.part*"))
    for path in (tmp_path / "tasks").iterdir():
        assert json.loads(path.read_text(encoding="utf-8"))["created"] == 1_756_959_000.0


def test_the_temporary_folder_goes() -> None:
    app = create_app(renderer=draw_nothing)
    folder = app.state.simulator.folder
    assert folder.is_dir()
    del app
    import gc

    gc.collect()
    assert not folder.exists()


@pytest.mark.parametrize(("provider", "lives"), [("ppinfra", 3600), ("xcompute", 86_400)])
def test_links_expire(provider: str, lives: int) -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        async def link() -> str:
            if provider == "ppinfra":
                body = (await client.get(RESULT + task_id, headers=BEARER)).json()
                return str(body["videos"][0]["video_url"])
            body = (await client.get(f"/v1/tasks/{task_id}", headers=TOKEN)).json()
            return str(body["data"]["result"]["videos"][0]["url"][0])

        if provider == "ppinfra":
            task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
                "task_id"
            ]
        else:
            made = await client.post(XCOMPUTE, headers=TOKEN, json=XCOMPUTE_SUBMIT)
            task_id = made.json()["data"][0]["task_id"]
        await finish(client, wall, simulator)
        first = await link()
        # PPInfra's time runs from the answer, xCompute's from the end of the task.
        begin = wall.time if provider == "ppinfra" else simulator.tasks[task_id].finished
        wall.time = begin + lives - 2
        assert (await client.get(first)).status_code == 200
        wall.time = begin + lives + 2
        assert (await client.get(first)).status_code == 403
        longer = first.replace("expires=", "expires=9")
        assert (await client.get(longer)).status_code == 403
        fresh = (await client.get(await link())).status_code
        assert fresh == (200 if provider == "ppinfra" else 403)

    with_client(talk)


def test_links_begin_as_told() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
            "task_id"
        ]
        await finish(client, wall, simulator)
        link = (await client.get(RESULT + task_id, headers=BEARER)).json()["videos"][0]["video_url"]
        assert link.startswith("https://clips.example/videos/")

    with_client(talk, link_base="https://clips.example/")


def test_clips_can_be_read_in_parts() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        task_id = (await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)).json()[
            "task_id"
        ]
        await finish(client, wall, simulator)
        link = (await client.get(RESULT + task_id, headers=BEARER)).json()["videos"][0]["video_url"]
        part = await client.get(link, headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, b"ftyp")

    with_client(talk)


def test_takes_differ() -> None:
    async def talk(client: httpx2.AsyncClient, wall: Wall, simulator: Any) -> None:
        for _ in range(3):
            await client.post(PPINFRA, headers=BEARER, json=PPINFRA_SUBMIT)
        await client.post(PPINFRA, headers=BEARER, json={**PPINFRA_SUBMIT, "prompt": "another"})
        assert [task.take for task in simulator.tasks.values()] == [0, 1, 2, 0]

    with_client(talk)
