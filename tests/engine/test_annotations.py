"""What a person thinks of clips: kept in the ledger, there again in every table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine import session
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture


def test_marks_are_kept_and_come_back(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    board[0].annotate(rating=4, note="steady horizon", tags=["keep", " keep ", "", "dawn"])
    assert (board[0].rating, board[0].note, board[0].tags) == (
        4,
        "steady horizon",
        ("keep", "dawn"),
    )
    board[0].annotate(note="still steady")
    session._runners.clear()  # as after a restart
    again = hn.compare(PROMPT, provider=SIMULATED[:2])
    assert again.to_frame()[["rating", "note"]].to_numpy().tolist() == [
        [4, "still steady"],
        [pd.NA, ""],  # unrated is NA, so that a mean is of what was rated
    ]
    assert hn.history()["tags"].tolist() == [("keep", "dawn"), ()]
    assert again.rows()[0]["tags"] == ["keep", "dawn"]


@pytest.mark.parametrize("rating", [-1, 6, 2.5])
def test_a_rating_is_none_to_five_stars(stand: Stand, rating: float) -> None:
    job = hn.generate(PROMPT, provider=SIMULATED[0]).wait(END)
    with pytest.raises(ValueError, match="rating is"):
        job.annotate(rating=rating)  # type: ignore[arg-type]
    assert job.rating == 0


def test_votes_make_a_ranking_by_provider_and_model(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=[*SIMULATED[:2], SIMULATED[3]]).wait(END)
    first, second, third = board
    for rater in (None, "Ann", "Bo", "Cy"):
        board.vote(first, second, "first", blind=True, rater=rater)
        board.vote(third, first, "second", rater=rater)
        board.vote(second, third, "tie", rater=rater)
    ranking = board.ranking()
    assert (ranking.index[0], ranking.index.name) == (first.provider, "provider")
    assert ranking["n_wins"].tolist()[0] == 8
    assert (ranking["low"] < ranking["strength"]).all()
    by_model = board.ranking("model")
    assert (
        by_model["n_wins"].sum() == 4
    )  # 02 against 2.3; 02 against itself tells nothing of models
    session._runners.clear()
    assert hn.compare(PROMPT, provider=[*SIMULATED[:2], SIMULATED[3]]).ranking().equals(ranking)


def test_the_summary_has_a_row_for_each_provider_prompt_and_move(stand: Stand) -> None:
    prompts = ["A harbour at dawn. [Push in]", "A harbour at dusk."]
    board = hn.compare(prompts, provider=SIMULATED[:2]).wait(END)
    board[0].annotate(rating=5)
    board[1].annotate(tags="Keep")
    board.vote(board[0], board[1], "first")
    table = board.summary()
    assert table.index.tolist() == [board[0].provider, board[1].provider]
    assert table["n_clips"].tolist() == table["n_made"].tolist() == [2, 2]
    assert table["stars"].dropna().tolist() == [5]
    assert table["n_votes"].tolist() == [1, 1]
    assert (table["seconds_p50"] > 0).all()
    assert (table["cost"] == 0).all()  # simulated: there is nothing to pay
    assert set(table["best"]) == {()}
    assert board.summary("prompt").index.tolist() == prompts
    assert board.summary(by="camera").index.tolist() == ["Push in", ""]
    assert board.summary(by="move").index.tolist() == ["Push in", ""]
    with pytest.warns(
        UserWarning, match=r"vote .* differ in their 'move'.*ranking\(\"provider\"\)"
    ) as caught:
        assert board.ranking("move").empty  # one move voted on: nothing is ranked
    assert caught[0].filename == __file__, "a notebook names the cell"
    assert board.summary("model")["n_clips"].sum() == 4
    with pytest.raises(ValueError, match="summed up, ranked and compared by provider"):
        board.summary("colour")
    assert hn.Comparison().summary().empty


def test_a_page_and_a_snapshot_carry_what_people_thought(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    board[0].annotate(rating=4, note="steady <horizon>", tags=["keep"])
    board.vote(board[0], board[1], "first")
    page = board.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    snapshot = board.snapshot().html
    for text in (page, snapshot):
        for said in (
            "★★★★",
            "#keep",
            "steady &lt;horizon&gt;",
            "Summary by provider",
            "won 1, lost 0",
        ):
            assert said in text
    found = re.search(r'id="hn-data">(.*?)</script>', page)
    assert found is not None
    summary = json.loads(found[1])["summary"]
    assert list(summary) == ["provider", "prompt", "model", "camera"]
    first, second = summary["provider"]["rows"]
    assert (first["item"], first["wins"], second["losses"]) == (board[0].provider, 1, 1)
    assert first["stars"]["value"] == 4


def test_votes_that_make_no_sense_are_refused(stand: Stand) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    with pytest.raises(hn.ArgumentError, match="two clips"):
        board.vote(board[0], board[0], "first")
    with pytest.raises(hn.ArgumentError, match="'elsewhere' is no clip of this comparison"):
        board.vote(board[0], "elsewhere", "first")
    for rater in ("", " ", "a\u202eb", "x" * 61, 5):
        with pytest.raises(hn.ArgumentError, match="rater"):
            board.vote(board[0], board[1], "first", rater=rater)  # type: ignore[arg-type]
    with pytest.raises(hn.ArgumentError, match="no vote between these clips"):
        board.remove_vote("1")
    with pytest.raises(hn.ArgumentError, match="first, second or tie"):
        board.vote(board[0], board[1], "both")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not by"):
        board.ranking("colour")
    assert board.ranking().empty


def test_a_vote_is_shown_given_again_and_taken_back(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    first, second = board
    assert board.votes.empty
    board.vote(first.id, second, "first", blind=True)
    board.vote(second.id, first.id, "first")
    board.vote(first, second, "tie", rater=" Ann  B. ")
    monkeypatch.setenv("HAILUO_NB_RATER", "Bo")
    board.vote(first, second, "second")
    votes = board.votes
    assert votes["rater"].tolist() == ["me", "Ann B.", "Bo"]
    assert votes.loc[0, ["first", "second", "outcome", "blind"]].tolist() == [
        second.id, first.id, "first", False,
    ]  # fmt: skip
    assert str(votes["time"].dtype).startswith("datetime64[") and votes["id"].is_unique
    assert board.ranking("id")["n_wins"].to_dict() == {first.id: 0, second.id: 2}
    best = board[board.ranking("id").index[0]]
    assert best is second and board[0] is first
    with pytest.raises(hn.ArgumentError, match="'elsewhere' is no clip of this comparison"):
        board["elsewhere"]
    board.remove_vote(votes["id"][0])
    assert board.votes["rater"].tolist() == ["Ann B.", "Bo"]
    assert board.ranking("id")["n_wins"].to_dict() == {first.id: 0, second.id: 1}


def test_stars_of_several_raters_travel_and_their_mean_counts(stand: Stand, tmp_path: Path) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    board[0].annotate(rating=2, note="soft")
    board[0].annotate(rating=5, rater="Ann")
    board.vote(board[0], board[1], "first", rater="Ann", blind=True)
    assert (board[0].rating, board[0].note) == (5, "soft")
    assert board.summary()["stars"].tolist()[0] == 3.5
    again = hn.Comparison.load(board.to_json(tmp_path / "board.json"))
    for name in ("opinions", "votes"):
        assert getattr(again, name).equals(getattr(board, name)), name
    assert again.opinions["rater"].tolist() == ["me", "Ann"]
    assert again.summary()["stars"].tolist()[0] == 3.5
    assert board.opinions["rating"].tolist() == [2, 5]


def test_a_deleted_clip_is_off_the_boards_and_asking_again_brings_it_back_unpaid(
    stand: Stand,
) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    path = board[0].path
    assert path is not None
    board[0].delete()
    assert not path.exists()
    assert [row["id"] for row in board.rows()] == [board[1].id]
    assert hn.history()["state"].tolist() == ["expired", "saved"]
    again = hn.generate(PROMPT, provider=SIMULATED[0]).wait(END)
    assert again.id == board[0].id
    assert not again.hidden
    assert again.look_again().wait(END).state == "saved"
    assert again.path == path
    assert path.exists()
    assert stand.charged["ppinfra"] == 1


def test_past_clips_tell_how_long_the_next_takes(stand: Stand) -> None:
    first = hn.generate(PROMPT, provider=SIMULATED[0])
    assert first.wait(END).usual_seconds is None
    second = hn.generate(PROMPT, provider=SIMULATED[0], take=2)
    assert first.finished_at is not None
    assert first.submitted_at is not None
    assert second.usual_seconds == pytest.approx(first.finished_at - first.submitted_at)
    assert hn.generate(PROMPT, provider=SIMULATED[0], duration=10).usual_seconds is None


def test_the_history_numbers_prompts_and_says_what_changed(stand: Stand) -> None:
    columns = ["version", "parent", "changes"]
    assert hn.history()[columns].empty
    hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    hn.compare(f"{PROMPT} slowly", provider=SIMULATED[0]).wait(END)
    found = hn.history()[columns]
    assert found["version"].tolist() == [1, 1, 2]
    assert found["parent"].isna().tolist()[:2] == [True, True]
    assert found.loc[2].tolist() == [2, 1, "+ slowly"], "the clips before took their time"
