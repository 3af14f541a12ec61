"""From 50 to 5,000 jobs in flight, and a ledger of 10,000: memory, CPU a job, commits, writes to
the page.

    .venv/bin/python -m tests.benchmarks.scale        each size in a fresh process; writes SCALE.md
    (some minutes)

The four providers are the embedded simulator with its clock (twice as fast as life, a task takes 30
to 60 s) and a renderer that copies a small clip. So the CPU and the memory hold the simulator's
share too: they are upper bounds. The board is the real widget on a comm that counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SIZES = (50, 500, 5000)
FINISHED = 10_000
PAGE = 200
SPEED = 2.0
NAMES = ("ppinfra", "modelverse", "chanjing", "xcompute")
HERE = Path(__file__).parent
CLIP = HERE.parents[1] / "build" / "bench" / "clip.mp4"


def rss() -> float:
    """MiB of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Comm:
    """Takes what the widget sends and keeps when, and how much."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, int]] = []
        self.comm_id = "bench"
        self.kernel = self  # a widget without one sends nothing

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        self.sent.append((time.monotonic(), len(json.dumps(data, default=str))))

    def on_msg(self, *_: Any) -> None: ...
    def on_close(self, *_: Any) -> None: ...
    def close(self, *_: Any, **__: Any) -> None: ...

    def most_in_a_second(self) -> int:
        times = [at for at, _ in self.sent]
        return max((sum(start <= at < start + 1 for at in times) for start in times), default=0)


def in_flight(count: int) -> dict[str, Any]:
    """`count` jobs asked for at once, over four providers, with a board that shows them all."""
    import httpx2

    from hailuo_nb.engine.job_spec import JobSpec
    from hailuo_nb.engine.loop import LOOP
    from hailuo_nb.engine.runner import Runner
    from hailuo_nb.engine.tracked_job import TrackedJob
    from hailuo_nb.media import clips
    from hailuo_nb.ordering.accounts import targets
    from hailuo_nb.providers import account
    from hailuo_nb.requests.video_request import VideoRequest
    from hailuo_nb.results.comparison import Comparison
    from hailuo_nb.results.job import Job
    from hailuo_nb.results.source import LiveSource
    from hailuo_nb.simulator import create_app
    from hailuo_nb.widgets import board_updates
    from hailuo_nb.widgets.compare_board import CompareBoard
    from tests.benchmarks.ours import WIDE_OPEN
    from tests.benchmarks.peers import Heart

    account.SIMULATOR_SPEED = SPEED
    home = Path(tempfile.mkdtemp(prefix="hailuo-scale-"))

    def mount(folder: Path) -> httpx2.AsyncBaseTransport:
        app = create_app(
            speed=SPEED,
            folder=folder / "simulator",
            link_base="https://clips.simulator.invalid",
            renderer=lambda path, **_: shutil.copyfile(CLIP, path),
        )
        return httpx2.ASGITransport(app)

    async def make() -> Runner:
        return Runner(home, simulator=mount, limits=lambda *_: WIDE_OPEN)

    runner = LOOP.run(make())
    clips.probe(CLIP)  # what every download needs
    to = [target.account for target in targets([f"simulated:{name}" for name in NAMES], None)]
    wanted = [
        JobSpec(to[n % 4], VideoRequest(f"A cat, number {n} [Push in]", MODELS[n % 4]), 1, 0.0)
        for n in range(count)
    ]
    engine, comm = Heart(), Comm()
    LOOP.start(engine.beat())
    begun, used, before = time.monotonic(), cpu(), rss()
    lives: list[TrackedJob] = LOOP.run(runner.ask(wanted))
    asked = time.monotonic() - begun
    comparison = Comparison([Job(tracked, LiveSource(runner)) for tracked in lives])
    board = CompareBoard(rows=[], title="bench")
    board.comm = comm
    board_updates.BoardUpdater(comparison, board, home)
    most = peak = 0
    while not all(tracked.settled.done() for tracked in lives):
        time.sleep(0.1)
        most = max(most, sum(tracked.row.state in {"submitted", "submitting"} for tracked in lives))
        peak = max(peak, rss())
    took = time.monotonic() - begun
    found = {
        "count": count,
        "saved": sum(tracked.at("saved") for tracked in lives),
        "asked": asked,
        "took": took,
        "cpu": 1000 * (cpu() - used) / count,
        "in_flight": most,
        "memory": peak - before,
        "imports": before,
        "writes": len(comm.sent),
        "a_second": comm.most_in_a_second(),
        "bytes": sum(size for _, size in comm.sent),
        "work": 1000 * engine.work,
        "stall": 1000 * engine.gap,
        "threads": threading.active_count(),
        "load": os.getloadavg()[0],
        "faults": sorted({str(tracked.row.error) for tracked in lives if tracked.row.error})[:3],
    }
    shutil.rmtree(home, ignore_errors=True)
    return found


MODELS = ("MiniMax-Hailuo-02", "MiniMax-Hailuo-02", "MiniMax-Hailuo-02", "MiniMax-Hailuo-2.3")


def commits(count: int = 5000) -> dict[str, Any]:
    """Rows a second through the ledger with `synchronous=EXTRA`: all asked for at once, and one
    after the other."""
    from hailuo_nb.engine.ledger.sqlite import SqliteLedger

    with tempfile.TemporaryDirectory(prefix="hailuo-ledger-") as folder:
        ledger = SqliteLedger(Path(folder) / "ledger.sqlite")
        begun = time.monotonic()
        jobs = [ledger.get_or_create(new_job(n)) for n in range(count)]
        ids = [job.result()[0].id for job in jobs]
        opened = count / (time.monotonic() - begun)
        begun = time.monotonic()
        moves = [ledger.claim(one, "me", 1e12, new_job(n)) for n, one in enumerate(ids)]
        for move in moves:
            move.result()
        moved = count / (time.monotonic() - begun)
        begun = time.monotonic()
        for one in ids[:100]:
            ledger.move(one, "accepted", task_id=one).result()
        alone = 100 / (time.monotonic() - begun)
        ledger.close()
    return {"opened": opened, "moved": moved, "alone": alone, "load": os.getloadavg()[0]}


def new_job(number: int) -> Any:
    from hailuo_nb.engine.ledger.jobs import NewJob
    from hailuo_nb.requests.video_request import VideoRequest

    prompt = f"A cat, number {number} [Push in]"
    return NewJob(
        f"simulated:ppinfra:{number}",
        f"simulated:{NAMES[number % 4]}",
        "https://x.invalid",
        "MiniMax-Hailuo-02",
        prompt,
        "768P",
        6,
        json.dumps(VideoRequest(prompt, "MiniMax-Hailuo-02").to_json()),
        0.0,
        "CNY",
    )


def history() -> dict[str, Any]:
    """A ledger of 10,000 saved clips: opening it, the table, a filter, and a page of 200 with their
    clips inside."""
    import pandas as pd

    import hailuo_nb as hn
    from hailuo_nb.engine import session
    from hailuo_nb.engine.ledger.sqlite import SqliteLedger
    from hailuo_nb.engine.loop import wait
    from hailuo_nb.results import loading
    from hailuo_nb.results.comparison import Comparison

    with tempfile.TemporaryDirectory(prefix="hailuo-history-") as folder:
        home = Path(folder)
        os.environ["HAILUO_NB_HOME"] = folder
        (home / "videos").mkdir()
        shutil.copyfile(CLIP, home / "videos" / "clip.mp4")
        ledger = SqliteLedger(home / "ledger.sqlite")
        rows = [
            job.result()[0] for job in [ledger.get_or_create(new_job(n)) for n in range(FINISHED)]
        ]

        def finish(db: Any) -> None:
            db.execute(
                "UPDATE jobs SET state = 'saved', path = 'videos/clip.mp4', task_id = id, "
                "submitted_at = created_at, "
                "ready_at = created_at + 90, finished_at = created_at + 95"
            )

        ledger.work(finish).result()
        ledger.close()
        timed: dict[str, list[float]] = {}

        def time_it(name: str, act: Any) -> Any:
            result = None
            for _ in range(5):
                begun = time.perf_counter()
                result = act()
                timed.setdefault(name, []).append(1000 * (time.perf_counter() - begun))
            return result

        def reopened() -> None:
            again = SqliteLedger(home / "ledger.sqlite")
            again.open_jobs().result()
            again.close()

        time_it("open the ledger and find what is not over", reopened)
        frame = time_it("hn.history() to a DataFrame", hn.history)
        time_it(
            "a filter of it (provider and a word of the prompt)",
            lambda: frame[
                (frame["provider"] == "simulated:xcompute")
                & frame["prompt"].str.contains("number 77")
            ],
        )
        runner = session.runner()
        time_it(
            "one clip asked for again (known to the ledger)",
            lambda: wait(runner.ledger.find([rows[77].identity], 1)),
        )
        time_it(
            "how long such clips took (asked once a submit)",
            lambda: wait(runner.ledger.task_seconds(rows[77])),
        )
        jobs = loading.jobs_of(runner, wait(runner.ledger.history())[:PAGE], ())
        page = Comparison(jobs, title="200 clips")
        target = home / "page.html"
        time_it(f"to_html of {PAGE} clips of 50 kB", lambda: page.to_html(target))
        size = target.stat().st_size / 2**20
        assert isinstance(frame, pd.DataFrame)
        assert len(frame) == FINISHED
    return {"timed": timed, "page": size, "file": len(jobs), "load": os.getloadavg()[0]}


# -- the page
# --------------------------------------------------------------------------------------------------------


def page(sizes: list[dict[str, Any]], ledger: dict[str, Any], past: dict[str, Any]) -> str:
    lines = [
        "# Thousands of jobs\n",
        "Written by `python -m tests.benchmarks.scale` on "
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores; how to read it: README.md.\n",
        "## In flight over four simulated providers\n",
        "| jobs | saved | at once at the providers | all asked for after s | CPU ms a job "
        "| memory above the imports, MiB | "
        "loop's own work between two beats ms | threads | writes to the page | most in a second | "
        "kB a write | load |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['count']} | {one['saved']} | {one['in_flight']} | {one['asked']:.1f} | "
        f"{one['cpu']:.1f} | "
        f"{one['memory']:.0f} | {one['work']:.0f} | {one['threads']} | {one['writes']} | "
        f"{one['a_second']} | "
        f"{one['bytes'] / 1000 / max(one['writes'], 1):.0f} | {one['load']:.1f} |"
        for one in sizes
    ]
    lines += [
        "\n## The ledger, `synchronous=EXTRA`\n",
        "| step | rows a second |",
        "|---|---|",
        f"| 5,000 jobs opened at once | {ledger['opened']:.0f} |",
        f"| 5,000 claimed at once | {ledger['moved']:.0f} |",
        f"| one after the other, each waited for | {ledger['alone']:.0f} |",
        f"\n## {FINISHED:,} finished jobs\n",
        "| step | median ms | least | greatest |",
        "|---|---|---|---|",
    ]
    for name, times in past["timed"].items():
        lines.append(
            f"| {name} | {statistics.median(times):.1f} | {min(times):.1f} | {max(times):.1f} |"
        )
    lines.append(f"\nThe page of {past['file']} clips has {past['page']:.1f} MiB.")
    return "\n".join(lines) + "\n"


def fresh(what: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scale", what, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    print(what, *arguments, done.stdout.strip()[-700:] or done.stderr[-2000:], flush=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    if sys.argv[1:]:
        act = {
            "in_flight": lambda: in_flight(int(sys.argv[2])),
            "commits": commits,
            "history": history,
        }[sys.argv[1]]
        print(json.dumps(act()), flush=True)
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        os._exit(0)
    if not CLIP.exists():
        from tests.benchmarks.many import draw

        CLIP.parent.mkdir(parents=True, exist_ok=True)
        draw(CLIP)
    sizes = [fresh("in_flight", str(size)) for size in SIZES]
    (HERE / "SCALE.md").write_text(
        page(sizes, fresh("commits"), fresh("history")), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
