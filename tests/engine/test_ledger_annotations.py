"""What every implementation of `Ledger` keeps of what people and measurements say of clips: notes,
stars, own columns, votes, boards, scores.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hailuo_nb.engine.ledger.annotations import Annotation, Opinion, Vote
from hailuo_nb.engine.ledger.protocol import Board, Ledger
from hailuo_nb.errors import JobNotFoundError
from tests.engine.test_ledger_contract import (  # noqa: F401 - fixtures
    CLIP,
    SAVED,
    clock,
    created,
    ledger,
    place,
    second,
    walked,
)


def test_an_annotation_changes_in_part(ledger: Ledger, second: Ledger) -> None:
    row = created(ledger)
    assert ledger.annotations([row.id]).result() == {}
    ledger.annotate(row.id, rating=4, note="steady 地平线", tags=["keep", " keep ", "", "dawn"])
    ledger.annotate(row.id, hidden=True).result()
    mine = (("me", Opinion(4, "steady 地平线")),)
    wanted = Annotation(mine, ("keep", "dawn"), hidden=True)
    assert second.annotations([row.id, "nobody"]).result() == {row.id: wanted}
    now = ledger.annotate(row.id, tags=[], hidden=False).result()
    assert now == Annotation(mine)
    for rating in (-1, 6):
        with pytest.raises(ValueError, match="rating is"):
            ledger.annotate(row.id, rating=rating).result()
    assert ledger.annotations([row.id]).result() == {row.id: now}


def test_own_columns_are_kept_by_name(ledger: Ledger, second: Ledger) -> None:
    job_id = created(ledger).id
    ledger.keep_own_columns({job_id: {"idea": "sea", "batch": 1, "sure": True}, "b": {}})
    ledger.keep_own_columns({job_id: {"batch": 2, "score": 0.5}}).result()
    wanted = {"idea": "sea", "batch": 2, "sure": True, "score": 0.5}
    (found,) = second.own_columns([job_id, "b", "nobody"]).result().items()
    assert found == (job_id, wanted)
    assert list(found[1]) == list(wanted), "in the order in which they came"


def test_annotations_of_thousands(ledger: Ledger) -> None:
    ids = [f"clip-{number}" for number in range(1100)]
    for job_id in ids[::100]:
        ledger.annotate(job_id, rating=1)
    assert list(ledger.annotations(ids).result()) == ids[::100]


def test_votes_are_between_two_clips(ledger: Ledger, second: Ledger) -> None:
    one, other = Vote("a", "b", "first", "me", 1.0, blind=True), Vote("b", "a", "tie", "Ann", 2.0)
    ledger.vote(one)
    ledger.vote(other)
    ledger.vote(Vote("a", "c", "second", at=3.0)).result()
    assert second.votes(["a", "b"]).result() == [one, other]
    assert second.votes(["a"]).result() == []
    with pytest.raises(ValueError, match="two clips"):
        ledger.vote(Vote("a", "a", "first")).result()
    with pytest.raises(ValueError, match="first, second or tie"):
        ledger.vote(Vote("a", "b", "both")).result()  # type: ignore[arg-type]
    assert len(ledger.votes(["a", "b", "c"]).result()) == 3


def test_a_rater_has_one_vote_on_two_clips(ledger: Ledger, second: Ledger) -> None:
    for at, outcome in enumerate(("first", "first", "tie"), start=1):
        ledger.vote(Vote("a", "b", outcome, "me", at)).result()
    again = Vote("b", "a", "second", "me", 0.5)  # given last, whatever the clock says
    ledger.vote(again).result()
    assert second.votes(["a", "b"]).result() == [again]
    assert second.remove_vote(Vote("a", "b", "tie", "Ann")).result() is False
    assert second.remove_vote(Vote("a", "b", "tie", "me")).result() is True
    assert ledger.votes(["a", "b"]).result() == []


def test_votes_of_elsewhere_are_added_once(ledger: Ledger, second: Ledger) -> None:
    mine = Vote("a", "b", "first", "Ann", 5.0)
    ledger.vote(mine).result()
    older, newer = Vote("b", "a", "first", "Ann", 4.0), Vote("a", "c", "tie", "Ann", 4.0)
    earlier = Vote("c", "a", "first", "Ann", 3.0)
    assert second.add_votes([older, newer, earlier]).result() == [newer]
    assert second.add_votes([older, newer, earlier]).result() == []
    assert ledger.votes(["a", "b", "c"]).result() == [newer, mine]
    later = Vote("b", "a", "tie", "Ann", 6.0)
    assert second.add_votes([later]).result() == [later]
    assert ledger.votes(["a", "b"]).result() == [later]
    with pytest.raises(ValueError, match="first, second or tie"):
        ledger.add_votes([Vote("a", "b", "both", at=9.0)]).result()  # type: ignore[arg-type]


def test_stars_and_notes_are_of_their_rater(ledger: Ledger, second: Ledger) -> None:
    row = created(ledger)
    ledger.annotate(row.id, rating=2, note="soft")
    ledger.annotate(row.id, rater="Ann", rating=5)
    ledger.annotate(row.id, rater="Ann", note="crisp").result()
    (found,) = second.annotations([row.id]).result().values()
    assert found.opinions == (("me", Opinion(2, "soft")), ("Ann", Opinion(5, "crisp")))
    assert (found.rating, found.note, found.stars) == (5, "crisp", 3.5)
    now = ledger.annotate(row.id, rating=0).result()
    assert (now.rating, now.note, now.stars) == (0, "soft", 5.0), "who spoke last is shown"
    assert second.annotations([row.id]).result() == {row.id: now}


def test_boards_keep_clips_in_their_order(ledger: Ledger, second: Ledger) -> None:
    rows = [created(ledger, replace(CLIP, take=take)) for take in (1, 2, 3)]
    saved = walked(ledger, replace(CLIP, take=4), *SAVED)
    ids = [row.id for row in (rows[2], rows[0], saved)]
    ledger.save_board("cats", [*ids, ids[0]]).result()
    assert [row.id for row in second.board("cats").result()] == ids
    ledger.save_board("dogs", [rows[1].id]).result()
    assert second.boards().result() == [
        Board("cats", 3, 1, saved.created_at),
        Board("dogs", 1, 0, rows[1].created_at),
    ]
    with pytest.raises(JobNotFoundError):
        ledger.save_board("cats", [rows[1].id, "nobody"]).result()
    assert [row.id for row in ledger.board("cats").result()] == ids, "nothing of the call is kept"
    ledger.save_board("cats", [rows[1].id]).result()
    assert [row.id for row in ledger.board("cats").result()] == [rows[1].id]
    assert ledger.board("birds").result() == []


def test_a_board_is_of_a_race_until_it_is_saved_as_another(ledger: Ledger, second: Ledger) -> None:
    row = created(ledger, CLIP)
    ledger.save_board("race", [row.id], '{"by": "prompt"}').result()
    assert second.race("race").result() == '{"by": "prompt"}'
    assert second.race("cats").result() is None
    ledger.save_board("race", [row.id]).result()
    assert second.race("race").result() is None


def test_scores_go_by_content_and_version(ledger: Ledger, second: Ledger) -> None:
    ledger.keep_score(("ab", "1"), "old")
    ledger.keep_score(("ab", "1"), "new")
    ledger.keep_score(("ab", "2"), "other").result()
    wanted = {("ab", "1"): "new", ("ab", "2"): "other"}
    assert second.scores([("ab", "1"), ("ab", "2"), ("cd", "1"), ("ab", "1")]).result() == wanted


def test_all_scores_of_a_file_by_how_their_version_begins(ledger: Ledger, second: Ledger) -> None:
    for digest, version in (
        ("ab", "s:a@1"),
        ("ab", "s:a@2"),
        ("cd", "s:a@1"),
        ("ab", "1"),
        ("ab", "s:a@1"),
    ):
        ledger.keep_score((digest, version), f"{digest} {version}").result()
    found = second.scores_of(["ab", "ab", "ef"], "s:").result()
    assert list(found) == [("ab", "s:a@2"), ("ab", "s:a@1")], "the newest is last"
    assert found["ab", "s:a@1"] == "ab s:a@1"
