"""Bad weather around the providers, a scene each. What came of it is counted in the providers' own
books.

`make chaos` plays them in full after the kill loop, `test_scenes.py` in a small size.
"""

from __future__ import annotations

import os
import random
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from tests.chaos import driver
from tests.chaos.books import HAS_LIST, Counts, audit
from tests.chaos.driver import PROVIDERS, Cell, Setting
from tests.chaos.server import Weather, serving

SPEED = 150.0
ROOT = Path(__file__).parents[2]


@dataclass
class Outcome:
    """What a scene showed: its facts in words, and every fault found. No fault is what is
    promised."""

    title: str
    facts: dict[str, object]
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    """`play(clips)` plays it with so many clips."""

    title: str
    clips: int
    play: Callable[[int], Outcome]


def report(outcome: Outcome) -> str:
    """An outcome as Markdown."""
    rows = [f"| {name} | {value} |" for name, value in outcome.facts.items()]
    return "\n".join([f"## {outcome.title}", "", "| | |", "|---|---:|", *rows])


def cells(clips: int, name: str = "", providers: tuple[str, ...] = PROVIDERS) -> tuple[Cell, ...]:
    """One cell with so many clips in all, at the providers alike."""
    return (
        Cell(
            tuple(f"{name}Clip {number:03}" for number in range(clips // len(providers))), providers
        ),
    )


def under(
    title: str, clips: int, weather: Weather | None, target: Callable[..., object] = driver.notebook
) -> Outcome:
    """A notebook that runs to its end under this weather, and its books."""
    counts, begun = Counts(clips=clips), time.monotonic()
    with TemporaryDirectory() as folder, serving(speed=SPEED, weather=weather) as served:
        setting = Setting(Path(folder) / "home", served.url, SPEED, cells=cells(clips))
        code = driver.end(driver.start(target, setting), 5 * driver.PATIENCE)
        audit(setting, served, counts)
        facts = {
            "clips": clips,
            "charged": counts.charges,
            "saved": counts.saved,
            "paid twice": counts.paid_twice,
            "paid and unreachable": counts.unreachable,
            "seconds": round(time.monotonic() - begun),
        }
    wrong = [*counts.wrong, *([f"the notebook ended with {code}"] if code else [])]
    if counts.saved != clips:
        wrong.append(f"{counts.saved} of {clips} clips are saved")
    return Outcome(title, facts, wrong)


# The scenes


def late_links(clips: int) -> Outcome:
    """Storage that is eventually consistent: each link answers 404 for 1 to 60 of the provider's
    seconds."""
    dice, good_from = random.Random(7), dict[str, float]()

    def weather(path: str) -> Response | None:
        if not path.startswith("/videos/"):
            return None
        now = time.monotonic()
        return (
            PlainTextResponse("not found", 404)
            if now < good_from.setdefault(path, now + dice.uniform(1, 60) / SPEED)
            else None
        )

    return under("Links that answer 404 for 1 to 60 s", clips, weather)


def gateway(clips: int) -> Outcome:
    """For five of the provider's minutes something before the API answers that there is no such
    page."""
    begun: list[float] = []
    pages = (
        lambda: HTMLResponse("<html><h1>404 Not Found</h1><hr>nginx</html>", 404),
        lambda: JSONResponse({"message": "no Route matched with those values"}, 404),
        lambda: JSONResponse({"detail": "Not Found"}, 404),
    )
    dice = random.Random(8)

    def weather(path: str) -> Response | None:
        asked = any(word in path for word in ("task-result", "/status", "/v1/tasks/", "/task/page"))
        if not asked:
            return None
        begun.append(time.monotonic())
        return dice.choice(pages)() if begun[-1] - begun[0] < 300 / SPEED else None

    return under("A gateway that answers 404 for five minutes", clips, weather)


def full_disk(clips: int) -> Outcome:
    """The disk of the ledger is full for a while, again and again."""
    return under("A disk that is full and comes back", clips, None, driver.on_a_full_disk)


def leaving(clips: int) -> Outcome:
    """A script ends with its clips queued; another one goes on with `hn.resume()`."""
    title, wrong = "Leaving with a full queue", list[str]()
    with TemporaryDirectory() as folder, serving(speed=SPEED) as served:
        setting = Setting(Path(folder) / "home", served.url, SPEED, cells=cells(clips))
        left = script("leave", setting)
        end, in_flight = left.stdout.split()
        after = sum(task.created > float(end) for task in served.tasks)
        begun = len(served.tasks)
        if left.returncode or after > int(in_flight):
            wrong.append(
                f"{after} charging calls began after the last line ({in_flight} in flight): "
                f"{left.stderr}"
            )
        if begun < clips and "planned; hn.resume() sends" not in left.stderr:
            wrong.append(f"nothing was said of the clips that were not sent: {left.stderr}")
        script("resume", setting)
        counts = Counts(clips=clips)
        audit(setting, served, counts)
        facts = {
            "clips": clips,
            "sent when the script ended": begun,
            "of calls on their way, arrived after its last line": after,
            "charged in all": counts.charges,
            "saved after hn.resume()": counts.saved,
            "paid twice": counts.paid_twice,
        }
    if counts.saved != clips:
        wrong.append(f"{counts.saved} of {clips} clips are saved")
    return Outcome(title, facts, [*wrong, *counts.wrong])


def change_of_folder(clips: int) -> Outcome:
    """`%cd data` and Run All again."""
    with TemporaryDirectory() as folder, serving(speed=SPEED) as served:
        setting = Setting(Path(folder) / "hailuo_runs", served.url, SPEED, cells=cells(clips))
        ran = script("chdir", setting, cwd=Path(folder))
        charges = sum(served.charges().values())
        ledgers = [str(path.relative_to(folder)) for path in Path(folder).rglob("ledger.sqlite")]
    wrong = [] if not ran.returncode else [ran.stderr]
    if (charges, ledgers) != (clips, ["hailuo_runs/ledger.sqlite"]):
        wrong.append(f"{charges} charges for {clips} clips, ledgers {ledgers}")
    return Outcome(
        "Another folder, and Run All again",
        {"clips": clips, "charged": charges, "ledgers": len(ledgers)},
        wrong,
    )


def refusing_proxy(clips: int) -> Outcome:
    """A proxy that lets nobody through: nothing was sent, so nothing is unclear."""
    states, heard, wrong = Counter[str](), bytearray(), list[str]()
    refusals = (
        "407 Proxy Authentication Required",
        "403 Forbidden",
        "502 Bad Gateway",
        "503 Service Unavailable",
    )
    for refusal in refusals:
        with TemporaryDirectory() as folder, _proxy(refusal, heard) as proxy:
            setting = Setting(
                Path(folder) / "home", "", SPEED, cells=cells(clips // len(refusals) * 4)
            )
            ran = script("proxy", setting, env={"HTTPS_PROXY": proxy, "ALL_PROXY": proxy})
            wrong += [ran.stderr] if ran.returncode else []
            with closing(sqlite3.connect(setting.home / "ledger.sqlite")) as db:
                states += Counter(
                    dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state"))
                )
    if set(states) - {"planned", "rejected"}:
        wrong.append(f"nothing left this machine, and yet: {dict(states)}")
    if any(not line.startswith(b"CONNECT ") for line in heard.splitlines()) or b"key-" in heard:
        wrong.append(f"the proxy heard more than CONNECT: {bytes(heard[:300])!r}")
    facts = {
        "clips": states.total(),
        "not sent": states["planned"] + states["rejected"],
        "unknown": states["unknown"],
    }
    return Outcome("A proxy that refuses", facts, wrong)


def one_account(clips: int) -> Outcome:
    """Three kernels with ledgers of their own on one Chanjing account: each new token kills the one
    before."""
    wrong, states = list[str](), Counter[str]()
    with TemporaryDirectory() as folder, serving(speed=SPEED) as served:
        homes = [Path(folder) / f"home-{number}" for number in range(3)]
        kernels = [
            driver.start(
                driver.once,
                Setting(home, served.url, SPEED, cells=cells(clips // 3, home.name, (HAS_LIST,))),
            )
            for home in homes
        ]
        codes = [driver.end(kernel, 2 * driver.PATIENCE) for kernel in kernels]
        charges = served.charges()
        for home in homes:
            with closing(sqlite3.connect(home / "ledger.sqlite")) as db:
                states += Counter(
                    dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state"))
                )
    if any(codes) or states != Counter(saved=clips):
        wrong.append(f"the kernels ended with {codes}, the clips are {dict(states)}")
    if set(charges.values()) != {1} or len(charges) != clips:
        wrong.append(f"charged: {charges}")
    facts = {
        "clips": clips,
        "saved at the first try": states["saved"],
        "charged": sum(charges.values()),
    }
    return Outcome("Three kernels on one Chanjing account", facts, wrong)


SCENES = (
    Scene("late links", 80, late_links),
    Scene("gateway", 80, gateway),
    Scene("full disk", 80, full_disk),
    Scene("leaving", 60, leaving),
    Scene("change of folder", 8, change_of_folder),
    Scene("refusing proxy", 16, refusing_proxy),
    Scene("one account", 30, one_account),
)


# What they stand on


def script(
    name: str, setting: Setting, *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of `shutdown_script.SCRIPTS` in a Python of its own, which ends as a script ends."""
    prompts = setting.cells[0].prompts
    command = [
        sys.executable,
        "-m",
        "tests.chaos.script",
        name,
        str(setting.home),
        setting.url,
        *prompts,
    ]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **(env or {})},
        capture_output=True,
        text=True,
        timeout=3 * driver.PATIENCE,
        check=False,
    )


@contextmanager
def _proxy(refusal: str, heard: bytearray) -> Iterator[str]:
    """A proxy on this machine that answers every request with `refusal`, and notes the first line
    of each."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            first = self.rfile.readline(65_536)
            heard.extend(first)
            while self.rfile.readline(65_536).strip():
                pass
            self.wfile.write(
                f"HTTP/1.1 {refusal}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
            )

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
