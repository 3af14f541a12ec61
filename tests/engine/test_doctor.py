"""`hn.doctor()`: what it says of a ledger with clips in every state, and that it touches
nothing."""

from __future__ import annotations

import datetime
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import hailuo_nb as hn
from hailuo_nb import catalog
from hailuo_nb.catalog import prices
from hailuo_nb.catalog.rows import KeyNote
from hailuo_nb.doctor.ledger import _NETWORK, _job, file_system
from hailuo_nb.doctor.report import Report
from hailuo_nb.engine import states
from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import OpenJob, SqliteLedger
from hailuo_nb.errors import AddressError
from hailuo_nb.providers import credentials

ROOT = Path(__file__).parents[2]

KEY = "sk-marked-key-1234567890"

STEPS: dict[str, list[states.Event]] = {
    "planned": [],
    "submitting": ["claimed"],
    "submitted": ["claimed", "accepted"],
    "unknown": ["claimed", "unclear"],
    "ready": ["claimed", "accepted", "succeeded"],
    "saved": ["claimed", "accepted", "succeeded", "fetching", "verified"],
    "rejected": ["refused"],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HAILUO_NB_HOME", str(tmp_path / "runs"))
    monkeypatch.setitem(sys.modules, "keyring", None)
    credentials.forget()
    yield tmp_path / "runs"
    credentials.forget()


@pytest.fixture
def full(home: Path) -> dict[str, str]:
    """A ledger with one clip in each of these states; state -> id."""
    ledger = SqliteLedger(home / "ledger.sqlite")
    ids = {}
    for state, events in STEPS.items():
        new = NewJob(
            state,
            "ppinfra",
            "https://x",
            "M",
            f"A {state} cat \x1b[31m",
            "768P",
            6,
            "{}",
            2.0,
            "CNY",
        )
        row, _ = ledger.get_or_create(new).result()
        for event in events:
            told = {"task_id": f"task-{state}"} if event == "accepted" else {}
            told |= {"error": "no answer \u202e came"} if event == "unclear" else {}
            row = ledger.move(row.id, event, **told).result()
        ids[state] = row.id
    ledger.close()
    return ids


def told(capsys: pytest.CaptureFixture[str]) -> tuple[Report, str]:
    report = hn.doctor()
    printed = capsys.readouterr().out
    assert printed == report.text + "\n"
    return report, printed


def test_every_clip_that_is_not_over_is_told_with_what_to_do(
    full: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    report, text = told(capsys)
    assert "1 planned, 1 submitting, 1 submitted, 1 ready, 1 saved, 1 rejected, 1 unknown\n" in text
    assert re.search("integrity check +ok\n", text)
    lines = text.splitlines()
    advice = {}
    for state, job_id in full.items():
        at = [index for index, line in enumerate(lines) if job_id in line]
        assert len(at) == (state not in states.FINAL), state
        if at:
            assert f", {state}, task " in lines[at[0]]
            advice[state] = lines[at[0] + 1].strip()
    assert "hn.resume() sends it" in advice["planned"]
    assert "not sent twice" in advice["submitting"]
    assert advice["submitted"] == advice["ready"] == "Paid. hn.resume() goes on with it."
    assert "job.send_again()" in advice["unknown"]
    assert "may be paid twice" in advice["unknown"]
    assert "no answer \\u202e came" in advice["unknown"]
    assert "\x1b" not in text
    assert report.warnings == (
        "1 clip may have been paid and waits for a person: what to do stands beside it.",
    )
    assert repr(report) == "<Report: 1 warnings; .text holds all of it>"


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        (
            "fal",
            "its dashboard shows them (Recent History). hn.resume() cannot look for it without a ",
        ),
        (
            "simulated:novita",
            "hn.resume() cannot look for it without a list of tasks: only the console can tell; job.",
        ),
        ("replicate", "hn.resume() looks in the provider's list; job.send_again()"),
        ("minimax", "list, where it has one; job.send_again()"),
        ("gone-provider", "list, where it has one; job.send_again()"),
    ],
)
def test_an_unclear_clip_is_told_whether_there_is_a_list(provider: str, said: str) -> None:
    job = OpenJob("a", provider, "https://x", 1, "A cat", "unknown", None, None, 0.0)
    assert said in _job(job).advice


def test_versions_and_the_place_of_the_ledger(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = told(capsys)
    assert re.search(rf"hailuo_nb +{re.escape(hn.__version__)}\n +Python +3", text)
    for name in (
        "ipykernel",
        "jupyterlab",
        "ipywidgets",
        "anywidget",
        "httpx2",
        "av ",
    ):
        assert name in text, name
    assert "OpenCV" in text
    assert re.search(rf"Ledger:\n  file +{re.escape(str(home / 'ledger.sqlite'))}\n", text)
    assert "there is none yet" in text
    assert not home.exists(), "asking makes nothing"


def test_keys_are_told_by_their_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PPINFRA_API_KEY", KEY)
    monkeypatch.setenv("CHANJING_APP_ID", KEY)
    monkeypatch.setenv("XCOMPUTE_API_KEY", KEY + " " + KEY)
    monkeypatch.setattr("getpass.getpass", lambda prompt: KEY)
    hn.enter_key("modelverse")
    report, text = told(capsys)
    assert "ppinfra      key present (PPINFRA_API_KEY from the environment)" in text
    assert "modelverse   key present (MODELVERSE_API_KEY from hn.enter_key)" in text
    assert "no key (CHANJING_APP_ID from the environment, CHANJING_SECRET_KEY not found)" in text
    assert any("XCOMPUTE_API_KEY has white space" in warning for warning in report.warnings)
    assert KEY not in text + repr(report)


@pytest.mark.parametrize("cut", [b"", b"x" * 4096])
def test_a_ledger_that_cannot_be_read_is_said_and_kept(
    home: Path, full: dict[str, str], capsys: pytest.CaptureFixture[str], cut: bytes
) -> None:
    path = home / "ledger.sqlite"
    path.write_bytes(cut)
    report, text = told(capsys)
    assert any("The ledger cannot be read" in warning for warning in report.warnings), text
    assert path.read_bytes() == cut


def test_a_damaged_page_is_found(
    home: Path, full: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        page, number = (
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count")
        )
    data = bytearray(path.read_bytes())
    data[page * (number // 2) : page * (number // 2) + 64] = b"\xa5" * 64
    path.write_bytes(data)
    report, _ = told(capsys)
    assert any("damaged" in warning or "cannot be read" in warning for warning in report.warnings)


def test_it_starts_no_thread_drives_nothing_and_changes_nothing(
    home: Path, full: dict[str, str]
) -> None:
    code = (
        "import json, socket, sys, threading, hailuo_nb as hn\n"
        "def refuse(event, arguments):\n"
        "    if event.startswith('socket.') and event != 'socket.gethostname': raise "
        "AssertionError(event)\n"
        "sys.addaudithook(refuse)\n"
        "hn.doctor()\n"
        "print(json.dumps([thread.name for thread in threading.enumerate()]))"
    )
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["MainThread"]
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_ledger_in_use_can_be_looked_at(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = SqliteLedger(home / "ledger.sqlite")
    ledger.get_or_create(
        NewJob("i", "xcompute", "https://x", "M", "A cat", "768P", 6, "{}", None, "")
    ).result()
    assert "1 planned" in told(capsys)[1]
    ledger.close()


MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:50 / /home rw - nfs4 server:/home rw
31 30 8:2 / /home/ada/fast rw - xfs /dev/sdb rw
32 21 0:60 / /content/drive rw - fuse.drive drive rw
33 21 0:61 / /mnt/with\\040space rw - cifs //x rw
34 21 0:62 / /homework rw - btrfs /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("place", "kind", "warned"),
    [("/nowhere", "ext4", False), ("/home/ada/x", "nfs4", True), ("/home/ada/fast/x", "xfs", False),
     ("/content/drive/MyDrive", "fuse.drive", True), ("/mnt/with space/x", "cifs", True),
     ("/homework", "btrfs", False)],
)  # fmt: skip
def test_file_systems(
    place: str,
    kind: str,
    warned: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        sys.modules["hailuo_nb.doctor.ledger"],
        "_existing",
        lambda folder: folder if str(folder) == place else Path("/"),
    )
    assert file_system(Path(place), MOUNTS) == kind
    assert bool(_NETWORK.match(kind)) is warned
    monkeypatch.setattr(sys.modules["hailuo_nb.doctor.ledger"], "file_system", lambda folder: kind)
    report, _ = told(capsys)
    assert any("network file system" in warning for warning in report.warnings) is warned


def test_the_old_nest_asyncio_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    assert "nested loops  not patched" in told(capsys)[1]
    monkeypatch.setattr(asyncio, "_nest_patched", True, raising=False)  # the mark that 1.6 leaves
    report, text = told(capsys)
    assert "nested loops  nest_asyncio\n" in text
    assert any("nest_asyncio 1.6" in warning for warning in report.warnings)
    monkeypatch.setattr(asyncio, "_nest_asyncio2", object(), raising=False)
    report, text = told(capsys)
    assert "nested loops  nest_asyncio2" in text
    assert report.warnings == ()


PASSWORD = "marked-password-of-the-proxy"


def test_a_proxy_is_told_and_that_this_machine_goes_around_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert re.search("Connections:\n  proxy +none\n", told(capsys)[1])
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PASSWORD}@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "xcompute.example,api.ppinfra.com")
    monkeypatch.setenv("HAILUO_NB_ALLOW_FAKE_IP", "1")
    report, text = told(capsys)
    assert "  http://proxy.example:3128 (HTTPS_PROXY): modelverse, chanjing, xcompute" in text
    assert "addresses of this machine go around it" in text
    assert re.search(" NO_PROXY +xcompute.example,", text)
    assert re.search(" HAILUO_NB_ALLOW_FAKE_IP +1\n", text)
    assert report.warnings == ()
    monkeypatch.setenv("HTTPS_PROXY", f"socks4://me:{PASSWORD}@proxy.example")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    report, more = told(capsys)
    assert [warning.split()[0] for warning in report.warnings] == ["HTTPS_PROXY", "SSL_CERT_FILE"]
    assert PASSWORD not in text + more


def test_what_a_key_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan key, and one key under two providers' names."""
    note = KeyNote(prefix="sk-cp-", text="a plan key", source="a page", sure="B", date="2026-11-28")
    facts = replace(catalog.facts("ppinfra") or catalog.rows()[0].facts, key_notes=(note,))
    monkeypatch.setattr(catalog, "facts", lambda name: facts if name == "ppinfra" else None)
    monkeypatch.setenv("PPINFRA_API_KEY", "sk-cp-marked-key-123456")
    monkeypatch.setenv("XCOMPUTE_API_KEY", "sk-cp-marked-key-123456")
    report, text = told(capsys)
    assert report.warnings == (
        "ppinfra: a plan key",
        "ppinfra and xcompute have the same key, good for one of them.",
    )
    assert "marked" not in text


def test_an_address_with_a_version_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """llmgateway#2476: a base_url that ends in /v1, and calls that begin with it."""
    with pytest.raises(AddressError, match="ends in /v1, which the calls of xcompute bring"):
        hn.provider("xcompute", base_url="https://gate.example/v1/", api_key=KEY)
    ledger = SqliteLedger(home / "ledger.sqlite")
    clip = ("xcompute", "https://gate.example/v1", "M", "A cat", "768P", 6, "{}", 2.0, "CNY")
    ledger.get_or_create(NewJob("one", *clip)).result()
    ledger.close()
    report, _ = told(capsys)
    (warning,) = report.warnings
    assert "Clips of xcompute were asked for at https://gate.example/v1" in warning
    assert "Leave it off the base_url." in warning


def test_old_prices_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    day = datetime.date(2026, 11, 28)
    listed = prices.Price(None, date="2026-04-15")
    assert listed.day(day) == "2026-04-15 (227 days old)"
    assert listed.day(datetime.date(2026, 7, 14)) == "2026-04-15"
    assert prices.Price(None, date="this spring").day(day) == "this spring"
    _, text = told(capsys)
    assert "List prices:\n  ppinfra     none that its page states" in text
    about = catalog.facts("modelverse")
    assert about is not None
    assert f"  modelverse  of {about.prices.date}" in text
