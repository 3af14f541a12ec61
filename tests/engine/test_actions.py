"""The actions of a board without a page: what each click does to a job, and what it refuses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hailuo_nb as hn
from hailuo_nb.widgets.allowance import Allowance
from hailuo_nb.widgets.board_actions import BoardActions
from hailuo_nb.widgets.board_updates import new_board
from hailuo_nb.widgets.python_code import generate_call
from tests.engine.test_public_functions import END, PROMPT, SIMULATED, Stand, stand  # noqa: F401 - a fixture
from tests.unit.clips import clip

Made = tuple[hn.Comparison, BoardActions, list[str]]


@pytest.fixture
def made(stand: Stand) -> Made:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    changed: list[str] = []
    return board, BoardActions(board, lambda: changed.append("changed")), changed


def test_another_take_is_a_new_row(made: Made) -> None:
    board, actions, changed = made
    answer = actions.run("retake", {"job": board[0].id})
    assert [job.id for job in board][-1] == answer["job"]
    assert board[2].wait(END).take == 2
    assert changed


def test_annotating_and_voting_through_the_board(made: Made) -> None:
    board, actions, _ = made
    actions.run("annotate", {"job": board[0].id, "rating": 5, "note": "calm\n", "tags": ["winner"]})
    assert (board[0].rating, board[0].note, board[0].tags) == (5, "calm", ("winner",))
    vote = {"first": board[0].id, "second": board[1].id, "outcome": "first", "blind": True}
    [met] = actions.run("vote", vote)["votes"]
    assert met["count"] == 1
    assert board.summary()["n_votes"].tolist() == [1, 1]
    actions.run("vote", vote | {"first": board[1].id, "second": board[0].id, "outcome": "tie"})
    [met] = actions.run("votes", {})["votes"]
    assert ({met["first"], met["second"]}, met["count"]) == ({board[0].id, board[1].id}, 1)
    assert board.votes["outcome"].tolist() == ["tie"]


def test_what_is_next_is_a_vote_then_a_take_for_the_studio(made: Made) -> None:
    board, _, _ = made
    copied: list[Any] = []
    actions = BoardActions(board, lambda: None, copy_to=copied.append)
    by = {"by": "provider"}
    answer = actions.run("suggest", by)
    assert (answer["next"], {answer["first"], answer["second"]}) == (
        "vote",
        {job.id for job in board},
    )
    assert 0 < answer["share"] < 100
    board.vote(board[0], board[1], "tie")
    answer = actions.run("suggest", by)
    assert (answer["next"], answer["provider"]) == ("take", board[0].provider_title)
    assert answer["cost"] and not copied
    assert actions.run("suggest", by | {"copy": True}) == {"next": "copied"}
    assert [one["prompt"] for one in copied] == [PROMPT]
    assert len(board) == 2, "nothing is sent"
    assert actions.run("suggest", {"by": "prompt"}) == {"next": "same"}


def test_the_best_and_the_worst_of_four_are_five_votes(made: Made) -> None:
    board, actions, _ = made
    for job in list(board):
        actions.run("retake", {"job": job.id})
    board.wait(END)
    shown = [job.id for job in board]
    answer = {"shown": shown, "best": shown[2], "worst": shown[1], "blind": True}
    votes = actions.run("vote", answer)["votes"]
    assert [vote["count"] for vote in votes] == [1] * 5
    ranks = {rank.item: rank for rank in board.ranks("id")}
    assert [(ranks[one].wins, ranks[one].losses) for one in shown] == [
        (1, 1),
        (0, 3),
        (3, 0),
        (1, 1),
    ]
    for wrong in ({"best": shown[1]}, {"shown": shown[1:3]}, {"worst": "elsewhere"}):
        with pytest.raises(ValueError, match=r"best and the worst|not on the board"):
            actions.run("vote", answer | wrong)
    assert len(board.votes) == 5


def test_promotions_list_what_can_be_made_and_what_it_costs(made: Made) -> None:
    board, actions, _ = made
    options = actions.run("promotions", {"job": board[0].id})["options"]
    larger = next(
        o
        for o in options
        if o["target"] == "simulated:ppinfra/MiniMax-Hailuo-02"
        and (o["resolution"], o["duration"]) == ("1080P", 6)
    )
    assert (larger["problem"], larger["cost"]) == ("", "free (simulated)")
    fast = next(o for o in options if o["model"] == "MiniMax-Hailuo-2.3-Fast")
    assert "first frame" in fast["problem"]
    assert not any(
        (o["target"], o["resolution"], o["duration"])
        == ("simulated:ppinfra/MiniMax-Hailuo-02", "768P", 6)
        for o in options
    )
    answer = actions.run("promote", {"job": board[0].id, **larger})
    promoted = board[2].wait(END)
    assert (answer["job"], promoted.resolution, promoted.prompt) == (
        promoted.id,
        "1080P",
        board[0].prompt,
    )
    with pytest.raises(ValueError, match="first frame"):
        actions.run("promote", {"job": board[0].id, **fast})


def test_delete_takes_the_row_and_the_file(made: Made) -> None:
    board, actions, changed = made
    path = board[1].path
    assert path is not None
    actions.run("delete", {"job": board[1].id})
    assert not path.exists()
    assert len(board.rows()) == 1
    assert changed


def test_copy_as_python_is_the_same_job_when_run(made: Made) -> None:
    board, actions, _ = made
    retaken = board[0].retake().wait(END)
    for job in (board[0], retaken):
        scope: dict[str, Any] = {}
        exec(generate_call(job), scope)
        assert scope["job"].id == job.id
    assert actions.run("python", {"job": board[0].id})["text"] == generate_call(board[0])


def test_settings_go_back_only_where_there_is_a_studio(made: Made) -> None:
    board, actions, _ = made
    assert "settings" not in actions.names
    with pytest.raises(ValueError, match="no act"):
        actions.run("settings", {"job": board[0].id})
    copied: list[dict[str, Any]] = []
    BoardActions(board, lambda: None, copy_to=copied.append).run("settings", {"job": board[1].id})
    assert copied[0]["prompt"] == PROMPT
    assert copied[0]["targets"] == ["simulated:modelverse/MiniMax-Hailuo-02"]


def test_the_last_frame_goes_into_the_studio_alone(stand: Stand) -> None:
    stand.clip = clip(size=(640, 360), frames=6)  # as large as a frame has to be
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    loaded: list[dict[str, Any]] = []
    beside = BoardActions(board, lambda: None, copy_to=loaded.append)
    assert beside.run("last_frame", {"job": board[0].id}) == {}
    (settings,) = loaded
    assert settings == {"first_frame": board[0].frame(-1)}
    scope: dict[str, Any] = {}
    alone = BoardActions(board, lambda: None)
    exec(alone.run("last_frame", {"job": board[0].id})["text"], scope)
    assert scope["job"].id == board[0].id  # nothing new is asked for
    assert scope["studio"].first_frame == board[0].frame(-1)
    path = board[1].path
    assert path is not None
    path.unlink()
    with pytest.raises(ValueError, match="no picture of"):
        beside.run("last_frame", {"job": board[1].id})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("retake", {"job": "gone"}),
        ("annotate", {"job": 0, "rating": 3}),
        ("vote", {"first": "x", "second": "y", "outcome": "first"}),
        ("explode", {}),
        ("send_again", {"job": 0}),
        ("promote", {"job": 0, "target": "nobody/none"}),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    made: Made, name: str, content: dict[str, Any]
) -> None:
    board, actions, _ = made
    if content.get("job") == 0:
        content = {**content, "job": board[0].id}
        if name == "annotate":
            content["rating"] = 9
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        actions.run(name, content)


def test_what_costs_is_checked_against_the_limits_first(made: Made) -> None:
    board, _, _ = made
    asked: list[Any] = []

    class Refusing(Allowance):
        def count(self, costs: Any) -> None:
            asked.append(costs)
            raise hn.BudgetError("over the limit")

    actions = BoardActions(board, lambda: None, allowance=Refusing())
    larger = {"target": "simulated:ppinfra/MiniMax-Hailuo-02", "resolution": "1080P", "duration": 6}
    for name, more in (("retake", {}), ("retry", {}), ("promote", larger)):
        with pytest.raises(hn.BudgetError, match="over the limit"):
            actions.run(name, {"job": board[0].id, **more})
    assert asked == [[(0.3, "simulated USD")]] * 3
    assert len(board) == 2


def _first(studio: hn.Studio) -> hn.Job:
    """The first clip, once the loop has asked for it."""
    end = time.monotonic() + END
    while not len(studio.comparison) and time.monotonic() < end:
        time.sleep(0.01)
    return studio.comparison[0]


def test_a_studios_limit_holds_for_what_its_board_asks_for(stand: Stand) -> None:
    studio = hn.Studio(PROMPT, provider=SIMULATED[:1], max_clips=2)
    studio._generate(studio.editor.draft())
    job = _first(studio)
    studio.board._run_action("retake", {"job": job.id})
    assert len(studio.comparison) == 2
    with pytest.raises(
        hn.BudgetError, match="1 clip would be sent after 2 before, and max_clips is 2"
    ):
        studio.board._run_action("retake", {"job": job.id})
    assert len(studio.comparison) == 2


@pytest.mark.usefixtures("stand")
def test_stop_watching_a_clip_and_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "hailuo_nb.providers.account.SIMULATOR_SPEED", 1.0
    )  # the task takes a minute
    board = hn.compare(PROMPT, provider=SIMULATED[0])
    actions = BoardActions(board, lambda: None)
    told = threading.Event()
    board[0].listen(lambda job: told.set() if job.state == "submitted" else None)
    assert board[0].state == "submitted" or told.wait(END)
    assert actions.run("stop_watching", {"job": board[0].id}) == {"stopped": True}
    assert board[0].parked
    assert board.rows()[0]["parked"]
    assert "Look again" in board.rows()[0]["advice"]
    actions.run("look_again", {"job": board[0].id})
    assert not board[0].parked
    assert not board[0].done
    assert actions.run("stop_watching", {"job": board[0].id}) == {"stopped": True}
    assert actions.run("stop_watching", {"job": board[0].id}) == {"stopped": False}


def test_a_failed_clip_is_sent_once_more_by_hand_alone(stand: Stand) -> None:
    """The provider took it, and may have charged it."""
    stand.faults = ("fail_task",)
    board = hn.compare(PROMPT, provider=SIMULATED[0]).wait(END)
    assert board[0].state == "failed"
    actions = BoardActions(board, lambda: None)
    actions.run("retry", {"job": board[0].id})
    assert len(board) == 1
    actions.run("send_again", {"job": board[0].id})
    assert board[1].take == 1
    assert board[1].id != board[0].id


def test_the_summary_of_the_board_follows_stars_and_votes(stand: Stand, tmp_path: Path) -> None:
    board = hn.compare(PROMPT, provider=SIMULATED[:2]).wait(END)
    widget, updater = new_board(board, tmp_path)

    def figures() -> list[tuple[int, float | None, int]]:
        rows = widget.summary["provider"]["rows"]
        return [(row["made"], row["stars"]["value"], row["strength"]["n"]) for row in rows]

    assert figures() == [(1, None, 0), (1, None, 0)]
    board[0].annotate(rating=4)
    _until(lambda: figures()[0][1] == 4)
    board.vote(board[0], board[1], "first")
    _until(lambda: [votes for _, _, votes in figures()] == [1, 1])
    sent = widget.summary
    updater.follow()
    assert widget.summary is sent


def test_what_came_last_stands_first_in_a_studio_and_together(stand: Stand, tmp_path: Path) -> None:
    first = hn.compare(PROMPT, provider=SIMULATED[:2])
    second = hn.compare("A dog", provider=SIMULATED[:2])
    ids = [[job.id for job in one] for one in (first, second)]
    for newest_first in (True, False):
        shown = hn.Comparison(list(first))
        widget, _updater = new_board(shown, tmp_path, newest_first=newest_first)
        shown.add(list(second))
        order = [*ids[1], *ids[0]] if newest_first else [*ids[0], *ids[1]]
        assert [row["id"] for row in widget.rows] == order
        assert widget.newest_first == newest_first
    first.wait(END)
    second.wait(END)


def _until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + END
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.01)
