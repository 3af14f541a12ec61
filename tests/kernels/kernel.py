"""A real Jupyter kernel with a queue of cells, as a front end drives it: the newest ipykernel, and
older ones.

The newest is the one of the development environment. An older one is fetched once from the package
registry into build/kernels and laid over the same environment; where that cannot be done, its tests
are skipped with the reason.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[2]
OLDEST = "6.31.0"
BINDER = "7.0.1"  # what Binder's base image has
NEWEST = "newest"
_PATIENCE = 60.0  # seconds; a kernel that loses a cell answers never


@dataclass
class Cell:
    """What came of one cell. `reply` is None for one that was lost."""

    reply: dict[str, Any] | None = None
    text: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        return "lost" if self.reply is None else str(self.reply["status"])

    @property
    def error(self) -> str:
        return (
            ""
            if self.reply is None
            else f"{self.reply.get('ename', '')}: {self.reply.get('evalue', '')}"
        )


class Kernel:
    """A running kernel in a folder of its own."""

    def __init__(self, version: str, folder: Path) -> None:
        spec = folder / "spec" / "ours"
        spec.mkdir(parents=True)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.joinpath("kernel.json").write_text(
            json.dumps({"argv": argv, "display_name": "ours", "language": "python"}),
            encoding="utf-8",
        )
        paths = [
            *([] if version == NEWEST else [str(fetched(version))]),
            str(ROOT),
            os.environ.get("PYTHONPATH", ""),
        ]
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join(paths),
            "IPYTHONDIR": str(folder / "ipython"),
        }
        manager = KernelSpecManager(kernel_dirs=[str(folder / "spec")], ensure_native_kernel=False)
        # A TCP port that is free when the manager chooses it may be taken when the kernel binds it.
        self._manager = KernelManager(
            kernel_name="ours",
            kernel_spec_manager=manager,
            transport="ipc",
            connection_file=str(folder / "k.json"),
        )
        self._manager.start_kernel(cwd=str(folder), env=env)
        self.client: BlockingKernelClient = self._manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=_PATIENCE)

    def run_all(self, sources: Iterable[str]) -> list[Cell]:
        """Queue every cell at once, as Run All does, and wait for the answers."""
        ids = [self.client.execute(source, stop_on_error=False) for source in sources]
        cells = {msg_id: Cell() for msg_id in ids}
        end = time.monotonic() + _PATIENCE
        idle: set[str] = set()
        while idle != set(ids) and time.monotonic() < end:
            if not self._take_output(cells, idle) and not self._manager.is_alive():
                break
        end = time.monotonic() + _PATIENCE
        while any(cell.reply is None for cell in cells.values()):
            try:
                message = self.client.get_shell_msg(timeout=5)
            except queue.Empty:
                if time.monotonic() < end and self._manager.is_alive():
                    continue
                break
            if (cell := cells.get(message["parent_header"]["msg_id"])) is not None:
                cell.reply = message["content"]
        return list(cells.values())

    def _take_output(self, cells: dict[str, Cell], idle: set[str]) -> bool:
        try:
            message = self.client.get_iopub_msg(timeout=5)
        except queue.Empty:
            return False
        cell = cells.get(message["parent_header"].get("msg_id", ""))
        content = message["content"]
        if cell is None:
            return True
        if message["msg_type"] == "stream":
            cell.text[content["name"]] = cell.text.get(content["name"], "") + content["text"]
        elif message["msg_type"] in ("execute_result", "display_data"):
            cell.data = {**cell.data, **content["data"]}  # a widget, then its saved copy
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            idle.add(message["parent_header"]["msg_id"])
        return True

    def run(self, source: str) -> Cell:
        """One cell that has to succeed."""
        (cell,) = self.run_all([source])
        assert cell.status == "ok", (cell.error, cell.text)
        return cell

    def complete(self, line: str) -> list[str]:
        """What Tab offers at the end of a line."""
        self.client.complete(line, len(line))
        reply = self.client.get_shell_msg(timeout=_PATIENCE)
        return list(reply["content"]["matches"])

    def shutdown(self) -> None:
        """As a front end does it: a request, and half of five seconds later SIGTERM, and then
        SIGKILL."""
        self._manager.shutdown_kernel()

    def restart(self) -> None:
        self._manager.restart_kernel()

    def stop(self) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def fetched(version: str) -> Path:
    """The folder with that ipykernel, fetched if it is not there. Skips the test where it cannot
    be."""
    target = ROOT / "build" / "kernels" / f"ipykernel-{version}"
    if (target / "ipykernel").is_dir():
        return target
    wanted = [f"ipykernel=={version}", "nest-asyncio"]
    # The guard of the tests would keep pip from the registry; the one thing that may leave this
    # machine is this.
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HAILUO_NB_TEST_NETWORK_LOG", "PYTHONPATH")
    }
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--retries",
        "0",
        "--timeout",
        "10",
    ]
    try:
        subprocess.run(
            [*command, "--target", str(target), *wanted],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
            env=env,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"ipykernel {version} could not be fetched in two minutes")
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        pytest.skip(f"ipykernel {version} could not be fetched: {said}")
    return target
