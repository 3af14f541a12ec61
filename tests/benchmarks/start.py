"""What `import hailuo_nb` costs above what it needs anyway (anywidget, httpx2), in fresh processes.

    .venv/bin/python -m tests.benchmarks.start      writes START.md

The three statements take turns, fifteen rounds; bytecode is warm. `-X importtime` then names what
our own share is made of. Which modules must not be loaded is a test (tests/unit/test_imports.py);
time is never one.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
TARGET = 60.0  # ms above the second statement
STATEMENTS = {
    "nothing": "pass",
    "what it stands on": "import anywidget, httpx2",
    "hailuo_nb alone": "import hailuo_nb",
    "hailuo_nb above that": "import anywidget, httpx2; import hailuo_nb",
    "hailuo_nb with generate, compare, Studio looked up": (
        "import anywidget, httpx2; import hailuo_nb; hailuo_nb.generate, hailuo_nb.compare, "
        "hailuo_nb.Studio"
    ),
}
PROBE = """
import time, resource
begun, used = time.perf_counter(), time.process_time()
{}
import sys
print(1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used), len(sys.modules))
"""


def once(statement: str) -> tuple[float, float, int]:
    """(ms, CPU ms, modules) of a statement in a fresh Python."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(statement)], capture_output=True, text=True, check=True
    )
    wall, used, modules = done.stdout.split()
    return float(wall), float(used), int(modules)


def slowest(statement: str, count: int = 12) -> list[tuple[str, float, float]]:
    """(module, own ms, with all it loads ms) of what is ours or loaded by ours, the longest own
    time first."""
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-c",
            f"import anywidget, httpx2; print('ours', flush=True); {statement}",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    found = []
    ours = done.stdout.partition("\nours\n")[2]
    for own, whole, name in re.findall(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)", ours):
        found.append((name, int(own) / 1000, int(whole) / 1000))
    return sorted(found, key=lambda one: -one[1])[:count]


def main() -> None:
    runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in STATEMENTS}
    load = os.getloadavg()[0]
    for statement in STATEMENTS.values():
        once(statement)
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            runs[name].append(once(statement))
    stand, above = runs["what it stands on"], runs["hailuo_nb above that"]
    more = [now[0] - before[0] for before, now in zip(stand, above, strict=True)]
    more_cpu = [now[1] - before[1] for before, now in zip(stand, above, strict=True)]
    lines = [
        "# Start\n",
        f"Written by `python -m tests.benchmarks.start` on {time.strftime('%Y-%m-%d')}, "
        f"{os.cpu_count()} cores, load "
        f"average {load:.1f}; fresh processes in turn, {ROUNDS} rounds, medians (least).\n",
        "| statement | ms | CPU ms | modules loaded |",
        "|---|---|---|---|",
    ]
    for name, found in runs.items():
        walls, cpus = [one[0] for one in found], [one[1] for one in found]
        lines.append(
            f"| {name}: `{STATEMENTS[name]}` | {statistics.median(walls):.0f} ({min(walls):.0f}) | "
            f"{statistics.median(cpus):.0f} ({min(cpus):.0f}) | {found[0][2]} |"
        )
    lines += [
        "\n`import hailuo_nb` above `import anywidget, httpx2`, pair by pair: "
        f"**{statistics.median(more):.1f} ms** "
        f"({min(more):.1f} to {max(more):.1f}), CPU {statistics.median(more_cpu):.1f} ms; "
        f"the target is {TARGET:.0f} ms.",
        "\n## What it is made of (`-X importtime`)\n",
        "| module | own ms | with what it loads ms |",
        "|---|---|---|",
    ]
    lines += [
        f"| {name} | {own:.1f} | {whole:.1f} |" for name, own, whole in slowest("import hailuo_nb")
    ]
    lines += [
        "\n## And of the first use of generate, compare and Studio\n",
        "| module | own ms | with what it loads ms |",
        "|---|---|---|",
    ]
    lines += [
        f"| {name} | {own:.1f} | {whole:.1f} |"
        for name, own, whole in slowest(
            "import hailuo_nb; hailuo_nb.generate, hailuo_nb.compare, hailuo_nb.Studio"
        )
    ]
    (Path(__file__).parent / "START.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
