"""board.suggest on clips of the embedded simulator: what it names can be voted on and asked for."""

from __future__ import annotations

import pytest

import hailuo_nb as hn
from hailuo_nb.results import suggestions
from tests.engine.test_public_functions import END, Stand, stand  # noqa: F401 - a fixture

AT = "simulated:ppinfra/MiniMax-Hailuo-02"
CAT, DOG = "A cat runs [Push in]", "A dog runs [Push in]"


@pytest.fixture
def board(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> hn.Comparison:
    monkeypatch.setattr("hailuo_nb.providers.account.SIMULATOR_SPEED", 2000.0)
    board = hn.compare([CAT, DOG], provider=AT).wait(END)
    board.add(hn.generate(CAT, provider=AT, take=2).wait(END) for _ in range(1))
    return board


def test_votes_first_and_then_the_takes_that_lack(board: hn.Comparison) -> None:
    found = board.suggest(6)
    assert found["kind"].tolist() == ["vote", "take", "take", "take", "take", "take"]
    first = found.iloc[0]
    assert {first["first"], first["second"]} == {board[0].id, board[1].id}
    assert (first["cost"], first["currency"]) == (0.0, "")
    assert 0 < first["narrower"] < 1
    lacking = found.iloc[1]
    assert (lacking["prompt"], lacking["take"]) == (DOG, 2)
    assert "at least 6 pairs are needed" in lacking["why"]
    board.vote(first["first"], first["second"], "first")
    assert board.suggest(1)["kind"].tolist() == ["take"]


def test_what_is_suggested_can_be_asked_for_as_it_stands(board: hn.Comparison) -> None:
    found = board.suggest(3, outcome="seconds")
    assert found["kind"].tolist() == ["take"] * 3
    takes = found.loc[found["kind"] == "take", "prompt":]  # type: ignore[misc]
    plan = hn.dry_run(takes)
    assert plan["would"].tolist() == ["send"] * 3
    assert list(zip(plan["prompt"], plan["take"], strict=True)) == [(DOG, 2), (CAT, 3), (DOG, 3)]


def test_an_item_that_lacks_somewhere_is_asked_for_there(board: hn.Comparison) -> None:
    board.add([hn.generate(DOG, provider="simulated:modelverse/MiniMax-Hailuo-02").wait(END)])
    found = board.suggest(2, by="prompt", outcome="seconds")
    assert set(found["provider"]) == {AT.partition("/")[0], "simulated:modelverse"}
    elsewhere = found[found["provider"] == "simulated:modelverse"].iloc[0]
    assert (elsewhere["prompt"], elsewhere["take"]) == (CAT, 1)


def test_a_decided_question_is_told(board: hn.Comparison) -> None:
    board.add(hn.compare([CAT, DOG], provider=AT, take=3, takes=8).wait(END))
    takes = {(job.prompt, job.take): job for job in board}
    for take in range(3, 11):
        board.vote(takes[CAT, take], takes[DOG, take], "first")
    found = board.suggest(4)
    assert found["kind"].tolist() == ["none"]
    assert found["why"].tolist() == [f"decided: {CAT!r} is better than the others by votes"]


def test_what_is_no_question_is_a_clear_error(board: hn.Comparison) -> None:
    with pytest.raises(hn.ArgumentError, match="clips that differ in it"):
        board.suggest(by="model")
    with pytest.raises(hn.ArgumentError, match="no clip has the outcome 'beauty'"):
        board.suggest(outcome="beauty")
    with pytest.raises(hn.ArgumentError, match="n is 0"):
        board.suggest(0)
    with pytest.raises(hn.ArgumentError, match="differ in nothing but their take"):
        hn.Comparison([board[0], board[2]]).suggest()
    with pytest.raises(hn.ArgumentError, match="the 0 clips"):
        hn.Comparison().suggest()


def test_a_take_at_another_address_is_asked_for_there(
    board: hn.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name alone would be paid at the provider's own address, by whatever key is found here."""
    own = hn.provider("ppinfra", base_url="http://127.0.0.1:9", api_key="sk-own-1234567890")
    monkeypatch.setattr(suggestions, "account_of", lambda _: own)
    found = board.suggest(4, by="prompt", outcome="seconds")
    takes = found.loc[found["kind"] == "take", "prompt":]  # type: ignore[misc]
    assert set(takes["provider"]) == {own}
    assert set(hn.dry_run(takes)["would"]) == {"send"}
