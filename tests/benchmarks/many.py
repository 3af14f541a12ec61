"""hailuo_nb beside its peers: the same tasks, one loopback server, a fresh process a run, the
clients in turn.

    make bench                       everything, and writes RESULTS.md
    .venv/bin/python -m tests.benchmarks.many --counts 500 --rounds 3 --only hailuo_nb,openai

Raw figures of every run are appended to build/bench/runs.jsonl, and the page is made from that
file, so that rounds can be added. A run that fails is kept with its reason.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.benchmarks import mock
from tests.benchmarks.peers import CLIENTS

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "bench"
RUNS = BUILD / "runs.jsonl"
PEERS = BUILD / "peers" / "bin" / "python"
BETA = BUILD / "replicate2"  # replicate 2 has the name of replicate 1: a folder of its own
OURS = {
    "hailuo_nb": [],
    "hailuo_nb, link only": ["link"],
    "hailuo_nb, nothing learnt": ["cold", "link"],
    "hailuo_nb, no percentage told": ["silent", "link"],
}
"""The first saves and checks every clip and draws its poster, which no peer does; the others stop
at the link too."""
MEASURE = "hailuo_nb, link only"
LIMIT = 180.0  # seconds for one run

Run = dict[str, Any]


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--counts", default="1,50,500")
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument(
        "--only", default="", help="names, comma and no blank between them (a name may hold ', ')"
    )
    wanted.add_argument(
        "--page", action="store_true", help="write RESULTS.md from the runs there are, run nothing"
    )
    given = wanted.parse_args()
    clients = [*OURS, *CLIENTS]
    if given.only:
        clients = [name for name in clients if name in given.only.split(";")]
    if not given.page:
        begun = (
            len(RUNS.read_text().splitlines()) if RUNS.exists() else 0
        )  # rounds of an earlier start stay apart
        with Mock() as port:
            for number in range(given.rounds):
                for count in map(int, given.counts.split(",")):
                    for client in (
                        clients[number % len(clients) :] + clients[: number % len(clients)]
                    ):
                        note({"round": begun + number, **run(client, count, port)})
    runs = [json.loads(line) for line in RUNS.read_text().splitlines()]
    for found in runs:  # a run that delivered nothing has no end
        found["batch"] = None if not found.get("delivered") else found["batch"]
    (Path(__file__).parent / "RESULTS.md").write_text(page(runs), encoding="utf-8")


class Mock:
    """The server's process. It is ended by its own number."""

    def __enter__(self) -> int:
        BUILD.mkdir(parents=True, exist_ok=True)
        clip, told = BUILD / "clip.mp4", BUILD / "port"
        draw(clip)
        told.unlink(missing_ok=True)
        self._process = subprocess.Popen([sys.executable, mock.__file__, told, clip])
        while not (told.exists() and told.read_text()):
            time.sleep(0.05)
        return int(told.read_text())

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def draw(path: Path) -> None:
    """A whole MP4 of a second, small enough that its transfer costs nothing."""
    import av
    import numpy as np

    noise = np.random.default_rng(7)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        stream.time_base = Fraction(1, 24)
        for index in range(24):
            frame = av.VideoFrame.from_ndarray(
                noise.integers(0, 255, (36, 64, 3), dtype=np.uint8), format="rgb24"
            )
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def run(client: str, count: int, port: int) -> Run:
    """One run in a process of its own, with what the server counted."""
    base = f"http://127.0.0.1:{port}"
    urlopen(Request(f"{base}/_reset", b"{}", method="POST")).read()
    if client in OURS:
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.ours",
            str(count),
            str(port),
            *OURS[client],
        ]
    else:
        command = [
            str(PEERS),
            str(Path(__file__).with_name("peers.py")),
            client,
            str(count),
            str(port),
        ]
    setting = os.environ | ({"PYTHONPATH": str(BETA)} if "2 beta" in client else {})
    load = os.getloadavg()[0]
    head = {"client": client, "count": count, "at": time.strftime("%Y-%m-%d %H:%M"), "load": load}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=setting,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {**head, "failed": f"not over after {LIMIT:.0f} s"}
    if done.returncode or not done.stdout.strip():
        return {**head, "failed": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    with urlopen(f"{base}/_stats") as answer:
        return {
            **head,
            **figures(json.loads(done.stdout.splitlines()[-1]), json.load(answer), count),
        }


def figures(told: Run, server: Run, count: int) -> Run:
    """What one run cost, from the client's own report and the server's count."""
    over: dict[str, float] = server["over"]
    late = sorted(
        told["returned"][task] - end for task, end in over.items() if task in told["returned"]
    )
    wanted = count if count > 1 else 3
    found = {
        "billed": server["billed"],
        "delivered": len(late),
        "wanted": wanted,
        "cpu": 1000 * told["cpu"] / wanted,
        "requests": (server["requests"] - server["downloads"]) / wanted,
        "late": statistics.median(late) if late else None,
        "late95": late[int(0.95 * len(late))] if late else None,
        "batch": max(told["returned"].values()) - told["begun"] if late else None,
        "stall": 1000 * told["stall"],
        "work": 1000 * told["work"],
        "rss": told["rss"],
        "faults": sorted(set(told["faults"]))[:3],
    }
    if told.get("saved"):
        kept = sorted(
            told["saved"][task] - end for task, end in over.items() if task in told["saved"]
        )
        found |= {
            "saved": len(kept),
            "saved_late": statistics.median(kept),
            "saved_by": told["took"],
        }
    if "kernel_work" in told:
        found |= {
            "kernel_stall": 1000 * told["kernel_stall"],
            "kernel_work": 1000 * told["kernel_work"],
        }
    return found


def note(found: Run) -> None:
    with RUNS.open("a") as file:
        file.write(json.dumps(found) + "\n")
    told = found.get("failed") or " ".join(
        f"{name} {found[name]:.2f}"
        for name in ("cpu", "requests", "late", "batch", "work")
        if found[name] is not None
    )
    print(
        f"{found['client']:<28} {found['count']:>4}  load {found['load']:>4.1f}  {told}", flush=True
    )


# -- the page
# ----------------------------------------------------------------------------------------------------


def page(runs: Sequence[Run]) -> str:
    counts = sorted({found["count"] for found in runs})
    loads = [found["load"] for found in runs]
    days = sorted({found["at"][:10] for found in runs})
    parts = [
        "# hailuo_nb beside its peers\n",
        "Written by `make bench` (`tests/benchmarks/many.py`); how to read it: README.md. Every "
        "number is the median "
        "of its rounds, with the least and the greatest in brackets.\n",
        f"- Date: {' to '.join(dict.fromkeys((days[0], days[-1])))}",
        f"- Machine: {os.cpu_count()} cores, {machine()}, Python {platform.python_version()}, "
        f"{platform.system()}; clients in turn, server and client on the same machine",
        f"- Load average when the runs began: {min(loads):.1f} to {max(loads):.1f}, median "
        f"{statistics.median(loads):.1f} (other programs ran; absolute times hold only beside each "
        "other)",
        f"- Tasks: {mock.SHORTEST:.0f} to {mock.LONGEST:.0f} s, one seeded list for all; plain "
        "HTTP on loopback",
        f"- Versions: {versions()}\n",
    ]
    for count in counts:
        parts += table(count, [found for found in runs if found["count"] == count])
    parts += [
        *pairs([found for found in runs if found["count"] == max(counts)], max(counts)),
        *absent(runs),
    ]
    return "\n".join(parts) + "\n"


def machine() -> str:
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {pages:.0f} GiB"


def versions() -> str:
    ours = f"hailuo_nb {version('hailuo-nb')} on httpx2 {version('httpx2')}"
    pinned = (Path(__file__).with_name("peers.txt")).read_text().splitlines()
    theirs = [
        line.replace("==", " ") for line in pinned if "==" in line and not line.startswith("#")
    ]
    return ", ".join([ours, *theirs, "replicate 2.0.0b4"])


def table(count: int, runs: Sequence[Run]) -> list[str]:
    title = (
        f"{count} tasks at once" if count > 1 else "One task at a time (three, one after the other)"
    )
    lines = [
        f"## {title}\n",
        "| client | rounds | delivered | billed | CPU ms a task | requests a task | delay after "
        "done, median s | "
        "95 % s | loop stall ms | of that own work ms | whole batch s | peak MiB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for client in [*OURS, *CLIENTS]:
        mine = [found for found in runs if found["client"] == client and "failed" not in found]
        if mine:
            lines.append(row(client, mine))
    return [*lines, *extra(count, runs), ""]


def row(client: str, mine: Sequence[Run]) -> str:
    def cell(name: str, form: str = ".1f") -> str:
        values = [found[name] for found in mine if found[name] is not None]
        if not values:
            return "-"
        middle = format(statistics.median(values), form)
        return (
            f"{middle} ({min(values):{form}}-{max(values):{form}})" if len(values) > 1 else middle
        )

    wanted = mine[0]["wanted"]
    got = sorted(found["delivered"] for found in mine)
    delivered = "all" if got[0] == wanted else f"**{got[0]}-{got[-1]} of {wanted}**"
    billed = sorted({found["billed"] for found in mine})
    beats = mine[0]["count"] > 1
    cells = [
        client,
        str(len(mine)),
        delivered,
        "-".join(map(str, dict.fromkeys((billed[0], billed[-1])))),
        cell("cpu"),
        cell("requests"),
        cell("late", ".2f"),
        cell("late95", ".2f"),
        cell("stall", ".0f") if beats else "-",
        cell("work", ".0f") if beats else "-",
        cell("batch"),
        cell("rss", ".0f"),
    ]
    return f"| {' | '.join(cells)} |"


def extra(count: int, runs: Sequence[Run]) -> list[str]:
    """What no peer does: the clip on disk, checked, with a poster; and the kernel's own loop
    meanwhile."""
    mine = [found for found in runs if found["client"] == "hailuo_nb" and found.get("saved")]
    if not mine:
        return []
    middle: Callable[[str], float] = lambda name: statistics.median(found[name] for found in mine)  # noqa: E731
    said = (
        f"\nhailuo_nb also saved {int(middle('saved'))} clips (fetched, every frame counted, "
        "synced, poster): "
        f"{middle('saved_late'):.1f} s after their task was over (median), the last "
        f"{middle('saved_by'):.1f} s after "
        "the first was asked for."
    )
    if count > 1:
        said += (
            f" The kernel's loop meanwhile: {middle('kernel_work'):.0f} ms of own work between two "
            "beats at most, "
            f"{middle('kernel_stall'):.0f} ms on the wall."
        )
    return [said]


def pairs(runs: Sequence[Run], count: int) -> list[str]:
    """Ratios to hailuo_nb, link only, within one round each: the load of the machine falls out of
    them."""
    ours = {
        found["round"]: found
        for found in runs
        if found["client"] == MEASURE and "failed" not in found
    }
    lines = [
        f"## Pair by pair, {count} tasks\n",
        f"Peer divided by `{MEASURE}` of the same round; above 1 hailuo_nb is better.\n",
        "| peer | CPU a task | requests a task | delay after done | own work between beats | whole "
        "batch |",
        "|---|---|---|---|---|---|",
    ]
    for client in CLIENTS:
        theirs = [found for found in runs if found["client"] == client and "failed" not in found]
        both = [
            (peer, ours[peer["round"]]) for peer in theirs if peer["late"] and peer["round"] in ours
        ]
        if both:
            ratios = [
                f"{statistics.median(peer[name] / own[name] for peer, own in both):.2f}"
                for name in ("cpu", "requests", "late", "work", "batch")
            ]
            lines.append(f"| {client} | {' | '.join(ratios)} |")
    return [*lines, ""]


def absent(runs: Sequence[Run]) -> list[str]:
    failed = {
        (found["client"], found["count"], found["failed"]) for found in runs if "failed" in found
    }
    lines = [
        "## Not measured\n",
        "- lumaai, google-genai: no helper that waits; every user writes the loop anew.",
    ]
    lines += ["- litellm: no helper that waits; ComfyUI's nodes: not a package."]
    lines += [f"- {client} with {count} tasks: {why}" for client, count, why in sorted(failed)]
    known = {(found["client"], found["count"]) for found in runs}
    for count in (1, 50, 500):
        left = [client for client in [*OURS, *CLIENTS] if (client, count) not in known]
        lines += [f"- not run yet with {count} tasks: {'; '.join(left)}"] if left else []
    return lines


if __name__ == "__main__":
    main()
