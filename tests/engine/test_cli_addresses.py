"""`--base-url` and `--key-from`: which key goes where, without a call. What is sent over loopback
stands in tests/chaos/test_command_line.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hailuo_nb.cli import exits
from hailuo_nb.cli.commands import cli
from hailuo_nb.engine.job_spec import JobSpec
from hailuo_nb.errors import LedgerError

OWN = "sk-SECRET0123456789SECRET0123456789"
OTHER = "sk-OTHER0123456789OTHER0123456789"
HERE = "http://127.0.0.1:8808"
AT = f"modelverse={HERE}"
KEY = "modelverse=STAND_IN_KEY"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[JobSpec]:
    """What would be sent; nothing is."""
    found: list[JobSpec] = []

    def ask(specs: Sequence[JobSpec]) -> Any:
        found.extend(specs)
        raise LedgerError("nothing is sent here")

    monkeypatch.setattr("hailuo_nb.api.ask", ask)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODELVERSE_API_KEY", OWN)
    monkeypatch.setenv("STAND_IN_KEY", OTHER)
    monkeypatch.setenv("BAD_KEY", "a key of words")
    monkeypatch.setenv("BLANK_KEY", "  ")
    return found


def run(rows: str, *options: str) -> Result:
    plan = f"prompt,provider,model\n{rows}\n"
    return CliRunner().invoke(cli, ["run", "-", "--max-clips", "9", *options], input=plan)


def keys(specs: list[JobSpec]) -> list[tuple[str, str, str]]:
    """(address, which key, model) of each."""
    known = {OWN: "own", OTHER: "other"}
    return [
        (one.account.base_url, known[one.account.credentials.reveal()[0]], one.request.model)
        for one in specs
    ]


def test_rows_that_name_the_provider_go_to_the_address_with_its_key(asked: list[JobSpec]) -> None:
    fast = "MiniMax-Hailuo-2.3"
    rows = f"A cat, Modelverse ,\nA dog,modelverse/2.3,\nA fox,modelverse,{fast}"
    run(rows, "--base-url", AT, "--key-from", KEY)
    assert keys(asked) == [
        (HERE, "other", "MiniMax-Hailuo-02"),
        (HERE, "other", fast),
        (HERE, "other", fast),
    ]


def test_rows_that_name_none_go_where_provider_says(asked: list[JobSpec]) -> None:
    rows = "A cat,,\nA dog,modelverse,"
    options = ["--provider", "simulated:ppinfra", "--provider", "simulated:fal"]
    run(rows, *options, "--base-url", AT, "--key-from", KEY)
    assert [one.account.name for one in asked] == [
        "simulated:ppinfra",
        "simulated:fal",
        "modelverse",
    ]
    asked.clear()
    run("A cat,,", "--provider", "modelverse/2.3", "--base-url", AT, "--key-from", KEY)
    assert keys(asked) == [(HERE, "other", "MiniMax-Hailuo-2.3")]


def test_a_key_of_another_variable_at_the_provider_s_own_host(asked: list[JobSpec]) -> None:
    run("A cat,modelverse,", "--key-from", KEY)
    assert [(one.account.base_url, one.account.credentials.reveal()[0]) for one in asked] == [
        ("https://api.modelverse.cn", OTHER)
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--base-url", AT], "Here: --key-from modelverse=VARIABLE names the environment variable"),
        (["--base-url", "modelverse=http://example.com", "--key-from", KEY], "must be https"),
        (["--base-url", f"modelverse=https://u:{OWN}@a.com", "--key-from", KEY], "a password"),
        (["--base-url", HERE], "--base-url is PROVIDER=VALUE"),
        (["--base-url", "modelverse="], "--base-url is PROVIDER=VALUE"),
        (["--base-url", f"nope={HERE}"], "'nope' is no provider"),
        (["--base-url", f"simulated:ppinfra={HERE}"], "runs inside this kernel"),
        (["--base-url", AT, "--base-url", AT, "--key-from", KEY], "names modelverse twice"),
        (["--base-url", f"fal={HERE}", "--key-from", "fal=STAND_IN_KEY"],
         "names fal, and no clip of the plan is asked for there"),
        (["--base-url", AT, "--key-from", f"modelverse={OTHER}"], "never the key itself"),
        (["--base-url", AT, "--key-from", "modelverse=A,B"], "one environment variable for each of its keys: api_key"),
        (["--base-url", AT, "--key-from", "modelverse=BAD_KEY"], "BAD_KEY for modelverse: "),
        (["--base-url", AT, "--key-from", "modelverse=BLANK_KEY"], "needs a key"),
        (["--base-url", f"chanjing={HERE}"], "chanjing=VARIABLE,VARIABLE names"),
        (["--base-url", AT, "--key-from", KEY, "--provider", "all"], "not 'all'"),
    ],
)  # fmt: skip
def test_an_address_that_is_refused(asked: list[JobSpec], options: list[str], words: str) -> None:
    done = run("A cat,modelverse,", *options)
    assert done.exit_code == exits.REFUSED, done.output
    assert words in done.stderr
    assert not asked
    assert OWN not in done.output and OTHER not in done.output


def test_a_row_without_a_provider_is_not_sent_to_an_address(asked: list[JobSpec]) -> None:
    done = run("A cat,,\nA dog,modelverse,", "--base-url", AT, "--key-from", KEY)
    assert done.exit_code == exits.REFUSED
    assert "row 2 names no provider: see --provider" in done.stderr
    assert not asked
