"""Command lines that are wrong: each is refused in words, and nothing is made or sent."""

from __future__ import annotations

import shlex
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hailuo_nb.cli import exits
from hailuo_nb.cli.commands import cli

FULL = "prompt,provider,model,resolution,duration\nA cat,simulated:ppinfra,02,768P,6\n"
FILES = {
    "full.csv": FULL,
    "bare.csv": "prompt\nA cat\n",
    "twice.csv": "prompt,provider\nA cat,simulated:fal\nA cat,simulated:fal\n",
    "ours.py": "def sharp(clip): return 1\n",
    "theirs.py": "def sharp(clip): return 2\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("hailuo_nb.api.ask", lambda *_: pytest.fail("something was sent"))
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: pytest.fail("it was served"))
    return tmp_path


def call(line: str) -> Result:
    return CliRunner().invoke(cli, shlex.split(line))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run full.csv --provider nope", "'nope' is no provider"),
        ("run full.csv --provider nope --skip-invalid", "'nope' is no provider"),
        ("run full.csv --provider ppinfra/nope", "no model that PPInfra sells"),
        ("run bare.csv --provider ''", "'' is no provider"),
        ("run bare.csv --provider ppinfra,fal", "'ppinfra,fal' is no provider"),
        ("run bare.csv", "name providers with --provider"),
        ("run full.csv --model nope", "'nope' is no model"),
        ("run full.csv --resolution 5P", "resolution '5P'"),
        ("run full.csv --duration 0", "duration is 0"),
        ("run full.csv --takes 0", "takes is 0"),
        ("run full.csv --max-cost -1", "max_cost is -1"),
        ("run full.csv --max-cost inf --dry-run", "max_cost is inf"),
        ("run full.csv --max-clips -1", "max_clips is -1"),
        ("run full.csv --timeout -1", "--timeout"),
        ("run full.csv --save ''", "--save is '', which is no name"),
        ("run full.csv --by ''", "not by ''"),
        ("run full.csv --check ''", "cannot be read"),
        ("run full.csv --html ''", "--html is '', which is no path"),
        ("run full.csv --csv ./full.csv", "is the plan itself"),
        ("run full.csv --junit full.csv --dry-run", "is the plan itself"),
        ("run full.csv --scorer ours:sharp --scorer theirs:sharp", "two scorers are called"),
        ("run full.csv --scorer", "requires an argument"),
        ("run full.csv bare.csv", "unexpected extra argument"),
        ("run ~nobody-here/plan.csv", "no such user"),
        ("run .", "cannot be read"),
        ("resume --timeout -1", "--timeout"),
        ("resume --timeout nan", "timeout is NaN"),
        ("resume --base-url fal", "--base-url is PROVIDER=VALUE"),
        ("resume open", "unexpected extra argument"),
        ("history --limit -2", "--limit"),
        ("history cats", "unexpected extra argument"),
        ("matrix --provider ''", "'' is no provider"),
        ("matrix --provider all", "'all' is no provider"),
        ("matrix --provider fal/nope", "'fal/nope' is no provider"),
        ("export cats", "Missing argument 'PATH'"),
        ("export cats out.pdf", "ends in .pdf, which is none of .html"),
        ("export cats out.csv --json", "No such option"),
        ("doctor --provider fal", "No such option"),
        ("simulator --port 99999", "--port"),
        ("simulator --speed nan", "--speed"),
        ("simulator --speed inf", "--speed"),
        ("simulator --fault nope", "unknown fault 'nope'"),
        ("simulator --folder full.csv/x", "'--folder': full.csv/x cannot be used"),
        ("simulator --host ''", "'' is no host name"),
        ("simulator --host http://a.com", "without http:// and without a port"),
        ("simulator --host a.com:80", "without http:// and without a port"),
        ("histroy", "Did you mean 'history'"),
    ],
)  # fmt: skip
def test_it_is_refused_in_words(folder: Path, line: str, words: str) -> None:
    done = call(line)
    assert done.exit_code == exits.REFUSED, done.output
    assert words in done.stderr
    assert not done.stdout, "nothing is told before it is refused"
    assert {path.name for path in folder.iterdir()} <= {*FILES, "__pycache__", "hailuo_runs"}
    assert (folder / "full.csv").read_text() == FULL


def test_an_option_that_counts_for_nothing_is_told() -> None:
    done = call("run full.csv --dry-run --model 02 --duration 6 --provider simulated:fal")
    assert done.exit_code == exits.OK, done.output
    for name in ("provider", "model", "duration"):
        assert f"note: --{name} counts for nothing" in done.stderr
    assert "counts for nothing" not in call("run full.csv --dry-run").stderr


@pytest.mark.parametrize(
    "line",
    [
        "run twice.csv --dry-run",
        "run bare.csv --dry-run --provider simulated:fal --provider simulated:fal",
    ],
)
def test_a_clip_that_is_asked_for_twice_is_counted_once(line: str) -> None:
    done = call(line)
    assert "2 clips: 1 would be sent (0.28 simulated USD)." in done.stdout


def test_the_simulator_tells_the_port_that_it_got(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def serve(_: Any, sockets: list[socket.socket]) -> None:
        told.append(sockets[0].getsockname()[1])
        assert sockets[0].proto == socket.IPPROTO_TCP, "asyncio turns Nagle off by that alone"

    monkeypatch.setattr("uvicorn.Server.run", serve)
    done = call("simulator --port 0 --host board.example --host 2001:db8::1 --host '*'")
    assert done.exit_code == exits.OK, done.output
    assert f"http://127.0.0.1:{told[0]}\n" in done.stdout


def test_the_simulator_s_port_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = call(f"simulator --port {other.getsockname()[1]}")
    assert done.exit_code == exits.REFUSED
    assert "cannot be opened (Address already in use)" in done.stderr
    assert not done.stdout
