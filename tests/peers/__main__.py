"""`make peers`: each client against our stand-in, with only its address changed; writes RESULTS.md.

python -m tests.peers [WORD]      only the scenes in whose client or provider WORD stands
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers import bodies, h3
from tests.peers.scenes import BUILD, ROOT, SCENES, Scene, picture
from tests.peers.wire import Exchange, Tap, free_port, tapped, wait_for

RESULTS = Path(__file__).with_name("RESULTS.md")
SPEED = 60  # of the stand-in: a task of two minutes takes two seconds
PYTHON = BUILD / "bin" / "python"
MODULES = BUILD / "npm" / "node_modules"
WHO_IS_TRUSTED = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
NO_WAY_OUT = "http://127.0.0.1:9"  # a proxy that is not there: nothing leaves this machine


@dataclass(frozen=True)
class Outcome:
    """How one scene ended. comparison  of its body with our adapter's"""

    scene: Scene
    version: str
    result: str
    is_good: bool
    comparison: str = ""

    def row(self) -> str:
        wrong = self.scene.wrong if self.scene.wrong and not self.is_good else ""
        name = self.scene.client + (", first frame" if self.scene.image else "")
        name += ", tokens that die" if self.scene.fault == "token_expiry" else ""
        name += " H3" if "MiniMax-H3" in self.scene.flags else ""
        cells = (name, self.version, self.scene.provider, self.result, wrong or self.comparison)
        return " | ".join(cells)


@contextlib.contextmanager
def stand_in(fault: str, keys: Path, folder: Path) -> Iterator[Tap]:
    """Our simulator as its own process, and a tap before it."""
    port = free_port()
    command = [sys.executable, "-m", "hailuo_nb.simulator", "--port", f"{port}"]
    command += ["--speed", f"{SPEED}", "--host", "localhost"]
    command += ["--fault", fault] if fault else []
    log = (folder / f"simulator-{fault}.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for(port)
        with tapped(f"http://127.0.0.1:{port}", keys) as tap:
            yield tap
    finally:
        process.terminate()
        process.wait(10)


def command_of(scene: Scene, tap: Tap, out: Path) -> list[str]:
    image = out.with_name("first.png")
    image.write_bytes(picture())
    base = (tap.secure if scene.secure else tap.plain) + scene.under
    given = [scene.client, base, str(out)]
    if scene.client.startswith("@") or "npm" in scene.client:
        script = str(Path(__file__).with_name("clients.mjs"))
        return ["node", script, *given, str(MODULES), *([str(image)] * scene.image)]
    if scene.client != "mmx":
        script = str(Path(__file__).with_name("clients.py"))
        return [str(PYTHON), script, *given, *([str(image)] * scene.image)]
    mmx = str(MODULES / ".bin" / "mmx")
    # Without a region it looks for one, at MiniMax's own hosts.
    flags = ["--region", "global", "--base-url", base, "--api-key", "any-key"]
    flags += ["--poll-interval", "1"]
    flags += ["--download", str(out), "--non-interactive", "--output", "json"]
    flags += ["--image", str(image)] if scene.image else []
    return [mmx, "video", "generate", *scene.flags, *flags]


def play(scene: Scene, tap: Tap, keys: Path, folder: Path) -> Outcome:
    out = folder / "clip.mp4"
    out.unlink(missing_ok=True)
    shutil.rmtree(out.with_suffix(".tokens"), ignore_errors=True)
    del tap.seen[:]
    home = folder / "home"
    home.mkdir(exist_ok=True)
    variables = {"HOME": str(home), "MMX_CONFIG_DIR": str(home), "CI": "1"}
    if scene.client != "mmx":  # which would send the calls to this machine there as well
        variables |= {"HTTPS_PROXY": NO_WAY_OUT, "HTTP_PROXY": NO_WAY_OUT}
        variables["NO_PROXY"] = "localhost,127.0.0.1"
    if scene.secure:
        variables |= {name: str(keys / "client.pem") for name in WHO_IS_TRUSTED}
    begun = time.monotonic()
    text, ended = _run(command_of(scene, tap, out), scene.seconds, variables)
    took = time.monotonic() - begun
    said = _last_json(text) if scene.client != "mmx" else {"version": _npm_version()}
    failed = _looks_at_a_failure(tap.seen)
    if scene.fails:
        result = (
            f"ended after {len(failed)} look(s) that said so, in {took:.0f} s: {_words(said, text)}"
            if ended
            else f"stopped after {took:.0f} s: {len(failed)} looks had said that it failed"
        )
        is_good = ended and len(failed) <= 2
    else:
        clip = measured(out)
        result = f"saved {clip}" if clip else f"no clip: {_words(said, text)}{_refusal(tap.seen)}"
        is_good = bool(clip)
    comparison = bodies.compare(scene, tap.seen) if is_good and not scene.fails else ""
    return Outcome(scene, said.get("version", ""), result, is_good, comparison)


def _run(command: Sequence[str], seconds: float, variables: dict[str, str]) -> tuple[str, bool]:
    """What it printed, and whether it ended by itself."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH"}} | variables
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=seconds)[0], True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], False


def _last_json(text: str) -> dict[str, str]:
    for line in reversed(text.splitlines()):
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                return found
    return {}


def _words(said: dict[str, str], text: str) -> str:
    words = said.get("error") or " ".join(text.split())[-300:]
    return words.replace("|", "/").replace("\n", " ")[:200]


def _refusal(seen: Sequence[Exchange]) -> str:
    """What the stand-in refused last."""
    last = next((one for one in reversed(seen) if one.status >= 400), None)
    if last is None:
        return ""
    return f" (HTTP {last.status} `{json.dumps(last.answer)[:160]}`)".replace("|", "/")


def _npm_version() -> str:
    package = MODULES / "mmx-cli" / "package.json"
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])


def _looks_at_a_failure(seen: Sequence[Exchange]) -> list[Exchange]:
    """Looks at a task that said it failed, in the word of whichever provider."""
    found = []
    for one in seen:
        text = json.dumps(one.answer)
        words = ('"Fail"', '"failed"', "TASK_STATUS_FAILED", '"error_type"', '"Error"')
        if one.method == "GET" and any(word in text for word in words):
            found.append(one)
    return found


def measured(out: Path) -> str:
    """Size, pixels and seconds of an MP4 whose every frame can be decoded; "" for no such file."""
    import av

    if not out.exists() or out.read_bytes()[4:8] != b"ftyp":
        return ""
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        rate = float(stream.average_rate or 24)
        sound = ", with sound" if container.streams.audio else ""
        size = f"{stream.width}x{stream.height}"
    return f"{out.stat().st_size:,} bytes, {size}, {frames / rate:.2f} s{sound}"


def main(word: str = "") -> int:
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="hailuo-peers-") as name:
        folder, keys = Path(name), Path(name) / "keys"
        keys.mkdir()
        make = [str(PYTHON), "-m", "trustme", "-q", "-d", str(keys), "-i", "localhost", "127.0.0.1"]
        subprocess.run(make, check=True)
        asked = [one for one in SCENES if word in one.client or word in one.provider]
        for fault in dict.fromkeys(one.fault for one in asked):
            wanted = [one for one in asked if one.fault == fault]
            with stand_in(fault, keys, folder) as tap:
                for scene in wanted:
                    outcome = play(scene, tap, keys, folder)
                    outcomes.append(outcome)
                    print(outcome.row(), flush=True)
        shutil.rmtree(keys)
    agreement = "" if word else h3.report()
    print(agreement)
    if not word:
        RESULTS.write_text(report(outcomes, agreement), encoding="utf-8")
    return 0 if all(one.is_good or one.scene.wrong for one in outcomes) else 1


def report(outcomes: Sequence[Outcome], agreement: str) -> str:
    head = "| client | version | stand-in | what came of it | body beside our adapter's, or whose fault |"
    lines = [
        "# Other people's clients at our stand-ins",
        "",
        "Written by `make peers`. Each client is run as its documentation shows, from the submit to a",
        "saved MP4, with only its address changed; every frame of the MP4 was decoded.",
        "",
        head,
        "| --- | --- | --- | --- | --- |",
        *(f"| {one.row()} |" for one in outcomes if not one.scene.fails),
        "",
        "## A task that fails",
        "",
        "The stand-in lets each task fail. A client is to end at the first look that says so.",
        "",
        "| client | version | stand-in | what came of it | whose fault |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {one.row()} |" for one in outcomes if one.scene.fails),
        "",
        agreement,
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
