"""Scorers of one's own: what they are given, what they may give back, and what becomes of a bad one."""

from __future__ import annotations

import asyncio
import hashlib
import math
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hailuo_nb as hn
from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.errors import ArgumentError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.clip import Clip
from hailuo_nb.measure.clip_view import ClipView
from hailuo_nb.measure.score_store import ScoreStore
from hailuo_nb.measure.scored import NOTES, Scored, read
from hailuo_nb.measure.scorer import version_of
from hailuo_nb.measure.scoring import score
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.requests.redaction import Credentials
from hailuo_nb.requests.video_request import VideoRequest
from tests.unit import clips

WAIT = 30


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = SqliteLedger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_store, "STORE", ScoreStore())


@dataclass
class FakeJob:
    id: str
    path: Path
    ledger: SqliteLedger
    prompt: str = "a cat"
    state: str = "saved"
    provider: str = "ppinfra"
    own_columns: OwnColumns = field(default_factory=dict)

    @property
    def request(self) -> VideoRequest:
        return VideoRequest(self.prompt, "MiniMax-Hailuo-02")

    def _clip(self) -> Clip:
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        return Clip(self.id, "ppinfra", self.prompt, self.path, digest, None, self.ledger)

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "model": "MiniMax-Hailuo-02", "cost": 0.2, "rating": 3}


@pytest.fixture
def board(ledger: SqliteLedger, tmp_path: Path) -> list[FakeJob]:
    """Two clips: a dark one and a light one."""
    found = []
    for number, shade in enumerate((40, 200)):
        pixels = np.full((4, 64, 96, 3), shade, np.uint8)
        path = clips.write(tmp_path / f"{number}.mp4", frames=4, size=(96, 64), pixels=pixels)
        new = NewJob(str(number), "ppinfra", "", "m", "a cat", "768P", 6, "{}", None, "", 1)
        row, _ = ledger.get_or_create(new).result()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()

        def saved(db: sqlite3.Connection, digest: str = digest, job: str = row.id) -> None:
            db.execute("UPDATE jobs SET state = 'saved', sha256 = ? WHERE id = ?", (digest, job))

        ledger.work(saved).result()
        found.append(FakeJob(row.id, path, ledger))
    return found


def shade(clip: ClipView) -> float:
    return float(np.mean(clip.frames(2)))


class Counted:
    """A scorer that counts its calls."""

    def __init__(self, give: object, version: str = "1") -> None:
        self.give, self.calls, self.__version__, self.name = give, 0, version, "counted"

    def __call__(self, clip: ClipView) -> object:
        self.calls += 1
        return self.give


def test_a_number_of_each_clip_is_a_column(board: list[FakeJob]) -> None:
    found = score(board, scorers=[shade]).wait(WAIT)
    dark, light = (found[job.id].values["shade"] for job in board)
    assert dark == pytest.approx(40, abs=6)
    assert light == pytest.approx(200, abs=6)
    assert score_store.STORE.get(board[0].id) == {"shade": dark}
    assert "adherence" not in found[board[0].id].columns(), "nothing was measured"


def test_what_a_scorer_sees_of_a_clip(board: list[FakeJob]) -> None:
    seen: list[ClipView] = []

    def look(clip: ClipView) -> int:
        seen.append(clip)
        return len(clip.frames(3, side=48))

    assert score(board[:1], scorers=look).wait(WAIT)[board[0].id].values == {"look": 3}
    clip = pickle.loads(pickle.dumps(seen[0]))
    assert (clip.prompt, clip.provider, clip.model, clip["cost"]) == (
        "a cat",
        "ppinfra",
        "MiniMax-Hailuo-02",
        0.2,
    )
    assert clip.frames(2, side=48)[0].shape == (32, 48, 3)
    assert [round(seconds, 3) for seconds, _ in clip.timed_frames(2)] == [0, 0.125]
    assert clip.frame(-1).size == clip.frame(0.0).size == (96, 64)
    assert (clip.duration, clip.fps) == pytest.approx((4 / 24, 24), rel=0.01)
    assert clip.first_frame is None
    with pytest.raises(ArgumentError, match="at"):
        clip.frame(99)
    with pytest.raises(ArgumentError, match="count"):
        clip.frames(1)


async def slowly(clip: ClipView) -> dict[str, object]:
    await asyncio.sleep(0)
    return {"score": np.float32(0.5), "pass": True, "why": "it is"}


def row(clip: ClipView) -> pd.Series[Any]:
    return pd.Series({"a b": 1, "b": 2.5})


def table(clip: ClipView) -> pd.DataFrame:
    return pd.DataFrame([{"a": 1}])


def test_dicts_rows_and_coroutines(board: list[FakeJob]) -> None:
    found = score(board[:1], scorers=[slowly, row, table]).wait(WAIT)[board[0].id]
    assert found.values == {
        "slowly_score": 0.5, "slowly_pass": 1, "slowly_why": "it is",
        "row_a_b": 1, "row_b": 2.5, "table_a": 1,
    }  # fmt: skip
    assert not found.gaps


def test_a_score_is_kept_and_comes_back_in_a_new_session(
    board: list[FakeJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(0.25)
    score(board, scorers=[counted]).wait(WAIT)
    again = score(board, scorers=[counted]).wait(WAIT)
    assert counted.calls == 2 and again[board[0].id].values == {"counted": 0.25}
    monkeypatch.setattr(score_store, "STORE", ScoreStore())
    score_store.STORE.load(board)
    assert score_store.STORE.get(board[1].id) == {"counted": 0.25}
    newer = Counted(0.75, "2")
    score(board, scorers=[newer]).wait(WAIT)
    assert newer.calls == 2
    monkeypatch.setattr(score_store, "STORE", ScoreStore())
    score_store.STORE.load(board)
    assert score_store.STORE.get(board[1].id) == {"counted": 0.75}, "what was scored last"


def test_the_same_file_under_another_prompt_is_scored_anew(
    board: list[FakeJob], ledger: SqliteLedger
) -> None:
    def length(clip: ClipView) -> int:
        return len(clip.prompt)

    other = FakeJob("other", board[0].path, ledger, prompt="a cat and a dog")
    found = score([board[0], other], scorers=length).wait(WAIT)
    assert [found[job.id].values["length"] for job in (board[0], other)] == [5, 15]


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (None, "it returned None, where a finite number is expected"),
        (math.nan, "it returned NaN"),
        (math.inf, "it returned inf"),
        (1e308, "it returned 1e"),  # its square is no number
        ("good", "it returned 'good'"),
        ([1], "it returned a list"),
        (np.ones(3), "it returned a ndarray"),
        ({}, "it returned an empty dict"),
        ({3: 1}, "the key 3 is no name of a column"),
        ({"a\nb": 1}, "is no name of a column"),
        ({"": 1}, "is no name of a column"),
        ({"a": [1]}, "a is a list"),
    ],
)
def test_what_is_no_score_is_a_gap_with_its_reason(given: object, note: str) -> None:
    found = read("mine", given)
    assert not found.values
    assert note in found.note
    assert Scored.from_json(found.to_json()) == found


def test_what_is_good_of_a_dict_stays() -> None:
    found = read("mine", {"a": 1, "b": None, "cost": 2, 5: 1}, {"mine_cost"})
    assert found.values == {"mine_a": 1}
    assert "b is None" in found.note and "there is a column mine_cost already" in found.note
    many = read("mine", {f"k{number}": number for number in range(90)})
    assert len(many.values) == 50 and "one of over 50" in many.note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"values": 3, "note": ""}',
        '{"values": {"a b": 1}, "note": ""}',
        '{"values": {"a": [1]}, "note": ""}',
        '{"values": {"a": NaN}, "note": ""}',
        '{"values": {}, "note": 3}',
    ],
)
def test_a_stranger_s_score_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Scored.from_json(text)


def test_a_scorer_that_raises_leaves_the_others_alone(
    board: list[FakeJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Credentials("sk-abcdef-0123456789")
    wrong = [True]

    def picky(clip: ClipView) -> float:
        if wrong[0] and shade(clip) < 100:
            raise LookupError(f"too dark for {key.reveal()[0]}")
        return 1.0

    picky.__version__ = "1"  # type: ignore[attr-defined]
    found = score(board, scorers=[picky, shade]).wait(WAIT)
    dark, light = (found[job.id] for job in board)
    assert dark.gaps == {"picky": "it raised LookupError: too dark for •••"}
    assert dark.values.keys() == {"shade"} and light.values.keys() == {"picky", "shade"}
    assert "too dark" in repr(dark) and "1 with an error" in repr(found)
    monkeypatch.setattr(score_store, "STORE", ScoreStore())
    score_store.STORE.load(board)
    assert (
        score_store.STORE.get(board[0].id)[NOTES]
        == "picky: it raised LookupError: too dark for •••"
    )
    wrong[0] = False
    assert score(board, scorers=[picky]).wait(WAIT)[board[0].id].values == {"picky": 1.0}, (
        "asked again"
    )
    assert NOTES not in score_store.STORE.get(board[0].id)


def test_columns_stand_in_one_order_whichever_scorer_ends_first() -> None:
    store = ScoreStore()
    for by in ("b", "a", ""):
        store.put("job", {by or "motion": 1.0}, by)
    assert list(store.get("job")) == ["motion", "a", "b"]


def test_a_scorer_that_ends_the_interpreter_ends_nothing(board: list[FakeJob]) -> None:
    def leave(clip: ClipView) -> float:
        raise SystemExit(3)

    found = score(board, scorers=[leave]).wait(WAIT)
    assert found[board[0].id].gaps == {"leave": "it raised SystemExit: 3"}


def test_a_slow_one_is_a_gap(board: list[FakeJob]) -> None:
    never = threading.Event()

    def stuck(clip: ClipView) -> float:
        never.wait(WAIT)
        return 1.0

    async def asleep(clip: ClipView) -> float:
        await asyncio.sleep(WAIT)
        return 1.0

    found = score(board[:1], scorers=[stuck, asleep, shade], timeout=0.2).wait(WAIT)[board[0].id]
    never.set()
    assert found.gaps == dict.fromkeys(["stuck", "asleep"], "it took longer than 0.2 s (timeout=)")
    assert "shade" in found.values


def test_cancelling_keeps_what_there_is(board: list[FakeJob]) -> None:
    began, go_on = threading.Event(), threading.Event()

    def waits(clip: ClipView) -> float:
        began.set()
        go_on.wait(WAIT)
        return 1.0

    running = score(board, scorers=[waits])
    assert began.wait(WAIT)
    running.cancel()
    found = running.wait(WAIT)
    go_on.set()
    assert dict(found) == {} and found.done and "cancelled" in repr(found)


def test_a_file_that_was_replaced_is_told_and_not_kept(board: list[FakeJob]) -> None:
    class Replacing(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            board[0].path.write_bytes(b"other")
            future: Future[Any] = Future()
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)
            return future

    found = score(board[:1], Replacing(), scorers=[shade]).wait(WAIT)
    assert "no longer the file" in found[board[0].id].gaps["shade"]


def test_what_cannot_be_pickled_runs_in_threads_and_says_so(board: list[FakeJob]) -> None:
    class Elsewhere(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(pickle.PicklingError("Can't pickle <function <lambda>>"))
            return future

    found = score(board, Elsewhere(), scorers={"bright": lambda clip: shade(clip) > 100}).wait(WAIT)
    assert [found[job.id].values["bright"] for job in board] == [0, 1]
    assert found.notes[0].startswith("bright runs in threads: it cannot be pickled")
    assert found.notes[0] in repr(found)


@pytest.mark.parametrize(
    ("scorers", "reason"),
    [
        (3, "scorers is a function"),
        ([3], "is no function"),
        ("shade", "scorers is a function"),
        ({"a b": shade}, "'a b' is no name of a scorer"),
        ([shade, shade], "there is a column 'shade' already"),
        ({"cost": shade}, "there is a column 'cost' already"),
        ({"sharpness": shade}, "there is a column 'sharpness' already"),
    ],
)
def test_bad_scorers_are_refused_at_once(
    board: list[FakeJob], scorers: object, reason: str
) -> None:
    with pytest.raises(ArgumentError, match=reason):
        score(board, scorers=scorers)
    with pytest.raises(ArgumentError, match="timeout"):
        score(board, scorers=[shade], timeout=math.nan)


def made(threshold: float) -> Callable[[ClipView], bool]:
    return lambda clip: shade(clip) > threshold


def test_the_version_follows_the_source_and_what_it_was_made_with() -> None:
    assert version_of(shade) == version_of(shade) != version_of(row)
    assert version_of(made(1)) == version_of(made(1)) != version_of(made(2))
    assert version_of(partial(read, "a")) != version_of(partial(read, "b"))
    assert version_of(Counted(1, "7 b")) == "7_b"
    one = {"shade": lambda clip: 1}["shade"]
    two = {"shade": lambda clip: 2}["shade"]
    assert version_of(one) != version_of(two)


def test_public_names() -> None:
    assert hn.scorers.Clip is ClipView
    assert "scorers" in dir(hn)
    assert {one.name for one in (hn.scorers.camera, hn.scorers.picture, hn.scorers.first_frame)} == {
        "camera", "picture", "first_frame"
    }  # fmt: skip


class _MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_error_without_words_is_a_gap_at_once(board: list[FakeJob]) -> None:
    def fail(clip: ClipView) -> float:
        raise _MuteError

    scores = score(board, scorers=fail, timeout=5).wait(WAIT)
    assert {str(one.gaps) for one in scores.values()} == {"{'fail': 'it raised _MuteError'}"}


@pytest.mark.parametrize(
    "board", [None, 5, "probe", b"x", [1], [None], pd.DataFrame({"id": ["a"]})]
)
def test_what_is_no_board_is_refused(board: Any) -> None:
    with pytest.raises(ArgumentError, match="board is a Comparison"):
        score(board, scorers=len)
