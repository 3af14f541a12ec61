"""`faults=`: a comparison of stand-ins has failures to find; a real provider is never asked so."""

from __future__ import annotations

import pandas as pd
import pytest

import hailuo_nb as hn
from tests.engine.test_public_functions import END, PROMPT, Stand, stand  # noqa: F401 - a fixture

TWO = ["simulated:ppinfra", "simulated:modelverse"]


def test_a_comparison_has_failures_to_find(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=TWO, takes=3, faults=["fail_task:0.5"]).wait(END)
    made = board.summary()
    assert made["n_failed"].sum() == sum(job.state == "failed" for job in board)
    assert 0 < made["n_failed"].sum() < 6
    assert all(job.error for job in board if job.state == "failed")
    # Those of the next call meet none, and what there is is not asked for again.
    again = hn.compare(PROMPT, provider=TWO, takes=5).wait(END)
    assert [job.id for job in again if job.take <= 3] == [job.id for job in board]
    assert {job.state for job in again if job.take > 3} == {"saved"}


def test_an_account_and_a_table_have_them_too(stand: Stand) -> None:
    account = hn.provider("simulated:ppinfra", faults="moderation")
    assert hn.generate("A cat", provider=account).wait(END).state == "failed"
    table = pd.DataFrame({"prompt": ["A dog"], "provider": ["simulated:modelverse"]})
    (refused,) = hn.compare(table, faults="moderation").wait(END)
    assert refused.state == "rejected" and refused.advice
    assert hn.compare(table.assign(take=2)).wait(END)[0].state == "saved"


def test_a_real_provider_is_refused_before_anything_is_sent(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELVERSE_API_KEY", "sk-never-used-1234")
    for call in (hn.compare, hn.dry_run):
        with pytest.raises(hn.ArgumentError, match="modelverse is a real provider: nothing was"):
            call(PROMPT, provider=["simulated:ppinfra", "modelverse"], faults="fail_task")
    with pytest.raises(hn.ArgumentError, match="faults are for stand-ins"):
        hn.provider("modelverse", faults=["html"])
    with pytest.raises(hn.ArgumentError, match=r"Did you mean 'fail_task'\? Known: html, bad_json"):
        hn.compare(PROMPT, provider=TWO, faults="fail_tsk")
    with pytest.raises(hn.ArgumentError, match="from 0 to 1"):
        hn.compare(PROMPT, provider=TWO, faults="html:2")
    assert hn.dry_run(PROMPT, provider=TWO, faults="html")["would"].tolist() == ["send"] * 2
    assert len(hn.history()) == 0
