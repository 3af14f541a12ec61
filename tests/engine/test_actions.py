"""The acts of a board without a page: what each click does to a job, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.widgets.actions import Actions, as_python
from tests.engine.test_public import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture

Made = tuple[hn.Comparison, Actions, list[str]]


@pytest.fixture
def made(stand: Stand) -> Made:  # noqa: F811
    board = hn.compare(PROMPT, providers=SIMULATED[:2]).wait(END)
    changed: list[str] = []
    return board, Actions(board, lambda: changed.append("changed")), changed


def test_another_take_is_a_new_row(made: Made) -> None:
    board, actions, changed = made
    answer = actions.act("retake", {"job": board[0].id})
    assert [job.id for job in board][-1] == answer["job"]
    assert board[2].wait(END).take == 2
    assert changed


def test_judging_and_voting_through_the_board(made: Made) -> None:
    board, actions, _ = made
    actions.act("judge", {"job": board[0].id, "rating": 5, "tags": ["winner"]})
    assert (board[0].rating, board[0].tags) == (5, ("winner",))
    vote = {"first": board[0].id, "second": board[1].id, "outcome": "first", "blind": True}
    ranking = actions.act("vote", vote)["ranking"]
    assert ranking["provider"][0]["item"] == board[0].provider
    assert ranking["model"] == []
    assert actions.act("ranking", {})["ranking"] == ranking
    actions.act("vote", vote | {"first": board[1].id, "second": board[0].id, "outcome": "tie"})
    [met] = actions.act("ranking", {})["votes"]
    assert ({met["first"], met["second"]}, met["count"]) == ({board[0].id, board[1].id}, 2)


def test_promotions_list_what_can_be_made_and_what_it_costs(made: Made) -> None:
    board, actions, _ = made
    options = actions.act("promotions", {"job": board[0].id})["options"]
    larger = next(
        o for o in options
        if o["target"] == "simulated:ppinfra/MiniMax-Hailuo-02" and (o["resolution"], o["duration"]) == ("1080P", 6)
    )  # fmt: skip
    assert (larger["problem"], larger["cost"]) == ("", "free (simulated)")
    fast = next(o for o in options if o["model"] == "MiniMax-Hailuo-2.3-Fast")
    assert "first frame" in fast["problem"]
    assert not any((o["target"], o["resolution"], o["duration"]) ==
                   ("simulated:ppinfra/MiniMax-Hailuo-02", "768P", 6) for o in options)  # fmt: skip
    answer = actions.act("promote", {"job": board[0].id, **larger})
    promoted = board[2].wait(END)
    assert (answer["job"], promoted.resolution, promoted.prompt) == (promoted.id, "1080P", board[0].prompt)
    with pytest.raises(ValueError, match="first frame"):
        actions.act("promote", {"job": board[0].id, **fast})


def test_delete_takes_the_row_and_the_file(made: Made) -> None:
    board, actions, changed = made
    path = board[1].path
    assert path is not None
    actions.act("delete", {"job": board[1].id})
    assert not path.exists()
    assert len(board.rows()) == 1
    assert changed


def test_copy_as_python_is_the_same_job_when_run(made: Made) -> None:
    board, actions, _ = made
    retaken = board[0].retake().wait(END)
    for job in (board[0], retaken):
        scope: dict[str, Any] = {}
        exec(as_python(job), scope)
        assert scope["job"].id == job.id
    assert actions.act("python", {"job": board[0].id})["text"] == as_python(board[0])


def test_settings_go_back_only_where_there_is_a_studio(made: Made) -> None:
    board, actions, _ = made
    assert "settings" not in actions.names
    with pytest.raises(ValueError, match="no act"):
        actions.act("settings", {"job": board[0].id})
    copied: list[dict[str, Any]] = []
    Actions(board, lambda: None, copy_to=copied.append).act("settings", {"job": board[1].id})
    assert copied[0]["prompt"] == PROMPT
    assert copied[0]["targets"] == ["simulated:modelverse/MiniMax-Hailuo-02"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("retake", {"job": "gone"}),
        ("judge", {"job": 0, "rating": 3}),
        ("vote", {"first": "x", "second": "y", "outcome": "first"}),
        ("explode", {}),
        ("send_again", {"job": 0}),
        ("promote", {"job": 0, "target": "nobody/none"}),
    ],
)
def test_what_cannot_be_done_is_said_in_words(made: Made, name: str, content: dict[str, Any]) -> None:
    board, actions, _ = made
    if content.get("job") == 0:
        content = {**content, "job": board[0].id}
        if name == "judge":
            content["rating"] = 9
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        actions.act(name, content)


def test_a_failed_clip_is_asked_afresh(stand: Stand) -> None:  # noqa: F811
    stand.faults = ("fail_task",)
    board = hn.compare(PROMPT, providers=SIMULATED[0]).wait(END)
    assert board[0].state == "failed"
    Actions(board, lambda: None).act("retry", {"job": board[0].id})
    assert board[1].take == 1
    assert board[1].id != board[0].id
