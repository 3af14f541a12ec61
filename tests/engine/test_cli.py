"""`python -m hailuo_nb` in this process, on the embedded simulator and on no network at all."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

import hailuo_nb as hn
from hailuo_nb.cli import exits, run
from hailuo_nb.cli.commands import cli
from hailuo_nb.engine import session
from tests.engine.test_public_functions import Stand, stand  # noqa: F401 - a fixture

KEY = "sk-SECRET0123456789SECRET0123456789"
PLAN = "prompt,provider\nA cat runs,simulated:ppinfra\nA cat runs,simulated:modelverse\n"
PAID = "prompt,provider\nA cat runs,modelverse\n"


def call(*arguments: str) -> Result:
    """The command, in what stands for a process of its own."""
    session._runners.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path])  # a run with scorers puts its folder there
        return CliRunner().invoke(cli, list(arguments))


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN)
    return path


@pytest.fixture
def paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan at a real provider with a key. No test of it may send anything."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    path = tmp_path / "paid.csv"
    path.write_text(PAID)
    return path


# A run -------------------------------------------------------------------------------------------


def test_a_run_makes_checks_and_writes(stand: Stand, plan: Path, tmp_path: Path) -> None:
    done = call(
        "run", str(plan), "--check", "failed == 0", "--check", "spent <= 1",
        "--html", "out/board", "--csv", "out.csv", "--junit", "out.xml", "--save", "cats",
    )  # fmt: skip
    assert done.exit_code == exits.OK, done.output
    assert "2 clips: 2 saved" in done.stdout
    assert "yes" in done.stdout and "NO" not in done.stdout
    assert (tmp_path / "out" / "board.html").stat().st_size > 10_000
    assert (tmp_path / "out.csv").read_text("utf-8-sig").count("\n") == 3
    suites = ET.parse(tmp_path / "out.xml").getroot()
    assert [suite.get("tests") for suite in suites] == ["2", "4"]
    assert len(hn.Comparison.load("cats")) == 2


def test_the_same_command_again_pays_nothing(stand: Stand, plan: Path) -> None:
    first = call("run", str(plan), "--json")
    charged = stand.charged
    again = call("run", str(plan), "--json")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert json.loads(first.stdout)["clips"] == json.loads(again.stdout)["clips"]
    assert "2 in the ledger already" in again.stderr
    assert stand.charged == charged == {"ppinfra": 1, "modelverse": 1}


def test_a_check_that_falls_short_ends_with_1_and_is_told(stand: Stand, plan: Path) -> None:
    done = call("run", str(plan), "--check", "stars >= 4", "--junit", "out.xml")
    assert done.exit_code == exits.CHECKS
    assert done.stdout.count("no clip has stars") == 2
    assert 'message="no clip has stars' in Path("out.xml").read_text()


def test_clips_that_failed_end_with_3_in_the_provider_s_words(stand: Stand, plan: Path) -> None:
    stand.faults = ("fail_task",)
    done = call("run", str(plan), "--json", "--check", "clips == 1")
    assert done.exit_code == exits.CLIPS
    (failed, *_) = json.loads(done.stdout)["clips"]
    assert failed["state"] == "failed" and failed["error"]
    shown = call("run", str(plan))
    assert f"failed. {failed['error']}" in shown.stderr


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("failed <= 1", exits.OK),
        ("made_share < 50%", exits.OK),
        ("failed == 0", exits.CHECKS),
        ("unknown == 0", exits.CLIPS),
    ],
)
def test_failures_that_a_check_allows(stand: Stand, plan: Path, check: str, code: int) -> None:
    stand.faults = ("fail_task",)
    done = call("run", str(plan), "--check", check, "--junit", "out.xml")
    assert done.exit_code == code, done.output
    assert "failed." in done.stderr, "it is told all the same"
    suites = ET.parse("out.xml").getroot()
    assert (code == exits.OK) == all(one.get("failures") == "0" for one in suites)


def test_a_scorer_of_one_s_own_is_checked(
    stand: Stand, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "our_scorers.py").write_text("def sharp(clip):\n    return {'eye': 3}\n")
    monkeypatch.syspath_prepend(tmp_path)
    scored = ["run", str(plan), "--scorer", "our_scorers:sharp"]
    done = call(*scored, "--check", "sharp_eye >= 3")
    assert done.exit_code == exits.OK, done.output
    done = call(*scored, "--check", "sharp_nose >= 3")
    assert done.exit_code == exits.CHECKS
    assert "no clip has a value" in done.stdout


def test_a_file_that_fails_at_the_end_loses_nothing(
    stand: Stand, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hn.Comparison, "to_html", full)
    done = call("run", str(plan), "--html", "a.html", "--csv", "a.csv")
    assert done.exit_code == exits.FILES
    assert "not written: --html a.html" in done.stderr
    assert Path("a.csv").exists()


def test_ctrl_c_leaves_the_clips_and_says_how_to_go_on(
    stand: Stand, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "wait_for_clips", interrupt)
        done = call("run", str(plan), "--html", "a.html")
    assert done.exit_code == exits.INTERRUPTED
    assert "`resume`" in done.stderr
    assert not Path("a.html").exists()
    after = call("resume", "--json")
    assert after.exit_code == exits.OK, after.output
    assert call("run", str(plan)).exit_code == exits.OK
    assert stand.charged == {"ppinfra": 1, "modelverse": 1}


# Refused before anything is sent -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "1 clip of this plan would be paid: 2.00 CNY. Say what it may cost: --max-cost 2.00"),
        (["--max-cost", "1.99"], "would cost 2.00 CNY"),
        (["--max-clips", "0"], "max_clips is 0"),
        (["--max-cost", "nan"], "max_cost is NaN"),
        (["--max-cost", "9", "--check", "adherance >= 1"], "did you mean 'adherence'"),
        (["--max-cost", "9", "--check", "failed = 0"], "write == for equal"),
        (["--max-cost", "9", "--by", "colour"], "not by 'colour'"),
        (["--max-cost", "9", "--scorer", "no_module:f"], "No module named"),
        (["--max-cost", "9", "--scorer", "json"], "'json' is no function that takes a clip"),
        (["--max-cost", "9", "--scorer", "math:prod", "--check", "prod > 0", "--timeout", "nan"],
         "timeout is NaN"),
        (["--max-cost", "9", "--html", "dir/../plan.d"], "cannot be written"),
        (["--max-cost", "9", "--csv", "a", "--junit", "a"], "the same file"),
        (["--max-cost", "9", "--takes", "x"], "not a valid integer"),
        (["--max-cost", "9", "--duration", "99"], "--skip-invalid"),
    ],
)  # fmt: skip
def test_what_is_refused_sends_nothing(
    paid: Path, options: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (paid.parent / "plan.d.html").mkdir()
    monkeypatch.setattr("hailuo_nb.api.ask", lambda *_: pytest.fail("something was sent"))
    if "--skip-invalid" in words:
        paid.write_text(PAID + "A dog,simulated:ppinfra\n")
        options = [*options[:2], "--model", "MiniMax-Hailuo-02"]
        paid.write_text("prompt,provider,duration\nA cat,modelverse,99\nA dog,modelverse,6\n")
    done = call("run", str(paid), *options)
    assert done.exit_code == exits.REFUSED, done.output
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert KEY not in done.output


def test_a_check_of_the_picture_needs_opencv_before_it_is_paid(
    paid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hailuo_nb.api.ask", lambda *_: pytest.fail("something was sent"))
    monkeypatch.setitem(__import__("sys").modules, "cv2", None)
    done = call("run", str(paid), "--max-cost", "9", "--check", "adherence >= 0.5")
    assert done.exit_code == exits.REFUSED, done.output
    assert "hailuo-nb[video]" in done.stderr


def test_no_key_is_told_with_its_variable(paid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODELVERSE_API_KEY")
    done = call("run", str(paid), "--max-cost", "9")
    assert done.exit_code == exits.REFUSED
    assert "MODELVERSE_API_KEY" in done.stderr


def test_a_plan_from_standard_input(paid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(cli, ["run", "-", "--dry-run"], input=PAID)
    assert "1 clip: 1 would be sent (2.00 CNY)." in done.stdout
    monkeypatch.setattr("hailuo_nb.cli.plan_file._MAX_BYTES", 30)
    done = CliRunner().invoke(cli, ["run", "-", "--dry-run"], input=PAID)
    assert done.exit_code == exits.REFUSED, "half a plan would be paid"


def test_a_dry_run_tells_the_price_and_makes_nothing(paid: Path) -> None:
    done = call("run", str(paid), "--dry-run", "--html", "new/a.html")
    assert done.exit_code == exits.OK, done.output
    assert "1 clip: 1 would be sent (2.00 CNY)." in done.stdout
    assert "made up" not in done.stdout
    found = json.loads(call("run", str(paid), "--dry-run", "--json").stdout)
    assert (found["would_send"], found["cost"]) == (1, {"CNY": 2.0})


def test_a_dry_run_says_which_prices_are_made_up() -> None:
    plan = "prompt,provider\nA cat,simulated:ppinfra\nA dog,simulated:ppinfra\n"
    plan += "A cat,simulated:modelverse\n"
    done = CliRunner().invoke(cli, ["run", "-", "--dry-run"], input=plan)
    assert "The price of simulated:ppinfra is made up: no page states one." in done.stdout
    assert call("run", str(paid), "--dry-run", "--max-cost", "1").exit_code == exits.REFUSED
    assert not Path("new").exists()


# The ledger --------------------------------------------------------------------------------------


def test_history_and_export(stand: Stand, plan: Path, tmp_path: Path) -> None:
    call("run", str(plan), "--save", "cats")
    shown = call("history", "--limit", "1")
    assert shown.stdout.count("A cat runs") == 1
    assert "the last 1 of 2" in shown.stderr
    assert len(json.loads(call("history", "--json").stdout)) == 2
    assert call("export", "cats", "a.csv").stdout == "a.csv\n"
    assert call("export", "cats", "folder").exit_code == exits.OK
    assert (tmp_path / "folder" / "index.html").exists()
    missing = call("export", "cat", "a.csv")
    assert missing.exit_code == exits.REFUSED
    assert "did you mean 'cats'" in missing.stderr
    (tmp_path / "no.csv").mkdir()
    assert call("export", "cats", "no.csv").exit_code == exits.FILES


def test_nothing_is_open_and_nothing_was_made(stand: Stand) -> None:
    assert call("resume").exit_code == exits.OK
    assert call("history").stdout == "nothing\n"


def test_a_damaged_ledger_is_told(stand: Stand, plan: Path) -> None:
    call("run", str(plan))
    session._runners.clear()
    (stand.home / "ledger.sqlite").write_bytes(b"no ledger" * 1000)
    done = call("history")
    assert done.exit_code == exits.REFUSED
    assert "Traceback" not in done.output and "ledger" in done.stderr


def test_doctor_and_matrix(paid: Path) -> None:
    found = call("doctor", "--json").stdout
    assert "MODELVERSE_API_KEY from" in found and KEY not in found
    assert {"sections", "warnings"} == set(json.loads(found))
    shown = call("doctor").stdout
    assert "MODELVERSE_API_KEY from" in shown and KEY not in shown
    rows = json.loads(call("matrix", "--provider", "fal", "--json").stdout)
    assert {row["provider"] for row in rows} == {"fal"}
    assert "modelverse" in call("matrix").stdout
    assert call("matrix", "--provider", "nope").exit_code == exits.REFUSED


def test_the_key_is_nowhere(stand: Stand, paid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment, and one that was pasted as a provider."""
    paid.write_text(f"prompt,provider\nA cat,{KEY}\nA cat,simulated:ppinfra\n")
    done = call("run", str(paid), "--skip-invalid", "--junit", "a.xml", "--csv", "a.csv", "--json")
    assert done.exit_code == exits.OK, done.output
    assert KEY not in done.output
    assert all(KEY not in Path(name).read_text("utf-8") for name in ("a.xml", "a.csv"))
    with sqlite3.connect(stand.home / "ledger.sqlite") as ledger:
        assert KEY not in "\n".join(ledger.iterdump())
