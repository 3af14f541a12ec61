"""What was measured, as columns for tables and boards: from memory, from the ledger, and told to
who listens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.errors import NotMeasuredError, ReadOnlyError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.clip import Clip
from hailuo_nb.measure.measurement import Facts, Measurement, Window
from hailuo_nb.measure.report import COLUMNS, plot
from hailuo_nb.measure.score_store import ScoreStore
from hailuo_nb.measure.task import cache_version, error_result
from hailuo_nb.measure.verdicts import adherence

PROMPT = "grass [Pan left]"
DIGEST = "ab" * 32


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = SqliteLedger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_store, "STORE", ScoreStore())


def saved(ledger: SqliteLedger, identity: str = "one") -> Any:
    new = NewJob(identity, "ppinfra", "", "m", PROMPT, "768P", 6, "{}", None, "", 1)
    row, _ = ledger.get_or_create(new).result()

    def write(db: sqlite3.Connection) -> None:
        db.execute("UPDATE jobs SET state = 'saved', sha256 = ? WHERE id = ?", (DIGEST, row.id))

    ledger.work(write).result()
    clip = Clip(row.id, "ppinfra", PROMPT, None, DIGEST, None, ledger)
    return SimpleNamespace(id=row.id, state="saved", _clip=lambda: clip)


def seen() -> Measurement:
    facts = Facts(
        width=1366,
        height=768,
        fps=24.0,
        frames=144,
        duration=6.0,
        codec="h264",
        audio=False,
        uneven=False,
        motion=0.1,
        flicker=0.2,
        sharpness=12.0,
        sharpness_drop=0.1,
        freeze=0.0,
        black=0,
        cuts=(3.0,),
        loop_seam=0.4,
        first_frame=None,
    )
    return Measurement(
        (Window(0.0, 3.0, pan=-0.1, fit=0.9), Window(3.0, 6.0, pan=-0.1, fit=0.9)), facts
    )


def test_the_ledger_is_asked_once_for_each_clip(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = saved(ledger)
    assert score_store.STORE.get(job.id) == {}
    ledger.keep_score((DIGEST, cache_version()), seen().to_json()).result()
    assert score_store.STORE.get(job.id) == {}  # nobody waits for it
    score_store.STORE.load([job])
    assert set(score_store.STORE.get(job.id)) == set(COLUMNS)
    assert (
        score_store.STORE.get(job.id)["measured_size"],
        score_store.STORE.get(job.id)["moves_requested"],
    ) == (
        "1366x768",
        1,
    )
    monkeypatch.setattr(SqliteLedger, "scores", lambda *_: pytest.fail("asked again"))
    score_store.STORE.load([job])


def test_a_closed_ledger_takes_no_table_away(ledger: SqliteLedger) -> None:
    job = saved(ledger)
    ledger.close()
    score_store.STORE.load([job])
    assert score_store.STORE.get(job.id) == {}


def test_a_clip_that_cannot_be_measured_says_why(ledger: SqliteLedger) -> None:
    job = saved(ledger)
    ledger.keep_score((DIGEST, cache_version()), error_result("no picture in it")).result()
    score_store.STORE.load([job])
    assert score_store.STORE.get(job.id)["measure_notes"] == "no picture in it"
    assert score_store.STORE.get(job.id)["motion"] is None
    with pytest.raises(NotMeasuredError, match="no picture"):
        score_store.plot(job, {})


def test_a_clip_of_an_exported_folder_is_left_alone() -> None:
    def refuse() -> Clip:
        raise ReadOnlyError("no ledger")

    score_store.STORE.load([SimpleNamespace(id="x", state="saved", _clip=refuse)])
    assert score_store.STORE.get("x") == {}


def test_who_listens_hears_of_it_until_it_is_gone(ledger: SqliteLedger) -> None:
    heard: list[str] = []

    class Board:
        def hear(self, job_id: str) -> None:
            heard.append(job_id)

    board = Board()
    score_store.STORE.listen(board.hear)
    score_store.STORE.put("a", {"motion": 0.1})
    assert (heard, score_store.STORE.get("a")) == (["a"], {"motion": 0.1})
    del board
    score_store.STORE.put("b", {"motion": 0.2})
    assert heard == ["a"]


def test_a_plot_speaks_the_language_of_the_page(ledger: SqliteLedger) -> None:
    job = saved(ledger)
    with pytest.raises(NotMeasuredError, match="not measured"):
        score_store.plot(job, {})
    ledger.keep_score((DIGEST, cache_version()), seen().to_json()).result()
    english = score_store.plot(job, {})
    assert english == plot(PROMPT, seen(), adherence(PROMPT, seen().windows))
    assert "asked for" in english and "Pan left" in english
    chinese = score_store.plot(job, {"asked for": "要求<b>", "language": "zh"})
    assert "要求&lt;b&gt;" in chinese and "左摇" in chinese and "Pan left" not in chinese
