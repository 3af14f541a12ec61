"""A marked key goes through everything that can go wrong, with all that Python can tell switched
on; then we search.

The sessions run in a child process with a real IPython shell in `%xmode Verbose`, which prints the
variables of each frame, and with every logger at DEBUG. A provider on loopback echoes the key in
its answers (`echo.py`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.echo import MODES, QUERY, Echo, echo

ROOT = Path(__file__).parents[2]
KEY = "sk-marked-key-0123456789-abcdefghijklmnopqrstuvwxyz"
HALF = KEY[:12]  # no part of it either
HANG = 120.0  # seconds; a bound against hanging, not a measure

_SESSION = """
import logging, os, sys
logging.basicConfig(filename="debug.log", level=logging.DEBUG, force=True)
logging.captureWarnings(True)
from IPython.core.interactiveshell import InteractiveShell
import httpx2
import hailuo_nb as hn
from hailuo_nb.providers import credentials as keys
from hailuo_nb.engine import transport
from hailuo_nb.providers import account
transport.TIMEOUT = httpx2.Timeout(60, read=1.5)  # less than "hang" takes
account.Account.time_scale = 0.001  # pauses between looks; else the first one comes after a minute

shell = InteractiveShell.instance()
shell.run_line_magic("xmode", "Verbose")
shell.run_line_magic("colors", "NoColor")
def cell(source):
    print("IN:", source)
    return shell.run_cell(source, store_history=True)

cell("import hailuo_nb as hn, pickle, copy")
BASE = sys.argv[1]
shell.user_ns["at"] = lambda mode: hn.provider(
    "modelverse", base_url=f"{BASE}/{mode}", api_key=os.environ["MODELVERSE_API_KEY"])
"""

_CELLS = """
for mode in sys.argv[2].split(","):
    cell(f"{mode} = hn.compare('A cat [Push in]', provider=[at('{mode}')]).wait(60); {mode}")
    cell(f"print(repr({mode}[0]), {mode}[0].error, {mode}[0].advice, {mode}[0].state)")
    cell(f"print({mode}[0].to_dict(), {mode}.rows(), f'{{{mode}[0]}}')")
    cell(f"{mode}.to_html('{mode}.folder', mode='folder')")
    cell(f"{mode}.to_html('{mode}.html'); {mode}.to_csv('{mode}.csv'); {mode}.to_frame().to_json('{mode}.json')")
cell("everything = hn.history(); everything.to_csv('history.csv'); everything")
cell("everything.to_pickle('history.pickle')")
cell("account = at('good'); account, vars(account), account.credentials, [account]")
cell("pickle.dump(account, open('account.pickle', 'wb'))")
cell("pickle.dump(good, open('board.pickle', 'wb'))")
cell("pickle.dump(good[0], open('job.pickle', 'wb'))")
cell("copy.deepcopy(account)")
# What goes wrong under a person's eyes. Each of these is an error that IPython shows.
cell("hn.generate('A cat', provider='modelverse', duration=7)")
cell("hn.generate('A cat', provider=account, resolution='4K')")
cell("hn.generate('A cat', provider=account, duration=10, resolution='1080P')")
cell("hn.provider('modelverse', base_url='https://stranger.example')")
cell("hn.provider('modelverse', base_url='http://10.0.0.1/x')")
cell("hn.generate('A cat', provider='modelverse/nobody')")
cell("hn.generate('A dog', provider=at('hang')).wait(0)")
cell("good[0].send_again()")
cell("hn.generate('A cat', provider=account, first_frame=b'no picture')")
cell("hn.compare('A cat', provider=[account, 'xcompute'])")
cell("1 / 0, account")
cell("hn.doctor()")
cell("hn.enter_key('xcompute')")
cell("hn.dry_run('A cow', provider=['modelverse', account])")
"""

_BAD_KEYS = """
cell("hn.provider('modelverse')")
cell("hn.generate('A cat', provider='modelverse')")
cell("hn.Studio()")
cell("hn.doctor()")
"""


def run(code: str, folder: Path, *arguments: str, key: str = KEY) -> str:
    """Run a session in `folder`; what it printed is kept there too, so that one search finds
    everything."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = {
        **os.environ,
        "PYTHONPATH": path,
        "MODELVERSE_API_KEY": key,
        "HOME": str(folder),
        "IPYTHONDIR": str(folder),
        "PYTHONASYNCIODEBUG": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    (folder / "stdout.txt").write_text(done.stdout)
    (folder / "stderr.txt").write_text(done.stderr)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def hits(folder: Path, *words: str) -> list[str]:
    """The files below a folder in which one of the words stands, in UTF-8, UTF-16 or as hex."""
    forms = [
        form
        for word in words
        for form in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode())
    ]
    return [
        f"{path.relative_to(folder)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


@pytest.fixture
def provider(clip: bytes) -> Iterator[Echo]:
    with echo(clip) as server:
        yield server


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0" + KEY.encode("utf-16-le"))
    (tmp_path / "b").write_bytes(b"x" + KEY.encode() + b"y")
    (tmp_path / "c").write_text("nothing")
    assert hits(tmp_path, HALF) == ["a", "b"]


def test_a_marked_key_through_everything(provider: Echo, tmp_path: Path) -> None:
    said = run(_SESSION + _CELLS, tmp_path, provider.base, ",".join(MODES))
    # It was sent, it was answered, and each of these came about:
    assert any(KEY in seen for seen in provider.keys_seen)
    states = ["saved", "rejected", "unknown", "unknown", "unknown", "failed", "unknown", "rejected"]
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("<Job ")] == states
    for name in (
        "MissingKeyError",
        "AddressError",
        "InvalidRequestError",
        "UnknownNameError",
        "TimeoutError",
        "ArgumentError",
        "FrameError",
        "ZeroDivisionError",
        "TypeError",
        "HailuoError",
    ):
        assert name in said, name
    assert "key present (MODELVERSE_API_KEY from the environment)" in said
    assert said.count("•••") >= 4
    log = (tmp_path / "debug.log").read_text()
    assert "httpcore2.http11" in log
    assert "HTTP Request: GET" in log
    assert {f"{mode}.{kind}" for mode in MODES for kind in ("html", "csv", "json")} <= {
        path.name for path in tmp_path.iterdir()
    }
    assert not (tmp_path / "hailuo_runs" / "ledger.sqlite-journal").exists()
    assert hits(tmp_path, HALF) == []


def test_a_signed_link_stays_out_of_the_logs(provider: Echo, tmp_path: Path) -> None:
    """The ledger has to keep the link; a log is sent to other people."""
    run(_SESSION + _CELLS, tmp_path, provider.base, "good")
    log = (tmp_path / "debug.log").read_text()
    assert "/clips/a.mp4?•••" in log
    assert hits(tmp_path, QUERY) == ["hailuo_runs/ledger.sqlite"]


def test_without_the_filter_the_logs_would_have_both(provider: Echo, tmp_path: Path) -> None:
    """The test above can fail: this is what the HTTP client says by itself."""
    bare = "from hailuo_nb.engine import transport; transport.redact_logs = lambda: None\n"
    run(bare + _SESSION + _CELLS, tmp_path, provider.base, "good")
    assert "debug.log" in hits(tmp_path, QUERY)
    assert "debug.log" in hits(tmp_path, HALF)


@pytest.mark.parametrize("key", [KEY + "\n" + KEY, f"{KEY} {KEY}", KEY + "键", KEY + "\x1b[0m"])
def test_a_malformed_key_is_not_shown(tmp_path: Path, key: str) -> None:
    said = run(_SESSION + _BAD_KEYS, tmp_path, "http://127.0.0.1:1", key=key)
    assert said.count("KeyFormatError") == 2
    assert "MODELVERSE_API_KEY has white space or letters in it that no key has" in said
    assert hits(tmp_path, HALF) == []
