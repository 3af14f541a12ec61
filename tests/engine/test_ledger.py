"""The ledger on a real disk: one job a clip, claims, leases, and files that cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.protocol import DuplicateTaskError
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.engine.states import ImpossibleEventError
from hailuo_nb.errors import LedgerError

CLIP = NewJob(
    "ppinfra:f00",
    "ppinfra",
    "https://x.invalid",
    "MiniMax-Hailuo-02",
    "A cat",
    "768P",
    6,
    "{}",
    2.0,
    "CNY",
)


def another(take: int | None) -> NewJob:
    return replace(CLIP, take=take)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.sqlite", clock=lambda: 1000.0)
    yield opened
    opened.close()


def test_one_job_a_clip_whoever_asks(ledger: SqliteLedger) -> None:
    asked = [ledger.get_or_create(CLIP) for _ in range(50)]
    rows = [future.result() for future in asked]
    assert len({row.id for row, _ in rows}) == 1
    assert [made for _, made in rows].count(True) == 1


def test_two_ledgers_on_one_file_agree(ledger: SqliteLedger) -> None:
    second = SqliteLedger(ledger.path)
    mine, theirs = ledger.get_or_create(CLIP).result()[0], second.get_or_create(CLIP).result()[0]
    assert mine.id == theirs.id
    claims = [
        ledger.claim(mine.id, "a", 2000.0, CLIP).result(),
        second.claim(mine.id, "b", 2000.0, CLIP).result(),
    ]
    assert [claim is not None for claim in claims] == [True, False]
    second.close()


@pytest.mark.parametrize(("event", "afresh"), [("refused", True), ("cancelled", True)])
def test_asking_afresh_after_an_end(ledger: SqliteLedger, event: str, afresh: bool) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    ledger.move(row.id, event).result()  # type: ignore[arg-type]
    again, made = ledger.get_or_create(CLIP).result()
    assert made is afresh
    assert (again.take, again.attempt) == (1, 2)


@pytest.mark.parametrize(
    "events", [[], ["claimed"], ["claimed", "accepted"], ["claimed", "unclear"]]
)
def test_an_open_or_unclear_clip_is_never_asked_afresh(
    ledger: SqliteLedger, events: list[str]
) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    for event in events:
        ledger.move(row.id, event).result()  # type: ignore[arg-type]
    assert ledger.get_or_create(CLIP).result()[0].id == row.id


def test_takes_are_numbered(ledger: SqliteLedger) -> None:
    takes = [ledger.get_or_create(another(take)).result()[0].take for take in (1, 3, None, None)]
    assert takes == [1, 3, 4, 5]
    assert ledger.count_takes([CLIP.identity]).result() == 4


OLD = replace(CLIP, identity="ppinfra:old")
NEW = replace(CLIP, identity="ppinfra:v2-new", aliases=("ppinfra:v2-old", "ppinfra:old"))


def test_a_clip_is_found_under_every_identity_of_it(ledger: SqliteLedger) -> None:
    """Both look-ups and the claim are one transaction, so that two processes cannot pay twice."""
    second = SqliteLedger(ledger.path)
    old, _ = ledger.get_or_create(OLD).result()
    ledger.move(old.id, "claimed").result()
    ledger.move(old.id, "accepted", task_id="t1").result()
    found = [one.get_or_create(NEW).result() for one in (ledger, second)]
    assert [(row.id, made) for row, made in found] == [(old.id, False)] * 2
    identities = (NEW.identity, *NEW.aliases)
    known = second.find(identities, 1).result()
    assert known is not None
    assert known.id == old.id
    assert ledger.find(identities, 2).result() is None
    newer, made = second.get_or_create(replace(NEW, take=None)).result()
    assert (newer.take, newer.identity, made) == (2, NEW.identity, True)
    assert ledger.count_takes(identities).result() == 2
    assert ledger.count_takes([OLD.identity]).result() == 1
    second.close()


def test_a_new_attempt_follows_the_old_one_under_another_identity(ledger: SqliteLedger) -> None:
    old, _ = ledger.get_or_create(OLD).result()
    ledger.move(old.id, "cancelled").result()
    new, made = ledger.get_or_create(NEW).result()
    assert (new.attempt, made) == (2, True)
    ledger.move(new.id, "claimed").result()
    ledger.move(new.id, "accepted", task_id="t2").result()
    assert ledger.get_or_create(NEW).result()[0].id == new.id
    # An older release that still runs here would not see the new row; what it paid is found.
    third = replace(CLIP, identity="ppinfra:v2-third", aliases=(NEW.identity, OLD.identity))
    assert ledger.get_or_create(third).result()[0].id == new.id


def test_at_a_tie_the_attempt_that_was_taken_answers(ledger: SqliteLedger) -> None:
    for clip, taken in ((NEW, False), (OLD, True)):
        row, _ = ledger.get_or_create(replace(clip, aliases=())).result()
        if taken:
            ledger.move(row.id, "claimed").result()
            ledger.move(row.id, "accepted", task_id="t1").result()
    assert ledger.get_or_create(NEW).result() == (ledger.get(row.id).result(), False)


def test_a_state_moves_only_along_an_edge(ledger: SqliteLedger) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    with pytest.raises(ImpossibleEventError):
        ledger.move(row.id, "verified").result()
    assert ledger.get(row.id).result().state == "planned"


def test_a_fault_in_a_group_leaves_the_others(ledger: SqliteLedger) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    good, bad = ledger.move(row.id, "claimed"), ledger.move("nobody", "claimed")
    assert good.result().state == "submitting"
    with pytest.raises(LookupError):
        bad.result()


def test_a_lease_is_taken_over_only_when_it_has_run_out(ledger: SqliteLedger) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    assert ledger.lease([row.id], "a", now=0, until=60).result() == [row.id]
    assert ledger.lease([row.id], "b", now=59, until=120).result() == []
    assert ledger.lease([row.id], "a", now=59, until=120).result() == [row.id]
    assert ledger.lease([row.id], "b", now=121, until=180).result() == [row.id]
    assert ledger.lease([row.id], "c", now=122, until=1e12).result() == []
    assert ledger.lease([row.id], "b", now=122, until=1e12).result() == [row.id]
    assert ledger.lease([row.id], "c", now=122, until=180).result() == [row.id], (
        "no kernel leases for ever"
    )
    ledger.release(row.id, "c").result()
    assert ledger.lease([row.id], "c", now=122, until=180).result() == [row.id]


def test_two_tasks_of_one_provider_never_share_an_id(ledger: SqliteLedger) -> None:
    ids = [ledger.get_or_create(another(take)).result()[0].id for take in (1, 2)]
    for job_id in ids:
        ledger.move(job_id, "claimed").result()
    ledger.move(ids[0], "accepted", task_id="t").result()
    with pytest.raises(DuplicateTaskError):
        ledger.move(ids[1], "accepted", task_id="t").result()


def test_everything_is_there_after_opening_again(ledger: SqliteLedger) -> None:
    row, _ = ledger.get_or_create(CLIP).result()
    ledger.move(row.id, "claimed").result()
    ledger.move(row.id, "accepted", task_id="t-1", submitted_at=5.0).result()
    ledger.close()
    again = SqliteLedger(ledger.path)
    (found,) = again.history().result()
    assert (found.state, found.task_id, found.submitted_at, found.prompt) == (
        "submitted",
        "t-1",
        5.0,
        "A cat",
    )
    again.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be read as one " * 40]
)
def test_a_file_that_is_no_ledger_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="cannot be used"):
        SqliteLedger(path)
    assert path.read_bytes() == content


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="newer hailuo_nb"):
        SqliteLedger(path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerError, match="HAILUO_NB_HOME"):
        SqliteLedger(tmp_path / "file" / "ledger.sqlite")


def test_commits_survive_without_closing(ledger: SqliteLedger) -> None:
    """What a Future has promised is on disk: another process reads it at once."""
    row, _ = ledger.get_or_create(CLIP).result()
    with sqlite3.connect(ledger.path) as db:
        assert db.execute("SELECT state FROM jobs WHERE id = ?", (row.id,)).fetchone() == (
            "planned",
        )
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
