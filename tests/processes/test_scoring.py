"""hn.score on every kind of executor: the same results, none lost or doubled, and no clip that ends
the run."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from hailuo_nb.engine.ledger.jobs import NewJob
from hailuo_nb.engine.ledger.sqlite import SqliteLedger
from hailuo_nb.measure import score_runner, scoring, task
from hailuo_nb.measure.clip import Clip
from hailuo_nb.measure.measurement import VERSION
from hailuo_nb.measure.score_runner import Processes
from hailuo_nb.measure.scoring import Scoring, score
from hailuo_nb.requests.own_columns import OwnColumns
from hailuo_nb.simulator.render import render

pytest.importorskip("cv2")
PROMPTS = ("grass [Pan left]", "grass [Pan right]", "grass [Zoom in]")


class Counting(Executor):
    """Hands on to another executor and counts."""

    def __init__(self, inner: Executor) -> None:
        self.inner = inner
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        return self.inner.submit(fn, *args, **kwargs)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("scored")
    for index, prompt in enumerate(PROMPTS):
        render(
            folder / f"{index}.mp4",
            prompt=prompt,
            provider="ppinfra",
            width=320,
            height=180,
            seconds=1,
            seed=1,
        )
    return [folder / f"{index}.mp4" for index in range(len(PROMPTS))]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    made = SqliteLedger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


@dataclass
class FakeJob:
    id: str
    provider: str
    prompt: str
    path: Path
    digest: str
    ledger: SqliteLedger
    state: str = "saved"
    own_columns: OwnColumns = field(default_factory=dict)

    def _clip(self) -> Clip:
        return Clip(self.id, self.provider, self.prompt, self.path, self.digest, None, self.ledger)


def job(ledger: SqliteLedger, path: Path, prompt: str, take: int = 1) -> Any:
    """A saved clip, as far as scoring looks at it."""
    new = NewJob(f"{path}", "ppinfra", "", "m", prompt, "768P", 6, "{}", None, "", take)
    row, _ = ledger.get_or_create(new).result()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    def saved(db: sqlite3.Connection) -> None:
        db.execute("UPDATE jobs SET state = 'saved', sha256 = ? WHERE id = ?", (digest, row.id))

    ledger.work(saved).result()
    return FakeJob(row.id, "ppinfra", prompt, path, digest, ledger)


def board_of(ledger: SqliteLedger, clips: list[Path]) -> list[Any]:
    return [job(ledger, path, prompt) for path, prompt in zip(clips, PROMPTS, strict=True)]


def executors() -> Iterator[Any]:
    yield pytest.param(lambda: ThreadPoolExecutor(2), id="threads")
    yield pytest.param(
        lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")), id="processes"
    )
    yield pytest.param(_loky, id="loky")


def _loky() -> Executor:
    loky = pytest.importorskip("loky")
    made: Executor = loky.ProcessPoolExecutor(2)
    return made


@pytest.mark.parametrize("make", list(executors()))
def test_every_executor_gives_the_same(make: Any, ledger: SqliteLedger, clips: list[Path]) -> None:
    board = board_of(ledger, clips)
    with make() as inner:
        executor = Counting(inner)
        found = score(board, executor).wait(120)
        assert {item.id for item in board} == set(found)
        assert executor.submitted == len(clips)
        for item in board:
            assert found[item.id].measurement == task.parse_result(
                task.measure_file(str(item.path), _hash(item.path))
            )
            assert found[item.id].adherence.moves[0].direction == "right"
            assert found[item.id].columns()["adherence"] == 1.0
        # Nothing is measured twice: the ledger knows it.
        assert dict(score(board, executor).wait(120)) == dict(found)
        assert executor.submitted == len(clips)


def test_without_an_executor_it_runs_in_processes(ledger: SqliteLedger, clips: list[Path]) -> None:
    found = score(board_of(ledger, clips)[:1])
    assert isinstance(found, Scoring)
    assert [item.error for item in found.wait(120).values()] == [""]
    assert found.done
    assert "1 of 1" in repr(found)


def test_the_same_clip_twice_is_one_task(ledger: SqliteLedger, clips: list[Path]) -> None:
    board = [job(ledger, clips[0], PROMPTS[0]), job(ledger, clips[0], PROMPTS[1], take=2)]
    with ThreadPoolExecutor(1) as inner:
        executor = Counting(inner)
        found = score(board, executor).wait(60)
    assert executor.submitted == 1
    assert [found[item.id].adherence.moves[0].direction for item in board] == ["right", "opposite"]


def test_what_is_no_clip_is_an_error_that_is_kept(
    ledger: SqliteLedger, clips: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 400)
    board = [*board_of(ledger, clips)[:1], job(ledger, bad, PROMPTS[0])]
    with ThreadPoolExecutor(2) as executor:
        found = score(board, executor).wait(60)
    assert "bad.mp4 cannot be measured" in found[board[1].id].error
    assert found[board[1].id].columns()["measure_notes"] == found[board[1].id].error
    assert found[board[0].id].error == ""
    assert (_hash(bad), VERSION) in ledger.scores([(_hash(bad), VERSION)]).result()


def test_a_file_that_was_replaced_is_told_and_not_kept(
    ledger: SqliteLedger, clips: list[Path], tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clips[0].read_bytes())
    board = [job(ledger, path, PROMPTS[0])]
    key = (_hash(path), VERSION)
    path.write_bytes(clips[1].read_bytes())
    with ThreadPoolExecutor(1) as executor:
        found = score(board, executor).wait(60)
    assert "no longer the file" in found[board[0].id].error
    assert ledger.scores([key]).result() == {}


def deadly(path: str, sha256: str, frame: bytes | None = None) -> str:
    """Ends its process for the clip named poison."""
    if "poison" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    return task.measure_file(path, sha256, frame)


def test_a_clip_that_kills_its_worker_is_an_error_and_the_others_are_measured(
    ledger: SqliteLedger, clips: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = tmp_path / "poison.mp4"
    poison.write_bytes(clips[2].read_bytes() + b"\x00\x00\x00\x08free")
    board = [job(ledger, poison, PROMPTS[2]), *board_of(ledger, clips)]
    monkeypatch.setattr(scoring, "measure_file", deadly)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = score(board, executor).wait(240)
    assert len(found) == 4
    assert "ends the process" in found[board[0].id].error
    assert [found[item.id].error for item in board[1:]] == ["", "", ""]
    # It is known from now on: nobody has to die for it again.
    with ThreadPoolExecutor(1) as executor:
        assert "ends the process" in score(board[:1], executor).wait(60)[board[0].id].error


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_providers_are_ranked_by_direction_with_count_and_interval(
    ledger: SqliteLedger, clips: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 400)
    asked = ["grass [Pan left]", "grass [Pan left]", "grass [Pan left] <b>"]
    board = [
        job(ledger, path, prompt, take)
        for take, (path, prompt) in enumerate(zip(clips, asked, strict=True))
    ]
    board.append(job(ledger, bad, asked[0], 9))
    board[0].provider = board[1].provider = "one"
    board[2].provider = board[3].provider = "two"
    with ThreadPoolExecutor(2) as executor:
        found = score(board, executor).wait(120)
    table = found.ranking()
    assert list(table.index) == ["one", "two"]
    assert table.loc[
        "one", ["n_moves_judged", "n_moves_requested", "n_clips", "n_errors"]
    ].tolist() == [
        2,
        2,
        2,
        0,
    ]
    assert table.loc[
        "two", ["n_moves_judged", "n_moves_requested", "n_clips", "n_errors"]
    ].tolist() == [
        1,
        1,
        1,
        1,
    ]
    assert table["directions_right"].tolist() == [0.5, 0.0]
    assert (table["low"] < table["directions_right"] + 1e-9).all()
    assert table.loc["one", "high"] > 0.9
    assert repr(found[board[2].id]) == f"Score({board[2].id}, two: 0.00 (1 of 1 moves judged))"
    drawn = found[board[2].id]._repr_html_()
    assert "<svg" in drawn
    assert "<b>" not in drawn
    assert "bad.mp4 cannot be measured" in found[board[3].id]._repr_html_()


class EngineError(Exception):
    """Named as ipyparallel's: the engine died while it ran a task."""


def test_a_worker_that_died_elsewhere_is_tried_alone(
    ledger: SqliteLedger, clips: list[Path]
) -> None:
    class Dying(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(EngineError("engine 1 died"))
            return future

    board = board_of(ledger, clips)[:1]
    found = score(board, Dying()).wait(120)
    assert found[board[0].id].error == ""
    assert found[board[0].id].columns()["adherence"] == 1.0


def environment(*_: Any) -> str:
    """In place of a measurement: what the process that measures was started with, as the system has
    it."""
    started_with = (
        Path("/proc/self/environ").read_bytes().decode()
        if Path("/proc/self/environ").exists()
        else ""
    )
    return task.error_result(f"{started_with} {dict(os.environ)}")


def test_the_processes_that_measure_have_no_key(
    ledger: SqliteLedger, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They decode what strangers made."""
    from hailuo_nb.measure import scoring
    from hailuo_nb.requests.redaction import Credentials

    monkeypatch.setenv("PPINFRA_API_KEY", "sk-marked-1234567890")
    monkeypatch.setenv("CHANJING_SECRET_KEY", "marked-secret")
    monkeypatch.setenv("MY_OWN_NAME", "sk-marked-own-name")
    held = Credentials("sk-marked-own-name")
    monkeypatch.setattr(scoring, "measure_file", environment)
    (found,) = score([job(ledger, clips[0], PROMPTS[0])]).wait(60).values()
    assert "PATH" in found.error
    assert "marked" not in found.error
    assert os.environ["PPINFRA_API_KEY"] == "sk-marked-1234567890", "and this process keeps its own"
    assert held


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_the_processes_that_measure_have_limited_memory(clips: list[Path]) -> None:
    """A decoder that asks for more than 2 GiB gets an error; the process lives on, and measures."""
    with Processes(1) as own:
        with pytest.raises(MemoryError):
            own.submit(bytearray, 3 << 30).result()
        assert own.submit(len, own.submit(bytearray, 1 << 28).result()).result() == 1 << 28
        sha256 = hashlib.sha256(clips[0].read_bytes()).hexdigest()
        assert '"windows"' in own.submit(task.measure_file, str(clips[0]), sha256).result()


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="the group's signal of POSIX")
def test_an_interrupt_of_the_cell_is_none_of_the_processes_that_measure() -> None:
    """Jupyter and a terminal send it to all of them: the clip would count as one that cannot be
    measured."""
    with Processes(1) as own:
        assert own.submit(signal.raise_signal, signal.SIGINT).exception() is None
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_a_script_without_a_guard_is_not_run_again_by_the_processes_that_measure(
    ledger: SqliteLedger, clips: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would ask for its clips once more in each of them, and none of them would start."""
    script, again = tmp_path / "script.py", tmp_path / "again"
    script.write_text(f"open({str(again)!r}, 'w').close()", encoding="utf-8")
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__spec__", None)
    monkeypatch.setattr(main, "__file__", str(script), raising=False)
    (found,) = score([job(ledger, clips[0], PROMPTS[0])]).wait(120).values()
    assert found.error == ""
    assert not again.exists()
    assert main.__spec__ is None


def test_where_no_process_starts_the_clip_is_not_called_damaged(
    ledger: SqliteLedger, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    board = [job(ledger, clips[0], PROMPTS[0])]
    with monkeypatch.context() as patch:
        patch.setattr(score_runner, "limit_memory", partial(os._exit, 1))
        (found,) = score(board).wait(120).values()
    assert "no process that measures could be started" in found.error
    (found,) = score(board).wait(120).values()
    assert found.error == "", "nothing was kept, and the clip is measured by the next call"
