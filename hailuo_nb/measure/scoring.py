"""hn.score: the clips of a board measured in the background, one clip a task, on any executor.

What is measured is stored by the file's hash, so asking again costs nothing. A clip that kills its
worker is found alone and recorded as an error. (Not named `score.py`: a module of that name would
take the place of the function `hailuo_nb.score`.)
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hailuo_nb.engine.ledger.protocol import Ledger, ScoreKey
from hailuo_nb.errors import FrameError, ScoreError
from hailuo_nb.measure import score_store
from hailuo_nb.measure.clip import Clip, Measurable
from hailuo_nb.measure.measurement import Measurement
from hailuo_nb.measure.report import COLUMNS, Value, columns, direction_share, plot
from hailuo_nb.measure.task import (
    cache_version,
    error_result,
    limit_memory,
    measure_file,
    parse_result,
)
from hailuo_nb.measure.verdicts import Adherence, adherence
from hailuo_nb.providers import credentials
from hailuo_nb.requests.frame import Frame

if TYPE_CHECKING:
    import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")
_MAX_WORKERS = 4
_DEATHS = ("KilledWorker", "EngineError")
"""How dask.distributed and ipyparallel call a worker that died; neither is imported here."""


@dataclass(frozen=True, slots=True)
class Score:
    """One clip. Either `measurement` and `adherence` are there, or `error` says why not."""

    job_id: str
    provider: str
    measurement: Measurement | None
    adherence: Adherence | None
    error: str = ""
    prompt: str = ""

    def plot(self, width: int = 480) -> str:
        """Requested and measured motion over time as an inline SVG of `width` pixels; the reason
        where there is none.

        Safe to put into a page: everything written is escaped. See `hailuo_nb.measure.report.plot`.
        """
        if self.measurement is None:
            return f"<p>{escape(self.error)}</p>"
        return plot(self.prompt, self.measurement, self.adherence, width=width)

    def __repr__(self) -> str:
        # A measurement is thousands of numbers, and a notebook keeps what it shows.
        return f"Score({self.job_id}, {self.provider}: {self.error or self.adherence})"

    def _repr_html_(self) -> str:
        head = f"{self.provider}: {self.adherence}" if self.adherence else self.provider
        return (
            "<figure "
            f"style='margin:0'><figcaption>{escape(head)}</figcaption>{self.plot()}</figure>"
        )

    def columns(self) -> dict[str, Value]:
        """As `hailuo_nb.measure.report.columns`; for an error all None but `measure_notes`."""
        if self.measurement is not None:
            return columns(self.measurement, self.adherence)
        return {name: self.error if name == "measure_notes" else None for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class _Task:
    """One clip to be measured, the key of its result, and the bytes of its first frame."""

    clip: Clip
    path: Path
    key: ScoreKey
    frame: bytes | None


class _Processes(ProcessPoolExecutor):
    """Processes of our own. They decode what strangers made: no key is in their environment, and
    memory is limited."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, mp_context=get_context("spawn"), initializer=limit_memory)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with credentials.kept_from_children():  # here a process is started, where one is missing
            return super().submit(fn, *args, **kwargs)


class Scoring(Mapping[str, Score]):
    """Scores as they come in, by job id. `wait()` for all of them; the work goes on in the
    background."""

    def __init__(self, tasks: list[_Task], executor: Executor | None) -> None:
        self._tasks = tasks
        self._scores: dict[str, Score] = {}
        self._lock = threading.Lock()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(executor,), name="hailuo_nb-score", daemon=True
        )
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    @property
    def total(self) -> int:
        """Clips that are measured or will be: those of the board that are saved."""
        return len(self._tasks)

    def wait(self, timeout: float | None = None) -> Scoring:
        """Wait for all. Raises TimeoutError (the work goes on), or ScoreError where nothing could
        be measured."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(
                f"{len(self)} of {self.total} clips are measured after {timeout} s; it goes on"
            )
        if self._fault is not None:
            raise ScoreError(f"the clips were not all measured: {self._fault}") from self._fault
        return self

    def ranking(self) -> pd.DataFrame:
        """The providers by how many requested moves went the right way, best first; one row each.

        directions_right   0..1, of the judged moves; None where none was judged
        low, high          its 95 % interval (Wilson), 0..1; the order is that of `low`, so that few
                           moves rank low
        moves_judged       how many that is a share of; moves_requested: how many the prompts had
        clips, errors      clips measured, and clips that could not be

        Directions alone: the kind (truck or pan) and moves that nobody asked for do not count.
        Moves of one clip are no independent trials, so the true interval is wider. It says nothing
        of how good a clip looks.
        """
        import pandas as pd

        groups: dict[str, list[Score]] = {}
        for score in self.values():
            groups.setdefault(score.provider, []).append(score)
        rows = []
        for provider, scores in groups.items():
            verdicts = [score.adherence for score in scores if score.adherence is not None]
            share, judged, low, high = direction_share(verdicts)
            requested = sum(verdict.requested for verdict in verdicts)
            errors = len(scores) - len(verdicts)
            rows.append((provider, share, low, high, judged, requested, len(verdicts), errors))
        names = [
            "provider", "directions_right", "low", "high", "moves_judged", "moves_requested",
            "clips", "errors",
        ]  # fmt: skip
        rows.sort(key=lambda row: (-row[2], row[0]))
        return pd.DataFrame(rows, columns=names).set_index("provider")

    def __getitem__(self, job_id: str) -> Score:
        with self._lock:
            return self._scores[job_id]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._scores))

    def __len__(self) -> int:
        with self._lock:
            return len(self._scores)

    def __repr__(self) -> str:
        wrong = sum(bool(score.error) for score in self.values())
        return f"Scoring({len(self)} of {self.total} clips measured, {wrong} with an error)"

    # -- the thread

    def _run(self, executor: Executor | None) -> None:
        try:
            missing = self._load()
            if not missing:
                return
            if executor is not None:
                self._measure(missing, executor)
                return
            workers = max(1, min(_MAX_WORKERS, os.cpu_count() or 1, len(missing)))
            with _Processes(workers) as own:
                self._measure(missing, own)
        except BaseException as fault:  # raised by wait()
            self._fault = fault

    def _load(self) -> dict[ScoreKey, list[_Task]]:
        """What the ledgers know is taken from there; returns the others by key, each content
        once."""
        missing: dict[ScoreKey, list[_Task]] = {}
        for task in self._tasks:
            missing.setdefault(task.key, []).append(task)
        for ledger in _ledgers(self._tasks):
            for key, text in score_store.stored(ledger, list(missing)).items():
                self._take(missing.pop(key), text)
        return missing

    def _measure(self, missing: dict[ScoreKey, list[_Task]], executor: Executor) -> None:
        keys: dict[Future[str], ScoreKey] = {}
        broken: list[ScoreKey] = []
        for key, tasks in missing.items():
            try:
                keys[_submit(executor, tasks[0])] = key
            except BrokenExecutor:
                broken.append(key)
        for future in as_completed(keys):
            key = keys[future]
            try:
                text = future.result()
            except BaseException as error:
                if _worker_died(error):
                    broken.append(key)
                    continue
                self._fail(missing[key], str(error) or type(error).__name__)
            else:
                self._keep(missing[key], key, text)
        # One of them took its worker down, and the others with it: each alone shows which.
        for key in broken:
            self._measure_alone(missing[key], key)

    def _measure_alone(self, tasks: list[_Task], key: ScoreKey) -> None:
        with _Processes(1) as own:
            try:
                self._keep(tasks, key, _submit(own, tasks[0]).result())
            except BrokenExecutor:
                reason = (
                    f"measuring {tasks[0].path.name} ends the process that does it; the file "
                    "may be damaged"
                )
                self._keep(tasks, key, error_result(reason))
            except Exception as error:
                self._fail(tasks, str(error) or type(error).__name__)

    def _keep(self, tasks: list[_Task], key: ScoreKey, text: str) -> None:
        """On disk before anybody sees it."""
        for ledger in _ledgers(tasks):
            ledger.keep_score(key, text).result()
        self._take(tasks, text)

    def _take(self, tasks: list[_Task], text: str) -> None:
        found = parse_result(text)
        if isinstance(found, str):
            self._fail(tasks, found)
            return
        for task in tasks:
            clip = task.clip
            verdict = adherence(clip.prompt, found)
            self._set(Score(clip.job_id, clip.provider, found, verdict, prompt=clip.prompt))

    def _fail(self, tasks: list[_Task], reason: str) -> None:
        for task in tasks:
            clip = task.clip
            self._set(Score(clip.job_id, clip.provider, None, None, reason, clip.prompt))

    def _set(self, score: Score) -> None:
        with self._lock:
            self._scores[score.job_id] = score
        score_store.STORE.put(score.job_id, score.columns())


def score(board: Iterable[Measurable], executor: Executor | None = None) -> Scoring:
    """Measure the saved clips of a board (a Comparison, or jobs) in the background; returns at
    once.

    executor  any `concurrent.futures.Executor` whose workers see the files: threads, processes,
              loky, what `Client.get_executor()` of dask.distributed gives; it stays open. None:
              processes of our own, started by spawn (in a script they need `if __name__ ==
              "__main__":`)
    Needs the extra `video`; raises MeasureError at once where it is missing here. What was measured
    before is taken from the ledger. A clip that cannot be measured is a Score with an error; one
    that kills its worker as well.
    """
    from hailuo_nb.measure.decode import require_opencv

    if executor is None:
        require_opencv()
    tasks = []
    for job in board:
        clip = job._clip() if job.state == "saved" else None
        if clip is None or clip.path is None:
            continue
        frame = _loaded(clip.first_frame)
        key = (clip.sha256, cache_version(frame.identity if frame else ""))
        tasks.append(_Task(clip, clip.path, key, frame.data if frame else None))
    return Scoring(tasks, executor)


def _ledgers(tasks: Iterable[_Task]) -> list[Ledger]:
    return list({id(task.clip.ledger): task.clip.ledger for task in tasks}.values())


def _loaded(frame: Frame | None) -> Frame | None:
    """The frame with its bytes; None for a link, and where they are gone."""
    try:
        found = frame.loaded() if frame else None
    except FrameError:
        return None
    return found if found is not None and found.data is not None else None


def _worker_died(error: BaseException) -> bool:
    """Whether it was the worker that ended, not the task that failed: then the clip is tried
    alone."""
    # ipyparallel wraps what happened elsewhere, and names it.
    names = {*(kind.__name__ for kind in type(error).__mro__), getattr(error, "ename", "")}
    return isinstance(error, BrokenExecutor) or not names.isdisjoint(_DEATHS)


def _submit(executor: Executor, task: _Task) -> Future[str]:
    return executor.submit(measure_file, str(task.path), task.key[0], task.frame)


__all__ = ["Score", "ScoreError", "Scoring", "score"]
