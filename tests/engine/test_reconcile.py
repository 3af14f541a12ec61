"""A negative needs proof: what a provider's list must look like before a lost submit counts as not
taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from hailuo_nb.engine import reconcile
from hailuo_nb.engine.ledger.jobs import JobRow
from tests.engine import fake
from tests.engine.fake import Server
from tests.engine.test_resume import listing
from tests.engine.test_runner import play


@pytest.fixture(autouse=True)
def _long_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "SETTLE", -1.0)


def lost(home: Path, server: Server) -> JobRow:
    """A clip whose submit never arrived, and what became of it."""
    server.lost_faults = 1
    return play(home, server, fake.spec(listing(server), "A cat")).row


def test_a_task_that_no_job_knows_keeps_a_lost_clip_unknown(tmp_path: Path, server: Server) -> None:
    """Its words differ: the provider may have trimmed them. Asking again must not pay again."""
    server.charged.append("A cat, trimmed")
    row = lost(tmp_path, server)
    assert row.state == "unknown"
    assert "one may be this clip: task-1 (no time)." in str(row.error)
    again = play(tmp_path, server, fake.spec(listing(server), "A cat")).row
    assert (again.id, again.state) == (row.id, "unknown")
    assert server.charged == ["A cat, trimmed"]
    assert str(again.error).count("The provider's list") == 1, (
        "told once, however often it is looked for"
    )


def test_the_tasks_of_other_jobs_do_not_stand_in_the_way(tmp_path: Path, server: Server) -> None:
    assert play(tmp_path, server, fake.spec(listing(server), "A dog")).row.state == "saved"
    row = lost(tmp_path, server)
    assert row.state == "rejected"
    assert play(tmp_path, server, fake.spec(listing(server), "A cat")).row.state == "saved"
    assert server.charged == ["A dog", "A cat"]


def test_a_task_of_the_same_words_in_another_folder_is_taken_over_at_most_once(
    tmp_path: Path, server: Server
) -> None:
    server.submit_faults.append(502)
    row = play(tmp_path, server, fake.spec(listing(server), "A cat")).row
    assert (row.state, row.task_id) == ("saved", "task-1")
    server.lost_faults = 1
    second = play(tmp_path, server, fake.spec(listing(server), "A cat", take=2)).row
    assert second.state == "rejected", "the only task of those words is that of the first take"


def test_a_list_that_may_not_be_whole_keeps_a_lost_clip_unknown(
    tmp_path: Path, server: Server
) -> None:
    server.list_doubt = "it shows 3 of 5 tasks"
    row = lost(tmp_path, server)
    assert row.state == "unknown"
    assert "The provider's list proves nothing: it shows 3 of 5 tasks." in str(row.error)


def test_many_candidates_are_named_shortly(tmp_path: Path, server: Server) -> None:
    server.charged.extend(f"A dog {number}" for number in range(500))
    row = lost(tmp_path, server)
    assert row.state == "unknown"
    assert "and 490 more" in str(row.error)
    assert len(str(row.error)) < 1000


def test_nothing_of_that_time_proves_that_it_was_not_taken(tmp_path: Path, server: Server) -> None:
    assert lost(tmp_path, server).state == "rejected"
